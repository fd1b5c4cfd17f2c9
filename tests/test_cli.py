"""The front door: files are added, asked about, shown and removed by command, on the shipped model."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.__main__ import main
from qa.remote import Owner
from tests.conftest import ROOT

_REPORT = "甲区上半年工作报告\n上半年，甲区完成工业投资12.5亿元，同比增长8.1%。\n新增专利320件。\n"
_NOTICE = "值班通知\n值班由办公室主任王建国负责，联系电话见内网。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "文件 夹"
    folder.mkdir()
    (folder / "报告.txt").write_text(_REPORT, encoding="gb18030")
    (folder / "通知.md").write_text(f"# {_NOTICE}", encoding="utf-8")
    (folder / "空.txt").write_bytes(b"")
    (folder / "垃圾.txt").write_bytes(bytes(range(256)) * 8)
    (folder / "坏.pdf").write_bytes(b"%PDF-1.7\nbroken")
    (folder / "表.xyz").write_bytes(b"\x00\x01\x02")
    (folder / "副本.txt").write_text(_REPORT, encoding="utf-8")
    (folder / ".hidden.txt").write_text("藏起来的字。", encoding="utf-8")
    return folder


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    data = tmp_path / "data"
    monkeypatch.setenv("YOUJU_DATA", str(data))
    return data


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def _lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.usefixtures("data")
def test_add_ask_show_remove(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "add", str(folder), "--json")
    status = {Path(line["path"]).name: line["status"] for line in _lines(out)}
    assert code == 1
    assert sorted(status.values()) == [
        "added",
        "added",
        "failed",
        "failed",
        "failed",
        "failed",
        "unchanged",
    ]
    assert (
        status["空.txt"] == status["垃圾.txt"] == status["坏.pdf"] == status["表.xyz"] == "failed"
    )
    assert all(line["message"] for line in _lines(out) if line["status"] == "failed")
    assert ".hidden.txt" not in status

    code, out, _ = _run(capsys, "ask", "甲区工业投资增长多少", "--json")
    answer = json.loads(out)
    cited = answer["citations"][0]
    assert (code, answer["mode"], answer["short"]) == (0, "extract", "8.1%")
    assert (cited["title"], cited["marker"]) == ("甲区上半年工作报告", 1)
    assert set(answer) == {
        "question", "answer", "short", "mode", "confidence", "citations", "nearest", "likely", "missing",
        "variants", "sentences", "note", "tokens", "timings_ms",
    }  # fmt: skip

    code, text, _ = _run(capsys, "show", cited["document_id"])
    assert text[cited["start"] : cited["end"]] == cited["quote"]
    assert "8.1%" in cited["quote"]

    listed = json.loads(_run(capsys, "list", "--json")[1])
    assert {entry["id"] for entry in listed} >= {cited["document_id"]}
    assert len(listed) == 2

    assert _run(capsys, "remove", cited["document_id"][:6])[0] == 0
    answer = json.loads(_run(capsys, "ask", "甲区工业投资增长多少", "--json")[1])
    assert answer["mode"] == "refuse"
    assert answer["nearest"]


@pytest.mark.usefixtures("data")
def test_a_chroma_server_that_does_not_answer_is_told_and_a_bad_address_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUJU_CHROMA", "http://127.0.0.1:9")
    file = tmp_path / "报告.txt"
    file.write_text(_REPORT, encoding="utf-8")
    assert _run(capsys, "add", str(file))[0] == 0
    code, out, _ = _run(capsys, "ask", "甲区工业投资增长多少")
    assert code == 0
    assert "8.1%" in out
    assert "没有应答" in out
    monkeypatch.setenv("YOUJU_CHROMA", "http://93.184.216.34:8000")
    code, _, err = _run(capsys, "list")
    assert code == 1
    assert "https://" in err


@pytest.mark.usefixtures("data")
def test_a_changed_file_replaces_its_old_self(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "报告.txt"
    file.write_text(_REPORT, encoding="utf-8")
    assert _lines(_run(capsys, "add", str(file), "--json")[1])[0]["status"] == "added"
    assert _lines(_run(capsys, "add", str(file), "--json")[1])[0]["status"] == "unchanged"
    file.write_text(_REPORT.replace("8.1%", "9.4%"), encoding="utf-8")
    assert _lines(_run(capsys, "add", str(file), "--json")[1])[0]["status"] == "replaced"
    assert json.loads(_run(capsys, "ask", "工业投资增长多少", "--json")[1])["short"] == "9.4%"
    file.write_bytes(b"")
    code, out, _ = _run(capsys, "add", str(file), "--json")
    assert (code, _lines(out)[0]["status"]) == (1, "failed")
    assert json.loads(_run(capsys, "ask", "工业投资增长多少", "--json")[1])["short"] == "9.4%"


@pytest.mark.usefixtures("data")
def test_questions_by_line(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _run(capsys, "add", str(folder / "报告.txt"), str(folder / "通知.md"))
    lines = "专利新增多少件\n\n\x00\x1b[31m\n值班由谁负责\n" + "长" * 100_000 + "\n"
    monkeypatch.setattr(sys, "stdin", lines.splitlines(keepends=True))
    code, out, _ = _run(capsys, "ask", "--jsonl")
    answers = _lines(out)
    assert code == 0
    assert [answer["short"] for answer in answers] == ["320件", "", "王建国", ""]


@pytest.mark.usefixtures("data")
def test_what_is_not_there_is_said_clearly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "空的" in _run(capsys, "list")[1]
    for arguments in (("show", "ffffffff"), ("remove", "ffffffff"), ("ask",)):
        code, _, err = _run(capsys, *arguments)
        assert code == 1
        assert "youju" in err
        assert "Traceback" not in err
    code, out, _ = _run(capsys, "add", str(tmp_path / "没有.txt"), "--json")
    assert (code, _lines(out)[0]["status"]) == (1, "failed")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
@pytest.mark.usefixtures("data")
def test_an_unreadable_folder_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    locked = folder / "锁"
    locked.mkdir(mode=0o000)
    code, out, _ = _run(capsys, "add", str(folder), "--json")
    locked.chmod(0o700)
    assert code == 1
    assert any("权限" in line["message"] for line in _lines(out))


def test_bad_settings_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YOUJU_PORT", "七千")
    code, _, err = _run(capsys, "list")
    assert code == 1
    assert "YOUJU_PORT" in err


@pytest.mark.usefixtures("data")
def test_a_readable_answer_names_its_source(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(capsys, "add", str(folder / "报告.txt"))
    _, out, _ = _run(capsys, "ask", "工业投资多少亿元")
    assert "原文摘录" in out
    assert "12.5亿元" in out
    assert "《甲区上半年工作报告》" in out
    _, out, _ = _run(capsys, "ask", "乙区工业投资多少亿元")
    assert "证据不足" in out
    assert "相近段落（不是答案）" in out


@pytest.mark.usefixtures("data")
def test_a_calculation_is_told_as_one_with_its_formula(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "两镇.txt"
    file.write_text("2024年，东陵镇粮食产量3.2万吨。\n2024年，西陵镇粮食产量2.1万吨。\n", "utf-8")
    _run(capsys, "add", str(file))
    code, out, _ = _run(capsys, "ask", "2024年东陵镇和西陵镇粮食产量一共多少")
    assert code == 0
    assert out.startswith("〔计算得出〕5.3万吨\n3.2万吨[1] + 2.1万吨[2] = 5.3万吨。\n")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(data: Path, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A real server on its own port, over a library filled with one file."""
    samples = folder.parent / "samples"
    samples.mkdir()
    (samples / "报告.txt").write_text(_REPORT, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "qa",
        "serve",
        "--port",
        str(_free_port()),
        "--samples",
        str(samples),
    ]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    deadline = time.monotonic() + 120
    while Owner.of(data) is None and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_commands_beside_a_server_go_through_it(
    server: subprocess.Popen[str], data: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert json.loads(_run(capsys, "ask", "工业投资增长多少", "--json")[1])["short"] == "8.1%"
    code, out, _ = _run(capsys, "add", str(folder / "通知.md"), str(folder / "空.txt"), "--json")
    assert (code, [line["status"] for line in _lines(out)]) == (1, ["added", "failed"])
    assert json.loads(_run(capsys, "ask", "值班由谁负责", "--json")[1])["short"] == "王建国"
    documents = json.loads(_run(capsys, "list", "--json")[1])
    assert len(documents) == 2
    assert _run(capsys, "show", documents[0]["id"])[1]
    assert _run(capsys, "remove", documents[0]["id"])[0] == 0
    code, _, err = _run(capsys, "show", documents[0]["id"])
    assert code == 1
    assert "youju list" in err

    server.send_signal(signal.SIGTERM)
    out, _ = server.communicate(timeout=60)
    assert "Traceback" not in out
    assert Owner.of(data) is None
    assert list((data / "vectors").glob("gen-*/SEAL"))
    assert len(json.loads(_run(capsys, "list", "--json")[1])) == 1
