"""A document to chunks, on the boundaries Chinese text has: section, paragraph, sentence, clause.

The one file that knows LangChain's splitter. Asked for no overlap, no stripping and separators
kept at the end, it returns an exact partition of what it was given, so that spans are running
sums of lengths and nothing is searched for. Sentence boundaries for reading are here as well.
"""

import re
from collections.abc import Callable, Iterator

from langchain_text_splitters import RecursiveCharacterTextSplitter

from index.types import Chunk, Document, Span

CountTokens = Callable[[str], int]

# A closing quotation mark or bracket belongs to the sentence it closes.
_CLOSING = "[”’」』》）)\\]\"']*"
_SENTENCE_END = f"(?:[。！？!?]|…+|(?<=[A-Za-z]{{2}})\\.(?=\\s)){_CLOSING}"
_SEPARATORS = ["\n", _SENTENCE_END, f"[；;]{_CLOSING}", f"[，,、：:]{_CLOSING}", " ", ""]
_SENTENCE = re.compile(f"[^\n]*?(?:{_SENTENCE_END}(?=[^。！？!?…]|$)|\n|$)")


def split(document: Document, count_tokens: CountTokens, max_tokens: int = 200) -> list[Chunk]:
    """Cut a document into chunks of at most `max_tokens` tokens of the embedding model.

    The chunks partition the text in order, none crosses a section; a stretch of white space alone
    is left out. `count_tokens` is the model's own tokenizer: a model cuts off what it cannot take
    without a word. One character that alone has more tokens than the limit stays whole.
    """
    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        is_separator_regex=True,
        keep_separator="end",
        chunk_size=max_tokens,
        chunk_overlap=0,
        length_function=count_tokens,
        strip_whitespace=False,
    )
    return [
        Chunk(
            id=f"{document.id}:{span.start}-{span.end}",
            document_id=document.id,
            span=span,
            text=span.of(document.text),
            heading=document.heading_at(span.start),
        )
        for stretch in _stretches(document)
        for span in _pieces(splitter, stretch, document.text)
        if span.of(document.text).strip()
    ]


def sentences(text: str, within: Span) -> list[Span]:
    """The sentences of `text` in a range, trimmed of white space; a line end always ends one.

    >>> text = "一是好。“真的？”他问。"
    >>> [span.of(text) for span in sentences(text, Span(0, len(text)))]
    ['一是好。', '“真的？”', '他问。']
    """
    found = []
    for match in _SENTENCE.finditer(text, within.start, within.end):
        span = _trimmed(text, Span(match.start(), match.end()))
        if len(span):
            found.append(span)
    return found


def _stretches(document: Document) -> Iterator[Span]:
    """The sections in order and what lies between them: a partition of the text."""
    at = 0
    for section in document.sections:
        if section.span.start > at:
            yield Span(at, section.span.start)
        if section.span.end > at:
            yield Span(max(at, section.span.start), section.span.end)
            at = section.span.end
    if at < len(document.text):
        yield Span(at, len(document.text))


def _pieces(splitter: RecursiveCharacterTextSplitter, stretch: Span, text: str) -> Iterator[Span]:
    at = stretch.start
    for piece in splitter.split_text(stretch.of(text)):
        yield Span(at, at + len(piece))
        at += len(piece)
    if at != stretch.end:
        raise AssertionError(f"the splitter lost characters between {at} and {stretch.end}")


def _trimmed(text: str, span: Span) -> Span:
    inner = span.of(text)
    start = span.start + len(inner) - len(inner.lstrip())
    return Span(start, max(start, span.end - len(inner) + len(inner.rstrip())))
