"""Lines that were broken to a width, in print or by an editor, to paragraphs again."""

import re
from collections.abc import Sequence

from index.headings import is_numbered
from index.lines import columns, join

NEARLY = 0.88  # of the usual width: what falls short of it ended on purpose
_WIDEST_WRAP = 130  # columns; a wider line was not broken by anybody
_ENDS = re.compile(r"[。！？；：!?;:…][”’」』）)]*$")
_STARTS = re.compile(
    r"第[一二三四五六七八九十百零\d]+[条章节编]|[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十]+、"
    r"|\d+[.、．]\s*\D|[•·●◆■□▪]|附件|注[:：]"
)

# No paragraph begins with these; a line may, where the width ended before them.
_NEVER_FIRST = re.compile("[，、。；：！？％%”’」』）〉》…]")


def usual_width(rows: Sequence[str]) -> int:
    """The width that full lines reach: nearly the widest, a few outliers set aside."""
    widths = sorted(columns(row) for row in rows if row)
    return widths[int(0.95 * (len(widths) - 1))] if widths else 0


def looks_wrapped(rows: Sequence[str]) -> bool:
    """Whether most lines end where the width ends and not where a sentence does."""
    shown = [row for row in rows if row]
    width = usual_width(shown)
    if len(shown) < 8 or not 40 <= width <= _WIDEST_WRAP:
        return False
    open_ended = [row for row in shown if not _ENDS.search(row) and columns(row) >= 0.8 * width]
    return len(open_ended) >= 0.5 * len(shown)


def continues(row: str, following: str, width: int) -> bool:
    """Whether `following` goes on in the paragraph of `row`."""
    if not row or not following or _ENDS.search(row) or _STARTS.match(following):
        return False
    if _NEVER_FIRST.match(following):
        return True
    return columns(row) >= NEARLY * width and not is_numbered(row)


def unwrap(rows: Sequence[str]) -> list[str]:
    """`rows` as paragraphs; an empty row always ends one."""
    width = usual_width(rows)
    paragraphs: list[str] = []
    last = ""
    for row in rows:
        if row and continues(last, row, width):
            paragraphs[-1] = join(paragraphs[-1], row)
        elif row:
            paragraphs.append(row)
        last = row
    return paragraphs
