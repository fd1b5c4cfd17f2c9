"""What is open to everybody: tokens for the pages of listed sites, and how the server is."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from index.errors import IndexingError
from qa.desk import LocalDesk
from web.api.access import Door, counting
from web.api.forms import ReadyOut, SiteId, StatusOut, TokenOut, example
from web.api.metrics import CONTENT_TYPE, Metrics
from web.api.problems import Problem
from web.api.tokens import LIFETIME


def token_routes(door: Door) -> APIRouter:
    """`token`: the way in for a page."""
    routes = APIRouter(route_class=counting(door), tags=["网页"])

    @routes.post(
        "/token",
        summary="网页换取 15 分钟的令牌（以 Origin 为凭）",
        response_model=TokenOut,
        responses=example(
            {
                "token": "WyIzZjlj….c2lnbmVk",
                "expires_in": LIFETIME,
                "looks": {"theme": "auto", "accent": "#1f5c4d", "label": ""},
            }
        ),
    )
    async def token(asked: SiteId, request: Request) -> dict[str, Any]:
        origin = request.headers.get("origin", "")
        issued, site = await run_in_threadpool(door.token, asked.site, origin)
        looks = {"theme": site.theme, "accent": site.accent, "label": site.label}
        return {"token": issued, "expires_in": LIFETIME, "looks": looks}

    return routes


def status_routes(desk: LocalDesk) -> APIRouter:
    """`health` says that the server runs, `ready` that it answers questions."""
    routes = APIRouter(tags=["状态"])

    @routes.get(
        "/health", summary="在运行", response_model=StatusOut, responses=example({"status": "ok"})
    )
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @routes.get(
        "/ready",
        summary="可以提问",
        response_model=ReadyOut,
        responses=example({"status": "ready", "documents": 12, "search": "index"}),
    )
    def ready() -> dict[str, Any]:
        try:
            desk.archive.embedder()
            search = "index" if desk.archive.vectors_ready else "exact"
            return {"status": "ready", "documents": desk.archive.count(), "search": search}
        except IndexingError as error:
            raise Problem(503, "资料库或模型还不能使用，请查看服务的日志。") from error

    return routes


def metric_routes(metrics: Metrics, door: Door) -> APIRouter:
    """`/metrics`: for this machine, or with the administrator's key."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/metrics")
    def figures(request: Request) -> Response:
        if not door.may_watch(request):
            raise Problem(403, "监控数据只对本机开放，或请用管理员密钥。")
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    return routes
