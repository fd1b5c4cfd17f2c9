"""How a crowd is measured: what is counted as answered, refused or wrong, and a server of its own."""

import asyncio
import os
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import httpx
import pytest

from eval import load
from eval.load import Api, Round, Told

_ANSWERED, _REFUSED = Told(200, True, 0, 0.5), Told(503, False, 3, 0.1)


class _Scripted:
    """A user whose answers are known."""

    def __init__(self, *told: Told | Exception) -> None:
        self._told: Iterator[Told | Exception] = cycle(told)
        self.asked: list[str] = []

    async def ask(self, question: str) -> Told:
        self.asked.append(question)
        await asyncio.sleep(0.01)
        told = next(self._told)
        if isinstance(told, Exception):
            raise told
        return told


async def _health() -> None:
    await asyncio.sleep(0)


def test_a_round_counts_what_each_question_came_to() -> None:
    users = [_Scripted(_ANSWERED), _Scripted(_REFUSED), _Scripted(httpx.ReadError("gone"))]
    told = asyncio.run(load.round_of(users, 0.2, _health))
    assert sum(one.answered for one in told.told) == len(users[0].asked) > 2
    # Whoever is refused comes again when told to, and not before.
    assert sum(one.refused for one in told.told) == len(users[1].asked) == 1
    assert sum(one.status == 0 for one in told.told) == len(users[2].asked) > 0
    assert len(set(users[0].asked)) > 1
    assert told.health


def test_an_error_is_told_apart_from_a_refusal() -> None:
    wrong = Told(500, False, 0, 0.1)
    assert not Told(503, False, 0, 0.1).refused
    told = Round(3, (_ANSWERED, _REFUSED, wrong), (0.05,)).line()
    assert "答了    1" in told
    assert "请稍后再来    1" in told
    assert "出错 1" in told
    assert "health p95 50 毫秒" in told


def test_when_to_come_again_is_read_from_the_answer() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/api/v1/ask"
        return httpx.Response(503, headers={"Retry-After": "7"})

    async def ask() -> Told:
        transport = httpx.MockTransport(answer)
        async with httpx.AsyncClient(base_url="http://x", transport=transport) as http:
            return await Api(http).ask("甲")

    told = asyncio.run(ask())
    assert (told.status, told.again, told.refused) == (503, 7, True)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts as Linux does")
def test_what_a_process_holds_is_counted(tmp_path: Path) -> None:
    before = load.held(os.getpid())
    with (tmp_path / "one").open("w"), (tmp_path / "two").open("w"):
        assert load.held(os.getpid()).files >= before.files + 2
    assert before.memory_mb > 10


@pytest.mark.soak
@pytest.mark.parametrize("way", [[], ["--chat"]])
def test_two_hundred_users_get_an_answer_or_a_time_to_come_again(
    way: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--users", "1,32,200", "--seconds", "20", "--leave", "1000", *way]
    assert load.main(asked) == 0
    said = capsys.readouterr().out
    rounds = [line for line in said.splitlines() if "health p95" in line]
    assert len(rounds) == 3
    assert all("出错 0；" in line for line in rounds)
    assert "请稍后再来    0" not in rounds[-1]
    held = [line.split("内存 ")[1] for line in said.splitlines() if "内存" in line]
    start, after, last = (
        (float(line.split(" MB")[0]), int(line.rsplit(" ", 1)[1])) for line in held
    )
    # Memory settles as caches fill; files do not grow at all.
    assert last[0] < 1.1 * after[0] < 1.5 * start[0]
    assert last[1] <= start[1] + 20
