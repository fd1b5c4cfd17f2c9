"""A data folder, opened: files go in, ranked chunks come out.

Ties the floor together: load, split, embed, commit to the library, let Chroma follow. One process
owns a folder at a time; one that cannot be written is read, by any number. While Chroma is being
built anew, or its server is away, dense search is exact, over the stored embeddings. What a question
means and how it is answered is the business of `qa`.
"""

import hashlib
import logging
import math
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np
from filelock import FileLock, Timeout

from index import backup, sound
from index.chroma_server import ChromaServer
from index.errors import IndexingError, LibraryBusy, LibraryError
from index.library import Change, Library, Model, passage
from index.load import LOADER_VERSION
from index.originals import Originals
from index.parsing import load
from index.retrieve import DEPTH, fuse
from index.served import ServedVectors
from index.split import split
from index.store import NoAnswer, StoreFailed, VectorIndex, VectorStore
from index.types import Added, Chunk, Document, Embedder, Entry, Finding, Hit, Subject, Vectors

_LOG = logging.getLogger(__name__)
# What a file takes on disk, in lengths of its own: itself, text, chunks, terms, vectors, journal.
_TIMES_ITS_LENGTH = 10
# How many stored vectors are looked for now and then.
_PROBES = 32
LIBRARY = "library.sqlite3"
# With less of the disk left, nothing more is taken in.
MIN_FREE = 100_000_000
# An index that cannot be built on a server that answers is not tried as often as one that is away.
_SECONDS_TO_REBUILD = 60.0
_AWAY = "向量索引服务暂时没有应答，已改为逐段查找：结果不受影响，可能慢一些；服务恢复后自动改回。"
_PROBE = "数据来源：2023年前三季度，全区实现地区生产总值1200亿元，同比增长5.6%。"


# One way to search: so many hits of chosen documents, or of all.
_Leg = Callable[[int, Collection[str] | None], Sequence[Hit]]
# The share of all documents from which on chosen ones are picked out of a search of all.
_MANY = 0.1


class Archive:
    """The owner of a data folder. Reads and searches from any thread; one change at a time."""

    def __init__(
        self,
        folder: Path,
        load_embedder: Callable[[], Embedder],
        *,
        max_bytes: int = 20_000_000,
        min_free: int = MIN_FREE,
        chroma: ChromaServer | None = None,
    ) -> None:
        """Take the folder, or raise LibraryBusy. The model is loaded when it is first needed.

        Files larger than `max_bytes` are refused, and any that would leave less than `min_free`
        bytes of the disk. The vectors live in a `chroma` server, or in the folder where none is named.
        """
        self.folder = folder
        self._lock = None if _is_only_readable(folder) else _take(folder)
        self._load_embedder = load_embedder
        self._max_bytes = max_bytes
        self._min_free = min_free
        self._embedder: Embedder | None = None
        self._loading = threading.Lock()
        self._changing = threading.Lock()
        self._closing = threading.Event()
        self._builder: threading.Thread | None = None
        self._unbuildable = False
        self._exact: tuple[int, tuple[str, ...], Vectors] | None = None
        try:
            self._library = Library(folder / LIBRARY, read_only=self._lock is None)
            self._served = chroma is not None
            self._store = self._vectors(folder / "vectors", chroma)
            self._originals = Originals(folder / "files")
            if self._lock is not None:
                self._store.open(self._library.revision, self._library.count_chunks())
                self._probe()
                self._originals.sweep(self._library.digests())
        except BaseException:
            if self._lock is not None:
                self._lock.release()
            raise

    # -- what is in it ---------------------------------------------------------------------

    def entries(self) -> tuple[Entry, ...]:
        """Every document, the latest added first."""
        return self._library.entries()

    def count(self) -> int:
        """How many documents there are, asked of the disk; LibraryError if it does not answer."""
        return self._library.count_documents()

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
        return held.digest if held else None

    # -- what changes it -------------------------------------------------------------------

    def add(self, path: str, source: str, data: bytes) -> Added:
        """Take in one file; when this returns, it is on disk. LoadError if it gives no text.

        `path` is what the file is known by (its next version replaces it), `source` what a person
        calls it. Bytes that are already here under `path` cost a hash and a look-up, unless an
        older loader read them: then they are read anew.
        """
        digest = hashlib.sha256(data).hexdigest()
        held = self._library.held(path)
        if held and held.digest == digest and held.loader >= LOADER_VERSION:
            with self._changing:
                self._originals.keep(digest, data)
            return Added(path, "unchanged", held.document_id)
        document = load(source, data, max_bytes=self._max_bytes)
        self._make_sure_of_room(len(data))
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
        self._make_sure_of_room(len(document.text.encode()))
        chunks, vectors = self._prepared(document)
        self._commit(lambda: self._library.renew(before.id, document, chunks, vectors))
        return Added(before.source, "replaced", document.id, len(chunks))

    def back_up(self, to: IO[bytes]) -> backup.Manifest:
        """Write all that cannot be made anew to one file. Changes wait meanwhile, questions do not."""
        with self._changing:
            return backup.write(self.folder, to)

    # -- what is asked of it ---------------------------------------------------------------

    def retrieve(
        self, query: str, k: int, within: Collection[str] | None = None
    ) -> tuple[Hit, ...]:
        """The k best chunks by lexical and dense search, fused, best first.

        `within` are the ids of the documents to search; None is all of them. A chosen few are
        searched exactly, over the stored embeddings: Chroma filters more slowly than that.
        """
        vector = self.embedder().embed_query(query)
        legs: tuple[_Leg, ...] = (
            partial(self._library.search_terms, query),
            partial(self._dense, vector),
        )
        return fuse([self._among(leg, within) for leg in legs], k)

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
        with self._changing:
            idle = self._builder is None and not self._closing.is_set()
            if idle and not self._store.ready and self._lock is not None:
                self._builder = threading.Thread(target=self._build, name="build", daemon=True)
                self._builder.start()

    def watch(self, every: float = 600.0) -> None:
        """From now on look for stored vectors every so many seconds, and mend what does not find them.

        An index that cannot be built is tried again ever more seldom.
        """

        def watching() -> None:
            pause = every
            while not self._closing.wait(pause):
                with self._changing:
                    if self.vectors_ready:
                        self._probe()
                pause = every if self._store.ready else min(2 * pause, 86_400.0)
                self.build_in_background()

        threading.Thread(target=watching, name="watch", daemon=True).start()

    def mend_in_background(self, every: float = 5.0) -> None:
        """From now on take a served index up again, or build it anew, after its server failed."""

        def mending() -> None:
            while not self._closing.wait(_SECONDS_TO_REBUILD if self._unbuildable else every):
                self.build_in_background()

        if self._served:
            threading.Thread(target=mending, name="mend", daemon=True).start()

    @property
    def vectors_ready(self) -> bool:
        """Whether Chroma answers; if not, search is exact and slower."""
        # One that was just built has yet to catch up.
        return self._store.ready and self._builder is None

    @property
    def notice(self) -> str:
        """What somebody who asks is to know of how all documents are searched now, or ""."""
        return _AWAY if self._store.away else ""

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
            self._store.close()
            self._library.close()
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- whether it is sound ---------------------------------------------------------------

    def examine(self, *, repair: bool = False) -> tuple[Finding, ...]:
        """What a look at every part finds; with `repair`, after what can be mended was mended.

        Changes wait meanwhile, questions do not.
        """
        found = self._looked_at()
        if not repair or self._lock is None:
            return found
        mended = {
            seen.subject: self._mend(seen)
            for seen in found
            if not seen.sound and seen.subject in _MENDING
        }
        if not mended:
            return found
        return tuple(replace(f, mended=mended.get(f.subject, "")) for f in self._looked_at())

    def _looked_at(self) -> tuple[Finding, ...]:
        self.wait_for_build()
        with self._changing:
            found = sound.examine(self._library, self._originals, self._store)
        return (self._model_looked_at(), *found)

    def _model_looked_at(self) -> Finding:
        """Whether the embedding model loads, and is the one that filled the library."""
        try:
            return Finding("model", True, f"嵌入模型 {self.embedder().name} 与资料库一致")
        except IndexingError as error:
            return Finding("model", False, str(error))

    def _mend(self, finding: Finding) -> str:
        """Mend what a finding says from what is sound, and say what was done."""
        try:
            return _MENDING[finding.subject](self, finding)
        except (IndexingError, sqlite3.Error, OSError, ValueError) as error:
            return f"没有修好：{error}"

    def _mend_database(self, _: Finding) -> str:
        with self._changing:
            self._library.rebuild_indexes()
        return "已重建数据库自己的索引"

    def _mend_files(self, finding: Finding) -> str:
        with self._changing:
            # One that was altered stands in the way of the right one.
            self._originals.drop(finding.of)
            self._originals.sweep(self._library.digests())
        return "已清除多余的和不对的原件"

    def _mend_documents(self, finding: Finding) -> str:
        for document_id in finding.of:
            self.reindex(document_id)
        return f"已重新切分并索引 {len(finding.of)} 份文档" if finding.of else ""

    def _mend_terms(self, _: Finding) -> str:
        with self._changing:
            self._library.rebuild_terms()
        return "已从正文重建词表"

    def _mend_index(self, _: Finding) -> str:
        with self._changing:
            self._store.abandon()
        self.build_in_background()
        self.wait_for_build()
        return (
            "已从资料库里的向量重建索引" if self.vectors_ready else "索引没有建成，原因已记入日志"
        )

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
            return self._library.put(path, digest, document, chunks, vectors, loader=LOADER_VERSION)

        self._commit(change)

    def _add_known(self, path: str, digest: str, document: Document, data: bytes) -> Added:
        """The content is here already: only the path is new, or only its bytes or reader changed."""
        held = self._library.held(path)
        if held and held.document_id == document.id:
            self._restructure(document)
        empty = np.empty((0, 0), dtype=np.float32)
        self._put(path, digest, document, data, (), empty)
        known = self._library.document(document.id)
        message = (
            ""
            if known.source == document.source
            else f"内容与已有的《{known.source}》相同，未重复收录"
        )
        moved = held is not None and held.document_id != document.id
        return Added(path, "replaced" if moved else "unchanged", document.id, 0, message)

    def _vectors(self, folder: Path, chroma: ChromaServer | None) -> VectorIndex:
        def model() -> str:
            known = self._library.model()
            return known.name if known else ""

        return ServedVectors(folder, chroma, model) if chroma else VectorStore(folder)

    def _restructure(self, document: Document) -> None:
        """Where a document of the same text is found to have other sections or pages, cut it anew."""
        known = self._library.document(document.id)
        if (known.sections, known.page_starts) != (document.sections, document.page_starts):
            chunks, vectors = self._prepared(document)
            self._commit(lambda: self._library.renew(document.id, document, chunks, vectors))

    def _make_sure_of_room(self, length: int) -> None:
        """LibraryError if a file of so many bytes would leave too little of the disk."""
        free = shutil.disk_usage(self.folder).free
        needed = self._min_free + _TIMES_ITS_LENGTH * length
        if free < needed:
            raise LibraryError(
                f"磁盘空间不足：{self.folder} 所在的磁盘还剩 {free / 1e6:.0f} MB，收录这个文件至少要有 "
                f"{needed / 1e6:.0f} MB。资料库未改动，可以照常提问。请腾出空间后重试。"
            )

    def _commit(self, change_library: Callable[[], Change]) -> None:
        with self._changing:
            self._prepare_to_write()
            before = self._library.revision
            change = change_library()
            self._originals.drop(change.freed)
            if self.vectors_ready:
                self._follow(change, before)

    def _prepare_to_write(self) -> None:
        if self._lock is None:
            raise LibraryError(
                f"资料库 {self.folder} 所在的文件夹是只读的，可以提问，不能改动。"
                "请检查文件夹权限，或用 --data 指定另一个目录。"
            )
        if not self._store.ready and self._builder is None and not self._unbuildable:
            self._rebuild()
        try:
            self._store.unseal()
        except OSError as error:
            raise LibraryError(_unwritable(self.folder, error)) from error

    def _follow(self, change: Change, before: int) -> None:
        """Let Chroma follow the library; if it cannot, the library is right and Chroma is built anew."""
        added = self._library.embeddings(change.added)
        try:
            self._store.change(*added, change.removed, (before, self._library.revision))
        except StoreFailed as error:
            _LOG.error(
                "the vector index could not follow; search is exact until it is built anew: %s",
                error,
                exc_info=_traced(error),
            )
            self._store.abandon()

    def _probe(self) -> None:
        """Let go of an index that does not find what is in it."""
        if not self._store.ready:
            return
        ids, vectors = self._library.embeddings(self._library.some_chunk_ids(_PROBES))
        try:
            lost = self._store.lost(ids, vectors)
        except NoAnswer:
            return
        except StoreFailed:
            lost = ids
        if lost:
            _LOG.error("the vector index misses %d of %d vectors", len(lost), len(ids))
            self._store.abandon()

    def _take_up(self) -> tuple[frozenset[str], int] | None:
        """What a server that is back holds whole: which chunks, at which revision; None if nothing."""
        if not self._served:
            return None
        # The revision first: what is committed meanwhile is brought in after.
        revision, ids = self._library.revision, self._library.chunk_ids()
        try:
            if self._store.open(revision, len(ids)):
                self._probe()
        except LibraryError:
            _LOG.exception("the Chroma server is not to be used")
        return (ids, revision) if self._store.ready else None

    def _rebuild(self) -> tuple[frozenset[str], int] | None:
        """Make Chroma's index anew: of which chunks, at which revision; None if it was not made."""
        revision = self._library.revision
        ids, vectors = self._library.embeddings()
        try:
            whole = self._store.build(ids, vectors, revision, self._closing)
        except StoreFailed as error:
            _LOG.warning(
                "the vector index could not be built; search stays exact: %s",
                error,
                exc_info=_traced(error),
            )
            # A server that is away is let alone by itself.
            self._unbuildable = not isinstance(error, NoAnswer)
            return None
        self._unbuildable = False
        return (frozenset(ids), revision) if whole else None

    def _build(self) -> None:
        try:
            whole = self._take_up()
            if whole is None and not self._store.away:
                whole = self._rebuild()
            with self._changing:
                if whole is not None:
                    self._catch_up(*whole)
                    self._exact = None
                self._builder = None
        except Exception:
            _LOG.exception("the vector index could not be built; search stays exact")
            self._store.abandon()
        finally:
            self._builder = None

    def _catch_up(self, built: frozenset[str], revision: int) -> None:
        """Bring in what was committed while the index was being built."""
        now = self._library.chunk_ids()
        if self._library.revision != revision:
            self._follow(Change(tuple(now - built), tuple(built - now)), revision)

    def _among(self, leg: _Leg, within: Collection[str] | None) -> Sequence[Hit]:
        """What one leg finds in chosen documents, or in all.

        Where many are chosen it is picked out of a deeper search of all, which reads nothing of
        those that are not found; if that comes to too little, they are searched alone after all.
        """
        if within:
            chosen = frozenset(within)
            share = len(chosen) / max(1, self._library.count_documents())
            if share >= _MANY:
                depth = math.ceil(1.5 * DEPTH / min(1.0, share))
                found = leg(depth, None)
                kept = [hit for hit in found if hit.chunk.document_id in chosen]
                if len(kept) >= DEPTH or len(found) < depth:
                    return kept[:DEPTH]
        return leg(DEPTH, within)

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
        if self.vectors_ready:
            try:
                return self._store.query(vector, k)
            except NoAnswer:
                _LOG.warning("the Chroma server does not answer; search goes on exactly")
            except StoreFailed:
                _LOG.exception("the vector index failed; search goes on exactly")
                self._store.abandon()
        return self._exactly(vector, k)

    def _exactly(self, vector: Vectors, k: int) -> Sequence[tuple[str, float]]:
        revision = self._library.revision
        if self._exact is None or self._exact[0] != revision:
            self._exact = (revision, *self._library.embeddings())
        _, ids, vectors = self._exact
        return _most_alike(ids, vectors, vector, k)


def _traced(error: StoreFailed) -> bool:
    """Whether it is of use where a failure came from: of a server that is down its address says all."""
    return not isinstance(error, NoAnswer)


def restore(file: Path, folder: Path) -> backup.Manifest:
    """Make a data folder of a backup; its vectors are built when it is first served."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = _take(folder)
    try:
        return backup.restore(file, folder)
    finally:
        lock.release()


_MENDING: Mapping[Subject, Callable[[Archive, Finding], str]] = {
    "database": Archive._mend_database,
    "files": Archive._mend_files,
    "documents": Archive._mend_documents,
    "terms": Archive._mend_terms,
    "index": Archive._mend_index,
}


def _most_alike(
    ids: Sequence[str], vectors: Vectors, vector: Vectors, k: int
) -> list[tuple[str, float]]:
    if not ids:
        return []
    scores = vectors @ vector
    return [(ids[at], float(scores[at])) for at in np.argsort(-scores)[:k]]


def _is_only_readable(folder: Path) -> bool:
    """Whether there is a library that can be read and a folder that cannot be written."""
    return os.access(folder / LIBRARY, os.R_OK) and not os.access(folder, os.W_OK)


def _take(folder: Path) -> FileLock:
    lock = FileLock(folder / "owner.lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise LibraryBusy(
            f"资料库 {folder} 正被另一个 Youju 进程使用。请等它结束，或先停止它，或用 --data 指定另一个目录。"
        ) from error
    except OSError as error:
        raise LibraryError(_unwritable(folder, error)) from error
    return lock


def _unwritable(folder: Path, error: OSError) -> str:
    return (
        f"无法写入数据目录 {folder}：{error.strerror}。资料库未改动。"
        "请检查磁盘空间与文件夹权限，或用 --data 指定另一个目录。"
    )
