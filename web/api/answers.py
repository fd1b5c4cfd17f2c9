"""Questions: answered at once, or told as a stream of events. And what people say of answers."""

import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from qa.desk import LocalDesk
from qa.feedback import Feedback
from qa.types import Answer, Step
from web.api.access import By, Door, admitting
from web.api.asking import Asking
from web.api.forms import AnswerOut, Question, Said, StatusOut, example
from web.api.problems import Problem, problem, translated
from web.line import Place

_LOG = logging.getLogger("youju")

_EVENTS = """event: step
data: {"stage": "retrieve", "question": "甲区工业投资增长多少"}

event: piece
data: {"text": "2024年，甲区完成工业投资12.5亿元，同比增长8.1%。"}

event: citations
data: {"citations": []}

event: done
data: {"question": "…", "answer": "…", "mode": "extract"}

"""
_LONGEST_ANSWER = 100_000


def answer_routes(asking: Asking, desk: LocalDesk, door: Door) -> APIRouter:
    """`ask`, `ask/stream` and `feedback`, for whoever is let in."""
    routes = APIRouter(route_class=admitting(door, "admin", "program", "page"), tags=["问答"])
    InPlace = Annotated[Place, Depends(asking.place)]  # noqa: N806

    @routes.post(
        "/ask",
        summary="提问",
        response_model=AnswerOut,
        responses=example(_ANSWER),
    )
    async def ask(asked: Question, caller: By, place: InPlace, request: Request) -> dict[str, Any]:
        within = await asking.within(caller, asked.documents)
        answer = await asking.answer(place, asked.question, asked.turns, within, request)
        return answer.as_json()

    @routes.post(
        "/ask/stream",
        summary="提问，边答边送（Server-Sent Events）",
        response_class=StreamingResponse,
        responses=example(_EVENTS, media_type="text/event-stream"),
    )
    async def stream(asked: Question, caller: By, place: InPlace) -> StreamingResponse:
        within = await asking.within(caller, asked.documents)
        told = asking.steps(place, asked.question, asked.turns, within)
        return StreamingResponse(_events(told), media_type="text/event-stream")

    @routes.post(
        "/feedback",
        summary="评价一个答案",
        response_model=StatusOut,
        responses=example({"status": "ok"}),
    )
    async def feedback(said: Said) -> dict[str, str]:
        await run_in_threadpool(desk.feedback.add, _feedback(said))
        return {"status": "ok"}

    return routes


async def _events(told: AsyncGenerator[Step | str | Answer, None]) -> AsyncIterator[str]:
    """The steps, the answer piece by piece, its citations and the whole of it, or a problem."""
    try:
        async with aclosing(told):
            async for one in told:
                if isinstance(one, Step):
                    yield _event("step", {"stage": one.stage, "question": one.question})
                elif isinstance(one, str):
                    yield _event("piece", {"text": one})
                else:
                    whole = one.as_json()
                    yield _event("citations", {"citations": whole["citations"]})
                    yield _event("done", whole)
    except Exception as error:
        _LOG.exception("a question could not be answered")
        yield _event("error", problem(*translated(error)))


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _feedback(said: Said) -> Feedback:
    try:
        answer = Answer.from_json(said.answer.model_dump()).as_json()
    except ValueError as error:
        raise Problem(422, "answer：引文的 start 应当不大于 end。") from error
    if len(json.dumps(answer)) > _LONGEST_ANSWER:
        raise Problem(422, "answer：太长。")
    history = tuple(turn.as_turn() for turn in said.history)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return Feedback(
        said.question, said.rating, answer, history, said.reason, said.remark, said.correction, at
    )


_CITATION = {
    "marker": 1,
    "document_id": "5b0c7f1c2a9d4e31",
    "start": 5,
    "end": 33,
    "quote": "2024年，甲区完成工业投资12.5亿元，同比增长8.1%。",
    "title": "甲区年报",
    "source": "年报.txt",
    "publication": "",
    "date": "2024-12-31",
    "page": "",
    "section": "",
}
_ANSWER = {
    "question": "甲区工业投资增长多少",
    "answer": "2024年，甲区完成工业投资12.5亿元，同比增长8.1%。[1]",
    "short": "8.1%",
    "mode": "extract",
    "confidence": 0.93,
    "citations": [_CITATION],
    "nearest": [],
    "likely": False,
    "missing": [],
    "variants": [],
    "sentences": [],
    "note": "",
    "tokens": 0,
    "timings_ms": {"retrieve": 12.1, "read": 210.4, "total": 222.9},
}
