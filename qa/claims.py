"""A sentence to its claims: each quantity with whose it is, where, when, and how it is said of it.

Pure. A figure belongs to the words right before it (counts also to the words after: 63个项目); a
clause that names nothing inherits from the one before. Whether one claim bears out another is
qa/verify.py's business, what a quantity comes to qa/quantities.py's.
"""

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from index.types import Span
from qa.figures import fold
from qa.periods import Period, last_period, nearest_period
from qa.quantities import Measured, quantities, same_unit, times
from qa.synonyms import SYNONYMS
from qa.terms import VACUOUS
from qa.words import joined, words

Change = Literal["", "rise", "fall"]
# A plan by its own words, perhaps one by those before it, or done by its own.
Standing = Literal["", "plan", "perhaps", "done"]

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?\n]*")
# The comma of 1,200 and the colon of 9:30 divide nothing.
_CLAUSE = re.compile(r"(?:[^,;:()—]|(?<=\d)[,:](?=\d)|(?<!—)—(?!—))*[,;:()—]*")

_RISE = "增长率?|增速|增幅|涨幅|增加|前进|提高|提升|上升|上涨|上浮|上调|攀升|回升|走高|升高|放宽|扩大|增|涨|升"
_FALL = (
    "负增长|下降|减少|降低|下滑|回落|收窄|下跌|缩减|压减|压缩|下调|走低|缩短|缩小|削减|滑落|收紧|"
    "降幅|跌幅|萎缩|降|减|跌"
)
_CHANGE = re.compile(
    f"(?P<fall>{_FALL})|(?P<rise>(?<!新)(?<!净)(?:{_RISE}))(?!产业|值|加值|强)"
    "|(?P<more>(?<![最至不提新])(?:加快|快|(?<![身坝楼层限净标墙塔桥])高出?|多[出发付收领缴招产]?|贵|偏高|偏多)了?(?:约|近|超过?|逾)?$)|(?P<less>(?<![最至不减])(?:放缓|放慢|慢|低|少|便宜|优惠|偏低|偏少)了?(?:约|近|超过?|逾)?$)"
)
_ARRIVES = re.compile("^(?:了|以后|之后|后)?[到至为是达]")
_RATE = re.compile("增速|增幅|涨幅|增长率|降幅|跌幅")
_CHANGED_AFTER = re.compile(
    f"^的?(?:同比|环比|年均|高速|较快|正)*(?>(?P<fall>{_FALL})|(?P<rise>{_RISE}))(?!了?[到至为成]|值)"
)
_BASES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("环比", re.compile("环比|[比较与][上前](?:一)?个?(?:月|季度|周|日)")),
    ("年初", re.compile("[比较与](?:年初|[上去]年年?[末底]|年底)")),
    ("年均", re.compile("年均(?!浓度|值)|年平均|平均每年")),
    ("两年平均", re.compile("两年平均")),
    (
        "同比",
        re.compile(
            "同比|[比较与]上一?年|[比较与]去年|[比较与]今年|[比较与]前年|(?:上年|去年|上)同期|同期相比"
        ),
    ),
)
_BASE_MONTH = re.compile(r"[比较与](?P<month>\d{1,2})月份?(?![—–~至到\-])")
# Any other time that something is measured against: 较年中, 比上期.
_BASE_OTHERWISE = re.compile(
    "[比较与](?P<base>[^,;。□\\d比较与]{0,4}[年月季期][中初末底度]?)(?=相比|[增减提下上高低多少升降涨跌偏])"
)
_BASE_QUARTER = re.compile("[比较与](?P<quarter>[一二三四])季度")
_BASE_YEAR = re.compile(r"[比较与](?P<year>(?:19|20)\d\d)年(?P<end>年?[末底])?(?:同期)?(?:相比)?")
_COMPARES = re.compile("^而?与.*相比")
_SHARE = re.compile("占|比重|份额|其中.{0,6}比例")
_SHARE_AFTER = re.compile("的(?!同比|环比|增|速|降|目标|比例返)")
_NEW = re.compile("新增|净增|新认定|新签|新设|新登记|新注册|新引进|新开工|新建(?!商品|住宅|成)")
_PLAN = re.compile(
    "计划(?!的|单列|内|外|任务|书|[,;。、]|$)|规划(?!面积|区|局|建筑|用地)|(?<!模)拟(?!合|人)|力争|争取|预计|预期|有望|即将|将(?=[于在达到有新建举完开投实继再从超突进发对为按陆全启推增扩提组带形成接打出设安迎由被会是免取]|根据)|"
    r"(?<!完成)(?<!达到)(?<!实现)(?<!高于)目标(?!任务)|确保|打算|准备|筹备|暂定"
)
# What is to be done, told as a rule or with its term, may be done or not.
_DUE = re.compile(
    "(?<![主重需必只首摘纪概次])要(?!求|素|点|闻|么|是|道|件|害|不|紧|职|地|塞|领|旨|约|案|强)|必须|务必|须(?!知)|应(?=[于在])|年内|(?:年|月)底之?前"
)
_DONE = re.compile("已(?!知)|实际|累计|截至|截止(?=[\\d今目本昨])|(?<=[\u4e00-\u9fff])了(?!解)")
_PLANNED_AFTER = re.compile("^(?:左右|以上|以下)?的?(?:目标|计划|预期)")
_ENDS = "免去|暂缓|取消|暂停|停止|终止|废止|中止|免除|撤销|叫停|推迟(?![到至])|延期(?![到至])"
# 不仅 denies nothing, nor does 不低于: it is a bound.
DENIAL = re.compile(
    "未(?!来|成年|经)|没有?(?!收)|(?<!我)不(?![得要能应可]?超过|得?低于|得?高于|得?少于|得?多于|仅|但|只|同|断|低于|少|超过|足|高于|大于|小于|多于|动产|合格|锈|久|到|含|良|变价|得不|论|管|过|等|满|再.?是)"
    f"|无(?!人[机驾区值]|线|障碍|锡|缝|偿|忧|纸|形|形资产)|并非|否认|拒绝|禁止|严禁|避免|{_ENDS}"
)
ENDING = re.compile(f"不再|{_ENDS}")

_LEVEL = re.compile("(?:全|本|我|该|整个)(?P<level>新区|区|市|县|省|镇|乡|街道|国|州|村)")
_PLACE_ENDS = ("新区", "高新区", "开发区", "经开区", "街道", 
    "自治州", "区", "市", "县", "省", "镇", "乡", "村", "州")  # fmt: skip
_ZONES = frozenset("高新区 开发区 经开区 新区 保税区 自贸区".split())
# Kinds of place, not places.
_NO_PLACE = frozenset(
    "中考 高考 地区 城区 园区 社区 景区 小区 市区 城市 县市 区县 上市 超市 门市 集镇 乡镇 村镇 乡村 农村 城镇 新村 "
    "外省 各省 各区 各市 各县 辖区 片区 灾区 山区 林区 库区 校区 厂区 街区 老区 特区 港区 示范区 功能区 "
    "保税区 自贸区 行政区 风景区 工业区 产业园区 高新区 开发区 经开区 新区 都市 新建 新城 股市 楼市 夜市 "
    "台风 集市 建制镇 行政村 特色小镇 小镇 直辖市 地级市 县级市 超大城市 大城市".split()
)
# What stands before 区审计局, and is no name of it.
_NO_NAME = frozenset(
    "兼任 担任 出任 位于 来自 前往 调任 转任 返回 走访 视察 调研 覆盖 涉及 支持 推动 促进 服务 经过 途经".split()
)
# A place that something is measured against says nothing of where it is.
_AGAINST = re.compile(
    "(?:比|较|占|居|列|排(?:名|在)?|位居|位列|高于|低于|快于|慢于|超过|领先|好于)(?:了)?(?:全|本|我)(?:市|区|县|省|国|州)(?:的|平均|水平|各)*"
    "|(?:全|本|我)(?:市|区|县|省|国|州)(?=平均|第|前|首|排|同|比重|位[列居]|[居列])"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A quantity and all that is said of it.

    `subject` are the words it belongs to, `named` those of them that stand by it. `around` is its
    sentence with the two before it; `places` are the nearest places named
    ("全市" among them), in the order of the text. `leaning` is a change word that governs it from afar,
    `own` is what stands between the figures next to it, `before` its sentence up to there, `days` the
    days named before it, `dated` whether its own clause names a period,
    `readings` what it may be the figure of, told in full with what the figures before it are of.
    """

    quantity: Measured
    subject: tuple[str, ...]
    named: tuple[str, ...]
    around: str
    places: tuple[str, ...]
    period: Period
    loosely: bool = False
    change: Change = ""
    leaning: Change = ""
    base: str = ""
    share: bool = False
    new: bool = False
    standing: Standing = ""
    arrival: Literal["", "from", "to"] = ""
    denied: bool = False
    per: str = ""
    readings: tuple[str, ...] = ()
    days: frozenset[str] = frozenset()
    own: str = ""
    before: str = ""
    dated: bool = False

    @property
    def role(self) -> tuple[str, bool, bool]:
        """Figures of one role take each other's place; a level and its growth do not."""
        unit = "个" if same_unit("个", self.quantity.unit) else self.quantity.unit
        return unit, bool(self.change), self.share


@dataclass(frozen=True, slots=True)
class Setting:
    """What a text may lean on: the year it was published (0 unknown), and its titles and headings."""

    year: int = 0
    month: int = 12
    context: str = ""
    day: int = 31

    def is_to_come(self, text: str) -> bool:
        """Whether the last day a folded text names was still to come when it was published."""
        found = _last(_DATED, text) if self.year else None
        if found is None:
            return False
        day = (int(found["year"] or self.year), int(found["month"]), int(found["day"]))
        return day > (self.year, self.month, self.day)


_DATED = re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")


def sentences(text: str) -> Iterator[Span]:
    """The sentences of a text."""
    for match in _SENTENCE.finditer(text):
        if match.group().strip():
            yield Span(*match.span())


@lru_cache(maxsize=8192)
def clauses(text: str) -> tuple[Span, ...]:
    """The clauses of a folded sentence; they partition it."""
    return tuple(Span(*match.span()) for match in _CLAUSE.finditer(text) if match.group())


def claims(text: str, setting: Setting = Setting()) -> tuple[Claim, ...]:
    """The claims of a text, in order.

    >>> [(c.subject, c.change, c.period.year) for c in claims("2023年云岭区工业投资12亿元，增长8%。")]
    [(('工业', '投资'), '', 2023), (('工业', '投资'), 'rise', 2023)]
    """
    folded, found, before = fold(text), list[Claim](), list[str]()
    for span in sentences(folded):
        sentence = span.of(folded)
        found += _Sentence(sentence, span.start, tuple(before[-_FAR:]), setting, found).claims()
        before.append(sentence)
    return tuple(_in_full(found))


class _Sentence:
    """One sentence being read; its claims lean on those before them."""

    def __init__(
        self, text: str, at: int, before: tuple[str, ...], setting: Setting, told: Sequence[Claim]
    ) -> None:
        self._text, self._at, self._before, self._setting = text, at, before, setting
        self._told = told
        self._clauses = clauses(text)
        self._bare = _without_times(text)
        self._said = tuple(itertools.islice(self._said_before(), _FAR))

    def claims(self) -> list[Claim]:
        """The claims of the sentence, in order."""
        found: list[Claim] = []
        measured = quantities(self._text)
        starts = [one.span.start for one in measured]
        for number, clause in enumerate(self._clauses):
            inside = measured[bisect_left(starts, clause.start) : bisect_left(starts, clause.end)]
            group: list[Claim] = []
            for place, one in enumerate(inside):
                start = self._after(inside[place - 1]) if place else clause.start
                end = inside[place + 1].span.start if place + 1 < len(inside) else clause.end
                previous = group[-1] if group else found[-1] if found else None
                listed = bool(group) and _JOINS.fullmatch(self._text[start : one.span.start])
                slot = _slot(self._text, clause, inside, place)
                claim = self._claim(one, number, Span(start, end), slot, previous, bool(listed))
                group.append(claim)
            found += _respectively(self._bare, clause, group, found, self._at)
        return found

    def _claim(
        self,
        one: Measured,
        number: int,
        region: Span,
        slot: Span,
        previous: Claim | None,
        listed: bool,
    ) -> Claim:
        clause = self._clauses[number]
        since = max(clause.start, one.span.start - _OWN)
        lead = self._bare[max(region.start, since) : one.span.start]
        tail = self._bare[one.span.end : min(region.end, one.span.end + _OWN)]
        after = self._text[one.span.end : min(region.end, one.span.end + _OWN)]
        subject = _subject(lead, tail, one)
        inherited = self._inherited(subject, previous, one, number)
        change = _change(lead, tail, one.unit)
        base = base_in(self._text[since : one.span.start] + tail)
        listed = listed and previous is not None and previous.quantity.unit == one.unit
        if previous and not change and (listed or self._goes_on(previous, one, clause, lead)):
            change, base = previous.change, base or previous.base
        if not change and one.unit in {"%", "个百分点", "倍"} and not _SHARE.search(lead):
            change = self._announced(number)
        nearest = self._clauses[max(0, number - _FAR) : number]
        earlier = [c.of(self._text) for c in reversed(nearest)]
        if change and not base:
            base = next((base_in(clause) for clause in earlier if _COMPARES.search(clause)), "")
        own = self._text[since : one.span.start]
        if one.low < 0 and change:
            one = replace(one, low=-one.low, high=-one.high)
        return Claim(
            replace(one, span=Span(one.span.start + self._at, one.span.end + self._at)),
            inherited,
            subject,
            self._around(one.span),
            self._places(lead, own, earlier),
            self._period(lead, own, after, earlier),
            self._is_loose(own, after, earlier),
            change,
            leaning(lead),
            base,
            one.unit == "%" and bool(_SHARE.search(lead) or _SHARE_AFTER.match(tail)),
            bool(_NEW.search(lead + tail)),
            self._standing(own, earlier, tail),
            _arrival(self._text, one.span),
            one.unit not in _EXTENTS and is_denied(_OTHERWISE.split(own)[-1] + tail),
            _per(own),
            tuple("".join((*front, *_head(tail))) for front in ((), subject)),
            frozenset(_DAY.findall(self._text[: one.span.start])),
            self._bare[max(slot.start, since) : one.span.start]
            + ","
            + self._bare[one.span.end : min(slot.end, one.span.end + _OWN)],
            self._bare[: slot.start],
            _names_time(own) or _names_time(after),
        )

    def _standing(self, own: str, earlier: Sequence[str], tail: str) -> Standing:
        """As its words tell; what is dated after it was published may have been planned only."""
        told = _standing(own, earlier, tail)
        dated = own if _names_time(own) else "".join((*reversed(earlier), own))
        return "perhaps" if not told and self._setting.is_to_come(dated) else told

    def _around(self, span: Span) -> str:
        """The sentence of a figure and the two before it, as far as they are near."""
        near = self._text[max(0, span.start - _AROUND) : span.end + _AROUND]
        return canonical("".join(text[-_AROUND:] for text in self._before[-2:]) + near)

    def _period(self, lead: str, own: str, tail: str, earlier: Sequence[str]) -> Period:
        """The period of a figure: the nearest named before it, else right after, else in the context."""
        own = _A_YEAR_BEFORE.sub("去年", own)
        near = [own[max(0, len(own) - len(lead)) :], own, tail]
        far = map(_of_its_own, [*earlier, *self._said])
        spoken = itertools.islice(itertools.chain(near, far), _FAR)
        plain = [_without_days(text) for text in (*spoken, self._setting.context)]
        found = nearest_period(plain, self._setting.year)
        point = next(
            (_at_an_end(text) for text in plain if _at_an_end(text) or _names_time(text)), ""
        )
        return replace(found, part=point or found.part)

    def _is_loose(self, own: str, tail: str, earlier: Sequence[str]) -> bool:
        """Whether the period was named of something else: 2019年开工,全长26公里."""
        if _names_time(own) or _names_time(tail):
            return False
        named = next((clause for clause in earlier if _names_time(clause)), "")
        return len(content_words(named)) > 1 or bool(_DAY.search(named))

    def _said_before(self) -> Iterator[str]:
        """The clauses of the sentences before, the nearest first."""
        for text in reversed(self._before):
            yield from (clause.of(text) for clause in reversed(clauses(text)))

    def _after(self, one: Measured) -> int:
        """Where the words before the next quantity begin: after what a count counts, if it is listed."""
        listed = _LISTED.match(self._text, one.span.end) if _COUNTED.fullmatch(one.unit) else None
        return listed.end() if listed else one.span.end

    def _inherited(
        self, own: tuple[str, ...], previous: Claim | None, one: Measured, number: int
    ) -> tuple[str, ...]:
        """What a quantity belongs to, where its own words name nothing: what the last belongs to."""
        if any(map(weighs, own)):
            return own
        if previous is not None:
            since = self._clause_of(previous.quantity.span.start - self._at)
            between = self._topic(number, since + 1) if number > since + 1 else ()
            return (*(between or previous.subject), *own)
        topic = self._topic(number)
        alike = [c for c in self._told[-_NEAR:] if same_unit(c.quantity.unit, one.unit)]
        if topic or not alike:
            return (*topic, *own)
        return (*alike[-1].subject, *own)

    def _goes_on(self, previous: Claim, one: Measured, clause: Span, lead: str) -> bool:
        """A增长5%、B8%: the second of a list in one clause is a change as the first is."""
        within = previous.quantity.span.start - self._at >= clause.start
        alike = previous.quantity.unit == one.unit
        return within and alike and not (_SHARE.search(lead) or _CHANGE.search(lead))

    def _clause_of(self, at: int) -> int:
        """The number of the clause that a place is in."""
        return next((n for n, clause in enumerate(self._clauses) if at < clause.end), 0)

    def _topic(self, number: int, since: int = 0) -> tuple[str, ...]:
        """What the nearest clause before speaks of."""
        for clause in reversed(self._clauses[max(since, number - _FAR) : number]):
            run = () if BESIDES.match(clause.of(self._bare)) else _run(clause.of(self._bare))
            if run:
                return run
        return ()

    def _announced(self, number: int) -> Change:
        """增速最快的是高技术投资，达12%: the clause before, without a figure, says what 12% is."""
        if number == 0:
            return ""
        text = self._clauses[number - 1].of(self._text)
        return "" if re.search(r"\d", text) else leaning(text)

    def _places(self, lead: str, own: str, earlier: Sequence[str]) -> tuple[str, ...]:
        """The nearest places named: 全市 alone takes its name from farther away."""
        levels: tuple[str, ...] = ()
        for text in [lead, own, *earlier, *reversed(self._before[-_FAR:]), self._setting.context]:
            found = places(text)
            named = [place for place in found if not _LEVEL.fullmatch(place)]
            if not levels and named:
                return found
            fitting = [place for place in named if place.endswith(tuple(map(_level, levels)))]
            if fitting:
                return (*levels, *fitting)
            levels = levels or found
        return levels


# What only says how, since when or by whom.
BESIDES = re.compile("(?:按|据|经|与|比|较|以|从|受|扣除|围绕|根据|通过|随着|为了?|对于?|如|若)")


def _level(word: str) -> str:
    """市 of 全市."""
    found = _LEVEL.fullmatch(word)
    return found["level"] if found else word


_LISTED = re.compile("[\u4e00-\u9fff]{0,12}?[、和与及]")
_JOINS = re.compile("[、和与及,/或以到至]*(?:增长|下降)?")


def _without_times(text: str) -> str:
    """The text with its dates and periods, and what they are measured against, filled up."""
    characters = list(text)
    for span in times(text):
        characters[span.start : span.end] = "□" * len(span)
    return "".join(characters)


# What is numbered by these is named, not counted.
NAMING = frozenset("路 号 线 楼 届 期 岁".split())


def is_name(one: Measured) -> bool:
    """Whether a quantity tells one thing from another and measures none: 4号线, 70岁, 第二."""
    ranks = one.unit in {"第位", "前位"}
    return one.unit in NAMING or one.unit == "literal" or (one.unit[:1] in "第前" and not ranks)


def _slot(text: str, clause: Span, inside: Sequence[Measured], place: int) -> Span:
    """What of its clause is a figure's alone: up to the figures next to it that count the same."""
    own = inside[place]
    alike = [one for one in inside if same_unit(one.unit, own.unit) and not is_name(one)]
    before = [one for one in alike if one.span.start < own.span.start]
    after = [one for one in alike if one.span.start > own.span.start]
    start = before[-1].span.end if before else clause.start
    if not after:
        return Span(start, clause.end)
    joins = _JOINED_WITH.search(text, own.span.end, after[0].span.start)
    return Span(start, joins.start() if joins else after[0].span.start)


_JOINED_WITH = re.compile("[、和与及]")


_RESPECTIVELY = re.compile("分别|依次")


def _respectively(
    text: str, clause: Span, inside: list[Claim], told: Sequence[Claim], since: int
) -> list[Claim]:
    """进口和出口分别增长5%和8%: the first thing has the first figure."""
    found = _RESPECTIVELY.search(text, clause.start, clause.end)
    at = found.start() if found else clause.end
    group = [claim for claim in inside if claim.quantity.span.start - since >= at]
    if len(group) < 2:
        return inside
    before = inside[: len(inside) - len(group)]
    parts = [part for part in re.split("[、和与及]", text[clause.start : at]) if part.strip()]
    if len(parts) < len(group):
        return [*before, *_in_the_same_order(group, told, _run("".join(parts)))]
    parts = parts[-len(group) :]
    shared, common = _run(parts[-1]), re.sub("|".join(places(parts[-1])) or "$^", "", parts[-1])
    return before + [
        replace(
            claim,
            own=f"{part},{common}",
            subject=_run(part) or shared,
            places=places(part) or claim.places,
            named=_run(part) or shared,
        )
        for claim, part in zip(group, parts, strict=True)
    ]


def _in_the_same_order(
    group: list[Claim], told: Sequence[Claim], own: tuple[str, ...]
) -> list[Claim]:
    """…分别为5亿元和8亿元，增幅分别为3%和4%: the second figures are of what the first were of."""
    told = [claim for claim in told if not is_name(claim.quantity)]
    if len(told) < len(group):
        return group
    return [
        replace(
            claim,
            subject=(*before.subject, *own),
            places=before.places,
            own=f"{before.own},{claim.own}",
        )
        for claim, before in zip(group, told[-len(group) :], strict=True)
    ]


# -- words ---------------------------------------------------------------------------------------

_EMPTY = VACUOUS | frozenset(
    "同期 增速 较 上年 去年 同 环 均 分别 其中 当 则 即 仍 还 也 已 又 均为 分 并 且 而 就 更 很 较为 占 "
    "居 列 排 位居 排名 以上 以下 以内 左右 达 超 近 逾 约 共计 总额 总 突破 高达 多达 不足 上升 上涨 "
    "下滑 回落 收窄 扩大 提升 增 降 涨 跌 增 减 快 慢 加快 放缓 保持 呈 呈现 出现 创 创下 录得 报 收 计 "
    "核定 跃居 跻身 荣获 获 得 从 由 自 至 到 向 以 于 在 所 将 拟 力争 争取 预计 预期 有望 确保 年均 年 "
    "月 日 期间 时期 以来 本年 年初 月份 季度 末 底 初 期末 新增 净增 净 新 "
    "调整 扩展 改为 变为 接近 将近 大约 大概 份额 比例 "
    "负 正 率先 首次 再 再次 成功 顺利 同时 前者 后者 此外 另外 另 该 其 这 那 本 各 每 个 了 着 过 的 地 得 之 和 "
    "与 及 以及 、 等 等等 开始 结束 起 止 中 内 里 上 下 前 后 间 方面 来看 看 而言 来说 领域 范围 按照 根据 据 通过 "
    "实施 给予 提供 设 设有 设立 涉及 来自 成为 属于 处于 继续 进一步 不断 持续 稳步 大幅 小幅 明显 显著 "
    "快速 平稳 表示 介绍 指出 称 显示 获悉 了解 记者 日前 近日 目前 截至 截止".split()
)
# After a subject is found, these are part of what joins its words and not its end.
_GLUE = frozenset("的 之 和 与 及 以及 、 “ ” \" ' ‘ ’ 《 》 总 新增 净增 新 等".split())


# Of these a sentence may not have one where the evidence has another.
CONTRASTS = tuple(
    frozenset(group.split())
    for group in (
        "进口 出口 进出口", "收入 支出", "城镇 农村 城乡", "签约 开工 竣工 投产 在建 落地 完工 建成",
        "存款 贷款", "出生 死亡", "死亡 受伤 失踪", "男性 女性", "甲方 乙方", "原告 被告", "公办 民办",
        "常住人口 户籍人口", "常住 户籍", "增加值 总产值 产值", "合同 实际", "受理 公示 截止 申报",
        "预算 决算", "新建 改建 扩建", "立案 结案", "最高 最低 平均", "批发 零售", "门诊 住院",
        "小学 初中 高中 大学", "博士 硕士 本科 专科", "企业 个体工商户", "国有 民营 外资 国企 民企",
        "大型 中型 小型 微型 中小微", "第一产业 第二产业 第三产业", "工业 农业 服务业 建筑业",
        "上市 退市", "发送 到达", "注册 注销", "申请 授权", "营业 利润", "老年人 儿童", "客运 货运",
        "客流 货运", "旅客 货物", "公路 铁路 水路", "产量 销量", "缴存 提取", "主场 客场", "上午 下午",
        "室内 室外", "国家级 省级 市级 县级 区级", "合格率 不合格率", "入院 出院", "白天 夜间",
        "居民 非居民", "早稻 晚稻", "春季 秋季", "买方 卖方", "出租人 承租人", "贷款人 借款人",
        "外地 本地", "年收入 月收入", "年租金 月租金", "日均 月均", "男生 女生", "男子 女子",
        "轻伤 重伤 死亡 遇难", "赞成 反对", "同意 反对", "笔数 金额", "户籍地 居住地", "流入 流出",
        "提前 推迟", "现货 期货", "新车 二手车", "新房 二手房", "一手 二手",
    )
)  # fmt: skip
_CONTRASTING = frozenset().union(*CONTRASTS)
# Without one of these before it, a word means more: 投资 is more than 工业投资.
NARROWING = frozenset(
    "工业 农业 服务业 制造业 建筑业 房地产 民间 规模以上 限额以上 城镇 农村 第一产业 第二产业 第三产业 "
    "民营 外资 国有 基础设施 "
    "技术改造 高新技术 高技术 人均 常住 户籍 实际 合同 中小微 小微 发明 有效 新能源 "
    "外贸 内资 境外 本地 进口 出口 "
    "地方 公共 一般 财政 税收 民生 科技 教育 医疗 养老 住宅 商品房 社会 居民 学前 义务 高等 职业 新增 "
    "战略性 新兴 数字 跨境 "
    "户均 年均 单位 本科 专科 授权 工业用地".split()
)
_LIGHT = frozenset(
    "发展 起步 扩展 资金 金额 旅客 客流 此次 该片 期限 总额 规模 水平 部分 人士 单位 总体 整体 当天 "
    "当日 现在 如今 时 "
    "方 地 处 件事 情形 事项 "
    "工作 活动 项 类 方式 其余 余下 个人 人员 群众 人数 家数 数目 个数 总计 全部 所有 阶段 时期 时段 "
    "年间 地区 当地 当地人".split()
)


@lru_cache(maxsize=8192)
def weighs(word: str) -> bool:
    """Whether a word may not be said without the evidence: a noun, or one of a contrast."""
    if word in _CONTRASTING or word in _SYNONYM:
        return True
    tags = [tag for _, tag in words(word)]
    return word not in _LIGHT and any(tag[0] in "njbl" or tag in {"vn", "eng"} for tag in tags)


_ARRIVING = re.compile("[增降升减扩提涨跌调缩上下][加少升高至到为降涨]*[至到为]")


def _content(word: str) -> bool:
    return (
        word not in _EMPTY
        and any(c.isalnum() for c in word)
        and "□" not in word
        and not (len(word) == 1 and not word.isascii())
        and not re.fullmatch(r"[\d.,%]+", word)
        and not _ARRIVING.fullmatch(word)
        and word[0] != "每"
    )


@lru_cache(maxsize=8192)
def content_words(text: str) -> tuple[str, ...]:
    """The words of a text that say something by themselves, without its quantities and times."""
    bare = list(_without_times(text))
    for one in quantities(text):
        bare[one.span.start : one.span.end] = "□" * len(one.span)
    return tuple(word for word, _ in _cut("".join(bare)) if _content(word))


# What the cutter would join with its neighbours: 占比约, 比上年末.
_SAID = re.compile(
    "占比|[比较](?:上一?|去|前)?年(?:同期|[末底初])?|[比较]上个?月|同比|环比|分别|均?为约|约|近(?=□)|超过?(?=□)|达到?(?=□)"
)
_SYNONYM = {word: group[0] for group in SYNONYMS for word in group}
_SYNONYMOUS = re.compile("|".join(sorted(map(re.escape, _SYNONYM), key=len, reverse=True)))


def canonical(text: str) -> str:
    """A text in which what has many names has its first."""
    return _SYNONYMOUS.sub(lambda match: _SYNONYM[match.group()], text)


def _cut(text: str) -> list[tuple[str, str]]:
    """The words of a text with their parts of speech; what has many names has its first."""
    # Fillers as full stops, lest the cutter joins what they part.
    spaced = _LEVEL.sub(r"。\g<0>。", _SAID.sub("。", text)).replace("□", "。")
    found: list[tuple[str, str]] = []
    at = 0
    for match in _SYNONYMOUS.finditer(spaced):
        found += [*_words(spaced[at : match.start()]), (_SYNONYM[match.group()], "n")]
        at = match.end()
    return [*found, *_words(spaced[at:])]


def _words(text: str) -> list[tuple[str, str]]:
    """The words of a text; 非 and 副 make another of the word they stand before."""
    found: list[tuple[str, str]] = []
    for word, tag in joined(words(text)):
        if found and found[-1][0] in {"非", "副"}:
            found[-1] = (found[-1][0] + word, tag)
        else:
            found.append((word, tag))
    return found


def _run(text: str) -> tuple[str, ...]:
    """The last words of a text that belong together, without places and empty words at its end."""
    bare = _AGAINST.sub("。", text)
    names = places(bare)
    found: list[str] = []
    for word, tag in reversed(_cut(bare)):
        if _content(word) and not _is_place_word(word, tag, names):
            found.append(word)
        elif found and word not in _GLUE and not _is_place_word(word, tag, names):
            break
    return tuple(reversed(found))


def _is_place_word(word: str, tag: str, names: Sequence[str]) -> bool:
    return any(word in name for name in names) or bool(_LEVEL.fullmatch(word))


_COUNTED = re.compile(
    "批次|人次|[个家项所名人户件条座处台套辆批种类款支篇份部间栋幢枚笔宗单场次届期]|第."
)
_OF = re.compile("^[是为]")
# 质保金占合同价款的5% is of 质保金.
_SHARE_OF = re.compile("占(?![比地])")


def _subject(lead: str, tail: str, one: Measured) -> tuple[str, ...]:
    """The words a quantity belongs to: those before it, of a count also those right after it."""
    share = _SHARE_OF.search(lead)
    before = (share and _run(lead[: share.start()])) or _run(lead)
    if one.unit == "%" and tail.startswith("的"):
        # 72.4%的人每周运动: what so many do.
        return before + tuple(word for word, _ in _cut(tail) if _content(word))
    if _COUNTED.fullmatch(one.unit) or (not before and tail.startswith("的")):
        return before + _head(_OF.sub("", tail))
    return before


def _head(text: str) -> tuple[str, ...]:
    """The first words of a text that belong together, up to an empty one."""
    found: list[str] = []
    names = places(text)
    for word, tag in _cut(text):
        if _is_place_word(word, tag, names):
            continue
        if not _content(word):
            if word in _GLUE and word not in {"和", "与", "及", "以及", "、"}:
                continue
            break
        found.append(word)
    return tuple(found)


@lru_cache(maxsize=8192)
def places(text: str) -> tuple[str, ...]:
    """The places a text names, and its 全市 or 该区, in order; not those it is measured against.

    >>> places("云岭区和青禾县"), places("全市第二"), places("全市投资")
    (('云岭区', '青禾县'), (), ('全市',))
    """
    found: list[str] = []
    previous = ("", "")
    for word, tag in _cut(_OF_A_COUNTRY.sub("。", _AGAINST.sub("。", text))):
        if _LEVEL.fullmatch(word):
            found.append(word)
        elif name := _place(word, tag, *previous):
            if found and name.startswith(found[-1]):
                found.pop()
            found.append(name)
        previous = (word, tag)
    return tuple(dict.fromkeys(found))


# Whose, and not where.
_OF_A_COUNTRY = re.compile("[中外我]国(?=公民|籍|游客|旅客)")
# No name of a place has one of these.
_NO_PART = re.compile("[之里的起日和与及得将已据]")


def _place(word: str, tag: str, before: str, tag_before: str) -> str:
    """The name of a place that ends with a word, or ""."""
    if word in _ZONES:
        return (before if _place(before, tag_before, "", "") else "") + word
    if word in _PLACE_ENDS:
        named = len(before) > 1 and _content(before) and before not in _NO_PLACE | _NO_NAME
        return before + word if named and tag_before[:1] in "nvazxjb" else ""
    if word in _NO_PLACE or not "\u4e00" <= word[:1] <= "\u9fff":
        return ""
    if tag in {"ns", "nsf"} and len(word) > 1 and not _NO_PART.search(word):
        return word
    return word if len(word) >= 3 and word.endswith(_PLACE_ENDS) and tag[:2] in {"nr", "nz"} else ""


# -- how it is said ------------------------------------------------------------------------------


def _change(lead: str, tail: str, unit: str) -> Change:
    """The rise or fall a figure tells, of the word right before or after it."""
    after = None if unit in _EXTENTS else _CHANGED_AFTER.match(tail)
    if after and not tail.startswith(("到", "至", "为", "成", "值"), after.end()):
        return "fall" if after["fall"] else "rise"
    last = _last(_CHANGE, lead)
    if last is None or any(_content(w) for w, _ in _cut(lead[last.end() :])):
        return ""
    if _ARRIVES.match(lead[last.end() :]) and not _RATE.search(lead):
        # 增长到 tells where a figure arrived, not by how much it changed.
        return ""
    if unit == "米" and (last["more"] or last["less"]) and not _MEASURED_AGAINST.search(lead):
        return ""
    rate = _RATE.search(lead)
    if rate and _ARRIVES.match(lead[last.end() :]):
        falls = (rate.group() in {"降幅", "跌幅"}) != lead.endswith(("-", "−"))
        return "fall" if falls else "rise"
    falls = bool(last["fall"] or last["less"]) != lead.endswith(("-", "−"))
    return "fall" if falls else "rise"


# How long, how old or which: what follows is not a change of it (十年减少2.2万人).
_EXTENTS = frozenset("月 天 小时 分钟 秒 个工作日 岁 号 路 线 期 届".split())
_MEASURED_AGAINST = re.compile("[比较于每]")


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return found[-1] if found else None


_MORE = re.compile(
    "(?P<rise>高[于出]|快于|多于|好于|优于|强于|领先|超出?(?=[\u4e00-\u9fff]{2})(?!过|市|级)|加快|延长|变贵|偏高|偏多)"
    "|(?P<fall>低于|慢于|少于|差于|弱于|落后|放缓|便宜|偏低|偏少)"
)


def leaning(text: str) -> Change:
    """The last word of change or comparison anywhere in a text."""
    found = [m for m in (_last(_CHANGE, text), _last(_MORE, text)) if m]
    last = max(found, key=lambda m: m.end(), default=None)
    if last is not None and last.re is _MORE:
        return "fall" if last["fall"] else "rise"
    return "" if last is None else "fall" if last["fall"] or last["less"] else "rise"


def base_in(text: str) -> str:
    """What a change is compared with, by one name; "" where nothing is said."""
    found = [(match.end(), name) for name, pattern in _BASES if (match := _last(pattern, text))]
    year = _last(_BASE_YEAR, text)
    if year:
        # 与2019年同期相比 is no 同比.
        found = [(end, name) for end, name in found if not year.start() < end <= year.end()]
        found.append((year.end(), year["year"] + ("年末" if year["end"] else "")))
    other = None if found else _last(_BASE_OTHERWISE, text)
    if other:
        found.append((other.end(), other["base"]))
    quarter = _last(_BASE_QUARTER, text)
    if quarter:
        found.append((quarter.end(), quarter["quarter"] + "季度"))
    month = _last(_BASE_MONTH, text)
    if month:
        found.append((month.end(), f"{int(month['month'])}月"))
    return max(found, default=(0, ""))[1]


# How many clauses back a period or place may be named, and how many characters around a figure count.
_FAR, _AROUND = 40, 600
# How many characters of its clause a figure leans on, before and after.
_OWN = 120
# A day says nothing of the stretch that a figure counts, but its year.
_DAY = re.compile(
    r"\d{1,2}月\d{1,2}[日号]|(?<=[在于自从])\d{1,2}月(?![份末底\-—至])|(?<=[在于自从]\d{4}年)\d{1,2}月(?![份末底\-—至])"
)
_POINT = re.compile("(?:年|期)[末底]|(?<![全当])年中")


# What names a time and says nothing of the stretch that a figure counts: 全年目标, 2017年的两倍.
_NO_STRETCH = re.compile(
    r"全年(?=目标|计划|任务|预算)|自[^,;。]{2,14}?以来|(?<=[是为达于])(?:19|20)\d\d年(?:同期)?的$"
)
# The year before, where it is told and not compared with.
_A_YEAR_BEFORE = re.compile("^而?[去上]年同期(?!相比|同?比|增|下|减|提|上)")
# What is said of one way says nothing of the other: 未裁员或者裁员率不高于5.5%.
_OTHERWISE = re.compile("或者?|但")


@lru_cache(maxsize=8192)
def _without_days(text: str) -> str:
    return _NO_STRETCH.sub("", _DAY.sub("", text))


@lru_cache(maxsize=8192)
def _names_time(text: str) -> bool:
    return last_period(text) != Period()


@lru_cache(maxsize=8192)
def _at_an_end(text: str) -> str:
    """年末 is a point in time, and not the year."""
    plain = re.sub("[比较与](?:上年|去年|年|20\\d\\d年)年?[末底初]", "", text)
    if "年内" in plain:
        return "全年"
    return "年末" if _POINT.search(plain) else ""


@lru_cache(maxsize=8192)
def _of_its_own(clause: str) -> str:
    """A clause such as 2022年为268.5亿元 speaks for itself alone."""
    return "" if re.match("而?(?:上年|去年|20\\d\\d年)(?:同期)?[为是]", clause) else clause


def standing(clause: str, earlier: Sequence[str]) -> Standing:
    """Whether a clause tells a plan or what is done, by its own words or those before (nearest first)."""
    return _standing(clause, earlier, "")


def _standing(own: str, earlier: Sequence[str], tail: str) -> Standing:
    """Whether a figure is a target: so says its own clause, or perhaps the nearest before that says."""
    if _PLAN.search(own) or _PLANNED_AFTER.match(tail):
        return "plan"
    done = _DONE.search(own) or _DONE.search(tail)
    if done and not (done.group() == "累计" and any(map(_PLAN.search, earlier))):
        return "done"
    if _DUE.search(own) or _DUE.search(tail):
        return "perhaps"
    for clause in earlier:
        if _DONE.search(clause):
            return ""
        if _PLAN.search(clause):
            return "perhaps"
    return ""


def is_plan_only_here(mine: Standing, theirs: Standing) -> bool:
    """Whether one tells a plan of what the other tells as done."""
    return (mine == "plan" and theirs in {"", "done"}) or (mine == "perhaps" and theirs == "done")


def is_plan_only_there(mine: Standing, theirs: Standing) -> bool:
    """Whether one tells as done what the other tells as a plan."""
    return (theirs == "plan" and mine in {"", "done"}) or (theirs == "perhaps" and mine == "done")


_SHIFT = (
    f"{_RISE}|{_FALL}|变|调整?|改|延[长后]?|扩[大展]?|缩[短小减]?|提[高升前]?|压[缩减]?|推迟|放宽"
)
_FROM = re.compile(r"(?:由|从)(?!(?:事|业))[^,;。由从\d]{0,14}$")
_FROM_GOES_ON = re.compile(
    f"(?:左右|以上|的)*,?[^,;。]{{0,12}}(?:{_SHIFT})[^,;。]{{0,3}}?[到至为成]"
)
_TO = re.compile(
    f"(?:{_SHIFT})了?[到至为成](?:每[^,;。\\d]{{1,6}})?(?:约|近|超|超过|不低于|不超过)?$"
)


_PER = re.compile(
    "(?:每(?:个|一)?(?:平方米|立方米|平方公里|公里|公斤|千克|斤|小时|学期|季度|[年月周日天次人户亩吨米件张名所家户頭头辆台晚]))+(?=[^,;。]{0,6}$)"
)


def _per(own: str) -> str:
    """每人每月 of 每人每月600元: what a figure is counted by."""
    found = _PER.search(own)
    return re.sub("每[个一]", "每", found.group()) if found else ""


def _arrival(text: str, span: Span) -> Literal["", "from", "to"]:
    """Whether a figure is where a change begins or ends: 由62%提高到63%."""
    before = text[max(0, span.start - 18) : span.start]
    if _FROM.search(before) and _FROM_GOES_ON.match(text, span.end):
        return "from"
    return "to" if _TO.search(before) else ""


def is_denied(text: str) -> bool:
    """Whether a clause denies what it says; denied twice, it does not."""
    return len(DENIAL.findall(text)) % 2 == 1


# How many figures back a figure may take the beginning or the end of its name from.
_NEAR = 8


def _in_full(found: Sequence[Claim]) -> Iterator[Claim]:
    """The claims, each with its readings: 营业收入 after 工业企业利润总额 is perhaps 工业企业营业收入."""
    for number, claim in enumerate(found):
        own = "".join(claim.named)
        readings = dict.fromkeys(["".join(claim.subject), own, *claim.readings])
        for before in found[max(0, number - _NEAR) : number]:
            if not own and before.named and before.role == claim.role:
                readings["".join(before.named)] = None
            elif own and before.named and before.named != claim.named:
                for at in range(1, len(before.named)):
                    readings["".join((*before.named[:at], own))] = None
                    readings["".join((own, *before.named[at:]))] = None
        yield replace(claim, readings=tuple(reading for reading in readings if reading))


def alike(one: str, other: str) -> float:
    """How much two names have in common, by their characters and pairs of them (0 to 1)."""
    mine, theirs = _pairs(one), _pairs(other)
    return 2 * len(mine & theirs) / max(1, len(mine) + len(theirs))


@lru_cache(maxsize=8192)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(text) | {text[at : at + 2] for at in range(len(text) - 1)}


@lru_cache(maxsize=8192)
def contrasting(text: str) -> dict[int, frozenset[str]]:
    """What a text says of each group of CONTRASTS, by the number of the group."""
    found: dict[int, frozenset[str]] = {}
    for number, group in enumerate(CONTRASTS):
        said = {word for word in group if word in text}
        longest = {w for w in said if not any(w != other and w in other for other in said)}
        if longest:
            found[number] = frozenset(longest)
    return found
