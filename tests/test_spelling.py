"""Slips of the input method: what is mended, and what is left as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import Archive
from qa.assistant import Assistant
from qa.spelling import respelled
from tests.conftest import RuleReader

_PASSAGES = (
    "2023年苇河区完成工业投资12.5亿元，同比增长8.1%，新增规上企业31家。",
    "图书馆周一闭馆，客户端可以预约座位；联系人陆青，电话0900-1234。",
    "智慧停车平台接入车位2.6万个，覆盖12个街道。",
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2023年苇河区工业头资多少", "2023年苇河区工业投资多少"),
        ("2023年苇河区工业投资曾长多少", "2023年苇河区工业投资增长多少"),
        ("新增规上企页多少家", "新增规上企业多少家"),
        ("客护端能预约吗", "客户端能预约吗"),
        ("智惠停车平台接如了多少车位", "智慧停车平台接入了多少车位"),
    ],
)
def test_a_word_that_sounds_like_one_of_the_passages_is_mended(written: str, meant: str) -> None:
    assert respelled(written, _PASSAGES) == meant


@pytest.mark.parametrize(
    "question",
    [
        "2023年苇河区工业投资增长多少",
        "2022年苇河区工业投资多少",
        "伟河区工业投资增长多少",
        "路青的电话是多少",
        "工业投资同比减少了多少",
        "街道有什么活动",
        "车位是不是够用",
        "图书馆未开放吗",
        "世界前20的企业有几家在这里",
        "",
        "？",
        "What is the phone number",
    ],
)
def test_words_names_and_figures_are_left_alone(question: str) -> None:
    assert respelled(question, _PASSAGES) == question


def test_a_number_is_no_slip() -> None:
    assert respelled("一院核定床位多少", ["医院核定床位860张。"]) == "一院核定床位多少"


@given(st.text(max_size=40), st.lists(st.text(max_size=60), max_size=3))
def test_a_mended_question_is_as_long_and_has_the_same_figures(
    question: str, passages: list[str]
) -> None:
    meant = respelled(question, passages)
    assert len(meant) == len(question)
    assert all(
        a == b or (a > "\u4dff" and b > "\u4dff") for a, b in zip(meant, question, strict=True)
    )


@given(st.sampled_from(_PASSAGES), st.integers(0, 30), st.integers(0, 30))
def test_what_stands_in_the_passages_is_no_slip(passage: str, start: int, length: int) -> None:
    part = passage[start : start + length]
    assert respelled(part, _PASSAGES) == part


@pytest.fixture
def assistant(archive: Archive) -> Assistant:
    for number, text in enumerate(_PASSAGES):
        archive.add(str(number), f"{number}.txt", text.encode())
    return Assistant(archive, RuleReader())


def test_a_slip_is_answered_and_the_answer_shows_what_was_understood(assistant: Assistant) -> None:
    answer = assistant.ask("2023年苇河区工业投资曾长多少")
    assert answer.short == "8.1%"
    assert answer.question == "2023年苇河区工业投资增长多少"


def test_a_slip_in_one_part_of_a_question_shows_too(assistant: Assistant) -> None:
    answer = assistant.ask("2023年苇河区工业头资多少？新增规上企业多少家？")
    assert not answer.refused
    assert "工业投资" in answer.question
    assert "头资" not in answer.question


def test_another_district_stays_refused(assistant: Assistant) -> None:
    assert assistant.ask("2023年伟河区工业投资曾长多少").refused
