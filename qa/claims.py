"""A sentence to its claims: each quantity with whose it is, where, when, and how it is said of it.

Pure. A figure belongs to the words right before it (counts also to the words after: 63个项目); a
clause that names nothing inherits from the one before. Whether one claim bears out another is
qa/verify.py's business, what a quantity comes to qa/quantities.py's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.types import Span
from qa.figures import fold
from qa.quantities import Measured, quantities, same_unit, times
from qa.question import SYNONYMS, VACUOUS, Period, joined, nearest_period, words

Change = Literal["", "rise", "fall"]

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?\n]*")
# The comma of 1,200 and the colon of 9:30 divide nothing.
_CLAUSE = re.compile(r"(?:[^,;:()—]|(?<=\d)[,:](?=\d))*[,;:()—]*")

_RISE = "增长率?|增速|增幅|涨幅|增加|提高|提升|上升|上涨|上浮|扩大|增|涨|升"
_FALL = "负增长|下降|减少|降低|下滑|回落|收窄|下跌|缩减|压减|压缩|下调|降幅|跌幅|萎缩|降|减|跌"
_CHANGE = re.compile(f"(?P<fall>{_FALL})|(?P<rise>(?<!新)(?<!净)(?:{_RISE}))(?!产业|值|加值|强)")
_ARRIVES = re.compile("^(?:了)?[到至为]")
_RATE = re.compile("增速|增幅|涨幅|增长率|降幅|跌幅")
_CHANGED_AFTER = re.compile(
    f"^的?(?:同比|环比|年均|高速|较快|正)*(?:(?P<fall>{_FALL})|(?P<rise>{_RISE}))(?!到|至|值)"
)
_BASES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("环比", re.compile("环比|[比较]上(?:月|个月|季度|一季度|个季度)")),
    ("年初", re.compile("[比较]年初|[比较]上年[末底]|[比较]去年[末底]|[比较]年底")),
    ("年均", re.compile("年均|年平均|平均每年|每年")),
    ("两年平均", re.compile("两年平均")),
    ("同比", re.compile("同比|[比较]上年|[比较]去年|[比较]前年|(?:上年|去年|上)同期|同期相比")),
)
_BASE_YEAR = re.compile(r"[比较与](?P<year>(?:19|20)\d\d)年")
_SHARE = re.compile("占|比重|份额|其中.{0,6}比例")
_NEW = re.compile("新增|净增|新认定|新签|新设|新登记|新注册|新引进|新开工|新建")
_PLAN = re.compile(
    "计划(?!单列)|规划(?!面积|区|局|建筑|用地)|(?<!模)拟(?!合|人)|力争|争取|预计|预期|有望|将(?!近|军|士|领|来)|"
    r"(?<!完成)(?<!达到)(?<!实现)(?<!高于)目标(?!任务)|确保|到20\d\d年[末底]?(?!.{0,3}已)|打算|准备"
)
_DONE = re.compile("已|实际|累计|截至|截止|完成了|实现了|达到了|建成了")
_PLANNED_AFTER = re.compile("^(?:左右|以上|以下)?的?(?:目标|计划|预期)")
# 不仅 denies nothing, nor does 不低于: it is a bound.
DENIAL = re.compile(
    "未(?!来|成年)|没有?(?!收)|(?<!我)不(?!仅|但|只|同|断|低于|少|超过|足|高于|大于|小于|多于|动产|锈|久|到|含|良|变价|得不|论|管|过|等|满|再.?是)"
    "|无(?!人|线|障碍|锡|缝|偿|忧|纸|形|形资产)|取消|暂停|停止|终止|废止|中止|并非|否认|拒绝|禁止|严禁|避免|免除|撤销|叫停|推迟|延期"
)

_LEVEL = re.compile(
    "(?:全|本|我|该|整个)(?P<level>新区|区|市|县|省|镇|乡|街道|国|州|村|园区|集团|公司|校|院)"
)
_PLACE_ENDS = ("新区", "高新区", "开发区", "经开区", "街道", 
    "自治州", "区", "市", "县", "省", "镇", "乡", "村", "州")  # fmt: skip
# Kinds of place, not places.
_NO_PLACE = frozenset(
    "地区 城区 园区 社区 景区 小区 市区 城市 县市 区县 上市 超市 门市 集镇 乡镇 村镇 乡村 农村 城镇 新村 "
    "外省 各省 各区 各市 各县 辖区 片区 灾区 山区 林区 库区 校区 厂区 街区 老区 特区 港区 示范区 功能区 "
    "保税区 自贸区 行政区 风景区 工业区 产业园区 高新区 开发区 经开区 新区 都市 新建 新城 股市 楼市 夜市 "
    "集市 建制镇 行政村 特色小镇 小镇 直辖市 地级市 县级市 超大城市 大城市".split()
)
# A place that something is measured against says nothing of where it is.
_AGAINST = re.compile(
    "(?:占|居|列|排|位居|位列|高于|低于|快于|慢于|超过|领先|好于)(?:了)?(?:全|本|我)(?:市|区|县|省|国|州)(?:的|平均|水平|各)*"
    "|(?:全|本|我)(?:市|区|县|省|国|州)(?=平均|第|前|首|排|同|比重)"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A quantity and all that is said of it.

    `subject` are the words it belongs to, `own` whether its own clause names them. `around` is its
    sentence with the two before it; `places` are the nearest places named
    ("全市" among them), in the order of the text. `leaning` is a change word that governs it from afar,
    `taken` the words that are subjects of other figures like it.
    """

    quantity: Measured
    subject: tuple[str, ...]
    own: bool
    around: str
    places: tuple[str, ...]
    period: Period
    change: Change = ""
    leaning: Change = ""
    base: str = ""
    share: bool = False
    new: bool = False
    planned: bool = False
    denied: bool = False
    taken: frozenset[str] = frozenset()

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


def sentences(text: str) -> Iterator[Span]:
    """The sentences of a text."""
    for match in _SENTENCE.finditer(text):
        if match.group().strip():
            yield Span(*match.span())


def clauses(text: str) -> list[Span]:
    """The clauses of a folded sentence; they partition it."""
    return [Span(*match.span()) for match in _CLAUSE.finditer(text) if match.group()]


def claims(text: str, setting: Setting = Setting()) -> tuple[Claim, ...]:
    """The claims of a text, in order.

    >>> [(c.subject, c.change, c.period.year) for c in claims("2023年甲区工业投资12亿元，增长8%。")]
    [(('工业', '投资'), '', 2023), (('工业', '投资'), 'rise', 2023)]
    """
    folded, found, before = fold(text), [], list[str]()
    for span in sentences(folded):
        sentence = span.of(folded)
        found += _Sentence(sentence, span.start, tuple(before), setting).claims()
        before.append(sentence)
    return tuple(_unstolen(found))


class _Sentence:
    """One sentence being read; its claims lean on those before them."""

    def __init__(self, text: str, at: int, before: tuple[str, ...], setting: Setting) -> None:
        self._text, self._at, self._before, self._setting = text, at, before, setting
        self._clauses = clauses(text)
        self._bare = _without_times(text)

    def claims(self) -> list[Claim]:
        """The claims of the sentence, in order."""
        found: list[Claim] = []
        measured = quantities(self._text)
        for number, clause in enumerate(self._clauses):
            inside = [m for m in measured if clause.holds(m.span)]
            group: list[Claim] = []
            for place, one in enumerate(inside):
                start = self._after(inside[place - 1]) if place else clause.start
                end = inside[place + 1].span.start if place + 1 < len(inside) else clause.end
                previous = next(reversed([*found, *group]), None)
                listed = bool(group) and _JOINS.fullmatch(self._text[start : one.span.start])
                claim = self._claim(one, number, Span(start, end), previous, bool(listed))
                group.append(claim)
            found += _respectively(self._bare, clause, group)
        return found

    def _claim(
        self, one: Measured, number: int, region: Span, previous: Claim | None, listed: bool
    ) -> Claim:
        clause = self._clauses[number]
        lead = self._bare[region.start : one.span.start]
        tail = self._bare[one.span.end : region.end]
        subject = _subject(lead, tail, one)
        inherited = subject or (previous.subject if previous else ()) or self._topic(number)
        change, base = _change(lead, tail), _base(self._text[clause.start : one.span.start] + tail)
        if previous and not change and (listed or self._goes_on(previous, one, clause, lead)):
            change, base = previous.change, base or previous.base
        if not change and one.unit in {"%", "个百分点", "倍"} and not _SHARE.search(lead):
            change = self._announced(number)
        earlier = [c.of(self._text) for c in reversed(self._clauses[:number])]
        own = self._text[clause.start : one.span.start]
        return Claim(
            replace(one, span=Span(one.span.start + self._at, one.span.end + self._at)),
            inherited,
            bool(subject),
            canonical("".join([*self._before[-2:], self._text])),
            self._places(own, earlier),
            _period([own, *earlier, *reversed(self._before)], tail, self._setting),
            change,
            _leaning(lead),
            base,
            bool(_SHARE.search(lead)) or tail.startswith("的比重"),
            bool(_NEW.search(lead + tail)),
            _planned(own, earlier, tail),
            is_denied(own),
        )

    def _after(self, one: Measured) -> int:
        """Where the words before the next quantity begin: after what a count counts, if it is listed."""
        listed = _LISTED.match(self._text, one.span.end) if _COUNTED.fullmatch(one.unit) else None
        return listed.end() if listed else one.span.end

    def _goes_on(self, previous: Claim, one: Measured, clause: Span, lead: str) -> bool:
        """A增长5%、B8%: the second of a list in one clause is a change as the first is."""
        within = previous.quantity.span.start - self._at >= clause.start
        return within and previous.quantity.unit == one.unit and not _SHARE.search(lead)

    def _topic(self, number: int) -> tuple[str, ...]:
        """What the nearest clause before speaks of."""
        for clause in reversed(self._clauses[:number]):
            run = _run(clause.of(self._bare))
            if run:
                return run
        return ()

    def _announced(self, number: int) -> Change:
        """增速最快的是高技术投资，达12%: the clause before, without a figure, says what 12% is."""
        if number == 0:
            return ""
        text = self._clauses[number - 1].of(self._text)
        return "" if re.search(r"\d", text) else _leaning(text)

    def _places(self, own: str, earlier: Sequence[str]) -> tuple[str, ...]:
        """The nearest places named: 全市 alone takes its name from farther away."""
        levels: tuple[str, ...] = ()
        for text in [own, *earlier, *reversed(self._before), self._setting.context]:
            found = places(text)
            named = [place for place in found if not _LEVEL.fullmatch(place)]
            if not levels and named:
                return found
            fitting = [place for place in named if place.endswith(tuple(map(_level, levels)))]
            if fitting:
                return (*levels, *fitting)
            levels = levels or found
        return levels


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


def _respectively(text: str, clause: Span, group: list[Claim]) -> list[Claim]:
    """进口和出口分别增长5%和8%: the first thing has the first figure."""
    at = text.find("分别", clause.start, clause.end)
    if at < 0 or len(group) < 2:
        return group
    parts = [part for part in re.split("[、和与及]", text[clause.start : at]) if part.strip()]
    if len(parts) < len(group):
        return group
    parts = parts[-len(group) :]
    shared = _run(parts[-1])
    return [
        replace(claim, subject=_run(part) or shared, places=places(part) or claim.places, own=True)
        for claim, part in zip(group, parts, strict=True)
    ]


# -- words ---------------------------------------------------------------------------------------

_EMPTY = VACUOUS | frozenset(
    "同期 增速 较 上年 去年 同 环 均 分别 其中 当 则 即 仍 还 也 已 又 均为 分 并 且 而 就 更 很 较为 占 "
    "居 列 排 位居 排名 以上 以下 以内 左右 达 超 近 逾 约 共计 总额 总 突破 高达 多达 不足 上升 上涨 "
    "下滑 回落 收窄 扩大 提升 增 降 涨 跌 增 减 快 慢 加快 放缓 保持 呈 呈现 出现 创 创下 录得 报 收 计 "
    "核定 跃居 跻身 荣获 获 得 从 由 自 至 到 向 以 于 在 所 将 拟 力争 争取 预计 预期 有望 确保 年均 年 "
    "月 日 期间 时期 以来 本年 年初 月份 季度 末 底 初 期末 新增 净增 净 新 接近 将近 大约 大概 份额 比例 "
    "负 正 率先 首次 再 再次 成功 顺利 同时 此外 另外 另 该 其 这 那 本 各 每 个 了 着 过 的 地 得 之 和 "
    "与 及 以及 、 等 等等 中 内 里 上 下 前 后 间 方面 来看 看 而言 来说 领域 范围 按照 根据 据 通过 "
    "实施 给予 提供 设 设有 设立 涉及 来自 成为 属于 处于 继续 进一步 不断 持续 稳步 大幅 小幅 明显 显著 "
    "快速 平稳 表示 介绍 指出 称 显示 获悉 了解 记者 日前 近日 目前 截至 截止".split()
)
# After a subject is found, these are part of what joins its words and not its end.
_GLUE = frozenset("的 之 和 与 及 以及 、 “ ” \" ' ‘ ’ 《 》 总 新增 净增 新 等".split())


def _content(word: str) -> bool:
    return (
        word not in _EMPTY
        and any(c.isalnum() for c in word)
        and "□" not in word
        and not (len(word) == 1 and not word.isascii())
        and not re.fullmatch(r"[\d.,%]+", word)
    )


def content_words(text: str) -> list[str]:
    """The words of a text that say something by themselves, without its quantities and times."""
    bare = list(_without_times(text))
    for one in quantities(text):
        bare[one.span.start : one.span.end] = "□" * len(one.span)
    return [word for word, _ in _cut("".join(bare)) if _content(word)]


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
    spaced = _SAID.sub("。", text).replace("□", "。")
    found: list[tuple[str, str]] = []
    at = 0
    for match in _SYNONYMOUS.finditer(spaced):
        found += [*joined(words(spaced[at : match.start()])), (_SYNONYM[match.group()], "n")]
        at = match.end()
    return [*found, *joined(words(spaced[at:]))]


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


_COUNTED = re.compile("[个家项所名人户件条座处台套辆批种类款支篇份部间栋幢枚笔宗单场次届期]|第.")
_OF = re.compile("^的?")


def _subject(lead: str, tail: str, one: Measured) -> tuple[str, ...]:
    """The words a quantity belongs to: those before it, of a count also those right after it."""
    before = _run(lead)
    if _COUNTED.fullmatch(one.unit) or (not before and tail.startswith("的")):
        return before + _head(tail)
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


def places(text: str) -> tuple[str, ...]:
    """The places a text names, and its 全市 or 该区, in order; not those it is measured against.

    >>> places("云岭区和青禾县"), places("全市第二"), places("全市投资")
    (('云岭区', '青禾县'), (), ('全市',))
    """
    found: list[str] = []
    previous = ("", "")
    for word, tag in _cut(_AGAINST.sub("。", text)):
        if _LEVEL.fullmatch(word):
            found.append(word)
        elif name := _place(word, tag, *previous):
            if found and name.startswith(found[-1]):
                found.pop()
            found.append(name)
        previous = (word, tag)
    return tuple(dict.fromkeys(found))


def _place(word: str, tag: str, before: str, tag_before: str) -> str:
    """The name of a place that ends with a word, or ""."""
    if word in _PLACE_ENDS:
        named = len(before) > 1 and _content(before) and before not in _NO_PLACE
        return before + word if named and tag_before[:1] in "nvazxjb" else ""
    if word in _NO_PLACE or not "\u4e00" <= word[:1] <= "\u9fff":
        return ""
    if tag in {"ns", "nsf"} and len(word) > 1:
        return word
    return word if len(word) >= 3 and word.endswith(_PLACE_ENDS) and tag[:2] in {"nr", "nz"} else ""


# -- how it is said ------------------------------------------------------------------------------


def _change(lead: str, tail: str) -> Change:
    """The rise or fall a figure tells, of the word right before or after it."""
    after = _CHANGED_AFTER.match(tail)
    if after:
        return "fall" if after["fall"] else "rise"
    last = _last(_CHANGE, lead)
    if last is None or any(_content(w) for w, _ in _cut(lead[last.end() :])):
        return ""
    if _ARRIVES.match(lead[last.end() :]) and not _RATE.search(lead):
        # 增长到 tells where a figure arrived, not by how much it changed.
        return ""
    rate = _RATE.search(lead)
    if rate and _ARRIVES.match(lead[last.end() :]):
        return "fall" if rate.group() in {"降幅", "跌幅"} else "rise"
    falls = bool(last["fall"]) != lead.endswith(("-", "−"))
    return "fall" if falls else "rise"


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return found[-1] if found else None


def _leaning(text: str) -> Change:
    """The last word of change anywhere in a text."""
    last = _last(_CHANGE, text)
    return "" if last is None else "fall" if last["fall"] else "rise"


def _base(text: str) -> str:
    """What a change is compared with, by one name; "" where nothing is said."""
    year = _last(_BASE_YEAR, text)
    if year:
        return year["year"]
    return next((name for name, pattern in _BASES if pattern.search(text)), "")


def _period(texts: Sequence[str], tail: str, setting: Setting) -> Period:
    """The period of a figure: the nearest named before it, else right after it, else in the context."""
    own, *earlier = texts
    spoken = [own, tail, *map(_of_its_own, earlier), setting.context]
    found = nearest_period(map(fold, spoken), setting.year)
    return replace(found, part=_at_an_end(own) or found.part)


_POINT = re.compile("(?:年|期)[末底]|(?<![全当])年中|月[末底]")


def _at_an_end(text: str) -> str:
    """年末 is a point in time, and not the year."""
    plain = re.sub("[比较](?:上年|去年|年)[末底初]", "", text)
    return "年末" if _POINT.search(plain) else ""


def _of_its_own(clause: str) -> str:
    """A clause such as 2022年为268.5亿元 speaks for itself alone."""
    return "" if re.match("而?(?:上年|去年|20\\d\\d年)(?:同期)?[为是]", clause) else clause


def is_planned(clause: str) -> bool:
    """Whether a clause tells a plan."""
    return bool(_PLAN.search(clause))


def _planned(own: str, earlier: Sequence[str], tail: str) -> bool:
    """Whether a figure is a target: so says its own clause, or the nearest before that says."""
    if _PLAN.search(own) or _PLANNED_AFTER.match(tail):
        return True
    if _DONE.search(own):
        return False
    for clause in earlier:
        if _PLAN.search(clause):
            return True
        if _DONE.search(clause) or re.search(r"\d", _without_times(clause)):
            return False
    return False


def is_denied(text: str) -> bool:
    """Whether a clause denies what it says; denied twice, it does not."""
    return len(DENIAL.findall(text)) % 2 == 1


_NEAR = 8


def _unstolen(found: Sequence[Claim]) -> Iterator[Claim]:
    """The claims, each told which words near it are the subjects of other figures of its role."""
    for number, claim in enumerate(found):
        near = found[max(0, number - _NEAR) : number + _NEAR]
        words_taken = {
            word
            for other in near
            if other.own and other.role == claim.role
            for word in other.subject
        }
        yield replace(claim, taken=frozenset(words_taken) - set(claim.subject))
