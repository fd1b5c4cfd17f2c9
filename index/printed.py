"""Pages of a PDF as pictures, and where on them a quotation stands.

index/draw.py draws, in a process of its own that is given little time. A page without a text layer,
or one that says something else than the document, has no boxes: the picture is shown alone.
"""

import json
import subprocess
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.apart import Limits, started
from index.errors import LoadError
from index.types import Document

LIMITS = Limits(seconds=20, cpu_seconds=15)
# What is cited is a sentence or a few; a whole document searched for itself would take forever.
_LONGEST_QUOTE = 2_000
_AT_ONCE = threading.Semaphore(2)

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, as fractions of the page."""


@dataclass(frozen=True, slots=True)
class Page:
    """A drawn page: a PNG, the characters of its text layer without white space, the box of each."""

    png: bytes
    width: int
    height: int
    text: str
    boxes: tuple[Box, ...]


@lru_cache(maxsize=32)
def draw(file: Path, number: int) -> Page:
    """Page `number`, from 1, of a file that never changes under its name. LoadError if it cannot be."""
    if not _AT_ONCE.acquire(timeout=LIMITS.seconds):
        raise LoadError("现在要画的页面很多，请稍后再试，或看文字。")
    try:
        head, _, png = _drawn(file, number).partition(b"\n")
        fields = json.loads(head)
    except subprocess.TimeoutExpired as error:
        raise LoadError("这一页太复杂，没能在限定时间内画出来；请看文字。") from error
    except ValueError as error:
        raise LoadError("这一页画不出来，原文件可能有损坏；请看文字。") from error
    finally:
        _AT_ONCE.release()
    boxes = tuple((box[0], box[1], box[2], box[3]) for box in fields.pop("boxes"))
    return Page(png=png, boxes=boxes, **fields)


def _drawn(file: Path, number: int) -> bytes:
    """What the drawing program says; nothing, or half of it, if it fails."""
    with started("index.draw", LIMITS, str(file), str(number)) as process:
        try:
            said, _ = process.communicate(timeout=LIMITS.seconds)
        finally:
            process.kill()
    return said if process.returncode == 0 else b""


def boxes(page: Page, document: Document, start: int, end: int, number: int) -> list[Box]:
    """The boxes, one a row, of the characters `[start, end)` of a document that stand on page `number`.

    White space, widths and such forms differ between a document and its file: they are not compared.
    Of places that read alike it is the one with as many before it as in the document.
    """
    begin = document.page_starts[number - 1]
    ends = document.page_starts[number:] or (len(document.text),)
    quote, _ = _folded(document.text[max(start, begin) : min(end, ends[0])])
    if len(quote) > _LONGEST_QUOTE:
        return []
    before, _ = _folded(document.text[begin : max(start, begin)])
    text, places = _folded(page.text)
    alike = _starts(text, quote)
    if not alike:
        return []
    earlier = sum(at < len(before) for at in _starts(before + quote, quote))
    found = alike[min(earlier, len(alike) - 1)]
    return _rows(page.boxes[places[found] : places[found + len(quote) - 1] + 1])


def _folded(text: str) -> tuple[str, list[int]]:
    """Text as it is compared, and of each of its characters where it stood."""
    folded, places = [], []
    for place, character in enumerate(text):
        for plain in unicodedata.normalize("NFKC", character).casefold():
            if not plain.isspace() and unicodedata.category(plain) not in {"Cc", "Cf"}:
                folded.append(plain)
                places.append(place)
    return "".join(folded), places


def _starts(text: str, quote: str) -> list[int]:
    """Wherever a quotation begins, also inside of its like; an empty one nowhere."""
    starts, at = [], text.find(quote) if quote else -1
    while at >= 0:
        starts.append(at)
        at = text.find(quote, at + 1)
    return starts


def _rows(boxes: Sequence[Box]) -> list[Box]:
    """Boxes joined to one a row of print."""
    rows: list[Box] = []
    for left, top, right, bottom in boxes:
        if rows and _beside(rows[-1], (left, top, right, bottom)):
            a, b, c, d = rows[-1]
            rows[-1] = (min(a, left), min(b, top), max(c, right), max(d, bottom))
        else:
            rows.append((left, top, right, bottom))
    return rows


def _beside(one: Box, other: Box) -> bool:
    """Whether a box goes on in the row of another: beside it and not far."""
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    return overlap > 0.3 * min(one[3] - one[1], other[3] - other[1]) and other[0] > one[0] - 0.01
