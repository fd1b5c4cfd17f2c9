"""Which headings govern a place, told by how they are numbered."""

from index.headings import outer
from index.types import Document, Section, Span

_HEADINGS = [
    "第一部分 2024年工作回顾", "一、投资", "（一）工业", "（二）农业", "二、外贸",
    "第二部分 2025年重点任务", "一、投资", "结束语", "附件一 名词解释", "1. 用语",
]  # fmt: skip


def _document() -> tuple[Document, list[int]]:
    text, sections = "", []
    for heading in _HEADINGS:
        start = len(text)
        text += f"{heading}\n正文。\n"
        sections.append(Section(heading, Span(start, len(text))))
    document = Document("d", "d.txt", "报告", text, sections=tuple(sections))
    return document, [section.span.start + len(section.heading) + 1 for section in sections]


def test_a_place_is_governed_by_what_its_section_stands_under() -> None:
    document, places = _document()
    governed = dict(zip(range(len(_HEADINGS)), (outer(document, at) for at in places), strict=True))
    assert governed == {
        0: (),
        1: ("第一部分 2024年工作回顾",),
        2: ("一、投资", "第一部分 2024年工作回顾"),
        3: ("一、投资", "第一部分 2024年工作回顾"),
        4: ("第一部分 2024年工作回顾",),
        5: (),
        6: ("第二部分 2025年重点任务",),
        # What has no number may stand anywhere.
        7: (),
        8: (),
        9: ("附件一 名词解释",),
    }


def test_without_sections_nothing_governs() -> None:
    assert outer(Document("d", "d.txt", "报告", "正文。"), 1) == ()
