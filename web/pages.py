"""The library page and the routes it calls: list, show, add, read anew, remove documents.

For our own pages alone: nothing here answers a page of another origin. Who may change what is
decided in web/access.py, what is listed in web/listing.py, how it looks in the browser.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from index import printed
from index.errors import IndexingError, LibraryError, LoadError, UnknownDocument
from index.load import SUFFIXES
from index.types import Document
from qa.desk import LocalDesk
from qa.files import storable
from qa.settings import Settings
from web import access
from web.listing import ORDERS, Wanted, counted, kind, listed

SameName = Literal["ask", "replace", "both"]

_WEB = Path(__file__).parent
_MOST_LISTED = 200
_LONGEST_NAME = 150
_SCRIPT, _STYLE = "text/javascript", "text/css"
_FILES = {
    "viewer.js": _SCRIPT,
    "viewer.css": _STYLE,
    "library.js": _SCRIPT,
    "library.css": _STYLE,
    "page.js": _SCRIPT,
    "tokens.css": _STYLE,
    "icon.svg": "image/svg+xml",
}
# Where a page of another site may not even show what it cannot read.
_PRIVATE = {"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store"}
_FRESH = {"Cache-Control": "no-cache"}

_FOREIGN = "这个地址只供本服务自己的网页使用。"
_WRONG = "密码不对。"
_ASK = "更改资料库需要密码。"
_OFTEN = "密码错误次数过多，请一分钟后再试。"
_HELD = "已有同名文件“{name}”，内容不同。"


class _Route(APIRoute):
    """Errors of the floor below and of a request's form, each with its status and one sentence."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answering(request: Request) -> Response:
            try:
                return await answer(request)
            except RequestValidationError as error:
                named = "、".join(str(problem["loc"][-1]) for problem in error.errors())
                raise HTTPException(400, f"请求的参数不对：{named}。") from error
            except IndexingError as error:
                raise HTTPException(_status(error), str(error)) from error

        return answering


def _status(error: IndexingError) -> int:
    if isinstance(error, UnknownDocument):
        return 404
    if isinstance(error, LoadError):
        return 422
    return 503 if isinstance(error, LibraryError) else 400


def library_routes(desk: LocalDesk, settings: Settings) -> APIRouter:
    """The page, its files, and what it calls."""
    routes = APIRouter()
    routes.include_router(_files())
    routes.include_router(_reading(desk, settings))
    routes.include_router(_changing(desk, settings))
    return routes


# -- the page ----------------------------------------------------------------------------------


def _files() -> APIRouter:
    routes = APIRouter()

    @routes.get("/library")
    def library() -> Response:
        return Response(
            (_WEB / "library.html").read_bytes(), media_type="text/html", headers=_FRESH
        )

    @routes.get("/page/web/{name}")
    def file(name: str) -> Response:
        if name not in _FILES:
            raise HTTPException(404, "没有这个文件。")
        return Response((_WEB / name).read_bytes(), media_type=_FILES[name], headers=_FRESH)

    return routes


# -- what it shows -----------------------------------------------------------------------------


def _only_ours(request: Request, response: Response) -> None:
    response.headers.update(_PRIVATE)
    if access.foreign(request.headers):
        raise HTTPException(403, _FOREIGN)


def _wanted(
    query: str = "",
    publication: str = "",
    kind: str = "",
    since: Annotated[str, Query(alias="from", pattern=r"^\d{0,4}(-\d\d){0,2}$")] = "",
    until: Annotated[str, Query(alias="to", pattern=r"^\d{0,4}(-\d\d){0,2}$")] = "",
    order: str = "added",
) -> Wanted:
    if order not in ORDERS:
        raise HTTPException(400, f"排序只能是：{'、'.join(ORDERS)}。")
    return Wanted(query, publication, kind, since, until, order)


def _reading(desk: LocalDesk, settings: Settings) -> APIRouter:
    routes = APIRouter(prefix="/page", dependencies=[Depends(_only_ours)], route_class=_Route)
    archive = desk.archive

    @routes.get("/state")
    def state() -> dict[str, Any]:
        closed = access.closed(settings)
        return {
            "closed": closed,
            "reason": access.REASONS[closed] if closed else "",
            "password": bool(settings.password),
            "max_file_mb": settings.max_file_mb,
            "suffixes": SUFFIXES,
            "indexing": not archive.vectors_ready,
            "away": bool(archive.notice),
        }

    @routes.get("/documents")
    def documents(
        wanted: Annotated[Wanted, Depends(_wanted)],
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=_MOST_LISTED)] = 50,
    ) -> dict[str, Any]:
        entries = archive.entries()
        found = listed(entries, wanted)
        return {
            "entries": [
                {**asdict(entry), "kind": kind(entry)} for entry in found[offset : offset + limit]
            ],
            "total": len(found),
            "all": len(entries),
            "chunks": sum(entry.chunks for entry in entries),
            "publications": counted(entry.publication for entry in entries),
            "kinds": counted(map(kind, entries)),
        }

    @routes.get("/selection")
    def selection(wanted: Annotated[Wanted, Depends(_wanted)]) -> dict[str, Any]:
        return {"ids": [entry.id for entry in listed(archive.entries(), wanted)]}

    @routes.get("/documents/{document_id}")
    def document(document_id: str) -> dict[str, Any]:
        shown = archive.document(document_id)
        return {**asdict(shown), "printed": _printed(desk, shown) is not None}

    @routes.get("/documents/{document_id}/chunks")
    def chunks(document_id: str) -> dict[str, Any]:
        shown = archive.document(document_id)
        return {"chunks": [asdict(chunk) for chunk in archive.chunks_of(shown.id)]}

    @routes.get("/documents/{document_id}/pages/{number}")
    def page(document_id: str, number: int) -> Response:
        drawn = _drawn(desk, archive.document(document_id), number)
        return Response(drawn.png, media_type="image/png", headers=_PRIVATE)

    @routes.get("/documents/{document_id}/boxes")
    def boxes(document_id: str, start: int, end: int) -> dict[str, Any]:
        shown = archive.document(document_id)
        if not 0 <= start < end <= len(shown.text):
            raise HTTPException(400, "引文的位置不在这份文档里。")
        number = max(1, sum(at <= start for at in shown.page_starts))
        found = printed.boxes(_drawn(desk, shown, number), shown, start, end, number)
        return {"page": number, "boxes": found}

    return routes


def _printed(desk: LocalDesk, document: Document) -> Path | None:
    """The original of a document whose pages can be drawn."""
    return desk.archive.original(document.id) if document.page_starts else None


def _drawn(desk: LocalDesk, document: Document, number: int) -> printed.Page:
    original = _printed(desk, document)
    if original is None or not 1 <= number <= len(document.page_starts):
        raise HTTPException(404, "没有这一页的原件。")
    return printed.draw(original, number)


# -- what changes it ---------------------------------------------------------------------------


def _may_change(settings: Settings) -> Callable[[Request], Coroutine[Any, Any, None]]:
    password = access.Password(settings.password)

    async def allow(request: Request) -> None:
        if access.HEADER not in request.headers:
            raise HTTPException(403, _FOREIGN)
        closed = access.closed(settings)
        if closed:
            raise HTTPException(403, access.REASONS[closed])
        given = request.headers.get(access.PASSWORD_HEADER, "")
        verdict = password.judge(given, request.client.host if request.client else "")
        if verdict == "often":
            raise HTTPException(429, _OFTEN, {"Retry-After": "60"})
        if verdict == "wrong":
            await asyncio.sleep(0.5 if given else 0)
            raise HTTPException(401, _WRONG if given else _ASK)

    return allow


def _changing(desk: LocalDesk, settings: Settings) -> APIRouter:
    allowed: Sequence[Any] = [Depends(_only_ours), Depends(_may_change(settings))]
    routes = APIRouter(prefix="/page", dependencies=allowed, route_class=_Route)

    @routes.post("/unlock")
    def unlock() -> dict[str, Any]:
        return {"open": True}

    @routes.post("/add")
    async def add(request: Request, name: str, same_name: SameName = "ask") -> dict[str, Any]:
        try:
            data = await request.body()
        except ClientDisconnect:
            # The person cancelled: nobody is there to be answered.
            return {}
        return await run_in_threadpool(_add, desk, name, data, same_name)

    @routes.post("/documents/{document_id}/index")
    def index(document_id: str) -> dict[str, Any]:
        return asdict(desk.archive.reindex(document_id))

    @routes.delete("/documents/{document_id}")
    def remove(document_id: str) -> dict[str, Any]:
        gone = desk.archive.remove(document_id)
        return {"id": gone.id, "title": gone.title}

    return routes


def _add(desk: LocalDesk, name: str, data: bytes, same_name: SameName) -> dict[str, Any]:
    """Take in a file of the page. One of a known name waits for a word, or replaces, or stands beside."""
    last = PurePosixPath(name.replace("\\", "/")).name
    named = PurePosixPath(storable(last))
    source = named.stem[:_LONGEST_NAME] + named.suffix[:_LONGEST_NAME]
    if not source:
        raise HTTPException(400, "文件没有名字。")
    path, digest = f"page:{source}", sha256(data).hexdigest()
    if same_name == "ask" and desk.archive.digest(path) not in {None, digest}:
        raise HTTPException(409, _HELD.format(name=source))
    if same_name == "both":
        path = f"page:{digest[:8]}:{source}"
    return asdict(desk.archive.add(path, source, data))
