"""A stand-in for a language model's server: the wire form of its replies, and a transport that gives them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

Behaviour = Callable[[httpx.Request], httpx.Response]


def statement(text: str, quote: str, *citations: int) -> dict[str, Any]:
    """One statement of a reply; it cites source 1 unless told otherwise."""
    return {"text": text, "citations": list(citations or (1,)), "quotes": [quote]}


def reply(
    *statements: dict[str, Any],
    verdict: str = "lead",
    owners: Sequence[str] = (),
    supporting: Sequence[str] = (),
) -> str:
    """A reply as the prompt asks for it."""
    return json.dumps(
        {
            "statements": statements,
            "verdict": verdict,
            "owners": list(owners),
            "supporting": list(supporting),
        }
    )


def chunk(text: str, finish: str | None = None) -> bytes:
    """One server-sent event with a piece of the reply."""
    delta = {"content": text} if text else {}
    body = {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "stand-in",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return f"data: {json.dumps(body)}\n\n".encode()


def chunks(text: str, *, size: int = 9, finish: str | None = "stop") -> Iterator[bytes]:
    """The events of a whole reply; without ``finish`` it ends as a broken connection leaves it."""
    for start in range(0, len(text), size):
        yield chunk(text[start : start + size])
    if finish:
        yield chunk("", finish)
        yield b"data: [DONE]\n\n"


class Pieces(httpx.SyncByteStream):
    """A body that comes in pieces, and may raise on the way."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces


def streamed(pieces: Iterator[bytes]) -> httpx.Response:
    """A response whose body is a stream of events."""
    return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Pieces(pieces))


def saying(text: str, **how: Any) -> Behaviour:
    """A server that gives this reply."""
    return lambda _: streamed(chunks(text, **how))


def failing(status: int, text: str = "no") -> Behaviour:
    """A server that answers with an error, in which it repeats the key that it was sent."""

    def fail(request: httpx.Request) -> httpx.Response:
        key = request.headers.get("authorization", "")
        return httpx.Response(status, json={"error": {"message": f"{text}: {key}", "code": "x"}})

    return fail


class Scripted(httpx.BaseTransport):
    """Behaves as the script says, one behaviour a request, the last one from then on; keeps every request."""

    def __init__(self, *script: Behaviour) -> None:
        self._script = list(script)
        self.requests: list[dict[str, Any]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(json.loads(request.read()))
        behave = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        response = behave(request)
        response.request = request
        return response


@contextmanager
def listening(
    pieces: Callable[[dict[str, Any]], Iterator[bytes]], *, media_type: str = "text/event-stream"
) -> Iterator[str]:
    """A real server on the loopback address; the ``pieces`` of its answer are sent as they come."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-type", media_type)
            self.end_headers()
            for piece in pieces(request):
                self.wfile.write(piece)
                self.wfile.flush()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the inherited name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
