"""Files read in processes of their own: as read here, within limits, and one bad file costs itself."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import parsing
from index.apart import Limits, started
from index.errors import LoadError
from index.load import load
from index.parsing import Readers
from index.types import Document
from tests.conftest import ROOT

_TEXT = "甲区年报\n一、工业\n甲区完成工业投资12.5亿元，同比增长8.1%。\n".encode()
# Read in seconds, and in the memory of many books.
_HEAVY = b"<html><body>" + b"<b>x</b>" * 300_000


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    """Readers that give up after a second of work."""
    readers = Readers(Limits(seconds=100, cpu_seconds=1))
    yield readers
    readers.close()


@pytest.mark.parametrize("path", sorted((ROOT / "samples").iterdir()), ids=lambda path: path.suffix)
def test_a_file_is_read_as_it_is_read_here(path: Path) -> None:
    data = path.read_bytes()
    assert parsing.load(path.name, data) == load(path.name, data)


@pytest.mark.parametrize("source", ["\udcff.txt", "", "a\n{}\0.txt"])
def test_any_name_comes_back_as_it_went(source: str) -> None:
    try:
        expected: Document | str = load(source, _TEXT)
    except LoadError as error:
        expected = str(error)
    try:
        found: Document | str = parsing.load(source, _TEXT)
    except LoadError as error:
        found = str(error)
    assert found == expected


def test_a_refusal_comes_back_in_its_words() -> None:
    with pytest.raises(LoadError, match="上限是"):
        parsing.load("甲.txt", _TEXT, max_bytes=10)


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no seconds of a core")
def test_a_file_that_works_too_long_costs_itself(readers: Readers) -> None:
    with pytest.raises(LoadError, match="文件太复杂"):
        readers.load("甲.html", _HEAVY)
    assert readers.load("甲.txt", _TEXT).text


def test_a_file_that_hangs_costs_itself() -> None:
    readers = Readers(Limits(seconds=0.001, cpu_seconds=1))
    with pytest.raises(LoadError, match="限定的时间"):
        readers.load("甲.txt", _TEXT)
    readers.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits memory to the byte")
def test_a_file_that_swells_costs_itself() -> None:
    readers = Readers(Limits(seconds=100, cpu_seconds=60, memory=200_000_000))
    with pytest.raises(LoadError, match="文件太复杂"):
        readers.load("甲.html", _HEAVY)
    assert readers.load("甲.txt", _TEXT).text
    readers.close()


def test_the_next_file_goes_to_the_same_process_however_large_this_one_is(
    readers: Readers,
) -> None:
    ballast = b"x" * 500_000_000
    readers.load("甲.txt", _TEXT)
    [kept] = readers._idle
    readers.load("乙.txt", _TEXT)
    assert readers._idle == [kept]
    del ballast


def test_a_process_that_died_while_it_waited_costs_nothing(readers: Readers) -> None:
    readers.load("甲.txt", _TEXT)
    for reader in readers._idle:
        reader._process.kill()
        reader._process.wait()
    assert readers.load("甲.txt", _TEXT).text


def test_several_files_at_once_are_each_answered_with_their_own(readers: Readers) -> None:
    found: dict[int, str] = {}

    def read(number: int) -> None:
        found[number] = readers.load("甲.txt", f"甲区年报\n第{number}号。\n".encode()).text

    threads = [threading.Thread(target=read, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: f"甲区年报\n第{number}号。\n" for number in range(12)}


def test_it_sees_no_secret_and_writes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process itself, made to run another program of ours: what it may do."""
    monkeypatch.setenv("YOUJU_LLM_KEY", "a secret")
    file = tmp_path / "canary"
    with started("tests.confined", Limits(seconds=9, cpu_seconds=9), str(file)) as process:
        told, _ = process.communicate(timeout=60)
    seen = json.loads(told)
    assert "a secret" not in seen["environment"]
    assert seen["modules"] == []
    if os.name != "nt":
        assert seen["wrote"] is False
        assert not file.exists() or file.read_bytes() == b""


def test_it_ends_with_who_started_it() -> None:
    """A server that is killed leaves no process behind."""
    code = (
        "from index import parsing; parsing.load('a.txt', '一行字。'.encode());"
        "print(parsing._READERS._idle[0]._process.pid, flush=True); import os; os._exit(1)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    pid = int(done.stdout)
    for _ in range(200):
        if (
            not Path(f"/proc/{pid}/cmdline").exists()
            or not Path(f"/proc/{pid}/cmdline").read_bytes()
        ):
            return
        threading.Event().wait(0.05)
    raise AssertionError("it still runs")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.sampled_from(sorted(asdict(load("甲.txt", _TEXT)))), _JSON)
@settings(deadline=None)
def test_what_is_no_document_is_not_taken_for_one(name: str, value: object) -> None:
    """Whatever a process that was taken over says, it is a document or an error."""
    fields: dict[str, Any] = json.loads(json.dumps(asdict(load("甲.txt", _TEXT))))
    try:
        document = parsing._document({**fields, name: value})
    except (ValueError, KeyError, TypeError):
        return
    assert json.loads(json.dumps(asdict(document))) == {**fields, name: value}
    assert all(section.span.end <= len(document.text) for section in document.sections)
