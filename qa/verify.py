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

from qa.attached import NAMING, astray
from qa.bindings import misbound, mistyped, unnamed
from qa.claims import (
    NARROWING,
    Claim,
    Setting,
    alike,
    canonical,
    claims,
    content_words,
    contrasting,
    is_plan_only_here,
    is_plan_only_there,
    weighs,
)
from qa.figures import fold, number
from qa.quantities import Measured, same_unit
from qa.question import Period, years_in_digits
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
    texts = [evidence] if isinstance(evidence, str) else list(evidence)
    texts = [_with_months(_read(text, date)) for text in texts if text.strip()]
    mine = _read(sentence, date)
    if not mine.strip():
        return Verdict(False, ("句子是空的，没有可核对的内容",))
    if not texts:
        return Verdict(False, ("没有给出原文，无从核对",))
    year, month, day = _published(date)
    setting = Setting(year, month, _read(context, date), day)
    mine = _of_its_month(mine, texts)
    reasons = dict.fromkeys(_failures(mine, texts, setting))
    if not reasons and score is not None and score(mine, "\n".join(texts)) < _LIKELY:
        reasons["原文与句子的意思不够一致"] = None
    return Verdict(not reasons, tuple(reasons))


def _read(text: str, date: str) -> str:
    """A text folded, its dates in digits, and its 上月 and 昨日 as what they are."""
    plain = _HAN_DATE.sub(_date_in_digits, years_in_digits(fold(text))).replace("∶", ":")
    plain = _CLOCK.sub(_on_the_clock, re.sub(r"(?<=\d)比(?=\d)", ":", plain))
    try:
        published = datetime.date.fromisoformat(date)
    except ValueError:
        return plain
    return _NEAR_TIME.sub(lambda match: _in_full(match.group(), published), plain)


_CLOCK = re.compile(
    r"(?P<half>上午|中午|下午|傍晚|晚上|夜间|夜里|早上|早晨|清晨|凌晨|[早晚])?(?<![\d:.])(?P<hour>\d{1,2})"
    r"(?:[时点](?:(?P<minute>\d{1,2})分?|(?P<thirty>半)|整|钟)?(?![时间代期候名点])|:(?P<colon>\d\d)(?![\d:]))"
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


def _failures(sentence: str, texts: Sequence[str], setting: Setting) -> Iterator[str]:
    theirs = [claim for text in texts for claim in claims(text, setting)]
    own = Setting(setting.year, setting.month, day=setting.day)
    for claim in claims(sentence, own):
        yield from _unsupported(claim, theirs, texts, setting)
    whole = "\n".join([*texts, setting.context])
    yield from astray(sentence, texts, _same_value)
    yield from misbound(sentence, whole)
    yield from mistyped(sentence, whole)
    yield from unnamed(sentence, whole)
    yield from unsaid(sentence, texts, setting)


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
        if _same_value(mine.quantity, c.quantity) or _is_its_limit(mine.quantity, c)
    ]
    if not fitting and (_counts_its_list(mine) or _is_first(mine, texts)):
        return ()
    if not fitting and _is_between(mine.quantity, theirs):
        return ()
    every = f"每{mine.quantity.written[1:]}"
    if not fitting and mine.quantity.written[0] == "一" and any(every in text for text in texts):
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
    items = re.split("、|和|以及|及", listed[1]) if listed else []
    return len(items) > 1 and len(items) == mine.quantity.low


_IN_TURN = re.compile("依次[为是]([^。;]+)")


def _is_first(mine: Claim, texts: Sequence[str]) -> bool:
    """第一次 is 首次; of 依次为甲、乙、丙, the second is 乙."""
    unit, number = mine.quantity.unit, int(mine.quantity.low)
    if unit[:1] != "第" or number < 1:
        return False
    if number == 1 and unit != "第位" and any(f"首{unit[1:]}" in text for text in texts):
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
        ways = (*_ways(re.sub("^每(?:隔)?个?", "", one.written)), one.written)
        found = any(way in text for text in [*texts, setting.context] for way in ways)
        return () if found else [f"原文中没有“{one.written}”"]
    pattern = re.compile(rf"(?<![a-z\d.]){re.escape(one.written)}(?![a-z\d]|\.\d)")
    found = any(pattern.search(text) for text in [*texts, setting.context])
    return () if found else [f"原文中没有“{one.written}”"]


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
    "upto": "不超过", "near": "近", "about": "约"}  # fmt: skip


def _digits(written: str) -> str:
    return "".join(re.findall(r"[\d.]", written))


def _same_value(mine: Measured, theirs: Measured) -> bool:
    """Whether a figure of the evidence makes one of the sentence true."""
    if mine.unit == "倍" and theirs.unit == "番":
        return mine.low == 2**theirs.low
    if not (same_unit(mine.unit, theirs.unit) or _leaves_its_unit(mine, theirs)):
        return False
    if (mine.low, mine.high) == (theirs.low, theirs.high):
        return _same_bound(mine, theirs)
    exact = not theirs.bound or theirs.bound == mine.bound == "about"
    return exact and theirs.low == theirs.high and _rounds(mine, theirs.low)


def _leaves_its_unit(mine: Measured, theirs: Measured) -> bool:
    """人口43.7万 is of 43.7万人."""
    return not mine.unit and theirs.unit in {"人", "户", "家", "件"} and mine.written[-1] in "万亿"


def _same_bound(mine: Measured, theirs: Measured) -> bool:
    """超过100亿元 and 100亿元以上 say the same; about 5 is true of 5, and of nearly 5."""
    if mine.bound == "about":
        return theirs.bound in {"", "near", "about"}
    return mine.bound == theirs.bound or {mine.bound, theirs.bound} == {"over", "from"}


_LIMIT = re.compile("限额|额度|上限|封顶|最高|最多")


def _is_its_limit(mine: Measured, other: Claim) -> bool:
    """最多30元 is 封顶30元."""
    there = other.quantity
    return (
        mine.bound == "upto"
        and not there.bound
        and bool(_LIMIT.search(other.around))
        and _same_value(replace(mine, bound=""), there)
    )


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
    yield from (
        f"“{written}”{reason}" for reason in _subject_differs(mine, other, theirs, canonical(whole))
    )
    yield from (f"“{written}”{reason}" for reason in _ambiguous(mine, other, theirs))


_CHANGES = {"rise": "增长", "fall": "下降", "": "水平，不是增减"}


def _direction(mine: Claim, other: Claim) -> Iterator[str]:
    added = (mine.new and other.change == "rise") or (other.new and mine.change == "rise")
    if mine.change != other.change:
        if not added and not _tells_by_how_much(mine, other):
            yield f"的方向不符：原文为{_CHANGES[other.change]}"
    elif not mine.change and mine.leaning and other.leaning and mine.leaning != other.leaning:
        yield f"的方向不符：原文为{_CHANGES[other.leaning]}"
    elif (mine.change or (mine.base and other.base)) and not _same_base(mine, other):
        yield f"的比较基期不符：原文为{other.base or '同比'}"


# 超警戒水位1.42米 and 落后榜首4分, the figure last.
_EXCEEDS = re.compile("(?:领先|落后|超出?(?!过|市|级|额|大|高))[\u4e00-\u9fff]{2,8},")


def _tells_by_how_much(mine: Claim, other: Claim) -> bool:
    """Whether both tell how far something is from another: 比警戒水位高1.42米 is 超警戒水位1.42米."""
    return (
        mine.leaning == other.leaning != ""
        and not mine.arrival
        and not other.arrival
        and any(_EXCEEDS.search(one.own) for one in (mine, other))
    )


_OF_A_WHOLE = re.compile("占|比例|比重|份额|率|其中|[余剩]")
_ANEW = re.compile("[新再增又]")


def _same_base(mine: Claim, other: Claim) -> bool:
    """环比 of June is 比5月; where nothing is said, it is 同比."""
    bases = {_plain_base(mine), _plain_base(other)}
    if "环比" in bases and len(bases) == 2:
        month = re.fullmatch(r"(\d{1,2})月", min(bases - {"环比"}))
        parts = {mine.period.part, other.period.part}
        return bool(month) and f"{int(month[1]) % 12 + 1}月" in parts if month else False
    return len(bases) == 1


def _plain_base(claim: Claim) -> str:
    """What is compared with, by one name: of 2024, 比2023年 is 同比, and 比2023年末 is 较年初."""
    last = str(claim.period.year - 1)
    return {"": "同比", last: "同比", f"{last}年末": "年初"}.get(claim.base, claim.base)


def _kind_of_figure(mine: Claim, other: Claim) -> Iterator[str]:
    if mine.share and not other.share and not _OF_A_WHOLE.search(other.around):
        yield "在原文中不是占比"
    if mine.per and not _counted_by(mine.per, other):
        yield f"的计数单位不符：原文为“{other.per or '没有写明'}”"
    told = other.new or not _ANEW.search(other.own)
    counts = mine.quantity.unit not in NAMING and not mine.change and not other.change
    if mine.new != other.new and counts and told:
        yield "在原文中是新增" if other.new else "在原文中不是新增"


def _counted_by(per: str, other: Claim) -> bool:
    """Whether a figure is counted by what a sentence says: 日均 is 每天."""
    units = re.findall("每(人|户|年|月|周|天|日|[^每]+)", per)
    there = other.per or other.around
    return all(any(f"{way}" in there for way in _ways(unit)) for unit in units)


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
        )
    )


def _standing(mine: Claim, other: Claim) -> Iterator[str]:
    if mine.quantity.unit == "第期":
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
    mine: Claim, other: Claim, theirs: Sequence[Claim], whole: str
) -> Iterator[str]:
    """Whether a claim is of another thing: what the sentence says fits another figure better.

    A word that is merely put otherwise says nothing; one that narrows, or stands against another, does.
    """
    there = "".join(other.subject) or "没有写明"
    told = "".join(mine.subject)
    if _contrasts(mine, other) or _narrows(mine, other, theirs):
        yield f"的主体不符：原文为“{there}”，不是“{told}”"
    elif mine.subject and _fits_better(mine, other, theirs):
        yield f"的主体不符：原文为“{there}”，与“{told}”更相符的是另一个数"
    elif mine.subject and (lost := _widened(mine, other)):
        yield f"的主体不符：原文为“{there}”，句子没有说“{'、'.join(lost)}”"


def _contrasts(mine: Claim, other: Claim) -> bool:
    """开工 is not 签约: a word of a group in one where the other has another of it."""
    said = contrasting(mine.own or "".join(mine.subject))
    there = contrasting("".join(other.subject) + other.own)
    return any(there[group] and not said[group] & there[group] for group in said if group in there)


def _narrows(mine: Claim, other: Claim, theirs: Sequence[Claim]) -> bool:
    """Whether a word makes the figure one of a part: it is not said there, or of another figure only."""
    return any(
        word not in other.around
        or (
            not any(word in reading for reading in other.readings)
            and any(word in rival.named for rival in theirs if rival.role == other.role)
        )
        for word in mine.subject
        if word in NARROWING
    )


def _widened(mine: Claim, other: Claim) -> list[str]:
    """The words without which the figure is one of a whole."""
    return [word for word in other.named if word in NARROWING and word not in mine.around]


def _fits_better(mine: Claim, other: Claim, theirs: Sequence[Claim]) -> bool:
    """Whether the sentence's words are rather said of another figure like it."""
    rivals = [
        rival
        for rival in theirs
        if rival.role == other.role
        and rival.subject != other.subject
        and not _same_value(mine.quantity, rival.quantity)
        and not (mine.days == other.days != rival.days)
    ]
    own, told = "".join(mine.named), "".join(mine.subject)
    if own and own != told and max(_fit(own, one) for one in (other, *rivals)) > _SOME:
        told = own
    clearly = _CLEARLY if any(map(weighs, mine.named)) else 2 * _CLEARLY
    best = _fit(told, other)
    return any(_fit(told, rival) > best + clearly for rival in rivals)


def _fit(told: str, claim: Claim) -> float:
    """How well words say what a figure is of: more if they say all that stands by it."""
    named = [word for word in claim.named or claim.subject if weighs(word)]
    wholly = bool(named) and all(word in told for word in named)
    return max((alike(told, one) for one in claim.readings), default=0.0) + _WHOLLY * wholly


_CLEARLY, _WHOLLY, _SOME = 0.12, 0.3, 0.25


def _ambiguous(mine: Claim, other: Claim, theirs: Sequence[Claim]) -> Iterator[str]:
    """What a sentence leaves out though the evidence gives several figures that differ by it."""
    if mine.quantity.unit[:1] == "第":
        return
    rivals = [
        c for c in theirs if (c.subject, c.role, c.base) == (other.subject, other.role, other.base)
    ]
    differ = [c.own for c in rivals if c.period != other.period]
    if any(w in other.own and not any(w in own for own in differ) for w in content_words(mine.own)):
        return
    if mine.period == Period() and len({c.period for c in rivals if _names_year(c.period)}) > 1:
        yield "没有写明期间，而原文有几个期间的数"
    told = any(is_named(place, mine.around) for place in other.places)
    named = {frozenset(p for p in c.places if not LEVELS.fullmatch(p)) for c in rivals}
    if not mine.places and not told and len(named - {frozenset()}) > 1:
        yield "没有写明地点，而原文有几个地方的数"
