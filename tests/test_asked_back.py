"""Each figure of a sentence asked back: the network may only doubt, and only where figures compete."""

import pytest

from index.reading import ReadingModel
from qa.asked_back import AskedBack
from qa.verify import verify

_PRICES = "苇渡冷库九月出库价：带鱼每公斤26元，鲳鱼每公斤41元。全库存放海产品380吨。"


def _unread() -> ReadingModel:
    raise AssertionError("the network was loaded")


@pytest.mark.parametrize(
    "sentence", ["苇渡冷库存放海产品380吨。", "鲳鱼价格上涨。", "带鱼每公斤27元。"]
)
def test_where_no_other_figure_competes_the_network_is_not_asked(sentence: str) -> None:
    assert AskedBack(_unread)(sentence, _PRICES) == 1.0


def test_it_doubts_a_right_figure_of_a_wrong_thing_and_nothing_else() -> None:
    score = AskedBack(ReadingModel)
    assert score("鲳鱼每公斤26元。", _PRICES) == 0.0
    assert score("带鱼每公斤26元。", _PRICES) == 1.0
    assert verify("带鱼每公斤26元。", _PRICES, score=score).supported


def test_what_fails_by_rule_is_not_asked_back() -> None:
    assert not verify("带鱼每公斤27元。", _PRICES, score=lambda sentence, text: 1 / 0).supported
