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
from dataclasses import dataclass
from decimal import Decimal

from qa.bindings import misbound, mistyped
from qa.claims import (
    CONTRASTS,
    DENIAL,
    NARROWING,
    Claim,
    Setting,
    canonical,
    claims,
    clauses,
    content_words,
    is_planned,
    places,
    sentences,
    weighs,
)
from qa.figures import dates, fold, number
from qa.quantities import Measured, quantities, same_unit
from qa.question import Period, stands_in, words, years_in_digits

Score = Callable[[str, str], float]
# Year, month, day and what is finer, of a date as written; None where it says none.
When = tuple[str | None, str | None, str | None, str]

# The share of its words that evidence has to hold, of each clause and of the sentence; chosen on
# pairs of our own: lower lets invented causes in, higher turns paraphrases away.
_ENOUGH, _ENOUGH_OF_A_CLAUSE = 0.7, 0.5
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
    texts = [_read(text, date) for text in texts if text.strip()]
    mine = _read(sentence, date)
    if not mine.strip():
        return Verdict(False, ("句子是空的，没有可核对的内容",))
    if not texts:
        return Verdict(False, ("没有给出原文，无从核对",))
    setting = Setting(*_published(date), context=_read(context, date))
    reasons = dict.fromkeys(_failures(mine, texts, setting, score))
    return Verdict(not reasons, tuple(reasons))


def _read(text: str, date: str) -> str:
    """A text folded, its dates in digits, and its 上月 and 昨日 as what they are."""
    plain = _HAN_DATE.sub(_date_in_digits, years_in_digits(fold(text))).replace("∶", ":")
    try:
        published = datetime.date.fromisoformat(date)
    except ValueError:
        return plain
    return _NEAR_TIME.sub(lambda match: _in_full(match.group(), published), plain)


_DAYS_AWAY = {
    "昨日": -1,
    "昨天": -1,
    "今日": 0,
    "今天": 0,
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


def _published(date: str) -> tuple[int, int]:
    """The year and month of a date; 0 and 12 where it is none."""
    found = re.match(r"(\d{4})(?:-(\d{1,2}))?", date)
    return (int(found[1]), int(found[2] or 12)) if found else (0, 12)


def _failures(
    sentence: str, texts: Sequence[str], setting: Setting, score: Score | None
) -> Iterator[str]:
    theirs = [claim for text in texts for claim in claims(text, setting)]
    own = Setting(setting.year, setting.month)
    for claim in claims(sentence, own):
        yield from _unsupported(claim, theirs, texts, setting)
    whole = "\n".join([*texts, setting.context])
    for check in (_titles, _times_named, _strengths, _causes, _denials, _duties):
        yield from check(sentence, whole, setting)
    yield from misbound(sentence, whole)
    yield from mistyped(sentence, whole)
    yield from _wording(sentence, texts, setting)
    if score is not None and max(score(sentence, text) for text in texts) < _LIKELY:
        yield "原文与句子的意思不够一致"


# -- figures ---------------------------------------------------------------------------------------


def _unsupported(
    mine: Claim, theirs: Sequence[Claim], texts: Sequence[str], setting: Setting
) -> Sequence[str]:
    """Why no claim of the evidence bears this one out; () if one does."""
    if mine.quantity.unit == "literal":
        return _unwritten(mine.quantity, texts, setting)
    alike = [c for c in theirs if _same_value(mine.quantity, c.quantity)]
    if not alike and _counts_its_list(mine):
        return ()
    if not alike and _is_between(mine.quantity, theirs):
        return ()
    if not alike and mine.quantity.written[0] == "一" and mine.quantity.low == 1:
        # 一个 counts nothing, but where the evidence counts the same otherwise.
        return (
            []
            if not any(same_unit(mine.quantity.unit, c.quantity.unit) for c in theirs)
            else [_no_such_value(mine.quantity, theirs)]
        )
    if not alike:
        return [_no_such_value(mine.quantity, theirs)]
    whole = "\n".join([*texts, setting.context])
    failures = [
        list(_differences(mine, other, theirs, whole, setting)) for other in alike[:_MOST_ALIKE]
    ]
    return min(failures, key=len)


_LIST = re.compile("^[^。]{0,12}?(?:分别[为是]|包括|即|为|是|:)([^。;]+)")


def _counts_its_list(mine: Claim) -> bool:
    """有三项,分别为甲、乙和丙: the count is right by the sentence itself, if it is of its own list."""
    at = mine.around.find(mine.quantity.written)
    listed = _LIST.match(mine.around[at + len(mine.quantity.written) :]) if at >= 0 else None
    items = re.split("、|和|以及|及", listed[1]) if listed else []
    return len(items) > 1 and len(items) == mine.quantity.low


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
        found = any(one.written in text for text in [*texts, setting.context])
        return () if found else [f"原文中没有“{one.written}”"]
    pattern = re.compile(rf"(?<![a-z\d.]){re.escape(one.written)}(?![a-z\d]|\.\d)")
    found = any(pattern.search(text) for text in [*texts, setting.context])
    return () if found else [f"原文中没有“{one.written}”"]


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
    if not same_unit(mine.unit, theirs.unit):
        return False
    if (mine.low, mine.high) == (theirs.low, theirs.high):
        return _same_bound(mine, theirs)
    exact = not theirs.bound or theirs.bound == mine.bound == "about"
    return exact and theirs.low == theirs.high and _rounds(mine, theirs.low)


def _same_bound(mine: Measured, theirs: Measured) -> bool:
    """超过100亿元 and 100亿元以上 say the same; about 5 is true of 5, and of nearly 5."""
    if mine.bound == "about":
        return theirs.bound in {"", "near", "about"}
    return mine.bound == theirs.bound or {mine.bound, theirs.bound} == {"over", "from"}


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
    for check in (_direction, _kind_of_figure, _standing):
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
        if not added:
            yield f"的方向不符：原文为{_CHANGES[other.change]}"
    elif not mine.change and mine.leaning and other.leaning and mine.leaning != other.leaning:
        yield f"的方向不符：原文为{_CHANGES[other.leaning]}"
    elif mine.change and (mine.base or "同比") != (other.base or "同比"):
        yield f"的比较基期不符：原文为{other.base or '同比'}"


def _kind_of_figure(mine: Claim, other: Claim) -> Iterator[str]:
    if mine.share and not other.share:
        yield "在原文中不是占比"
    if mine.new != other.new and "rise" not in {mine.change, other.change}:
        yield "在原文中是新增" if other.new else "在原文中不是新增"


def _standing(mine: Claim, other: Claim) -> Iterator[str]:
    if mine.planned != other.planned:
        yield (
            "在原文中是目标或计划，不是已有的结果"
            if other.planned
            else "在原文中是已有的结果，不是目标或计划"
        )
    if mine.denied != other.denied:
        yield "的否定不符：原文" + ("有否定" if other.denied else "没有否定")


# -- periods ---------------------------------------------------------------------------------------


def _period_differs(mine: Claim, other: Claim, setting: Setting) -> Iterator[str]:
    said, there = mine.period, other.period
    if mine.loosely and not _names_year(there):
        return
    if not _same_year(said, there, setting):
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


_LEVELS = re.compile("(?:全|本|我|该|整个)(新区|区|市|县|省|镇|乡|街道|国|州|村)")
_STEM = re.compile("(?:新区|高新区|开发区|自治区|自治州|街道|[省市区县镇乡村州])$")


def _place_differs(mine: Claim, other: Claim, whole: str) -> Iterator[str]:
    fitting = [p for p in mine.places if any(_same_place(p, o, whole) for o in other.places)]
    strange = [p for p in mine.places if p not in fitting and (not fitting or p not in whole)]
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
    level, level_there = _LEVELS.fullmatch(mine), _LEVELS.fullmatch(there)
    if level:
        return there.endswith(level[1]) or not (_STEM.search(there) or level_there)
    if level_there:
        return mine.endswith(level_there[1]) and _is_named(mine, whole)
    return _is_named(mine, there) or _is_named(there, mine)


def _stem(place: str) -> str:
    stem = _STEM.sub("", place)
    return stem if len(stem) > 1 else place


def _subject_differs(
    mine: Claim, other: Claim, theirs: Sequence[Claim], whole: str
) -> Iterator[str]:
    """Whether a claim is of another thing: one that is not there, one beside it, or a wider one."""
    there = "".join(other.subject) or "没有写明"
    added = [w for w in mine.subject if weighs(w) and not _speaks_of(w, other, whole)]
    if _contrasts(mine, other) or _matters(added, mine, other):
        told = "、".join(added) or "".join(mine.subject)
        yield f"的主体不符：原文为“{there}”，不是“{told}”"
        return
    lost = [
        word
        for word in other.named or other.subject
        if weighs(word) and not _speaks_of(word, mine, "")
    ]
    if mine.subject and (
        any(word in NARROWING for word in lost) or _fits_better(mine, other, theirs)
    ):
        yield f"的主体不符：原文为“{there}”，句子没有说“{'、'.join(lost)}”"


def _matters(added: Sequence[str], mine: Claim, other: Claim) -> bool:
    """Whether words that the evidence does not say of a figure make another of it.

    They do if they are the subject of another figure, if they narrow what it is, or if little is left.
    """
    left = [word for word in mine.subject if weighs(word) and word not in added]
    narrower = any(word in NARROWING or word in other.taken for word in added)
    return narrower or sum(map(len, added)) > _LITTLE * sum(map(len, left))


_LITTLE = 1.5


def _contrasts(mine: Claim, other: Claim) -> bool:
    """开工 is not 签约: a word of a group in one where the other has another of it."""
    for group in CONTRASTS:
        said, there = group.intersection(mine.subject), group.intersection(other.subject)
        if said and there and not said & there:
            return True
    return False


def _fits_better(mine: Claim, other: Claim, theirs: Sequence[Claim]) -> bool:
    """Whether the evidence has a figure like it of which the sentence's words are rather said."""
    rivals = [c for c in theirs if c.role == other.role and c.subject != other.subject]
    mine_words = "".join(mine.subject)
    best = _common(mine_words, other)
    return any(_common(mine_words, rival) > best for rival in rivals)


def _common(words: str, claim: Claim) -> float:
    """The share of a claim's subject that stands in words."""
    told = [word for word in claim.subject if weighs(word)]
    return sum(len(w) for w in told if stands_in(w, words)) / max(1, sum(map(len, told)))


def _speaks_of(word: str, claim: Claim, context: str) -> bool:
    """Whether a claim is of what a word names, and not another figure beside it."""
    if _share_of(word, "".join(claim.subject)) >= _ENOUGH_OF_A_WORD:
        return True
    return word not in claim.taken and (stands_in(word, claim.around) or stands_in(word, context))


def _ambiguous(mine: Claim, other: Claim, theirs: Sequence[Claim]) -> Iterator[str]:
    """What a sentence leaves out though the evidence gives several figures that differ by it."""
    rivals = [
        c for c in theirs if (c.subject, c.role, c.base) == (other.subject, other.role, other.base)
    ]
    if mine.period == Period() and len({c.period for c in rivals if _names_year(c.period)}) > 1:
        yield "没有写明期间，而原文有几个期间的数"
    if not mine.places and len({c.places for c in rivals if c.places}) > 1:
        yield "没有写明地点，而原文有几个地方的数"


# -- names, times and turns of phrase ------------------------------------------------------------------

_QUOTED = re.compile('《([^》]{1,60})》|[“"‘「『]([^”"’」』]{1,40})[”"’」』]')
_MARKS = re.compile('[“”"‘’「」『』《》\\s]')


def _titles(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    plain = _MARKS.sub("", whole)
    for match in _QUOTED.finditer(sentence):
        text = _MARKS.sub("", match[1] or match[2])
        if text not in plain:
            yield f"原文中没有“{text}”"


def _times_named(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    """Dates and years that the evidence does not give, or gives of something else."""
    theirs = list(_times(whole, setting))
    undated = "".join(clause for clause in _clauses(whole) if not _dated(clause))
    for clause in _clauses(sentence):
        counted = bool(quantities(clause))
        for text in _dated(clause):
            when = _when(text, setting)
            if counted and when[2] is None and not when[3]:
                continue
            here = [there for other, there in theirs if _same_time(when, other)]
            if not here and not _is_this_year(when, setting):
                yield f"原文中没有“{text}”"
            else:
                yield from _of_another_time(text, clause, "".join(here) + undated, whole)


def _is_this_year(when: When, setting: Setting) -> bool:
    return when[0] in {"今年", "本年", str(setting.year)} and when[1:] == (None, None, "")


def _clauses(text: str) -> list[str]:
    return [
        clause.of(span.of(text)) for span in sentences(text) for clause in clauses(span.of(text))
    ]


def _dated(clause: str) -> list[str]:
    """The dates of a clause, a stretch as its two ends."""
    return [
        end
        for span in dates(clause)
        for end in re.split(r"[至到~—–]|-(?=\d{4}年)", span.of(clause))
        if end
    ]


def _times(text: str, setting: Setting) -> Iterator[tuple[When, str]]:
    """The times of a text with their clauses; a date without a year is of the one named last."""
    year: str | None = str(setting.year) if setting.year else None
    for clause in _clauses(text):
        for dated in _dated(clause):
            when = _when(dated, setting)
            year = when[0] or year
            yield (year, *when[1:]), clause


_PARTS_OF_DATE = re.compile(
    r"(?:(?P<year>\d{4})(?:[年\-/]|$)|(?P<relative>今年|本年|去年|前年|明年|次年))?(?:(?P<month>\d{1,2})[月\-/](?:(?P<day>\d{1,2})[日号]?)?)?(?P<rest>.*)"
)
_YEARS_AWAY = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "明年": 1}


def _when(text: str, setting: Setting) -> When:
    """What a date as written says."""
    found = _PARTS_OF_DATE.match(text)
    assert found is not None
    year = found["year"] or found["relative"]
    if found["relative"] in _YEARS_AWAY and setting.year:
        year = str(setting.year + _YEARS_AWAY[found["relative"]])
    month = str(int(found["month"])) if found["month"] else None
    day = str(int(found["day"])) if found["day"] else None
    return year, month, day, re.sub("^年?[末底初内]", "", found["rest"])


def _same_time(mine: When, theirs: When) -> bool:
    """Whether what a sentence says of a time, the evidence says too; a year may be left out."""
    return (
        mine[0] in {None, theirs[0]}
        and mine[1] in {None, theirs[1]}
        and (mine[2] is None or mine[2] == theirs[2])
    )


def _of_another_time(text: str, clause: str, here: str, whole: str) -> Iterator[str]:
    known = [w for w in content_words(clause) if stands_in(w, whole)]
    strange = [w for w in known if not stands_in(w, here)]
    if 2 * sum(map(len, strange)) > sum(map(len, known)):
        yield f"“{text}”说的不是同一件事：原文那里没有“{'、'.join(strange)}”"


# What is added to make a sentence say more than its evidence; a word of a group needs one of it.
_STRENGTHS = (
    re.compile("全部|全额|所有|一律|全体|任何|无一例外"),
    re.compile("唯一|独家|仅有|只有|仅(?![次需])"),
    re.compile("首个|首家|首次|首座|首条|首批|首例|率先|第一"),
    re.compile("历史新高|创新高|历史最"),
    re.compile("翻番|翻了?[一两]番"),
    re.compile("连续"),
    re.compile("超额|提前"),
)
_MOST = re.compile("最[\u4e00-\u9fff]")


def _strengths(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    for pattern in _STRENGTHS:
        found = pattern.search(sentence)
        if found and not pattern.search(whole):
            yield f"原文没有说“{found.group()}”"
    for match in _MOST.finditer(
        re.sub(r"最[\u4e00-\u9fff](?=[\u4e00-\u9fff]{0,3}\d)", "", sentence)
    ):
        if match.group() not in whole and match.group() not in {
            "最高",
            "最多",
            "最低",
            "最少",
            "最近",
            "最后",
            "最终",
        }:
            yield f"原文没有说“{match.group()}”"


_CAUSE = re.compile(
    "由于|因为|得益于|受益于|受.{1,14}?影响|导致|使得|促使|致使|归因于|归功于|缘于|源于|"
    "在.{2,16}?(?:带动|推动|拉动|作用|影响|支持|支撑)下"
)


def _causes(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    found = _CAUSE.search(sentence)
    if found and not (_CAUSE.search(whole) or re.search("带动|推动|拉动|支撑|因", whole)):
        yield f"原文没有说原因（“{found.group()}”）"


def _denials(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    """Words that the evidence denies and the sentence does not, or the other way round."""
    theirs: dict[str, set[bool]] = {}
    for word, denied in _polarities(whole):
        theirs.setdefault(word, set()).add(denied)
    for word, denied in _polarities(sentence):
        known = theirs.get(word)
        if known and denied not in known:
            yield f"“{word}”的否定不符：原文" + ("没有否定" if denied else "有否定")


def _polarities(text: str) -> Iterator[tuple[str, bool]]:
    """The words of a text, each with whether a word of denial governs it: the verbs close after one."""
    for clause in _clauses(text):
        for place, part in enumerate(DENIAL.split(clause)):
            denied = set(_denied(part)) if place else set()
            yield from ((word, word in denied) for word in content_words(part))


def _denied(part: str) -> Iterator[str]:
    """What stands right after a word of denial, and the verbs close after that up to a 的."""
    told = content_words(part.split("的")[0])[:_CLOSE]
    if told and re.match(f"[了再能得会有]?{re.escape(told[0])}", part):
        yield told[0]
        yield from (word for word in told[1:] if all(tag[0] == "v" for _, tag in words(word)))


_CLOSE = 3


_MUST = re.compile("必须|应当|务必|(?<!相)应(?![用对急收届变聘邀])|不得|须|严禁|禁止")
_OBLIGES = re.compile(f"{_MUST.pattern}|要|需|请|方可|才能|才可|限|责令|规定|超过")
_NEEDLESS = re.compile("(?:不|无|毋)(?:需|须|要求|必|用)|免于|免予|可不")
_MAY = re.compile("可以|可(?![能支持靠行见再观信比])|鼓励|自愿|允许|能够")


def _duties(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    if _MUST.search(sentence) and not _OBLIGES.search(whole):
        yield "原文没有说必须"
    if _MAY.search(sentence) and not _MAY.search(whole) and _MUST.search(whole):
        yield "原文说的是必须，不是可以"
    if _NEEDLESS.search(sentence) and not _NEEDLESS.search(whole):
        yield "原文没有说不需要"


# -- the wording -----------------------------------------------------------------------------------------


def _wording(sentence: str, texts: Sequence[str], setting: Setting) -> Iterator[str]:
    """Whether the words of a sentence stand in its evidence, and its plans are plans there."""
    whole = canonical("\n".join([*texts, setting.context]))
    for name in (p for clause in _clauses(sentence) for p in places(clause)):
        if not _LEVELS.fullmatch(name) and not _is_named(name, whole):
            yield f"原文中没有“{name}”"
    covered = total = 0.0
    for clause in _clauses(sentence):
        told = [word for word in content_words(clause) if weighs(word)]
        weight = sum(map(len, told))
        missing = [word for word in told if _share_of(word, whole) < _ENOUGH_OF_A_WORD]
        share = weight - sum(map(len, missing))
        if weight >= _LONG_ENOUGH and share < _ENOUGH_OF_A_CLAUSE * weight:
            yield f"原文没有说“{'、'.join(missing)}”"
        covered, total = covered + share, total + weight
    if total and covered < _ENOUGH * total:
        yield "句子的说法在原文中大半找不到"
    yield from _plans(sentence, texts)


def _is_named(place: str, text: str) -> bool:
    """Whether a place is named, with or without what the cutter took for its beginning."""
    return _stem(place) in text or any(place[i:] in text for i in range(1, len(place) - 2))


_ENOUGH_OF_A_WORD, _LONG_ENOUGH = 0.6, 4


def _share_of(word: str, text: str) -> float:
    """How much of a word stands in a text: whole, or by its pairs of characters."""
    if stands_in(word, text):
        return 1.0
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    return sum(pair in text for pair in pairs) / len(pairs) if len(word) > 2 else 0.0


def _plans(sentence: str, texts: Sequence[str]) -> Iterator[str]:
    """Clauses whose nearest clauses in the evidence are plans where they are none, or the other way."""
    theirs = [pair for text in texts for pair in _with_plans(text)]
    for clause, planned in _with_plans(sentence):
        told = content_words(clause)
        counts = [sum(len(w) for w in told if stands_in(w, other)) for other, _ in theirs]
        best = max(counts, default=0)
        if 2 * best < sum(map(len, told)) or not best:
            continue
        alike = [
            is_plan for (_, is_plan), count in zip(theirs, counts, strict=True) if count == best
        ]
        if planned not in alike:
            yield (
                "原文说的是已有的事，不是计划" if planned else "原文说的是计划或目标，不是已有的事"
            )


def _with_plans(text: str) -> Iterator[tuple[str, bool]]:
    for span in sentences(text):
        sentence = span.of(text)
        parts = [clause.of(sentence) for clause in clauses(sentence)]
        for place, clause in enumerate(parts):
            yield clause, is_planned(clause, parts[:place][::-1][:_FEW])


_FEW = 6
