"""The language model's client: whatever its server does, a reply or one line of why in bounded time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from stand_in import Behaviour, Scripted, chunk, chunks, failing, saying, streamed

from chat import llm
from chat.answer import Made
from chat.llm import LanguageModel, Prompt
from chat.reply import SCHEMA
from ingest.endpoint import Endpoint
from ingest.errors import ModelFault

KEY = "sk-canary-7c1f0d"
PROMPT = Prompt("the rules", "the material", SCHEMA)


def model(
    *script: Behaviour, name: str = "some-model", seconds: float = 5.0
) -> tuple[LanguageModel, Scripted]:
    transport = Scripted(*script)
    endpoint = Endpoint("http://model.test/v1", KEY)
    return LanguageModel(endpoint, name, seconds=seconds, transport=transport), transport


def read(given: LanguageModel, seconds: float = 5.0) -> str:
    return "".join(given.reply(PROMPT, until=time.monotonic() + seconds))


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """The client's code, which takes seconds to load and is not what is timed here."""
    read(model(saying("ready"))[0], seconds=60.0)


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def silent(request: httpx.Request) -> httpx.Response:
    time.sleep(1.0)
    raise httpx.ReadTimeout("silence", request=request)


def cut(request: httpx.Request) -> httpx.Response:
    def pieces() -> Iterator[bytes]:
        yield chunk('{"statements": [')
        raise httpx.RemoteProtocolError("peer closed connection", request=request)

    return streamed(pieces())


def dribbling(request: httpx.Request) -> httpx.Response:
    def pieces() -> Iterator[bytes]:
        while True:
            time.sleep(0.02)
            yield b": still here\n"

    return streamed(pieces())


def test_a_reply_comes_through_with_what_was_asked_for() -> None:
    given, transport = model(saying("a reply that is whole"))
    assert read(given) == "a reply that is whole"
    (request,) = transport.requests
    assert [m["content"] for m in request["messages"]] == ["the rules", "the material"]
    assert [m["role"] for m in request["messages"]] == ["system", "user"]
    assert request["model"] == "some-model"
    assert request["response_format"]["json_schema"]["schema"] == SCHEMA
    assert (request["temperature"], request["seed"], request["stream"]) == (0.0, 7, True)
    assert given.made("v1") == Made("some-model", 0.0, 7, "v1")


@pytest.mark.parametrize(
    "name", ["gpt-5.6-luna", "gpt-4.1-mini", "ft:gpt-4.1:us::x", "llama-3.2:1b", "text-davinci-003"]
)
def test_any_name_of_a_model_works(name: str) -> None:
    given, transport = model(saying("yes"), name=name)
    assert read(given) == "yes"
    assert transport.requests[0]["model"] == name


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_knows_no_schema_is_asked_plainly_and_then_always(status: int) -> None:
    given, transport = model(failing(status, "unknown parameter"), saying("plain"))
    assert read(given) == "plain"
    assert read(given) == "plain"
    assert [sorted(r) for r in transport.requests[1:]] == [["messages", "model", "stream"]] * 2
    assert given.made("v1") == Made("some-model", None, None, "v1")


FAULTS: list[tuple[Behaviour, str]] = [
    (refuse, llm.UNREACHABLE),
    (failing(401, "Incorrect API key provided"), llm.REFUSED),
    (failing(403), llm.REFUSED),
    (failing(404), llm.UNUSABLE),
    (failing(400), llm.UNUSABLE),
    (failing(429), llm.BUSY),
    (failing(500), llm.BROKEN),
    (failing(503), llm.BROKEN),
    (silent, llm.LATE),
    (cut, llm.CUT),
    (saying("half", finish=None), llm.CUT),
    (saying("half", finish="content_filter"), llm.CUT),
    (saying("x" * 200_000, size=500), llm.ENDLESS),
    (lambda _: streamed(iter([b"data: {not json\n\n"])), llm.UNUSABLE),
    (lambda _: streamed(iter([b'data: {"error": {"message": "overloaded"}}\n\n'])), llm.UNUSABLE),
    (lambda _: streamed(iter([b": " + b"x" * 9_000_000])), llm.ENDLESS),
    (lambda _: httpx.Response(302, headers={"location": "http://elsewhere.test/"}), llm.UNUSABLE),
    (lambda _: httpx.Response(200, text="<html>a login page</html>"), llm.CUT),
]


@pytest.mark.parametrize(("behaviour", "why"), FAULTS)
def test_every_fault_is_one_line_without_the_key(
    behaviour: Behaviour, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    given, _ = model(behaviour)
    with caplog.at_level(logging.DEBUG), pytest.raises(ModelFault) as raised:
        read(given)
    assert str(raised.value) == why
    assert raised.value.__cause__ is None
    assert KEY not in caplog.text
    assert "the language model failed" in caplog.text or why == llm.ENDLESS
    assert KEY not in repr(given) + repr(vars(given)) + repr(raised.value)


@pytest.mark.parametrize("behaviour", [silent, dribbling])
def test_nobody_waits_longer_than_asked(behaviour: Behaviour) -> None:
    given, _ = model(behaviour, seconds=0.5)
    began = time.monotonic()
    with pytest.raises(ModelFault, match=llm.LATE):
        read(given, seconds=0.3)
    assert time.monotonic() - began < 0.9


def test_the_thread_of_a_server_that_dribbles_ends() -> None:
    given, _ = model(dribbling, seconds=0.2)
    before = threading.active_count()
    with pytest.raises(ModelFault):
        read(given, seconds=0.1)
    until = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.02)
    assert threading.active_count() <= before


def test_pieces_come_when_they_are_there() -> None:
    gate = threading.Event()

    def waiting(_: httpx.Request) -> httpx.Response:
        def pieces() -> Iterator[bytes]:
            yield chunk("first")
            assert gate.wait(5)
            yield from chunks("second")

        return streamed(pieces())

    given, _ = model(waiting)
    arriving = given.reply(PROMPT, until=time.monotonic() + 5)
    assert next(arriving) == "first"
    gate.set()
    assert "".join(arriving) == "second"


def test_too_many_at_once_are_turned_away() -> None:
    gate = threading.Event()

    def waiting(_: httpx.Request) -> httpx.Response:
        gate.wait(10)
        return streamed(chunks("done"))

    given, _ = model(waiting)
    readers = [threading.Thread(target=read, args=(given, 20.0)) for _ in range(llm.MOST_AT_ONCE)]
    for reader in readers:
        reader.start()
    until = time.monotonic() + 10
    refused = ""
    while not refused and time.monotonic() < until:
        try:
            read(given, seconds=0.05)
        except ModelFault as fault:
            refused = str(fault) if str(fault) == llm.BUSY else ""
    gate.set()
    for reader in readers:
        reader.join(20)
    assert refused == llm.BUSY
    assert read(given) == "done"
