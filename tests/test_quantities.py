"""Nothing that counts is missed, and one quantity under many writings is one quantity."""

import itertools
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.quantities import Measured, quantities, same_unit


def _values(text: str) -> list[tuple[Decimal, str, str]]:
    return [(one.low, one.unit, one.bound) for one in quantities(text)]


@pytest.mark.parametrize(
    "writings",
    [
        ["175.42亿元", "17,542,000,000元", "一百七十五亿四千二百万元", "１７５．４２亿元", "1754200万元"],
        ["三成", "30%", "百分之三十", "30％"],
        ["1.2万亿元", "12000亿元", "一万二千亿元"],
        ["四分之一", "25%"],
        ["3公里", "3000米", "3千米"],
        ["2平方公里", "200公顷"],
        ["50%", "一半", "半数", "五成"],
        ["十家", "10家"],
        ["第3位", "第三", "第三名"],
        ["居全市首位", "居全市第一"],
        ["30余个", "30多个", "三十余个", "超过30个", "超30个"],
        ["10多亿元", "10亿多元", "超10亿元"],
        ["上千人", "超过1000人"],
        ["不低于5%", "至少5%", "5%以上"],
        ["近200家", "接近200家", "将近两百家"],
        ["50个基点", "0.5个百分点"],
        ["翻番", "翻一番"],
    ],
)  # fmt: skip
def test_one_quantity_under_many_writings(writings: list[str]) -> None:
    assert len({tuple(_values(writing)) for writing in writings}) == 1
    assert len(_values(writings[0])) == 1


@pytest.mark.parametrize(
    "text",
    [
        "5亿元|5万元", "5元|5美元", "超100家|近100家", "不足100家|超过100家", "3%|3个百分点", "数百家|百余家",
        "第3位|第3届", "前10名|第10名", "500户|500人", "30%|30‰", "约5天|5天", "三分之一|30%",
    ],
)  # fmt: skip
def test_other_quantities_stay_apart(text: str) -> None:
    one, other = text.split("|")
    assert _values(one) != _values(other)


@pytest.mark.parametrize(
    "text", ["2023年11月9日", "前三季度", "1—9月", "第三产业", "十分顺利", "一批企业", "今年上半年"]
)
def test_times_and_words_are_no_quantities(text: str) -> None:
    assert quantities(text) == []


def test_digits_that_count_nothing_are_kept_as_they_stand() -> None:
    assert [(one.written, one.unit) for one in quantities("沿G60走廊建5G基站")] == [
        ("g60", "literal"),
        ("5g", "literal"),
    ]


def test_a_row_gives_its_unit_to_its_number() -> None:
    assert _values("人均收入（元）：46026") == [(Decimal(46026), "元", "")]


@pytest.mark.parametrize(
    ("text", "grain", "coarse"),
    [("175亿元", "1e8", "1e8"), ("170亿元", "1e8", "1e9"), ("71.4%", "0.1", "0.1"), ("七成", "0", "10")],
)  # fmt: skip
def test_what_the_last_digit_stands_for(text: str, grain: str, coarse: str) -> None:
    (found,) = quantities(text)
    assert (found.grain, found.coarse) == (Decimal(grain), Decimal(coarse))


def test_measure_words_that_count_the_same() -> None:
    assert same_unit("家", "户")
    assert same_unit("人", "名")
    assert not same_unit("户", "人")
    assert not same_unit("人", "人次")


_UNITS = st.sampled_from(["亿元", "万元", "%", "家", "个", "公里", "吨", "万人", "个百分点"])


@given(st.decimals(1, 99999, places=2), _UNITS, st.sampled_from(["", "约", "超过", "不低于", "近"]))
def test_what_is_written_is_read_back(value: Decimal, unit: str, bound: str) -> None:
    plain = quantities(f"{value}{unit}")[0]
    (found,) = quantities(f"指标为{bound}{value}{unit}。")
    assert (found.low, found.unit, found.written) == (plain.low, plain.unit, f"{value}{unit}")
    assert bool(found.bound) == bool(bound)


_NUMERIC = "第数几上十百千万亿一二三零点分之半翻番余多0123456789.,:-%元个家名超近"


@given(st.text() | st.text(alphabet=_NUMERIC, max_size=20))
def test_any_text_is_read_and_nothing_overlaps(text: str) -> None:
    found: list[Measured] = quantities(text)
    spans = [one.span for one in found]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
    assert all(one.low.is_finite() and one.high.is_finite() for one in found)


@pytest.mark.parametrize(
    "piece", ["1", "1,111", "千", "万亿", "增长5%、", "1.1.", "第三", "十余", "百分之", "1-", "5g"]
)
def test_a_long_text_costs_no_more_a_character(piece: str) -> None:
    """20 kB may take 20 times as long as 1 kB, not 400 times."""
    started = time.perf_counter()
    quantities(piece * (100_000 // len(piece)))
    assert time.perf_counter() - started < 30
