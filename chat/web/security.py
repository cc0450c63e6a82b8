"""What stands before every route: the names we answer to, what a browser may do, and no fault that tells."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Collection

from fastapi.telemetry import TelemetryConfig
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.web.problem import problem
from chat.web.reader import LOOPBACK, is_local
from ingest.settings import Settings

# For answers that are data: nothing may be loaded, run or framed by them. A page brings a policy of its own.
STRICTEST = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

# FastAPI can trace requests, questions and all, to wherever the environment says; what is asked stays here.
NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}

_ANCESTORS = "frame-ancestors 'self'"
_HEADERS = {
    "content-security-policy": STRICTEST,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
_log = logging.getLogger(__name__)


class Hosts:
    """The names a server answers to.

    A foreign page can point its own name at our address (DNS rebinding) and would then read every answer; the
    name in its requests gives it away. An address in the place of a name cannot be pointed anywhere, so a
    server for others answers to addresses; one for this machine answers to its own names alone.
    """

    def __init__(self, settings: Settings) -> None:
        self._names = LOOPBACK | set(settings.allowed_hosts)
        self._addresses = not is_local(settings.host)

    def know(self, name: str) -> bool:
        """Whether a request for the host ``name`` is one for us."""
        return name in self._names or (self._addresses and _is_address(name))


class Guard:
    """ASGI middleware: refuses foreign host names, adds the headers, turns faults into 500s.

    ``origins`` may show our pages in a frame, besides ourselves.
    """

    def __init__(self, app: ASGIApp, *, hosts: Hosts, origins: Collection[str] = ()) -> None:
        self._app, self._hosts = app, hosts
        self._ancestors = " ".join([_ANCESTORS, *origins])
        # The older header knows no list; browsers that know the newer one follow that.
        self._headers = _HEADERS if origins else _HEADERS | {"x-frame-options": "SAMEORIGIN"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or have it answered."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})  # nothing here speaks over one
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._dress(MutableHeaders(scope=message))
            await send(message)

        try:
            await self._serve(scope, receive, send_guarded)
        except Exception:
            _log.exception("%s %s failed", scope["method"], scope["path"])
            if started:
                raise
            fault = problem(500, "the server met an error of its own; its log says which")
            await fault(scope, receive, send_guarded)

    def _dress(self, headers: MutableHeaders) -> None:
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        policy = headers["content-security-policy"]
        if "frame-ancestors" not in policy:
            policy = f"{policy}; {_ANCESTORS}"
        headers["content-security-policy"] = policy.replace(_ANCESTORS, self._ancestors)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = _host_name(Headers(scope=scope).get("host", ""))
        if not self._hosts.know(name):
            detail = (
                f"this server does not answer to the name {name[:200]!r}; ask for it by one that it has, "
                f"or add this one to REMIT_ALLOWED_HOSTS"
            )
            await problem(421, detail)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _host_name(host: str) -> str:
    """The name in a Host header, without the port and the brackets of an IPv6 address."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
