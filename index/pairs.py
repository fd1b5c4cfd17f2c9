"""A question and a passage as one row of tokens, the way the reader was taught to read them.

    <s> question </s> heading </s> passage </s>

Each token has one of three marks: of the question, of the rest, or of the rest and standing in the
question as well (every character of it beside a neighbour it also has there). The network that
reads the rows is index/reading.py's business; training builds them here too, so that both agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

QUESTION, REST, SHARED = 0, 1, 2
_MOST_QUESTION, _MOST_HEADING = 96, 48


@dataclass(frozen=True, slots=True)
class Pair:
    """The row. Token `first + i` of it is `offsets[i]` of the passage, in characters, half-open."""

    ids: tuple[int, ...]
    marks: tuple[int, ...]
    first: int
    offsets: tuple[tuple[int, int], ...]

    def tokens_of(self, start: int, end: int) -> tuple[int, int]:
        """The first and last token that hold characters [start, end) of the passage.

        ValueError if they were cut off or there are none.
        """
        held = [i for i, (a, b) in enumerate(self.offsets) if a < end and start < b]
        if not held or self.offsets[held[-1]][1] < end:
            raise ValueError(f"characters {start} to {end} are not in the row")
        return self.first + held[0], self.first + held[-1]


class PairMaker:
    """Makes rows with one tokenizer. `most` is how many tokens the network takes."""

    def __init__(self, tokenizer: Tokenizer, most: int = 512) -> None:
        self._tokenizer = tokenizer
        self._most = most
        probe = tokenizer.encode("")
        self._begin, self._end = probe.ids[0], probe.ids[-1]

    def pair(self, question: str, heading: str, passage: str) -> Pair:
        """One row; what passes the limits is cut off at the end of each of the three."""
        return self.pairs(question, [(heading, passage)])[0]

    def pairs(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Pair]:
        """A row for each (heading, passage) under one question."""
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[:_MOST_QUESTION]
        neighbours = _neighbours(question)
        return [self._pair(asked, neighbours, *texts) for texts in passages]

    def _pair(
        self, asked: Sequence[int], neighbours: frozenset[str], heading: str, passage: str
    ) -> Pair:
        above = self._tokenizer.encode(heading, add_special_tokens=False)
        read = self._tokenizer.encode(passage, add_special_tokens=False)
        above_ids = above.ids[:_MOST_HEADING]
        first = len(asked) + len(above_ids) + 3
        room = self._most - first - 1
        offsets = tuple(read.offsets[:room])
        marks = (
            [QUESTION] * (len(asked) + 2)
            + _marks(heading, above.offsets[: len(above_ids)], neighbours)
            + [REST]
            + _marks(passage, offsets, neighbours)
            + [REST]
        )
        ids = [self._begin, *asked, self._end, *above_ids, self._end, *read.ids[:room], self._end]
        return Pair(tuple(ids), tuple(marks), first, offsets)


def _neighbours(text: str) -> frozenset[str]:
    """Every two neighbouring characters of a text."""
    low = text.lower()
    return frozenset(low[i : i + 2] for i in range(len(low) - 1))


def _marks(text: str, offsets: Sequence[tuple[int, int]], neighbours: frozenset[str]) -> list[int]:
    low = text.lower()
    if len(low) != len(text):  # some capitals become two characters
        low = text
    shared = [low[i : i + 2] in neighbours for i in range(len(low))]
    held = [shared[i] or (i > 0 and shared[i - 1]) for i in range(len(low))]
    return [SHARED if a < b and all(held[a:b]) else REST for a, b in offsets]
