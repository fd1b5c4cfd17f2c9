"""Answers and sources as markup for the chat page: values in, text out, nothing else.

Whatever comes from a document, a file name or a person passes through `escape`, which leaves no
character that Markdown or HTML would act on. Gradio sanitises once more and the page's
Content-Security-Policy stands behind both. Each piece of markup is one line without white space at
its ends, so that a Markdown parser takes it as one block of HTML.
"""

import re
from collections.abc import Mapping, Sequence

from index.types import Document, Span
from qa.types import Answer, Citation, Mode

LABELS: Mapping[Mode, str] = {"extract": "原文摘录", "generate": "模型改写", "refuse": "证据不足"}

# How much of a document stands around a quotation, in characters, before it is cut short.
_PARAGRAPH = 400
_CONTEXT = 1500

# Of what stands between two paragraphs, one line end is shown.
_BLANK_LINES = re.compile(r"\n\s*\n")
_MARKERS_AT_END = re.compile(r"(?:\[\d+\])+$")


def escape(text: str) -> str:
    """Text as character references: shown as it is, without effect in Markdown and in HTML.

    Letters of all scripts, digits and spaces stay; the rest of ASCII becomes references, which
    neither language ever reads as syntax. Control characters, which have no look, are left out.

    >>> escape("![a](http://b) <i>1.5%</i>")
    '&#33;&#91;a&#93;&#40;http&#58;&#47;&#47;b&#41; &#60;i&#62;1&#46;5&#37;&#60;&#47;i&#62;'
    """
    return "".join(_escape(character) for character in text)


def _escape(character: str) -> str:
    if character in "\n\t":
        return f"&#{ord(character)};"
    if character.isalnum() or character == " " or character > "\x9f":
        return character
    return f"&#{ord(character)};" if character.isprintable() else ""


def question_text(question: str) -> str:
    """What a person asked, as a message."""
    return f'<p class="yj-question">{escape(question)}</p>'


def answer_text(answer: Answer, turn: int, asked: str = "") -> str:
    """An answer as a message: how it was answered, the short answer, its evidence and markers.

    Where a follow-up was `asked`, it also says which question it was taken for.
    """
    label = f'<span class="yj-mode yj-{answer.mode}">{LABELS[answer.mode]}</span>'
    if asked and asked != answer.question:
        label += f'<p class="yj-hint">按上文理解为：{escape(answer.question)}</p>'
    if answer.refused:
        said = escape(answer.text.removeprefix(f"{LABELS['refuse']}："))
        hint = (
            '<p class="yj-hint">来源栏列出了最相近的段落，它们不是答案。</p>'
            if answer.nearest
            else ""
        )
        return f'<div class="yj-answer">{label}<p>{said}</p>{hint}</div>'
    said = _MARKERS_AT_END.sub("", answer.text)
    markers = "".join(_marker(turn, citation) for citation in answer.citations)
    short = f'<p class="yj-short">{escape(answer.short)}</p>' if answer.short else ""
    evidence = f'<p class="yj-evidence">{_emphasised(said, answer.short)}{markers}</p>'
    return f'<div class="yj-answer">{label}{short}{evidence}</div>'


def no_sources_text() -> str:
    """What stands in the place of sources before there are any."""
    return '<p class="yj-empty">提问后，答案所依据的原文列在这里，被引用的字句标出底色。</p>'


def apology(message: str) -> str:
    """A failure as a message: one sentence."""
    return f'<div class="yj-answer"><span class="yj-mode yj-refuse">出错</span><p>{escape(message)}</p></div>'


def sources_text(answer: Answer, documents: Mapping[str, Document], turn: int) -> str:
    """The sources of one answer, or what stands nearest to a refused question.

    A document that is gone by now is shown by its citation alone.
    """
    cited = answer.nearest if answer.refused else answer.citations
    if not cited:
        return ""
    note = '<p class="yj-note">相近段落（不是答案）</p>' if answer.refused else ""
    cards = "".join(
        _card(citation, documents.get(citation.document_id), turn, cited=not answer.refused)
        for citation in cited
    )
    asked = f'<p class="yj-asked">{escape(answer.question)}</p>'
    return f'<section class="yj-sources">{asked}{note}{cards}</section>'


def paragraph_around(text: str, span: Span, limit: int = _PARAGRAPH) -> Span:
    """The whole lines that hold a span, cut to at most `limit` characters on either side of it.

    >>> text = "题目\\n前。这里是。后。\\n尾"
    >>> paragraph_around(text, Span(5, 9)).of(text)
    '前。这里是。后。'
    """
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    return _cut(Span(start, len(text) if end < 0 else end), span, limit)


def context_around(document: Document, span: Span, limit: int = _CONTEXT) -> Span:
    """The section that holds a span, else the document, cut to `limit` characters on either side."""
    for section in reversed(document.sections):
        if section.span.holds(span):
            return _cut(section.span, span, limit)
    return _cut(Span(0, len(document.text)), span, limit)


def whereabouts(citation: Citation, document: Document | None) -> str:
    """Publication, date, page, section, file and characters of a citation, as far as known."""
    paged = document is not None and document.page_starts
    page = f"第{citation.page}{'页' if paged else '版'}" if citation.page else ""
    characters = f"字符 {citation.span.start}–{citation.span.end}"
    parts = [
        citation.publication,
        citation.date,
        page,
        citation.section,
        citation.source,
        characters,
    ]
    return " · ".join(part for part in parts if part)


def _marker(turn: int, citation: Citation) -> str:
    where = escape(f"来源 {citation.marker}：{citation.title}")
    return (
        f'<a class="yj-marker" href="#{_anchor(turn, citation)}" title="{where}">'
        f"&#91;{citation.marker}&#93;</a>"
    )


def _anchor(turn: int, citation: Citation) -> str:
    return f"yj-source-{turn}-{citation.marker}"


def _card(citation: Citation, document: Document | None, turn: int, *, cited: bool) -> str:
    number = f"&#91;{citation.marker}&#93;" if cited else "≈"
    title = escape(citation.title or citation.source)
    return (
        f'<article class="{"yj-card" if cited else "yj-card yj-near"}"'
        f' id="{_anchor(turn, citation)}" tabindex="-1">'
        f'<p class="yj-title"><span class="yj-number">{number}</span><bdi>{title}</bdi></p>'
        f'<p class="yj-where"><bdi>{escape(whereabouts(citation, document))}</bdi></p>'
        f"{_passage(citation, document, cited=cited)}</article>"
    )


def _passage(citation: Citation, document: Document | None, *, cited: bool) -> str:
    if document is None:
        return _text("yj-passage", citation.quote, Span(0, len(citation.quote)), None)
    marked = citation.span if cited else None
    paragraph = paragraph_around(document.text, citation.span)
    context = context_around(document, citation.span)
    more = ""
    if not paragraph.holds(context):
        inside = _text("yj-context", document.text, context, marked)
        more = f"<details><summary>查看上下文</summary>{inside}</details>"
    return _text("yj-passage", document.text, paragraph, marked) + more


def _text(style: str, text: str, shown: Span, marked: Span | None) -> str:
    """A stretch of a text, with an ellipsis where it is cut short, and a span of it highlighted."""
    lead = "…" if text[: shown.start].rpartition("\n")[2].strip() else ""
    tail = "…" if text[shown.end :].partition("\n")[0].strip() else ""
    if marked is None:
        inside = _close(shown.of(text))
    else:
        before, after = text[shown.start : marked.start], text[marked.end : shown.end]
        inside = f"{_close(before)}<mark>{_close(marked.of(text))}</mark>{_close(after)}"
    return f'<div class="{style}">{lead}{inside}{tail}</div>'


def _close(text: str) -> str:
    return escape(_BLANK_LINES.sub("\n", text))


def _cut(whole: Span, span: Span, limit: int) -> Span:
    return Span(max(whole.start, span.start - limit), min(whole.end, span.end + limit))


def _emphasised(text: str, short: str) -> str:
    """Text with the short answer in bold; of a list, whose parts stand apart, each part."""
    parts = [short] if short in text else short.split("、")
    pieces, at = [], 0
    for found in _in_order(text, parts):
        pieces += [escape(text[at : found.start]), f"<strong>{escape(found.of(text))}</strong>"]
        at = found.end
    return "".join([*pieces, escape(text[at:])])


def _in_order(text: str, parts: Sequence[str]) -> list[Span]:
    """Where the parts stand in a text, one after the other; what is not found is passed over."""
    found, at = [], 0
    for part in filter(None, parts):
        start = text.find(part, at)
        if start >= 0:
            at = start + len(part)
            found.append(Span(start, at))
    return found
