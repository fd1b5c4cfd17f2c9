"""The API put together, and how it stands beside the application that has the rest of the paths."""

import time
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, Security
from fastapi.security import HTTPBearer
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.desk import LocalDesk
from qa.settings import Settings
from web.api.access import Door
from web.api.answers import answer_routes
from web.api.asking import Asking
from web.api.completions import create_completions
from web.api.documents import document_routes, library_routes
from web.api.forms import PROBLEMS
from web.api.origins import Origins
from web.api.pages import metric_routes, status_routes, token_routes
from web.api.problems import OPENAI, Logged, add_problems
from web.api.rates import Clock, Rates
from web.api.register import Register
from web.api.tokens import Tokens
from web.line import Line
from web.tally import Tally

PREFIX = "/api/v1"
# The one operation that takes files, whose bodies may be longer than others'.
UPLOAD = f"{PREFIX}/documents"
OWN = ("/api", OPENAI, "/metrics")


class Beside:
    """One application, and another under paths that are its own."""

    def __init__(self, app: ASGIApp, other: ASGIApp, own: Sequence[str] = OWN) -> None:
        self._app, self._other, self._own = app, other, own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "") if scope["type"] == "http" else ""
        is_own = any(path == prefix or path.startswith(f"{prefix}/") for prefix in self._own)
        await (self._other if is_own else self._app)(scope, receive, send)


def create_api(
    desk: LocalDesk,
    settings: Settings,
    *,
    line: Line | None = None,
    tally: Tally | None = None,
    clock: Clock = time.monotonic,
    wall_clock: Clock = time.time,
) -> ASGIApp:
    """The API over one library; `wall_clock` is what the time of tokens is read from.

    `line`, where its callers wait with others, and `tally` are those of the whole server, where
    this is a part of one.
    """
    register = Register(settings.data)
    tally = tally or Tally(desk, settings)
    tokens = Tokens(register.signing_secret(), wall_clock)
    door = Door(register, settings, Rates(clock), tokens)
    asking = Asking(desk, line or Line(settings.max_waiting), tally)
    app = FastAPI(
        title="有据",
        description="每个答案都指到原文的那几个字；原文没有的，不答。",
        version="1",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=PROBLEMS,
        generate_unique_id_function=lambda route: route.name,
    )
    add_problems(app)
    bearer: list[Any] = [Security(HTTPBearer(auto_error=False, description="密钥或令牌"))]
    v1 = APIRouter(prefix=PREFIX)
    v1.include_router(status_routes(desk))
    v1.include_router(token_routes(door))
    v1.include_router(answer_routes(asking, desk, door), dependencies=bearer)
    v1.include_router(document_routes(desk, door), dependencies=bearer)
    v1.include_router(library_routes(desk, door), dependencies=bearer)
    app.include_router(v1)
    app.include_router(metric_routes(tally.metrics, door))
    completions = create_completions(asking, desk, door)
    return Origins(Logged(Beside(app, completions, [OPENAI])), register.is_listed)
