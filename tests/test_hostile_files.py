"""Files made to do harm: each is a document or one sentence, soon, and nothing else happens."""

import re
import socket
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from traceback import extract_tb
from typing import Any
from zipfile import ZipFile

import pytest

from index.apart import Limits
from index.errors import LoadError
from index.load import load
from index.parsing import Readers
from tests.conftest import ROOT
from tests.mutants import mutants, zipped
from tests.test_load import make_docx, make_pdf

_BODY = "湖滨区一季度完成工业投资42.6亿元，同比增长18.3%，其中技术改造投资15.2亿元。"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    readers = Readers(Limits(seconds=200, cpu_seconds=10))
    yield readers
    readers.close()


def _told(readers: Readers, name: str, data: bytes) -> str:
    """The text of a document, or the sentence that refuses it."""
    try:
        document = readers.load(name, data)
    except LoadError as error:
        return str(error)
    assert all(section.span.end <= len(document.text) for section in document.sections)
    return document.text


# -- at random -------------------------------------------------------------------------------


def _word(document: Any) -> None:  # noqa: ANN401 - python-docx has no types
    document.add_heading("湖滨区投资公报", 0)
    document.add_paragraph(_BODY)
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(
        table._cells, ("指标", "总量", "增速", "投资", "42.6", "8%"), strict=True
    ):
        cell.text = text


def _seeds() -> dict[str, bytes]:
    rows = ["湖滨区投资公报", _BODY, "一、工业", _BODY]
    page = (ROOT / "samples" / "2024年度科技企业研发投入补助申报通知.html").read_bytes()
    return {
        "a.docx": make_docx(_word),
        "a.pdf": make_pdf([rows, rows], title="湖滨区投资公报"),
        "a.html": page[:3000],
        "b.html": f"<h1>题</h1><table><tr><th rowspan=2>甲<th>乙<tr><td>1</table><p>{_BODY}".encode(),
        "a.md": f"---\ntitle: 题\n---\n# 题\n\n|甲|乙|\n|--|--|\n|1|2|\n\n- {_BODY}\n  1. 项\n".encode(),
        "a.txt": f"湖滨区投资公报\n\n{_BODY}\n".encode("gb18030"),
    }


def _our_mistake(name: str, data: bytes) -> str:
    """Where in our own readers a file met an error that nobody foresaw, or ""."""
    try:
        load(name, data)
    except LoadError as error:
        frames = extract_tb(error.__cause__.__traceback__) if error.__cause__ else []
        last = Path(frames[-1].filename) if frames else Path()
        if last.parent.name == "index" and last.name != "load.py":
            return f"{error.__cause__!r} in {last.name}:{frames[-1].lineno}"
    return ""


def _fuzz(readers: Readers, name: str, many: int, seed: int) -> None:
    for number, worse in enumerate(islice(mutants(_seeds()[name], seed), many)):
        told = _told(readers, name, worse)
        assert "文件太复杂" not in told, (name, seed, number)
        if "可能已损坏" in told:
            assert _our_mistake(name, worse) == "", (name, seed, number)


@pytest.mark.parametrize("name", sorted(_seeds()))
def test_a_damaged_file_is_a_document_or_one_sentence(readers: Readers, name: str) -> None:
    _fuzz(readers, name, 25, seed=zlib.crc32(name.encode()))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("name", sorted(_seeds()))
def test_thousands_of_damaged_files_are_each_a_document_or_one_sentence(
    readers: Readers, name: str, seed: int
) -> None:
    _fuzz(readers, name, 10, seed)  # what is loaded once is loaded
    before = _memory()
    _fuzz(readers, name, 400, 1000 + seed)
    assert _memory() - before < 50_000_000


def _memory() -> int:
    if sys.platform != "linux":
        return 0
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


# -- on purpose: Word ------------------------------------------------------------------------


def _docx(document: bytes, **members: bytes) -> bytes:
    """A Word file with this as its document."""
    parts = _members(make_docx(_word))
    return zipped({**parts, "word/document.xml": document, **members})


def _members(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _word_xml(body: str, prologue: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{prologue}'
        f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
    ).encode()


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_a_word_file_of_many_paragraphs_is_read(readers: Readers) -> None:
    """Each once cost a walk through all styles: 10,000 of them took 8 seconds."""
    body = "".join(_paragraph(f"第{n}段，完成工业投资{n}亿元。") for n in range(10_000))
    assert "第9999段" in _told(readers, "a.docx", _docx(_word_xml(body)))


def test_entities_of_a_word_file_are_neither_read_nor_multiplied(
    readers: Readers, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    for entity in (
        f'<!ENTITY x SYSTEM "{secret.as_uri()}">',
        f'<!ENTITY l0 "哈哈哈哈哈哈哈哈哈哈">{laughs}<!ENTITY x "&l11;">',
        '<!ENTITY x "&x;">',
    ):
        xml = _word_xml(_paragraph(_BODY) + _paragraph("&x;"), f"<!DOCTYPE d [{entity}]>")
        told = _told(readers, "a.docx", _docx(xml))
        assert "机密" not in told
        assert "哈哈" not in told


def test_sizes_that_lie_unpack_no_more_than_they_say(readers: Readers) -> None:
    """What the directory calls 1,000 bytes is 30 MB: zipfile stops where the directory says."""
    packed = bytearray(_docx(_word_xml(_paragraph("字" * 10_000_000))))
    unpacked = len(_word_xml(_paragraph("字" * 10_000_000))).to_bytes(4, "little")
    assert packed.count(unpacked) == 2
    lying = bytes(packed).replace(unpacked, (1_000).to_bytes(4, "little"))
    assert "损坏" in _told(readers, "a.docx", lying)


@pytest.mark.parametrize("name", ["../../canary", "/tmp/canary", "..\\..\\canary", "word/../../c"])
def test_a_name_that_leads_out_of_an_archive_leads_nowhere(readers: Readers, name: str) -> None:
    data = _docx(_word_xml(_paragraph(_BODY)), **{name: b"canary"})
    assert _BODY in _told(readers, "a.docx", data)


def test_an_archive_in_an_archive_is_not_opened(readers: Readers) -> None:
    inner = _docx(_word_xml(_paragraph("里面的字")))
    data = _docx(_word_xml(_paragraph(_BODY)), **{"word/embeddings/a.docx": inner})
    assert "里面" not in _told(readers, "a.docx", data)


@pytest.mark.parametrize(
    "element", ["w:sdt", "w:ins", "w:r", "w:tbl", "w:p", "w:smartTag"], ids=lambda name: name[2:]
)
def test_a_word_file_nests_as_deep_as_it_likes(readers: Readers, element: str) -> None:
    nested = f"<{element}>" * 20_000 + f"</{element}>" * 20_000
    assert _told(readers, "a.docx", _docx(_word_xml(_paragraph(_BODY) + nested)))


def test_a_table_of_many_cells_is_read_or_refused(readers: Readers) -> None:
    grid = "<w:tblGrid>" + "<w:gridCol/>" * 60 + "</w:tblGrid>"
    row = "<w:tr>" + f"<w:tc>{_paragraph('1')}</w:tc>" * 60 + "</w:tr>"
    table = f"<w:tbl><w:tblPr/>{grid}{row * 60}</w:tbl>"
    assert _told(readers, "a.docx", _docx(_word_xml(_paragraph(_BODY) + table)))
    spanning = f'<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>{_paragraph("1")}</w:tc>'
    table = f"<w:tbl><w:tblPr/>{grid}<w:tr>{spanning}</w:tr></w:tbl>"
    assert _told(readers, "a.docx", _docx(_word_xml(_paragraph(_BODY) + table)))


# -- on purpose: PDF -------------------------------------------------------------------------


def _pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """Objects numbered from 1, of which the first is the catalogue."""
    data, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    at = len(data)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    told = b"trailer <</Size %d/Root 1 0 R%s>>" % (
        len(objects) + 1,
        trailer.replace(b"AT", b"%d" % at),
    )
    return data + head + told + b"\nstartxref\n%d\n%%%%EOF" % at


def _stream(content: bytes, *, more: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), more, content)


_CATALOGUE = b"<</Type/Catalog/Pages 2 0 R%s>>"
_PAGES = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources %s>>"
_BOMB = zlib.compress(zlib.compress(bytes(200_000_000), 9), 9)
_FLATE = b"/Filter[/FlateDecode/FlateDecode]"
_HARMFUL_PDF = {
    "pages that hold themselves": _pdf(_CATALOGUE % b"", b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"),
    "a table that goes on in itself": _pdf(
        _CATALOGUE % b"", _PAGES, _PAGE % b"<<>>", _stream(b""), trailer=b"/Prev AT"
    ),
    "millions of pages": _pdf(_CATALOGUE % b"", b"<</Type/Pages/Count 99999999/Kids[]>>"),
    "a stream that swells": _pdf(
        _CATALOGUE % b"", _PAGES, _PAGE % b"<<>>", _stream(_BOMB, more=_FLATE)
    ),
    "a form that draws itself": _pdf(
        _CATALOGUE % b"", _PAGES, _PAGE % b"<</XObject<</X 5 0 R>>>>", _stream(b"/X Do /X Do"),
        _stream(b"/X Do /X Do", more=b"/Type/XObject/Subtype/Form/Resources<</XObject<</X 5 0 R>>>>"),
    ),
    "arrays without end": _pdf(
        _CATALOGUE % b"", _PAGES, _PAGE % b"<<>>", _stream(b"[" * 100_000 + b" TJ")
    ),
    "a dictionary without end": _pdf(_CATALOGUE % (b"/A" + b"<</A" * 50_000), _PAGES),
    "contents that are themselves": _pdf(_CATALOGUE % b"", _PAGES, _PAGE % b"<<>>", b"4 0 R"),
    "an outline that goes in a ring": _pdf(
        _CATALOGUE % b"/Outlines 5 0 R", _PAGES, _PAGE % b"<<>>", _stream(b""),
        b"<</First 6 0 R/Last 6 0 R>>", b"<</Title(x)/First 6 0 R/Next 6 0 R>>",
    ),
    "a table of objects that lies": _pdf(
        _CATALOGUE % b"", _PAGES, _PAGE % b"<<>>",
        _stream(b"0 0", more=b"/Type/ObjStm/N 99999999/First 3"), trailer=b"/XRefStm 9",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", _HARMFUL_PDF)
def test_a_pdf_made_to_do_harm_is_refused_in_time(readers: Readers, name: str) -> None:
    """None of them says a word, so none of them is a document."""
    data = _HARMFUL_PDF[name]
    with pytest.raises(LoadError, match=r"请"):
        readers.load("a.pdf", data)


# -- on purpose: HTML and Markdown -----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", b"<div>" * 20_000 + _BODY.encode()),
        ("a.html", b"<table><tr><td>" * 1_500 + _BODY.encode()),
        ("a.html", b"<b><i>" * 10_000 + _BODY.encode()),
        ("a.html", b"<a " + b"x=1 " * 100_000 + b">" + _BODY.encode()),
        ("a.html", b"<meta " * 50_000 + b"charset=" + _BODY.encode()),
        ("a.html", b"<!--" * 50_000 + _BODY.encode()),
        ("a.html", b"<p>&" + b"x" * 1_000_000 + b";</p><p>" + _BODY.encode()),
        ("a.md", b"> " * 50_000 + _BODY.encode()),
        ("a.md", b"- " * 5_000 + _BODY.encode()),
        ("a.md", b"[" * 50_000 + _BODY.encode()),
        ("a.md", b"*a_ " * 20_000 + _BODY.encode()),
        ("a.md", b"|a" * 5_000 + b"\n" + b"|-" * 5_000 + b"\n" + b"|b" * 5_000),
        ("a.md", b"<" * 100_000 + _BODY.encode()),
        ("a.txt", (_BODY[:30] + "\n").encode() * 8_000),
        ("a.txt", b"1" * 100_000 + _BODY.encode()),
        ("a.txt", ("\u202e" * 100_000 + _BODY).encode()),
        ("a.txt", ("2024-" * 50_000 + _BODY).encode()),
    ],
    ids=lambda value: value if isinstance(value, str) else value[:9].decode("ascii", "ignore"),
)
def test_text_made_to_do_harm_is_read_or_refused_in_time(
    readers: Readers, name: str, data: bytes
) -> None:
    assert _told(readers, name, data)


# -- what it names is not fetched ------------------------------------------------------------


class _Listener:
    """Counts who calls at a port of this machine."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.hits = 0
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.hits += 1
            connection.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(10)


def test_no_address_in_a_file_is_called(readers: Readers) -> None:
    listener = _Listener()
    url = listener.url
    socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))).close()
    relation = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r9" Type="a" Target="{url}/r" TargetMode="External"/></Relationships>'
    )
    page = (
        f'<!DOCTYPE html SYSTEM "{url}/d"><html><head><base href="{url}/"><link rel=stylesheet href="/s">'
        f'<meta http-equiv=refresh content="0;url={url}/m"><script src="{url}/j"></script></head>'
        f'<body><img src="{url}/i"><iframe src="{url}/f"></iframe><p>{_BODY}</p></body></html>'
    )
    entity = f'<!DOCTYPE d SYSTEM "{url}/dtd" [<!ENTITY % p SYSTEM "{url}/p"> %p;]>'
    for name, data in (
        ("a.html", page.encode()),
        ("a.md", f"![图]({url}/i)\n\n<img src={url}/h>\n\n{_BODY}".encode()),
        ("a.docx", _docx(_word_xml(_paragraph(_BODY), entity))),
        ("a.docx", _docx(_word_xml(_paragraph(_BODY)), **{"word/_rels/x.rels": relation.encode()})),
        (
            "a.pdf",
            _pdf(_CATALOGUE % (b"/OpenAction<</S/URI/URI(%s)>>" % url.encode()), _PAGES),
        ),
    ):
        _told(readers, name, data)
    for _ in range(100):
        if listener.hits:
            break
        time.sleep(0.01)
    listener.close()
    assert listener.hits == 1  # our own, which shows that it counts
