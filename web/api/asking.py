"""Questions of callers, answered from what they may see, each in its turn."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from itertools import pairwise

import anyio
from anyio.to_thread import run_sync
from fastapi import Request

from index.split import sentences
from index.types import Span
from qa.desk import LocalDesk
from qa.types import Answer, Sentence, Step, Turn
from web.api.access import By, Caller, address
from web.api.problems import UNKNOWN_DOCUMENT, Problem
from web.line import AT_ONCE, Full, Gone, Line, Place
from web.tally import Tally

_BUSY = "现在提问的人太多，请稍后再试。"


class Asking:
    """One for a server. Its methods run in the event loop, what they cost in threads."""

    def __init__(self, desk: LocalDesk, line: Line, tally: Tally) -> None:
        self._desk, self._line, self._tally = desk, line, tally
        # Of its own: what is quick shall not wait for threads that read.
        self._threads = anyio.CapacityLimiter(AT_ONCE)

    async def place(self, request: Request, caller: By) -> AsyncIterator[Place]:
        """The caller's turn, held until the answer is there or the caller is gone."""
        try:
            place = await self._line.enter(_who(caller, request), request.receive)
        except Full as full:
            raise Problem(503, _BUSY, full.headers) from full
        except Gone as gone:
            raise Problem(503, _BUSY) from gone
        try:
            yield place
        finally:
            self._line.leave(place)

    async def within(
        self, caller: Caller, chosen: Sequence[str] | None = None
    ) -> frozenset[str] | None:
        """The ids to answer from, None for all; a problem if one is chosen that is not there."""
        if chosen is None and not caller.documents.patterns:
            return None
        entries = await run_sync(self._desk.entries)
        found = caller.documents.within(entries, chosen)
        if chosen is not None and found != frozenset(chosen):
            raise Problem(404, UNKNOWN_DOCUMENT)
        return found

    async def steps(
        self,
        place: Place,
        question: str,
        history: Sequence[Turn],
        within: frozenset[str] | None,
    ) -> AsyncGenerator[Step | str | Answer, None]:
        """The steps to an answer as they begin, its text piece by piece, and the whole of it.

        Once that is known the place is free: who reads slowly holds up nobody.
        """
        steps = self._desk.assistant.stream(question, history, within=within)
        said = ""
        try:
            while (told := await run_sync(next, steps, None, limiter=self._threads)) is not None:
                if isinstance(told, Step):
                    yield told
                elif isinstance(told, Sentence):
                    said += told.marked
                    yield told.marked
                else:
                    self._line.leave(place)
                    self._tally.answered(told)
                    for piece in pieces(told.text.removeprefix(said)):
                        yield piece
                    yield told
        except Exception:
            self._tally.failed()
            raise

    async def answer(
        self,
        place: Place,
        question: str,
        history: Sequence[Turn],
        within: frozenset[str] | None,
        request: Request,
    ) -> Answer:
        """The answer alone; a problem, which nobody reads, once the caller is gone."""
        async with aclosing(self.steps(place, question, history, within)) as steps:
            async for told in steps:
                if isinstance(told, Answer):
                    return told
                if await request.is_disconnected():
                    break
        raise Problem(503, _BUSY)


def _who(caller: Caller, request: Request) -> str:
    """Whose turn it is: a program's, a person's; of the pages of a site, those of an address."""
    name = f"{caller.role} {caller.name}"
    return f"{name} {address(request)}" if caller.role == "page" else name


def pieces(text: str) -> Iterator[str]:
    """A text sentence by sentence; together they are the text.

    >>> list(pieces("甲增长8%。[1]\\n乙为3亿元。[2]"))
    ['甲增长8%。', '[1]\\n', '乙为3亿元。', '[2]']
    """
    starts = [span.start for span in sentences(text, Span(0, len(text)))]
    for start, end in pairwise([0, *starts[1:], len(text)]):
        yield text[start:end]
