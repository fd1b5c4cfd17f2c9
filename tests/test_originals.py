"""The files as they were added: whole or not there, and gone with the last path that had them."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from index.archive import Archive
from index.errors import LibraryError, LoadError, UnknownDocument
from index.load import load
from index.originals import Originals
from index.types import Document
from tests.conftest import HashEmbedder

_ONE = "甲区年报\n甲区完成工业投资12.5亿元，同比增长8.1%。\n".encode()
_TWO = "甲区年报\n甲区完成工业投资13.9亿元，同比增长11.2%。\n".encode()


def _files(archive: Archive) -> set[str]:
    return {file.name for file in (archive.folder / "files").glob("*")}


def _named(*contents: bytes) -> set[str]:
    return {sha256(content).hexdigest() for content in contents}


def test_an_added_file_is_kept_as_it_is(archive: Archive) -> None:
    added = archive.add("/甲.txt", "甲.txt", _ONE)
    original = archive.original(added.document_id)
    assert original is not None
    assert original.read_bytes() == _ONE
    assert _files(archive) == _named(_ONE)


def test_a_new_version_takes_the_place_of_the_old(archive: Archive) -> None:
    archive.add("/甲.txt", "甲.txt", _ONE)
    archive.add("/甲.txt", "甲.txt", _TWO)
    assert _files(archive) == _named(_TWO)


def test_a_file_lives_as_long_as_a_path_has_it(archive: Archive) -> None:
    first = archive.add("/甲.txt", "甲.txt", _ONE)
    archive.add("/乙.txt", "乙.txt", _ONE)
    archive.add("/甲.txt", "甲.txt", _TWO)
    assert _files(archive) == _named(_ONE, _TWO)
    archive.remove(first.document_id)
    assert _files(archive) == _named(_TWO)


def test_two_files_of_one_content_are_both_kept(archive: Archive) -> None:
    added = archive.add("/甲.txt", "甲.txt", _ONE)
    archive.add("/乙.txt", "乙.txt", _ONE + b"\n")
    assert len(archive.entries()) == 1
    assert _files(archive) == _named(_ONE, _ONE + b"\n")
    archive.remove(added.document_id)
    assert _files(archive) == set()


def test_a_file_that_gives_no_text_is_not_kept(archive: Archive) -> None:
    with pytest.raises(LoadError):
        archive.add("/空.txt", "空.txt", b" ")
    assert _files(archive) == set()


def test_what_a_crash_left_is_swept_when_the_folder_is_opened(tmp_path: Path) -> None:
    with Archive(tmp_path, HashEmbedder) as archive:
        archive.add("/甲.txt", "甲.txt", _ONE)
        (tmp_path / "files" / ("0" * 64)).write_bytes(b"kept, but never committed")
        (tmp_path / "files" / ("1" * 64 + ".new")).write_bytes(b"half")
        (tmp_path / "files" / "of somebody").mkdir()
    with Archive(tmp_path, HashEmbedder) as archive:
        assert _files(archive) == _named(_ONE) | {"of somebody"}


def test_a_library_without_originals_works_and_gets_them_back(archive: Archive) -> None:
    added = archive.add("/甲.txt", "甲.txt", _ONE)
    (archive.folder / "files" / sha256(_ONE).hexdigest()).unlink()
    assert archive.original(added.document_id) is None
    assert archive.reindex(added.document_id).document_id == added.document_id
    assert archive.add("/甲.txt", "甲.txt", _ONE).status == "unchanged"
    assert archive.original(added.document_id) is not None


def test_a_file_is_whole_under_its_name_or_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power goes while the bytes are being written: nothing stands under the hash."""

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    originals = Originals(tmp_path)
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(LibraryError, match="磁盘空间"):
        originals.keep("a" * 64, b"bytes")
    assert originals.path("a" * 64) is None


def test_a_file_that_cannot_be_kept_is_not_added(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    (archive.folder / "files").write_bytes(b"in the way")
    with pytest.raises(LibraryError, match="原文件"):
        archive.add("/甲.txt", "甲.txt", _ONE)
    assert archive.entries() == ()


@pytest.mark.parametrize("kept", [True, False])
def test_a_document_read_anew_is_found_as_before(archive: Archive, kept: bool) -> None:
    added = archive.add("/甲.txt", "甲.txt", _ONE)
    archive.add("/食堂.txt", "食堂.txt", "食堂通知\n食堂周三供应面条。\n".encode())
    before = archive.retrieve("甲区工业投资", 5)
    if not kept:
        (archive.folder / "files" / sha256(_ONE).hexdigest()).unlink()
    again = archive.reindex(added.document_id)
    assert (again.document_id, again.chunks) == (added.document_id, 1)
    assert archive.retrieve("甲区工业投资", 5) == before
    assert len(archive.entries()) == 2


def test_a_reader_that_has_learned_gives_the_document_a_new_text(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = archive.add("/甲.txt", "甲.txt", _ONE)
    archive.add("/另一处/甲.txt", "甲.txt", _ONE)
    loaded = load("甲.txt", _TWO)
    monkeypatch.setattr("index.archive.load", lambda *_, **__: loaded)
    again = archive.reindex(old.document_id)
    assert again.document_id == loaded.id != old.document_id
    [entry] = archive.entries()
    assert (entry.id, set(entry.paths)) == (loaded.id, {"/另一处/甲.txt", "/甲.txt"})
    assert [hit.chunk.document_id for hit in archive.retrieve("工业投资", 5)] == [loaded.id]
    assert _files(archive) == _named(_ONE)


def test_a_document_removed_meanwhile_stays_removed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = archive.add("/甲.txt", "甲.txt", _ONE)

    def remove_and_load(*_: object, **__: object) -> Document:
        archive.remove(added.document_id)
        return load("甲.txt", _TWO)

    monkeypatch.setattr("index.archive.load", remove_and_load)
    with pytest.raises(UnknownDocument):
        archive.reindex(added.document_id)
    assert archive.entries() == ()
    assert archive.retrieve("工业投资", 5) == ()
