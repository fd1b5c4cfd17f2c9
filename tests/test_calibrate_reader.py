"""The threshold follows from its rule, and the weights find what tells right from wrong."""

import random

import pytest

from index.types import Document, Span
from qa.confidence import confidence
from qa.read import Possible
from qa.types import Reading
from train.calibrate_reader import (
    WRONG,
    Case,
    Weighed,
    choose,
    fit,
    is_right,
    rightness_by_rule,
    weighed,
)

_DOCUMENT = Document("d", "d.txt", "年报", "甲区投资12亿元。")
_READING = Reading(_DOCUMENT, Span(0, 10), (Span(4, 8),), 0.0)


def _case(dice: random.Random, *, answerable: bool) -> Case:
    """Right answers have a higher margin; `noise` says nothing."""
    right = answerable and dice.random() < 0.9
    margin = dice.gauss(4 if right else -4, 2)
    features = {"margin": margin, "noise": dice.gauss(0, 1)}
    return Case(
        "figure",
        (Possible(_READING, 0, "amount", "figure", features),),
        (right,),
        answerable,
        not answerable,
    )


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    dice = random.Random(5)
    return [_case(dice, answerable=place % 2 == 0) for place in range(2_000)]


def test_the_weights_tell_right_from_wrong(cases: list[Case]) -> None:
    weights = fit(cases)
    assert weights["figure.margin"] > 1
    assert 0 <= weights["figure.noise"] < 0.5
    scored = [(confidence(weights, "figure", c.possible[0].features), c.right[0]) for c in cases]
    sure = [right for score, right in scored if score > 0.9]
    assert sum(sure) / len(sure) > 0.9


def test_at_the_threshold_no_more_near_misses_are_answered_than_the_rule_allows(
    cases: list[Case],
) -> None:
    weights = fit(cases[:1000])
    unseen = [weighed(weights, case) for case in cases[1000:]]
    threshold = choose(unseen)["figure"]
    near = [one.confidence for one in unseen if one.case.near_miss]
    assert sum(score >= threshold for score in near) <= WRONG * len(near)
    assert sum(score >= threshold - 0.05 for score in near) > WRONG * len(near) - 2


def test_a_question_without_any_possible_answer_has_no_confidence() -> None:
    case = Case("figure", (), (), False, True)
    assert weighed({"figure.bias": 5.0}, case) == Weighed(case, 0.0, False)


def test_what_stands_by_rule_alone_is_as_sure_as_it_is_right() -> None:
    features = {"margin": -1.0, "unfit": 0.0, "other_period": 0.0}
    ruled = Possible(_READING, 0, "amount", "figure", features, ruled=0.9)
    spans = Possible(_READING, 0, "amount", "figure", features | {"margin": 0.0})
    weights = {"figure.margin": 1.0}
    seen = [
        weighed(weights, Case("figure", (spans, ruled), (False, right), True, False))
        for right in (True, True, True, False)
    ]
    assert [one.stood for one in seen] == [True, True, True, False]
    assert weighed(weights, Case("figure", (spans,), (True,), True, False)).stood is None
    # Three of four, with one right and one wrong beside them.
    thresholds = {"figure": 0.9, "open": 0.9}
    assert rightness_by_rule(seen, thresholds) == {"figure": round(4 / 6, 4), "open": 0.5}
    # What the network is sure of is not shown by rule.
    assert rightness_by_rule(seen, {"figure": 0.4}) == {"figure": 0.5}


def test_a_piece_of_a_long_answer_is_right_of_statements_alone() -> None:
    said = Possible(_READING, 0, "statement", "open", {})
    figure = Possible(_READING, 0, "amount", "figure", {})
    assert is_right(said, ["投资12亿元建一座桥"])
    assert not is_right(figure, ["投资12亿元建一座桥"])
    assert is_right(figure, ["约12亿元"])
    assert not is_right(
        said, ["在两年中先后投资12亿元建一座桥、三条路和一座可以停八百辆车的停车楼"]
    )
    assert not is_right(said, [])
