"""The widget's script, which the pages of any site may load, and a page to try it on.

Whoever loads the script has nothing by it: what it asks, the API answers or refuses (web/api).
"""

import hashlib
from html import escape
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

_WEB = Path(__file__).parent
# Nothing inline: what the widget needs of a page's policy is what stands here.
_DEMO_POLICY = "; ".join(
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


def widget_routes() -> APIRouter:
    """`/widget.js`, and `/widget/demo?site=ID` with its style."""
    routes = APIRouter(include_in_schema=False)
    script = (_WEB / "widget.js").read_bytes()
    style = (_WEB / "demo.css").read_bytes()
    demo = (_WEB / "demo.html").read_text(encoding="utf-8")
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
    async def page(site: str = "") -> Response:
        html = demo.replace("{{site}}", escape(site))
        return HTMLResponse(html, headers={"Content-Security-Policy": _DEMO_POLICY})

    @routes.get("/widget/demo.css")
    async def look() -> Response:
        return Response(style, media_type="text/css")

    return routes
