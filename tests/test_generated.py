"""What `train.generated` promises: sound spans, and near misses that are really not answered."""

import re
from collections import Counter

import pytest

from train.examples import Example
from train.generated import generated
from train.words import PLACES

FORBIDDEN = "钱塘 临湖 青屿 湖滨 杭州 沿江".split()
ANSWERABLE = (
    "level growth share target standard article project company meeting person venue rule event "
    "notion town which quotation speaker cause measure permission service contact toll deed whole "
    "holder"
).split()
NEAR = (
    "near-period near-place near-scope near-indicator near-aspect near-target near-actual near-name "
    "near-attribute near-class near-article near-speaker near-cause near-measure "
    "near-permission near-service near-contact near-toll near-role near-deed near-whole near-holder "
    "foreign"
).split()


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return generated(4000, 11)


def _of(examples: list[Example], kind: str) -> list[Example]:
    return [example for example in examples if example.kind == f"generated:{kind}"]


def test_answers_are_clean_pieces_of_their_passages(examples: list[Example]) -> None:
    for example in examples:
        assert 60 <= len(example.passage) <= 280
        assert not re.search(r"[<>{}\[\]]", example.question + example.heading + example.passage)
        if example.answer is not None:
            text = example.answer.of(example.passage)
            assert example.answer.end <= len(example.passage)
            assert text
            assert text == text.strip()
            assert text[-1] not in "，。；、"


def test_same_seed_gives_the_same_and_another_seed_others() -> None:
    assert generated(200, 3) == generated(200, 3)
    assert not {e.passage for e in generated(200, 3)} & {e.passage for e in generated(200, 4)}


def test_every_family_is_there_in_its_share(examples: list[Example]) -> None:
    kinds = Counter(example.kind for example in examples)
    assert set(kinds) == {f"generated:{kind}" for kind in [*ANSWERABLE, *NEAR]}
    answerable = sum(example.answer is not None for example in examples) / len(examples)
    assert 0.5 < answerable < 0.6
    assert 0.02 < kinds["generated:foreign"] / len(examples) < 0.08
    assert max(kinds.values()) < 0.15 * len(examples)


def test_answer_and_relevance_follow_from_the_kind(examples: list[Example]) -> None:
    for example in examples:
        kind = example.kind.removeprefix("generated:")
        assert (example.answer is None) == (kind in NEAR)
        assert example.relevant == (kind != "foreign")


def test_period_of_a_near_miss_stands_nowhere(examples: list[Example]) -> None:
    period = re.compile(
        r"20\d\d年(?:全年|度|第?[一四]季度|上半年|前三季度|前\d+个月|\d+[—至]?\d*月)?"
    )
    for example in _of(examples, "near-period"):
        asked = period.findall(example.question)
        assert len(asked) == 1
        assert asked[0] not in example.heading + example.passage


def test_place_of_a_near_miss_stands_nowhere(examples: list[Example]) -> None:
    for example in _of(examples, "near-place"):
        named = [place for place in PLACES if place in example.question]
        assert any(place not in example.heading + example.passage for place in named)


def test_growth_is_given_with_its_fall_and_level_with_its_unit(examples: list[Example]) -> None:
    for example in _of(examples, "growth"):
        assert example.answer is not None
        before = example.passage[: example.answer.start]
        assert example.answer.of(example.passage).endswith(("%", "个百分点"))
        if before.endswith(("下降", "减少", "回落")):
            assert "降" in example.question
    for example in _of(examples, "level"):
        assert example.answer is not None
        assert not example.answer.of(example.passage)[-1].isdigit()


def test_passages_differ_and_carry_no_forbidden_name(examples: list[Example]) -> None:
    assert len({example.passage for example in examples[:2000]}) >= 1900
    text = "".join(e.question + e.heading + e.passage for e in examples)
    assert [name for name in FORBIDDEN if name in text] == []
