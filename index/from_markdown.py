"""Markdown (CommonMark and tables) to a Draft: text only, links as their text, images as their alt."""

import re
from collections.abc import Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index import tables
from index.dates import first_date
from index.decode import decode
from index.from_html import text_of
from index.lines import Draft, Line, canonical_line, join

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_ENTRY = re.compile(r"^([A-Za-z_\u4e00-\u9fff]{1,20})\s*[:：]\s*(.+?)\s*$", re.MULTILINE)
_KEYS = {
    "title": ("title", "标题"),
    "date": ("date", "日期", "发布日期", "成文日期"),
    "page": ("page", "版面", "版次"),
    "publication": ("publication", "source", "来源", "报纸"),
}
_HEADING = re.compile(r"^\s*#{1,4} +[\u4e00-\u9fff（(《“]", re.MULTILINE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_PARSER = MarkdownIt("commonmark").enable("table")


def read(data: bytes) -> Draft:
    return read_markdown(decode(data))


def looks_like_markdown(text: str) -> bool:
    """Whether a text begins with a heading as Markdown writes it, and has another.

    >>> looks_like_markdown("# 判决书\\n正文\\n## 案情"), looks_like_markdown("#1 号楼")
    (True, False)
    """
    return bool(_HEADING.match(text)) and len(_HEADING.findall(text[:20_000])) > 1


def read_markdown(text: str) -> Draft:
    """The document, its front matter (`title: ...`) as what it says of itself."""
    front = _FRONT_MATTER.match(text)
    entries = _entries(front[1]) if front else {}
    lines = _lines(_PARSER.parse(text[front.end() :] if front else text))
    title = entries.get("title", "") or _first_title(lines)
    return Draft(
        tuple(lines),
        title=title,
        date=first_date(entries.get("date", "")),
        page=entries.get("page", ""),
        publication=entries.get("publication", ""),
    )


def _entries(front: str) -> dict[str, str]:
    told = {key.casefold(): value.strip("\"'") for key, value in _ENTRY.findall(front)}
    return {
        name: canonical_line(value)
        for name, keys in _KEYS.items()
        if (value := next((told[key] for key in keys if told.get(key)), ""))
    }


def _first_title(lines: Sequence[Line]) -> str:
    """The heading that the document opens with."""
    return lines[0].text if lines and lines[0].heading else ""


def _lines(tokens: Sequence[Token]) -> list[Line]:
    lines: list[Line] = []
    numbers = _Numbers()
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.type == "table_open":
            close = _closing(tokens, place)
            lines += [Line(text) for text in tables.lines(_grid(tokens[place:close]))]
            place = close
        else:
            numbers.pass_by(token)
            heading = place > 0 and tokens[place - 1].type == "heading_open"
            lines += [Line(text, heading) for text in numbers.led(_block(token))]
        place += 1
    return [line for line in lines if canonical_line(line.text)]


class _Numbers:
    """The number of the list item under way, which its first line is led by."""

    def __init__(self) -> None:
        self._next = ""

    def pass_by(self, token: Token) -> None:
        if token.type == "list_item_open":
            self._next = f"{token.info}. " if token.info else ""

    def led(self, texts: list[str]) -> list[str]:
        if texts and self._next:
            texts = [self._next + texts[0], *texts[1:]]
            self._next = ""
        return texts


def _block(token: Token) -> list[str]:
    if token.type == "inline":
        return _inline(token.children or [])
    if token.type in ("fence", "code_block"):
        return token.content.split("\n")
    if token.type == "html_block":
        return text_of(token.content)
    return []


def _inline(children: Sequence[Token]) -> list[str]:
    lines = [""]
    broken = False
    for child in children:
        if child.type == "hardbreak" or _is_br(child):
            lines.append("")
        elif child.type == "softbreak":
            broken = True
        else:
            text = _TAG.sub("", child.content) if child.type == "html_inline" else child.content
            lines[-1] = join(lines[-1], text.lstrip()) if broken else lines[-1] + text
            broken = False
    return lines


def _is_br(token: Token) -> bool:
    return token.type == "html_inline" and token.content.casefold().startswith("<br")


def _closing(tokens: Sequence[Token], place: int) -> int:
    return next(n for n in range(place, len(tokens)) if tokens[n].type == "table_close")


def _grid(tokens: Sequence[Token]) -> list[list[tables.Cell]]:
    rows: list[list[str]] = []
    for before, token in pairwise(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif before.type in ("th_open", "td_open") and token.type == "inline":
            rows[-1].append(canonical_line(" ".join(_inline(token.children or []))))
    return tables.plain_rows(rows, header=True)
