"""An answer as it comes to be: the engine's generator in a thread, server-sent events on the wire."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import anyio
import anyio.to_thread
from starlette.responses import StreamingResponse
from starlette.types import Send

from chat.answer import Event, Finished, Said, Started
from chat.web.problem import problem, status_of
from ingest.errors import RemitError

HEARTBEAT = 10.0  # seconds of silence; proxies give up on a connection after 30 to 60
AT_ONCE = 64  # answers that stream at the same time; a stream waits for a model much longer than it works

# A proxy that collects an answer before it hands it on would undo the streaming.
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
PING = b": ping\n\n"

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _End:
    """The generator has ended: in good order, or with an error."""

    error: BaseException | None = None


class Streams:
    """Runs generators that block in threads, at most ``at_once``, and hands on what they yield."""

    def __init__(self, *, at_once: int = AT_ONCE, heartbeat: float = HEARTBEAT) -> None:
        self._threads = anyio.CapacityLimiter(at_once)
        self._heartbeat = heartbeat
        self._running: set[asyncio.Task[None]] = set()

    async def relay(self, make: Callable[[], Iterator[_T]]) -> AsyncGenerator[_T | None]:
        """What ``make()`` yields, each when it exists, and None for every silence; raises what it raises.

        Closed early, it closes the generator as soon as that comes back with something.
        """
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[_T | _End] = asyncio.Queue()
        gone = threading.Event()

        def put(item: _T | _End) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
                loop.call_soon_threadsafe(queue.put_nowait, item)

        def work() -> None:
            try:
                if not gone.is_set():
                    _feed(make(), put, gone)
                put(_End())
            except Exception as exc:  # noqa: BLE001 - raised again where the stream is read
                put(_End(exc))

        # Not awaited and not cancelled: who leaves does not wait for the thread, and its place stays taken.
        task = asyncio.create_task(
            anyio.to_thread.run_sync(work, limiter=self._threads, abandon_on_cancel=True)
        )
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            while True:
                try:
                    item = await asyncio.wait_for(queue.get(), self._heartbeat)
                except TimeoutError:
                    yield None
                    continue
                if isinstance(item, _End):
                    if item.error is not None:
                        raise item.error
                    return
                yield item
        finally:
            gone.set()


class EventStream(StreamingResponse):
    """Sends ``chunks`` as server-sent events, and closes them whatever becomes of the connection."""

    media_type = "text/event-stream"

    def __init__(self, chunks: AsyncGenerator[bytes]) -> None:
        super().__init__(chunks, headers=HEADERS)
        self._chunks = chunks

    async def stream_response(self, send: Send) -> None:
        """Send them; called by Starlette, which cancels it when the client has gone."""
        async with contextlib.aclosing(self._chunks):
            await super().stream_response(send)


async def event_stream(
    streams: Streams,
    make: Callable[[], Iterator[Event]],
    encode: Callable[[AsyncGenerator[Event | None]], AsyncGenerator[bytes]],
    on_failure: Callable[[dict[str, Any]], bytes],
) -> EventStream:
    """The response that streams ``make()`` as ``encode`` writes it down.

    Raises what ``make()`` raises before its first event, so that a bad question is a problem with a status
    of its own; ``on_failure`` writes down the problem of an error after that.
    """
    events = streams.relay(make)
    try:
        first = await anext(events)
    except StopAsyncIteration:
        raise RuntimeError("the engine's stream ended without an event") from None
    except BaseException:
        await events.aclose()
        raise

    async def again() -> AsyncGenerator[Event | None]:
        yield first
        async for event in events:
            yield event

    async def chunks() -> AsyncGenerator[bytes]:
        async with contextlib.aclosing(events), contextlib.aclosing(encode(again())) as encoded:
            try:
                async for chunk in encoded:
                    yield chunk
            except Exception as exc:  # noqa: BLE001 - the status has been sent; this is how the client learns of it
                yield on_failure(_failure(exc))

    return EventStream(chunks())


async def answer_stream(streams: Streams, make: Callable[[], Iterator[Event]]) -> EventStream:
    """The response of our own API: events called start, statement, answer and problem."""
    return await event_stream(streams, make, _frames, lambda told: sse("problem", as_json(told)))


async def _frames(events: AsyncGenerator[Event | None]) -> AsyncGenerator[bytes]:
    async for event in events:
        yield _frame(event)


def _failure(exc: Exception) -> dict[str, Any]:
    """The problem of an error in the middle of a stream; of one that is not ours the log alone says more."""
    if isinstance(exc, RemitError):
        response = problem(status_of(exc), str(exc))
    else:
        _log.error("a stream failed", exc_info=exc)
        response = problem(500, "the server met an error of its own; its log says which")
    told: dict[str, Any] = json.loads(bytes(response.body))
    return told


def sse(name: str, data: str) -> bytes:
    """One event: its name ("" for the unnamed kind) and its data, which must be a single line."""
    assert "\n" not in data
    assert "\r" not in data
    kind = f"event: {name}\n" if name else ""
    return f"{kind}data: {data}\n\n".encode()


def as_json(value: Any) -> str:
    """``value`` as JSON in a single line, in ASCII: some clients end a line at U+0085 or U+2028, too."""
    return json.dumps(value, separators=(",", ":"))


def _frame(event: Event | None) -> bytes:
    match event:
        case None:
            return PING
        case Started():
            return sse("start", as_json(asdict(event)))
        case Said():
            return sse("statement", as_json(asdict(event)))
        case Finished(answer):
            return sse("answer", as_json(answer.to_dict()))


def _feed(items: Iterator[_T], put: Callable[[_T], None], gone: threading.Event) -> None:
    try:
        for item in items:
            if gone.is_set():
                return
            put(item)
    finally:
        # A generator of the engine may hold a connection to a model.
        if close := getattr(items, "close", None):
            close()
