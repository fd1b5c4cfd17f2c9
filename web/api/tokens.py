"""Tokens for pages: a site and the origin it was given to, signed, for fifteen minutes.

Nothing is kept of a token: whoever knows the secret can check it, and the secret outlives a restart
(register.py). A token is no use to another origin, nor to one that is listed no more.
"""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from web.api.rates import Clock

LIFETIME = 900
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Pass:
    """What a token says: of which site, given to a page of which origin, until when (Unix time)."""

    site: str
    origin: str
    until: int


class Tokens:
    """Signs and reads tokens with one secret."""

    def __init__(self, secret: bytes, clock: Clock = time.time) -> None:
        self._secret, self._clock = secret, clock

    def issue(self, site: str, origin: str) -> str:
        """A token for a site's page, by the site's id."""
        claims = [site, origin, int(self._clock()) + LIFETIME]
        said = urlsafe_b64encode(json.dumps(claims).encode())
        return f"{said.decode()}.{self._signature(said).decode()}"

    def read(self, token: str) -> Pass | None:
        """What a token says, or None if it isn't ours or its time is over."""
        said, _, signature = token.encode("utf-8", "replace")[:_LONGEST].partition(b".")
        if not hmac.compare_digest(signature, self._signature(said)):
            return None
        found = Pass(*json.loads(urlsafe_b64decode(said)))
        return found if self._clock() < found.until else None

    def _signature(self, said: bytes) -> bytes:
        digest = hmac.new(self._secret, said, hashlib.sha256).digest()
        return urlsafe_b64encode(digest).rstrip(b"=")
