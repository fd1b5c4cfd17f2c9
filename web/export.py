"""Answers with their sources as text to take away: plain, Markdown, Word.

Each names the question, the short answer, the evidence, and where every citation stands. Knows
python-docx for writing; index/from_docx.py reads.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping

from docx import Document as WordFile
from docx.shared import Pt, RGBColor

from index.types import Document
from qa.types import Answer, Citation
from web.render import whereabouts
from web.words import Words

Asked = tuple[str, Answer]
Documents = Mapping[str, Document]

_SYNTAX = re.compile(r"([\\`*_{}\[\]()#+.!|<>~$-])")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def as_text(talk: Iterable[Asked], documents: Documents, words: Words) -> str:
    """Answers as plain text."""
    return "\n\n".join(
        "\n".join(line for _, line in _lines(asked, documents, words)) for asked in talk
    )


def as_markdown(talk: Iterable[Asked], documents: Documents, words: Words) -> str:
    """Answers as Markdown; what documents and people wrote has no effect in it."""
    written = []
    for asked in talk:
        for form, line in _lines(asked, documents, words):
            written.append(_MARKDOWN[form].format(_SYNTAX.sub(r"\\\1", line)))
    return "\n\n".join(written) + "\n"


_MARKDOWN = {
    "asked": "## {}",
    "short": "**{}**",
    "evidence": "{}",
    "note": "*{}*",
    "source": "- {}",
}


def as_word(talk: Iterable[Asked], documents: Documents, words: Words) -> bytes:
    """Answers as a Word file."""
    file = WordFile()
    file.styles["Normal"].font.size = Pt(11)
    file.add_heading(words.conversation, level=1)
    for asked in talk:
        for form, line in _lines(asked, documents, words):
            text = _NOT_IN_XML.sub("", line)
            if form == "asked":
                file.add_heading(text, level=2)
                continue
            run = file.add_paragraph(style="List Bullet" if form == "source" else None).add_run(
                text
            )
            run.bold = form == "short"
            if form in {"source", "note"}:
                run.font.size, run.font.color.rgb = Pt(9), RGBColor(0x66, 0x70, 0x6A)
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def _lines(asked: Asked, documents: Documents, words: Words) -> Iterator[tuple[str, str]]:
    """What there is to say of one answer, line by line, each with its form."""
    question, answer = asked
    yield "asked", question
    if question != answer.question:
        yield "note", f"{words.understood}{answer.question}"
    yield "note", words.modes[answer.mode]
    if answer.short:
        yield "short", answer.short
    yield "evidence", answer.text
    if answer.variants:
        yield "note", words.variants
    for variant in answer.variants:
        yield "evidence", f"{variant.short}：{variant.citation.quote}[{variant.citation.marker}]"
    if answer.nearest:
        yield "note", words.near
    for citation in (*answer.citations, *(v.citation for v in answer.variants), *answer.nearest):
        where = whereabouts(citation, documents.get(citation.document_id), words)
        yield "source", f"{_mark(answer, citation)}《{citation.title or citation.source}》 {where}"


def _mark(answer: Answer, citation: Citation) -> str:
    return "≈ " if answer.refused else f"[{citation.marker}] "
