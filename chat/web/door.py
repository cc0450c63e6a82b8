"""The door: who may come in, from which page, how often, with how much; every route lies behind it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chat.web import logs
from chat.web.body import read_body, replay
from chat.web.limits import Limiter, Queue
from chat.web.problem import problem
from chat.web.reader import Reader, SignIn, Unauthorised, is_own_page

# What says nothing of any document: the widget's script and its frame, the page's dress, and whether we live.
PUBLIC = frozenset(
    {"/health", "/ready", "/embed.js", "/embed", "/page.css", "/page.js", "/icon.svg", "/favicon.ico",
     "/api/openapi.json"}
)  # fmt: skip
BODY_SECONDS = 10.0  # in which a body must have come; the longest takes a slow line one
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_COUNTED = re.compile(r"/(?:api|v1|sources|mcp)(?:/|$)")


class Door:
    """ASGI middleware: finds the reader of a request and puts it into ``scope["state"]``, or refuses.

    Refused are readers that nobody vouches for (401), writing from a foreign page (403), a body that is too
    large (413; ``body_limits`` maps path prefixes to bytes, the longest prefix counts) or too slow (408),
    more than the rate (429), and everybody while the queue is full (503). A body is read before the route is
    called, so that no route can forget its limit, and before a refusal as well.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        sign_in: SignIn,
        limiter: Limiter,
        queue: Queue,
        origins: Collection[str],
        body_limits: Mapping[str, int],
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._app, self._sign_in, self._limiter, self._queue = app, sign_in, limiter, queue
        self._origins, self._body_limits, self._body_seconds = origins, body_limits, body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or have it answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        found = self._found(scope)
        if isinstance(found, Response):
            if scope["method"] not in _READING:
                # A proxy that is still sending the body would cut the answer short.
                await self._body(scope, receive)
            await found(scope, receive, send)
            return
        logs.note(reader=found.how)
        scope = {
            **scope,
            "scheme": self._sign_in.scheme(scope),
            "state": {**scope.get("state", {}), "reader": found},
        }
        if scope["method"] in _READING:
            await self._app(scope, receive, send)
            return
        body = await self._body(scope, receive)
        if isinstance(body, Response):
            await body(scope, receive, send)
        elif not self._queue.enter():
            busy = problem(503, "too many questions are being answered at this moment; ask again in a second")
            busy.headers["retry-after"] = "1"
            await busy(scope, receive, send)
        else:
            try:
                await self._app(scope, replay(body, receive), send)
            finally:
                self._queue.leave()

    def _found(self, scope: Scope) -> Reader | Response:
        """Who asks, or why not."""
        writing = scope["method"] not in _READING
        if writing and (foreign := self._foreign(scope)):
            return problem(403, foreign)
        if scope["path"] in PUBLIC or scope["method"] == "OPTIONS":
            return Reader()
        reader, refused = None, ""
        try:
            reader = self._sign_in.reader(scope)
        except Unauthorised as exc:
            refused = str(exc)
        if reader is None or writing or _COUNTED.match(scope["path"]):
            who = (reader.how, reader.user) if reader and reader.user else ("", self._sign_in.address(scope))
            if seconds := self._limiter.wait(who):
                many = problem(429, f"that were too many requests; ask again in {seconds} seconds")
                many.headers["retry-after"] = str(seconds)
                return many
        if reader is None:
            unknown = problem(401, refused)
            unknown.headers["www-authenticate"] = 'Bearer realm="remit"'
            return unknown
        return reader

    def _foreign(self, scope: Scope) -> str:
        """What is wrong with the page that a request comes from; "" when it is one of ours or none at all."""
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        if not origin or origin in self._origins or is_own_page(headers):
            return ""
        return f"pages of {origin[:200]!r} may not ask here; REMIT_ALLOWED_ORIGINS names those that may"

    async def _body(self, scope: Scope, receive: Receive) -> bytes | Response:
        limit = self._limit(scope["path"])
        declared = Headers(scope=scope).get("content-length", "")
        too_large = declared.isdigit() and int(declared) > limit
        try:
            async with asyncio.timeout(self._body_seconds):
                body = None if too_large else await read_body(receive, limit)
        except TimeoutError:
            slow = problem(
                408, f"the body did not come within {self._body_seconds:g} seconds; send it at once"
            )
            slow.headers["connection"] = "close"
            return slow
        if body is None:
            return problem(413, f"the body is larger than {limit:,} bytes; send a shorter one")
        return body

    def _limit(self, path: str) -> int:
        prefix = max((prefix for prefix in self._body_limits if path.startswith(prefix)), key=len, default="")
        return self._body_limits.get(prefix, 0)
