"""Spoken words for those of the documents: 房本 becomes 不动产权证书 where the passages say it so.

Pure. A word is said otherwise only where the passages have another of its group and not itself; figures,
and who or what has a name of its own, are never changed. Showing what was understood is left to who asks.
"""

import itertools
from collections.abc import Sequence

import rjieba

from qa.asks import FIGURE_ASKS, ask_of
from qa.figures import fold
from qa.synonyms import SAME

Groups = Sequence[tuple[str, ...]]


def in_writing(question: str, own: Groups = ()) -> str:
    """The question with each word of a group as it is written, the first of the group.

    >>> in_writing("房本丢了找谁"), in_writing("一窗通几点开", [("企业开办窗口", "一窗通")])
    ('不动产权证书丢了找谁', '企业开办窗口几点开')
    """
    for group, said in _said(question, own):
        question = _put(question, said, group[0])
    return question


def in_their_words(question: str, passages: Sequence[str], own: Groups = ()) -> str:
    """The question with what it says in spoken words as the passages say it.

    `own` are groups of an organisation's words beside those of the lexicon.

    >>> in_their_words("剖腹产补助多少", ["剖宫产每例补助3000元。"])
    '剖宫产补助多少'
    >>> in_their_words("剖腹产补助多少", ["剖腹产每例补助3000元。"])
    '剖腹产补助多少'
    """
    whole = fold("\n".join(passages))
    for group, said in _said(question, own):
        told = next((word for word in group if word in whole), said)
        if said not in whole:
            question = _put(question, said, told)
    return question if ask_of(fold(question)) in FIGURE_ASKS else _parted(question, whole)


def _said(question: str, own: Groups) -> list[tuple[tuple[str, ...], str]]:
    """The groups of which a question has a word, each with the longest of it.

    An organisation's own words may be none that the cutter knows.
    """
    asked = fold(question)
    found = [(group, [one for one in group if one in asked]) for group in (*own, *SAME)]
    said = [(group, max(words, key=len)) for group, words in found if words]
    return [(group, word) for group, word in said if group in own or _is_whole(asked, word)]


def _put(question: str, said: str, word: str) -> str:
    """The question with another word in the place of one that it has, if it still has it."""
    at = fold(question).find(said)
    return question if at < 0 else question[:at] + word + question[at + len(said) :]


def _parted(question: str, whole: str) -> str:
    """The question with a space between the halves of what the passages say only in halves.

    Not where a figure is asked for: of 常住居民 and 户籍人口 neither is 常住人口.

    >>> _parted("研究成果登在哪个期刊", "相关成果发表在期刊上，研究由所里完成")
    '研究 成果登在哪个期刊'
    """
    found = ""
    for word in rjieba.cut(question, hmm=False):
        halves = _halves(word) if fold(word) not in whole else None
        found += " ".join(halves) if halves and all(half in whole for half in halves) else word
    return found


def _halves(word: str) -> tuple[str, str] | None:
    """The two words that a word of four characters is made of, if it is."""
    halves = word[:2], word[2:]
    is_made = len(word) == 4 and all(rjieba.cut(half, hmm=False) == [half] for half in halves)
    return halves if is_made else None


def _is_whole(question: str, word: str) -> bool:
    """Whether a word begins and ends where words of the question do."""
    ends = {0, *itertools.accumulate(map(len, rjieba.cut(question, hmm=False)))}
    at = question.index(word)
    return {at, at + len(word)} <= ends
