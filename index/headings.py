"""Which lines of plain text are headings, by how Chinese documents number and set them.

Formats that mark their headings are believed (index/clean.py); this is for those that do not.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.dates import ends_with_date
from index.furniture import is_content, is_prose, is_sentence
from index.lines import HAN, Line
from index.types import Document

LONGEST = 30
_NUMBER = r"[一二三四五六七八九十百零〇\d]{1,5}"
_CHAPTER = re.compile(rf"第{_NUMBER}[章节编篇](?:\s|[:：]|(?=[{HAN}]))")
_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]")
_DECIMAL = re.compile(rf"\d{{1,2}}(?:\.\d{{1,2}}){{0,3}}[.、．\s]\s*(?=[{HAN}A-Z])")
# How headings are numbered, from the outermost.
_RANKS = (
    re.compile(rf"第{_NUMBER}(?:部分|[编篇章])|附件"),
    re.compile(rf"第{_NUMBER}节|[一二三四五六七八九十]{{1,3}}[、.．]"),
    re.compile("[（(][一二三四五六七八九十]{1,3}[）)]"),
    re.compile(r"\d{1,2}[.、．\s]"),
)
_UNFIT_END = tuple("。；;，,、：:！!")
_BYLINE = re.compile(
    r"[（(【□◎■●•·\-—*]|本报|新华社|记者|通讯员|作者|来源|图[为：:]|摄影|文[/／]|编辑|附件|\d{4}年|《.*》$|第.{1,6}条"
)
_HAS_HAN = re.compile(f"[{HAN}]")


def mark(lines: Sequence[Line], first: int) -> list[Line]:
    """`lines` with headings marked from line `first` on; those before it are title and byline."""
    return [
        replace(line, heading=True) if place >= first and _is_heading(lines, place) else line
        for place, line in enumerate(lines)
    ]


def is_numbered(text: str) -> bool:
    """Whether `text` is a heading by its number alone.

    >>> is_numbered("一、申报条件"), is_numbered("（二）支持方向"), is_numbered("一、材料齐全。")
    (True, True, False)
    """
    if len(text) > LONGEST or text.endswith(("。", "；", ";", "，", ",", "、")):
        return False
    if _CHAPTER.match(text):
        return True
    return bool(_NUMBERED.match(text)) and not re.search(r"[：:，,。；].", text)


def outer(document: Document, offset: int) -> tuple[str, ...]:
    """The headings that govern a place beyond that of its own section, nearest first.

    Sections follow one another; which holds which is told by how they are numbered: the part that
    一、 stands under is the last 第四部分 before it.
    """
    found = []
    least: int | None = None
    for section in reversed([s for s in document.sections if s.span.start <= offset]):
        rank = _rank(section.heading)
        if least is not None and rank is not None and rank < least:
            found.append(section.heading)
        if rank is not None and (least is None or rank < least):
            least = rank
        # What its own number does not place may stand anywhere.
        if least is None:
            break
    return tuple(found)


def _rank(heading: str) -> int | None:
    return next((rank for rank, form in enumerate(_RANKS) if form.match(heading)), None)


def _is_heading(lines: Sequence[Line], place: int) -> bool:
    text = lines[place].text
    after = lines[place + 1].text if place + 1 < len(lines) else ""
    if is_numbered(text):
        return bool(after)
    if not after or not _could_be(text):
        return False
    before = lines[place - 1].text if place else ""
    if _DECIMAL.match(text):  # one of several in a row is an item of a list
        return not _DECIMAL.match(after) and not _DECIMAL.match(before)
    settled = place <= 1 or is_prose(before) or before.endswith("。") or is_numbered(before)
    return settled and is_sentence(after) and len(after) > len(text) and not _BYLINE.match(text)


def _could_be(text: str) -> bool:
    return (
        2 <= len(text) <= LONGEST
        and not text.endswith(_UNFIT_END)
        and not re.search(r"[。；;：:].", text)
        and bool(_HAS_HAN.search(text))
        and not is_content(text)
        and not ends_with_date(text)
    )
