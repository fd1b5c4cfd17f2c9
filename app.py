"""The composition root: settings, wiring, the web application. The only importer of Gradio.

    python -m app [--data DIR] [--host HOST] [--port PORT] [--samples DIR]

Serves two things over one library: the chat at `/`, and at `/desk` the five verbs that the command
line asks of a running server (qa/remote.py). How an answer looks is in web/render.py, how a
conversation grows in web/talk.py, what every request has to pass in web/guard.py, what is done
before in web/start.py, and what an answer is in qa.
"""

import argparse
import asyncio
import json
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any

# Gradio and the model libraries read these when they are imported: nothing leaves the machine.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import gradio as gr
import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from starlette.routing import Mount

from index.errors import IndexingError, UnknownDocument
from qa.assistant import clean_question
from qa.desk import LocalDesk
from qa.remote import Owner
from qa.settings import Settings
from web.guard import LOOPBACK, Guard
from web.pages import library_routes
from web.start import add_samples, address, example_questions, listen
from web.talk import Talk, UnderWay, answer, greeting

_WEB = Path(__file__).parent / "web"
_BUSY = "现在提问的人很多，请过一会儿再问。"


# -- the whole -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """The web application, and what lets go of the streams that its pages hold open."""

    app: Guard
    release: Callable[[], Coroutine[Any, Any, None]]


def create_site(desk: LocalDesk, settings: Settings, token: str) -> Site:
    """The chat and the desk over one library; the desk opens to whoever knows the token."""

    async def assemble() -> Site:
        return _assemble(desk, settings, token)

    # Where no event loop runs, Gradio makes one and never closes it.
    return asyncio.run(assemble())


def _assemble(desk: LocalDesk, settings: Settings, token: str) -> Site:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # Without it Gradio answers every origin; with it, and no origin named, none.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.add_exception_handler(IndexingError, _as_json_error)
    app.add_exception_handler(HTTPException, _as_json_error)
    app.include_router(desk_routes(desk, token))
    app.include_router(library_routes(desk, settings))

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    under_way = UnderWay()
    gr.mount_gradio_app(
        app,
        chat_page(desk, settings, under_way),
        path="/",
        server_name=settings.host,
        server_port=settings.port,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        # The chat takes no files: what Gradio's own upload route lets in is kept to nothing.
        max_file_size=1,
        ssr_mode=False,
        pwa=False,
        favicon_path=str(_WEB / "icon.svg"),
        theme=_theme(),
        css_paths=[_WEB / "chat.css"],
        head=f"<script>{(_WEB / 'chat.js').read_text(encoding='utf-8')}</script>",
    )
    gradio_app: Any = next(route.app for route in app.routes if isinstance(route, Mount))
    # Gradio says 503, to which its page has words of its own, in English.
    gradio_app.add_exception_handler(503, _say_busy)
    guard = Guard(
        app,
        hosts=LOOPBACK if settings.local else None,
        limit=1_000_000,
        limits=dict.fromkeys(("/desk/add", "/page/add"), settings.max_file_mb * 1_000_000),
    )

    async def release() -> None:
        # Gradio drops the answers of a page whose stream ends: they come first.
        while under_way.count:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.2)
        gradio_app.stop_event.set()

    return Site(guard, release)


async def _as_json_error(_: Request, error: Exception) -> JSONResponse:
    if isinstance(error, HTTPException):
        return JSONResponse({"error": error.detail}, error.status_code, error.headers)
    status = 404 if isinstance(error, UnknownDocument) else 400
    return JSONResponse({"error": str(error)}, status)


async def _say_busy(_: Request, __: Exception) -> JSONResponse:
    return JSONResponse({"detail": _BUSY}, 429)


# -- the desk --------------------------------------------------------------------------------


def desk_routes(desk: LocalDesk, token: str) -> APIRouter:
    """The five verbs over HTTP, for the command line of the same user; qa/remote.py calls them."""

    def authorise(authorization: Annotated[str, Header()] = "") -> None:
        if not secrets.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401, "需要资料库所有者的令牌。", {"WWW-Authenticate": "Bearer"})

    routes = APIRouter(prefix="/desk", dependencies=[Depends(authorise)])

    @routes.get("")
    async def present() -> dict[str, str]:
        return {"status": "ok"}

    @routes.post("/add")
    async def add(path: str, source: str, request: Request) -> dict[str, Any]:
        data = await request.body()
        return asdict(await run_in_threadpool(desk.add, path, source, data))

    @routes.get("/documents")
    def entries() -> dict[str, Any]:
        return {"documents": [asdict(entry) for entry in desk.entries()]}

    @routes.get("/documents/{document_id:path}")
    def document(document_id: str) -> dict[str, Any]:
        return asdict(desk.document(document_id))

    @routes.delete("/documents/{document_id:path}")
    def remove(document_id: str) -> dict[str, Any]:
        return asdict(desk.remove(document_id))

    @routes.post("/ask")
    async def ask(request: Request) -> dict[str, Any]:
        return await run_in_threadpool(desk.ask, _question(await request.body()))

    return routes


def _question(body: bytes) -> str:
    try:
        question = json.loads(body)["question"]
    except (ValueError, KeyError, TypeError) as error:
        raise HTTPException(400, '请求体应当是 {"question": "问题"}。') from error
    if not isinstance(question, str):
        raise HTTPException(400, "question 应当是文字。")
    return question


# -- the chat --------------------------------------------------------------------------------


def chat_page(desk: LocalDesk, settings: Settings, under_way: UnderWay) -> gr.Blocks:
    """The chat: conversation at the left, its sources at the right."""

    def reply(question: str, talk: Talk) -> Iterator[list[Any]]:
        asked = clean_question(question)
        if not asked:
            yield [gr.skip()] * 4
            return
        talk = talk.asked(asked[: settings.max_question])
        yield ["", talk.waiting(), gr.skip(), gr.skip()]
        with under_way:
            talk = answer(desk, asked, talk)
        yield [gr.skip(), talk.shown(), talk.panel(), talk]

    def cleared() -> tuple[str, Talk]:
        return Talk().panel(), Talk()

    with gr.Blocks(title="有据", analytics_enabled=False, fill_width=True) as page:
        talk = gr.State(Talk())
        head = gr.Markdown(elem_id="yj-greeting")
        with gr.Row(elem_id="yj-main", equal_height=True):
            with gr.Column(scale=5, min_width=320, elem_id="yj-talk"):
                chatbot = _chatbot(example_questions(desk, settings))
                question = _question_box(settings)
            with gr.Column(scale=4, min_width=320, elem_id="yj-side"):
                gr.Markdown("## 来源", elem_id="yj-side-title")
                sources = gr.Markdown(Talk().panel(), elem_id="yj-sources", latex_delimiters=[])
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        at_once = {"queue": False, **quiet}
        asking = {
            "fn": reply,
            "inputs": [question, talk],
            "outputs": [question, chatbot, sources, talk],
            **quiet,
        }
        question.submit(**asking)
        chatbot.example_select(_chosen, None, question, **at_once).then(**asking)
        chatbot.clear(cleared, None, [sources, talk], **at_once)
        page.load(lambda: greeting(desk), None, head, **at_once)
    page.queue(max_size=settings.max_waiting, default_concurrency_limit=2, api_open=False)
    return page


def _chatbot(examples: Sequence[str]) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="yj-chat",
        label="对话",
        show_label=False,
        container=False,
        height=None,
        buttons=[],
        latex_delimiters=[],
        layout="bubble",
        placeholder="就资料库里的文件提问，答案都指到原文的那几个字。",
        examples=[{"text": question} for question in examples] or None,
    )


def _question_box(settings: Settings) -> gr.Textbox:
    return gr.Textbox(
        elem_id="yj-question",
        label="问题",
        show_label=False,
        container=False,
        placeholder="请输入问题",
        max_length=settings.max_question,
        submit_btn="提问",
        autofocus=True,
    )


def _chosen(event: gr.SelectData) -> str:
    return str(event.value["text"])


def _theme() -> gr.themes.Base:
    return gr.themes.Base(
        primary_hue="emerald",
        neutral_hue="stone",
        font=["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )


# -- the server ------------------------------------------------------------------------------


class Server(uvicorn.Server):
    """Says when it is ready, and does not wait in vain when it stops."""

    def __init__(self, site: Site, say_ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            site.app, log_level="warning", timeout_graceful_shutdown=10, server_header=False
        )
        super().__init__(config)
        self._release = site.release
        self._say_ready = say_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._say_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        release = asyncio.create_task(self._release())
        await super().shutdown(sockets)
        release.cancel()


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until asked to stop; returns the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        settings, samples = _arguments(argv)
        with (
            closing(listen(settings.host, settings.port)) as listener,
            closing(LocalDesk.open(settings)) as desk,
        ):
            if samples and not desk.entries():
                add_samples(desk, samples, settings)
            desk.archive.build_in_background()
            desk.warm()
            serve(desk, settings, listener)
    except (IndexingError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def serve(desk: LocalDesk, settings: Settings, listener: socket.socket) -> None:
    """Answer on a listening socket until a signal ends it."""
    url = address(settings.host, listener)
    owner = Owner.announce(settings.data, url)
    try:
        site = create_site(desk, settings, owner.token)
        Server(site, lambda: print(f"Youju 已就绪：{url}", flush=True)).run([listener])
    finally:
        Owner.leave(settings.data)


def _arguments(argv: Sequence[str] | None) -> tuple[Settings, Path | None]:
    settings = Settings.from_environment()
    parser = argparse.ArgumentParser(prog="youju serve", description="启动有据的网页问答。")
    parser.add_argument(
        "--data", type=Path, default=settings.data, help="数据目录（默认 %(default)s）"
    )
    parser.add_argument("--host", default=settings.host, help="监听地址（默认 %(default)s）")
    parser.add_argument("--port", type=int, default=settings.port, help="端口（默认 %(default)s）")
    parser.add_argument("--samples", type=Path, help="资料库为空时，先收录这个文件夹")
    given = parser.parse_args(argv)
    settings = replace(settings, data=given.data, host=given.host, port=given.port)
    return settings, given.samples


if __name__ == "__main__":
    sys.exit(main())
