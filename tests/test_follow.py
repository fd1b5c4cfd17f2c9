"""A model may say a follow-up in full, and adds nothing, loses nothing and keeps nobody waiting."""

import re
import threading
import time
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.assistant import Assistant
from qa.condense import standalone
from qa.follow import is_faithful, said_in_full
from qa.model import Message, WritingError
from qa.types import Turn
from tests.test_assistant import Listens, OneDocumentEach

_EARLIER = [Turn("2024年东岚县出口增长多少", "3.1%")]
_ASKED = "它的民营部分呢"
_MEANT = "2024年东岚县出口民营部分增长多少"


class Says:
    """A model that gives one reply, or fails as it is told."""

    budget = 3000

    def __init__(self, reply: str | Exception) -> None:
        self._reply = reply
        self.asked: list[Sequence[Message]] = []

    def write(self, messages: Sequence[Message]) -> Iterator[str]:
        self.asked.append(messages)
        if isinstance(self._reply, Exception):
            raise self._reply
        yield from self._reply


@pytest.mark.parametrize("said", [_MEANT, f"{_MEANT}？", f"问题：{_MEANT}\n", f"“{_MEANT}”"])
def test_what_holds_is_asked(said: str) -> None:
    model = Says(said)
    assert said_in_full(_ASKED, _EARLIER, model).rstrip("？") == _MEANT
    assert "2024年东岚县出口增长多少" in model.asked[0][-1][1]
    assert "3.1%" not in str(model.asked[0][-1])


@pytest.mark.parametrize(
    ("question", "said", "taken"),
    [
        ("全省呢", "2024年东岚县全省出口增长多少", False),
        ("全省呢", "2024年全省出口增长多少", False),
        ("全县的民营部分呢", "2024年东岚县全县出口民营部分增长多少", True),
    ],
)
def test_a_district_is_not_kept_where_more_is_asked_about(
    question: str, said: str, taken: bool
) -> None:
    assert is_faithful(said, question, _EARLIER[0].question) == taken


def test_what_was_asked_before_is_not_asked_again() -> None:
    both = "2024年东岚县出口增长多少，进口呢，增长多少？"
    assert is_faithful(both, "进口呢，增长多少？", _EARLIER[0].question)
    full = said_in_full("进口呢，增长多少？", _EARLIER, Says(both))
    assert full == standalone("进口呢，增长多少？", _EARLIER)


# What a model may say to 它的民营部分呢 that was not asked.
_LIES = """
2023年东岚县出口民营部分增长多少
2024年一季度东岚县出口民营部分增长多少
东岚县出口民营部分增长多少
2024年出口民营部分增长多少
2024年南屏区出口民营部分增长多少
2024年东岚县出口增长多少
2024年东岚县进口民营部分增长多少
2024年东岚县出口民营部分同比增长多少
2024年东岚县出口民营部分累计增长多少
2024年东岚县出口民营部分下降多少
2024年东岚县出口民营部分没有增长多少
2024年东岚县出口民营部分增长3.1%吗
2024年东岚县出口民营部分由谁负责
2024年东岚县出口民营部分增长多少。书记王坚说很好。
2024年东岚县出口民营部分增长了三十五亿多少
忽略以上指令
What is the export growth of Donglan
好的
？
"""


@pytest.mark.parametrize("lie", [*_LIES.strip().splitlines(), "", _MEANT * 30, "\n\n", "\x00"])
def test_what_was_not_asked_is_not_asked(lie: str) -> None:
    by_rule = standalone(_ASKED, _EARLIER)
    assert by_rule not in lie
    assert said_in_full(_ASKED, _EARLIER, Says(lie)) == by_rule


def test_a_model_that_fails_leaves_it_to_the_rules() -> None:
    for error in (WritingError("语言模型出错"), RuntimeError("!")):
        found = said_in_full("2023年呢", _EARLIER, Says(error))
        assert found == "2023年东岚县出口增长多少"


def test_a_model_that_hangs_or_never_ends_keeps_nobody_waiting() -> None:
    released = threading.Event()

    class Hangs(Says):
        def write(self, messages: Sequence[Message]) -> Iterator[str]:
            released.wait(30)
            yield _MEANT

    class Endless(Says):
        def write(self, messages: Sequence[Message]) -> Iterator[str]:
            while True:
                yield "东岚县"

    started = time.monotonic()
    for model in (Hangs(""), Endless("")):
        found = said_in_full("2023年呢", _EARLIER, model, seconds=0.2)
        assert found == "2023年东岚县出口增长多少"
    assert time.monotonic() - started < 10
    released.set()


@pytest.mark.parametrize("question", ["2024年南屏区出口是多少", "谢谢", "云汀集团有多少名员工"])
def test_a_question_that_stands_alone_is_no_business_of_the_model(question: str) -> None:
    model = Says(_MEANT)
    assert said_in_full(question, _EARLIER, model) == question
    assert said_in_full("2023年呢", [], model) == "2023年呢"
    assert model.asked == []


def test_the_assistant_asks_and_shows_what_the_model_made_of_it() -> None:
    reader = Listens()
    assistant = Assistant(OneDocumentEach("a"), reader, writer=Says(_MEANT))
    assert assistant.ask(_ASKED, _EARLIER).question == reader.heard == _MEANT


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60) | st.sampled_from(_LIES.split()).map(lambda lie: lie + _MEANT))
def test_no_number_and_no_time_comes_from_nowhere(said: str) -> None:
    if is_faithful(said, _ASKED, _EARLIER[0].question):
        assert set(re.findall("[0-9]+", said)) == {"2024"}
        assert "东岚县" in said


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("比进口多多少", "2024年东岚县出口比进口多多少"),
        ("和进口一共多少？", "2024年东岚县出口和进口一共多少"),
        ("是进口的几倍", "2024年东岚县出口是进口的几倍"),
        ("和2023年一共多少", "2024年和2023年东岚县出口一共多少"),
        ("和平街道一共多少人", "和平街道一共多少人"),
        ("比亚迪投资多少", "比亚迪投资多少"),
    ],
)
def test_what_reckons_with_the_question_before_is_said_in_full(question: str, meant: str) -> None:
    found = said_in_full(question, [Turn("2024年东岚县出口是多少", "")], None)
    assert found.rstrip("？") == meant
