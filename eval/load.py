"""Many users at once: what a server does with more questions than it can answer.

    python -m eval.load [URL --key KEY [--pid PID]] [--users 1,8,32,200] [--seconds 20] [--chat]

Without a URL a server is started over samples/. Each user asks, waits for the answer and asks
again; who is refused comes again when told to. Through the API, or with --chat as the chat page
does, in Gradio's own protocol over plain HTTP. Meanwhile the health of the server is asked for, and
before and after, how much memory and how many files it holds. At last many ask and go away at once.
"""

import argparse
import asyncio
import json
import math
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx

from eval.serving import Server, started
from eval.speed import QUESTIONS

_ROOT = Path(__file__).parent.parent
# Threads of the server that idle for ten seconds end, with what they hold, when one is wanted next.
_CALM = 12
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one question: the status, whether there was an answer, when to come again."""

    status: int
    answered: bool
    again: int
    seconds: float

    @property
    def refused(self) -> bool:
        """Told to come again: what is neither that nor an answer is an error."""
        return self.status in {429, 503} and self.again > 0


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds: megabytes of memory, files."""

    memory_mb: float
    files: int


class Asks(Protocol):
    """A way to ask."""

    async def ask(self, question: str) -> Told: ...


class Api:
    """As programs ask."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def ask(self, question: str) -> Told:
        began = time.perf_counter()
        got = await self._http.post("/api/v1/ask", json={"question": question})
        return Told(got.status_code, got.is_success, _again(got), time.perf_counter() - began)


class Chat:
    """One page of the chat."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._session = secrets.token_hex(6)
        self._asking: int | None = None

    async def ask(self, question: str) -> Told:
        if self._asking is None:
            self._asking = await self._event()
        began = time.perf_counter()
        body = {
            "data": [question, None, [], [], "", ""],
            "fn_index": self._asking,
            "session_hash": self._session,
        }
        got = await self._http.post("/gradio_api/queue/join", json=body)
        answered = False
        if got.is_success:
            async for message in self._messages():
                if message["msg"] == "process_completed":
                    answered = bool(message["success"])
        return Told(got.status_code, answered, _again(got), time.perf_counter() - began)

    async def _event(self) -> int:
        """The number of what the page does when a question is sent."""
        config = (await self._http.get("/config")).raise_for_status().json()
        boxes = {
            c["id"] for c in config["components"] if c["props"].get("elem_id") == "yj-question"
        }
        sent = (
            event["id"]
            for event in config["dependencies"]
            if any(box in boxes and kind == "submit" for box, kind in event["targets"])
        )
        return int(next(sent))

    async def _messages(self) -> AsyncIterator[dict[str, Any]]:
        query = {"session_hash": self._session}
        async with self._http.stream("GET", "/gradio_api/queue/data", params=query) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    yield json.loads(line.removeprefix("data:"))


def _again(response: httpx.Response) -> int:
    return int(response.headers.get("retry-after", 0))


# -- a round ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Round:
    """What so many users met with; `health` are the seconds that each look at it took."""

    users: int
    told: tuple[Told, ...]
    health: tuple[float, ...]

    def line(self) -> str:
        """It, as a line for a person."""
        answered = [told.seconds for told in self.told if told.answered]
        refused = [told.seconds for told in self.told if told.refused]
        errors = len(self.told) - len(answered) - len(refused)
        return (
            f"{self.users:4} 人：答了 {len(answered):4}，p50 {_middle(answered):6.2f} 秒，"
            f"p95 {_p95(answered):6.2f}；请稍后再来 {len(refused):4}，p95 {_p95(refused):5.2f} 秒；"
            f"出错 {errors}；health p95 {1000 * _p95(self.health):.0f} 毫秒"
        )


async def round_of(
    users: Sequence[Asks], seconds: float, health: Callable[[], Awaitable[object]]
) -> Round:
    """Let users ask for so many seconds, each the next question when the last is done with."""
    until = time.perf_counter() + seconds
    told: list[Told] = []

    async def use(number: int, user: Asks) -> None:
        while time.perf_counter() < until:
            one = await _asked(user, QUESTIONS[number % len(QUESTIONS)])
            told.append(one)
            number += 1
            if not one.answered:
                await asyncio.sleep(min(max(one.again, 0.1), max(0, until - time.perf_counter())))

    looked: list[float] = []
    watching = asyncio.create_task(_watch(health, looked))
    await asyncio.gather(*(use(number, user) for number, user in enumerate(users)))
    watching.cancel()
    return Round(len(users), tuple(told), tuple(looked))


async def _asked(user: Asks, question: str) -> Told:
    began = time.perf_counter()
    try:
        return await user.ask(question)
    except (httpx.HTTPError, ValueError, KeyError):
        return Told(0, answered=False, again=0, seconds=time.perf_counter() - began)


async def _watch(health: Callable[[], Awaitable[object]], looked: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await health()
        looked.append(time.perf_counter() - began)
        await asyncio.sleep(0.2)


async def abandon(users: Sequence[Asks], after: float = 0.3) -> None:
    """Ask, and be gone before there is an answer."""
    for at in range(0, len(users), _AT_ONCE):
        asked = [asyncio.create_task(user.ask(QUESTIONS[0])) for user in users[at : at + _AT_ONCE]]
        await asyncio.sleep(after)
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)


def held(pid: int) -> Held:
    """What a process holds, as Linux counts it."""
    process = Path(f"/proc/{pid}")
    lines = (process / "status").read_text("ascii", "replace").splitlines()
    memory = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return Held(memory / 1000, len(list((process / "fd").iterdir())))


def _middle(values: Sequence[float]) -> float:
    return statistics.median(values) if values else math.nan


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))] if values else math.nan


# -- the whole -------------------------------------------------------------------------------


async def measure(server: Server, options: argparse.Namespace) -> None:
    """Every round, then those who go away, printed as they end."""
    make: type[Api] | type[Chat] = Chat if options.chat else Api
    async with httpx.AsyncClient(
        base_url=server.url,
        headers={"Authorization": f"Bearer {server.key}"},
        timeout=120,
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        trust_env=False,
    ) as http:
        for user in (make(http), make(http)):
            await user.ask(QUESTIONS[0])
        _print_held("开始", server.pid)
        for count in options.users:
            users = [make(http) for _ in range(count)]
            told = await round_of(users, options.seconds, lambda: http.get("/api/v1/health"))
            print(told.line(), flush=True)
        await _calm(make(http))
        _print_held("之后", server.pid)
        await abandon([make(http) for _ in range(options.leave)])
        left = await make(http).ask(QUESTIONS[0])
        print(f"{options.leave} 人问了就走：随后一问 {left.seconds:.2f} 秒答完", flush=True)
        await _calm(make(http))
        _print_held("最后", server.pid)


async def _calm(user: Asks) -> None:
    await asyncio.sleep(_CALM)
    await user.ask(QUESTIONS[0])


def _print_held(when: str, pid: int) -> None:
    if pid:
        with suppress(OSError):
            now = held(pid)
            print(f"{when}：内存 {now.memory_mb:.0f} MB，打开的文件 {now.files}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure a server that runs, or one of our own."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        serving = (
            nullcontext(Server(options.url, options.pid, options.key))
            if options.url
            else started(
                Path(folder) / "library",
                samples=_ROOT / "samples",
                environment={"YOUJU_PER_MINUTE": "1000000"},
            )
        )
        with serving as server:
            asyncio.run(measure(server, options))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.load", description="许多人同时提问时，一个服务会怎样。"
    )
    parser.add_argument(
        "url", nargs="?", default="", metavar="URL", help="服务的地址；默认自己起一个"
    )
    parser.add_argument("--key", default="", help="接口的密钥")
    parser.add_argument("--pid", type=int, default=0, help="服务的进程号，用来看内存")
    parser.add_argument("--users", type=_counts, default=(1, 8, 32, 200), metavar="N,N")
    parser.add_argument("--seconds", type=float, default=20, help="每一轮多少秒")
    parser.add_argument("--leave", type=int, default=200, metavar="N", help="问了就走的人数")
    parser.add_argument("--chat", action="store_true", help="像问答网页那样问，而不走接口")
    return parser


def _counts(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
