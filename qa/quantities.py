"""Every quantity of a Chinese text with what it comes to, in one unit for one thing, and its bound.

Pure. What a reader may answer with is qa/figures.py's; here nothing that counts may be missed, for
what is missed goes unchecked: ranks, ratios, fractions, 三十余个, 数百家, 十家, 翻一番, and any digits
left over, as they stand. Whose quantity it is, is told by qa/claims.py.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from typing import Literal

from index.types import Span
from qa.figures import UNIT, Amount, amount, dates, figures, fold, number
from qa.periods import PERIODS

# "within" is said of a time: 15日内 is not more than 15日.
Bound = Literal["", "over", "from", "under", "upto", "within", "near", "about"]

_HAN = "[零〇一二两三四五六七八九十百千万亿]{1,12}"
_DIGITS = r"\d{1,20}(?:,\d{3}){0,6}(?:\.\d{1,12})?"
_SCALE = "(?:[十百万亿]|千(?![瓦米克])){0,4}"

_BEFORE: tuple[tuple[Bound, str], ...] = (
    ("from", "不[得要能应可]?(?:低于|少于|小于)|至少|最低|最少"),
    (
        "upto",
        "(?:不[得要能应可宜]?|[别勿])(?:超过|超出|高于|大于|多于)|至多|最高|最多|最长|最大|最迟|最晚|限流|限额|(?<![期时年])限",
    ),
    ("under", "不足|低于|少于|小于|不到|未达到?"),
    ("over", "突破|超过|超出|高于|多于|大于|超|逾"),
    ("near", "将近|接近|近"),
    ("about", "大约|大概|约|左右"),
)
_AFTER: tuple[tuple[Bound, str], ...] = (
    ("from", "及?以上|起步"),
    ("upto", "及?以下|以内|之内"),
    ("about", "左右|上下"),
    ("over", "有?余|多(?![个种元家万亿年])"),
)
# 至少检测水质2次 is 检测水质至少2次.
_FAR_LEAD = re.compile(
    "(?P<from>至少|最少|不少于)[一-鿿]{1,5}$|(?P<upto>至多|最多|不超过|最[长高大迟晚]可)(?!的)[一-鿿]{1,5}$"
)
_LEAD = re.compile(
    "(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _BEFORE) + ")(?:了|到|达|为|占|是)?$"
)
# 约占全部的74% is 约74%.
_ABOUT_A_SHARE = re.compile("约占[\u4e00-\u9fff]{1,10}的$")
_TAIL = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _AFTER))
# A word that a bound begins or ends: 高于 as a comparison, 附近, 最近, 超市.
_NO_LEAD = re.compile("(?:附|最|邻|临|就|远|靠|相)近$|(?:节|条|合|公|契|预|制|签|违)约(?:为|是)?$")

_OF_AGE = re.compile("(?P<short>[未不])?满$")
_WITHIN = ("以内", "之内", "内")
_TIMES = frozenset("天 月 小时 分钟 个工作日 秒".split())
# 可延长至30日 is at most 30日.
_AT_LONGEST = re.compile("可以?[延顺]长?[至到]$")
# 近三年内 is the last three years, and not nearly three.
_LASTING = re.compile("(?:历时|用时|耗时|长达|持续|已有|时间|花了?|等了)近$")
_RECENT = re.compile("(?<=[年月周天日])(?:以来|[来内间])")
_ORDINAL = re.compile(
    "(?<![一二三四五六七八九十百千第分\\d])(?P<phase>[一二三四五六七八九])期(?![间限刊货待望])|"
    f"第(?P<n>\\d{{1,4}}|{_HAN})(?!产业|季度|书记|时间|[手线方人]|二天)(?P<what>[位名届批期次个章条款轮版大家步站])?"
    f"|(?P<first>首位|(?<=[居列登至])榜首|首名|居首|列首|之首|(?<!卫冕)冠军)|(?P<second>次席|次位|亚军)|(?P<third>季军)|前(?P<top>\\d{{1,4}}|{_HAN})(?P<of>[位名强])"
)
_FRACTION = re.compile(
    f"(?<![百千万])(?P<whole>[一二两三四五六七八九十]{{1,3}}|[千万])分之(?P<part>{_HAN}(?:点{_HAN})?)|(?P<half>一半|半数|半价|减半)|(?P<most>过半|大半)"
)
_ODD = re.compile(f"(?P<n>{_DIGITS}{_SCALE}|{_HAN})(?:余|多|来)(?P<scale>[十百千万亿]{{0,3}})")
_VAGUE = re.compile("(?P<word>数|几|好几|上)(?P<scale>[十百千万亿]{1,3})")
_TEN = re.compile(
    "(?<![零〇一二两三四五六七八九十百千万亿第每\\d])十(?![零〇一二两三四五六七八九十百千万亿分字足大])"
)
_ONE = re.compile(
    "(?<![第每统逐同进万唯其之上零〇一二两三四五六七八九十百千亿\\d])(?:一(?=年(?!级)|次(?!性)|[天日月周名家人所座届倍小]|个(?:月|小时|工作日))|半(?=年|天|小时|个月))"
)
_FOLD = re.compile("翻(?:了)?(?P<n>[一两二三四五]?)番")
_RATIO = re.compile(r"\d{1,6}(?:\.\d{1,4})?(?:[:∶比]\d{1,6}(?:\.\d{1,4})?)+")
# 每两年 is not 每年.
_EVERY = re.compile(
    "按(?:年|月|日|天|周|季度?)(?=[缴支计发付收])|每(?:隔)?(?:[半一两二三四五六七八九十]|\\d{1,3})?个?(?:年|月|周|日|天|季度|小时|学期)(?![一二三四五六日])"
)
# What a number may count though its measure word is not known: 1节, 3站; not 3号, 5月.
_UNKNOWN_UNIT = re.compile("[\u4e00-\u9fff]")
_NO_UNIT = frozenset("年月日号时分至到和与及的是为以上下多余来之比万亿千百十度")
_MINUS = re.compile(r"(?:^|[^\da-z.%])[-−]$")
_LEFT = re.compile(r"[a-z]{0,20}\d(?:[a-z\d.:∶]|,(?=\d{3}))*(?:号(?=[线楼院馆机井门桥厂库泊航]))?")
_SCALED = re.compile(r"\d(?:\.(?P<decimals>\d+))?(?P<scale>(?:[十百万亿]|千(?![瓦米克]))*)")

# One unit for one thing; the factor leads to it.
_SAME_UNIT: dict[str, tuple[str, int | str]] = {
    "块": ("元", 1), "块钱": ("元", 1), "人民币元": ("元", 1), "成": ("%", 10), "‰": ("%", "0.1"),
    "千米": ("米", 1000), "公里": ("米", 1000), "厘米": ("米", "0.01"), "毫米": ("米", "0.001"), "公尺": ("米", 1),
    "公斤": ("克", 1000), "千克": ("克", 1000), "吨": ("克", 10**6), "毫克": ("克", "0.001"), 
    "微克": ("克", "0.000001"),
    "㎡": ("平方米", 1), "平米": ("平方米", 1),
    "平方公里": ("平方米", 10**6), "平方千米": ("平方米", 10**6), "公顷": ("平方米", 10**4),
    "平方公尺": ("平方米", 1), "平方厘米": ("平方米", "0.0001"),
    "兆瓦": ("千瓦", 1000), "吉瓦": ("千瓦", 10**6), "个基点": ("个百分点", "0.01"),
    "个小时": ("小时", 1), "日": ("天", 1), "日历天": ("天", 1), "日历日": ("天", 1),
    "个日历天": ("天", 1), "个日历日": ("天", 1), "个自然日": ("天", 1), "个月": ("月", 1), "个季度": ("月", 3),
    "周年": ("月", 12), "年": ("月", 12), "周": ("天", 7),
    "周岁": ("岁", 1), "工作日": ("个工作日", 1), "摄氏度": ("℃", 1), "标箱": ("teu", 1),
}  # fmt: skip
# Counted with any of a group, it is the same count; a unit of no group stands for itself.
_CLASSIFIERS = (
    frozenset("人名位"),
    frozenset("家户个"),
    frozenset("家个所"),
    frozenset("项个件宗笔单"),
    frozenset("座处个幢栋"),
    frozenset("条个"),
    frozenset("台辆套部"),
    frozenset("种类款个"),
    frozenset("次场届"),
    frozenset("篇份本部册卷"),
    frozenset("起例宗件次个"),
    frozenset("支队个"),
    frozenset("列趟班次"),
    frozenset("剂针次"),
    frozenset(("度", "℃")),
    frozenset(("度", "千瓦时")),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A quantity where it stands (`span`, without its bound) and what it comes to.

    `low` is `high` but in a range. `grain` is what the last digit written stands for (0 if none is), `coarse`
    what the last that is not 0 does: 1700 is exact to 1 as written, and perhaps to 100 as meant. `unit` is
    "" of a bare number; of digits that count nothing (5g, 12号) it is "literal" and `written` all
    there is to compare.
    """

    span: Span
    written: str
    low: Decimal
    high: Decimal
    unit: str
    bound: Bound
    grain: Decimal

    @property
    def coarse(self) -> Decimal:
        """What the last digit that is not 0 stands for."""
        exponent = self.low.normalize().as_tuple().exponent
        return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(1)


# What is measured otherwise, led to one unit to be compared by: 亩 to 公顷, 小时 to 分钟, 折 to %.
_TO_COMPARE: dict[str, tuple[str, str]] = {
    "小时": ("秒", "3600"), "分钟": ("秒", "60"), "斤": ("克", "500"), "市斤": ("克", "500"),
    "亩": ("平方米", "666.66666666666666666667"), "折": ("%", "10"), "毫升": ("升", "0.001"),
}  # fmt: skip
_TO_TWELVE_DIGITS = Context(prec=12)


def comparable(one: Measured) -> Measured:
    """A quantity in the unit that all of its kind are compared by.

    >>> [f"{comparable(one).low:f}" for one in quantities("占地450亩，即30公顷。")]
    ['300000', '300000']
    """
    if one.unit not in _TO_COMPARE:
        return one
    unit, factor = _TO_COMPARE[one.unit]
    # 85折 is 8.5折.
    scale = Decimal(factor) / (10 if one.unit == "折" and one.low > _ALL_OF_IT else 1)

    def led(value: Decimal) -> Decimal:
        return _TO_TWELVE_DIGITS.multiply(value, scale).normalize()

    return replace(one, unit=unit, low=led(one.low), high=led(one.high), grain=led(one.grain))


_ALL_OF_IT = 10


def same_unit(one: str, other: str) -> bool:
    """Whether two units count the same thing: 63家 and 63户, not 500户 and 500人."""
    return one == other or any(one in group and other in group for group in _CLASSIFIERS)


def quantities(text: str) -> list[Measured]:
    """The quantities of a text in order, none overlapping; offsets are those of `text`.

    >>> [(m.written, int(m.low), m.unit, m.bound) for m in quantities("投资超1.2万亿元，占三成，居第二")]
    [('1.2万亿元', 1200000000000, '元', 'over'), ('三成', 30, '%', ''), ('第二', 2, '第位', '')]
    """
    folded = fold(text)
    rest = _without(folded, times(folded))
    found: list[Measured] = []
    for reader in _READERS:
        fresh = list(reader(rest))
        rest = _without(rest, [one.span for one in fresh])
        found += fresh
    ordered = sorted((_bounded(folded, one) for one in found), key=lambda one: one.span)
    return _shared_unit(folded, ordered)


def _shared_unit(text: str, found: list[Measured]) -> list[Measured]:
    """3.6和7.9个百分点: the first has the unit of the second."""
    for place in range(len(found) - 1, 0, -1):
        one, following = found[place - 1], found[place]
        between = text[one.span.end : following.span.start]
        if one.unit in {"", "个", "literal"} and following.unit in {"%", "个百分点"}:
            written = re.fullmatch(r"(\d+(?:\.\d+)?)个?", one.written)
            if written and re.fullmatch("[、和与,]", between):
                value = Decimal(written[1])
                found[place - 1] = replace(one, low=value, high=value, unit=following.unit)
    return found


def times(folded: str) -> list[Span]:
    """Where a folded text names a date or period: its digits count nothing."""
    found = [match.span() for pattern in PERIODS for match in pattern.finditer(folded)]
    return sorted([*dates(folded), *(Span(*span) for span in found)])


def _without(text: str, spans: Sequence[Span]) -> str:
    """The text with spans filled up, so that what is read is read once and offsets stay."""
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = "□" * len(span)
    return "".join(characters)


def _bounded(text: str, one: Measured) -> Measured:
    """A quantity with the bound that stands before or after it."""
    if one.bound:
        return one
    before = text[max(0, one.span.start - 16) : one.span.start]
    before = _BELOW_ZERO.sub("", _ABOUT_A_SHARE.sub("约", before))
    found = _LEAD.search(before)
    if found is None or _NO_LEAD.search(before):
        found = _TAIL.match(text, one.span.end) or _FAR_LEAD.search(before)
    bound: Bound = found.lastgroup if found else ""  # type: ignore[assignment]
    if not bound and one.unit == "岁" and (age := _OF_AGE.search(before)):
        bound = "under" if age["short"] else "from"
    if one.unit in _TIMES and not bound and _AT_LONGEST.search(before):
        bound = "upto"
    if one.unit in _TIMES and not bound and text.startswith(_WITHIN, one.span.end):
        return replace(one, bound="within")
    if one.unit in _TIMES and bound == "upto" and found and found.group() in _WITHIN:
        return replace(one, bound="within")
    lasting = _LASTING.search(before)
    if bound == "near" and (
        _RECENT.match(text, one.span.end) or (one.unit == "月" and not lasting)
    ):
        return one
    return replace(one, bound=bound)


# -- readers: each finds quantities of one kind in what the others left -----------------------------


def _measured(text: str, span: Span, value: Amount, bound: Bound = "") -> Measured:
    """A quantity in the unit that stands for its kind."""
    unit, factor = _SAME_UNIT.get(value.unit, (value.unit, 1))
    written = span.of(text)
    multiple = Decimal(factor)
    grain = _grain(written) * multiple
    return Measured(span, written, value.low * multiple, value.high * multiple, unit, bound, grain)


def _grain(written: str) -> Decimal:
    """What the last digit written stands for: a hundredth of 亿 in 175.42亿元."""
    digits = list(_SCALED.finditer(written))
    if not digits:
        return Decimal(0)
    scale = number("1" + digits[-1]["scale"]) if digits[-1]["scale"] else Decimal(1)
    return scale.scaleb(-len(digits[-1]["decimals"] or ""))


def _exactly(value: Decimal, unit: str) -> Amount:
    return Amount(value, value, unit)


def _ordinals(text: str) -> Iterator[Measured]:
    for match in _ORDINAL.finditer(text):
        span = Span(*match.span())
        if match["phase"]:
            yield _measured(text, span, _exactly(number(match["phase"]), "第期"))
        elif match["first"]:
            yield _measured(text, span, _exactly(Decimal(1), "第位"))
        elif match["second"] or match["third"]:
            place = Decimal(2 if match["second"] else 3)
            yield _measured(text, span, _exactly(place, "第位"))
        elif match["top"]:
            yield _measured(text, span, _exactly(number(match["top"]), "前位"))
        else:
            what = match["what"] or "位"
            unit = "第位" if what in "位名" else f"第{what}"
            yield _measured(text, span, _exactly(number(match["n"]), unit))


def _fractions(text: str) -> Iterator[Measured]:
    for match in _FRACTION.finditer(text):
        whole, part = number(match["whole"] or "二"), number(match["part"] or "一")
        share = 100 * part / whole if whole else Decimal(0)
        over: Bound = "over" if match["most"] else ""
        yield _measured(text, Span(*match.span()), _exactly(share, "%"), over)


def _odd(text: str) -> Iterator[Measured]:
    """30余个, 百余家, 5万多人, 10多亿元: more than the number says."""
    for match in _ODD.finditer(text):
        unit = UNIT.match(text, match.end())
        if unit or match["scale"]:
            value = number(match["n"]) * (number("1" + match["scale"]) if match["scale"] else 1)
            end = unit.end() if unit else match.end()
            known = Amount(value, value, unit.group() if unit else "")
            yield _measured(text, Span(match.start(), end), known, "over")


def _vague(text: str) -> Iterator[Measured]:
    """数百家 and 几十个 are no figures but themselves; 上千 is a thousand and more."""
    for match in _VAGUE.finditer(text):
        unit = UNIT.match(text, match.end())
        end = unit.end() if unit else match.end()
        name = unit.group() if unit else ""
        if match["word"] == "上":
            known = _exactly(number("1" + match["scale"]), name)
            yield _measured(text, Span(match.start(), end), known, "over")
        else:
            known = _exactly(number("1" + match["scale"]), f"数{name}")
            yield _measured(text, Span(match.start(), end), known)


def _tens(text: str) -> Iterator[Measured]:
    for match in _TEN.finditer(text):
        unit = UNIT.match(text, match.end())
        if unit:
            known = _exactly(Decimal(10), unit.group())
            yield _measured(text, Span(match.start(), unit.end()), known)


def _ones(text: str) -> Iterator[Measured]:
    """一年, 一名, 半年: what figures leave to words."""
    for match in _ONE.finditer(text):
        unit = UNIT.match(text, match.end())
        if unit:
            value = Decimal("0.5") if match.group()[0] == "半" else Decimal(1)
            known = _exactly(value, unit.group())
            yield _measured(text, Span(match.start(), unit.end()), known)


def _folds(text: str) -> Iterator[Measured]:
    for match in _FOLD.finditer(text):
        yield _measured(text, Span(*match.span()), _exactly(number(match["n"] or "一"), "番"))


_N = f"(?:{_DIGITS}|{_HAN})"
_PARTED = (
    # 2小时15分钟, 一个半小时, 1元5角, 1米85, 一块五.
    re.compile(f"(?P<whole>{_N})个?(?P<unit>小时)(?P<part>{_N})(?P<of>分)钟?"),
    re.compile(f"(?P<whole>{_N})(?P<unit>分)钟?(?P<part>{_N})(?P<of>秒)"),
    re.compile(f"(?P<whole>{_N})个(?P<half>半)(?P<unit>小时|月|季度)"),
    re.compile(f"(?P<whole>{_N})(?P<unit>[年天])(?P<half>半)(?![年天])"),
    re.compile(
        f"(?P<whole>{_N})(?P<unit>[元块])(?P<part>\\d|[一二三四五六七八九])(?P<of>[角毛])?(?![\\d十百千万元块多几])"
    ),
    re.compile("(?P<whole>\\d)(?P<unit>米)(?P<part>\\d{2})(?![\\d米厘毫])"),
)
_HALF = Decimal("0.5")
_PARTS_OF = {"小时": "60", "分": "60", "元": "10", "块": "10", "米": "100"}
_NAMES_OF = {"分": "分钟", "月": "个月", "季度": "个季度", "块": "元"}


def _parted(text: str) -> Iterator[Measured]:
    """A quantity told in a unit and its part, or with a half."""
    for pattern in _PARTED:
        for match in pattern.finditer(text):
            found = match.groupdict()
            unit = match["unit"]
            half = bool(found.get("half"))
            part = _HALF if half else number(match["part"]) / Decimal(_PARTS_OF[unit])
            known = _exactly(number(match["whole"]) + part, _NAMES_OF.get(unit, unit))
            yield _measured(text, Span(*match.span()), known)


def _bare_in_han(text: str) -> Iterator[Measured]:
    """一百二十万, with what it counts left out."""
    for match in _BARE_IN_HAN.finditer(text):
        yield _measured(text, Span(*match.span()), _exactly(number(match.group()), ""))


def _tenths(text: str) -> Iterator[Measured]:
    """四成三 is 43%."""
    for match in _TENTHS.finditer(text):
        share = 10 * number(match["tens"]) + number(match["ones"])
        yield _measured(text, Span(*match.span()), _exactly(share, "%"))


_TENTHS = re.compile("(?P<tens>[一二两三四五六七八九])成(?P<ones>[一二三四五六七八九])")
_BARE_IN_HAN = re.compile(
    "(?<![数几上第百千万亿一二三四五六七八九十])[一二两三四五六七八九][一二三四五六七八九十百千零]{0,8}[万亿]+(?![一二三四五六七八九十百千万亿元年余多个分])"
)

_DIMES = re.compile(f"(?P<n>{_DIGITS}|{_HAN})[毛角](?![色度落])钱?")
_BELOW_ZERO = re.compile("零下$")


def _dimes(text: str) -> Iterator[Measured]:
    """8毛 and 五角钱: tenths of 元."""
    for match in _DIMES.finditer(text):
        known = _exactly(number(match["n"]) / 10, "元")
        yield _measured(text, Span(*match.span()), known)


def _figures(text: str) -> Iterator[Measured]:
    for figure in figures(text):
        value = amount(text, figure)
        unit = (
            value.unit
            or _unit_of_row(text, figure.core.start)
            or _unknown_unit(text, figure.core.end)
        )
        before = text[max(0, figure.core.start - 2) : figure.core.start]
        sign = -1 if _MINUS.search(before) or _BELOW_ZERO.search(before) else 1
        yield _measured(text, figure.core, Amount(sign * value.low, sign * value.high, unit))


def _unit_of_row(text: str, start: int) -> str:
    """The unit that the label of a row gives its bare numbers: 人均收入(元): 46026."""
    label = re.search(r"\(([^()]{1,6})\)[:：]\s*$", text[max(0, start - 12) : start])
    unit = UNIT.fullmatch(label[1]) if label else None
    return unit.group() if unit else ""


def _ratios(text: str) -> Iterator[Measured]:
    """6∶4 and 9:30: two numbers that are one."""
    for match in _RATIO.finditer(text):
        yield _as_it_stands(Span(*match.span()), re.sub("[∶比]", ":", match.group()))


def _every(text: str) -> Iterator[Measured]:
    for match in _EVERY.finditer(text):
        yield _as_it_stands(Span(*match.span()), match.group())


def _as_it_stands(span: Span, written: str) -> Measured:
    return Measured(span, written, Decimal(0), Decimal(0), "literal", "", Decimal(0))


def _left(text: str) -> Iterator[Measured]:
    """Digits that count nothing, with the letters they stand among: 5g, g60, 12号."""
    for match in _LEFT.finditer(text):
        span, written = Span(*match.span()), match.group()
        unit = _unit_of_row(text, span.start) or _unknown_unit(text, span.end)
        if unit and re.fullmatch(_DIGITS, written):
            yield _measured(text, span, _exactly(number(written), unit))
        else:
            yield _as_it_stands(span, written)


def _unknown_unit(text: str, at: int) -> str:
    """The character after a number, if it may be a measure word."""
    found = _UNKNOWN_UNIT.match(text, at)
    return found.group() if found and found.group() not in _NO_UNIT else ""


_READERS: tuple[Callable[[str], Iterator[Measured]], ...] = (
    _ratios,
    _every,
    _ordinals,
    _fractions,
    _odd,
    _vague,
    _folds,
    _parted,
    _tenths,
    _dimes,
    _figures,
    _bare_in_han,
    _tens,
    _ones,
    _left,
)
