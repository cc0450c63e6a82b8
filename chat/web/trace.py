"""Around every request: an id for it, its line in the log, and its place in the figures."""

from __future__ import annotations

import logging
import time

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.web import logs
from chat.web.metrics import Metrics

_PAGE = frozenset({"/", "/gradio_api/run/predict"})
_PAGE_FILES = ("/assets/", "/static/", "/config", "/theme.css", "/robots.txt")
_CUT = 499  # nginx's number for a request whose sender was gone before there was an answer
_log = logging.getLogger(logs.REQUESTS)


class Trace:
    """ASGI middleware, the outermost of ours, so that what the others refuse is seen as well."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics
        self._routes: Routes | None = None

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
                self._metrics.sent(self._route(scope), scope["method"], status, seconds)
                fields |= {
                    "method": scope["method"],
                    "path": scope["path"],
                    "status": status,
                    "ms": round(1e3 * seconds, 2),
                    **({} if whole else {"cut": True}),
                }
                _log.info("request", extra={"fields": fields})

    def _route(self, scope: Scope) -> str:
        if self._routes is None:  # all of them are there once the first request is
            self._routes = Routes(scope["app"])
        return self._routes.name(scope["path"])


class Routes:
    """Names the route of a path as the code writes it, so that there are as many names as routes.

    A route that takes the rest of a path is known by what stands before it; a path of no route of ours is the
    page, one of its files, or ``other``.
    """

    def __init__(self, app: Starlette) -> None:
        paths = [path for route in app.routes if isinstance(path := getattr(route, "path", None), str)]
        self._exact = {path: path for path in paths if "{" not in path} | dict.fromkeys(_PAGE, "page")
        self._open = {path.partition("{")[0]: path for path in paths if "{" in path}

    def name(self, path: str) -> str:
        """The name of the route that ``path`` leads to."""
        if name := self._exact.get(path):
            return name
        for beginning, name in self._open.items():
            if path.startswith(beginning):
                return name
        return "page file" if path.startswith(_PAGE_FILES) else "other"
