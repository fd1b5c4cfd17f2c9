"""The weights are those under which the figures of right sentences are likeliest."""

import numpy as np
import pytest

from eval.verify import Pair
from qa.aligned import FEATURES
from train import fit_aligner
from train.fit_aligner import Choice, fit

_PAIR = Pair("x", "甲三家。", "甲三家，乙五家。", True, "reworded")
_TOLD, _BARE = FEATURES.index("told"), FEATURES.index("bare")


def _choice(told: float, rival: float) -> Choice:
    rows = np.zeros((2, len(FEATURES)))
    rows[:, _TOLD] = told, rival
    return Choice(_PAIR, 1, rows)


def test_what_speaks_for_the_right_figure_gets_a_weight_and_what_never_differs_none() -> None:
    weights = fit([_choice(1.0, 0.0), _choice(0.9, 0.2), _choice(0.4, 0.3)])
    assert weights[_TOLD] > 0.5
    assert weights[_BARE] == pytest.approx(0.0, abs=1e-6)
    assert _choice(1.0, 0.0).margin(weights) == pytest.approx(weights[_TOLD])
    assert _choice(0.0, 1.0).margin(weights) == pytest.approx(-weights[_TOLD])


def test_a_figure_without_rivals_is_no_case(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = Pair("x", "甲厂有职工30人。", "甲厂有职工30人，占地5亩。", True, "same")
    both = Pair("y", "甲厂有职工30人。", "甲厂有职工30人，乙厂有职工50人。", True, "same")
    monkeypatch.setattr(fit_aligner, "HALVES", ("built",))
    monkeypatch.setattr(fit_aligner, "read_pairs", lambda path: [alone, both])
    found = list(fit_aligner.choices())
    assert [(one.pair.id, one.fitting, one.rows.shape) for one in found] == [
        ("y", 1, (2, len(FEATURES)))
    ]
