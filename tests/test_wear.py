"""Twenty minutes of questions, additions and deletions: what a server holds does not grow.

SOAK_MINUTES=1 make soak     # shorter
"""

import asyncio
import itertools
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

import app
from eval.load import Api, Chat, Held, Told, held
from index.archive import Archive
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.settings import Settings
from tests.conftest import HashEmbedder, RuleReader, running
from web.api.register import Register

_SECONDS = 60 * float(os.environ.get("SOAK_MINUTES", "20"))
_KEPT, _CHANGING = 20, 8


def _text(number: int) -> str:
    return f"{number}号公告\n{'甲乙丙丁'[number % 4]}区完成工业投资{number}.5亿元。\n"


@dataclass
class _Seen:
    """What came of everything, and what the process held at a quarter of the time and at the end."""

    told: list[Told] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    changes: int = 0
    held: list[Held] = field(default_factory=list)


@pytest.mark.soak
@pytest.mark.timeout(_SECONDS + 300)
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts as Linux does")
def test_twenty_minutes_of_questions_and_changes_leave_nothing_behind(tmp_path: Path) -> None:
    seen = _Seen()
    with Archive(tmp_path, HashEmbedder) as archive:
        for number in range(_KEPT):
            archive.add(f"/{number}", f"{number}.txt", _text(number).encode())
        desk = LocalDesk(archive, Assistant(archive, RuleReader()))
        key = Register(tmp_path).renew_admin_key()
        settings = Settings(data=tmp_path, max_waiting=8, per_minute=1_000_000)
        with running(
            lambda: app.Server(app.create_site(desk, settings, "token"), say_ready=lambda: None)
        ) as url:
            asyncio.run(_wear(url, key, seen))
        assert {path for entry in archive.entries() for path in entry.paths} == {
            f"/{number}" for number in range(_KEPT)
        }
        assert len(archive.retrieve("工业投资", 50)) == _KEPT
    assert seen.wrong == []
    assert seen.changes > 10
    assert sum(told.answered for told in seen.told) > 50
    assert all(told.answered or told.refused for told in seen.told)
    early, late = seen.held
    assert late.files <= early.files + 10
    assert late.memory_mb <= 1.05 * early.memory_mb


def _client(url: str, headers: Mapping[str, str]) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=url,
        timeout=60,
        trust_env=False,
        headers=headers,
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
    )


async def _wear(url: str, key: str, seen: _Seen) -> None:
    async with _client(url, {"Authorization": f"Bearer {key}"}) as http:
        crowd = _Crowd(http, seen, time.monotonic() + _SECONDS)
        people = [crowd.leave, crowd.change, *[crowd.ask] * 4]
        await asyncio.gather(crowd.look(), *map(crowd.again_and_again, people))


@dataclass(frozen=True)
class _Crowd:
    """Those who ask, those who ask and leave, and one who adds and removes documents."""

    http: httpx.AsyncClient
    seen: _Seen
    until: float

    async def again_and_again(self, once: Callable[[int], Awaitable[None]]) -> None:
        for number in itertools.count():
            if time.monotonic() > self.until:
                return
            await once(number)

    async def ask(self, number: int) -> None:
        # Each time a new page, as if people came and went.
        user = Chat(self.http) if number % 2 else Api(self.http)
        self.seen.told.append(await user.ask(f"{'甲乙丙丁'[number % 4]}区工业投资是多少"))
        await asyncio.sleep(0.05)

    async def leave(self, _: int) -> None:
        # Each by a client of its own, which lets go of the connections that were cancelled.
        for kind in (Api, Chat):
            async with _client(str(self.http.base_url), self.http.headers) as http:
                asking = asyncio.create_task(kind(http).ask("甲区工业投资是多少"))
                await asyncio.sleep(0.02)
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)
        await asyncio.sleep(0.2)

    async def change(self, number: int) -> None:
        name = f"新{number % _CHANGING}.txt"
        files = {"files": (name, _text(100 + number).encode(), "text/plain")}
        added = await self.http.post("/api/v1/documents", files=files)
        if self._right(added):
            place = f"/api/v1/documents/{added.json()[0]['id']}"
            self.seen.changes += self._right(await self.http.delete(place))
        await asyncio.sleep(0.1)

    def _right(self, got: httpx.Response) -> bool:
        if not got.is_success:
            self.seen.wrong.append(f"{got.request.method} {got.status_code} {got.text[:200]}")
        return got.is_success

    async def look(self) -> None:
        for after in (_SECONDS / 4, 3 * _SECONDS / 4 - 1):
            await asyncio.sleep(after)
            self.seen.held.append(held(os.getpid()))
