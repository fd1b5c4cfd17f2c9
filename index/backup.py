"""A data folder as one file, and a data folder made of such a file.

The file is a plain zip in which nothing is packed: `manifest.json`, and the parts that it names with
size and SHA-256. Parts have known names and no others: the two databases, each copied by SQLite's
own backup, the lines that people left, and the files as they were added. Chroma's vectors are not
among them, for they are made anew from the library. A backup is data from outside: it is checked
whole before anything of it stands in the folder. Who may write meanwhile is index/archive.py's
business.
"""

import json
import os
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from index import migrations
from index.durable import sync
from index.errors import LibraryError

FORMAT = 1
KIND = "youju-backup"
MANIFEST = "manifest.json"
LIBRARY = "library.sqlite3"
DATABASES = (LIBRARY, "access.sqlite3")
LINES = ("feedback.jsonl", "examples.txt", "lexicon.txt")
ORIGINALS = "files"
# What a copy is prepared in, inside the data folder; found there later, it is of one cut short.
DRAFTS = ("backup.new", "restore.new")

_ORIGINAL = re.compile(rf"{ORIGINALS}/([0-9a-f]{{64}})")
_BLOCK = 1 << 20
_MOST_MANIFEST = 100_000_000
_ENCRYPTED = 0x1

_FOREIGN = "{file} 不是 Youju 的备份，或没有复制完整（{why}）。请换一份备份。"
_DAMAGED = "备份 {file} 已损坏：{name} 与记录的校验值不符。请换一份备份，或重新复制一次。"
_NEWER = "备份 {file} 由较新版本的 Youju 写成。请用较新版本恢复。"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a backup: how many bytes, and their SHA-256."""

    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `made` is the time (ISO 8601, UTC), `library` the library's format."""

    made: str
    library: int
    documents: int
    chunks: int
    parts: Mapping[str, Part]

    @property
    def originals(self) -> int:
        """How many files there are as they were added."""
        return sum(bool(_ORIGINAL.fullmatch(name)) for name in self.parts)

    @property
    def size(self) -> int:
        """The bytes of all parts."""
        return sum(part.size for part in self.parts.values())

    def as_json(self) -> str:
        return json.dumps({"kind": KIND, "format": FORMAT, **asdict(self)}, indent=1)


# -- a folder to a file --------------------------------------------------------------------------


def write(folder: Path, to: IO[bytes]) -> Manifest:
    """Write a data folder that nobody changes meanwhile; LibraryError if there is no room."""
    draft = folder / DRAFTS[0]
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        return _write(folder, draft, to)
    except (OSError, sqlite3.Error) as error:
        raise LibraryError(
            f"备份没有写成：{error}。资料库未改动。请检查磁盘空间与文件夹权限后重试。"
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write(folder: Path, draft: Path, to: IO[bytes]) -> Manifest:
    parts: dict[str, Part] = {}
    with ZipFile(to, "w", ZIP_STORED) as archive:
        for name in DATABASES:
            if (folder / name).exists():
                _copy_database(folder / name, draft / name)
                parts[name] = _put(archive, name, draft / name)
        for name in LINES:
            if (folder / name).is_file():
                parts[name] = _put_bytes(archive, name, (folder / name).read_bytes())
        counted = _counted(draft / LIBRARY)
        for digest in counted.digests:
            if (folder / ORIGINALS / digest).is_file():
                name = f"{ORIGINALS}/{digest}"
                parts[name] = _put(archive, name, folder / name)
        made = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = Manifest(made, counted.format, counted.documents, counted.chunks, parts)
        _put_bytes(archive, MANIFEST, manifest.as_json().encode())
    return manifest


def _copy_database(source: Path, to: Path) -> None:
    """A database as it stands committed, in one file of its own."""
    with closing(sqlite3.connect(source, timeout=30)) as read, closing(sqlite3.connect(to)) as copy:
        read.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")


def _put(archive: ZipFile, name: str, source: Path) -> Part:
    with source.open("rb") as stream:
        return _put_stream(archive, name, stream, source.stat().st_size)


def _put_bytes(archive: ZipFile, name: str, data: bytes) -> Part:
    return _put_stream(archive, name, BytesIO(data), len(data))


def _put_stream(archive: ZipFile, name: str, stream: IO[bytes], size: int) -> Part:
    info = ZipInfo(name)
    info.external_attr = (stat.S_IFREG | 0o600) << 16
    info.file_size = size
    with archive.open(info, "w") as member:
        return _copy(stream, member)


def _copy(stream: IO[bytes], to: IO[bytes] | None) -> Part:
    """Copy, or only read, and say what it was."""
    digest, size = sha256(), 0
    while block := stream.read(_BLOCK):
        digest.update(block)
        size += len(block)
        if to is not None:
            to.write(block)
    return Part(size, digest.hexdigest())


def into(file: Path, fill: Callable[[IO[bytes]], object], *, force: bool = False) -> Manifest:
    """Have a backup written, check it, and only then let it stand under its name.

    It is for its user's eyes only. LibraryError if there is a file of that name, unless `force`.
    """
    if file.exists() and not force:
        raise LibraryError(f"{file} 已经存在。请换一个文件名，或加 --force 覆盖它。")
    draft = file.with_name(f".{file.name}.new")
    try:
        draft.unlink(missing_ok=True)
        with _private(draft) as stream:
            fill(stream)
        manifest = check(draft)
        draft.replace(file)
        sync(file.parent)
    except OSError as error:
        raise LibraryError(
            f"无法写入 {file}：{error.strerror}。请检查文件夹是否存在、可写，磁盘是否已满。"
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink()
    return manifest


@contextmanager
def _private(file: Path) -> Iterator[IO[bytes]]:
    """A new file for its user's eyes only, on disk when it is closed."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        yield stream
        stream.flush()
        os.fsync(descriptor)


# -- a file to a folder --------------------------------------------------------------------------


def check(file: Path) -> Manifest:
    """What a backup holds, every byte of it looked at; LibraryError if it is none or damaged."""
    with _opened(file) as (archive, manifest):
        for name, part in manifest.parts.items():
            _take(file, archive, name, part, None)
    return manifest


def restore(file: Path, folder: Path) -> Manifest:
    """Make a data folder of a backup, wholly or not at all; the folder is empty but for its lock."""
    draft = folder / DRAFTS[1]
    held = {entry.name for entry in folder.iterdir()} - {"owner.lock", *DRAFTS}
    if held:
        raise LibraryError(
            f"{folder} 不是空的（其中有 {min(held)!r}）。备份只恢复到空目录，以免覆盖现有资料："
            "请用 --data 指定一个新的目录。"
        )
    try:
        shutil.rmtree(draft, ignore_errors=True)
        with _opened(file) as (archive, manifest):
            for name, part in manifest.parts.items():
                (draft / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with _private(draft / name) as to:
                    _take(file, archive, name, part, to)
        _check_databases(file, draft, manifest)
        # The library last: a folder without one is a restore that was cut short.
        for entry in sorted(draft.iterdir(), key=lambda entry: entry.name == LIBRARY):
            entry.replace(folder / entry.name)
        sync(folder)
    except OSError as error:
        raise LibraryError(
            f"没有恢复成：{error.strerror}。请检查 {folder} 是否可写、磁盘是否已满后重试。"
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return manifest


@contextmanager
def _opened(file: Path) -> Iterator[tuple[ZipFile, Manifest]]:
    """A backup whose parts are those that it names, and nothing else is in it."""
    try:
        archive = ZipFile(file)
    except FileNotFoundError as error:
        raise LibraryError(f"没有 {file} 这个文件。请检查路径。") from error
    except Exception as error:  # the reader of zips raises nearly anything on broken files
        raise LibraryError(_FOREIGN.format(file=file, why="打不开")) from error
    with archive:
        members = archive.infolist()
        _refuse_what_we_never_write(file, members)
        manifest = _manifest(file, archive, members)
        sizes = {m.filename: m.file_size for m in members if m.filename != MANIFEST}
        if sizes != {name: part.size for name, part in manifest.parts.items()}:
            raise LibraryError(_FOREIGN.format(file=file, why="内容与清单不一致"))
        yield archive, manifest


def _refuse_what_we_never_write(file: Path, members: Sequence[ZipInfo]) -> None:
    """Unknown or repeated names, links, anything packed or encrypted, more than the file can hold."""
    names = [member.filename for member in members]
    strange = [name for name in names if not _is_known(name)]
    if strange:
        raise LibraryError(_FOREIGN.format(file=file, why=f"其中有 {strange[0][:80]!r}"))
    total = sum(member.file_size for member in members)
    if (
        len(set(names)) < len(names)
        or total > file.stat().st_size
        or not all(map(_is_plain, members))
    ):
        raise LibraryError(_FOREIGN.format(file=file, why="不是这样写成的"))


def _is_known(name: str) -> bool:
    return name in {MANIFEST, *DATABASES, *LINES} or bool(_ORIGINAL.fullmatch(name))


def _is_plain(member: ZipInfo) -> bool:
    return (
        member.compress_type == ZIP_STORED
        and member.compress_size == member.file_size
        and not member.flag_bits & _ENCRYPTED
        and stat.S_IFMT(member.external_attr >> 16) in {0, stat.S_IFREG}
    )


def _manifest(file: Path, archive: ZipFile, members: Sequence[ZipInfo]) -> Manifest:
    size = next((m.file_size for m in members if m.filename == MANIFEST), _MOST_MANIFEST + 1)
    if size > _MOST_MANIFEST:
        raise LibraryError(_FOREIGN.format(file=file, why="没有清单"))
    try:
        told = json.loads(archive.read(MANIFEST))
        kind, version = told.pop("kind"), told.pop("format")
        if kind == KIND and isinstance(version, int) and version > FORMAT:
            raise LibraryError(_NEWER.format(file=file))
        manifest = _parsed(told)
        if kind != KIND or LIBRARY not in manifest.parts:
            raise ValueError(kind)
        return manifest
    except LibraryError:
        raise
    except Exception as error:
        raise LibraryError(_FOREIGN.format(file=file, why="清单读不懂")) from error


def _parsed(told: dict[str, Any]) -> Manifest:
    parts = {
        str(name): Part(int(part["size"]), str(part["digest"]))
        for name, part in told["parts"].items()
    }
    library, documents, chunks = (int(told[name]) for name in ("library", "documents", "chunks"))
    return Manifest(str(told["made"])[:40], library, documents, chunks, parts)


def _take(file: Path, archive: ZipFile, name: str, part: Part, to: IO[bytes] | None) -> None:
    """Read one part, and keep it if `to` is given; LibraryError if it is not what it should be."""
    try:
        with archive.open(name) as stream:
            found = _copy(stream, to)
    except OSError:
        raise
    except Exception as error:
        raise LibraryError(_DAMAGED.format(file=file, name=name)) from error
    original = _ORIGINAL.fullmatch(name)
    if found != part or (original and original[1] != part.digest):
        raise LibraryError(_DAMAGED.format(file=file, name=name))


# -- the databases -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Counted:
    format: int
    documents: int
    chunks: int
    digests: tuple[str, ...]


def _counted(library: Path) -> _Counted:
    """What a library file holds; it is not migrated for that."""
    with closing(sqlite3.connect(library)) as connection:
        digests = connection.execute("SELECT DISTINCT digest FROM sources ORDER BY digest")
        return _Counted(
            migrations.format_of(connection),
            connection.execute("SELECT count(*) FROM documents").fetchone()[0],
            connection.execute("SELECT count(*) FROM chunks").fetchone()[0],
            tuple(row[0] for row in digests),
        )


def _check_databases(file: Path, draft: Path, manifest: Manifest) -> None:
    """Sound, with nothing in them that runs by itself, and of a format that is known."""
    try:
        for name in DATABASES:
            if name in manifest.parts:
                _check_database(draft / name)
        counted = _counted(draft / LIBRARY)
    except (sqlite3.Error, ValueError) as error:
        raise LibraryError(_FOREIGN.format(file=file, why="其中的数据库打不开")) from error
    if counted.format > migrations.FORMAT:
        raise LibraryError(_NEWER.format(file=file))
    if (counted.documents, counted.chunks) != (manifest.documents, manifest.chunks):
        raise LibraryError(_FOREIGN.format(file=file, why="内容与清单不一致"))


def _check_database(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        running = "SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')"
        if connection.execute(running).fetchone()[0]:
            raise ValueError("a database of ours has neither triggers nor views")
        if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise ValueError("the database is damaged")
