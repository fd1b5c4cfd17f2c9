"""How often somebody may call: a bucket of tokens each, filled again over a minute.

In memory and of bounded size: the buckets of the most recent callers are kept, and who has been
away for so long that theirs was dropped would find it full anyway.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]
_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class _Bucket:
    tokens: float
    at: float


class Rates:
    """One bucket for each key. Any thread may take."""

    def __init__(self, clock: Clock = time.monotonic, kept: int = _KEPT) -> None:
        self._clock, self._kept = clock, kept
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str, per_minute: int) -> float:
        """Take one token; 0.0, or if there is none, in how many seconds there will be one."""
        with self._lock:
            now = self._clock()
            held = self._buckets.get(key, _Bucket(per_minute, now))
            filled = held.tokens + (now - held.at) * per_minute / 60
            tokens = min(float(per_minute), filled)
            lacking = max(0.0, 1 - tokens)
            self._buckets[key] = _Bucket(tokens if lacking else tokens - 1, now)
            self._buckets.move_to_end(key)
            while len(self._buckets) > self._kept:
                self._buckets.popitem(last=False)
            return lacking * 60 / per_minute
