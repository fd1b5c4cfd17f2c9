"""What figures come to together, or why they may not be put together; never by a model.

Pure. Each operand is an answer of its own, read once more in its sentence (qa/claims.py): its value,
its unit, what it is compared with, when it holds. Sums are exact, shares have one decimal; what may
count a thing twice, or is not alike, is not put together, for a wrong figure is worse than none.
Which questions are asked is qa/calculate.py's business.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from qa.calculate import Calculation
from qa.claims import NARROWING, Claim, Setting, claims
from qa.condense import DISTRICT
from qa.figures import fold, number
from qa.parts import PERIOD
from qa.periods import Period
from qa.quantities import Measured, quantities, same_unit
from qa.question import understand
from qa.types import Answer, Citation, Variant
from qa.verify import verify
from qa.words import words

_MINUS, _LESS, _ABOUT = " − ", "少", "约"
_POINTS = "个百分点"


@dataclass(frozen=True, slots=True)
class Operand:
    """One figure of a calculation: as it stands in its sentence, what it comes to, and its claim there.

    `value` is negative of a fall. `name` is what tells it from the others, `part` whether it is said
    to be a part of something else.
    """

    name: str
    question: str
    written: str
    value: Decimal
    claim: Claim
    part: bool
    citation: Citation

    @property
    def unit(self) -> str:
        return self.claim.quantity.unit


@dataclass(frozen=True, slots=True)
class Result:
    """What was asked for, and how it comes about: `pieces` of text, each with its citation or None."""

    short: str
    pieces: tuple[tuple[str, Citation | None], ...]


def operand(name: str, answer: Answer, before: str) -> Operand | None:
    """The figure that an answer is; None where it is not one and clear. `before` stands before its quote."""
    citation = answer.citations[0]
    measured = quantities(answer.short)
    if len(measured) != 1 or answer.short not in citation.quote:
        return None
    text = before + citation.quote
    year = int(citation.date[:4]) if citation.date[:4].isdigit() else 0
    setting = Setting(year, context=fold(f"{citation.section} {citation.title}"))
    found = [
        claim
        for claim in claims(text, setting)
        if claim.quantity.span.start >= len(before) and _is_same(claim.quantity, measured[0])
    ]
    first = next(iter(found), None)
    if first is None or any(_told(claim) != _told(first) for claim in found):
        return None
    value = -first.quantity.low if first.change == "fall" else first.quantity.low
    part = _is_part(text[: first.quantity.span.start])
    return Operand(name, answer.question, answer.short, value, first, part, citation)


_ASKED = re.compile("(?P<is>是|为|有)?(?:多少|几)[十百千万亿]*(?P<unit>元|%|个百分点)?")


def bears_out(question: str, short: str, citation: Citation, before: str = "") -> bool:
    """Whether a sentence that says the answer in the words of the question stands in the source.

    The source is the quotation, alone or after what its line says `before`.
    """
    counted = _ASKED.search(question)
    unit = next((one.unit for one in quantities(short)), "")
    said = question
    if counted:
        tail = question[counted.end() :].removeprefix(unit)
        said = f"{question[: counted.start()]}{counted['is'] or ''}{short}{tail}"
    # A name that is not known is cut together with the 年 before it.
    said = re.sub(f"^(?:{PERIOD})(?![，,的])", "\\g<0>，", said)
    said = re.sub("(?<=增长|上升|提高|下降|减少|回落)[是为](?=[-\\d])", "", said)
    # 增速是下降8.1% says it twice.
    said = re.sub("(?:增速|增幅|增长率?|下降|减少)(?:是|为)?(?=下降|减少|增长|回落)", "", said)
    context = f"{citation.title} {citation.section}"
    texts = dict.fromkeys((citation.quote, before + citation.quote))
    return any(
        verify(said, [text], date=citation.date, context=context).supported for text in texts
    )


def borne_out(
    answer: Answer, name: str, others: Sequence[str], before: Callable[[Citation], str]
) -> tuple[Answer, ...]:
    """An answer with each value that its sources really give, the best first: several where they differ.

    What is said has to be said of `name`, and not of the `others` that are asked about with it.
    `before` tells what the line says before a quotation.
    """
    found = []
    for one in alone(answer):
        citation = one.citations[0]
        lead = before(citation)
        if (
            _is_named(name, citation, lead)
            and _owner(one.short, citation.quote, [name, *others]) in {"", name}
            and bears_out(answer.question, one.short, citation, lead)
        ):
            found.append(one)
    return distinct(found)


def alone(answer: Answer) -> tuple[Answer, ...]:
    """Each value that an answer gives as an answer of its own; none of a refusal."""
    if answer.refused:
        return ()
    values = (Variant(answer.short, answer.citations[0]), *answer.variants)
    return tuple(
        replace(answer, short=one.short, citations=(one.citation,), variants=()) for one in values
    )


def distinct(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """Of answers that give the same value the first."""
    found: dict[tuple[Decimal, ...], Answer] = {}
    for one in answers:
        found.setdefault(tuple(measured.low for measured in quantities(one.short)), one)
    return tuple(found.values())


_ALL = re.compile("一共|总共|合计|总计|共计|加起来")
_OF_EACH = re.compile("每|(?<!平)均(?![都为已])|平均")


def is_of_another_count(question: str, answer: Answer) -> bool:
    """Whether a figure is of each where all was asked for, or a sum where a mean was."""
    if not quantities(answer.short):
        return False
    cited = answer.citations[0]
    if "平均" in question:
        return not re.search("[每均]", f"{cited.quote}{cited.section}{cited.title}")
    told = _OF_EACH.search(_clause_before(answer, answer.short) + answer.short)
    return bool(_ALL.search(question) and told and not _OF_EACH.search(question))


def _is_named(name: str, citation: Citation, before: str) -> bool:
    """Whether the source names what tells this question from the others; its time is judged elsewhere."""
    text = fold(f"{before} {citation.quote} {citation.section} {citation.title}")
    plain = re.sub(f"(?:{PERIOD})的?", "", name)
    terms = [term for term in understand(plain).terms if term.hard]
    if terms and not DISTRICT.search(plain):
        return all(any(variant in text for variant in term.variants) for term in terms)
    return fold(plain) in text


_NEAR = 4
# 营业收入均为3亿元, but not 亩均.
_OF_SEVERAL = re.compile("分别|依次|各[自为是占有]|(?<![平人户亩日月年])均|[都皆]")


def _owner(short: str, quote: str, names: Sequence[str]) -> str:
    """Which of some names a figure is of: what is named last since the figure before of its unit.

    "" where none is named there, or the order of the names is that of the figures.
    """
    head, tail = _around(short, fold(quote))
    clause = re.split("[，,。；;、和与及]", tail[len(short) :])[0]
    unit = next((one.unit for one in quantities(short)), "")
    if not tail or _OF_SEVERAL.search(head):
        return ""
    # 9个签约项目: what is counted stands after it.
    if after := [name for name in names if _place(name, clause[: len(name) + _NEAR])]:
        return after[0]
    before = [one.span.end for one in quantities(head) if one.unit == unit]
    own = re.split("[。！？]", head[before[-1] if before else 0 :])[-1]
    places = {name: _place(name, own) for name in names}
    last = max(places.values())
    return next((name for name, place in places.items() if place and place == last), "")


def _around(short: str, text: str) -> tuple[str, str]:
    """What stands before a figure and from it on: 2亿元 is no end of 862亿元."""
    found = re.search(f"(?<![\\d.,]){re.escape(fold(short))}", fold(text))
    return (text[: found.start()], text[found.start() :]) if found else (text, "")


def _place(name: str, text: str) -> int:
    """Where the last mention of a name ends; 0 if it is not named, nor is a time."""
    plain = re.sub(f"(?:{PERIOD})的?", "", fold(name))
    terms = understand(plain).terms
    if not terms or DISTRICT.search(plain):
        return text.rfind(plain) + len(plain) if plain and plain in text else 0
    ends = [
        max(text.rfind(v) + len(v) if v in text else 0 for v in term.variants) for term in terms
    ]
    return max(ends) if all(ends) else 0


def _is_same(one: Measured, other: Measured) -> bool:
    return (one.written, one.unit) == (other.written, other.unit) or (
        abs(one.low) == abs(other.low) and one.high - one.low == 0 and one.unit == other.unit
    )


def _is_plan(claim: Claim) -> bool:
    """Whether a figure is wanted or expected, and not there."""
    return claim.standing in {"plan", "perhaps"}


def _told(claim: Claim) -> tuple[object, ...]:
    """What must be so wherever the figure stands in its sentence."""
    return claim.change, claim.base, claim.period, _is_plan(claim), claim.quantity.bound


_PART_OF = re.compile("其中|当中|[(（,，](?:内?含|包括|包含)")


def _is_part(before: str) -> bool:
    """Whether what leads up to a figure says that it is a part of what was told before.

    What is listed after 其中 goes on to the end of the sentence.
    """
    return bool(_PART_OF.search(re.split("[。\n]", before)[-1].strip()))


# --- the result


def result(calculation: Calculation, operands: Sequence[Operand]) -> Result:
    """What the operands come to; they have to be alike (`objection`)."""
    return _RESULTS[calculation.operation](calculation, operands)


def _sum(_: Calculation, operands: Sequence[Operand]) -> Result:
    said = _amount(sum((one.value for one in operands), Decimal(0)), operands)
    return _equation(operands, " + ", said, exact=_are_exact(operands))


def _difference(calculation: Calculation, operands: Sequence[Operand]) -> Result:
    if calculation.apart:
        operands = sorted(operands, key=lambda one: one.value, reverse=True)
    first, other = operands
    value = first.value - other.value
    said = _amount(abs(value), operands)
    if value >= 0:
        return _equation(operands, _MINUS, said, exact=_are_exact(operands))
    turned = _equation((other, first), _MINUS, said, exact=_are_exact(operands))
    about = "" if _are_exact(operands) else _ABOUT
    return Result(f"{'低' if said.endswith(_POINTS) else _LESS}{about}{said}", turned.pieces)


def _share(_: Calculation, operands: Sequence[Operand]) -> Result:
    part, whole = operands
    return _quotient(operands, 100 * part.value, whole.value, "%")


def _ratio(_: Calculation, operands: Sequence[Operand]) -> Result:
    part, whole = operands
    return _quotient(operands, part.value, whole.value, "倍")


def _quotient(operands: Sequence[Operand], above: Decimal, below: Decimal, unit: str) -> Result:
    value = (above / below).quantize(Decimal("0.1"))
    exact = value * below == above and _are_exact(operands)
    return _equation(operands, " ÷ ", f"{_plain(value)}{unit}", exact=exact)


def _rank(calculation: Calculation, operands: Sequence[Operand]) -> Result:
    ordered = sorted(operands, key=lambda one: one.value, reverse=not calculation.least)
    last = ordered[calculation.top - 1].value
    chosen = [one for one in ordered if one.value == last or one in ordered[: calculation.top]]
    pieces: list[tuple[str, Citation | None]] = []
    for one, following in itertools.zip_longest(ordered, ordered[1:]):
        pieces.append((f"{one.name}{one.written}", one.citation))
        if following:
            sign = " = " if one.value == following.value else " < " if calculation.least else " > "
            pieces.append((sign, None))
    return Result("、".join(one.name for one in chosen), tuple(pieces))


def _converted(calculation: Calculation, operands: Sequence[Operand]) -> Result:
    """The figure in the unit that is asked for; `_convertible` says that it can be told in it."""
    [one] = operands
    size = quantities(f"1{calculation.unit}")[0]
    times = one.value * _TIMES.get((one.unit, size.unit), Decimal(1)) / size.low
    short = f"{_plain(times)}{calculation.unit}"
    return Result(short, ((one.written, one.citation), (f" = {short}", None)))


# How many of the second unit one of the first is.
_TIMES = {
    ("吨", "公斤"): Decimal(1000), ("吨", "千克"): Decimal(1000), ("公斤", "吨"): Decimal("0.001"),
    ("公里", "米"): Decimal(1000), ("米", "公里"): Decimal("0.001"),
    ("公顷", "亩"): Decimal(15), ("平方公里", "亩"): Decimal(1500), ("平方公里", "公顷"): Decimal(100),
    ("公顷", "平方米"): Decimal(10000), ("千瓦时", "度"): Decimal(1), ("度", "千瓦时"): Decimal(1),
}  # fmt: skip


_RESULTS = {
    "sum": _sum,
    "difference": _difference,
    "share": _share,
    "ratio": _ratio,
    "rank": _rank,
    "convert": _converted,
}


def _equation(operands: Sequence[Operand], sign: str, said: str, *, exact: bool) -> Result:
    pieces: list[tuple[str, Citation | None]] = []
    for one in operands:
        pieces += [(sign, None)] if pieces else []
        pieces.append((one.written, one.citation))
    pieces.append((f" {'=' if exact else '≈'} {said}", None))
    return Result(said if exact else f"{_ABOUT}{said}", tuple(pieces))


def _are_exact(operands: Sequence[Operand]) -> bool:
    return not any(one.claim.quantity.bound for one in operands)


_WRITTEN = re.compile(r"(?P<digits>[\d,]+(?:\.\d+)?)(?P<unit>\D+)")
_NO_UNIT = re.compile("左右|上下|以[上下内]|[余多]")


def _amount(value: Decimal, operands: Sequence[Operand]) -> str:
    """A value in the largest of the units that the operands are written in; of rates, in points."""
    if operands[0].unit == "%":
        return f"{_plain(value)}{_POINTS}"
    units = {}
    for one in operands:
        # A unit that is not known is as long as the answer says: 万册次.
        written = _WRITTEN.search(_NO_UNIT.sub("", fold(one.written)))
        digits = number(written["digits"]) if written else Decimal(0)
        if written and digits:
            units[one.claim.quantity.low / digits] = written["unit"]
    size = max(units, default=Decimal(1))
    if size and (value / size) * size == value:
        return f"{_plain(value / size)}{units.get(size, operands[0].unit)}"
    return f"{_plain(value)}{operands[0].unit}"


def _plain(value: Decimal) -> str:
    """Without zeros that say nothing.

    >>> _plain(Decimal("217.00")), _plain(Decimal("1E+2"))
    ('217', '100')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# --- whether they may be put together


def objection(calculation: Calculation, operands: Sequence[Operand]) -> str:
    """Why these figures may not be put together, in a sentence for the user; "" if they may."""
    checks = (*_ALWAYS, *_CHECKS.get(calculation.operation, ()))
    found: Iterator[str] = (reason for check in checks for reason in check(operands))
    if calculation.operation == "convert":
        found = itertools.chain(found, _convertible(calculation, operands))
    if calculation.is_anonymous and len({one.citation.document_id for one in operands}) > 1:
        return "这些数出自不同的文件，问题里没有地点、时间或名称，无法确定说的是同一件事"
    return next(found, "")


def _places(operands: Sequence[Operand]) -> Iterator[str]:
    """One figure is no two operands, whatever its sentence says of both."""
    for one, other in itertools.combinations(operands, 2):
        cited = one.citation.document_id, one.citation.span, one.claim.quantity.span
        if cited == (other.citation.document_id, other.citation.span, other.claim.quantity.span):
            yield f"“{one.name}”和“{other.name}”在原文里是同一个数"


def _units(operands: Sequence[Operand]) -> Iterator[str]:
    for one, other in itertools.pairwise(operands):
        if not one.unit or not same_unit(one.unit, other.unit):
            yield f"{one.written}和{other.written}的单位不同"


# What a bound says is no figure; about what it is, is.
_VAGUE = {"over", "from", "under", "upto", "near"}


def _bounds(operands: Sequence[Operand]) -> Iterator[str]:
    for one in operands:
        measured = one.claim.quantity
        if measured.bound in _VAGUE or measured.low != measured.high or one.unit.startswith("数"):
            yield f"{one.written}在原文里不是确切的数"
        if _is_plan(one.claim):
            yield f"{one.written}是计划数"


def _alike(operands: Sequence[Operand]) -> Iterator[str]:
    """One is no level where the other is a change, nor a stock where the other is what was added."""
    for one, other in itertools.pairwise(operands):
        mine, theirs = one.claim, other.claim
        if bool(mine.change) != bool(theirs.change) or mine.share != theirs.share:
            yield f"{one.written}和{other.written}一个是总量，一个是增减或比重"
        if mine.change and (mine.base or "同比") != (theirs.base or "同比"):
            yield f"{one.written}和{other.written}的对比口径不同"
        if mine.new != theirs.new:
            yield f"{one.written}和{other.written}一个是总量，一个是新增"


def _periods(operands: Sequence[Operand]) -> Iterator[str]:
    """The same time, but where the questions themselves name times that differ."""
    for one, other in itertools.pairwise(operands):
        asked = _asked_period(one), _asked_period(other)
        mine, theirs = _period(one), _period(other)
        if asked[0] == asked[1] and mine != theirs:
            yield f"{one.written}和{other.written}的时间不同"
        if asked[0].part == asked[1].part and mine.part != theirs.part:
            yield f"{one.written}和{other.written}的时段不同"
        unknown = not mine.year and not theirs.year
        elsewhere = one.citation.document_id != other.citation.document_id
        if elsewhere and (unknown or _is_relative(one)):
            yield f"{one.written}和{other.written}出自不同的文件，时间无法核对"
        if _CUMULATIVE.search(_clause(one)) is None is not (_CUMULATIVE.search(_clause(other))):
            yield f"{one.written}和{other.written}一个是累计数，一个不是"


_CUMULATIVE = re.compile("累计|截至|截止|至今|历年")


def _clause(one: Operand) -> str:
    """What its sentence says up to a figure."""
    return re.split("[。；;]", _around(one.written, one.citation.quote)[0])[-1]


def _asked_period(one: Operand) -> Period:
    return understand(one.question).period


def _is_relative(one: Operand) -> bool:
    return _asked_period(one).relative is not None


def _period(one: Operand) -> Period:
    """When a figure holds: the whole year is no part of it."""
    period = one.claim.period
    year = period.year or (int(one.citation.date[:4]) if one.citation.date[:4].isdigit() else 0)
    return Period(year, "" if period.part == "全年" else period.part)


_NO_SUM = re.compile("人均|平均|均价|单价|户均|率|占比|比重|比例|增速|增幅|强度|密度|指数|最[高低]")


def _summable(operands: Sequence[Operand]) -> Iterator[str]:
    for one in operands:
        if one.unit in {"%", _POINTS, "倍", "℃"} or one.claim.change:
            yield f"{one.written}是比率或增减幅度，不能相加"
        if _NO_SUM.search(one.question) or one.written.startswith("每"):
            yield f"“{one.question}”问的是平均数或比率，不能相加"
        if re.search("及?以上|以[内下]", _clause(one)[-8:]):
            yield f"{one.written}的范围包含别的级别"
    for one, other in itertools.combinations(operands, 2):
        timed = _asked_period(one) != _asked_period(other)
        if one.part != other.part and not timed and not _are_siblings(one.name, other.name):
            yield "其中一个数是另一个总数里的一部分，相加会重复计算"


def _disjoint(operands: Sequence[Operand]) -> Iterator[str]:
    """Whether each thing is counted once: what is known to cut the same whole otherwise may overlap."""
    for one, other in itertools.combinations(operands, 2):
        if _are_unlike(one, other):
            yield f"“{one.name}”和“{other.name}”是不同的指标，相加没有意义"
        elif not _are_divisions(one, other) and _overlap(one.name, other.name):
            yield f"“{one.name}”和“{other.name}”可能有重叠，相加会重复计算"
        if _asked_period(one) != _asked_period(other):
            yield from _over_time(one, other)


def _are_unlike(one: Operand, other: Operand) -> bool:
    """Whether what is asked of both ends in different indicators: 收入 and 利润."""
    end = one.question.rpartition(one.name)[2]
    asked = any(term.hard for term in understand(end).terms) or any(
        map(_level, (one.name, other.name))
    )
    timed = _asked_period(one) != _asked_period(other)
    same = one.name[-2:] == other.name[-2:] or _are_siblings(one.name, other.name)
    return not asked and not timed and not same


# Of each line one excludes the other; words of different lines cut the same whole in different ways.
_EXCLUSIVE = tuple(
    frozenset(group.split())
    for group in (
        "进口 出口", "城镇 农村", "城镇居民 农村居民", "男 女", "男性 女性", "常住 流动", "国有 民间", "批发 零售",
        "第一产业 第二产业 第三产业", "一产 二产 三产", "农业 工业 建筑业 服务业", "出生 死亡", "门诊 住院",
        "小学 初中 高中 大学", "本科 专科", "大型 中型 小型 微型", "存款 贷款", "发送 到达", "申请 授权", "硕士 博士",
        "公办 民办", "省级 市级 区级", "室内 室外", "一等奖 二等奖 三等奖", "地上 地下", "汽车 火车 飞机",
        "公路 铁路 水路 航空", "外资 内资", "国有 民营 外资", "成人 少儿 儿童", "客运 货运",
        "新车 二手车", "新房 二手房", "男生 女生",
    )
)  # fmt: skip
_KINDS = frozenset().union(NARROWING, *_EXCLUSIVE) | frozenset(
    "固定资产 高新 技改 规上 限上 高企 科技型 专精特新 地区生产总值 生产总值 gdp 进出口 外贸 社会消费品 全社会 海洋 "
    "文化 旅游 装备 国家级 新兴产业 数字经济 战略性新兴产业 高新技术产业 全部 所有 规模以上".split()
)
# Places by what holds what; a zone may lie in any of them.
_LEVELS = ("国", "省", "市", "[县区]", "街道|[镇乡]", "村|社区")
_ZONE = re.compile("(?:高新|经开|开发|新|保税|自贸|园)区$")


def _overlap(one: str, other: str) -> bool:
    levels = _level(one), _level(other)
    if any(levels):
        return levels[0] != levels[1] or bool(_ZONE.search(one)) != bool(_ZONE.search(other))
    if not _kinds(one) and not _kinds(other):
        return one in other or other in one
    return not _exclude(one, other)


def _exclude(one: str, other: str) -> bool:
    """Whether names are classed by words that exclude each other, and by no others."""
    mine, theirs = _kinds(one), _kinds(other)
    return any(mine <= group and theirs <= group and mine and theirs for group in _EXCLUSIVE)


def _are_siblings(one: str, other: str) -> bool:
    """Whether names stand side by side: places of one level, or what excludes each other."""
    return (bool(_level(one)) and _level(one) == _level(other)) or _exclude(one, other)


# What something is divided into.
_DIVISION = re.compile("板块|事业部|分公司|分部|车间|基地|校区|院区|分馆|门店|号线|线路")


def _are_divisions(one: Operand, other: Operand) -> bool:
    """Whether both are divisions of one thing, be it in their names or right after: 装备板块."""
    ends = {
        found.group()
        for each in (one, other)
        if (found := _DIVISION.search(each.question, each.question.find(each.name)))
        and found.start() <= each.question.find(each.name) + len(each.name)
    }
    return len(ends) == 1 and one.name not in other.name and other.name not in one.name


def _level(name: str) -> str:
    """The level of a place; "" of what is none."""
    if not DISTRICT.fullmatch(name):
        return ""
    return next((level for level in _LEVELS if re.search(f"(?:{level})$", name)), "")


def _kinds(name: str) -> frozenset[str]:
    """The words of a name by which things are classed."""
    whole = fold(name)
    cut = {word for word, _ in words(whole)}
    found = {kind for kind in _KINDS if kind in cut or kind == whole or whole.startswith(kind)}
    # 男性 is no 男 as well.
    return frozenset(one for one in found if not any(one != k and one in k for k in found))


# What is done in a year adds up over years; what there is at its end does not.
_FLOWS = re.compile(
    "新增|完成|引进|签约|开工|竣工|投资|收入|支出|总值|产值|增加值|税|出口|进口|零售|销售|产量|接待|发电|用电|用水|投入|"
    "发放|招|新签|回款|实现|建成|新建|成交|利润|捐|毕业|申请|授权|登记|gdp|营收"
)


def _over_time(one: Operand, other: Operand) -> Iterator[str]:
    first, second = _period(one), _period(other)
    whole = {"上半年", "下半年"}
    for question in (one.question, other.question):
        if not _FLOWS.search(fold(question)) or re.search("余额|存量|保有|[年月季]末", question):
            yield f"“{question}”问的是某一时点的数，跨时间相加会重复计算"
    if _CUMULATIVE.search(_clause(one)) or _CUMULATIVE.search(_clause(other)):
        yield "累计数跨时间相加会重复计算"
    if first.year == second.year and not (
        {first.part, second.part} == whole
        or all(re.fullmatch("[一二三四]季度|\\d{1,2}月", period.part) for period in (first, second))
    ):
        yield f"{one.written}和{other.written}的时段可能有重叠，相加会重复计算"


def _shares(operands: Sequence[Operand]) -> Iterator[str]:
    part, whole = operands
    if part.claim.change or part.unit in {"%", _POINTS}:
        yield f"{part.written}是比率或增减幅度，不能算占比"
    elif not 0 < part.value <= whole.value:
        yield f"{part.written}大于{whole.written}，不是它的一部分"
    elif 100 * part.value / whole.value < Decimal("0.05"):
        yield f"{part.written}不到{whole.written}的0.1%"


def _ratios(operands: Sequence[Operand]) -> Iterator[str]:
    part, whole = operands
    if part.claim.change or part.unit in {"%", _POINTS}:
        yield f"{part.written}是比率或增减幅度，不能算倍数"
    elif part.value <= 0 or whole.value <= 0 or part.value / whole.value < Decimal("0.1"):
        yield f"{part.written}不到{whole.written}的十分之一"


def _exact(operands: Sequence[Operand]) -> Iterator[str]:
    for one in operands:
        if one.claim.quantity.bound:
            yield f"{one.written}不是确切的数，分不出先后"


def _convertible(calculation: Calculation, operands: Sequence[Operand]) -> Iterator[str]:
    """Whether the unit asked for counts the same; of one currency another is no unit."""
    size = quantities(f"1{calculation.unit}")
    unit = size[0].unit if size else ""
    for one in operands:
        if not unit or (one.unit != unit and (one.unit, unit) not in _TIMES):
            yield f"{one.written}不能换算成{calculation.unit}"
        if one.claim.change:
            yield f"{one.written}是增减幅度"
        said = quantities(one.name)
        if said and not _is_same(said[0], one.claim.quantity):
            yield f"原文是{one.written}，不是{one.name}"


_ALWAYS = (_places, _units, _bounds, _alike, _periods)
_CHECKS = {
    "sum": (_summable, _disjoint),
    "share": (_shares,),
    "ratio": (_ratios,),
    "rank": (_exact,),
}


# --- what a document says itself


_SAID_TOTAL = re.compile(
    "合计|总计|共计|一共|总共|总和|之和|合起来|[两三四五]者?[^，,。；;]{0,6}共"
)
_SAID_APART = re.compile(
    "相差|差距|(?:多|高|低|少|快|慢)(?:了|出|于)?约?$|比.{2,}(?:增加|减少)了?约?$"
)
_SAID_SHARE = re.compile("占|比重|份额|比例")
_SAID_MOST = re.compile(
    "最[高低多少大小快慢长短]|第[一二三](?!产业)|居首|首位|榜首|领先|领跑|前[三两二四五]"
)


def stated(calculation: Calculation, answer: Answer) -> str:
    """The result as the document states it, where an answer to the whole question cites that; or "".

    The answer may be another figure of the sentence that states it.
    """
    return _STATED[calculation.operation](calculation, answer)


def _clause_before(answer: Answer, short: str) -> str:
    """What the clause of a figure says up to it."""
    return re.split("[，,。；;]", _around(short, answer.citations[0].quote)[0])[-1]


def _stated_sum(calculation: Calculation, answer: Answer) -> str:
    """A total, said of all that was asked about: what stands by one of the names is that one's own."""
    quote = answer.citations[0].quote
    names = [fold(name) for name in calculation.names]
    if not all(name in fold(quote) for name in names):
        return ""
    unit = next((one.unit for one in quantities(answer.short)), "")
    totals = []
    for one in quantities(quote):
        clause = _clause_before(answer, one.written)
        beside = sum(name in fold(clause) for name in names)
        if one.unit == unit and _SAID_TOTAL.search(clause) and beside in {0, len(names)}:
            totals.append(one.written)
    return totals[0] if len(totals) == 1 else ""


def _stated_difference(calculation: Calculation, answer: Answer) -> str:
    """By how much one is more than the other, both named; or the change from year to year."""
    quote, short = answer.citations[0].quote, answer.short
    sentence = re.split("[。；;]", quote.partition(short)[0])[-1]
    if all(fold(name) in fold(sentence) for name in calculation.names):
        return short if _SAID_APART.search(_clause_before(answer, short)) else ""
    asked = [understand(question) for question in calculation.questions]
    over_time = len({one.period for one in asked}) > 1 and asked[0].ask != "growth"
    changed = [c for c in claims(quote) if c.quantity.written in short and c.change]
    return short if over_time and changed and changed[0].quantity.unit != "%" else ""


def _stated_share(_: Calculation, answer: Answer) -> str:
    units = {one.unit for one in quantities(answer.short)}
    said = units == {"%"} and _SAID_SHARE.search(_clause_before(answer, answer.short))
    return answer.short if said else ""


def _stated_ratio(_: Calculation, answer: Answer) -> str:
    return answer.short if {one.unit for one in quantities(answer.short)} == {"倍"} else ""


def _stated_order(_: Calculation, answer: Answer) -> str:
    quote = answer.citations[0].quote
    head = quote.partition(answer.short)[0]
    tail = quote[len(head) + len(answer.short) :]
    said = _SAID_MOST.search(re.split("[。；;]", head)[-1] + re.split("[。；;]", tail)[0])
    return answer.short if said else ""


def _stated_in_unit(calculation: Calculation, answer: Answer) -> str:
    """A figure that the document tells in the unit that is asked for."""
    said = re.fullmatch(f"[^\\d]*[\\d.,]+{calculation.unit}", fold(answer.short))
    return answer.short if said else ""


_STATED = {
    "sum": _stated_sum,
    "difference": _stated_difference,
    "share": _stated_share,
    "ratio": _stated_ratio,
    "rank": _stated_order,
    "convert": _stated_in_unit,
}
