"""A data folder, opened: files go in, ranked chunks come out.

Ties the floor together: load, split, embed, commit to the library, let Chroma follow. One process
owns a folder at a time. While Chroma is being built anew, dense search is exact, over the stored
embeddings. What a question means and how it is answered is the business of `qa`.
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from index.errors import LibraryBusy
from index.library import Change, Library, Model, passage
from index.originals import Originals
from index.parsing import load
from index.retrieve import DEPTH, fuse
from index.split import split
from index.store import VectorStore
from index.types import Added, Chunk, Document, Embedder, Entry, Hit, Vectors

_LOG = logging.getLogger(__name__)
_PROBE = "数据来源：2023年前三季度，全区实现地区生产总值1200亿元，同比增长5.6%。"


class Archive:
    """The owner of a data folder. Reads and searches from any thread; one change at a time."""

    def __init__(
        self,
        folder: Path,
        load_embedder: Callable[[], Embedder],
        *,
        max_bytes: int = 20_000_000,
    ) -> None:
        """Take the folder, or raise LibraryBusy. The model is loaded when it is first needed."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._lock = _take(folder)
        self._load_embedder = load_embedder
        self._max_bytes = max_bytes
        self._embedder: Embedder | None = None
        self._loading = threading.Lock()
        self._changing = threading.Lock()
        self._closing = threading.Event()
        self._builder: threading.Thread | None = None
        self._exact: tuple[int, tuple[str, ...], Vectors] | None = None
        try:
            self._library = Library(folder / "library.sqlite3")
            self._store = VectorStore(folder / "vectors")
            self._store.open(self._library.revision, self._library.count_chunks())
            self._originals = Originals(folder / "files")
            self._originals.sweep(self._library.digests())
        except BaseException:
            self._lock.release()
            raise

    # -- what is in it ---------------------------------------------------------------------

    def entries(self) -> tuple[Entry, ...]:
        """Every document, the latest added first."""
        return self._library.entries()

    def document(self, document_id: str) -> Document:
        """The document of this id, or of a unique beginning of it; else UnknownDocument."""
        return self._library.document(document_id)

    def chunks_of(self, document_id: str) -> tuple[Chunk, ...]:
        """The chunks of one document in the order of its text."""
        return self._library.chunks_of(document_id)

    def original(self, document_id: str) -> Path | None:
        """The file that a document was read from, or None where it was not kept."""
        kept = map(self._originals.path, self._library.digests(document_id))
        return next(filter(None, kept), None)

    def digest(self, path: str) -> str | None:
        """The hash (SHA-256) of the bytes last added under this path, or None."""
        held = self._library.held(path)
        return held[0] if held else None

    # -- what changes it -------------------------------------------------------------------

    def add(self, path: str, source: str, data: bytes) -> Added:
        """Take in one file; when this returns, it is on disk. LoadError if it gives no text.

        `path` is what the file is known by (its next version replaces it), `source` what a person
        calls it. Bytes that are already here under `path` cost a hash and a look-up.
        """
        digest = hashlib.sha256(data).hexdigest()
        held = self._library.held(path)
        if held and held[0] == digest:
            with self._changing:
                self._originals.keep(digest, data)
            return Added(path, "unchanged", held[1])
        document = load(source, data, max_bytes=self._max_bytes)
        if self._library.has(document.id):
            return self._add_known(path, digest, document, data)
        chunks, vectors = self._prepared(document)
        self._put(path, digest, document, data, chunks, vectors)
        return Added(path, "replaced" if held else "added", document.id, len(chunks))

    def remove(self, document_id: str) -> Document:
        """Forget a document and return what it was; UnknownDocument if there is none."""
        document = self._library.document(document_id)
        self._commit(lambda: self._library.remove(document.id))
        return document

    def reindex(self, document_id: str) -> Added:
        """Read a document anew, from its original if that was kept, and cut and embed it anew.

        A reader that has changed may find another text, and so another id.
        """
        before = self._library.document(document_id)
        original = self.original(before.id)
        document = (
            load(before.source, original.read_bytes(), max_bytes=self._max_bytes)
            if original
            else before
        )
        chunks, vectors = self._prepared(document)
        self._commit(lambda: self._library.renew(before.id, document, chunks, vectors))
        return Added(before.source, "replaced", document.id, len(chunks))

    # -- what is asked of it ---------------------------------------------------------------

    def retrieve(
        self, query: str, k: int, within: Collection[str] | None = None
    ) -> tuple[Hit, ...]:
        """The k best chunks by dense and lexical search, fused, best first.

        `within` are the ids of the documents to search; None is all of them. A chosen few are
        searched exactly, over the stored embeddings: Chroma filters more slowly than that.
        """
        dense = self._dense(self.embedder().embed_query(query), DEPTH, within)
        return fuse([dense, self._library.search_terms(query, DEPTH, within)], k)

    def embedder(self) -> Embedder:
        """The model, loaded at the first call; WrongModel if another one filled the library."""
        with self._loading:
            if self._embedder is None:
                embedder = self._load_embedder()
                probe = embedder.embed_passages([_PROBE])[0]
                self._library.remember_model(
                    Model(embedder.name, embedder.dimension, tuple(float(x) for x in probe))
                )
                self._embedder = embedder
            return self._embedder

    def build_in_background(self) -> None:
        """Start to make Chroma's index anew if it is not whole; searches stay exact meanwhile."""
        if not self._store.ready and self._builder is None:
            self._builder = threading.Thread(target=self._build, name="build", daemon=True)
            self._builder.start()

    @property
    def vectors_ready(self) -> bool:
        """Whether Chroma answers; if not, search is exact and slower."""
        return self._store.ready

    def wait_for_build(self) -> None:
        """Wait until the index that is being built, if one is, is whole."""
        builder = self._builder
        if builder is not None:
            builder.join()

    def close(self) -> None:
        """Finish the change under way, close everything and let the folder go."""
        self._closing.set()
        self.wait_for_build()
        with self._changing:
            if self._lock.is_locked:
                self._store.close(self._library.revision)
                self._library.close()
                self._lock.release()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- inside ----------------------------------------------------------------------------

    def _prepared(self, document: Document) -> tuple[list[Chunk], Vectors]:
        """The chunks of a document and their vectors."""
        embedder = self.embedder()
        chunks = split(document, lambda text: embedder.count_tokens([text])[0])
        return chunks, embedder.embed_passages([passage(document, chunk) for chunk in chunks])

    def _put(
        self,
        path: str,
        digest: str,
        document: Document,
        data: bytes,
        chunks: Sequence[Chunk],
        vectors: Vectors,
    ) -> None:
        def change() -> Change:
            # First the file: one that nothing refers to is swept, one that is missing stays so.
            self._originals.keep(digest, data)
            return self._library.put(path, digest, document, chunks, vectors)

        self._commit(change)

    def _add_known(self, path: str, digest: str, document: Document, data: bytes) -> Added:
        """The content is here already: only the path is new, or only its bytes changed."""
        held = self._library.held(path)
        empty = np.empty((0, 0), dtype=np.float32)
        self._put(path, digest, document, data, (), empty)
        known = self._library.document(document.id)
        message = (
            ""
            if known.source == document.source
            else f"内容与已有的《{known.source}》相同，未重复收录"
        )
        moved = held is not None and held[1] != document.id
        return Added(path, "replaced" if moved else "unchanged", document.id, 0, message)

    def _commit(self, change_library: Callable[[], Change]) -> None:
        with self._changing:
            if not self._store.ready and self._builder is None:
                self._rebuild()
            self._store.unseal()
            change = change_library()
            self._originals.drop(change.freed)
            if self._store.ready:
                self._follow(change)

    def _follow(self, change: Change) -> None:
        """Let Chroma follow the library; if it cannot, the library is right and Chroma is built anew."""
        try:
            self._store.change(*self._library.embeddings(change.added), change.removed)
        except Exception:
            _LOG.exception("the vector index could not follow; it is built anew at the next start")
            self._store.abandon()

    def _rebuild(self) -> None:
        ids, vectors = self._library.embeddings()
        self._store.build(ids, vectors, self._closing)

    def _build(self) -> None:
        try:
            ids, vectors = self._library.embeddings()
            if self._store.build(ids, vectors, self._closing):
                with self._changing:
                    self._catch_up(frozenset(ids))
        except Exception:
            _LOG.exception("the vector index could not be built; search stays exact")
            self._store.abandon()
        finally:
            self._builder = None

    def _catch_up(self, built: frozenset[str]) -> None:
        """Bring in what was committed while the index was being built."""
        now = self._library.chunk_ids()
        self._follow(Change(tuple(now - built), tuple(built - now)))

    def _dense(self, vector: Vectors, k: int, within: Collection[str] | None) -> tuple[Hit, ...]:
        if within is None:
            found = self._nearest(vector, k)
        else:
            ids = self._library.chunk_ids_of(within)
            found = _most_alike(*self._library.embeddings(ids), vector, k)
        chunks = self._library.chunks([chunk_id for chunk_id, _ in found])
        return tuple(
            Hit(chunks[chunk_id], score) for chunk_id, score in found if chunk_id in chunks
        )

    def _nearest(self, vector: Vectors, k: int) -> Sequence[tuple[str, float]]:
        if self._store.ready:
            try:
                return self._store.query(vector, k)
            except Exception:
                _LOG.exception("the vector index does not answer; search goes on exactly")
                self._store.abandon()
        return self._exactly(vector, k)

    def _exactly(self, vector: Vectors, k: int) -> Sequence[tuple[str, float]]:
        revision = self._library.revision
        if self._exact is None or self._exact[0] != revision:
            self._exact = (revision, *self._library.embeddings())
        _, ids, vectors = self._exact
        return _most_alike(ids, vectors, vector, k)


def _most_alike(
    ids: Sequence[str], vectors: Vectors, vector: Vectors, k: int
) -> list[tuple[str, float]]:
    if not ids:
        return []
    scores = vectors @ vector
    return [(ids[at], float(scores[at])) for at in np.argsort(-scores)[:k]]


def _take(folder: Path) -> FileLock:
    lock = FileLock(folder / "owner.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise LibraryBusy(
            f"资料库 {folder} 正被另一个 Youju 进程使用。请等它结束，或先停止它，或用 --data 指定另一个目录。"
        ) from error
    return lock
