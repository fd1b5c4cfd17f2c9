"""Many outcomes told as figures: what a report shows, what a gate checks, what runs are compared by.

Every measure is taken a question first and then as a mean with a bootstrap interval (eval/curves.py);
eval/README.md says what each means. The summary is made of values of JSON alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from eval.curves import area_under_risk, auroc, interval, risk_at_coverage
from eval.judge import Loss, Outcome

# Measures that an outcome carries, in the order of the report.
CARRIED = (
    "recall_at_1 recall_at_5 reciprocal_rank ndcg_at_10 exact_match char_f1 figure_accuracy "
    "citation_precision citation_recall citation_exact tokens"
).split()
# And those that are told of it here: of which questions, and what counts.
_TOLD: Mapping[str, tuple[Callable[[Outcome], bool], Callable[[Outcome], bool]]] = {
    "accuracy": (lambda o: o.right is not None, lambda o: bool(o.right)),
    "answered_rightly": (
        lambda o: o.right is not None and not o.refused,
        lambda o: bool(o.right),
    ),
    "refusal_precision": (lambda o: o.refused, lambda o: not o.answerable),
    "refusal_recall": (lambda o: not o.answerable, lambda o: o.refused),
    "wrongly_refused": (lambda o: o.answerable, lambda o: o.refused),
}
MEASURES = ("accuracy", "answered_rightly", *CARRIED, *list(_TOLD)[2:])
LOST = tuple(filter(None, get_args(Loss)))
COVERAGES = tuple(n / 20 for n in range(1, 21))


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with its 95 % bootstrap interval, over n questions."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Latency:
    """Of one stage, in milliseconds."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What the outcomes of one system come to.

    `counts` are questions: all, right, lost by stage, and figures shown without ground. `auroc` is
    of confidence, telling answerable questions from others; `curve` the risk at `COVERAGES` and
    `risk_area` its area; None where there is nothing to rank. `kinds` are the accuracies by kind,
    `parts` the counts by part of the set.
    """

    counts: Mapping[str, int]
    measures: Mapping[str, Mean]
    auroc: float | None
    curve: tuple[float, ...] | None
    risk_area: float | None
    latency: Mapping[str, Latency]
    kinds: Mapping[str, Mean]
    parts: Mapping[str, Mapping[str, int]]


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """The summary of the outcomes of one system."""
    judged = [o for o in outcomes if o.right is not None]
    ranked = [o.confidence for o in judged]
    right = [float(bool(o.right) and o.answerable) for o in judged]
    both = len({o.answerable for o in judged}) == 2
    return Summary(
        counts=counts(outcomes),
        measures={name: _mean(found) for name, found in values(outcomes).items()},
        auroc=auroc(ranked, [o.answerable for o in judged]) if both else None,
        curve=tuple(risk_at_coverage(ranked, right, COVERAGES)) if judged else None,
        risk_area=area_under_risk(ranked, right) if judged else None,
        latency=_latency(outcomes),
        kinds={
            kind: _mean([float(bool(o.right)) for o in judged if o.kind == kind])
            for kind in dict.fromkeys(o.kind for o in judged)
        },
        parts={
            part: counts([o for o in outcomes if o.part == part])
            for part in dict.fromkeys(o.part for o in outcomes)
        },
    )


def summarise_each(outcomes: Iterable[Outcome]) -> dict[str, Summary]:
    """The summary of each system, in the order in which they were run."""
    return {system: summarise(found) for system, found in by_system(outcomes).items()}


def counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How many questions there are, how many were right, how many lost at which stage."""
    return {
        "all": len(outcomes),
        "right": sum(o.right is True for o in outcomes),
        **{stage: sum(o.lost == stage for o in outcomes) for stage in LOST},
        "wrong": sum(o.right is False and o.answerable and not o.refused for o in outcomes),
        "refused": sum(o.right is False and o.refused for o in outcomes),
        "ungrounded_figures": sum(int(o.measures.get("ungrounded_figures", 0)) for o in outcomes),
        "inexact_citations": sum(o.measures.get("citation_exact", 1.0) < 1.0 for o in outcomes),
    }


def by_system(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """The outcomes of each system, in the order in which they were run."""
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.system, []).append(outcome)
    return found


def values(outcomes: Sequence[Outcome]) -> dict[str, list[float]]:
    """Of each measure what it was of the questions that have it; without those that none has."""
    # What only searches refuses nothing: no merit, and no fault.
    reads = any(o.right is not None for o in outcomes)
    found = {
        name: [o.measures[name] for o in outcomes if name in o.measures] for name in CARRIED
    } | {
        name: [float(counted(o)) for o in outcomes if reads and of(o)]
        for name, (of, counted) in _TOLD.items()
    }
    return {name: found[name] for name in MEASURES if found[name]}


def _mean(found: Sequence[float]) -> Mean:
    return Mean(*interval(found), len(found))


def _latency(outcomes: Sequence[Outcome]) -> dict[str, Latency]:
    stages = dict.fromkeys(stage for o in outcomes for stage in o.timings_ms)
    taken = {s: [o.timings_ms[s] for o in outcomes if s in o.timings_ms] for s in stages}
    return {
        stage: Latency(*(float(np.percentile(found, q)) for q in (50, 95)))
        for stage, found in taken.items()
    }
