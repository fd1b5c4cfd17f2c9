"""A Word file (.docx) to a Draft: paragraphs and tables in the order of the page.

The only importer of python-docx. The archive is weighed before it is opened; nothing is unpacked to
disk. Numbers that Word makes itself (automatic lists), footnotes and page heads are not text of the
body and do not come along.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import docx
from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.xmlchemy import BaseOxmlElement as _Element
from docx.table import Table

from index import tables
from index.errors import LoadError
from index.lines import Draft, Line, canonical_line, canonical_lines, join

MOST_UNPACKED = 50_000_000
MOST_RATIO = 100
MOST_ENTRIES = 2_000
_SMALL = 1_000_000  # a member this small may be packed as tight as it likes

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = frozenset({
    f"{_W}del", f"{_W}moveFrom", f"{_W}instrText",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
})  # fmt: skip
_HEADING = re.compile(r"(?:heading|标题)\s*[1-9]|subtitle|副标题", re.IGNORECASE)
_TITLE = re.compile(r"title|标题|文档标题", re.IGNORECASE)
_NO_TITLE = re.compile(r"^[\x00-\x7f]*$|无标题|未命名|文档\d*$|模板")

BROKEN = "docx 已损坏，打不开；请用 Word 或 WPS 打开并另存一份后再添加。"
BOMB = "docx 解压后过大或压缩得不正常（{met}），可能是恶意文件；请用 Word 另存一份后再添加。"


def read(data: bytes) -> Draft:
    _weigh(data)
    document = docx.Document(BytesIO(data))
    body = document.element.find(f"{_W}body")
    if body is None:
        raise LoadError(BROKEN)
    styles = _style_names(document)
    lines: list[Line] = []
    title = ""
    for block in _blocks(body):
        if block.tag == f"{_W}tbl":
            lines += [Line(text) for text in _table(Table(block, document))]
            continue
        style = styles.get(block.style, styles[None])
        texts = canonical_lines(_text(block))
        if texts and not title and _TITLE.fullmatch(style):
            title = "".join(texts)
            lines.append(Line(title))
        else:
            lines += [Line(text, bool(_HEADING.fullmatch(style))) for text in texts]
    return Draft(
        tuple(lines), title=title or _opening(lines), title_hint=_core_title(document, lines)
    )


def _weigh(data: bytes) -> None:
    """Refuse an archive that would not fit, by its directory, before any of it is unpacked."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
    except (BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as error:
        raise LoadError(BROKEN) from error
    unpacked = sum(member.file_size for member in members)
    met = ""
    if len(members) > MOST_ENTRIES:
        met = f"{len(members)} 个成员"
    elif unpacked > MOST_UNPACKED:
        met = f"{unpacked / 1e6:.0f} MB"
    elif any(
        m.file_size > _SMALL and m.file_size > MOST_RATIO * max(m.compress_size, 1) for m in members
    ):
        met = f"压缩比超过 {MOST_RATIO}"
    if met:
        raise LoadError(BOMB.format(met=met))


def _blocks(parent: _Element) -> Iterator[_Element]:
    """Paragraphs and tables of a body, those inside content controls and insertions included."""
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif element.tag in (
            f"{_W}sdt",
            f"{_W}sdtContent",
            f"{_W}ins",
            f"{_W}smartTag",
            f"{_W}customXml",
        ):
            stack += reversed(element)


def _style_names(document: WordFile) -> dict[str | None, str]:
    """The name of each paragraph style by its id; None is that of paragraphs that name none.

    Word's own names are in English. python-docx looks a style up by a walk through all of them.
    """
    names: dict[str | None, str] = {}
    for style in document.styles:
        if style.type == WD_STYLE_TYPE.PARAGRAPH:
            names.setdefault(style.style_id, style.name or "")
    default = document.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    return {**names, None: (default.name or "") if default is not None else ""}


def _text(block: _Element) -> str:
    """The text of a paragraph as it reads with all changes accepted; a text box on its own lines."""
    text = ""
    stack = [block]
    while stack:
        element = stack.pop()
        if element.tag in _SKIPPED:
            continue
        if element.tag == f"{_W}t":
            text += element.text or ""
        elif element.tag in (f"{_W}br", f"{_W}cr", f"{_W}txbxContent"):
            text += "\n"
        elif element.tag in (f"{_W}tab", f"{_W}noBreakHyphen"):
            text += "-" if element.tag == f"{_W}noBreakHyphen" else " "
        if element.tag == f"{_W}p" and element is not block:
            text += "\n"
        if element.tag != f"{_W}pPr":
            stack += reversed(element)
    return text


def _table(table: Table) -> list[str]:
    _narrow(table)
    origins: dict[Any, int] = {}
    rows = []
    for row in table.rows:
        header = row._tr.trPr is not None and row._tr.trPr.find(f"{_W}tblHeader") is not None
        rows.append([
            tables.Cell(_cell_text(cell._tc), origins.setdefault(cell._tc, len(origins)), header)
            for cell in row.cells[: tables.MOST_COLUMNS]
        ])  # fmt: skip
    return tables.lines(rows)


def _narrow(table: Table) -> None:
    """Let no cell reach over more columns than are read: python-docx makes room for each."""
    for span in table._tbl.iter(f"{_W}gridSpan"):
        width = span.get(f"{_W}val", "")
        if not (width.isascii() and width.isdigit() and int(width) <= tables.MOST_COLUMNS):
            span.set(f"{_W}val", "1")


def _cell_text(cell: _Element) -> str:
    """All that a cell shows, tables inside it too, as one line."""
    text = ""
    for paragraph in cell.iter(f"{_W}p"):
        for line in canonical_lines(_text(paragraph)):
            text = join(text, line)
    return text


def _opening(lines: list[Line]) -> str:
    """A first-level heading that the document opens with is its title."""
    return lines[0].text if lines and lines[0].heading else ""


def _core_title(document: WordFile, lines: list[Line]) -> str:
    """The title in the file's properties, where the document shows it too: it is often stale."""
    title = canonical_line(document.core_properties.title or "")
    if _NO_TITLE.search(title) or not 4 <= len(title) <= 80:
        return ""
    return title if any(line.text == title for line in lines[:10]) else ""
