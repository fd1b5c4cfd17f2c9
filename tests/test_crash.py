"""Killed at any moment, a library has every acknowledged document wholly, and nothing by halves.

A process of its own adds, replaces and removes documents and says so before and after each; it is
killed; another process opens what is left, and looks. The quick trial is a few kills, `make soak`
hundreds: some at random, some while the files of the vector index are being written, some while it
opens, some by SIGTERM, which it may answer by ending well.
"""

import contextlib
import os
import random
import resource
import shutil
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType

import pytest

from index.archive import Archive
from tests.apart import PROCESSES
from tests.conftest import HashEmbedder

_PATHS = [f"/资料/{number}.txt" for number in range(12)]
_PARAGRAPHS = 30
_LARGEST_FILE = 64_000_000
_MOST_ON_DISK = 150_000_000

# Which version stands for each path; None is none.
State = dict[str, int | None]


@dataclass
class Told:
    """What a process said: what holds for each path, and what it had begun and not acknowledged."""

    state: State = field(default_factory=lambda: dict.fromkeys(_PATHS))
    begun: tuple[str, int | None] | None = None
    acknowledged: int = 0

    def hear(self, said: tuple[str, str, int | None]) -> None:
        kind, path, version = said
        if kind == "begin":
            self.begun = (path, version)
        else:
            self.state[path] = version
            self.begun = None
            self.acknowledged += 1


def _content(path: str, version: int) -> bytes:
    number = _PATHS.index(path)
    lines = [
        f"{_mark(path, version)}，其中第{line}项为{line * 37 % 101}.{line % 10}万元，由第{number}科负责落实，"
        f"并在第{line % 12 + 1}个月内完成验收。" * 3
        for line in range(_PARAGRAPHS)
    ]
    return "\n\n".join([f"第{number}科第{version}次汇报", *lines]).encode()


def _mark(path: str, version: int) -> str:
    """What stands in this version and in no other."""
    return f"计划编号{1_000_000 + 1000 * version + _PATHS.index(path)}"


# -- the process that is killed ----------------------------------------------------------------


def _work(folder: Path, state: State, seed: int, told: Connection) -> None:
    """Add, replace and remove until killed, or until asked to stop."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    asked = threading.Event()

    def note(_: int, __: FrameType | None) -> None:
        asked.set()

    signal.signal(signal.SIGTERM, note)
    chance = random.Random(seed)
    version = max((v for v in state.values() if v is not None), default=0)
    with Archive(folder, HashEmbedder, min_free=0) as archive:
        archive.build_in_background()
        while not asked.is_set():
            path = chance.choice(_PATHS)
            held = [e for e in archive.entries() if path in e.paths]
            if held and chance.random() < 0.3:
                told.send(("begin", path, None))
                archive.remove(held[0].id)
                told.send(("done", path, None))
            else:
                version += 1
                told.send(("begin", path, version))
                archive.add(path, path, _content(path, version))
                told.send(("done", path, version))


# -- the process that looks --------------------------------------------------------------------


def _look(folder: Path, told: Told, seal: bool, answer: Connection) -> None:
    """Open what is left; send what is wrong, and which state holds."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    archive = Archive(folder, HashEmbedder, min_free=0)
    torn = not archive.vectors_ready
    state = _state(archive, told)
    wrong = _wrong(archive, state, told)
    archive.build_in_background()
    archive.wait_for_build()
    wrong += [finding.told for finding in archive.examine() if not finding.sound]
    wrong += _wrong(archive, state, told)
    if seal:
        archive.close()
    answer.send((wrong, state, torn))
    # Unless it was closed, this end is as sudden as the one before.
    os._exit(0)


def _state(archive: Archive, told: Told) -> State:
    """What holds for each path: what was acknowledged, or what was begun after that."""
    state = dict(told.state)
    if told.begun is not None:
        path, version = told.begun
        digest = archive.digest(path)
        if digest == (None if version is None else sha256(_content(path, version)).hexdigest()):
            state[path] = version
    return state


def _wrong(archive: Archive, state: State, told: Told) -> list[str]:
    """What is not as this state has it."""
    wrong = []
    for path, version in state.items():
        digest = None if version is None else sha256(_content(path, version)).hexdigest()
        if archive.digest(path) != digest:
            wrong.append(f"{path} is not at version {version} (begun: {told.begun})")
        elif version is not None:
            wrong += _wrong_hits(archive, path, version)
    if len(archive.entries()) != sum(version is not None for version in state.values()):
        wrong.append("there are documents that nobody added")
    return wrong


def _wrong_hits(archive: Archive, path: str, version: int) -> list[str]:
    hits = archive.retrieve(_mark(path, version), 5)
    [entry] = [e for e in archive.entries() if path in e.paths]
    if not any(_mark(path, version) in hit.chunk.text for hit in hits):
        return [f"{path} at version {version} is not found"]
    if entry.chunks != len(archive.chunks_of(entry.id)) or entry.chunks < _PARAGRAPHS // 4:
        return [f"{path} at version {version} is not whole"]
    return []


# -- the trials --------------------------------------------------------------------------------


@dataclass
class Trials:
    """A folder that processes work in and are killed in, and what came of it."""

    folder: Path
    told: Told = field(default_factory=Told)
    figures: Counter[str] = field(default_factory=Counter)

    def run(self, how: str, chance: random.Random) -> None:
        """One process, killed, and a look at what it left."""
        said, saying = PROCESSES.Pipe(duplex=False)
        seed = chance.randrange(1_000_000)
        process = PROCESSES.Process(target=_work, args=(self.folder, self.told.state, seed, saying))
        process.start()
        saying.close()
        before = self.told.acknowledged
        _KILLS[how](Victim(process, said, self.told, self.folder / "vectors"), chance)
        process.join(60)
        assert process.exitcode is not None
        if how == "term":
            assert process.exitcode == 0
        with contextlib.suppress(EOFError):
            while True:
                self.told.hear(said.recv())
        self.figures[how] += 1
        self.figures["acknowledged"] += self.told.acknowledged - before
        self.figures["begun, not acknowledged"] += self.told.begun is not None
        self._look(chance)

    def _look(self, chance: random.Random) -> None:
        answer, answering = PROCESSES.Pipe(duplex=False)
        seal = chance.random() < 0.5
        process = PROCESSES.Process(target=_look, args=(self.folder, self.told, seal, answering))
        process.start()
        answering.close()
        assert answer.poll(120)
        wrong, state, torn = answer.recv()
        process.join(60)
        assert wrong == []
        self.told.state, self.told.begun = state, None
        self.figures["index not opened but built anew"] += torn
        used = sum(file.stat().st_blocks * 512 for file in self.folder.rglob("*"))
        self.figures["most bytes on disk"] = max(self.figures["most bytes on disk"], used)
        assert used < _MOST_ON_DISK
        assert len(list((self.folder / "vectors").glob("gen-*"))) <= 2


@dataclass
class Victim:
    """A process that works, and what is known of it."""

    process: BaseProcess
    said: Connection
    told: Told
    vectors: Path

    def work(self, changes: int) -> None:
        """Let it acknowledge so many changes, a while at most."""
        enough, deadline = self.told.acknowledged + changes, time.monotonic() + 30
        while self.told.acknowledged < enough and time.monotonic() < deadline:
            if self.said.poll(0.1):
                self.told.hear(self.said.recv())

    def graph_files(self) -> dict[str, tuple[int, int]]:
        """When each file of Chroma's graph was last written, and how long it is."""
        found = {}
        for file in self.vectors.glob("gen-*/*/*"):
            with contextlib.suppress(OSError):
                status = file.stat()
                found[str(file)] = (status.st_mtime_ns, status.st_size)
        return found


def _kill_at_random(victim: Victim, chance: random.Random) -> None:
    victim.work(chance.randrange(1, 12))
    time.sleep(chance.uniform(0, 0.2))
    victim.process.kill()


def _kill_while_opening(victim: Victim, chance: random.Random) -> None:
    time.sleep(chance.uniform(0.0, 0.5))
    victim.process.kill()


def _kill_while_writing(victim: Victim, chance: random.Random) -> None:
    """As soon as a file of the graph changes, or a moment later."""
    victim.work(1)
    before, deadline = victim.graph_files(), time.monotonic() + 5
    while victim.graph_files() == before and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(chance.choice([0.0, chance.uniform(0, 0.03)]))
    victim.process.kill()


def _terminate(victim: Victim, chance: random.Random) -> None:
    victim.work(chance.randrange(1, 6))
    victim.process.terminate()


def _kill_while_closing(victim: Victim, chance: random.Random) -> None:
    victim.work(chance.randrange(1, 6))
    victim.process.terminate()
    time.sleep(chance.uniform(0, 0.3))
    victim.process.kill()


_KILLS = {
    "random": _kill_at_random,
    "writing": _kill_while_writing,
    "opening": _kill_while_opening,
    "term": _terminate,
    "closing": _kill_while_closing,
}


@pytest.fixture
def trials(tmp_path: Path) -> Iterator[Trials]:
    yield Trials(tmp_path / "library")
    shutil.rmtree(tmp_path)


def test_what_is_acknowledged_outlives_a_kill(trials: Trials) -> None:
    chance = random.Random(7)
    for how in ("random", "writing", "opening", "term"):
        trials.run(how, chance)
    assert trials.figures["acknowledged"] > 10
    assert trials.figures["index not opened but built anew"] > 0


@pytest.mark.soak
def test_what_is_acknowledged_outlives_hundreds_of_kills(
    trials: Trials, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(1)
    for _ in range(40):
        for how in ("random", "writing", "closing", "opening", "writing", "term"):
            trials.run(how, chance)
        with capsys.disabled():
            sys.stdout.write(f"\n{dict(sorted(trials.figures.items()))}")
            sys.stdout.flush()
