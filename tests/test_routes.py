"""Every route of the server, asked by everybody, for what is theirs and what is not.

The routes are read from the application that is served: one that stands in no table here fails.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx
import pytest
from starlette.types import ASGIApp

import app
from index.archive import Archive
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.settings import Settings
from tests.conftest import HashEmbedder, RuleReader, but_its_id, listening
from web.access import HEADER, PASSWORD_HEADER
from web.api.filters import Filter
from web.api.register import Key, Register, Site
from web.api.tokens import LIFETIME, Tokens

_OA, _NEWS = "https://oa.example.intra", "https://news.example.intra"
_OURS = "甲区年报\n2024年，甲区完成工业投资17.3亿元，同比增长8.1%。\n"
_THEIRS = "乙区通报\n2024年，乙区完成工业投资46.9亿元，同比增长9.9%。\n"
_PASSWORD, _OWNER = "open sesame", "owner-token"
_MISSING = "0123456789abcdef"

# Who asks. `page`, `other` and `late` are pages of sites with a token (the third one's is over),
# `program` has a key for the first site's documents, `session` the password of the library page.
_ROLES = ("nobody", "guess", "late", "page", "other", "program", "admin", "session", "owner")
_API_ROLES = ("page", "other", "program", "admin")


def _all(status: int, **others: int) -> dict[str, int]:
    return {role: others.get(role, status) for role in _ROLES}


_OPEN = _all(200)
_ABSENT = _all(404)
# Whoever has neither key nor token is told the same; whom it does not concern, that it does not.
_ASKING = _all(401, page=200, other=200, program=200, admin=200)
_PROGRAMS = _all(401, page=403, other=403, program=200, admin=200)
_CHANGING_THE_LIBRARY = _all(403, session=200)
_DESK = _all(401, owner=200)

# Of each route, what everybody is answered. Routes with an id come once more below.
_EXPECTED: Mapping[str, Mapping[str, int]] = {
    "GET /health": _OPEN,
    "GET /library": _OPEN,
    "GET /page/web/{name}": _OPEN,
    "GET /widget.js": _OPEN,
    "GET /widget/demo": _OPEN,
    "GET /widget/demo.css": _OPEN,
    "GET /widget/embed": _OPEN,
    "GET /widget/embed.css": _OPEN,
    "GET /widget/embed.js": _OPEN,
    "GET /widget/frame": _OPEN,
    "GET /api/v1/health": _OPEN,
    "GET /api/v1/ready": _OPEN,
    "GET /api/v1/openapi.json": _OPEN,
    "HEAD /api/v1/openapi.json": _OPEN,
    "GET /metrics": {**_OPEN, "program": 403},
    # What our own pages read: a page of another origin, which tokens are for, reads nothing.
    "GET /page/state": _all(200, page=403, other=403, late=403),
    "GET /page/documents": _all(200, page=403, other=403, late=403),
    "GET /page/selection": _all(200, page=403, other=403, late=403),
    "POST /page/unlock": _CHANGING_THE_LIBRARY,
    "POST /page/add": _CHANGING_THE_LIBRARY,
    # The key of a conversation is all there is to it: who has none finds nothing.
    "GET /talk/{key}/export.{form}": _ABSENT,
    "GET /talk/{key}/{number}.{form}": _ABSENT,
    "POST /talk/{key}/{number}/feedback": _ABSENT,
    "GET /desk": _DESK,
    "GET /desk/documents": _DESK,
    "POST /desk/add": _DESK,
    "POST /desk/ask": _DESK,
    "POST /desk/backup": _DESK,
    "POST /desk/examine": _DESK,
    "POST /api/v1/token": _all(403, page=200, late=200),
    "POST /api/v1/ask": _ASKING,
    "POST /api/v1/ask/stream": _ASKING,
    "POST /api/v1/feedback": _ASKING,
    "GET /api/v1/documents": _ASKING,
    "POST /api/v1/documents": _all(401, page=403, other=403, program=403, admin=200),
    "GET /v1/models": _PROGRAMS,
    "GET /v1/models/{name}": _PROGRAMS,
    "POST /v1/chat/completions": _PROGRAMS,
}

# Of each route with the id of a document: what is answered for the first site's own, the other
# site's, and one that never was.
_BY_DOCUMENT: Mapping[str, tuple[Mapping[str, int], Mapping[str, int], Mapping[str, int]]] = {
    "GET /api/v1/documents/{document_id}": (
        _all(401, page=200, other=404, program=200, admin=200),
        _all(401, page=404, other=200, program=404, admin=200),
        _all(401, page=404, other=404, program=404, admin=404),
    ),
    "POST /api/v1/documents/{document_id}/passage": (
        _all(401, page=200, other=404, program=200, admin=200),
        _all(401, page=404, other=200, program=404, admin=200),
        _all(401, page=404, other=404, program=404, admin=404),
    ),
    "DELETE /api/v1/documents/{document_id}": (
        _all(401, page=403, other=403, program=403, admin=200),
        _all(401, page=403, other=403, program=403, admin=200),
        _all(401, page=403, other=403, program=403, admin=404),
    ),
    "GET /desk/documents/{document_id:path}": (_DESK, _DESK, _all(401, owner=404)),
    "DELETE /desk/documents/{document_id:path}": (_DESK, _DESK, _all(401, owner=404)),
    **{
        f"GET /page/documents/{{document_id}}{more}": (
            _all(200, page=403, other=403, late=403),
            _all(200, page=403, other=403, late=403),
            _all(404, page=403, other=403, late=403),
        )
        for more in ("", "/chunks")
    },
    # Their originals have no pages: what is asked for is not there, and no more is told.
    **{
        f"GET /page/documents/{{document_id}}/{more}": 3 * (_all(404, page=403, other=403, late=403),)
        for more in ("boxes", "pages/{number}")
    },
    "POST /page/documents/{document_id}/index": (
        _CHANGING_THE_LIBRARY, _CHANGING_THE_LIBRARY, _all(403, session=404),
    ),
    "DELETE /page/documents/{document_id}": (
        _CHANGING_THE_LIBRARY, _CHANGING_THE_LIBRARY, _all(403, session=404),
    ),
}  # fmt: skip

_ASK = {"question": "甲区工业投资是多少"}
_BODIES: Mapping[str, Any] = {
    "/desk/ask": _ASK,
    "/api/v1/ask": _ASK,
    "/api/v1/ask/stream": _ASK,
    "/v1/chat/completions": {
        "model": "youju",
        "messages": [{"role": "user", "content": _ASK["question"]}],
    },
    "/talk/{key}/{number}/feedback": {"rating": "up"},
    "/api/v1/documents/{document_id}/passage": {"start": 0, "end": 4},
}
_QUERIES = {
    "/desk/add": "?path=/again.txt&source=again.txt",
    "/page/add": "?name=again.txt",
    "/page/documents/{document_id}/boxes": "?start=0&end=2",
    "/desk/examine": "?repair=0",
}
_FILLED = {"key": "k" * 22, "number": "1", "form": "md", "name": "youju"}


@dataclass
class _Asked:
    """A server, who may ask it, and what there is."""

    http: httpx.Client
    headers: Mapping[str, Mapping[str, str]]
    ours: str
    theirs: str
    site: str
    answer: Mapping[str, Any]
    routes: frozenset[tuple[str, str]]
    restore: Callable[[], object]

    def ask(self, route: str, role: str, document: str = _MISSING) -> httpx.Response:
        method, _, path = route.partition(" ")
        values = {**_FILLED, "document_id": document}
        if path == "/page/web/{name}":
            values["name"] = "viewer.js"
        filled = re.sub(r"\{(\w+)[^}]*\}", lambda found: values[found[1]], path)
        sent: dict[str, Any] = {"json": _BODIES[path]} if path in _BODIES else {}
        if path in ("/desk/add", "/page/add"):
            sent = {"content": _OURS.encode()}
        elif path == "/api/v1/token":
            sent = {"json": {"site": self.site}}
        elif path == "/api/v1/feedback":
            sent = {"json": {**_ASK, "answer": self.answer, "rating": "up"}}
        elif route == "POST /api/v1/documents":
            sent = {"files": [("files", ("again.txt", _OURS.encode()))]}
        query = _QUERIES.get(path, "")
        return self.http.request(method, filled + query, headers=self.headers[role], **sent)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Asked]:
    folder = tmp_path_factory.mktemp("routes")
    settings = Settings(data=folder, password=_PASSWORD, per_minute=100_000)
    with Archive(folder, HashEmbedder) as archive:
        desk = LocalDesk(archive, Assistant(archive, RuleReader()))

        def restore() -> tuple[str, str]:
            ours = archive.add("/公开/年报.txt", "年报.txt", _OURS.encode())
            theirs = archive.add("/内部/通报.txt", "通报.txt", _THEIRS.encode())
            return ours.document_id, theirs.document_id

        ours, theirs = restore()
        register = Register(folder)
        site = Site("办公网", (_OA,), Filter(("title:甲区*",)), per_minute=100_000)
        other = Site("新闻网", (_NEWS,), Filter(("title:乙区*",)), per_minute=100_000)
        register.add_site(site)
        register.add_site(other)
        program = register.add_key(Key("晨报", Filter(("title:甲区*",))))
        secret = register.signing_secret()

        def page(of: Site, origin: str, issued: float) -> dict[str, str]:
            token = Tokens(secret, lambda: issued).issue(of.id, origin)
            return {"Authorization": f"Bearer {token}", "Origin": origin}

        now = time.time()
        headers = {
            "nobody": {},
            "guess": {"Authorization": "Bearer yj_guess"},
            "late": page(site, _OA, now - LIFETIME - 1),
            "page": page(site, _OA, now),
            "other": page(other, _NEWS, now),
            "program": {"Authorization": f"Bearer {program}"},
            "admin": {"Authorization": f"Bearer {register.renew_admin_key()}"},
            "session": {HEADER: "1", PASSWORD_HEADER: "open%20sesame"},
            "owner": {"Authorization": f"Bearer {_OWNER}"},
        }
        answer = desk.ask(_ASK["question"])
        made: list[Any] = []

        def make() -> ASGIApp:
            made.append(app.create_site(desk, settings, _OWNER).app)
            return cast(ASGIApp, made[0])

        with (
            listening(make) as url,
            httpx.Client(base_url=url, trust_env=False, timeout=60) as http,
        ):
            routes = frozenset(_routes(made[0]))
            yield _Asked(http, headers, ours, theirs, site.id, answer, routes, restore)


# -- the tables name every route -------------------------------------------------------------

# What of Gradio's own the page of the chat calls; nobody has to be let in, as to the page itself.
_CHAT = frozenset(
    (
        "/ /config /config/ /theme.css /favicon.ico /manifest.json /robots.txt /pwa_icon "
        "/assets/{path:path} /static/{path:path} /svelte/{path:path}"
    ).split()
) | frozenset(
    f"/gradio_api/{name}"
    for name in (
        "api/{api_name} api/{api_name}/ app_id app_id/ cancel file/{path:path} "
        "file={path_or_url:path} heartbeat/{session_hash} info info/ login_check login_check/ "
        "queue/data queue/join queue/status reset reset/ run/{api_name} run/{api_name}/ "
        "startup-events theme.css token token/ user user/"
    ).split()
)


def _routes(part: Any, prefix: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - of three libraries
    """Method and path of every route of an application, whatever stands in front of it.

    Of what is mounted in it, Gradio's, the method is in small letters.
    """
    inside = part.effective_candidates() if hasattr(part, "effective_candidates") else ()
    for route in inside or getattr(part, "routes", ()):
        methods = getattr(route, "methods", None)
        if hasattr(route, "effective_candidates"):
            yield from _routes(route, prefix)
        elif hasattr(route, "app") and methods is None:
            yield from ((m.lower(), path) for m, path in _routes(route.app, prefix + route.path))
        else:
            yield from ((method, prefix + route.path) for method in methods or ("?",))
    for behind in ("_app", "_other"):
        if hasattr(part, behind):
            yield from _routes(getattr(part, behind), prefix)


def test_every_route_stands_in_a_table(asked: _Asked) -> None:
    served = {f"{method} {path}" for method, path in asked.routes if method.isupper()}
    named = {*_EXPECTED, *_BY_DOCUMENT}
    assert sorted(served - named) == [], (
        "new routes: say in _EXPECTED, or with the id of a document in _BY_DOCUMENT, who may what"
    )
    assert sorted(named - served) == [], "these routes are no more: take them out of the tables"


def test_of_gradio_only_what_the_chat_needs_is_open(asked: _Asked) -> None:
    of_gradio = {(method, path) for method, path in asked.routes if method.islower()}
    assert len(of_gradio) > 20
    for method, path in sorted(of_gradio):
        if path not in _CHAT:
            got = asked.http.request(method.upper(), re.sub(r"\{[^}]*\}", "1", path), json={})
            assert (got.status_code, method == "head" or got.json()["error"]) in {
                (404, True), (404, "没有这个地址。")
            }, f"{path} is new: close it in app.py, or enter it in _CHAT"  # fmt: skip
    assert {path for _, path in of_gradio} >= _CHAT


def test_what_is_open_to_everybody_tells_nothing_of_documents(asked: _Asked) -> None:
    endless = {"/gradio_api/heartbeat/{session_hash}"}
    open_routes = [("GET", path) for path in sorted(_CHAT - endless)]
    open_routes += [
        ("GET", route.partition(" ")[2])
        for route, expected in _EXPECTED.items()
        if expected in (_OPEN, _ABSENT) and route.startswith("GET")
    ]
    for method, path in open_routes:
        got = asked.http.request(method, re.sub(r"\{[^}]*\}", "1", path))
        assert got.status_code < 500, path
        for told in ("17.3亿元", "46.9亿元", asked.ours, asked.theirs, _OWNER, _PASSWORD):
            assert told not in got.text, path


# -- who may what ----------------------------------------------------------------------------


@pytest.mark.parametrize("route", sorted(_EXPECTED))
def test_everybody_is_answered_as_the_table_says(asked: _Asked, route: str) -> None:
    found = {role: asked.ask(route, role).status_code for role in _ROLES}
    assert found == _EXPECTED[route]


@pytest.mark.parametrize("route", sorted(_BY_DOCUMENT))
def test_everybody_finds_their_own_documents_and_no_others(asked: _Asked, route: str) -> None:
    for document, expected in zip(
        (asked.ours, asked.theirs, _MISSING), _BY_DOCUMENT[route], strict=True
    ):
        found = {}
        for role in _ROLES:
            found[role] = asked.ask(route, role, document).status_code
            asked.restore()
        assert found == expected, document


@pytest.mark.parametrize("route", sorted(route for route in _BY_DOCUMENT if "/api/" in route))
def test_who_may_not_see_a_document_is_not_told_that_it_is_there(asked: _Asked, route: str) -> None:
    *_, missing = _BY_DOCUMENT[route]
    for document, expected in zip((asked.ours, asked.theirs), _BY_DOCUMENT[route], strict=False):
        for role in _ROLES:
            if expected[role] == missing[role] and expected[role] != 200:
                there, never = asked.ask(route, role, document), asked.ask(route, role)
                assert but_its_id(there) == but_its_id(never)
                assert there.headers.keys() == never.headers.keys()


@pytest.mark.parametrize("role", ["page", "program"])
def test_a_document_of_others_is_no_source_of_an_answer(asked: _Asked, role: str) -> None:
    """Named in what is sent, asked for by name, or chosen: it is not there."""
    headers = asked.headers[role]
    history = [{"question": "乙区工业投资是多少", "answer": "46.9亿元"}]
    for body in (
        {"question": "乙区工业投资是多少"},
        {"question": "乙区呢", "history": history},
        {"question": "乙区工业投资是多少", "documents": [asked.ours]},
    ):
        answer = asked.http.post("/api/v1/ask", json=body, headers=headers)
        assert answer.status_code == 200
        assert answer.json()["mode"] == "refuse"
        assert asked.theirs not in answer.text
        assert "9.9%" not in answer.text
    chosen = [
        asked.http.post(
            "/api/v1/ask",
            json={"question": "乙区工业投资是多少", "documents": [i]},
            headers=headers,
        )
        for i in (asked.theirs, _MISSING)
    ]
    assert [one.status_code for one in chosen] == [404, 404]
    assert but_its_id(chosen[0]) == but_its_id(chosen[1])


@pytest.mark.parametrize("role", _API_ROLES)
def test_a_credential_in_another_place_is_none(asked: _Asked, role: str) -> None:
    """Neither in the address, nor a cookie, nor another header."""
    value = asked.headers[role]["Authorization"]
    token = value.removeprefix("Bearer ")
    for headers, query in (
        ({"Cookie": f"Authorization={value}; token={token}"}, ""),
        ({"X-Api-Key": token, "Api-Key": token, "X-Authorization": value}, ""),
        ({}, f"?token={token}&access_token={token}&api_key={token}"),
        ({"Authorization": f"Basic {token}"}, ""),
        ({"Authorization": token}, ""),
        ({PASSWORD_HEADER: token, HEADER: "1"}, ""),
    ):
        got = asked.http.get(f"/api/v1/documents{query}", headers=headers)
        assert got.status_code == 401
