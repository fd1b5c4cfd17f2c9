"""The measures and curves, each against its formula or a slow, obvious or independent reference."""

import math
import random

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from eval.curves import (
    area_under_risk,
    auroc,
    interval,
    paired_test,
    risk_at_coverage,
    sign_test,
)
from eval.measures import (
    char_f1,
    exact_match,
    figure_match,
    ndcg_at,
    overlap,
    recall_at,
    reciprocal_rank,
    tokens,
)
from index.types import Span


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


def test_retrieval_measures_agree_with_ir_measures_on_random_runs() -> None:
    dice = random.Random(1)
    for _ in range(200):
        run = [f"d{n}" for n in range(dice.randrange(1, 15))]
        relevant = dice.sample([f"d{n}" for n in range(20)], dice.randrange(1, 6))
        ranks = [run.index(name) + 1 if name in run else None for name in relevant]
        told = ir_measures.calc_aggregate(
            [R @ 1, R @ 5, RR, nDCG @ 10],
            [Qrel("q", name, 1) for name in relevant],
            [ScoredDoc("q", name, -place) for place, name in enumerate(run)],
        )
        assert told[R @ 1] == pytest.approx(recall_at(ranks, 1))
        assert told[R @ 5] == pytest.approx(recall_at(ranks, 5))
        assert told[RR] == pytest.approx(reciprocal_rank(ranks))
        assert told[nDCG @ 10] == pytest.approx(ndcg_at(ranks, 10))


def test_two_pieces_in_the_first_hit_are_the_best_there_is() -> None:
    assert ndcg_at([1, 1], 10) == 1
    assert ndcg_at([1, None], 10) == pytest.approx(1 / (1 + 1 / math.log2(3)))


@pytest.mark.parametrize(
    ("answer", "gold", "match"),
    [
        ("175.42亿元", ["17,542,000,000元"], 1.0),
        ("增长百分之七点五", ["7.5%"], 1.0),
        ("7.5个百分点", ["7.5%"], 0.0),
        ("24.6%", ["4.6%"], 0.0),
        ("5亿元和6亿元", ["5亿元"], 0.0),
        ("", ["5亿元"], 0.0),
        ("李明", ["李明"], None),
    ],
)
def test_figures_are_compared_by_value_and_unit(
    answer: str, gold: list[str], match: float | None
) -> None:
    assert figure_match(answer, gold) == match


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), max_size=6))
def test_overlap_counts_characters_once(pairs: list[tuple[int, int]]) -> None:
    spans = [Span(start, start + size) for start, size in pairs]
    covered = {place for span in spans for place in range(span.start, span.end)}
    assert overlap(spans, [Span(0, 50)]) == len(covered) == overlap([Span(0, 50)], spans)


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
    scores = [0.5, 0.4, 0.3, 0.2, 0.1]
    assert risk_at_coverage(scores, right, [0.2, 0.4, 1.0]) == [0, 0.5, 0.4]
    assert area_under_risk(scores, right) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 4 + 2 / 5) / 5)


def test_the_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    few, many = [0.0, 1.0] * 10, [0.0, 1.0] * 1000
    for values in (few, many):
        mean, low, high = interval(values)
        assert low <= mean == 0.5 <= high
    wide, narrow = interval(few), interval(many)
    # Of a share of one half the standard error is 1 / 2 / √n.
    assert wide[2] - wide[1] == pytest.approx(2 * 1.96 * 0.5 / math.sqrt(20), rel=0.15)
    assert narrow[2] - narrow[1] == pytest.approx(2 * 1.96 * 0.5 / math.sqrt(2000), rel=0.15)
    assert interval(few) == interval(few)


def test_a_change_of_few_questions_is_no_evidence() -> None:
    assert sign_test(3, 3) == 1
    assert sign_test(8, 0) == pytest.approx(2 / 2**8)
    assert sign_test(0, 8) == sign_test(8, 0)
    assert paired_test([0.0] * 20, [0.0] * 20) == 1
    assert paired_test([0.0] * 20, [1.0] * 20) < 0.001
