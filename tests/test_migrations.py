"""A library of an older format becomes one of today's and answers the same; nothing half done."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path

import pytest

from index import migrations
from index.archive import Archive
from index.errors import LibraryError
from index.load import LOADER_VERSION, load
from index.retrieve import CONSTANT
from index.types import Document, Section, Span
from tests.conftest import ROOT, HashEmbedder

_OLD = ROOT / "tests/library-format-1.sql"
# What the version that wrote that library found in it, best first, and at which ranks.
_FOUND_THEN: dict[str, list[tuple[str, tuple[int, ...]]]] = {
    "苇塘区工业投资": [("702348ac2700bf1a:11-48", (1, 2)), ("702348ac2700bf1a:48-73", (1, 3))],
    "值班": [("87b693a54037c3a9:0-25", (1, 1)), ("8cfc62167a95c609:0-23", (2,))],
    "荞麦面": [("8cfc62167a95c609:0-23", (1, 1)), ("702348ac2700bf1a:11-48", (2,))],
}
_NOTICE = "值班通知\n国庆期间值班由办公室副主任孟晓岚负责。\n".encode()
_REPORT = (
    "# 苇塘区2023年年报\n\n## 一、投资\n\n2023年，苇塘区完成工业投资38.6亿元，同比增长7.4%。\n\n"
    "## 二、就业\n\n2023年，苇塘区新增就业1.9万人。\n"
).encode()


def _embedder() -> HashEmbedder:
    return HashEmbedder(dimension=16)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "library.sqlite3")) as connection:
        connection.executescript(_OLD.read_text(encoding="utf-8"))
    return tmp_path


@pytest.fixture
def old(folder: Path) -> Iterator[Archive]:
    with Archive(folder, _embedder) as archive:
        yield archive


def _schema(folder: Path) -> tuple[int, set[str]]:
    with closing(sqlite3.connect(folder / "library.sqlite3")) as connection:
        tables = connection.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL").fetchall()
        return migrations.format_of(connection), {" ".join(row[0].split()) for row in tables}


def test_a_library_of_format_1_finds_what_it_found(old: Archive) -> None:
    for query, expected in _FOUND_THEN.items():
        found = {hit.chunk.id: hit.score for hit in old.retrieve(query, 2)}
        assert list(found) == [chunk_id for chunk_id, _ in expected]
        fused = [sum(1 / (CONSTANT + rank) for rank in ranks) for _, ranks in expected]
        assert list(found.values()) == pytest.approx(fused)
    paths = {path for entry in old.entries() for path in entry.paths}
    assert paths == {"/年报.md", "/通知.txt", "/抄送/通知.txt", "/食堂.html"}
    assert old.add("/新.txt", "新.txt", "苇塘区新建公园3座。\n".encode()).status == "added"
    assert old.remove("8cfc62167a95c609").title == "食堂安排"


def test_an_older_library_comes_to_look_like_a_new_one(folder: Path, tmp_path: Path) -> None:
    Archive(folder, _embedder).close()
    Archive(tmp_path / "new", _embedder).close()
    assert _schema(folder) == _schema(tmp_path / "new")
    assert _schema(folder)[0] == migrations.FORMAT


def test_a_step_that_fails_leaves_the_library_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _schema(folder)
    failing = (*migrations.STEPS[:1], ("CREATE TABLE half (done)", "SELECT nonsense"))
    monkeypatch.setattr(migrations, "STEPS", failing)
    with pytest.raises(LibraryError, match=r"library\.sqlite3"):
        Archive(folder, _embedder)
    assert _schema(folder) == before
    monkeypatch.undo()
    with Archive(folder, _embedder) as archive:
        assert len(archive.entries()) == 3


# -- what an older loader read -----------------------------------------------------------------


def test_unchanged_bytes_are_read_anew_once_under_a_later_loader(
    old: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[str] = []

    def reading(source: str, data: bytes, **limits: int) -> Document:
        reads.append(source)
        return load(source, data, **limits)

    monkeypatch.setattr("index.archive.load", reading)
    before = {entry.id: entry.added for entry in old.entries()}
    assert old.original("87b693a54037c3a9") is None
    assert old.add("/通知.txt", "通知.txt", _NOTICE).status == "unchanged"
    assert {entry.id: entry.added for entry in old.entries()} == before
    assert old.original("87b693a54037c3a9") is not None
    assert len(reads) == 1
    assert old.add("/通知.txt", "通知.txt", _NOTICE).status == "unchanged"
    assert len(reads) == 1


def test_what_a_later_loader_reads_otherwise_takes_the_place_of_what_stood_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive(folder, _embedder) as archive:
        archive.add("/通知.txt", "通知.txt", _NOTICE)
        monkeypatch.setattr("index.archive.LOADER_VERSION", LOADER_VERSION + 1)
        learned = load("通知.txt", _NOTICE.replace("副主任".encode(), "主任".encode()))
        monkeypatch.setattr("index.archive.load", lambda *_, **__: learned)
        added = archive.add("/通知.txt", "通知.txt", _NOTICE)
        assert (added.status, added.document_id) == ("replaced", learned.id)
        # The other path has not been added again: what it stands for is there until it is.
        paths = {entry.id: entry.paths for entry in archive.entries()}
        assert paths["87b693a54037c3a9"] == ("/抄送/通知.txt",)
        assert archive.add("/抄送/通知.txt", "通知.txt", _NOTICE).status == "replaced"
        assert "87b693a54037c3a9" not in {entry.id for entry in archive.entries()}
        assert archive.original(learned.id) is not None
        monkeypatch.setattr("index.archive.load", lambda *_, **__: pytest.fail("read again"))
        assert archive.add("/通知.txt", "通知.txt", _NOTICE).status == "unchanged"


def test_other_sections_of_the_same_text_are_taken_over(
    old: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = load("年报.md", _REPORT)
    whole = replace(read, sections=(Section("年报", Span(0, len(read.text))),))
    monkeypatch.setattr("index.archive.load", lambda *_, **__: whole)
    assert old.add("/年报.md", "年报.md", _REPORT).status == "unchanged"
    assert old.document(read.id).sections == whole.sections
    assert {chunk.heading for chunk in old.chunks_of(read.id)} == {"年报"}
    assert old.retrieve("苇塘区工业投资", 1)[0].chunk.heading == "年报"


# The loader's version, and the hash of all that it makes of the samples.
_READ = (2, "8f3d86e15e79a893")


def test_a_loader_that_reads_the_samples_otherwise_has_another_version() -> None:
    told = sha256()
    for file in sorted((ROOT / "samples").iterdir()):
        document = load(file.name, file.read_bytes())
        told.update(json.dumps(asdict(document), ensure_ascii=False, sort_keys=True).encode())
    assert (LOADER_VERSION, told.hexdigest()[:16]) == _READ, (
        "the samples are read otherwise: raise LOADER_VERSION in index/load.py (unless it is the "
        "samples that changed) and write both here"
    )
