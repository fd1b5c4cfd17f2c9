"""How good the checker of sentences is: `python -m eval.verify` prints it, kind by kind.

A pair is a sentence as a language model words it and the evidence it cites. `built` is there to be
read while the checker is made; `held` is only counted, so that what is measured was not made for it;
`third` was counted before it was read, and tells how far the rules carried until then; `fourth` and
`fifth`, and `sixth` and `seventh`, were written as one, every other evidence each, the one to be read
and the other counted.
What is right and what is wrong in a sentence is qa/verify.py's business.
"""

import argparse
import importlib
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar, Protocol

from pydantic import ConfigDict, TypeAdapter

from eval.cases import parsed_lines
from index.reading import ReadingModel
from qa.asked_back import AskedBack

FOLDER = Path(__file__).parent / "sets" / "verify"
HALVES = ("built", "held", "third", "fourth", "fifth", "sixth", "seventh")
COUNTED = ("held", "fifth", "seventh")

# What is wrong in a wrong sentence, the kinds that tell a figure wrongly first.
OF_FIGURES = "value unit scale direction base period subject place bound ratio part".split()
WRONG = (*OF_FIGURES, *"ordinal name title date negation modality invented mixed".split())
# How a right sentence differs from its evidence.
RIGHT = tuple("same reworded converted rounded shortened merged split resolved".split())


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and what it cites; `why` is one of RIGHT or of WRONG.

    `date` is that of the document, where the sentence or the evidence says 今年 or 去年.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    sentence: str
    evidence: str | tuple[str, ...]
    supported: bool
    why: str
    date: str = ""


class Verdict(Protocol):
    """What a checker says of a sentence, and why not."""

    @property
    def supported(self) -> bool: ...

    @property
    def reasons(self) -> tuple[str, ...]: ...


class Checker(Protocol):
    """Whether a sentence is supported by its evidence; the form of `qa.verify.verify`."""

    def __call__(
        self, sentence: str, evidence: str | Sequence[str], *, date: str = ""
    ) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair and what a checker said of it."""

    pair: Pair
    supported: bool
    reasons: tuple[str, ...] = ()

    @property
    def rightly(self) -> bool:
        return self.supported == self.pair.supported


def read_pairs(path: Path) -> tuple[Pair, ...]:
    """The pairs of a file; SetError names the line and field of what is malformed."""
    return tuple(parsed_lines(TypeAdapter(Pair), path.read_text(encoding="utf-8"), path))


def judge(pairs: Iterable[Pair], check: Checker) -> list[Judged]:
    """What a checker says of every pair, in their order."""
    verdicts = ((pair, check(pair.sentence, pair.evidence, date=pair.date)) for pair in pairs)
    return [Judged(pair, verdict.supported, verdict.reasons) for pair, verdict in verdicts]


def measures(judged: Sequence[Judged]) -> dict[str, tuple[int, int]]:
    """Each measure as so many of so many.

    Precision and recall are of what is let through: `precision` is the share of it that is
    supported, `recall` the share of the supported that is let through.
    """
    wrong = [one for one in judged if not one.pair.supported]
    right = [one for one in judged if one.pair.supported]
    return {
        "wrong_caught": _share(wrong, lambda one: not one.supported),
        "wrong_caught_of_figures": _share(
            [one for one in wrong if one.pair.why in OF_FIGURES], lambda one: not one.supported
        ),
        "right_rejected": _share(right, lambda one: not one.supported),
        "precision": _share(
            [one for one in judged if one.supported], lambda one: one.pair.supported
        ),
        "recall": _share(right, lambda one: one.supported),
    }


def table(halves: dict[str, list[Judged]]) -> str:
    """Kinds and measures of every half side by side, as text."""
    kinds = {
        half: {kind: _rightly(judged, kind) for kind in (*RIGHT, *WRONG)}
        for half, judged in halves.items()
    }
    told = {half: measures(judged) for half, judged in halves.items()}
    return "\n".join(
        [_row("judged rightly", halves), *_rows(kinds), "", _row("measure", halves), *_rows(told)]
    )


def failures(judged: Iterable[Judged]) -> str:
    """What a checker judged wrongly, one after another, with all that it saw."""
    return "\n\n".join(_told(one) for one in judged if not one.rightly)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, or the failures of a half; the exit code is 1 without a checker."""
    options = _parser().parse_args(arguments)
    try:
        verify = importlib.import_module("qa.verify").verify
    except ModuleNotFoundError as error:
        if error.name != "qa.verify":
            raise
        print("没有 qa/verify.py，还没有可以测量的核对程序。", file=sys.stderr)
        return 1
    check: Checker = partial(verify, score=AskedBack(ReadingModel)) if options.reader else verify
    halves = (options.failures,) if options.failures else HALVES
    judged = {half: judge(read_pairs(FOLDER / f"{half}.jsonl"), check) for half in halves}
    print(failures(judged[options.failures]) if options.failures else table(judged))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.verify", description="测量核对句子的程序：每一类各判对多少。"
    )
    parser.add_argument(
        "--failures",
        type=_may_be_read,
        metavar="built",
        help="逐条列出 built、third、fourth 或 sixth 里判错的",
    )
    parser.add_argument(
        "--reader", action="store_true", help="再用阅读模型回问句子里的每个数（每个数约 0.1 秒）"
    )
    return parser


def _may_be_read(half: str) -> str:
    if half in COUNTED:
        raise argparse.ArgumentTypeError(
            f"{half} 只用来计数：照着它的失败改程序，量到的就不再是没见过的句子。请用 --failures built。"
        )
    if half not in HALVES:
        raise argparse.ArgumentTypeError(f"没有 {half!r} 这一半。请用 --failures built。")
    return half


def _share(judged: Sequence[Judged], holds: Callable[[Judged], bool]) -> tuple[int, int]:
    return sum(map(holds, judged)), len(judged)


def _rightly(judged: Iterable[Judged], kind: str) -> tuple[int, int]:
    return _share([one for one in judged if one.pair.why == kind], lambda one: one.rightly)


def _rows(columns: dict[str, dict[str, tuple[int, int]]]) -> list[str]:
    names = next(iter(columns.values()))
    return [_row(name, [_cell(*column[name]) for column in columns.values()]) for name in names]


def _row(name: str, cells: Iterable[str]) -> str:
    return f"{name:24}" + "".join(f"{cell:>20}" for cell in cells)


def _cell(some: int, of: int) -> str:
    return f"{some:4} of {of:4}   {some / of:.2f}" if of else "–"


def _told(one: Judged) -> str:
    evidence = one.pair.evidence
    lines = [evidence] if isinstance(evidence, str) else evidence
    said = "放行了" if one.supported else f"拦下了：{'；'.join(one.reasons)}"
    return "\n".join(
        [
            f"{one.pair.id} {one.pair.why}，{said}",
            f"  句子：{one.pair.sentence}",
            *(f"  依据：{line}" for line in lines),
            *([f"  日期：{one.pair.date}"] if one.pair.date else []),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
