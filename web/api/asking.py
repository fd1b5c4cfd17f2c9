"""Questions of callers, answered from what they may see: some at once, some waiting, no more."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from itertools import pairwise

import anyio
from anyio.to_thread import run_sync

from index.split import sentences
from index.types import Span
from qa.desk import LocalDesk
from qa.types import Answer, Sentence, Step, Turn
from web.api.access import Caller
from web.api.problems import UNKNOWN_DOCUMENT, Problem
from web.tally import Tally

# As many as there are cores that read; the others wait.
_AT_ONCE = 2
_AGAIN_SECONDS = "5"


class Asking:
    """One for a server. Its methods run in the event loop, what they cost in threads."""

    def __init__(self, desk: LocalDesk, most: int, tally: Tally) -> None:
        self._desk, self._most, self._tally = desk, most, tally
        self._taken = 0
        # Of its own: what is quick shall not wait for threads that read.
        self._threads = anyio.CapacityLimiter(_AT_ONCE)

    async def place(self) -> AsyncIterator[None]:
        """A place among those who may wait, held until the answer is sent or the caller is gone."""
        if self._taken >= self._most + _AT_ONCE:
            detail = "现在提问的人太多，请稍后再试。"
            raise Problem(503, detail, {"Retry-After": _AGAIN_SECONDS})
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1

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
        self, question: str, history: Sequence[Turn], within: frozenset[str] | None
    ) -> AsyncGenerator[Step | str | Answer, None]:
        """The steps to an answer as they begin, its text piece by piece, and the whole of it."""
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
                    self._tally.answered(told)
                    for piece in pieces(told.text.removeprefix(said)):
                        yield piece
                    yield told
        except Exception:
            self._tally.failed()
            raise

    async def answer(
        self, question: str, history: Sequence[Turn], within: frozenset[str] | None
    ) -> Answer:
        """The answer alone."""
        answers = [
            told async for told in self.steps(question, history, within) if isinstance(told, Answer)
        ]
        return answers[-1]


def pieces(text: str) -> Iterator[str]:
    """A text sentence by sentence; together they are the text.

    >>> list(pieces("甲增长8%。[1]\\n乙为3亿元。[2]"))
    ['甲增长8%。', '[1]\\n', '乙为3亿元。', '[2]']
    """
    starts = [span.start for span in sentences(text, Span(0, len(text)))]
    for start, end in pairwise([0, *starts[1:], len(text)]):
        yield text[start:end]
