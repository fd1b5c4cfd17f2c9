"""Documents: listed, shown whole or in part, taken in and removed.

A document that a caller may not see is not there for them: not in a list, not by its id, and what
they are told of it is what they would be told of one that never was.
"""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, File, Query, UploadFile
from fastapi.concurrency import run_in_threadpool

from index.types import Document, Entry
from qa.desk import LocalDesk
from qa.figures import fold
from qa.files import storable
from web.api.access import By, Caller, Door, admitting
from web.api.forms import (
    LARGEST,
    AddedOut,
    DocumentOut,
    EntriesOut,
    PassageOut,
    Place,
    RemovedOut,
    example,
)
from web.api.problems import UNKNOWN_DOCUMENT, Problem
from web.listing import Wanted, listed

# A day, a month or a year, or nothing.
_DAY = r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"
_Words = Annotated[str, Query(max_length=200)]
_Offset = Annotated[int, Query(ge=0, le=LARGEST)]
_MOST_FILES = 100


def document_routes(desk: LocalDesk, door: Door) -> APIRouter:
    """What everybody who is let in may read."""
    routes = APIRouter(
        prefix="/documents",
        route_class=admitting(door, "admin", "program", "page"),
        tags=["文档"],
    )

    @routes.get("", summary="文档列表", response_model=EntriesOut, responses=example(_ENTRIES))
    def entries(
        caller: By,
        query: _Words = "",
        source: _Words = "",
        since: Annotated[str, Query(alias="from", pattern=_DAY, examples=["2024-06"])] = "",
        until: Annotated[str, Query(alias="to", pattern=_DAY, examples=["2024"])] = "",
        offset: _Offset = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> dict[str, Any]:
        wanted = Wanted(query, since=since, until=until)
        found = [
            entry
            for entry in listed(desk.entries(), wanted)
            if caller.sees(entry) and fold(source) in fold(entry.source)
        ]
        shown = [_entry(caller, entry) for entry in found[offset : offset + limit]]
        return {"documents": shown, "total": len(found)}

    @routes.get(
        "/{document_id}",
        summary="一个文档，或其中一段原文",
        response_model=DocumentOut,
        responses=example(_DOCUMENT),
    )
    def document(
        document_id: str, caller: By, start: _Offset = 0, end: _Offset | None = None
    ) -> dict[str, Any]:
        found = desk.document(_seen(desk, caller, document_id).id)
        last = len(found.text) if end is None else end
        _check_place(found, start, last)
        return _shown(found, start, last)

    # A browser tells where a page is from with every POST, but not with a GET of its own server.
    @routes.post(
        "/{document_id}/passage",
        summary="一段原文和它的前后文（网页用）",
        response_model=PassageOut,
        responses=example(_PASSAGE),
    )
    def passage(document_id: str, caller: By, place: Place) -> dict[str, Any]:
        found = desk.document(_seen(desk, caller, document_id).id)
        _check_place(found, place.start, place.end)
        return {
            "start": place.start,
            "end": place.end,
            "before": found.text[max(0, place.start - place.around) : place.start],
            "text": found.text[place.start : place.end],
            "after": found.text[place.end : place.end + place.around],
        }

    return routes


def library_routes(desk: LocalDesk, door: Door) -> APIRouter:
    """What the administrator alone may change."""
    routes = APIRouter(prefix="/documents", route_class=admitting(door, "admin"), tags=["管理"])

    @routes.post(
        "",
        summary="收录文件（multipart，字段名 files）",
        response_model=list[AddedOut],
        response_model_exclude_none=True,
        responses=example(_ADDED),
    )
    async def add(
        files: Annotated[list[UploadFile], File(max_length=_MOST_FILES)],
    ) -> list[dict[str, Any]]:
        return [await _added(desk, file) for file in files]

    @routes.delete(
        "/{document_id}", summary="移除文档", response_model=RemovedOut, responses=example(_REMOVED)
    )
    def remove(document_id: str, caller: By) -> dict[str, Any]:
        removed = desk.remove(_seen(desk, caller, document_id).id)
        return {"id": removed.id, "source": removed.source, "title": removed.title}

    return routes


def _seen(desk: LocalDesk, caller: Caller, document_id: str) -> Entry:
    """The document of this very id: a beginning of it would tell of others that begin so."""
    for entry in desk.entries():
        if entry.id == document_id and caller.sees(entry):
            return entry
    raise Problem(404, UNKNOWN_DOCUMENT)


def _check_place(document: Document, start: int, end: int) -> None:
    length = len(document.text)
    if not start <= end <= length:
        raise Problem(422, f"start、end：应当 0 ≤ start ≤ end ≤ {length}（全文字数）。")


def _entry(caller: Caller, entry: Entry) -> dict[str, Any]:
    fields = asdict(entry)
    # Paths tell how the server's disk is laid out.
    return fields if caller.role == "admin" else {**fields, "paths": []}


def _shown(document: Document, start: int, end: int) -> dict[str, Any]:
    names = ("id", "source", "title", "date", "page", "publication")
    return {
        **{name: getattr(document, name) for name in names},
        "characters": len(document.text),
        "sections": [
            {"heading": s.heading, "start": s.span.start, "end": s.span.end}
            for s in document.sections
        ],
        "start": start,
        "end": end,
        "text": document.text[start:end],
    }


async def _added(desk: LocalDesk, file: UploadFile) -> dict[str, Any]:
    """What became of one file. Its next version, under the same name, replaces it."""
    source = storable((file.filename or "").encode("utf-8", "replace").decode())
    added = await run_in_threadpool(desk.add, f"api:{source}", source, await file.read())
    return {
        "source": source,
        "status": added.status,
        "id": added.document_id or None,
        "message": added.message or None,
    }


_ABOUT = {
    "id": "5b0c7f1c2a9d4e31",
    "source": "年报.txt",
    "title": "甲区年报",
    "date": "2024-12-31",
    "page": "",
    "publication": "",
    "characters": 5210,
}
_ENTRY = {
    **_ABOUT,
    "chunks": 31,
    "added": "2025-01-06T08:00:00+00:00",
    "paths": [],
}
_ENTRIES = {"documents": [_ENTRY], "total": 1}
_DOCUMENT = {
    **_ABOUT,
    "sections": [{"heading": "工业", "start": 5, "end": 33}],
    "start": 5,
    "end": 33,
    "text": "2024年，甲区完成工业投资12.5亿元，同比增长8.1%。",
}
_PASSAGE = {
    "start": 5,
    "end": 33,
    "before": "甲区年报\n",
    "text": "2024年，甲区完成工业投资12.5亿元，同比增长8.1%。",
    "after": "\n",
}
_ADDED = [
    {"source": "年报.txt", "status": "added", "id": "5b0c7f1c2a9d4e31"},
    {"source": "空.txt", "status": "failed", "message": "文件里没有文字。"},
]
_REMOVED = {"id": "5b0c7f1c2a9d4e31", "source": "年报.txt", "title": "甲区年报"}
