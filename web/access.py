"""Who may change the library through its page, and whether one of our own pages is asking.

Values and a clock, no web framework: what every request has to pass first is in web/guard.py, the
routes that ask this are in web/pages.py.
"""

import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Literal
from urllib.parse import unquote, urlsplit

from qa.settings import Settings

# Another site's page cannot set it without asking us first, and is told no.
HEADER = "x-youju"
PASSWORD_HEADER = "x-youju-password"

_TRIES_A_MINUTE = 10
_MOST_CLIENTS = 1000

Closed = Literal["off", "exposed"]
REASONS: Mapping[Closed, str] = {
    "off": "本服务关闭了网页上的文档管理（YOUJU_MANAGE=off）。",
    "exposed": "本服务对其他机器开放，但没有设密码，所以不能在网页上增删文档。"
    "请设置环境变量 YOUJU_PASSWORD 后重新启动。",
}
"""Why nobody may change the library through its page, for the user."""


def foreign(headers: Mapping[str, str]) -> bool:
    """Whether a request comes from a page of another origin, as the browser tells.

    >>> foreign({"host": "a.example", "origin": "http://b.example"}), foreign({"host": "a.example"})
    (True, False)
    """
    if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        return True
    origin = headers.get("origin")
    return origin is not None and _place(origin) != headers.get("host", "").casefold()


def _place(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.casefold()
    except ValueError:
        return ""


Verdict = Literal["open", "wrong", "often"]


class Password:
    """The password for changes, "" for none; each client has so many wrong tries a minute."""

    def __init__(self, password: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._password = password.encode()
        self._clock = clock
        self._failures: dict[str, deque[float]] = {}

    @property
    def needed(self) -> bool:
        """Whether one has to be given."""
        return bool(self._password)

    def judge(self, given: str, client: str) -> Verdict:
        """Whether what a client gave, percent-encoded as headers want it, opens."""
        if not self.needed:
            return "open"
        failures = self._recent(client)
        if len(failures) >= _TRIES_A_MINUTE:
            return "often"
        if secrets.compare_digest(unquote(given).encode(), self._password):
            return "open"
        # No password at all is a question, not a guess.
        if given:
            failures.append(self._clock())
            self._failures[client] = failures
        return "wrong"

    def _recent(self, client: str) -> deque[float]:
        """The failures of a client within the minute; of others those that are over are forgotten."""
        since = self._clock() - 60
        if len(self._failures) >= _MOST_CLIENTS:
            self._failures = {c: f for c, f in self._failures.items() if f[-1] > since}
        return deque(at for at in self._failures.get(client, ()) if at > since)


def closed(settings: Settings) -> Closed | None:
    """Why nobody may change the library through its page; None where some may."""
    if settings.manage == "off":
        return "off"
    return None if settings.local or settings.password else "exposed"
