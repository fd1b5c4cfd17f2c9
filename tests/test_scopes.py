"""A figure of a district is no figure of its city, whatever else of the question it meets."""

import pytest

from index.split import split
from index.types import Document, Section, Span
from qa.types import Passage
from tests.conftest import RuleReader


def _short(question: str, title: str, text: str, heading: str = "") -> str:
    text = f"{title}\n{heading}\n{text}\n" if heading else f"{title}\n{text}\n"
    at = text.index(f"\n{heading}\n") + 1 if heading else 0
    sections = (Section(heading, Span(at, len(text))),) if heading else ()
    document = Document("d", "d.txt", title, text, date="2025-03-01", sections=sections)
    passages = [Passage(document, chunk.span, 1.0) for chunk in split(document, len, 200)]
    return next((one.short for one in RuleReader().read(question, passages).readings), "")


_DISTRICT, _CITY = "溪山市棠溪区2024年统计公报", "溪山市2024年统计公报"
_GROSS = "2024年，地区生产总值1263.8亿元，增长5.4%。"


@pytest.mark.parametrize(
    ("question", "title", "text", "short"),
    [
        ("2024年全区地区生产总值多少", _DISTRICT, _GROSS, "1263.8亿元"),
        ("2024年全市地区生产总值多少", _DISTRICT, _GROSS, ""),
        ("全市2024年地区生产总值增长多少", _DISTRICT, _GROSS, ""),
        ("2024年我市地区生产总值多少", _DISTRICT, _GROSS, ""),
        ("2024年全市地区生产总值多少", _CITY, _GROSS, "1263.8亿元"),
        ("2024年全区地区生产总值多少", _CITY, _GROSS, ""),
        ("2024年全国地区生产总值多少", _CITY, _GROSS, ""),
        # No place is named over it.
        ("2024年全市地区生产总值多少", "2024年统计公报", _GROSS, "1263.8亿元"),
        # What is no name is no place.
        ("2024年全市超市销售额多少", "超市经营情况", "2024年超市销售额3亿元。", "3亿元"),
        ("全市改造老旧小区多少个", "老旧小区改造", "改造老旧小区42个。", "42个"),
        # The sentence speaks for itself.
        ("2024年全市地区生产总值多少", _DISTRICT, "2024年，全市地区生产总值9800亿元。", "9800亿元"),
        ("2024年全市地区生产总值多少", _CITY, "2024年，棠溪区地区生产总值1263.8亿元。", ""),
        (
            "2024年全区地区生产总值增长多少",
            _DISTRICT,
            "2024年，地区生产总值增长5.4%，高于全市0.6个百分点。",
            "5.4%",
        ),
        # 全市 is what it is measured against.
        ("地区生产总值占全市的比重", _DISTRICT, "地区生产总值占全市的12.9%。", "12.9%"),
        ("地区生产总值居全市第几", _DISTRICT, "地区生产总值居全市第三。", "第三"),
    ],
)
def test_the_whole_that_is_asked_about(question: str, title: str, text: str, short: str) -> None:
    assert _short(question, title, text) == short


def test_a_heading_names_the_place_of_what_stands_under_it() -> None:
    text = "完成工业投资12.5亿元。"
    assert _short("全市完成工业投资多少", _CITY, text, "一、工业") == "12.5亿元"
    assert _short("全市完成工业投资多少", _CITY, text, "一、棠溪区") == ""
    assert _short("全区完成工业投资多少", _CITY, text, "一、棠溪区") == "12.5亿元"
