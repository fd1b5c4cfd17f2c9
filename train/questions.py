"""Question sets in the one form that training and evaluation read: gzipped JSON lines.

A line is `{"id", "context_id", "title", "context", "question", "answers", "answer_start",
"unanswerable"}`; answers are verbatim in the context, `answer_start` counts its characters. The
sets themselves are no part of the project: `DATA` is where they lie beside it.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.types import Span

DATA = Path(__file__).parent.parent.parent / "shared" / "data"


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question on a context, with the spans that answer it; none where it is unanswerable."""

    id: str
    context_id: str
    title: str
    context: str
    question: str
    answers: tuple[Span, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The answers in characters."""
        return tuple(span.of(self.context) for span in self.answers)


def read_questions(path: Path) -> list[GoldQuestion]:
    """Every question of a file in its order; ValueError where an answer is not in its context."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return list(_questions(lines, path))


def _questions(lines: Iterator[str], path: Path) -> Iterator[GoldQuestion]:
    for line in lines:
        row = json.loads(line)
        spans = tuple(
            Span(start, start + len(answer))
            for answer, start in zip(row["answers"], row["answer_start"], strict=True)
        )
        question = GoldQuestion(
            row["id"], row["context_id"], row["title"], row["context"], row["question"], spans
        )
        if question.texts != tuple(row["answers"]):
            raise ValueError(f"{path}: an answer of {question.id} does not stand where it says")
        yield question
