"""The values that cross the floors: pure, frozen, compared by content.

Where they are stored is index/library.py's business, how they are shown is app.py's.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open character range `[start, end)` in a document's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span needs 0 <= start <= end, got [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters of `text` in this range.

        >>> Span(1, 3).of("有据可查")
        '据可'
        """
        return text[self.start : self.end]

    def holds(self, other: "Span") -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the stretch of text it governs, the heading line included."""

    heading: str
    span: Span


@dataclass(frozen=True, slots=True)
class Document:
    """One source as plain text; every offset in Youju is a character of `text`.

    `id` is the hash of the content, `source` what a person would call it (the file name),
    `publication` the paper or site it appeared in, `date` is ISO 8601 (YYYY-MM-DD), `page` is the
    page as it is printed (of a newspaper: "15"). What was not found is the empty string.
    `page_starts[i]` is where page i + 1 of a paged file begins; empty for files without pages.
    """

    id: str
    source: str
    title: str
    text: str
    date: str = ""
    page: str = ""
    publication: str = ""
    sections: tuple[Section, ...] = ()
    page_starts: tuple[int, ...] = ()

    def heading_at(self, offset: int) -> str:
        """The heading of the last section that holds character `offset`, or ""."""
        for section in reversed(self.sections):
            if section.span.start <= offset < section.span.end:
                return section.heading
        return ""

    def page_at(self, offset: int) -> str:
        """The page that character `offset` stands on, as printed, or ""."""
        number = sum(start <= offset for start in self.page_starts)
        return str(number) if number else self.page


@dataclass(frozen=True, slots=True)
class Chunk:
    """A retrievable piece of a document; `text == document.text[span.start:span.end]`, always."""

    id: str
    document_id: str
    span: Span
    text: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk as a retriever or reranker ranked it; a higher score is better."""

    chunk: Chunk
    score: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of documents."""

    id: str
    source: str
    title: str
    date: str
    page: str
    publication: str
    characters: int
    chunks: int
    added: str
    paths: tuple[str, ...]


Status = Literal["added", "unchanged", "replaced", "failed"]


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file; `message` is for the user, "" when there is nothing to say."""

    path: str
    status: Status
    document_id: str = ""
    chunks: int = 0
    message: str = ""


Subject = Literal["model", "database", "files", "documents", "terms", "index"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen of one part; `told` and `advice`, what to type next, are for the user.

    `of` are the documents or originals that a repair would deal with, by id or digest; `mended` is
    what a repair did.
    """

    subject: Subject
    sound: bool
    told: str
    advice: str = ""
    of: tuple[str, ...] = ()
    mended: str = ""


class Embedder(Protocol):
    """Texts to unit vectors; what it is called and how long they are, so a library can remember."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int: ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimension), each of length 1."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """A vector of shape (dimension,), of length 1."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens of the model each text takes; what passes `max_tokens` is cut off."""
        ...


class Retriever(Protocol):
    """A query to the k best hits, best first; from the documents `within`, by id, or from all."""

    def retrieve(
        self, query: str, k: int, within: Collection[str] | None = None
    ) -> tuple[Hit, ...]: ...
