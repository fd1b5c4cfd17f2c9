"""Dates as Chinese pages print them, to ISO 8601. Whether a date is the document's own is decided
in index/clean.py; periods and relative dates (去年, 前三季度) are none of this module's business."""

import re
from datetime import date

_DIGITS = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {
    "○": "0",
    "零": "0",
    "Ｏ": "0",
}
DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})\s*(?:年|[-/.])\s*(?P<month>\d{1,2})\s*(?:月|[-/.])\s*"
    r"(?P<day>\d{1,2})(?!\d)\s*日?"
    r"|(?P<year_han>[一二][〇○零Ｏ一二三四五六七八九]{3})\s*年\s*(?P<month_han>[一二三四五六七八九十]{1,2})"
    r"\s*月\s*(?P<day_han>[一二三四五六七八九十]{1,3})\s*日"
)


def _number(text: str) -> int:
    """
    >>> _number("二十九"), _number("十"), _number("二〇二三"), _number("09")
    (29, 10, 2023, 9)
    """
    if "十" not in text:
        return int("".join(_DIGITS.get(c, c) for c in text))
    tens, _, ones = text.partition("十")
    return 10 * (_number(tens) if tens else 1) + (_number(ones) if ones else 0)


def iso(match: re.Match[str]) -> str:
    """The date that `DATE` matched, or "" when the calendar has no such day."""
    parts = [match[name] or match[f"{name}_han"] for name in ("year", "month", "day")]
    try:
        return date(*(_number(part) for part in parts)).isoformat()
    except ValueError:
        return ""


def first_date(text: str) -> str:
    """The first date of `text` that the calendar knows, or "".

    >>> first_date("二〇二三年十一月九日"), first_date("2024/5/6 10:22"), first_date("2024-13-40")
    ('2023-11-09', '2024-05-06', '')
    """
    return next((day for match in DATE.finditer(text) if (day := iso(match))), "")


def sole_date(text: str) -> str:
    """The date that `text` consists of, in brackets or not, or "".

    >>> sole_date("（2024年5月6日）"), sole_date("2024年5月6日召开")
    ('2024-05-06', '')
    """
    match = DATE.fullmatch(text.strip("()（）[]【】 "))
    return iso(match) if match else ""


def ends_with_date(text: str) -> str:
    """The date that closes `text`, as under a signature, or "".

    >>> ends_with_date("湖滨区统计局 2024年3月12日"), ends_with_date("2024年3月12日起施行")
    ('2024-03-12', '')
    """
    *_, last = [None, *DATE.finditer(text)]
    return iso(last) if last and not text[last.end() :].strip("）) ") else ""


def begins_with_date(text: str) -> str:
    """The date that opens `text`, as over the name of an office, or "".

    >>> begins_with_date("2025年1月20日 湖滨海关"), begins_with_date("截至2025年1月20日")
    ('2025-01-20', '')
    """
    match = DATE.match(text)
    return iso(match) if match else ""


_SPOKEN = re.compile(f"[—\\-]{{1,2}}\\s*(?:{DATE.pattern})在.{{4,60}}上(?:的.{{2,8}})?")


def spoken_date(text: str) -> str:
    """The day on which a report was given, as the line under its title says it, or "".

    >>> spoken_date("——2025年1月9日在湖滨市第十届人民代表大会第四次会议上")
    '2025-01-09'
    """
    match = _SPOKEN.fullmatch(text.strip())
    return iso(match) if match else ""


def noted_date(text: str) -> str:
    """The last date of a note in brackets that begins with one, as stands under a title, or "".

    >>> noted_date("（2021年5月6日通过，2023年12月15日修订）"), noted_date("（2024年）")
    ('2023-12-15', '')
    """
    bare = text.strip()
    if not (
        bare.startswith(("（", "(")) and bare.endswith(("）", ")")) and DATE.match(bare[1:].strip())
    ):
        return ""
    return next((day for m in reversed(list(DATE.finditer(bare))) if (day := iso(m))), "")
