"""Paths as a person names them to the files to be taken in; reads no content."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Found:
    """A file to be taken in, or what stands in the way of it (`problem`, for the user)."""

    path: Path
    problem: str = ""

    @property
    def key(self) -> str:
        """What the library knows the file by: its whole path, as text that can be stored."""
        return storable(str(self.path.resolve()))

    @property
    def shown(self) -> str:
        """The path as it is printed: without what a terminal would act on."""
        return storable(str(self.path))


def storable(name: str) -> str:
    """A file name as valid text: undecodable bytes and control characters written out.

    >>> storable("报告\\udcff\\x1b.txt")
    '报告\\\\xff\\\\x1b.txt'
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def files_under(paths: Iterable[str | Path]) -> Iterator[Found]:
    """The files that paths name, folders walked in the order of names, hidden files left out."""
    for path in map(Path, paths):
        if path.is_dir():
            yield from _walk(path)
        elif path.exists():
            yield Found(path)
        else:
            yield Found(path, "没有这个文件或文件夹，请检查路径。")


def _walk(folder: Path) -> Iterator[Found]:
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        yield Found(folder, f"无法读取文件夹：{error.strerror}。请检查权限。")
        return
    for path in inside:
        # Dot files and the lock files of Office hold no text of the user's.
        if path.name.startswith((".", "~$")):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        elif path.is_file():
            yield Found(path)


def read_file(path: Path, max_mb: int) -> bytes:
    """The bytes of a file; ValueError, with a message for the user, if it is too large or unreadable."""
    try:
        size = path.stat().st_size
        if size > max_mb * 1_000_000:
            raise ValueError(
                f"文件有 {size / 1e6:.1f} MB，上限是 {max_mb} MB。请拆分文件，或设置 YOUJU_MAX_FILE_MB。"
            )
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"无法读取文件：{error.strerror}。请检查权限。") from error
