"""Whether a sentence meets a question: its words, said of this very answer, and its period.

A figure belongs to the clause it stands in; that clause inherits the subject of the one before only
if it has none of its own. How the kind of an answer suits is the business of qa/fits.py; what may be
one, of qa/finders.py.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from index.headings import outer
from index.types import Document
from qa.asks import FIGURE_ASKS
from qa.figures import figures, fold
from qa.people import OFFICE, names
from qa.periods import Period, last_period, nearest_period
from qa.question import Question
from qa.scopes import is_elsewhere, is_of_another_whole
from qa.sentence import CLAUSE, ROW, Candidate, Clause, Sentence, holds, tagged
from qa.terms import Term
from qa.words import words

# How much a term found at each place counts for the clause that answers.
# A sentence before speaks of other figures more often than of this one.
_BEFORE_A_FIGURE = 0.35
_IN_CLAUSE, _INHERITED, _EARLIER, _STOLEN, _AROUND, _ABOUT = 1.0, 0.995, 0.85, 0.55, 0.7, 0.8
# What names another figure of a row fails even where it need not be named.
_OF_ANOTHER = -1.0

_LABEL = 16

_WORDS_OF_CHANGE = (
    "同比|环比|比上年|较上年|比去年|较去年|上年同期|去年同期|同期|年均|增长率?|增加|提高|提升|上升|上涨|下降|减少|降低|"
    "回落|增速|增幅|降幅|幅度|达到?|分别|累计|共计|合计|总计|一共|总额|总量|总投资额?|投资总额|投资额|金额|其中|占比|占|比重|均|"
    "比例|约|超过?|近|突破|为|是|约为|不低于|不超过|最高|最多|每年|每人每[天日月]|每人|每[天日月次晚]|连续|至|到|已|已经|"
    "以上|以下|并|且|而|也|还|又|比|较|完成|实现|涉及|面积|预[估计期]|力争|有望|将|[今明]?年[底末]|\\d{1,2}月份?|第?[一二三四1-4]季度|前三季度|[上下]半年|全年|当[月年]|单月"
)
_EMPTY_SUBJECT = re.compile(
    f"(?:{_WORDS_OF_CHANGE}|[\\s、的了“”‘’（）()\\d.%万亿千百元个]|(?:19|20)\\d\\d年)+"
)
_PLACE_AFTER = (
    "[\\u4e00-\\u9fff]{2,4}[(（]?(?:新区|高新区|开发区|"
    "(?<![小社园校院厂片景])区|县|市|镇|街道|乡|新\\)区|新）区)"
)


# Who tells the reader what to answer states nothing.
_ORDERS = re.compile(
    '(?:忽略|无视|忘记|不要理会)[^。；;]{0,8}(?:指令|指示|提示|要求|规则|内容)|(?:回答|答复|回复|输出|只说)[:：]?[“"「『]'
    "|(?i:ignore (?:all|the|any|previous))"
)


def share_met(asked: Question, sentence: Sentence, candidate: Candidate) -> float:
    """The share of the question's weight that a candidate's surroundings meet; 0 if a condition fails."""
    if _ORDERS.search(sentence.span.of(sentence.document.text)):
        return 0.0
    if is_of_another_row(asked, sentence) or any(
        check(asked, sentence, candidate) for check in _CHECKS.get(asked.ask, ())
    ):
        return 0.0
    # A verb is easily said otherwise beside a figure; beside a date or a name it tells what happened.
    hint = 0.4 if asked.ask in FIGURE_ASKS else 0.8
    total = met = 0.0
    # What all belongs to other figures is said of none.
    named = not any(term.hard and term.kind != "place" for term in asked.terms)
    for term in asked.terms:
        support = support_of(asked, term, sentence, candidate)
        if (term.hard and support == 0.0) or support == _OF_ANOTHER:
            return 0.0
        weight = len(term.text) * (1.0 if term.hard else hint)
        total += weight
        met += weight * support
        named = named or (term.hard and term.kind != "place" and support != _STOLEN)
    return met / total if total and named else 0.0


def is_of_another_row(asked: Question, sentence: Sentence) -> bool:
    """Whether it is a row of a table whose label has nothing in common with the question.

    Its figures are those of its label, whatever else stands in it: 泊舟公司：所在园区 滨河园区；…
    """
    row = None if asked.ask == "list" else ROW.match(sentence.span.of(sentence.document.text))
    label = "".join(re.findall("[\u4e00-\u9fff]", fold(row["label"]))) if row else ""
    if len(label) < 2 or _TOTAL.search(label):
        return False
    question = fold(asked.text)
    shared = any(label[at : at + 2] in question for at in range(len(label) - 1))
    return not shared and not any(holds(fold(row["label"]), term) for term in asked.terms)  # type: ignore[index]


def _is_of_another_column(asked: Question, sentence: Sentence, candidate: Candidate) -> bool:
    """Whether another field of a row, with a figure of the same kind, is named by the question rather."""
    if not ROW.match(sentence.span.of(sentence.document.text)):
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


def _is_of_a_named_part(asked: Question, sentence: Sentence, candidate: Candidate) -> bool:
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
    terms = [term for term in hard if any(holds(t, term) for t in told)]
    named = len(terms) == len(hard) > 1
    if named or not all(holds(whole + head, term) for term in terms):
        return False
    # 居民出资0.5亿元 is what 居民 pay of it.
    if _PAYS.search(clauses[-1].text) and any(holds(clauses[-1].text, term) for term in terms):
        return False
    known = fold(asked.text) + whole + head
    return any(
        tag[0] not in "dpcurfmqx" and len(word) > 1 and word not in known
        for text in (told[0], told[-1])
        for word, tag in tagged(_EMPTY_SUBJECT.sub(" ", re.split("\\d", text)[0]))
    )


def _is_of_another_in_turn(asked: Question, sentence: Sentence, candidate: Candidate) -> bool:
    """Whether 分别 gives a figure to another of the things named before: 收入和利润分别增长3%和6%."""
    named = _in_turn(sentence, candidate)
    telling = [
        term for term in asked.terms if 0 < sum(holds(one, term) for one in named) < len(named)
    ]
    # What a question names last is what it asks for: 工业企业利润.
    return bool(telling) and not holds(named[0], telling[-1])


def _in_turn(sentence: Sentence, candidate: Candidate) -> list[str]:
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


def _is_of_some(asked: Question, sentence: Sentence, candidate: Candidate) -> bool:
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


def _is_of_another_deed(asked: Question, sentence: Sentence, candidate: Candidate) -> bool:
    """Whether a date is of another deed than the one asked for: 8月开工, where 投产 is."""
    wanted = _DEEDS.findall(fold(asked.text))
    told = _DEEDS.findall(sentence.clauses[candidate.clause].text)
    same = {variant for term in asked.terms for variant in term.variants} | set(wanted)
    return bool(wanted and told) and not same & set(told)


def _is_of_another_doer(asked: Question, sentence: Sentence, candidate: Candidate) -> bool:
    """Whether somebody else of the sentence does what is asked: 甲致辞，乙签约, where 谁致辞 is asked."""
    own = sentence.clauses[candidate.clause]
    _, _, done = fold(asked.text).partition("谁")
    deed = next((t for t in reversed(asked.terms) if t.kind == "hint" and t.text in done), None)
    if deed is None or holds(own.text, deed):
        return False
    return any(
        holds(other.text, deed) and any(names(other.span.of(sentence.document.text)))
        for other in sentence.clauses
        if other is not own
    )


_CHECKS: dict[str, tuple[Callable[[Question, Sentence, Candidate], bool], ...]] = {
    **dict.fromkeys(
        FIGURE_ASKS,
        (
            _is_of_a_named_part,
            _is_of_another_in_turn,
            _is_of_another_column,
            _is_of_some,
            is_of_another_whole,
        ),
    ),
    "date": (_is_of_another_deed,),
    "person": (_is_of_another_doer,),
}


def support_of(asked: Question, term: Term, sentence: Sentence, candidate: Candidate) -> float:
    """How much a term counts for a candidate, by where it stands; 0 if it is not said of it."""
    own = sentence.clauses[candidate.clause]
    if holds(own.text, term):
        return _in_row(asked, term, own, candidate)
    if _is_of_a_twin(asked, term, own.text):
        return 0.0
    is_figure = asked.ask in FIGURE_ASKS
    if is_figure and term.kind == "place" and is_elsewhere(asked, sentence, candidate):
        return 0.0
    if is_figure and any(holds(n, term) for n in _in_turn(sentence, candidate)[:1]):
        return _INHERITED
    inherits = not is_figure or not _has_subject(sentence, candidate)
    for distance, clause in enumerate(reversed(sentence.clauses[: candidate.clause])):
        if holds(clause.text, term):
            if is_figure and _is_one_of_twins(asked, term, clause.text, own.text):
                return 0.0
            if inherits:
                return _INHERITED if distance == 0 else _EARLIER
            return _STOLEN if _is_stolen(asked, clause, term, candidate) else _EARLIER
    if not is_figure and any(holds(c.text, term) for c in sentence.clauses):
        # The office of whoever is named next is not that of who was named before.
        return _STOLEN if asked.ask == "person" and OFFICE.search(term.text) else _EARLIER
    return max(_before(asked, term, sentence), _about(term, sentence))


def _in_row(asked: Question, term: Term, own: Clause, candidate: Candidate) -> float:
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
    if holds(members[place], term):
        return _IN_CLAUSE
    if not any(holds(member, term) for member in members[:place]):
        return _OF_ANOTHER
    named = any(holds(members[place], other) for other in asked.terms)
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
        for word, tag in tagged(clause.replace(head, f" {head}"))
    )


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


def _before(asked: Question, term: Term, sentence: Sentence) -> float:
    """What the line said before this sentence."""
    if not holds(sentence.before, term):
        return 0.0
    # A line that opens with a few words and a full stop has them for its heading.
    if len(sentence.before) <= _LABEL:
        return _ABOUT
    return _BEFORE_A_FIGURE if asked.ask in FIGURE_ASKS else _AROUND


def _is_stolen(asked: Question, clause: Clause, term: Term, candidate: Candidate) -> bool:
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


def _about(term: Term, sentence: Sentence) -> float:
    """What the heading and title say of everything under them."""
    if holds(sentence.heading, term):
        if _is_of_another_part(term, sentence):
            return 0.0
        # What stands under a question answers it.
        return _INHERITED if re.search("[?吗]$", sentence.heading) else _ABOUT
    if not holds(sentence.title, term):
        return 0.0
    if term.kind == "place" and _only_qualifies(term, sentence.title):
        return 0.0
    return _ABOUT


def _is_of_another_part(term: Term, sentence: Sentence) -> bool:
    """Whether a sentence speaks of another of the things that its heading names: 工业和建筑业.

    The columns of a row are not what it speaks of.
    """
    if sentence.clauses[0].text[-1] in ":：":
        return False
    parts = re.split("[、和与及]", re.sub("^[^、.．]{1,3}[、.．]", "", sentence.heading))
    others = [part for part in parts if len(part) > 1 and not holds(part, term)]
    told = "".join(clause.text for clause in sentence.clauses)
    return 0 < len(others) < len(parts) and any(part in told for part in others)


def _only_qualifies(place: Term, title: str) -> bool:
    """In a title on 杭州钱塘区, 杭州 says where 钱塘区 is: what is said is not said of 杭州."""
    return all(
        re.search(f"{re.escape(variant)}市?{_PLACE_AFTER}", title)
        for variant in place.variants
        if variant in title
    )


def _has_subject(sentence: Sentence, candidate: Candidate) -> bool:
    """Whether the clause names what its figure is of: before the figure, or counted by it."""
    clause = sentence.clauses[candidate.clause]
    at = max(0, candidate.start - clause.span.start)
    counts = re.match("\\D{0,3}[\\d.]+[个家项所名](?!百分点|基点)", clause.text[at:])
    counted = clause.text[at:] if counts else ""
    rest = _EMPTY_SUBJECT.sub(" ", clause.text[:at] + counted)
    return any(
        tag.startswith(("n", "vn", "l", "i", "j", "b", "eng")) and len(word.strip()) > 1
        for word, tag in tagged(rest)
    )


def of_a_plan(asked: Question, sentence: Sentence, candidate: Candidate) -> float:
    """How well a figure suits that tells what is done where a plan is asked for, or the other way round."""
    planned = is_planned(sentence, candidate)
    if asked.target and not planned and asked.ask in FIGURE_ASKS:
        return 0.0 if "目标" in asked.text else 0.85
    if asked.target:
        return 1.0
    return 0.97 if planned else 1.0


_PLAN = re.compile("力争|目标|计划|预计|预期|到20\\d\\d年|规划")
_PLANS = re.compile("目标|计划|打算|安排|任务|展望|规划")


_DONE = re.compile("已|完成|实现了|达到了|实际|截[至止]")


def asks_for_done(asked: Question) -> bool:
    """Whether a question asks in so many words for what is done, and not for a plan."""
    return not asked.target and bool(_DONE.search(asked.text))


def is_planned(sentence: Sentence, candidate: Candidate) -> bool:
    """Whether a figure is wanted or expected: by its part of the sentence, or by a heading over it.

    Of a row 计划收购 1.8万吨；已收购 1.6万吨 each field speaks for itself.
    """
    text = "".join(c.text for c in sentence.clauses[: candidate.clause + 1])
    own = re.split("[;；]", text.rstrip(";；"))[-1]
    above = (sentence.heading, *map(fold, outer(sentence.document, sentence.span.start)))
    return bool(_PLAN.search(own) or any(map(_PLANS.search, above)))


# -- periods -------------------------------------------------------------------------------------


def period_fits(asked: Question, sentence: Sentence, candidate: Candidate) -> bool:
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


def _reports_on(part: str, asked: Question, sentence: Sentence) -> bool:
    """Whether a text is on a part of a year, of which what is no figure is asked: 一季度发布会谁主持."""
    if asked.ask in FIGURE_ASKS:
        return False
    return any(last_period(text).part == part for text in (sentence.heading, sentence.title))


def _period_at(asked: Question, sentence: Sentence, candidate: Candidate) -> Period:
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


def _governing(sentence: Sentence) -> Iterator[str]:
    """What may say the period of a sentence that says none, nearest first."""
    yield "，".join(_without_comparison(text) for text in CLAUSE.split(sentence.before))
    yield sentence.heading
    # Found only where it is asked for: it goes through the sections of the document.
    yield fold("，".join(reversed(outer(sentence.document, sentence.span.start))))
    yield sentence.title


# The year of one figure alone: 从0.5次（2019年数据）增加到1.7次.
_ASIDE = re.compile(
    "(?P<figure>\\d[十百千万亿]*[^\\d(（，,]{0,3})[(（][^()（）]*(?:19|20)\\d\\d年[^()（）]*[)）]"
)


def _without_asides(clause: Clause, candidate: Candidate) -> str:
    """A clause without the years that stand in brackets behind other figures than the candidate."""
    end = candidate.spans[0].end - clause.span.start
    return _ASIDE.sub(lambda m: m[0] if m.end("figure") == end else m["figure"], clause.text)


def _without_comparison(clause: str) -> str:
    """A clause such as 2022年为268.5亿元 speaks for itself alone."""
    return "" if re.match("而?(?:上年|去年|20\\d\\d年)(?:同期)?[为是]", clause) else clause


def _year_of(document: Document) -> int:
    """The year a document is dated, or 0."""
    return int(document.date[:4]) if document.date[:4].isdigit() else 0
