"""The line: bounded, in fair order, and left by whoever goes away."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.line import Full, Gone, Line, Message, Place


class _Client:
    """Somebody who asks, and who may go away."""

    def __init__(self) -> None:
        self._gone = asyncio.Event()

    def leave(self) -> None:
        self._gone.set()

    async def receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}


async def _settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def _run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(test)


async def _served(line: Line, callers: Sequence[str]) -> str:
    """The order in which questions are answered that were all asked at once, one letter each."""
    served = ""

    async def ask(who: str) -> None:
        nonlocal served
        async with line.turn(who, _Client().receive):
            served += who
            await _settled()

    await asyncio.gather(*(ask(who) for who in callers), return_exceptions=True)
    return served


@pytest.mark.parametrize(
    ("asked", "served"), [("abc", "abc"), ("aaaab", "aabaa"), ("aaabbbc", "aabcabb")]
)
def test_callers_take_turns(asked: str, served: str) -> None:
    async def test() -> None:
        assert await _served(Line(10, at_once=1), asked) == served

    _run(test())


@given(st.text("abc", min_size=1, max_size=20), st.integers(1, 3))
def test_nobody_waits_for_more_than_one_of_each_other_callers(asked: str, at_once: int) -> None:
    async def test() -> None:
        found = await _served(Line(20, at_once), asked)
        assert sorted(found) == sorted(asked)
        waited = found[at_once:]
        for who in set(waited):
            ahead = waited[: waited.index(who)]
            assert all(ahead.count(other) <= 2 for other in set(ahead))

    _run(test())


def test_who_comes_when_the_line_is_full_is_told_when_to_come_again() -> None:
    async def test() -> None:
        now = [0.0]
        line = Line(1, at_once=2, clock=lambda: now[0], chance=lambda: 0.0)
        turns = [await line.enter(who, _Client().receive) for who in "ab"]
        waiting = asyncio.create_task(line.enter("c", _Client().receive))
        await _settled()
        with pytest.raises(Full) as full:
            await line.enter("d", _Client().receive)
        assert full.value.headers == {"Retry-After": "1"}
        now[0] = 100.0
        line.leave(turns[0])
        line.leave(turns[0])
        line.leave(await waiting)
        assert (line.held, line.waiting) == (1, 0)
        again = [asyncio.create_task(line.enter("e", _Client().receive)) for _ in range(2)]
        await _settled()
        with pytest.raises(Full) as full:
            await line.enter("f", _Client().receive)
        # Answers take longer now.
        assert 5 < full.value.seconds <= 60
        for task in again:
            task.cancel()

    _run(test())


def test_those_who_are_sent_away_together_are_not_told_to_come_back_together() -> None:
    async def test() -> None:
        line = Line(20, at_once=1)
        waiting = [asyncio.create_task(line.enter("a", _Client().receive)) for _ in range(21)]
        await _settled()
        told = []
        for _ in range(100):
            with pytest.raises(Full) as full:
                await line.enter("a", _Client().receive)
            told.append(full.value.seconds)
        # Twenty-one answers of a second come first; then as many seconds again to choose from.
        assert min(told) >= 21
        assert max(told) <= 42
        assert len(set(told)) > 10
        assert max(told.count(second) for second in told) < 20
        for task in waiting:
            task.cancel()

    _run(test())


def test_a_flood_gives_up_its_last_places_to_newcomers() -> None:
    async def test() -> None:
        line = Line(4, at_once=1)
        holder = await line.enter("flood", _Client().receive)
        flood = [asyncio.create_task(line.enter("flood", _Client().receive)) for _ in range(4)]
        await _settled()
        others = [asyncio.create_task(line.enter(who, _Client().receive)) for who in "abcd"]
        await _settled()
        assert [task.done() for task in flood] == [False, True, True, True]
        assert all(isinstance(task.exception(), Full) for task in flood[1:])
        # Everybody holds one place now: none is taken from anybody.
        assert [task.done() for task in others] == [False, False, False, True]
        assert isinstance(others[3].exception(), Full)
        assert line.held == 5
        line.leave(holder)
        for task in (*flood, *others):
            task.cancel()
        await _settled()

    _run(test())


def test_one_caller_alone_may_have_every_place() -> None:
    async def test() -> None:
        line = Line(8, at_once=2)
        assert await _served(line, "a" * 12) == "a" * 10
        assert line.held == 0

    _run(test())


def test_who_goes_away_leaves_the_line() -> None:
    async def test() -> None:
        line = Line(2, at_once=1)
        holder = await line.enter("a", _Client().receive)
        leaving = _Client()
        waiting = asyncio.create_task(line.enter("b", leaving.receive))
        cancelled = asyncio.create_task(line.enter("c", _Client().receive))
        await _settled()
        assert line.waiting == 2
        leaving.leave()
        cancelled.cancel()
        await _settled()
        assert line.waiting == 0
        assert isinstance(waiting.exception(), Gone)
        line.leave(holder)
        assert line.held == 0

    _run(test())


def test_a_turn_is_a_place_of_its_own() -> None:
    async def test() -> None:
        line = Line(0, at_once=2)
        one, other = [await line.enter("a", _Client().receive) for _ in range(2)]
        assert isinstance(one, Place)
        line.leave(one)
        line.leave(one)
        assert line.held == 1
        line.leave(other)
        assert line.held == 0

    _run(test())
