"""A library of all contexts of some question sets, to ask the questions of with nothing given.

The contexts go through the door that users' files go through: written as a text with its title,
loaded, cut, embedded and stored by an `Archive`, which is kept in its folder and made only once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.archive import Archive
from index.embed import load_embedder
from index.types import Document, Span
from train.questions import GoldQuestion


@dataclass(frozen=True, slots=True)
class OpenBook:
    """An archive, and the document of each context that it took in."""

    archive: Archive
    documents: Mapping[str, Document]

    def gold(self, question: GoldQuestion) -> tuple[Span, ...]:
        """The answers as spans of the document; () where it is not here or holds the text no more."""
        document = self.documents.get(question.context_id)
        if document is None:
            return ()
        shift = document.text.find(question.context)
        if shift >= 0:
            return tuple(Span(a.start + shift, a.end + shift) for a in question.answers)
        places = ((document.text.find(text), text) for text in question.texts)
        return tuple(Span(at, at + len(text)) for at, text in places if at >= 0)


def open_book(folder: Path, questions: Iterable[GoldQuestion]) -> OpenBook:
    """The library of these questions' contexts in a folder; what is there already is not made anew."""
    archive = Archive(folder, load_embedder)
    contexts = {question.context_id: question for question in questions}
    held = {path: entry.id for entry in archive.entries() for path in entry.paths}
    documents = {}
    for key, question in contexts.items():
        if key not in held:
            text = (
                f"{question.title}\n\n{question.context}\n" if question.title else question.context
            )
            held[key] = archive.add(key, f"{key}.txt", text.encode()).document_id
        documents[key] = archive.document(held[key])
    return OpenBook(archive, documents)


def is_hit(book: OpenBook, question: GoldQuestion, document_id: str, span: Span) -> bool:
    """Whether a chunk holds the beginning of a gold answer."""
    document = book.documents[question.context_id]
    return document.id == document_id and any(
        span.start <= gold.start < span.end for gold in book.gold(question)
    )
