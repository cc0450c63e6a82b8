"""The server: takes its port first, makes the index when there is none, answers, stops when it is told to."""

from __future__ import annotations

import errno
import logging
import signal
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from chat.web.live import AnswerEngine, LiveEngine
from ingest.errors import IndexMismatch, IndexUnavailable, SettingsError
from ingest.home import Home
from ingest.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

# Long enough for an answer that is on its way, short enough for whoever pressed Ctrl-C.
_GRACE_SECONDS = 5


def serve(
    settings: Settings,
    *,
    open_engine: Callable[[Settings], AnswerEngine],
    build: Callable[[Settings], None],
    say: Callable[[str], None],
) -> None:
    """Serve until a signal says stop. ``build`` makes the index, and is called only when there is none.

    Raises SettingsError when the address cannot be had, and what ``build`` and ``open_engine`` raise.
    """
    with _listening(settings.host, settings.port) as taken:
        engine = LiveEngine(lambda: open_engine(settings), pointer=Home(settings.home).path / "live")
        try:
            engine()
        except IndexMismatch:
            raise
        except IndexUnavailable:
            say(f"There is no index in {str(settings.home)!r} yet; building it first.")
            build(settings)
            engine()
        from chat.web.api import create_app

        _run(create_app(engine, settings), taken, say)


def _listening(host: str, port: int) -> socket.socket:
    """A socket bound to the address, so that a port in use is known before anything slow begins."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
    except (socket.gaierror, UnicodeError) as exc:
        raise SettingsError(
            f"host {host!r} is not an address of this machine; choose one with --host"
        ) from exc
    taken = socket.socket(family, kind, protocol)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
    except OSError as exc:
        taken.close()
        raise SettingsError(_why_not(exc, host, port)) from exc
    return taken


def _why_not(exc: OSError, host: str, port: int) -> str:
    other = f"python -m chat serve --port {port + 1 if port < 65535 else 7861}"
    if exc.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use by another program; stop it, or choose another: {other}"
    if exc.errno == errno.EACCES:
        return f"port {port} is not for this user; choose one above 1023: python -m chat serve --port 7860"
    return f"cannot listen on {host!r} port {port}: {exc.strerror}; choose another with --host and --port"


def _run(app: FastAPI, taken: socket.socket, say: Callable[[str], None]) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        """Says the address at the moment it can be used."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            say(f"Remit answers at {_address(taken)} (Ctrl-C stops it)")

    # The answer to a signal is to stop in order; without this uvicorn sends it to the process again later.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    Server(config).run(sockets=[taken])
    say("Stopped.")


def _is_news(record: logging.LogRecord) -> bool:
    """Everything but the line that says open connections were cut at the end: a browser keeps one open."""
    return "timeout graceful shutdown exceeded" not in record.getMessage()


def _address(taken: socket.socket) -> str:
    """The address to type into a browser; one that means "every address" is reached by the loopback one."""
    host, port = taken.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
