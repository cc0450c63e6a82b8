"""An application of ours on a port of its own, a browser to visit it, and what the browser meets there."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.types import ASGIApp

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

# Nothing that a browser asks for on its own account, and no sandbox of its own inside a container.
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
)
# Told on the console, where every other complaint is heard, too.
_VIOLATIONS = """
  addEventListener("securitypolicyviolation", (event) =>
    console.error("violation of", event.effectiveDirective, "by", event.blockedURI));
"""


@contextlib.contextmanager
def chromium(executable: str, *flags: str) -> Iterator[Browser]:
    """A browser without a window; ``flags`` go to its command line."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=executable, args=[*QUIET, *flags])
        yield opened
        opened.close()


@dataclass
class Visit:
    """A page, what it has asked for, and what went wrong on it: errors, dialogs, violations of its policy."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def foreign(self, *homes: str) -> set[str]:
        """The requests that went elsewhere."""
        return {url for url in self.requests if not url.startswith((*homes, "data:", "about:"))}


@contextlib.contextmanager
def visiting(browser: Browser, **how: Any) -> Iterator[Visit]:
    """A fresh page of a fresh visitor; ``how`` goes to Playwright's new_context."""
    context = browser.new_context(**({"viewport": {"width": 1200, "height": 860}} | how))
    context.add_init_script(_VIOLATIONS)
    page = context.new_page()
    found = Visit(page)

    def dismiss(dialog: Dialog) -> None:
        found.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    context.on("request", lambda request: found.requests.append(request.url))
    context.on(
        "console", lambda m: found.complaints.append(m.text) if m.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    context.on("dialog", dismiss)
    try:
        yield found
    finally:
        context.close()


@contextlib.contextmanager
def served(app: ASGIApp, taken: socket.socket | None = None) -> Iterator[str]:
    """Serve ``app`` on the loopback address (on the socket ``taken``, when given) and give its address."""
    import uvicorn

    listening = taken or open_port()
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < until, "the server takes too long to start"
            time.sleep(0.01)
        yield address_of(listening)
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()


def open_port() -> socket.socket:
    """A socket on a free port, so that an address is known before anything is served at it."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    return listening


def address_of(listening: socket.socket) -> str:
    """The address that a browser would type."""
    return f"http://127.0.0.1:{listening.getsockname()[1]}"
