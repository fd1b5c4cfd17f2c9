"""From a span of tokens to an answer: whole quantities, dates, brackets; no marks around it.

Pure. Which span it is, is index/reading.py's business; what it is worth, qa/read.py's.
"""

import re
from collections.abc import Sequence

from index.split import sentences
from index.types import Span
from qa.asks import FIGURE_ASKS
from qa.finders import phones, row_value
from qa.fits import REPLACED, with_direction
from qa.people import name_after_office, names
from qa.question import Question
from qa.rules import Quantity, quantities
from qa.types import Passage

_CLOSES = dict(zip("《“‘「『（(【〈", "》”’」』）)】〉", strict=True))
_OPENS = {closing: opening for opening, closing in _CLOSES.items()}
_LEAD = re.compile(r"^[\s，,。；;：:、！!？?）)》”’」』】·—\-.]+")
_TAIL = re.compile(r"[\s，,。；;：:、！!？?（(《“‘「『【·—\-]+$")
# These ask for one; a date may be a stretch.
_ONE = FIGURE_ASKS | {"date"}
_MANY = frozenset({"list", "definition", "person"})
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
    if asked.ask == "person":
        if re.search("[。；;]", span.of(text)):
            return Span(span.start, span.start)
        name = name_after_office(span.of(text))
        return _shifted(name, span.start) if name else _whole_name(text, sentence, span)
    if asked.ask not in FIGURE_ASKS | _MANY and (value := row_value(asked, passage, span)):
        return (
            value
            if span.start < value.end and value.start < span.end
            else Span(span.start, span.start)
        )
    if (
        asked.ask == "phone"
        and re.search("[。；;]", span.of(text))
        and len(phones(span.of(text))) > 1
    ):
        return Span(span.start, span.start)
    return _whole_quantities(asked, text, sentence, span)


def _whole_name(text: str, sentence: Span, span: Span) -> Span:
    """The name that the span is a part of; itself where it is none."""
    named = (_shifted(name, sentence.start) for name in names(sentence.of(text)))
    return next((name for name in named if name.holds(span)), span)


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
    """The one figure or date in the span that suits the question; else out to the ends of any it cuts."""
    found = [
        quantity
        for quantity in quantities(asked, sentence.of(text))
        if quantity.core.start < span.end - sentence.start
        and span.start - sentence.start < quantity.core.end
    ]
    suited = [quantity for quantity in found if quantity.fit > 0]
    if asked.ask in _ONE and len(suited) > 1 and _crosses(asked, text, sentence, suited):
        return Span(span.start, span.start)
    if len(suited) == 1 and not _is_range(
        asked, text, span, _shifted(suited[0].span, sentence.start)
    ):
        whole = _shifted(suited[0].span, sentence.start)
        return with_direction(whole, text) if suited[0].falls else whole
    for quantity in found:
        core = _shifted(quantity.core, sentence.start)
        span = Span(min(span.start, core.start), max(span.end, core.end))
    return span


def _crosses(asked: Question, text: str, sentence: Span, suited: Sequence[Quantity]) -> bool:
    """Whether they stand in different clauses or, figures, in a row: which is meant is not said."""
    between = text[sentence.start + suited[0].span.end : sentence.start + suited[-1].span.start]
    if asked.ask == "date":
        return bool(re.search("[，；。]", between))
    return bool(re.search(r"[，；。]|、(?=\D)", between) or REPLACED.match(between))


def _is_range(asked: Question, text: str, span: Span, whole: Span) -> bool:
    """Whether more of a date stands beside the one that was found: 3月15日至17日, 每周周日."""
    rest = text[span.start : whole.start] + text[whole.end : max(whole.end, span.end)]
    return asked.ask == "date" and bool(re.search("[\\d每周]", rest))


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
