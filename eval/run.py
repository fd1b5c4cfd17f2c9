"""Puts the questions of a set to systems and keeps every outcome the moment it is there.

`results.jsonl` in the output folder begins with a line that says of what it is, then has one
outcome a line: what was asked is not asked again when a run is taken up. Judging is
eval/judge.py's, telling eval/summary.py's and eval/report.py's business.
"""

import json
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from tqdm import tqdm

from eval.cases import Case, File, QuestionSet, SetError
from eval.judge import Outcome, judge
from eval.systems import System, Youju

RESULTS = "results.jsonl"
# At these shares of the haystack a few questions are timed.
_SIZES = (0.0, 0.125, 0.25, 0.5, 1.0)
_TIMED = 25

_OUTCOME = TypeAdapter(Outcome)


@dataclass(frozen=True, slots=True)
class Growth:
    """How long a question takes over a library of so many chunks: median and 95th percentile."""

    chunks: int
    p50_ms: float
    p95_ms: float


class Results:
    """The outcomes of a run, on disk."""

    def __init__(self, folder: Path, questions: QuestionSet, *, resume: bool) -> None:
        """Begin anew, or go on with what is there; SetError if that is of something else."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / RESULTS
        about = {"set": questions.name, "digest": questions.digest}
        self.outcomes: list[Outcome] = []
        if resume and self._path.exists():
            self.outcomes = list(self._read(about))
        lines = [json.dumps(about), *(_OUTCOME.dump_json(o).decode() for o in self.outcomes)]
        self._path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def add(self, outcome: Outcome) -> None:
        """Keep one more."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_OUTCOME.dump_json(outcome).decode() + "\n")
        self.outcomes.append(outcome)

    def _read(self, about: Mapping[str, str]) -> Iterator[Outcome]:
        first, *lines = self._path.read_text(encoding="utf-8").splitlines()
        if json.loads(first) != about:
            raise SetError(
                f"{self._path} 是另一套题或另一版本的结果，不能接着做。请去掉 --resume，或换一个 --out。"
            )
        # A line cut short by a crash is asked again.
        for line in lines:
            with suppress(ValidationError):
                yield _OUTCOME.validate_json(line)


def ask_all(
    system: System, cases: Sequence[Case], keys: Mapping[str, str], results: Results
) -> None:
    """Put every question to a system that was not put to it yet, with a bar."""
    done = {(o.part, o.id) for o in results.outcomes if o.system == system.name}
    left = [case for case in cases if (case.part, case.id) not in done]
    for case in tqdm(left, desc=system.name, unit="题", disable=None):
        within = [keys[key] for key in case.within if key in keys] if case.within else None
        answer = system.ask(case.question, case.history, within)
        results.add(judge(system, case, answer, keys))


def grow(youju: Youju, haystack: Sequence[File], cases: Sequence[Case]) -> list[Growth]:
    """Take in the haystack in steps and time some questions at each size of the library."""
    asked = [case.question for case in cases if not case.within][:_TIMED]
    found = []
    done = 0
    for share in _SIZES if haystack else ():
        upto = round(share * len(haystack))
        youju.add(tqdm(haystack[done:upto], desc="收录陪衬文档", unit="篇", disable=None))
        done = upto
        taken = sorted(_milliseconds(youju, question) for question in asked)
        if taken:
            p95 = taken[min(len(taken) - 1, int(0.95 * len(taken)))]
            found.append(Growth(youju.chunks(), statistics.median(taken), p95))
    return found


def _milliseconds(youju: Youju, question: str) -> float:
    started = time.perf_counter()
    youju.ask(question, (), None)
    return 1000 * (time.perf_counter() - started)
