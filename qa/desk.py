"""What a person can do with a library, whoever owns it: add, list, show, remove, ask, examine, back up.

`LocalDesk` does it in this process, qa/remote.py through a running server; the command line and
the server stand on the same verbs.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import IO, Any, Protocol

from index.archive import Archive
from index.chroma_server import ChromaServer
from index.embed import load_embedder
from index.errors import IndexingError
from index.reading import ReadingModel
from index.types import Added, Document, Embedder, Entry, Finding
from qa.asked_back import AskedBack
from qa.assistant import Assistant
from qa.feedback import FeedbackBook
from qa.model import Writer, load_writer
from qa.read import TrainedReader
from qa.settings import Settings
from qa.spoken import Groups
from qa.synonyms import groups_of

_FIRST_QUESTION = "固定资产投资增长多少"


class Desk(Protocol):
    """The six verbs. Errors are IndexingError, with a message for the user."""

    def add(self, path: str, source: str, data: bytes) -> Added:
        """Take in one file; one that gives no text is reported as failed, not raised."""
        ...

    def entries(self) -> tuple[Entry, ...]: ...

    def document(self, document_id: str) -> Document: ...

    def remove(self, document_id: str) -> Document: ...

    def ask(self, question: str) -> dict[str, Any]:
        """The public form of an answer, see `Answer.as_json`."""
        ...

    def back_up(self, to: IO[bytes]) -> None:
        """Write a backup of the data folder, see index/backup.py."""
        ...

    def examine(self, repair: bool) -> tuple[Finding, ...]:
        """Whether the library is sound; with `repair`, after what can be mended was mended."""
        ...

    def close(self) -> None: ...


class LocalDesk:
    """The desk of an archive that this process owns."""

    def __init__(self, archive: Archive, assistant: Assistant) -> None:
        self.archive = archive
        self.assistant = assistant
        self.feedback = FeedbackBook(archive.folder)

    @classmethod
    def open(
        cls,
        settings: Settings,
        embedder: Callable[[], Embedder] | None = None,
        writer: Writer | None = None,
    ) -> "LocalDesk":
        """Own the data folder and answer from it; LibraryBusy if another process does.

        IndexingError where its lexicon.txt cannot be read.

        `embedder` loads a model in the place of the one that the settings name, `writer` words the
        answers likewise.
        """
        load, lexicon = cache(ReadingModel), _own_words(settings.data)
        archive = Archive(
            settings.data,
            embedder or (lambda: load_embedder(settings.model or None)),
            max_bytes=settings.max_file_mb * 1_000_000,
            chroma=_chroma(settings),
        )
        assistant = Assistant(
            archive,
            TrainedReader(load, most=settings.read),
            passages=settings.passages,
            max_question=settings.max_question,
            writer=writer or load_writer(settings),
            score=AskedBack(load),
            lexicon=lexicon,
        )
        return cls(archive, assistant)

    def warm(self) -> None:
        """Load the models now: what a first question costs is paid before anybody asks."""
        self.archive.embedder()
        self.ask(_FIRST_QUESTION)

    def add(self, path: str, source: str, data: bytes) -> Added:
        try:
            return self.archive.add(path, source, data)
        except IndexingError as error:
            return Added(path, "failed", message=str(error))

    def entries(self) -> tuple[Entry, ...]:
        return self.archive.entries()

    def document(self, document_id: str) -> Document:
        return self.archive.document(document_id)

    def remove(self, document_id: str) -> Document:
        return self.archive.remove(document_id)

    def ask(self, question: str) -> dict[str, Any]:
        return self.assistant.ask(question).as_json()

    def back_up(self, to: IO[bytes]) -> None:
        self.archive.back_up(to)

    def examine(self, repair: bool) -> tuple[Finding, ...]:
        return self.archive.examine(repair=repair)

    def close(self) -> None:
        self.archive.close()


def _own_words(folder: Path) -> Groups:
    """What the organisation's people say and its documents write otherwise: the folder's lexicon.txt."""
    file = folder / "lexicon.txt"
    try:
        return groups_of(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise IndexingError(f"读不了 {file}：{error}。请另存为 UTF-8 文本，或者移走。") from error


def _chroma(settings: Settings) -> ChromaServer | None:
    """The server that is set, or None. ValueError, for the user, if its address will not do."""
    return ChromaServer.at(settings.chroma, settings.chroma_headers) if settings.chroma else None
