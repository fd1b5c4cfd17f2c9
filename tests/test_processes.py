"""Several processes at one library: in turn, through its owner, or refused clearly.

Real commands and a real server, on an embedder that needs no model.
"""

import itertools
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from multiprocessing.process import BaseProcess
from pathlib import Path
from unittest import mock

import pytest

from index.archive import Archive
from qa.__main__ import main
from qa.remote import Owner, RemoteDesk
from tests.apart import PROCESSES
from tests.conftest import HashEmbedder

_LONG = 120


def _command(arguments: Sequence[str], output: Path) -> None:
    """What `youju` does in a process of its own; all that it says goes to a file."""
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    with mock.patch("qa.desk.load_embedder", return_value=HashEmbedder()):
        code = main(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _started(output: Path, *arguments: str) -> BaseProcess:
    process = PROCESSES.Process(target=_command, args=(arguments, output))
    process.start()
    return process


def _ended(process: BaseProcess) -> int | None:
    process.join(_LONG)
    return process.exitcode


def _files(folder: Path, place: str) -> Path:
    folder.mkdir()
    for number in range(5):
        text = f"{place}第{number}季简报\n{place}第{number}季完成工业投资{number + 1}7.{number}亿元。\n"
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


def _serve(library: Path, output: Path) -> BaseProcess:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return _started(output, "serve", "--port", str(port), "--data", str(library))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, BaseProcess]]:
    """The library of a running server."""
    folder = tmp_path_factory.mktemp("served")
    library = folder / "library"
    process = _serve(library, folder / "said.txt")
    deadline = time.monotonic() + _LONG
    while (desk := RemoteDesk.connect(library)) is None:
        assert process.is_alive(), (folder / "said.txt").read_text("utf-8")
        assert time.monotonic() < deadline
        time.sleep(0.1)
    desk.close()
    yield library, process
    process.kill()
    process.join(_LONG)


@pytest.mark.soak
def test_two_commands_at_once_take_turns(tmp_path: Path) -> None:
    library = tmp_path / "library"
    adding = {
        place: _started(
            tmp_path / f"{place}.jsonl",
            "add", str(_files(tmp_path / place, place)), "--json", "--data", str(library),
        )
        for place in ("甲区", "乙区")
    }  # fmt: skip
    for place, process in adding.items():
        said = (tmp_path / f"{place}.jsonl").read_text("utf-8") if _ended(process) else ""
        assert (place, process.exitcode, said) == (place, 0, "")
    with Archive(library, HashEmbedder) as archive:
        assert len(archive.entries()) == 10
        assert [found.told for found in archive.examine() if not found.sound] == []


def test_commands_beside_a_server_go_through_it_at_once(
    served: tuple[Path, BaseProcess], tmp_path: Path
) -> None:
    library, _ = served
    places = ("丙区", "丁区")
    adding = [
        _started(
            tmp_path / f"{place}.jsonl",
            "add", str(_files(tmp_path / place, place)), "--json", "--data", str(library),
        )
        for place in places
    ]  # fmt: skip
    assert [_ended(process) for process in adding] == [0, 0]
    lines = [(tmp_path / f"{place}.jsonl").read_text("utf-8").splitlines() for place in places]
    said = [json.loads(line) for line in itertools.chain(*lines) if line.startswith("{")]
    assert [line["status"] for line in said] == ["added"] * 10
    owner = Owner.of(library)
    assert owner is not None
    with closing(RemoteDesk(owner)) as desk:
        assert {entry.id for entry in desk.entries()} >= {line["document_id"] for line in said}
        assert [f.told for f in desk.examine(repair=False) if not f.sound] == []


def test_what_is_acknowledged_is_answered_from_by_the_next_question(
    served: tuple[Path, BaseProcess],
) -> None:
    owner = Owner.of(served[0])
    assert owner is not None
    with closing(RemoteDesk(owner)) as desk:
        for figure in ("31.4", "35.9", "38.2"):
            text = f"戊区简报\n2024年，戊区完成技术改造投资{figure}亿元。\n"
            added = desk.add("/戊区.txt", "戊区.txt", text.encode())
            answer = desk.ask("戊区完成技术改造投资多少亿元")
            assert answer["short"] == f"{figure}亿元"
            assert [c["document_id"] for c in answer["citations"]] == [added.document_id]
        desk.remove(added.document_id)
        assert desk.ask("戊区完成技术改造投资多少亿元")["mode"] == "refuse"


def test_a_second_server_is_refused(served: tuple[Path, BaseProcess], tmp_path: Path) -> None:
    library, _ = served
    before = Owner.of(library)
    second = _serve(library, tmp_path / "said.txt")
    assert _ended(second) == 1
    said = (tmp_path / "said.txt").read_text("utf-8")
    assert "正被另一个 Youju 进程使用" in said
    assert "Traceback" not in said
    assert Owner.of(library) == before


def test_a_command_after_a_killed_server_works_alone(
    served: tuple[Path, BaseProcess], tmp_path: Path
) -> None:
    """The last test of this server: its announcement stays, and nobody answers there."""
    library, server = served
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    server.join(_LONG)
    assert Owner.of(library) is not None
    adding = _started(
        tmp_path / "said.jsonl",
        "add", str(_files(tmp_path / "己区", "己区")), "--json", "--data", str(library),
    )  # fmt: skip
    assert _ended(adding) == 0
    with Archive(library, HashEmbedder) as archive:
        assert archive.vectors_ready
        assert len(archive.entries()) >= 5
        assert [found.told for found in archive.examine() if not found.sound] == []
