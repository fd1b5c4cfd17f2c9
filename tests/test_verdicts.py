"""`youju verify`: one pair for people, many for programs; no line ends the stream."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.__main__ import main
from qa.verdicts import verdicts
from tests.conftest import ROOT

_GOOD = {"sentence": "甲区工业投资增长8.1%。", "evidence": "甲区工业投资同比增长8.1%。"}
_WRONG = {**_GOOD, "sentence": "甲区工业投资下降8.1%。"}


def _lines(*pairs: object) -> str:
    return "".join(f"{json.dumps(pair, ensure_ascii=False)}\n" for pair in pairs)


def test_one_pair_is_told_to_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", _GOOD["sentence"], "--evidence", _GOOD["evidence"]]) == 0
    assert capsys.readouterr().out == "〔有据〕\n"
    assert main(["verify", _WRONG["sentence"], "--evidence", _WRONG["evidence"]]) == 0
    assert capsys.readouterr().out == "〔无据〕\n“8.1%”的方向不符：原文为增长\n"


def test_several_texts_and_a_date_are_given_by_options(capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["--evidence", "乙区新增岗位320个。", "--evidence", "去年，甲区工业投资增长8.1%。"]
    claim = "2022年甲区工业投资增长8.1%。"
    assert main(["verify", claim, *texts, "--date", "2023-05-06", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"supported": True, "reasons": []}


def test_what_is_missing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "甲区工业投资增长8.1%。"]) == 1
    assert "--evidence" in capsys.readouterr().err


def test_lines_are_answered_in_order_and_a_bad_one_ends_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = _lines(_GOOD) + "不是 JSON\n\n" + _lines([1], {"sentence": "甲"}, _WRONG)
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert main(["verify", "--jsonl"]) == 1
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["supported"] for answer in answers] == [True, False, False, False, False]
    assert ["error" in answer for answer in answers] == [False, True, True, True, False]
    assert "第 2 行" in answers[1]["error"]


def test_a_file_is_read_whatever_its_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(b"\xff\xfe{\n" + _lines(_GOOD).encode())
    assert main(["verify", "--jsonl", str(path)]) == 1
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["supported"] for answer in answers] == [False, True]
    assert main(["verify", "--jsonl", str(tmp_path / "none.jsonl")]) == 1
    assert "none.jsonl" in capsys.readouterr().err


def test_all_lines_good_is_exit_code_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(_lines(_GOOD, _WRONG)))
    assert main(["verify", "--jsonl"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_an_answer_comes_before_the_next_line_is_sent() -> None:
    command = [sys.executable, "-m", "qa", "verify", "--jsonl"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for pair, supported in ((_GOOD, True), (_WRONG, False)):
            running.stdin.write(_lines(pair))
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["supported"] is supported
        running.stdin.close()
        assert running.wait(timeout=30) == 0


def test_no_model_is_loaded() -> None:
    code = (
        "import sys; from qa.__main__ import main; main(['verify', '甲增长1%', '--evidence', '甲']);"
        "print({'torch', 'onnxruntime', 'chromadb', 'sentence_transformers'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "set()"


@pytest.mark.parametrize(
    "line", ["[" * 100_000, "{", '"', "1e999", "null", '{"sentence": "\\ud800"}']
)
def test_no_line_raises(line: str) -> None:
    (answer,) = verdicts([line])
    assert answer["supported"] is False
    assert answer["error"]


@given(st.lists(st.text()))
def test_every_line_that_is_not_blank_is_answered(lines: list[str]) -> None:
    assert len(list(verdicts(lines))) == sum(bool(line.strip()) for line in lines)
