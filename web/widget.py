"""The widget's script, which the pages of any site may load, and our own pages that hold it.

Whoever loads the script has nothing by it: what it asks, the API answers or refuses (web/api).
"""

import hashlib
from collections.abc import Callable
from html import escape
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from web.api.register import Site

_WEB = Path(__file__).parent
# Nothing inline: what the widget needs of a page's policy is what stands here.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "style-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
    )
)
_FILES = {"demo.css": "text/css", "embed.css": "text/css", "embed.js": "text/javascript"}


def widget_routes(site_of: Callable[[str], Site | None]) -> APIRouter:
    """`/widget.js`; of a site `/widget/demo`, `/widget/embed` and, for its frames, `/widget/frame`."""
    routes = APIRouter(include_in_schema=False)
    script = (_WEB / "widget.js").read_bytes()
    etag = f'"{hashlib.sha256(script).hexdigest()[:16]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "public, max-age=300",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }

    @routes.get("/widget.js")
    async def widget(request: Request) -> Response:
        known = request.headers.get("if-none-match", "")
        if etag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
            return Response(status_code=304, headers=headers)
        return Response(script, media_type="text/javascript", headers=headers)

    @routes.get("/widget/demo")
    async def demo(site: str = "") -> Response:
        return _page("demo", site, _POLICY)

    @routes.get("/widget/embed")
    async def embed(site: str = "") -> Response:
        return _page("embed", site, _POLICY)

    @routes.get("/widget/frame")
    def frame(site: str = "") -> Response:
        found = site_of(site)
        # Whoever is not listed frames nothing.
        ancestors = " ".join(("'self'", *found.origins)) if found else "'none'"
        return _page("frame", site, f"{_POLICY}; frame-ancestors {ancestors}")

    for name in _FILES:
        routes.add_api_route(f"/widget/{name}", _file(name))
    return routes


def _page(name: str, site: str, policy: str) -> HTMLResponse:
    html = (_WEB / f"{name}.html").read_text(encoding="utf-8")
    return HTMLResponse(
        html.replace("{{site}}", escape(site)), headers={"Content-Security-Policy": policy}
    )


def _file(name: str) -> Callable[[], Response]:
    text = (_WEB / name).read_bytes()
    return lambda: Response(text, media_type=_FILES[name])
