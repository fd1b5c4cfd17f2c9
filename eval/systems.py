"""What can be evaluated: the protocol, and Youju itself, as it is served.

The pipelines that stand beside it for comparison are in eval/baselines.py.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from eval.cases import File
from index.types import Document
from qa.desk import LocalDesk
from qa.model import load_writer
from qa.settings import Settings
from qa.types import Answer, Turn


class System(Protocol):
    """Something that answers from documents.

    `reads` is whether it gives short answers and refuses; what does not is judged by what it finds.
    """

    @property
    def name(self) -> str: ...

    @property
    def reads(self) -> bool: ...

    def document(self, document_id: str) -> Document: ...

    def ask(self, question: str, history: Sequence[Turn], within: Collection[str] | None) -> Answer:
        """Answer from the documents `within`, by id, or from all."""
        ...


class Youju:
    """The very assistant that is served, over a library of its own in a folder."""

    name = "youju"
    reads = True

    def __init__(self, folder: Path) -> None:
        settings = Settings.from_environment()
        # The weights of a model of one's own lie beside one's own library, not beside this one.
        self._desk = LocalDesk.open(replace(settings, data=folder), writer=load_writer(settings))
        self._held: dict[str, Document] = {}

    def add(self, files: Iterable[File]) -> dict[str, str]:
        """Take in files as a person would; the ids of the documents by key, without those that failed."""
        ids = {path: entry.id for entry in self._desk.entries() for path in entry.paths}
        for file in files:
            if file.key not in ids:
                added = self._desk.add(file.key, file.source, file.data)
                if added.status != "failed":
                    ids[file.key] = added.document_id
        return ids

    def warm(self) -> None:
        """Load the models, so that the first question costs what the others cost."""
        self._desk.warm()

    def chunks(self) -> int:
        """How many chunks the library holds."""
        return sum(entry.chunks for entry in self._desk.entries())

    def documents(self) -> list[Document]:
        """Every document, as it was loaded."""
        return [self.document(entry.id) for entry in self._desk.entries()]

    def document(self, document_id: str) -> Document:
        if document_id not in self._held:
            self._held[document_id] = self._desk.document(document_id)
        return self._held[document_id]

    def ask(self, question: str, history: Sequence[Turn], within: Collection[str] | None) -> Answer:
        return self._desk.assistant.ask(question, history, within=within)

    def close(self) -> None:
        self._desk.close()
