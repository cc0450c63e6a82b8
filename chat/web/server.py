"""The server: takes its port first, makes the index when there is none, answers, stops when it is told to."""

from __future__ import annotations

import contextlib
import errno
import logging
import signal
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

from chat.web import logs
from chat.web.live import AnswerEngine, LiveEngine
from chat.web.reader import SignIn
from ingest.errors import IndexMismatch, IndexUnavailable, SettingsError
from ingest.home import Home
from ingest.settings import Settings

# An idle connection is closed by whoever is in front (nginx: after 60 s), never while the next request is on
# its way: that would be an error nobody made.
_IDLE_SECONDS = 75


def serve(
    settings: Settings,
    *,
    open_engine: Callable[[Settings], AnswerEngine],
    build: Callable[[Settings], None],
    say: Callable[[str], None],
) -> None:
    """Serve until a signal says stop. ``build`` makes the index, and is called only when there is none.

    With several ``settings.workers`` each is a process, and ``open_engine`` must be picklable. Raises
    SettingsError when the address cannot be had or nothing says who may ask, and what ``build`` and
    ``open_engine`` raise.
    """
    SignIn.of(settings)  # raises before anything is built or listened to
    logs.configure(settings.log)
    with contextlib.ExitStack() as stack:
        taken = _listening(settings.host, settings.port, settings.workers)
        for one in taken:
            stack.enter_context(one)
        engine = _live(settings, open_engine)
        try:
            engine()
        except IndexMismatch:
            raise
        except IndexUnavailable:
            say(f"There is no index in {str(settings.home)!r} yet; building it first.")
            build(settings)
            engine()

        def ready() -> None:
            say(f"Remit answers at {_address(taken[0])} (Ctrl-C stops it)")

        if settings.workers == 1:
            _answer(engine, settings, taken[0], ready)
        else:
            del engine  # each process opens its own
            from chat.web.workers import run_workers

            work = partial(_work, settings, open_engine)
            run_workers(work, taken, stop_seconds=settings.stop_seconds, ready=ready)
    say("Stopped.")


def _live(settings: Settings, open_engine: Callable[[Settings], AnswerEngine]) -> LiveEngine:
    return LiveEngine(lambda: open_engine(settings), pointer=Home(settings.home).path / "live")


def _work(
    settings: Settings,
    open_engine: Callable[[Settings], AnswerEngine],
    taken: socket.socket,
    ready: Callable[[], None],
) -> None:
    """What one process of several does."""
    logs.configure(settings.log)
    engine = _live(settings, open_engine)
    with contextlib.suppress(IndexUnavailable):  # whoever asks is told, and the next publication mends it
        engine()
    _answer(engine, settings, taken, ready)


def _listening(host: str, port: int, count: int) -> list[socket.socket]:
    """Sockets bound to the address, so that a port in use is known before anything slow begins.

    Of ``count`` sockets at one port each gets its share of the connections; one socket that several processes
    listen at would give a burst to whichever wakes first.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
    except (socket.gaierror, UnicodeError) as exc:
        raise SettingsError(
            f"host {host!r} is not an address of this machine; choose one with --host"
        ) from exc

    def bound(where: Any, option: int) -> socket.socket:
        one = socket.socket(family, kind, protocol)
        try:
            one.setsockopt(socket.SOL_SOCKET, option, 1)
            one.bind(where)
        except OSError as exc:
            one.close()
            raise SettingsError(_why_not(exc, host, port)) from exc
        return one

    first = bound(address, socket.SO_REUSEADDR)
    if count == 1:
        return [first]
    # Taken alone first: another server that shares its port would let us share it, too.
    address = first.getsockname()
    first.close()
    return [bound(address, socket.SO_REUSEPORT) for _ in range(count)]


def _why_not(exc: OSError, host: str, port: int) -> str:
    other = f"python -m chat serve --port {port + 1 if port < 65535 else 7861}"
    if exc.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use by another program; stop it, or choose another: {other}"
    if exc.errno == errno.EACCES:
        return f"port {port} is not for this user; choose one above 1023: python -m chat serve --port 7860"
    return f"cannot listen on {host!r} port {port}: {exc.strerror}; choose another with --host and --port"


def _answer(engine: LiveEngine, settings: Settings, taken: socket.socket, ready: Callable[[], None]) -> None:
    """Answer at ``taken`` until a signal says stop."""
    import uvicorn

    from chat.web.api import create_app

    class Server(uvicorn.Server):
        """Tells when the address can be used."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if not self.should_exit:
                ready()

    # The answer to a signal is to stop in order; without this uvicorn sends it to the process again later.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    config = uvicorn.Config(
        create_app(engine, settings),
        log_config=None,
        access_log=False,
        proxy_headers=False,  # whose headers are believed is for the door to say, not for a list of uvicorn's
        server_header=False,
        timeout_graceful_shutdown=settings.stop_seconds,
        timeout_keep_alive=_IDLE_SECONDS,
    )
    Server(config).run(sockets=[taken])


def _is_news(record: logging.LogRecord) -> bool:
    """Everything but the line that says open connections were cut at the end: a browser keeps one open."""
    return "timeout graceful shutdown exceeded" not in record.getMessage()


def _address(taken: socket.socket) -> str:
    """The address to type into a browser; one that means "every address" is reached by the loopback one."""
    host, port = taken.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
