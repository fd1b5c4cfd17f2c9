"""Answers and sources as markup for the chat page: values in, text out, nothing else.

Whatever comes from a document, a file name or a person passes through `escape`, which leaves no
character that Markdown or HTML would act on. Gradio sanitises once more and the page's
Content-Security-Policy stands behind both. Each piece of markup is one line without white space at
its ends, so that a Markdown parser takes it as one block of HTML.
"""

import re
from collections.abc import Mapping, Sequence

from index.types import Document, Span
from qa.types import Answer, Citation, Variant
from web.words import ZH, Words

# How much of a document stands around a quotation, in characters, before it is cut short.
_PARAGRAPH = 400
_CONTEXT = 1500

# Where a text is cut: half a figure is another figure.
_STOP = re.compile(r"[。；！？，、\s]")
# A short answer of more characters stands in smaller letters, a list of them line by line.
_LARGE = 40

# Of what stands between two paragraphs, one line end is shown.
_BLANK_LINES = re.compile(r"\n\s*\n")
_MARKER = re.compile(r"(\[\d+\])")
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


def answer_text(
    answer: Answer, place: str, *, words: Words = ZH, asked: str = "", next_: Sequence[str] = ()
) -> str:
    """An answer as a message: how it was answered, the short answer, its evidence and markers.

    `place` is the key of its conversation and its number there, as in "key-3": what is done with
    the answer is asked under it. Where a follow-up was `asked`, it also says which question it was
    taken for. `next_` are questions that may be asked next.
    """
    parts = [_label(answer, words)]
    if asked and asked != answer.question:
        parts.append(_understood(answer.question, words))
    parts += _refused(answer, words) if answer.refused else _answered(answer, place, words)
    parts += [_actions(words), _suggested(answer, next_, words)]
    return f'<div class="yj-answer" id="yj-answer-{place}">{"".join(parts)}</div>'


def waiting(text: str) -> str:
    """What stands in the place of an answer while it is being made."""
    return f'<p class="yj-waiting">{escape(text)}</p>'


def no_sources_text(words: Words = ZH) -> str:
    """What stands in the place of sources before there are any."""
    return f'<p class="yj-empty">{words.no_sources}</p>'


def apology(message: str, words: Words = ZH) -> str:
    """A failure as a message: one sentence."""
    label = f'<span class="yj-mode yj-refuse">{words.apology}</span>'
    return f'<div class="yj-answer">{label}<p>{escape(message)}</p></div>'


def sources_text(
    answer: Answer, documents: Mapping[str, Document], place: str, words: Words = ZH
) -> str:
    """The sources of one answer, or what stands nearest to a refused question.

    A document that is gone by now is shown by its citation alone.
    """
    cited = answer.nearest if answer.refused else _all_cited(answer)
    if not cited:
        return ""
    note = f'<p class="yj-note">{words.near}</p>' if answer.refused else ""
    cards = "".join(
        _card(
            citation,
            documents,
            place,
            words,
            cited=not answer.refused,
            # Of what is near, a sentence that may answer stands out; a passage as a whole does not.
            marked=not answer.refused or (answer.likely and citation is cited[0]),
        )
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
    return _cut(text, Span(start, len(text) if end < 0 else end), span, limit)


def context_around(document: Document, span: Span, limit: int = _CONTEXT) -> Span:
    """The section that holds a span, else the document, cut to `limit` characters on either side."""
    for section in reversed(document.sections):
        if section.span.holds(span):
            return _cut(document.text, section.span, span, limit)
    return _cut(document.text, Span(0, len(document.text)), span, limit)


def whereabouts(citation: Citation, document: Document | None, words: Words = ZH) -> str:
    """Publication, date, page, section, file and characters of a citation, as far as known."""
    paged = document is not None and document.page_starts
    named = words.page if paged else words.sheet
    page = named.format(page=citation.page) if citation.page else ""
    characters = words.characters.format(start=citation.span.start, end=citation.span.end)
    parts = [
        citation.publication,
        citation.date,
        page,
        citation.section,
        citation.source,
        characters,
    ]
    return " · ".join(part for part in parts if part)


# -- the parts of a message ------------------------------------------------------------------


def _label(answer: Answer, words: Words) -> str:
    """How it was answered, and how sure that is, in words."""
    label = f'<span class="yj-mode yj-{answer.mode}">{words.modes[answer.mode]}</span>'
    if answer.refused:
        return label
    sure = next(said for least, said in words.sureness if answer.confidence >= least)
    return f'{label}<span class="yj-sure">{sure}</span>'


def _understood(question: str, words: Words) -> str:
    edit = f'<a class="yj-act yj-edit" href="#edit">{words.edit}</a>'
    meant = f'<span class="yj-understood">{escape(question)}</span>'
    return f'<p class="yj-hint">{words.understood}{meant}{edit}</p>'


def _refused(answer: Answer, words: Words) -> list[str]:
    if answer.missing:
        terms = words.comma.join(f"“{term}”" for term in answer.missing)
        said = words.nothing_of.format(terms=terms)
    else:
        said = answer.text.removeprefix(f"{ZH.modes['refuse']}：")
        if words is not ZH and answer.hits:
            said = words.no_evidence
    hint = f'<p class="yj-hint">{words.near_hint}</p>' if answer.nearest else ""
    return [f"<p>{escape(said)}</p>", _note(answer), hint]


def _answered(answer: Answer, place: str, words: Words) -> list[str]:
    said = _MARKERS_AT_END.sub("", answer.text)
    markers = "".join(_marker(place, citation, words) for citation in answer.citations)
    evidence = f'<p class="yj-evidence">{_emphasised(said, answer.short)}{markers}</p>'
    if answer.sentences:
        evidence = _sentences(answer, place, words)
    if answer.mode == "calculate":
        evidence = _formula(answer, place, words)
    return [_short(answer), evidence, _note(answer), _variants(answer, place, words)]


def _note(answer: Answer) -> str:
    return f'<p class="yj-hint">{escape(answer.note)}</p>' if answer.note else ""


def _sentences(answer: Answer, place: str, words: Words) -> str:
    """What a model worded, sentence by sentence: whether it is checked or the document's own words."""
    cited = {citation.marker: citation for citation in answer.citations}
    parts = [
        f'<span class="{"yj-checked" if sentence.verified else "yj-quoted"}"'
        f' title="{words.checked if sentence.verified else words.quoted}">'
        f"{_emphasised(sentence.text, answer.short)}</span>"
        + "".join(_marker(place, cited[m], words) for m in sentence.markers if m in cited)
        for sentence in answer.sentences
    ]
    return f'<p class="yj-evidence">{"".join(parts)}</p><p class="yj-hint">{words.worded}</p>'


def _formula(answer: Answer, place: str, words: Words) -> str:
    """How a result comes about, and the sentences that its operands stand in, each with its marker."""
    formula, *_ = answer.text.partition("\n")
    cited = {f"[{citation.marker}]": citation for citation in answer.citations}
    parts = [
        _marker(place, cited[part], words) if part in cited else escape(part)
        for part in _MARKER.split(formula)
    ]
    quotes = [
        f"<span>{escape(citation.quote)}</span>{_marker(place, citation, words)}"
        for citation in answer.citations
    ]
    shown = "".join(f'<p class="yj-evidence">{line}</p>' for line in ("".join(parts), *quotes))
    return f'{shown}<p class="yj-hint">{words.calculated}</p>'


def _variants(answer: Answer, place: str, words: Words) -> str:
    """The values of all documents where they differ, each with the date of its document."""
    if not answer.variants:
        return ""
    given = Variant(answer.short, answer.citations[0])
    lines = "".join(_variant(variant, place, words) for variant in (given, *answer.variants))
    return f'<div class="yj-variants"><p>{words.variants}</p><ul>{lines}</ul></div>'


def _variant(variant: Variant, place: str, words: Words) -> str:
    cited = variant.citation
    return (
        f"<li><strong>{escape(variant.short)}</strong>"
        f'<span class="yj-dated">{escape(cited.date or words.undated)}</span>'
        f"<bdi>{escape(cited.title or cited.source)}</bdi>{_marker(place, cited, words)}</li>"
    )


def _actions(words: Words) -> str:
    """What can be done with an answer; web/chat.js does it."""
    acts = (
        ("copy", words.copy),
        ("copy-markdown", words.copy_markdown),
        ("again", words.again),
        ("up", words.up),
        ("down", words.down),
    )
    links = "".join(f'<a class="yj-act yj-{name}" href="#{name}">{said}</a>' for name, said in acts)
    return f'<p class="yj-acts">{links}</p>'


def _suggested(answer: Answer, questions: Sequence[str], words: Words) -> str:
    if not questions:
        return ""
    lead = words.can_answer if answer.refused else words.ask_next
    items = "".join(
        f'<li><a class="yj-ask" href="#ask">{escape(question)}</a></li>' for question in questions
    )
    return f'<div class="yj-next"><p>{lead}</p><ul>{items}</ul></div>'


def _all_cited(answer: Answer) -> list[Citation]:
    return [*answer.citations, *(variant.citation for variant in answer.variants)]


def _marker(place: str, citation: Citation, words: Words) -> str:
    where = escape(words.source.format(number=citation.marker, title=citation.title))
    return (
        f'<a class="yj-marker" href="#{_anchor(place, citation)}" title="{where}">'
        f"&#91;{citation.marker}&#93;</a>"
    )


def _anchor(place: str, citation: Citation) -> str:
    return f"yj-source-{place}-{citation.marker}"


# -- the parts of the sources ----------------------------------------------------------------


def _card(
    citation: Citation,
    documents: Mapping[str, Document],
    place: str,
    words: Words,
    *,
    cited: bool,
    marked: bool,
) -> str:
    document = documents.get(citation.document_id)
    number = f"&#91;{citation.marker}&#93;" if cited else "≈"
    title = escape(citation.title or citation.source)
    return (
        f'<article class="{"yj-card" if cited else "yj-card yj-near"}"'
        f' id="{_anchor(place, citation)}" tabindex="-1">'
        f'<p class="yj-title"><span class="yj-number">{number}</span><bdi>{title}</bdi></p>'
        f'<p class="yj-where"><bdi>{escape(whereabouts(citation, document, words))}</bdi></p>'
        f"{_passage(citation, document, words, marked=marked)}</article>"
    )


def _passage(citation: Citation, document: Document | None, words: Words, *, marked: bool) -> str:
    if document is None or citation.span.of(document.text) != citation.quote:
        return _text("yj-passage", citation.quote, Span(0, len(citation.quote)), None)
    paragraph = paragraph_around(document.text, citation.span)
    span = citation.span if marked else None
    context = context_around(document, citation.span)
    more = ""
    if not paragraph.holds(context):
        inside = _text("yj-context", document.text, context, span)
        more = f"<details><summary>{words.context}</summary>{inside}</details>"
    address = f"#view/{escape(document.id)}/{citation.span.start}/{citation.span.end}"
    link = f'<a class="yj-act yj-view" href="{address}">{words.open}</a>'
    shown = _text("yj-passage", document.text, paragraph, span)
    return f'{shown}<div class="yj-more">{link}{more}</div>'


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


def _cut(text: str, whole: Span, span: Span, limit: int) -> Span:
    """A stretch around a span, of whole clauses where it is cut."""
    start, end = whole.start, whole.end
    if start < span.start - limit:
        found = _STOP.search(text, span.start - limit, span.start)
        start = found.end() if found else span.start
    if end > span.end + limit:
        stops = [found.end() for found in _STOP.finditer(text, span.end, span.end + limit)]
        end = stops[-1] if stops else span.end
    return Span(start, end)


def _short(answer: Answer) -> str:
    """The short answer, large; a long one smaller, and a long list line by line."""
    short = answer.short
    if len(short) <= _LARGE:
        return f'<p class="yj-short">{escape(short)}</p>' if short else ""
    items = _items(answer.text, short)
    if "、".join(items) != short or len(items) == 1:
        return f'<p class="yj-short yj-long">{escape(short)}</p>'
    lines = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f'<ul class="yj-short yj-long">{lines}</ul>'


def _items(text: str, short: str) -> list[str]:
    """The items of a list; what the text itself has side by side is one of them."""
    items: list[Span] = []
    for place in _places(text, short):
        if items and text[items[-1].end : place.start] == "、":
            items[-1] = Span(items[-1].start, place.end)
        else:
            items.append(place)
    return [item.of(text) for item in items]


def _emphasised(text: str, short: str) -> str:
    """Text with the short answer in bold; of a list, whose parts stand apart, each part."""
    pieces, at = [], 0
    for found in _places(text, short):
        pieces += [escape(text[at : found.start]), f"<strong>{escape(found.of(text))}</strong>"]
        at = found.end
    return "".join([*pieces, escape(text[at:])])


def _places(text: str, short: str) -> list[Span]:
    """Where a short answer stands in a text, or its parts, one after the other.

    What is not found is passed over.
    """
    found, at = [], 0
    for part in filter(None, [short] if short in text else short.split("、")):
        start = text.find(part, at)
        if start >= 0:
            at = start + len(part)
            found.append(Span(start, at))
    return found
