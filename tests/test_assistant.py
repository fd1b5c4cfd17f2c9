"""The assistant cites exactly, refuses with a reason, and takes whatever a person types."""

from collections.abc import Collection, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import Archive
from index.types import Chunk, Document, Hit, Span
from qa.assistant import Assistant, clean_question
from qa.types import Answer, Findings, Passage, Reading, Step, Turn
from tests.conftest import RuleReader

_TEXT = "甲区年报\n甲区工业投资12.5亿元，同比增长8.1%。\n"


def _document(name: str) -> Document:
    return Document(name, f"{name}.txt", "甲区年报", _TEXT, date="2024-03-01", page="2")


class OneDocumentEach:
    """A source of equal documents under several names, each one chunk."""

    notice = ""

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


class Points:
    """Is not sure enough to answer, and knows where it would look."""

    def read(self, question: str, passages: Sequence[Passage]) -> Findings:
        at = _TEXT.index("8.1%")
        line = Span(_TEXT.index("甲区工业"), len(_TEXT) - 1)
        likely = Reading(passages[-1].document, line, (Span(at, at + 4),), 0.3)
        return Findings(missing=("原因",), doubted=0.3, likely=likely)


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


def test_where_an_answer_may_stand_is_the_nearest_and_is_no_answer() -> None:
    answer = Assistant(OneDocumentEach("a", "b"), Points()).ask("甲区工业投资为什么增长？")
    assert answer.refused
    assert answer.short == ""
    assert answer.citations == ()
    assert answer.likely
    assert [c.document_id for c in answer.nearest] == ["b", "a"]
    assert answer.nearest[0].quote in _TEXT
    assert len(answer.nearest[0].quote) < len(answer.nearest[1].quote)
    assert [c.marker for c in answer.nearest] == [1, 2]


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


class Listens(FindsNothing):
    """Keeps the question it is asked to read for."""

    heard = ""

    def read(self, question: str, passages: Sequence[Passage]) -> Findings:
        self.heard = question
        return super().read(question, passages)


def test_a_follow_up_is_searched_read_and_shown_in_full() -> None:
    reader = Listens()
    history = [Turn("2024年甲区\x00工业投资是多少\u200b", "12.5亿元")]
    answer = Assistant(OneDocumentEach("a"), reader).ask("2023年呢？", history)
    assert answer.question == reader.heard == "2023年甲区工业投资是多少"


def test_a_question_that_stands_alone_is_asked_as_it_is() -> None:
    history = [Turn("2024年甲区工业投资是多少", "12.5亿元")]
    asked = Assistant(OneDocumentEach("a"), ReadsEverywhere()).ask("乙区出口增长多少", history)
    assert asked.question == "乙区出口增长多少"


def test_a_follow_up_that_would_be_too_long_is_asked_as_it_is() -> None:
    assistant = Assistant(OneDocumentEach("a"), FindsNothing(), max_question=16)
    history = [Turn("甲区工业投资是多少？", "12.5亿元")]
    assert assistant.ask("2023年上半年呢", history).question == "2023年上半年呢"


_REPORT = "工业投资12.5亿元，增长8.1%。\n民间投资9.7亿元，下降2.4%。\n"


class Knows(OneDocumentEach):
    """Reads a figure for each question it knows; each document is the report, of two chunks."""

    def __init__(self, **figures: str) -> None:
        self._report = Document("a", "a.txt", "甲区年报", _REPORT)
        self._figures = figures
        middle = _REPORT.index("\n") + 1
        spans = (Span(0, middle), Span(middle, len(_REPORT)))
        self._hits = [
            Hit(Chunk(f"a:{s.start}", "a", s, s.of(_REPORT)), 1 - s.start / 99) for s in spans
        ]

    def retrieve(
        self, query: str, k: int, within: Collection[str] | None = None
    ) -> tuple[Hit, ...]:
        return tuple(self._hits if "工业" in query else self._hits[::-1][:1])

    def document(self, document_id: str) -> Document:
        return self._report

    def read(self, question: str, passages: Sequence[Passage]) -> Findings:
        short = next((f for name, f in self._figures.items() if name in question), "")
        if not short:
            return Findings(doubted=0.2)
        at = _REPORT.index(short)
        start = _REPORT.rfind("\n", 0, at) + 1
        line = Span(start, _REPORT.index("\n", at))
        score = 0.9 if "工业" in question else 0.6
        return Findings(
            (Reading(self._report, line, (Span(at, at + len(short)),), score),), ranking=()
        )


def test_a_question_for_two_things_is_answered_part_by_part() -> None:
    known = Knows(工业="8.1%", 民间="下降2.4%")
    answer = Assistant(known, known).ask("甲区工业投资和民间投资分别增长多少？")
    assert answer.question == "甲区工业投资和民间投资分别增长多少？"
    assert (answer.short, answer.mode, answer.confidence) == ("8.1%、下降2.4%", "extract", 0.6)
    assert answer.text == "工业投资12.5亿元，增长8.1%。[1]\n民间投资9.7亿元，下降2.4%。[2]"
    assert [(c.marker, c.quote) for c in answer.citations] == [
        (1, "工业投资12.5亿元，增长8.1%。"),
        (2, "民间投资9.7亿元，下降2.4%。"),
    ]
    assert {hit.chunk.id for hit in answer.hits} == {"a:0", "a:19"}
    assert len(answer.hits) == 2
    assert answer.hits[0].score >= answer.hits[1].score
    assert set(answer.timings_ms) == {"retrieve", "read", "total"}


def test_one_place_is_cited_once() -> None:
    known = Knows(工业投资多少="12.5亿元", 增长="8.1%")
    answer = Assistant(known, known).ask("甲区工业投资多少，增长多少？")
    assert answer.short == "12.5亿元、8.1%"
    assert answer.text == "工业投资12.5亿元，增长8.1%。[1]"
    assert [c.marker for c in answer.citations] == [1]


def test_a_part_without_an_answer_makes_a_refusal_that_names_it_and_shows_what_was_found() -> None:
    known = Knows(民间="下降2.4%")
    answer = Assistant(known, known).ask("甲区工业投资和民间投资分别增长多少？")
    assert (answer.mode, answer.short, answer.citations) == ("refuse", "", ())
    assert "“甲区工业投资增长多少”没有找到依据" in answer.text
    assert "民间" not in answer.text
    assert answer.nearest[0].quote == "民间投资9.7亿元，下降2.4%。"
    assert [c.marker for c in answer.nearest] == [1, 2]


def test_a_question_of_which_no_part_has_an_answer_is_refused() -> None:
    known = Knows()
    answer = Assistant(known, known).ask("甲区工业投资和民间投资分别增长多少？")
    assert (answer.mode, answer.short, answer.confidence) == ("refuse", "", 0.2)
    assert "“甲区工业投资增长多少”、“甲区民间投资增长多少”没有找到依据" in answer.text
    empty = Assistant(OneDocumentEach(), FindsNothing())
    assert "youju add" in empty.ask("甲区工业投资和民间投资分别增长多少？").text


def test_the_same_characters_do_not_answer_two_questions() -> None:
    known = Knows(投资="8.1%")
    answer = Assistant(known, known).ask("甲区工业投资和民间投资分别增长多少？")
    assert answer.refused
    assert "“甲区民间投资增长多少”没有找到依据" in answer.text
    assert answer.nearest[0].quote == "工业投资12.5亿元，增长8.1%。"


def test_each_step_is_told_as_it_begins_with_the_question_in_full() -> None:
    assistant = Assistant(OneDocumentEach("a"), ReadsEverywhere())
    earlier = [Turn("2024年甲区工业投资是多少", "12.5亿元")]
    *steps, answer = assistant.stream("2023年呢", earlier)
    full = "2023年甲区工业投资是多少"
    assert steps == [Step("retrieve", full), Step("read", full)]
    assert answer == assistant.ask("2023年呢", earlier)


def test_a_question_for_two_things_tells_the_steps_of_each() -> None:
    *steps, answer = Assistant(OneDocumentEach("a"), FindsNothing()).stream(
        "甲区2023年工业投资多少，常住人口多少"
    )
    assert [step.stage for step in steps if isinstance(step, Step)] == ["retrieve", "read"] * 2
    assert isinstance(answer, Answer)


def test_what_is_no_question_takes_no_step() -> None:
    assert len(list(Assistant(OneDocumentEach("a"), FindsNothing()).stream("？"))) == 1


class ReadsOf(ReadsEverywhere):
    """Finds of each document what it is told, all as sure."""

    def __init__(self, **found: str) -> None:
        self._found = found

    def read(self, question: str, passages: Sequence[Passage]) -> Findings:
        readings = []
        for passage in passages:
            at = _TEXT.index(self._found[passage.document.id])
            span = Span(at, at + len(self._found[passage.document.id]))
            readings.append(Reading(passage.document, Span(5, 27), (span,), 0.9))
        return Findings(tuple(readings))


@pytest.mark.parametrize(
    ("found", "variants"),
    [
        ({"a": "8.1%", "b": "8.1%"}, []),
        ({"a": "8.1%", "b": "1%"}, ["1%"]),
        # Not the same thing, and no quantity.
        ({"a": "8.1%", "b": "12.5亿元"}, []),
        ({"a": "8.1%", "b": "甲区"}, []),
        ({"a": "12.5亿元", "b": "5亿元"}, ["5亿元"]),
    ],
)
def test_another_value_of_the_same_thing_is_told(
    found: dict[str, str], variants: list[str]
) -> None:
    answer = Assistant(OneDocumentEach(*found), ReadsOf(**found)).ask("工业投资增长多少")
    assert answer.short == found["a"]
    assert [variant.short for variant in answer.variants] == variants
    assert [v.citation.marker for v in answer.variants] == [2][: len(variants)]
    assert Answer.from_json(answer.as_json()).variants == answer.variants


class _Meanwhile:
    """An archive whose document is replaced right after it was found, so many times."""

    notice = ""

    def __init__(self, archive: Archive, times: int) -> None:
        self._archive = archive
        self._left = times
        self.document = archive.document

    def retrieve(
        self, query: str, k: int, within: Collection[str] | None = None
    ) -> tuple[Hit, ...]:
        found = self._archive.retrieve(query, k, within)
        if self._left:
            self._left -= 1
            text = _TEXT.replace("12.5", f"{13 + self._left}.5")
            self._archive.add("/甲.txt", "甲.txt", text.encode())
        return found


def test_a_document_that_is_replaced_meanwhile_is_asked_anew(archive: Archive) -> None:
    archive.add("/甲.txt", "甲.txt", _TEXT.encode())
    answer = Assistant(_Meanwhile(archive, 2), RuleReader()).ask("甲区工业投资是多少")
    assert answer.short == "13.5亿元"
    assert answer.citations[0].quote in _TEXT.replace("12.5", "13.5")
