"""The vectors in Chroma: a derived index that may be lost at any time and is never trusted torn.

The only importer of chromadb; its distance becomes a score (cosine, higher is better) here. Chroma
as a server is index/served.py's business.
Embedded Chroma overwrites its files in place, and one killed while writing answers wrongly without
an error. So the index lives in generations, `gen-1/`, `gen-2/` ..., a pointer file `CURRENT` names
one, and a generation is opened only under its `SEAL`: the revision of the library that it follows,
and what its files were when it was closed. The seal is broken (removed, on disk) before the first
write and set again after a clean close; Chroma writes when it merely opens, so that after a crash
the files are others than those sealed. A generation that may be torn is never opened: it is built
anew from the stored embeddings into a new folder and the pointer swapped by renaming. Telling when
to build, and answering meanwhile, is index/archive.py's business.
"""

import hashlib
import re
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import chromadb
import numpy as np
from chromadb.config import Settings

from index.durable import sync, write_durably
from index.types import Vectors

_BATCH = 2_000
_PROBES = 8
# As near as a vector is to itself, rounded.
ITSELF = 0.999
# How far the index looks for a vector where others may be the same.
TIES = 5
_GENERATION = re.compile(rb"gen-[0-9]{1,9}")


class StoreFailed(Exception):
    """Chroma could not do what it was asked; what it holds is not to be trusted any more."""


class NoAnswer(StoreFailed):
    """Chroma cannot be asked now; what it holds may well be whole."""


class VectorIndex(Protocol):
    """The seam where Chroma goes, in this process or served; what fails is StoreFailed."""

    @property
    def ready(self) -> bool: ...

    @property
    def away(self) -> bool: ...

    def open(self, revision: int, count: int) -> bool: ...

    def build(
        self,
        ids: Sequence[str],
        vectors: Vectors,
        revision: int,
        cancelled: threading.Event | None = None,
    ) -> bool: ...

    def unseal(self) -> None: ...

    def change(
        self,
        ids: Sequence[str],
        vectors: Vectors,
        removed: Sequence[str],
        revisions: tuple[int, int],
    ) -> None: ...

    def query(self, vector: Vectors, k: int) -> list[tuple[str, float]]: ...

    def lost(self, ids: Sequence[str], vectors: Vectors) -> tuple[str, ...]: ...

    def close(self) -> None: ...

    def abandon(self) -> None: ...


class VectorStore:
    """The vectors of a library's chunks, by chunk id. One process, any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._client: Any = None
        self._collection: Any = None
        self._revision = 0

    @property
    def ready(self) -> bool:
        """Whether it can be asked; if not, it is to be built."""
        return self._collection is not None

    @property
    def away(self) -> bool:
        """Whether it failed and may come back by itself, which a folder does not."""
        return False

    def open(self, revision: int, count: int) -> bool:
        """Open the current generation if it is sealed at this revision and holds `count` vectors."""
        with self._lock:
            generation = self._current()
            if generation is None or not _is_sealed(generation, revision):
                return False
            try:
                with _translated():
                    self._client, self._collection = _connect(generation)
                    sound = bool(self._collection.count() == count)
            except StoreFailed:
                sound = False
            self._revision = revision
            if not sound:
                self._disconnect()
            return sound

    def build(
        self,
        ids: Sequence[str],
        vectors: Vectors,
        revision: int,
        cancelled: threading.Event | None = None,
    ) -> bool:
        """Make a new generation of these vectors, verify it, and let it take the old one's place.

        Nothing is asked of the old generation meanwhile. False if cancelled before the end;
        StoreFailed, and nothing left on disk, if it cannot be done.
        """
        with self._lock:
            self._disconnect()
        generation = self._folder / f"gen-{_number(self._current()) + 1}"
        shutil.rmtree(generation, ignore_errors=True)
        try:
            with _translated():
                made = _make(generation, ids, vectors, cancelled)
                if made is not None:
                    write_durably(self._folder / "CURRENT", generation.name.encode())
        except StoreFailed:
            shutil.rmtree(generation, ignore_errors=True)
            raise
        if made is None:
            return False
        with self._lock:
            self._client, self._collection = made
            self._revision = revision
        for other in self._folder.glob("gen-*"):
            if other != generation:
                shutil.rmtree(other, ignore_errors=True)
        return True

    def unseal(self) -> None:
        """Mark the generation as being written, on disk, before the library commits a change."""
        with self._lock:
            generation = self._current()
            if generation is not None and (generation / "SEAL").exists():
                (generation / "SEAL").unlink()
                sync(generation)

    def change(
        self,
        ids: Sequence[str],
        vectors: Vectors,
        removed: Sequence[str],
        revisions: tuple[int, int],
    ) -> None:
        """Follow the library from one revision to another. Call `unseal` before that is committed.

        StoreFailed if it is not at the first one: a change before was broken off.
        """
        before, after = revisions
        with self._lock, _translated():
            if self._revision != before:
                raise StoreFailed(f"it is at revision {self._revision}, not at {before}")
            for at in range(0, len(removed), _BATCH):
                self._collection.delete(ids=list(removed[at : at + _BATCH]))
            for at in range(0, len(ids), _BATCH):
                _upsert(self._collection, ids[at : at + _BATCH], vectors[at : at + _BATCH])
            self._revision = after

    def query(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """The ids of the k nearest chunks and their cosine, best first."""
        with self._lock, _translated():
            return _nearest(self._collection, vector, k)

    def lost(self, ids: Sequence[str], vectors: Vectors) -> tuple[str, ...]:
        """Those of some chunks that the index does not find by their own vectors.

        That is what it is for, and a count that is right says nothing of it.
        """
        with self._lock, _translated():
            return tuple(
                chunk_id
                for chunk_id, vector in zip(ids, vectors, strict=True)
                if not found_itself(chunk_id, _nearest(self._collection, vector, TIES))
            )

    def close(self) -> None:
        """Close cleanly and seal the generation at the revision that it has followed to."""
        with self._lock:
            if not self.ready:
                return
            self._disconnect()
            generation = self._current()
            # Unsealed it is built anew; where nothing can be written any more, it has to do.
            with suppress(OSError):
                if generation is not None:
                    for file in generation.rglob("*"):
                        sync(file)
                    write_durably(generation / "SEAL", _seal_of(generation, self._revision))

    def abandon(self) -> None:
        """Let go of a generation that failed, unsealed, so that it is built anew."""
        with self._lock:
            with suppress(OSError):
                self.unseal()
            self._disconnect()

    def _disconnect(self) -> None:
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            with suppress(StoreFailed), _translated():
                client.close()

    def _current(self) -> Path | None:
        """The generation that the pointer names, if it names one that is there."""
        try:
            named = (self._folder / "CURRENT").read_bytes().strip()
        except OSError:
            return None
        if not _GENERATION.fullmatch(named):
            return None
        generation = self._folder / named.decode("ascii")
        return generation if generation.is_dir() else None


@contextmanager
def _translated() -> Iterator[None]:
    """Whatever Chroma raises as StoreFailed: a panic in its Rust is not even an Exception."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, StoreFailed):
        raise
    except BaseException as error:
        raise StoreFailed(f"{type(error).__name__}: {error}") from error


def _make(
    generation: Path, ids: Sequence[str], vectors: Vectors, cancelled: threading.Event | None
) -> tuple[Any, Any] | None:
    """A new generation's client and collection, filled and verified; None if cancelled."""
    generation.mkdir(parents=True)
    client, collection = _connect(generation)
    whole = False
    try:
        for at in range(0, len(ids), _BATCH):
            if cancelled is not None and cancelled.is_set():
                return None
            _upsert(collection, ids[at : at + _BATCH], vectors[at : at + _BATCH])
        _verify(collection, ids, vectors)
        whole = True
    finally:
        if not whole:
            client.close()
    return client, collection


def _connect(generation: Path) -> tuple[Any, Any]:
    """The client and the collection of a generation's folder."""
    client = chromadb.PersistentClient(
        path=str(generation), settings=Settings(anonymized_telemetry=False)
    )
    # Without an embedding function of its own, for that would try to download a model.
    collection = client.get_or_create_collection(
        "chunks",
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "ef_search": 200, "ef_construction": 200}},
    )
    return client, collection


# Chroma's own types are not checked against: it is pinned, and only this file knows it.
Collection = Any


def _upsert(collection: Collection, ids: Sequence[str], vectors: Vectors) -> None:
    collection.upsert(ids=list(ids), embeddings=vectors)


def _nearest(collection: Collection, vector: Vectors, k: int) -> list[tuple[str, float]]:
    result = collection.query(
        query_embeddings=vector[np.newaxis, :], n_results=k, include=["distances"]
    )
    return [
        (chunk_id, 1.0 - float(distance))
        for chunk_id, distance in zip(result["ids"][0], result["distances"][0], strict=True)
    ]


def found_itself(chunk_id: str, found: Sequence[tuple[str, float]]) -> bool:
    """Whether a vector's own chunk is among its TIES nearest; where all are the same, it may be."""
    return any(other == chunk_id and score >= ITSELF for other, score in found) or (
        len(found) == TIES and found[-1][1] >= ITSELF
    )


def _verify(collection: Collection, ids: Sequence[str], vectors: Vectors) -> None:
    """Probed vectors find themselves: a count alone proves nothing."""
    if collection.count() != len(ids):
        raise StoreFailed(f"built {collection.count()} of {len(ids)} vectors")
    for at in np.linspace(0, len(ids) - 1, min(_PROBES, len(ids))).astype(int):
        if not found_itself(ids[at], _nearest(collection, vectors[at], TIES)):
            raise StoreFailed(f"vector {ids[at]} does not find itself")


def _number(generation: Path | None) -> int:
    return int(generation.name.removeprefix("gen-")) if generation else 0


def _is_sealed(generation: Path, revision: int) -> bool:
    """Whether a generation was closed at this revision, and its files are those of then."""
    try:
        return (generation / "SEAL").read_bytes() == _seal_of(generation, revision)
    except OSError:
        return False


def _seal_of(generation: Path, revision: int) -> bytes:
    """A revision and, a line each, the files of a generation with the hashes of their bytes."""
    lines = [str(revision)]
    for file in sorted(generation.rglob("*")):
        if file.is_file() and file != generation / "SEAL":
            with file.open("rb") as opened:
                digest = hashlib.file_digest(opened, "blake2b").hexdigest()
            lines.append(f"{digest[:32]} {file.relative_to(generation).as_posix()}")
    return "\n".join(lines).encode()
