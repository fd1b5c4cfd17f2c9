"""`youju eval` from the front door, over a small set of its own, with the shipped models."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from eval import run
from eval.__main__ import main
from eval.systems import Youju
from qa.types import Answer

_REPORT = """# 甲区2024年经济报告

2024年，甲区完成工业投资12.5亿元，同比增长8.1%。

年末常住人口30.2万人。主持编制报告的是统计局局长李明。
"""
_QUESTIONS: list[dict[str, Any]] = [
    {"id": "1", "question": "2024年甲区工业投资是多少", "kind": "figure", "answers": ["12.5亿元"],
     "evidence": [[{"document": "甲区.md", "quote": "2024年，甲区完成工业投资12.5亿元，同比增长8.1%。"}]]},
    {"id": "2", "question": "2024年甲区工业投资增长多少", "kind": "growth", "answers": ["8.1%"],
     "evidence": [[{"document": "甲区.md", "quote": "2024年，甲区完成工业投资12.5亿元，同比增长8.1%。"}]]},
    {"id": "3", "question": "2023年甲区工业投资是多少", "kind": "refuse_year", "why": "只有2024年"},
    {"id": "4", "question": "甲区常住人口多少", "kind": "figure", "answers": ["30.2万人"],
     "evidence": [[{"document": "甲区.md", "quote": "年末常住人口30.2万人。"}]]},
]  # fmt: skip


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    folder = tmp_path / "set"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "甲区.md").write_text(_REPORT, encoding="utf-8")
    (folder / "set.toml").write_text('name = "small"\ndocuments = "documents"\n', encoding="utf-8")
    lines = [json.dumps(one, ensure_ascii=False) for one in _QUESTIONS]
    (folder / "some.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _report(out: Path) -> dict[str, dict[str, Any]]:
    systems = json.loads((out / "report.json").read_text(encoding="utf-8"))["systems"]
    return {o["id"]: o for o in systems["youju"]["outcomes"]}


def test_a_run_is_told_kept_taken_up_compared_and_held_against_its_gate(
    questions: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "out"
    command = [str(questions), "--out", str(out)]

    # What a hand leaves out, a command fills in; a small set leaves kinds empty and is told so.
    assert main([*command, "--place"]) == 1
    assert "没有这一类问题" in capsys.readouterr().out
    assert '"start": ' in (questions / "some.jsonl").read_text(encoding="utf-8")

    # The set is looked over whole, whatever is to be asked of it: nothing of it is lost.
    placed = (questions / "some.jsonl").read_bytes()
    assert main([*command, "--place", "--kind", "figure", "--limit", "1"]) == 1
    assert (questions / "some.jsonl").read_bytes() == placed
    capsys.readouterr()

    # Interrupted at the third question, it keeps two.
    asked: list[str] = []
    ask = Youju.ask

    def interrupted(self: Youju, question: str, *rest: object) -> Answer:
        asked.append(question)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return ask(self, question, *rest)  # type: ignore[arg-type]

    def counted(self: Youju, question: str, *rest: object) -> Answer:
        asked.append(question)
        return ask(self, question, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Youju, "ask", interrupted)
    assert main(command) == 130
    assert len(_report(out)) == 2
    assert "--resume" in capsys.readouterr().err

    # Taken up, it asks the other two alone.
    asked.clear()
    monkeypatch.setattr(Youju, "ask", counted)
    gate = tmp_path / "gate.toml"
    gate.write_text("[some]\nright = { least = 4 }\n[all]\nungrounded_figures = { most = 0 }\n")
    assert main([*command, "--resume", "--gate", str(gate)]) == 0
    assert asked == [one["question"] for one in _QUESTIONS[2:]]
    outcomes = _report(out)
    assert [outcomes[name]["short"] for name in "124"] == ["12.5亿元", "8.1%", "30.2万人"]
    assert outcomes["3"]["refused"]
    assert "accuracy" in capsys.readouterr().out
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "评测报告" in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")

    # Beside itself nothing has changed; what is not reached ends with 1.
    gate.write_text("[all]\naccuracy = { most = 0.5 }\n")
    report = out / "report.json"
    again = [*command, "--resume", "--compare", str(report), "--gate", str(gate)]
    assert main(again) == 1
    told = capsys.readouterr()
    assert "变对 0，变错 0" in told.out
    assert "accuracy = 1" in told.err

    # Another set is not mixed with what is there.
    (questions / "some.jsonl").write_text(
        (questions / "some.jsonl").read_text(encoding="utf-8").replace('"why"', '"why" '),
        encoding="utf-8",
    )
    assert main([*command, "--resume", "--limit", "2"]) == 1
    assert "不能接着做" in capsys.readouterr().err


def test_a_haystack_is_timed_as_the_library_grows(questions: Path, tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    rows = [
        {"id": str(n), "title": f"第{n}号消息", "text": f"乙市第{n}街开了新店。"} for n in range(8)
    ]
    news.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    out = tmp_path / "out"
    assert main([str(questions), "--out", str(out), "--haystack", str(news), "--limit", "1"]) == 0
    growth = json.loads((out / "report.json").read_text(encoding="utf-8"))["growth"]
    sizes = [point["chunks"] for point in growth]
    assert sizes == sorted(sizes)
    assert sizes[-1] == sizes[0] + 8
    assert all(0 < point["p50_ms"] <= point["p95_ms"] for point in growth)


def test_a_malformed_set_names_the_line_and_the_field(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (questions / "some.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "5", "question": 5, "kind": "figure"}\n')
    assert main([str(questions), "--out", str(tmp_path / "out")]) == 1
    assert "some.jsonl 第 5 行，question" in capsys.readouterr().err


def test_an_unknown_baseline_is_named_before_anything_is_run(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main([str(questions), "--out", str(out), "--baselines", "colour"]) == 1
    assert "colour" in capsys.readouterr().err
    assert not (out / run.RESULTS).exists()


def test_it_is_a_command_of_youju(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "qa", "eval", str(tmp_path), "--out", str(tmp_path / "out")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, "set.toml" in ended.stderr) == (1, True)
