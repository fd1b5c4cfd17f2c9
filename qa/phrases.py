"""What of a question must not be cut into words: set phrases, quoted names, grades, numbered houses, counts.

Each is a term as it stands, and the first to be found takes the place. What the words between them set
is qa/terms.py's business.
"""

import re
from collections.abc import Iterator

from qa.figures import Figure, figures
from qa.periods import PERIODS
from qa.synonyms import NEWLY, SAME, SAME_DEEDS, SYNONYMS
from qa.terms import Term, TermKind
from qa.words import SURNAMES

# The cutter parts 市人社局 behind 市人.
_OFFICES = tuple(group for group in SAME if group[0].endswith(("局", "厅", "委员会", "中心")))
_KINDS: tuple[tuple[TermKind, tuple[tuple[str, ...], ...]], ...] = (
    ("noun", (*SYNONYMS, *_OFFICES, NEWLY)),
    ("hint", SAME_DEEDS),
)
_GROUPS = tuple(
    (kind, group, re.compile("|".join(map(re.escape, group))))
    for kind, groups in _KINDS
    for group in groups
)
_NAMES_ANOTHER = {"hint": ("会", "者"), "noun": ("长",)}
# A numbered house by its short name: 三院, 一中.
_SHORT_NAME = re.compile(
    "(?:^|(?<=[市省区县去到在给对向的和与、，]))(?P<number>[一二三四五六七八九十])"
    "(?P<kind>院(?![长校士系区落子])|中(?![全国央心期等间]))"
)
_FULL_NAMES = {"院": ("第{}人民医院", "第{}医院"), "中": ("第{}中学",)}
# 中日 is not 美中, and 美中 is 中美.
_TWO_COUNTRIES = re.compile(
    "([中美日俄韩欧英法德印澳加朝越])((?!\\1)[中美日俄韩欧英法德印澳加朝越])(?=双边|贸易|经贸|关系|两国|两军|合作|协议|峰会|会谈|会晤)"
)
# 日元兑美元 are no units; the rate is the same figure whichever is said first.
_CURRENCY = (
    "(?:人民币|美元|日元|欧元|英镑|港[元币]|澳元|加元|韩元|卢布|卢比|法郎|泰铢|比索|雷亚尔|里拉)"
)
_RATE = re.compile(f"({_CURRENCY})[兑对]({_CURRENCY})")
# What was denied is not told of what was done, nor the other way round.
_DENIAL = re.compile("尚未|未(?![来成])|没有?(?=[\u4e00-\u9fff])(?!多少|几|什么)|不予")
_DENIALS = ("未", "没", "不", "无", "非")
# Bounds that say the same.
_BOUNDS = (
    ("超过", "超", "突破", "逾", "高于", "多于", "大于", "超出"),
    ("不低于", "不少于", "至少", "不小于"),
    ("不超过", "不高于", "至多", "最多", "最高", "不得超过"),
)
_PER = re.compile("一(?P<unit>[^\\d一二三四五六七八九十百千万亿]{1,3})")
_ASKED_PRICE = ("多少钱", "多少元", "几块", "几元", "几毛")
_QUOTED = re.compile('[“"‘「『《]([^”"’」』》]{1,40})[”"’」』》]')
# 一类城市 is not 二类城市, and 处级 is not 科级.
_GRADE = re.compile(
    "第?[一二三四五六七八九十\\d]+(?:档(?!案)|级?阶梯)|(?:首|第?[一二三四五])套(?=住?房|住宅|商品房)"
    "|第[一二三四五六七八九十\\d]+[章条款届期批类次轮版胎孩辆]|[一二三四五六七八九甲乙丙丁a-d][类级线档等](?![奖功])"
    "|[正副]?[省部厅局处科股]级|[正副]高级?"
)
_STEP = re.compile("第?([^第]+?)(?:档|级?阶梯)")
_HOME = re.compile("(?:第?([二三四五])|首|第?一)套")
# A line, a house or a window is named by its number: K7路 is neither 7路 nor 17路.
_NUMBERED = re.compile("[a-z]{0,2}\\d+(?:路|号(?:[线楼院门馆厅]|窗口))")
# What is owed for a deed is no other fee, and how often one thing is done is not how often another.
_DEED = re.compile("[赔罚奖](?=了?(?:多少|几))|(?<=多久)[\u4e00-\u9fff](?=一[次回趟遍根])")
# 第一人民医院 is not 第三人民医院.
_HOUSE = re.compile(
    "第[一二三四五六七八九十]+(?:人民|中心|附属|实验|职业|高级|师范)*"
    "(?:医院|中学|小学|高中|幼儿园|分公司|分局|研究[院所]|设计院|工程局|检察院|食堂|水厂|支队|大队|中队|车队)"
)
# 亿元以上 is a condition that has no digits.
_AND_ABOVE = re.compile("(?<![\\d.])[百千]?[百千万亿]+(?:元|美元)?(?:及?以上|级)")
# Who stands second is not who stands first.
_DEPUTY = re.compile("副(?:[院校局处科部厂行所站区市县镇会]长|主任|书记|总?经理|总工程师)")
# The class that is asked for ("哪些领域") need not be named by the evidence.
_ASKED_CLASS = re.compile(
    "(?:哪些|什么|哪几个?|哪[一二三四五六七八九十个]+)(?!时|地方|样|人|意思|含义|职[务位]|头衔|身份)([\u4e00-\u9fff]{2,4}?)(?=[，,。?？的是有]|$)"
)
# Nor need the kind of house that is asked for: 由哪个部门负责.
_ASKED_OFFICE = re.compile(
    "哪(?:一?[个家所]|些|几[个家])(部门|单位|机构|公司|企业|科室|处室|组织|地方|城市|平台)"
)
_DAY = re.compile("\\d{1,2}月\\d{1,2}[日号]")
# Whose name the cutter may not know: 周敏之担任什么职务.
_OF_A_PERSON = re.compile(
    f"^((?!何[人时地])[{''.join(sorted(SURNAMES))}][\u4e00-\u9fff]{{1,2}}?)"
    "(?=(?:现在|目前)?(?:是(?:谁|何人|哪位|什么人|[做干]什么)|[担现出就]任|任什么|的?(?:职务|职位|头衔)))"
)
_NAMED: tuple[tuple[re.Pattern[str], int, TermKind], ...] = (
    (_QUOTED, 1, "name"),
    (_NUMBERED, 0, "name"),
    (_GRADE, 0, "name"),
    (_HOUSE, 0, "name"),
    (_DEPUTY, 0, "name"),
    (_DEED, 0, "noun"),
    (_AND_ABOVE, 0, "number"),
    (_ASKED_CLASS, 1, "hint"),
    (_ASKED_OFFICE, 1, "hint"),
    (_DAY, 0, "number"),
    (_OF_A_PERSON, 1, "name"),
)


def phrases(folded: str) -> list[tuple[int, int, Term]]:
    """What must not be cut into words: set phrases, quoted names, grades, counts; none overlap."""
    found: list[tuple[int, int, Term]] = []
    for start, end, term in _all_phrases(folded):
        if not any(start < other_end and other < end for other, other_end, _ in found):
            found.append((start, end, term))
    return found


def _all_phrases(folded: str) -> Iterator[tuple[int, int, Term]]:
    """The first to be named takes the place."""
    yield from _phrases_of_groups(folded)
    for pattern, part, kind in _NAMED:
        for match in pattern.finditer(folded):
            text = match.group(part)
            yield match.start(part), match.end(part), Term(text, kind, _same_grade(text))
    for match in _SHORT_NAME.finditer(folded):
        full = [name.format(match["number"]) for name in _FULL_NAMES[match["kind"]]]
        yield match.start(), match.end(), Term(match.group(), "name", (match.group(), *full))
    for match in _TWO_COUNTRIES.finditer(folded):
        one, other = match.groups()
        yield match.start(), match.end(), Term(match.group(), "place", (one + other, other + one))
    for match in _RATE.finditer(folded):
        one, other = match.groups()
        pairs = ((one, other), (other, one))
        same = tuple(a + mark + b for a, b in pairs for mark in ("兑", "对", "/"))
        yield match.start(), match.end(), Term(match.group(), "noun", same)
    for match in _DENIAL.finditer(folded):
        yield match.start(), match.end(), Term(match.group(), "noun", _DENIALS)
    yield from _phrases_of_figures(folded)


def _phrases_of_figures(folded: str) -> Iterator[tuple[int, int, Term]]:
    """The quantities of a question, and what a price is asked for."""
    periods = [match.span() for period in PERIODS for match in period.finditer(folded)]
    for figure in figures(folded):
        text = figure.span.of(folded)
        # 前2个月 is a period, however it is written, and no 2个月.
        if any(start <= figure.core.start < end for start, end in periods):
            continue
        beside = folded[: figure.span.start].endswith(_ASKED_PRICE) or folded.startswith(
            _ASKED_PRICE, figure.span.end
        )
        if beside and (per := _PER.fullmatch(text)):
            # 一米多少钱 is told of 每米, or in a table of prices of none.
            each = (text, f"每{per['unit']}", f"/{per['unit']}")
            yield figure.span.start, figure.span.end, Term(text, "hint", each)
        elif figure.kind != "number" or re.search("[万亿]", text):
            term = Term(text, "number", _bounded(figure, folded))
            yield figure.span.start, figure.span.end, term


def _phrases_of_groups(folded: str) -> Iterator[tuple[int, int, Term]]:
    for kind, group, words in _GROUPS:
        for match in words.finditer(folded):
            # A deed is none in the name of something, 发布会, nor an office in that of who heads it.
            if folded[match.end() : match.end() + 1] not in _NAMES_ANOTHER[kind]:
                yield match.start(), match.end(), Term(match.group(), kind, group)


def _same_grade(text: str) -> tuple[str, ...]:
    """
    >>> _same_grade("第二档"), _same_grade("第一套"), _same_grade("甲级")
    (('二档', '二阶梯', '二级阶梯'), ('首套', '第一套'), ('甲级',))
    """
    if step := _STEP.fullmatch(text):
        return tuple(f"{step[1]}{end}" for end in ("档", "阶梯", "级阶梯"))
    if home := _HOME.fullmatch(text):
        return (f"{home[1]}套",) if home[1] else ("首套", "第一套")
    return (text,)


def _bounded(figure: Figure, text: str) -> tuple[str, ...]:
    """A quantity under each bound that says the same: 超过5000元 is 超5000元 and not 不超过5000元.

    Of 80多岁 is told what holds for 80岁以上.
    """
    bound, core = text[figure.span.start : figure.core.start], figure.core.of(text)
    after = text[figure.core.end : figure.span.end]
    same = next((group for group in _BOUNDS if bound in group), (bound,))
    if core[-1:] in {"万", "亿"} and not figure.unit:
        after = "元" + after
        return tuple(f"{word}{core}{rest}" for word in same for rest in (after[1:], after))
    cores = dict.fromkeys((core, re.sub("(?<=\\d)[余多来]", "", core)))
    return tuple(f"{word}{core}{after}" for word in same for core in cores)
