"""`youju doctor`: what is damaged is named, what can be mended is, and secrets are not shown."""

import json
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from index.archive import Archive
from index.types import Finding
from qa import doctor
from qa.__main__ import main
from qa.assistant import Assistant
from qa.desk import Desk, LocalDesk
from qa.remote import Owner, RemoteDesk
from qa.settings import Settings
from tests.conftest import HashEmbedder, RuleReader
from tests.served import serving

_REPORT = "甲区年报\n\n2023年，甲区完成工业投资12.5亿元，同比增长8.1%。\n".encode()
_NOTICE = "食堂通知\n\n食堂周三供应面条，周四供应水饺。\n".encode()
_REPORT_FILE, _NOTICE_FILE = (sha256(data).hexdigest() for data in (_REPORT, _NOTICE))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two documents, to be copied."""
    folder = tmp_path_factory.mktemp("filled")
    with Archive(folder, HashEmbedder) as archive:
        archive.add("/年报.txt", "年报.txt", _REPORT)
        archive.add("/食堂.txt", "食堂.txt", _NOTICE)
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    return shutil.copytree(filled, tmp_path / "library")


@contextmanager
def _open_desk(settings: Settings) -> Iterator[Desk]:
    with Archive(settings.data, HashEmbedder) as archive:
        yield LocalDesk(archive, Assistant(archive, RuleReader()))


def _run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> tuple[int, str]:
    monkeypatch.setattr("qa.__main__.open_desk", _open_desk)
    code = main(["doctor", *arguments])
    return code, capsys.readouterr().out


def _found(archive: Archive, *, repair: bool = False) -> dict[str, Finding]:
    return {finding.subject: finding for finding in archive.examine(repair=repair)}


def _unsound(archive: Archive) -> set[str]:
    return {subject for subject, finding in _found(archive).items() if not finding.sound}


def _write(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "library.sqlite3")) as connection, connection:
        for statement in statements:
            connection.execute(statement)


# What is done to a library, and by which look it has to be seen.
_DAMAGES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a chunk says something else": (
        "documents",
        lambda f: _write(f, "UPDATE chunks SET text = replace(text, '12.5', '13.5')"),
    ),
    "a chunk is gone": (
        "documents",
        lambda f: _write(f, "DELETE FROM chunks WHERE text LIKE '%12.5%'"),
    ),
    "a vector is nothing": (
        "documents",
        lambda f: _write(f, "UPDATE chunks SET embedding = zeroblob(256) WHERE text LIKE '%12.5%'"),
    ),
    "a vector is cut": (
        "documents",
        lambda f: _write(f, "UPDATE chunks SET embedding = zeroblob(8) WHERE text LIKE '%12.5%'"),
    ),
    "the text of a document is another": (
        "documents",
        lambda f: _write(f, "UPDATE documents SET text = replace(text, '12.5', '13.5')"),
    ),
    "terms are gone": ("terms", lambda f: _write(f, "DELETE FROM terms WHERE rowid = 1")),
    "terms are others": (
        "terms",
        lambda f: _write(f, "UPDATE terms SET cut = '水饺' WHERE rowid = 1"),
    ),
    "terms are of nothing": (
        "terms",
        lambda f: _write(f, "INSERT INTO terms (rowid, cut) VALUES (999, '水饺')"),
    ),
    "postings are gone": ("terms", lambda f: _write(f, "DELETE FROM terms_data WHERE id > 10")),
    "an original is altered": ("files", lambda f: (f / "files" / _REPORT_FILE).write_bytes(b"?")),
}


@pytest.mark.parametrize("damage", _DAMAGES)
def test_what_is_damaged_is_seen_and_mended(folder: Path, damage: str) -> None:
    subject, harm = _DAMAGES[damage]
    harm(folder)
    with Archive(folder, HashEmbedder) as archive:
        before = _found(archive)
        assert not before[subject].sound
        assert "youju doctor --repair" in before[subject].advice
        assert _found(archive, repair=True)[subject].mended
        if subject == "files":
            assert "youju add /年报.txt" in before[subject].advice
            archive.add("/年报.txt", "年报.txt", _REPORT)
        assert _unsound(archive) == set()
        assert len(archive.entries()) == 2
        [best, *_] = archive.retrieve("工业投资", 5)
        assert "12.5亿元" in best.chunk.text
    with Archive(folder, HashEmbedder) as archive:
        assert _unsound(archive) == set()


def test_a_vector_that_the_index_lost_is_missed_and_mended(folder: Path) -> None:
    with Archive(folder, HashEmbedder) as archive:
        [chunk] = archive.chunks_of(archive.entries()[0].id)
        other = HashEmbedder().embed_passages(["别的"])
        archive._store.change(["nobody"], other, [chunk.id], (2, 2))
        assert _unsound(archive) == {"index"}
        assert _found(archive, repair=True)["index"].mended
        assert _unsound(archive) == set()


def test_what_cannot_be_mended_names_what_to_add_again(folder: Path) -> None:
    _write(folder, "UPDATE documents SET text = replace(text, '12.5', '13.5')")
    (folder / "files" / _REPORT_FILE).unlink()
    with Archive(folder, HashEmbedder) as archive:
        found = _found(archive, repair=True)
        for subject in ("documents", "files"):
            assert not found[subject].sound
            assert "youju add /年报.txt" in found[subject].advice
        # Nothing was made of a text that is not what was added.
        assert any(
            "12.5亿元" in chunk.text for e in archive.entries() for chunk in archive.chunks_of(e.id)
        )


def test_stray_originals_are_seen_and_swept(folder: Path) -> None:
    with Archive(folder, HashEmbedder) as archive:
        (folder / "files" / ("0" * 64)).write_bytes(b"nobody's")
        assert _unsound(archive) == {"files"}
        assert _found(archive, repair=True)["files"].sound
    assert {file.name for file in (folder / "files").iterdir()} == {_REPORT_FILE, _NOTICE_FILE}


def test_a_damaged_database_says_what_restores_it(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "library.sqlite3").write_bytes(b"no database at all" * 1000)
    code, out = _run(capsys, monkeypatch, "--repair", "--data", str(folder))
    assert code == 1
    [line] = [line for line in out.splitlines() if line.startswith("问题")]
    assert "youju restore" in line


def test_a_damaged_page_is_found(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "library.sqlite3"
    data = bytearray(file.read_bytes())
    at = data.index(b"12.5") // 4096 * 4096
    data[at : at + 64] = b"\xff" * 64
    file.write_bytes(bytes(data))
    with Archive(folder, HashEmbedder) as archive:
        found = _found(archive)
        assert not found["database"].sound
        assert "youju restore" in found["database"].advice
    monkeypatch.setattr("qa.__main__.open_desk", _open_desk)
    assert main(["list", "--data", str(folder)]) == 1
    assert "youju doctor" in capsys.readouterr().err


def test_another_model_is_named(folder: Path) -> None:
    with Archive(folder, lambda: HashEmbedder("other", 32)) as archive:
        assert _unsound(archive) == {"model"}
        assert "--data" in _found(archive)["model"].told


def test_a_sound_library_is_said_to_be_one_line_a_check(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUJU_PORT", str(_free_port()))
    monkeypatch.setenv("YOUJU_PASSWORD", "口令-geheim")
    monkeypatch.setenv("YOUJU_LLM_KEY", "sk-geheim")
    monkeypatch.setenv("YOUJU_LLM_URL", "http://user:geheim@127.0.0.1:9/v1")
    code, out = _run(capsys, monkeypatch, "--data", str(folder))
    assert code == 0, out
    lines = out.splitlines()
    assert all(line.startswith(("设置  ", "正常  ")) for line in lines)
    assert "geheim" not in out
    assert f"设置  data = {folder}（命令行 --data）" in lines
    assert "设置  max_file_mb = 20（默认）" in lines
    assert "设置  password = 已设置，不显示（环境变量 YOUJU_PASSWORD）" in lines

    code, out = _run(capsys, monkeypatch, "--json", "--data", str(folder))
    told = json.loads(out)
    assert (code, told["sound"]) == (0, True)
    assert "geheim" not in out
    assert {check["name"] for check in told["checks"]} >= {"模型", "端口", "资料库", "索引"}


def test_a_setting_that_does_not_exist_and_a_port_that_is_taken_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUJU_PROT", "80")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("YOUJU_PORT", str(port))
        code, out = _run(capsys, monkeypatch, "--data", str(folder))
    assert code == 1
    wrong = [line for line in out.splitlines() if line.startswith("问题")]
    assert len(wrong) == 2
    assert "YOUJU_PROT" in wrong[0]
    assert f"--port {port + 1}" in wrong[1]


def test_an_incomplete_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = shutil.copytree(doctor._MODELS / "tiktoken", tmp_path / "tiktoken")
    assert doctor._model(model).sound
    [table] = [file for file in model.iterdir() if not file.suffix]
    table.write_bytes(table.read_bytes()[:-1])
    assert "tiktoken" in doctor._model(model).told
    assert not doctor._model(model).sound
    assert not doctor._model(tmp_path / "nothing").sound
    assert not doctor._tokens({"TIKTOKEN_CACHE_DIR": str(tmp_path)}).sound


def test_beside_a_server_its_library_is_looked_at_and_mended(folder: Path) -> None:
    with (
        Archive(folder, HashEmbedder) as archive,
        serving(archive, Settings(data=folder)) as url,
        closing(RemoteDesk(Owner(url, "token"))) as desk,
    ):
        assert all(finding.sound for finding in desk.examine(repair=False))
        (folder / "files" / ("0" * 64)).write_bytes(b"nobody's")
        assert [f.subject for f in desk.examine(repair=False) if not f.sound] == ["files"]
        [mended] = [f for f in desk.examine(repair=True) if f.mended]
        assert (mended.subject, mended.sound) == ("files", True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
