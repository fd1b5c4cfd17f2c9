"""The reading network: a question and passages in; in each the likeliest spans and two scores out.

A folder made by train/export_reader.py holds it (index/graph.py checks and opens it, index/pairs.py
makes its rows). It needs neither PyTorch nor sentence-transformers. What a score is worth, and
whether an answer is given, is the business of qa/read.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from tokenizers import Tokenizer

from index.graph import GRAPH, TOKENIZER, Floats, Graph, read_config
from index.pairs import Pair, PairMaker
from index.types import Span

SHIPPED = Path(__file__).parent.parent / "models" / "reader-zh"

_REPAIR = (
    "restore the folder from the release, or make it anew: "
    "python -m train.export_reader --out models/reader-zh"
)
# What a question asks for, as far as confidence goes by it; qa/read.py tells which.
Kind = Literal["figure", "formed", "open"]
_KINDS = frozenset(get_args(Kind))
_MOST_ENDS = 12
_LONGEST_ANSWER = 80  # tokens


@dataclass(frozen=True, slots=True)
class ReaderConfig:
    """What `config.json` says about the model beside it.

    `weights` are those of qa/confidence.py by name, `thresholds` the least confidence of an answer
    of each kind, `ruled` the share of right answers among those shown by rule below it; all come
    from train/calibrate_reader.py.
    """

    name: str
    max_tokens: int
    weights: Mapping[str, float]
    thresholds: Mapping[str, float]
    ruled: Mapping[str, float]
    sha256: Mapping[str, str]

    def is_complete(self) -> bool:
        """Whether it names every file and can be reckoned with."""
        files = {GRAPH, TOKENIZER} <= self.sha256.keys()
        limits = (*self.thresholds.values(), *self.ruled.values())
        kinds = self.thresholds.keys() & self.ruled.keys() >= _KINDS
        return files and kinds and all(0 < float(limit) < 1 for limit in limits)


@dataclass(frozen=True, slots=True)
class ReadSpan:
    """A possible answer: characters of the passage, and the log probabilities of its two ends added."""

    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """What the network makes of one passage.

    `answerable` and `relevant` are logits: that it answers the question, that it is about its
    matter. `starts` and `ends` are log probabilities: of "no answer", then of each token, whose
    characters are `offsets`.
    """

    answerable: float
    relevant: float
    starts: Floats
    ends: Floats
    offsets: tuple[tuple[int, int], ...]

    @property
    def nothing(self) -> float:
        """On the scale of a span's score: that no span answers."""
        return float(self.starts[0] + self.ends[0])

    def score_of(self, span: Span) -> float:
        """The score of characters of the passage; that of nothing if the network did not see them."""
        held = [i for i, (a, b) in enumerate(self.offsets) if a < span.end and span.start < b]
        return float(self.starts[1 + held[0]] + self.ends[1 + held[-1]]) if held else self.nothing

    def best(self, most: int) -> list[ReadSpan]:
        """The likeliest spans, best first."""
        starts, ends = self.starts[1:], self.ends[1:]
        found = sorted(
            (
                (float(starts[s] + ends[e]), int(s), int(e))
                for s in np.argsort(-starts)[:_MOST_ENDS]
                for e in np.argsort(-ends)[:_MOST_ENDS]
                if s <= e < s + _LONGEST_ANSWER and self.offsets[s][0] < self.offsets[e][1]
            ),
            reverse=True,
        )
        return [
            ReadSpan(Span(self.offsets[s][0], self.offsets[e][1]), score)
            for score, s, e in found[:most]
        ]


class ReadingModel:
    """The network of a folder. Any thread may read."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        self.config = read_config(folder, ReaderConfig, ReaderConfig.is_complete, _REPAIR)
        self._graph = Graph(folder, self.config.sha256, _REPAIR)
        self._rows = PairMaker(Tokenizer.from_file(str(folder / TOKENIZER)), self.config.max_tokens)

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[ReadPassage]:
        """Read each (heading, passage); what is too long is cut off at its end."""
        return self._graph.each(self._read, self._rows.pairs(question, passages))

    def _read(self, row: Pair) -> ReadPassage:
        inputs = {"input_ids": np.array([row.ids]), "marks": np.array([row.marks])}
        start, end, pair = self._graph.run(["start", "end", "pair"], inputs)
        return read_logits(row, start[0], end[0], pair[0])


def read_logits(row: Pair, start: Floats, end: Floats, pair: Floats) -> ReadPassage:
    """The reading of a row from its logits: `start` and `end` (length,), `pair` (2,)."""
    return ReadPassage(
        float(pair[0]),
        float(pair[1]),
        _log_probabilities(row, start),
        _log_probabilities(row, end),
        row.offsets,
    )


def _log_probabilities(row: Pair, logits: Floats) -> Floats:
    """Of the row's first token, which stands for no answer, then of each token of the passage."""
    open_ = np.concatenate([logits[:1], logits[row.first : row.first + len(row.offsets)]])
    shifted = open_ - open_.max()
    normal: Floats = shifted - np.log(np.exp(shifted).sum())
    return normal
