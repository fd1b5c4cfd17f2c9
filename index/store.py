"""The vectors in Chroma: a derived index that may be lost at any time and is never trusted torn.

The only importer of chromadb; its distance becomes a score (cosine, higher is better) here.
Embedded Chroma overwrites its files in place, and one killed while writing answers wrongly without
an error. So the index lives in generations, `gen-1/`, `gen-2/` ..., a pointer file `CURRENT` names
one, and a generation is opened only under its `SEAL`: the revision of the library it was closed
at. The seal is broken (removed, on disk) before the first write and set again after a clean close,
so that an unsealed generation is one that may be torn: it is never opened, it is built anew from
the stored embeddings into a new folder and the pointer swapped by renaming. Telling when to build,
and answering meanwhile, is index/archive.py's business.
"""

import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings

from index.durable import sync, write_durably
from index.types import Vectors

_BATCH = 2_000
_PROBES = 8


class VectorStore:
    """The vectors of a library's chunks, by chunk id. One process, any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._client: Any = None
        self._collection: Any = None

    @property
    def ready(self) -> bool:
        """Whether it can be asked; if not, it is to be built."""
        return self._collection is not None

    def open(self, revision: int, count: int) -> bool:
        """Open the current generation if it is sealed at this revision and holds `count` vectors."""
        with self._lock:
            generation = self._current()
            if generation is None or _seal_of(generation) != str(revision):
                return False
            # A damaged Chroma raises a Rust panic, which is no Exception.
            try:
                self._client, self._collection = _connect(generation)
                sound = bool(self._collection.count() == count)
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException:
                sound = False
            if not sound:
                self._disconnect()
            return sound

    def build(
        self, ids: Sequence[str], vectors: Vectors, cancelled: threading.Event | None = None
    ) -> bool:
        """Make a new generation of these vectors, verify it, and let it take the old one's place.

        Nothing is asked of the old generation meanwhile. False if cancelled before the end.
        """
        with self._lock:
            self._disconnect()
        generation = self._folder / f"gen-{_number(self._current()) + 1}"
        shutil.rmtree(generation, ignore_errors=True)
        generation.mkdir(parents=True)
        client, collection = _connect(generation)
        for at in range(0, len(ids), _BATCH):
            if cancelled is not None and cancelled.is_set():
                client.close()
                return False
            _upsert(collection, ids[at : at + _BATCH], vectors[at : at + _BATCH])
        _verify(collection, ids, vectors)
        write_durably(self._folder / "CURRENT", generation.name.encode())
        with self._lock:
            self._client, self._collection = client, collection
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

    def change(self, ids: Sequence[str], vectors: Vectors, removed: Sequence[str]) -> None:
        """Follow a committed change of the library. Call `unseal` before that commit."""
        with self._lock:
            for at in range(0, len(removed), _BATCH):
                self._collection.delete(ids=list(removed[at : at + _BATCH]))
            for at in range(0, len(ids), _BATCH):
                _upsert(self._collection, ids[at : at + _BATCH], vectors[at : at + _BATCH])

    def query(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """The ids of the k nearest chunks and their cosine, best first."""
        with self._lock:
            return _nearest(self._collection, vector, k)

    def close(self, revision: int) -> None:
        """Close cleanly and seal the generation at this revision of the library."""
        with self._lock:
            if not self.ready:
                return
            self._disconnect()
            generation = self._current()
            assert generation is not None
            for file in generation.rglob("*"):
                sync(file)
            write_durably(generation / "SEAL", str(revision).encode())

    def abandon(self) -> None:
        """Let go of a generation that failed, unsealed, so that it is built anew."""
        with self._lock:
            self.unseal()
            self._disconnect()

    def _disconnect(self) -> None:
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            client.close()

    def _current(self) -> Path | None:
        pointer = self._folder / "CURRENT"
        if not pointer.exists():
            return None
        generation = self._folder / pointer.read_text(encoding="ascii").strip()
        return generation if generation.is_dir() else None


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


def _verify(collection: Collection, ids: Sequence[str], vectors: Vectors) -> None:
    """Probed vectors find themselves: a count alone proves nothing."""
    if collection.count() != len(ids):
        raise RuntimeError(f"built {collection.count()} of {len(ids)} vectors")
    for at in np.linspace(0, len(ids) - 1, min(_PROBES, len(ids))).astype(int):
        best = _nearest(collection, vectors[at], 1)[0][1]
        if best < 0.999:
            raise RuntimeError(f"vector {ids[at]} is not its own nearest: {best:.3f}")


def _number(generation: Path | None) -> int:
    return int(generation.name.removeprefix("gen-")) if generation else 0


def _seal_of(generation: Path) -> str | None:
    seal = generation / "SEAL"
    return seal.read_text(encoding="ascii") if seal.exists() else None
