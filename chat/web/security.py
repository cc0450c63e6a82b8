"""What stands before every route: who may call, how much they may send, what a browser may do with it."""

from __future__ import annotations

import logging
from collections.abc import Collection

from fastapi.telemetry import TelemetryConfig
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.web.body import read_body, replay
from chat.web.problem import problem

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
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

_HEADERS = {
    "content-security-policy": STRICTEST,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
}
_log = logging.getLogger(__name__)


def allowed_hosts(host: str) -> Collection[str] | None:
    """The names a server listening on ``host`` answers to; None when it cannot know them.

    A server on the loopback address serves this machine alone. A foreign page can point its own name at that
    address (DNS rebinding) and would then read every answer; the name in its requests gives it away.
    """
    return LOOPBACK if host in LOOPBACK else None


class Guard:
    """ASGI middleware: refuses foreign host names and large bodies, adds the headers, turns faults into 500s.

    ``body_limits`` maps path prefixes to bytes, the longest matching prefix counts; a body is read before the
    route is called, so that no route can forget its limit.
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str] | None, body_limits: dict[str, int]) -> None:
        self._app, self._hosts, self._limits = app, hosts, body_limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or have it answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._serve(scope, receive, send_guarded)
        except Exception:
            _log.exception("%s %s failed", scope["method"], scope["path"])
            if started:
                raise
            fault = problem(500, "the server met an error of its own; its log says which")
            await fault(scope, receive, send_guarded)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        name = _host_name(headers.get("host", ""))
        if self._hosts is not None and name not in self._hosts:
            detail = (
                f"this server answers to {', '.join(sorted(self._hosts))}, not to {name!r}; "
                "use one of these names, or start it with --host and an address of this machine"
            )
            await problem(421, detail)(scope, receive, send)
            return
        if scope["method"] in {"POST", "PUT", "PATCH", "DELETE"}:
            limit = self._limit(scope["path"])
            declared = headers.get("content-length", "")
            too_large = declared.isdigit() and int(declared) > limit
            body = None if too_large else await read_body(receive, limit)
            if body is None:
                await problem(413, f"the body is larger than {limit:,} bytes; send a shorter one")(
                    scope, receive, send
                )
                return
            receive = replay(body, receive)
        await self._app(scope, receive, send)

    def _limit(self, path: str) -> int:
        prefix = max((prefix for prefix in self._limits if path.startswith(prefix)), key=len, default="")
        return self._limits.get(prefix, 0)


def _host_name(host: str) -> str:
    """The name in a Host header, without the port and the brackets of an IPv6 address."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
