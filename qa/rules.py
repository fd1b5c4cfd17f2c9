"""Reading by rule: passages to answers, or none; and any answer judged by the question's conditions.

It looks for a sentence that meets every condition of the question (qa/question.py), and in it for
what was asked: a figure of the right kind, a date, a name, a title, a list. A figure belongs to the
clause it stands in; that clause inherits the subject of the one before only if it has none of its
own. No threshold relaxes: what is not met is named. By itself it is a reader for statistics and
regulations (`answers_by_rule`); qa/read.py weighs what it finds and how it judges with what the trained
network reads.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.headings import outer
from index.split import sentences
from index.types import Document, Span
from qa.figures import Figure, dates, figures, fold
from qa.question import (
    FIGURE_ASKS,
    Period,
    Question,
    Term,
    last_period,
    nearest_period,
    stands_in,
    words,
)
from qa.rows import Row, row_of, tables
from qa.types import Passage, Reading

# The share of a question's weight that evidence has to meet; chosen on the questions over the
# samples: lower lets in neighbouring indicators, higher turns paraphrases away.
_ENOUGH = 0.72

# How much a term found at each place counts for the clause that answers.
# A sentence before speaks of other figures more often than of this one.
_BEFORE_A_FIGURE = 0.35
_IN_CLAUSE, _INHERITED, _EARLIER, _STOLEN, _AROUND, _ABOUT = 1.0, 0.995, 0.85, 0.55, 0.7, 0.8
# What names another figure of a row fails even where it need not be named.
_OF_ANOTHER = -1.0

_LABEL = 16

_CLAUSE = re.compile("[，,；;：:。！？!?]+")
_WORDS_OF_CHANGE = (
    "同比|环比|比上年|较上年|比去年|较去年|上年同期|去年同期|同期|年均|增长率?|增加|提高|提升|上升|上涨|下降|减少|降低|"
    "回落|增速|增幅|降幅|幅度|达到?|分别|累计|共计|合计|总计|一共|总额|总量|总投资额?|投资总额|投资额|金额|其中|占比|占|比重|均|"
    "比例|约|超过?|近|突破|为|是|约为|不低于|不超过|最高|最多|每年|每人每[天日月]|每人|每[天日月次晚]|连续|至|到|已|已经|"
    "以上|以下|并|且|而|也|还|又|比|较|完成|实现|涉及|面积|预[估计期]|力争|有望|将|[今明]?年[底末]|\\d{1,2}月份?|第?[一二三四1-4]季度|前三季度|[上下]半年|全年|当[月年]|单月"
)
_EMPTY_SUBJECT = re.compile(
    f"(?:{_WORDS_OF_CHANGE}|[\\s、的了“”‘’（）()\\d.%万亿千百元个]|(?:19|20)\\d\\d年)+"
)
# What stands between characters and says nothing of what is meant: 5000万元（含）以上.
_QUOTES = re.compile("[“”‘’\"'「」]|\\([不]?含\\)")
_PLACE_AFTER = (
    "[\\u4e00-\\u9fff]{2,4}[(（]?(?:新区|高新区|开发区|"
    "(?<![小社园校院厂片景])区|县|市|镇|街道|乡|新\\)区|新）区)"
)


@dataclass(frozen=True, slots=True)
class _Clause:
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with what it may lean on: its clauses, what stands before it, what governs it."""

    document: Document
    span: Span
    clauses: tuple[_Clause, ...]
    before: str
    heading: str
    title: str

    def clause_at(self, offset: int) -> int:
        """The number of the clause that holds a character of the document."""
        for number, clause in enumerate(self.clauses):
            if offset < clause.span.end:
                return number
        return len(self.clauses) - 1


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A possible answer: its spans, the clause it stands in, how well its kind fits (to 1)."""

    spans: tuple[Span, ...]
    clause: int
    fit: float
    start: int
    evidence: Span | None = None
    kind: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a span meets the conditions of a question.

    `met` is the share of the question's weight that stands around it, 0 if a condition fails;
    `in_period` whether it is of the period asked for; `fit` how well its kind suits (0 to 1): a
    figure where one is asked for, a date for a date. `named` whether what the question calls by a
    name of its own, as 第一人民医院, stands around it; `planned` whether it is wanted
    or expected, where what is done was asked for.
    """

    met: float
    in_period: bool
    fit: float
    named: bool = True
    planned: bool = False


def judge(asked: Question, passage: Passage, spans: Sequence[Span]) -> list[Judgement]:
    """Judge spans of the passage's document, each by the sentence it begins in."""
    found = list(_sentences(passage, headings=True))
    return [_judged(asked, found, span) for span in spans]


_ASKED_YEAR = re.compile("哪一?年|何年|几几年|年份")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure or date of a sentence: whole, without its bounds, how it suits, whether it is a fall."""

    span: Span
    core: Span
    fit: float
    falls: bool


def quantities(asked: Question, sentence: str) -> list[Quantity]:
    """The figures of a sentence, and its dates; `fit` is above 0 for what may be the whole answer.

    A number without a unit is not: its unit may be one that is not known here.
    """
    folded, growth = fold(sentence), asked.ask == "growth"
    found = [
        Quantity(
            figure.span,
            figure.core,
            _fit(asked, figure, folded) if asked.ask in FIGURE_ASKS and figure.unit else 0.0,
            growth and figure.change == "fall",
        )
        for figure in figures(sentence)
    ]
    # Asked for the year, a year is whole.
    if not _ASKED_YEAR.search(asked.text):
        fit = float(asked.ask == "date")
        found += [Quantity(span, span, fit, False) for span in dated(sentence)]
    if asked.ask == "rank":
        ranked = [Quantity(span, span, 1.0, False) for span in _ranks(folded)]
        found = [
            one
            for one in found
            if not any(rank.span.start <= one.core.start < rank.span.end for rank in ranked)
        ] + ranked
    return found


_RANK = re.compile(
    "(?:第[\\d一二三四五六七八九十百]{1,4}[位名]?|前[\\d一二三四五六七八九十]{1,3}[位名]?|[首末]位|榜首)"
    "(?![章条款届期批类轮版个家季产者方])"
)


def _ranks(text: str) -> list[Span]:
    """The places in an order that a folded text tells: 第4位, 首位."""
    return [Span(*match.span()) for match in _RANK.finditer(text)]


def whole_list(
    asked: Question, passage: Passage, span: Span
) -> tuple[tuple[Span, ...], Span] | None:
    """The list that a span is a part of, item by item or as it stands, and its evidence."""
    for sentence in _sentences(passage):
        if sentence.span.start <= span.start < sentence.span.end:
            for found in _lists(asked, sentence):
                if any(one.start < span.end and span.start < one.end for one in found.spans):
                    return found.spans, found.evidence or sentence.span
    return None


def _judged(asked: Question, found: Sequence[_Sentence], span: Span) -> Judgement:
    sentence = next((s for s in found if s.span.end > span.start), None)
    if sentence is None:
        return Judgement(0.0, False, 0.0)
    place = sentence.clause_at(span.start)
    text = sentence.span.of(sentence.document.text)
    inner = Span(max(0, span.start - sentence.span.start), max(0, span.end - sentence.span.start))
    here = [f for f in figures(text) if f.core.start < inner.end and inner.start < f.core.end]
    kind, unit = (here[0].kind, here[0].unit) if here else ("", "")
    start = max(span.start, sentence.span.start + here[0].core.start) if here else span.start
    candidate = _Candidate((span,), place, 1.0, start, kind=kind, unit=unit)
    elsewhere = _is_of_another_row(asked, sentence) or (
        asked.ask == "phone" and _is_anothers(asked, sentence, span.start)
    )
    return Judgement(
        _met(asked, sentence, candidate),
        _period_fits(asked, sentence, candidate),
        0.0 if elsewhere else _kind_fit(asked, here, text, inner),
        all(_support(asked, t, sentence, candidate) > 0 for t in asked.terms if t.kind == "name"),
        not asked.target and _is_planned(sentence, candidate),
    )


def _kind_fit(asked: Question, here: Sequence[Figure], text: str, inner: Span) -> float:
    """How well the kind of what stands in `inner` suits the question."""
    if asked.ask == "rank":
        ranked = any(one.start < inner.end and inner.start < one.end for one in _ranks(fold(text)))
        return float(ranked)
    if asked.ask in FIGURE_ASKS:
        if (
            here
            and asked.ask != "growth"
            and all(_is_of_another_kind(asked, figure, fold(text)) for figure in here)
        ):
            return 0.0
        best = max((_fit(asked, figure, fold(text)) for figure in here), default=0.0)
        if asked.ask == "count" and _FRACTION.fullmatch(inner.of(text)):
            return 1.0
        if len({figure.unit for figure in here}) < len(here) and "分别" not in asked.text:
            return min(best, _OTHER_UNIT)
        # A level is no growth, a time no count; but a unit may be one that is not known here.
        loose = asked.ask in _LOOSE and not asked.measure
        unknown = loose or any(figure.kind == "number" for figure in here)
        return max(best, _OTHER_UNIT) if here and asked.ask != "growth" and unknown else best
    days = [d for d in _times(asked, text) if d.start < inner.end and inner.start < d.end]
    if asked.ask == "date":
        lasts = any(figure.kind == "duration" for figure in here)
        return 1.0 if days or (lasts and not _ASKED_DAY.search(asked.text)) else 0.0
    if asked.ask == "person" and _is_of_a_part(asked, fold(text)):
        return 0.0
    # The telephone of an office is not that of who holds one in it.
    if asked.ask == "phone" and not _names_offices(asked, fold(text)):
        return 0.0
    if asked.ask in _NAMED:
        counted = sum(len(figure.span) for figure in here) + sum(map(len, days))
        return 0.0 if counted >= len(inner) else 1.0
    return 1.0


def _names_offices(asked: Question, text: str) -> bool:
    """Whether a text names every holder of an office that the question does."""
    held = [term for term in asked.terms if term.hard and _OFFICE.search(term.text)]
    return all(_holds(text, term) for term in held)


_OTHER_UNIT = 0.3
_FRACTION = re.compile("[一二三四五六七八九十]+分之[一二三四五六七八九十]+(?:以上)?")
_LOOSE = frozenset({"amount", "measure"})
# These ask for names; how many there are is no answer.
_NAMED = frozenset({"person", "place", "title", "list", "definition"})


def answers_by_rule(asked: Question, passages: Sequence[Passage]) -> tuple[Reading, ...]:
    """The answers that the passages hold by the rules, best first, one a document at most.

    A question that names nothing but a place, or nothing at all, has none.
    """
    if not any(term.hard and term.kind != "place" for term in asked.terms):
        return ()
    best: dict[str, Reading] = {}
    for rank, passage in enumerate(passages):
        for sentence in _sentences(passage):
            reading = _best_in(asked, sentence, rank)
            if reading and _better(reading, best.get(sentence.document.id)):
                best[sentence.document.id] = reading
    return tuple(
        sorted(best.values(), key=lambda r: (round(r.score, 2), r.document.date), reverse=True)
    )


def _better(reading: Reading, other: Reading | None) -> bool:
    return other is None or reading.score > other.score


def missing(asked: Question, passages: Sequence[Passage]) -> tuple[str, ...]:
    """What the passages do not hold at all; if they hold every word, the period or the question whole."""
    texts = [
        fold(p.text + p.document.title + p.document.heading_at(p.span.start)) for p in passages
    ]
    absent = [
        term.text
        for term in asked.terms
        if term.hard and not any(variant in text for text in texts for variant in term.variants)
    ]
    if asked.period.year and not any(str(asked.period.year) in text for text in texts):
        absent.insert(0, f"{asked.period.year}年")
    return tuple(absent) or (_sought(asked),)


def _sought(asked: Question) -> str:
    """What was looked for, in words, where each word alone is known."""
    year = f"{asked.period.year}年" if asked.period.year else ""
    subject = "".join(term.text for term in asked.terms if term.hard)
    return f"{year}{asked.period.part}{subject}{_SOUGHT.get(asked.ask, '')}"


_SOUGHT = {
    "growth": "的增减幅度", "rank": "的位次", "money": "的金额",
    "count": "的数量", "percent": "的比例", "duration": "的时长",
    "measure": "的度量", "amount": "的数值", "date": "的时间", "person": "的姓名", "place": "的地点",
    "office": "的职务", "title": "的文件名", "reference": "的文号", "list": "的列举", "definition": "的含义",
}  # fmt: skip


# -- what is read ------------------------------------------------------------------------------


def _sentences(passage: Passage, *, headings: bool = False) -> Iterator[_Sentence]:
    """The sentences of a passage; its heading is read only as what governs them, unless asked for."""
    document = passage.document
    before, line = "", -1
    for span in sentences(document.text, passage.span):
        line_start = document.text.rfind("\n", 0, span.start) + 1
        if line_start != line:
            line = line_start
            before = fold(_row_above(document.text, line) + document.text[line : span.start])
        heading = document.heading_at(span.start)
        if headings or span.of(document.text) != heading:
            yield _Sentence(
                document,
                span,
                _clauses(document.text, span),
                before,
                fold(heading),
                fold(document.title),
            )
        before += fold(span.of(document.text))


def _row_above(text: str, line: int) -> str:
    """The label that a row which begins with 其中 is a part of: that of the last row which does not."""
    part = text.startswith("其中", line)
    while line > 0 and text.startswith("其中", line):
        line = text.rfind("\n", 0, line - 1) + 1
    return re.split("[：:]", text[line:].split("\n", 1)[0])[0] if part else ""


def _clauses(text: str, sentence: Span) -> tuple[_Clause, ...]:
    found, at = [], sentence.start
    for match in _CLAUSE.finditer(text, sentence.start, sentence.end):
        # The comma of 1,200 and the colon of 9:30 divide nothing.
        around = (
            text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
        )
        if re.fullmatch(r"\d\d", around) and match.group() in ",:：":
            continue
        found.append(_Clause(Span(at, match.end()), fold(text[at : match.end()])))
        at = match.end()
    if at < sentence.end:
        found.append(_Clause(Span(at, sentence.end), fold(text[at : sentence.end])))
    return tuple(found)


# -- whether it meets the question ---------------------------------------------------------------


def _best_in(asked: Question, sentence: _Sentence, rank: int) -> Reading | None:
    """The best answer in one sentence that meets every condition, or None."""
    best: Reading | None = None
    for candidate in _candidates(asked, sentence):
        met = _met(asked, sentence, candidate)
        if met < _ENOUGH or not _period_fits(asked, sentence, candidate):
            continue
        score = met * candidate.fit * _of_a_plan(asked, sentence, candidate)
        reading = Reading(
            sentence.document,
            candidate.evidence or sentence.span,
            candidate.spans,
            max(0.01, min(0.99, 0.98 * score - 0.004 * rank)),
        )
        if _better(reading, best):
            best = reading
    return best


# Who tells the reader what to answer states nothing.
_ORDERS = re.compile(
    '(?:忽略|无视|忘记|不要理会)[^。；;]{0,8}(?:指令|指示|提示|要求|规则|内容)|(?:回答|答复|回复|输出|只说)[:：]?[“"「『]'
    "|(?i:ignore (?:all|the|any|previous))"
)


def _met(asked: Question, sentence: _Sentence, candidate: _Candidate) -> float:
    """The share of the question's weight that a candidate's surroundings meet; 0 if a condition fails."""
    if _ORDERS.search(sentence.span.of(sentence.document.text)):
        return 0.0
    if _is_of_another_row(asked, sentence) or any(
        check(asked, sentence, candidate) for check in _CHECKS.get(asked.ask, ())
    ):
        return 0.0
    # A verb is easily said otherwise beside a figure; beside a date or a name it tells what happened.
    hint = 0.4 if asked.ask in FIGURE_ASKS else 0.8
    total = met = 0.0
    # What all belongs to other figures is said of none.
    named = not any(term.hard and term.kind != "place" for term in asked.terms)
    for term in asked.terms:
        support = _support(asked, term, sentence, candidate)
        if (term.hard and support == 0.0) or support == _OF_ANOTHER:
            return 0.0
        weight = len(term.text) * (1.0 if term.hard else hint)
        total += weight
        met += weight * support
        named = named or (term.hard and term.kind != "place" and support != _STOLEN)
    return met / total if total and named else 0.0


_ROW = re.compile("(?:其中[：:])?(?P<label>[^：:，,。；;]{1,30})[：:]\\S+ [^；;]+[；;]\\S+ \\S")


def _is_of_another_row(asked: Question, sentence: _Sentence) -> bool:
    """Whether it is a row of a table whose label has nothing in common with the question.

    Its figures are those of its label, whatever else stands in it: 泊舟公司：所在园区 滨河园区；…
    """
    row = None if asked.ask == "list" else _ROW.match(sentence.span.of(sentence.document.text))
    label = "".join(re.findall("[\u4e00-\u9fff]", fold(row["label"]))) if row else ""
    if len(label) < 2 or _TOTAL.search(label):
        return False
    question = fold(asked.text)
    shared = any(label[at : at + 2] in question for at in range(len(label) - 1))
    return not shared and not any(_holds(fold(row["label"]), term) for term in asked.terms)  # type: ignore[index]


def _is_of_another_column(asked: Question, sentence: _Sentence, candidate: _Candidate) -> bool:
    """Whether another field of a row, with a figure of the same kind, is named by the question rather."""
    if not _ROW.match(sentence.span.of(sentence.document.text)):
        return False
    question = set(re.findall("[\u4e00-\u9fff]", fold(asked.text))) - set("年月多少")
    shared = {
        number: len(question & set(re.split("\\s", clause.text)[0]))
        for number, clause in enumerate(sentence.clauses)
        if any(figure.kind == candidate.kind for figure in figures(clause.text))
    }
    own, best = shared.get(candidate.clause, 0), max(shared.values(), default=0)
    return best > own and (own == 0 or best - own > 1)


_TOTAL = re.compile("合计|总计|共计|小计|全[省市区县镇国部]|总[量数额]")


_PAYS = re.compile("出资|自筹|承担|自付|自负|配套|负担")


def _is_of_a_named_part(asked: Question, sentence: _Sentence, candidate: _Candidate) -> bool:
    """Whether a figure is of what 其中 singles out, and the question names but the whole.

    夏粮总产26.9万吨，其中小麦播种58.4万亩，总产25.6万吨: the last is not what 夏粮总产 asks for.
    """
    clauses = sentence.clauses[: candidate.clause + 1]
    first = next((n for n in reversed(range(len(clauses))) if "其中" in clauses[n].text), None)
    if first is None:
        return False
    if re.search("总数|总计|合计|累计|共计|总量|总额", clauses[-1].text):
        return False
    whole = sentence.before + "".join(clause.text for clause in clauses[:first])
    head, _, part = clauses[first].text.partition("其中")
    told = [part, *(clause.text for clause in clauses[first + 1 :])]
    hard = [term for term in asked.terms if term.hard]
    terms = [term for term in hard if any(_holds(t, term) for t in told)]
    named = len(terms) == len(hard) > 1
    if named or not all(_holds(whole + head, term) for term in terms):
        return False
    # 居民出资0.5亿元 is what 居民 pay of it.
    if _PAYS.search(clauses[-1].text) and any(_holds(clauses[-1].text, term) for term in terms):
        return False
    known = fold(asked.text) + whole + head
    return any(
        tag[0] not in "dpcurfmqx" and len(word) > 1 and word not in known
        for text in (told[0], told[-1])
        for word, tag in _tagged(_EMPTY_SUBJECT.sub(" ", re.split("\\d", text)[0]))
    )


def _is_of_another_in_turn(asked: Question, sentence: _Sentence, candidate: _Candidate) -> bool:
    """Whether 分别 gives a figure to another of the things named before: 收入和利润分别增长3%和6%."""
    named = _in_turn(sentence, candidate)
    telling = [
        term for term in asked.terms if 0 < sum(_holds(one, term) for one in named) < len(named)
    ]
    # What a question names last is what it asks for: 工业企业利润.
    return bool(telling) and not _holds(named[0], telling[-1])


def _in_turn(sentence: _Sentence, candidate: _Candidate) -> list[str]:
    """The thing that 分别 gives a figure to, and then the others named with it; or nothing."""
    text = sentence.span.of(sentence.document.text)
    at = candidate.start - sentence.span.start
    lead = text.rfind("分别", 0, at)
    if lead < 0:
        return []
    after = re.split("[；;。]|分别", text[lead + 2 :])[0]
    given = [figure.core.end + lead + 2 for figure in figures(after)]
    named = _named_in_turn(re.split("[；;。]", fold(text[:lead]))[-1], len(given))
    place = next((n for n, over in enumerate(given) if at < over), None)
    if not named or place is None:
        return []
    return [named[place], *named[:place], *named[place + 1 :]]


_OF_SOME = re.compile("中[，,]?有$")


def _is_of_some(asked: Question, sentence: _Sentence, candidate: _Candidate) -> bool:
    """Whether a count is of some of what is asked about: 项目中有6个超期, where 多少个项目 is asked."""
    clause = sentence.clauses[candidate.clause]
    at = max(0, candidate.start - clause.span.start)
    if not _OF_SOME.search(clause.text[:at]):
        return False
    told = re.sub("^[\\d.万亿]*.", "", clause.text[at:])
    question = fold(asked.text)
    return not any(told[n : n + 2] in question for n in range(len(told) - 1))


def _named_in_turn(text: str, count: int) -> list[str]:
    """The so many things that a text names last, in a list or each with a figure of its own; or none."""
    clauses = [clause for clause in re.split("[，,]", text) if clause]
    for clause in reversed(clauses):
        members = re.split("[、和与及]", clause)
        if len(members) == count > 1:
            # What follows the last one's name is of all: 进口、出口整体通关时间.
            return [*members[:-1], next(iter(words(members[-1])), ("", ""))[0]]
    counted = [clause for clause in clauses if figures(clause)]
    return counted if len(counted) == count > 1 else []


# What is done to a thing once, each on a day of its own.
_DEEDS = re.compile(
    "开工|动工|竣工|完工|投产|投用|通车|开业|启用|开幕|闭幕|签约|签署|签订|验收|封顶|合龙|挂牌|揭牌|成立|获批|印发|施行|废止|上市|奠基"
)


def _is_of_another_deed(asked: Question, sentence: _Sentence, candidate: _Candidate) -> bool:
    """Whether a date is of another deed than the one asked for: 8月开工, where 投产 is."""
    wanted = _DEEDS.findall(fold(asked.text))
    told = _DEEDS.findall(sentence.clauses[candidate.clause].text)
    same = {variant for term in asked.terms for variant in term.variants} | set(wanted)
    return bool(wanted and told) and not same & set(told)


def _is_of_another_doer(asked: Question, sentence: _Sentence, candidate: _Candidate) -> bool:
    """Whether somebody else of the sentence does what is asked: 甲致辞，乙签约, where 谁致辞 is asked."""
    own = sentence.clauses[candidate.clause]
    _, _, done = fold(asked.text).partition("谁")
    deed = next((t for t in reversed(asked.terms) if t.kind == "hint" and t.text in done), None)
    if deed is None or _holds(own.text, deed):
        return False
    return any(
        _holds(other.text, deed) and any(names(other.span.of(sentence.document.text)))
        for other in sentence.clauses
        if other is not own
    )


_CHECKS: dict[str, tuple[Callable[[Question, _Sentence, _Candidate], bool], ...]] = {
    **dict.fromkeys(
        FIGURE_ASKS,
        (_is_of_a_named_part, _is_of_another_in_turn, _is_of_another_column, _is_of_some),
    ),
    "date": (_is_of_another_deed,),
    "person": (_is_of_another_doer,),
}


def _support(asked: Question, term: Term, sentence: _Sentence, candidate: _Candidate) -> float:
    own = sentence.clauses[candidate.clause]
    if _holds(own.text, term):
        return _in_row(asked, term, own, candidate)
    if _is_of_a_twin(asked, term, own.text):
        return 0.0
    is_figure = asked.ask in FIGURE_ASKS
    if is_figure and term.kind == "place" and _is_elsewhere(asked, sentence, candidate):
        return 0.0
    if is_figure and any(_holds(n, term) for n in _in_turn(sentence, candidate)[:1]):
        return _INHERITED
    inherits = not is_figure or not _has_subject(sentence, candidate)
    for distance, clause in enumerate(reversed(sentence.clauses[: candidate.clause])):
        if _holds(clause.text, term):
            if asked.ask in FIGURE_ASKS and _is_one_of_twins(asked, term, clause.text, own.text):
                return 0.0
            if inherits:
                return _INHERITED if distance == 0 else _EARLIER
            return _STOLEN if _is_stolen(asked, clause, term, candidate) else _EARLIER
    if not is_figure and any(_holds(c.text, term) for c in sentence.clauses):
        # The office of whoever is named next is not that of who was named before.
        return _STOLEN if asked.ask == "person" and _OFFICE.search(term.text) else _EARLIER
    return max(_before(asked, term, sentence), _about(term, sentence))


def _in_row(asked: Question, term: Term, own: _Clause, candidate: _Candidate) -> float:
    """How far a term of the clause is said of a figure in a row of such: 成人60元、学生30元.

    What names a later figure is not said of this one, what names an earlier one hardly.
    """
    if asked.ask not in FIGURE_ASKS:
        return _IN_CLAUSE
    members = own.text.split("、")
    rows = [[figure.kind for figure in figures(member)] for member in members]
    if len(members) < 2 or any(candidate.kind not in kinds for kinds in rows):
        return _IN_CLAUSE
    ends = itertools.accumulate(len(member) + 1 for member in members)
    at = candidate.start - own.span.start
    place = next((n for n, end in enumerate(ends) if at < end), len(members) - 1)
    if _holds(members[place], term):
        return _IN_CLAUSE
    if not any(_holds(member, term) for member in members[:place]):
        return _OF_ANOTHER
    named = any(_holds(members[place], other) for other in asked.terms)
    return _EARLIER if named else _STOLEN


# What towns and offices have several of, each by a name of its own.
_TWINS = re.compile(
    "(?:院区|校区|园区|厂区|分院|分校|分局|分公司|支行|互通|立交|枢纽|大桥|隧道|水库|码头|车站|展厅|场馆|社区|街道|"
    "医院|小学|中学|幼儿园|学院|公司|基地|公园)"
)


def _is_of_a_twin(asked: Question, term: Term, clause: str) -> bool:
    """Whether a clause speaks of another one of the kind: 柳溪院区, where 东湾院区 is asked about."""
    heads = [other.text for other in asked.terms if _TWINS.fullmatch(other.text)]
    named = [head for head in heads if term.text + head in fold(asked.text)]
    return any(
        tag[0] == "n" and len(word) > 1 and f"{word}{head}" in clause
        for head in named
        if not any(variant + head in clause for variant in term.variants)
        for word, tag in _tagged(clause.replace(head, f" {head}"))
    )


_WHOLE_PLACE = re.compile(
    "(?:而|其中|同期|[今去]年|20\\d\\d年)?(?P<whole>全球|世界|全国|全(?P<level>[省市县区镇乡]))"
)
_PROVINCES = dict.fromkeys(
    "河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 "
    "台湾".split(),
    "省",
) | dict.fromkeys("内蒙古 广西 西藏 宁夏 新疆".split(), "区")


def _is_elsewhere(asked: Question, sentence: _Sentence, candidate: _Candidate) -> bool:
    """Whether the nearest place that a candidate stands under is another than those asked about."""
    places = [v for term in asked.terms if term.kind == "place" for v in term.variants]
    for clause in reversed(sentence.clauses[: candidate.clause + 1]):
        if any(place in clause.text for place in places):
            return False
        if _begins_elsewhere(places, clause.text):
            return True
    return False


def _begins_elsewhere(places: Sequence[str], clause: str) -> bool:
    """Whether a clause, in which none of these places is named, begins with another: 全球 is not 中国.

    全区 is whichever district was named before, but no province.
    """
    whole = _WHOLE_PLACE.match(clause)
    if whole:
        level = whole["level"]
        levels = {_PROVINCES.get(p, p[-1] if p[-1] in "省市县区镇乡" else level) for p in places}
        return not level or level not in levels
    (word, tag), (_, following), *_ = *_tagged(clause), ("", ""), ("", "")
    # Before a number the cutter takes verbs for places: 惠及4260人.
    return tag == "ns" and len(word) > 1 and following != "m"


_AND = "(?:[、和与及]|以及)"


def _is_one_of_twins(asked: Question, term: Term, clause: str, own: str) -> bool:
    """Whether a clause names it beside others of its kind, so that the next is said of all of them."""
    if re.search("分别|各|(?<![平人年日月户])均|都", own):
        return False
    heads = [other.text for other in asked.terms if _TWINS.fullmatch(other.text)]
    return any(
        re.search(f"{head}{_AND}{one}{head}|{one}{head}{_AND}[^，,]{{1,8}}{head}", clause)
        for head in map(re.escape, heads)
        for one in map(re.escape, term.variants)
        if one + head in fold(asked.text)
    )


def _before(asked: Question, term: Term, sentence: _Sentence) -> float:
    """What the line said before this sentence."""
    if not _holds(sentence.before, term):
        return 0.0
    # A line that opens with a few words and a full stop has them for its heading.
    if len(sentence.before) <= _LABEL:
        return _ABOUT
    return _BEFORE_A_FIGURE if asked.ask in FIGURE_ASKS else _AROUND


def _is_stolen(asked: Question, clause: _Clause, term: Term, candidate: _Candidate) -> bool:
    """Whether a term in a clause before is the subject of that clause's own figure.

    A place or a leading adverbial holds for the whole sentence, and so does what has a figure of
    another kind (全长11.6公里，设14个站点); growth alone belongs to no subject but its own.
    """
    if term.kind == "place":
        return False
    found = figures(clause.text)
    if asked.ask == "growth":
        return bool(found)
    return any(
        figure.kind == candidate.kind and _are_alike(figure.unit, candidate.unit)
        for figure in found
    )


def _are_alike(unit: str, other: str) -> bool:
    """Whether two units may measure one thing: 亩 and 吨 may not."""
    return not unit or not other or (unit in _AREAS) == (other in _AREAS)


_AREAS = frozenset("亩 公顷 平方米 平方公里 平方千米 ㎡".split())


def _about(term: Term, sentence: _Sentence) -> float:
    """What the heading and title say of everything under them."""
    if _holds(sentence.heading, term):
        if _is_of_another_part(term, sentence):
            return 0.0
        # What stands under a question answers it.
        return _INHERITED if re.search("[?吗]$", sentence.heading) else _ABOUT
    if not _holds(sentence.title, term):
        return 0.0
    if term.kind == "place" and _only_qualifies(term, sentence.title):
        return 0.0
    return _ABOUT


def _is_of_another_part(term: Term, sentence: _Sentence) -> bool:
    """Whether a sentence speaks of another of the things that its heading names: 工业和建筑业.

    The columns of a row are not what it speaks of.
    """
    if sentence.clauses[0].text[-1] in ":：":
        return False
    parts = re.split("[、和与及]", re.sub("^[^、.．]{1,3}[、.．]", "", sentence.heading))
    others = [part for part in parts if len(part) > 1 and not _holds(part, term)]
    told = "".join(clause.text for clause in sentence.clauses)
    return 0 < len(others) < len(parts) and any(part in told for part in others)


def _only_qualifies(place: Term, title: str) -> bool:
    """In a title on 杭州钱塘区, 杭州 says where 钱塘区 is: what is said is not said of 杭州."""
    return all(
        re.search(f"{re.escape(variant)}市?{_PLACE_AFTER}", title)
        for variant in place.variants
        if variant in title
    )


def _holds(text: str, term: Term) -> bool:
    bare = _QUOTES.sub("", text)
    return any(stands_in(variant, text) or stands_in(variant, bare) for variant in term.variants)


def _has_subject(sentence: _Sentence, candidate: _Candidate) -> bool:
    """Whether the clause names what its figure is of: before the figure, or counted by it."""
    clause = sentence.clauses[candidate.clause]
    at = max(0, candidate.start - clause.span.start)
    counts = re.match("\\D{0,3}[\\d.]+[个家项所名](?!百分点|基点)", clause.text[at:])
    counted = clause.text[at:] if counts else ""
    rest = _EMPTY_SUBJECT.sub(" ", clause.text[:at] + counted)
    return any(
        tag.startswith(("n", "vn", "l", "i", "j", "b", "eng")) and len(word.strip()) > 1
        for word, tag in _tagged(rest)
    )


def _of_a_plan(asked: Question, sentence: _Sentence, candidate: _Candidate) -> float:
    """How well a figure suits that tells what is done where a plan is asked for, or the other way round."""
    planned = _is_planned(sentence, candidate)
    if asked.target:
        return 1.0 if planned or asked.ask not in FIGURE_ASKS else 0.85
    return 0.97 if planned else 1.0


_PLAN = re.compile("力争|目标|计划|预计|预期|到20\\d\\d年|规划")
_PLANS = re.compile("目标|计划|打算|安排|任务|展望|规划")


_DONE = re.compile("已|完成|实现了|达到了|实际|截[至止]")


def asks_for_done(asked: Question) -> bool:
    """Whether a question asks in so many words for what is done, and not for a plan."""
    return not asked.target and bool(_DONE.search(asked.text))


def _is_planned(sentence: _Sentence, candidate: _Candidate) -> bool:
    """Whether a figure is wanted or expected: by its part of the sentence, or by a heading over it.

    Of a row 计划收购 1.8万吨；已收购 1.6万吨 each field speaks for itself.
    """
    text = "".join(c.text for c in sentence.clauses[: candidate.clause + 1])
    own = re.split("[;；]", text.rstrip(";；"))[-1]
    above = (sentence.heading, *map(fold, outer(sentence.document, sentence.span.start)))
    return bool(_PLAN.search(own) or any(map(_PLANS.search, above)))


# -- periods -------------------------------------------------------------------------------------


def _period_fits(asked: Question, sentence: _Sentence, candidate: _Candidate) -> bool:
    """Whether the evidence speaks of the period asked for; no period asked, any will do."""
    wanted = asked.period
    if wanted == Period():
        return True
    found = _period_at(asked, sentence, candidate)
    published = _year_of(sentence.document)
    if wanted.relative is not None and published:
        wanted = Period(published + wanted.relative, wanted.part)
    if wanted.year and found.year != wanted.year:
        return False
    # Of a document without a date no more is known than which year it says: 去年 is not 今年.
    if None not in (wanted.relative, found.relative) and found.relative != wanted.relative:
        return False
    return not wanted.part or wanted.part == found.part or _reports_on(wanted.part, asked, sentence)


def _reports_on(part: str, asked: Question, sentence: _Sentence) -> bool:
    """Whether a text is on a part of a year, of which what is no figure is asked: 一季度发布会谁主持."""
    if asked.ask in FIGURE_ASKS:
        return False
    return any(last_period(text).part == part for text in (sentence.heading, sentence.title))


def _period_at(asked: Question, sentence: _Sentence, candidate: _Candidate) -> Period:
    """The period that holds at a clause: the nearest named before it, else of the document."""
    published = _year_of(sentence.document)
    own = _without_asides(sentence.clauses[candidate.clause], candidate)
    earlier = [_without_comparison(c.text) for c in reversed(sentence.clauses[: candidate.clause])]
    if asked.ask == "growth" and last_period(own) == Period():
        # In a row of a table growth stands after both years, and is that of the later one.
        years = sorted(period.year for text in earlier if (period := last_period(text)).year)
        if len(set(years)) > 1:
            return Period(years[-1])
    found = nearest_period(itertools.chain([own, *earlier], _governing(sentence)), published)
    return replace(found, year=found.year or published)


def _governing(sentence: _Sentence) -> Iterator[str]:
    """What may say the period of a sentence that says none, nearest first."""
    yield "，".join(_without_comparison(text) for text in _CLAUSE.split(sentence.before))
    yield sentence.heading
    # Found only where it is asked for: it goes through the sections of the document.
    yield fold("，".join(reversed(outer(sentence.document, sentence.span.start))))
    yield sentence.title


# The year of one figure alone: 从0.5次（2019年数据）增加到1.7次.
_ASIDE = re.compile(
    "(?P<figure>\\d[十百千万亿]*[^\\d(（，,]{0,3})[(（][^()（）]*(?:19|20)\\d\\d年[^()（）]*[)）]"
)


def _without_asides(clause: _Clause, candidate: _Candidate) -> str:
    """A clause without the years that stand in brackets behind other figures than the candidate."""
    end = candidate.spans[0].end - clause.span.start
    return _ASIDE.sub(lambda m: m[0] if m.end("figure") == end else m["figure"], clause.text)


def _without_comparison(clause: str) -> str:
    """A clause such as 2022年为268.5亿元 speaks for itself alone."""
    return "" if re.match("而?(?:上年|去年|20\\d\\d年)(?:同期)?[为是]", clause) else clause


def _year_of(document: Document) -> int:
    """The year a document is dated, or 0."""
    return int(document.date[:4]) if document.date[:4].isdigit() else 0


# -- what may be the answer ----------------------------------------------------------------------


def _candidates(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    if asked.ask in FIGURE_ASKS:
        yield from _figure_candidates(asked, sentence)
    else:
        field = _asked_field(asked, sentence)
        if field and _is_of_kind(asked, field.of(sentence.document.text)):
            yield _found(sentence, [field])
            return  # no other value of the row is what was asked for
        yield from _FINDERS[asked.ask](asked, sentence)
        if asked.ask not in {"title", "reference", "request"}:
            yield from _labelled(asked, sentence)
            yield from _fields(asked, sentence)


def _figure_candidates(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    text = sentence.span.of(sentence.document.text)
    if asked.ask == "rank":
        for rank in _ranks(fold(text)):
            place = Span(rank.start + sentence.span.start, rank.end + sentence.span.start)
            yield _found(sentence, [place], _fit_change(asked, fold(text), rank))
        return
    asked_numbers = {term.text for term in asked.terms if term.kind == "number"}
    for figure in figures(text):
        fit = _fit(asked, figure, fold(text)) * _fit_bound(asked, figure)
        fit *= _fit_change(asked, fold(text), figure.span) * _fit_paid(asked, sentence)
        if fit > 0 and fold(figure.core.of(text)) not in asked_numbers:
            span = Span(
                figure.span.start + sentence.span.start, figure.span.end + sentence.span.start
            )
            fall = asked.ask == "growth" and figure.change == "fall"
            shown = with_direction(span, sentence.document.text) if fall else span
            clause = sentence.clause_at(span.start)
            yield _Candidate((shown,), clause, fit, span.start, kind=figure.kind, unit=figure.unit)


def _fit(asked: Question, figure: Figure, sentence: str) -> float:
    """How well the kind of a figure suits the question; 0 if it cannot be the answer."""
    if asked.ask == "growth":
        return _fit_growth(asked, figure, sentence)
    if figure.change or _is_of_another(asked, figure, sentence):
        return 0.0
    if asked.ask == "amount":
        worth = _WORTH.search(fold(asked.text)) and figure.kind != "money"
        return _AMOUNT_FIT[figure.kind] * (0.8 if worth else 1.0)
    if asked.counted and f"{asked.counted} " in sentence and figure.kind == "number":
        return 0.0  # 岗位 is another column of the row
    if figure.kind == "number":
        return _fit_number(asked, figure, sentence)
    if figure.kind != asked.ask:
        return 0.0
    return _fit_count(asked, figure, sentence) if asked.ask == "count" else 1.0


def _fit_number(asked: Question, figure: Figure, sentence: str) -> float:
    """How well a number without a unit suits: where the row names its unit, or it can only be money."""
    row = _of_row(sentence, figure)
    if row.kind == asked.ask:
        return 0.95 * (_fit_count(asked, row, sentence) if row.kind == "count" else 1.0)
    large = sentence[figure.core.end - 1] in "万亿"
    return 0.8 if asked.ask == "money" and large else 0.0


def _fit_count(asked: Question, figure: Figure, sentence: str) -> float:
    """How well a count suits: by what it counts, and what became of it."""
    if asked.measure not in {"", "个"} and _sort(asked.measure) != _sort(figure.unit):
        return 0.0
    if asked.counted in _PEOPLE and not (figure.unit == "个" or _sort(figure.unit) == _sort("人")):
        return 0.0
    # 四人间 is a kind of room, and counts nobody.
    is_room = figure.unit == "人" and sentence.startswith("间", figure.span.end)
    if is_room or _is_of_another_fate(asked, figure, sentence):
        return 0.0
    if asked.measure and not {asked.measure, figure.unit} & _ANYTHING:
        return float(asked.measure == figure.unit)
    counts = _counts(asked, figure, sentence)
    if asked.measure in {"", figure.unit}:
        return 1.0 if counts else 0.72
    # 两个 is no number of 根, unless what is counted stands by it.
    return 0.85 if counts else 0.61 if asked.measure in _ANYTHING else 0.0


def _sort(unit: str) -> str:
    """What a unit can count and no other: 8640人 is no number of vehicles, 47家 no age."""
    return next((sort for sort in ("人名位", "岁周岁") if unit[:1] in sort), "")


def _is_of_another(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether a figure is in another currency or unit, or of another deed, than is asked for."""
    particular = _PARTICULAR.get(figure.unit, "")
    if asked.ask == "amount" and _PAID.search(asked.text):
        other = figure.kind not in {"money", "percent", "number"}
    else:
        other = asked.ask == figure.kind == "duration" and _is_other_unit(asked, figure)
    return (
        other
        or not re.search(particular, asked.text)
        or _is_received(asked, figure, sentence)
        or _is_of_another_kind(asked, figure, sentence)
    )


# What is paid or handed out is money or a share of it.
_PAID = re.compile(
    "(?:[交缴付花掏赔罚报补贷提领奖]|收(?!了)|缴纳|缴存|收费|报销|补助|补贴|贷款|提取|领取|奖励|资助)[了到]?多少"
)
# Units of ages, marks and names of lines, by the words that ask for them.
_PARTICULAR = {
    "岁": "岁|年龄|多大",
    "周岁": "岁|年龄|多大",
    "分": "分|成绩",
    "路": "[几哪]路|多少路",
}
_PEOPLE = frozenset("孩子 小孩 儿童 老人 学员 考生 新生 学生 居民 员工 职工 代表 党员".split())
_ASKED_TO_PAY = re.compile("[交缴付花掏](?:了|上|纳|存)?(?:多少|几)")
_RECEIVED = re.compile("补助|补贴|奖励|资助|报销|支付(?!宝)|返还|发放|退还")
_OWED = re.compile("[缴交收付]|自负")


def _is_received(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether a sum is handed out, where it is asked what has to be paid."""
    if figure.kind != "money" or not _ASKED_TO_PAY.search(asked.text):
        return False
    clause = re.split("[，,；;。：:]", sentence[: figure.core.start])[-1]
    return bool(_RECEIVED.search(clause)) and not _OWED.search(_RECEIVED.sub("", clause))


def _fit_paid(asked: Question, sentence: _Sentence) -> float:
    """What has to be paid is told beside a word for paying sooner than elsewhere."""
    text = sentence.span.of(sentence.document.text)
    elsewhere = _ASKED_TO_PAY.search(asked.text) and not re.search(
        "[缴交]|付费|费用|收取|收费", text
    )
    return 0.9 if elsewhere else 1.0


def _is_of_another_kind(asked: Question, figure: Figure, sentence: str) -> bool:
    return (
        _is_other_currency(asked, figure)
        or _is_rate(figure, sentence)
        or _is_of_another_stock(asked, figure, sentence)
        or _is_another_investment(asked, figure, sentence)
        or _is_a_share(asked, figure, sentence)
        or (figure.kind == "measure" and _is_of_another_size(asked, figure))
        or (figure.kind == "count" and _is_other_thing(asked, figure))
    )


# 同比 57.1% in a row of a table; of 增速 18.3% the figure knows itself that it is a change.
_RATE_BEFORE = re.compile("(?:同比|环比)[:：]? ?[-−]?$")


def _is_rate(figure: Figure, sentence: str) -> bool:
    """Whether the column of a percentage says that it is a rate of change."""
    return figure.kind == "percent" and bool(
        _RATE_BEFORE.search(sentence[: figure.core.start][-8:])
    )


_STOCK = re.compile("[一总]共(?:有|是)?(?:多少|几)|总数|累计|现有|目前有|共有|[一总]共")
_FLOW = re.compile("新[增开建设签认引培注登]|净增|当[年月]|单月")


def _is_of_another_stock(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether all there are were asked for, and a figure tells how many were added."""
    return bool(
        _STOCK.search(asked.text)
        and not _FLOW.search(asked.text)
        and _FLOW.search(_lead(figure, sentence))
    )


def _lead(figure: Figure, sentence: str) -> str:
    """What the clause of a figure says up to it."""
    return re.split("[，,；;。：:]", sentence[: figure.core.start])[-1]


# How much something is to cost is not how much of it was spent.
_WHOLE = re.compile("总投资|(?<!固定资产)(?<![工产]业)(?<!民间)投资总额|协议|概算")
_SPENT = re.compile("完成|到位|已投")


def _is_another_investment(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether the whole cost stands where what was spent is asked for, or the other way round."""
    lead, wanted = _lead(figure, sentence), asked.text
    if "投" not in wanted or bool(_WHOLE.search(wanted)) == bool(_SPENT.search(wanted)):
        return False
    other, own = (_SPENT, _WHOLE) if _WHOLE.search(wanted) else (_WHOLE, _SPENT)
    return bool(other.search(lead)) and not own.search(lead)


def _is_a_share(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether a figure tells what share something is of another, and no share was asked for."""
    return (
        asked.ask == "amount"
        and figure.kind == "percent"
        and bool(re.search("占|比重", _lead(figure, sentence)))
        and not re.search("占|比重|比例|份额|率|成|百分", asked.text)
    )


_SIZES = tuple(
    frozenset(group.split())
    for group in (
        "吨 公斤 千克 斤 克 毫克 吨标准煤", "亩 公顷 平方厘米 平方米 ㎡ 平方公尺 平方公里 平方千米 平方英里",
        "公里 米 公尺 千米 海里 厘米 公分 毫米 英尺 英寸 英里",
        "千瓦时 度", "千瓦 兆瓦 吉瓦", "标箱 TEU teu", "立方米 升",
    )
)  # fmt: skip
_ASKED_SIZE = re.compile("(?:多少|几)[十百千万亿]*(?P<unit>[\u4e00-\u9fff]{1,4})")


def _is_of_another_size(asked: Question, figure: Figure) -> bool:
    """Whether a measure is of another dimension than the unit that is asked for: 万吨 is no 万亩."""
    named = _ASKED_SIZE.search(asked.text)
    if named is None:
        return False
    wanted = next((size for size in _SIZES if any(named["unit"].startswith(u) for u in size)), None)
    return wanted is not None and figure.unit not in wanted


_ASKED_THING = re.compile("(?:多少|几)([\u4e00-\u9fff])[?？]?$")
_NO_THING = frozenset("了呢的吗呀啊吧钱万亿元人名")


def _is_other_thing(asked: Question, figure: Figure) -> bool:
    """Whether a count is of another unit than the last word of the question: 多少箱 is no 条."""
    if asked.ask == "count":
        return figure.unit == "期" and asked.measure != "期"
    named = _ASKED_THING.search(asked.text)
    return named is not None and named[1] not in _NO_THING and named[1] not in figure.unit


# What counts things of many kinds; 条 counts no 辆.
_ANYTHING = frozenset("个 家 项 所 名 位 人 户 件 处 座 台 套 种 类".split())


_ASKED_TIME = re.compile("(?:多少|几)个?(工作日|小时|分钟|[天日周月年])")
_TIMES = ({"分钟", "小时"}, {"小时", "天", "日", "工作日", "周", "月"}, {"月", "年"})


def _is_other_unit(asked: Question, figure: Figure) -> bool:
    """Whether a time is not of the size that is asked for: 68分钟 tells no days."""
    if figure.kind != "duration":
        return False
    named = _ASKED_TIME.search(asked.text)
    unit = figure.unit.removeprefix("个").removeprefix("周年") or "年"
    return named is not None and not any({named[1], unit} <= size for size in _TIMES)


_CURRENCY = re.compile("人民币|美元|欧元|港元|日元|英镑")


def _is_other_currency(asked: Question, figure: Figure) -> bool:
    """Whether the question names a currency that the figure is not in: 亿美元 is no 亿元."""
    named = _CURRENCY.findall(asked.text)
    own = figure.unit if _CURRENCY.fullmatch(figure.unit) else "人民币"
    return bool(named) and figure.kind == "money" and own not in named


def _of_row(sentence: str, figure: Figure) -> Figure:
    """A bare number with the unit that its row gives it: 人均收入(元): 46026, 招收人数 40."""
    before = sentence[: figure.core.start]
    label = re.search(r"[(（]([^()（）]{1,6})[)）][:：]|([人户家件台辆])数 $", before)
    named = figures("1" + (label[1] or label[2])) if label else []
    return replace(figure, kind=named[0].kind, unit=named[0].unit) if named else figure


def _fit_bound(asked: Question, figure: Figure) -> float:
    """A question for a limit asks for a figure with a bound."""
    return 0.9 if asked.bound and len(figure.span) == len(figure.core) else 1.0


# A figure before it is the old one: 由8元调整为9元.
REPLACED = re.compile(
    "(?:[(（][^()（）]{1,20}[)）])?"
    "(?:调整|提高|提升|上调|下调|上浮|降低|下降|减少|增加|增长|上升|扩大|缩小|缩短|压缩|压减|前移|后退|涨|降|升|增|减)(?:为|到|至)"
)
# 37个行业中有26个: the first is what the second is of.
_OF_THESE = re.compile("[^，,；;。\\d]{0,10}中[,，]?有\\d")


_OLD = re.compile("原来|此前|之前|以前|原先|[整价改涨降]前")


def _fit_change(asked: Question, sentence: str, at: Span) -> float:
    """由8元调整为9元, 调整前为8元: the figure before the change is asked for only in so many words."""
    clause = re.split("[，,；;。]", sentence[: at.start])[-1]
    replaced = REPLACED.match(sentence, at.end) or re.search("[调整涨降]+前", clause)
    old = replaced and not _OLD.search(asked.text)
    return 0.5 if old or _OF_THESE.match(sentence, at.end) else 1.0


# What may have become of people; who is counted by one is not counted by another.
_FATES = tuple(
    re.compile(fate)
    for fate in (
        "死亡|遇难|身亡|丧生|死者",
        "受?伤(?!亡)",
        "失踪|失联",
        "被困",
        "获救|救[出援]|脱险",
        "确诊|感染",
        "治愈|出院",
        "被捕|抓获|落网",
    )
)


def _is_of_another_fate(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether 9人死亡 stands where 受伤 is asked about."""
    clause = _clause_round(figure, sentence)
    own = [fate for fate in _FATES if fate.search(asked.text)]
    told = [fate for fate in _FATES if fate.search(clause)]
    return bool(own) and bool(told) and not any(fate in told for fate in own)


def _clause_round(figure: Figure, sentence: str) -> str:
    """The clause that a figure of a sentence stands in."""
    start = max((sentence.rfind(mark, 0, figure.span.start) for mark in "，,；;。"), default=-1) + 1
    ends = [end for mark in "，,；;。" if (end := sentence.find(mark, figure.span.end)) >= 0]
    return sentence[start : min(ends, default=len(sentence))]


def _counts(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether what the question counts stands by the figure, in the same clause."""
    clause = _clause_round(figure, sentence)
    if not asked.counted or asked.counted in clause:
        return True
    return figure.unit.startswith(asked.counted[0])


# Indicators that are counted in money.
_WORTH = re.compile(
    "(?:产值|总值|收入|投资|支出|预算|经费|资金|税收|利润|营收|gdp|增加值|零售|进出口|出口|进口|外资|贷款|存款|工资)"
    "总?额?(?:是|为|有|达到?|完成)?了?(?:多少|$|[?？(（])"
)
_AMOUNT_FIT = {
    "money": 1.0,
    "count": 0.98,
    "measure": 0.98,
    "percent": 0.97,
    "number": 0.9,
    "duration": 0.88,
}


def _fit_growth(asked: Question, figure: Figure, sentence: str) -> float:
    before = sentence[: figure.core.start]
    named = re.search("(?:增速|增幅|涨幅|降幅|增长率)[^，,；;]{0,6}$", before)
    is_rate = figure.kind == "percent" and (bool(named) or _is_rate(figure, sentence))
    if not figure.change and not is_rate:
        return 0.0
    # A minus in a column of growth is a fall.
    falls = figure.change == "fall" or sentence[figure.core.start] in "-−"
    if asked.fall and not falls and (figure.change == "rise" or is_rate):
        return 0.0
    if _is_other_base(asked, figure, sentence):
        return 0.0
    # How much something adds to the growth of all is not how much it grew.
    if re.search("拉动|贡献", _lead(figure, sentence)) and not re.search("拉动|贡献", asked.text):
        return 0.0
    same = _VERB_OF_AMOUNT.search(asked.text)
    if same and not re.search("百分|率|幅|速", asked.text):
        return 1.0 if re.search(f"{same.group()}了?$", before) else 0.85
    return 1.0 if figure.kind == "percent" else 0.9


# 增加 and 减少 ask for an amount where one stands beside the rate.
_VERB_OF_AMOUNT = re.compile("增加|减少")
_SINCE_THE_LAST = re.compile("环比|[比较]上个?(?:月|周|季度)")


def _is_other_base(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether a change is against another time: what says nothing is against the year before."""
    if asked.base == "环比":
        return not _SINCE_THE_LAST.search(_lead(figure, sentence))
    told = figure.base or "".join(_BASE_IN_ROW.findall(_lead(figure, sentence)))
    return asked.base == "同比" and told == "环比"


_BASE_IN_ROW = re.compile("同比|环比")


def with_direction(span: Span, text: str) -> Span:
    """The figure of a fall with its word, lest 3% look like growth; as it is if none stands by it."""
    lead = re.search(
        "(?:下降|减少|降低|回落|收窄|下滑|下跌|压减|缩减|降)[^，,；;。\\d]{0,4}$",
        text[: span.start][-12:],
    )
    return Span(span.start - len(lead.group()), span.end) if lead else span


def _labelled(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    """ "标签：值": the value, where the label is what was asked about."""
    first = sentence.clauses[0]
    if (
        len(sentence.clauses) < 2
        or first.text[-1] not in ":："
        or asked.ask in {"title", "reference"}
    ):
        return
    if any(term.hard and _holds(first.text, term) for term in asked.terms):
        end = sentence.span.end
        while sentence.document.text[end - 1] in "。；;":
            end -= 1
        if end > first.span.end:
            # A row of many fields is no answer to a question for one.
            marks = "[；;，,]" if asked.ask in {"date", "person", "phone"} else "[；;]"
            many = re.search(marks, sentence.document.text[first.span.end : end])
            yield _Candidate((Span(first.span.end, end),), 1, 0.7 if many else 0.9, first.span.end)


_FIELD = re.compile("(?P<name>[^\\s；;：:]{2,16}) (?P<value>[^；;。]+)")


def _asked_field(asked: Question, sentence: _Sentence) -> Span | None:
    """Of a row of a table, 甲：学历 本科；年龄 30岁, the one value whose heading the question names."""
    text = sentence.span.of(sentence.document.text)
    label = re.match("[^：:]{1,30}[：:]", text)
    rest = text[label.end() :].rstrip("。") if label else ""
    fields = [_FIELD.fullmatch(part) for part in re.split("[；;]", rest)]
    if len(fields) < 2 or not all(fields) or not label:
        return None
    # Which row is meant has to be said too.
    if not any(_holds(fold(label.group()), term) for term in asked.terms):
        return None
    named = [f for f in fields if f and _names_field(asked, re.sub("[(（].*?[)）]", "", f["name"]))]
    if len(named) != 1:
        return None
    at = sentence.span.start + sum(
        len(f.group()) + 1 for f in fields[: fields.index(named[0])] if f
    )
    start = at + label.end() + named[0].start("value")
    return Span(start, start + len(named[0]["value"]))


# What stands in a heading beside what it is about: 学历要求, 开放时间.
_OF_A_HEADING = re.compile("(?:要求|时间|日期|标准|情况|名称|条件|数)$")


def _names_field(asked: Question, name: str) -> bool:
    stem = _OF_A_HEADING.sub("", fold(name))
    return len(stem) > 1 and stem in fold(asked.text)


def _is_of_kind(asked: Question, value: str) -> bool:
    """Whether a value of a table may be what is asked for, as far as its form tells."""
    if asked.ask == "date":
        return bool(_times(asked, value) or figures(value))
    if asked.ask == "phone":
        return bool(phones(value))
    return asked.ask not in {"title", "reference", "request"}


def row_value(asked: Question, passage: Passage, span: Span) -> Span | None:
    """The value that is asked for of the row of a table that a span stands in; None if it is no row."""
    row = next((s for s in _sentences(passage) if s.span.start <= span.start < s.span.end), None)
    return _asked_field(asked, row) if row else None


def _fields(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    """The values of a row whose columns the question names: 投资方 澄心制药, where 投资方是谁 is asked."""
    if not _ROW.match(sentence.span.of(sentence.document.text)):
        return
    for number, clause in enumerate(sentence.clauses[1:], start=1):
        name, _, value = clause.text.partition(" ")
        if value and len(name) > 1 and set(name) <= set(fold(asked.text)):
            start = clause.span.start + len(name) + 1
            end = start + len(value.rstrip("；;。"))
            yield _Candidate((Span(start, end),), number, 1.0, start)


def _found(sentence: _Sentence, spans: Sequence[Span], fit: float = 1.0) -> _Candidate:
    return _Candidate(tuple(spans), sentence.clause_at(spans[0].start), fit, spans[0].start)


_ENDS = re.compile("截止|截至|最晚|最迟|结束|到期|期限|之前|关闭|有效期")
_BEGINS = re.compile("开始|开放|启动|起|生效|施行|实施")


def _dates(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    text = sentence.span.of(sentence.document.text)
    shift = sentence.span.start
    for span in _times(asked, text):
        fit = _fit_date(
            asked, text[max(0, span.start - 3) : span.start], text[span.end : span.end + 3]
        )
        # A year alone tells less than is asked for, but where a year is asked for.
        vague = re.fullmatch(r"\d{4}年", span.of(text)) and "年" not in asked.text
        place = Span(span.start + shift, span.end + shift)
        yield _found(sentence, [place], fit * (0.8 if vague else 1.0))
    for figure in figures(text):
        # A day that is asked for by name is no length of time.
        if figure.kind == "duration" and not _ASKED_DAY.search(asked.text):
            tail = re.match("(?:之?[内前后]|以内|以前)", text[figure.span.end :])
            end = figure.span.end + (tail.end() if tail else 0)
            yield _found(
                sentence, [Span(figure.span.start + shift, end + shift)], 0.9 if tail else 0.8
            )


_ASKED_DAY = re.compile("哪一?[天日年]|哪个月|几月|几号|何[年月日]")
_ASKED_HOUR = re.compile("几点|几时")
# These may ask for a day as well.
_MAY_ASK_HOUR = re.compile(
    "什么时[间候](?:对外)?(?:开[放门馆闭]|关[门闭]|闭馆|营业|上班|下班|办公|办理)"
    "|(?:开放|开馆|闭馆|营业|办公|服务|上班|接待|办理|就诊)的?时间"
)
_HOUR = "(?:上午|下午|晚上|早上|中午)?\\d{1,2}(?:[:：]\\d{2}|[时点](?:\\d{1,2}分|半)?)"
_PART_OF_DAY = re.compile("早|上午|中午|下午|晚|夜")
_STRETCH = f"{_HOUR}(?:[-—–~至到]{_HOUR})?"
_HOURS = re.compile(f"(?<![\\d月年]){_STRETCH}")
_ALL_HOURS = re.compile(f"{_HOURS.pattern}(?:[、和及]{_STRETCH})*")


_BEFORE_A_WEEKDAY = re.compile("每个?月第[一二三四]个$|每个?$")
_AFTER_A_WEEKDAY = re.compile(
    "(?:[、和及至到](?:周|星期|礼拜)?[一二三四五六日天])*(?:上午|下午|晚上)?"
)


_PART_OF_YEAR = re.compile("[上下]半年|第?[一二三四1-4]季度")


def _out_to_part_of_year(text: str) -> list[Span]:
    """The dates of a text, each out to the half or quarter of its year: 2027年上半年."""
    return [
        Span(span.start, part.end())
        if (part := _PART_OF_YEAR.match(text, span.end)) and text[span.end - 1] == "年"
        else span
        for span in dates(text)
    ]


def dated(text: str) -> list[Span]:
    """The dates of a text, whole: 9月6日和9月7日 is one answer, and so is 每周三、周六上午.

    >>> text = "每月第一个星期三接待，6月1日和6月3日休息"
    >>> [span.of(text) for span in dated(text)]
    ['每月第一个星期三', '6月1日和6月3日']
    """
    found: list[Span] = []
    for span in _out_to_part_of_year(text):
        if re.search("(?:周|星期)[一二三四五六日天]$", span.of(text)):
            lead = _BEFORE_A_WEEKDAY.search(text, 0, span.start)
            tail = _AFTER_A_WEEKDAY.match(text, span.end)
            span = Span(lead.start() if lead else span.start, tail.end() if tail else span.end)
        if found and span.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(span.end, found[-1].end))
        elif found and text[found[-1].end : span.start] in {"和", "、", "及"}:
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def _times(asked: Question, text: str) -> list[Span]:
    """The dates of a text; asked for the hour, those that say one, and the hours that stand alone."""
    days = dated(text)
    strictly = _ASKED_HOUR.search(asked.text)
    if not strictly and not _MAY_ASK_HOUR.search(asked.text):
        return days
    kept = [span for span in days if not strictly or re.search("[时点:：]", span.of(text))]
    hours = _HOURS if _PART_OF_DAY.search(asked.text) else _ALL_HOURS
    alone = [Span(*match.span()) for match in hours.finditer(text)]
    free = [a for a in alone if not any(a.start < d.end and d.start < a.end for d in kept)]
    return sorted([*kept, *free], key=lambda span: span.start)


def _fit_date(asked: Question, before: str, after: str) -> float:
    """Whether a date stands as an end or a beginning, where the question asks for one."""
    is_end = re.search("(?:至|到|截止|截至|于)$", before) or re.match(
        "前|止|关闭|截止|以前|之前", after
    )
    is_start = re.search("(?:自|从)$", before) or re.match("起|开放|开始|启动", after)
    if _ENDS.search(asked.text):
        return 1.0 if is_end else 0.85
    if _BEGINS.search(asked.text):
        return 1.0 if is_start else 0.9
    return 1.0


# Who is charged with something, by name or office.
_BY = re.compile(
    "由([^，。；,;：:、]{2,16}?)(?:自行|统一|全额|全程|跟踪)*"
    "(负责(?!人)|牵头|批准|审批|签批|承担|解释|审核|组织|主持|协调|保管|担任|出任"
    "|负担|自理|支付|代收|收取|受理|维护|审计(?![局署处科])|监督(?![局处科])|发放)"
)
# Who does it in spoken words: 谁出, 谁管.
_SAID_OF = {
    "承担": "出付",
    "负担": "出付",
    "自理": "出付",
    "支付": "出",
    "维护": "管",
    "负责": "管",
}


def _people(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    text = sentence.span.of(sentence.document.text)
    for match in _BY.finditer(text):
        at = sentence.span.start
        who, deed = match.groups()
        said = any(one in asked.text for one in deed[-1] + _SAID_OF.get(deed, ""))
        held = deed in {"担任", "出任"} or said or "由谁" in asked.text
        if held and who not in asked.text:
            yield _found(sentence, [Span(match.start(1) + at, match.end(1) + at)], 0.97)
    if _is_of_a_part(asked, fold(text)):
        return
    for name in names(text):
        if not any(name.of(text) in term.text for term in asked.terms):
            at = sentence.span.start
            yield _found(sentence, [Span(name.start + at, name.end + at)])


def names(text: str) -> Iterator[Span]:
    """The names of people in a text, as far as the cutter knows them or an office tells them.

    >>> [name.of("组长俞承泽，副组长单巧云") for name in names("组长俞承泽，副组长单巧云")]
    ['俞承泽', '单巧云']
    >>> [name.of("董事长尉迟朗表示") for name in names("董事长尉迟朗表示")]
    ['尉迟朗']
    """
    titled = [Span(*match.span("name")) for match in _NAME_AFTER_OFFICE.finditer(text)]
    yield from titled
    at = 0
    for word, tag in _tagged(text):
        # 柳荫路 of 柳荫路25号 is no name of a person.
        numbered = text[at + len(word) : at + len(word) + 1].isdigit()
        if tag.startswith("nr") and 2 <= len(word) <= 4 and not numbered:
            lead, tail = _NOT_OF_A_NAME.match(word), _AFTER_A_NAME.search(word)
            start = at + (lead.end() if lead else 0)
            name = _whole_name(text, start, at + (tail.start() if tail else len(word)))
            of_a_place = text[name.end : name.end + 1] in set("省市区县镇乡村州港")
            taken = any(one.start < name.end and name.start < one.end for one in titled)
            if len(name) > 1 and not of_a_place and not taken:
                yield name
        at += len(word)


_ASKED_CONTACT = re.compile("(?:找|联系|咨询|问)(?:一?下)?(?:谁|哪一?位|何人)|联系人")


def is_named_by_role(asked: Question, reading: Reading) -> bool:
    """Whether a person stands right after the office that is asked for: 院长为方若岚, 联系人沈一帆."""
    text, start = reading.document.text, reading.answer[0].start
    before = text[text.rfind("\n", 0, start) + 1 : start]
    roles = [term.text for term in asked.terms if term.hard and _OFFICE.search(term.text)]
    if _ASKED_CONTACT.search(asked.text):
        roles += ["联系人", "负责人"]
    office = re.search("([\u4e00-\u9fff]+)(?:[为是由：: 　]|现任)?$", before)
    named = any(name == Span(0, len(reading.short)) for name in names(reading.short))
    # 记录：王立新, where it is asked who 记录.
    label = re.match("([\u4e00-\u9fff]{2,6})[：:][^、，。；]*$", before)
    if named and label and any(term.text == label[1] for term in asked.terms):
        return True
    return named and office is not None and any(office[1].endswith(role) for role in roles)


def is_stated_place(asked: Question, reading: Reading) -> bool:
    """Whether it is a place by its form: a street with its number, a floor that is asked for.

    Or by what leads to it, in a sentence that names what is asked for.
    """
    form = _FLOOR if _ASKED_FLOOR.search(asked.text) else _ADDRESS
    text = reading.document.text
    told = re.search(
        "(?:设在|位于|坐落于|地址[：:]|地点[：:])$", text[: reading.answer[0].start][-4:]
    )
    named = [term for term in asked.terms if term.hard and term.kind != "place"]
    here = fold(reading.evidence.of(text))
    return form.fullmatch(reading.short) is not None or (
        told is not None and any(_holds(here, term) for term in named)
    )


def is_asked_field(asked: Question, passage: Passage, answer: Sequence[Span]) -> bool:
    """Whether it is the value under the heading of a table that the question names."""
    return len(answer) == 1 and row_value(asked, passage, answer[0]) == answer[0]


# What the cutter takes for a part of a name: 为祁振声, 单巧云任副组长.
_NOT_OF_A_NAME = re.compile("[为由是](?=..?)")
_AFTER_A_NAME = re.compile("(?<=..)[任为兼等](?=$)")
_OFFICE = re.compile(
    "经理|主任|局长|书记|院长|校长|主席|[省市区县镇乡村州部厅处科组行关馆所站队厂园会庭社台店]长|总监|负责人|董事长|"
    "总[经会]济师|总工程师|总会计师"
)
# Surnames of two characters, and the commonest of one.
_SURNAME = (
    "(?:欧阳|司马|上官|诸葛|东方|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|司空|夏侯|皇甫|濮阳|澹台|公西|公冶|太叔|申屠|轩辕|钟离|"
    "闾丘|南宫|西门|独孤|拓跋|端木|谷梁|漆雕|乐正|呼延|贺兰|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞"
    "颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻"
    "祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇"
    "栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封谈匡鞠惠荆乐冀胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜"
    "海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭"
    "况那宿鲜印逯隆茹诺战慕危玉银亢嵇公])"
)
_NAME_AFTER_OFFICE = re.compile(
    f"(?:{_OFFICE.pattern})[为是：: 　]?(?P<name>{_SURNAME}[\u4e00-\u9fff]{{1,2}}?)"
    "(?=[，。、；,;：:\\s（(]|$|表示|介绍|说|指出|认为|强调|主持|致辞|讲话|出席|兼任|担任|任|在|对|代表|分管|负责|带队|签)"
)
_TITLED = re.compile(f"(?:.*)(?:{_OFFICE.pattern})([\u4e00-\u9fff]{{2,4}})")
_PART = "[部处科室院会司局组中心办街镇村所队]"


def name_after_office(text: str) -> Span | None:
    """The name in "office and name", which is what 谁 asks for; None where it is not that.

    >>> name_after_office("办公室主任王建国")
    Span(start=5, end=8)
    """
    match = _TITLED.fullmatch(text)
    named = match and any(tag.startswith("nr") for _, tag in _tagged(match.group(1)))
    return Span(*match.span(1)) if match and named else None


def _is_of_a_part(asked: Question, text: str) -> bool:
    """Whether the office asked for is, in this sentence, that of a part: 某部总经理 is not 总经理."""
    for term in asked.terms:
        if term.hard and _OFFICE.search(term.text):
            found = [m.start() for m in re.finditer(re.escape(term.text), text)]
            parts = [re.search(f"[\u4e00-\u9fff]{_PART}$", text[:at]) for at in found]
            return bool(found) and all(p and p.group() not in asked.text for p in parts)
    return False


def _whole_name(text: str, start: int, end: int) -> Span:
    """A name out to where other characters begin, up to three, where the cutter cut inside it."""
    left = re.search("(?:^|[^\u4e00-\u9fff])([\u4e00-\u9fff]{0,2})$", text[:start])
    right = re.match("([\u4e00-\u9fff]{0,2})(?:[^\u4e00-\u9fff]|$)", text[end:])
    room = 3 - (end - start)
    if left and len(left.group(1)) <= room:
        start, room = start - len(left.group(1)), room - len(left.group(1))
    if right and len(right.group(1)) <= room:
        end += len(right.group(1))
    return Span(start, end)


_POST = (
    "书记|主任|[事局院校区市部处科组会社署司厂行馆站所村镇县省州乡厅队台园店]长|主席|总监|负责人|经理|总裁|[理监董]事|秘书长?|委员|"
    "常委|代表|发言人|教练|队员|教授|院士|研究员|专家|博士|医生|[\\u4e00-\\u9fff]师|护士长?|法官|检察官|民警|记者|编辑|主播|导演|演员|作家|"
    "总理|总统|首相|大臣|大使|[参领]事|司令员?|政委|参谋长?|首席执行官|ceo|创始人|合伙人|"
    "股东|员工|村民|居民|市民|学生|选手|球员|冠军|队友|志愿者|网格员|干部|参赞|顾问|会计|技术员|[班团船机]长|老兵|烈士"
)
_POST_BEFORE = re.compile(f"(?:{_POST})(?:同志)?$")
_POST_AFTER = re.compile(
    f"(?:同志|先生|女士)?[，,]?(?:现任|担任|出任|就任|当选为?|被任命为|[任是为系])"
    f"(?P<post>[^，,。；;：:（(“]{{0,40}}?(?:{_POST}))(?=[，,。；;、：:）)”]|$)"
)
# What leads to an office and is no part of its name: 会议听取了, 位于重庆的, 由.
_BEFORE_A_POST = frozenset(
    "的 了 由 请 据 被 经 随 在 向 对 跟 从 听取 采访 邀请 任命 会见 陪同 来自 感谢 祝贺 对话 专访 连线 "
    "作为 身为 以及 包括".split()
)
_POST_STOPS = re.compile('[，,。；;：:！!？?“”"「」（）()【】\\s]')


def _offices(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    """The office that stands by the name that is asked about, before it or after it."""
    text = fold(sentence.span.of(sentence.document.text))
    shift = sentence.span.start
    for term in asked.terms:
        if term.kind not in {"noun", "name"} or not 2 <= len(term.text) <= 4:
            continue
        for name in re.finditer(re.escape(term.text), text):
            for span in filter(
                None, (_post_before(text, name.start()), _post_after(text, name.end()))
            ):
                yield _found(sentence, [Span(span.start + shift, span.end + shift)])


def _post_before(text: str, name: int) -> Span | None:
    """The office right before a name: 董事长、总经理 of 某公司董事长、总经理唐文杰."""
    stops = [stop.end() for stop in _POST_STOPS.finditer(text, 0, name)]
    start = max(stops, default=0)
    at = start
    for word, _ in _tagged(text[start:name]):
        at += len(word)
        start = at if word in _BEFORE_A_POST else start
    return Span(start, name) if _POST_BEFORE.search(text[start:name]) else None


def _post_after(text: str, name: int) -> Span | None:
    """The office right after a name: 某人现任某局局长."""
    match = _POST_AFTER.match(text, name)
    return Span(*match.span("post")) if match else None


_PHONE = re.compile(
    "(?:0\\d{2,3}[-—－ ]?)?\\d{7,8}(?!\\d)|(?<!\\d)1\\d{10}(?!\\d)|内线\\d{2,6}"
    "|(?<!\\d)(?:0\\d{2,3}[-—－])?\\d{5}(?!\\d)"
)


def phones(text: str) -> list[Span]:
    """Where the telephone numbers of a text stand."""
    return [Span(*match.span()) for match in _PHONE.finditer(text)]


def _phones(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    if not _names_offices(asked, fold(sentence.span.of(sentence.document.text))):
        return
    for found in _matches(_PHONE.pattern, sentence):
        if not _is_anothers(asked, sentence, found.start):
            yield found


def _is_anothers(asked: Question, sentence: _Sentence, at: int) -> bool:
    """Whether a number is that of another, where a sentence gives several: 甲，电话1；乙，电话2."""
    lead = sentence.clauses[0].text if sentence.clauses[0].text[-1] in ":：" else ""
    ends = [c.span.end for c in sentence.clauses if c.text[-1] in "；;"] + [sentence.span.end]
    starts = [sentence.span.start, *ends]
    text = sentence.document.text
    members = [fold(text[a:b]) for a, b in itertools.pairwise(starts)]
    mine = next((n for n, end in enumerate(ends) if at < end), len(members) - 1)
    others = [one for n, one in enumerate(members) if n != mine and _PHONE.search(one)]
    return any(
        term.hard
        and not _holds(members[mine], term)
        and not _holds(lead, term)
        and any(_holds(one, term) for one in others)
        for term in asked.terms
    )


# A street with its number, and a floor.
_ADDRESS = re.compile(
    "[\u4e00-\u9fff]{2,12}?(?:大道|[路街巷弄道])\\d+(?:弄\\d+)?号[^，。；,;\\s]{0,12}"
)
_FLOOR = re.compile("(?:大厅|[东南西北]侧|\\d+号楼)?(?:\\d+|[一二三四五六七八九十]+)[楼层]")
_ASKED_FLOOR = re.compile("几楼|哪一?[层楼]")
_PLACE = re.compile(
    "(?:地点|地址|会址)(?:为|是|设在)?[：:]?\\s*([^，。；;,\n]{2,40})"
    "|(?:位于|坐落于|设在|落户|(?<![所正现存实旨])在)([^，。；,;]{2,24}?)"
    "(?=举行|举办|召开|启动|开工|开幕|揭牌|建设|开展|办理|[，。；,;]|$)"
)
# 在驾车时, 在建设过程中: no place.
_NO_PLACE = re.compile("(?:时候?|期间|[之以]?[前后]|中|下|方面|基础上|同时|过程)$")
# 籍贯, as a curriculum vitae gives it: 四川平昌人, 家住某镇.
_ORIGIN = re.compile(
    "(?:籍贯|祖籍|老家|家住|出生于|生于|来自)(?:是|在|为|[:：])?([^，。；,;：:（(]{2,30}?)(?=人?[，。；,;、）)]|$)"
    "|(?<=[，,、：:（(系是])([\u4e00-\u9fff]{2,24})人(?=[，,。；;、）)]|$)"
)
_ASKED_ORIGIN = re.compile("哪[里儿]的?人|什么地方的?人|籍贯|祖籍|老家")


def _places(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    text = sentence.span.of(sentence.document.text)
    if _ASKED_FLOOR.search(asked.text):
        for found in _matches(_FLOOR.pattern, sentence):
            own = sentence.clauses[found.clause].text
            if any(term.hard and _holds(own, term) for term in asked.terms):
                yield found
        return
    is_origin = _ASKED_ORIGIN.search(asked.text)
    if not is_origin:
        yield from _matches(_ADDRESS.pattern, sentence)
    for match in (_ORIGIN if is_origin else _PLACE).finditer(text):
        start, end = match.span(1) if match.group(1) else match.span(2)
        if not _NO_PLACE.search(text[start:end]):
            yield _found(sentence, [Span(start + sentence.span.start, end + sentence.span.start)])


def _titles(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    yield from _matches("《[^》]{2,80}》", sentence)


def _references(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    for found in _matches("[\u4e00-\u9fff]{0,10}[〔\\[（(]\\d{4}[〕\\]）)]\\d+号", sentence):
        # Alone on its line it is the document's own; in a sentence, that of another it speaks of.
        yield found if found.spans[0] == sentence.span else replace(found, fit=0.7)


def _matches(pattern: str, sentence: _Sentence) -> Iterator[_Candidate]:
    for match in re.finditer(pattern, sentence.span.of(sentence.document.text)):
        yield _found(
            sentence, [Span(match.start() + sentence.span.start, match.end() + sentence.span.start)]
        )


_EXCLUDED = re.compile("不(?:在|包括|包含|含|属于|列入|计入|纳入|予)|除外")
_LONG_ITEM = 12
_ITEM = "[^，。；;、,：:\\s]{1,24}"
_ENUMERATION = re.compile(f"(?:{_ITEM}、)+{_ITEM}")
_LIST_LEAD = re.compile(
    "^.*?(?:包括|包含|涵盖|涉及|分别是|分别为|分为|有|推出|即|聚焦|围绕|发展|建设|打造|形成|提供|提交|携带|[须应请需]带|[须需]持|出示|^凭|为|是|以及|[:：])"
)
_TWO_PAPERS = re.compile(
    "(?:携带|[须应请需]带|[须需]持|出示|凭)([^，。；;、\\s]{2,12}?(?:[和及与]|或者)[^，。；;、\\s]{2,12}?)(?=[，。；;]|到|$)"
)
# 德国、日本、新加坡为前三大来源地: what the things listed are.
_LIST_IS = re.compile("(?<=.)[为是](?P<class>.{2,})$")
_LIST_TAIL = re.compile("等(?:[\\u4e00-\\u9fff\\d]{0,20})?$|(?:领域|方面|板块|产业|材料)$")


def _lists(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    document = sentence.document
    text = sentence.span.of(document.text)
    items = _items_after(document, sentence.span) if re.search("[：:]$", text) else ()
    if items:
        evidence = Span(sentence.span.start, items[-1].end)
        yield _Candidate(items, len(sentence.clauses) - 1, 1.0, items[0].start, evidence)
    counted = _counted_items(sentence)
    if counted:
        yield _found(sentence, counted)
    rows = _rows_listed(asked, sentence)
    if rows:
        labels = tuple(row.label for row in rows)
        evidence = Span(rows[0].span.start, rows[-1].span.end)
        yield _Candidate(labels, 0, _names_all(asked, sentence), labels[0].start, evidence)
    listed = _items_under_heading(asked, sentence)
    if listed:
        yield _Candidate(listed, 0, 1.0, listed[0].start, Span(sentence.span.start, listed[-1].end))
    for match in _TWO_PAPERS.finditer(text):
        at = sentence.span.start
        yield _found(sentence, [Span(match.start(1) + at, match.end(1) + at)], 0.97)
    yield from _enumerations(asked, sentence)


def _enumerations(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    """What stands side by side in a sentence: 甲、乙、丙等."""
    text = sentence.span.of(sentence.document.text)
    for match in _ENUMERATION.finditer(text):
        start, end = match.span()
        lead = _LIST_LEAD.match(match.group().split("、")[0])
        start += lead.end() if lead else 0
        tail = _LIST_TAIL.search(text[start:end])
        if tail and tail.group().startswith("等"):
            end = start + tail.start()
        if excluded := _EXCLUDED.search(text, start, end):
            end = excluded.start()
        last = fold(text[start:end].split("、")[-1])
        named = _LIST_IS.search(last)
        if named and any(t.hard and _holds(named["class"], t) for t in asked.terms):
            end -= len(named.group())
            last = last[: named.start()]
        if len(last) > _LONG_ITEM and any(t.hard and _holds(last, t) for t in asked.terms):
            continue
        spans = [Span(start + sentence.span.start, end + sentence.span.start)]
        fit = 1.0 if tail else 0.97
        # What is not a part is listed too, and answers another question.
        denied = _EXCLUDED.search(text) and not re.search("[不未除]", asked.text)
        yield _found(sentence, spans, 0.6 * fit if denied else fit)


_COUNTED_ITEM = re.compile("(?:^|[：:；;。，,])([一二三四五六七八九十])是([^；;。]{2,60})")


def _counted_items(sentence: _Sentence) -> tuple[Span, ...]:
    """The items of 一是…；二是…, two at least and none left out."""
    at = sentence.span.start
    found = list(_COUNTED_ITEM.finditer(sentence.span.of(sentence.document.text)))
    if [match[1] for match in found] != list("一二三四五六七八九十")[: max(2, len(found))]:
        return ()
    return tuple(Span(match.start(2) + at, match.end(2) + at) for match in found)


def _rows_listed(asked: Question, sentence: _Sentence) -> tuple[Row, ...]:
    """The rows of the table that a sentence is the first to answer from: all, or those that are so.

    Each word of the question stands over the table or in a cell of each row that is listed.
    """
    text = sentence.document.text
    if row_of(sentence.span.of(text)) is None:
        return ()
    table = next(
        (t for t in tables(sentence.document) if sentence.span in map(_span, t.rows)), None
    )
    if table is None:
        return ()
    over = fold(f"{sentence.heading} {table.above} {sentence.title}")
    wanted = [term for term in asked.terms if not _holds(over, term)]
    above = fold(f"{sentence.heading} {table.above}")
    named = any(
        (term.hard or len(term.text) >= _WHOLE_NAME) and _holds(above, term) for term in asked.terms
    )
    rows = tuple(row for row in table.rows if all(_is_in_a_cell(row, term) for term in wanted))
    return (
        rows if named and rows and rows[0].span == sentence.span and len(rows) <= _MAX_ITEMS else ()
    )


def _names_all(asked: Question, sentence: _Sentence) -> float:
    """How well a list suits by its heading: 重点项目授信 is not all that 重点项目 asks for."""
    left = re.sub("^[^、.．]{1,3}[、.．]", "", sentence.heading)
    for term in asked.terms:
        left = left.replace(term.text, "")
    return 0.9 if re.search("[\u4e00-\u9fff]{2}", left) else 1.0


def _span(row: Row) -> Span:
    return row.span


def _is_in_a_cell(row: Row, term: Term) -> bool:
    """Whether a word stands in a cell that is no figure, and is not denied there."""
    return any(
        _holds(fold(field.value), term) and not figures(field.value) and not dates(field.value)
        for field in row.fields
    )


def _items_under_heading(asked: Question, sentence: _Sentence) -> tuple[Span, ...]:
    """Numbered lines right under a heading that names what was asked for."""
    document, start = sentence.document, sentence.span.start
    heading = next((s for s in document.sections if s.span.start <= start < s.span.end), None)
    if heading is None or not any(t.hard and _holds(fold(heading.heading), t) for t in asked.terms):
        return ()
    end_of_heading = document.text.find("\n", heading.span.start)
    if end_of_heading + 1 != start or not _MARK.match(document.text[start:]):
        return ()
    return _items_after(document, Span(heading.span.start, end_of_heading))


_MARK = re.compile(r"(?:[（(]?[\d一二三四五六七八九十]{1,3}[）)、.．]|[-—•·*●○])\s*")
_MAX_ITEMS = 12
# A phrase of so many characters names what it asks for, though the cutter calls it none.
_WHOLE_NAME = 4


def _items_after(document: Document, lead: Span) -> tuple[Span, ...]:
    """The list items on the lines that follow a line: numbered all, or short all."""
    found: list[Span] = []
    numbered: bool | None = None
    at = document.text.find("\n", lead.end) + 1
    while 0 < at < len(document.text) and len(found) < _MAX_ITEMS:
        end = document.text.find("\n", at)
        line = document.text[at:end]
        mark = _MARK.match(line)
        if numbered is None:
            numbered = mark is not None
        if numbered != (mark is not None) or len(line) > (120 if numbered else 40):
            break
        if line == document.heading_at(at):
            break
        start = at + (mark.end() if mark else 0)
        found.append(Span(start, at + len(line.rstrip("；;。，,"))))
        at = end + 1
        if line.endswith("。"):
            break
    return tuple(found)


_DEFINES = re.compile("(?:，|,)?(?:即|是指|指的是|就是|指|包括|分别是|是|为|：|:)")


def _definitions(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    text = sentence.span.of(sentence.document.text)
    folded = fold(text)
    names = [term for term in asked.terms if term.hard and any(v in folded for v in term.variants)]
    if not names:
        return
    after = max(folded.find(v) + len(v) for term in names for v in term.variants if v in folded)
    match = re.search(
        "(?:，|,)?(?:即|是指|指的是|就是指?|指|分别是|包括)|(?<=[”」》])(?:是|为|：|:)",
        folded[after : after + 30],
    )
    fit = 1.0
    if match is None:
        match, fit = _DEFINES.search(folded[after : after + 12]), 0.9
    if match is None:
        return
    start = after + match.end()
    end = re.search("[，,；;。]", folded[start:])
    stop = start + end.start() if end else len(folded)
    # 以某某为主的框架: what it consists of.
    made_of = re.match("以(.{2,}?)为(?:主|核心|重点|支点|基础|依托|引领|支撑)", folded[start:stop])
    if made_of:
        start, stop = start + made_of.start(1), start + made_of.end(1)
    if stop - start >= 2:
        yield _found(sentence, [Span(start + sentence.span.start, stop + sentence.span.start)], fit)


_ASKED_WHETHER = re.compile("[吗不没]$|[吗不没][?？]|([\u4e00-\u9fff])不\\1|有没有|是否|可否|能否")
_VERDICT = re.compile(
    "(?:答[:：])?((?:不?可以|不能|能|不?需要|不用|无需|不行|是的?|不是|会|不会|有|没有)(?=[。，,;；]))"
)
# What may be done, must be done or costs nothing is told in one of these.
_RULING = re.compile(
    "[不无免][需须得能可予用收]?|未|免|禁止|严禁|可以?|[应必]须|应当|仅限?|只|均|全[免年]"
)


def _verdict(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    """Yes or no: the word that a question in the heading is answered with, or a ruling sentence."""
    text = sentence.span.of(sentence.document.text)
    at = sentence.span.start
    said = _VERDICT.match(text)
    if said and re.search("[?吗]$", sentence.heading):
        yield _found(sentence, [Span(said.start(1) + at, said.end(1) + at)])
    for number, clause in enumerate(sentence.clauses if not said else ()):
        # The clause that names what is asked about and rules on it.
        named = any(term.hard and _holds(clause.text, term) for term in asked.terms)
        end = clause.span.start + len(clause.text.rstrip(",，。;；!！"))
        if number and named and end - clause.span.start >= 4 and _RULING.match(clause.text):
            yield _Candidate((Span(clause.span.start, end),), number, 0.98, clause.span.start)
    if not said and _RULING.search(text):
        start = at + (len("答：") if text.startswith(("答：", "答:")) else 0)
        end = sentence.span.end - len(text) + len(text.rstrip("。！；"))
        if end - start >= 6:
            yield _Candidate((Span(start, end),), 0, 0.97, start)


def _statements(asked: Question, sentence: _Sentence) -> Iterator[_Candidate]:
    """A sentence as the answer: only where it says nearly all that was asked."""
    if _ASKED_WHETHER.search(asked.text):
        yield from _verdict(asked, sentence)
    end = sentence.span.end
    while end > sentence.span.start and sentence.document.text[end - 1] in "。！？；，":
        end -= 1
    if end - sentence.span.start >= 6:
        yield _Candidate((Span(sentence.span.start, end),), 0, 0.85, sentence.span.start)


_FINDERS: dict[str, Callable[[Question, _Sentence], Iterator[_Candidate]]] = {
    "date": _dates,
    "person": _people,
    "office": _offices,
    "place": _places,
    "phone": _phones,
    "title": _titles,
    "reference": _references,
    "list": _lists,
    "definition": _definitions,
    "statement": _statements,
    "request": lambda asked, sentence: iter(()),
}


@lru_cache(maxsize=4096)
def _tagged(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(words(text))
