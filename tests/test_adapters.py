"""The forms of the field are read to our own values; what is malformed is named."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval import adapters
from eval.cases import Case, File, QuestionSet, SetError

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, *rows: object) -> Path:
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
        path = tmp_path / name
        path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
        return path

    return written


def _texts(questions: QuestionSet) -> dict[str, str]:
    return {file.key: file.data.decode() for file in questions.files}


def _sliced(questions: QuestionSet, case: Case) -> list[str]:
    texts = _texts(questions)
    return [texts[p.document][p.start : p.end] for piece in case.evidence for p in piece]


_CONTEXT = "甲区位于东部。甲区工业投资3亿元。"
_LINE = {
    "id": "1", "context_id": "c1", "title": "甲区", "context": _CONTEXT, "question": "多少",
    "answers": ["3亿元"], "answer_start": [13], "unanswerable": False,
}  # fmt: skip


def test_lines(write: Write) -> None:
    no = {**_LINE, "id": "2", "answers": [], "answer_start": [], "unanswerable": True}
    questions = adapters.read(write("set.jsonl.gz", _LINE, no))
    first, second = questions.cases
    assert (first.answers, first.within, first.answerable) == (("3亿元",), ("c1",), True)
    assert _sliced(questions, first) == ["3亿元"]
    assert (second.answers, second.evidence, second.answerable) == ((), (), False)
    assert questions.files == (File("c1", "c1.txt", f"甲区\n\n{_CONTEXT}\n".encode()),)


def test_squad(write: Write) -> None:
    asked = {"id": "1", "question": "多少", "answers": [{"text": "3亿元", "answer_start": 13}] * 2}
    no = {"id": "2", "question": "几家", "answers": [], "is_impossible": True}
    article = {"title": "", "paragraphs": [{"context": _CONTEXT, "qas": [asked, no]}]}
    questions = adapters.read(write("set.json", {"version": "1", "data": [article]}))
    first, second = questions.cases
    assert (first.answers, _sliced(questions, first)) == (("3亿元",), ["3亿元"])
    assert [first.answerable, second.answerable] == [True, False]


_RGB = {
    "id": 7, "query": "多少", "answers": ["3亿元", "3亿"],
    "positives": ["甲区投资3亿元。", "甲区投了3亿。"], "negatives": [f"乙区{n}亿元" for n in range(9)],
}  # fmt: skip


def test_rgb_at_every_noise_and_with_noise_alone(write: Write) -> None:
    questions = adapters.read(write("zh.json", _RGB))
    shares = {case.id: sum("-n-" in key for key in case.within) for case in questions.cases}
    assert shares == {"7-0.0": 0, "7-0.2": 1, "7-0.4": 2, "7-0.6": 3, "7-0.8": 4, "7-1.0": 5}
    *noisy, alone = questions.cases
    assert all(case.answers == ("3亿元", "3亿") and case.answerable for case in noisy)
    assert all(set(_sliced(questions, case)) <= {"3亿元", "3亿"} for case in noisy)
    assert not alone.answerable
    assert all(len(case.within) <= 5 for case in questions.cases)


def test_rgb_as_it_was_published_has_parts(write: Write) -> None:
    row = {"id": 1, "query": "谁", "answer": ["李明", ["王芳", "王小芳"]],
           "positive": [["李明来了。"], ["王小芳来了。"]], "negative": ["无关。"] * 5}  # fmt: skip
    case = adapters.read(write("zh.json", row)).cases[0]
    assert case.answers == ("李明、王芳",)
    assert [[place.quote for place in piece] for piece in case.evidence] == [["李明"], ["王小芳"]]


def test_nomiracl(write: Write) -> None:
    passages = [{"docid": "d#1", "title": "甲", "text": "文"}, {"docid": "d#2", "text": "字"}]
    rows = [{"query": "问", "unanswerable": no, "passages": passages} for no in (True, False)]
    questions = adapters.read(write("set.jsonl", *rows))
    assert [case.answerable for case in questions.cases] == [False, True]
    assert questions.cases[0].within == ("d#1", "d#2")
    assert _texts(questions) == {"d#1": "甲\n\n文\n", "d#2": "字\n"}


def test_dragonball_finds_its_documents_beside_it(write: Write) -> None:
    row = {"id": "q", "type": "事实", "query": "多少", "answer": "3亿元", "unanswerable": False,
           "evidence": [{"doc": "d", "sentence": "甲区工业投资3亿元。"}]}  # fmt: skip
    path = write("zh_qa.jsonl", row)
    with pytest.raises(SetError, match=r"zh_docs\.jsonl"):
        adapters.read(path)
    write("zh_docs.jsonl", {"id": "d", "title": "甲区", "text": _CONTEXT})
    questions = adapters.read(path)
    assert _sliced(questions, questions.cases[0]) == ["甲区工业投资3亿元。"]
    assert questions.cases[0].within == ()


def test_a_haystack_can_be_cut(write: Write) -> None:
    path = write("news.jsonl.gz", *({"id": str(n), "title": "", "text": "文"} for n in range(5)))
    assert [file.key for file in adapters.haystack(path, 2)] == ["hay-0", "hay-1"]
    assert len(adapters.haystack(path)) == 5


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([_LINE, {**_LINE, "context": 3}], ["第 2 行", "context"]),
        ([{"colour": 1}], ["认不出格式", "dragonball"]),
        (["not an object"], ["认不出格式"]),
        (
            [{"query": "问", "unanswerable": True, "passages": [{"docid": "d"}]}],
            ["passages.0.text"],
        ),
    ],
)
def test_what_is_malformed_is_named(write: Write, rows: list[Any], named: list[str]) -> None:
    path = write("set.jsonl", *rows)
    with pytest.raises(SetError) as error:
        adapters.read(path)
    assert all(part in str(error.value) for part in [str(path), *named])


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    torn = tmp_path / "torn.jsonl.gz"
    torn.write_bytes(gzip.compress(b"{}" * 1000)[:20])
    for path in (torn, tmp_path / "none.jsonl"):
        with pytest.raises(SetError, match=path.name):
            adapters.read(path)
