"""Confidence is a logistic function of named features."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.confidence import confidence, limited

_NUMBERS = st.floats(-1e6, 1e6)


def test_it_is_the_logistic_of_the_weighed_sum() -> None:
    weights = {"date.bias": 0.5, "date.margin": 2.0, "date.rank": -1.0, "figure.margin": 9.0}
    assert confidence(
        weights, "date", {"margin": 1.5, "rank": 1.0, "unknown": 9.0}
    ) == pytest.approx(1 / (1 + math.exp(-(0.5 + 2.0 * 1.5 - 1.0))))


@given(st.dictionaries(st.sampled_from(["x.a", "x.b", "x.bias"]), _NUMBERS), _NUMBERS)
def test_it_is_always_a_probability(weights: dict[str, float], value: float) -> None:
    assert 0 < confidence(weights, "x", dict.fromkeys("ab", value)) < 1


@given(_NUMBERS)
def test_a_limited_score_keeps_its_sign(value: float) -> None:
    assert abs(limited(value)) <= 12
    assert limited(value) * value >= 0
