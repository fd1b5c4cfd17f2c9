"""Files to documents in processes of their own: `load` of index/load.py, where it can do no harm.

`load` here is what index/archive.py calls. A process is kept for the next file while all goes well;
one that runs out of time or memory, or crashes, costs its file and no more. Only characters and
numbers come back from it, as JSON. What is in the files is index/load.py's business.
"""

import atexit
import json
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import IO, Any

from index.apart import Limits, allow_seconds, started
from index.errors import LoadError
from index.load import load as load_here
from index.types import Document, Section, Span

# A book of a thousand pages may be read; what loops is ended.
LIMITS = Limits(seconds=240, cpu_seconds=180)
_AT_ONCE = 2
# A process that has held a large file gives its memory back by ending.
_KEPT_KILOBYTES = 400_000
_LONGEST_REPLY = 200_000_000

_TOO_LONG = "文件太复杂，没能在限定的时间内读完；请拆成几个文件，或用原来的软件另存一份后再添加。"
_DIED = "文件太复杂或已损坏，读取它的程序中断了；请拆成几个文件，或用原来的软件另存一份后再添加。"


class Readers:
    """Processes that read files: as many at a time as there are cores that read, kept for the next."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._idle: list[_Reader] = []
        self._places = threading.BoundedSemaphore(_AT_ONCE)

    def load(self, source: str, data: bytes, *, max_bytes: int = 20_000_000) -> Document:
        """As `load` of index/load.py; LoadError also for a file that takes too much."""
        with self._places:
            reader = self._taken() or _Reader(self._limits)
            try:
                return reader.read(source, data, max_bytes)
            finally:
                if reader.usable:
                    self._idle.append(reader)
                else:
                    reader.end()

    def close(self) -> None:
        """End the processes that wait for a file."""
        while reader := self._taken():
            reader.end()

    def _taken(self) -> "_Reader | None":
        """One that waits, if one does: what ended meanwhile is no loss."""
        with suppress(IndexError):
            while not (reader := self._idle.pop()).usable:
                reader.end()
            return reader
        return None


class _Reader:
    """One process, which reads one file at a time until it is unusable."""

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.seconds
        self._process = started("index.parsing", limits, str(limits.cpu_seconds))
        self._waits = True

    @property
    def usable(self) -> bool:
        """Whether it can be given a file."""
        return self._waits and self._process.poll() is None

    def read(self, source: str, data: bytes, max_bytes: int) -> Document:
        late = threading.Event()
        watch = threading.Timer(self._seconds, self._stop, [late])
        self._waits = False
        watch.start()
        try:
            reply = self._asked(source, data, max_bytes)
        finally:
            watch.cancel()
            watch.join()
        if late.is_set():
            raise LoadError(_TOO_LONG)
        try:
            told = json.loads(reply)
            self._waits = told["usable"] is True
            if "error" in told:
                raise LoadError(str(told["error"]))
            return _document(told["document"])
        except (ValueError, KeyError, TypeError) as error:
            raise LoadError(_DIED) from error

    def _asked(self, source: str, data: bytes, max_bytes: int) -> bytes:
        """Its reply to a file, or what there is of one when it ends."""
        sent, got = self._pipes()
        head = {"source": source, "length": len(data), "max_bytes": max_bytes}
        try:
            sent.write(json.dumps(head).encode() + b"\n" + data)
            sent.flush()
            return got.readline(_LONGEST_REPLY)
        except OSError:  # it ended while it was being told
            return b""

    def _stop(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in self._pipes():
            with suppress(OSError):  # what was still to be written to it is lost with it
                pipe.close()


def _document(fields: dict[str, Any]) -> Document:
    """A document as its process tells it. ValueError, KeyError or TypeError if it is none.

    >>> told = load_here("说明.txt", "湖滨区投资情况\\n一季度，全区完成工业投资12.5亿元。".encode())
    >>> _document(json.loads(json.dumps(asdict(told)))) == told
    True
    """
    words = {name: _text(fields[name]) for name in _WORDS}
    sections = tuple(
        Section(_text(told["heading"]), _span(told["span"], len(words["text"])))
        for told in _list(fields["sections"])
    )
    starts = tuple(_span({"start": at, "end": at}, len(words["text"])).start
                   for at in _list(fields["page_starts"]))  # fmt: skip
    return Document(**words, sections=sections, page_starts=starts)


_WORDS = ("id", "source", "title", "text", "date", "page", "publication")


def _list(told: object) -> list[Any]:
    if not isinstance(told, list):
        raise TypeError("a document's sections and pages are lists")
    return told


def _text(told: object) -> str:
    if not isinstance(told, str):
        raise TypeError("a document's words are text")
    return told


def _span(told: dict[str, Any], length: int) -> Span:
    start, end = told["start"], told["end"]
    if type(start) is not int or type(end) is not int or end > length:
        raise ValueError("a span lies within its text")
    return Span(start, end)


# -- in the process of its own ---------------------------------------------------------------


def main(cpu_seconds: str) -> None:
    """Read files from standard input, tell of each on standard output, until there are no more."""
    files, told = sys.stdin.buffer, sys.stdout.buffer
    # What a library prints shall not be taken for an answer.
    sys.stdout = sys.stderr
    while line := files.readline():
        head = json.loads(line)
        data = files.read(head["length"])
        allow_seconds(int(cpu_seconds))
        reply = _told(partial(load_here, head["source"], data, max_bytes=head["max_bytes"]))
        del data
        told.write(json.dumps({**reply, "usable": _is_light()}).encode() + b"\n")
        told.flush()


def _told(read: "partial[Document]") -> dict[str, Any]:
    try:
        return {"document": asdict(read())}
    except LoadError as error:
        return {"error": str(error)}


def _is_light() -> bool:
    """Whether this process never held more than is kept, as far as the system tells."""
    # On Linux getrusage begins with what the process that started this one held.
    status = Path("/proc/self/status")
    if status.exists():
        told = status.read_text(encoding="ascii", errors="replace")
        return int(told.partition("VmHWM:")[2].split()[0]) < _KEPT_KILOBYTES
    try:
        import resource
    except ImportError:
        return True
    unit = 1024 if sys.platform == "darwin" else 1
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < _KEPT_KILOBYTES * unit


_READERS = Readers()
load = _READERS.load
atexit.register(_READERS.close)
