"""An answer against its gold: right or wrong, which stage lost it, what it cites."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest

from eval.cases import Case, Place
from eval.judge import Outcome, is_right, judge
from index.types import Chunk, Document, Hit, Span
from qa.types import Answer, Citation, Turn

_TEXT = "甲区年报\n甲区工业投资12.5亿元，增长8.1%。\n甲区常住人口30万人。\n"
_DOCUMENT = Document("id", "a.txt", "甲区年报", _TEXT)
_INVESTMENT = Span(_TEXT.index("甲区工业"), _TEXT.index("\n甲区常住"))
_PEOPLE = Span(_TEXT.index("甲区常住"), len(_TEXT) - 1)


class OfOneDocument:
    """A system that is asked nothing here: it has the document that is judged by."""

    name = "one"

    def __init__(self, *, reads: bool = True) -> None:
        self.reads = reads

    def document(self, document_id: str) -> Document:
        assert document_id == "id"
        return _DOCUMENT

    def ask(self, question: str, history: Sequence[Turn], within: Collection[str] | None) -> Answer:
        raise NotImplementedError


def _hit(span: Span) -> Hit:
    return Hit(Chunk(f"id:{span.start}", "id", span, span.of(_TEXT)), 1.0)


def _answer(short: str, cited: Span | None, *hits: Span) -> Answer:
    citations = (Citation.of(1, _DOCUMENT, cited),) if cited else ()
    text = citations[0].quote + "[1]" if citations else "证据不足"
    mode = "extract" if short else "refuse"
    return Answer("问", text, short, mode, 0.5, citations, (), tuple(map(_hit, hits)))  # type: ignore[arg-type]


def _judged(answer: Answer, *answers: str, gold: Span = _INVESTMENT, reads: bool = True) -> Outcome:
    place = Place("a", gold.of(_TEXT), gold.start, gold.end)
    case = Case("1", "问", "figure", answers or ("12.5亿元",), ((place,),))
    return judge(OfOneDocument(reads=reads), case, answer, {"a": "id"})


def test_a_right_answer() -> None:
    outcome = _judged(_answer("12.5亿元", _INVESTMENT, _PEOPLE, _INVESTMENT))
    assert (outcome.right, outcome.lost, outcome.ranks) == (True, "", (2,))
    assert outcome.measures == {
        "recall_at_1": 0.0,
        "recall_at_5": 1.0,
        "reciprocal_rank": 1 / 2,
        "ndcg_at_10": pytest.approx(1 / 1.584962500721156),
        "exact_match": 1.0,
        "char_f1": 1.0,
        "figure_accuracy": 1.0,
        "citation_exact": 1.0,
        "ungrounded_figures": 0.0,
        "citation_precision": 1.0,
        "citation_recall": 1.0,
    }


@pytest.mark.parametrize(
    ("answer", "lost"),
    [
        (_answer("8.1%", _INVESTMENT, _INVESTMENT), "misread"),
        (_answer("30万人", _PEOPLE, _PEOPLE, _INVESTMENT), "outranked"),
        (_answer("30万人", _PEOPLE, _PEOPLE), "not_retrieved"),
        (_answer("", None, _INVESTMENT), "wrongly_refused"),
        (_answer("", None, _PEOPLE), "not_retrieved"),
    ],
)
def test_which_stage_lost_it(answer: Answer, lost: str) -> None:
    outcome = _judged(answer)
    assert (outcome.right, outcome.lost) == (False, lost)


def test_what_must_be_refused() -> None:
    case = Case("1", "问", "refuse_year", why="别的年份")
    system = OfOneDocument()
    answered = judge(system, case, _answer("12.5亿元", _INVESTMENT, _INVESTMENT), {"a": "id"})
    refused = judge(system, case, _answer("", None, _INVESTMENT), {"a": "id"})
    assert (answered.right, answered.lost) == (False, "should_have_refused")
    assert (refused.right, refused.lost, refused.measures) == (True, "", {})


def test_citations_are_measured_by_characters() -> None:
    whole = Span(0, len(_TEXT))
    outcome = _judged(_answer("12.5亿元", whole, whole))
    assert outcome.measures["citation_precision"] == len(_INVESTMENT) / len(whole)
    assert outcome.measures["citation_recall"] == 1
    half = Span(_INVESTMENT.start, _INVESTMENT.start + 10)
    assert _judged(_answer("12.5亿元", half, whole)).measures["citation_recall"] == 10 / len(
        _INVESTMENT
    )


def test_a_figure_without_ground_and_an_inexact_citation_are_seen() -> None:
    good = _answer("12.5亿元", _INVESTMENT, _INVESTMENT)
    invented = Answer("问", "甲区工业投资13.5亿元[1]。", "13.5亿元", "extract", 0.5, good.citations)
    assert _judged(invented).measures["ungrounded_figures"] == 2  # in the text and in the short
    moved = Citation.of(1, _DOCUMENT, _PEOPLE)
    torn = replace(moved, quote="甲区常住人口31万人。")
    assert _judged(Answer("问", "x", "x", "extract", 0.5, (torn,))).measures["citation_exact"] == 0


def test_of_a_calculation_the_result_needs_no_ground_and_each_operand_does() -> None:
    cited = _answer("12.5亿元", _INVESTMENT, _INVESTMENT).citations
    right = Answer("问", "12.5亿元[1] + 3亿元[1] = 15.5亿元。", "15.5亿元", "calculate", 0.5, cited)
    assert _judged(right).measures["ungrounded_figures"] == 1
    assert _judged(replace(right, mode="extract")).measures["ungrounded_figures"] == 3


def test_what_does_not_read_is_judged_by_what_it_finds() -> None:
    outcome = _judged(_answer("x", _INVESTMENT, _INVESTMENT), reads=False)
    assert (outcome.right, outcome.lost) == (None, "")
    assert "char_f1" not in outcome.measures
    assert outcome.measures["recall_at_1"] == 1


@pytest.mark.parametrize(
    ("short", "accepted", "right"),
    [
        ("175.42亿元", ["17,542,000,000元"], True),
        ("175.42万元", ["175.42亿元"], False),
        ("同比增长 7.1%", ["7.1%"], True),
        ("下降8.8%", ["-8.8%"], True),
        ("陈牧文", ["陈牧远"], False),
        ("7.14%", ["71.4%"], False),
        ("北京、上海", ["北京、上海、广州"], False),
        ("企业不必提出申请即可享受政策的办法", ["企业不必提出申请即可享受政策", "别的"], True),
        ("", ["甲"], False),
    ],
)
def test_what_counts_as_right(short: str, accepted: list[str], right: bool) -> None:
    assert is_right(short, accepted) is right
