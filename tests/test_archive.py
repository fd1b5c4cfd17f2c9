"""A folder of documents: what is acknowledged is there, wholly, and found; whatever happens to Chroma."""

import random
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.chroma_run import chroma_running
from index.archive import Archive
from index.chroma_server import ChromaServer
from index.errors import LibraryBusy, LibraryError, LoadError, UnknownDocument, WrongModel
from index.library import Library
from index.load import load
from index.store import VectorStore
from index.types import Document
from tests.conftest import HashEmbedder

_ONE = "甲区年报\n甲区完成工业投资12.5亿元，同比增长8.1%。\n".encode()
_TWO = "甲区年报\n甲区完成工业投资13.9亿元，同比增长11.2%。\n".encode()
_OTHER = "食堂通知\n食堂周三供应面条。\n".encode()


@pytest.fixture(scope="module")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with chroma_running(tmp_path_factory.mktemp("chroma")) as server:
        yield ChromaServer.at(server.url)


# tests/test_served.py tries the server in the gate; all of this on it is for make soak.
@pytest.fixture(params=["folder", pytest.param("server", marks=pytest.mark.soak)])
def chroma(request: pytest.FixtureRequest) -> ChromaServer | None:
    """Where the vectors live: what the archive promises does not depend on it."""
    if request.param == "folder":
        return None
    server: ChromaServer = request.getfixturevalue("chroma_server")
    return server


@pytest.fixture
def archive(
    tmp_path: Path, embedder: HashEmbedder, chroma: ChromaServer | None
) -> Iterator[Archive]:
    with Archive(tmp_path / "library", lambda: embedder, chroma=chroma) as opened:
        yield opened
        # A failure of Chroma would have been made up for.
        assert opened.vectors_ready or not opened.entries()
        assert not opened.notice


def _found(archive: Archive, query: str) -> list[str]:
    return [hit.chunk.text for hit in archive.retrieve(query, 10)]


def test_a_document_is_found_as_soon_as_it_is_added(archive: Archive) -> None:
    added = archive.add("/甲.txt", "甲.txt", _ONE)
    assert (added.status, added.chunks) == ("added", 1)
    assert "12.5亿元" in _found(archive, "工业投资")[0]
    document = archive.document(added.document_id)
    assert all(c.text == c.span.of(document.text) for c in archive.chunks_of(document.id))


def test_the_list_follows_every_change(archive: Archive) -> None:
    one = archive.add("/甲.txt", "甲.txt", _ONE).document_id
    assert [entry.paths for entry in archive.entries()] == [("/甲.txt",)]
    archive.add("/乙.txt", "乙.txt", _ONE)
    assert [set(entry.paths) for entry in archive.entries()] == [{"/甲.txt", "/乙.txt"}]
    assert archive.entries() == archive.entries()
    archive.remove(one)
    assert archive.entries() == ()


def test_chosen_documents_are_searched_alone(archive: Archive) -> None:
    one = archive.add("/甲.txt", "甲.txt", _ONE).document_id
    other = archive.add("/食堂.txt", "食堂.txt", _OTHER).document_id
    everything = archive.retrieve("工业投资", 10)
    assert {hit.chunk.document_id for hit in everything} == {one, other}
    assert archive.retrieve("工业投资", 10, within=[one, other]) == everything
    assert {h.chunk.document_id for h in archive.retrieve("工业投资", 10, [other])} == {other}
    assert archive.retrieve("工业投资", 10, within=[]) == ()
    assert archive.retrieve("工业投资", 10, within=["unknown"]) == ()


def test_a_document_is_found_by_a_beginning_of_its_id_that_is_its_alone(archive: Archive) -> None:
    one = archive.add("/甲.txt", "甲.txt", _ONE).document_id
    archive.add("/食堂.txt", "食堂.txt", _OTHER)
    for length in (4, 8, len(one)):
        assert archive.document(one[:length]).id == one
    for unknown in ("", one[:3], one[:4] + "~", one + "0", "%", "\U0010ffff"):
        with pytest.raises(UnknownDocument, match="没有编号"):
            archive.document(unknown)


def test_two_documents_of_one_beginning_are_told_apart_by_a_longer_one(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = iter([("abcd1", _ONE), ("abcd2", _TWO)])

    def as_numbered(source: str, data: bytes, *, max_bytes: int) -> Document:
        number, _ = next(read)
        return replace(load(source, data, max_bytes=max_bytes), id=number)

    monkeypatch.setattr("index.archive.load", as_numbered)
    for path, data in (("/甲.txt", _ONE), ("/乙.txt", _TWO)):
        archive.add(path, path[1:], data)
    with pytest.raises(UnknownDocument, match="有 2 个文档"):
        archive.document("abcd")
    assert archive.document("abcd2").id == "abcd2"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files as Linux does")
def test_threads_that_have_ended_leave_no_open_files(archive: Archive) -> None:
    archive.add("/甲.txt", "甲.txt", _ONE)

    def asked_by(count: int) -> int:
        for _ in range(count):
            asking = threading.Thread(target=archive.retrieve, args=("工业投资", 10))
            asking.start()
            asking.join()
        return len(list(Path("/proc/self/fd").iterdir()))

    once = asked_by(1)
    assert asked_by(20) <= once + 3


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Twelve documents of ten passages, no two of which say the same."""
    words = (
        "工业 投资 绿化 面积 用电 就业 港口 货运 学校 床位 耕地 粮食 专利 游客 公交 住房".split()
    )
    drawn = random.Random(7)
    with Archive(tmp_path_factory.mktemp("many"), HashEmbedder) as archive:
        for n in range(12):
            lines = ["".join(drawn.choices(words, k=60)) + "。" for _ in range(10)]
            archive.add(f"/{n}.txt", f"{n}.txt", "\n".join(lines).encode())
        yield archive


@pytest.mark.parametrize("every", [1, 2, 5])
@pytest.mark.parametrize("query", ["工业投资", "港口的货运专利是多少", "没有的东西"])
def test_many_chosen_documents_give_what_searching_them_alone_gives(
    many: Archive, monkeypatch: pytest.MonkeyPatch, every: int, query: str
) -> None:
    chosen = sorted(entry.id for entry in many.entries())[::every]
    found = many.retrieve(query, 12, chosen)
    monkeypatch.setattr("index.archive._MANY", 2.0)
    assert found == many.retrieve(query, 12, chosen)
    assert len(found) == 12
    assert {hit.chunk.document_id for hit in found} <= set(chosen)


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(0, 2), st.booleans()), max_size=5))
@settings(max_examples=6, deadline=None)
def test_the_list_is_what_a_fresh_look_at_the_library_lists(
    steps: list[tuple[str, int, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, Archive(Path(folder), HashEmbedder) as archive:
        for path, version, renewed in steps:
            added = archive.add(f"/{path}.txt", f"{path}.txt", (_ONE, _TWO, _OTHER)[version])
            if renewed:
                archive.reindex(added.document_id)
            elif version == 2 and path == "丙":
                archive.remove(added.document_id)
            library = Library(Path(folder) / "library.sqlite3")
            assert archive.entries() == library.entries()
            library.close()


def test_the_same_bytes_again_change_nothing(archive: Archive) -> None:
    first = archive.add("/甲.txt", "甲.txt", _ONE)
    again = archive.add("/甲.txt", "甲.txt", _ONE)
    assert (again.status, again.document_id) == ("unchanged", first.document_id)
    assert len(archive.entries()) == 1


def test_the_same_content_under_two_names_is_kept_once_and_lives_as_long_as_one_of_them(
    archive: Archive,
) -> None:
    first = archive.add("/甲.txt", "甲.txt", _ONE)
    copy = archive.add("/乙.txt", "乙.txt", _ONE)
    assert (copy.status, copy.document_id) == ("unchanged", first.document_id)
    assert "甲.txt" in copy.message
    archive.add("/甲.txt", "甲.txt", _OTHER)
    assert {entry.id for entry in archive.entries()} >= {first.document_id}
    assert any("12.5亿元" in text for text in _found(archive, "工业投资"))


def test_changed_content_under_one_name_replaces_the_old(archive: Archive) -> None:
    archive.add("/甲.txt", "甲.txt", _ONE)
    assert archive.add("/甲.txt", "甲.txt", _TWO).status == "replaced"
    found = "".join(_found(archive, "工业投资"))
    assert "13.9亿元" in found
    assert "12.5亿元" not in found


def test_a_bad_new_version_leaves_the_old_one_whole(archive: Archive) -> None:
    archive.add("/甲.txt", "甲.txt", _ONE)
    with pytest.raises(LoadError):
        archive.add("/甲.txt", "甲.txt", b"")
    assert "12.5亿元" in _found(archive, "工业投资")[0]


def test_a_removed_document_is_found_no_more(archive: Archive) -> None:
    added = archive.add("/甲.txt", "甲.txt", _ONE)
    archive.add("/食堂.txt", "食堂.txt", _OTHER)
    archive.remove(added.document_id[:6])
    assert not any("工业投资" in text for text in _found(archive, "工业投资"))
    with pytest.raises(UnknownDocument):
        archive.document(added.document_id)
    with pytest.raises(UnknownDocument):
        archive.remove(added.document_id)


def test_everything_is_there_after_reopening(tmp_path: Path, chroma: ChromaServer | None) -> None:
    with Archive(tmp_path, HashEmbedder, chroma=chroma) as archive:
        archive.add("/甲.txt", "甲.txt", _ONE)
        before = archive.retrieve("工业投资", 5)
    with Archive(tmp_path, HashEmbedder, chroma=chroma) as archive:
        assert archive.vectors_ready
        assert archive.retrieve("工业投资", 5) == before


def test_one_owner_at_a_time(tmp_path: Path) -> None:
    with Archive(tmp_path, HashEmbedder), pytest.raises(LibraryBusy, match="--data"):
        Archive(tmp_path, HashEmbedder)
    Archive(tmp_path, HashEmbedder).close()


def test_another_model_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with Archive(tmp_path, HashEmbedder) as archive:
        archive.add("/甲.txt", "甲.txt", _ONE)
    with Archive(tmp_path, lambda: HashEmbedder("other", 32)) as archive:
        with pytest.raises(WrongModel, match="--data"):
            archive.retrieve("工业投资", 5)
        with pytest.raises(WrongModel):
            archive.add("/食堂.txt", "食堂.txt", _OTHER)
        assert len(archive.entries()) == 1


def _flip(file: Path) -> None:
    """One bit of the middle byte."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))


def _truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def _remove(file: Path) -> None:
    file.unlink()


def _tear(file: Path) -> None:
    file.write_bytes(b"torn" * 1000)


def _to(name: str, damage: Callable[[Path], object]) -> Callable[[Path, Path], object]:
    return lambda _, generation: damage(next(generation.rglob(name)))


_DAMAGES: dict[str, Callable[[Path, Path], object]] = {
    "no folder": lambda vectors, _: shutil.rmtree(vectors),
    "no generation": lambda _, generation: shutil.rmtree(generation),
    "no seal": lambda _, generation: (generation / "SEAL").unlink(),
    "garbled seal": lambda _, generation: (generation / "SEAL").write_bytes(b"\xff\xfe"),
    "no pointer": lambda vectors, _: (vectors / "CURRENT").unlink(),
    "pointer to nothing": lambda vectors, _: (vectors / "CURRENT").write_bytes(b"gen-9"),
    "empty pointer": lambda vectors, _: (vectors / "CURRENT").write_bytes(b""),
    "garbled pointer": lambda vectors, _: (vectors / "CURRENT").write_bytes(b"\xff\x00"),
    "pointer elsewhere": lambda vectors, _: (vectors / "CURRENT").write_bytes(b"../files"),
    **{
        f"{name}, {kind}": _to(name, damage)
        for name in ("chroma.sqlite3", "data_level0.bin", "header.bin", "length.bin")
        for kind, damage in {
            "flipped": _flip,
            "truncated": _truncate,
            "torn": _tear,
            "missing": _remove,
        }.items()
    },
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two documents, to be copied."""
    folder = tmp_path_factory.mktemp("filled")
    with Archive(folder, HashEmbedder) as archive:
        archive.add("/甲.txt", "甲.txt", _ONE)
        archive.add("/食堂.txt", "食堂.txt", _OTHER)
    return folder


def _damaged(filled: Path, folder: Path, damage: str) -> Path:
    shutil.copytree(filled, folder)
    vectors = folder / "vectors"
    _DAMAGES[damage](vectors, next(vectors.glob("gen-*")))
    return folder


@pytest.mark.parametrize("damage", _DAMAGES)
def test_a_vector_index_that_may_be_torn_is_not_opened(
    filled: Path, tmp_path: Path, damage: str
) -> None:
    with Archive(_damaged(filled, tmp_path / "damaged", damage), HashEmbedder) as archive:
        assert not archive.vectors_ready
        assert "12.5亿元" in _found(archive, "工业投资")[0]


@pytest.mark.parametrize("damage", ["no folder", "garbled pointer", "data_level0.bin, flipped"])
def test_it_is_built_anew_in_the_background(filled: Path, tmp_path: Path, damage: str) -> None:
    with Archive(shutil.copytree(filled, tmp_path / "sound"), HashEmbedder) as archive:
        assert archive.vectors_ready
        before = archive.retrieve("工业投资", 5)
    folder = _damaged(filled, tmp_path / "damaged", damage)
    with Archive(folder, HashEmbedder) as archive:
        archive.build_in_background()
        archive.wait_for_build()
        assert archive.vectors_ready
        assert archive.retrieve("工业投资", 5) == before
    with Archive(folder, HashEmbedder) as archive:
        assert archive.vectors_ready


def test_a_folder_of_originals_that_is_gone_takes_nothing_else_along(
    filled: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(filled, tmp_path / "damaged")
    shutil.rmtree(folder / "files")
    with Archive(folder, HashEmbedder) as archive:
        assert archive.vectors_ready
        assert "12.5亿元" in _found(archive, "工业投资")[0]
        again = archive.add("/甲.txt", "甲.txt", _ONE)
        assert again.status == "unchanged"
        assert archive.original(again.document_id) is not None


def test_an_index_that_was_sealed_wrong_is_found_by_its_vectors(tmp_path: Path) -> None:
    """Chroma lost a vector and has another in its place: count and files are as they were sealed."""
    with Archive(tmp_path, HashEmbedder) as archive:
        lost = archive.add("/甲.txt", "甲.txt", _ONE).document_id
        archive.add("/食堂.txt", "食堂.txt", _OTHER)
        [chunk] = archive.chunks_of(lost)
        other = HashEmbedder().embed_passages(["别的"])
        archive._store.change(["nobody"], other, [chunk.id], (2, 2))
    with Archive(tmp_path, HashEmbedder) as archive:
        assert not archive.vectors_ready
        assert {h.chunk.document_id for h in archive.retrieve("工业投资", 5)} > {lost}


def test_a_running_archive_finds_a_wrong_index_and_mends_it(tmp_path: Path) -> None:
    with Archive(tmp_path, HashEmbedder) as archive:
        added = archive.add("/甲.txt", "甲.txt", _ONE)
        [chunk] = archive.chunks_of(added.document_id)
        before = archive.retrieve("工业投资", 5)
        archive._store.change([], HashEmbedder().embed_passages([]), [chunk.id], (1, 1))
        archive.watch(every=0.01)
        for _ in range(500):
            if archive.vectors_ready and archive.retrieve("工业投资", 5) == before:
                break
            time.sleep(0.01)
        else:
            pytest.fail("the index stayed wrong")


def test_a_change_that_was_broken_off_is_not_sealed_as_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C between the commit in SQLite and the change in Chroma; the count stays the same."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with Archive(tmp_path, HashEmbedder) as archive:
        archive.add("/甲.txt", "甲.txt", _ONE)
        monkeypatch.setattr(VectorStore, "change", interrupt)
        with pytest.raises(KeyboardInterrupt):
            archive.add("/甲.txt", "甲.txt", _TWO)
        monkeypatch.undo()
    with Archive(tmp_path, HashEmbedder) as archive:
        assert not archive.vectors_ready
        assert "13.9亿元" in _found(archive, "工业投资")[0]


@pytest.mark.parametrize("chroma", [None])
def test_a_panic_of_chroma_is_met_by_exact_search(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PanicException(BaseException):
        """What Rust's panics are in Python."""

    def panic(*_: object, **__: object) -> None:
        raise PanicException("range start index out of range")

    archive.add("/甲.txt", "甲.txt", _ONE)
    assert isinstance(archive._store, VectorStore)
    monkeypatch.setattr(archive._store._collection, "query", panic)
    assert "12.5亿元" in _found(archive, "工业投资")[0]
    assert not archive.vectors_ready
    monkeypatch.setattr("index.store._connect", panic)
    assert archive.add("/食堂.txt", "食堂.txt", _OTHER).status == "added"
    assert any("食堂" in text for text in _found(archive, "食堂周三"))
    monkeypatch.undo()
    archive.build_in_background()
    archive.wait_for_build()
    assert archive.vectors_ready


def test_a_revision_the_index_has_not_seen_is_not_trusted(tmp_path: Path) -> None:
    """A kill between the commit in SQLite and the change in Chroma, told by the seal."""
    with Archive(tmp_path, HashEmbedder) as archive:
        archive.add("/甲.txt", "甲.txt", _ONE)
    seal = next((tmp_path / "vectors").glob("gen-*")) / "SEAL"
    seal.write_text("0", encoding="ascii")
    with Archive(tmp_path, HashEmbedder) as archive:
        assert not archive.vectors_ready


def test_a_library_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    Archive(tmp_path, HashEmbedder).close()
    with sqlite3.connect(tmp_path / "library.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LibraryError, match="较新版本"):
        Archive(tmp_path, HashEmbedder)


def test_a_damaged_library_is_a_clear_error_and_frees_the_lock(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite3").write_bytes(b"not a database at all" * 100)
    for _ in range(2):
        with pytest.raises(LibraryError, match=r"library\.sqlite3"):
            Archive(tmp_path, HashEmbedder)


def test_an_empty_library_finds_nothing(archive: Archive) -> None:
    assert archive.retrieve("工业投资", 5) == ()
