"""Periods in a text: the year and the part of a year that it speaks of, one writing for each stretch.

Pure; its texts are folded. Days and hours are found by qa/figures.py and qa/finders.py; whether a
sentence speaks of the period that is asked for is qa/conditions.py's business.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

# A bare 2021 is a year unless it counts something.
_YEAR = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})年[度末底初]?|(?<![\da-z.])(?P<bare>(?:19|20)\d{2})(?![\d.,亿万千百元家个项人名%件户])"
)
_HAN_YEAR = re.compile("[一二][〇零九][〇零一二三四五六七八九]{2}(?=年)")
_RELATIVE = re.compile("今年|本年|去年|上年度|前年|明年")
_COMPARED_WITH = re.compile(
    r"[比较与](?:上一?|去|今|前|20\d\d)年度?(?:年?[末底]|同期)?(?:相比)?|(?:上|去|20\d\d)年同期"
    r"|[比较与](?:上半年|[一二三]季度|上一?季度|前三季度|上个?月|(?:\d{1,2}月?[-—–~至到])?\d{1,2}月份?)"
)
# 前两三个月 is no period: nobody says of it which it is.
_MONTH = r"\d{1,2}|十[一二]?|[一二两三四五六七八九]"
_PART = re.compile(
    rf"前三个?季度|前(?:{_MONTH})个?月|上半年|下半年|全年|前两季度|第?[一二三四1-4]季度"
    rf"|(?:1|一)(?:月份?)?[-—–~至到](?:{_MONTH})月份?|\d{{1,2}}月(?:份|底|末)?(?!\d)"
)
# Where a text names a year, a relative one or a part of a year.
PERIODS = (_YEAR, _RELATIVE, _PART)


@dataclass(frozen=True, slots=True)
class Period:
    """The year and part of a year a question or sentence speaks of; 0 and "" where it says none.

    `relative` counts from the year of the document: 0 今年, -1 去年.
    """

    year: int = 0
    part: str = ""
    relative: int | None = None


def period_of(text: str) -> Period:
    """The period a folded text names first.

    >>> period_of("2022年上半年"), period_of("去年").relative
    (Period(year=2022, part='上半年', relative=None), -1)
    """
    year, relative, part = _YEAR.search(text), _RELATIVE.search(text), _PART.search(text)
    return Period(
        int(year["year"] or year["bare"]) if year else 0,
        _canonical_part(part.group()) if part else "",
        None if year or not relative else _relative_years(relative.group()),
    )


@lru_cache(maxsize=8192)
def last_period(text: str) -> Period:
    """The last period named in a folded text that is no base of comparison.

    >>> last_period("2022年为268亿元,2023年比上年增长").year
    2023
    """
    plain = _COMPARED_WITH.sub("", text)
    pieces = [period_of(piece) for piece in re.split("[，。；,;]", plain)]
    return next((p for p in reversed(pieces) if p != Period()), Period())


def nearest_period(texts: Iterable[str], published: int) -> Period:
    """The period that texts name, the nearest first: a part of a year may take its year from afar.

    `published` is the year that 今年 is, 0 if it is not known: then the period stays relative.
    """
    part = ""
    for text in texts:
        found = last_period(text)
        part = part or found.part
        year = found.year
        if found.relative is not None and published:
            year = published + found.relative
        if year or found.relative is not None:
            return Period(year, part, None if year else found.relative)
    return Period(0, part)


def years_in_digits(text: str) -> str:
    """A text with its years in Han digits written in digits.

    >>> years_in_digits("二〇二四年、二零二三年")
    '2024年、2023年'
    """
    return _HAN_YEAR.sub(_in_digits, text)


def _in_digits(year: re.Match[str]) -> str:
    return "".join(str("〇一二三四五六七八九".index(c.replace("零", "〇"))) for c in year.group())


def _relative_years(word: str) -> int:
    return {"去年": -1, "上年度": -1, "前年": -2, "明年": 1}.get(word, 0)


_HAN_DIGITS = "一二三四五六七八九十"
_MONTHS = re.compile(f"(?:(?:1|一)月?份?[-—–~至到]|前)(?P<last>{_MONTH})个?月份?")
_WHOLE_PARTS = {3: "一季度", 6: "上半年", 9: "前三季度", 12: "全年"}


def _canonical_part(part: str) -> str:
    """One writing for one stretch: 1—9月, 1至9月 and 前九个月 are 前三季度, 1—8月 is 前8个月."""
    months = _MONTHS.fullmatch(part)
    if months:
        last = _month(months["last"])
        return _WHOLE_PARTS.get(last, f"前{last}个月")
    if "三季度" in part and part.startswith("前"):
        return "前三季度"
    numerals = str.maketrans("1234", "一二三四")
    return (
        part.removeprefix("第").translate(numerals)
        if "季度" in part
        else re.sub("份|底|末", "", part)
    )


def _month(number: str) -> int:
    """8 of 8 and 八, 11 of 十一."""
    if number.isdigit():
        return int(number)
    if number == "两":
        return 2
    ones = number.rpartition("十")[2]
    return (10 if "十" in number else 0) + (_HAN_DIGITS.index(ones) + 1 if ones else 0)
