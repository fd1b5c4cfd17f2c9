"""Where a page comes from, and what a browser is told of who may call from there.

A browser names the origin of the page that calls; `normal` is its one spelling here. No wildcard and
no credentials: a page that is let in carries a token of its own (tokens.py).
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.api.problems import openai_error, problem_response, speaks_openai

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9.\-]+|\[[0-9a-f:.]+\]")
_PREFLIGHT = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "authorization, content-type",
    "access-control-max-age": "600",
}


def normal(origin: str) -> str:
    """An origin as browsers send it; ValueError, for the user, if it is none.

    >>> normal("HTTPS://OA.Example.Intra:443/"), normal("http://门户.example:8080")
    ('https://oa.example.intra', 'http://xn--zoup46i.example:8080')
    """
    try:
        parts = urlsplit(origin.strip())
        host, port = _host(parts.hostname or ""), parts.port
    except (ValueError, UnicodeError):
        host, port, parts = "", None, urlsplit("")
    extra = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in _PORTS or extra or not _HOST.fullmatch(host):
        raise ValueError(
            f"{origin!r} 不是网站地址。请写协议和主机名，不带路径，例如 https://oa.example.intra"
        )
    return f"{parts.scheme}://{host}" + ("" if port in {None, _PORTS[parts.scheme]} else f":{port}")


def _host(name: str) -> str:
    if ":" in name:
        return f"[{name.lower()}]"
    return name if name.isascii() else name.encode("idna").decode("ascii")


class Origins:
    """Answers what browsers ask before they call, and lets listed origins read what comes back."""

    def __init__(self, app: ASGIApp, listed: Callable[[str], bool]) -> None:
        self._app, self._listed = app, listed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        allowed = bool(origin) and self._listed(origin)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                told.add_vary_header("Origin")
                # What comes back is for one caller, and streams are not to be held up on the way.
                told.update({"cache-control": "no-store", "x-accel-buffering": "no"})
                if allowed:
                    told["access-control-allow-origin"] = origin
                    told["access-control-expose-headers"] = "Retry-After"
            await send(message)

        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            answer = _preflight(allowed, scope["path"])
            await answer(scope, receive, sending)
        else:
            await self._app(scope, receive, sending)


def _preflight(allowed: bool, path: str) -> ASGIApp:
    if allowed:
        return Response(status_code=204, headers=_PREFLIGHT)
    detail = "这个网站没有登记，不能调用本服务。"
    if speaks_openai(path):
        return JSONResponse(openai_error(403, detail), 403)
    return problem_response(403, detail)
