"""A question for a sum, difference, share or order of figures, taken apart into questions for each.

Pure and by rule. Each figure is asked for by itself, as any question is, so that what is refused alone
is refused here; how a list or a comparison is said in full is known to qa/parts.py and
qa/condense.py. What the figures come to together, and whether they may be put together at all, is
qa/formula.py's business; asking is qa/assistant.py's. A question that is not clearly one of these is
none: it is asked as it stands.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.split import sentences
from index.types import Document, Span
from qa.asks import FIGURE_ASKS
from qa.condense import DISTRICT, standalone
from qa.figures import UNIT, fold
from qa.parts import PERIOD, POLITE, masked, parts
from qa.periods import Period
from qa.question import understand
from qa.rows import tables
from qa.types import Turn
from qa.words import words

Operation = Literal["sum", "difference", "share", "ratio", "rank", "convert"]

_NAME = "{}"
# Two places that a text happens to name are not all there are.
FEWEST_NAMES, MOST_NAMES = 3, 12


@dataclass(frozen=True, slots=True)
class Calculation:
    """What is to be done with the answers to some questions, of which each asks for one figure.

    `names` are what the questions differ in. An order may be asked of all the places of a `kind`
    (区, 镇): then there is one question, with a hole for the name. Where there are no questions, only a
    document that states the result can answer. `top` is how many of an order are
    asked for, `least` whether the smallest come first; `apart` that a difference has no sign; `unit`
    is what a figure is to be told in.
    """

    operation: Operation
    questions: tuple[str, ...]
    names: tuple[str, ...]
    kind: str = ""
    top: int = 1
    least: bool = False
    apart: bool = False
    unit: str = ""

    @property
    def is_split(self) -> bool:
        """Whether it is known of which figures: of one where one is told otherwise, else of two or more."""
        return len(self.names) >= (1 if self.operation == "convert" else 2)

    def of(self, names: Sequence[str]) -> "Calculation":
        """An order of all of a kind, once it is known which there are."""
        questions = tuple(self.questions[0].replace(_NAME, name) for name in names)
        return replace(self, questions=questions, names=tuple(names))

    @property
    def is_anonymous(self) -> bool:
        """Whether it names neither a place nor a time nor anything by a name of its own.

        Then it asks of one text: figures of several may be of several places.
        """
        return not any(map(_names_one, self.questions))

    @property
    def is_over_time(self) -> bool:
        """Whether its questions are of several times: then one text counts both alike."""
        return len({understand(question).period for question in self.questions}) > 1

    @property
    def sought(self) -> str:
        """What to search for before the names are known."""
        return self.questions[0].replace(_NAME, self.kind)


def calculation(question: str) -> Calculation | None:
    """The calculation that a question asks for, or None.

    >>> found = calculation("望江区和白石区2024年工业投资一共多少")
    >>> found.operation, found.questions
    ('sum', ('望江区2024年工业投资多少', '白石区2024年工业投资多少'))
    """
    opening = POLITE.match(question)
    text = (question[opening.end() :] if opening else question).strip("，,。？?！! ")
    asked = len(re.findall("多少|几|哪|谁|百分之", masked(text)))
    # Who asks twice asks for more than a figure.
    rules = () if asked > 2 else _RULES
    found = next((found for rule in rules if (found := rule(text))), None)
    # What cannot be asked for by parts only a document can say.
    return found if found is None or _is_sound(found) else _unsplit(found.operation)


_OWN_NAMES = ("nr", "ns", "nt", "nz")


def _names_one(question: str) -> bool:
    asked = understand(question)
    return (
        asked.period != Period()
        or any(term.kind in {"place", "name"} for term in asked.terms)
        or any(tag.startswith(_OWN_NAMES) for _, tag in words(question))
    )


def _is_sound(found: Calculation) -> bool:
    """Whether each question asks for a figure of something that it names, and none is asked twice."""
    asked = [understand(question.replace(_NAME, "")) for question in found.questions]
    return len(set(found.questions)) == len(found.questions) and all(
        one.ask in FIGURE_ASKS - {"duration", "rank"}
        and any(term.hard and term.kind != "place" for term in one.terms)
        for one in asked
    )


# --- conversions

_CONVERTED = re.compile(
    "(?P<what>.+?)(?:换算成?|折算成?|折合成?|折成|合成|折|合)(?:是|成|人民币)*(?:多少|几)"
    "(?P<unit>[百千万亿]*(?:元|吨|公斤|千克|亩|公顷|平方公里|平方米|公里|米|人|户|千瓦时|度))"
)
_OWN_FIGURE = re.compile("(?P<figure>[\\d.,]+[百千万亿]*[元吨亩人户])的?")


def _convert(text: str) -> Calculation | None:
    """A figure told in another unit: 贷款余额折合多少万元; its name is the figure, where that is said."""
    found = _CONVERTED.fullmatch(masked(text))
    if not found:
        return None
    said = _OWN_FIGURE.search(found["what"])
    what = _OWN_FIGURE.sub("", found["what"]).rstrip("的是，, ")
    name = said["figure"] if said else ""
    return Calculation("convert", (f"{what}是多少",), (name,), unit=found["unit"])


# --- sums


_TOTAL = re.compile(
    "加起来|加在一起|相加|一共|总共|合计|总计|共计|(?:两者)?之和|总和|(?<=[\u4e00-\u9fff])共(?=有?(?:多少|几))"
)


# A sum over all of a kind: which there are, only a document can say that states the sum.
_EVERY = re.compile("各个?(?:街道|公司|部门|单位|学校|季度|[区县市镇乡省地年月家])|所有|每个")


def _sum(text: str) -> Calculation | None:
    """ "X和Y一共多少" is "X和Y分别多少", added up."""
    plain = masked(text)
    total = _TOTAL.search(plain)
    if not total or len(re.findall("多少|几", plain)) != 1:
        return None
    if _EVERY.search(plain):
        return _unsplit("sum")
    before = re.sub("再?加上", "和", text[: total.start()]).rstrip("的，, ")
    asked = _TOTAL.sub("", text[total.end() :]).lstrip("的，, ")
    listed = any(re.fullmatch("、|以及|[和与及]", word) for word, _ in words(masked(before)))
    return _of_each("sum", f"{before}分别{asked}") or (_unsplit("sum") if listed else None)


def _unsplit(operation: Operation) -> Calculation:
    """What is clearly to be calculated, and does not come apart: only a document can say it."""
    return Calculation(operation, (), ())


def _of_each(operation: Operation, each: str) -> Calculation | None:
    questions = parts(each)
    return Calculation(operation, questions, _names(questions)) if len(questions) > 1 else None


_YEAR = re.compile("(?:19|20)\\d\\d")


def _names(questions: Sequence[str]) -> tuple[str, ...]:
    """What the questions differ in, in whole words; a district with what it is called."""
    cut = [[word for word, _ in words(question)] for question in questions]
    start = _common(cut)
    end = _common([list(reversed(one[start:])) for one in cut])
    found = []
    for one, question in zip(cut, questions, strict=True):
        own = "".join(one[start : len(one) - end])
        district = DISTRICT.match(question[len("".join(one[:start])) :])
        whole = district.group() if district and district.group().startswith(own) else own
        found.append(f"{own}年" if _YEAR.fullmatch(own) else whole)
    return tuple(found)


def _common(cut: Sequence[Sequence[str]]) -> int:
    """How many words all begin with."""
    same = 0
    for column in zip(*cut, strict=False):
        if len(set(column)) > 1:
            break
        same += 1
    return same


# --- differences


_APART = re.compile(
    "(?:之间)?(?:的)?(?:相差|(?<![误])差)了?(?=多少|几)|的(?:差距|差额|差)(?=是|有|为)"
)
# 温差多少 asks for no difference of two figures.
_BETWEEN = ("相差", "相差了", "差距", "差额")
_THAN = "(?<![对相])比(?![重例较率值])"
_COUNTED_BY = "(?=了?(?:多少|几)[十百千万亿]*(?:元|家|个|人|户|项|件|吨|亩|公里|辆|所))"
# Not those of 增长, 提高, 减少: of these a rate is told, and no difference asked for.
_MORE = (
    "(?:(?<!增)多|(?<![增延])长(?=多少|几|了|出)|(?<![减缺至])少|(?<!提)高|(?<!降)低|(?<![扩加])大|(?<![减缩])小|(?<!加)快|(?<!放)慢|(?<!缩)短|"
    "[远近重轻])"
)
_COMPARED = re.compile(
    f"(?P<left>.+?)(?:{_THAN}|较(?=[去上前]))(?P<right>.+?)的?"
    f"(?:{_MORE}(?:了|出来?)?|(?:增加|减少){_COUNTED_BY}了?)"
    "(?P<verb>(?:(?!百分)[\u4e00-\u9fff]){0,4}?)(?:多少|几)(?P<rest>[^，,。；;多几]*)"
)
_YEAR_BEFORE = re.compile("(?:去年|上年|上一年|前一年)(?:度|同期|同时)?")


def _difference(text: str) -> Calculation | None:
    plain = masked(text)
    apart = _APART.search(plain)
    if apart and not re.search("[几多少]倍", plain):
        tail = _without_points(text[apart.end() :])
        found = _of_each("difference", f"{text[: apart.start()]}分别{tail}")
        if found and len(found.questions) == 2:
            return replace(found, apart=True)
        return _unsplit("difference") if apart.group().endswith(_BETWEEN) else None
    compared = _COMPARED.fullmatch(plain)
    if not compared or "_" in plain or len(re.findall(_THAN, plain)) > 1:
        return None
    left, right = compared["left"].rstrip("的，, "), compared["right"].strip("的，, ")
    if _YEAR_BEFORE.fullmatch(right) and not re.search(PERIOD, left):
        left = f"今年{left}"
    rest = _without_points(compared["rest"])
    unit = UNIT.match(rest)
    counts = unit is not None and unit.lastgroup == "count"
    verb = compared["verb"] or ("有" if counts else "是")
    return _pair("difference", left, f"{verb}多少{rest}", right)


# What ends like an indicator is one of its own, and takes no other's.
_INDICATOR = re.compile(
    "(?:额|值|率|量|数|投资|收入|支出|利润|人口|出口|进口|税收|gdp|费用?|面积)$", re.I
)


def _without_points(asked: str) -> str:
    return re.sub("^(多少|几)?个?百分点", "\\1", asked)


def _pair(operation: Operation, lead: str, asked: str, other: str) -> Calculation:
    """What is asked of `lead`, and the same of something else: what it is compared with."""
    said, first = f"那{other}呢", f"{lead}{asked}"
    second = standalone(said, [Turn(first, "")])
    if second in {said, first} or _INDICATOR.search(other):
        listed = _of_each(operation, f"{lead}和{other}分别{asked}")
        if listed and len(listed.questions) == 2:
            return listed
    if second in {said, first}:
        return _unsplit(operation)
    return Calculation(operation, (first, second), _names((first, second)))


# --- shares


_SHARE = "(?:比重|比例|占比|份额|百分比|百分之[几多]少?|几成|多大比[重例]|多少)"
_ENDING = "(?:是|为|有|达到?)?(?:多少|多大|百分之[几多]少?|几成)?"
_PART_OF = re.compile(
    f"(?P<part>.+?)所?占(?!地面|地约|地多|[用据比])(?:了|到)?(?P<whole>[^，,。；;]+?)的?{_SHARE}{_ENDING}"
)
_WHOLE_FIRST = re.compile(
    f"(?P<whole>.+?)(?:当中|之中|中|里面?)[，,]?(?P<part>[^，,。；;]+?)所?占(?:比|的?{_SHARE}){_ENDING}"
)
_TIMES = re.compile("(?P<part>.+?)(?:是|为|相当于|达到)(?P<whole>[^，,。；;]+?)的(?:几|多少)倍")


def _share(text: str) -> Calculation | None:
    plain = masked(text)
    if "_" in plain:
        return None
    found = _WHOLE_FIRST.fullmatch(plain)
    if found:
        turned = _pair("share", _bare(found["whole"]), "是多少", found["part"])
        return replace(turned, questions=turned.questions[::-1], names=turned.names[::-1])
    found = _PART_OF.fullmatch(plain)
    return found and _pair("share", _bare(found["part"]), "是多少", found["whole"])


def _bare(text: str) -> str:
    return text.rstrip("的，, ")


def _ratio(text: str) -> Calculation | None:
    plain = masked(text)
    found = None if "_" in plain else _TIMES.fullmatch(plain)
    return found and _pair("ratio", _bare(found["part"]), "是多少", found["whole"])


# --- orders


_KIND = "(?P<kind>街道|区县|县区|县市区|市县|[区县市镇乡省])"
_MOST = "最(?P<how>[高低多少大小快慢长短])"
_LEAST = frozenset("低少小慢短")
_COUNTS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5}
_HOW_MANY = "(?P<n>[两二三四五2-5])"
_AMONG = re.compile(
    f"(?P<told>.+?)(?:当中|之中|中|里|相比|比较)?[，,]?(?:哪一?[个家所项年]?(?:{_KIND}|公司|企业|项目|年)?|谁)的?"
    "(?P<measure>[^，,哪]*?)(?:[最更]|比较|要)(?P<how>[高低多少大小快慢长短])(?:一?[些点])?"
)
_OF_A_KIND = (
    re.compile(f"(?P<lead>.*?)哪(?:一?个|{_HOW_MANY}个)?{_KIND}的?(?P<measure>[^，,]+?)是?{_MOST}"),
    re.compile(f"(?P<measure>.+?){_MOST}的{_KIND}(?:是|为)?(?:哪一?个|哪里|哪)"),
    re.compile(f"(?P<measure>.+?){_MOST}的(?:是|为)哪一?个?{_KIND}"),
    re.compile(f"(?P<measure>.+?){_MOST}的{_HOW_MANY}个{_KIND}(?:是|有|分别是)?哪[{''.join(_COUNTS)}些]个?"),
    re.compile(
        f"(?P<measure>.+?)(?:排名?|位居|居|列|排在)?(?:全[市省区县])?前{_HOW_MANY}[名位]?的"
        f"{_KIND}(?:是|有|分别是|是指)*(?:哪[些几{''.join(_COUNTS)}]个?|哪里)"
    ),
)  # fmt: skip

# 收购量最少的是哪个库点: of things that the rows of a table are labelled with.
_THING = "(?P<kind>[\u4e00-\u9fff]{2,4})"
_OF_A_THING = (
    re.compile(f"(?P<measure>[^，,]+?){_MOST}的(?:是|为)?哪(?:一?[个家项]|一){_THING}"),
    re.compile(f"(?P<lead>[^，,]*?)哪一?[个家项]{_THING}的(?P<measure>[^，,]+?)是?{_MOST}"),
)

# 总投资最大的是哪个项目: of what there is no list, only a document can say which is first.
_SUPERLATIVE = "最[高低多少大小快慢长短]"
_MOST_OF = re.compile(f"{_SUPERLATIVE}的[^，,。]{{0,10}}哪|哪[^，,。]{{1,12}}{_SUPERLATIVE}$")


def _rank(text: str) -> Calculation | None:
    plain = masked(text)
    if "_" in plain:
        return None
    among = _AMONG.fullmatch(plain)
    if among and re.search("[、和与及跟]", among["told"]):
        measure = f"的{among['measure']}" if among["measure"] else ""
        found = _of_each("rank", f"{among['told']}{measure}分别是多少")
        return replace(found or _unsplit("rank"), least=among["how"] in _LEAST)
    kinds = (*_OF_A_KIND, *_OF_A_THING)
    of_kind = next((m for pattern in kinds if (m := pattern.fullmatch(plain))), None)
    if not of_kind:
        return _unsplit("rank") if _MOST_OF.search(plain) else None
    said = {"lead": "", "n": "", "how": "高", **of_kind.groupdict()}
    lead = said["lead"].rstrip("的，, ")
    question = f"{lead}{_NAME}{said['measure'].rstrip('的，, ')}是多少"
    top = _COUNTS.get(said["n"] or "", 0) or int(said["n"] or 1)
    return Calculation("rank", (question,), (), said["kind"], top, said["how"] in _LEAST)


_NOT_A_NAME = re.compile("其中|分别是|分别为|包括|[：:；;]")


_GROWTH = re.compile("增长|增速|增幅|下降|回落|提高|上涨|下跌")


def names_in(document: Document, found: Calculation) -> tuple[str, ...]:
    """The places of the kind that a document names beside what is asked of each, in order."""
    if not re.fullmatch(_KIND, found.kind):
        return _labels(document, found)
    asked = understand(found.questions[0].replace(_NAME, ""))
    terms = [term for term in asked.terms if term.hard]
    named: dict[str, None] = {}
    for span in sentences(document.text, Span(0, len(document.text))):
        told = span.of(document.text)
        around = fold(f"{told} {document.heading_at(span.start)} {document.title}")
        grows = asked.ask != "growth" or _GROWTH.search(told)
        if grows and all(any(variant in around for variant in term.variants) for term in terms):
            for clause in _NOT_A_NAME.sub("，", told).split("，"):
                names = (match.group() for match in DISTRICT.finditer(clause.strip()))
                named.update(dict.fromkeys(n for n in names if _is_one(n, found.kind)))
    return tuple(named)


def _labels(document: Document, found: Calculation) -> tuple[str, ...]:
    """The labels of a table that is of the kind and has a column of what is asked."""
    terms = [term for term in understand(found.questions[0].replace(_NAME, "")).terms if term.hard]
    for table in tables(document):
        heading = document.heading_at(table.rows[0].span.start)
        over = fold(f"{table.above} {heading}")
        told = fold(f"{over} {document.title}")
        named = [fold(name) for name in table.rows[0].columns]
        left = [term for term in terms if not any(one in told for one in term.variants)]
        columns = [n for n in named if any(v in n for term in terms for v in term.variants)]
        if found.kind in over and any(
            all(any(one in name for one in term.variants) for term in left) for name in columns
        ):
            return tuple(row.label.of(document.text) for row in table.rows)
    return ()


def _is_one(name: str, kind: str) -> bool:
    """Whether it is one place of a kind, and not 三镇."""
    return name.endswith(kind if kind == "街道" else tuple(kind)) and not re.match(
        "[一二两三四五六七八九十几数各\\d]", name
    )


_RULES: tuple[Callable[[str], Calculation | None], ...] = (
    _convert,
    _sum,
    _difference,
    _ratio,
    _share,
    _rank,
)
