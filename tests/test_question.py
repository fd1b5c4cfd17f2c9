"""What a question asks for and sets as conditions: periods, names, rates, and what is no word by itself."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.periods import last_period, period_of
from qa.question import understand


def _terms(question: str) -> list[str]:
    return [term.text for term in understand(question).terms if term.hard]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("前2个月", "前2个月"),
        ("前两个月", "前2个月"),
        ("前十个月", "前10个月"),
        ("1至十一月", "前11个月"),
        ("前十二个月", "全年"),
        ("一到九月份", "前三季度"),
        ("前两三个月", ""),
        ("前二十个月", ""),
    ],
)
def test_the_first_months_of_a_year_have_one_writing(text: str, part: str) -> None:
    assert period_of(text).part == part


@given(st.text("前第上下半年一二两三四十0129月个份季度至到-去今全，。", max_size=12))
def test_no_text_is_too_odd_for_a_period(text: str) -> None:
    period_of(text)
    last_period(text)


def test_a_period_is_no_count_of_months_besides() -> None:
    assert _terms("2024年前2个月工业投资增长多少") == ["工业", "投资"]
    assert "2个月" in _terms("逾期2个月罚多少")


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("余某在哪里被抓", "余某"),
        ("朱某某什么时候退休", "朱某某"),
        ("彭某住在哪里", "彭某"),
        ("桐谷瑠衣今年几岁", "桐谷瑠衣"),
    ],
)
def test_who_is_not_named_in_full_or_by_no_known_name_is_a_condition(
    question: str, name: str
) -> None:
    assert name in _terms(question)


def test_a_rate_of_exchange_is_no_unit_and_has_two_names() -> None:
    (rate, *_) = understand("欧元兑日元最低跌到多少").terms
    assert rate.text == "欧元兑日元"
    assert "日元/欧元" in rate.variants
    assert "美元兑日元" not in rate.variants


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("2022年浈南新区投资多少", "浈南"),
        ("东安湖体育公园面积", "东安湖"),
        ("苇湖区人口多少", "苇湖区"),
    ],
)
def test_a_place_that_the_cutter_parts_is_whole(question: str, place: str) -> None:
    assert place in _terms(question)


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        # Whether or not: 不停 is no condition.
        ("3号楼停不停电", ["3号楼", "停电"]),
        ("贷款要不要抵押物", ["贷款", "抵押物"]),
        ("办证有没有手续费", ["办证", "手续费"]),
        # What is asked parts what stands beside it.
        ("地砖一平方米多少钱", ["地砖"]),
        ("泳池多少钱一小时", ["泳池", "小时"]),
        ("人才能拿多少补贴", ["人才", "补贴"]),
        ("缴费几个月才能报销", ["缴费", "报销"]),
        ("充电怎么收费", ["充电"]),
        ("游客越来越少主要因为什麽", ["游客"]),
        ("滨河区人社局局长是谁", ["滨河", "人社局", "局长"]),
        ("市住建局副局长是谁", ["住建局", "副局长"]),
    ],
)
def test_the_words_of_asking_are_no_conditions(question: str, terms: list[str]) -> None:
    assert _terms(question) == terms


def test_what_is_asked_of_more_than_eighty_holds_from_eighty() -> None:
    (age, *_) = understand("80多岁的老人一餐多少钱").terms
    assert age.variants == ("80多岁", "80岁")


@pytest.mark.parametrize(
    "courtesy",
    [
        "你好，",
        "您好！请问",
        "麻烦问一下，",
        "帮我查查",
        "我想知道",
        "想问下",
        "请问一下，",
        "麻烦您告诉我",
    ],
)
def test_what_is_said_out_of_courtesy_sets_no_condition(courtesy: str) -> None:
    asked = understand(f"{courtesy}滨河区出口总额是多少")
    assert replace(asked, text="") == replace(understand("滨河区出口总额是多少"), text="")


def test_a_question_for_a_reason_asks_for_no_rate() -> None:
    assert understand("出口订单为什么减少").ask == "statement"
    assert understand("出口订单减少了多少").ask == "growth"
