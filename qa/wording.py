"""What a sentence says besides its figures: names, titles, times, causes, duties, denials, plans.

Pure. Words may be put otherwise: a sentence fails here by what it has of its own and what stands
against its evidence, not by a word that is merely missing. Figures are qa/verify.py's business, who
does what is qa/bindings.py's.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from qa.claims import (
    DENIAL,
    ENDING,
    Setting,
    Standing,
    canonical,
    clauses,
    content_words,
    is_plan_only_here,
    is_plan_only_there,
    leaning,
    places,
    sentences,
    standing,
    weighs,
)
from qa.figures import dates
from qa.quantities import quantities
from qa.words import stands_in, words

# Year, month, day and what is finer, of a date as written; None where it says none.
When = tuple[str | None, str | None, str | None, str]


def unsaid(sentence: str, texts: Sequence[str], setting: Setting) -> Iterator[str]:
    """Why a folded sentence says more than folded texts, or the contrary, its figures apart."""
    whole = "\n".join([*texts, setting.context])
    for check in (
        _titles,
        _times_named,
        _strengths,
        _causes,
        _denials,
        _duties,
        _contraries,
        _trends,
        _parts,
        _agents,
        _invented,
    ):
        yield from check(sentence, whole, setting)
    yield from _plans(sentence, texts, setting)


_QUOTED = re.compile('《([^》]{1,60})》|[“"‘「『]([^”"’」』]{1,40})[”"’」』]')
_MARKS = re.compile('[“”"‘’「」『』《》\\s]')


def _titles(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    plain = _MARKS.sub("", whole)
    for match in _QUOTED.finditer(sentence):
        text = _MARKS.sub("", match[1] or match[2])
        if text not in plain:
            yield f"原文中没有“{text}”"


def _times_named(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    """Dates and years that the evidence does not give, or gives of something else."""
    theirs = list(_times(whole, setting))
    undated = "".join(clause for clause in _clauses(whole) if not _dated(clause))
    for clause in _clauses(sentence):
        counted, told, near = _is_counted(clause), list[str](), undated
        for text, end in _dated(clause):
            when = _when(text, setting)
            if counted and when[2] is None and not when[3]:
                continue
            if (day := _WEEKDAY.match(text)) and not _is_open(day[1], clause, whole):
                yield f"原文中没有“{day.group()}”"
            here = [
                there
                for other, end_there, there in theirs
                if _same_time(when, other) and {end, end_there} != {"from", "to"}
            ]
            near += "".join(here)
            if here or _is_this_year(when, setting):
                told.append(text)
            else:
                yield f"原文中没有“{text}”"
        if told:
            yield from _of_another_time("、".join(told), clause, near, whole)


_WEEK = "一二三四五六日"
_WEEKDAY = re.compile("(?:每?周|星期)([一二三四五六日天])")
_WEEKDAYS = re.compile(
    "(?:周|星期)([一二三四五六日天])(?:[至到\\-—~](?:周|星期)?([一二三四五六日天]))?"
)


def _is_open(weekday: str, told: str, whole: str) -> bool:
    """Whether a text names a weekday, or a stretch of them that holds it, and not as one of rest."""
    day = _WEEK.index(weekday.replace("天", "日"))
    clauses_of_days = [clause for clause in _clauses(whole) if _WEEKDAYS.search(clause)]
    named = [clause for clause in clauses_of_days if _names_day(day, clause)]
    rests = _CLOSED.search(told) or DENIAL.search(told)
    return not clauses_of_days or any(rests or not _CLOSED.search(clause) for clause in named)


def _names_day(day: int, clause: str) -> bool:
    stretches = [
        (_WEEK.index(first.replace("天", "日")), _WEEK.index((last or first).replace("天", "日")))
        for first, last in _WEEKDAYS.findall(clause)
    ]
    return any(
        first <= day <= last or (last < first and not last < day < first)
        for first, last in stretches
    )


def _is_this_year(when: When, setting: Setting) -> bool:
    return when[0] in {"今年", "本年", str(setting.year)} and when[1:] == (None, None, "")


def _clauses(text: str) -> list[str]:
    return [
        clause.of(span.of(text)) for span in sentences(text) for clause in clauses(span.of(text))
    ]


_BEGINS = re.compile("^(?:起|开始|开幕|启动|开工)")
_IS_OVER = re.compile("^(?:为?止|截止|结束|到期|收官|闭幕|完工|竣工|[之以]?前)")
_UNTIL = re.compile("(?<!截)[到至]$")


def _dated(clause: str) -> list[tuple[str, Literal["", "from", "to"]]]:
    """The dates of a clause, a stretch as its two ends, with which end it is said to be."""
    found: list[tuple[str, Literal["", "from", "to"]]] = []
    for span in dates(_SINCE_JANUARY.sub(lambda run: "□" * len(run.group()), clause)):
        first, *last = [end for end in _JOINED.split(span.of(clause)) if end] or [""]
        after = clause[span.end :]
        if last:
            found += [(first, "from"), *((end, "to") for end in last)]
        elif first:
            begins, over = _BEGINS.match(after), _IS_OVER.match(after)
            until = _UNTIL.search(clause[: span.start])
            found.append((first, "from" if begins else "to" if over or until else ""))
    return found


_JOINED = re.compile(r"[至到~—–]|-(?=\d{4}年)")
# 1至10月 is a part of a year, as figures are told of: no date.
_SINCE_JANUARY = re.compile(r"(?<!\d)1月?[-—–~至到]{1,2}\d{1,2}月份?")


def _times(text: str, setting: Setting) -> Iterator[tuple[When, str, str]]:
    """The times of a text, which end each is, and its clause with those that it leans on.

    A date without a year is of the one named last.
    """
    year: str | None = str(setting.year) if setting.year else None
    before = ""
    for clause in _clauses(text):
        if before.endswith(_SENTENCE_ENDS) or len(before) > _NEAR_BY:
            before = ""
        for dated, end in _dated(clause):
            when = _when(dated, setting)
            against = re.search(f"[比较与]{re.escape(dated)}", clause)
            year = year if against else when[0] or year
            yield (when[0] or year, *when[1:]), end, before + clause
        before += clause


_SENTENCE_ENDS = ("。", "\n", "!", "?")
# So long may be what a clause leans on that names nothing itself.
_NEAR_BY = 200
_PARTS_OF_DATE = re.compile(
    r"(?:(?P<year>\d{4})(?:[年\-/]|$)|(?P<relative>今年|本年|去年|前年|明年|次年))?(?:(?P<month>\d{1,2})[月\-/](?:(?P<day>\d{1,2})[日号]?)?)?(?P<rest>.*)"
)
_YEARS_AWAY = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "明年": 1}


def _when(text: str, setting: Setting) -> When:
    """What a date as written says."""
    found = _PARTS_OF_DATE.match(text)
    assert found is not None
    year = found["year"] or found["relative"]
    if found["relative"] in _YEARS_AWAY and setting.year:
        year = str(setting.year + _YEARS_AWAY[found["relative"]])
    month = str(int(found["month"])) if found["month"] else None
    day = str(int(found["day"])) if found["day"] else None
    return year, month, day, re.sub("^年?[末底初内]", "", found["rest"])


def _same_time(mine: When, theirs: When) -> bool:
    """Whether what a sentence says of a time, the evidence says too; a year may be left out."""
    return (
        mine[0] in {None, theirs[0]}
        and mine[1] in {None, theirs[1]}
        and (mine[2] is None or mine[2] == theirs[2])
        and not (":" in mine[3] and ":" in theirs[3] and mine[3] != theirs[3])
    )


def _of_another_time(text: str, clause: str, here: str, whole: str) -> Iterator[str]:
    known = [w for w in content_words(clause) if stands_in(w, whole)]
    # What the text begins with, all of it may be about.
    topic = next(iter(_clauses(whole)), "")
    known = [w for w in known if not stands_in(w, topic)] or known
    strange = [w for w in known if not stands_in(w, here)]
    if 2 * sum(map(len, strange)) > sum(map(len, known)):
        yield f"“{text}”说的不是同一件事：原文那里没有“{'、'.join(strange)}”"


# What is added to make a sentence say more than its evidence; a word of a group needs one of it.
_STRENGTHS = (
    re.compile("全部|全额|所有|一律|全体|任何|无一例外|一致|全票"),
    re.compile("唯一|独家|(?:仅有|只有)(?!\\d)|仅(?![次需有\\d])"),
    re.compile("首个|首家|首次|首座|首条|首批|首例|率先"),
    re.compile("历史新高|创新高|历史最"),
    re.compile("翻番|翻了?[一两]番"),
    re.compile("连续"),
    re.compile("超额|提前"),
    re.compile("(?<!最)多为|大多|多数|主要|普遍"),
    re.compile("免费|免票|免收"),
)
_TWICE = re.compile("[一两12]倍|100%|翻")
_FREE = re.compile("免|不收|不要钱")
# What says as much in other words.
_AS_STRONG = {
    "全部": re.compile("100%|百分之百"),
    "免费": _FREE,
    "翻番": _TWICE,
    "翻了一番": _TWICE,
    "翻一番": _TWICE,
    "免票": _FREE,
    "免收": _FREE,
}
_NEVER = re.compile("$^")
_AT_MOST = re.compile(r"最[\u4e00-\u9fff](?=[\u4e00-\u9fff]{0,5}[\d一二两三四五六七八九十半])")
_MOST = re.compile("最[\u4e00-\u9fff]")


# All of them, where the evidence tells of some.
_EACH = re.compile(
    "(?<![首大成])都(?!市|城|会)|(?<![人户日月年平])均(?!价|值|衡|线|约|月|年)|全部|全都|一律"
)
_EACH_THERE = re.compile("都|均|100%|全部|全都|各|所有|一律|皆")
_SOME = re.compile("其中|中,?有\\d")


def _strengths(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    for pattern in _STRENGTHS:
        found = pattern.search(sentence)
        if found and not (
            pattern.search(whole) or _AS_STRONG.get(found.group(), _NEVER).search(whole)
        ):
            yield f"原文没有说“{found.group()}”"
    each = _EACH.search(sentence)
    if each and _SOME.search(whole) and not _EACH_THERE.search(whole):
        yield f"原文没有说“{each.group()}”"
    for match in _MOST.finditer(_AT_MOST.sub("", sentence)):
        if match.group() not in whole and match.group() not in {
            "最高",
            "最多",
            "最低",
            "最少",
            "最近",
            "最后",
            "最终",
        }:
            yield f"原文没有说“{match.group()}”"


_CAUSE = re.compile(
    "由于|因为|(?<![原成起病])因(?![此素而地子果公故])|得益于|受益于|受.{1,14}?影响|导致|使得|促使|致使|归因于|归功于|缘于|源于|"
    "在.{2,16}?(?:带动|推动|拉动|作用|影响|支持|支撑)下"
)


def _causes(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    found = _CAUSE.search(sentence)
    if found and not (_CAUSE.search(whole) or _LEADS_TO.search(whole)):
        yield f"原文没有说原因（“{found.group()}”）"
    for match in _IS_CAUSE.finditer(sentence):
        causes = [word for word in content_words(match[1]) if word not in _FUNCTION]
        known = sum(len(word) * _share_of(word, whole, whole) for word in causes)
        if 2 * known < sum(map(len, causes)):
            yield f"原文没有说“{match[1]}”"


_IS_CAUSE = re.compile("原因(?:系|是|为|在于|包括)([\u4e00-\u9fff]{3,20})")
# What tells of a cause in other words.
_LEADS_TO = re.compile("带动|推动|拉动|支撑|因|引[发起]|造成|致|违")


# What may stand for a denial in other words, in its clause or right after it.
_REFUSES = re.compile(
    "[未没不无非勿禁拒缺]|免(?!疫)|驳回|暂缓|停|取消|废止|撤|除(?!了).{1,8}外|以外|逾期|失败|推迟|延期|违"
)
_CLOSED = re.compile("[闭休]馆|闭园|关闭|休息|停")
_REFUSES_AFTER = re.compile("^(?:但|则)?(?:违|暂缓|驳回|除外|不予)")
_PUT_OFF = re.compile("(?:但|则)?(?:暂缓|暂不|不予)")
_STILL = re.compile("仍(?!需|应|须)|继续(?!推进|教育|保持)|依旧|依然|照旧|照常|保留")
_MOVES = re.compile(f"{ENDING.pattern}|顺延|改期|移至|移到|迁至|迁往|搬[至到迁]")
_NOT_ENDED = re.compile(f"(?:未|没有?|不|并非)(?:被|予|再|会|曾|能)?(?:{ENDING.pattern})")


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause with what it denies, and whether it denies anything, in whatever words."""

    text: str
    denied: tuple[str, ...]
    refuses: bool
    refused_after: bool
    put_off: bool


def _denials(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    """What a sentence denies and the evidence tells, what it tells and the evidence denies."""
    theirs = list(_with_denials(whole))
    for mine in _with_denials(sentence):
        for word in mine.denied:
            known = [other for other in theirs if word in other.text]
            refused = not known or any(_refused(other, word) for other in known)
            if not refused and not _says_as_much(mine, word, theirs):
                yield f"“{word}”的否定不符：原文没有否定"
        if mine.denied and not any(word in other.text for word in mine.denied for other in theirs):
            near = _nearest(mine.text, whole)
            refused = any(one.refuses or one.refused_after for one in theirs if one.text in near)
            if not refused and not _says_as_much(mine, mine.denied[0], theirs):
                yield f"“{mine.denied[0]}”的否定不符：原文没有否定"
    yield from _untold(sentence, theirs)
    yield from _exceptions(sentence, whole)
    still, ended = _STILL.search(sentence), _NOT_ENDED.search(sentence)
    if still and _MOVES.search(whole) and not _STILL.search(whole):
        yield f"原文没有说“{still.group()}”"
    if ended and not _NOT_ENDED.search(whole):
        yield f"原文没有说“{ended.group()}”"


def _says_as_much(mine: _Clause, word: str, theirs: Sequence[_Clause]) -> bool:
    """Whether the evidence says by a word without a denial what a clause denies: 不开放 is 闭馆."""
    contrary = next((other for deeds, other in _INSTEAD if deeds.search(word)), None)
    enough = 1 if contrary is _CLOSED else 2
    return contrary is not None and any(
        contrary.search(other.text) and _shared(mine.text, other.text) >= enough for other in theirs
    )


_KEPT = re.compile("不变|持平|未变|没有变|仍为|维持")
_INSTEAD = (
    (re.compile("开放|开馆|营业|开门|接待|供应|上班|办理"), _CLOSED),
    (re.compile("变化|变动|调整"), _KEPT),
    (re.compile("达到?|超|保证|警戒"), re.compile("低于|不足|少于")),
    (re.compile("使用|服用|入内|进入|占用"), re.compile("禁")),
    (re.compile("支持|通过|同意|批准|采纳"), re.compile("驳回|否决|不予|暂缓")),
    (re.compile("[担兼]任"), re.compile("不再|免去|辞去")),
)


_EXCEPT = re.compile("除(?!了)([\u4e00-\u9fff]{1,8}?)[之以]?外")


def _exceptions(sentence: str, whole: str) -> Iterator[str]:
    """What is told of the very thing that the evidence makes an exception of."""
    for match in _EXCEPT.finditer(whole):
        rest = whole[match.end() :].split("。")[0]
        for clause in _clauses(sentence):
            told = match[1] in clause and not (_REFUSES.search(clause) or "除" in clause)
            if told and _shared(clause, rest):
                yield f"原文把“{match[1]}”除外"


def _untold(sentence: str, theirs: Sequence[_Clause]) -> Iterator[str]:
    """What the evidence only denies and the sentence tells."""
    mine = _with_denials(sentence)
    for one in mine:
        if one.refuses or one.put_off:
            continue
        shared = [(_shared(one.text, other.text), other) for other in theirs]
        most = max((count for count, _ in shared), default=0)
        near = [other for count, other in shared if count == most >= _MUCH_SHARED]
        if near and all(other.put_off for other in near):
            yield "原文对此有否定"
        yield from _denied_things(one, theirs)
    for word in dict.fromkeys(word for other in theirs for word in other.denied):
        only = all(word in other.denied for other in theirs if word in other.text)
        if only and any(word in one.text and not _refused(one, word) for one in mine):
            yield f"“{word}”的否定不符：原文有否定"


# So many pairs of characters make a clause speak of what another does.
_MUCH_SHARED = 4


def _denied_things(mine: _Clause, theirs: Sequence[_Clause]) -> Iterator[str]:
    """没有记录到云豹: the thing is named nowhere else, and the sentence says the deed of it."""
    for other in theirs:
        for deed in other.denied:
            after = other.text.partition(deed)[2]
            things = [word for word in content_words(after) if weighs(word) and word in mine.text]
            only = [
                word
                for word in things
                if not any(word in one.text for one in theirs if not _refused(one, deed))
            ]
            if only and deed in mine.text:
                yield f"“{only[0]}”的否定不符：原文有否定"


def _refused(clause: _Clause, word: str) -> bool:
    """Whether a clause denies in any words, apart from one."""
    if word in clause.denied or clause.refused_after:
        return True
    return clause.refuses and (word not in clause.text or _denies(clause.text.replace(word, "")))


def _denies(text: str) -> bool:
    return bool(_REFUSES.search(text))


@lru_cache(maxsize=512)
def _with_denials(text: str) -> tuple[_Clause, ...]:
    parts = _clauses(text)
    return tuple(
        _Clause(
            one,
            _denied(one),
            _denies(one),
            bool(_REFUSES_AFTER.match(after)),
            bool(_PUT_OFF.match(after)),
        )
        for one, after in itertools.zip_longest(parts, parts[1:], fillvalue="")
    )


_ABOUT = re.compile("[就对向将为给]")
_AUXILIARY = re.compile(
    "^(?:予以|予|得|能够?|可以?|会|再|被|要|应|许|准|用|必|需|有|曾|完全|全部|全)+"
)


def _denied(clause: str) -> tuple[str, ...]:
    """The deeds that a clause denies; what is denied twice is told."""
    found: list[str] = []
    for match in DENIAL.finditer(clause):
        rest = _AUXILIARY.sub("", clause[match.end() :]).split("的")[0]
        if not DENIAL.search(rest) and len(DENIAL.findall(clause[: match.end()])) % 2:
            deeds = [word for word in content_words(rest) if _is_deed(word)]
            raw = re.match("[\u4e00-\u9fff]{2}", rest)
            found += (deeds[-1:] if _ABOUT.match(rest) else deeds[:_CLOSE]) or (
                [raw.group()] if raw else []
            )
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=8192)
def _is_deed(word: str) -> bool:
    return any(tag[0] == "v" and tag != "vn" for _, tag in words(word))


_CLOSE = 2


def _shared(one: str, other: str) -> int:
    """How many pairs of characters two clauses share."""
    pairs = {one[at : at + 2] for at in range(len(one) - 1)}
    return sum(pair in other for pair in pairs)


def _nearest(clause: str, whole: str) -> list[str]:
    """The clauses of a text that share most with a clause."""
    shared = [(one, _shared(clause, one)) for one in _clauses(whole)]
    most = max((count for _, count in shared), default=0)
    return [one for one, count in shared if count == most > 0]


_MUST = re.compile("必须|应当|务必|(?<!相)应(?![用对急收届变聘邀])|不得|须|严禁|禁止")
_OBLIGES = re.compile(f"{_MUST.pattern}|要|需|请|方可|才能|才可|限|责令|规定|超过")
_NEEDLESS = re.compile("(?:不|无|毋)(?:需|须|要求|必|用)|免于|免予|可不")
_NO_DUTY = re.compile("免|不[出收交付缴]|即可|改为|不再")
_MAY = re.compile("可以|可(?![能支持靠行见再观信比])|鼓励|自愿|允许|能够")


def _duties(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    if _MUST.search(sentence) and not _OBLIGES.search(whole):
        yield "原文没有说必须"
    for clause in _clauses(sentence):
        near = _nearest(clause, whole) if _MAY.search(clause) else []
        if near and all(_MUST.search(one) and not _MAY.search(one) for one in near):
            yield "原文说的是必须，不是可以"
    if _NEEDLESS.search(sentence) and not (_NEEDLESS.search(whole) or _NO_DUTY.search(whole)):
        yield "原文没有说不需要"


# -- what stands against the evidence --------------------------------------------------------------------

_OPPOSITE = tuple(
    frozenset(group.split())
    for group in (
        "轻伤 重伤", "死亡 受伤", "客车 货车", "最快 最慢", "最高 最低", "最多 最少", "最大 最小", "最长 最短",
        "国家级 省级 市级 县级 区级", "赞成 反对", "同意 反对", "同意 否决", "男子 女子", "男性 女性", "男生 女生",
        "冠军 亚军 季军", "公办 民办", "线上 线下", "室内 室外", "主场 客场", "甲方 乙方", "原告 被告", "买方 卖方",
        "白天 夜间", "开业 停业", "支持 驳回", "同意 驳回", "通过 否决",
        "改道 停运", "开通 停运", "按月 按年 按季", "增值税 所得税", "城市 农村", "城镇 农村",
        "贷款 存款", "进口 出口", "户籍地 居住地", "户籍 居住地", "门诊 住院", "上游 下游", "提前 推迟",
        "左岸 右岸", "一楼 二楼 三楼",
        "首家 末家", "收入 支出", "大项 小项", "摄影 导演 编剧 表演", "书记 镇长", "全额 部分", "及格 不及格",
        "合格 不合格", "起诉 撤诉", "胜诉 败诉", "有偿 无偿", "小学 初中 高中", "幼儿园 小学", "投产 停产", "开工 竣工",
        "东部 西部 南部 北部 中部", "上市 退市", "入口 出口", "本科 专科", "硕士 博士",
        "省道 国道 县道", "夏季 冬季 春季 秋季",
    )
)  # fmt: skip


_NEARLY = 0.75


def _contraries(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    """女子 for 男子: a word for which the clause that is nearest has another of its kind."""
    theirs = _clauses(whole)
    for clause in _clauses(sentence):
        best = (
            0 if _is_counted(clause) else max((_shared(clause, one) for one in theirs), default=0)
        )
        near = [other for other in theirs if best and _shared(clause, other) >= _NEARLY * best]
        for group in _OPPOSITE:
            said = {word for word in group if word in clause}
            there = {word for other in near for word in group if word in other}
            strange = [word for word in said if word not in there]
            if strange and there and not said & there and not _denied(clause):
                yield f"“{strange[0]}”在原文中是“{'、'.join(sorted(there))}”"


def _trends(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    """A rise for a fall, where no figure is told of it."""
    theirs = [(other, leaning(other)) for other in _clauses(whole)]
    yield from _unchanged(sentence, [other for other, _ in theirs])
    for clause in _clauses(sentence):
        mine = leaning(clause)
        if not mine or quantities(clause):
            continue
        told = [other for other in theirs if other[1] and _shared(clause, other[0])]
        if told and all(there != mine for _, there in told):
            yield "升降与原文不符"


_ALTERED = re.compile("(?<![不无没])有所|(?<![不未无没])(?:调整|变动|变化)")


def _unchanged(sentence: str, theirs: Sequence[str]) -> Iterator[str]:
    """A rise or fall of what stayed the same."""
    kept = [
        "".join(theirs[max(0, at - 1) : at + 1])
        for at, one in enumerate(theirs)
        if _KEPT.search(one)
    ]
    for clause in _clauses(sentence) if kept else ():
        if _KEPT.search(clause) or "于" in clause or _tells_a_change(clause):
            continue
        if not (leaning(clause) or _ALTERED.search(clause)):
            continue
        nouns = [word for word in content_words(clause) if weighs(word)]
        moved = [one for one in theirs if not _KEPT.search(one) and leaning(one)]
        if any(
            word in one and not any(word in other for other in moved)
            for word in nouns
            for one in kept
        ):
            yield "原文说的是没有变化"


def _tells_a_change(clause: str) -> bool:
    """Whether a clause says by how much something changed: that, qa/verify.py judges."""
    return any(one.unit in {"%", "个百分点", "倍"} for one in quantities(clause))


_SOME_OF = re.compile(
    r"(?P<all>\d[\d.]*)(?:[\u4e00-\u9fff]{1,12}?)(?:中|里|当中)?,?(?:有|仅有?|只有)(?P<some>\d[\d.]*)[\u4e00-\u9fff]?(?P<do>[^,;。\d]{2,})"
)


def _parts(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    """23个乡镇 where 23个乡镇中有19个 do so."""
    for match in _SOME_OF.finditer(whole):
        numbers = re.findall(r"\d[\d.]*", sentence)
        told = _shared(match["do"], sentence)
        if (
            match["all"] in numbers
            and match["some"] not in numbers
            and 2 * told > len(match["do"]) - 1
        ):
            yield f"原文说的只是其中的{match['some']}"


_AGENT = re.compile(
    "由([\u4e00-\u9fff、]{1,16}?)(?:共同|全额|分别|牵头)?(承担|负担|负责|主持|承建|担任|牵头|出资|支付|夺得|获得|创作|提供|组织|实施|执导|编写|发布|通报|解释|约谈|陪同|自筹|筹集|审批|办理)"
)
_TOGETHER = re.compile("共同|和|与|、|及")
# What many have in common, and so tells none.
_OFFICES = re.compile("副?(?:院长|局长|主任|书记|经理|主席|组长|[市区县镇]长)|[市区县省局部门位人]")


def _agents(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    """Who bears, leads or gives something, where the evidence says it of another."""
    for clause in _clauses(sentence):
        for match in _AGENT.finditer(clause):
            told = [
                m
                for m in _AGENT.finditer(whole)
                if m[2] == match[2] or _shared(clause, m.group()) > 1
            ]
            near = [m for m in told if m[2] == match[2]] or told
            agents = [_OFFICES.sub("", agent) for agent in _TOGETHER.split(match[1])]
            known = _OFFICES.sub("", "".join(m[1] for m in near))
            strange = [agent for agent in agents if agent and not set(agent) & set(known)]
            if near and known and strange:
                yield f"“{match[1]}”不是原文中{match[2]}的“{near[0][1]}”"


# -- what is made up ------------------------------------------------------------------------------------


def _invented(sentence: str, whole: str, setting: Setting) -> Iterator[str]:
    """Places that the evidence does not name, and clauses of which it says next to nothing."""
    plain = canonical(whole)
    for name in (p for clause in _clauses(sentence) for p in places(clause)):
        if not LEVELS.fullmatch(name) and not is_named(name, plain):
            yield f"原文中没有“{name}”"
    theirs = [span.of(plain) for span in sentences(plain)]
    covered = total = 0.0
    for clause in _clauses(sentence):
        near = max(theirs, key=lambda other: _shared(clause, other), default="")
        told = [word for word in content_words(clause) if word not in _FUNCTION]
        weight = sum(map(len, told))
        shares = {word: _share_of(word, plain, near) for word in told}
        share = sum(len(word) * shares[word] for word in told)
        missing = [word for word in told if shares[word] < _KNOWN]
        if weight - share >= _LONG_ENOUGH and share < _ENOUGH_OF_A_CLAUSE * weight:
            yield f"原文没有说“{'、'.join(missing)}”"
        covered, total = covered + share, total + weight
    if total - covered >= _MUCH and covered < _ENOUGH * total:
        yield "句子的说法在原文中大半找不到"


# How much of its words the evidence has to hold, of each clause and of the sentence; chosen on pairs of
# our own: lower lets inventions in, higher turns paraphrases away.
_ENOUGH, _ENOUGH_OF_A_CLAUSE, _LONG_ENOUGH, _MUCH, _KNOWN = 0.5, 0.34, 3.5, 5.5, 0.5


def _share_of(word: str, whole: str, near: str) -> float:
    """How much of a word the evidence says: all of it, or so many of its characters nearby."""
    if stands_in(word, whole):
        return 1.0
    return _OF_OTHER_WORDS * sum(character in near for character in word) / len(word)


_OF_OTHER_WORDS = 0.8
# What only joins and shades what is said.
_FUNCTION = frozenset(
    "如果 没有 已经 相比 否则 通常 因此 所以 但是 不过 然而 尽管 虽然 虽 仍然 依然 只要 只有 就是 就要 需要 需 应当 "
    "能够 可以 可 能 会 必须 一般 一旦 之后 之前 以后 以前 当时 随后 还有 还是 也是 均 都 才 再 一共 共计 总共 "
    "分别 具体 此次 该项 该市 该区 该县 该校 该院 该站 该队 该片 该剧 该书 本次 此项 这项 这次 这条 这些".split()
)
LEVELS = re.compile("(?:全|本|我|该|整个)(新区|区|市|县|省|镇|乡|街道|国|州|村)")
STEM = re.compile("(?:新区|高新区|开发区|自治区|自治州|街道|[省市区县镇乡村州])$")


def is_named(place: str, text: str) -> bool:
    """Whether a place is named, with or without what the cutter took for its beginning."""
    return stem(place) in text or any(place[i:] in text for i in range(1, len(place) - 2))


def stem(place: str) -> str:
    """钱塘 of 钱塘区."""
    found = STEM.sub("", place)
    return found if len(found) > 1 else place


# -- plans --------------------------------------------------------------------------------------------


def _plans(sentence: str, texts: Sequence[str], setting: Setting) -> Iterator[str]:
    """Deeds that are planned in the evidence and done in the sentence, or the other way round.

    Where a figure is told of them, qa/verify.py tells.
    """
    theirs = [pair for text in texts for pair in _with_standing(text, setting)]
    for clause, mine in _with_standing(sentence, setting):
        if _is_counted(clause) or _ONCE.search(clause):
            continue
        deeds = [word for word in content_words(clause) if _is_deed(word)]
        deeds += _BEGUN.findall(clause)
        told = [pair for pair in theirs if any(stands_in(deed, pair[0]) for deed in deeds)]
        most = max((_shared(clause, other) for other, _ in told), default=0)
        said = [there for other, there in told if _shared(clause, other) == most]
        if said and all(is_plan_only_here(mine, there) for there in said):
            yield "原文说的是已有的事，不是计划"
        elif said and all(is_plan_only_there(mine, there) for there in said):
            yield "原文说的是计划或目标，不是已有的事"


_BEGUN = re.compile(
    "结束|开始|启动|持平|施行|实施|开机|上映|开业|开通|投产|投用|通车|上市|揭牌|完工"
)
_ONCE = re.compile("[后时前][,;]?$")


def _is_counted(clause: str) -> bool:
    """Whether a clause tells a figure, and not only which of several a thing is."""
    return any(one.unit[:1] != "第" and one.unit != "literal" for one in quantities(clause))


def _with_standing(text: str, setting: Setting) -> Iterator[tuple[str, Standing]]:
    for span in sentences(text):
        sentence = span.of(text)
        parts = [clause.of(sentence) for clause in clauses(sentence)]
        for place, clause in enumerate(parts):
            told = standing(clause, parts[:place][::-1][:_FEW])
            dated = "".join(parts[: place + 1][-_FEW:])
            due = setting.is_to_come(dated) or "计划" in clause
            yield clause, "perhaps" if not told and due else told


_FEW = 6
