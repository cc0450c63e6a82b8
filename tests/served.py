"""An application of ours on a port of its own, for a browser to visit; and an intranet page around it."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

from starlette.types import ASGIApp


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
