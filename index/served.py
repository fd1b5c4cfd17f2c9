"""The vectors in a Chroma server: as derived as those in a folder, and away when the server is.

Each generation is a collection of its own, named after this library and a number drawn by chance, so
that libraries on one server never mix. What is current is written in the data folder, not on the
server: `served.json` names the collection and the revision of the library it was last in step with.
That seal is broken before the library commits a change and set again when the server has followed,
and the collection carries library, model and revision as well: a collection that says otherwise, as
after the server was restored from a backup, is not used: it is deleted, and built anew from the stored
embeddings under a new name. A server that does not answer costs nothing of that: the collection is
taken up again when it is back, if it is sound. Telling when to try, and answering meanwhile, is
index/archive.py's business; how a server is asked is index/chroma_server.py's.
"""

import json
import logging
import re
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from index.chroma_server import ChromaServer, Connection, Exposed, Refused, RemoteCollection
from index.durable import write_durably
from index.errors import LibraryError
from index.store import TIES, NoAnswer, StoreFailed, found_itself
from index.types import Vectors

_LOG = logging.getLogger(__name__)
_BATCH = 1_000
_NAME = re.compile("youju-[0-9a-f]{12}-[0-9a-f]{1,8}")
# How many vectors are looked for, in one call, in a generation that was just built.
_PROBES = 100
_SECONDS_TO_PROBE = 10.0


@dataclass(frozen=True, slots=True)
class _Kept:
    """What `served.json` says. `revision` is -1 while the seal is broken, `stale` is to be deleted.

    `folder` tells a copy of the data folder from the one it was made of: it is another library.
    """

    library: str
    folder: str
    collection: str = ""
    revision: int = -1
    stale: tuple[str, ...] = ()


class ServedVectors:
    """The vectors of a library's chunks on a server. One process a library, any thread."""

    def __init__(self, folder: Path, server: ChromaServer, model: Callable[[], str]) -> None:
        """`model` names the model whose vectors these are."""
        self._file = folder / "served.json"
        self._connection = Connection(server)
        self._model = model
        self._lock = threading.RLock()
        self._kept = _kept(self._file)
        self._collection: RemoteCollection | None = None
        self._away = False

    @property
    def ready(self) -> bool:
        """Whether it can be asked."""
        return self._collection is not None

    @property
    def away(self) -> bool:
        """Whether the server failed when it was last asked for something."""
        return self._away and not self.ready

    def open(self, revision: int, count: int) -> bool:
        """Take up the collection that was left in step with this revision, if it is there and so.

        LibraryError if the server is where it must not be.
        """
        try:
            self._connection.reach()
            self._away = False
            if self._kept.collection and self._kept.revision == revision:
                self._collection = self._sound(revision, count)
        except Exposed as error:
            self.close()
            raise LibraryError(str(error)) from error
        except StoreFailed as error:
            self._fail(error)
        return self.ready

    def build(
        self,
        ids: Sequence[str],
        vectors: Vectors,
        revision: int,
        cancelled: threading.Event | None = None,
    ) -> bool:
        """Delete the old collection, and fill and verify a new one.

        False if cancelled before the end.
        """
        name = f"youju-{self._kept.library}-{secrets.token_hex(4)}"
        self._collection = None
        try:
            self._connection.reach()
            self._discard(name)
            made = self._connection.create(name, self._label(revision))
            self._away = False
            for at in range(0, len(ids), _BATCH):
                if cancelled is not None and cancelled.is_set():
                    return False
                made.upsert(ids[at : at + _BATCH], vectors[at : at + _BATCH])
            _verify(made, ids, vectors)
        except StoreFailed as error:
            self._fail(error)
            raise
        stale = tuple(other for other in self._kept.stale if other != name)
        self._keep(collection=name, revision=revision, stale=stale)
        self._collection = made
        return True

    def unseal(self) -> None:
        """Mark the collection as being written, on disk, before the library commits a change."""
        if self._kept.revision != -1:
            self._keep(revision=-1)

    def change(
        self,
        ids: Sequence[str],
        vectors: Vectors,
        removed: Sequence[str],
        revisions: tuple[int, int],
    ) -> None:
        """Follow the library from one revision to another, and seal it there.

        StoreFailed if the collection is not at the first one, or the server fails: then it is to be
        abandoned.
        """
        before, after = revisions
        try:
            collection = self._connection.collection(self._kept.collection)
            if collection.metadata != self._label(before):
                raise StoreFailed(f"the collection is not at revision {before}")
            for at in range(0, len(removed), _BATCH):
                collection.remove(removed[at : at + _BATCH])
            for at in range(0, len(ids), _BATCH):
                collection.upsert(ids[at : at + _BATCH], vectors[at : at + _BATCH])
            collection.label(self._label(after))
            self._keep(revision=after)
        except StoreFailed as error:
            self._fail(error)
            raise
        except OSError as error:
            raise StoreFailed(f"the seal could not be set: {error}") from error

    def query(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """The ids of the k nearest chunks and their cosine, best first."""
        return self._asked(vector[np.newaxis, :], k)[0]

    def lost(self, ids: Sequence[str], vectors: Vectors) -> tuple[str, ...]:
        """Those of some chunks that the index does not find by their own vectors."""
        if not ids:
            return ()
        found = self._asked(vectors, TIES, _SECONDS_TO_PROBE)
        return tuple(i for i, f in zip(ids, found, strict=True) if not found_itself(i, f))

    def close(self) -> None:
        """Let go of the server. What is in step with the library is sealed already."""
        self._collection = None
        self._connection.close()

    def abandon(self) -> None:
        """Let go of a collection that failed, unsealed, so that it is built anew."""
        with suppress(OSError):
            self.unseal()
        self._collection = None

    def _sound(self, revision: int, count: int) -> RemoteCollection | None:
        """The current collection if it is what it was left as."""
        try:
            found = self._connection.collection(self._kept.collection)
            same = found.metadata == self._label(revision) and found.count() == count
        except Refused as error:
            _LOG.warning("the collection %s is not to be used: %s", self._kept.collection, error)
            return None
        return found if same else None

    def _asked(
        self, vectors: Vectors, k: int, seconds: float = 1.0
    ) -> list[list[tuple[str, float]]]:
        collection = self._collection
        if collection is None:
            raise NoAnswer("the server was found not to answer")
        try:
            return collection.nearest(vectors, k, seconds)
        except StoreFailed as error:
            self._fail(error)
            raise

    def _fail(self, error: StoreFailed) -> None:
        """Ask nothing more of it until it has been opened or built again."""
        if not self._away:
            _LOG.warning("the Chroma server failed: %s", error)
        self._away = True
        self._collection = None

    def _label(self, revision: int) -> Mapping[str, str | int]:
        return {"library": self._kept.library, "model": self._model(), "revision": revision}

    def _keep(self, **changed: Any) -> None:  # noqa: ANN401
        with self._lock:
            kept = replace(self._kept, **changed)
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_durably(self._file, json.dumps(asdict(kept), ensure_ascii=False).encode())
            self._kept = kept

    def _discard(self, name: str) -> None:
        """Delete what is not used any more; note first that `name`, which is to be made, may be left."""
        old = (self._kept.collection,) if self._kept.collection else ()
        self._keep(collection="", revision=-1, stale=(*self._kept.stale, *old, name))
        left = []
        for stale in self._kept.stale[:-1]:
            try:
                self._connection.delete(stale)
            except Refused as error:
                _LOG.warning("the collection %s is left: %s", stale, error)
                left.append(stale)
        self._keep(stale=(*left, name))


def _kept(file: Path) -> _Kept:
    """What the file says, or what a new library says where it does not speak of this folder."""
    folder = str(file.parent.resolve())
    try:
        fields = json.loads(file.read_text(encoding="utf-8"))
        kept = _Kept(**{**fields, "stale": tuple(fields["stale"])})
        named = (f"youju-{kept.library}-0", *filter(None, (kept.collection,)), *kept.stale)
        if kept.folder == folder and all(map(_NAME.fullmatch, named)):
            return kept
    except (OSError, ValueError, TypeError, KeyError):
        pass
    return _Kept(secrets.token_hex(6), folder)


def _verify(made: RemoteCollection, ids: Sequence[str], vectors: Vectors) -> None:
    """Probed vectors find themselves: a count alone proves nothing."""
    if made.count() != len(ids):
        raise StoreFailed(f"built {made.count()} of {len(ids)} vectors")
    if not ids:
        return
    probes = np.linspace(0, len(ids) - 1, min(_PROBES, len(ids))).astype(int)
    for at, found in zip(probes, made.nearest(vectors[probes], TIES, 30.0), strict=True):
        if not found_itself(ids[at], found):
            raise StoreFailed(f"vector {ids[at]} does not find itself")
