"""Whether the parts of a data folder agree: each look gives a finding, and changes nothing.

The text of a document is held against its hash, chunks and vectors against the text, terms against
the chunks, originals against their digests, and the vector index by looking for vectors that it
must have. What is mended, and how, is index/archive.py's business.
"""

import sqlite3
from collections.abc import Callable, Sequence

import numpy as np

from index.errors import LibraryError
from index.lexical import cut_terms
from index.library import Library, passage
from index.load import is_whole
from index.originals import Originals
from index.store import StoreFailed, VectorIndex
from index.types import Chunk, Document, Entry, Finding, Subject, Vectors

REPAIR = "youju doctor --repair"
RESTORE = "youju restore 备份文件"
_MOST_PROBES = 200
_MOST_NAMED = 5
_UNIT = 0.01


def examine(library: Library, originals: Originals, store: VectorIndex) -> tuple[Finding, ...]:
    """A look at every part; nothing may change meanwhile."""
    looks: dict[Subject, Callable[[], Finding]] = {
        "database": lambda: _database(library),
        "files": lambda: _files(library, originals),
        "documents": lambda: _documents(library, originals),
        "terms": lambda: _terms(library),
        "index": lambda: _index(library, store),
    }
    return tuple(_looked(subject, look) for subject, look in looks.items())


def _looked(subject: Subject, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except (sqlite3.Error, LibraryError, ValueError) as error:
        return Finding(subject, False, f"读不出来：{error}", RESTORE)


def _database(library: Library) -> Finding:
    complaint = library.complaint()
    if complaint:
        return Finding(
            "database", False, f"数据库文件有损坏：{complaint}", f"{REPAIR}，或 {RESTORE}"
        )
    return Finding("database", True, "数据库文件完整")


def _files(library: Library, originals: Originals) -> Finding:
    paths = library.paths_by_digest()
    missing = [digest for digest in paths if originals.path(digest) is None]
    altered = [
        digest for digest in paths if digest not in missing and not originals.is_whole(digest)
    ]
    stray = originals.strays(paths)
    if not (missing or altered or stray):
        return Finding("files", True, f"原件齐全，共 {len(paths)} 个")
    counted = {"缺": missing, "与收录时不同的有": altered, "多余的有": stray}
    told = "，".join(f"{what} {len(found)} 个" for what, found in counted.items() if found)
    again = [path for digest in (*missing, *altered) for path in paths[digest]]
    advice = _add_again(again) if again else REPAIR
    return Finding("files", False, f"原件{told}", advice, tuple(altered))


def _documents(library: Library, originals: Originals) -> Finding:
    chunks = 0
    wrong: list[Entry] = []
    lost: list[Entry] = []
    for entry in library.entries():
        try:
            document, found = library.document(entry.id), library.chunks_of(entry.id)
            whole = is_whole(document)
            chunks += len(found)
            sound = whole and _agree(document, found, library.vectors_of(entry.id))
        except ValueError:
            whole = sound = False
        if sound:
            continue
        kept = any(originals.is_whole(digest) for digest in library.digests(entry.id))
        (wrong if whole or kept else lost).append(entry)
    if not (wrong or lost):
        return Finding(
            "documents", True, f"{len(library.entries())} 份文档的正文、{chunks} 段和向量相符"
        )
    told = f"正文、片段或向量不相符的文档有 {len(wrong) + len(lost)} 份：{_named([*wrong, *lost])}"
    advice = _add_again([path for e in lost for path in e.paths]) if lost else REPAIR
    return Finding("documents", False, told, advice, tuple(entry.id for entry in wrong))


def _agree(document: Document, chunks: Sequence[Chunk], vectors: Vectors) -> bool:
    """Whether chunks are the characters that they say, and each has a vector of length 1."""
    lengths = np.linalg.norm(vectors, axis=1)
    return (
        0 < len(chunks) == len(vectors)
        and all(chunk.text == chunk.span.of(document.text) for chunk in chunks)
        and bool(np.all(np.abs(lengths - 1) < _UNIT))
    )


def _terms(library: Library) -> Finding:
    wrong = 0 if library.terms_are_whole() else 1
    for entry in library.entries():
        document = library.document(entry.id)
        cut = library.terms_of(entry.id)
        for chunk in library.chunks_of(entry.id):
            wrong += cut.get(chunk.id) != " ".join(cut_terms(passage(document, chunk)))
    if wrong:
        return Finding("terms", False, "词表与正文不符", REPAIR)
    return Finding("terms", True, "词表与正文相符")


def _index(library: Library, store: VectorIndex) -> Finding:
    if not library.count_chunks():
        return Finding("index", True, "还没有要索引的文档")
    if not store.ready:
        return Finding("index", False, "向量索引需要重建；在这之前照常查找，只是稍慢", REPAIR)
    ids = library.some_chunk_ids(_MOST_PROBES)
    try:
        lost = store.lost(*library.embeddings(ids))
    except StoreFailed as error:
        return Finding("index", False, f"向量索引读不出来：{error}", REPAIR)
    if lost:
        told = f"向量索引与资料库不符：抽查 {len(ids)} 段，有 {len(lost)} 段找不到自己"
        return Finding("index", False, told, REPAIR)
    return Finding("index", True, f"向量索引抽查 {len(ids)} 段，都找得到自己")


def _add_again(paths: Sequence[str]) -> str:
    shown = " ".join(paths[:_MOST_NAMED])
    more = f" 等 {len(paths)} 个" if len(paths) > _MOST_NAMED else ""
    return f"{REPAIR}，然后重新收录：youju add {shown}{more}"


def _named(entries: Sequence[Entry]) -> str:
    shown = "、".join(f"{entry.source}（{entry.id}）" for entry in entries[:_MOST_NAMED])
    return shown + ("…" if len(entries) > _MOST_NAMED else "")
