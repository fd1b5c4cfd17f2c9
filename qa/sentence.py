"""What the rules read: a passage as sentences, each as clauses, and what in one may be an answer.

It knows where words stand and what governs them. Whether they meet a question is
qa/conditions.py's business; what of them may be its answer, qa/finders.py's.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from index.split import sentences
from index.types import Document, Span
from qa.figures import fold
from qa.terms import Term
from qa.types import Passage
from qa.words import stands_in, words

# The marks that end a clause.
CLAUSE = re.compile("[，,；;：:。！？!?]+")
# A row of a table: its label and two fields at least, each a heading and a value.
ROW = re.compile("(?:其中[：:])?(?P<label>[^：:，,。；;]{1,30})[：:]\\S+ [^；;]+[；;]\\S+ \\S")
# What stands between characters and says nothing of what is meant: 5000万元（含）以上.
_QUOTES = re.compile("[“”‘’\"'「」]|\\([不]?含\\)")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence between marks: where it stands, and its folded text."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with what it may lean on: its clauses, what stands before it, what governs it."""

    document: Document
    span: Span
    clauses: tuple[Clause, ...]
    before: str
    heading: str
    title: str

    def clause_at(self, offset: int) -> int:
        """The number of the clause that holds a character of the document."""
        for number, clause in enumerate(self.clauses):
            if offset < clause.span.end:
                return number
        return len(self.clauses) - 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible answer: its spans, the clause it stands in, how well its kind fits (to 1)."""

    spans: tuple[Span, ...]
    clause: int
    fit: float
    start: int
    evidence: Span | None = None
    kind: str = ""
    unit: str = ""


def sentences_of(passage: Passage, *, headings: bool = False) -> Iterator[Sentence]:
    """The sentences of a passage; its heading is read only as what governs them, unless asked for."""
    document = passage.document
    before, line = "", -1
    for span in sentences(document.text, passage.span):
        line_start = document.text.rfind("\n", 0, span.start) + 1
        if line_start != line:
            line = line_start
            before = fold(_row_above(document.text, line) + document.text[line : span.start])
        heading = document.heading_at(span.start)
        if headings or span.of(document.text) != heading:
            yield Sentence(
                document,
                span,
                _clauses(document.text, span),
                before,
                fold(heading),
                fold(document.title),
            )
        before += fold(span.of(document.text))


def _row_above(text: str, line: int) -> str:
    """The label that a row which begins with 其中 is a part of: that of the last row which does not."""
    part = text.startswith("其中", line)
    while line > 0 and text.startswith("其中", line):
        line = text.rfind("\n", 0, line - 1) + 1
    return re.split("[：:]", text[line:].split("\n", 1)[0])[0] if part else ""


def _clauses(text: str, sentence: Span) -> tuple[Clause, ...]:
    found, at = [], sentence.start
    for match in CLAUSE.finditer(text, sentence.start, sentence.end):
        # The comma of 1,200 and the colon of 9:30 divide nothing.
        around = (
            text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
        )
        if re.fullmatch(r"\d\d", around) and match.group() in ",:：":
            continue
        found.append(Clause(Span(at, match.end()), fold(text[at : match.end()])))
        at = match.end()
    if at < sentence.end:
        found.append(Clause(Span(at, sentence.end), fold(text[at : sentence.end])))
    return tuple(found)


def holds(text: str, term: Term) -> bool:
    """Whether a text says a term by one of its variants, quotation marks or none in it."""
    bare = _QUOTES.sub("", text)
    said = any(stands_in(variant, text) or stands_in(variant, bare) for variant in term.variants)
    return said or (term.kind == "noun" and _is_said_in_full(term.text, bare))


@lru_cache(maxsize=32768)
def _is_said_in_full(short: str, text: str) -> bool:
    """Whether a text has the full name of what is called by three of its characters or more.

    Each begins a word there, the last may end one: 发改委 is 发展和改革委员会. Of two characters nobody
    knows: 社保 is 社会保障, and 社区保安 besides.
    """
    if not _SHORT.fullmatch(short) or not set(short) <= set(text):
        return False
    # A word that the cutter knows and that names no house is short for nothing.
    if short[-1] not in _HOUSES and short in rjieba.cut(short, hmm=False):
        return False
    whole = re.search("[\u4e00-\u9fff]{0,6}?".join(short), text)
    if whole is None:
        return False
    ends = {0, *itertools.accumulate(len(word) for word, _ in tagged(text))}
    at = [whole.start()]
    for character in short[1:]:
        at.append(text.index(character, at[-1] + 1))
    return ends.issuperset(at[:-1]) and not ends.isdisjoint({at[-1], at[-1] + 1})


_SHORT = re.compile("[\u4e00-\u9fff]{3,5}")
_HOUSES = frozenset("局委会办院校所队行社馆班厅署")


def candidate_at(sentence: Sentence, spans: Sequence[Span], fit: float = 1.0) -> Candidate:
    """The candidate of these spans, in the clause that the first stands in."""
    return Candidate(tuple(spans), sentence.clause_at(spans[0].start), fit, spans[0].start)


def matches(pattern: str, sentence: Sentence) -> Iterator[Candidate]:
    """A candidate for each place where a pattern stands in the sentence."""
    for match in re.finditer(pattern, sentence.span.of(sentence.document.text)):
        yield candidate_at(
            sentence, [Span(match.start() + sentence.span.start, match.end() + sentence.span.start)]
        )


@lru_cache(maxsize=4096)
def tagged(text: str) -> tuple[tuple[str, str], ...]:
    """The words of a text, each with its part of speech."""
    return tuple(words(text))
