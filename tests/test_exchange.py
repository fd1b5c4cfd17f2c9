"""One thing of a question exchanged for another that is not stated."""

import random

import pytest

from index.types import Span
from train.exchange import Exchange, shared_name
from train.questions import GoldQuestion

_CONTEXT = "2019年，滨江区图书馆的最大阅览室有120个座位，出口商品占三成。"


def _asked(question: str, title: str = "") -> GoldQuestion:
    return GoldQuestion(question, "c", title, _CONTEXT, question, (Span(0, 5),))


_OTHERS = [
    GoldQuestion(
        str(n), f"o{n}", f"{name}博物馆", f"{name}博物馆。", f"{name}博物馆在哪？", (Span(0, 2),)
    )
    for n, name in enumerate(("东湖", "西岭", "南坪", "北川", "中原"))
]


def _exchanged(question: str, title: str = "", rounds: int = 40) -> set[str]:
    asked = _asked(question, title)
    exchange = Exchange([asked, *_OTHERS])
    dice = random.Random(1)
    return {exchange.question(asked, _CONTEXT, dice) for _ in range(rounds)}


@pytest.mark.parametrize(
    ("question", "gone", "kept"),
    [
        ("2019年有几个座位", "2019", "几个座位"),
        ("最大的阅览室在哪", "最大", "阅览室在哪"),
        ("有120个座位的是什么", "120", "个座位的是什么"),
    ],
)
def test_what_the_passage_states_is_exchanged(question: str, gone: str, kept: str) -> None:
    found = {text for text in _exchanged(question) if text}
    assert found
    assert all(text != question for text in found)
    assert any(gone not in text and kept in text for text in found)


def test_what_the_passage_does_not_state_stays() -> None:
    assert all("2020" in text for text in _exchanged("2020年有几个座位") if text)


def test_a_name_gives_way_to_another() -> None:
    found = _exchanged("滨江区图书馆有几个座位", "滨江区图书馆")
    assert any("博物馆有几个座位" in text for text in found)


@pytest.mark.parametrize(
    ("question", "title", "name"),
    [
        ("滨江区图书馆有几层", "滨江区图书馆", "滨江区图书馆"),
        ("《滨江志》讲了什么", "", "滨江志"),
        ("最大阅览室有多少座位", "", "最大阅览室有"),
        ("谁", "", ""),
    ],
)
def test_what_a_question_is_about(question: str, title: str, name: str) -> None:
    assert shared_name(_asked(question, title)) == name
