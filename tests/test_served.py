"""A library whose vectors are in a Chroma server, and that server killed, frozen, emptied or lied to."""

import json
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

import app
from eval.chroma_run import ChromaRun, chroma_running
from index.archive import Archive
from index.chroma_server import ChromaServer, Connection
from index.errors import LibraryError
from index.library import Library
from index.store import TIES, found_itself
from index.types import Vectors
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.model import Message, WritingError
from qa.settings import Settings
from qa.types import Answer
from tests.conftest import HashEmbedder, RuleReader
from web.talk import Talk, answer
from web.tally import Tally

_QUESTION = "甲区工业投资增长多少"
_ONE = "甲区年报\n甲区完成工业投资12.5亿元，同比增长8.1%。\n".encode()
_OTHER = "食堂通知\n食堂周三供应面条。\n".encode()
_THIRD = "乙区年报\n乙区完成工业投资3.5亿元，同比增长2.4%。\n".encode()
_IN_TIME = 3.0


class Interrupted(HashEmbedder):
    """An embedder that does something once, between the beginning of a question and its search."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], None] = lambda: None

    def embed_query(self, text: str) -> Vectors:
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        return super().embed_query(text)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaRun]:
    with chroma_running(tmp_path_factory.mktemp("chroma")) as server:
        yield server


@pytest.fixture
def chroma(running: ChromaRun) -> ChromaServer:
    return replace(ChromaServer.at(running.url), pause=0.2)


@pytest.fixture
def embedder() -> Interrupted:
    return Interrupted()


@pytest.fixture
def archive(tmp_path: Path, embedder: Interrupted, chroma: ChromaServer) -> Iterator[Archive]:
    with Archive(tmp_path / "library", lambda: embedder, chroma=chroma) as opened:
        opened.add("/甲.txt", "甲.txt", _ONE)
        opened.add("/食堂.txt", "食堂.txt", _OTHER)
        opened.mend_in_background(every=0.1)
        yield opened


def _asked(archive: Archive) -> Answer:
    """An answer that is right and came in time."""
    started = time.monotonic()
    given = Assistant(archive, RuleReader()).ask(_QUESTION)
    assert time.monotonic() - started < _IN_TIME
    assert given.short == "8.1%"
    return given


def _until(said: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not said():
        assert time.monotonic() < deadline, "it does not recover"
        time.sleep(0.02)


def _collections(folder: Path, running: ChromaRun) -> set[str]:
    library = json.loads((folder / "vectors" / "served.json").read_bytes())["library"]
    return {name for name in running.names() if library in name}


@pytest.mark.parametrize("fault", ["killed", "frozen", "killed in the query"])
def test_a_server_that_fails_in_mid_question_costs_a_notice_and_no_answer(
    archive: Archive, embedder: Interrupted, running: ChromaRun, fault: str
) -> None:
    before = archive.retrieve(_QUESTION, 5)
    assert _asked(archive).note == ""
    embedder.meanwhile = running.kill if fault == "killed" else running.freeze
    if fault == "killed in the query":
        killer = threading.Timer(0.4, running.kill)
        killer.start()
    try:
        assert "没有应答" in _asked(archive).note
        # From then on nobody waits for it.
        started = time.monotonic()
        assert archive.retrieve(_QUESTION, 5) == before
        assert time.monotonic() - started < 0.9
        assert "没有应答" in _asked(archive).note
    finally:
        if fault == "frozen":
            running.thaw()
        else:
            if fault == "killed in the query":
                killer.join()
            running.start()
    _until(lambda: archive.vectors_ready)
    assert archive.retrieve(_QUESTION, 5) == before
    assert _asked(archive).note == ""


def test_what_is_added_and_removed_while_the_server_is_away_is_kept_and_found(
    archive: Archive, running: ChromaRun
) -> None:
    gone = next(entry.id for entry in archive.entries() if entry.source == "食堂.txt")
    old = _collections(archive.folder, running)
    running.freeze()
    try:
        started = time.monotonic()
        assert archive.add("/乙.txt", "乙.txt", _THIRD).status == "added"
        archive.remove(gone)
        assert time.monotonic() - started < 5
        assert "2.4%" in archive.retrieve("乙区工业投资", 1)[0].chunk.text
    finally:
        running.thaw()
    _until(lambda: archive.vectors_ready)
    assert "2.4%" in archive.retrieve("乙区工业投资", 1)[0].chunk.text
    assert not any("面条" in hit.chunk.text for hit in archive.retrieve("食堂供应面条", 9))
    new = _collections(archive.folder, running)
    assert len(new) == 1
    assert not new & old


def test_without_a_server_a_library_opens_takes_in_and_answers(
    tmp_path: Path, embedder: Interrupted
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = ChromaServer.at(f"http://127.0.0.1:{free.getsockname()[1]}")
    with Archive(tmp_path, lambda: embedder, chroma=nobody) as archive:
        for at in range(3):
            archive.add(f"/{at}.txt", f"{at}.txt", _ONE + str(at).encode())
        assert "没有应答" in _asked(archive).note
        chosen = [entry.id for entry in archive.entries()]
        # Chosen documents are searched exactly anyway.
        assert Assistant(archive, RuleReader()).ask(_QUESTION, within=chosen).note == ""


def test_a_refusal_carries_the_notice_as_well(tmp_path: Path, embedder: Interrupted) -> None:
    with Archive(
        tmp_path, lambda: embedder, chroma=ChromaServer.at("http://127.0.0.1:9")
    ) as archive:
        refusal = Assistant(archive, RuleReader()).ask("丙区出口增长多少")
        assert refusal.refused
        assert "没有应答" in refusal.note


def test_nothing_is_sent_to_a_public_address(tmp_path: Path) -> None:
    public = ChromaServer.at("http://93.184.216.34:8000")
    with pytest.raises(LibraryError, match="https"):
        Archive(tmp_path, HashEmbedder, chroma=public)
    Archive(tmp_path, HashEmbedder).close()


def test_libraries_on_one_server_do_not_mix_and_a_copy_is_another_library(
    tmp_path: Path, chroma: ChromaServer, running: ChromaRun
) -> None:
    with (
        Archive(tmp_path / "one", HashEmbedder, chroma=chroma) as one,
        Archive(tmp_path / "two", HashEmbedder, chroma=chroma) as two,
    ):
        one.add("/甲.txt", "甲.txt", _ONE)
        two.add("/乙.txt", "乙.txt", _THIRD)
        assert [hit.chunk.text for hit in one.retrieve("工业投资", 9)] == [
            hit.chunk.text for hit in one.retrieve("工业投资", 9, [one.entries()[0].id])
        ]
        assert all("乙区" in hit.chunk.text for hit in two.retrieve("工业投资", 9))
    shutil.copytree(tmp_path / "one", tmp_path / "copy")
    with Archive(tmp_path / "copy", HashEmbedder, chroma=chroma) as copy:
        assert not copy.vectors_ready
        copy.add("/食堂.txt", "食堂.txt", _OTHER)
        _until(lambda: copy.vectors_ready)
    with Archive(tmp_path / "one", HashEmbedder, chroma=chroma) as one:
        assert one.vectors_ready
        assert len(one.retrieve("工业投资", 9)) == 1
    mine, its = (_collections(tmp_path / name, running) for name in ("one", "copy"))
    assert len(mine) == len(its) == 1
    assert mine != its


@pytest.mark.parametrize(
    "damage", ["unsealed", "dropped", "rewritten", "emptied", "other vectors", "scribbled"]
)
def test_a_collection_that_may_be_wrong_is_not_used_but_built_anew(
    tmp_path: Path, chroma: ChromaServer, running: ChromaRun, damage: str
) -> None:
    with Archive(tmp_path, HashEmbedder, chroma=chroma) as archive:
        archive.add("/甲.txt", "甲.txt", _ONE)
        archive.add("/食堂.txt", "食堂.txt", _OTHER)
        before = archive.retrieve("工业投资", 5)
        ids = [chunk.id for e in archive.entries() for chunk in archive.chunks_of(e.id)]
    seal = tmp_path / "vectors" / "served.json"
    kept = json.loads(seal.read_bytes())
    connection = Connection(chroma)
    collection = connection.collection(kept["collection"])
    if damage == "unsealed":
        seal.write_text(json.dumps({**kept, "revision": -1}))
    elif damage == "dropped":
        running.drop(kept["collection"])
    elif damage == "rewritten":
        collection.label({**collection.metadata, "revision": 1})
    elif damage == "emptied":
        collection.remove(ids[:1])
    elif damage == "other vectors":
        rng = np.random.default_rng(7)
        collection.upsert(ids, rng.normal(size=(len(ids), 64)).astype(np.float32))
    else:
        seal.write_bytes(b'{"library": "../../..", "folder": 7, "collection": "x/../y"}')
    connection.close()
    with Archive(tmp_path, HashEmbedder, chroma=chroma) as archive:
        assert not archive.vectors_ready
        assert [h.chunk for h in archive.retrieve("工业投资", 5)] == [h.chunk for h in before]
        archive.build_in_background()
        archive.wait_for_build()
        _until(lambda: archive.vectors_ready)
        assert archive.retrieve("工业投资", 5) == before
        assert len(_collections(tmp_path, running)) == 1
    with Archive(tmp_path, HashEmbedder, chroma=chroma) as archive:
        assert archive.vectors_ready


def test_a_collection_that_goes_while_it_is_used_is_built_anew(
    archive: Archive, running: ChromaRun
) -> None:
    before = archive.retrieve(_QUESTION, 5)
    running.drop(next(iter(_collections(archive.folder, running))))
    assert archive.retrieve(_QUESTION, 5) == before
    _until(lambda: archive.vectors_ready)
    assert archive.retrieve(_QUESTION, 5) == before


def test_a_change_that_somebody_else_made_is_not_built_upon(
    archive: Archive, chroma: ChromaServer, running: ChromaRun
) -> None:
    (name,) = _collections(archive.folder, running)
    connection = Connection(chroma)
    collection = connection.collection(name)
    collection.label({**collection.metadata, "revision": 99})
    connection.close()
    archive.add("/乙.txt", "乙.txt", _THIRD)
    _until(lambda: archive.vectors_ready)
    assert name not in running.names()
    assert "2.4%" in archive.retrieve("乙区工业投资", 1)[0].chunk.text


class _Fails:
    """A language model that gives nothing."""

    budget = 1000

    def write(self, messages: Sequence[Message]) -> Iterator[str]:
        raise WritingError("语言模型出错（Test）")


def test_chat_api_and_library_page_say_that_the_index_does_not_answer(
    tmp_path: Path, embedder: Interrupted
) -> None:
    nobody = ChromaServer.at("http://127.0.0.1:9")
    settings = Settings(data=tmp_path)
    with Archive(tmp_path, lambda: embedder, chroma=nobody) as archive:
        archive.add("/甲.txt", "甲.txt", _ONE)
        desk = LocalDesk(archive, Assistant(archive, RuleReader()))
        assert "没有应答" in desk.ask(_QUESTION)["note"]
        for question in (_QUESTION, "丙区出口增长多少"):
            *_, talk = answer(desk, question, Talk(), Tally(desk, settings))
            assert isinstance(talk, Talk)
            assert "没有应答" in talk.shown()[-1]["content"]
        site = app.create_site(desk, settings, "token").app
        with TestClient(site, base_url="http://127.0.0.1") as client:
            assert client.get("/page/state").json()["away"] is True
        worded = Assistant(archive, RuleReader(), writer=_Fails()).ask(_QUESTION)
        assert "语言模型出错" in worded.note
        assert "没有应答" in worded.note


@pytest.mark.soak
def test_a_server_killed_again_and_again_while_it_writes_loses_nothing_for_good(
    tmp_path: Path, running: ChromaRun, chroma: ChromaServer
) -> None:
    """After each of 5 kills, every vector of what was acknowledged is found by itself."""
    rng = np.random.default_rng(11)
    added = 0
    with Archive(tmp_path, HashEmbedder, chroma=chroma) as archive:
        archive.mend_in_background(every=0.1)
        for _ in range(5):
            killer = threading.Timer(float(rng.uniform(0.0, 3.0)), running.kill)
            killer.start()
            while killer.is_alive():
                added += 1
                numbers = rng.integers(10**9, size=(300, 12))
                text = "\n".join(f"通知{' '.join(map(str, line))}。" for line in numbers)
                assert archive.add(f"/{added}.txt", f"{added}.txt", text.encode()).chunks > 100
            running.start()
            _until(lambda: archive.vectors_ready)
            assert len(archive.entries()) == added
            assert _lost(tmp_path, chroma) == []


def _lost(folder: Path, chroma: ChromaServer) -> list[str]:
    """The chunks of a library that its collection does not find by their own vectors."""
    library = Library(folder / "library.sqlite3")
    connection = Connection(chroma)
    try:
        ids, vectors = library.embeddings()
        named = json.loads((folder / "vectors" / "served.json").read_bytes())["collection"]
        collection = connection.collection(named)
        assert collection.count() == len(ids)
        return [
            chunk_id
            for at in range(0, len(ids), 100)
            for chunk_id, found in zip(
                ids[at : at + 100],
                collection.nearest(vectors[at : at + 100], TIES, 30.0),
                strict=True,
            )
            if not found_itself(chunk_id, found)
        ]
    finally:
        connection.close()
        library.close()
