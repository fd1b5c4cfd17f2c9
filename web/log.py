"""What the server writes down: a line for each request, answer and mishap, on standard error.

As JSON, or plainly where a terminal reads along; in neither does a control character survive. A
request has an id, given by who asks or made here: it stands in the line, in the response's header
and in its problem. No word of a question or a document is written: of a foreign error its kind and
place are told, and its message only where that comes from the disk, the database or ourselves.
"""

import json
import logging
import re
import secrets
import sqlite3
import time
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import IndexingError

HEADER = "x-request-id"

_LOG = logging.getLogger("youju")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_CURRENT: ContextVar[str] = ContextVar("request_id", default="")
_LONGEST_PATH = 200


def request_id() -> str:
    """The id of the request that is being answered here, "" outside of one."""
    return _CURRENT.get()


def note(message: str, **fields: object) -> None:
    """Write one line, with fields of its own."""
    _LOG.info(message, extra={"fields": fields})


def start(stream: TextIO) -> None:
    """Write what this process logs to a stream; of other libraries their warnings alone."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Plainly() if stream.isatty() else AsJson())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    _LOG.setLevel(logging.INFO)
    logging.captureWarnings(True)


# Who asked went away before an answer began; nginx writes the same.
_LEFT = 499


class Requests:
    """Gives each request its id, and writes a line when it has been answered.

    Of the path its form is told (`/talk/{key}/export.{form}`): the key of a conversation is nobody
    else's business, nor is what stands after the `?`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        own = _id_of(scope)
        status, started = _LEFT, time.perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                named = (HEADER.encode(), own.encode())
                message = {**message, "headers": [*message.get("headers", ()), named]}
            await send(message)

        before = _CURRENT.set(own)
        try:
            await self._app(scope, receive, sending)
        except Exception:
            status = 500 if status == _LEFT else status
            raise
        finally:
            ms = round((time.perf_counter() - started) * 1000, 1)
            note("request", method=scope["method"], path=_path(scope), status=status, ms=ms)
            _CURRENT.reset(before)


def _id_of(scope: Scope) -> str:
    """The id that came with a request, if it is harmless; else a new one."""
    given = next((value for name, value in scope["headers"] if name == HEADER.encode()), b"")
    found = _ID.fullmatch(given.decode("latin-1"))
    return found[0] if found else secrets.token_hex(8)


def _path(scope: Scope) -> str:
    """The path, with the names of its parameters in the place of what they were given."""
    path, at = str(scope["path"]), 0
    for name, value in scope.get("path_params", {}).items():
        found = path.find(str(value), at) if str(value) else -1
        if found >= 0:
            at = found + len(name) + 2
            path = f"{path[:found]}{{{name}}}{path[found + len(str(value)) :]}"
    return path[:_LONGEST_PATH]


# -- the lines -----------------------------------------------------------------------------------


class AsJson(logging.Formatter):
    """A record as one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        told = {"time": _time_of(record), "level": record.levelname, **_told(record)}
        return harmless(json.dumps(told, ensure_ascii=False, default=str))


class Plainly(logging.Formatter):
    """A record for the eyes; the lines of a trace are set in, so that none passes for another."""

    def format(self, record: logging.LogRecord) -> str:
        told = _told(record)
        trace = told.pop("trace", [])
        message = told.pop("message")
        fields = " ".join(f"{name}={value}" for name, value in told.items())
        line = f"{_time_of(record)} {record.levelname} {message} {fields}".rstrip()
        return "\n    ".join(map(harmless, [line, *trace]))


def harmless(text: str) -> str:
    """A text without what a terminal acts on or hides: each such character as `\\uXXXX`.

    >>> harmless("甲\\x1b[2J\\u202e乙")
    '甲\\\\u001b[2J\\\\u202e乙'
    """
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _time_of(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _told(record: logging.LogRecord) -> dict[str, Any]:
    told: dict[str, Any] = {"logger": record.name, "message": record.getMessage()}
    if request_id():
        told["request_id"] = request_id()
    told.update(getattr(record, "fields", {}))
    if record.exc_info and record.exc_info[1]:
        told["trace"] = list(_trace(record.exc_info[1]))
    return told


def _trace(error: BaseException) -> Iterator[str]:
    """Where an error came from, the cause first, a line each."""
    earlier = error.__cause__ or error.__context__
    if earlier is not None:
        yield from _trace(earlier)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"{frame.filename}:{frame.lineno} {frame.name}"
    ours = isinstance(error, OSError | sqlite3.Error | IndexingError)
    yield f"{type(error).__name__}: {error}" if ours else type(error).__name__
