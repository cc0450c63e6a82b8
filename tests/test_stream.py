"""Answers that stream: what is sent, when it is sent, and what becomes of a stream that nobody reads."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import threading
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from served import served
from small_engine import SmallEngine

from chat.answer import Event, Turn
from chat.web.api import create_app
from chat.web.stream import PING, Streams, answer_stream, as_json, sse
from ingest.errors import IndexUnavailable, QuestionError
from ingest.settings import Settings

BUDGETS = {"question": "Who should own budgets?"}


def asking(engine: SmallEngine, body: dict[str, Any]) -> Any:
    client = TestClient(create_app(engine, Settings()), base_url="http://localhost")
    return client.post("/api/ask/stream", json=body)


def parsed(text: str) -> list[tuple[str, Any]]:
    """The events of a stream as (name, data), as the specification of EventSource splits them."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


class Failing(SmallEngine):
    """Fails with ``error`` after ``good`` events."""

    def __init__(self, error: Exception, good: int) -> None:
        super().__init__()
        self._error, self._good = error, good

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        for number, event in enumerate(super().stream(question, history)):
            if number == self._good:
                raise self._error
            yield event


def test_the_events_come_in_order_and_end_with_the_answer() -> None:
    engine = SmallEngine()
    response = asking(engine, BUDGETS)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    assert (response.headers["cache-control"], response.headers["x-accel-buffering"]) == ("no-store", "no")
    (start, started), (statement, said), (end, answer) = parsed(response.text)
    assert (start, statement, end) == ("start", "statement", "answer")
    assert started == {
        "asked": BUDGETS["question"],
        "topic": "budgets",
        "answered_by": "extractive",
        "index": "g1",
    }
    assert said["statement"] == {"text": "The Bursar should lead budgets & fees.", "citations": [1]}
    assert [citation["number"] for citation in said["citations"]] == [1]
    assert answer == json.loads(json.dumps(engine.ask(BUDGETS["question"]).to_dict()))


def test_the_conversation_reaches_the_engine() -> None:
    engine = SmallEngine()
    asking(engine, {"question": "and fees?", "history": [{"role": "user", "content": "Who owns budgets?"}]})
    assert engine.asked == [("and fees?", [{"role": "user", "content": "Who owns budgets?"}])]


@pytest.mark.parametrize(
    ("error", "status"), [(QuestionError("too short"), 400), (IndexUnavailable("gone"), 503)]
)
def test_an_error_before_the_first_event_has_a_status_of_its_own(error: Exception, status: int) -> None:
    response = asking(Failing(error, good=0), BUDGETS)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert response.json()["detail"] == str(error)


def test_an_error_later_is_an_event(caplog: pytest.LogCaptureFixture) -> None:
    (_, _), (kind, problem) = parsed(asking(Failing(IndexUnavailable("gone"), good=1), BUDGETS).text)
    assert (kind, problem["status"], problem["detail"]) == ("problem", 503, "gone")
    *_, (kind, problem) = parsed(asking(Failing(ValueError("a secret"), good=2), BUDGETS).text)
    assert (kind, problem["status"]) == ("problem", 500)
    assert "a secret" not in json.dumps(problem)
    assert "a secret" in caplog.text


def test_an_event_is_sent_when_it_exists_and_silence_is_filled() -> None:
    go_on = threading.Event()

    def slow() -> Iterator[Event]:
        events = SmallEngine().stream(BUDGETS["question"])
        yield next(events)
        assert go_on.wait(10)
        yield from events

    async def read() -> list[bytes]:
        response = await answer_stream(Streams(heartbeat=0.01), slow)
        chunks: list[bytes] = []
        async for chunk in response.body_iterator:
            chunks.append(bytes(chunk))  # type: ignore[arg-type]
            if chunk == PING:
                go_on.set()
        return chunks

    chunks = asyncio.run(read())
    spoken = [chunk for chunk in chunks if chunk != PING]
    assert [chunk.split(b"\n")[0] for chunk in spoken] == [
        *(b"event: start", b"event: statement", b"event: answer")
    ]


def test_a_stream_that_nobody_reads_is_closed() -> None:
    closed = threading.Event()

    def long() -> Iterator[int]:
        try:
            for number in range(5_000):
                yield number
                time.sleep(0.001)
        except GeneratorExit:
            closed.set()
            raise

    async def leave() -> None:
        relay: AsyncGenerator[int | None] = Streams().relay(long)
        assert await anext(relay) == 0
        await relay.aclose()
        assert await asyncio.to_thread(closed.wait, 10)

    asyncio.run(leave())


def test_a_client_that_hangs_up_closes_the_generator() -> None:
    closed = threading.Event()

    class Long(SmallEngine):
        def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
            first = next(super().stream(question, history))
            try:
                for _ in range(5_000):
                    yield first
                    time.sleep(0.001)
            except GeneratorExit:
                closed.set()
                raise

    async def hang_up() -> None:
        body = json.dumps(BUDGETS).encode()
        sent = asyncio.Event()
        messages = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> dict[str, Any]:
            if message := next(messages, None):
                return message
            await sent.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            await asyncio.sleep(0)
            if message["type"] == "http.response.body":
                sent.set()

        headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
            "method": "POST", "scheme": "http", "path": "/api/ask/stream", "raw_path": b"/api/ask/stream",
            "query_string": b"", "root_path": "", "headers": headers, "client": ("127.0.0.1", 1),
            "server": ("localhost", 80),
        }  # fmt: skip
        await asyncio.wait_for(create_app(Long(), Settings())(scope, receive, send), 10)
        assert await asyncio.to_thread(closed.wait, 10)

    asyncio.run(hang_up())


class Gated(SmallEngine):
    """Streams its first event, and the others when it is let; knows when it was closed before its end."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on, self.closed = threading.Event(), threading.Event()

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        first, *others = super().stream(question, history)
        try:
            yield first
            while not self.go_on.wait(0.01):
                yield first
            yield from others
        except GeneratorExit:
            self.closed.set()
            raise


@contextlib.contextmanager
def connected(address: str) -> Iterator[http.client.HTTPResponse]:
    """The response to a streamed question over a real connection, its body not yet read; cut at the end."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)
    headers = {"content-type": "application/json"}
    connection.request("POST", "/api/ask/stream", json.dumps(BUDGETS), headers)
    with contextlib.closing(connection), connection.getresponse() as response:
        yield response


def test_nothing_on_the_way_holds_an_event_back() -> None:
    engine = Gated()
    with served(create_app(engine, Settings())) as address, connected(address) as response:
        assert response.readline() == b"event: start\n", "it is here, and the others do not exist yet"
        engine.go_on.set()
        assert b"event: answer\n" in response.read()


def test_a_connection_that_is_cut_closes_the_generator() -> None:
    engine = Gated()
    with served(create_app(engine, Settings())) as address:
        with connected(address) as response:
            assert response.readline() == b"event: start\n"
        assert engine.closed.wait(10)


def test_no_more_streams_run_than_there_are_places() -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def one() -> Iterator[int]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1
        yield 1

    async def many() -> None:
        streams = Streams(at_once=2)

        async def whole() -> list[int | None]:
            return [item async for item in streams.relay(one)]

        assert await asyncio.gather(*(whole() for _ in range(8))) == [[1]] * 8

    asyncio.run(many())
    assert most == 2


@given(st.text())
def test_no_text_breaks_out_of_its_event(text: str) -> None:
    frame = sse("answer", as_json({"text": text})).decode()
    assert parsed(frame) == [("answer", {"text": text})]
    assert frame.count("\n") == 3
