"""Who calls, what they may see and how often: decided before anything of a call is read.

A program carries a key, a page a token that was given to its origin, and behind a proxy that lets
people in, a header names them: only where `Settings.identity_header` says so.
"""

import ipaddress
import math
from collections.abc import Callable, Coroutine, MutableMapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from index.types import Entry
from qa.settings import Settings
from web.access import foreign
from web.api.filters import EVERYTHING, Filter
from web.api.problems import Problem
from web.api.rates import Rates
from web.api.register import KEY_PREFIX, Register, Site
from web.api.tokens import Tokens

Role = Literal["admin", "program", "page"]

_UNKNOWN = (
    "请在 Authorization 头中给出密钥（Bearer yj_…）；网页请先用 POST /api/v1/token 换取令牌。"
    "密钥由管理员用 youju key add 生成。"
)
# What a proxy adds: a call that carries one does not come from this machine.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: as what, and which documents are there for them."""

    name: str
    role: Role
    documents: Filter = EVERYTHING

    def sees(self, entry: Entry) -> bool:
        return self.documents.lets(entry)


class Door:
    """Lets callers in, or says why not."""

    def __init__(
        self, register: Register, settings: Settings, rates: Rates, tokens: Tokens
    ) -> None:
        if settings.per_minute < 1:
            raise ValueError("YOUJU_PER_MINUTE 至少为 1。")
        self._register, self._settings = register, settings
        self._rates, self._tokens = rates, tokens

    def admit(self, request: Request, roles: frozenset[Role]) -> Caller:
        """The caller of a request, or a problem; whoever has no key of the administrator is counted."""
        caller = self._keyed(request) or self._named(request)
        if caller is None or caller.role == "page":
            self.count(request)
        caller = caller or self._page(request)
        if caller.role not in roles:
            raise Problem(403, "这个密钥或令牌无权这样做，请用管理员密钥。")
        return caller

    def count(self, request: Request) -> None:
        """Count a call against its address."""
        self._take(f"address {address(request)}", self._settings.per_minute)

    def token(self, site_id: str, origin: str) -> tuple[str, Site]:
        """A token for a page of a site, if its origin is listed, and the site."""
        site = self._register.site(site_id)
        if site is None or origin not in site.origins:
            raise Problem(
                403, "这个网站没有登记，不能调用本服务。请由管理员用 youju site add 登记。"
            )
        # Of their own: pages that are opened take nothing from those that ask.
        self._take(f"tokens {site.id}", site.per_minute)
        return self._tokens.issue(site.id, origin), site

    def may_watch(self, request: Request) -> bool:
        """Whether the figures of the server may be seen: from this machine, or with the admin's key."""
        caller = self._keyed(request)
        return _is_here(request) if caller is None else caller.role == "admin"

    def _keyed(self, request: Request) -> Caller | None:
        secret = _bearer(request)
        key = self._register.key(secret) if secret.startswith(KEY_PREFIX) else None
        if key is None:
            return None
        if key.is_admin:
            return Caller(key.name, "admin")
        self._take(f"key {key.name}", self._settings.per_minute)
        return Caller(key.name, "program", key.documents)

    def _named(self, request: Request) -> Caller | None:
        """Whom a trusted proxy let in; a page of another origin is not that person."""
        header = self._settings.identity_header
        name = request.headers.get(header, "").strip() if header else ""
        if not name or foreign(request.headers):
            return None
        self._take(f"person {name[:80]}", self._settings.per_minute)
        return Caller(name[:80], "program")

    def _page(self, request: Request) -> Caller:
        token = _bearer(request)
        claim = self._tokens.read(token) if token else None
        if claim is None:
            detail = (
                "令牌无效或已过期，请重新换取。"
                if token and not token.startswith(KEY_PREFIX)
                else _UNKNOWN
            )
            raise Problem(401, detail, {"WWW-Authenticate": "Bearer"})
        site = self._listed(claim.site, claim.origin, request)
        self._take(f"site {site.id}", site.per_minute)
        return Caller(site.name, "page", site.documents)

    def _listed(self, site_id: str, origin: str, request: Request) -> Site:
        """The site of a token, if the call comes from where the token was given to."""
        site = self._register.site(site_id)
        if site is None or origin not in site.origins or request.headers.get("origin") != origin:
            raise Problem(403, "令牌不属于这个网站，或网站已取消登记。")
        return site

    def _take(self, key: str, per_minute: int) -> None:
        wait = math.ceil(self._rates.take(key, per_minute))
        if wait:
            raise Problem(429, f"请求过于频繁，请在 {wait} 秒后再试。", {"Retry-After": str(wait)})


def admitting(door: Door, *roles: Role) -> type[APIRoute]:
    """Routes that let in callers of these roles."""
    allowed = frozenset(roles)

    def check(request: Request) -> None:
        request.state.caller = door.admit(request, allowed)

    return _checking(check)


def counting(door: Door) -> type[APIRoute]:
    """Routes that let in everybody, as often as one address may call."""
    return _checking(door.count)


def _checking(check: Callable[[Request], None]) -> type[APIRoute]:
    """Routes that look at a call before its body is read, let alone understood."""

    class Checking(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handle_checked(request: Request) -> Response:
                await run_in_threadpool(check, request)
                return await handle(request)

            return handle_checked

    return Checking


def _caller(request: Request) -> Caller:
    caller = request.state.caller
    assert isinstance(caller, Caller)
    return caller


By = Annotated[Caller, Depends(_caller)]


def _bearer(request: Request) -> str:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else ""


def address(request: HTTPConnection) -> str:
    """Where a request comes from, as it is counted."""
    return network(request.client.host) if request.client else ""


def asker(scope: MutableMapping[str, Any], identity_header: str) -> str:
    """Whose turn it is in the chat: whom a trusted proxy names, or else an address."""
    request = HTTPConnection(scope)
    name = request.headers.get(identity_header, "").strip()[:80] if identity_header else ""
    return f"program {name}" if name else f"address {address(request)}"


def network(host: str) -> str:
    """What one subscriber is counted by: an address; of IPv6, which gives each many, the first half.

    >>> network("192.0.2.7"), network("2001:db8::7"), network("::ffff:192.0.2.7")
    ('192.0.2.7', '2001:db8::/64', '192.0.2.7')
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address.packed, 64), strict=False))


def _is_here(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
