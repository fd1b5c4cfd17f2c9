"""One answer against its gold: what was right, by which measures, and which stage lost it if not.

What is judged is an `Answer` of whatever system (eval/systems.py), against the documents as that
system holds them. What many questions tell together is eval/summary.py's business.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from eval.cases import Case
from eval.measures import (
    char_f1,
    exact_match,
    figure_match,
    ndcg_at,
    overlap,
    recall_at,
    reciprocal_rank,
    tokens,
)
from eval.systems import System
from index.types import Document, Hit, Span
from qa.figures import ungrounded
from qa.types import Answer

Loss = Literal[
    "", "not_retrieved", "outranked", "misread", "wrongly_refused", "should_have_refused"
]

# A short answer may bring a unit, a bound or a title with it.
_MORE = 6
# From here on an answer is a statement, which may be worded more shortly or fully.
_STATEMENT = 16
_MARKER = re.compile(r"\[\d+\]")
_SHOWN = 400


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question; every field is a value of JSON.

    `right` is None where a set has no answers to compare with or the system gives none. `lost` is
    the stage at which a wrong one went wrong. `ranks` are of the pieces of gold, see
    eval/measures.py. `measures` has what could be measured, by the names of eval/README.md.
    """

    system: str
    id: str
    part: str
    kind: str
    question: str
    history: tuple[str, ...]
    answerable: bool
    answers: tuple[str, ...]
    gold: tuple[str, ...]
    short: str
    cited: tuple[str, ...]
    refused: bool
    confidence: float
    right: bool | None
    lost: Loss
    ranks: tuple[int | None, ...]
    measures: Mapping[str, float] = field(default_factory=dict)
    timings_ms: Mapping[str, float] = field(default_factory=dict)


def judge(system: System, case: Case, answer: Answer, keys: Mapping[str, str]) -> Outcome:
    """Judge a system's answer; `keys` are the ids of the documents by the keys of the set."""
    gold = _gold(case, {key: system.document(keys[key]) for key in _named(case) if key in keys})
    ranks = tuple(_rank(piece, answer.hits) for piece in gold)
    right = _right(case, answer) if system.reads else None
    return Outcome(
        system=system.name,
        id=case.id,
        part=case.part,
        kind=case.kind,
        question=case.question,
        history=tuple(turn.question for turn in case.history),
        answerable=case.answerable,
        answers=case.answers,
        gold=tuple(piece[0].quote for piece in case.evidence),
        short=answer.short,
        cited=tuple(citation.quote[:_SHOWN] for citation in answer.citations),
        refused=answer.refused,
        confidence=answer.confidence,
        right=right,
        lost=_lost(case, answer, gold, ranks, right),
        ranks=ranks,
        measures=_measures(system, case, answer, gold, ranks),
        timings_ms=dict(answer.timings_ms),
    )


def is_right(short: str, accepted: Iterable[str]) -> bool:
    """Whether a short answer is an accepted one.

    Equal but for punctuation; or of the same value and unit; or the accepted one with a few
    characters around it; or, of a statement, at least half of it by character F1.

    >>> is_right("同比增长71.4%", ["71.4%"]), is_right("7.14%", ["71.4%"]), is_right("李华", ["李明"])
    (True, False, False)
    """
    accepted = tuple(accepted)
    return bool(
        exact_match(short, accepted)
        or figure_match(short, accepted)
        or any(one in short and len(short) <= len(one) + _MORE for one in accepted)
        or any(len(one) >= _STATEMENT and char_f1(short, [one]) >= 0.5 for one in accepted)
    )


_Where = tuple[str, Span]


def _gold(case: Case, documents: Mapping[str, Document]) -> tuple[tuple[_Where, ...], ...]:
    """The pieces of gold as spans of the documents as they were loaded; lost ones are left out."""
    pieces = []
    for piece in case.evidence:
        places = [
            (documents[place.document].id, span)
            for place in piece
            if place.document in documents
            and (span := place.found_in(documents[place.document].text)) is not None
        ]
        if places:
            pieces.append(tuple(places))
    return tuple(pieces)


def _rank(piece: Sequence[_Where], hits: Sequence[Hit]) -> int | None:
    """The rank of the first hit that holds the beginning of a place of the piece."""
    for rank, hit in enumerate(hits, start=1):
        span = hit.chunk.span
        if any(
            document == hit.chunk.document_id and span.start <= at.start < span.end
            for document, at in piece
        ):
            return rank
    return None


def _right(case: Case, answer: Answer) -> bool | None:
    if not case.answerable:
        return answer.refused
    if answer.refused:
        return False
    return is_right(answer.short, case.answers) if case.answers else None


def _lost(
    case: Case,
    answer: Answer,
    gold: Sequence[Sequence[_Where]],
    ranks: Sequence[int | None],
    right: bool | None,
) -> Loss:
    """The first stage that made the right answer impossible, as far as can be told from outside."""
    if right is None or right:
        return ""
    if not case.answerable:
        return "should_have_refused"
    if gold and None in ranks:
        return "not_retrieved"
    if answer.refused:
        return "wrongly_refused"
    places = [where for piece in gold for where in piece]
    cited = [(citation.document_id, citation.span) for citation in answer.citations]
    if gold and not _shared(cited, places):
        return "outranked"
    return "misread"


def _named(case: Case) -> set[str]:
    """The keys of the files that the gold stands in."""
    return {place.document for piece in case.evidence for place in piece}


def _measures(
    system: System,
    case: Case,
    answer: Answer,
    gold: Sequence[Sequence[_Where]],
    ranks: Sequence[int | None],
) -> dict[str, float]:
    found: dict[str, float] = {}
    if case.answerable and ranks:
        found |= {
            "recall_at_1": recall_at(ranks, 1),
            "recall_at_5": recall_at(ranks, 5),
            "reciprocal_rank": reciprocal_rank(ranks),
            "ndcg_at_10": ndcg_at(ranks, 10),
        }
    if case.answerable and case.answers and system.reads:
        found |= {
            "exact_match": exact_match(answer.short, case.answers),
            "char_f1": char_f1(answer.short, case.answers) if tokens(answer.short) else 0.0,
        }
        matched = figure_match(answer.short, case.answers)
        if matched is not None:
            found["figure_accuracy"] = matched
    if answer.tokens:
        found["tokens"] = float(answer.tokens)
    if not answer.refused:
        found |= _of_citations(system, case, answer, gold)
    return found


def _of_citations(
    system: System, case: Case, answer: Answer, gold: Sequence[Sequence[_Where]]
) -> dict[str, float]:
    cited = [(citation.document_id, citation.span) for citation in answer.citations]
    exact = [
        citation.quote == citation.span.of(system.document(citation.document_id).text)
        for citation in answer.citations
    ]
    shown = _MARKER.sub("", answer.text) + "\n" + answer.short
    grounds = [citation.quote for citation in answer.citations]
    # Only a calculation may show what stands nowhere: what it comes to, with its formula.
    grounds += [answer.short] if answer.mode == "calculate" else []
    # What only searches may find nothing; an answer without a citation is a fault.
    if not exact and not system.reads:
        return {}
    found = {
        "citation_exact": float(bool(exact) and all(exact)),
        "ungrounded_figures": float(len(ungrounded(shown, grounds))),
    }
    if case.answerable and gold:
        places = [where for piece in gold for where in piece]
        size = sum(len(span) for _, span in cited)
        found["citation_precision"] = _shared(cited, places) / size if size else 0.0
        found["citation_recall"] = sum(
            max(_shared(cited, [where]) / len(where[1]) for where in piece) for piece in gold
        ) / len(gold)
    return found


def _shared(some: Iterable[_Where], others: Iterable[_Where]) -> int:
    """How many characters of the same documents both hold."""
    by_document: dict[str, tuple[list[Span], list[Span]]] = {}
    for side, wheres in enumerate((some, others)):
        for document, span in wheres:
            by_document.setdefault(document, ([], []))[side].append(span)
    return sum(overlap(*sides) for sides in by_document.values())
