"""Whether the words that a sentence puts together stand together in its evidence.

Pure. A text is cut into stretches: each figure with the words up to it, each clause without one.
A word that the evidence brings up only after a stretch is not said of it, and a word of another
stretch does not take the place of the stretch's own. Words that are merely put otherwise say nothing;
whether a figure has the right value is qa/verify.py's business.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from index.types import Span
from qa.claims import (
    BESIDES,
    NAMING,
    canonical,
    clauses,
    content_words,
    is_name,
    places,
    sentences,
)
from qa.quantities import Measured, quantities
from qa.words import words

# Whether a figure of the evidence makes one of the sentence true.
Fits = Callable[[Measured, Measured], bool]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The characters [start, end) of a text: a figure with its words, or a clause without one.

    `nouns` are those it has, places and quoted words apart; `leans` where it has no word of its own
    and is said of what stands before; `after` is where the clauses without figures end that go on
    with it.
    """

    start: int
    end: int
    text: str
    nouns: frozenset[str]
    figure: Measured | None
    leans: bool
    after: int


def stretches(text: str) -> list[Stretch]:
    """The stretches of a folded text, in order.

    >>> [one.text for one in stretches("营收5亿元和利润1亿元,增长8%,好于同行。")]
    ['营收5亿元', '和利润1亿元,', '增长8%,', '好于同行。']
    """
    found: list[Stretch] = []
    for span in sentences(text):
        sentence, inside = span.of(text), list[Stretch]()
        for clause in clauses(sentence):
            inside += _of_clause(clause.of(sentence), span.start + clause.start)
        found += _going_on(inside)
    return found


def astray(sentence: str, texts: Sequence[str], fits: Fits) -> Iterator[str]:
    """Why words of a folded sentence do not belong to what it says of them, by folded texts."""
    told = canonical(sentence)
    mine = [] if _EACH.search(told) else _told(stretches(told))
    theirs = [(text, stretches(text)) for text in map(canonical, texts)] if mine else []
    for one in mine:
        reasons = [
            _amiss(one, told, text, found, place)
            for text, found in theirs
            for place in _candidates(one, found, fits)
        ]
        if reasons and all(reasons):
            yield reasons[0]


# Whose figure each is, is told there by their order.
_EACH = re.compile("分别|依次|各")
_JOINS = re.compile("[、和与及的中]")
_QUOTED = re.compile('《[^》]*》|[“"][^”"]*[”"]')
# The rest is another than the first, and so is a second class.
_REST = re.compile("其余|其他|其它|另外|[一二三四五六七八九][类级档]")
# What a text is about is called so wherever it is spoken of again.
_SPOKEN_OF = frozenset("公司 企业 项目 工程 线路 机组 路段 机构 单位 活动 作品 产品 系统".split())
# What only measures is no name of a thing.
_MEASURING = re.compile("[比较由]")
# Of the figures that come to the same, so many are looked at.
_MOST_ALIKE = 40


def _of_clause(clause: str, at: int) -> Iterator[Stretch]:
    """The stretches of a clause: a count goes on up to what joins it with the next."""
    counting = _figures(clause)
    start = 0
    for one, following in itertools.zip_longest(counting, counting[1:]):
        end = len(clause)
        if following is not None:
            joins = _JOINS.search(clause, one.span.end, following.span.start)
            end = one.span.end if joins is None else joins.start()
        yield _stretch(clause[start:end], at + start, one)
        start = end
    if not counting:
        yield _stretch(clause, at, None)


_FREE = re.compile("免费|免票|不收[费取]|免收")


def _figures(clause: str) -> list[Measured]:
    """The figures of a clause; that something is free is one."""
    free = [
        Measured(Span(*match.span()), "免费", Decimal(0), Decimal(0), "literal", "", Decimal(0))
        for match in _FREE.finditer(clause)
    ]
    counting = [one for one in quantities(clause) if _counts(one)]
    return sorted([*free, *counting], key=lambda one: one.span)


def _counts(one: Measured) -> bool:
    """Whether it is a figure or a time of day, and no name or rank."""
    if one.unit == "literal":
        return bool(_TIME.fullmatch(one.written))
    if _REST.fullmatch(one.written):
        return False
    return one.unit not in NAMING and not one.unit.startswith(("第", "前"))


_TIME = re.compile(r"\d{1,2}:\d\d")


def _stretch(text: str, start: int, figure: Measured | None) -> Stretch:
    named = places(text)
    told = (*content_words(_QUOTED.sub("。", text)), *_names(text))
    nouns = frozenset(
        word
        for word in told
        if (_is_noun(word) or _NAME.match(word))
        and word not in _SPOKEN_OF
        and not _MEASURING.search(word)
        and not any(word in name for name in named)
    )
    end = start + len(text)
    return Stretch(start, end, text, nouns, figure, not told, end)


_NAME = re.compile(f"[《\\d一二三四五六七八九十第]|{_REST.pattern}")


def _names(text: str) -> Iterator[str]:
    """What tells one thing from another by its title or number: 《山河》, 二期, 80岁, 其余."""
    yield from _REST.findall(text)
    yield from _TITLE.findall(text)
    for one in quantities(text):
        if is_name(one) and one.unit != "literal":
            yield one.written


_TITLE = re.compile("《[^》]*》")


@lru_cache(maxsize=8192)
def _is_noun(word: str) -> bool:
    """Whether a word names something or tells it from others: 二手, 沿江."""
    return any(
        tag[0] in "njblfsz" or tag == "eng" or (tag == "m" and not _NUMERAL.search(word))
        for _, tag in words(word)
    )


_NUMERAL = re.compile("[百千万亿数几半余多]|^[一二三四五六七八九十]+$")


def _going_on(inside: Sequence[Stretch]) -> list[Stretch]:
    """The stretches of a sentence, each with where the clauses without figures end that follow it."""
    found: list[Stretch] = []
    after = 0
    for one in reversed(inside):
        after = one.end if one.text.endswith(";") else max(after, one.end)
        found.append(replace(one, after=after))
        after = after if one.figure is None else 0
    return found[::-1]


def _told(mine: Sequence[Stretch]) -> list[Stretch]:
    """What a sentence tells: figures, each with the nouns it inherits, and what it says after them."""
    found: list[Stretch] = []
    nouns = frozenset[str]()
    for one in mine:
        if one.figure is not None:
            # A clause before a figure only leads up to it.
            found = [other for other in found if other.figure is not None]
            found.append(replace(one, nouns=one.nouns or nouns))
        elif one.nouns:
            found.append(one)
        nouns = frozenset() if one.figure else one.nouns
    return found


def _candidates(mine: Stretch, found: Sequence[Stretch], fits: Fits) -> list[int]:
    """The places of the stretches that may say the same: of its figure, or that share most with it."""
    if mine.figure is not None:
        alike = [
            place
            for place, one in enumerate(found)
            if one.figure is not None and _is_same(mine.figure, one.figure, fits)
        ]
        return alike[:_MOST_ALIKE]
    pairs = {pair for run in _HAN.findall(_QUOTED.sub("。", mine.text)) for pair in _pairs(run)}
    shared = [sum(pair in one.text for pair in pairs) for one in found]
    most = max(2, len(pairs) / _OVERLAP, *shared)
    return [n for n, count in enumerate(shared) if count == most]


_HAN = re.compile("[\u4e00-\u9fff]+")
# So large a part of a clause's pairs of characters makes another say the same.
_OVERLAP = 3


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))


def _is_same(mine: Measured, theirs: Measured, fits: Fits) -> bool:
    if "literal" in {mine.unit, theirs.unit}:
        return mine.written == theirs.written
    return fits(mine, theirs)


def _amiss(mine: Stretch, told: str, text: str, found: Sequence[Stretch], place: int) -> str:
    """Why a stretch of the evidence is not what one of the sentence tells, or ""."""
    since = place
    while since and (found[since].leans or BESIDES.match(found[since].text)):
        since -= 1
    one = found[place]
    own = text[found[since].start : one.end]
    strange = [word for word in mine.nouns if not _has(own + _counted_there(text, one), word)]
    known = sorted(word for word in strange if word in text)
    late = [word for word in known if not _has(text[: one.after], word)]
    if late:
        return f"“{'、'.join(late)}”在原文中说的不是“{one.text}”"
    if len(known) < len(strange):
        return ""
    rivals = [n for n in range(since) if mine.figure is None or found[n].figure is not None]
    taken = [word for word in known if any(word in found[n].text for n in rivals)]
    rest = re.sub("|".join(map(re.escape, taken)) or "$^", "", told)
    dropped = sorted(
        word
        for other in found[since : place + 1]
        for word in other.nouns
        if not (_REST.fullmatch(word) or word[0] == "全")
        and 2 * sum(one in rest for one in word) < len(word)
    )
    for word, instead in itertools.product(dropped, taken):
        shared = mine.nouns.difference(strange)
        if _before(word, own, shared) == _before(instead, told[: mine.end], shared):
            return f"原文说的是“{word}”，不是“{instead}”"
    return ""


def _before(word: str, text: str, others: frozenset[str]) -> frozenset[str]:
    """Those of others that stand before a word: of two texts, the same slot has the same before it."""
    return frozenset(other for other in others if text.find(other) < text.find(word))


def _has(text: str, word: str) -> bool:
    """Whether a text has a word, or all but one end of a longer one: 成交 of 成交量."""
    if word in text or _NAME.match(word):
        return word in text
    return len(word) > 2 and (word[1:] in text or word[:-1] in text)


_COUNTED_THERE = re.compile("[\u4e00-\u9fff]{1,6}")


def _counted_there(text: str, one: Stretch) -> str:
    """What a figure counts, where it stands right after it: 7类食品."""
    found = (
        _COUNTED_THERE.match(text, one.end)
        if one.figure and text[one.end - 1 : one.end] not in ",;。"
        else None
    )
    return found.group() if found else ""
