"""A Chroma server, asked over its HTTP API: every call within a time of ours.

chromadb's own client is not used for it: that one waits for ever, from its constructor on, asks
through whatever proxy the environment names, and builds the embedding functions that a server tells
it of. Here the vectors are always our own, nothing that comes back is more than ids and numbers, and
a server that fails is left alone for some seconds (a circuit breaker): calls meanwhile fail at once,
the first one after is the trial. What the collections mean is index/served.py's business.
"""

import asyncio
import base64
import concurrent.futures
import ipaddress
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from index.store import NoAnswer, StoreFailed
from index.types import Vectors

_COLLECTIONS = "/tenants/default_tenant/databases/default_database/collections"
# A query is quick or the exact search is; a batch of vectors takes a server seconds to take in.
_SECONDS_TO_ASK, _SECONDS_TO_LOOK, _SECONDS_TO_WRITE = 1.0, 2.0, 15.0
_LONGEST_REPLY = 20_000_000
# A proxy in front says so of a server that does not answer it.
_AWAY = frozenset({502, 503, 504})
# The last is of a call under way when the connection is closed.
_UNANSWERED = (TimeoutError, httpx.HTTPError, OSError, concurrent.futures.CancelledError)
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

Metadata = Mapping[str, str | int]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """Where a Chroma server is, and the headers that the proxy in front of it asks for.

    One that failed is left alone for `pause` seconds.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    pause: float = 5.0

    @classmethod
    def at(cls, url: str, headers: str = "") -> "ChromaServer":
        """A server by its address; ValueError, for the user, where that would not do or be safe."""
        try:
            parts = httpx.URL(url.strip())
        except httpx.InvalidURL:
            parts = httpx.URL("")
        if not parts.host or parts.scheme not in {"http", "https"}:
            raise ValueError("YOUJU_CHROMA 不是有效的地址，应当像 http://127.0.0.1:8000。")
        if parts.userinfo or parts.query or parts.fragment:
            raise ValueError(
                "YOUJU_CHROMA 只写地址，不带用户名、口令和参数；口令请放在 YOUJU_CHROMA_HEADERS。"
            )
        return cls(str(parts).rstrip("/"), _headers(headers))

    @property
    def host(self) -> str:
        return httpx.URL(self.url).host

    def must_be_private(self, addresses: Sequence[str]) -> None:
        """Exposed if what is sent to any of these IP addresses could be read on the way."""
        public = [address for address in addresses if not _is_private(address)]
        if self.url.startswith("http:") and public:
            raise Exposed(
                f"YOUJU_CHROMA={self.url} 指向公网地址 {public[0]}。Chroma 自身没有登录和加密，"
                "只能放在本机或内网；要经过公网，请在它前面设一个校验身份的代理，改用 https:// 的地址，"
                "凭据写进 YOUJU_CHROMA_HEADERS。"
            )


class Exposed(StoreFailed):
    """The server is where anybody could read what is sent to it; the text is for the user."""


class Refused(StoreFailed):
    """The server answered, and would not."""


class Missing(Refused):
    """There is no such collection."""


class Connection:
    """Calls to one server, from any thread."""

    def __init__(self, server: ChromaServer) -> None:
        self._server = server
        self._starting = threading.Lock()
        self._running: tuple[asyncio.AbstractEventLoop, threading.Thread] | None = None
        self._client: httpx.AsyncClient | None = None
        self._trying = threading.Lock()
        self._left_alone_until = 0.0

    def create(self, name: str, metadata: Metadata) -> "RemoteCollection":
        """A new collection, or the one of this name."""
        wanted = {
            "name": name,
            "metadata": dict(metadata),
            "configuration": {
                "hnsw": {"space": "cosine", "ef_search": 200, "ef_construction": 200}
            },
            # A call may be made a second time.
            "get_or_create": True,
        }
        return self._collection(self.call("POST", _COLLECTIONS, wanted))

    def collection(self, name: str) -> "RemoteCollection":
        """The collection of this name; Missing if there is none."""
        return self._collection(self.call("GET", f"{_COLLECTIONS}/{name}"))

    def delete(self, name: str) -> None:
        """Delete a collection, if it is there."""
        try:
            self.call("DELETE", f"{_COLLECTIONS}/{name}", seconds=_SECONDS_TO_WRITE)
        except Missing:
            return

    def call(
        self, method: str, path: str, body: object = None, seconds: float = _SECONDS_TO_LOOK
    ) -> Any:  # noqa: ANN401
        """What the server answers to one call; NoAnswer if it has not done so in time."""
        self._enter(seconds)
        content = None if body is None else json.dumps(body).encode()
        try:
            status, reply = self._run(self._send(method, path, content, seconds))
        except _UNANSWERED as error:
            raise self._failed(type(error).__name__) from error
        if status in _AWAY:
            raise self._failed(f"HTTP {status}")
        self._left_alone_until = 0.0
        if status >= 400:
            kind = Missing if status == 404 else Refused
            raise kind(f"{method} {path}: HTTP {status} {reply[:200]!r}")
        try:
            return json.loads(reply)
        except ValueError as error:
            raise Refused(f"{method} {path}: no JSON") from error

    def reach(self) -> None:
        """NoAnswer if the server is not there, Exposed if it is where it must not be."""
        self._enter(_SECONDS_TO_LOOK)
        try:
            found = self._run(_addresses(self._server.host, _SECONDS_TO_LOOK))
        except _UNANSWERED as error:
            raise self._failed(type(error).__name__) from error
        self._server.must_be_private(found)
        self._left_alone_until = 0.0
        self.call("GET", "/heartbeat")

    def close(self) -> None:
        """Let go of the server; the next call would connect anew."""
        with self._starting:
            if self._running is None:
                return
            (loop, thread), self._running = self._running, None
            asyncio.run_coroutine_threadsafe(self._end(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def _collection(self, told: Any) -> "RemoteCollection":  # noqa: ANN401
        try:
            return RemoteCollection(self, str(told["id"]), dict(told["metadata"] or {}))
        except (KeyError, TypeError, ValueError) as error:
            raise Refused(f"not a collection: {str(told)[:200]!r}") from error

    def _enter(self, seconds: float) -> None:
        """Let a call through, or one alone where the server failed before."""
        with self._trying:
            now = time.monotonic()
            if now < self._left_alone_until:
                raise NoAnswer(f"{self._server.url} is left alone for a while")
            if self._left_alone_until:
                self._left_alone_until = now + seconds

    def _failed(self, why: str) -> NoAnswer:
        self._left_alone_until = time.monotonic() + self._server.pause
        return NoAnswer(f"{self._server.url}: {why}")

    async def _send(
        self, method: str, path: str, content: bytes | None, seconds: float
    ) -> tuple[int, bytes]:
        # The limit is of all of it: a server that sends a byte now and then keeps to httpx's.
        async with asyncio.timeout(seconds):
            try:
                return await self._once(method, path, content)
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                # A connection that was kept open may be one of a server that has been restarted.
                return await self._once(method, path, content)

    async def _once(self, method: str, path: str, content: bytes | None) -> tuple[int, bytes]:
        if self._client is None:
            self._client = _client(self._server)
        async with self._client.stream(method, path, content=content) as response:
            reply = bytearray()
            async for piece in response.aiter_raw():
                reply += piece
                if len(reply) > _LONGEST_REPLY:
                    raise httpx.DecodingError("the reply is too long", request=response.request)
            return response.status_code, bytes(reply)

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _run(self, doing: Coroutine[Any, Any, _T]) -> _T:
        """Do it in the thread that the connections live in."""
        with self._starting:
            if self._running is None:
                loop = asyncio.new_event_loop()
                thread = threading.Thread(target=loop.run_forever, name="chroma", daemon=True)
                thread.start()
                self._running = (loop, thread)
            future = asyncio.run_coroutine_threadsafe(doing, self._running[0])
        return future.result()


@dataclass(frozen=True, slots=True)
class RemoteCollection:
    """One collection on a server, by its id; `metadata` as it was when it was looked up."""

    connection: Connection
    id: str
    metadata: Metadata

    def count(self) -> int:
        """How many vectors it holds."""
        return int(self._call("count", method="GET"))

    def upsert(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Take in vectors, in place of those of the same ids."""
        packed = [base64.b64encode(vector.astype("<f4").tobytes()).decode() for vector in vectors]
        self._call("upsert", {"ids": list(ids), "embeddings": packed}, _SECONDS_TO_WRITE)

    def remove(self, ids: Sequence[str]) -> None:
        """Let go of vectors."""
        self._call("delete", {"ids": list(ids)}, _SECONDS_TO_WRITE)

    def nearest(
        self, vectors: Vectors, k: int, seconds: float = _SECONDS_TO_ASK
    ) -> list[list[tuple[str, float]]]:
        """For each vector the ids of the k nearest and their cosine, best first."""
        asked = {"query_embeddings": vectors.tolist(), "n_results": k, "include": ["distances"]}
        told = self._call("query", asked, seconds)
        try:
            return [
                [(str(i), 1.0 - float(d)) for i, d in zip(ids, distances, strict=True)]
                for ids, distances in zip(told["ids"], told["distances"], strict=True)
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise Refused(f"not what was asked for: {str(told)[:200]!r}") from error

    def label(self, metadata: Metadata) -> None:
        """Give it other metadata, in place of those it has."""
        path = f"{_COLLECTIONS}/{self.id}"
        self.connection.call("PUT", path, {"new_metadata": dict(metadata)})

    def _call(
        self,
        verb: str,
        body: object = None,
        seconds: float = _SECONDS_TO_LOOK,
        *,
        method: str = "POST",
    ) -> Any:  # noqa: ANN401
        return self.connection.call(method, f"{_COLLECTIONS}/{self.id}/{verb}", body, seconds)


async def _addresses(host: str, seconds: float) -> list[str]:
    async with asyncio.timeout(seconds):
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        return [str(address[0]) for *_, address in found]


def _is_private(address: str) -> bool:
    """Whether an IP address is of this machine or of a private network.

    >>> [_is_private(a) for a in ("127.0.0.1", "10.1.2.3", "fd00::1", "8.8.8.8", "::ffff:8.8.8.8")]
    [True, True, True, False, False]
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_private or ip.is_loopback or ip.is_link_local


def _client(server: ChromaServer) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=f"{server.url}/api/v2",
        headers={
            **server.headers,
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
        },
        # All of a call is limited where it is made. The certificates are those of the system.
        timeout=None,
        trust_env=False,
        verify=ssl.create_default_context(),
    )


def _headers(text: str) -> dict[str, str]:
    """Headers as a JSON object or as lines of `Name: value`; what is wrong is told without the value."""
    wrong = "YOUJU_CHROMA_HEADERS 应当是每行一个“名称: 值”，或一个 JSON 对象，值是一行文字。"
    if text.strip().startswith("{"):
        try:
            found = list(json.loads(text).items())
        except ValueError:
            raise ValueError(wrong) from None
    else:
        lines = [line.partition(":") for line in text.splitlines() if line.strip()]
        found = [(name.strip(), value.strip()) for name, _, value in lines]
    for name, value in found:
        if not isinstance(value, str) or not _is_header(name, value):
            raise ValueError(wrong)
    return dict(found)


def _is_header(name: str, value: str) -> bool:
    return bool(_HEADER_NAME.fullmatch(name) and value and value.isascii() and value.isprintable())
