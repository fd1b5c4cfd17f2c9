"""The assistant cites exactly, refuses with a reason, and takes whatever a person types."""

from collections.abc import Collection, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Chunk, Document, Hit, Span
from qa.assistant import Assistant, clean_question
from qa.types import Findings, Passage, Reading

_TEXT = "甲区年报\n甲区工业投资12.5亿元，同比增长8.1%。\n"


def _document(name: str) -> Document:
    return Document(name, f"{name}.txt", "甲区年报", _TEXT, date="2024-03-01", page="2")


class OneDocumentEach:
    """A source of equal documents under several names, each one chunk."""

    def __init__(self, *names: str) -> None:
        self._documents = {name: _document(name) for name in names}

    def retrieve(
        self, query: str, k: int, within: Collection[str] | None = None
    ) -> tuple[Hit, ...]:
        return tuple(
            Hit(Chunk(f"{name}:0", name, Span(0, len(_TEXT)), _TEXT), 1.0)
            for name in self._documents
            if within is None or name in within
        )[:k]

    def document(self, document_id: str) -> Document:
        return self._documents[document_id]


class ReadsEverywhere:
    """Finds 8.1% in every passage."""

    def read(self, question: str, passages: Sequence[Passage]) -> Findings:
        at = _TEXT.index("8.1%")
        line = Span(_TEXT.index("甲区工业"), len(_TEXT) - 1)
        return Findings(
            tuple(Reading(p.document, line, (Span(at, at + 4),), 0.9) for p in passages)
        )


class Doubts:
    """Finds something, and thinks it too unsure to say."""

    def read(self, question: str, passages: Sequence[Passage]) -> Findings:
        return Findings(doubted=0.3)


class FindsNothing:
    """Finds nothing and says what was missing."""

    def read(self, question: str, passages: Sequence[Passage]) -> Findings:
        return Findings(missing=("乙区",))


def test_an_answer_is_its_evidence_with_markers_and_its_citations_slice_exactly() -> None:
    answer = Assistant(OneDocumentEach("a", "b"), ReadsEverywhere()).ask("工业投资增长多少？")
    assert (answer.mode, answer.short, answer.refused) == ("extract", "8.1%", False)
    assert answer.text == "甲区工业投资12.5亿元，同比增长8.1%。[1][2]"
    assert [c.document_id for c in answer.citations] == ["a", "b"]
    assert all(c.quote == c.span.of(_TEXT) and answer.short in c.quote for c in answer.citations)
    assert answer.citations[0].as_json() == {
        "marker": 1,
        "document_id": "a",
        "quote": "甲区工业投资12.5亿元，同比增长8.1%。",
        "title": "甲区年报",
        "source": "a.txt",
        "publication": "",
        "date": "2024-03-01",
        "page": "2",
        "section": "",
        "start": 5,
        "end": 27,
    }


def test_a_refusal_names_what_was_looked_for_and_shows_the_nearest_as_no_answer() -> None:
    answer = Assistant(OneDocumentEach("a"), FindsNothing()).ask("乙区工业投资增长多少？")
    assert answer.refused
    assert (answer.short, answer.citations, answer.confidence) == ("", (), 0.0)
    assert "乙区" in answer.text
    assert [c.quote for c in answer.nearest] == [_TEXT.strip()]
    assert answer.nearest[0].quote == answer.nearest[0].span.of(_TEXT)


def test_an_empty_library_says_how_to_fill_it() -> None:
    answer = Assistant(OneDocumentEach(), FindsNothing()).ask("工业投资增长多少？")
    assert answer.refused
    assert "youju add" in answer.text


@pytest.mark.parametrize("question", ["", "   ", "？？？", "\x00\x1b[2J", "\u200b\u202e"])
def test_what_is_no_question_is_not_searched_for(question: str) -> None:
    answer = Assistant(OneDocumentEach("a"), ReadsEverywhere()).ask(question)
    assert answer.refused
    assert "请输入问题" in answer.text


def test_a_question_that_is_too_long_is_refused_shortly() -> None:
    answer = Assistant(OneDocumentEach("a"), ReadsEverywhere()).ask("投资" * 50_000)
    assert answer.refused
    assert "100000 字" in answer.text
    assert len(answer.question) < 100


@given(st.text(max_size=300))
def test_no_question_raises(question: str) -> None:
    answer = Assistant(OneDocumentEach("a"), FindsNothing()).ask(question)
    assert answer.refused
    assert answer.as_json()["mode"] == "refuse"


@given(st.text())
def test_a_cleaned_question_stays_as_it_is(text: str) -> None:
    assert clean_question(clean_question(text)) == clean_question(text)
    assert clean_question(text).isprintable()


def test_the_question_is_put_to_the_chosen_documents_only() -> None:
    assistant = Assistant(OneDocumentEach("a", "b"), ReadsEverywhere())
    assert {c.document_id for c in assistant.ask("增长多少").citations} == {"a", "b"}
    assert {c.document_id for c in assistant.ask("增长多少", within=["b"]).citations} == {"b"}
    assert assistant.ask("增长多少", within=[]).refused


def test_a_refusal_says_how_likely_the_answer_was_that_is_not_given() -> None:
    answer = Assistant(OneDocumentEach("a"), Doubts()).ask("工业投资多少")
    assert (answer.refused, answer.short, answer.confidence) == (True, "", 0.3)
