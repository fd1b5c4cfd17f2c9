"""A set of our own form: its lines are checked, its gold stands where it says, a mistake is named."""

import json
from collections import Counter
from pathlib import Path

import pytest

from eval.cases import (
    OWN,
    Case,
    Place,
    QuestionSet,
    SetError,
    placed,
    problems,
    read_own,
    read_part,
    write_part,
)
from index.load import load
from index.types import Document

_TEXT = "甲区年报\n甲区工业投资12.5亿元。\n甲区工业投资12.5亿元。\n"
_DOCUMENTS = {"a.txt": Document("id", "a.txt", "甲区年报", _TEXT)}


@pytest.fixture(scope="module")
def own() -> QuestionSet:
    return read_own(OWN)


def test_our_own_set_is_well_made(own: QuestionSet) -> None:
    documents = {file.key: load(file.source, file.data) for file in own.files}
    assert problems(own, documents) == []


def test_our_own_set_is_as_large_as_it_should_be(own: QuestionSet) -> None:
    must_refuse = [case for case in own.cases if not case.answerable]
    assert len(own.cases) >= 200
    assert len(must_refuse) >= 60
    off_topic = Counter(case.kind for case in must_refuse)["refuse_off_topic"]
    assert off_topic < len(must_refuse) / 10


def _written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "part.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


_GOOD = '{"id": "1", "question": "多少", "kind": "figure"}'


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('{"id": "2", "question": 3, "kind": "figure"}', ["第 3 行", "question"]),
        ('{"id": "2", "kind": "figure"}', ["第 3 行", "question"]),
        ('{"id": "2", "question": "多少", "kind": "figure", "colour": 1}', ["第 3 行", "colour"]),
        (
            '{"id": "2", "question": "多少", "kind": "figure", "evidence": [[{"quote": "x"}]]}',
            ["第 3 行", "evidence.0.0.document"],
        ),
        ('{"id": "2", ', ["第 3 行", "JSON"]),
    ],
)
def test_a_malformed_line_is_named_with_its_field(
    tmp_path: Path, line: str, named: list[str]
) -> None:
    path = _written(tmp_path, _GOOD, "", line)
    with pytest.raises(SetError) as error:
        list(read_part(path))
    assert all(part in str(error.value) for part in [str(path), *named])


def test_a_folder_that_is_no_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetError, match=r"set\.toml"):
        read_own(tmp_path)
    (tmp_path / "set.toml").write_text('name = "x"\n', encoding="utf-8")
    with pytest.raises(SetError, match="documents"):
        read_own(tmp_path)


def test_what_is_written_is_read_again(tmp_path: Path, own: QuestionSet) -> None:
    cases = [case for case in own.cases if case.part == "wider"]
    write_part(tmp_path / "wider.jsonl", cases)
    assert list(read_part(tmp_path / "wider.jsonl")) == cases
    assert (tmp_path / "wider.jsonl").read_bytes() == (OWN / "wider.jsonl").read_bytes()


def _case(place: Place, **changed: object) -> Case:
    fields = {"id": "1", "question": "多少", "kind": "figure", "answers": ("12.5亿元",)}
    return Case(**{**fields, "evidence": ((place,),), **changed})  # type: ignore[arg-type]


def test_a_quote_is_placed_where_it_stands_nearest() -> None:
    quote = "甲区工业投资12.5亿元。"
    first, second = _TEXT.index(quote), _TEXT.rindex(quote)
    for start, found in ((-1, first), (first + 2, first), (second - 1, second)):
        place = placed(_case(Place("a.txt", quote, start)), _DOCUMENTS).evidence[0][0]
        assert (place.start, place.end) == (found, found + len(quote))
        assert _TEXT[place.start : place.end] == quote


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        (_case(Place("a.txt", "甲区工业投资12.5亿元。", 3, 9)), "不在 3–9"),
        (_case(Place("a.txt", "乙区", 0, 2)), "文中没有"),
        (_case(Place("b.txt", "甲区", 0, 2)), "没有文件"),
        (_case(Place("a.txt", "甲区年报", 0, 4)), "不在证据里"),
        (_case(Place("a.txt", "甲区", 0, 2), kind="colour"), "colour"),
        (_case(Place("a.txt", "甲区", 0, 2), kind="refuse_year"), "只要 why"),
        (_case(Place("a.txt", "甲区", 0, 2), within=("c.txt",)), "within"),
        (_case(Place("a.txt", "甲区", 0, 2), answers=()), "两者都要有"),
    ],
)
def test_what_is_wrong_with_gold_is_told(case: Case, problem: str) -> None:
    found = problems(QuestionSet("x", (), (case,)), _DOCUMENTS)
    assert any(problem in line and "1: " in line for line in found)


def test_what_is_computed_need_not_stand_in_its_evidence() -> None:
    place = Place("a.txt", "甲区工业投资12.5亿元。", 5, 18)
    case = _case(place, kind="calculated", answers=("25亿元",))
    assert not [
        line for line in problems(QuestionSet("x", (), (case,)), _DOCUMENTS) if "1: " in line
    ]


def test_duplicates_and_empty_kinds_are_told() -> None:
    case = _case(Place("a.txt", "甲区工业投资12.5亿元。", 5, 18))
    found = "\n".join(problems(QuestionSet("x", (), (case, case)), _DOCUMENTS))
    assert "重复的问题：多少" in found
    assert "重复的编号：1" in found
    assert "没有这一类问题：list" in found


def test_the_digest_is_of_everything(own: QuestionSet) -> None:
    assert read_own(OWN).digest == own.digest
    assert QuestionSet(own.name, own.files, own.cases[1:]).digest != own.digest


def test_no_line_holds_an_unknown_field() -> None:
    for path in OWN.glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert set(json.loads(line)) <= set(Case.__slots__)
