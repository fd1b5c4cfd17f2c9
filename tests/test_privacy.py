"""docs/privacy.md is true: what is stored is what it lists, and what is erased is gone."""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from index.archive import Archive
from index.lexical import cut_terms
from qa.__main__ import main
from qa.remote import Owner
from qa.settings import Settings
from tests.conftest import ROOT, HashEmbedder
from tests.served import serving
from web.api.register import Register

_DOCUMENT = (ROOT / "docs/privacy.md").read_text(encoding="utf-8")
_TEXT = "年报\n2023年，苇塘区完成工业投资12.5亿元。\n负责人沈月白表示，明年继续努力。\n"
_QUESTION = "苇塘区工业投资是多少"


def _listed(heading: str) -> list[set[str]]:
    """The names in the first column of the table under a heading, row by row."""
    part = _DOCUMENT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]*) \|", part, re.MULTILINE)
    return [set(re.findall(r"`([^`]+)`", row)) for row in rows]


@contextmanager
def _at_home_in(folder: Path) -> Iterator[None]:
    """Where programs write what is not to be kept: the home and temporary folders."""
    before = Path.cwd()
    with pytest.MonkeyPatch.context() as patched:
        for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            patched.setenv(name, str(folder))
        patched.setattr(tempfile, "tempdir", None)
        os.chdir(folder)
        yield
        os.chdir(before)


def _use(url: str, folder: Path, file: Path) -> None:
    """A session of everything that leaves something behind."""
    admin = Register(folder).renew_admin_key()
    with httpx.Client(
        base_url=url, headers={"Authorization": f"Bearer {admin}"}, trust_env=False, timeout=60
    ) as http:
        upload = {"files": ("年报.txt", _TEXT.encode())}
        assert http.post("/api/v1/documents", files=upload).status_code == 200
        answer = http.post("/api/v1/ask", json={"question": _QUESTION}).json()
        assert answer["short"] == "12.5亿元"
        said = {"question": _QUESTION, "answer": answer, "rating": "up"}
        assert http.post("/api/v1/feedback", json=said).json() == {"status": "ok"}
        assert http.get("/").status_code == 200
        assert http.get("/metrics").status_code == 200
    assert main(["--data", str(folder), "backup", str(file)]) == 0


@dataclass(frozen=True)
class _Used:
    folder: Path
    elsewhere: Path
    url: str


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Used]:
    """A data folder after a session, while its server still runs."""
    folder, elsewhere = tmp_path_factory.mktemp("library"), tmp_path_factory.mktemp("elsewhere")
    with (
        _at_home_in(elsewhere),
        Archive(folder, HashEmbedder) as archive,
        serving(archive, Settings(data=folder)) as url,
    ):
        (folder / "owner.json").write_text(json.dumps({"url": url, "token": "token"}))
        _use(url, folder, tmp_path_factory.mktemp("backup") / "backup.zip")
        yield _Used(folder, elsewhere, url)


def test_the_data_folder_holds_what_the_document_lists_and_nothing_lies_elsewhere(
    used: _Used,
) -> None:
    rows = _listed("On the server")
    assert len(rows) == 10
    optional = {"examples.txt", "lexicon.txt", "backup.new", "restore.new", "owner.new"}
    assert {entry.name for entry in used.folder.iterdir()} == set().union(*rows) - optional
    assert [str(file) for file in used.elsewhere.rglob("*") if file.is_file()] == []


def test_questions_and_keys_are_in_no_file_but_feedback(used: _Used) -> None:
    files = [file for file in used.folder.rglob("*") if file.is_file()]
    holding = {file.name for file in files if _QUESTION.encode() in file.read_bytes()}
    assert holding == {"feedback.jsonl"}
    key = Register(used.folder).renew_admin_key()
    assert not any(key.encode() in file.read_bytes() for file in files)


def test_the_owner_leaves_nothing(tmp_path: Path) -> None:
    Owner.announce(tmp_path, "http://127.0.0.1:9")
    Owner.leave(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_of_a_removed_document_no_text_is_left(tmp_path: Path) -> None:
    """Not in the pages that the database has freed, nor in what stands beside it."""
    sentences = [line for line in _TEXT.splitlines() if line]
    terms = [" ".join(cut_terms(line)) for line in sentences]

    def held() -> set[str]:
        files = [f.read_bytes() for f in tmp_path.rglob("*") if f.is_file()]
        return {t for t in [*sentences, *terms] if any(t.encode() in data for data in files)}

    with Archive(tmp_path, HashEmbedder) as archive:
        archive.add("/他.txt", "他.txt", "食堂通知\n食堂周三供应面条。\n".encode())
        removed = archive.add("/年报.txt", "年报.txt", _TEXT.encode()).document_id
        # In the terms the title stands before each chunk.
        assert set(sentences) <= held()
        assert len(held() & set(terms)) > 1
        archive.remove(removed)
    assert held() == set()


def test_the_browser_keeps_what_the_document_lists() -> None:
    code = "\n".join(
        file.read_text(encoding="utf-8") for file in [ROOT / "app.py", *(ROOT / "web").glob("*.js")]
    )
    element = {"youju-chat"}
    assert set(re.findall(r'"(youju-\w+)"', code)) - element == set().union(
        *_listed("In the browser")
    )
    assert "document.cookie" not in code
    assert "indexedDB" not in code
    widget = (ROOT / "web/widget.js").read_text(encoding="utf-8")
    assert "localStorage" not in widget
    kept = re.findall(r"sessionStorage\.\w+\((\w+)", widget)
    assert set(kept) == {"kept"}
    assert "kept = (site) => `youju-looks-${site}`" in widget
    assert "`youju-looks-`" in _DOCUMENT


@pytest.mark.parametrize(
    "path", ["/", "/library", "/config", "/health", "/widget.js", "/api/v1/ready"]
)
def test_nothing_of_ours_sets_a_cookie(used: _Used, path: str) -> None:
    got = httpx.get(f"{used.url}{path}", trust_env=False, timeout=30)
    assert (got.status_code, got.headers.get("set-cookie")) == (200, None)
