"""The assistant: a question in, a cited answer or a reasoned refusal out.

What is served, asked on the command line and evaluated is this one class. It retrieves, lets the
reader read, and cites; it knows neither how documents are stored nor how an answer is shown.
"""

import re
import time
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from index.types import Document, Hit, Retriever, Span
from qa.types import Answer, Citation, Passage, Reader, Reading, Turn

# A second and third source are cited only if they say the same.
_MAX_CITATIONS = 3
_MAX_NEAREST = 3

# What a terminal acts on, pasted with the text.
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Source(Retriever, Protocol):
    """What the assistant needs of an archive."""

    def document(self, document_id: str) -> Document: ...


class Assistant:
    """Answers questions from one archive with one reader. Any thread may ask."""

    def __init__(
        self, source: Source, reader: Reader, *, passages: int = 12, max_question: int = 500
    ) -> None:
        self._source = source
        self._reader = reader
        self._passages = passages
        self._max_question = max_question

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        within: Collection[str] | None = None,
    ) -> Answer:
        """Answer from the documents, or refuse. Never raises for what a person may type.

        `within` are the ids of the documents to answer from; None is all of them.
        """
        started = time.perf_counter()
        asked = clean_question(question)
        if not any(character.isalnum() for character in asked):
            return _refusal(asked, "请输入问题，例如：某项投资增长多少？", started)
        if len(asked) > self._max_question:
            shown = asked[:40] + "…"
            return _refusal(
                shown,
                f"问题有 {len(asked)} 字，上限是 {self._max_question} 字。请把问题写短一些，一次问一件事。",
                started,
            )
        return self._answer(asked, within, started)

    def _answer(self, question: str, within: Collection[str] | None, started: float) -> Answer:
        timings: dict[str, float] = {}
        with _timed(timings, "retrieve"):
            hits = self._source.retrieve(question, self._passages, within)
            documents = {hit.chunk.document_id: None for hit in hits}
            texts = {document_id: self._source.document(document_id) for document_id in documents}
        with _timed(timings, "read"):
            found = self._reader.read(
                question,
                [Passage(texts[hit.chunk.document_id], hit.chunk.span, hit.score) for hit in hits],
            )
        hits = _reranked(hits, found.ranking)
        timings["total"] = 1000 * (time.perf_counter() - started)
        if not found.readings:
            nearest = tuple(
                Citation.of(number, texts[hit.chunk.document_id], trimmed(hit))
                for number, hit in enumerate(hits[:_MAX_NEAREST], start=1)
            )
            text = _looked_for(found.missing, empty=not hits)
            return Answer(question, text, "", "refuse", found.doubted, (), nearest, hits, timings)
        best, *others = found.readings
        agreeing = [best, *_agreeing(best, others)][:_MAX_CITATIONS]
        citations = tuple(
            Citation.of(number, reading.document, reading.evidence)
            for number, reading in enumerate(agreeing, start=1)
        )
        text = citations[0].quote + "".join(f"[{citation.marker}]" for citation in citations)
        return Answer(
            question, text, best.short, "extract", best.score, citations, (), hits, timings
        )


def clean_question(question: str) -> str:
    """A question as it is searched and shown: NFC, no control or format characters, single spaces.

    >>> clean_question("\\u200b钱塘\\x00  投资？\\n")
    '钱塘 投资？'
    """
    kept = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", _ESCAPE.sub("", question))
        if character.isspace()
        or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return " ".join(kept.split())


def trimmed(hit: Hit) -> Span:
    """The span of a hit without the white space around it."""
    text, start = hit.chunk.text, hit.chunk.span.start
    lead = len(text) - len(text.lstrip())
    return Span(start + lead, start + lead + len(text.strip()))


def _reranked(hits: Sequence[Hit], ranking: Sequence[int]) -> tuple[Hit, ...]:
    """The hits in the reader's order; each keeps its place's score, so that higher stays better."""
    ordered = [hits[place] for place in ranking] if ranking else hits
    return tuple(Hit(new.chunk, old.score) for new, old in zip(ordered, hits, strict=True))


def _agreeing(best: Reading, others: Sequence[Reading]) -> Iterator[Reading]:
    """Readings of other documents that give the same short answer."""
    seen = {best.document.id}
    for reading in others:
        if reading.document.id not in seen and reading.short == best.short:
            seen.add(reading.document.id)
            yield reading


def _looked_for(missing: Sequence[str], *, empty: bool) -> str:
    if empty:
        return "证据不足：资料库里没有相关内容。请先用 youju add 收录文件，或换一种问法。"
    if missing:
        named = "、".join(f"“{term}”" for term in missing[:4])
        return f"证据不足：资料库里没有找到能回答这个问题的原文，没有依据的是{named}。"
    return "证据不足：资料库里没有找到能回答这个问题的原文。"


def _refusal(question: str, text: str, started: float) -> Answer:
    total = 1000 * (time.perf_counter() - started)
    return Answer(question, text, "", "refuse", 0.0, timings_ms={"total": total})


@contextmanager
def _timed(
    timings: dict[str, float], stage: str, clock: Callable[[], float] = time.perf_counter
) -> Iterator[None]:
    started = clock()
    yield
    timings[stage] = 1000 * (clock() - started)
