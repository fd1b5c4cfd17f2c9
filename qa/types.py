"""The values of questions and answers: pure, frozen, compared by content.

What `as_json` gives is the public form, the same on the command line and from a server.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol, get_args

from index.types import Document, Hit, Span

Mode = Literal["extract", "generate", "calculate", "refuse"]
Stage = Literal["retrieve", "read", "write"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and the answer it was given, as text."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Step:
    """What is being done now for an answer; `question` is the one it is done for, in full."""

    stage: Stage
    question: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that a reader reads, and how well it was ranked (higher is better)."""

    document: Document
    span: Span
    score: float

    @property
    def text(self) -> str:
        return self.span.of(self.document.text)


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer found in a document: the evidence it rests on, and the short answer inside it.

    `answer` has several spans where the answer is a list. `score` is between 0 and 1.
    """

    document: Document
    evidence: Span
    answer: tuple[Span, ...]
    score: float

    @property
    def short(self) -> str:
        """The short answer in the document's own characters."""
        return "、".join(span.of(self.document.text) for span in self.answer)


@dataclass(frozen=True, slots=True)
class Findings:
    """What a reader found, best first; where nothing, `missing` names what it looked for in vain.

    `doubted` is the score of the best answer that it thought too unsure to give, 0 if it had none;
    `likely` is where it would look, if it thinks that the passages do answer.
    `ranking` orders the passages it was given, by their places, best first; () leaves their order.
    """

    readings: tuple[Reading, ...] = ()
    missing: tuple[str, ...] = ()
    ranking: tuple[int, ...] = ()
    doubted: float = 0.0
    likely: Reading | None = None


class Reader(Protocol):
    """The seam where a reader goes: passages to answers with scores, or none."""

    def read(self, question: str, passages: Sequence[Passage]) -> Findings: ...


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact characters a claim rests on: `quote == document.text[span.start:span.end]`, always.

    The other fields say where that is, for people: they are the document's own.
    """

    marker: int
    document_id: str
    span: Span
    quote: str
    title: str
    source: str
    publication: str
    date: str
    page: str
    section: str

    @classmethod
    def of(cls, marker: int, document: Document, span: Span) -> "Citation":
        """Cite a span of a document."""
        return cls(
            marker=marker,
            document_id=document.id,
            span=span,
            quote=span.of(document.text),
            title=document.title,
            source=document.source,
            publication=document.publication,
            date=document.date,
            page=document.page_at(span.start),
            section=document.heading_at(span.start),
        )

    def as_json(self) -> dict[str, Any]:
        """The public form: `start` and `end` in place of the span."""
        fields = asdict(self)
        del fields["span"]
        return {**fields, "start": self.span.start, "end": self.span.end}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "Citation":
        """What `as_json` gave; KeyError, TypeError, AttributeError or ValueError of anything else."""
        texts = {
            name: str(v) for name, v in fields.items() if name not in {"marker", "start", "end"}
        }
        return cls(
            int(fields["marker"]), span=Span(int(fields["start"]), int(fields["end"])), **texts
        )


@dataclass(frozen=True, slots=True)
class Variant:
    """Another value of the same thing, from a document as good as the one that was answered from."""

    short: str
    citation: Citation

    def as_json(self) -> dict[str, Any]:
        """The public form."""
        return {"short": self.short, "citation": self.citation.as_json()}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "Variant":
        """What `as_json` gave; errors as `Citation.from_json`."""
        return cls(str(fields["short"]), Citation.from_json(fields["citation"]))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer that a model worded, and the markers of what it rests on.

    `verified`: the model's own words, checked against what they cite; else the document's.
    """

    text: str
    markers: tuple[int, ...]
    verified: bool

    @property
    def marked(self) -> str:
        """The sentence with its markers."""
        return self.text + "".join(f"[{marker}]" for marker in self.markers)

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "Sentence":
        """What `asdict` gave; errors as `Citation.from_json`."""
        return cls(
            str(fields["text"]), tuple(map(int, fields["markers"])), bool(fields["verified"])
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to one question, with all that is needed to check it.

    `text` is what a person reads, with markers `[1]`; `short` the figure, name or phrase asked for;
    both are "" of evidence when refused: then `text` says what was looked for, and `nearest` are
    passages that do not answer. `confidence`, between 0 and 1, is how likely the answer is right; of a
    refusal, how likely the best answer was that was not given. `timings_ms` is by stage. `missing`
    names what a refusal looked for in vain, `variants` are the values of other documents where they
    differ, newest first; `likely` tells that the first of `nearest` is the one sentence that may answer.
    `sentences` make up the text where a model worded it, and `note` tells the
    user why it did not where it should have, or that the vector index does not answer, or is "";
    `tokens` are those of the model's prompts and replies, for saying a follow-up in full too. Of a
    calculation `short` is the result, and `text` begins with the formula, each operand with its
    marker.
    """

    question: str
    text: str
    short: str
    mode: Mode
    confidence: float
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict, compare=False)
    missing: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    note: str = ""
    tokens: int = 0
    likely: bool = False

    @property
    def refused(self) -> bool:
        """Whether the documents do not hold an answer."""
        return self.mode == "refuse"

    def as_json(self) -> dict[str, Any]:
        """The public form of an answer."""
        return {
            "question": self.question,
            "answer": self.text,
            "short": self.short,
            "mode": self.mode,
            "confidence": round(self.confidence, 3),
            "citations": [citation.as_json() for citation in self.citations],
            "nearest": [citation.as_json() for citation in self.nearest],
            "likely": self.likely,
            "missing": list(self.missing),
            "variants": [variant.as_json() for variant in self.variants],
            "sentences": [asdict(sentence) for sentence in self.sentences],
            "note": self.note,
            "tokens": self.tokens,
            "timings_ms": {stage: round(ms, 1) for stage, ms in self.timings_ms.items()},
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "Answer":
        """What `as_json` gave, without the hits; errors as `Citation.from_json`."""
        if fields["mode"] not in get_args(Mode):
            raise ValueError(f"{fields['mode']!r} is no mode")
        return cls(
            question=str(fields["question"]),
            text=str(fields["answer"]),
            short=str(fields["short"]),
            mode=fields["mode"],
            confidence=float(fields["confidence"]),
            citations=tuple(map(Citation.from_json, fields["citations"])),
            nearest=tuple(map(Citation.from_json, fields["nearest"])),
            timings_ms={stage: float(ms) for stage, ms in fields["timings_ms"].items()},
            missing=tuple(map(str, fields["missing"])),
            variants=tuple(map(Variant.from_json, fields["variants"])),
            sentences=tuple(map(Sentence.from_json, fields["sentences"])),
            note=str(fields["note"]),
            tokens=int(fields["tokens"]),
            # What a browser kept from before has none.
            likely=bool(fields.get("likely", False)),
        )
