"""An archive against a dictionary: whatever is done in whatever order, it holds what was put in."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from index.archive import Archive
from index.errors import LoadError, UnknownDocument
from index.load import load
from tests.conftest import HashEmbedder

_WORDS = ("食堂", "车队", "档案", "门禁", "会议", "绿化")
_TEXTS = {word: f"{word}通知\n本周{word}安排如下：{word}于周三上午开放。\n" for word in _WORDS}
_IDS = {word: load("a.txt", text.encode()).id for word, text in _TEXTS.items()}
_PATHS = st.sampled_from([f"/{name}.txt" for name in "甲乙丙丁"])
_CONTENTS = st.sampled_from(_WORDS)


class ArchiveMachine(RuleBasedStateMachine):
    """`held` is what every path was last added with: all that an archive has to know."""

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="youju-machine-"))
        self.lives = 0
        self.held: dict[str, str] = {}
        self.archive = self._opened()

    def _opened(self) -> Archive:
        archive = Archive(self.root / str(self.lives), HashEmbedder)
        archive.build_in_background()
        archive.wait_for_build()
        return archive

    @rule(path=_PATHS, word=_CONTENTS)
    def add(self, path: str, word: str) -> None:
        before = self.held.get(path)
        known = word in self.held.values()
        added = self.archive.add(path, path[1:], _TEXTS[word].encode())
        assert added.document_id == _IDS[word]
        if before == word or (known and before is None):
            assert added.status == "unchanged"
        else:
            assert added.status == ("added" if before is None else "replaced")
        self.held[path] = word

    @rule(path=_PATHS)
    def add_in_vain(self, path: str) -> None:
        with pytest.raises(LoadError):
            self.archive.add(path, path[1:], b" \n")

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        word = data.draw(st.sampled_from(sorted(set(self.held.values()))))
        assert self.archive.remove(_IDS[word]).id == _IDS[word]
        self.held = {path: held for path, held in self.held.items() if held != word}

    @rule(word=_CONTENTS)
    def remove_what_is_not_there(self, word: str) -> None:
        if word not in self.held.values():
            with pytest.raises(UnknownDocument):
                self.archive.remove(_IDS[word])

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def reindex(self, data: st.DataObject) -> None:
        word = data.draw(st.sampled_from(sorted(set(self.held.values()))))
        assert self.archive.reindex(_IDS[word]).document_id == _IDS[word]

    @rule()
    def reopen(self) -> None:
        self.archive.close()
        self.archive = self._opened()
        assert self.archive.vectors_ready

    @rule()
    def kill(self) -> None:
        """It goes on from what is on disk at this moment, as after a power cut."""
        before = self.root / str(self.lives)
        self.lives += 1
        shutil.copytree(before, self.root / str(self.lives))
        self.archive.close()
        shutil.rmtree(before)
        self.archive = self._opened()

    @rule(word=_CONTENTS)
    def search(self, word: str) -> None:
        found = [hit.chunk.document_id for hit in self.archive.retrieve(f"{word}开放", 20)]
        assert set(found) <= {_IDS[held] for held in self.held.values()}
        if word in self.held.values():
            assert _IDS[word] in found
            assert self.archive.retrieve(word, 5, [_IDS[word]])

    @invariant()
    def it_lists_what_it_holds(self) -> None:
        expected: dict[str, set[str]] = {}
        for path, word in self.held.items():
            expected.setdefault(_IDS[word], set()).add(path)
        assert {entry.id: set(entry.paths) for entry in self.archive.entries()} == expected
        for document_id in expected:
            document = self.archive.document(document_id)
            assert all(
                chunk.text == chunk.span.of(document.text)
                for chunk in self.archive.chunks_of(document_id)
            )
            assert self.archive.original(document_id) is not None
        kept = self.archive.folder / "files"
        assert len(list(kept.glob("*"))) == len(expected)

    def teardown(self) -> None:
        self.archive.close()
        shutil.rmtree(self.root)


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        ArchiveMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_an_archive_holds_what_was_put_in() -> None:
    _run(6, 12)


@pytest.mark.soak
def test_an_archive_holds_what_was_put_in_for_long() -> None:
    _run(300, 40)
