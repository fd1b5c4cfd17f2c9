"""The composition root: settings, wiring, the web application. The only importer of Gradio.

    python -m app [--data DIR] [--host HOST] [--port PORT] [--samples DIR]

Serves two things over one library: the chat at `/`, and at `/desk` the six verbs that the command
line asks of a running server (qa/remote.py). How an answer looks is in web/render.py, how a
conversation grows in web/talk.py, what every request has to pass in web/guard.py, what is written
down of it in web/log.py, what is done before and at the end in web/start.py and web/stopping.py, and
what an answer is in qa.
"""

import argparse
import asyncio
import json
import os
import secrets
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Annotated, Any

# Gradio and the model libraries read these when they are imported: nothing leaves the machine.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
# And it keeps no statistics of its own of what was asked, which it would sum up after each question.
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(2**31)
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import gradio as gr
import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.routing import Mount

from index.errors import IndexingError, UnknownDocument
from qa.assistant import clean_question
from qa.desk import LocalDesk
from qa.remote import Owner
from qa.settings import Settings
from web import log
from web.api.access import asker
from web.api.application import UPLOAD, Beside, create_api
from web.api.register import Register
from web.guard import LOOPBACK, Guard
from web.line import AT_ONCE, Full, Gone, InLine, Line
from web.log import Requests
from web.pages import library_routes
from web.records import Talks, record_routes
from web.start import Examples, add_samples, address, listen, show_admin_key
from web.stopping import Gate, give_up
from web.talk import Scope, Talk, UnderWay, answer, day, greeting, restored, sorry, suggestions
from web.tally import Tally
from web.widget import widget_routes
from web.words import ZH, Words, counted, for_script, spoken

_WEB = Path(__file__).parent / "web"
# Of so many pages, those last used, the server keeps the conversation; of others the browser does.
_PAGES_KEPT = 500
# For so long, in seconds, a conversation that was cleared can be had back.
_CLEARED_KEPT = 30
# By so many characters of its last question a conversation is known.
_LONGEST_OFFERED = 40
# Where Gradio takes what it would queue.
_QUEUED = ("/gradio_api/queue/join", "/gradio_api/call")
# What Gradio serves beside and the chat does not use: files, other people's addresses, code, sign-in.
_CLOSED = (
    "/openapi.json",
    "/login",
    "/logout",
    "/monitoring",
    "/pwa_icon/",
    *(
        f"/gradio_api/{name}"
        for name in (
            "call/",
            "component_server",
            "custom_component/",
            "deep_link",
            "dev/",
            "openapi.json",
            "process_recording",
            "proxy=",
            "runs",
            "stream/",
            "undo-vibe-edit",
            "upload",
            "vibe-",
        )
    ),
)


# -- the whole -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """The web application, and what ends it: new work sent away, work under way finished.

    `finish` goes on at once where it is told of a hurry.
    """

    app: Requests
    finish: Callable[[Callable[[], bool]], Coroutine[Any, Any, None]]


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
    talks, line = Talks(), Line(settings.max_waiting)
    tally = Tally(desk, settings)
    app.include_router(desk_routes(desk, token, line, tally))
    app.include_router(record_routes(talks, desk))
    app.include_router(library_routes(desk, settings))
    app.include_router(widget_routes(Register(settings.data).site))

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    under_way = UnderWay()
    steps = _Steps(desk, settings.max_question, under_way, talks, line, tally)
    gr.mount_gradio_app(
        app,
        chat_page(desk, settings, steps),
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
        css_paths=[_WEB / "tokens.css", _WEB / "chat.css"],
        head=_script(),
    )
    gradio_app: Any = next(route.app for route in app.routes if isinstance(route, Mount))
    # While it stops Gradio says 503, to which its page has words of its own, in English.
    gradio_app.add_exception_handler(503, _say_busy)
    gradio_app.add_exception_handler(404, _say_unknown)
    events = gradio_app.get_blocks()._queue.event_ids_to_events
    chat = InLine(
        app,
        line,
        paths=_QUEUED,
        who=lambda scope: asker(scope, settings.identity_header),
        is_known=lambda event: event in events,
        busy=ZH.busy,
    )
    api = create_api(desk, settings, line=line, tally=tally)
    gate = Gate(Beside(chat, api), queued=_QUEUED)
    guard = Guard(
        gate,
        hosts=LOOPBACK if settings.local else None,
        limit=1_000_000,
        limits=dict.fromkeys(("/desk/add", "/page/add", UPLOAD), settings.max_file_mb * 1_000_000),
        closed=_CLOSED,
    )

    async def finish(in_a_hurry: Callable[[], bool]) -> None:
        if not await gate.close(lambda: under_way.count > 0, in_a_hurry):
            give_up()
        # Gradio drops the answers of a page whose stream ends: they come first.
        gradio_app.stop_event.set()

    return Site(Requests(guard), finish)


def _script() -> str:
    """The page's own script with the words it says; none of them holds markup."""
    said = json.dumps(for_script(), ensure_ascii=False)
    script = (_WEB / "chat.js").read_text(encoding="utf-8")
    viewer = '<script type="module" src="/page/web/viewer.js"></script>'
    return f"<script>window.youjuWords = {said};\n{script}</script>{viewer}"


async def _as_json_error(_: Request, error: Exception) -> JSONResponse:
    if isinstance(error, HTTPException):
        return JSONResponse({"error": error.detail}, error.status_code, error.headers)
    status = 404 if isinstance(error, UnknownDocument) else 400
    return JSONResponse({"error": str(error)}, status)


async def _say_busy(_: Request, __: Exception) -> JSONResponse:
    return JSONResponse({"detail": ZH.busy}, 429, {"Retry-After": "5"})


async def _say_unknown(_: Request, __: Exception) -> JSONResponse:
    return JSONResponse({"error": "没有这个地址。"}, 404)


# -- the desk --------------------------------------------------------------------------------


def desk_routes(desk: LocalDesk, token: str, line: Line, tally: Tally) -> APIRouter:
    """The verbs of a desk over HTTP, for the command line of the same user; qa/remote.py calls them."""

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
        question = _question(await request.body())
        try:
            async with line.turn("owner", request.receive):
                answer = await run_in_threadpool(desk.assistant.ask, question)
        except (Full, Gone) as error:
            headers = error.headers if isinstance(error, Full) else None
            raise HTTPException(503, ZH.busy, headers) from error
        tally.answered(answer)
        return answer.as_json()

    routes.include_router(_routes_of_the_folder(desk))
    return routes


def _routes_of_the_folder(desk: LocalDesk) -> APIRouter:
    """What is done with the data folder as a whole."""
    routes = APIRouter()

    @routes.post("/examine")
    def examine(repair: bool) -> dict[str, Any]:
        return {"findings": [asdict(finding) for finding in desk.examine(repair)]}

    @routes.post("/backup")
    def backup() -> StreamingResponse:
        # Without a name: whatever happens, nothing of it is left.
        with ExitStack() as opened:
            draft = opened.enter_context(tempfile.TemporaryFile(dir=desk.archive.folder))
            desk.back_up(draft)
            opened.pop_all()
        length = {"content-length": str(draft.tell())}
        return StreamingResponse(_pieces(draft), media_type="application/zip", headers=length)

    return routes


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file from its beginning; it is closed at the end."""
    with file:
        file.seek(0)
        while piece := file.read(1 << 20):
            yield piece


def _question(body: bytes) -> str:
    try:
        question = json.loads(body)["question"]
    except (ValueError, KeyError, TypeError) as error:
        raise HTTPException(400, '请求体应当是 {"question": "问题"}。') from error
    if not isinstance(question, str):
        raise HTTPException(400, "question 应当是文字。")
    return question


# -- the chat --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Steps:
    """What the page does with a conversation."""

    desk: LocalDesk
    longest: int
    under_way: UnderWay
    talks: Talks
    line: Line
    tally: Tally
    # Conversations whose answer under way is not wanted any more. Cancelling through Gradio would
    # drop what is asked before the cancelled step has ended.
    stopping: set[str] = field(default_factory=set)

    def stop(self, talk: Talk) -> None:
        self.stopping.add(talk.key)

    def reply(
        self,
        question: str,
        talk: Talk,
        stored: object,
        documents: list[str],
        since: str,
        until: str,
        request: gr.Request,
    ) -> Iterator[list[Any]]:
        asked = clean_question(question)
        if not asked:
            yield [gr.skip()] * 7
            return
        asked = asked[: self.longest]
        talk = _held(talk, stored, self.desk, request)
        words = talk.words
        try:
            talk = replace(talk, scope=_scope(documents, since, until))
        except ValueError as unread:
            talk = talk.added(sorry(asked, f"{words.scope_unread.format(day=unread)}。", words))
            self.talks.keep(talk)
            yield ["", *_shown(talk), gr.skip()]
            return
        # What was cleared before is offered no more: what is cleared next has all its time.
        waiting = talk.shown(asked, words.steps["retrieve"])
        yield [_asking(words), waiting, *[gr.skip()] * 4, gr.Timer(active=False)]
        self.stopping.discard(talk.key)
        with self.under_way.of(talk.key):
            for told in answer(self.desk, asked, talk, self.tally):
                if talk.key in self.stopping:
                    break
                if isinstance(told, Talk):
                    talk = told
                else:
                    yield [gr.skip(), talk.shown(asked, told), *[gr.skip()] * 5]
            if talk.key in self.stopping:
                self.stopping.discard(talk.key)
                # As it was, or as it was cleared meanwhile.
                talk = self.talks.get(talk.key) or talk
            self.talks.keep(talk)
            yield [_ready(words), *_shown(talk), gr.skip()]

    def suggest(self, talk: Talk) -> list[Any]:
        """Beside the line, on a core that is free, and only for who has not gone on meanwhile."""
        if talk.suggested:
            return [gr.skip()] * 2

        def unwanted() -> bool:
            return self.line.held >= AT_ONCE or self._gone_on(talk)

        questions = suggestions(self.desk, talk, unwanted)
        if self._gone_on(talk):
            return [gr.skip()] * 2
        talk = talk.suggesting(questions)
        self.talks.keep(talk)
        return [talk.shown(), talk]

    def _gone_on(self, talk: Talk) -> bool:
        kept = self.talks.get(talk.key)
        return talk.key in self.under_way or kept is None or kept.exchanges != talk.exchanges

    def clear(self, talk: Talk, stored: object, request: gr.Request) -> list[Any]:
        talk = _held(talk, stored, self.desk, request)
        if talk.key in self.under_way:
            self.stop(talk)
        empty = replace(talk, exchanges=())
        self.talks.keep(empty)
        return [*_shown(empty), *_offered(talk, talk.words.undo), gr.Timer(active=True)]

    def go_back(self, earlier: Talk, latest: object, request: gr.Request) -> list[Any]:
        earlier = _held(earlier, latest, self.desk, request)
        self.talks.keep(earlier)
        return [*_shown(earlier), *_offered(_UNKNOWN), gr.Timer(active=False)]

    def forget(self) -> list[Any]:
        return [*_offered(_UNKNOWN), gr.Timer(active=False)]


def chat_page(desk: LocalDesk, settings: Settings, steps: _Steps) -> gr.Blocks:
    """The chat: conversation at the left, its sources at the right."""
    examples = Examples(desk, settings)

    def opened(stored: object, latest: object, request: gr.Request) -> list[Any]:
        asked, words = dict(request.query_params), _spoken(request)
        chosen = [part for part in asked.get("documents", "").split(",") if part]
        since, until = asked.get("from", ""), asked.get("to", "")
        # Who has opened it already finds it open.
        opened_scope = {"open": True} if chosen or since or until else {}
        talk = restored(stored, desk, words)
        steps.talks.keep(talk)
        earlier = Talk(words=words) if talk.exchanges else restored(latest, desk, words)
        return [
            greeting(desk, talk),
            gr.Markdown(f"## {words.sources}"),
            gr.Chatbot(
                talk.shown(),
                placeholder=words.placeholder if desk.entries() else words.placeholder_empty,
                examples=_examples(examples.shown()),
            ),
            talk.panel(),
            talk,
            gr.Textbox(placeholder=words.question, submit_btn=words.ask),
            _scope_told(talk, chosen, since, until, **opened_scope),
            gr.Dropdown(_choices(desk), value=chosen, label=words.scope_documents),
            _day_box(since, words.scope_since, "2023-01-01", words),
            _day_box(until, words.scope_until, "2024", words),
            *_offered(earlier, words.go_on),
        ]

    with gr.Blocks(title="有据", analytics_enabled=False, fill_width=True) as page:
        talk = gr.State(_UNKNOWN)
        earlier = gr.State(_UNKNOWN, time_to_live=_CLEARED_KEPT)
        forgetting = gr.Timer(_CLEARED_KEPT, active=False)
        # It is the browser's own storage that keeps it: of each tab its own (web/chat.js), of all
        # tabs the latest. The secret only gives it a stable form; None is not written.
        stored = gr.BrowserState(None, storage_key="youju-tab", secret="youju")
        latest = gr.BrowserState(None, storage_key="youju-talk", secret="youju")
        head = gr.Markdown(elem_id="yj-greeting")
        with gr.Row(elem_id="yj-main", equal_height=True):
            with gr.Column(scale=5, min_width=320, elem_id="yj-talk"):
                chatbot = _chatbot(examples.shown())
                back = gr.Button(visible=False, size="sm", elem_id="yj-back")
                question = _question_box(settings)
                scope = _scope_boxes()
            with gr.Column(scale=4, min_width=320, elem_id="yj-side"):
                title = gr.Markdown(elem_id="yj-side-title")
                sources = gr.Markdown(Talk().panel(), elem_id="yj-sources", latex_delimiters=[])
        shown = [chatbot, sources, talk, stored, latest]
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        at_once = {"queue": False, **quiet}
        replying = {
            "fn": steps.reply,
            "inputs": [question, talk, stored, *scope[1:]],
            "outputs": [question, *shown, forgetting],
            **quiet,
        }
        # While a step is under way, the page sends no other of its kind: what comes then is done
        # after it, and what is suggested is a step by itself.
        after = {"trigger_mode": "always_last"}
        sent = question.submit(**replying, **after)
        chosen = chatbot.example_select(_chosen, None, question, **at_once).then(**replying)
        for replied in (sent, chosen):
            replied.success(steps.suggest, talk, [chatbot, talk], **at_once, **after)
        question.stop(steps.stop, talk, None, **at_once)
        offered = [earlier, back, forgetting]
        chatbot.clear(steps.clear, [talk, stored], [*shown, *offered], **at_once)
        back.click(steps.go_back, [earlier, latest], [*shown, *offered], **at_once)
        forgetting.tick(steps.forget, None, offered, **at_once)
        page.load(
            opened,
            [stored, latest],
            [head, title, chatbot, sources, talk, question, *scope, earlier, back],
            **at_once,
        )
        _, documents, since, until = scope
        changed = [documents.input, since.blur, until.blur]
        gr.on(changed, _scope_told, [talk, *scope[1:]], scope[0], **at_once)
    # Nothing waits in Gradio's own queue: what comes to it has its turn.
    page.queue(default_concurrency_limit=None, api_open=False)
    page.state_session_capacity = _PAGES_KEPT
    return page


# That of a page which is not known here any more: it was left alone for long, or the server began anew.
_UNKNOWN = Talk()


def _shown(talk: Talk) -> list[Any]:
    """A conversation, its sources, and what the browser keeps of it, for this tab and for the next."""
    stored = talk.stored()
    return [talk.shown(), talk.panel(), talk, stored, stored]


def _offered(earlier: Talk, said: str = "") -> tuple[Talk, gr.Button]:
    """A conversation to go back to, and the button that does; none where it is empty."""
    if not earlier.exchanges:
        return earlier, gr.Button(visible=False)
    question = earlier.exchanges[-1].asked
    if len(question) > _LONGEST_OFFERED:
        question = f"{question[:_LONGEST_OFFERED]}…"
    return earlier, gr.Button(said.format(question=question), visible=True)


def _held(talk: Talk, stored: object, desk: LocalDesk, request: gr.Request) -> Talk:
    """The conversation of a page, as its browser kept it where the server did not."""
    return restored(stored, desk, _spoken(request)) if talk.key == _UNKNOWN.key else talk


def _spoken(request: gr.Request) -> Words:
    """The language of the page that asks."""
    asked = dict(request.query_params)
    return spoken(asked.get("lang", ""), request.headers.get("accept-language", ""))


def _asking(words: Words) -> gr.Textbox:
    """The empty box while an answer is being made, which can be stopped."""
    return gr.Textbox("", submit_btn=False, stop_btn=words.stop)


def _ready(words: Words) -> gr.Textbox:
    return gr.Textbox(submit_btn=words.ask, stop_btn=False)


def _scope(documents: Sequence[str], since: str | None, until: str | None) -> Scope:
    """What was chosen; ValueError, with what was written, where a date is none."""
    return Scope(tuple(documents or ()), day(since or ""), day(until or ""))


def _scope_told(
    talk: Talk, documents: Sequence[str], since: str, until: str, **named: bool
) -> gr.Accordion:
    """The scope in its own heading: what is folded away still narrows every answer."""
    words = talk.words
    told = [words.scope]
    try:
        scope = _scope(documents, since, until)
    except ValueError as unread:
        told.append(words.scope_unread.format(day=unread))
    else:
        if scope.documents:
            told.append(counted(words.scope_count, len(scope.documents)))
        if scope.since or scope.until:
            told.append(f"{scope.since or '…'} – {scope.until or '…'}")
    return gr.Accordion(" · ".join(told), **named)


def _choices(desk: LocalDesk) -> list[tuple[str, str]]:
    return [(entry.title or entry.source, entry.id) for entry in desk.entries()]


def _scope_boxes() -> tuple[gr.Accordion, gr.Dropdown, gr.Textbox, gr.Textbox]:
    """Which documents are asked: closed until it is needed."""
    with gr.Accordion(ZH.scope, open=False, elem_id="yj-scope") as scope:
        documents = gr.Dropdown([], multiselect=True, label=ZH.scope_documents)
        with gr.Row():
            since = gr.Textbox(label=ZH.scope_since, max_length=10)
            until = gr.Textbox(label=ZH.scope_until, max_length=10)
    return scope, documents, since, until


def _day_box(day: str, label: str, example: str, words: Words) -> gr.Textbox:
    return gr.Textbox(day, label=label, placeholder=words.scope_example.format(day=example))


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
        placeholder=ZH.placeholder,
        examples=_examples(examples),
        # To the end of an answer; web/chat.js scrolls to its beginning.
        autoscroll=False,
    )


def _examples(questions: Sequence[str]) -> list[Any] | None:
    return [{"text": question} for question in questions] or None


def _question_box(settings: Settings) -> gr.Textbox:
    return gr.Textbox(
        elem_id="yj-question",
        label="问题",
        show_label=False,
        container=False,
        placeholder=ZH.question,
        max_length=settings.max_question,
        submit_btn=ZH.ask,
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
    """Says when it is ready, and finishes what is under way when it stops."""

    def __init__(self, site: Site, say_ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            site.app,
            log_config=None,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=5,
            server_header=False,
        )
        super().__init__(config)
        self._finish = site.finish
        self._say_ready = say_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._say_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._finish(lambda: self.force_exit)
        await super().shutdown(sockets)


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until asked to stop; returns the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        settings, samples = _arguments(argv)
        log.start(sys.stderr)
        with (
            closing(listen(settings.host, settings.port)) as listener,
            closing(LocalDesk.open(settings)) as desk,
        ):
            if samples and not desk.entries():
                add_samples(desk, samples, settings)
            desk.archive.build_in_background()
            desk.archive.watch()
            desk.archive.mend_in_background()
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
        show_admin_key(settings)
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
