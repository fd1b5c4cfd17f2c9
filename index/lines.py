"""Lines: the one normalisation of Youju, and what a reader of one file format hands over.

A reader (index/from_*.py) turns bytes into a `Draft`; index/clean.py takes page furniture out of it;
index/load.py makes it a Document. After that no character moves. Meaning is left alone here:
full-width digits, letters and punctuation stay as they were written, because people quote them.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# Characters that are set solid in Chinese: a line break beside one of them stands for nothing.
SOLID = HAN + r"\u3001-\u3015\u2018-\u201d\u2026\uff01-\uff0f\uff1a-\uff20\uff3b-\uff5e"

LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile("[\\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"  # controls that are not white space
    "\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"  # zero width, bidi
    "\ud800-\udfff"  # half a surrogate pair, which no encoding can write
    "\uf000-\uf0ff"  # bullets of symbol fonts, as PDF and Word leave them
    "\ufdd0-\ufdef\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001-\U000e007f\U000e0100-\U000e01ef"
    "]"
)
_FIGURE_BEGUN = re.compile(rf"[{SOLID}]\d[\d.,]*$")
_LONGEST_FIGURE = 60  # characters: a paragraph of many rows is joined without reading it all again
_FIGURE_ENDED = re.compile(rf"[\d.,]*\d[\d.,]*[{SOLID}%]")
_WRAPPED = re.compile(rf"(?<=[{SOLID}])[ \t]*[\r\n]+[ \t]*(?=[{SOLID}])")
_HAN_GAP = re.compile(rf"(?<=[{HAN}，。、；：]) (?=[{HAN}，。、；：])")
# Browsers write PDF in which a character stands as the radical that looks the same: ⽐ for 比.
# NFKC knows the Kangxi radicals (U+2F00 on); of the supplement it knows next to none.
_RADICALS = str.maketrans(
    {
        chr(n): unicodedata.normalize("NFKC", chr(n))
        for n in (*range(0x2F00, 0x2FD6), *range(0xFB00, 0xFB07))
    }
    | dict(
        zip(
            "⺠⺟⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳⻁⺒⺓⺝⺩⺬⺮⺶⻑⻒⻞",
            "民母西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟虎巳幺月王示竹羊長镸食",
            strict=True,
        )
    )
)


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, heading, list item or table row.

    `pages` tells where pages of a paged file begin in it: (page number from 1, character of `text`).
    """

    text: str
    heading: bool = False
    pages: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as its format tells it, before page furniture is taken out.

    `title` is part of what a reader of the page sees; `title_hint` is only a property of the file
    (Word and PDF keep one, often of an older document) and never enters the text.
    """

    lines: tuple[Line, ...]
    title: str = ""
    title_hint: str = ""
    date: str = ""
    page: str = ""
    publication: str = ""
    page_count: int = 0


def canonical_line(text: str) -> str:
    """`text` on one line: NFC, nothing invisible, single spaces, none at the ends.

    >>> canonical_line("　投资\\u200b\\u00a0 增长７１.４% ")
    '投资 增长７１.４%'
    >>> canonical_line("⼯业同⽐增⻓") == "工业同比增长"
    True
    """
    visible = unicodedata.normalize("NFC", _INVISIBLE.sub("", text).translate(_RADICALS))
    return _SPACES.sub(" ", visible).strip(" ")


def canonical_lines(text: str) -> list[str]:
    """The lines of `text` that show something, each canonical."""
    return [line for raw in LINE_BREAK.split(text) if (line := canonical_line(raw))]


def canonical(text: str) -> str:
    """The normalisation of a whole text; what `Document.text` holds is a fixed point of it.

    >>> canonical("一\\r\\n\\r\\n 二")
    '一\\n二\\n'
    """
    return "".join(f"{line}\n" for line in canonical_lines(text))


def unwrap_source(text: str) -> str:
    """`text` without the line breaks that a source file put between Chinese characters.

    >>> unwrap_source("高新技术\\n  产业 and\\nmore")
    '高新技术产业 and\\nmore'
    """
    return _WRAPPED.sub("", text)


def close_gaps(text: str) -> str:
    """`text` without single spaces between Chinese characters, as justified print leaves them.

    >>> close_gaps("投资 增长 71.4% 以上")
    '投资增长 71.4% 以上'
    """
    return _HAN_GAP.sub("", text)


def join(left: str, right: str) -> str:
    """Two pieces of one paragraph as one, with a space only where neither side is Chinese.

    >>> join("产业", "投资"), join("made in", "China"), join("投资4", "2.6亿元")
    ('产业投资', 'made in China', '投资42.6亿元')
    """
    if not left or not right:
        return left + right
    # A number broken in two is still one, in Chinese prose; two cells of a row are two.
    if _FIGURE_BEGUN.search(left, max(0, len(left) - _LONGEST_FIGURE)) and _FIGURE_ENDED.match(
        right
    ):
        return left + right
    ascii_joint = left[-1].isascii() and right[0].isascii()
    return f"{left} {right}" if ascii_joint and left[-1] != "-" else left + right


def squeeze(text: str) -> str:
    """`text` as two people would agree it is the same: no spaces, one width, one case.

    >>> squeeze("索 引 号：A") == squeeze("索引号:a")
    True
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def columns(text: str) -> int:
    """How wide `text` is printed, a Chinese character counting as two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def plain(texts: Iterable[str]) -> tuple[Line, ...]:
    """Lines that say nothing of themselves but their text."""
    return tuple(Line(text) for text in texts)
