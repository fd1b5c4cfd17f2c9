"""A real server that is told to stop: answers under way come, new ones are sent away, then it ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from index.archive import Archive
from qa.remote import Owner
from tests.conftest import ROOT, HashEmbedder

# A server whose reader waits, where the question says so, until a file is there.
_SERVER = """
import signal, sys, time
from pathlib import Path
import app
from index.archive import Archive
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.settings import Settings
from tests.conftest import HashEmbedder, RuleReader
from web import log, stopping
from web.start import listen

folder, stopping.GRACE_SECONDS = Path(sys.argv[1]), float(sys.argv[2])

class Slow(RuleReader):
    def read(self, question, passages):
        if "请慢" in question:
            (folder / "asked").touch()
            while not (folder / "go").exists():
                time.sleep(0.02)
        return super().read(question, passages)

log.start(sys.stderr)
settings = Settings(data=folder)
signal.signal(signal.SIGTERM, signal.default_int_handler)
with Archive(folder, HashEmbedder) as archive:
    desk = LocalDesk(archive, Assistant(archive, Slow()))
    app.serve(desk, settings, listen("127.0.0.1", 0))
"""
_QUESTION = "甲区工业投资是多少，请慢"


@dataclass
class _Server:
    process: subprocess.Popen[str]
    folder: Path
    owner: Owner

    def ask(self, question: str, **more: float) -> httpx.Response:
        authorised = {"Authorization": f"Bearer {self.owner.token}"}
        return httpx.post(
            f"{self.owner.url}/desk/ask",
            json={"question": question},
            headers=authorised,
            trust_env=False,
            timeout=more.get("timeout", 60),
        )

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.owner.url}{path}", trust_env=False, timeout=30)


def _wait_for(what: Path) -> None:
    deadline = time.monotonic() + 100
    while not what.exists():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def _started(folder: Path, grace: float) -> Iterator[_Server]:
    with Archive(folder, HashEmbedder) as archive:
        archive.add("/年报.txt", "年报.txt", "甲区年报\n甲区完成工业投资12.5亿元。\n".encode())
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(folder), str(grace)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _wait_for(folder / "owner.json")
        owner = Owner.of(folder)
        assert owner is not None
        server = _Server(process, folder, owner)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if server.get("/health").status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield server
    finally:
        (folder / "go").touch()
        process.kill()
        process.communicate()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[_Server]:
    yield from _started(tmp_path, 60)


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[_Server]:
    yield from _started(tmp_path, 0.5)


def test_answers_under_way_come_and_new_ones_are_sent_away(server: _Server) -> None:
    answers: list[httpx.Response] = []
    asking = threading.Thread(target=lambda: answers.append(server.ask(_QUESTION)))
    asking.start()
    _wait_for(server.folder / "asked")
    assert server.get("/api/v1/ready").json()["status"] == "ready"
    server.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + 30
    while server.get("/api/v1/ready").status_code == 200:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    refused = server.ask("甲区工业投资是多少")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
    assert "稍后" in refused.json()["detail"]
    assert refused.json()["request_id"] == refused.headers["x-request-id"]
    assert server.get("/health").status_code == 200
    page = httpx.post(f"{server.owner.url}/gradio_api/queue/join", json={}, trust_env=False)
    assert (page.status_code, page.json()["detail"]) == (429, refused.json()["detail"])
    assert server.process.poll() is None
    (server.folder / "go").touch()
    _, log = server.process.communicate(timeout=60)
    asking.join()
    assert [answer.json()["short"] for answer in answers] == ["12.5亿元"]
    assert '"status": 503' in log
    assert "trace" not in log
    assert Owner.of(server.folder) is None
    assert list((server.folder / "vectors").glob("gen-*/SEAL"))


@pytest.mark.soak
def test_an_answer_that_never_comes_is_not_waited_for_for_ever(impatient: _Server) -> None:
    def give_up() -> None:
        with pytest.raises(httpx.HTTPError):
            impatient.ask(_QUESTION, timeout=40).raise_for_status()

    asking = threading.Thread(target=give_up)
    asking.start()
    _wait_for(impatient.folder / "asked")
    impatient.process.send_signal(signal.SIGTERM)
    _, log = impatient.process.communicate(timeout=60)
    asking.join()
    assert "under way" in log
    with Archive(impatient.folder, HashEmbedder) as archive:
        assert archive.retrieve("甲区工业投资", 1)
