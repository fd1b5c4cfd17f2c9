"""A visitor's conversation as it is shown, and how a question extends it.

Knows the desk and the markup, not the page that shows them.
"""

import logging
import threading
from dataclasses import dataclass, replace

from index.errors import IndexingError, UnknownDocument
from index.types import Document
from qa.desk import LocalDesk
from qa.types import Answer, Turn
from web import render

_LOG = logging.getLogger("youju")
_FAILED = "回答时出了错，已记入服务的日志。请稍后再试，或换一种问法。"

# How many questions back the page shows.
_TURNS_SHOWN = 30
# And how many a follow-up may lean on.
_TURNS_KEPT = 6


@dataclass(frozen=True, slots=True)
class Talk:
    """One visitor's conversation: messages, and the sources of each answer, as markup.

    `turns` are what was asked and answered, as text, for the questions that lean on them.
    """

    messages: tuple[dict[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()

    @property
    def turn(self) -> int:
        """The number of the next answer; markers carry it, so that each opens its own source."""
        return len(self.sources) + 1

    def asked(self, question: str) -> "Talk":
        """With a question, which waits for its answer."""
        return self._with("user", render.question_text(question))

    def answered(self, message: str, sources: str = "", turn: Turn | None = None) -> "Talk":
        """With the answer to the question before."""
        return replace(
            self._with("assistant", message),
            sources=(*self.sources, sources),
            turns=(*self.turns, turn)[-_TURNS_KEPT:] if turn else self.turns,
        )

    def shown(self) -> list[dict[str, str]]:
        """The messages, the latest last."""
        return list(self.messages[-2 * _TURNS_SHOWN :])

    def waiting(self) -> list[dict[str, str]]:
        """The messages while the answer is being looked for."""
        return [*self.shown(), {"role": "assistant", "content": "正在查找原文…"}]

    def panel(self) -> str:
        """The sources, those of the latest answer first."""
        latest = filter(None, self.sources[: -_TURNS_SHOWN - 1 : -1])
        return "\n\n".join(latest) or render.no_sources_text()

    def _with(self, role: str, content: str) -> "Talk":
        return replace(self, messages=(*self.messages, {"role": role, "content": content}))


class UnderWay:
    """Counts the answers being made, from any thread: `with under_way: ...`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.count = 0

    def __enter__(self) -> None:
        with self._lock:
            self.count += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.count -= 1


def answer(desk: LocalDesk, question: str, talk: Talk) -> Talk:
    """The conversation with the answer to a question, or with an apology: never an exception."""
    try:
        found = desk.assistant.ask(question, talk.turns)
        sources = render.sources_text(found, _documents(desk, found), talk.turn)
        # Without a turn before it a question leans on nothing.
        message = render.answer_text(found, talk.turn, asked=question if talk.turns else "")
        return talk.answered(message, sources, Turn(found.question, found.short))
    except IndexingError as error:
        _LOG.warning("a question could not be answered: %s", error)
        return talk.answered(render.apology(str(error)))
    except Exception:
        _LOG.exception("a question could not be answered")
        return talk.answered(render.apology(_FAILED))


def greeting(desk: LocalDesk) -> str:
    """The head of the page: its name, what it does, what it holds."""
    count = len(desk.entries())
    held = (
        f"现有 {count} 份文档" if count else "资料库还是空的，请用 <code>youju add</code> 收录文件"
    )
    return f"<h1>有据</h1><p>就本单位的文件提问，每个答案都指到原文。{held}。</p>"


def _documents(desk: LocalDesk, found: Answer) -> dict[str, Document]:
    """The documents of an answer that are still there: one may be removed meanwhile."""
    documents = {}
    for citation in (*found.citations, *found.nearest):
        try:
            documents[citation.document_id] = desk.document(citation.document_id)
        except UnknownDocument:
            continue
    return documents
