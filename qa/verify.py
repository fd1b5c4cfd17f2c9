"""Whether a sentence stands in the texts it cites; where it does not, why, in words.

Pure, and it fails closed: what cannot be found is not supported. Each figure has to stand in the
evidence with its value, unit, bound, direction, base, period, place and subject; dates, names,
titles and quoted words likewise; the wording by its words, or by a `score` that somebody brings.
What a sentence claims is read by qa/claims.py.
"""

import datetime
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from qa.aligned import SURE, is_misnamed, lead
from qa.attached import astray
from qa.bindings import misbound, mistyped, unnamed
from qa.claims import (
    NAMING,
    NARROWING,
    Claim,
    Setting,
    base_in,
    canonical,
    claims,
    contrasting,
    is_name,
    is_plan_only_here,
    is_plan_only_there,
)
from qa.figures import fold, number
from qa.periods import Period, years_in_digits
from qa.quantities import Measured, comparable, same_unit
from qa.wording import LEVELS, STEM, is_named, unsaid

Score = Callable[[str, str], float]
# What a score has to reach, where somebody brings one.
_LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence is supported; if not, what failed, in Chinese."""

    supported: bool
    reasons: tuple[str, ...] = ()


def verify(
    sentence: str,
    evidence: Sequence[str] | str,
    *,
    date: str = "",
    context: str = "",
    score: Score | None = None,
) -> Verdict:
    """Judge a sentence by its evidence.

    `date` (ISO 8601) is that of the document: it says which year 今年 is. `context` are its title and
    headings. `score` tells how likely a text bears a sentence out (0 to 1); it can only refuse.

    >>> verify("投资同比增速为71.4%。", "甲区投资增长71.4%。").supported
    True
    >>> verify("投资增长24.6%。", "投资下降24.6%。").reasons
    ('“24.6%”的方向不符：原文为下降',)
    """
    case = read_case(sentence, evidence, date=date, context=context)
    if not case.sentence.strip():
        return Verdict(False, ("句子是空的，没有可核对的内容",))
    if not case.texts:
        return Verdict(False, ("没有给出原文，无从核对",))
    reasons = dict.fromkeys(_failures(case))
    if not reasons and score is not None and score(case.sentence, "\n".join(case.texts)) < _LIKELY:
        reasons["原文与句子的意思不够一致"] = None
    return Verdict(not reasons, tuple(reasons))


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence and its evidence as they are compared: folded, and times told in full."""

    sentence: str
    texts: tuple[str, ...]
    setting: Setting

    @property
    def mine(self) -> tuple[Claim, ...]:
        """The claims of the sentence."""
        setting = self.setting
        return claims(self.sentence, Setting(setting.year, setting.month, day=setting.day))

    @property
    def theirs(self) -> list[Claim]:
        """The claims of the evidence."""
        return [claim for text in self.texts for claim in claims(text, self.setting)]

    @property
    def whole(self) -> str:
        """All that the evidence says, with what it stands under."""
        return "\n".join([*self.texts, self.setting.context])


def read_case(
    sentence: str, evidence: Sequence[str] | str, *, date: str = "", context: str = ""
) -> Case:
    """A sentence and its evidence made ready to be compared."""
    given = [evidence] if isinstance(evidence, str) else evidence
    texts = tuple(_with_months(_read(text, date)) for text in given if text.strip())
    year, month, day = _published(date)
    setting = Setting(year, month, _read(context, date), day)
    return Case(_of_its_month(_read(sentence, date), texts), texts, setting)


def _read(text: str, date: str) -> str:
    """A text folded, its dates in digits, and its 上月 and 昨日 as what they are."""
    plain = _HAN_DATE.sub(_date_in_digits, years_in_digits(fold(text))).replace("∶", ":")
    plain = _HAN_HOUR.sub(lambda hour: f"{number(hour.group()):f}", plain)
    plain = re.sub(
        "(?<=点)[一三](?=刻)", lambda match: {"一": "15", "三": "45"}[match.group()], plain
    )
    plain = _HAN_SCORE.sub(lambda score: f"{number(score[1]):f}:{number(score[2]):f}", plain)
    plain = _CLOCK.sub(_on_the_clock, re.sub(r"(?<=\d)比(?=\d)", ":", plain))
    plain = _WEEKDAY.sub("周", plain).replace("周天", "周日").replace("第二天", "次日")
    plain = _LAST_YEAR.sub("去年", plain)
    plain = _MONTHS.sub(r"\1月\2", plain)
    try:
        published = datetime.date.fromisoformat(date)
    except ValueError:
        return plain
    return _NEAR_TIME.sub(lambda match: _in_full(match.group(), published), plain)


# 上年 by itself; what is compared with it is another matter.
_LAST_YEAR = re.compile("(?<![比较与同于达])上年(?=[\u4e00-\u9fff])(?!同期|年?[末底]|度|同|增)")
_WEEKDAY = re.compile("(?:星期|礼拜)(?=[一二三四五六日天])")
# 6到9月 is 6月到9月; from January on it is a part of a year.
_MONTHS = re.compile(r"(?<![\d.])([2-9]|1[0-2])([-—–~至到]\d{1,2}月)")
_HAN_HOUR = re.compile(
    "(?:(?<=[上中下]午)|(?<=[早晚]上)|(?<=早晨)|(?<=凌晨)|(?<=傍晚))[一二两三四五六七八九十]{1,3}(?=[点时])"
    "|(?<![一二三四五六七八九十百])[一二两三四五六七八九十]{1,3}(?=点(?:半|整|钟|[一三]刻))"
)
_HAN_SCORE = re.compile(
    "(?<![一二三四五六七八九十])([一二三四五六七八九十])比([零一二三四五六七八九十])(?![一二三四五六七八九十])"
)
_CLOCK = re.compile(
    r"(?P<half>上午|中午|下午|傍晚|晚上|夜间|夜里|早上|早晨|清晨|凌晨|[早晚])?(?<![\d:.])(?P<hour>\d{1,2})"
    r"(?:[时点](?:(?P<minute>\d{1,2})[分刻]?|(?P<thirty>半)|整|钟)?(?![时间代期候名点])|:(?P<colon>\d\d)(?![\d:]))"
)


def _on_the_clock(time: re.Match[str]) -> str:
    """晚8点半 as 20:30, by the clock of 24 hours."""
    hour = int(time["hour"])
    if time["half"] in {"下午", "傍晚", "晚上", "夜间", "夜里", "晚"} and hour < 12:
        hour += 12
    minute = "30" if time["thirty"] else time["minute"] or time["colon"] or "00"
    return f"{hour}:{int(minute):02}"


_DAYS_AWAY = {
    "昨日": -1,
    "昨天": -1,
    "昨晚": -1,
    "昨夜": -1,
    "今日": 0,
    "今天": 0,
    "今晚": 0,
    "今早": 0,
    "今晨": 0,
    "明日": 1,
    "明天": 1,
    "前天": -2,
    "前日": -2,
}
_MONTHS_AWAY = {"上月": -1, "上个月": -1, "本月": 0, "下月": 1, "下个月": 1}
_NEAR_TIME = re.compile("(?<![比较与])(?:" + "|".join([*_DAYS_AWAY, *_MONTHS_AWAY]) + ")份?")


def _in_full(word: str, published: datetime.date) -> str:
    """昨日 as a date, 上月 as a month of a year."""
    word = word.removesuffix("份")
    if word in _DAYS_AWAY:
        day = published.toordinal() + _DAYS_AWAY[word]
        near = datetime.date.fromordinal(min(max(day, 1), datetime.date.max.toordinal()))
        return f"{near.year}年{near.month}月{near.day}日"
    months = published.year * 12 + published.month - 1 + _MONTHS_AWAY[word]
    return f"{months // 12}年{months % 12 + 1}月"


_HAN_DATE = re.compile(
    "(?<![十百千万亿第])([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})(?=[日号]))?"
)


def _date_in_digits(date: re.Match[str]) -> str:
    """五月二十日 in digits."""
    return f"{number(date[1]):f}月" + (f"{number(date[2]):f}" if date[2] else "")


# 20日 as a day of a month named before; 15日内 and 满20日 are a length.
_BARE_DAY = re.compile(
    r"(?P<month>(?<!\d)\d{1,2}月)(?=\d{1,2}[日号])|(?<![\d月年.:个第每满过逾限约起])(?P<day>\d{1,2}日)(?![内前后以之均常游期])"
)


def _with_months(text: str) -> str:
    """A text in which each bare day has the month that was named last with one."""
    month = ""

    def named(found: re.Match[str]) -> str:
        nonlocal month
        month = found["month"] or month
        return found["month"] or month + found["day"]

    return _BARE_DAY.sub(named, text)


def _of_its_month(sentence: str, texts: Sequence[str]) -> str:
    """A sentence in which the bare days are those that the evidence names."""
    days = {day: month for text in texts for month, day in _DAY_OF_MONTH.findall(text)}
    return _BARE_DAY.sub(
        lambda found: found["month"] or days.get(found["day"], "") + found["day"],
        _with_months(sentence),
    )


_DAY_OF_MONTH = re.compile(r"(\d{1,2}月)(\d{1,2}日)")


def _published(date: str) -> tuple[int, int, int]:
    """The year, month and day of a date; 0, 12 and 31 where it is none."""
    found = re.match(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", date)
    return (int(found[1]), int(found[2] or 12), int(found[3] or 31)) if found else (0, 12, 31)


def _failures(case: Case) -> Iterator[str]:
    theirs, whole = case.theirs, case.whole
    for claim in case.mine:
        yield from _unsupported(claim, theirs, case.texts, case.setting)
    yield from astray(case.sentence, case.texts, same_value)
    yield from misbound(case.sentence, whole)
    yield from mistyped(case.sentence, whole)
    yield from unnamed(case.sentence, whole)
    yield from unsaid(case.sentence, case.texts, case.setting)


# -- figures ---------------------------------------------------------------------------------------


def _unsupported(
    mine: Claim, theirs: Sequence[Claim], texts: Sequence[str], setting: Setting
) -> Sequence[str]:
    """Why no claim of the evidence bears this one out; () if one does."""
    if mine.quantity.unit == "literal":
        return _unwritten(mine.quantity, texts, setting) or _was_before(mine, theirs)
    fitting = [
        c
        for c in theirs
        if same_value(mine.quantity, c.quantity)
        or _is_its_limit(mine, c)
        or _is_multiple(mine, c)
        or _is_price_by_weight(mine, c)
        or _counts_loosely(mine, c)
    ]
    if not fitting and (_counts_its_list(mine) or _is_first(mine, texts)):
        return ()
    if not fitting and _is_counted_briefly(mine, texts):
        return ()
    if not fitting and (_counts_a_list(mine, theirs, texts) or _is_running(mine, texts)):
        return ()
    if not fitting and _is_the_year(mine, theirs):
        return ()
    if not fitting and _is_between(mine.quantity, theirs):
        return ()
    every = re.sub("^一?", "每", mine.quantity.written)
    if not fitting and any(every in text for text in texts):
        return ()
    if not fitting and mine.quantity.written[0] == "一" and mine.quantity.low == 1:
        # 一个 counts nothing, but where the evidence counts the same otherwise.
        return (
            []
            if not any(same_unit(mine.quantity.unit, c.quantity.unit) for c in theirs)
            else [_no_such_value(mine.quantity, theirs)]
        )
    if not fitting:
        return [_no_such_value(mine.quantity, theirs)]
    whole = "\n".join([*texts, setting.context])
    failures = [
        list(_differences(mine, other, theirs, whole, setting)) for other in fitting[:_MOST_ALIKE]
    ]
    return min(failures, key=len)


_LIST = re.compile("^[^。]{0,12}?(?:分别[为是]|包括|即|为|是|:)([^。;]+)")


def _counts_its_list(mine: Claim) -> bool:
    """有三项,分别为甲、乙和丙: the count is right by the sentence itself, if it is of its own list."""
    at = mine.around.find(mine.quantity.written)
    listed = _LIST.match(mine.around[at + len(mine.quantity.written) :]) if at >= 0 else None
    items = _ITEMS.split(listed[1]) if listed else []
    return len(items) > 1 and len(items) == mine.quantity.low


_ITEMS = re.compile("、|和|以及|及")
_ENUMERATED = re.compile("(?:[^,;:。、\\s]{2,12}、)+[^,;:。、\\s]{2,12}")


def _counts_a_list(mine: Claim, theirs: Sequence[Claim], texts: Sequence[str]) -> bool:
    """三个乡镇, where the evidence names three and counts none."""
    one = mine.quantity
    if not re.match("[两二三四五六七八九]", one.written) or one.unit not in _COUNTED_BY_NAME:
        return False
    if any(same_unit(one.unit, claim.quantity.unit) for claim in theirs):
        return False
    lists = (found.group() for text in texts for found in _ENUMERATED.finditer(text))
    return any(len(_ITEMS.split(found)) == one.low for found in lists)


def _is_counted_briefly(mine: Claim, texts: Sequence[str]) -> bool:
    """三辆车 is 三车."""
    written = mine.quantity.written
    at = mine.around.find(written) + len(written)
    brief = f"{written[0]}{mine.around[at : at + 1]}"
    return (
        len(written) == 2 and written[0] in "两二三四五六七八九" and any(brief in t for t in texts)
    )


_COUNTED_BY_NAME = frozenset("个 家 项 部 处 所 名 位 人 种 类 地".split())


def _is_running(mine: Claim, texts: Sequence[str]) -> bool:
    """连续六年 is 连续第六年."""
    written = mine.quantity.written
    running = f"连续{written}" in mine.around
    return running and any(f"连续第{written}" in text for text in texts)


def _is_the_year(mine: Claim, theirs: Sequence[Claim]) -> bool:
    """一年 is the year that the evidence tells of, where it measures nothing by years or months."""
    if mine.quantity.written == "一年" and "的一年" in mine.around:
        return True
    told = mine.quantity.written == "一年" and not _A_TERM.search(mine.own)
    return (
        told
        and any(_names_year(claim.period) for claim in theirs)
        and not any(claim.quantity.unit == "月" for claim in theirs)
    )


_A_TERM = re.compile("期|满|限|任|每|为")


def _firsts(mine: Claim) -> Iterator[str]:
    """How the first of a thing is named: 首日 for 第一天, 首小时 for 第一个小时."""
    unit = mine.quantity.unit
    if unit != "第位":
        yield f"首{unit[1:]}"
        return
    at = mine.around.find(mine.quantity.written) + len(mine.quantity.written)
    what = mine.around[at : at + 4].removeprefix("个")
    yield from (f"首{what[:length]}" for length in (2, 1) if what[:length].isalpha())
    if what.startswith("天"):
        yield "首日"


_IN_TURN = re.compile("依次[为是]([^。;]+)")


def _is_first(mine: Claim, texts: Sequence[str]) -> bool:
    """第一次 is 首次; of 依次为甲、乙、丙, the second is 乙."""
    unit, number = mine.quantity.unit, int(mine.quantity.low)
    if unit[:1] != "第" or number < 1:
        return False
    if number == 1 and any(way in text for way in _firsts(mine) for text in texts):
        return True
    listed = [
        re.split("、|和|以及|及", found) for text in texts for found in _IN_TURN.findall(text)
    ]
    return unit == "第位" and any(
        number <= len(items) and _pair_in(items[number - 1], mine.around) for items in listed
    )


def _pair_in(name: str, text: str) -> bool:
    """Whether a text has an item of a list, its own figure apart."""
    return re.sub(r"^:|\d.*$|[,;。]+$", "", name) in text


# Of the figures that come to the same, so many are looked at.
_MOST_ALIKE = 40


def _is_between(mine: Measured, theirs: Sequence[Claim]) -> bool:
    """500元至1000元 is 500元以上1000元以下."""
    ends = [claim.quantity for claim in theirs]
    return mine.low < mine.high and any(
        (low.low, high.low) == (mine.low, mine.high)
        and (low.bound, high.bound) == ("from", "upto")
        and high.unit == mine.unit
        for low, high in itertools.pairwise(ends)
    )


def _unwritten(one: Measured, texts: Sequence[str], setting: Setting) -> Sequence[str]:
    if one.written[0] == "每":
        ways = [
            _MEASURE_WORD.sub("", way)
            for way in (*_ways(re.sub("^每(?:隔)?个?", "", one.written)), one.written)
        ]
        known = [_MEASURE_WORD.sub("", text) for text in [*texts, setting.context]]
        found = any(way in text for text in known for way in ways)
        return () if found else [f"原文中没有“{one.written}”"]
    pattern = re.compile(rf"(?<![a-z\d.]){re.escape(one.written)}(?![a-z\d]|\.\d)")
    later = _twelve_later(one.written)
    found = any(
        pattern.search(text) or (later is not None and later.search(text))
        for text in [*texts, setting.context]
    )
    return () if found else [f"原文中没有“{one.written}”"]


def _twelve_later(written: str) -> re.Pattern[str] | None:
    """到晚上8点,7点半以后: the second is of the evening too."""
    time = re.fullmatch(r"(\d{1,2}):(\d\d)", written)
    if time is None or not 0 < int(time[1]) < 12:
        return None
    return re.compile(rf"(?<!\d){int(time[1]) + 12}:{time[2]}(?!\d)")


# 每半个月 is 每半月, and 每隔两天 is 每两天.
_MEASURE_WORD = re.compile(
    "(?<=[每半一两二三四五六七八九十\\d])个(?=月|小时|季度|学期)|(?<=每)[个隔]"
)


def _was_before(mine: Claim, theirs: Sequence[Claim]) -> Sequence[str]:
    """由21:00延长至22:30: 21:00 is what was."""
    same = [c for c in theirs if c.quantity.written == mine.quantity.written]
    over = same and all(claim.arrival == "from" for claim in same)
    if not over or mine.arrival == "from" or _tells_what_was(mine):
        return ()
    return [f"“{mine.quantity.written}”在原文中是变化以前的数"]


def _no_such_value(mine: Measured, theirs: Sequence[Claim]) -> str:
    """The reason that no figure of the evidence comes to the same, with what comes nearest."""
    for other in theirs:
        there = other.quantity
        if (there.low, there.high) == (mine.low, mine.high) and same_unit(there.unit, mine.unit):
            return f"“{mine.written}”的界限不符：原文为“{_BOUND[there.bound]}{there.written}”"
    digits = _digits(mine.written)
    near = next(
        (c.quantity for c in theirs if digits and _digits(c.quantity.written) == digits), None
    )
    if near is not None:
        return f"“{mine.written}”的单位或数量级不符：原文为“{near.written}”"
    return f"原文中没有“{mine.written}”"


_BOUND = {"": "", "over": "超过", "from": "不低于", "under": "不足",
    "upto": "不超过", "within": "", "near": "近", "about": "约"}  # fmt: skip


def _digits(written: str) -> str:
    return "".join(re.findall(r"[\d.]", written))


def same_value(mine: Measured, theirs: Measured) -> bool:
    """Whether a figure of the evidence makes one of the sentence true."""
    if mine.unit == "倍" and theirs.unit == "番":
        return mine.low == 2**theirs.low
    if mine.unit == "番" and theirs.unit == "倍":
        return theirs.low == 2**mine.low
    if mine.unit != theirs.unit:
        mine, theirs = comparable(mine), comparable(theirs)
    if not (same_unit(mine.unit, theirs.unit) or _leaves_its_unit(mine, theirs)):
        return False
    if (mine.low, mine.high) == (theirs.low, theirs.high):
        return _same_bound(mine, theirs)
    exact = not theirs.bound or theirs.bound == mine.bound == "about"
    return exact and theirs.low == theirs.high and _rounds(mine, theirs.low)


def _is_multiple(mine: Claim, other: Claim) -> bool:
    """增长150% is 增长1.5倍, and 翻了一番 is 增长100%."""
    by_unit = {claim.quantity.unit: claim for claim in (mine, other)}
    if "%" not in by_unit or len(by_unit) < 2 or by_unit["%"].change != "rise":
        return False
    share = by_unit["%"].quantity
    if "番" in by_unit:
        return share.low == 100 * (2 ** by_unit["番"].quantity.low - 1)
    times = by_unit.get("倍")
    return times is not None and times.change == "rise" and share.low == 100 * times.quantity.low


_WEIGHTS = {"每斤": 1, "每公斤": 2, "每千克": 2, "每吨": 2000}


def _is_price_by_weight(mine: Claim, other: Claim) -> bool:
    """每斤1.60元 is 每公斤3.20元."""
    by, there = _WEIGHTS.get(mine.per), _WEIGHTS.get(other.per)
    if not by or not there or by == there or mine.quantity.unit != other.quantity.unit:
        return False
    return not mine.change and mine.quantity.low * there == other.quantity.low * by


def _counts_loosely(mine: Claim, other: Claim) -> bool:
    """780个名额 is 780人, and 620班 is 发班620个."""
    one, there = mine.quantity, other.quantity
    if (one.unit == "个" and there.unit in _COUNTS) or (
        there.unit == "个" and one.unit in other.own
    ):
        return same_value(replace(one, unit=there.unit), there)
    return False


def _leaves_its_unit(mine: Measured, theirs: Measured) -> bool:
    """人口43.7万 is of 43.7万人, and 4.9万人次 of 捐款人次4.9万."""
    bare, full = (mine, theirs) if not mine.unit else (theirs, mine)
    return not bare.unit and full.unit in _COUNTS and bare.written[-1] in "万亿"


_COUNTS = frozenset("人 人次 车次 架次 批次 户 户次 家 件 辆 册 套 头 只 株".split())


def _same_bound(mine: Measured, theirs: Measured) -> bool:
    """超过100亿元 and 100亿元以上 say the same; about 5 is true of 5, and of nearly 5."""
    if mine.bound == "about":
        return theirs.bound in {"", "near", "about"}
    return mine.bound == theirs.bound or {mine.bound, theirs.bound} in _AS_GOOD_AS


_AS_GOOD_AS: tuple[set[str], ...] = (
    {"over", "from"},
    {"", "within"},
    {"upto", "within"},
)


_LIMIT = re.compile("限额|额度|上限|封顶|最高|最多")


def _is_its_limit(mine: Claim, other: Claim) -> bool:
    """最多30元 is 封顶30元, and 不超过5% is 上限为5%."""
    one, there = mine.quantity, other.quantity
    if (one.bound, there.bound) == ("upto", ""):
        return bool(_LIMIT.search(other.around)) and same_value(replace(one, bound=""), there)
    if (one.bound, there.bound) == ("", "upto"):
        return bool(_LIMIT.search(mine.own)) and same_value(one, replace(there, bound=""))
    return False


def _rounds(mine: Measured, exact: Decimal) -> bool:
    """Whether 约, 近 or 超 a round number is right of an exact one, to the digits shown."""
    written, away = mine.low, exact - mine.low
    grain = mine.grain or mine.coarse
    if mine.bound == "about":
        return abs(away) <= max(grain / 2, min(mine.coarse / 2, abs(written) * _ROUNDLY))
    if mine.bound == "near":
        return away < 0 and -away <= max(grain / 2, min(mine.coarse, abs(written) * _NEARLY))
    if mine.bound in {"over", "from"}:
        return 0 < away < mine.coarse
    return False


_ROUNDLY, _NEARLY = Decimal("0.03"), Decimal("0.05")


def _differences(
    mine: Claim, other: Claim, theirs: Sequence[Claim], whole: str, setting: Setting
) -> Iterator[str]:
    """What a claim of the sentence says otherwise than one of the evidence, of the same value."""
    written = mine.quantity.written
    for check in (_direction, _kind_of_figure, _standing, _arrivals):
        yield from (f"“{written}”{reason}" for reason in check(mine, other))
    yield from (f"“{written}”{reason}" for reason in _period_differs(mine, other, setting))
    yield from (f"“{written}”{reason}" for reason in _place_differs(mine, other, whole))
    yield from (f"“{written}”{reason}" for reason in _subject_differs(mine, other, theirs, setting))


_CHANGES = {"rise": "增长", "fall": "下降", "": "水平，不是增减"}


def _direction(mine: Claim, other: Claim) -> Iterator[str]:
    if mine.quantity.unit[:1] == "第" or "番" in {mine.quantity.unit, other.quantity.unit}:
        return
    if _RATE_OF_ANOTHER.search(mine.own):
        return
    added = (mine.new and other.change == "rise") or (other.new and mine.change == "rise")
    if mine.change != other.change:
        if not added and not _tells_by_how_much(mine, other):
            yield f"的方向不符：原文为{_CHANGES[other.change]}"
    elif not mine.change and mine.leaning and other.leaning and mine.leaning != other.leaning:
        yield f"的方向不符：原文为{_CHANGES[other.leaning]}"
    elif (mine.change or (mine.base and other.base)) and not _same_base(mine, other):
        yield f"的比较基期不符：原文为{other.base or '同比'}"


# 超警戒水位1.42米 and 落后榜首4分, the figure last.
_EXCEEDS = re.compile("(?:领先|落后|高出|超出?(?!过|市|级|额|大|高))[\u4e00-\u9fff]{2,8},")


def _tells_by_how_much(mine: Claim, other: Claim) -> bool:
    """Whether both tell how far something is from another: 比警戒水位高1.42米 is 超警戒水位1.42米."""
    return (
        mine.leaning == other.leaning != ""
        and not mine.arrival
        and not other.arrival
        and any(_EXCEEDS.search(one.own) for one in (mine, other))
    )


# 快于二产的4.8%: whether that is a rise, only the evidence says.
_RATE_OF_ANOTHER = re.compile("(?:[高低快慢多少大小]于|超过)[^,;。□]{1,16}的,")


_OF_A_WHOLE = re.compile("占|比例|比重|份额|率|其中|[余剩]")
_ANEW = re.compile("[新再增又]")


def _same_base(mine: Claim, other: Claim) -> bool:
    """环比 of June is 比5月; where nothing is said, it is 同比."""
    if mine.base == other.base:
        return True
    before = base_in(other.before)
    if not other.base and before and _base_of(mine.base, mine) == _base_of(before, other):
        return True
    if mine.base and mine.base in (other.base or before):
        return True
    bases = {_plain_base(mine), _plain_base(other)}
    if "环比" in bases and len(bases) == 2:
        return _following(min(bases - {"环比"})) in {mine.period.part, other.period.part}
    return len(bases) == 1


_QUARTERS = "一二三四"


def _following(part: str) -> str:
    """The month or quarter after one; another text of what is neither."""
    if month := re.fullmatch(r"(\d{1,2})月", part):
        return f"{int(month[1]) % 12 + 1}月"
    if part[:1] in _QUARTERS and part[1:] == "季度":
        return f"{_QUARTERS[(_QUARTERS.index(part[0]) + 1) % 4]}季度"
    return f"{part}以后"


def _plain_base(claim: Claim) -> str:
    """What a claim compares with; where it does not say, it is the year before."""
    return _base_of(claim.base or "同比", claim)


def _base_of(base: str, claim: Claim) -> str:
    """A base by one name: of 2024, 比2023年 is 同比, and 比2023年末 is 较年初.

    At the end of a year both are the same.
    """
    last = str(claim.period.year - 1)
    plain = {last: "同比", f"{last}年末": "年初"}.get(base, base)
    return "同比" if plain == "年初" and claim.period.part == "年末" else plain


def _kind_of_figure(mine: Claim, other: Claim) -> Iterator[str]:
    stated = mine.share and _OF_A_WHOLE.search(mine.own)
    if stated and not other.share and not _OF_A_WHOLE.search(other.around):
        yield "在原文中不是占比"
    weighed = _is_price_by_weight(mine, other)
    if mine.per and not weighed and not _counted_by(mine.per, other):
        yield f"的计数单位不符：原文为“{other.per or '没有写明'}”"
    told = not _ANEW.search((mine if other.new else other).own)
    counts = mine.quantity.unit not in NAMING and not mine.change and not other.change
    if mine.new != other.new and counts and told and mine.leaning != "rise":
        yield "在原文中是新增" if other.new else "在原文中不是新增"


def _counted_by(per: str, other: Claim) -> bool:
    """Whether a figure is counted by what a sentence says: 日均 is 每天."""
    units = re.findall("每(人|户|年|月|周|天|日|[^每]+)", per)
    there = other.per or other.around
    return all(any(f"{way}" in there for way in _ways(unit)) for unit in units)


_PAID = ("收入", "工资", "薪", "租")


def _ways(unit: str) -> tuple[str, ...]:
    """How it is said that something is counted by a unit."""
    same = {"天": "天日", "日": "天日"}.get(unit, unit)
    return tuple(
        way
        for one in (same if unit in "天日" else [unit])
        for way in (
            f"每{one}",
            f"每个{one}",
            f"{one}均",
            f"/{one}",
            f"一{one}",
            f"按{one}",
            f"元{one}",
            f"单{one}",
            "时速" if one == "小时" else f"每{one}",
            *(f"{one}{what}" for what in _PAID if one in "年月"),
        )
    )


# 新开的两家: so few, in words, are those spoken of.
_REFERS = re.compile("[两二三四五六七八九](?![十百千万亿])")


def _standing(mine: Claim, other: Claim) -> Iterator[str]:
    if mine.quantity.unit == "第期" or (_REFERS.match(mine.quantity.written) and not mine.standing):
        return
    if is_plan_only_here(mine.standing, other.standing):
        yield "在原文中是已有的结果，不是目标或计划"
    elif is_plan_only_there(mine.standing, other.standing):
        yield "在原文中是目标或计划，不是已有的结果"
    if mine.denied != other.denied:
        yield "的否定不符：原文" + ("有否定" if other.denied else "没有否定")


def _arrivals(mine: Claim, other: Claim) -> Iterator[str]:
    """由62%提高到63%: 62% is what was, and 63% what is."""
    if mine.arrival and other.arrival and mine.arrival != other.arrival:
        yield f"在原文中是变化{_ENDS[other.arrival]}的数"
    elif other.arrival == "from" and not mine.arrival and not _tells_what_was(mine):
        yield "在原文中是变化以前的数"
    elif mine.arrival and mine.leaning and other.leaning and mine.leaning != other.leaning:
        yield f"的方向不符：原文为{_CHANGES[other.leaning]}"


def _tells_what_was(claim: Claim) -> bool:
    return claim.period != Period() or bool(_FORMERLY.search(claim.around))


_ENDS = {"from": "以前", "to": "以后"}
_FORMERLY = re.compile("原|此前|之前|以前|过去|曾|由|从|年初")


# -- periods ---------------------------------------------------------------------------------------


def _period_differs(mine: Claim, other: Claim, setting: Setting) -> Iterator[str]:
    said, there = mine.period, other.period
    if mine.quantity.unit == "第期" or (mine.loosely and not _names_year(there)):
        return
    if not (mine.dated or _names_year(there) or there.part):
        return
    due = other.standing in {"plan", "perhaps"} and said.year == setting.year
    if not _same_year(said, there, setting) and (_names_year(there) or not due):
        yield f"的年份不符：原文为{_told(there)}"
    elif not _same_part(said, there) and not _in_month(said, there, other.around):
        yield f"的期间不符：原文为{_told(there)}"


_RELATIVE = {0: "今年", -1: "去年", -2: "前年", 1: "明年"}


def _told(period: Period) -> str:
    year = f"{period.year}年" if period.year else _RELATIVE.get(period.relative or 0, "")
    if not period.year and period.relative is None:
        year = ""
    return f"{year}{period.part}" or "没有写明"


def _same_year(said: Period, there: Period, setting: Setting) -> bool:
    """Whether the year that a sentence names, if it does, is that of the evidence."""
    if not said.year:
        return said.relative in {None, there.relative} or (
            said.relative == 0 and there == Period(part=there.part)
        )
    if there.year or there.relative is not None:
        return said.year == there.year
    return said.year == _supposed_year(there.part, setting)


def _supposed_year(part: str, setting: Setting) -> int:
    """The year a text means that names none: the last in which the part was over when it appeared."""
    return setting.year - (_last_month(part) > setting.month) if setting.year else 0


_LAST_MONTH = {"一季度": 3, "上半年": 6, "二季度": 6, "前三季度": 9, "三季度": 9, "前两季度": 6}


def _last_month(part: str) -> int:
    number = re.search(r"\d+", part)
    if not part:
        return 0
    return int(number.group()) if number else _LAST_MONTH.get(part, 12)


def _same_part(said: Period, there: Period) -> bool:
    """Whether a sentence speaks of the same part of a year; one that names no time is not wrong."""
    whole = {"", "全年"}
    if said.part == there.part or (
        said.part in whole and there.part in whole and _names_year(there)
    ):
        return True
    if said.part:
        return False
    return not _names_year(said) or there.part in {"年末", "全年"}


_MONTH = re.compile(r"\d{1,2}月")


def _in_month(said: Period, there: Period, around: str) -> bool:
    """Whether a month that a sentence names is that of a day which the evidence names."""
    return bool(_MONTH.fullmatch(said.part)) and not there.part and said.part in around


def _names_year(period: Period) -> bool:
    return bool(period.year) or period.relative is not None


# -- places and subjects -----------------------------------------------------------------------------


def _place_differs(mine: Claim, other: Claim, whole: str) -> Iterator[str]:
    fitting = [p for p in mine.places if any(_same_place(p, o, whole) for o in other.places)]
    # Where no place is named before the figure, it is of the one that is named at all.
    known = fitting or not other.places
    strange = [p for p in mine.places if p not in fitting and not (known and is_named(p, whole))]
    siblings = _siblings(other)
    left_out = siblings - set(mine.places) if siblings.issuperset(fitting) else frozenset()
    told = "、".join(other.places)
    if strange:
        yield f"的地点不符：原文为{told}" if told else f"的地点不符：原文没有说是{strange[0]}"
    elif fitting and left_out:
        yield f"的地点不符：原文是{told}合计"


def _siblings(claim: Claim) -> frozenset[str]:
    """Places listed side by side: what is said of them is said of all together."""
    listed = [
        pair
        for pair in itertools.pairwise(claim.places)
        if re.search(f"{re.escape(pair[0])}[、和与及]{re.escape(pair[1])}", claim.around)
    ]
    return frozenset(itertools.chain.from_iterable(listed))


def _same_place(mine: str, there: str, whole: str) -> bool:
    """钱塘 and 钱塘区 are one; 该区 is any district, and 全区 the one that the evidence names."""
    level, level_there = LEVELS.fullmatch(mine), LEVELS.fullmatch(there)
    if level:
        return there.endswith(level[1]) or not (STEM.search(there) or level_there)
    if level_there:
        return mine.endswith(level_there[1]) and is_named(mine, whole)
    return is_named(mine, there) or is_named(there, mine)


def _subject_differs(
    mine: Claim, other: Claim, theirs: Sequence[Claim], setting: Setting
) -> Iterator[str]:
    """Whether a claim is of another thing: what the sentence says fits another figure better.

    A word that is merely put otherwise says nothing; one that narrows, or stands against another, does.
    """
    there = "".join(other.subject) or "没有写明"
    told = "".join(mine.subject)
    if _contrasts(mine, other) or _narrows(mine, other, theirs):
        yield f"的主体不符：原文为“{there}”，不是“{told}”"
    elif _fits_better(mine, other, theirs, setting):
        yield f"的主体不符：原文为“{there}”，与“{told}”更相符的是另一个数"
    elif mine.subject and (lost := _widened(mine, other)):
        yield f"的主体不符：原文为“{there}”，句子没有说“{'、'.join(lost)}”"


def _contrasts(mine: Claim, other: Claim) -> bool:
    """开工 is not 签约: a word of a group in one where the other has another of it."""
    said = contrasting(canonical(mine.own or "".join(mine.subject)))
    there = contrasting(canonical("".join(other.subject) + other.own))
    return any(there[group] and not said[group] & there[group] for group in said if group in there)


def _narrows(mine: Claim, other: Claim, theirs: Sequence[Claim]) -> bool:
    """Whether a word makes the figure one of a part: not spoken of there, or of a later figure only."""
    at = next((n for n, claim in enumerate(theirs) if claim is other), 0)
    said = "".join((*other.readings, *(claim.own for claim in theirs[: at + 1])))
    later = [rival for rival in theirs[at + 1 :] if rival.role == other.role]
    return any(
        word not in other.around
        or (word not in said and any(word in rival.named for rival in later))
        for word in mine.subject
        if word in NARROWING
    )


def _widened(mine: Claim, other: Claim) -> list[str]:
    """The words without which the figure is one of a whole."""
    told = mine.around.replace("每人", "人均")
    return [word for word in other.named if word in NARROWING and word not in told]


def _fits_better(mine: Claim, other: Claim, theirs: Sequence[Claim], setting: Setting) -> bool:
    """Whether the sentence's words are rather said of another figure like it."""
    rivals = rivals_of(mine, other, theirs)
    if not rivals:
        return False
    fits = in_time(mine, setting)
    return is_misnamed(mine, other, rivals) or lead(mine, other, rivals, fits) < -SURE


def rivals_of(mine: Claim, other: Claim, theirs: Sequence[Claim]) -> list[Claim]:
    """The figures of the evidence that a figure of a sentence might be instead of one of its value."""
    if is_name(mine.quantity):
        return []
    return [
        rival
        for rival in theirs
        if rival.role == other.role
        and not same_value(mine.quantity, rival.quantity)
        and {rival.arrival, other.arrival} != {"from", "to"}
    ]


def in_time(mine: Claim, setting: Setting) -> Callable[[Claim], bool]:
    """Whether what a sentence says of the time of a figure fits one of the evidence."""
    return lambda claim: not any(_period_differs(mine, claim, setting))
