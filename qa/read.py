"""The reader that is served: what the trained network reads and what the rules find, weighed together.

The network (index/reading.py) gives likely spans of the best passages; the rules (qa/rules.py) give
answers of their own and judge everybody's by the conditions of the question. Each possible answer
is tidied to whole quantities, quotations and titles, and gets one confidence (qa/confidence.py).
Below the threshold that was fixed when the model was calibrated nothing is answered; no threshold
relaxes.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.reading import ReadingModel, ReadPassage
from index.split import sentences
from index.types import Document, Span
from qa.confidence import confidence, limited
from qa.figures import figures
from qa.question import FIGURE_ASKS, Question, understand
from qa.rules import Judgement, RuleReader, judge, whole_list, with_direction
from qa.types import Findings, Passage, Reading

# So many spans of a passage are weighed, and so many answers of the rules.
_SPANS, _RULED = 3, 2
# Passages are read so many at a time, for that many cores, until an answer is as sure as this.
_AT_ONCE, _SURE = 2, 0.9
# Answers this near to the best are as good: the newest document speaks first.
_AS_GOOD = 0.08
_LISTS = frozenset({"list", "definition"})


@dataclass(frozen=True, slots=True)
class Possible:
    """A possible answer with what is known of it. `passage` counts in the order they were given."""

    reading: Reading
    passage: int
    features: Mapping[str, float]


class TrainedReader:
    """Reads with the network and the rules. Any thread may read.

    `most` is how many of the passages the network reads: it is what costs time.
    """

    def __init__(self, model: ReadingModel, *, most: int = 5) -> None:
        self._model = model
        self._rules = RuleReader()
        self._most = most

    def read(self, question: str, passages: Sequence[Passage]) -> Findings:
        """The answers that the passages hold, best first, one a document at most."""
        possible, ranking, missing = self.weigh(question, passages)
        enough = self._model.config.threshold
        best: dict[str, Reading] = {}
        for one in possible:
            best.setdefault(one.reading.document.id, one.reading)
        shown = [reading for reading in best.values() if reading.score >= enough]
        return Findings(tuple(_newest_first(shown)), () if shown else missing, ranking)

    def weigh(
        self, question: str, passages: Sequence[Passage]
    ) -> tuple[list[Possible], tuple[int, ...], tuple[str, ...]]:
        """Every possible answer, most confident first; the passages reranked; what rules miss."""
        asked = understand(question)
        if asked.ask == "request" or not any(term.hard for term in asked.terms):
            return [], tuple(range(len(passages))), ()
        ruled = self._rules.read(question, passages)
        places = _places(passages, ruled.readings[:_RULED], self._most)
        read: dict[int, ReadPassage] = {}
        weighed: list[Possible] = []
        while len(read) < len(places) and not (weighed and weighed[0].reading.score >= _SURE):
            some = places[len(read) : len(read) + _AT_ONCE]
            scores = self._model.read(question, [_texts(passages[place]) for place in some])
            read.update(zip(some, scores, strict=True))
            weighed = self._weighed(asked, passages, read, ruled.readings)
        return weighed, _ranking(read, len(passages)), ruled.missing

    def _weighed(
        self,
        asked: Question,
        passages: Sequence[Passage],
        read: Mapping[int, ReadPassage],
        ruled: Sequence[Reading],
    ) -> list[Possible]:
        possible = [
            one
            for place, scores in read.items()
            for one in _possible(asked, place, passages[place], scores, ruled)
        ]
        weights = self._model.config.weights
        scored = [
            replace(one, reading=replace(one.reading, score=confidence(weights, one.features)))
            for one in _with_agreement(possible)
        ]
        return sorted(scored, key=lambda one: -one.reading.score)


def _newest_first(readings: Sequence[Reading]) -> list[Reading]:
    """Best first; among those as good as the best, the newest document first."""
    ranked = sorted(readings, key=lambda reading: -reading.score)
    good = [r for r in ranked if r.score >= ranked[0].score - _AS_GOOD]
    newest = sorted(good, key=lambda r: r.document.date, reverse=True)
    return newest + ranked[len(good) :]


def _places(passages: Sequence[Passage], ruled: Sequence[Reading], most: int) -> list[int]:
    """Which passages the network reads: those in which the rules found an answer, then the first."""
    found = [
        place
        for reading in ruled
        for place, passage in enumerate(passages)
        if passage.document.id == reading.document.id and passage.span.holds(reading.answer[0])
    ]
    return list(dict.fromkeys([*found, *range(len(passages))]))[:most]


def _texts(passage: Passage) -> tuple[str, str]:
    """Heading and passage as the network was taught them."""
    document = passage.document
    section = document.heading_at(passage.span.start)
    parts = (document.title, document.date[:4] and f"{document.date[:4]}年", section)
    return " ".join(dict.fromkeys(part for part in parts if part)), passage.text


def _ranking(read: Mapping[int, ReadPassage], count: int) -> tuple[int, ...]:
    """The passages that were read, likeliest to answer first, then the others as they were."""
    order = sorted(read, key=lambda place: -(read[place].answerable + read[place].relevant))
    return (*order, *(place for place in range(count) if place not in read))


# -- possible answers ----------------------------------------------------------------------------


def _possible(
    asked: Question,
    place: int,
    passage: Passage,
    scores: ReadPassage,
    ruled: Sequence[Reading],
) -> Iterator[Possible]:
    """The network's answers in a passage, and those of the rules that stand in it."""
    found: dict[tuple[Span, ...], tuple[Reading, float]] = {}
    for read in scores.best(_SPANS):
        span = tidy(asked, passage, _within(passage, read.span))
        if len(span):
            listed = whole_list(asked, passage, span) if asked.ask in _LISTS else None
            answer, evidence = listed or ((span,), _evidence(passage, span))
            found.setdefault(answer, (Reading(passage.document, evidence, answer, 0.0), read.score))
    for reading in ruled[:_RULED]:
        same = reading.document.id == passage.document.id
        if same and passage.span.holds(reading.answer[0]):
            score = scores.score_of(_without(passage, reading.answer[0]))
            found[reading.answer] = reading, max(score, _score_at(reading, found.values()))
    spans = [answer[0] for answer in found]
    judgements = judge(asked, passage, spans)
    for (reading, score), judgement in zip(found.values(), judgements, strict=True):
        known = _features(asked, place, scores, score, judgement)
        yield Possible(reading, place, known | _ruled_features(asked, reading, ruled))


def _score_at(reading: Reading, found: Iterable[tuple[Reading, float]]) -> float:
    """The best score of the network's own answers at the place of this one."""
    return max((s for other, s in found if _same_place(other, reading)), default=-math.inf)


def _features(
    asked: Question, place: int, scores: ReadPassage, score: float, judgement: Judgement
) -> dict[str, float]:
    """What the network and the conditions of the question say of an answer of this score."""
    figure = asked.ask in FIGURE_ASKS
    return {
        "margin": limited(score - scores.nothing),
        "certain": max(-6.0, score),
        "answerable": limited(scores.answerable),
        "relevant": limited(scores.relevant),
        "rank": math.log1p(place),
        "figure": float(figure),
        "met": judgement.met,
        "failed": float(judgement.met == 0.0),
        "figure_failed": float(figure and judgement.met == 0.0),
        "other_period": float(not judgement.in_period),
        "unfit": 1.0 - judgement.fit,
    }


def _ruled_features(
    asked: Question, reading: Reading, ruled: Sequence[Reading]
) -> dict[str, float]:
    """Whether the rules found this answer, another one, or none where they know how to look."""
    figure = asked.ask in FIGURE_ASKS
    same = max((r.score for r in ruled if _same_place(r, reading)), default=0.0)
    other = max((r.score for r in ruled if not _same_place(r, reading)), default=0.0)
    return {
        "ruled": same,
        "figure_ruled": same if figure else 0.0,
        "ruled_other": other if not same else 0.0,
        "figure_unruled": float(figure and not ruled),
    }


def _same_place(one: Reading, other: Reading) -> bool:
    return one.document.id == other.document.id and any(
        a.start < b.end and b.start < a.end for a in one.answer for b in other.answer
    )


def _with_agreement(possible: Sequence[Possible]) -> list[Possible]:
    """Each with whether another passage gives the same answer, in the network's eyes."""
    texts = [_bare(one.reading.short) for one in possible]
    return [
        replace(
            one,
            features={
                **one.features,
                "agreement": float(
                    any(
                        text == mine and other.passage != one.passage and _is_likely(other)
                        for other, text in zip(possible, texts, strict=True)
                    )
                ),
            },
        )
        for one, mine in zip(possible, texts, strict=True)
    ]


def _is_likely(one: Possible) -> bool:
    return one.features["margin"] > 0


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


# -- from tokens to answers ----------------------------------------------------------------------

_CLOSES = dict(zip("《“‘「『（(【〈", "》”’」』）)】〉", strict=True))
_OPENS = {closing: opening for opening, closing in _CLOSES.items()}
_LEAD = re.compile(r"^[\s，,。；;：:、！!？?）)》”’」』】·—\-.]+")
_TAIL = re.compile(r"[\s，,。；;：:、！!？?（(《“‘「『【·—\-]+$")
# How far the other bracket may be.
_BRACKET_REACH = 40


def tidy(asked: Question, passage: Passage, span: Span) -> Span:
    """A span of the document out to whole quantities and brackets, without marks around it.

    Empty if nothing is left.
    """
    text = passage.document.text
    span = _balanced(text, _trimmed(text, span), passage.span)
    sentence = next(
        (s for s in sentences(text, passage.span) if s.start <= span.start < s.end), None
    )
    if sentence is None or not len(span):
        return span
    return _whole_quantities(asked, text, sentence, span)


def _trimmed(text: str, span: Span) -> Span:
    inner = span.of(text)
    lead, tail = _LEAD.match(inner), _TAIL.search(inner)
    start = span.start + (lead.end() if lead else 0)
    end = span.start + (tail.start() if tail else len(inner))
    return Span(start, max(start, end))


def _balanced(text: str, span: Span, within: Span) -> Span:
    """With the other half of a bracket where it is near, else without the half."""
    start, end = span.start, span.end
    open_: list[int] = []
    for at in range(start, end):
        if text[at] in _CLOSES:
            open_.append(at)
        elif text[at] in _OPENS:
            if open_ and _CLOSES[text[open_[-1]]] == text[at]:
                open_.pop()
            elif not open_:
                before = text.rfind(
                    _OPENS[text[at]], max(within.start, start - _BRACKET_REACH), start
                )
                start = before if before >= 0 else at + 1 if at + 1 < end else start
    if open_:
        after = text.find(_CLOSES[text[open_[0]]], end, min(within.end, end + _BRACKET_REACH))
        if after >= 0:
            end = after + 1
        elif open_[0] > start:
            end = open_[0]
        else:
            start = open_[0] + 1
    return Span(start, max(start, end))


def _whole_quantities(asked: Question, text: str, sentence: Span, span: Span) -> Span:
    """Out to the ends of a figure that the span cuts, and to the bounds of one that it is."""
    for figure in figures(sentence.of(text)):
        whole = Span(figure.span.start + sentence.start, figure.span.end + sentence.start)
        core = Span(figure.core.start + sentence.start, figure.core.end + sentence.start)
        if core.start >= span.end or span.start >= core.end:
            continue
        if len(span) > len(whole) + 2:
            # More than the figure: only a figure that is cut is made whole.
            span = Span(min(span.start, core.start), max(span.end, core.end))
            continue
        span = Span(min(span.start, whole.start), max(span.end, whole.end))
        if asked.ask == "growth" and figure.change == "fall":
            span = with_direction(span, text)
    return span


def _within(passage: Passage, span: Span) -> Span:
    """Characters of the passage as characters of its document."""
    return Span(span.start + passage.span.start, span.end + passage.span.start)


def _without(passage: Passage, span: Span) -> Span:
    """Characters of the document as characters of the passage."""
    return Span(span.start - passage.span.start, span.end - passage.span.start)


def _evidence(passage: Passage, span: Span) -> Span:
    """The sentence that the span stands in; more than one only where it crosses."""
    text = passage.document.text
    touched = [
        s
        for s in sentences(text, _whole_lines(passage.document, passage.span))
        if s.start < span.end and span.start < s.end
    ]
    return Span(touched[0].start, touched[-1].end) if touched else span


def _whole_lines(document: Document, span: Span) -> Span:
    """A chunk may end in mid-sentence: out to the ends of its lines."""
    text = document.text
    end = text.find("\n", span.end)
    return Span(text.rfind("\n", 0, span.start) + 1, end if end >= 0 else len(text))
