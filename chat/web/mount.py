"""The page behind the API: loaded in the background, and reduced to the requests that it makes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import secrets
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.web.body import read_body, replay
from chat.web.gate import fault
from chat.web.health import PageState
from chat.web.problem import problem
from chat.web.sources import message_page

if TYPE_CHECKING:
    from fastapi import FastAPI

# The page sends its whole conversation, cards and all, with every question.
PAGE_BODY_LIMIT = 4 * 1024 * 1024
# Gradio also serves uploads, files, proxies, streams and a second way to call every function; none is used.
_WANTED = re.compile(r"/(?:|config|theme\.css|robots\.txt|(?:assets|static)/[^?]+|gradio_api/run/predict)")
# What a page asks for besides, when its answers are shown while they are written.
_STREAMED = re.compile(r"/gradio_api/queue/(?:join|data)")
# og: and twitter: descriptions speak of Gradio and name an image on another server.
_PREVIEWS = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>')
# Style and script of our own. Gradio would rewrite the rules of a style sheet that is given to it.
_OURS = (
    b'<link rel="stylesheet" href="/page.css"><link rel="icon" href="/icon.svg">'
    b'<script src="/page.js" defer></script></head>'
)
# How long a page that is still being built is waited for when the server stops.
_STOP_SECONDS = 5.0
_log = logging.getLogger(__name__)


class PageMount:
    """ASGI application at the root: the page when it has been loaded, until then a page that says so.

    ``load`` builds the page's own application. It takes seconds, and is called once, by ``run``, in a thread.
    ``streams`` says whether the page shows answers while they are written.
    """

    def __init__(self, load: Callable[[], FastAPI], *, streams: bool = False) -> None:
        self._load, self._streams = load, streams
        self._page: ASGIApp | None = None
        self._failed = False

    @property
    def state(self) -> PageState:
        """How far the page is."""
        return "loaded" if self._page else "failed" if self._failed else "loading"

    async def run(self) -> None:
        """Load the page and keep it alive until cancelled. A page that fails to load leaves the API alone."""
        try:
            app = await self._loaded()
            async with app.router.lifespan_context(app):
                self._page = app
                await asyncio.Event().wait()
        except Exception:  # noqa: BLE001 - whatever is wrong with the page, the API answers
            self._failed = True
            _log.exception("the page could not be loaded")
        finally:
            self._page = None

    async def _loaded(self) -> FastAPI:
        """What ``load`` gives, from a thread that imports no more once this is cancelled."""
        loading: Future[FastAPI] = Future()
        loading.set_running_or_notify_cancel()
        imports = _Imports()

        async def load() -> FastAPI:
            # In a running event loop, if only the thread's own: made outside of one, Gradio's locks each
            # bring along a loop that nobody would close. A lock takes to the loop it is first awaited in.
            return self._load()

        def work() -> None:
            try:
                with imports.held():
                    loading.set_result(asyncio.run(load()))
            except BaseException as exc:  # noqa: BLE001 - it is raised where the result is waited for
                loading.set_exception(exc)

        thread = threading.Thread(target=work, name="page", daemon=True)
        thread.start()
        try:
            return await asyncio.wrap_future(loading)
        except asyncio.CancelledError:
            # An interpreter must not end in the middle of an import, and this one takes seconds.
            imports.stop()
            await asyncio.to_thread(thread.join, _STOP_SECONDS)
            raise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await problem(404, "there is nothing at this address")(scope, receive, send)
            return
        path = scope["path"]
        if not (_WANTED.fullmatch(path) or (self._streams and _STREAMED.fullmatch(path))):
            await problem(404, f"there is nothing at {path!r}")(scope, receive, send)
        elif self._page is None:
            await self._waiting(path)(scope, receive, send)
        elif scope["method"] == "POST":
            await self._call(self._page, scope, receive, send)
        elif path == "/":
            await _Document(self._page)(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    async def _call(self, page: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive, PAGE_BODY_LIMIT) or b""
        if wrong := fault(body):
            await problem(422, f"this is no call of the page: {wrong}")(scope, receive, send)
        else:
            await page(scope, replay(body, receive), send)

    def _waiting(self, path: str) -> ASGIApp:
        if self._failed:
            text = "The page could not be loaded; the server's log says why. The API answers all the same."
            shown, status, headers = message_page("No page", text), 500, {}
        elif path != "/":
            return problem(503, "the page is still loading; try again in a few seconds")
        else:
            shown = message_page(
                "Remit is loading", "The page opens by itself in a moment.", refresh_seconds=1
            )
            status, headers = 503, {"retry-after": "1"}
        return HTMLResponse(shown.html, status, headers | {"content-security-policy": shown.policy})


class _Imports(MetaPathFinder):
    """The imports of the thread that holds them, each of which can be the last.

    Gradio is loaded by thousands of imports, so its loading ends within milliseconds of ``stop``, at a line
    that expects an exception. One thrown into the thread from outside could strike anywhere, in a finalizer
    too, where it would be lost.
    """

    def __init__(self) -> None:
        self._thread: int | None = None
        self._stopped = threading.Event()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Be asked before each import until the block ends."""
        self._thread = threading.get_ident()
        sys.meta_path.insert(0, self)
        try:
            yield
        finally:
            sys.meta_path.remove(self)

    def stop(self) -> None:
        """Let the next import of the thread that holds them end it."""
        self._stopped.set()

    def find_spec(self, *_: object) -> None:
        """Leave each module to the next finder; raises SystemExit in the thread that is to stop."""
        if self._stopped.is_set() and threading.get_ident() == self._thread:
            raise SystemExit


class _Document:
    """The page's HTML with a nonce on each of its scripts, so that the policy can refuse every other."""

    def __init__(self, page: ASGIApp) -> None:
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Compressed it could not be read here.
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: Message = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
            if message["type"] != "http.response.body":
                return
            body += message.get("body", b"")
            if message.get("more_body", False):
                return
            await self._deliver(start, bytes(body), send, head=scope["method"] == "HEAD")

        await self._page({**scope, "headers": plain}, receive, collect)

    async def _deliver(self, start: Message, body: bytes, send: Send, *, head: bool) -> None:
        if Headers(raw=start["headers"]).get("content-type", "").startswith("text/html"):
            nonce = secrets.token_urlsafe(16)
            # Gradio writes its configuration with every "<" escaped, so no text of ours can pass for a tag.
            body = _PREVIEWS.sub(b"", body).replace(b"</head>", _OURS, 1)
            body = body.replace(b"<script", b'<script nonce="' + nonce.encode() + b'"')
            headers = MutableHeaders(raw=start["headers"])
            headers["content-security-policy"] = _policy(nonce)
            headers["cache-control"] = "no-store"
            if not head:
                headers["content-length"] = str(len(body))
        await send(start)
        await send({"type": "http.response.body", "body": body})


def _policy(nonce: str) -> str:
    """What Gradio needs and no more: it writes styles into the page as it runs, its scripts are files."""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )
