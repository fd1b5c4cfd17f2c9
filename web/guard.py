"""What every request to the server passes first: known host, bounded body, safe headers.

Plain ASGI, so that it holds for all that is mounted behind it and lets streams through as they
come. Who may do what is not its business: that is checked where it is done.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from contextlib import suppress
from typing import Any

from web.api.problems import openai_error, problem, speaks_openai

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

# Gradio's page needs inline script and style; nothing may be loaded from, or sent, elsewhere.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "media-src 'self'",
        "frame-src 'none'",
        "object-src 'none'",
        "form-action 'self'",
        "base-uri 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
_FRAMES = b"frame-ancestors"
_UNFRAMED = CONTENT_SECURITY_POLICY.partition("; frame-ancestors")[0].encode()
_REPLACED = {name for name, _ in _HEADERS} - {b"content-security-policy"}

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Guard:
    """Refuses foreign hosts and overlong bodies, and sets the headers of every response.

    An application may have a policy of its own for a page: both hold, so it can only be stricter,
    but for who may frame the page, which is as the page says where it says so.

    `hosts` are the names the server answers to; None is any. A server on a loopback address must
    name them: otherwise a foreign page could reach it under a name that it points there itself
    (DNS rebinding). `limits` are bytes by path; other paths take `limit`. What begins as one of
    `closed` is not there.
    """

    def __init__(
        self,
        app: App,
        *,
        hosts: frozenset[str] | None,
        limit: int,
        limits: MutableMapping[str, int] | None = None,
        closed: tuple[str, ...] = (),
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._limit = limit
        self._limits = limits or {}
        self._closed = closed

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        send = _with_headers(send)
        if self._hosts is not None and _host(scope) not in self._hosts:
            await refuse(
                scope,
                send,
                421,
                "这个地址不属于本服务。请用 http://127.0.0.1 或 http://localhost 访问。",
            )
            return
        if scope["path"].startswith(self._closed):
            await refuse(scope, send, 404, "没有这个地址。")
            return
        body = _Body(scope, receive, send, self._limits.get(scope["path"], self._limit))
        if body.announced_too_long():
            await body.refuse({"more_body": True})
            return
        with suppress(_TooLong):
            await self._app(scope, body.receive, body.send)


class _TooLong(Exception):
    """Takes an application out of reading a body; whatever it says to that, 413 was said before."""


class _Body:
    """The body of one request, counted as it comes: what passes the limit is thrown away."""

    def __init__(self, scope: Message, receive: Receive, send: Send, limit: int) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._limit = limit
        self._length = 0
        self._started = False
        self._refused = False

    def announced_too_long(self) -> bool:
        length = _header(self._scope, b"content-length")
        return length.isdigit() and int(length) > self._limit

    async def receive(self) -> Message:
        message = await self._receive()
        self._length += len(message.get("body", b""))
        if self._length > self._limit:
            await self.refuse(message)
            raise _TooLong
        return message

    async def send(self, message: Message) -> None:
        self._started = True
        if not self._refused:
            await self._send(message)

    async def refuse(self, message: Message) -> None:
        """Answer 413, once the rest has been let go: a client that still sends would not read it.

        `message` is what came last of the body.
        """
        if self._refused or self._started:
            return
        self._refused = True
        while message.get("more_body") and self._length <= 4 * self._limit:
            message = await self._receive()
            self._length += len(message.get("body", b""))
        size = f"{self._limit / 1e6:g} MB"
        detail = f"请求超过上限 {size}。请拆分文件，或调大 YOUJU_MAX_FILE_MB。"
        await refuse(self._scope, self._send, 413, detail)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [pair for pair in message.get("headers", ()) if pair[0].lower() not in _REPLACED]
            message = {**message, "headers": [*own, *_ours(own)]}
        await send(message)

    return sending


def _ours(own: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    policy = b"content-security-policy"
    if not any(name.lower() == policy and _FRAMES in value for name, value in own):
        return _HEADERS
    return [(name, _UNFRAMED if name == policy else value) for name, value in _HEADERS]


async def refuse(
    scope: Message, send: Send, status: int, detail: str, *more: tuple[bytes, bytes]
) -> None:
    """Answer a request with a problem, under /v1 in OpenAI's form, and with more headers if given."""
    kind = b"application/json"
    if speaks_openai(scope["path"]):
        told = openai_error(status, detail)
    else:
        # Under `error` for the command line, as a problem for programs.
        told, kind = {**problem(status, detail), "error": detail}, b"application/problem+json"
    body = json.dumps(told, ensure_ascii=False).encode()
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _host(scope: Message) -> str:
    """The name in the Host header, without the port."""
    host = _header(scope, b"host").lower()
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def _header(scope: Message, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key.lower() == name:
            return bytes(value).decode("latin-1")
    return ""
