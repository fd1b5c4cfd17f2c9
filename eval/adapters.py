"""Question sets of the field, read from where they lie into our own values; none is shipped.

    squad        SQuAD, CMRC 2018, DRCD: {"data": [{"paragraphs": [{"context", "qas": [...]}]}]}
    lines        JSON lines of {"id", "context_id", "title", "context", "question", "answers",
                 "answer_start", "unanswerable"}
    rgb          JSON lines of {"id", "query", "answer(s)", "positive(s)", "negative(s)"} (Chen et al. 2024)
    nomiracl     JSON lines of {"query", "unanswerable", "passages": [{"docid", "title", "text"}]}
    dragonball   JSON lines of {"id", "query", "answer", "unanswerable", "evidence": [{"doc",
                 "sentence"}]}; the documents, {"id", "title", "text"}, in a file beside it whose
                 name has docs for qa

A file may be gzipped. A passage becomes a file of text, its title above it, that goes through the
door users' files go through; every question is `within` the passages that it was given with.
"""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from pydantic import AliasChoices, BaseModel, Field, TypeAdapter

from eval.cases import Case, File, Place, QuestionSet, SetError, parsed, parsed_lines

# RGB: documents a question, and the shares of them that are noise.
_RGB_DOCUMENTS = 5
_RGB_NOISE = (0.0, 0.2, 0.4, 0.6, 0.8)


class _Line(BaseModel):
    id: str
    context_id: str
    title: str = ""
    context: str
    question: str
    answers: list[str]
    answer_start: list[int]
    unanswerable: bool = False


class _Answer(BaseModel):
    text: str
    answer_start: int


class _Asked(BaseModel):
    id: str | int
    question: str
    answers: list[_Answer] = []
    is_impossible: bool = False


class _Paragraph(BaseModel):
    id: str | int = ""
    context: str
    qas: list[_Asked]


class _Article(BaseModel):
    title: str = ""
    paragraphs: list[_Paragraph]


class _Squad(BaseModel):
    data: list[_Article]


class _Rgb(BaseModel):
    """As published, `answer` has the parts that are all needed, a list among them being wordings
    of one part; `answers` are wordings of one answer."""

    id: str | int
    query: str
    answer: str | list[str | list[str]] = []
    answers: list[str] = []
    positives: list[str | list[str]] = Field(validation_alias=AliasChoices("positives", "positive"))
    negatives: list[str] = Field(validation_alias=AliasChoices("negatives", "negative"))

    @property
    def wordings(self) -> list[list[str]]:
        """Of each part that is needed, how it may be worded."""
        if self.answers:
            return [self.answers]
        parts = [self.answer] if isinstance(self.answer, str) else self.answer
        return [[part] if isinstance(part, str) else part for part in parts]

    @property
    def right(self) -> list[str]:
        """The passages that answer, one after another."""
        return [text for one in self.positives for text in ([one] if isinstance(one, str) else one)]


class _Passage(BaseModel):
    docid: str
    title: str = ""
    text: str


class _NoMiracl(BaseModel):
    query: str
    unanswerable: bool
    passages: list[_Passage]


class _Sentence(BaseModel):
    doc: str
    sentence: str


class _Dragonball(BaseModel):
    id: str
    type: str = ""
    query: str
    answer: str = ""
    unanswerable: bool = False
    evidence: list[_Sentence] = []


class _Text(BaseModel):
    id: str
    title: str = ""
    text: str


@dataclass(slots=True)
class _Shelf:
    """Passages as files; the same text under one key once."""

    files: dict[str, File] = field(default_factory=dict)
    lead: dict[str, int] = field(default_factory=dict)

    def put(self, key: str, title: str, text: str) -> str:
        """Keep a passage under a key, its title above it; the key."""
        above = f"{title}\n\n" if title else ""
        self.files.setdefault(key, File(key, f"{key}.txt", f"{above}{text}\n".encode()))
        self.lead.setdefault(key, len(above))
        return key

    def place(self, key: str, start: int, quote: str) -> Place:
        """A place in a passage, counted from where the passage itself begins."""
        at = start + self.lead[key]
        return Place(key, quote, at, at + len(quote))


def read(path: Path, form: str | None = None) -> QuestionSet:
    """The set in a file; the form is told from its first line if it is not named.

    SetError names the line and the field of what is malformed.
    """
    text = _text(path)
    chosen = form or _form(text, path)
    shelf = _Shelf()
    cases = tuple(_READERS[chosen](text, path, shelf))
    return QuestionSet(path.name.split(".")[0], tuple(shelf.files.values()), cases)


def haystack(path: Path, limit: int = 0) -> tuple[File, ...]:
    """Foreign documents to find the right one among: JSON lines of {"id", "title", "text"}."""
    shelf = _Shelf()
    rows = _rows(_Text, _text(path), path)
    for row in islice(rows, limit or None):
        shelf.put(f"hay-{row.id}", row.title, row.text)
    return tuple(shelf.files.values())


def _squad(text: str, path: Path, shelf: _Shelf) -> Iterator[Case]:
    told = parsed(TypeAdapter(_Squad), text, path, 1)
    for number, article in enumerate(told.data):
        for place, paragraph in enumerate(article.paragraphs):
            key = str(paragraph.id) or f"{number}-{place}"
            shelf.put(key, article.title, paragraph.context)
            for asked in paragraph.qas:
                answers = [] if asked.is_impossible else asked.answers
                yield _spanned(
                    shelf, str(asked.id), key, asked.question, [(a.answer_start, a.text) for a in answers]
                )  # fmt: skip


def _lines(text: str, path: Path, shelf: _Shelf) -> Iterator[Case]:
    for row in _rows(_Line, text, path):
        shelf.put(row.context_id, row.title, row.context)
        answers = [] if row.unanswerable else [*zip(row.answer_start, row.answers, strict=False)]
        yield _spanned(shelf, row.id, row.context_id, row.question, answers)


def _spanned(
    shelf: _Shelf, name: str, key: str, question: str, answers: Sequence[tuple[int, str]]
) -> Case:
    """A question to one passage whose answers are spans of it."""
    places = tuple(shelf.place(key, start, answer) for start, answer in dict.fromkeys(answers))
    return Case(
        id=name,
        question=question,
        kind="question" if answers else "refuse",
        answers=tuple(dict.fromkeys(answer for _, answer in answers)),
        evidence=(places,) if places else (),
        within=(key,),
    )


def _rgb(text: str, path: Path, shelf: _Shelf) -> Iterator[Case]:
    """Five documents a question with rising noise, and with noise alone, where it must be refused."""
    for row in _rows(_Rgb, text, path):
        for noise in (*_RGB_NOISE, 1.0):
            wrong = round(noise * _RGB_DOCUMENTS)
            right = row.right[: _RGB_DOCUMENTS - wrong]
            keys = [
                shelf.put(f"{row.id}-{side}-{place}", "", passage)
                for side, passages in (("p", right), ("n", row.negatives[:wrong]))
                for place, passage in enumerate(passages)
            ]
            if keys and (right or noise == 1.0):
                yield _noisy(shelf, row, noise, keys, right)


def _noisy(shelf: _Shelf, row: _Rgb, noise: float, keys: list[str], right: list[str]) -> Case:
    pieces = [
        tuple(
            shelf.place(f"{row.id}-p-{at}", passage.index(word), word)
            for at, passage in enumerate(right)
            for word in wordings
            if word in passage
        )
        for wordings in row.wordings
    ]
    # Where parts are all needed, each in its first wording makes the answer.
    whole = (
        (*row.wordings[0],) if len(row.wordings) == 1 else ("、".join(w[0] for w in row.wordings),)
    )
    return Case(
        id=f"{row.id}-{noise:.1f}",
        question=row.query,
        kind=f"noise_{noise:.1f}" if right else "refuse",
        answers=whole if right and row.wordings else (),
        evidence=tuple(piece for piece in pieces if piece),
        within=tuple(keys),
    )


def _nomiracl(text: str, path: Path, shelf: _Shelf) -> Iterator[Case]:
    for number, row in enumerate(_rows(_NoMiracl, text, path), start=1):
        keys = [shelf.put(one.docid, one.title, one.text) for one in row.passages]
        kind = "refuse" if row.unanswerable else "question"
        yield Case(id=str(number), question=row.query, kind=kind, within=tuple(keys))


def _dragonball(text: str, path: Path, shelf: _Shelf) -> Iterator[Case]:
    beside = path.with_name(path.name.replace("qa", "docs"))
    if beside == path or not beside.exists():
        raise SetError(f"{path}：要有文档文件 {beside.name} 在旁边。")
    texts = {}
    for document in _rows(_Text, _text(beside), beside):
        shelf.put(document.id, document.title, document.text)
        texts[document.id] = document.text
    for row in _rows(_Dragonball, text, path):
        places = (
            shelf.place(one.doc, max(0, texts[one.doc].find(one.sentence)), one.sentence)
            for one in row.evidence
            if one.doc in texts
        )
        yield Case(
            id=row.id,
            question=row.query,
            kind="refuse" if row.unanswerable else row.type or "question",
            answers=() if row.unanswerable or not row.answer else (row.answer,),
            evidence=() if row.unanswerable else tuple((place,) for place in places),
        )


_READERS: Mapping[str, Callable[[str, Path, _Shelf], Iterable[Case]]] = {
    "squad": _squad,
    "lines": _lines,
    "rgb": _rgb,
    "nomiracl": _nomiracl,
    "dragonball": _dragonball,
}
FORMS = tuple(_READERS)
# A field that only this form has.
_TELLING = {
    "data": "squad",
    "context_id": "lines",
    "positives": "rgb",
    "positive": "rgb",
    "passages": "nomiracl",
    "evidence": "dragonball",
}

Row = TypeVar("Row", bound=BaseModel)


def _rows(form: type[Row], text: str, path: Path) -> Iterator[Row]:
    return parsed_lines(TypeAdapter(form), text, path)


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise SetError(f"{path}：读不了：{error}") from error


def _form(text: str, path: Path) -> str:
    """Which form a file has, by the fields of its first value."""
    decoder = json.JSONDecoder()
    try:
        first: Any = decoder.raw_decode(text.lstrip())[0]
    except json.JSONDecodeError as error:
        raise SetError(f"{path} 第 1 行：不是 JSON：{error}") from error
    fields = first if isinstance(first, dict) else {}
    for name, form in _TELLING.items():
        if name in fields:
            return form
    raise SetError(f"{path}：认不出格式。请用 --form 指明：{', '.join(FORMS)}。")
