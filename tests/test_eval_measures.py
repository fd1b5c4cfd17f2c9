"""The measures, each against its formula or a slow, obvious reference."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.measures import auroc, char_f1, exact_match, risk_at_coverage, tokens


@pytest.mark.parametrize(
    ("answer", "gold", "f1"),
    [
        ("71.4%", ["71.4％"], 1.0),
        ("增长71.4%", ["71.4%"], 2 * (1 / 3) * 1 / (1 / 3 + 1)),
        ("《GDP》", ["gdp"], 1.0),
        ("周敏局长", ["周敏"], 2 * 0.5 * 1 / (0.5 + 1)),
        ("甲乙丙丁", ["甲丙", "乙丙丁"], 2 * (3 / 4) * 1 / (3 / 4 + 1)),
        ("", ["甲"], 0.0),
    ],
)
def test_character_f1(answer: str, gold: list[str], f1: float) -> None:
    assert char_f1(answer, gold) == pytest.approx(f1)


def test_exact_match_forgives_punctuation_only() -> None:
    assert exact_match("“一核两翼”。", ["一核两翼"]) == 1
    assert exact_match("一核两翼布局", ["一核两翼"]) == 0


@given(st.text(), st.text())
def test_f1_is_symmetric_and_one_for_equals(one: str, other: str) -> None:
    assert char_f1(one, [other]) == pytest.approx(char_f1(other, [one]))
    assert 0 <= char_f1(one, [other]) <= 1
    if tokens(one):
        assert char_f1(one, [one]) == 1


def test_auroc_counts_pairs() -> None:
    dice = random.Random(1)
    scores = [dice.randrange(8) / 8 for _ in range(60)]
    marks = [dice.random() < 0.4 for _ in scores]
    pairs = [
        (a > b) + (a == b) / 2
        for a, is_a in zip(scores, marks, strict=True)
        if is_a
        for b, is_b in zip(scores, marks, strict=True)
        if not is_b
    ]
    assert auroc(scores, marks) == pytest.approx(sum(pairs) / len(pairs))


def test_risk_at_full_coverage_is_the_share_of_wrong_answers() -> None:
    right = [1.0, 0.0, 1.0, 1.0, 0.0]
    assert risk_at_coverage([0.5, 0.4, 0.3, 0.2, 0.1], right, [0.2, 0.4, 1.0]) == [0, 0.5, 0.4]
