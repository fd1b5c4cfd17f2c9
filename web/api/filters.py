"""Which documents somebody may see: shell patterns over where a document came from.

Only what the owner of the library names counts: the file, and with `title:` or `publication:` what
stands on it. Pure.
"""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from index.types import Entry

_FIELDS = ("title", "publication")
_LONGEST, _MOST = 200, 100


@dataclass(frozen=True, slots=True)
class Filter:
    """Patterns, one of which has to fit; none at all lets everything through.

    `公告/*` fits files in folders of that name, `*.pdf` a file's name, `title:关于*` a title.
    """

    patterns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """ValueError, for the user, of what can be no pattern."""
        if len(self.patterns) > _MOST or any(not 0 < len(p) <= _LONGEST for p in self.patterns):
            raise ValueError(f"文档范围至多 {_MOST} 条，每条 1 至 {_LONGEST} 字，例如 '公告/*'。")

    def lets(self, entry: Entry) -> bool:
        """Whether a document is within it."""
        return not self.patterns or any(_fits(pattern, entry) for pattern in self.patterns)

    def within(
        self, entries: Iterable[Entry], chosen: Collection[str] | None = None
    ) -> frozenset[str] | None:
        """The ids of what it lets through, of those chosen; None where that is everything."""
        if not self.patterns and chosen is None:
            return None
        return frozenset(
            entry.id
            for entry in entries
            if (chosen is None or entry.id in chosen) and self.lets(entry)
        )


EVERYTHING = Filter()


def _fits(pattern: str, entry: Entry) -> bool:
    field, found, rest = pattern.partition(":")
    if found and field in _FIELDS:
        return _matches(getattr(entry, field), rest)
    # A folder may stand anywhere on the way to a file.
    return _matches(entry.source, pattern) or any(
        _matches(path, f"*/{pattern}") for path in entry.paths
    )


def _matches(text: str, pattern: str) -> bool:
    return fnmatchcase(unicodedata.normalize("NFC", text), unicodedata.normalize("NFC", pattern))
