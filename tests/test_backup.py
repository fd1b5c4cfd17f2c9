"""A backup is the folder again, whatever goes on while it is made; what is none is refused whole."""

import io
import json
import sqlite3
import stat
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import backup
from index.archive import Archive, restore
from index.errors import LibraryBusy, LibraryError
from qa.__main__ import main
from qa.assistant import Assistant
from qa.feedback import Feedback, FeedbackBook
from qa.settings import Settings
from tests.conftest import ROOT, HashEmbedder, RuleReader
from tests.served import serving
from web.api.register import Key, Register

_FILES = {
    "/年报.txt": "甲区年报\n2023年，甲区完成工业投资12.5亿元，同比增长8.1%。\n",
    "/就业.txt": "就业简报\n2023年，甲区新增就业3.2万人。\n",
    "/值班.md": "# 值班通知\n\n值班由办公室主任沈月白负责。\n",
}
_QUESTIONS = ["甲区工业投资增长多少", "甲区新增就业多少人", "乙区工业投资增长多少", "值班由谁负责"]


def _filled(folder: Path) -> Archive:
    archive = Archive(folder, HashEmbedder)
    for path, text in _FILES.items():
        archive.add(path, path[1:], text.encode())
    return archive


def _answers(archive: Archive) -> list[dict[str, Any]]:
    assistant = Assistant(archive, RuleReader())
    told = [assistant.ask(question).as_json() for question in _QUESTIONS]
    return [{**answer, "timings_ms": {}} for answer in told]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A data folder with something of everything in it, and its backup."""
    folder = tmp_path_factory.mktemp("folder") / "library"
    file = folder.parent / "备份.zip"
    with _filled(folder) as archive:
        Register(folder).add_key(Key("程序"))
        Register(folder).signing_secret()
        FeedbackBook(folder).add(Feedback("甲区？", "up", {}))
        (folder / "examples.txt").write_text("甲区工业投资增长多少", encoding="utf-8")
        (folder / "lexicon.txt").write_text("不动产登记中心 一号楼", encoding="utf-8")
        backup.into(file, archive.back_up)
    return folder, file


def _entries(folder: Path) -> set[str]:
    files = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return {str(file) for file in files if file.parts[0] != "owner.lock"}


# -- there and back ------------------------------------------------------------------------------


def test_what_is_restored_answers_the_same(made: tuple[Path, Path], tmp_path: Path) -> None:
    folder, file = made
    manifest = restore(file, tmp_path / "new")
    assert (manifest.documents, manifest.originals) == (3, 3)
    with Archive(tmp_path / "new", HashEmbedder) as again, Archive(folder, HashEmbedder) as before:
        assert not again.vectors_ready
        assert _answers(again) == _answers(before)
        again.build_in_background()
        again.wait_for_build()
        assert (tmp_path / "new/vectors/CURRENT").exists()
        assert _answers(again) == _answers(before)
        assert again.entries() == before.entries()
        for entry in again.entries():
            original = again.original(entry.id)
            assert original is not None
            assert original.read_bytes() == _FILES[entry.paths[0]].encode()
        assert (
            again.add("/年报.txt", "年报.txt", _FILES["/年报.txt"].encode()).status == "unchanged"
        )
    assert FeedbackBook(tmp_path / "new").all() == FeedbackBook(folder).all() != ()
    assert Register(tmp_path / "new").all_keys() == Register(folder).all_keys() != ()
    assert Register(tmp_path / "new").signing_secret() == Register(folder).signing_secret()


def test_a_backup_holds_what_cannot_be_made_anew_and_nothing_else(
    made: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, file = made
    with ZipFile(file) as archive:
        names = set(archive.namelist()) - {backup.MANIFEST}
        assert archive.testzip() is None
    originals = {f"files/{sha256(text.encode()).hexdigest()}" for text in _FILES.values()}
    lines = {"feedback.jsonl", "examples.txt", "lexicon.txt"}
    assert names == {"library.sqlite3", "access.sqlite3"} | lines | originals
    assert {entry.split("/")[0] for entry in _entries(folder)} - {
        n.split("/")[0] for n in names
    } == {"vectors"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    restore(file, tmp_path)
    assert _entries(tmp_path) == names
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in names} == {0o600}


def test_a_library_of_an_older_format_is_backed_up_and_restored_and_brought_up_to_date(
    tmp_path: Path,
) -> None:
    (tmp_path / "old").mkdir()
    with closing(sqlite3.connect(tmp_path / "old/library.sqlite3")) as connection:
        connection.executescript((ROOT / "tests/library-format-1.sql").read_text(encoding="utf-8"))
    file = tmp_path / "old.zip"
    assert backup.into(file, lambda to: backup.write(tmp_path / "old", to)).library == 1
    restore(file, tmp_path / "new")
    with Archive(tmp_path / "new", lambda: HashEmbedder(dimension=16)) as archive:
        assert archive.retrieve("荞麦面", 1)[0].chunk.document_id == "8cfc62167a95c609"


def test_a_backup_made_while_files_come_and_go_is_of_one_moment(tmp_path: Path) -> None:
    """Of every document that is in it, the file is in it too; and the library is sound."""
    stop = threading.Event()
    with _filled(tmp_path / "library") as archive:

        def come_and_go() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                text = f"简报{number}\n第{number}镇新建公园{number}座。\n"
                archive.add(f"/简报{number % 3}.txt", "简报.txt", text.encode())

        thread = threading.Thread(target=come_and_go)
        thread.start()
        try:
            for number in range(5):
                file = tmp_path / f"{number}.zip"
                manifest = backup.into(file, archive.back_up)
                restore(file, tmp_path / str(number))
                with Archive(tmp_path / str(number), HashEmbedder) as again:
                    entries = again.entries()
                    assert len(entries) == manifest.documents
                    assert all(again.original(entry.id) for entry in entries)
                    assert all(again.chunks_of(entry.id) for entry in entries)
        finally:
            stop.set()
            thread.join()
    assert not (tmp_path / "library/backup.new").exists()


# -- by command ----------------------------------------------------------------------------------


def test_a_backup_by_command_goes_through_the_server_that_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, file = tmp_path / "library", tmp_path / "a b.zip"
    with _filled(folder) as archive, serving(archive, Settings(data=folder)) as url:
        (folder / "owner.json").write_text(json.dumps({"url": url, "token": "token"}))
        assert main(["--data", str(folder), "backup", str(file)]) == 0
        assert "3 个文档" in capsys.readouterr().out
        assert main(["--data", str(folder), "backup", str(file)]) == 1
        assert "--force" in capsys.readouterr().err
        before = file.read_bytes()
        assert main(["--data", str(folder), "backup", "--force", str(file)]) == 0
        assert main(["--data", str(folder), "backup", str(tmp_path / "no/x.zip")]) == 1
        assert "文件夹" in capsys.readouterr().err
    assert ZipFile(io.BytesIO(before)).namelist() == ZipFile(file).namelist()
    assert {f.name for f in tmp_path.iterdir()} == {"library", "a b.zip"}
    assert main(["--data", str(tmp_path / "new"), "restore", str(file)]) == 0
    assert "3 个文档" in capsys.readouterr().out
    assert main(["--data", str(tmp_path / "new"), "restore", str(file)]) == 1
    assert "不是空的" in capsys.readouterr().err


def test_a_server_that_cannot_write_the_backup_says_why_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    folder = tmp_path / "library"
    with _filled(folder) as archive, serving(archive, Settings(data=folder)) as url:
        (folder / "owner.json").write_text(json.dumps({"url": url, "token": "token"}))
        before = _entries(folder)
        monkeypatch.setattr(backup, "_copy_database", full)
        assert main(["--data", str(folder), "backup", str(tmp_path / "x.zip")]) == 1
        assert "磁盘空间" in capsys.readouterr().err
        assert _entries(folder) == before
    assert not (tmp_path / "x.zip").exists()


def test_a_folder_in_use_or_not_empty_is_not_restored_into(
    made: tuple[Path, Path], tmp_path: Path
) -> None:
    _, file = made
    with Archive(tmp_path / "used", HashEmbedder), pytest.raises(LibraryBusy):
        restore(file, tmp_path / "used")
    (tmp_path / "full").mkdir()
    (tmp_path / "full/keep.txt").write_text("要留着")
    with pytest.raises(LibraryError, match="不是空的"):
        restore(file, tmp_path / "full")
    assert (tmp_path / "full/keep.txt").read_text() == "要留着"
    # What a restore that was cut short left is no obstacle.
    (tmp_path / "cut/restore.new/files").mkdir(parents=True)
    assert restore(file, tmp_path / "cut").documents == 3
    assert not (tmp_path / "cut/restore.new").exists()


# -- what is no backup of ours -------------------------------------------------------------------


def _rewritten(
    file: Path,
    to: Path,
    *,
    manifest: Callable[[dict[str, Any]], object] = lambda told: None,
    change: Callable[[ZipInfo, bytes], bytes] = lambda info, data: data,
    more: tuple[tuple[str | ZipInfo, bytes], ...] = (),
    named: bool = True,
    packing: int = ZIP_STORED,
) -> Path:
    """A backup with something else in it; what is added stands in the manifest where `named`."""
    with ZipFile(file) as read, ZipFile(to, "w", packing) as written:
        told = json.loads(read.read(backup.MANIFEST))
        for info in read.infolist():
            if info.filename != backup.MANIFEST:
                data = change(info, read.read(info))
                written.writestr(info, data, compress_type=packing)
        for member, data in more:
            written.writestr(member, data)
            name = member if isinstance(member, str) else member.filename
            if named:
                told["parts"][name] = {"size": len(data), "digest": sha256(data).hexdigest()}
        manifest(told)
        written.writestr(backup.MANIFEST, json.dumps(told))
    return to


def _link() -> ZipInfo:
    info = ZipInfo("feedback.jsonl")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def _directory() -> ZipInfo:
    info = ZipInfo("files/")
    info.external_attr = (stat.S_IFDIR | 0o777) << 16
    return info


_STRANGE: list[tuple[str | ZipInfo, bytes]] = [
    ("../x", b"x"),
    ("/tmp/x", b"x"),
    ("files/../../x", b"x"),
    ("files/" + "a" * 63, b"x"),
    ("files/" + "A" * 64, b"x"),
    ("files/" + "a" * 64, b"these bytes have another hash"),
    ("files\\..\\x", b"x"),
    ("owner.json", b"{}"),
    ("vectors/gen-1/chroma.sqlite3", b"x"),
    ("library.sqlite3", b"twice"),
    (_link(), b"/etc/passwd"),
    (_directory(), b""),
    ("\x1b[2J", b"x"),
]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    "member", _STRANGE, ids=[repr(getattr(m, "filename", m)) for m, _ in _STRANGE]
)
def test_a_strange_member_is_refused_and_nothing_is_written(
    made: tuple[Path, Path], tmp_path: Path, member: tuple[str | ZipInfo, bytes], named: bool
) -> None:
    without = {"feedback.jsonl"} if isinstance(member[0], ZipInfo) else set()
    file = tmp_path / "x.zip"
    with ZipFile(made[1]) as read, ZipFile(tmp_path / "base.zip", "w") as base:
        told = json.loads(read.read(backup.MANIFEST))
        for name in without:
            del told["parts"][name]
        for info in read.infolist():
            if info.filename not in without | {backup.MANIFEST}:
                base.writestr(info, read.read(info))
        base.writestr(backup.MANIFEST, json.dumps(told))
    _rewritten(tmp_path / "base.zip", file, more=(member,), named=named)
    with pytest.raises(LibraryError, match="备份") as refused:
        restore(file, tmp_path / "new")
    assert str(refused.value).isprintable()
    assert _entries(tmp_path) == {"x.zip", "base.zip"} | {
        e for e in _entries(tmp_path) if e.endswith("owner.lock")
    }


def _newer(told: dict[str, Any]) -> None:
    told["format"] = 2


def _lying(told: dict[str, Any]) -> None:
    told["parts"]["library.sqlite3"]["size"] = 10**15


def _missing(told: dict[str, Any]) -> None:
    del told["parts"]["library.sqlite3"]


def _miscounted(told: dict[str, Any]) -> None:
    told["documents"] += 1


def _other(told: dict[str, Any]) -> None:
    told["kind"] = "other"


def _nested(told: dict[str, Any]) -> None:
    told["parts"] = [told["parts"]]


@pytest.mark.parametrize("how", [_newer, _lying, _missing, _miscounted, _other, _nested])
def test_a_manifest_that_is_not_true_is_refused(
    made: tuple[Path, Path], tmp_path: Path, how: Callable[[dict[str, Any]], None]
) -> None:
    file = _rewritten(made[1], tmp_path / "x.zip", manifest=how)
    with pytest.raises(LibraryError, match="较新版本" if how is _newer else "不是 Youju 的备份"):
        restore(file, tmp_path / "new")
    assert not _entries(tmp_path / "new") - {"owner.lock"}


def test_what_is_packed_or_says_to_be_huge_is_refused_unread(
    made: tuple[Path, Path], tmp_path: Path
) -> None:
    packed = _rewritten(made[1], tmp_path / "packed.zip", packing=ZIP_DEFLATED)
    bomb = tmp_path / "bomb.zip"
    with ZipFile(bomb, "w", ZIP_DEFLATED) as written:
        written.writestr("library.sqlite3", bytes(50_000_000))
        written.writestr(backup.MANIFEST, "{}")
    huge = tmp_path / "huge.zip"
    data = bytearray(made[1].read_bytes())
    with ZipFile(made[1]) as read:
        size = read.getinfo("library.sqlite3").file_size.to_bytes(4, "little")
    at = data.index(size + size, data.index(b"PK\x01\x02"))
    data[at : at + 8] = (b"\xf0\xff\xff\x7f") * 2
    huge.write_bytes(data)
    for file in (packed, bomb, huge):
        with pytest.raises(LibraryError, match="不是 Youju 的备份"):
            restore(file, tmp_path / "new")


def test_a_database_that_would_do_something_by_itself_is_refused(
    made: tuple[Path, Path], tmp_path: Path
) -> None:
    """Hashes prove that a backup is whole, not that it is ours."""
    library = tmp_path / "library.sqlite3"
    with ZipFile(made[1]) as read:
        library.write_bytes(read.read("library.sqlite3"))
    with closing(sqlite3.connect(library)) as connection:
        connection.execute(
            "CREATE TRIGGER t AFTER INSERT ON documents BEGIN DELETE FROM sources; END"
        )
        connection.commit()
    data = library.read_bytes()

    def named(told: dict[str, Any]) -> None:
        told["parts"]["library.sqlite3"] = {"size": len(data), "digest": sha256(data).hexdigest()}

    def change(info: ZipInfo, old: bytes) -> bytes:
        return data if info.filename == "library.sqlite3" else old

    file = _rewritten(made[1], tmp_path / "x.zip", manifest=named, change=change)
    with pytest.raises(LibraryError, match="数据库"):
        restore(file, tmp_path / "new")
    assert not _entries(tmp_path / "new") - {"owner.lock"}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_damaged_or_cut_backup_is_refused_or_whole(
    made: tuple[Path, Path], data: st.DataObject
) -> None:
    """Whatever bytes change: either nothing is restored, or every part is what it was."""
    whole = made[1].read_bytes()
    damaged = bytearray(whole)
    if data.draw(st.booleans()):
        del damaged[data.draw(st.integers(0, len(whole) - 1)) :]
    for _ in range(data.draw(st.integers(0, 3))):
        if damaged:
            damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    file = made[1].with_name("damaged.zip")
    file.write_bytes(damaged)
    try:
        found = backup.check(file)
    except LibraryError:
        return
    assert found.parts == backup.check(made[1]).parts


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all", b"PK\x05\x06" + bytes(18)])
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    for file in (tmp_path / "x.zip", tmp_path / "没有.zip", tmp_path):
        with pytest.raises(LibraryError):
            restore(file, tmp_path / "new")


@pytest.mark.soak
def test_questions_are_answered_while_a_large_folder_is_backed_up(tmp_path: Path) -> None:
    """Prints what it takes: pytest -m soak tests/test_backup.py -s."""
    padding = "<!-- " + "x" * 1_000_000 + " -->"
    with Archive(tmp_path / "library", HashEmbedder) as archive:
        for number in range(100):
            page = f"<h1>简报{number}</h1><p>第{number}镇新建公园{number}座。</p>{number}{padding}"
            archive.add(f"/{number}.html", f"{number}.html", page.encode())
        seconds: list[float] = []
        done = threading.Event()

        def ask() -> None:
            while not done.is_set():
                started = time.perf_counter()
                assert archive.retrieve("新建公园", 5)
                seconds.append(time.perf_counter() - started)

        asking = threading.Thread(target=ask)
        asking.start()
        started = time.perf_counter()
        manifest = backup.into(tmp_path / "x.zip", archive.back_up)
        took = time.perf_counter() - started
        done.set()
        asking.join()
    started = time.perf_counter()
    restore(tmp_path / "x.zip", tmp_path / "new")
    restored = time.perf_counter() - started
    sys.stdout.write(
        f"{manifest.size / 1e6:.0f} MB: {took:.1f} s to back up, {restored:.1f} s to restore; "
        f"{len(seconds)} searches meanwhile, the slowest {max(seconds) * 1000:.0f} ms\n"
    )
    assert (manifest.documents, manifest.originals) == (100, 100)
    assert len(seconds) > 10
    assert max(seconds) < 10
