"""Reading by rule: passages to answers, or none; and any answer judged by the question's conditions.

It looks for a sentence (qa/sentence.py) that meets every condition of the question
(qa/conditions.py), and in it for what was asked (qa/finders.py): a figure of the right kind
(qa/fits.py), a date, a name (qa/people.py), a title, a list. No threshold relaxes: what is not met is
named. By itself it is a reader for statistics and regulations (`answers_by_rule`); qa/read.py weighs
what it finds and how it judges with what the trained network reads.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.types import Span
from qa.asks import FIGURE_ASKS
from qa.conditions import (
    is_of_another_row,
    is_planned,
    of_a_plan,
    period_fits,
    share_met,
    support_of,
)
from qa.figures import Figure, figures, fold
from qa.finders import (
    ASKED_DAY,
    HOW_OFTEN,
    asks_how_often,
    candidates,
    dated,
    is_anothers,
    is_of_another_field,
    lists,
    times,
)
from qa.fits import fit_of, is_of_another_kind, ranks
from qa.people import is_of_a_part, names_offices
from qa.question import Question
from qa.sentence import Candidate, Sentence, sentences_of
from qa.types import Passage, Reading

# The share of a question's weight that evidence has to meet; chosen on the questions over the
# samples: lower lets in neighbouring indicators, higher turns paraphrases away.
_ENOUGH = 0.72


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a span meets the conditions of a question.

    `met` is the share of the question's weight that stands around it, 0 if a condition fails;
    `in_period` whether it is of the period asked for; `fit` how well its kind suits (0 to 1): a
    figure where one is asked for, a date for a date. `named` whether what the question calls by a
    name of its own, as 第一人民医院, stands around it; `planned` whether it is wanted
    or expected, where what is done was asked for.
    """

    met: float
    in_period: bool
    fit: float
    named: bool = True
    planned: bool = False


def judge(asked: Question, passage: Passage, spans: Sequence[Span]) -> list[Judgement]:
    """Judge spans of the passage's document, each by the sentence it begins in."""
    found = list(sentences_of(passage, headings=True))
    return [_judged(asked, found, span) for span in spans]


_ASKED_YEAR = re.compile("哪一?年|何年|几几年|年份")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure or date of a sentence: whole, without its bounds, how it suits, whether it is a fall."""

    span: Span
    core: Span
    fit: float
    falls: bool


def quantities(asked: Question, sentence: str) -> list[Quantity]:
    """The figures of a sentence, and its dates; `fit` is above 0 for what may be the whole answer.

    A number without a unit is not: its unit may be one that is not known here.
    """
    folded, growth = fold(sentence), asked.ask == "growth"
    found = [
        Quantity(
            figure.span,
            figure.core,
            fit_of(asked, figure, folded) if asked.ask in FIGURE_ASKS and figure.unit else 0.0,
            growth and figure.change == "fall",
        )
        for figure in figures(sentence)
    ]
    # Asked for the year, a year is whole.
    if not _ASKED_YEAR.search(asked.text):
        fit = float(asked.ask == "date")
        found += [Quantity(span, span, fit, False) for span in dated(sentence)]
    if asked.ask == "rank":
        ranked = [Quantity(span, span, 1.0, False) for span in ranks(folded)]
        found = [
            one
            for one in found
            if not any(rank.span.start <= one.core.start < rank.span.end for rank in ranked)
        ] + ranked
    return found


def whole_list(
    asked: Question, passage: Passage, span: Span
) -> tuple[tuple[Span, ...], Span] | None:
    """The list that a span is a part of, item by item or as it stands, and its evidence."""
    for sentence in sentences_of(passage):
        if sentence.span.start <= span.start < sentence.span.end:
            for found in lists(asked, sentence):
                if any(one.start < span.end and span.start < one.end for one in found.spans):
                    return found.spans, found.evidence or sentence.span
    return None


def _judged(asked: Question, found: Sequence[Sentence], span: Span) -> Judgement:
    sentence = next((s for s in found if s.span.end > span.start), None)
    if sentence is None:
        return Judgement(0.0, False, 0.0)
    place = sentence.clause_at(span.start)
    text = sentence.span.of(sentence.document.text)
    inner = Span(max(0, span.start - sentence.span.start), max(0, span.end - sentence.span.start))
    here = [f for f in figures(text) if f.core.start < inner.end and inner.start < f.core.end]
    kind, unit = (here[0].kind, here[0].unit) if here else ("", "")
    start = max(span.start, sentence.span.start + here[0].core.start) if here else span.start
    candidate = Candidate((span,), place, 1.0, start, kind=kind, unit=unit)
    elsewhere = (
        _is_said_in_asking(asked, span.of(sentence.document.text), sentence)
        or is_of_another_row(asked, sentence)
        or is_of_another_field(asked, sentence, span.start)
        or (asked.ask == "phone" and is_anothers(asked, sentence, span.start))
    )
    return Judgement(
        share_met(asked, sentence, candidate),
        period_fits(asked, sentence, candidate),
        0.0 if elsewhere else _kind_fit(asked, here, text, inner),
        all(support_of(asked, t, sentence, candidate) > 0 for t in asked.terms if t.kind == "name"),
        not asked.target and is_planned(sentence, candidate),
    )


def _is_said_in_asking(asked: Question, answer: str, sentence: Sentence) -> bool:
    """Whether who is named to say who is asked for is given for it, or a title for what it is about.

    谁接替甲任校长 is not answered by 甲, nor 短线交易指什么 by the headline on it.
    """
    if asked.ask == "person" and re.search("谁|哪位", asked.text):
        names = (term.text for term in asked.terms if term.hard and len(term.text) > 2)
        return answer in asked.text or any(name in fold(answer) for name in names)
    return asked.ask == "definition" and answer in sentence.document.title


def _kind_fit(asked: Question, here: Sequence[Figure], text: str, inner: Span) -> float:
    """How well the kind of what stands in `inner` suits the question."""
    if asked.ask == "rank":
        ranked = any(one.start < inner.end and inner.start < one.end for one in ranks(fold(text)))
        return float(ranked)
    if asks_how_often(asked) and HOW_OFTEN.search(inner.of(text)):
        return 1.0
    if asked.ask in FIGURE_ASKS:
        if (
            here
            and asked.ask != "growth"
            and all(is_of_another_kind(asked, figure, fold(text)) for figure in here)
        ):
            return 0.0
        best = max((fit_of(asked, figure, fold(text)) for figure in here), default=0.0)
        if asked.ask == "count" and _FRACTION.fullmatch(inner.of(text)):
            return 1.0
        if len({figure.unit for figure in here}) < len(here) and "分别" not in asked.text:
            return min(best, _OTHER_UNIT)
        # A level is no growth, a time no count; but a unit may be one that is not known here.
        loose = asked.ask in _LOOSE and not asked.measure
        unknown = loose or any(figure.kind == "number" for figure in here)
        return max(best, _OTHER_UNIT) if here and asked.ask != "growth" and unknown else best
    days = [d for d in times(asked, text) if d.start < inner.end and inner.start < d.end]
    if asked.ask == "date":
        lasts = any(figure.kind == "duration" for figure in here)
        return 1.0 if days or (lasts and not ASKED_DAY.search(asked.text)) else 0.0
    if _is_of_another_house(asked, text, inner):
        return 0.0
    if asked.ask in _NAMED:
        counted = sum(len(figure.span) for figure in here) + sum(map(len, days))
        return 0.0 if counted >= len(inner) else 1.0
    return 1.0


def _is_of_another_house(asked: Question, text: str, inner: Span) -> bool:
    """Whether it is who or what belongs to a part or another office, or no house of the kind asked for."""
    if asked.ask == "person":
        return is_of_a_part(asked, fold(text))
    # The telephone of an office is not that of who holds one in it.
    if asked.ask == "phone":
        return not names_offices(asked, fold(text))
    which = _ASKED_HOUSE.search(asked.text)
    return which is not None and which["house"][-1] not in inner.of(text)


# The name of such a house says what it is: 哪个法院 is answered by no city and no company.
_ASKED_HOUSE = re.compile(
    "哪一?[个家所座](?P<house>法院|医院|检察院|研究院|设计院|剧院|银行|[支分]行|派出所|研究所|律所|事务所|出版社|旅行社|合作社|"
    "车站|机场|水库|图书馆|博物馆|体育馆|档案馆|文化馆|公安局|税务局|财政局|教育局)"
)
_OTHER_UNIT = 0.3
_FRACTION = re.compile("[一二三四五六七八九十]+分之[一二三四五六七八九十]+(?:以上)?")
_LOOSE = frozenset({"amount", "measure"})
# These ask for names; how many there are is no answer.
_NAMED = frozenset({"person", "place", "title", "list", "definition"})


def answers_by_rule(asked: Question, passages: Sequence[Passage]) -> tuple[Reading, ...]:
    """The answers that the passages hold by the rules, best first, one a document at most.

    A question that names nothing but a place, or nothing at all, has none.
    """
    if not any(term.hard and term.kind != "place" for term in asked.terms):
        return ()
    best: dict[str, Reading] = {}
    for rank, passage in enumerate(passages):
        for sentence in sentences_of(passage):
            reading = _best_in(asked, sentence, rank)
            if reading and _better(reading, best.get(sentence.document.id)):
                best[sentence.document.id] = reading
    return tuple(
        sorted(best.values(), key=lambda r: (round(r.score, 2), r.document.date), reverse=True)
    )


def _better(reading: Reading, other: Reading | None) -> bool:
    return other is None or reading.score > other.score


def missing(asked: Question, passages: Sequence[Passage]) -> tuple[str, ...]:
    """What the passages do not hold at all; if they hold every word, the period or the question whole."""
    texts = [
        fold(p.text + p.document.title + p.document.heading_at(p.span.start)) for p in passages
    ]
    absent = [
        term.text
        for term in asked.terms
        if term.hard and not any(variant in text for text in texts for variant in term.variants)
    ]
    if asked.period.year and not any(str(asked.period.year) in text for text in texts):
        absent.insert(0, f"{asked.period.year}年")
    return tuple(absent) or (_sought(asked),)


def _sought(asked: Question) -> str:
    """What was looked for, in words, where each word alone is known."""
    year = f"{asked.period.year}年" if asked.period.year else ""
    subject = "".join(term.text for term in asked.terms if term.hard)
    return f"{year}{asked.period.part}{subject}{_SOUGHT.get(asked.ask, '')}"


_SOUGHT = {
    "growth": "的增减幅度", "rank": "的位次", "money": "的金额",
    "count": "的数量", "percent": "的比例", "duration": "的时长",
    "measure": "的度量", "amount": "的数值", "date": "的时间", "person": "的姓名", "place": "的地点",
    "office": "的职务", "title": "的文件名", "reference": "的文号", "list": "的列举", "definition": "的含义",
}  # fmt: skip


def _best_in(asked: Question, sentence: Sentence, rank: int) -> Reading | None:
    """The best answer in one sentence that meets every condition, or None."""
    best: Reading | None = None
    for candidate in candidates(asked, sentence):
        met = share_met(asked, sentence, candidate)
        if met < _ENOUGH or not period_fits(asked, sentence, candidate):
            continue
        score = met * candidate.fit * of_a_plan(asked, sentence, candidate)
        if score == 0:
            continue
        reading = Reading(
            sentence.document,
            candidate.evidence or sentence.span,
            candidate.spans,
            max(0.01, min(0.99, 0.98 * score - 0.004 * rank)),
        )
        if _better(reading, best):
            best = reading
    return best
