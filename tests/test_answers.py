"""The main job, on the shipped model: real questions to the samples, and to a real newspaper page.

The page is under copyright and not part of the project: where it is absent its tests are skipped.
What the reader cannot do yet is counted, and the count may not grow; a wrong figure in place
of a refusal is counted apart, because it harms more.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from index.errors import LoadError
from qa.desk import LocalDesk
from qa.files import files_under
from qa.settings import Settings
from qa.types import Answer
from tests.conftest import ROOT

_PAGE = ROOT.parent / "shared" / "data" / "article" / "people_daily_20231109_p15.txt"
_DATA = ROOT / "tests" / "data"


def _questions(name: str) -> list[dict[str, Any]]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _desk(folder: Path, files: Sequence[Path]) -> LocalDesk:
    desk = LocalDesk.open(Settings(data=folder))
    for found in files_under(files):
        added = desk.add(found.key, found.path.name, found.path.read_bytes())
        if added.status == "failed":
            raise LoadError(added.message)
    return desk


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalDesk]:
    desk = _desk(tmp_path_factory.mktemp("samples"), [ROOT / "samples"])
    yield desk
    desk.close()


@pytest.fixture(scope="module", params=["page", "retelling"])
def page(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalDesk]:
    """The newspaper page, and our own retelling of its facts: the same questions are put to both."""
    file = _PAGE if request.param == "page" else next((ROOT / "samples").glob("钱塘*.md"))
    if not file.exists():
        pytest.skip(f"the newspaper page is not here: {file}")
    desk = _desk(tmp_path_factory.mktemp("page"), [file])
    yield desk
    desk.close()


def _is_right(answer: Answer, question: dict[str, Any]) -> bool:
    """Whether the short answer is an accepted one, with a few characters around it or its unit."""
    return any(
        accepted in answer.short and len(answer.short) <= len(accepted) + 6
        for accepted in question["answers"]
    )


def _losses(
    desk: LocalDesk, questions: list[dict[str, Any]]
) -> tuple[list[str], list[str], list[str]]:
    """What was wrongly refused, wrongly answered, and answered where it had to be refused."""
    refused, wrong, invented = [], [], []
    for question in questions:
        answer = desk.assistant.ask(question["question"])
        told = f"{question['question']} → {answer.short!r}, not {question['answers']}"
        if not question["answers"]:
            if not answer.refused:
                invented.append(told)
        elif answer.refused:
            refused.append(told)
        elif not _is_right(answer, question):
            wrong.append(told)
    return refused, wrong, invented


@pytest.mark.parametrize("name", ["page_questions.jsonl", "sample_questions.jsonl"])
def test_the_questions_are_well_formed(name: str) -> None:
    questions = _questions(name)
    assert len({question["question"] for question in questions}) == len(questions)
    assert all(
        (question["kind"] == "refuse") == (not question["answers"]) for question in questions
    )


def test_questions_to_the_page(page: LocalDesk) -> None:
    refused, wrong, invented = _losses(page, _questions("page_questions.jsonl"))
    assert invented == []
    assert len(wrong) <= 1, wrong
    assert len(refused) <= 1, refused


def test_questions_to_the_samples(samples: LocalDesk) -> None:
    refused, wrong, invented = _losses(samples, _questions("sample_questions.jsonl"))
    assert invented == []
    assert len(wrong) <= 2, wrong
    assert len(refused) <= 17, refused


def test_every_citation_slices_exactly(samples: LocalDesk) -> None:
    for question in _questions("sample_questions.jsonl"):
        answer = samples.assistant.ask(question["question"])
        for citation in (*answer.citations, *answer.nearest):
            document = samples.document(citation.document_id)
            assert citation.quote == citation.span.of(document.text)
        if not answer.refused:
            assert answer.citations
            assert all(part in answer.citations[0].quote for part in answer.short.split("、"))


def test_the_page_is_taken_in_as_a_reader_sees_it(page: LocalDesk) -> None:
    document = page.document(page.entries()[0].id)
    assert document.date.startswith("2023-11")
    assert "钱塘" in document.title
    answer = page.assistant.ask("钱塘高新技术产业投资增长多少")
    cited = answer.citations[0]
    assert answer.short == "71.4%"
    assert (cited.title, cited.date) == (document.title, document.date)
    assert cited.section in {section.heading for section in document.sections}
