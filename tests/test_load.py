"""Bytes to documents: every format, every encoding, every bad file, and what is true of all texts."""

import unicodedata
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from index import from_docx
from index.decode import decode
from index.errors import LoadError
from index.lines import canonical, columns
from index.load import SUFFIXES, load
from index.types import Document

BODY = "湖滨区一季度完成工业投资42.6亿元，同比增长18.3%，其中技术改造投资15.2亿元，增速居全市首位。"
MORE = "新开工亿元以上项目17个，总投资63亿元，涉及传感器、新材料和精密仪器三个领域，年内全部投产。"


def text(name: str, content: str) -> Document:
    return load(name, content.encode())


def headings(document: Document) -> list[str]:
    return [section.heading for section in document.sections]


def refused(name: str, data: bytes, **limits: int) -> str:
    with pytest.raises(LoadError) as caught:
        load(name, data, **limits)
    return str(caught.value)


def make_pdf(pages: list[list[str]], title: str = "") -> bytes:
    """A PDF whose font says what its characters are, as those of office programs do."""
    characters = sorted({c for rows in pages for row in rows for c in row})
    codes = {c: n for n, c in enumerate(characters, start=1)}
    mapping = "\n".join(f"<{n:04x}> <{c.encode('utf-16-be').hex()}>" for c, n in codes.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{mapping}\nendbfchar\nendcmap end end"
    )
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[4 0 R]"
        "/ToUnicode 5 0 R>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/A/DW 1000"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        _stream(cmap),
    ]
    for n, rows in enumerate(pages):
        drawn = "".join(
            f"BT /F1 10 Tf 50 {800 - 16 * place} Td "
            f"<{''.join(f'{codes[c]:04x}' for c in row)}> Tj ET\n"
            for place, row in enumerate(rows)
        )
        objects += [
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
            f"/Resources<</Font<</F1 3 0 R>>>>/Contents {7 + 2 * n} 0 R>>",
            _stream(drawn),
        ]
    objects.append(f"<</Title<feff{title.encode('utf-16-be').hex()}>>>")
    return _assembled(objects)


def _stream(content: str) -> str:
    return f"<</Length {len(content)}>>\nstream\n{content}\nendstream"


def _assembled(objects: list[str]) -> bytes:
    data, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return data + (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer <</Size {size}/Root 1 0 R/Info {len(objects)} 0 R>>\nstartxref\n{len(data)}\n%%EOF"
    ).encode("ascii")


def make_docx(write: Callable[[Any], None]) -> bytes:
    document = docx.Document()
    write(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def wrapped(paragraph: str, width: int = 60) -> list[str]:
    """`paragraph` in rows of a printed width, which may cut a figure in two."""
    rows = [""]
    for character in paragraph:
        if columns(rows[-1] + character) > width:
            rows.append("")
        rows[-1] += character
    return rows


# --- plain text -------------------------------------------------------------------------------------


def test_canonical_text() -> None:
    document = text(
        "a.txt", "\ufeff湖滨　　投资\r\n\r\n　　" + BODY + "\u200b\r\n\r\n\x00\u202e" + MORE
    )
    assert document.text == f"湖滨 投资\n{BODY}\n{MORE}\n"
    assert document.title == "湖滨 投资"


def test_full_width_figures_stay() -> None:
    assert (
        "７１.４％" in text("a.txt", "增长７１.４％，比上年同期提高了三个百分点，居全市第一。").text
    )


def test_name_for_want_of_a_title() -> None:
    document = text("季度/投资情况.txt", f"{BODY}\n{MORE}\n")
    assert document.title == "投资情况"
    assert document.text == f"{BODY}\n{MORE}\n"


def test_one_content_one_id() -> None:
    one, other = (text(name, f"{BODY}\n{MORE}\n") for name in ("甲.txt", "乙.txt"))
    assert (one.id, len(one.id)) == (other.id, 16)
    assert one.id != text("甲.txt", f"{BODY}\n").id


def test_hard_wrapped_text_is_joined() -> None:
    rows = ["湖滨投资", "", *wrapped(BODY + MORE), "", *wrapped(MORE + BODY)]
    assert text("a.txt", "\n".join(rows)).text == f"湖滨投资\n{BODY}{MORE}\n{MORE}{BODY}\n"


def test_sections_of_a_regulation() -> None:
    document = text(
        "办法.txt",
        f"湖滨公司采购管理办法\n（2024年1月10日修订）\n第一章 总则\n第一条 {BODY}\n第二条 {MORE}\n"
        f"第二章 附则\n第三条 本办法自发布之日起施行。\n",
    )
    assert headings(document) == ["第一章 总则", "第二章 附则"]
    assert document.date == "2024-01-10"


def test_numbered_items_are_no_headings() -> None:
    document = text(
        "a.txt", f"申报须知\n{BODY}\n1. 营业执照\n2. 审计报告\n3. 承诺书\n二、办理\n{MORE}\n"
    )
    assert headings(document) == ["二、办理"]


def test_a_date_in_the_body_is_not_the_documents() -> None:
    assert text("a.txt", f"湖滨简史\n{BODY}\n2019年3月1日，新区挂牌成立。{MORE}\n").date == ""


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("湖滨区统计局\n2024年3月12日", "2024-03-12"),
        ("湖滨区统计局\n二〇二四年三月十二日", "2024-03-12"),
        ("湖滨区统计局 2024年3月12日", "2024-03-12"),
        ("湖滨区统计局\n2024年13月40日", ""),
    ],
)
def test_the_date_under_a_signature(line: str, day: str) -> None:
    assert text("a.txt", f"湖滨投资\n{BODY}\n{MORE}\n{line}\n").date == day


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("湖滨港务集团 2024年3月12日发布", "2024-03-12"),
        ("2024年3月12日　湖滨海关综合业务处", "2024-03-12"),
        ("——2024年3月12日在湖滨区第六届人民代表大会第三次会议上", "2024-03-12"),
        ("2024年3月12日　区政府三楼会议室", ""),
        ("2024年3月12日挂牌的湖滨港", ""),
    ],
)
def test_the_date_under_a_title(line: str, day: str) -> None:
    assert text("a.txt", f"湖滨投资\n\n{line}\n\n{BODY}\n{MORE}\n").date == day


# --- encodings --------------------------------------------------------------------------------------

SIMPLIFIED = "湖滨区一季度完成工业投资42.6亿元，同比增长18.3%，涉及传感器、新材料等领域。"
TRADITIONAL = "湖濱區一季度完成工業投資42.6億元，同比增長18.3%，涉及感測器、新材料等領域。"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
@pytest.mark.parametrize("size", [8, 20, 200, 2_000])
def test_simplified_in(encoding: str, size: int) -> None:
    written = (SIMPLIFIED * 60)[:size]
    assert decode(written.encode(encoding)) == written


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("size", [8, 20, 200, 2_000])
def test_traditional_in(encoding: str, size: int) -> None:
    written = (TRADITIONAL * 60)[:size]
    assert decode(written.encode(encoding)) == written


def test_rare_characters() -> None:
    assert decode(("𠮷㐀龘" + SIMPLIFIED).encode("gb18030")) == "𠮷㐀龘" + SIMPLIFIED


def test_encoding_that_the_page_names() -> None:
    page = f'<html><head><meta charset="gb2312"><title>湖滨</title></head><p>{BODY}</p></html>'
    assert BODY in load("a.html", page.encode("gbk")).text
    assert BODY in load("a.html", page.replace("gb2312", "utf-8").encode("gbk")).text


def test_a_trace_of_damage_is_borne_and_more_is_not() -> None:
    long = (SIMPLIFIED * 60).encode()
    assert "\ufffd" in load("a.txt", long + b"\xff").text
    assert "编码" in refused("a.txt", SIMPLIFIED.encode() + b"\xff\xfe\xfd")


@pytest.mark.parametrize("wrong", ["gb18030", "latin-1", "cp1252"])
def test_mojibake_is_refused(wrong: str) -> None:
    garbled = SIMPLIFIED.encode().decode(wrong, errors="ignore")
    assert "编码" in refused("a.txt", garbled.encode())


@pytest.mark.parametrize("sign", ["锟斤拷锟斤拷湖滨区", "烫烫烫烫烫烫", "\ufffd\ufffd湖滨区"])
def test_signs_of_lost_characters_are_refused(sign: str) -> None:
    assert "乱码" in refused("a.txt", sign.encode())


def test_an_article_may_mention_mojibake() -> None:
    assert "锟斤拷" in text("a.txt", f"乱码从何而来\n程序员都见过“锟斤拷”。{BODY * 3}").text


# --- bad files --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\t ", b"\xef\xbb\xbf", b"\xff\xfe", "　\u200b".encode()]
)
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_empty(data: bytes, suffix: str) -> None:
    assert "没有可收录的文字" in refused("a" + suffix, data)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_garbage_under_any_name(suffix: str) -> None:
    garbage = bytes(range(128, 256)) * 40 + bytes(range(32)) * 40
    assert refused("a" + suffix, garbage)


def test_unknown_types_are_told_the_known_ones() -> None:
    assert ".docx" in refused("运行.log", BODY.encode())
    assert ".md" in refused("无后缀", BODY.encode())


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "另存为 .docx"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "已加密",
        ),
        ("a.txt", b"{\\rtf1\\ansi ...}", "RTF"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(99), "OCR"),
        ("a.pdf", BODY.encode(), "内容却不是"),
        ("a.docx", BODY.encode(), "内容却不是"),
        ("a.docx", b"PK\x03\x04" + bytes(99), "损坏"),
        ("a.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 9, "损坏"),
    ],
)
def test_what_it_is_instead(name: str, data: bytes, word: str) -> None:
    assert word in refused(name, data)


def test_too_large() -> None:
    assert "上限" in refused("a.txt", BODY.encode() * 99, max_bytes=1_000)
    assert "上限" in refused("a.txt", BODY.encode() * 99, max_characters=1_000)
    assert "上限" in refused("a.html", f"<p>{BODY * 99}".encode(), max_characters=1_000)


@pytest.mark.parametrize(
    "name", ["../../etc/a.txt", "a\0b.txt", "=cmd.txt", "长" * 300 + ".TXT", "\u202etxt.md"]
)
def test_odd_names(name: str) -> None:
    assert text(name, BODY).source == name


# --- HTML -------------------------------------------------------------------------------------------

PORTAL = f"""<!DOCTYPE html><html><head><title>湖滨工业投资增长18.3%_东山新闻网</title>
<meta name="PubDate" content="2024-05-06 10:22:00"><meta property="og:site_name" content="东山新闻网">
<style>p{{}}</style><script>alert("脚本")</script></head><body>
<div class="top-nav"><a href="/">首页</a><a href="/a">财经</a><a href="/b">体育</a></div>
<header><h2>东山新闻网</h2></header>
<div class="wrap"><div class="crumbs">首页 &gt; 财经</div>
<h1>湖滨工业投资增长18.3%</h1>
<div class="info">来源：东山新闻网 2024-05-06 10:22 字号 大 中 小</div>
<div class="content"><p>{BODY[:20]}
   {BODY[20:]}</p><!-- 注释 --><h2>三个领域</h2><p>{MORE}</p>
<p style="display: none">看不见的字</p><p hidden>也看不见</p>
<table><caption>表1 投资（单位：亿元）</caption>
<tr><th rowspan="2">领域</th><th colspan="2">2024年</th></tr><tr><th>总量</th><th>增速（%）</th></tr>
<tr><td>传感器</td><td>12.5</td><td>8.1</td></tr><tr><td>新材料</td><td></td><td>6.4</td></tr>
<tr><td colspan="3">注：初步统计数</td></tr></table>
<p>&amp;lt; A&nbsp;&nbsp;B &hellip;</p><p>（责任编辑：林某）</p></div>
<div class="related"><ul><li><a>暴雨预警升级为橙色</a></li><li><a>面馆排队</a></li><li><a>春茶上市</a></li></ul></div>
</div><footer>浙ICP备00000000号 版权所有</footer></body></html>"""


def test_a_portal() -> None:
    page = text("a.html", PORTAL)
    assert page.text == (
        f"湖滨工业投资增长18.3%\n{BODY}\n三个领域\n{MORE}\n表1 投资（单位：亿元）\n"
        "传感器：2024年总量 12.5；2024年增速 8.1%。\n新材料：2024年增速 6.4%。\n"
        "注：初步统计数\n&lt; A B …\n"
    )
    assert (page.title, page.date) == ("湖滨工业投资增长18.3%", "2024-05-06")
    assert page.publication == "东山新闻网"
    assert headings(page) == ["三个领域"]


def test_an_official_page_with_a_table_of_facts() -> None:
    page = text(
        "a.htm",
        f"""<html><head><title>关于技术改造的通知-湖滨区人民政府</title></head><body><form id="aspnet">
        <table><tr><td>索 引 号：</td><td>K1/2024</td><td>发文字号：</td><td>湖政办〔2024〕5号</td></tr>
        <tr><td>成文日期：</td><td>2024-05-06</td><td>发文机关：</td><td>湖滨区政府办</td></tr></table>
        <div><p align=center><b>关于技术改造的通知</b></p><p>{BODY}</p><p><b>一、范围</b></p><p>{MORE}</p></div>
        <div>主办：湖滨区人民政府办公室</div><div>浙公网安备33010000000001号</div></form></body></html>""",
    )
    assert (page.title, page.date) == ("关于技术改造的通知", "2024-05-06")
    assert page.publication == "湖滨区政府办"
    assert headings(page) == ["一、范围"]
    assert "湖政办〔2024〕5号" in page.text
    assert [word for word in ("索引号", "K1", "公网安备", "主办") if word in page.text] == []


def test_an_intranet_page_laid_out_with_a_table() -> None:
    page = text(
        "a.html",
        f"""<html><head><title>内网门户</title></head><body><table><tr><td width=150>
        <ul><li><a>通讯录</a><li><a>流程中心</a><li><a>知识库</a></ul></td><td><h1>门禁须知</h1>
        <p>{BODY}</p><ol><li>刷卡进门</li><li>访客登记</li></ol></td></tr></table></body></html>""",
    )
    assert page.text == f"门禁须知\n{BODY}\n1. 刷卡进门\n2. 访客登记\n"


def test_a_page_of_links_keeps_them() -> None:
    page = text(
        "a.html", "<ul>" + "".join(f"<li><a>政策文件第{n}号</a>" for n in range(5)) + "</ul>"
    )
    assert "政策文件第3号" in page.text


def test_no_entity_is_expanded() -> None:
    page = text(
        "a.html",
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">'
        f'<!ENTITY y "秘密">]><html><body><p>{BODY}&x;&y;</p></body></html>',
    )
    assert BODY in page.text
    assert "秘密" not in page.text.replace('"秘密"', "")


def test_nesting_has_no_limit() -> None:
    nested = "<div><span>" * 20_000 + BODY + "</span></div>" * 20_000
    assert BODY in text("a.html", nested).text


def test_html_under_another_name() -> None:
    assert text("a.txt", PORTAL).title == "湖滨工业投资增长18.3%"


def test_a_unit_goes_to_the_figures_it_measures() -> None:
    rows = (
        "指标|单位|2024年|增速（%）|排名\n|--|--|--|--|--|\n工业投资|亿元|42.6|8.1|2\n评级|级|A+||1"
    )
    lines = text("a.md", f"# 表\n\n{rows}\n").text.splitlines()
    assert lines[1] == "工业投资：2024年 42.6亿元；增速 8.1%；排名 2。"
    assert lines[2] == "评级：单位 级；2024年 A+；排名 1。"


def test_an_office_that_names_a_row_is_no_unit() -> None:
    rows = "单位|岗位|人数\n|--|--|--|\n县档案馆|修复师|2\n县气象局|预报员|5"
    lines = text("a.md", f"# 表\n\n{rows}\n").text.splitlines()
    assert lines[1:] == ["县档案馆：岗位 修复师；人数 2。", "县气象局：岗位 预报员；人数 5。"]


def test_a_rank_before_a_name_is_no_label() -> None:
    rows = "名次|企业|营收（亿元）\n|--|--|--|\n1|甲厂|42.6\n2|乙厂|8.1"
    assert text("a.md", f"# 表\n\n{rows}\n").text.splitlines()[1] == "甲厂：名次 1；营收 42.6亿元。"


# --- Markdown ---------------------------------------------------------------------------------------


def test_markdown() -> None:
    document = text(
        "a.md",
        f"""---
title: 湖滨投资
date: 2024-05-06
source: "东山日报"
---
# 湖滨投资

{BODY[:20]}
{BODY[20:]} [链接](http://a.example) ![图](b.png) `代码`

## 一览

1. 第一项
2. **第二项**

| 指标 | 总量（亿元） | 增速 |
|---|---|---|
| 工业投资 | 42.6 | 18.3% |
| 技术改造 |  | 8% |

<div onclick="x()">块<script>坏</script></div>

```
a = 1
b = 2
```
""",
    )
    assert document.text == (
        f"湖滨投资\n{BODY} 链接 图 代码\n一览\n1. 第一项\n2. 第二项\n"
        "工业投资：总量 42.6亿元；增速 18.3%。\n技术改造：增速 8%。\n块\na = 1\nb = 2\n"
    )
    assert (document.title, document.date) == ("湖滨投资", "2024-05-06")
    assert document.publication == "东山日报"
    assert headings(document) == ["一览"]


# --- PDF --------------------------------------------------------------------------------------------


def test_pdf() -> None:
    head = "湖滨区年度报告"
    broken = wrapped(MORE + BODY)
    pages = [
        [head, "湖滨投资公报", *wrapped(BODY + MORE), "一、工业", broken[0], "- 1 -"],
        [head, *broken[1:], "二、其他", *wrapped(MORE), "- 2 -"],
        [head, *wrapped(BODY), "第3页"],
    ]
    document = load("公报.pdf", make_pdf(pages, title="湖滨投资公报"))
    assert document.text == (
        f"湖滨投资公报\n{BODY}{MORE}\n一、工业\n{MORE}{BODY}\n二、其他\n{MORE}\n{BODY}\n"
    )
    assert (document.title, headings(document)) == ("湖滨投资公报", ["一、工业", "二、其他"])
    begun = [document.text[start:] for start in document.page_starts]
    assert begun[0] == document.text
    assert begun[1].startswith("".join(broken[1:]))
    assert begun[2] == f"{BODY}\n"


def test_pdf_title_over_two_lines() -> None:
    data = make_pdf([["关于印发湖滨区技术改造", "实施办法的通知", *wrapped(BODY)]])
    assert load("a.pdf", data).title == "关于印发湖滨区技术改造实施办法的通知"


def test_pdf_as_a_browser_prints_it() -> None:
    """Two pages are enough to know the time of printing; radicals stand for the characters."""
    rows = wrapped("湖滨区一季度完成工业投资。" + MORE)
    radicals = str.maketrans("一工", "⼀⼯")
    pages = [
        ["湖滨投资", rows[0].translate(radicals), "3/5/24, 1:56 PM", "file:///a.html 1/2"],
        [*rows[1:], "二、其他", "3/5/24, 1:56 PM", "file:///a.html 2/2"],
    ]
    expected = "湖滨投资\n" + "".join(rows) + "\n二、其他\n"
    assert load("a.pdf", make_pdf(pages)).text == expected


def test_pdf_whose_title_runs_on() -> None:
    pages = [["湖滨投资公报", *wrapped(BODY)], ["湖滨投资公报", *wrapped(MORE)]]
    document = load("a.pdf", make_pdf(pages, title="湖滨投资公报"))
    assert document.text == f"湖滨投资公报\n{BODY}\n{MORE}\n"


def test_encrypted_pdf() -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(make_pdf([[BODY]]))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    assert "已加密" in refused("a.pdf", out.getvalue())


def test_pdf_that_only_forbids_printing() -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(make_pdf([[BODY]]))))
    writer.encrypt("", "owner", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    assert BODY in load("a.pdf", out.getvalue()).text


def test_scanned_pdf() -> None:
    assert "OCR" in refused("a.pdf", make_pdf([["1"], ["2"]]))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_truncated_pdf(share: float) -> None:
    data = make_pdf([[BODY], [MORE]])
    try:
        assert load("a.pdf", data[: int(share * len(data))]).text
    except LoadError as error:
        assert "PDF" in str(error) or "损坏" in str(error)


# --- DOCX -------------------------------------------------------------------------------------------


def test_docx() -> None:
    def write(document: Any) -> None:  # noqa: ANN401 - python-docx has no types
        document.add_paragraph("湖滨投资", style="Title")
        document.add_paragraph(BODY)
        document.add_heading("一、一览", 1)
        table = document.add_table(rows=4, cols=3)
        rows = [("指标", "总量（亿元）", "增速"), ("工业投资", "42.6", "18.3%"), ("技改", "", "8%")]
        for row, texts in zip(table.rows, rows, strict=False):
            for cell, content in zip(row.cells, texts, strict=True):
                cell.text = content
        table.rows[3].cells[0].merge(table.rows[3].cells[2]).text = "注：初步统计数"
        document.add_paragraph(MORE)

    document = load("a.docx", make_docx(write))
    assert document.text == (
        f"湖滨投资\n{BODY}\n一、一览\n工业投资：总量 42.6亿元；增速 18.3%。\n技改：增速 8%。\n"
        f"注：初步统计数\n{MORE}\n"
    )
    assert document.title == "湖滨投资"
    assert headings(document) == ["一、一览"]
    assert document.date == ""


def test_docx_without_styles() -> None:
    def write(document: Any) -> None:  # noqa: ANN401 - python-docx has no types
        for line in (
            "湖滨区人民政府文件",
            "关于技术改造的通知",
            "各街道：",
            BODY,
            "一、范围",
            MORE,
        ):
            document.add_paragraph(line)

    document = load("a.docx", make_docx(write))
    assert document.title == "关于技术改造的通知"
    assert headings(document) == ["一、范围"]


def _zip(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_archives_that_would_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "压缩" in refused("a.docx", _zip({"word/document.xml": bytes(3_000_000)}))
    many = {f"word/{n}.xml": b"" for n in range(from_docx.MOST_ENTRIES + 1)}
    assert "成员" in refused("a.docx", _zip(many))
    monkeypatch.setattr(from_docx, "MOST_UNPACKED", 1_000)
    assert "MB" in refused("a.docx", _zip({"word/document.xml": bytes(2_000)}))


def test_other_archives() -> None:
    assert ".docx" in refused("a.xlsx", _zip({"xl/workbook.xml": b"<x/>"}))
    assert "损坏" in refused("a.docx", _zip({"word/document.xml": b"<x"}))


# --- what is true of every text ---------------------------------------------------------------------


@given(st.sampled_from(SUFFIXES), st.binary(max_size=400))
@settings(max_examples=120, deadline=None)
def test_nothing_but_load_error_is_raised(suffix: str, data: bytes) -> None:
    for head in (b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b"\xff\xfe"):
        try:
            document = load("a" + suffix, head + data)
        except LoadError as error:
            assert str(error).endswith("。")
        else:
            assert document.text.strip()


PIECES = st.sampled_from(
    [BODY, MORE, "一、工业", "投资情况", "版权声明", "来源：东山网", "2024-05-06", "# 标题",
     "| a | b |\n|--|--|\n| 1 | 2 |", "<p>段", "<table><tr><td>甲<td>乙", "上一篇 下一篇", "索引号：", 
     "\u3000", "e\u0301", "\u200b", "相关阅读"]
)  # fmt: skip
CONTENTS = st.lists(PIECES | st.text(max_size=12), max_size=14).map("\n".join)


@given(st.sampled_from([".txt", ".md", ".html"]), CONTENTS)
@settings(max_examples=200, deadline=None)
def test_every_text_is_canonical(suffix: str, content: str) -> None:
    try:
        document = load("a" + suffix, content.encode("utf-8", "ignore"))
    except LoadError as error:
        assert error.__cause__ is None  # refused on purpose, not by accident
        return
    assert canonical(document.text) == document.text
    assert not any(
        unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in document.text.replace("\n", "")
    )
    ends = [section.span.end for section in document.sections]
    starts = [section.span.start for section in document.sections]
    assert starts[1:] == ends[:-1]
    assert not ends or ends[-1] == len(document.text)
    for section in document.sections:
        assert section.span.of(document.text).startswith(section.heading + "\n")
    assert document.id == load("b" + suffix, content.encode("utf-8", "ignore")).id


@given(st.text(st.characters(), max_size=60))
@settings(max_examples=200, deadline=None)
def test_normalising_again_changes_nothing(content: str) -> None:
    assert canonical(canonical(content)) == canonical(content)
