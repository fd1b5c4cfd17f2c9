"""A server that stops: what is under way is finished, what comes anew is told to come again later."""

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from web.guard import refuse

_LOG = logging.getLogger("youju")

# How long what is under way may take. Who starts the server waits longer (docs/youju.service).
GRACE_SECONDS = 30
_LAST_SECONDS = 10
_AGAIN_SECONDS = "10"
_STOPPING = "服务正在停止或重启，请稍后再试。"

_ONLY_READS = {"GET", "HEAD", "OPTIONS"}
# Where a page of the chat waits for its answer.
_WAITING = "/queue/data"
READY = "/api/v1/ready"


class Gate:
    """Counts the requests that ask or change something; closed, it lets in none of these.

    What the chat page sends to one of `queued` is told so with 429: to 503 it has English words of
    its own, and hides ours.
    """

    def __init__(self, app: ASGIApp, *, queued: tuple[str, ...]) -> None:
        self._app = app
        self._queued = queued
        self._under_way = 0
        self._closed = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asks = scope["type"] == "http" and scope["method"] not in _ONLY_READS
        waits = scope["type"] == "http" and scope["path"].endswith(_WAITING)
        if self._closed and (asks or (scope["type"] == "http" and scope["path"] == READY)):
            again = (b"retry-after", _AGAIN_SECONDS.encode())
            status = 429 if scope["path"].startswith(self._queued) else 503
            await refuse(scope, send, status, _STOPPING, again)
            return
        self._under_way += asks or waits
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= asks or waits

    async def close(self, busy: Callable[[], bool], in_a_hurry: Callable[[], bool]) -> bool:
        """Let in nothing anew, and wait for what is under way, here or as `busy` tells.

        Whether all of it was finished; it was given up after a time, or in a hurry.
        """
        self._closed = True
        until = time.monotonic() + GRACE_SECONDS
        # A page of the chat asks, and waits with a second request: between them it is quiet.
        quiet = 0
        while quiet < 5 and time.monotonic() < until and not in_a_hurry():
            await asyncio.sleep(0.05)
            quiet = 0 if self._under_way or busy() else quiet + 1
        return quiet > 0


def give_up() -> None:
    """End this process soon, even if what is under way cannot be interrupted.

    The library is none the worse for it: a change is committed wholly or not at all, and vectors
    that may be torn are built anew at the next start.
    """
    _LOG.warning("stopped with requests still under way")
    last = threading.Timer(_LAST_SECONDS, os._exit, [1])
    last.daemon = True
    last.start()
