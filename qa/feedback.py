"""What people said of answers: 👍 or 👎, with a reason and, if they know it, the right answer.

Kept beside the library as one line of JSON each, durable when `add` returns. What evaluation makes
of it is in eval/feedback.py.
"""

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from qa.types import Turn

Rating = Literal["up", "down"]
Reason = Literal["", "wrong", "citation", "incomplete", "should_answer", "should_refuse", "other"]

# Of a remark, a question, an answer: what is longer says no more.
_LONGEST = 2000
_MOST_TURNS = 20


@dataclass(frozen=True, slots=True)
class Feedback:
    """One person's word on one answer.

    `answer` is its public form (`Answer.as_json`). `reason` says what is wrong with it, `remark`
    is free text, `correction` the right answer, each "" where nothing was said. `at` is the time,
    ISO 8601 in UTC.
    """

    question: str
    rating: Rating
    answer: Mapping[str, Any]
    history: tuple[Turn, ...] = ()
    reason: Reason = ""
    remark: str = ""
    correction: str = ""
    at: str = ""

    def __post_init__(self) -> None:
        """ValueError, for the user, of what is no feedback."""
        if self.rating not in get_args(Rating) or self.reason not in get_args(Reason):
            raise ValueError(
                f"评价只能是 {'、'.join(get_args(Rating))}，理由只能是 {'、'.join(get_args(Reason)[1:])}。"
            )
        texts = (self.question, self.remark, self.correction)
        if max(map(len, texts)) > _LONGEST or len(self.history) > _MOST_TURNS:
            raise ValueError(f"反馈太长：每项至多 {_LONGEST} 字，上文至多 {_MOST_TURNS} 轮。")


class FeedbackBook:
    """The feedback of one library. Any thread may add; another process may read meanwhile."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "feedback.jsonl"
        self._adding = threading.Lock()

    def add(self, feedback: Feedback) -> None:
        """Append one; when this returns, it is on disk."""
        line = json.dumps(asdict(feedback), ensure_ascii=False)
        with self._adding, self._file.open("a+b") as file:
            # A line that a crash cut short must not swallow this one.
            file.seek(max(0, file.seek(0, os.SEEK_END) - 1))
            torn = file.read() not in {b"", b"\n"}
            file.write((b"\n" if torn else b"") + line.encode("utf-8", "replace") + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def all(self) -> tuple[Feedback, ...]:
        """Every whole line, the oldest first."""
        try:
            lines = self._file.read_bytes().splitlines()
        except FileNotFoundError:
            return ()
        return tuple(filter(None, map(_parsed, lines)))


def _parsed(line: bytes) -> Feedback | None:
    try:
        fields = json.loads(line)
        history = tuple(Turn(**turn) for turn in fields.pop("history"))
        return Feedback(**fields, history=history)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
