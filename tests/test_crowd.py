"""Many at once on one server, in the chat and through the API: bounded, fair, and left without trace."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

import httpx
import pytest

import app
from eval.load import Chat
from index.archive import Archive
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.settings import Settings
from qa.types import Findings, Passage
from tests.conftest import HashEmbedder, RuleReader, running
from web.api.register import Key, Register

_QUESTION = "甲区工业投资是多少"
_SLOW = f"{_QUESTION}，请慢"
_WAITING = 6


class _HeldReader(RuleReader):
    """Waits over questions that say so until it is let go; counts what it reads at once."""

    def __init__(self) -> None:
        self.let_go, self.counting = threading.Event(), threading.Lock()
        self.now = self.most = 0
        self.read_questions: list[str] = []

    def read(self, question: str, passages: Sequence[Passage]) -> Findings:
        with self.counting:
            self.now += 1
            self.most = max(self.most, self.now)
            self.read_questions.append(question)
        try:
            if "请慢" in question:
                assert self.let_go.wait(30)
            return super().read(question, passages)
        finally:
            with self.counting:
                self.now -= 1


@dataclass
class _Served:
    url: str
    key: str
    other: str
    reader: _HeldReader

    def client(self, key: str = "") -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self.url,
            trust_env=False,
            timeout=30,
            limits=httpx.Limits(max_connections=None),
            headers={"Authorization": f"Bearer {key or self.key}"},
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Served]:
    folder = tmp_path_factory.mktemp("crowd")
    settings = Settings(data=folder, max_waiting=_WAITING, per_minute=100_000)
    with Archive(folder, HashEmbedder) as archive:
        archive.add("/年报.txt", "年报.txt", "甲区年报\n甲区完成工业投资12.5亿元。\n".encode())
        reader = _HeldReader()
        desk = LocalDesk(archive, Assistant(archive, reader))
        register = Register(folder)
        keys = [register.add_key(Key(name)) for name in ("门户", "脚本")]
        with running(
            lambda: app.Server(app.create_site(desk, settings, "token"), say_ready=lambda: None)
        ) as url:
            yield _Served(url, keys[0], keys[1], reader)
            reader.let_go.set()


@pytest.fixture
def served(server: _Served) -> Iterator[_Served]:
    server.reader.let_go.clear()
    server.reader.most, server.reader.read_questions = 0, []
    yield server
    server.reader.let_go.set()


async def _until(done: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(250):
        if await done():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("waited for five seconds in vain")


async def _reading(served: _Served, count: int) -> None:
    async def are() -> bool:
        return served.reader.now == count

    await _until(are)


async def _ask(http: httpx.AsyncClient, question: str) -> httpx.Response:
    return await http.post("/api/v1/ask", json={"question": question})


def test_the_chat_and_the_api_share_one_bound(served: _Served) -> None:
    async def test() -> None:
        async with served.client() as http:
            chats = [asyncio.create_task(Chat(http).ask(_SLOW)) for _ in range(10)]
            calls = [asyncio.create_task(_ask(http, _SLOW)) for _ in range(10)]
            places = 2 + _WAITING

            async def settled() -> bool:
                return sum(task.done() for task in (*chats, *calls)) == 20 - places

            await _until(settled)
            await _reading(served, 2)
            health = await asyncio.wait_for(http.get("/api/v1/health"), 2)
            assert health.status_code == 200
            refused = [t.result() for t in calls if t.done()]
            assert {r.status_code for r in refused} <= {503}
            turned_away = [t.result() for t in chats if t.done()]
            assert {(told.status, told.answered) for told in turned_away} <= {(429, False)}
            assert all(int(r.headers["retry-after"]) > 0 for r in refused)
            assert all(told.again > 0 for told in turned_away)
            assert refused
            assert turned_away
            assert served.reader.most == 2
            served.reader.let_go.set()
            answered = sum(told.answered for told in await asyncio.gather(*chats))
            answered += sum(got.is_success for got in await asyncio.gather(*calls))
            assert answered == places
            assert served.reader.most == 2

    asyncio.run(test())


def test_a_flood_of_one_program_does_not_hold_up_another(served: _Served) -> None:
    async def test() -> None:
        async with served.client() as flooding, served.client(served.other) as http:
            flood = [asyncio.create_task(_ask(flooding, _SLOW)) for _ in range(30)]
            await _reading(served, 2)

            async def full() -> bool:
                return sum(task.done() for task in flood) == 30 - 2 - _WAITING

            await _until(full)
            asked = asyncio.create_task(_ask(http, _QUESTION))

            async def makes_room() -> bool:
                return sum(task.done() for task in flood) == 30 - 2 - _WAITING + 1

            await _until(makes_room)
            served.reader.let_go.set()
            assert (await asked).json()["short"] == "12.5亿元"
            codes = [response.status_code for response in await asyncio.gather(*flood)]
            assert sorted(set(codes)) == [200, 503]
            # After those that were being answered, and one more at most.
            assert served.reader.read_questions.index(_QUESTION) <= 4

    asyncio.run(test())


@pytest.mark.parametrize("way", ["stream", "ask", "completions", "chat"])
def test_who_goes_away_leaves_nothing_behind(served: _Served, way: str) -> None:
    async def leave() -> None:
        """As many as there are places ask, and are gone before they are answered."""
        async with served.client() as http:
            bodies = {"stream": {"question": _SLOW}, "ask": {"question": _SLOW}}
            completion = {
                "model": "youju",
                "stream": True,
                "messages": [{"role": "user", "content": _SLOW}],
            }
            paths = {"stream": "/api/v1/ask/stream", "ask": "/api/v1/ask"}
            path = paths.get(way, "/v1/chat/completions")
            asked = [
                asyncio.create_task(
                    Chat(http).ask(_SLOW)
                    if way == "chat"
                    else http.post(path, json=bodies.get(way, completion))
                )
                for _ in range(2 + _WAITING)
            ]
            await _reading(served, 2)
            await asyncio.sleep(0.1)
            for task in asked:
                task.cancel()
            await asyncio.gather(*asked, return_exceptions=True)

    async def test() -> None:
        await leave()
        async with served.client() as http:
            # Two are still read, for a step is not broken off; those that waited are gone.
            await asyncio.sleep(0.1)
            waiting = [asyncio.create_task(_ask(http, _QUESTION)) for _ in range(_WAITING)]
            await asyncio.sleep(0.3)
            assert not any(task.done() for task in waiting)
            served.reader.let_go.set()
            for response in await asyncio.wait_for(asyncio.gather(*waiting), 5):
                assert response.json()["short"] == "12.5亿元"
            assert served.reader.read_questions.count(_SLOW) <= 2

    asyncio.run(test())


def test_what_is_no_question_takes_no_place(served: _Served) -> None:
    async def test() -> None:
        async with served.client() as http:
            for body in (b"", b"{", b"[1]", json.dumps({"session_hash": "a", "data": []}).encode()):
                for _ in range(2 + _WAITING):
                    got = await http.post("/gradio_api/queue/join", content=body)
                    assert got.status_code >= 400
            assert (await Chat(http).ask(_QUESTION)).answered

    asyncio.run(test())
