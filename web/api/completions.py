"""The assistant in the form of OpenAI's chat completions, for programs that speak that.

The last message of the user is the question, what stands before it the conversation; instructions
of a system and settings of a language model are data without effect, for there is no such model to
heed them. The usage counts tokens of the encoder of the library, not of a language model.
"""

import json
import logging
import re
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from index.errors import IndexingError
from qa.desk import LocalDesk
from qa.types import Answer, Citation, Step, Turn
from web.api.access import By, Door, admitting
from web.api.asking import Asking
from web.api.problems import OPENAI, Problem, openai_error, translated
from web.line import Place

_LOG = logging.getLogger("youju")

MODEL = "youju"
# When this form of the model was first served: clients want a time.
_CREATED = 1_760_000_000
_MOST_MESSAGES, _LONGEST = 500, 10_000
_MOST_TURNS = 20


class _Part(BaseModel):
    type: str = "text"
    text: Annotated[str, Field(max_length=_LONGEST)] = ""


class _Message(BaseModel):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, Field(max_length=_LONGEST)] | list[_Part] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.type == "text")


class _StreamOptions(BaseModel):
    include_usage: bool = False


class _Asked(BaseModel):
    """A request; what a language model would be told besides has no effect."""

    model: Annotated[str, Field(max_length=200)]
    messages: Annotated[list[_Message], Field(min_length=1, max_length=_MOST_MESSAGES)]
    stream: bool | None = False
    stream_options: _StreamOptions | None = None

    @property
    def question(self) -> str:
        """The last thing the user said."""
        asked = [message.text for message in self.messages if message.role == "user"]
        if not asked:
            raise Problem(422, "messages：至少要有一条 role 为 user 的消息。")
        return asked[-1]

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was asked and answered before it."""
        turns: list[Turn] = []
        for message in self.messages:
            if message.role == "user":
                turns.append(Turn(message.text, ""))
            elif message.role == "assistant" and turns:
                turns[-1] = Turn(turns[-1].question, message.text)
        return tuple(turns[:-1][-_MOST_TURNS:])

    @property
    def wants_usage(self) -> bool:
        return self.stream_options is not None and self.stream_options.include_usage


def completion_routes(asking: Asking, desk: LocalDesk, door: Door) -> APIRouter:
    """`models` and `chat/completions`, for programs."""
    routes = APIRouter(prefix=OPENAI, route_class=admitting(door, "admin", "program"))
    model = {"id": MODEL, "object": "model", "created": _CREATED, "owned_by": MODEL}

    @routes.get("/models")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [model]}

    @routes.get("/models/{name}")
    async def one(name: str) -> dict[str, Any]:
        _check_model(name)
        return model

    @routes.post("/chat/completions", response_model=None)
    async def complete(
        asked: _Asked,
        caller: By,
        place: Annotated[Place, Depends(asking.place)],
        request: Request,
    ) -> Response | dict[str, Any]:
        _check_model(asked.model)
        question, within = asked.question, await asking.within(caller)
        written = _Written(f"chatcmpl-{secrets.token_hex(12)}", int(time.time()), request)
        if asked.stream:
            told = asking.steps(place, question, asked.turns, within)
            events = _events(told, asked, written, desk)
            return StreamingResponse(events, media_type="text/event-stream")
        answer = await asking.answer(place, question, asked.turns, within, request)
        return written.whole(answer, await run_in_threadpool(_usage, desk, asked, answer))

    return routes


def create_completions(asking: Asking, desk: LocalDesk, door: Door) -> FastAPI:
    """An application of their own: its errors have OpenAI's form."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    for kind in (HTTPException, RequestValidationError, IndexingError, Exception):
        app.add_exception_handler(kind, _as_error)
    app.include_router(completion_routes(asking, desk, door))
    return app


class _Written:
    """One completion as it is written; links lead to the address that it was asked at."""

    def __init__(self, completion_id: str, created: int, request: Request) -> None:
        self._named = {"id": completion_id, "created": created, "model": MODEL}
        self._documents = f"{request.base_url}api/v1/documents"

    def whole(self, answer: Answer, usage: dict[str, int]) -> dict[str, Any]:
        message = {
            "role": "assistant",
            "content": answer.text,
            "refusal": None,
            "annotations": self.annotations(answer),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {**self._named, "object": "chat.completion", "choices": [choice], "usage": usage}

    def chunk(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return {**self._named, "object": "chat.completion.chunk", "choices": [choice]}

    def usage(self, usage: dict[str, int]) -> dict[str, Any]:
        return {**self._named, "object": "chat.completion.chunk", "choices": [], "usage": usage}

    def annotations(self, answer: Answer) -> list[dict[str, Any]]:
        """Where the markers stand in the text, and what each stands for."""
        return [
            {
                "type": "url_citation",
                "url_citation": {
                    "url": f"{self._documents}/{cited.document_id}#{cited.span.start}-{cited.span.end}",
                    "title": cited.title or cited.source,
                    "start_index": start,
                    "end_index": end,
                    "quote": cited.quote,
                    "document_id": cited.document_id,
                },
            }
            for start, end, cited in _markers(answer)
        ]


def _markers(answer: Answer) -> list[tuple[int, int, Citation]]:
    """The markers of an answer; what looks like one within a quotation is the document's own."""
    numbered = {citation.marker: citation for citation in answer.citations}
    quoted = [
        (at, at + len(citation.quote))
        for citation in answer.citations
        if (at := answer.text.find(citation.quote)) >= 0
    ]
    return [
        (*match.span(), numbered[int(match.group(1))])
        for match in re.finditer(r"\[(\d{1,3})\]", answer.text)
        if int(match.group(1)) in numbered
        and not any(start <= match.start() and match.end() <= end for start, end in quoted)
    ]


async def _events(
    told: AsyncGenerator[Step | str | Answer, None],
    asked: _Asked,
    written: _Written,
    desk: LocalDesk,
) -> AsyncIterator[str]:
    """The chunks of an answer, the last with its citations, as a stream of events."""
    try:
        yield _event(written.chunk({"role": "assistant", "content": ""}))
        async with aclosing(told):
            async for one in told:
                if isinstance(one, str):
                    yield _event(written.chunk({"content": one}))
                elif isinstance(one, Answer):
                    yield _event(written.chunk({"annotations": written.annotations(one)}, "stop"))
                    if asked.wants_usage:
                        usage = await run_in_threadpool(_usage, desk, asked, one)
                        yield _event(written.usage(usage))
        yield "data: [DONE]\n\n"
    except Exception as error:
        _LOG.exception("a question could not be answered")
        yield _event(openai_error(*translated(error)))


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


def _usage(desk: LocalDesk, asked: _Asked, answer: Answer) -> dict[str, int]:
    """Tokens of the library's encoder, which is the only tokenizer there is."""
    prompt = [message.text for message in asked.messages]
    *counts, given = desk.archive.embedder().count_tokens([*prompt, answer.text])
    return {
        "prompt_tokens": sum(counts),
        "completion_tokens": given,
        "total_tokens": sum(counts) + given,
    }


def _check_model(name: str) -> None:
    if name != MODEL:
        raise Problem(404, f"没有这个模型，这里只有 {MODEL}。")


async def _as_error(_: Request, error: Exception) -> Response:
    status, detail = translated(error)
    # What has the wrong form is 400 there.
    status = 400 if status == 422 else status
    return JSONResponse(openai_error(status, detail), status, getattr(error, "headers", None))
