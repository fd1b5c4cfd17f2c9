"""The line that everybody stands in who asks: in the chat, through the API, at the command line.

So many are answered at once, so many wait, and whoever comes beyond that is told at once when to
come again. Turns are fair: each caller's questions are spread as if the callers took turns, so that
who asks fifty things delays nobody else by more than one; and where no place is free, a newcomer
takes the last place of whoever holds the most. Who a caller is, is for others to say.

All of it is of one event loop.
"""

import asyncio
import json
import math
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

# As many as there are cores that read.
AT_ONCE = 2
# What a question costs until some have been answered, and how much the latest weighs.
_SECONDS, _WEIGHT = 1.0, 0.1
_LONGEST = 60


class Full(Exception):
    """No place is free, or it went to somebody who had none; `seconds` is when to come again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    @property
    def headers(self) -> dict[str, str]:
        """It, as clients read it."""
        return {"Retry-After": str(self.seconds)}


class Gone(Exception):
    """Who waited has left."""


@dataclass(eq=False, slots=True)
class Place:
    """A place in the line of one caller; `order` says after whom it comes."""

    who: str
    order: int
    called: asyncio.Future[None]
    began: float = field(default=0.0)


class Line:
    """One for a server."""

    def __init__(
        self,
        most: int,
        at_once: int = AT_ONCE,
        *,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`most` may wait while `at_once` are answered; `chance` draws from 0 to 1."""
        self._most, self._at_once, self._clock, self._chance = most, at_once, clock, chance
        self._waiting: list[Place] = []
        self._answered: set[Place] = set()
        self._order = 0
        self._seconds = _SECONDS

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def held(self) -> int:
        """How many places are taken, by who waits and who is answered."""
        return len(self._waiting) + len(self._answered)

    async def enter(self, who: str, receive: Receive) -> Place:
        """Wait for a turn, to be given back with `leave`; Full or Gone if there will be none.

        `receive` is the request's, whose body has been read: it tells when the caller is gone.
        """
        place = self._join(who)
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait({place.called, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not place.called.done():
                raise Gone
            place.called.result()
        except BaseException:
            self.leave(place)
            raise
        finally:
            gone.cancel()
        return place

    def leave(self, place: Place) -> None:
        """Give a place back, once or more often."""
        if place in self._answered:
            self._answered.remove(place)
            self._seconds += _WEIGHT * (self._clock() - place.began - self._seconds)
        elif place in self._waiting:
            self._waiting.remove(place)
        self._call()

    @asynccontextmanager
    async def turn(self, who: str, receive: Receive) -> AsyncIterator[Place]:
        """A turn for as long as the context lasts, or until it is given back."""
        place = await self.enter(who, receive)
        try:
            yield place
        finally:
            self.leave(place)

    # -- inside ----------------------------------------------------------------------------

    def _join(self, who: str) -> Place:
        if len(self._answered) >= self._at_once and len(self._waiting) >= self._most:
            self._make_room(who)
        own = (place.order for place in self._waiting if place.who == who)
        # After the caller's own, and after who is answered now: being idle earns nothing.
        order = max(own, default=self._order) + 1
        place = Place(who, order, asyncio.get_running_loop().create_future())
        self._waiting.append(place)
        self._call()
        return place

    def _make_room(self, who: str) -> None:
        """Take the last place of whoever holds the most, if that leaves more than the newcomer has."""
        held = Counter(place.who for place in self._waiting)
        most, count = max(held.items(), key=lambda item: item[1], default=("", 0))
        if count <= held[who] + 1:
            raise Full(self._again())
        last = max((t for t in self._waiting if t.who == most), key=lambda place: place.order)
        self._waiting.remove(last)
        last.called.set_exception(Full(self._again()))

    def _call(self) -> None:
        while self._waiting and len(self._answered) < self._at_once:
            place = min(self._waiting, key=lambda place: place.order)
            self._waiting.remove(place)
            self._answered.add(place)
            self._order, place.began = place.order, self._clock()
            place.called.set_result(None)

    def _again(self) -> int:
        """When those who wait now will have been answered, or up to as long again after.

        In seconds, drawn by chance: those who are sent away together shall not come back together.
        """
        seconds = (1 + self._chance()) * (self.waiting + 1) * self._seconds / self._at_once
        return min(_LONGEST, max(1, math.ceil(seconds)))


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class InLine:
    """Keeps what Gradio would queue in the line, and passes it on when its turn comes.

    Gradio's own queue knows neither the API's callers nor whose questions stand in it. A turn lasts
    until Gradio no longer knows the event that its answer named; `is_known` says so.
    """

    def __init__(
        self,
        app: App,
        line: Line,
        *,
        paths: Collection[str],
        who: Callable[[Message], str],
        is_known: Callable[[str], bool],
        busy: str,
    ) -> None:
        self._app, self._line, self._paths = app, line, paths
        self._who, self._is_known, self._busy = who, is_known, busy
        self._lasting: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        asks = scope["type"] == "http" and scope["method"] == "POST"
        if not asks or not scope["path"].startswith(tuple(self._paths)):
            await self._app(scope, receive, send)
            return
        body = await _body(receive)
        try:
            place = await self._line.enter(self._who(scope), receive)
        except Full as full:
            await _refuse(send, self._busy, full)
        except Gone:
            return
        else:
            await self._pass_on(place, scope, _once(body, receive), send)

    async def _pass_on(self, place: Place, scope: Message, receive: Receive, send: Send) -> None:
        said = bytearray()

        async def sending(message: Message) -> None:
            said.extend(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            event = _event(bytes(said))
            lasting = asyncio.create_task(self._last(place, event))
            self._lasting.add(lasting)
            lasting.add_done_callback(self._lasting.discard)

    async def _last(self, place: Place, event: str) -> None:
        try:
            while event and self._is_known(event):
                await asyncio.sleep(0.02)
        finally:
            self._line.leave(place)


async def _body(receive: Receive) -> bytes:
    """The whole body of a request; what of it came before the client left."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _once(body: bytes, receive: Receive) -> Receive:
    """A request's messages again, the body whole."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> Message:
        return first.pop() if first else await receive()

    return receiving


def _event(said: bytes) -> str:
    try:
        told = json.loads(said)
    except ValueError:
        return ""
    return str(told.get("event_id", "")) if isinstance(told, dict) else ""


async def _refuse(send: Send, busy: str, full: Full) -> None:
    headers = [(b"content-type", b"application/json")]
    headers += [(name.encode(), value.encode()) for name, value in full.headers.items()]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    body = json.dumps({"detail": busy}, ensure_ascii=False).encode()
    await send({"type": "http.response.body", "body": body})
