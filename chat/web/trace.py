"""Around every request: an id for it, its line in the log, and its place in the figures."""

from __future__ import annotations

import logging
import time
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.web import logs
from chat.web.metrics import Metrics

_PAGE = frozenset({"/", "/gradio_api/run/predict"})
_CUT = 499  # nginx's number for a request whose sender was gone before there was an answer
_log = logging.getLogger(logs.REQUESTS)


class Trace:
    """ASGI middleware, the outermost of ours, so that what the others refuse is seen as well."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have one request answered, and say so."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        identity = logs.request_id(Headers(scope=scope).get("x-request-id", ""))
        status, whole, started = _CUT, False, time.perf_counter()

        async def send_traced(message: Message) -> None:
            nonlocal status, whole
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = identity
            elif message["type"] == "http.response.body":
                whole = not message.get("more_body", False)
            await send(message)

        self._metrics.arrived()
        with logs.request(identity) as fields:
            try:
                await self._app(scope, receive, send_traced)
            finally:
                seconds = time.perf_counter() - started
                self._metrics.sent(_route(scope), scope["method"], status, seconds)
                fields |= {
                    "method": scope["method"],
                    "path": scope["path"],
                    "status": status,
                    "ms": round(1e3 * seconds, 2),
                    **({} if whole else {"cut": True}),
                }
                _log.info("request", extra={"fields": fields})


def _route(scope: Scope) -> str:
    """The route that answered, as it is written in the code; what no route matches is one of three words."""
    route: Any = scope.get("route")
    path = getattr(route, "path", None)
    if isinstance(path, str) and path:
        return path
    if scope["path"] in _PAGE:
        return "page"
    return "page file" if scope["path"].startswith(("/assets/", "/static/", "/config", "/theme")) else "other"
