"""The text layer of a PDF to a Draft: wrapped lines joined, running heads and page numbers gone.

The only importer of pypdf. A scan has no text layer; reading pictures is left to an OCR program.
"""

import logging
import re
from collections import Counter
from collections.abc import Sequence
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from index.decode import check_readable
from index.errors import LoadError
from index.lines import LINE_BREAK, Draft, Line, canonical_line, close_gaps, columns, join, squeeze
from index.wrapping import continues, usual_width

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it repairs concerns nobody here

MOST_PAGES = 5_000
_EDGE = 2  # lines at the top and the bottom of a page that may run through the document
_LEAST_TEXT = 10  # characters: fewer are a stamp on a scan
_PAGE_NUMBER = re.compile(
    r"[-—–·.\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[-—–·.\s]*"
    r"|page\s*\d{1,4}(?:\s*of\s*\d{1,4})?",
    re.IGNORECASE,
)
_RUNNING = re.compile(r"[^\W\d_]{3}|#/#/#|#:#")  # words, or the day and time of printing
_PROSE = re.compile(r"[，。；]")
_NO_TITLE = re.compile(
    r"microsoft|untitled|无标题|未命名|\.(?:docx?|wps|pdf|indd|pptx?|xlsx?)$|^[\x00-\x7f]*$",
    re.IGNORECASE,
)
_TITLE_END = re.compile(
    r".*(?:通知|意见|办法|方案|公告|公报|通告|报告|规定|细则|决定|通报|批复|规划|条例)(?:[（(].{1,12}[）)])?"
)

ENCRYPTED = "PDF 已加密，读不到文字；请用有密码的软件打开，另存为不加密的 PDF 后再添加。"
SCANNED = (
    "PDF 没有文字层（多半是扫描件）；请先做 OCR（文字识别），得到可以选中文字的 PDF 后再添加。"
)
TOO_MANY_PAGES = "PDF 有 {pages} 页，上限是 {most} 页；请拆成几个文件后再添加。"


def read(data: bytes) -> Draft:
    reader = PdfReader(BytesIO(data))
    _open(reader)
    title = _stated_title(reader)
    pages = _without_running_lines([_page_rows(text) for text in _page_texts(reader)], title)
    if sum(len(row) for rows in pages for row in rows) < _LEAST_TEXT:
        raise LoadError(SCANNED)
    check_readable("\n".join(row for rows in pages for row in rows))
    lines = _paragraphs(pages)
    return Draft(
        tuple(_title_joined(lines)), title_hint=_shown(title, lines), page_count=len(pages)
    )


def _open(reader: PdfReader) -> None:
    """Many files are encrypted with an empty password, only to forbid printing: those can be read."""
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            raise LoadError(ENCRYPTED)
        pages = len(reader.pages)
    except (DependencyError, FileNotDecryptedError) as error:
        raise LoadError(ENCRYPTED) from error
    if pages > MOST_PAGES:
        raise LoadError(TOO_MANY_PAGES.format(pages=pages, most=MOST_PAGES))


def _page_texts(reader: PdfReader) -> list[str]:
    return [page.extract_text() for page in reader.pages]


def _page_rows(text: str) -> list[str]:
    rows = [canonical_line(row) for row in LINE_BREAK.split(text)]
    return [_tight(row) for row in rows]


def _tight(row: str) -> str:
    """`row` without the gaps of justified print; in a short line a gap may part two columns."""
    spaced = squeeze(row) and row.count(" ") >= len(squeeze(row)) - 1
    return close_gaps(row) if _PROSE.search(row) or columns(row) >= 60 or spaced else row


def _without_running_lines(pages: list[list[str]], title: str) -> list[list[str]]:
    """Pages without the lines that most of them begin or end with, and without page numbers."""
    edges = Counter(key for rows in pages for key in {_key(rows[n]) for n in _edge_places(rows)})
    often = max(2, len(pages) / 2)
    running = {key for key, times in edges.items() if times >= often and _RUNNING.search(key)}
    kept = [_without(rows, running) for rows in pages[1:]]
    # The first page may show the title that the others carry at their head.
    return [_without(pages[0], running - {_key(title)}), *kept] if pages else []


def _without(rows: list[str], running: set[str]) -> list[str]:
    """A page without running lines; where it says one twice, the one inside is its own."""
    edge = _edge_places(rows)
    gone: set[int] = set()
    for place in (*edge[:_EDGE], *reversed(edge[_EDGE:])):
        key = _key(rows[place])
        fresh = all(_key(rows[other]) != key for other in gone)
        outermost = place in (edge[0], edge[-1])
        if (key in running and fresh) or (outermost and _PAGE_NUMBER.fullmatch(rows[place])):
            gone.add(place)
    return [row for place, row in enumerate(rows) if place not in gone]


def _edge_places(rows: Sequence[str]) -> list[int]:
    shown = [place for place, row in enumerate(rows) if row]
    return sorted({*shown[:_EDGE], *shown[-_EDGE:]})


def _key(row: str) -> str:
    """What a running line has in common from page to page: all but its numbers."""
    return re.sub(r"\d+", "#", squeeze(row))


def _paragraphs(pages: Sequence[Sequence[str]]) -> list[Line]:
    width = usual_width([row for rows in pages for row in rows])
    lines: list[Line] = []
    last = ""
    for number, rows in enumerate(pages, start=1):
        begins = True
        for row in filter(None, rows):
            if lines and continues(last, row, width):
                lines[-1] = _continued(lines[-1], row, number if begins else 0)
            else:
                lines.append(Line(row, pages=((number, 0),) if begins else ()))
            last, begins = row, False
    return lines


def _continued(line: Line, row: str, page: int) -> Line:
    text = join(line.text, row)
    begun = ((page, len(text) - len(row)),) if page else ()
    return Line(text, pages=line.pages + begun)


def _title_joined(lines: list[Line]) -> list[Line]:
    """A title set in two lines as one: 关于印发某某 / 实施办法的通知."""
    if len(lines) < 3 or len(lines[0].text) + len(lines[1].text) > 60:
        return lines
    first, second = lines[0].text, lines[1].text
    if "关于" in first and not _TITLE_END.fullmatch(first) and _TITLE_END.fullmatch(second):
        return [Line(join(first, second), pages=lines[0].pages + lines[1].pages), *lines[2:]]
    return lines


def _stated_title(reader: PdfReader) -> str:
    """The title in the file's properties, where it looks like one."""
    info = reader.metadata
    title = canonical_line(info.title or "") if info else ""
    return title if 4 <= len(title) <= 80 and not _NO_TITLE.search(title) else ""


def _shown(title: str, lines: Sequence[Line]) -> str:
    """`title` where the first page shows it: the properties of a file are often of an older one."""
    return title if any(squeeze(line.text) == squeeze(title) for line in lines[:10]) else ""
