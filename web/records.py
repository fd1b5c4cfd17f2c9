"""What can be asked for under the key of a conversation: copies of answers, exports, feedback.

The server keeps the latest conversations for their pages; a key is known to its page alone.
"""

from collections import OrderedDict
from datetime import UTC, datetime
from threading import Lock
from typing import Literal

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel

from qa.desk import LocalDesk
from qa.feedback import Feedback, Rating, Reason
from web.export import Asked, as_markdown, as_text, as_word
from web.talk import Talk, documents_of

_KEPT = 500
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Talks:
    """The latest conversations by their keys. Any thread may keep and look up."""

    def __init__(self, most: int = _KEPT) -> None:
        self._most = most
        self._talks: OrderedDict[str, Talk] = OrderedDict()
        self._lock = Lock()

    def keep(self, talk: Talk) -> None:
        with self._lock:
            self._talks[talk.key] = talk
            self._talks.move_to_end(talk.key)
            while len(self._talks) > self._most:
                self._talks.popitem(last=False)

    def get(self, key: str) -> Talk | None:
        with self._lock:
            return self._talks.get(key)


def record_routes(talks: Talks, desk: LocalDesk) -> APIRouter:
    """Under `/talk`: an answer as text or Markdown, the conversation as Markdown or Word, feedback."""
    routes = APIRouter(prefix="/talk")

    @routes.get("/{key}/export.{form}")
    def export(key: str, form: Literal["md", "docx"]) -> Response:
        talk = _found(talks, key)
        asked = [(e.asked, e.answer) for e in talk.exchanges if e.answer]
        documents = documents_of(desk, *(answer for _, answer in asked))
        if form == "md":
            return _file(as_markdown(asked, documents, talk.words), "text/markdown", form)
        return _file(as_word(asked, documents, talk.words), _WORD, form)

    @routes.get("/{key}/{number}.{form}")
    def copy(key: str, number: int, form: Literal["md", "txt"]) -> Response:
        talk = _found(talks, key)
        asked = _asked(talk, number)
        documents = documents_of(desk, asked[1])
        write = as_text if form == "txt" else as_markdown
        return Response(write([asked], documents, talk.words), media_type="text/plain")

    @routes.post("/{key}/{number}/feedback")
    def feedback(key: str, number: int, said: _Said) -> dict[str, str]:
        talk = _found(talks, key)
        question, answer = _asked(talk, number)
        history = tuple(talk.before(number).turns)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            desk.feedback.add(
                Feedback(question, said.rating, answer.as_json(), history, said.reason,
                         said.remark.strip(), said.correction.strip(), at)
            )  # fmt: skip
        except ValueError as error:
            raise HTTPException(422, str(error)) from error
        return {"status": "ok"}

    return routes


class _Said(BaseModel):
    """What a person says of an answer."""

    rating: Rating
    reason: Reason = ""
    remark: str = ""
    correction: str = ""


def _found(talks: Talks, key: str) -> Talk:
    talk = talks.get(key)
    if talk is None:
        raise HTTPException(404, "这段对话已不在服务器上，请刷新页面。")
    return talk


def _asked(talk: Talk, number: int) -> Asked:
    exchange = talk.exchange(number)
    if exchange is None or exchange.answer is None:
        raise HTTPException(404, "没有这个答案。")
    return exchange.asked, exchange.answer


def _file(content: str | bytes, media_type: str, form: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="youju.{form}"'}
    return Response(content, media_type=media_type, headers=headers)
