"""A full disk, a folder that cannot be written: said clearly, nothing by halves, and reads go on."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from index.archive import Archive
from index.errors import LibraryError
from qa.remote import Owner
from tests.conftest import HashEmbedder

_BLOCK = 4096


def _report(number: int) -> bytes:
    lines = [
        f"第{number}号项目第{line}期完成投资{number}{line:03}万元，进度正常。" for line in range(40)
    ]
    return "\n\n".join([f"第{number}号项目", *lines]).encode()


class Disk(NamedTuple):
    """A disk of a few megabytes, which can be filled up and emptied again."""

    folder: Path

    def fill(self, leave: int) -> None:
        """Leave so many bytes."""
        free = shutil.disk_usage(self.folder).free
        with (self.folder / "ballast").open("ab") as ballast:
            ballast.write(b"\0" * max(0, free - leave))

    def empty(self) -> None:
        (self.folder / "ballast").unlink()


def _mounted(*options: str) -> bool:
    command = ["mount", *options]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if not _mounted("-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)):
        pytest.skip("only who may mount can make a small disk: run the tests as root for this one")
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _add(archive: Archive, number: int) -> str:
    return archive.add(f"/{number}.txt", f"{number}.txt", _report(number)).document_id


def _add_all(archive: Archive, added: list[str]) -> None:
    for number in range(len(added), 99):
        added.append(_add(archive, number))


@pytest.mark.parametrize(
    "leave", [3 * _BLOCK, *(pytest.param(n * _BLOCK, marks=pytest.mark.soak) for n in (0, 40, 250))]
)
def test_a_full_disk_is_said_nothing_is_half_stored_and_reads_go_on(disk: Disk, leave: int) -> None:
    with Archive(disk.folder / "library", HashEmbedder, min_free=0) as archive:
        added = [_add(archive, number) for number in range(3)]
        disk.fill(leave)
        with pytest.raises(LibraryError, match="磁盘"):
            _add_all(archive, added)
        for number, document_id in enumerate(added):
            mark = f"第{number}号项目第7期完成投资{number}007万元"
            hits = [h.chunk for h in archive.retrieve(mark, 10) if mark in h.chunk.text]
            assert [chunk.document_id for chunk in hits] == [document_id]
        assert {entry.id for entry in archive.entries()} == set(added)
        disk.empty()
        added.append(_add(archive, len(added)))
        archive.build_in_background()
        archive.wait_for_build()
        assert [found.told for found in archive.examine() if not found.sound] == []
    with Archive(disk.folder / "library", HashEmbedder) as archive:
        assert archive.vectors_ready
        assert {entry.id for entry in archive.entries()} == set(added)
        assert [found.told for found in archive.examine() if not found.sound] == []


def test_a_full_disk_lets_documents_be_removed(disk: Disk) -> None:
    """What makes room must not need much."""
    with Archive(disk.folder / "library", HashEmbedder, min_free=0) as archive:
        added = [_add(archive, number) for number in range(3)]
        disk.fill(100 * _BLOCK)
        archive.remove(added[0])
        assert {entry.id for entry in archive.entries()} == set(added[1:])


def test_below_the_floor_nothing_is_taken_in(archive: Archive) -> None:
    kept = archive.add("/0.txt", "0.txt", _report(0))
    archive._min_free = 1 << 60
    with pytest.raises(LibraryError, match="磁盘空间不足"):
        archive.add("/1.txt", "1.txt", _report(1))
    with pytest.raises(LibraryError, match="磁盘空间不足"):
        archive.reindex(kept.document_id)
    assert archive.add("/0.txt", "0.txt", _report(0)).status == "unchanged"
    archive.remove(kept.document_id)
    assert archive.entries() == ()


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A library on a disk that cannot be written."""
    kept = tmp_path / "kept"
    with Archive(kept, HashEmbedder) as archive:
        archive.add("/0.txt", "0.txt", _report(0))
    folder = tmp_path / "read only"
    folder.mkdir()
    if _mounted("--bind", str(kept), str(folder)):
        _mounted("-o", "remount,bind,ro", str(folder))
        yield folder
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
    elif os.geteuid() != 0:
        kept.chmod(0o500)
        yield kept
        kept.chmod(0o700)
    else:
        pytest.skip("root writes every folder, and may not mount one here")


def test_a_library_that_cannot_be_written_is_read_by_any_number(read_only: Path) -> None:
    with (
        Archive(read_only, HashEmbedder) as archive,
        closing(Archive(read_only, HashEmbedder)) as other,
    ):
        for each in (archive, other):
            each.build_in_background()
            [best, *_] = each.retrieve("第0号项目第7期投资0007万元", 5)
            assert "第7期" in best.chunk.text
        [entry] = archive.entries()
        for change in (
            lambda: archive.add("/1.txt", "1.txt", _report(1)),
            lambda: archive.remove(entry.id),
            lambda: archive.reindex(entry.id),
        ):
            with pytest.raises(LibraryError, match="只读"):
                change()
        assert archive.entries() == (entry,)
    with pytest.raises(LibraryError, match="权限"):
        Owner.announce(read_only, "http://127.0.0.1:1")


def test_what_was_committed_last_is_not_missed_in_a_library_that_cannot_be_written(
    read_only: Path,
) -> None:
    """A journal that was never merged, as a crash leaves it, is read as well."""
    kept = read_only.parent / "kept"
    # Its connections are left open, so that nothing is merged.
    owner = Archive(kept, HashEmbedder)
    owner.add("/1.txt", "1.txt", _report(1))
    assert (kept / "library.sqlite3-wal").stat().st_size
    with Archive(read_only, HashEmbedder) as archive:
        assert len(archive.entries()) == 2
    owner.close()


def test_a_data_folder_that_is_a_file_is_said_clearly(tmp_path: Path) -> None:
    (tmp_path / "library").write_bytes(b"")
    with pytest.raises(LibraryError, match="--data"):
        Archive(tmp_path / "library", HashEmbedder)
