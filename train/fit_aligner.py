"""Fits the weights by which a figure is told from others like it: `python -m train.fit_aligner`.

Of the pairs that may be read (eval/verify.py), each figure of a right sentence that has rivals in its
evidence is one case: a conditional logistic regression over the features of qa/aligned.py makes the
figure that it is the likeliest. `--crossed` prints how many are put to a rival by weights that did not
see their evidence, and how many of the wrong sentences about whose figure it is.
"""

import argparse
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from eval.verify import COUNTED, FOLDER, HALVES, Pair, read_pairs
from qa.aligned import FEATURES, SHIPPED, features
from qa.verify import in_time, read_case, rivals_of, same_value

Floats = NDArray[np.float64]

# What is wrong where a figure is put to another thing.
OF_SUBJECTS = frozenset("subject mixed part place ratio".split())
MARGINS = (0.5, 1.0, 1.5, 2.0, 3.0)
_SHRINK, _FOLDS = 0.5, 5


@dataclass(frozen=True, slots=True)
class Choice:
    """A figure of a sentence: the features of the figures it may be, those of its value first."""

    pair: Pair
    fitting: int
    rows: Floats

    def margin(self, weights: Floats) -> float:
        """By how much it is one of its value, in log odds."""
        scores = self.rows @ weights
        return float(scores[: self.fitting].max() - scores[self.fitting :].max())


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, print, and write what was fitted."""
    parser = argparse.ArgumentParser(prog="python -m train.fit_aligner")
    parser.add_argument("--crossed", action="store_true", help="print, and write nothing")
    options = parser.parse_args(arguments)
    found = list(choices())
    right = [one for one in found if one.pair.supported]
    if options.crossed:
        print(_crossed(found))
        return
    weights = dict(zip(FEATURES, (round(float(one), 3) for one in fit(right)), strict=True))
    told = {"name": "youju/aligner-zh", "figures": len(right), "weights": weights}
    SHIPPED.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(weights))


def choices() -> Iterator[Choice]:
    """Every figure with rivals of the pairs that may be read."""
    for half in HALVES:
        if half not in COUNTED:
            for pair in read_pairs(FOLDER / f"{half}.jsonl"):
                yield from _choices(pair)


def _choices(pair: Pair) -> Iterator[Choice]:
    case = read_case(pair.sentence, pair.evidence, date=pair.date)
    theirs = case.theirs
    for mine in case.mine:
        fitting = [one for one in theirs if same_value(mine.quantity, one.quantity)]
        rivals = {
            id(rival): rival for one in fitting for rival in rivals_of(mine, one, theirs)
        }.values()
        if rivals:
            rows = features(mine, (*fitting, *rivals), in_time(mine, case.setting))
            yield Choice(pair, len(fitting), np.array(rows))


def fit(cases: Sequence[Choice]) -> Floats:
    """The weights under which the figures that are right are likeliest."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = _SHRINK * float(weights @ weights), 2 * _SHRINK * weights
        for case in cases:
            scores = case.rows @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            own = chances.copy()
            own[case.fitting :] = 0.0
            total -= math.log(own.sum())
            slope = slope + case.rows.T @ (chances - own / own.sum())
        return total, slope

    found: Floats = minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B").x
    return found


def _crossed(found: Sequence[Choice]) -> str:
    """How many figures are put to a rival, by weights that saw nothing of their evidence."""
    texts = sorted({str(one.pair.evidence) for one in found})
    part = {text: number % _FOLDS for number, text in enumerate(texts)}
    right, wrong = list[float](), list[float]()
    for fold in range(_FOLDS):
        seen = [one for one in found if part[str(one.pair.evidence)] != fold]
        weights = fit([one for one in seen if one.pair.supported])
        for one in found:
            if part[str(one.pair.evidence)] == fold:
                if one.pair.supported:
                    right.append(one.margin(weights))
                elif one.pair.why in OF_SUBJECTS:
                    wrong.append(one.margin(weights))
    lines = [f"margin  right of {len(right):4}  wrong of {len(wrong):4}"]
    lines += [f"{most:6}  {_below(right, most):13}  {_below(wrong, most):13}" for most in MARGINS]
    return "\n".join(lines)


def _below(margins: Iterable[float], most: float) -> int:
    return sum(margin < -most for margin in margins)


if __name__ == "__main__":
    main()
