"""The files as they were added, by the hash of their bytes: what a page is shown from or read anew.

A file stands under its own name only when it is whole. Which of them are still wanted is known to
the library; index/archive.py passes it on. A library filled before there were originals has none.
"""

import hashlib
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from index.durable import write_durably
from index.errors import LibraryError


class Originals:
    """The folder of original files. One change at a time; reads from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, digest: str) -> Path | None:
        """Where the bytes of this hash are, or None."""
        file = self._folder / digest
        return file if file.is_file() else None

    def keep(self, digest: str, data: bytes) -> None:
        """Store bytes under their hash; when this returns, they are on disk."""
        if self.path(digest) is not None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_durably(self._folder / digest, data)
        except OSError as error:
            raise LibraryError(
                f"保存原文件失败：{error.strerror}。资料库未改动。请检查磁盘空间与文件夹权限后重试。"
            ) from error

    def is_whole(self, digest: str) -> bool:
        """Whether the bytes of this hash are here, and still those."""
        file = self.path(digest)
        if file is None:
            return False
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest() == digest

    def strays(self, wanted: Collection[str]) -> tuple[str, ...]:
        """The files that are not wanted, and drafts."""
        if not self._folder.is_dir():
            return ()
        files = (file for file in self._folder.iterdir() if file.is_file())
        return tuple(file.name for file in files if file.name not in wanted)

    def drop(self, digests: Iterable[str]) -> None:
        """Remove the files of these hashes; one that is in use is swept another time."""
        for digest in digests:
            with suppress(OSError):
                (self._folder / digest).unlink()

    def sweep(self, wanted: Collection[str]) -> None:
        """Remove what is not wanted, and drafts: what a crash left between two steps."""
        self.drop(self.strays(wanted))
