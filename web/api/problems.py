"""What an error of the API looks like: RFC 9457, and under `/v1` as OpenAI has it.

Its detail is in Chinese and for the user. Foreign errors are translated here, once; nothing of what
was sent is repeated, and nothing of the inside of the server is told.
"""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import IndexingError, UnknownDocument
from web.log import request_id

_LOG = logging.getLogger("youju")

_TITLES = {
    400: "请求有误",
    401: "需要授权",
    403: "没有权限",
    404: "没有找到",
    405: "不支持的方法",
    413: "请求过大",
    415: "格式不支持",
    421: "没有这个主机",
    422: "请求的内容不合要求",
    429: "请求过于频繁",
    500: "服务器出错",
    503: "暂时不能服务",
}
_DETAILS = {
    400: "请求无法读取。请检查请求体的格式。",
    404: "没有这个地址。接口的说明在 /api/v1/openapi.json。",
    405: "这个地址不支持这种方法。接口的说明在 /api/v1/openapi.json。",
}
OPENAI = "/v1"
UNKNOWN_DOCUMENT = "没有这个文档。"
# What a client of OpenAI goes by; what has the wrong form is 400 there.
_KINDS = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}
_CODES = {
    401: "invalid_api_key",
    413: "request_too_large",
    421: "unknown_host",
    429: "rate_limit_exceeded",
    503: "server_busy",
}
_FAILED = "服务器没能处理这个请求，原因已记入日志。请稍后再试，或联系管理员。"
_LIBRARY_FAILED = "资料库暂时不能使用，原因已记入日志。请稍后再试，或联系管理员。"


class Problem(HTTPException):
    """An error that we raise ourselves: its detail is for the user."""


def problem(status: int, detail: str, fields: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
    """An error as RFC 9457 has it; `fields` name what is wrong, and where."""
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    told: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
    }
    if request_id():
        told["request_id"] = request_id()
    return {**told, "errors": list(fields)} if fields else told


def problem_response(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    fields: Sequence[Mapping[str, str]] = (),
) -> JSONResponse:
    """It, as it is sent."""
    told = problem(status, detail, fields)
    return JSONResponse(told, status, headers, media_type="application/problem+json")


def openai_error(status: int, message: str) -> dict[str, Any]:
    """An error as OpenAI has it."""
    kind = _KINDS.get(status, "invalid_request_error" if status < 500 else "server_error")
    told = {"message": message, "type": kind, "param": None, "code": _CODES.get(status)}
    return {"error": told}


def speaks_openai(path: str) -> bool:
    """Whether the errors of a path have OpenAI's form.

    >>> speaks_openai("/v1/models"), speaks_openai("/v1beta"), speaks_openai("/api/v1/ask")
    (True, False, False)
    """
    return path == OPENAI or path.startswith(f"{OPENAI}/")


def translated(error: Exception) -> tuple[int, str]:
    """The status and the detail of whatever went wrong."""
    if isinstance(error, Problem):
        return error.status_code, str(error.detail)
    if isinstance(error, AnyHTTPException):
        return error.status_code, _DETAILS.get(error.status_code, "请求没有被接受。")
    if isinstance(error, RequestValidationError):
        return 422, "；".join(f"{e['field']}：{e['detail']}" for e in field_errors(error)[:5])
    if isinstance(error, UnknownDocument):
        return 404, UNKNOWN_DOCUMENT
    if isinstance(error, IndexingError):
        return 503, _LIBRARY_FAILED
    return 500, _FAILED


def field_errors(error: RequestValidationError) -> list[dict[str, str]]:
    """What is wrong with a request, each thing under the name of its field."""
    return [{"field": _field(e), "detail": _wrong(e)} for e in error.errors()[:20]]


def add_problems(app: FastAPI) -> None:
    """Let an application say all that goes wrong as problems."""

    async def said(_: Request, error: Exception) -> Response:
        status, detail = translated(error)
        # What nobody foresaw is raised to `Logged` all the same.
        if status == 503 and isinstance(error, IndexingError):
            _LOG.error("a call of the API failed", exc_info=error)
        fields = field_errors(error) if isinstance(error, RequestValidationError) else ()
        return problem_response(status, detail, getattr(error, "headers", None), fields)

    for kind in (AnyHTTPException, RequestValidationError, IndexingError, Exception):
        app.add_exception_handler(kind, said)


class Logged:
    """Ends here what an application raises after it has answered: the connection lives on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception:
            _LOG.exception("a call of the API failed")


def _field(error: Mapping[str, Any]) -> str:
    """`history.0.question`, long names cut; what cannot be read has no fields."""
    where = () if error["type"] == "json_invalid" else error["loc"]
    names = [str(part)[:40] for part in where if part not in {"body", "query", "path"}]
    return ".".join(names) or "请求体"


def _wrong(error: Mapping[str, Any]) -> str:
    limits = error.get("ctx", {})
    bound = next((limits[name] for name in _BOUNDS if name in limits), "")
    return _WRONG.get(error["type"], "不合要求").format(bound=bound)


_BOUNDS = ("max_length", "min_length", "ge", "gt", "le", "lt", "expected")
_WRONG = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "json_invalid": "不是有效的 JSON",
    "json_type": "应当是 JSON",
    "string_type": "应当是文字",
    "string_unicode": "含有无效的字符",
    "string_too_long": "至多 {bound} 字",
    "string_too_short": "至少 {bound} 字",
    "string_pattern_mismatch": "格式不对",
    "list_type": "应当是列表",
    "too_long": "至多 {bound} 个",
    "too_short": "至少 {bound} 个",
    "literal_error": "只能是 {bound}",
    "int_parsing": "应当是整数",
    "int_type": "应当是整数",
    "greater_than_equal": "不能小于 {bound}",
    "less_than_equal": "不能大于 {bound}",
    "model_attributes_type": "应当是 JSON 对象",
    "dict_type": "应当是 JSON 对象",
    "bool_type": "应当是 true 或 false",
}
