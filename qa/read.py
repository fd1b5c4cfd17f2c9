"""The reader that is served: what the trained network reads and what the rules find, weighed together.

The network (index/reading.py) gives likely spans of the best passages; the rules (qa/rules.py) give
answers of their own and judge everybody's by the conditions of the question. Each possible answer
is tidied to whole quantities, quotations and titles (qa/tidy.py) and gets one confidence
(qa/confidence.py). What is sure enough is shown; else what meets every condition of the rules.
Below the threshold of its kind, fixed when the model was calibrated, nothing is answered; no
threshold relaxes.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from index.reading import Kind, ReadingModel, ReadPassage
from index.split import sentences
from index.types import Document, Span
from qa.asks import FIGURE_ASKS, Ask
from qa.conditions import asks_for_done
from qa.confidence import confidence, limited
from qa.figures import amount, figures
from qa.finders import is_asked_field, is_stated_place
from qa.people import is_named_by_role
from qa.question import Question, understand
from qa.rules import Judgement, answers_by_rule, judge, missing, whole_list
from qa.tidy import tidy
from qa.types import Findings, Passage, Reading

# So many spans of a passage are weighed, and so many answers of the rules.
_SPANS, _RULED = 3, 2
# Passages are read so many at a time, for that many cores, until an answer is as sure as this.
_AT_ONCE, _SURE = 2, 0.9
# So much likelier "no answer" has to be, in log probability, to set aside what the rules found.
_OBJECTION = -6.0
# So much likelier it has to hold an answer, and so well the rules must be met, for a statement.
_ASSENT = 2.0
_RULED_WELL = {"figure": 0.01, "formed": 0.01, "open": 0.9}
# So much less of the question's conditions met is another figure.
_LESS_MET = 0.1
# So much likelier, in log probability, the network has to think another figure.
_CONTRADICTION = 5.0
# Answers this near to the best are as good: the newest document speaks first.
_AS_GOOD = 0.08
_LISTS = frozenset({"list", "definition"})
_FORMED = frozenset({"date", "phone", "title", "reference", *_LISTS})


@dataclass(frozen=True, slots=True)
class Possible:
    """A possible answer with what is known of it. `passage` counts in the order they were given.

    `ask` and `kind` are those of the question: what is known weighs otherwise for a figure than for a
    name.
    `ruled` is the score of the rules if this very answer is theirs, else 0; `by_role` whether it is the
    name right after the office asked for, the office by the name, a place by its form, or the value
    under the heading of a table that is asked for; `named` whether what the question names stands
    around it; `planned` whether it is of a plan and the question is not, `undone` whether the question
    asks for what is done besides.
    """

    reading: Reading
    passage: int
    ask: Ask
    kind: Kind
    features: Mapping[str, float]
    ruled: float = 0.0
    by_role: bool = False
    named: bool = True
    planned: bool = False
    undone: bool = False

    @property
    def is_excluded(self) -> bool:
        """Whether it cannot be the answer: of another kind than asked, or a figure of something else.

        However sure the network is, where a name of the question fails it is of another house or class,
        and a figure where any condition fails of another time, place or indicator.
        """
        figure = self.kind == "figure"
        elsewhere = self.features["other_period"] > 0 or self.features["failed"] > 0
        excluded = not self.named or self.undone or self.features["unfit"] >= 1
        return excluded or (figure and elsewhere)

    @property
    def stands_by_rule(self) -> bool:
        """Whether the rules found it where they are good: with every condition of the question met.

        Four in five of the figures they find are right. Dates and lists take the network's leave;
        of names and statements one in four is right, so there both have to agree that it is here.
        """
        least = {"figure": -math.inf, "formed": _OBJECTION, "open": _ASSENT}[self.kind]
        if self.by_role and self.ruled > 0:
            return self.ask == "office" or self.features["margin"] > _OBJECTION
        return self.ruled >= _RULED_WELL[self.kind] and self.features["margin"] > least


class TrainedReader:
    """Reads with the network and the rules. Any thread may read.

    The network is loaded when it is first needed. `most` is how many of the passages it reads: it
    is what costs time.
    """

    def __init__(self, load: Callable[[], ReadingModel], *, most: int = 5) -> None:
        self._load = load
        self._most = most

    @cached_property
    def _model(self) -> ReadingModel:
        return self._load()

    def read(self, question: str, passages: Sequence[Passage]) -> Findings:
        """The answers that the passages hold, best first, one a document at most."""
        asked = understand(question)
        if asked.ask == "request" or not any(term.hard for term in asked.terms):
            return Findings()
        possible, ranking = self.weigh(asked, passages)
        config, kind = self._model.config, kind_of(asked)
        ruled = [one for one in possible if one.stands_by_rule]
        sure = [
            one
            for one in possible
            if one.reading.score >= config.thresholds[kind]
            and not _is_outdone(one, ruled, asked.ask == "person")
        ]
        clear = [one for one in ruled if not _is_contradicted(one, possible)]
        chosen = _done_first(sure or clear, possible) or _done_first(clear, possible)
        good = [one.reading for one in chosen]
        if asked.ask == "date":
            good = _fullest_first(good, [one.reading for one in (*sure, *ruled)])
        best: dict[str, Reading] = {}
        for reading in good:
            best.setdefault(reading.document.id, reading)
        if not best:
            doubted = possible[0].reading.score if possible else 0.0
            likely = next((one.reading for one in possible if one.features["margin"] > 0), None)
            return Findings((), missing(asked, passages), ranking, doubted, likely)
        shown = _newest_first(list(best.values()))
        if not sure:
            # Of what stands by rule alone it is known how often that is right.
            shown = [replace(r, score=max(r.score, config.ruled[kind])) for r in shown]
        return Findings(tuple(shown), ranking=ranking)

    def weigh(
        self, asked: Question, passages: Sequence[Passage]
    ) -> tuple[list[Possible], tuple[int, ...]]:
        """Every possible answer, most confident first, and the places of the passages reranked."""
        ruled = answers_by_rule(asked, passages)
        places = _places(passages, ruled[:_RULED], self._most)
        read: dict[int, ReadPassage] = {}
        possible: list[Possible] = []
        weighed: list[Possible] = []
        while len(read) < len(places) and not (weighed and weighed[0].reading.score >= _SURE):
            some = places[len(read) : len(read) + _AT_ONCE]
            scores = self._model.read(asked.text, [_texts(passages[place]) for place in some])
            for place, found in zip(some, scores, strict=True):
                read[place] = found
                possible += _possible(asked, place, passages[place], found, ruled)
            weighed = self._weighed(possible)
        return weighed, _ranking(read, len(passages))

    def _weighed(self, possible: Sequence[Possible]) -> list[Possible]:
        weights = self._model.config.weights
        scored = [
            replace(
                one, reading=replace(one.reading, score=confidence(weights, one.kind, one.features))
            )
            for one in _with_agreement(possible)
            if not one.is_excluded
        ]
        # Of two lists that are as sure, that of the rules is cut to what is asked for.
        return sorted(
            scored,
            key=lambda one: (-one.reading.score, -one.ruled if one.kind == "formed" else 0.0),
        )


def _is_outdone(one: Possible, ruled: Sequence[Possible], person: bool) -> bool:
    """Whether it is a figure or name that meets the question less well than one that stands by rule.

    How sure the network is does not tell 出口 from 进出口, nor 组长 from 副组长.
    """
    return (one.kind == "figure" or person) and any(
        other.features["met"] > one.features["met"] + _LESS_MET for other in ruled
    )


def _is_contradicted(one: Possible, possible: Sequence[Possible]) -> bool:
    """Whether the network thinks another figure far likelier that meets the question as well.

    Then neither stands: what the rules found is known to be right four times in five, and this is
    the fifth.
    """
    return one.kind == "figure" and any(
        other.features["margin"] > one.features["margin"] + _CONTRADICTION
        and other.features["met"] >= one.features["met"] - _LESS_MET
        and other.features["unfit"] <= one.features["unfit"] + _LESS_MET
        and other.reading.short != one.reading.short
        and (one.planned or not other.planned)
        for other in possible
    )


def _done_first(chosen: Sequence[Possible], possible: Sequence[Possible]) -> list[Possible]:
    """Without what is planned, where something that is done meets the question as well."""
    done = [
        one for one in possible if not one.planned and one.features["met"] > 0 and one.ruled > 0
    ]
    return [
        one
        for one in chosen
        if not one.planned
        or one.kind != "figure"
        or not any(
            other.features["met"] >= one.features["met"] - _LESS_MET
            and other.features["unfit"] <= one.features["unfit"] + _LESS_MET
            for other in done
        )
    ]


_EARLIER_OF_A_DATE = re.compile(r"\d{4}年(?:\d{1,2}月)?|\d{1,2}月")


def _fullest_first(good: Sequence[Reading], known: Sequence[Reading]) -> list[Reading]:
    """Dates of which some other names the year as well give way to it: 2024年5月18日 for 5月18日."""
    fuller = [
        replace(other, score=max(other.score, one.score))
        for one in good[:1]
        for other in known
        if other.short.endswith(one.short)
        and _EARLIER_OF_A_DATE.fullmatch(other.short.removesuffix(one.short))
    ]
    return [*fuller[:1], *good]


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
            if _is_one_of_several(asked, passage, answer):
                continue
            found.setdefault(answer, (Reading(passage.document, evidence, answer, 0.0), read.score))
    for reading in ruled[:_RULED]:
        same = reading.document.id == passage.document.id
        if same and passage.span.holds(reading.answer[0]):
            score = scores.score_of(_without(passage, reading.answer[0]))
            found[reading.answer] = reading, max(score, _score_at(reading, found.values()))
    spans, kind = [answer[0] for answer in found], kind_of(asked)
    judgements = judge(asked, passage, spans)
    for (reading, score), judgement in zip(found.values(), judgements, strict=True):
        known = _features(place, scores, score, judgement) | _ruled_features(reading, ruled, kind)
        planned = judgement.planned
        yield Possible(
            reading,
            place,
            asked.ask,
            kind,
            known,
            ruled=reading.score,
            by_role=_is_by_role(asked, reading) or is_asked_field(asked, passage, reading.answer),
            named=judgement.named,
            planned=planned,
            undone=planned and asks_for_done(asked) and asked.ask in {*FIGURE_ASKS, "list"},
        )


def _is_by_role(asked: Question, reading: Reading) -> bool:
    """Whether the form of an answer tells that it is what was asked for."""
    if asked.ask == "person":
        return is_named_by_role(asked, reading)
    return asked.ask == "office" or (asked.ask == "place" and is_stated_place(asked, reading))


def _is_one_of_several(asked: Question, passage: Passage, answer: tuple[Span, ...]) -> bool:
    """Whether it is fewer things than each was asked of: 10个项目分别叫什么名字 asks for ten."""
    if "分别" not in asked.text:
        return False
    texts = [span.of(passage.document.text) for span in answer]
    things = sum(len(re.split("[、，,；;]|[和与及]", text)) for text in texts)
    counted = [int(amount(asked.text, f).low) for f in figures(asked.text) if f.kind == "count"]
    return things < max([2, *counted])


def _score_at(reading: Reading, found: Iterable[tuple[Reading, float]]) -> float:
    """The best score of the network's own answers at the place of this one."""
    return max((s for other, s in found if _same_place(other, reading)), default=-math.inf)


def kind_of(asked: Question) -> Kind:
    """A figure; something whose form tells it, as a date or a list; or anything."""
    if asked.ask in FIGURE_ASKS:
        return "figure"
    return "formed" if asked.ask in _FORMED else "open"


def _features(
    place: int, scores: ReadPassage, score: float, judgement: Judgement
) -> dict[str, float]:
    """What the network and the conditions of the question say of an answer of this score."""
    return {
        "margin": limited(score - scores.nothing),
        "certain": max(-6.0, score),
        "answerable": limited(scores.answerable),
        "relevant": limited(scores.relevant),
        "rank": math.log1p(place),
        "met": judgement.met,
        "failed": float(judgement.met == 0.0),
        "other_period": float(not judgement.in_period),
        "unfit": 1.0 - judgement.fit,
    }


def _ruled_features(reading: Reading, ruled: Sequence[Reading], kind: Kind) -> dict[str, float]:
    """Whether the rules found this answer, another one, or none."""
    same = max((r.score for r in ruled if _same_answer(r, reading, kind)), default=0.0)
    other = max((r.score for r in ruled if not _same_answer(r, reading, kind)), default=0.0)
    return {"ruled": same, "ruled_other": 0.0 if same else other, "unruled": float(not ruled)}


def _same_answer(one: Reading, other: Reading, kind: Kind) -> bool:
    """Whether two stand in one place or, but for figures, one says what the other does or more."""
    if _same_place(one, other):
        return True
    short, long = sorted((_bare(one.short), _bare(other.short)), key=len)
    return kind != "figure" and len(short) > 2 and short in long


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
