"""A sentence to its claims: whose each figure is, where, when, and how it is said of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.claims import (
    Claim,
    Setting,
    alike,
    claims,
    clauses,
    contrasting,
    is_denied,
    is_plan_only_here,
    is_plan_only_there,
    leaning,
    places,
    standing,
)


def _one(text: str, written: str) -> Claim:
    return next(claim for claim in claims(text) if claim.quantity.written == written)


def test_a_figure_belongs_to_the_words_before_it_and_a_count_also_to_those_after() -> None:
    assert _one("2023年云岭区工业投资12亿元。", "12亿元").subject == ("工业", "投资")
    assert "项目" in _one("云岭区签约63个项目。", "63个").subject


def test_a_clause_that_names_nothing_is_of_what_was_named_before() -> None:
    assert _one("工业投资12亿元，增长8%。", "8%").subject == ("工业", "投资")


def test_what_is_named_between_two_figures_is_what_the_second_is_of() -> None:
    text = "二手住宅价格下降5.9%；新建住宅价格持平，同比下降2.7%。"
    assert "二手" not in "".join(_one(text, "2.7%").subject)


def test_a_figure_may_take_the_beginning_of_its_name_from_the_one_before() -> None:
    text = "规模以上工业企业利润总额92亿元；营业收入2210亿元。"
    assert any(r.startswith("规模以上") for r in _one(text, "2210亿元").readings)


@pytest.mark.parametrize(
    ("text", "written", "change"),
    [
        ("工业投资同比增长8%。", "8%", "rise"),
        ("工业投资同比下降8%。", "8%", "fall"),
        ("自然增长率为-0.83‰。", "0.83‰", "fall"),
        ("覆盖率提高到63%。", "63%", ""),
        ("黄瓜比上周便宜了8毛。", "8毛", "fall"),
        ("基地由4个增加到11个。", "4个", ""),
        ("标准提高后为1268元。", "1268元", ""),
    ],
)
def test_a_rise_and_a_fall_are_told_from_a_level(text: str, written: str, change: str) -> None:
    assert _one(text, written).change == change


def test_where_a_change_begins_and_ends() -> None:
    text = "森林覆盖率由62.3%提高到63.1%。"
    assert [claim.arrival for claim in claims(text)] == ["from", "to"]


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("投资同比增长8%。", "同比"),
        ("投资比上月增长8%。", "环比"),
        ("用户较年初增长8%。", "年初"),
        ("收入较2019年同期增长8%。", "2019"),
        ("客流比5月增加8%。", "5月"),
    ],
)
def test_what_a_change_is_measured_against(text: str, base: str) -> None:
    assert _one(text, "8%").base == base


def test_the_period_of_a_figure_is_the_nearest_named() -> None:
    text = "2022年投资5亿元，2023年前三季度投资8亿元。"
    found = [(c.period.year, c.period.part) for c in claims(text)]
    assert found == [(2022, ""), (2023, "前三季度")]
    assert claims("今年投资5亿元。", Setting(2021))[0].period.year == 2021


def test_a_month_that_something_is_compared_with_is_not_its_period() -> None:
    text = "1—9月利润92亿元，降幅比1—8月收窄3.2个百分点；收入22亿元。"
    assert _one(text, "22亿元").period.part == "前三季度"


def test_a_figure_is_a_plan_done_or_perhaps_a_plan() -> None:
    text = "全县计划改建公路600公里，桥梁20座，已完成382公里。"
    assert [claim.standing for claim in claims(text)] == ["plan", "perhaps", "done"]
    assert standing("水务局要于6月前完成检查", ()) == "perhaps"
    assert standing("同意将道路纳入计划", ()) == ""


def test_a_plan_stands_against_what_is_done_and_not_against_what_may_be_one() -> None:
    assert is_plan_only_here("plan", "done")
    assert is_plan_only_there("done", "perhaps")
    assert not is_plan_only_here("plan", "perhaps")
    assert not is_plan_only_there("", "perhaps")


def test_what_a_figure_is_counted_by() -> None:
    assert _one("补贴每人每月600元。", "600元").per == "每人每月"
    assert _one("补贴600元。", "600元").per == ""


def test_respectively_and_in_turn_give_each_its_own() -> None:
    for word in ("分别", "依次"):
        found = claims(f"进口和出口{word}增长5%和8%。")
        assert [claim.subject for claim in found] == [("进口",), ("出口",)]


def test_words_of_one_group_are_told_apart() -> None:
    assert contrasting("城镇居民") != contrasting("农村居民")
    assert set(contrasting("进出口总额").values()) == {frozenset({"进出口"})}


def test_no_place_is_made_of_other_words() -> None:
    assert places("云岭区和青禾县") == ("云岭区", "青禾县")
    assert places("判决生效之日起") == ()
    assert places("兼任区审计局局长") == ()


def test_change_and_denial_are_found_anywhere_in_a_clause() -> None:
    assert (leaning("菜价还会上涨"), leaning("菜价还会再降"), leaning("菜价")) == (
        "rise",
        "fall",
        "",
    )
    assert is_denied("尚未通水")
    assert not is_denied("没有取消")
    assert not is_denied("不低于90%")


_TEXT = st.text(
    "云岭区投资增长下降由到为不未计划已每人月日年2013468.%亿元万个家，。；、《》", max_size=80
)


@given(_TEXT)
def test_the_clauses_of_a_text_are_the_text(text: str) -> None:
    assert "".join(clause.of(text) for clause in clauses(text)) == text


@given(_TEXT)
def test_every_claim_stands_where_it_says_and_two_texts_are_read_as_one_and_one(text: str) -> None:
    found = claims(text)
    assert [c.quantity.span for c in found] == sorted(c.quantity.span for c in found)
    assert all(0 <= c.quantity.span.start < c.quantity.span.end <= len(text) for c in found)


@given(st.text("工业农投资收入总额", max_size=8), st.text("工业农投资收入总额", max_size=8))
def test_likeness_is_mutual_and_whole_only_of_the_same(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one) <= 1
    assert not one or alike(one, one) == 1
