"""The bytes of a file to a Document: its kind by content, its format's reader, furniture away.

The one border where errors of foreign parsers become `LoadError`. Where the bytes come from, and
where the document goes, is the caller's business; that no file takes too much of the machine, that
of index/parsing.py.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from index import from_docx, from_html, from_markdown, from_pdf, from_text
from index.clean import clean
from index.decode import decode
from index.errors import LoadError
from index.lines import Draft, Line
from index.types import Document, Section, Span

# Raised with every change that lets the same bytes give another document: what an older loader read
# is then read anew when it is added again, though its bytes have not changed.
LOADER_VERSION = 2

SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx")
_KNOWN = " ".join(SUFFIXES)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .doc, and of a .docx with a password
_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_SHOWN = re.compile(r"\w")

_EMPTY = "没有可收录的文字；请确认文件不是空的。"
_TOO_LARGE = "文件有 {size:.1f} MB，上限是 {most:.1f} MB；请拆成几个文件后再添加。"
_TOO_LONG = "文件有 {size:,} 个字，上限是 {most:,} 个字；请拆成几个文件后再添加。"
_UNKNOWN = f"不认识的文件类型“{{suffix}}”；可以收录的有：{_KNOWN}。"
_NOT_WHAT_IT_SAYS = "文件名以 {suffix} 结尾，内容却不是；可能没有下载完整或已损坏，请重新取得文件，或改为正确的后缀。"
_OLD_WORD = (
    "这是旧版 Office 文件（.doc 之类），读不了；请用 Word 或 WPS 打开，另存为 .docx 后再添加。"
)
_LOCKED = "文件已加密（有打开密码）；请在 Word 或 WPS 中取消密码，另存后再添加。"
_OTHER_ARCHIVE = f"这是压缩包或别的 Office 文件，不是 Word 的 .docx；可以收录的有：{_KNOWN}。"
_RICH_TEXT = "这是 RTF 文件；请用 Word 或 WPS 打开，另存为 .docx 后再添加。"
_PICTURE = "这是图片，没有文字；请先做 OCR（文字识别），把得到的文字存为 .txt 后再添加。"
_TOO_COMPLEX = "文件太复杂，内存不够读完它；请拆成几个文件，或用原来的软件另存一份后再添加。"
_BROKEN = "文件打不开，可能已损坏（{kind}）；请重新取得文件，或用原来的软件另存一份后再添加。"


def load(
    source: str, data: bytes, *, max_bytes: int = 20_000_000, max_characters: int = 5_000_000
) -> Document:
    """The document in `data`, known to people as `source`.

    Raises LoadError when there is no text to be had; its message says what to do next.

    >>> document = load("说明.txt", "湖滨区投资情况\\n一季度，全区完成工业投资12.5亿元，同比增长8%。".encode())
    >>> document.title, document.text.splitlines()[-1]
    ('湖滨区投资情况', '一季度，全区完成工业投资12.5亿元，同比增长8%。')
    """
    if len(data) > max_bytes:
        raise LoadError(_TOO_LARGE.format(size=len(data) / 1e6, most=max_bytes / 1e6))
    try:
        draft = _read(source, data, max_characters)
        _limit(sum(len(line.text) for line in draft.lines), max_characters)
        return _document(source, clean(draft))
    except LoadError:
        raise
    except (MemoryError, RecursionError) as error:
        raise LoadError(_TOO_COMPLEX) from error
    except Exception as error:  # the parsers raise nearly anything on broken files
        raise LoadError(_BROKEN.format(kind=type(error).__name__)) from error


def _read(source: str, data: bytes, max_characters: int) -> Draft:
    suffix = PurePath(source).suffix.casefold()
    if not data.strip():
        raise LoadError(_EMPTY)
    if b"%PDF-" in data[:1024]:
        return from_pdf.read(data)
    if data.startswith(b"PK\x03\x04"):
        return from_docx.read(_word_archive(data))
    _refuse_other_kinds(data)
    if suffix not in SUFFIXES:
        raise LoadError(_UNKNOWN.format(suffix=suffix or source))
    return _read_text(suffix, data, max_characters)


def _word_archive(data: bytes) -> bytes:
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
    except (BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as error:
        raise LoadError(from_docx.BROKEN) from error
    if not any(name.startswith("word/") for name in names):
        raise LoadError(_OTHER_ARCHIVE)
    return data


def _refuse_other_kinds(data: bytes) -> None:
    if data.startswith(_OLE):
        raise LoadError(_LOCKED if _PACKAGE in data else _OLD_WORD)
    if data.startswith(b"{\\rtf"):
        raise LoadError(_RICH_TEXT)
    if data.startswith(_PICTURES):
        raise LoadError(_PICTURE)


def _read_text(suffix: str, data: bytes, max_characters: int) -> Draft:
    if suffix in (".html", ".htm"):
        return from_html.read(data)
    text = decode(data)
    _limit(len(text), max_characters)
    if from_html.looks_like_html(text):
        return from_html.read(data)
    if suffix in (".pdf", ".docx"):
        raise LoadError(_NOT_WHAT_IT_SAYS.format(suffix=suffix))
    if suffix != ".txt" or from_markdown.looks_like_markdown(text):
        return from_markdown.read_markdown(text)
    return from_text.read_text(text)


def _limit(characters: int, most: int) -> None:
    if characters > most:
        raise LoadError(_TOO_LONG.format(size=characters, most=most))


def _document(source: str, draft: Draft) -> Document:
    text = "".join(f"{line.text}\n" for line in draft.lines)
    if not _SHOWN.search(text):
        raise LoadError(_EMPTY)
    document = Document(
        id="",
        source=source,
        title=draft.title or PurePath(source).stem or source,
        text=text,
        date=draft.date,
        page=draft.page,
        publication=draft.publication,
        sections=_sections(draft.lines, len(text)),
        page_starts=_page_starts(draft),
    )
    return replace(document, id=_content_id(draft, text, draft.title))


def is_whole(document: Document) -> bool:
    """Whether a document is still what it was loaded as: its id is the hash of what it says."""
    # Its title may be the name of the file, which is not part of the hash.
    return document.id in {_content_id(document, document.text, t) for t in (document.title, "")}


def _content_id(told: Draft | Document, text: str, title: str) -> str:
    """The hash of what the file says; the file's name is not part of it."""
    parts = (title, told.date, told.page, told.publication, text)
    return sha256("\0".join(parts).encode("utf-8")).hexdigest()[:16]


def _starts(lines: Sequence[Line]) -> list[int]:
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line.text) + 1
    return starts


def _sections(lines: Sequence[Line], end: int) -> tuple[Section, ...]:
    """A flat list: each heading reaches to the next one, of whatever level."""
    heads = [
        (line.text, at) for line, at in zip(lines, _starts(lines), strict=True) if line.heading
    ]
    ends = [at for _, at in heads[1:]] + [end]
    return tuple(Section(text, Span(at, to)) for (text, at), to in zip(heads, ends, strict=False))


def _page_starts(draft: Draft) -> tuple[int, ...]:
    """Where each page begins; a page without text begins where the next one does."""
    begun = {
        page: at + offset
        for line, at in zip(draft.lines, _starts(draft.lines), strict=True)
        for page, offset in line.pages
    }
    starts: list[int] = []
    following = sum(len(line.text) + 1 for line in draft.lines)
    for page in range(draft.page_count, 0, -1):
        following = min(following, begun.get(page, following))
        starts.insert(0, following if page > 1 else 0)
    return tuple(starts)
