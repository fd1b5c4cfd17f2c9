"""Slips of the input method: 睡收 for 税收, where the passages have the word that sounds the same.

Pure. A character is taken for a slip only if it stands alone in the question, part of no word, and
with its neighbours sounds like a word of the passages, which have not what was written: words,
figures, people and a place named with its 区 or 市 are never changed. Showing what was understood is
left to who asks.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import rjieba
from pypinyin import Style, pinyin

from index.types import Span

_HAN_WORD = re.compile("[\u4e00-\u9fff]{2,4}")
# What stands alone by its nature is no slip.
_PARTICLES = frozenset(
    "的地得了着过是在有能会可和与或及跟吗呢吧么把被让从对为以于由向个位名家项几多少每各这那哪不没未无非很最也都就还又再"
    "已将第年月日时元"
)

# A number is what is meant: 一院 is not 医院.
_NUMERALS = frozenset("一二三四五六七八九十")
_PLACE_ENDS = frozenset("省市区县镇乡村州旗盟")


def respelled(question: str, passages: Sequence[str]) -> str:
    """The question with its slips mended by words of the passages; as it is, if it has none.

    >>> respelled("全区亩均睡收是多少", ["亩均税收达到41.3万元。"])
    '全区亩均税收是多少'
    >>> respelled("李明是什么职务", ["李铭任主任。"])
    '李明是什么职务'
    """
    words = _words(question)
    alone = {span.start for span in words if _may_be_a_slip(span.of(question))}
    whole = "\n".join(passages) if alone else ""
    # The longest first: what one mends is not looked at again.
    for word in sorted(_known(whole), key=lambda word: (-len(word), word)):
        for span in _slips(question, word, alone, whole):
            if _fits(question, span, words, word, whole):
                question = question[: span.start] + word + question[span.end :]
                alone -= set(range(span.start, span.end))
    return question


def _may_be_a_slip(word: str) -> bool:
    han = len(word) == 1 and "\u4e00" <= word <= "\u9fff"
    return han and word not in _PARTICLES and word not in _NUMERALS


def _known(text: str) -> set[str]:
    """The words of a text that a slip may stand for."""
    return {word for span in _words(text) if _HAN_WORD.fullmatch(word := span.of(text))}


def _slips(question: str, word: str, alone: set[int], whole: str) -> Iterator[Span]:
    """Where a question has something that sounds like a word and is written otherwise."""
    starts = {
        place - i
        for place in alone
        for i, one in enumerate(word)
        if _sound_alike(question[place], one)
    }
    for at in sorted(starts):
        span = Span(max(at, 0), at + len(word))
        written = span.of(question)
        if len(written) != len(word) or written in whole:
            continue
        if _names_a_place(question, span, word):
            continue
        kept = {a for a, b in zip(word, written, strict=True) if a == b}
        changed = {at + i for i in range(len(word)) if word[i] != written[i]}
        if kept - _PARTICLES and changed <= alone and _sound_alike(written, word):
            yield span


def _names_a_place(question: str, span: Span, word: str) -> bool:
    """Whether it is the name of a place that would be another: there may be both, 伟河区 and 苇河区."""
    end = max(i for i in range(len(word)) if word[i] != question[span.start + i])
    return bool(_PLACE_ENDS.intersection(word[end + 1 :] + question[span.end :][:1]))


def _fits(question: str, span: Span, words: Sequence[Span], word: str, whole: str) -> bool:
    """Whether a word cuts none of the question's, or stands in the passages with what is beside it."""
    ends = {end for one in words for end in (one.start, one.end)}
    before, after = question[: span.start][-1:], question[span.end :][:1]
    beside = [text for text in (before + word, word + after) if len(text) > len(word)]
    return {span.start, span.end} <= ends or any(text in whole for text in beside)


def _sound_alike(one: str, other: str) -> bool:
    """Whether two texts may be read alike, whatever the tones."""
    return all(_readings(a) & _readings(b) for a, b in zip(one, other, strict=True))


@lru_cache(maxsize=8192)
def _readings(character: str) -> frozenset[str]:
    return frozenset(pinyin(character, style=Style.NORMAL, heteronym=True)[0])


def _words(text: str) -> list[Span]:
    """The words of the dictionary in a text; what belongs to none comes a character at a time."""
    ends = list(itertools.accumulate(map(len, rjieba.cut(text, hmm=False))))
    return [Span(*pair) for pair in itertools.pairwise([0, *ends])]
