"""A visitor's conversation as it is shown, and how a question extends it.

Knows the desk and the markup, not the page that shows them. What can be asked for under the key of
a conversation is in web/records.py.
"""

import logging
import re
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import takewhile
from typing import Any

from index.errors import IndexingError, UnknownDocument
from index.types import Document
from qa.assistant import clean_question
from qa.desk import LocalDesk
from qa.types import Answer, Sentence, Step, Turn
from web import render
from web.tally import Tally
from web.words import ZH, Words, counted

_LOG = logging.getLogger("youju")

# How many questions back the page shows, and remembers in the browser.
_SHOWN = 30
# And how many a follow-up may lean on.
_TURNS_KEPT = 6
# And how many stay in memory, for exports and feedback: a page may be left open for weeks.
_REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class Scope:
    """Which documents are asked: by id, and by date (ISO 8601, "" leaves a side open)."""

    documents: tuple[str, ...] = ()
    since: str = ""
    until: str = ""

    def within(self, desk: LocalDesk) -> tuple[str, ...] | None:
        """The ids of the documents to ask, or None for all."""
        if self == Scope():
            return None
        last = self.until or "9999"
        return tuple(
            entry.id
            for entry in desk.entries()
            if (not self.documents or entry.id in self.documents)
            # A last day that is a month or year takes in all of it.
            and (not (self.since or self.until) or self.since <= entry.date <= last + "~")
            and (entry.date or not (self.since or self.until))
        )


def day(written: str) -> str:
    """A year, month or day as people write it, in ISO 8601; ValueError where it is none.

    >>> day("2024年5月1日"), day("2024.5"), day("20240501"), day(" 2024 "), day("")
    ('2024-05-01', '2024-05', '2024-05-01', '2024', '')
    """
    text = written.strip()
    if not text:
        return ""
    found = _COMPACT.fullmatch(text) or _DAY.fullmatch(text)
    if not found:
        raise ValueError(text)
    year, *rest = (int(part) for part in found.groups() if part)
    try:
        date(year, *[*rest, 1, 1][:2])
    except ValueError:
        raise ValueError(text) from None
    return "-".join([f"{year:04}", *(f"{part:02}" for part in rest)])


_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2}))?(?:[-/.月](\d{1,2}))?[年月日]?")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question as asked, its answer if there is one, and both as markup.

    `suggested` says that questions to ask next were looked for.
    """

    asked: str
    message: str
    sources: str = ""
    answer: Answer | None = None
    suggested: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """One visitor's conversation, of which the oldest exchanges may be forgotten.

    Its key is known to its page alone.
    """

    exchanges: tuple[Exchange, ...] = ()
    words: Words = ZH
    scope: Scope = Scope()
    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    forgotten: int = 0

    @property
    def count(self) -> int:
        """How many exchanges there were, which is the number of the last."""
        return self.forgotten + len(self.exchanges)

    @property
    def turns(self) -> list[Turn]:
        """What was asked and answered, as text, for the questions that lean on it."""
        answers = [exchange.answer for exchange in self.exchanges if exchange.answer]
        return [Turn(answer.question, answer.short) for answer in answers[-_TURNS_KEPT:]]

    def place(self, number: int) -> str:
        """The key of an exchange, by its number from 1: markers and actions carry it."""
        return f"{self.key}-{number}"

    def exchange(self, number: int) -> Exchange | None:
        """An exchange by its number; None of one that is forgotten or was never."""
        place = number - 1 - self.forgotten
        return self.exchanges[place] if 0 <= place < len(self.exchanges) else None

    def before(self, number: int) -> "Talk":
        """The conversation as it was before an exchange, by that one's number."""
        return replace(self, exchanges=self.exchanges[: max(0, number - 1 - self.forgotten)])

    def added(self, exchange: Exchange) -> "Talk":
        exchanges = (*self.exchanges, exchange)[-_REMEMBERED:]
        return replace(self, exchanges=exchanges, forgotten=self.count + 1 - len(exchanges))

    @property
    def suggested(self) -> bool:
        """Whether there is nothing to look for under the last answer, or it was looked for."""
        return not self.exchanges or self.exchanges[-1].suggested

    def suggesting(self, questions: Sequence[str]) -> "Talk":
        """With questions to ask next under the last answer, or with none."""
        last = self.exchanges[-1]
        if last.answer is None:
            return self
        message = _message(self, last.answer, self.count, last.asked, questions)
        last = replace(last, message=message, suggested=True)
        return replace(self, exchanges=(*self.exchanges[:-1], last))

    def shown(self, pending: str = "", status: str = "") -> list[dict[str, str]]:
        """The messages, the latest last; where one is pending, with what is being done for it."""
        pairs = [(exchange.asked, exchange.message) for exchange in self.exchanges[-_SHOWN:]]
        if pending:
            pairs.append((pending, render.waiting(status)))
        return [
            {"role": role, "content": content}
            for asked, message in pairs
            for role, content in (("user", render.question_text(asked)), ("assistant", message))
        ]

    def panel(self) -> str:
        """The sources, those of the latest answer first."""
        latest = [e.sources for e in self.exchanges[: -_SHOWN - 1 : -1] if e.sources]
        return "\n\n".join(latest) or render.no_sources_text(self.words)

    def stored(self) -> list[dict[str, Any]]:
        """What the browser keeps of it."""
        return [
            {"asked": exchange.asked, "answer": exchange.answer.as_json()}
            for exchange in self.exchanges[-_SHOWN:]
            if exchange.answer
        ]


def restored(stored: object, desk: LocalDesk, words: Words, scope: Scope = Scope()) -> Talk:
    """The conversation that a browser kept; whatever is not one is an empty one."""
    talk = Talk(words=words, scope=scope)
    try:
        for kept in stored if isinstance(stored, list) else ():
            answer = Answer.from_json(kept["answer"])
            talk = talk.added(_exchange(desk, talk, str(kept["asked"]), answer))
    except (KeyError, TypeError, ValueError, AttributeError):
        return Talk(words=words, scope=scope)
    return talk


class UnderWay:
    """The conversations with an answer being made, from any thread: `with under_way.of(key): ...`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: list[str] = []

    def __contains__(self, key: str) -> bool:
        with self._lock:
            return key in self._keys

    @property
    def count(self) -> int:
        """How many answers are being made."""
        with self._lock:
            return len(self._keys)

    @contextmanager
    def of(self, key: str) -> Iterator[None]:
        """For as long as an answer of this conversation is being made."""
        with self._lock:
            self._keys.append(key)
        try:
            yield
        finally:
            with self._lock:
                self._keys.remove(key)


def answer(desk: LocalDesk, question: str, talk: Talk, tally: Tally) -> Iterator[str | Talk]:
    """What to show meanwhile, and the conversation with the answer, or with an apology.

    Never an exception; the tally is told how it went.
    """
    try:
        within = talk.scope.within(desk)
        if within == ():
            yield talk.added(sorry(question, talk.words.scope_nothing, talk.words))
            return
        said = ""
        for told in desk.assistant.stream(question, talk.turns, within=within):
            if isinstance(told, Step):
                yield talk.words.steps[told.stage]
            elif isinstance(told, Sentence):
                said += told.marked
                yield said
            else:
                tally.answered(told)
                yield talk.added(_exchange(desk, talk, question, told))
    except IndexingError as error:
        tally.failed()
        _LOG.warning("a question could not be answered: %s", error)
        yield talk.added(sorry(question, str(error), talk.words))
    except Exception:
        tally.failed()
        _LOG.exception("a question could not be answered")
        yield talk.added(sorry(question, talk.words.failed, talk.words))


def suggestions(desk: LocalDesk, talk: Talk, unwanted: Callable[[], bool]) -> list[str]:
    """What to ask next, until it is unwanted: trying it costs what questions cost."""
    last = talk.exchanges[-1].answer if talk.exchanges else None
    if last is None or not last.hits or unwanted():
        return []
    try:
        near = desk.assistant.suggest(last, within=talk.scope.within(desk))
        return list(takewhile(lambda _: not unwanted(), near))
    except Exception:
        _LOG.exception("no question could be suggested")
        return []


def greeting(desk: LocalDesk, talk: Talk) -> str:
    """The head of the page: its name, what it does, what it holds, and where else to go."""
    words = talk.words
    count = len(desk.entries())
    held = counted(words.held, count) if count else words.empty_library
    if count and not desk.archive.vectors_ready:
        held = f"{held} {words.indexing}"
    links = {
        f"/library?lang={words.language}": words.library,
        f"/talk/{talk.key}/export.md": words.export_markdown,
        f"/talk/{talk.key}/export.docx": words.export_word,
        "/?lang=en" if words is ZH else "/?lang=zh": words.other_language,
    }
    went = "".join(f'<a class="yj-go" href="{to}">{said}</a>' for to, said in links.items())
    return f"<h1>有据</h1><p>{words.greeting} {held}</p><nav>{went}</nav>"


def documents_of(desk: LocalDesk, *answers: Answer) -> dict[str, Document]:
    """The documents of answers that are still there: one may be removed meanwhile."""
    documents = {}
    for found in answers:
        varying = (variant.citation for variant in found.variants)
        for citation in (*found.citations, *found.nearest, *varying):
            with suppress(UnknownDocument):
                documents[citation.document_id] = desk.document(citation.document_id)
    return documents


def _exchange(desk: LocalDesk, talk: Talk, asked: str, found: Answer) -> Exchange:
    number = talk.count + 1
    message = _message(talk, found, number, asked)
    sources = render.sources_text(found, documents_of(desk, found), talk.place(number), talk.words)
    return Exchange(asked, message, sources, found)


def _message(
    talk: Talk, found: Answer, number: int, asked: str, questions: Sequence[str] = ()
) -> str:
    as_asked = clean_question(asked)
    # One that is too long is shown by its beginning.
    if as_asked.startswith(found.question.removesuffix("…")):
        as_asked = ""
    return render.answer_text(
        found, talk.place(number), words=talk.words, asked=as_asked, next_=questions
    )


def sorry(asked: str, message: str, words: Words) -> Exchange:
    """Why there is no answer, in a sentence."""
    return Exchange(asked, render.apology(message, words))
