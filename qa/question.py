"""What a question asks for, and what must be true of a sentence that answers it.

Pure. Every noun, place, name, number and period of a question is a condition that the evidence has to
meet, so that another year, another district or another indicator is not an answer. Here they are put
together: what kind of answer is asked for is told by qa/asks.py, the period by qa/periods.py, the
other conditions by qa/phrases.py and qa/terms.py. Finding the evidence is the business of qa/rules.py
and qa/read.py.
"""

import re
from dataclasses import dataclass, replace

from qa.asks import WORDS_OF_ASKING, Ask, ask_of, counted_of, measure_of
from qa.figures import fold
from qa.periods import PERIODS, Period, period_of, years_in_digits
from qa.phrases import phrases
from qa.terms import Term, is_content, term_of
from qa.words import halved, joined, words

_TARGET = re.compile(
    "目标|力争|计划|规划|预期|预计|打算|拟|将(?:达|要)|到20\\d\\d年|(?<![重主必需只])要(?=达|完成|实现|建|新)"
)
_AGE = re.compile("多大(?:年纪|岁数|年龄|了)|(?:年纪|年龄|岁数)是?(?:多大|多少)")


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart. `measure` is the unit that it asks for, "" where it names none."""

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
    folded = _written(years_in_digits(fold(text)))
    ask = ask_of(folded)
    base = re.search("同比|环比", folded)
    return Question(
        text=text,
        ask=ask,
        measure=measure_of(folded, ask),
        terms=_conditions(_terms(folded)),
        period=period_of(folded),
        counted=counted_of(folded) if ask == "count" else "",
        bound=bool(re.search("(?:超过|不超过|低于|高于|最[高多低少]|至少|至多|上限|下限)", folded)),
        fall=bool(re.search("下降|减少|降低|回落|下滑|下跌|降幅|跌幅", folded)),
        base=base.group() if base else "",
        target=bool(_TARGET.search(folded)),
    )


# 你好，麻烦帮我查一下: said to people, and asks for nothing.
_A_BIT = "(?:一下|下(?![周个午半月级属游一]))"
_COURTESY = re.compile(
    f"(?:(?:[你您]好|哈喽|hi|hello|在吗|打扰(?:{_A_BIT}|了)*|不好意思|劳驾|辛苦(?:{_A_BIT}|了)"
    f"|麻烦[你您]?(?:{_A_BIT}|了)?(?=[，,请问帮告查])|请[问教]{_A_BIT}?|请(?=[帮查]|告诉)|问(?:{_A_BIT}|问)"
    f"|我?[想要](?:请?[问教]|咨询|了解|知道|[查看])(?:{_A_BIT}|问|教|查|看)?|[帮替给][我忙][问查看找搜]?(?:{_A_BIT}|查|看|找)?"
    f"|咨询{_A_BIT}?|[查看](?:{_A_BIT}|查|看)|(?:[能可][不以]?[能以]?)?告诉我)[，,。！!？?：:\\s]*)+"
)
# 停不停电, 要不要合同, 能办不: whether or not.
_OR_NOT = re.compile("(?P<deed>[\u4e00-\u9fff])[不没](?P=deed)")
_OR_NOT_AT_THE_END = re.compile(
    "(?:(?<![什怎这那多要甚])[么嘛]|(?<=了)没|(?<![才好少多绝从])不)(?=[?？]?$)"
)


def _written(text: str) -> str:
    """A spoken question with its words of asking as they are written.

    >>> _written("11号楼停不停电"), _written("能交公积金不？"), _written("公积金咋提")
    ('11号楼停电吗', '能交公积金吗？', '公积金怎么提')
    >>> _written("你好，麻烦帮我查一下出口总额"), _written("请问下周几放假")
    ('出口总额', '下周几放假')
    """
    bare = text[courtesy.end() :] if (courtesy := _COURTESY.match(text)) else text
    plain = _AGE.sub("几岁", bare.replace("啥", "什么").replace("咋", "怎么").replace("麽", "么"))
    whether = _OR_NOT_AT_THE_END.sub("吗", _OR_NOT.sub(r"\g<deed>", plain))
    asked = re.search("[吗呢][?？]?$", whether)
    return whether if whether == plain or asked else whether.rstrip("?？") + "吗"


def _terms(folded: str) -> tuple[Term, ...]:
    """The conditions a question sets, in the order of the question."""
    found: list[tuple[int, Term]] = []
    rest = folded
    for start, end, term in phrases(folded):
        found.append((start, term))
        rest = rest[:start] + " " * (end - start) + rest[end:]
    for pattern in (*PERIODS, WORDS_OF_ASKING):
        rest = pattern.sub(lambda match: " " * len(match.group()), rest)
    cut = list(halved(joined(words(rest))))
    at = 0
    for (word, tag), following in zip(cut, [*cut[1:], ("", "")], strict=False):
        plain = term_of(word, tag, qualifies=is_content(following[0], following[1]))
        if plain is not None:
            found.append((at, plain))
        at += len(word)
    ordered = dict.fromkeys(term for _, term in sorted(found, key=lambda item: item[0]))
    return tuple(ordered)


def _conditions(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Where a question sets no condition but by its verbs, they are conditions."""
    if any(term.hard and term.kind != "place" for term in terms):
        return terms
    return tuple(replace(t, kind="noun") if t.kind == "hint" else t for t in terms)
