"""Question sets are read line by line, and an answer must stand where it says."""

import gzip
import json
from pathlib import Path

import pytest

from train.questions import read_questions

_ROW = {
    "id": "q1", "context_id": "c1", "title": "年报", "context": "甲区投资12亿元。", "question": "投资多少？",
    "answers": ["12亿元"], "answer_start": [4], "unanswerable": False,
}  # fmt: skip


def _write(path: Path, *rows: dict[str, object]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def test_questions_are_read_in_order(tmp_path: Path) -> None:
    rest = {**_ROW, "id": "q2", "answers": [], "answer_start": [], "unanswerable": True}
    one, other = read_questions(_write(tmp_path / "set.jsonl.gz", _ROW, rest))
    assert (one.id, one.texts, one.context_id) == ("q1", ("12亿元",), "c1")
    assert other.answers == ()


def test_an_answer_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="q1 does not stand"):
        read_questions(_write(tmp_path / "set.jsonl.gz", {**_ROW, "answer_start": [5]}))
