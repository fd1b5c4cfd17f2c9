"""Which documents of a library are listed, in which order: searched, filtered, counted. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from index.types import Entry
from qa.figures import fold

_KINDS = {"markdown": "md", "htm": "html"}

ORDERS: Mapping[str, tuple[Callable[[Entry], Any], bool]] = {
    "added": (lambda entry: entry.added, True),
    "newest": (lambda entry: entry.date, True),
    "oldest": (lambda entry: entry.date or "9", False),
    "title": (lambda entry: entry.title, False),
    "longest": (lambda entry: entry.characters, True),
}
"""The orders, each by what it sorts and whether from the highest."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words that all stand in title, source or publication; filters; an order.

    `since` and `until` are days or beginnings of days (2023, 2023-11), both included; a document
    without a date lies in no range. "" asks for nothing.
    """

    query: str = ""
    publication: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""
    order: str = "added"

    def holds(self, entry: Entry) -> bool:
        """Whether a document is one of those looked for."""
        told = fold("\n".join((entry.title, entry.source, entry.publication)))
        return (
            all(word in told for word in fold(self.query).split())
            and self.publication in {"", entry.publication}
            and self.kind in {"", kind(entry)}
            and self._in_range(entry.date)
        )

    def _in_range(self, date: str) -> bool:
        if not self.since and not self.until:
            return True
        return bool(date) and date >= self.since and date[: len(self.until)] <= self.until


def kind(entry: Entry) -> str:
    """The file type by the name, as people call it: "pdf", "md".

    >>> kind(Entry("1", "通知.HTM", "", "", "", "", 0, 0, "", ()))
    'html'
    """
    suffix = PurePath(entry.source).suffix.casefold().removeprefix(".")
    return _KINDS.get(suffix, suffix)


def listed(entries: Iterable[Entry], wanted: Wanted) -> list[Entry]:
    """The documents looked for, in order; equals keep the order they came in."""
    key, highest = ORDERS[wanted.order]
    return sorted(filter(wanted.holds, entries), key=key, reverse=highest)


def counted(names: Iterable[str]) -> list[dict[str, Any]]:
    """Each name with how often it comes, the most frequent first; "" is left out."""
    counts: Sequence[tuple[str, int]] = Counter(filter(None, names)).most_common()
    return [{"name": name, "count": count} for name, count in counts]
