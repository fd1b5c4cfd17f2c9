"""Quantities are found whole, with their unit, bound and direction; dates are no quantities."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.figures import Amount, amount, dates, figures, fold, ungrounded


def _seen(text: str) -> list[tuple[str, str, str]]:
    return [(f.span.of(text), f.kind, f.change) for f in figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "投资达175.42亿元，同比增长71.4%",
            [("175.42亿元", "money", ""), ("71.4%", "percent", "rise")],
        ),
        ("增长24.6%", [("24.6%", "percent", "rise")]),
        ("出口１，２００万美元", [("１，２００万美元", "money", "")]),
        ("企业超千家，10家以上", [("超千家", "count", ""), ("10家以上", "count", "")]),
        ("世界500强企业78个", [("78个", "count", "")]),
        ("比上年下降3.2个百分点", [("3.2个百分点", "percent", "fall")]),
        ("由10%提高到12.5%", [("10%", "percent", ""), ("12.5%", "percent", "")]),
        (
            "补助30%—50%，不超过200万元",
            [("30%—50%", "percent", ""), ("不超过200万元", "money", "")],
        ),
        ("百分之三十", [("百分之三十", "percent", "")]),
        ("4个千亿级产业集群", [("4个", "count", "")]),
        ("连续3年超10亿美元", [("3年", "duration", ""), ("超10亿美元", "money", "")]),
        ("同比分别增长3.8%和6.1%", [("3.8%", "percent", "rise"), ("6.1%", "percent", "rise")]),
        ("2023年11月9日", []),
        ("一批项目十分顺利，一带两城", []),
        ("电话0571-88886666，财办〔2024〕12号", []),
        ("40余人参加，捐款1000余万元", [("40余人", "count", ""), ("1000余万元", "money", "")]),
        ("近三千多户，历时3个多月", [("近三千多户", "count", ""), ("3个多月", "duration", "")]),
        ("连续十年，十余家企业", [("十年", "duration", ""), ("十余家", "count", "")]),
        ("十个项目", [("十个", "count", "")]),
        (
            "超万户，上百家，过亿元",
            [("超万户", "count", ""), ("上百家", "count", ""), ("过亿元", "money", "")],
        ),
        ("万户千家，办理时限3日，3日开幕", [("千家", "count", ""), ("3日", "duration", "")]),
        ("数十家企业，几十个国家，很多人", []),
    ],
)
def test_figures(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert _seen(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年3月1日至4月30日受理", ["2024年3月1日至4月30日"]),
        ("到2027年", ["2027年"]),
        ("战争发生于1861至1865年期间", ["1861至1865年"]),
        ("2021—2023年", ["2021—2023年"]),
        ("11月9日上午9:30召开", ["11月9日上午9:30"]),
        ("每月15日前", ["每月15日"]),
        ("投资2000亿元", []),
    ],
)
def test_dates(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in dates(text)] == expected


@given(
    st.decimals(0, 99999, places=2, allow_nan=False),
    st.sampled_from(["亿元", "万元", "%", "个百分点", "家", "项", "平方米", "万亿元", "亿美元"]),
    st.sampled_from(["", "约", "超", "突破", "不低于"]),
)
def test_a_figure_written_is_the_figure_found(value: object, unit: str, bound: str) -> None:
    text = f"某项指标{bound}{value}{unit}。"
    assert [f.span.of(text) for f in figures(text)] == [f"{bound}{value}{unit}"]


@given(st.text())
def test_any_text_is_read_and_spans_lie_in_order_inside_it(text: str) -> None:
    found = figures(text)
    assert all(
        0 <= f.span.start <= f.core.start < f.core.end <= f.span.end <= len(text) for f in found
    )
    assert len(fold(text)) == len(text)
    dates(text)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("投资175.42亿元", "17542000000", "17542000000", "元"),
        ("投资17,542,000,000元", "17542000000", "17542000000", "元"),
        ("增长百分之七点五", "7.5", "7.5", "%"),
        ("同比增长 -8.8%", "-8.8", "-8.8", "%"),
        ("奖励1000万元至2000万元", "10000000", "20000000", "元"),
        ("增长3-5%", "3", "5", "%"),
        ("企业超千家", "1000", "1000", "家"),
        ("七成以上", "70", "70", "%"),
        ("一亿二千万元", "120000000", "120000000", "元"),
        ("每张2块钱", "2", "2", "元"),
        ("提高0.19个百分点", "0.19", "0.19", "个百分点"),
    ],
)
def test_what_a_figure_comes_to(text: str, low: str, high: str, unit: str) -> None:
    (found,) = figures(text)
    assert amount(text, found) == Amount(Decimal(low), Decimal(high), unit)


@given(
    st.text(alphabet="零一两三十百千万亿点0123456789.,-−~至百分之成折%元个家增长 约", max_size=12)
)
def test_every_figure_comes_to_something(text: str) -> None:
    assert all(amount(text, figure).high.is_finite() for figure in figures(text))


@given(st.integers(1, 10**15))
def test_digits_with_and_without_separators_are_the_same_amount(number: int) -> None:
    plain, parted = f"{number}元", f"{number:,}元"
    assert amount(plain, figures(plain)[0]) == amount(parted, figures(parted)[0])
    assert amount(plain, figures(plain)[0]).low == number


def test_a_figure_is_grounded_only_as_itself() -> None:
    assert ungrounded("增长24.6%", ["增长4.6%，投资24.6亿元"]) == ["24.6%"]
    assert ungrounded("投资1.2亿元", ["投资12000万元"]) == []
    assert ungrounded("没有数字", []) == []
