"""Pipelines as others would set them up, to stand beside Youju in a run.

Each takes the documents that Youju loaded and finds places in them, with Youju's own embedder (plain
BM25 with none). None reads: what it would hand to a language model is what it cites. Their libraries
are the extra `baselines` of pyproject.toml and are imported when a pipeline is made.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Protocol
from uuid import uuid4

from eval.cases import SetError
from index.embed import load_embedder
from index.types import Chunk, Document, Embedder, Hit, Span, Vectors
from qa.types import Answer, Citation, Turn

# How deep hits are judged; a pipeline shows fewer.
_DEPTH = 12

# The id of a document, the first character, the one after the last, a score (higher is better).
_Where = tuple[str, int, int, float]


class Finder(Protocol):
    """What a pipeline can do; `shown` is how many places its own defaults hand on."""

    shown: int

    def add(self, documents: Sequence[Document]) -> None: ...

    def retrieve(self, question: str, k: int) -> list[_Where]: ...


class Pipeline:
    """A finder as a system: it cites the places that it shows, and never refuses."""

    reads = False

    def __init__(self, name: str, finder: Finder) -> None:
        self.name = name
        self._finder = finder
        self._documents: dict[str, Document] = {}

    def add(self, documents: Sequence[Document]) -> None:
        """Take in documents as they were loaded."""
        self._documents |= {document.id: document for document in documents}
        self._finder.add(documents)

    def document(self, document_id: str) -> Document:
        return self._documents[document_id]

    def ask(self, question: str, history: Sequence[Turn], within: Collection[str] | None) -> Answer:
        """What is found; neither history nor a choice of documents is known to it."""
        started = time.perf_counter()
        places = self._finder.retrieve(question, _DEPTH)
        total = 1000 * (time.perf_counter() - started)
        hits = tuple(self._hit(place) for place in places)
        citations = tuple(
            Citation.of(number, self._documents[hit.chunk.document_id], hit.chunk.span)
            for number, hit in enumerate(hits[: self._finder.shown], start=1)
        )
        text = "\n".join(citation.quote for citation in citations)
        confidence = hits[0].score if hits else 0.0
        return Answer(
            question, text, "", "extract", confidence, citations, (), hits, {"total": total}
        )

    def _hit(self, place: _Where) -> Hit:
        document_id, start, end, score = place
        span = Span(start, end)
        text = span.of(self._documents[document_id].text)
        return Hit(Chunk(f"{document_id}:{start}-{end}", document_id, span, text), score)


class LangChain:
    """The tutorial's: 1000 characters with 200 of overlap, Chroma in memory (its default k: 4)."""

    shown = 4

    def __init__(self, embedder: Embedder) -> None:
        from chromadb import EphemeralClient
        from chromadb.config import Settings
        from langchain_chroma import Chroma
        from langchain_core.embeddings import Embeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        class Wrapped(Embeddings):  # type: ignore[misc]
            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                return _lists(embedder.embed_passages(texts))

            def embed_query(self, text: str) -> list[float]:
                return _lists(embedder.embed_query(text)[None])[0]

        self._splitter: Any = RecursiveCharacterTextSplitter(
            chunk_size=1000, chunk_overlap=200, add_start_index=True
        )
        # All clients in memory share one Chroma: without a name of its own, one sees another's.
        self._store: Any = Chroma(
            collection_name=f"baseline-{uuid4().hex}",
            embedding_function=Wrapped(),
            client=EphemeralClient(Settings(anonymized_telemetry=False)),
        )

    def add(self, documents: Sequence[Document]) -> None:
        for document in documents:
            chunks = self._splitter.create_documents([document.text], [{"id": document.id}])
            if chunks:
                self._store.add_documents(chunks)

    def retrieve(self, question: str, k: int) -> list[_Where]:
        places = []
        for chunk, distance in self._store.similarity_search_with_score(question, k=k):
            start = chunk.metadata["start_index"]
            # Chroma's default is the squared distance; of unit vectors, this is the cosine.
            score = 1 - distance / 2
            places.append((chunk.metadata["id"], start, start + len(chunk.page_content), score))
        return places


class LlamaIndex:
    """VectorStoreIndex with its defaults: 1024 tokens of GPT-3.5, 200 of overlap (its k: 2)."""

    shown = 2

    def __init__(self, embedder: Embedder) -> None:
        from llama_index.core import VectorStoreIndex
        from llama_index.core.embeddings import BaseEmbedding
        from llama_index.core.schema import Document as Source

        class Wrapped(BaseEmbedding):  # type: ignore[misc, unused-ignore]
            def _get_text_embedding(self, text: str) -> list[float]:
                return _lists(embedder.embed_passages([text]))[0]

            def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
                return _lists(embedder.embed_passages(texts))

            def _get_query_embedding(self, query: str) -> list[float]:
                return _lists(embedder.embed_query(query)[None])[0]

            async def _aget_query_embedding(self, query: str) -> list[float]:
                return self._get_query_embedding(query)

        self._source: Any = Source
        # Without an embedding model given, the library would turn to OpenAI's.
        self._index: Any = VectorStoreIndex([], embed_model=Wrapped())

    def add(self, documents: Sequence[Document]) -> None:
        for document in documents:
            self._index.insert(self._source(id_=document.id, text=document.text))

    def retrieve(self, question: str, k: int) -> list[_Where]:
        found = self._index.as_retriever(similarity_top_k=k).retrieve(question)
        return [
            (hit.node.ref_doc_id, hit.node.start_char_idx, hit.node.end_char_idx, hit.score)
            for hit in found
        ]


class Txtai:
    """txtai over paragraphs, with vectors from outside and its default backend (Faiss; its k: 3)."""

    shown = 3

    def __init__(self, embedder: Embedder) -> None:
        from txtai import Embeddings

        self._embedder = embedder
        self._places: list[tuple[str, int, int]] = []
        # A function, for txtai would call a bound method once, without arguments, for one.
        self._index: Any = Embeddings(
            method="external", transform=lambda texts: embedder.embed_passages(texts)
        )

    def add(self, documents: Sequence[Document]) -> None:
        texts, places = _paragraphs(documents)
        if texts:
            self._index.upsert(enumerate(texts, start=len(self._places)))
            self._places += places

    def retrieve(self, question: str, k: int) -> list[_Where]:
        # As a vector: the function above is not told passages from questions.
        found = self._index.search(self._embedder.embed_query(question), k)
        return [(*self._places[number], score) for number, score in found]


class Bm25:
    """Plain BM25 (Lucene's, k1 1.5, b 0.75) over the words of paragraphs."""

    shown = 4

    def __init__(self) -> None:
        import bm25s
        import rjieba

        self._new: Any = bm25s.BM25
        self._cut: Any = rjieba.cut
        self._index: Any = None
        self._words: list[list[str]] = []
        self._places: list[tuple[str, int, int]] = []

    def add(self, documents: Sequence[Document]) -> None:
        texts, places = _paragraphs(documents)
        self._words += [self._words_of(text) for text in texts]
        self._places += places
        if any(self._words):
            self._index = self._new()
            self._index.index(self._words, show_progress=False)

    def retrieve(self, question: str, k: int) -> list[_Where]:
        words = self._words_of(question)
        if self._index is None or not words:
            return []
        numbers, scores = self._index.retrieve(
            [words], k=min(k, len(self._places)), show_progress=False
        )
        return [
            (*self._places[number], float(score))
            for number, score in zip(numbers[0], scores[0], strict=True)
            if score > 0
        ]

    def _words_of(self, text: str) -> list[str]:
        return [word for word in self._cut(text.lower()) if any(map(str.isalnum, word))]


def _paragraphs(documents: Sequence[Document]) -> tuple[list[str], list[tuple[str, int, int]]]:
    """The lines that are not blank, and where they stand, without the white space around them."""
    texts, places = [], []
    for document in documents:
        end = 0
        for line in document.text.splitlines(keepends=True):
            start, end = end, end + len(line)
            if text := line.strip():
                first = start + line.index(text)
                texts.append(text)
                places.append((document.id, first, first + len(text)))
    return texts, places


def _lists(vectors: Vectors) -> list[list[float]]:
    lists: list[list[float]] = vectors.tolist()
    return lists


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a pipeline is made, and the package that it needs."""

    make: Callable[[Embedder], Finder]
    package: str


_KINDS: Mapping[str, _Kind] = {
    "langchain": _Kind(LangChain, "langchain_chroma"),
    "llamaindex": _Kind(LlamaIndex, "llama_index"),
    "txtai": _Kind(Txtai, "txtai"),
    "bm25": _Kind(lambda _: Bm25(), "bm25s"),
}
NAMES = tuple(_KINDS)


def named(names: str) -> tuple[str, ...]:
    """The names in a list with commas; "all" is every one, "" none.

    SetError for an unknown one, and for one whose package is not installed.
    """
    wanted = NAMES if names == "all" else tuple(filter(None, names.split(",")))
    unknown = [name for name in wanted if name not in _KINDS]
    if unknown:
        raise SetError(f"没有这种对照方法：{'、'.join(unknown)}。可用：{'、'.join(NAMES)}。")
    absent = [name for name in wanted if find_spec(_KINDS[name].package) is None]
    if absent:
        raise SetError(f"对照方法 {'、'.join(absent)} 还没有安装。请先运行 make baselines。")
    return wanted


def made(names: Sequence[str]) -> Iterator[Pipeline]:
    """The pipelines of these names, each made when it is its turn: one alone is in memory."""
    embedder = load_embedder() if names else None
    for name in names:
        if embedder is not None:
            yield Pipeline(name, _KINDS[name].make(embedder))
