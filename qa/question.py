"""What a question asks for, and what must be true of a sentence that answers it.

Pure: words, patterns and a cutter. Every noun, place, name, number and period of a question is a
condition that the evidence has to meet, so that another year, another district or another indicator
is not an answer. Finding the evidence is the business of qa/rules.py and qa/read.py.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import rjieba

from qa.figures import Figure, figures, fold

Ask = Literal[
    "growth", "money", "count", "percent", "duration", "measure", "amount",
    "date", "person", "place", "title", "reference", "list", "definition", "phone", "statement", "request",
]  # fmt: skip
FIGURE_ASKS = frozenset({"growth", "money", "count", "percent", "duration", "measure", "amount"})

TermKind = Literal["noun", "place", "name", "number", "hint"]

_CHANGE = (
    "增长|增加|提高|提升|上升|上涨|下降|减少|降低|回落|下滑|下跌|(?<!新)[增涨升降减](?=了|多少|几)"
)
_ASKED = "多少|几|百分|如何|怎么样|怎样|情况|率|幅|速|吗|呢|了没"
_UNITS = (
    "个|家(?![庭长])|项|所|名|位|人(?![口才员均次民])|户(?![口籍])|件|条|座|处|台|套|辆|"
    "次|场(?![馆所地])|批|期|种|类|款|门|层|支|篇|份|部|本|间|栋|枚|宗|笔|单|片|岁|页"
)

_PAPERS = "文件|意见|通知|办法|规定|方案|规划|条例|公报"
_COUNTED = (
    "企业|项目|公司|单位|专利|平台|机构|学校|高校|岗位|事项|员工|职工|学生|居民|党员|代表|成果|"
    "床位|人才|游客"
)

# What is asked for, each by the turns of phrase that ask for it; the first found decides.
_PATTERNS: tuple[tuple[Ask, tuple[str, ...]], ...] = (
    # To write, draw or translate is no question to documents.
    ("request", ("(?:写|作|编|画|唱|创作|生成|讲)(?:一|几|两|三|首|篇|个|段|封|点)|翻译|笑话",)),
    ("phone", ("电话|联系方式|手机号|热线",)),
    ("reference", ("文号|发文字号|几号文|文件编号",)),
    (
        "title",
        (
            f"(?:什么|哪个|哪份|哪一?[份个部项]|哪些|何种).{{0,6}}?(?:{_PAPERS})",
            f"(?:{_PAPERS})(?:的?(?:名称|名字|全称|标题))?(?:是|叫)(?:什么|哪)",
            "叫什么名",
        ),
    ),
    (
        "definition",
        ("指什么|指的?是|是指|具体指|指哪|什么意思|^什么是|什么叫|含义|何谓|代表什么|怎么理解",),
    ),
    (
        "person",
        (
            "谁|哪位|何人|叫什么|姓名|名字|哪一?家(?:公司|企业|单位|机构)?|哪个(?:部门|单位|机构|公司)",
        ),
    ),
    (
        "growth",
        (
            f"(?:{_CHANGE})(?!值|额|量|点|极|补|贴).{{0,8}}?(?:{_ASKED})",
            f"(?:同比|环比).{{0,6}}?(?:{_ASKED})",
            f"(?:{_CHANGE})[了的]?[?？]?$|(?:同比|环比)[?？]?$",
            "是涨是跌|涨还是跌|增速|增幅|涨幅|降幅|增长率|跌幅",
        ),
    ),
    (
        "duration",
        (
            "多久|多长时间|几天|多少天|几年|多少年|几个月|多少个月|几周|几日|多少日",
            "(?:几|多少)个?工作日|(?:几|多少)个?小时",
        ),
    ),
    (
        "money",
        (
            "多少个?[十百千万亿]*(?:元|钱|美元|欧元|人民币|块)|几[十百千万亿]*(?:元|块)",
            "多少[万亿]+(?!人|吨|平|户|家|个|亩|件|次|千)",
            "花费|投资额|总投资|金额|(?:最高|最多|上限).{0,6}?(?:补|奖|报销)",
        ),
    ),
    (
        "percent",
        (
            "百分之几|百分之多少|百分比|占比|比例|比重|几成|几折|多少个?%|多少个?百分点",
            "(?:率|强度)(?:是|为|达到?|超过)?了?(?:多少|几)",
        ),
    ),
    (
        "date",
        (
            "什么时候|何时|哪一?天|哪一?年|哪个月|哪日|几月|几号|几点|何年|何月|何日",
            "什么时间|时间是|日期|截止|截至到?什么",
        ),
    ),
    (
        "place",
        ("哪里|哪儿|何处|在哪|什么地方|地点|地址|位于哪|哪个(?:城市|区|地方|省|市|镇|街道)",),
    ),
    (
        "measure",
        ("多少[十百千万亿]*(?:平方|立方|公里|千米|公顷|亩|吨|千瓦|兆瓦|米)|面积|多长|多重|多远",),
    ),
    (
        "list",
        (
            "哪些|哪几|有什么|包括什么|包含什么|涵盖什么|分别是|什么领域|什么材料|需要什么",
            "哪[两三四五六七八九十]",
        ),
    ),
    (
        "count",
        (
            f"(?:多少|几)(?:{_UNITS})",
            f"(?:多少|几)[万千百亿]?(?:{_COUNTED})",
            "数量|总数|家数|人数",
        ),
    ),
    ("amount", ("多少|几何|规模|多大|多高|几",)),
    ("statement", ("",)),
)
_ASKS = tuple((ask, re.compile("|".join(patterns))) for ask, patterns in _PATTERNS)

# Ways to say one thing in statistics and offices; any of a group stands for any other.
SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("地区生产总值", "生产总值", "gdp", "经济总量"),
    ("规模以上", "规上"),
    ("固定资产投资", "固投"),
    ("研究与试验发展", "研究与实验发展", "研发", "r&d"),
    ("高新技术企业", "高企"),
    ("社会消费品零售总额", "社零总额", "社零"),
    ("进出口总额", "进出口总值", "外贸总额", "外贸进出口"),
    ("人均可支配收入", "人均收入"),
    ("实际利用外资", "实际使用外资", "利用外资"),
    ("第一产业", "一产"),
    ("第二产业", "二产"),
    ("第三产业", "三产"),
    ("飞机", "航空", "机票"),
    ("火车", "铁路", "高铁"),
    ("住宿费", "住宿"),
    ("伙食补助", "餐补", "餐费补助"),
    ("世界500强", "世界五百强"),
    ("高新区", "高新技术产业开发区"),
    ("经开区", "经济技术开发区"),
    ("技术改造", "技改"),
    ("高级管理人员", "高管"),
    ("亩均", "每亩"),
    ("户均", "每户"),
)
# What came in a year is not what there was at its end.
_NEWLY = tuple("新增 净增 新认定 新登记 新注册 新设立 新设 新引进 新培育 新入库".split())
# Of verbs as well, but no evidence has to hold them.
_SAME_DEEDS: tuple[tuple[str, ...], ...] = (
    ("施行", "实施", "生效", "执行"),
    ("举行", "举办", "召开"),
    ("批准", "审批", "签批"),
    ("提交", "报送", "递交", "上报"),
    ("印发", "发布", "出台", "制定"),
    ("取消", "废止", "作废"),
)

VACUOUS = frozenset(
    "情况 数据 数量 金额 数字 时间 时候 日期 地点 地址 名字 名称 文件 问题 内容 目标 规模 幅度 增速 增幅 涨幅 降幅 "
    "增长率 标准 上限 下限 限额 期限 总数 水平 程度 方面 结果 意思 含义 是 有 为 达到 达 完成 实现 请问 请 想 知道 "
    "告诉 一下 能 可以 会 应 应该 需要 做 进行 分别 具体 总共 一共 共 目前 现在 截止 截至 大概 左右 已经 已 到 在 "
    "出台 发布 印发 制定 增长 增加 提高 上升 下降 减少 降低 同比 环比 累计 全部 共有 拥有 包括 包含 涵盖 有关 相关 "
    "全区 全市 全县 全省 全国 全镇 我区 我市 本区 本市 年末 年底 百分 之 "
    "百分之 多长时间 那份 这份 这个 那个 两个 三个 文章 市里 里面 总共 "
    "总计 合计 多久 文号 发文字号 目前 "
    "叫 说 关于 比例 占比 比重 百分比 多少 几个 什么 哪些 计划 要 比 上年 年度 当年 数 数额 额 值 量 总共有 "
    "指 全称 编号 姓名 位于 办 地方 费用 价格 钱 元 亿元 万元 人民币 美元 欧元 港元 日元 英镑 亿 万 "
    "低于 高于 不低于 不超过 最高 最低 最多 最少 至少 每 "
    "代表 突破 超过 力争 预计 预期 建成 打造 推出 形成 汇聚 集聚 吸引 开展 启动".split()
)
_GROUPS: tuple[tuple[TermKind, tuple[tuple[str, ...], ...]], ...] = (
    ("noun", (*SYNONYMS, _NEWLY)),
    ("hint", _SAME_DEEDS),
)
# They tell how a figure was counted; the figure may stand without them.
_MEASURES = frozenset("总额 总值 总量 总投资额 单项 单个 单户".split())
_BOUNDS = (
    ("超过", "超", "突破", "逾", "高于", "多于", "大于", "超出"),
    ("不低于", "不少于", "至少", "不小于"),
    ("不超过", "不高于", "至多", "最多", "最高", "不得超过"),
)
# Before a word these make another of it: 进出口, 非农业, 副局长, 未完成.
_OPPOSITES = "进非副反未无不准原"
_DAY = re.compile("\\d{1,2}月\\d{1,2}[日号]")
_ABOUT_TARGETS = frozenset("目标 计划 全称 名称".split())
_STOP_TAGS = frozenset("u p c y e o w x r f m q k h uj ul uz ud ug uv z".split())
# What the cutter takes for an adverb is often the half of a name it does not know.
_HINT_TAGS = frozenset("d a ad".split())
_NOUN_TAGS = frozenset("n nr nt nz vn an ng l i j eng s nrt nrfg b".split())

# A bare 2021 is a year unless it counts something.
_YEAR = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})年[度末底初]?|(?<![\d.])(?P<bare>(?:19|20)\d{2})(?![\d.,亿万千百元家个项人名%件户])"
)
_HAN_YEAR = re.compile("[一二][〇零九][〇零一二三四五六七八九]{2}(?=年)")
_RELATIVE = re.compile("今年|本年|去年|上年度|前年|明年")
_COMPARED_WITH = re.compile(
    r"[比较与](?:上一?|去|今|前|20\d\d)年度?(?:年?[末底]|同期)?(?:相比)?|(?:上|去|20\d\d)年同期"
    r"|[比较与](?:上半年|[一二三]季度|上一?季度|前三季度|上个?月|(?:\d{1,2}月?[-—–~至到])?\d{1,2}月份?)"
)
_PART = re.compile(
    r"前三季度|前三个?季度|前(?:\d{1,2}|[一二两三四五六七八九十]{1,2})个?月|上半年|下半年|全年|前两季度|第?[一二三四1-4]季度"
    r"|(?:1|一)(?:月份?)?[-—–~至到](?:\d{1,2}|十[一二]?|[二三四五六七八九])月份?|\d{1,2}月(?:份|底|末)?(?!\d)"
)
# Where a text names a year, a relative one or a part of a year.
PERIODS = (_YEAR, _RELATIVE, _PART)
_QUOTED = re.compile('[“"‘「『《]([^”"’」』》]{1,40})[”"’」』》]')
# 一类城市 is not 二类城市, and 处级 is not 科级.
_GRADE = re.compile(
    "第[一二三四五六七八九十\\d]+[章条款届期批类次轮版]|[一二三四五六七八九甲乙丙丁a-d][类级线档等](?![奖功])"
    "|[正副]?[省部厅局处科股]级|[正副]高级?"
)
# Who stands second is not who stands first.
_DEPUTY = re.compile("副(?:[院校局处科部厂行所站区市县镇会]长|主任|书记|总?经理|总工程师)")
# The class that is asked for ("哪些领域") need not be named by the evidence.
_ASKED_CLASS = re.compile(
    "(?:哪些|什么|哪几个?|哪[一二三四五六七八九十个]+)(?!时|地方|样|人|意思|含义)([\u4e00-\u9fff]{2,4}?)(?=[，,。?？的是有]|$)"
)
_NAMED: tuple[tuple[re.Pattern[str], int, TermKind], ...] = (
    (_QUOTED, 1, "name"),
    (_GRADE, 0, "name"),
    (_DEPUTY, 0, "name"),
    (_ASKED_CLASS, 1, "hint"),
    (_DAY, 0, "number"),
)
_ASKED_UNIT = re.compile(
    "百分之(?:几|多少)|什么[叫是]|是?什么意思|指的?是?什么|是涨是跌|"
    "最[多高少低]|至[多少](?!数)|不?超过(?=了?(?:多少|几))|"
    f"共?有(?=多少|几|哪|什么)|需?要(?=在|提前|多少|几)|(?:多少|几)(?:个?工作日|个?百分点|个月|{_UNITS})"
)
# A bare phrase that ends like an indicator asks for its figure.
_INDICATOR = re.compile(
    "(?:额|值|率|数|量|投资|收入|支出|价格|标准|上限|限额|面积|人口|强度|比例|费用?|补贴|"
    "补助|金额|gdp|目标|浓度|温度|湿度|密度|速度|长度|高度|宽度|深度)(?:是)?$"
)
_TARGET = re.compile("目标|力争|计划|规划|预期|预计|将(?:达|要)|到20\\d\\d年")


@dataclass(frozen=True, slots=True)
class Term:
    """A word that the evidence must hold, in any of its variants; folded."""

    text: str
    kind: TermKind
    variants: tuple[str, ...]

    @property
    def hard(self) -> bool:
        """Whether evidence without it is no evidence."""
        return self.kind != "hint"


@dataclass(frozen=True, slots=True)
class Period:
    """The year and part of a year a question or sentence speaks of; 0 and "" where it says none.

    `relative` counts from the year of the document: 0 今年, -1 去年.
    """

    year: int = 0
    part: str = ""
    relative: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart."""

    text: str
    ask: Ask
    measure: str
    terms: tuple[Term, ...]
    period: Period
    counted: str
    bound: bool
    fall: bool
    base: str
    target: bool


def understand(text: str) -> Question:
    """Take a question apart.

    >>> question = understand("2021年钱塘高新技术产业投资同比增长多少？")
    >>> question.ask, question.period.year, [term.text for term in question.terms]
    ('growth', 2021, ['钱塘', '高新技术', '产业', '投资'])
    """
    folded = years_in_digits(fold(text))
    ask = _ask(folded)
    measure = re.search(f"(?:多少|几)({_UNITS})", folded)
    base = re.search("同比|环比", folded)
    return Question(
        text=text,
        ask=ask,
        measure=measure.group(1) if measure and ask == "count" else "",
        terms=_conditions(_terms(folded)),
        period=period_of(folded),
        counted=_counted(folded) if ask == "count" else "",
        bound=bool(re.search("(?:超过|不超过|低于|高于|最[高多低少]|至少|至多|上限|下限)", folded)),
        fall=bool(re.search("下降|减少|降低|回落|下滑|下跌|降幅|跌幅", folded)),
        base=base.group() if base else "",
        target=bool(_TARGET.search(folded)),
    )


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


def stands_in(word: str, text: str) -> bool:
    """Whether a word stands in a text, and not as the end of its opposite.

    >>> stands_in("出口", "进出口总额"), stands_in("出口", "出口总额")
    (False, True)
    """
    at = text.find(word)
    while at > 0 and text[at - 1] in _OPPOSITES:
        at = text.find(word, at + 1)
    return at >= 0


def _ask(folded: str) -> Ask:
    found = next(ask for ask, pattern in _ASKS if pattern.search(folded))
    bare = folded.rstrip("?？。!！ 呢是")
    return "amount" if found == "statement" and _INDICATOR.search(bare) else found


def years_in_digits(text: str) -> str:
    """A text with its years in Han digits written in digits.

    >>> years_in_digits("二〇二四年、二零二三年")
    '2024年、2023年'
    """
    return _HAN_YEAR.sub(_in_digits, text)


def _in_digits(year: re.Match[str]) -> str:
    return "".join(str("〇一二三四五六七八九".index(c.replace("零", "〇"))) for c in year.group())


def _counted(folded: str) -> str:
    """What is counted, as far as it follows its measure: 几个站 counts 站."""
    match = re.search(f"(?:多少|几)[万千百亿]?(?:{_UNITS})?的?([\u4e00-\u9fff]{{1,2}})", folded)
    return match.group(1) if match and match.group(1)[0] not in "是了呢吗在的被" else ""


def words(text: str) -> list[tuple[str, str]]:
    """A text cut into words, each with its part of speech (ICTCLAS tags)."""
    return list(rjieba.tag(text))


def _relative_years(word: str) -> int:
    return {"去年": -1, "上年度": -1, "前年": -2, "明年": 1}.get(word, 0)


_HAN_DIGITS = "一二三四五六七八九十"
_MONTHS = re.compile(
    f"(?:(?:1|一)月?份?[-—–~至到]|前)(?P<last>\\d{{1,2}}|[两{_HAN_DIGITS}]{{1,2}})个?月份?"
)
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


def _terms(folded: str) -> tuple[Term, ...]:
    """The conditions a question sets, in the order of the question."""
    found: list[tuple[int, Term]] = []
    rest = folded
    for start, end, term in _named(folded):
        found.append((start, term))
        rest = rest[:start] + " " * (end - start) + rest[end:]
    for pattern in (_YEAR, _RELATIVE, _PART, _ASKED_UNIT):
        rest = pattern.sub(lambda match: " " * len(match.group()), rest)
    cut = joined(words(rest))
    at = 0
    for (word, tag), following in zip(cut, [*cut[1:], ("", "")], strict=False):
        plain = _term(word, tag, qualifies=_is_content(following[0], following[1]))
        if plain is not None:
            found.append((at, plain))
        at += len(word)
    ordered = dict.fromkeys(term for _, term in sorted(found, key=lambda item: item[0]))
    return tuple(ordered)


def _bounded(figure: Figure, text: str) -> tuple[str, ...]:
    """A quantity under each bound that says the same: 超过5000元 is 超5000元 and not 不超过5000元."""
    bound, core = text[figure.span.start : figure.core.start], figure.core.of(text)
    after = text[figure.core.end : figure.span.end]
    same = next((group for group in _BOUNDS if bound in group), (bound,))
    return tuple(f"{word}{core}{after}" for word in same)


def joined(cut: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Single characters side by side are a word the cutter does not know: 年 假, 低 保.

    So is one before a district whose name would be a single character: 临 湖区.
    """
    found: list[tuple[str, str]] = []
    single = False
    for word, tag in cut:
        loose = len(word) == 1 and tag[0] in "mnjgab" and "\u4e00" <= word <= "\u9fff"
        if _is_beheaded(word, tag) and found and _may_begin_a_name(*found[-1]):
            found[-1] = (found[-1][0] + word, _DISTRICT)
        elif loose and single:
            found[-1] = (found[-1][0] + word, "n")
        else:
            found.append((word, tag))
        single = loose
    return found


# The tag of a district whose name was put together again.
_DISTRICT = "district"


def _is_beheaded(word: str, tag: str) -> bool:
    return tag == "ns" and len(word) == 2 and word[1] in "省市区县镇乡村"


def _may_begin_a_name(word: str, tag: str) -> bool:
    """Whether a word is one character that is no particle, pronoun, number or the like."""
    return len(word) == 1 and "\u4e00" <= word <= "\u9fff" and tag[0] not in "pcurydfqm"


def _conditions(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Where a question sets no condition but by its verbs, they are conditions."""
    if any(term.hard and term.kind != "place" for term in terms):
        return terms
    return tuple(replace(t, kind="noun") if t.kind == "hint" else t for t in terms)


def _named(folded: str) -> list[tuple[int, int, Term]]:
    """What must not be cut into words: set phrases, quoted names, grades, counts; none overlap."""
    found: list[tuple[int, int, Term]] = []
    for start, end, term in _phrases(folded):
        if not any(start < other_end and other < end for other, other_end, _ in found):
            found.append((start, end, term))
    return found


def _phrases(folded: str) -> Iterator[tuple[int, int, Term]]:
    """The first to be named takes the place."""
    for kind, groups in _GROUPS:
        for group in groups:
            for match in re.finditer("|".join(map(re.escape, group)), folded):
                yield match.start(), match.end(), Term(match.group(), kind, group)
    for pattern, part, kind in _NAMED:
        for match in pattern.finditer(folded):
            text = match.group(part)
            yield match.start(part), match.end(part), Term(text, kind, (text,))
    for figure in figures(folded):
        text = figure.span.of(folded)
        if figure.kind != "number" or re.search("[万亿]", text):
            term = Term(text, "number", _bounded(figure, folded))
            yield figure.span.start, figure.span.end, term


def _is_content(word: str, tag: str) -> bool:
    return tag in _NOUN_TAGS and word not in VACUOUS and len(word) > 1


def _term(word: str, tag: str, *, qualifies: bool) -> Term | None:
    """The condition a word sets, if any. 数字 says nothing by itself, but much before 经济."""
    if not word.strip() or not any(c.isalnum() for c in word):
        return None
    if word in VACUOUS and not (qualifies and tag == "n" and word not in _ABOUT_TARGETS):
        return None
    # What is left of 增值化 or 多少项 once it is cut.
    if len(word) == 1 and not word.isascii():
        return None
    if word in _MEASURES:
        return Term(word, "hint", ("总投资", "投资总额") if word == "总投资额" else (word,))
    if tag in {"ns", "nt", _DISTRICT}:
        return Term(word, "place", _place_variants(word, tag))
    if tag in _NOUN_TAGS:
        return Term(word, "noun", _noun_variants(word))
    if tag == "m" and re.search(r"\d", word):
        return Term(word, "number", (word,))
    if tag.startswith("v") or tag == "t" or tag in _HINT_TAGS:
        return Term(word, "noun" if word.endswith("级") else "hint", (word,))
    # Words the cutter does not know are names more often than not.
    if tag in _STOP_TAGS:
        return None
    return Term(word, "noun", (word,))


def _place_variants(word: str, tag: str) -> tuple[str, ...]:
    """钱塘区 is also written 钱塘 and 钱塘新区; the stem of a name put together, as 苇湖 of 苇湖区,
    may be the beginning of another, as of 苇湖高新区.
    """
    if tag == _DISTRICT:
        return (word,)
    stem = re.sub("(?:新区|自治区|[省市区县镇乡])$", "", word)
    return (word, stem) if len(stem) >= 2 and stem != word else (word,)


def _noun_variants(word: str) -> tuple[str, ...]:
    stem = re.sub("[额量数费]$", "", word)
    return (word, stem) if len(stem) >= 2 and stem != word else (word,)
