"""A run against an earlier one, question by question; and against what it has to reach.

Earlier runs are read from their `report.json`. A gate is a TOML file: a table for each part of the
set (`all` is the whole), in it for each count or measure `most` or `least`:

    [basic]
    wrong = { most = 2 }
    [all]
    citation_exact = { least = 1.0 }
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.cases import SetError
from eval.curves import paired_test, sign_test
from eval.judge import Outcome
from eval.summary import counts, values


@dataclass(frozen=True, slots=True)
class Change:
    """A question that went otherwise than before."""

    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True)
class Comparison:
    """Questions of both runs: those that became right or wrong, or are answered otherwise.

    `p_right` is how likely so uneven a change of right and wrong is by chance (exact McNemar),
    `p_f1` the same of the mean of char_f1 (a test of random signs), with its difference `f1`.
    """

    questions: int
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    other: tuple[Change, ...]
    p_right: float
    f1: float
    p_f1: float


def compare(before: Sequence[Outcome], after: Sequence[Outcome]) -> Comparison:
    """Compare the outcomes of one system in two runs over the questions that both have."""
    earlier = {(o.part, o.id, o.question): o for o in before}
    pairs = [
        Change(earlier[key], o) for o in after if (key := (o.part, o.id, o.question)) in earlier
    ]
    better = tuple(p for p in pairs if p.after.right and p.before.right is False)
    worse = tuple(p for p in pairs if p.before.right and p.after.right is False)
    other = tuple(
        p for p in pairs if p.before.right == p.after.right and p.before.short != p.after.short
    )
    scored = [
        (p.before.measures["char_f1"], p.after.measures["char_f1"])
        for p in pairs
        if "char_f1" in p.before.measures and "char_f1" in p.after.measures
    ]
    firsts, seconds = [one for one, _ in scored], [two for _, two in scored]
    return Comparison(
        questions=len(pairs),
        better=better,
        worse=worse,
        other=other,
        p_right=sign_test(len(better), len(worse)),
        f1=(sum(seconds) - sum(firsts)) / len(scored) if scored else 0.0,
        p_f1=paired_test(firsts, seconds) if scored else 1.0,
    )


def missed(gate: Path, outcomes: Sequence[Outcome]) -> list[str]:
    """What of a gate the outcomes of one system do not reach, one line each."""
    missing = []
    for part, limits in _limits(gate).items():
        of_part = [o for o in outcomes if part in ("all", o.part)]
        if not of_part:
            raise SetError(f"{gate}：[{part}]：没有问过这一部分的问题。")
        known = counts(of_part) | {
            name: float(np.mean(found)) for name, found in values(of_part).items()
        }
        for name, limit in limits.items():
            if name not in known:
                raise SetError(
                    f"{gate}：[{part}] {name}：没有这个指标。可用的有：{', '.join(known)}。"
                )
            value = known[name]
            least, most = limit.get("least"), limit.get("most")
            if least is not None and value < least:
                missing.append(f"[{part}] {name} = {value:.4g}，不得低于 {least}")
            if most is not None and value > most:
                missing.append(f"[{part}] {name} = {value:.4g}，不得高于 {most}")
    return missing


def _limits(gate: Path) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    try:
        limits = tomllib.loads(gate.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SetError(f"{gate}：读不了：{error}") from error
    for part, table in limits.items():
        for name, limit in table.items() if isinstance(table, dict) else [("", table)]:
            if not isinstance(limit, dict) or not limit or set(limit) - {"least", "most"}:
                raise SetError(
                    f"{gate}：[{part}] {name}：应写作 {{ least = 数 }} 或 {{ most = 数 }}。"
                )
    return limits
