"""What many questions tell together: means with intervals, ranking of right over wrong, pairs of runs.

Pure, and seeded where chance comes in: the same numbers give the same numbers.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_RESAMPLES = 2_000
_SEED = 20_180


def interval(values: Sequence[float], level: float = 0.95) -> tuple[float, float, float]:
    """The mean and its percentile bootstrap interval (Efron and Tibshirani 1993, chapter 13).

    >>> interval([1.0, 1.0, 1.0])
    (1.0, 1.0, 1.0)
    """
    numbers = np.asarray(values, dtype=np.float64)
    dice = np.random.default_rng(_SEED)
    drawn = dice.integers(len(numbers), size=(_RESAMPLES, len(numbers)), dtype=np.int32)
    means = numbers[drawn].mean(axis=1)
    tail = (1 - level) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(numbers.mean()), float(low), float(high)


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """The chance that a positive has a higher score than a negative; ties count half.

    >>> auroc([0.9, 0.4, 0.5], [True, False, True])
    1.0
    """
    ranks = _ranks(np.asarray(scores, dtype=np.float64))
    marked = np.asarray(positive, dtype=bool)
    ones, others = int(marked.sum()), int((~marked).sum())
    if not ones or not others:
        return float("nan")
    return float((ranks[marked].sum() - ones * (ones + 1) / 2) / (ones * others))


def _ranks(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1, equal scores sharing the mean of theirs."""
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    shared: NDArray[np.float64] = last - (counts - 1) / 2
    return shared[place]


def risk_at_coverage(
    scores: Sequence[float], right: Sequence[float], coverages: Sequence[float]
) -> list[float]:
    """The share of wrong answers among the most confident, at each share that is answered.

    >>> risk_at_coverage([0.9, 0.8, 0.1, 0.2], [1, 1, 0, 1], [0.5, 1.0])
    [0.0, 0.25]
    """
    order = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")
    wrong = 1.0 - np.asarray(right, dtype=np.float64)[order]
    risks = np.cumsum(wrong) / np.arange(1, len(wrong) + 1)
    return [float(risks[max(1, round(share * len(wrong))) - 1]) for share in coverages]


def area_under_risk(scores: Sequence[float], right: Sequence[float]) -> float:
    """The mean risk over all coverages (AURC; Geifman and El-Yaniv 2017); lower is better.

    >>> area_under_risk([0.9, 0.1], [1, 0])  # risk 0 at one half, 1/2 at all
    0.25
    """
    count = len(scores)
    return float(np.mean(risk_at_coverage(scores, right, [(n + 1) / count for n in range(count)])))


def sign_test(better: int, worse: int) -> float:
    """How likely so uneven a split of changed questions is by chance (exact McNemar, two-sided).

    >>> sign_test(5, 0)
    0.0625
    """
    changed = better + worse
    if not changed:
        return 1.0
    tail = sum(math.comb(changed, n) for n in range(min(better, worse) + 1)) * 0.5**changed
    return min(1.0, 2 * tail)


def paired_test(before: Sequence[float], after: Sequence[float]) -> float:
    """How likely so large a mean difference of pairs is by chance: 10,000 flips of their signs."""
    differences = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    dice = np.random.default_rng(_SEED)
    signs = dice.choice([-1.0, 1.0], size=(10_000, len(differences)))
    flipped = np.abs((signs * differences).mean(axis=1))
    as_large = int(np.sum(flipped >= abs(float(differences.mean())) - 1e-12))
    return (1 + as_large) / 10_001
