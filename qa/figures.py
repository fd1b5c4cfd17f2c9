"""Quantities and dates in Chinese text: where they stand, what they count, whether they are a change.

Pure. It finds what a reader may answer with, and what a quantity comes to. Han characters are word
characters to Python's `re`, so no pattern here rests on a word boundary.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from index.types import Span

Kind = Literal["money", "percent", "count", "duration", "measure", "number"]

_MONEY = "人民币元|美元|欧元|港元|日元|英镑|元|块钱|块"
_PERCENT = "%|‰|个百分点|个基点|倍|成|折"
_DURATION = "个工作日|个自然日|个?日历[天日]|个多?月|个多?季度|个多?小时|工作日|小时|分钟|周年|年|天|日|周(?!岁)|秒"
_MEASURE = (
    "微克|毫克|厘米|毫米|公尺|公分|英尺|英寸|英里|海里|平方英里|平方公尺|平方厘米|平方公里|平方千米|平方米|平米|立方米|公里|千米|公顷|千瓦时|千瓦|兆瓦|吨标准煤|吨|公斤|市斤|斤|千克|"
    "米|亩|度|标箱|吉瓦|克|毫升|升|摄氏度|℃|㎡|TEU|GB|TB|MB"
)
_COUNT = (
    "人次|户次|车次|架次|个|家|项|所|名|人|户|件|条|座|处|台|套|辆|艘|架|场|次|批次|批|期|届|位|支|篇|"
    "份|部|本|张|间|栋|幢|类|种|款|门|级|层|村|枚|只|头|株|棵|周岁|岁|分|页|字|轮|步|组|对|宗|笔|单|"
    "片|幅|块|席|床|班|路|站|口|根(?![据本源])"
)
# No quantity has more characters: what goes on longer is no number, and costs no time.
_LONGEST = 40
# A word of change stands near its figure.
_CLAUSE_REACH = 160
UNIT = re.compile(
    f"(?P<percent>{_PERCENT})|(?P<money>{_MONEY})|(?P<duration>{_DURATION})"
    f"|(?P<measure>{_MEASURE})|(?P<count>{_COUNT})"
)
_DIGITS = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_HAN = "[零〇一二两三四五六七八九十百千万亿]+"
# 万千瓦 is ten thousand 千瓦.
_SCALE = "(?:[十百万亿]|千(?![瓦米克])){0,4}"
_RANGE = "[-—–~～至到]{1,2}"
_NUMBER = re.compile(
    f"(?:百分之(?P<fraction>{_HAN}(?:点{_HAN})?|{_DIGITS}))"
    f"|(?P<low>(?:{_DIGITS}))(?P<lowunit>%(?={_RANGE}(?:{_DIGITS})%)|{_SCALE}(?:{_MONEY})?|个百分点)?{_RANGE}(?P<high>{_DIGITS}){_SCALE}"
    # A minus stands after a space, as in a cell of a table; elsewhere it joins or divides.
    f"|(?P<digits>(?:(?<= )[-−])?(?:{_DIGITS})){_SCALE}"
    f"|第?(?P<han>{_HAN})"
)
# 40余人 and 1000余万元 are whole with what they exceed.
_ODD = re.compile(f"[余多来][百千万亿]{{0,2}}(?={UNIT.pattern})")
_BOUND_BEFORE = re.compile(
    "(?:不低于|不少于|不超过|不高于|不得超过|不大于|不小于|突破|超过|超出|高于|低于|少于|多于|将近|接近|大约|"
    "约为|至少|至多|最高|最多|最低|多达|高达|超|逾|近|约|满|每|"
    # What it is counted by is part of it: 每立方米31微克.
    "每(?:立方米|平方米|平方公里|公里|亩|吨|千克|公斤|升))$"
)
# 上百家, 过亿元.
_ROUNDLY = re.compile("[上过破]$")
_BOUND_AFTER = re.compile("^(?:以上|以下|以内|之内|左右|上下|余|多(?!少))")
# "500强企业", "4A级", "千亿级": a rank or class, no count of anything.
_NAME_AFTER = re.compile("(?:强|级|型|式|版|后$|号|届|[A-Za-z]级)")
_RISE = "增长|增加|提高|提升|上升|上涨|上浮|扩大|增|涨|升"
_FALL = "下降|减少|降低|下滑|回落|收窄|下跌|缩减|压减|下调|降|减|跌"
_CHANGE = re.compile(f"(?P<rise>{_RISE})|(?P<fall>{_FALL})")
# 同比分别增长3.8%和6.1%: of the later ones as of the first.
_IN_TURN = re.compile(
    rf"(?P<base>同比|环比)?分别(?:{_CHANGE.pattern})(?:[\d.]+(?:%|个百分点)[、和及])+$"
)
# What may stand between a word of change and its figure.
_CHANGE_GAP = re.compile(
    r"^(?:幅度?|速度?|率|了|为|达到?|至|约|超过?|近|逾|突破|到|在|[:：]|\s|高达|不低于|以上|左右|保持|均|年均|分别|至少)*$"
)
_BASE = re.compile("同比|环比|比上年|较上年|比去年|较去年|上年同期|去年同期|年均|比上月|较年初")


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity: `span` with its bound ("超千家", "10家以上"), `core` without it.

    `unit` is as written, without its scale. `change` says that it tells a rise or fall and not a
    level; `base` what it is compared with, as written ("同比"), or "".
    """

    span: Span
    core: Span
    kind: Kind
    unit: str
    change: Literal["", "rise", "fall"] = ""
    base: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """What a quantity comes to, with its scale multiplied out; `low` is `high` but in a range."""

    low: Decimal
    high: Decimal
    unit: str


def fold(text: str) -> str:
    """Full-width to half-width and capitals to small, one character for one: offsets stay.

    >>> fold("增长７１．４％，ＧＤＰ")
    '增长71.4%,gdp'
    """
    return "".join(_folded(character) for character in text)


def figures(text: str) -> list[Figure]:
    """The quantities of a sentence or clause, in order; offsets are those of `text`.

    >>> [(f.span.of("企业超千家，增长7.1%"), f.kind, f.change) for f in figures("企业超千家，增长7.1%")]
    [('超千家', 'count', ''), ('7.1%', 'percent', 'rise')]
    """
    folded = fold(text)
    found: list[Figure] = []
    for match in _NUMBER.finditer(folded):
        # "百分" in 3.2个百分点 is a unit, not a number.
        if found and match.start() < found[-1].span.end:
            continue
        figure = _figure(folded, match)
        if figure is not None:
            found.append(figure)
    return found


def amount(text: str, figure: Figure) -> Amount:
    """What a figure of `figures(text)` comes to.

    >>> text = "投资175.42亿元，占三成，超千家"
    >>> [(float(a.low), a.unit) for a in (amount(text, f) for f in figures(text))]
    [(17542000000.0, '元'), (30.0, '%'), (1000.0, '家')]
    """
    # Its own characters are enough, and folding them alone keeps a long text cheap.
    core = _ODD_INSIDE.sub("", fold(figure.core.of(text)))
    match = _NUMBER.match((" " if core[:1] in "-−" else "") + core, int(core[:1] in "-−"))
    if match is None:
        raise ValueError(f"{figure.core.of(text)!r} is no figure")
    low, high = _ends(match.string, match)
    unit = "元" if figure.unit in {"块", "块钱", "人民币元"} else figure.unit
    if unit == "成":
        return Amount(low * 10, high * 10, "%")
    return Amount(low, high, unit)


_ODD_INSIDE = re.compile("(?<=[\\d十百千万亿])[余多来]")


def _ends(text: str, match: re.Match[str]) -> tuple[Decimal, Decimal]:
    """The low and high of a number with its scale; a range may name the scale once."""
    if match.group("fraction"):
        return _one(match.group("fraction"))
    if match.group("low") is None:
        return _one(match.group())
    high = text[match.start("high") : match.end()]
    scale = re.sub(r"[\d.,]", "", high)
    low = match.group("low") + (re.sub("[^十百千万亿]", "", match.group("lowunit") or "") or scale)
    return number(low), number(high)


def _one(written: str) -> tuple[Decimal, Decimal]:
    value = number(written)
    return value, value


_DIGIT_OF = {**{c: i for i, c in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2}


def number(written: str) -> Decimal:
    """A number in digits or Han characters, with what it is multiplied by.

    >>> [f"{number(n):f}" for n in ("1,200万", "三千五百亿", "一亿二千万", "七点五", "-8.8", "千亿")]
    ['12000000', '350000000000', '120000000', '7.5', '-8.8', '100000000000']
    """
    for scale, times in (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10)):
        head, found, tail = written.rpartition(scale)
        if found:
            return (number(head) if head else Decimal(1)) * times + number(tail)
    plain = written.replace(",", "").replace("−", "-").replace("点", ".")
    return Decimal("".join(str(_DIGIT_OF.get(c, c)) for c in plain) or "0")


def _figure(text: str, match: re.Match[str]) -> Figure | None:
    if match.end() - match.start() > _LONGEST:
        return None
    if match.group("fraction"):
        return _dressed(text, Span(match.start(), match.end()), "percent", "%")
    if match.group().startswith("第"):
        return None
    odd = _ODD.match(text, match.end())
    unit = UNIT.match(text, odd.end() if odd else match.end())
    if unit is None:
        return _bare(text, match)
    kind: Kind = unit.lastgroup  # type: ignore[assignment]
    end = unit.end()
    if (kind == "count" and unit.group() == "级") or _NAME_AFTER.match(text, end):
        return None
    if kind == "duration" and _is_date(text, match, unit):
        return None
    # 7时30分 is a time of day.
    if unit.group() == "分" and text[match.start() - 1 : match.start()] in {"时", "点", ":"}:
        return None
    han = match.group("han")
    if han and not _counts(han + "余" * bool(odd), kind, text, match.start()):
        return None
    return _dressed(text, Span(match.start(), end), kind, unit.group().replace("个多", "个"))


def _bare(text: str, match: re.Match[str]) -> Figure | None:
    """A number without a unit counts only in digits, and if it is no part of a name or date."""
    if (
        match.group("han")
        or re.match(r"0\d", match.group())
        or _NAME_AFTER.match(text, match.end())
    ):
        return None
    around = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
    if re.search(r"[A-Za-z0-9\-/.:〔〕\[\]号月日时]", around):
        return None
    return _dressed(text, Span(match.start(), match.end()), "number", "")


def _counts(number: str, kind: Kind, text: str, start: int) -> bool:
    """Whether a Han number really counts: not 一 in 一个, nor part of a word as in 十分.

    With 余 behind it, it does: 十余年.
    """
    if number == "十" and (kind not in {"count", "duration"} or text[start + 1] in "分字位足"):
        return False
    # 超万家 is more than ten thousand; 万 alone stands for all there are.
    bounded = number[1:] == "余" or (start > 0 and text[start - 1] in "超逾近过约达上破")
    if number[0] in "万亿" and not bounded:
        return False
    if number in "百千" and kind not in {"count", "money", "percent"}:
        return False
    if text.startswith("百分", start) or (start and text[start - 1] in "第每统逐同进万几数"):
        return False
    return not (number == "一" and kind in {"count", "duration"})


_LASTS = re.compile(
    "(?:时限|期限|工期|时长|为期|历时|不超过|最[长短]|延长|缩短|压[缩减])[为是约至到]?[:：]?$"
)


def _is_date(text: str, match: re.Match[str], unit: re.Match[str]) -> bool:
    """2023年, 11月9日, 5日: a point in time, while 3年, 15日内 and 30天 are a length."""
    if unit.group() == "年":
        digits = match.group("digits") or match.group("high") or ""
        return len(digits) == 4 and digits[:2] in {"19", "20", "21"}
    if unit.group() == "日":
        return text[match.start() - 1 : match.start()] == "月" or not (
            text.startswith(("内", "以内", "前", "之内"), unit.end())
            or _LASTS.search(text[: match.start()][-6:])
        )
    return False


def _dressed(text: str, core: Span, kind: Kind, unit: str) -> Figure:
    before = text[max(0, core.start - 14) : core.start]
    bound = _BOUND_BEFORE.search(before)
    if bound is None and text[core.start] in "百千万亿":
        bound = _ROUNDLY.search(before)
    start = core.start - len(bound.group()) if bound else core.start
    after = _BOUND_AFTER.match(text[core.end : core.end + 2])
    end = core.end + after.end() if after else core.end
    change, base = _change(text[max(0, start - _CLAUSE_REACH) : start])
    return Figure(Span(start, end), core, kind, unit, change, base)


def _change(before: str) -> tuple[Literal["", "rise", "fall"], str]:
    """The word of change that governs a figure, if one stands right before it, and its base."""
    if in_turn := _IN_TURN.search(before):
        return ("rise" if in_turn.group("rise") else "fall"), in_turn["base"] or ""
    clause = re.split(r"[,;。、(]", before)[-1]
    last: re.Match[str] | None = None
    for match in _CHANGE.finditer(clause):
        last = match
    if last is None or not _CHANGE_GAP.match(clause[last.end() :]):
        return "", ""
    # 增长到 and 提高至 tell where a figure arrived, not by how much it changed.
    if clause[last.end() :].startswith(("到", "至")):
        return "", ""
    base = _BASE.search(clause)
    return ("rise" if last.group("rise") else "fall"), (base.group() if base else "")


_DATE = re.compile(
    # 1861至1865年 is one stretch.
    rf"(?:(?:\d{{4}}{_RANGE})?"
    r"(?:[12]\d{3}|[一二]〇[〇一二三四五六七八九]{2})年(?!度)(?:\d{1,2}月(?:\d{1,2}[日号])?|年?底|年?末|初)?"
    r"|\d{1,2}月(?:\d{1,2}[日号]|底|末|初|上旬|中旬|下旬)?"
    r"|\d{4}[-/]\d{1,2}[-/]\d{1,2}"
    r"|(?:每月|次月|当月|每年)\d{1,2}[日号]|(?:每周|周|星期)[一二三四五六日天]"
    r"|(?:今|明|去|前|次)年(?:\d{1,2}月(?:\d{1,2}[日号])?|底|初|末)?)"
    r"(?:(?:上午|下午|晚上|晚|早上)?\d{1,2}(?:[:时点]\d{0,2}分?))?"
)


def dates(text: str) -> list[Span]:
    """The points and stretches of time in a text: "2024年3月1日至4月30日" is one.

    >>> [s.of("自2024年3月1日至4月30日申报") for s in dates("自2024年3月1日至4月30日申报")]
    ['2024年3月1日至4月30日']
    """
    folded = fold(text)
    found: list[Span] = []
    for match in _DATE.finditer(folded):
        joined = found and re.fullmatch(f"(?:{_RANGE}|起至)", folded[found[-1].end : match.start()])
        if joined:
            found[-1] = Span(found[-1].start, match.end())
        else:
            found.append(Span(match.start(), match.end()))
    return found


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) != 1:
        return character
    small = plain.lower()
    return small if len(small) == 1 else plain


def amounts(text: str) -> list[Amount]:
    """What the quantities of a text come to."""
    return [amount(text, figure) for figure in figures(text)]


def value_of(one: Amount) -> tuple[Decimal, Decimal, str]:
    """Value and unit; the sign is a matter of wording (下降8.8%, -8.8%)."""
    return abs(one.low), abs(one.high), one.unit


def ungrounded(shown: str, quotes: Iterable[str]) -> list[str]:
    """The figures of a text that stand in none of the quotes by value and unit, as they are written.

    >>> ungrounded("增长24.6%，投资3亿元", ["下降24.6%", "投资30000万元"])
    []
    >>> ungrounded("增长24.6%", ["增长4.6%"])
    ['24.6%']
    """
    known = {value_of(found) for quote in quotes for found in amounts(quote)}
    return [
        figure.core.of(shown)
        for figure in figures(shown)
        if value_of(amount(shown, figure)) not in known
    ]
