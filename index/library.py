"""The record of documents in SQLite: the truth that the vector index is rebuilt from.

A document with its chunks, terms and embeddings is committed in one transaction, so that it is
wholly there or not at all, also after a crash (WAL, synchronous FULL). What this file leaves to
others: reading files (index/load.py), vectors in Chroma (index/store.py), who may write
(index/archive.py).
"""

import json
import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakSet

import numpy as np

from index import lexical
from index.errors import LibraryError, UnknownDocument, WrongModel
from index.migrations import migrate
from index.types import Chunk, Document, Entry, Hit, Section, Span, Vectors

_CHUNK = "id, document_id, start, end, text, heading"
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Model:
    """Which embedding model filled a library: its name, dimension, and the vector of a probe text.

    The probe tells two models of one name apart, and forgives what rounding differs by processor.
    """

    name: str
    dimension: int
    probe: tuple[float, ...]

    def agrees_with(self, other: "Model") -> bool:
        """Whether vectors of both may stand in one index."""
        return (
            self.name == other.name
            and self.dimension == other.dimension
            and float(np.dot(self.probe, other.probe)) > 0.98
        )


@dataclass(frozen=True, slots=True)
class Held:
    """What a path stands for: the hash of its bytes, the document, the loader that read them."""

    digest: str
    document_id: str
    loader: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a transaction did to the chunks, which the derived indexes must follow.

    `freed` are the digests that no path has any more.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    freed: tuple[str, ...] = ()


class _Owned:
    """The connection of a thread, whose end closes it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()


class Library:
    """The documents of one data folder. Reads from any thread; writes one at a time."""

    def __init__(self, file: Path, *, read_only: bool = False) -> None:
        """Open or make it; `read_only` where its folder cannot be written."""
        self._file = file
        self._read_only = read_only
        self._local = threading.local()
        self._owned: WeakSet[_Owned] = WeakSet()
        self._connecting = threading.Lock()
        self._writing = threading.Lock()
        self._listing = threading.Lock()
        self._listed: tuple[Entry, ...] = ()
        # The documents whose entries are to be read anew, None for all of them: since the list was
        # last read, and by the transaction under way.
        self._touched: set[str] | None = None
        self._touching: set[str] | None = None
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            migrate(self._read(), file)
        except (OSError, sqlite3.Error, LibraryError) as error:
            self.close()
            if isinstance(error, LibraryError):
                raise
            raise LibraryError(_unopened(file, error)) from error

    # -- what is known ---------------------------------------------------------------------

    @property
    def revision(self) -> int:
        """Counts the transactions that changed chunks; a derived index is current at one."""
        return int(self._meta("revision") or 0)

    def model(self) -> Model | None:
        """The model that filled this library, or None while it is new."""
        recorded = self._meta("model")
        if recorded is None:
            return None
        fields = json.loads(recorded)
        return Model(fields["name"], fields["dimension"], tuple(fields["probe"]))

    def remember_model(self, model: Model) -> None:
        """Bind a library without chunks to a model; another one later is WrongModel."""
        known = self.model()
        if known is None or not self.count_chunks():
            with self._transaction() as connection:
                _set_meta(
                    connection,
                    "model",
                    json.dumps(
                        {"name": model.name, "dimension": model.dimension, "probe": model.probe}
                    ),
                )
        elif not known.agrees_with(model):
            raise WrongModel(
                f"资料库由模型 {known.name}（{known.dimension} 维）建立，现在指定的是 {model.name}"
                f"（{model.dimension} 维）。请改回原模型，或用新的数据目录重新收录："
                "youju --data 新目录 add 文件…"
            )

    def entries(self) -> tuple[Entry, ...]:
        """Every document, the latest added first; read are those that have changed."""
        with self._listing:
            touched = self._touched
            if touched is None or touched:
                self._listed = self._read_entries(touched)
                self._touched = set()
            return self._listed

    def document(self, document_id: str) -> Document:
        """The document of this id; a unique beginning of at least 4 characters will do."""
        # The last character there is: a range, which the index answers, where a comparison of each
        # beginning would read every document.
        upto = document_id + "\U0010ffff" if len(document_id) >= 4 else document_id
        rows = (
            self._read()
            .execute(
                """SELECT id, source, title, text, date, page, publication, sections, page_starts
               FROM documents WHERE id BETWEEN ?1 AND ?2""",
                (document_id, upto),
            )
            .fetchall()
        )
        if len(rows) != 1:
            raise UnknownDocument(
                f"没有编号为 {document_id!r} 的文档。youju list 列出全部文档及其编号。"
                if not rows
                else f"有 {len(rows)} 个文档的编号以 {document_id!r} 开头，请多写几位。"
            )
        fields = dict(rows[0])
        sections = tuple(Section(h, Span(a, b)) for h, a, b in json.loads(fields.pop("sections")))
        starts = tuple(json.loads(fields.pop("page_starts")))
        return Document(**fields, sections=sections, page_starts=starts)

    def held(self, path: str) -> Held | None:
        """What was last recorded for this path, or None."""
        query = "SELECT digest, document_id, loader FROM sources WHERE path = ?"
        row = self._read().execute(query, (path,)).fetchone()
        return Held(*row) if row else None

    def digests(self, document_id: str | None = None) -> tuple[str, ...]:
        """The digests recorded for the paths of one document, or of all."""
        where = "" if document_id is None else "WHERE document_id = ?"
        given = () if document_id is None else (document_id,)
        rows = self._read().execute(
            f"SELECT DISTINCT digest FROM sources {where} ORDER BY digest", given
        )
        return tuple(row[0] for row in rows)

    def has(self, document_id: str) -> bool:
        """Whether a document of exactly this id is here."""
        found = self._read().execute("SELECT 1 FROM documents WHERE id = ?", (document_id,))
        return found.fetchone() is not None

    def count_documents(self) -> int:
        """How many documents the library holds; LibraryError if it cannot be read."""
        try:
            return int(self._read().execute("SELECT count(*) FROM documents").fetchone()[0])
        except sqlite3.Error as error:
            raise LibraryError(f"无法读取资料库 {self._file}：{error}。") from error

    def count_chunks(self) -> int:
        """How many chunks the library holds."""
        return int(self._read().execute("SELECT count(*) FROM chunks").fetchone()[0])

    def chunks(self, ids: Sequence[str]) -> dict[str, Chunk]:
        """The chunks of these ids; one that is no longer there is left out."""
        marks = ",".join("?" * len(ids))
        rows = self._read().execute(
            f"SELECT {_CHUNK} FROM chunks WHERE id IN ({marks})", tuple(ids)
        )
        return {row[0]: _chunk(row) for row in rows}

    def chunks_of(self, document_id: str) -> tuple[Chunk, ...]:
        """The chunks of one document in the order of its text."""
        rows = self._read().execute(
            f"SELECT {_CHUNK} FROM chunks WHERE document_id = ? ORDER BY start", (document_id,)
        )
        return tuple(_chunk(row) for row in rows)

    def chunk_ids(self) -> frozenset[str]:
        """The ids of all chunks."""
        return frozenset(row[0] for row in self._read().execute("SELECT id FROM chunks"))

    def chunk_ids_of(self, documents: Collection[str]) -> tuple[str, ...]:
        """The ids of the chunks of these documents."""
        return tuple(row[1] for row in self._chunks_of(documents))

    def some_chunk_ids(self, most: int) -> tuple[str, ...]:
        """The ids of so many chunks, drawn by chance."""
        query = "SELECT id FROM chunks ORDER BY random() LIMIT ?"
        return tuple(row[0] for row in self._read().execute(query, (most,)))

    def embeddings(self, ids: Sequence[str] | None = None) -> tuple[tuple[str, ...], Vectors]:
        """The ids and stored vectors, of shape (n, dimension), of these chunks or of all."""
        # As one JSON value: a long document has more chunks than a statement takes parameters.
        where = "" if ids is None else "WHERE id IN (SELECT value FROM json_each(?))"
        given = () if ids is None else (json.dumps(list(ids)),)
        query = f"SELECT id, embedding FROM chunks {where} ORDER BY number"
        found = self._read().execute(query, given)
        ids_found: list[str] = []
        parts: list[Vectors] = []
        # In batches: all of them as bytes and as numbers at once would be three times as much.
        while rows := found.fetchmany(_BATCH):
            ids_found.extend(row[0] for row in rows)
            read = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32)
            parts.append(read.reshape(len(rows), -1))
        return tuple(ids_found), np.concatenate(parts) if parts else np.empty((0, 0), np.float32)

    def search_terms(
        self, query: str, k: int, within: Collection[str] | None = None
    ) -> tuple[Hit, ...]:
        """The k best chunks by BM25, best first; of the documents `within`, or of all."""
        connection = self._read()
        among = None if within is None else [row[0] for row in self._chunks_of(within)]
        found = lexical.search(connection, query, k, among)
        marks = ",".join("?" * len(found))
        rows = connection.execute(
            f"SELECT number, {_CHUNK} FROM chunks WHERE number IN ({marks})",
            tuple(number for number, _ in found),
        )
        chunks = {row[0]: _chunk(row[1:]) for row in rows}
        return tuple(Hit(chunks[number], score) for number, score in found if number in chunks)

    def vectors_of(self, document_id: str) -> Vectors:
        """The stored vectors of one document's chunks; ValueError if they are not of one length."""
        rows = (
            self._read()
            .execute("SELECT embedding FROM chunks WHERE document_id = ?", (document_id,))
            .fetchall()
        )
        vectors = [np.frombuffer(row[0], dtype=np.float32) for row in rows]
        return np.stack(vectors) if vectors else np.empty((0, 0), dtype=np.float32)

    def paths_by_digest(self) -> dict[str, tuple[str, ...]]:
        """The digests that are recorded, and the paths that have each."""
        found: dict[str, tuple[str, ...]] = {}
        for path, digest in self._read().execute("SELECT path, digest FROM sources ORDER BY path"):
            found[digest] = (*found.get(digest, ()), path)
        return found

    def terms_of(self, document_id: str) -> dict[str, str]:
        """The terms that are stored for each chunk of a document."""
        rows = self._read().execute(
            "SELECT id, cut FROM chunks JOIN terms ON terms.rowid = number WHERE document_id = ?",
            (document_id,),
        )
        return {row[0]: row[1] for row in rows}

    def terms_are_whole(self) -> bool:
        """Whether the lists of postings are right, and no terms are of a chunk that is gone."""
        rows = "SELECT 1 FROM terms WHERE rowid NOT IN (SELECT number FROM chunks) LIMIT 1"
        if self._read().execute(rows).fetchone():
            return False
        if self._read_only:
            return True
        with self._transaction() as connection:
            return lexical.is_whole(connection)

    def complaint(self) -> str:
        """What SQLite finds wrong with its file, or ""."""
        connection = self._read()
        [said] = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if said != "ok":
            return str(said)
        alone = connection.execute("PRAGMA foreign_key_check").fetchone()
        return f"{alone[0]} 里有一行不属于任何文档" if alone else ""

    # -- what changes it -------------------------------------------------------------------

    def put(
        self,
        path: str,
        digest: str,
        document: Document,
        chunks: Sequence[Chunk],
        vectors: Vectors,
        *,
        loader: int,
    ) -> Change:
        """Make `path` stand for `document`, and drop what it stood for if nothing else does.

        A document that is here already under another path is not stored twice. `loader` is the
        version of what read it.
        """
        with self._transaction() as connection:
            before = self.held(path)
            self._touching = {document.id, *([before.document_id] if before else [])}
            added: tuple[str, ...] = ()
            if not connection.execute(
                "SELECT 1 FROM documents WHERE id = ?", (document.id,)
            ).fetchone():
                added = _insert(connection, document, chunks, vectors)
            connection.execute(
                """INSERT OR REPLACE INTO sources (path, digest, document_id, loader)
                   VALUES (?, ?, ?, ?)""",
                (path, digest, document.id, loader),
            )
            removed = _drop_unsourced(connection, before.document_id) if before else ()
            freed = _unused(connection, [before.digest]) if before else ()
            return self._changed(connection, Change(added, removed, freed))

    def renew(
        self, document_id: str, document: Document, chunks: Sequence[Chunk], vectors: Vectors
    ) -> Change:
        """Let `document` with new chunks take the place of one, for all paths that stand for it."""
        with self._transaction() as connection:
            if not self.has(document_id):
                raise UnknownDocument(f"文档 {document_id!r} 刚刚已被移除。")
            self._touching = {document_id, document.id}
            removed = _drop_chunks(connection, document_id)
            if document.id == document_id:
                connection.execute(
                    "UPDATE documents SET text = ?, sections = ?, page_starts = ? WHERE id = ?",
                    (document.text, *_structure(document), document_id),
                )
                added = _insert_chunks(connection, document, chunks, vectors)
            else:
                added = (
                    () if self.has(document.id) else _insert(connection, document, chunks, vectors)
                )
                connection.execute(
                    "UPDATE sources SET document_id = ? WHERE document_id = ?",
                    (document.id, document_id),
                )
                _drop_unsourced(connection, document_id)
            return self._changed(connection, Change(added, removed))

    def remove(self, document_id: str) -> Change:
        """Forget a document, whatever paths stand for it."""
        with self._transaction() as connection:
            self._touching = {document_id}
            digests = self.digests(document_id)
            connection.execute("DELETE FROM sources WHERE document_id = ?", (document_id,))
            removed = _drop_unsourced(connection, document_id)
            return self._changed(connection, Change((), removed, _unused(connection, digests)))

    def rebuild_terms(self) -> None:
        """Make the terms of all chunks anew."""
        with self._transaction() as connection:
            lexical.clear(connection)
            for entry in self.entries():
                document = self.document(entry.id)
                rows = connection.execute(
                    f"SELECT number, {_CHUNK} FROM chunks WHERE document_id = ?", (entry.id,)
                )
                for number, *fields in rows.fetchall():
                    lexical.insert(connection, number, passage(document, _chunk(fields)))

    def rebuild_indexes(self) -> None:
        """Make SQLite's own indexes anew from its tables."""
        with self._transaction() as connection:
            connection.execute("REINDEX")

    def close(self) -> None:
        """Close every connection; the library is not used after."""
        with self._connecting:
            for owned in list(self._owned):
                owned.connection.close()

    # -- inside ----------------------------------------------------------------------------

    def _read_entries(self, touched: set[str] | None) -> tuple[Entry, ...]:
        """The list with the entries of some documents, or of all, read anew.

        The length of a text is only known when the text is read.
        """
        where = "" if touched is None else "WHERE d.id IN (SELECT value FROM json_each(?))"
        given = () if touched is None else (json.dumps(list(touched)),)
        rows = self._read().execute(
            f"""SELECT d.id, d.source, d.title, d.date, d.page, d.publication, length(d.text) AS characters,
                      (SELECT count(*) FROM chunks c WHERE c.document_id = d.id) AS chunks, d.added,
                      (SELECT json_group_array(path) FROM sources s WHERE s.document_id = d.id) AS paths
               FROM documents d {where}""",
            given,
        )
        read = [Entry(**{**dict(row), "paths": tuple(json.loads(row["paths"]))}) for row in rows]
        kept = [] if touched is None else [e for e in self._listed if e.id not in touched]
        by_source = sorted([*kept, *read], key=lambda entry: (entry.source, entry.id))
        return tuple(sorted(by_source, key=lambda entry: entry.added, reverse=True))

    def _chunks_of(self, documents: Collection[str]) -> list[tuple[int, str]]:
        """The numbers and ids of the chunks of some documents."""
        return (
            self._read()
            .execute(
                "SELECT number, id FROM chunks WHERE document_id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(documents)),),
            )
            .fetchall()
        )

    def _read(self) -> sqlite3.Connection:
        """This thread's connection."""
        owned: _Owned | None = getattr(self._local, "owned", None)
        if owned is None:
            connection = sqlite3.connect(
                self._address(), uri=True, timeout=30, isolation_level=None, check_same_thread=False
            )
            connection.row_factory = sqlite3.Row
            if not self._read_only:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                # What is removed is overwritten, so that no copy of the file holds it either.
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA foreign_keys = ON")
            self._local.owned = owned = _Owned(connection)
            with self._connecting:
                self._owned.add(owned)
        return owned.connection

    def _address(self) -> str:
        if not self._read_only:
            return self._file.resolve().as_uri()
        # Without a journal nothing is being written, and SQLite need not make files beside it.
        journal = self._file.with_name(f"{self._file.name}-wal")
        still = not journal.exists() or not journal.stat().st_size
        return f"{self._file.resolve().as_uri()}?mode=ro{'&immutable=1' if still else ''}"

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._read()
        with self._writing:
            try:
                connection.execute("BEGIN IMMEDIATE")
                self._touching = None
                yield connection
                connection.execute("COMMIT")
                self._touch()
            except BaseException as error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise LibraryError(_unwritten(self._file, error)) from error
                raise

    def _touch(self) -> None:
        """Let the entries that were just changed be read anew."""
        with self._listing:
            if self._touched is not None and self._touching is not None:
                self._touched |= self._touching
            else:
                self._touched = None

    def _meta(self, key: str) -> str | None:
        row = self._read().execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def _changed(self, connection: sqlite3.Connection, change: Change) -> Change:
        if change.added or change.removed:
            _set_meta(connection, "revision", str(self.revision + 1))
        return change


_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that its file is no database, or a damaged one."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED


def _unopened(file: Path, error: Exception) -> str:
    if is_damage(error):
        return (
            f"资料库 {file} 已损坏（{error}）。请用 youju restore 备份文件 恢复最近的备份；"
            "没有备份时，用 youju --data 新目录 add 文件… 重新收录。"
        )
    return f"无法打开资料库 {file}：{error}。请检查该文件夹是否可写、磁盘是否已满。"


def _unwritten(file: Path, error: sqlite3.Error) -> str:
    if is_damage(error):
        return _unopened(file, error)
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
        return (
            f"磁盘空间不足，没有写入资料库（{error}）。原有内容未改动，可以照常提问。"
            "请腾出磁盘空间后重试。"
        )
    return f"写入资料库失败：{error}。原有内容未改动。请检查磁盘空间与文件夹权限后重试。"


def _chunk(row: Sequence[object]) -> Chunk:
    chunk_id, document_id, start, end, text, heading = row
    return Chunk(
        str(chunk_id),
        str(document_id),
        Span(int(str(start)), int(str(end))),
        str(text),
        str(heading),
    )


def _set_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def _insert(
    connection: sqlite3.Connection, document: Document, chunks: Sequence[Chunk], vectors: Vectors
) -> tuple[str, ...]:
    connection.execute(
        """INSERT INTO documents (id, source, title, text, date, page, publication, sections, page_starts)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            document.id,
            document.source,
            document.title,
            document.text,
            document.date,
            document.page,
            document.publication,
            *_structure(document),
        ),
    )
    return _insert_chunks(connection, document, chunks, vectors)


def _structure(document: Document) -> tuple[str, str]:
    """The sections and the page starts as they are stored."""
    sections = [(s.heading, s.span.start, s.span.end) for s in document.sections]
    return json.dumps(sections), json.dumps(document.page_starts)


def _insert_chunks(
    connection: sqlite3.Connection, document: Document, chunks: Sequence[Chunk], vectors: Vectors
) -> tuple[str, ...]:
    for chunk, vector in zip(chunks, vectors, strict=True):
        cursor = connection.execute(
            f"INSERT INTO chunks ({_CHUNK}, embedding) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                chunk.id,
                chunk.document_id,
                chunk.span.start,
                chunk.span.end,
                chunk.text,
                chunk.heading,
                np.ascontiguousarray(vector, dtype=np.float32).tobytes(),
            ),
        )
        assert cursor.lastrowid is not None
        lexical.insert(connection, cursor.lastrowid, passage(document, chunk))
    return tuple(chunk.id for chunk in chunks)


def _drop_unsourced(connection: sqlite3.Connection, document_id: str) -> tuple[str, ...]:
    """Delete a document that no path stands for any more, and name its chunks."""
    held = connection.execute("SELECT 1 FROM sources WHERE document_id = ?", (document_id,))
    if held.fetchone():
        return ()
    removed = _drop_chunks(connection, document_id)
    connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))
    return removed


def _drop_chunks(connection: sqlite3.Connection, document_id: str) -> tuple[str, ...]:
    rows = connection.execute(
        "SELECT number, id FROM chunks WHERE document_id = ?", (document_id,)
    ).fetchall()
    for number, _ in rows:
        lexical.delete(connection, number)
    connection.execute("DELETE FROM chunks WHERE document_id = ?", (document_id,))
    return tuple(chunk_id for _, chunk_id in rows)


def _unused(connection: sqlite3.Connection, digests: Sequence[str]) -> tuple[str, ...]:
    """Those of some digests that no path has."""
    query = "SELECT 1 FROM sources WHERE digest = ?"
    return tuple(d for d in digests if not connection.execute(query, (d,)).fetchone())


def passage(document: Document, chunk: Chunk) -> str:
    """What is indexed for a chunk: the title and heading that say what it is about, then its text."""
    about = [part for part in (document.title, chunk.heading) if part and part not in chunk.text]
    return "\n".join([*about, chunk.text])
