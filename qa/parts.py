"""A question that asks for several things, taken apart into questions that each ask for one.

Pure and by rule: clauses that each ask ("2023年多少，2024年多少"), and lists of which each member is
asked about ("收入、支出分别增长多少"). What the parts share is put into each; where it is unclear how
far a shared word reaches, a part keeps too much rather than too little, for a condition too many ends
in a refusal and one too few in a wrong figure. What is not clearly several questions stays whole.
How a clause leans on the one before it is known to qa/condense.py; answering is qa/assistant.py's.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.types import Span
from qa.asks import FIGURE_ASKS
from qa.claims import CONTRASTS
from qa.condense import standalone
from qa.figures import figures, fold
from qa.question import understand
from qa.types import Turn
from qa.words import words

_MAX_PARTS = 4

_COUNTING = "多少|(?<![近这那好十哪])几(?![乎率何十百])"
_ASKING = re.compile(
    f"{_COUNTING}|谁|哪(?!怕)|什么(?!的)|何[时地人处种]|[为如]何|怎么|怎样|(?<![很许众更最太])多[久大高长远宽快深](?!于)"
)
_NOW = {"现在", "目前", "当前", "如今"}
# 无论多少 asks for nothing.
_INDIFFERENT = re.compile("无论|不管|不论|不知道|不清楚")
_LIST_ASKED = re.compile("哪些|哪[几两二三四五六七八九十]")
POLITE = re.compile(
    "(?:[你您]好|请问|请教|请(?![示假客])|麻烦|打扰了?|谢谢[你您]?|多谢|帮[我忙]|告诉我|我?还?想(?:问|了解|知道|咨询|查)(?:一?下)?"
    "|(?:问|查|了解|咨询|说|列出|回答)一?下|一下|[吗啊吧，,。！!\\s])+"
)
_COMPARING = re.compile("(?:对比|比较|比一比)(?:一下|下)?")
_STRONG = re.compile("[，；？。！;?!]|(?<!\\d)[,:：]|[,:：](?!\\d)")
_WEAK = re.compile("、|\\s|以及|还有|和(?=多少|几)")
_STOPS = "，,；;：:？?。！!、 "
_LINKING = "(?:另外|还有|以及|同时|并且|那么|[那和又])+"
# Said again in other words: 区长是谁，叫什么名字.
_AGAIN = re.compile(
    f"(?:具体|到底|究竟|准确|也就是|即|是|叫|为|在|的|了|名字|姓名|数字|金额|百分之|个|亿元|万元|元|月|号|日|天|地点|{_ASKING.pattern})+"
)
_QUOTED = re.compile("《[^》]*》|“[^”]*”|「[^」]*」|（[^）]*）|\\([^)]*\\)")

_YEAR = "(?:(?:19|20)\\d\\d年(?:[度末底初])?|今年|本年|去年|前年|明年)"
_OF_YEAR = "(?:前三季度|第?[一二三四1-4]季度|[上下]半年|全年|\\d{1,2}月(?:份|末|底)?|年[末底初])"
PERIOD = f"(?:{_YEAR}{_OF_YEAR}?|{_OF_YEAR})"
_AND = "(?:、|以及|[和与及])"
# 2023和2024年.
_BARE_YEAR = re.compile(f"(?<!\\d)((?:19|20)\\d\\d)(?={_AND}(?:19|20)\\d\\d)")
_ONE_PERIOD = f"(?:(?P<year>{_YEAR})(?P<part>{_OF_YEAR})?|(?P<alone>{_OF_YEAR}))"
_PERIODS = re.compile(f"{PERIOD}(?:{_AND}{PERIOD})+")
# Not those that are no place's name.
PLACE = (
    "(?:(?!社区|小区|园区|城[市镇]|乡镇|地区|上市|超市|[个几各每这那哪])[\\u4e00-\\u9fff])"
    "{1,8}?(?:开发区|高新区|新区|自治区|街道|[区县市镇乡省])(?![场民内域长委政级化公村])"
)
_EACH = re.compile(
    "(?:两者|二者|它们)?(?:分别|依次|各自?(?=(?:是|有|为|占|要|能|需|可|约|达到?|同比|比上年|增长|上升|下降|提高|完成|实现|新增"
    f"|[招收补发花投建设配办交扣罚降涨增减升给拿])*了?(?:百分之|{_ASKING.pattern})))"
)
_CONTRASTS = [set(pair.split("/")) for pair in "收入/支出 进口/出口 存款/贷款 上限/下限".split()]
# Words of one group stand side by side.
_SIDE_BY_SIDE = (*CONTRASTS, *map(frozenset, (("一产", "二产", "三产"), ("成人", "少儿"))))
# How many characters tell that names end alike.
_ENDING = 2
_ORDINAL = "第?[一二三四五六七八九十甲乙丙丁]+[类级档等期批]?"
# A rate is that of the member before it: GDP和增速.
_RATE = re.compile("(?:同比|环比)?(?:增长率?|增速|增幅|涨幅|降幅|占比|比重)")
_COMPARED = re.compile("相比|相关|有关|无关|同期")
_SOME = re.compile(
    "(?P<of>的?)[这那]?(?:[两二三四](?:个|家|项|所|条|类|种|位|座|款|者|地|年)|几个)(?![月多])"
)


def parts(question: str) -> tuple[str, ...]:
    """The questions that a question consists of, in order; itself where it asks for one thing.

    >>> parts("东岚县一般公共预算收入、支出分别增长多少？")
    ('东岚县一般公共预算收入增长多少', '东岚县一般公共预算支出增长多少')
    >>> parts("东岚县三大主导产业分别是什么？")
    ('东岚县三大主导产业分别是什么？',)
    """
    found: list[str] = []
    waiting = [question]
    while waiting:
        one = waiting.pop()
        pieces = _divided(one)
        if pieces:
            waiting.extend(reversed(pieces))
        else:
            found.append(one)
        if len(found) + len(waiting) > _MAX_PARTS:
            return (question,)
    return tuple(found) if len(set(found)) == len(found) else (question,)


def _divided(question: str) -> tuple[str, ...]:
    """One division of a question, () where there is none. Each piece is shorter: it comes to an end."""
    opening = POLITE.match(question)
    text = (question[opening.end() :] if opening else question).strip(_STOPS)
    compared = _COMPARING.match(text)
    text = _BARE_YEAR.sub("\\1年", text[compared.end() :] if compared else text)
    lead, asking = _asking(text)
    if len(asking) > 1:
        found = _by_clause(lead, asking)
    elif compared and not asking and not _ASKING.search(text):
        found = _by_list(text, "")
    else:
        each = _EACH.search(text)
        # One list of names is asked for, or a list of lists: no figure of each.
        one = each is None or _LIST_ASKED.search(text) or not _ASKING.search(text, each.end())
        found = () if one or each is None else _by_list(text[: each.start()], text[each.end() :])
    pieces = tuple(piece.strip(_STOPS) for piece in found)
    sound = all(len(piece) < len(question) and any(map(str.isalnum, piece)) for piece in pieces)
    return pieces if sound and len(pieces) > 1 else ()


# --- clauses that each ask


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause that asks, with what was said since the last that did; whether a full stop is between."""

    text: str
    anew: bool


def _asking(text: str) -> tuple[str, tuple[_Clause, ...]]:
    """What stands before the first clause that asks, and the clauses that do.

    None do where words follow the last: it is unclear what they belong to.
    """
    lead, found, begun = "", list[_Clause](), 0
    for start, end in _clauses(text):
        clause = text[start:end].strip(_STOPS)
        if not _asks(clause) and not (found and clause.endswith("呢")):
            continue
        if not found:
            lead = text[:start].strip(_STOPS)
            found.append(_Clause(clause, anew=False))
        elif not _says_again(clause, found[-1].text):
            own = text[begun:end].strip(_STOPS)
            own = own if _RECKONS.match(own) else re.sub(f"^{_LINKING}", "", own)
            found.append(_Clause(own, anew=text[begun] in "？?。！!"))
        begun = end
    rest = text[begun:].strip(_STOPS)
    return (lead, tuple(found)) if not rest or POLITE.fullmatch(rest) else ("", ())


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    """Where the clauses stand. 、 and 以及 divide only what asks for a figure on both sides."""
    plain = masked(text)
    for start, end in _between(_STRONG, plain, 0, len(plain)):
        members = list(_between(_WEAK, plain, start, end))
        counts = all(re.search(_COUNTING, plain[at:to]) for at, to in members)
        yield from members if counts else [(start, end)]


def _between(mark: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in mark.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def masked(text: str) -> str:
    """The text with what is quoted, bracketed or a set phrase made unreadable, in place."""
    phrases = [t.text for t in understand(text).terms if re.search("[和与及]", t.text)]
    hidden = "|".join([_QUOTED.pattern, *map(re.escape, phrases)])
    return re.sub(hidden, lambda match: "_" * len(match.group()), text)


def _asks(clause: str) -> bool:
    return bool(_ASKING.search(masked(clause))) and not _INDIFFERENT.search(clause)


def _says_again(clause: str, before: str) -> bool:
    """Whether a clause only puts the question before it again, or ties to it: 谁污染，谁治理."""
    kinds = {
        "figure" if understand(t).ask in FIGURE_ASKS else understand(t).ask
        for t in (clause, before)
    }
    same = len(kinds) == 1 or "叫什么" in clause
    first, other = _ASKING.match(before), _ASKING.match(clause)
    tied = first and other and first.group() == other.group() and not re.match(_COUNTING, clause)
    return bool(same and _AGAIN.fullmatch(clause)) or bool(tied)


def _by_clause(lead: str, asking: Sequence[_Clause]) -> tuple[str, ...]:
    found = [f"{lead}，{asking[0].text}"]
    for clause in asking[1:]:
        first = asking[0].text
        if calculated := reckoned(clause.text, found):
            found.append(calculated)
            continue
        bare = _is_bare(clause.text) and len(_named_by(clause.text)) < len(_named_by(first))
        if not lead or bare or not _says_something(clause.text):
            found.append(_leaning(clause.text, found))
        elif clause.anew and _tells(lead) and _names(clause.text):
            found.append(_carried(found[0], clause.text))
        else:
            period = "" if _period(lead + clause.text) else _period(first)
            found.append(f"{lead}，{period}{clause.text}")
    return tuple(found)


_TOTALS = "一共|总共|合计|总计|共计|加起来|加在一起|相加"
# What begins so is said of what was asked about right before: 出口多少，比进口多多少.
_RECKONS = re.compile(
    f"(?:和|与|跟|同|加上).+?(?:{_TOTALS}|相差|差距)|比(?![重例较率])|较(?=[去上前])|占(?![地用])"
    "|(?:是|为|相当于)(?=.+(?:几|多少)倍)"
)
_RECKONING = {"和", "与", "跟", "同", "加", "加上", "比", "较", "占", "是", "为", "相当于"}
# And so of all that was asked about before: 出口和进口分别多少，一共多少.
_RECKONS_ALL = re.compile(
    f"(?:[两二三]者|它们)?(?:之间)?的?(?:{_TOTALS}|相差|差距|哪一?[个家项年]?(?:[更最]|比较)?[高低多少大小快慢])"
)
_ASKED_TAIL = re.compile(f"的?(?:分别|各自?|{_TOTALS}|相差)?(?:是|有|为|达到?)?$")


def reckoned(clause: str, told: Sequence[str]) -> str:
    """A clause that reckons with what was asked about before it, said in full; "" of any other."""
    asked = [(question, found) for question in told if (found := _ASKING.search(question))]
    frames = [_ASKED_TAIL.sub("", question[: found.start()]) for question, found in asked]
    if not frames or "" in frames:
        return ""
    again = _RECKONS.search(clause)
    # 和平街道 and 比亚迪 begin otherwise.
    whole = again and words(clause[again.start() :])[0][0] in _RECKONING
    if again and whole and clause[: again.start()] in frames[-1]:
        return _beside(frames[-1], clause[again.start() :])
    if not _RECKONS_ALL.match(clause):
        return ""
    alone = len(told) == 1 or _RECKONS_ALL.search(told[0])
    if not alone:
        return "和".join(("、".join(frames[:-1]), frames[-1])) + clause
    return frames[0] + clause if _marks(frames[0], 0, len(frames[0])) else ""


def _beside(frame: str, clause: str) -> str:
    """甲镇人口 and 和乙镇一共多少: a place or time stands beside that of what was asked about."""
    other = re.match(f"[和与跟同](?P<name>.+?)(?=的?(?:{_TOTALS}|相差|差距))", clause)
    for kind in (PLACE, PERIOD) if other else ():
        own = re.search(kind, frame)
        if own and other and re.fullmatch(kind, other["name"]):
            rest = frame[own.end() :] + clause[other.end() :]
            return f"{frame[: own.end()]}和{other['name']}{rest}"
    return frame + clause


def _leaning(clause: str, told: Sequence[str]) -> str:
    """A later clause made to stand alone. Within one question it leans without a 那 to say so."""
    base = told[-1].strip(_STOPS)
    # 有多少所中学、多少家医院: the verb is for both.
    asked = re.search(f"(?P<verb>.+?)(?:{_COUNTING})", base)
    if asked and re.match(_COUNTING, clause) and words(asked["verb"])[-1][1].startswith("v"):
        return asked["verb"] + clause
    history = [Turn(question.strip(_STOPS), "") for question in told]
    for said in (clause, "那" + clause):
        full = standalone(said, history)
        # What asks for a multiple asks for no level.
        if full != said and ("倍" in full or "倍" not in clause):
            return full
    return _carried(base, clause)


def _carried(base: str, clause: str) -> str:
    """The clause with what the question before it is about, but what it names itself."""
    asked, counts = _ASKING.search(base), re.search(f"(?:{_COUNTING}).*", clause)
    before, after = (base[: asked.start()], base[asked.start() :]) if asked else (base, "")
    # 几辆车，还要加几辆: what is counted is said once.
    bare = counts and (counts.group() != "多少" or not _names(clause))
    if counts and bare and after.startswith(counts.group()):
        clause = clause[: counts.start()] + after
    if re.match(PLACE, clause):
        frame = _period(before)
    elif _names(clause) and not _is_bare(clause) and not _EACH.search(clause):
        frame = _named_first(before) or before
    else:
        frame = re.split("分别|依次|各", before)[0] if _EACH.search(clause) else before
    if _period(clause):
        frame = re.sub(PERIOD, "", frame)
    frame = re.sub(f"[{_STOPS}的在是有为]+$", "", frame)
    if not _is_bare(clause) or _names(clause):
        frame = _without_deed(frame)
    return f"{frame}，{clause}" if frame else clause


def _without_deed(frame: str) -> str:
    """What a question is about, without the deed that was asked of it: 训练营每期 of 训练营每期招收."""
    cut = words(re.sub("了$", "", frame))
    told = len(cut) > 1 and cut[-1][1] == "v"
    return "".join(word for word, _ in cut[:-1]) if told else frame


def _named_first(text: str) -> str:
    """The names and periods that a question begins with, up to a 的."""
    size = 0
    for word, tag in words(masked(text)):
        if word in _NOW or not (tag[0] in "nmtejbxc" or (tag == "p" and not size)):
            break
        size += len(word)
    return text[:size]


def _period(text: str) -> str:
    found = re.search(PERIOD, text)
    return found.group() if found else ""


def _named_by(text: str) -> list[str]:
    """What a text names: nouns, places, and not its verbs where it has nothing else."""
    rest = fold(re.sub(PERIOD, "", text))
    verbs = {word for word, tag in words(rest) if tag in {"v", "d", "a", "ad", "t"}}
    hard = [t.text for t in understand(rest).terms if t.hard and t.kind != "number"]
    return [name for name in hard if name not in verbs]


def _names(text: str) -> bool:
    """Whether it names what it asks about: a noun, a place, or 二期."""
    return bool(_named_by(text) or figures(fold(re.sub(PERIOD, "", text))))


def _is_bare(clause: str) -> bool:
    """Whether it names something and not what is asked of it: 高管多少."""
    asked = _ASKING.search(clause)
    before = clause[: asked.start()] if asked else clause
    return not any(tag[0] == "v" for word, tag in words(before) if word not in {"是", "有", "为"})


def _says_something(text: str) -> bool:
    return _names(text) or bool(_period(text))


def _tells(lead: str) -> bool:
    """Whether it tells of something that happened, rather than name a topic."""
    return any(tag in {"ul", "uz", "ug", "d"} for _, tag in words(lead))


# --- lists of which each member is asked about


def _by_list(told: str, asked: str) -> tuple[str, ...]:
    """Each member of the list that `told` holds, in the list's place; the last clause with one counts."""
    plain = masked(told)
    for clause in reversed(list(_between(_STRONG, plain, 0, len(plain)))):
        members = _members(plain, *clause)
        if members:
            tail = re.sub(f"^{_SOME.pattern}", "\\g<of>", told[members[-1].end :])
            rest = (tail + asked) if tail.strip(_STOPS) else asked
            first, *others = (member.of(told) for member in members)
            texts = [first, *(first + o if _RATE.fullmatch(o) else o for o in others)]
            return tuple(told[: members[0].start] + text + rest for text in texts)
        if _marks(plain, *clause):
            break
    return ()


def _members(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The members of the one list in a clause: periods, quantities or names; () where it is unclear."""
    found = _PERIODS.search(text, start, end)
    if not found:
        return _quantities(text, start, end) or _named(text, start, end)
    rest = text[: found.start()] + text[found.end() :]
    if re.search(f"{PLACE}{_AND}", rest) or _PERIODS.search(rest):
        return ()
    return _periods(list(re.compile(_ONE_PERIOD).finditer(text, *found.span())))


def _periods(listed: Sequence[re.Match[str]]) -> tuple[Span, ...]:
    """2024年上半年和下半年 share their year; 2023年和2024年上半年 may or may not share their half."""
    years = [bool(match["year"]) for match in listed]
    halves = {bool(match["part"] or match["alone"]) for match in listed}
    shared = years[0] and not any(years[1:])
    if len(halves) > 1 or not (shared or len(set(years)) == 1):
        return ()
    first, *others = (Span(*match.span()) for match in listed)
    return (Span(listed[0].end("year"), first.end) if shared else first, *others)


def _quantities(text: str, start: int, end: int) -> tuple[Span, ...]:
    listed = [figure for figure in figures(fold(text[:end])) if figure.span.start >= start]
    joined = [
        pair
        for pair in itertools.pairwise(listed)
        if re.fullmatch(_AND, text[pair[0].span.end : pair[1].span.start])
    ]
    members = list(dict.fromkeys(figure for pair in joined for figure in pair))
    alike = len({figure.kind for figure in members}) == 1
    whole = len(members) == len(re.findall(_AND, text[start:end])) + 1
    return tuple(figure.span for figure in members) if alike and whole else ()


def _named(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Names side by side: A和B, A、B和C. The first may hold what is shared before, the last after."""
    marks = _marks(text, start, end)
    if not 0 < len(marks) < _MAX_PARTS or any(m.of(text) != "、" for m in marks[:-1]):
        return ()
    first, last = text[start : marks[0].start], text[marks[-1].end : end]
    if _COMPARED.search(last):
        return ()
    between = [text[m.end : n.start] for m, n in itertools.pairwise(marks)]
    shared, size = _contrasted(first, between, last) or (_shared_before(first, last), 0)
    size = size or _size_of_last(first[shared:], last)
    if not _has_own(last):
        # 预算收入、支出: the first member is as long as the last, in whole words.
        long = list(itertools.accumulate(len(word) for word, _ in words(first[shared:])))
        room = len(first) - shared - size
        # Some words are cut as one: 财政收入.
        if {first[-2:], last[:2]} in _CONTRASTS:
            long.append(room)
        shared += max((n for n in long if n <= room), default=0)
    begins = [start + shared, *(mark.end for mark in marks)]
    ends = [*(mark.start for mark in marks), marks[-1].end + size]
    members = tuple(map(Span, begins, ends))
    return members if all(len(member) for member in members) else ()


def _contrasted(first: str, between: Sequence[str], last: str) -> tuple[int, int] | None:
    """Where the first member begins, and how long the last is, where one excludes the other.

    公路、铁路和水路货运量: each begins with a word of one group, and goes on as the first does.
    """
    for group in _SIDE_BY_SIDE:
        own = max(
            (word for word in group if word in first), key=lambda w: _end(w, first), default=""
        )
        rest = first[_end(own, first)[0] :]
        heads = [word + rest for word in group if word != own]
        whole = max((head for head in heads if last.startswith(head)), key=len, default="")
        if own and whole and all(one in heads for one in between):
            return first.rfind(own), len(whole)
    return None


def _end(word: str, text: str) -> tuple[int, int]:
    """Where the last mention of a word ends; of two that end there the longer is the word."""
    return text.rfind(word) + len(word), len(word)


def _marks(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The words between members: 和 as a word of its own, not that of 和平."""
    found, at = list[Span](), start
    for word, _ in words(text[start:end]):
        if re.fullmatch(_AND, word):
            found.append(Span(at, at + len(word)))
        at += len(word)
    return tuple(found)


def _shared_before(first: str, last: str) -> int:
    """How much of the first member is a period and place that hold for the last as well."""
    at = 0
    for _ in range(2):
        for kind in (PERIOD, PLACE):
            found = re.match(f"(?:{kind})的?", first[at:])
            if found and at + found.end() < len(first) and not re.match(f".{{0,12}}?{kind}", last):
                at += found.end()
    return at


def _has_own(member: str) -> bool:
    return bool(re.match(PLACE, member) or _period(member))


def _size_of_last(first: str, last: str) -> int:
    """How much of what follows the last mark is the last member; the rest is said of all."""
    kinds = (kind for kind in (PLACE, _ORDINAL) if re.fullmatch(kind, first))
    like = next((found for kind in kinds if (found := re.match(kind, last))), None)
    cut, ending = words(first), words(last)
    alike = last.find(cut[-1][0]) if cut and len(cut[-1][0]) > 1 else -1
    if like:
        return like.end()
    if (some := _SOME.search(last)) and some.start():
        return some.start()
    if alike >= 0:
        return alike + len(cut[-1][0])
    # 民营企业 and 国有企业 are words of their own.
    if len(first) > _ENDING and (end := last.find(first[-_ENDING:])) > 0:
        return end + _ENDING
    if "的" in last and "的" not in first:
        return last.index("的")
    return sum(len(word) for word, _ in ending[: max(len(cut), 1)])
