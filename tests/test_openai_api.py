"""The engine as a model: asked by OpenAI's own client over a real connection."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openai
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from served import served
from small_engine import NOTES, SmallEngine, answer, cite

from chat.answer import Answer, Citation, Event, Finished, Said, Started, Statement, Turn
from chat.web import markdown
from chat.web.api import create_app
from chat.web.keys import KeyRing
from chat.web.openai_api import error_of
from ingest.errors import IndexUnavailable
from ingest.records import Document
from ingest.settings import Settings

BUDGETS: Any = [{"role": "user", "content": "Who should own budgets?"}]


class Modelled(SmallEngine):
    """Answers as a model would: statements first, then the answer; another one when they are ``replaced``."""

    replaced = False

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        given = super().ask(question, history)
        said = (Statement("The Bursar leads.", (1,)), Statement("It is about fees, too.", (1,)))
        return replace(given, answered_by="openai:small", statements=said)

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        given = self.ask(question, history)
        yield Started(given.asked, given.topic, given.answered_by, given.index)
        for statement in given.statements:
            yield Said(statement, given.citations)
        yield Finished(SmallEngine().ask(question, history) if self.replaced else given)


class Gone(SmallEngine):
    """Has no index, from the first event on or after it."""

    def __init__(self, good: int) -> None:
        super().__init__()
        self._good = good

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        self.asked.append((question, list(history)))
        raise IndexUnavailable("there is no index; run: python -m ingest build")

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        if self._good:
            yield Started(question, "", "extractive", "g1")
        self.ask(question, history)


def client_of(engine: SmallEngine) -> TestClient:
    return TestClient(create_app(engine, Settings()), base_url="http://localhost")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(create_app(SmallEngine(), Settings())) as where:
        yield where


@pytest.fixture
def client(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key="unused", max_retries=0, timeout=30) as made:
        yield made


def test_the_models_are_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["remit"]
    assert client.models.retrieve("remit").owned_by == "remit"
    with pytest.raises(openai.NotFoundError, match="no model 'gpt'"):
        client.models.retrieve("gpt")


def test_an_answer_comes_with_its_sources(client: openai.OpenAI, address: str) -> None:
    given = client.chat.completions.create(model="remit", messages=BUDGETS, temperature=0.3, seed=7)
    message = given.choices[0].message
    content = message.content or ""
    assert content.startswith("**Bursar leads**\n\n- The Bursar should lead budgets \\& fees. [1]\n\n")
    link = address + SmallEngine().ask("budgets").citations[0].url
    assert f"1. [Who does what, Guideline 1]({link}), House rules, 9 July 2018" in content
    assert given.choices[0].finish_reason == "stop"
    assert message.annotations
    cited = message.annotations[0].url_citation
    assert content[cited.start_index : cited.end_index] == "[1]"
    assert (cited.title, cited.url) == ("Who does what", link)
    assert given.usage
    # "Who should own budgets?" is four words and a question mark.
    assert given.usage.prompt_tokens == 5
    assert given.usage.total_tokens == 5 + given.usage.completion_tokens
    assert given.model_extra
    assert given.model_extra["remit"]["owners"] == ["Bursar"]
    assert given.system_fingerprint == "g1"


def test_what_is_streamed_adds_up_to_the_whole(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="remit", messages=BUDGETS)
    chunks = list(
        client.chat.completions.create(
            model="remit", messages=BUDGETS, stream=True, stream_options={"include_usage": True}
        )
    )
    assert len({chunk.id for chunk in chunks}) == 1
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(pieces) == whole.choices[0].message.content
    assert len([piece for piece in pieces if piece]) >= 3
    *_, last, counted = chunks
    assert last.choices[0].finish_reason == "stop"
    assert (last.model_extra or {})["remit"]["owners"] == ["Bursar"]
    assert (last.choices[0].delta.model_extra or {})["annotations"][0]["type"] == "url_citation"
    assert counted.usage == whole.usage


def test_an_asynchronous_client_streams_too(address: str) -> None:
    async def read() -> str:
        async with openai.AsyncOpenAI(base_url=f"{address}/v1", api_key="unused", max_retries=0) as client:
            stream = await client.chat.completions.create(model="remit", messages=BUDGETS, stream=True)
            return "".join([c.choices[0].delta.content or "" async for c in stream if c.choices])

    assert asyncio.run(read()).startswith("**Bursar leads**")


def test_the_clients_own_helper_puts_a_stream_together(client: openai.OpenAI) -> None:
    with client.chat.completions.stream(model="remit", messages=BUDGETS) as stream:
        final = stream.get_final_completion()
    assert (final.choices[0].message.content or "").startswith("**Bursar leads**")


def test_the_last_message_of_the_user_is_the_question() -> None:
    engine = SmallEngine()
    image = {"type": "image_url", "image_url": {"url": "x"}}
    words = [{"type": "text", "text": "who owns"}, {"type": "text", "text": "budgets?"}]
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": "Answer in verse."},
        {"role": "user", "content": [image, {"type": "text", "text": "a"}]},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "tool", "content": "b", "tool_call_id": "1"},
        {"role": "assistant", "content": "c"},
        {"role": "user", "content": words},
        {"role": "assistant", "content": "prefilled"},
    ]
    response = client_of(engine).post("/v1/chat/completions", json={"model": "remit", "messages": messages})
    assert response.status_code == 200
    turns: list[Turn] = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "c"}]
    assert engine.asked == [("who owns\nbudgets?", turns)]


IMAGE = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}


@pytest.mark.parametrize(
    ("body", "status", "param", "code", "said"),
    [
        ({"model": "gpt-5", "messages": BUDGETS}, 404, "model", "model_not_found", "'remit'"),
        ({"model": "remit", "messages": []}, 400, "messages", None, "at least 1"),
        ({"model": "remit"}, 400, "messages", None, "required"),
        (
            {"model": "remit", "messages": [{"role": "system", "content": "a"}]},
            400, "messages", "missing_user_message", "no message",
        ),
        (
            {"model": "remit", "messages": [IMAGE]},
            400, "messages.0.content.0", "unsupported_content", "image_url",
        ),
        ({"model": "remit", "messages": [{"role": "user", "content": " "}]}, 400, None, None, "empty"),
        ({"model": "remit", "messages": BUDGETS, "stream": "yes"}, 400, "stream", None, "boolean"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stream", [False, True])
def test_an_error_has_the_shape_that_clients_read(
    body: dict[str, Any], status: int, param: str | None, code: str | None, said: str, stream: bool
) -> None:
    response = client_of(SmallEngine()).post("/v1/chat/completions", json={"stream": stream} | body)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/json")
    error = response.json()["error"]
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", param, code)
    assert said in error["message"]


def test_errors_that_no_route_finds_have_that_shape_too(client: openai.OpenAI) -> None:
    over = TestClient(create_app(SmallEngine(), Settings()), base_url="http://localhost")
    for response, status in (
        (over.get("/v1/nothing"), 404),
        (over.get("/v1/chat/completions"), 405),
        (over.post("/v1/chat/completions", content=b"{"), 415),
        (over.post("/v1/chat/completions", content=b"a" * 70_000), 413),
        (over.get("/v1/models", headers={"host": "elsewhere.example"}), 421),
    ):
        assert response.status_code == status
        assert response.json()["error"]["type"] == "invalid_request_error"
    with pytest.raises(openai.BadRequestError, match="text alone"):
        client.chat.completions.create(model="remit", messages=[IMAGE])  # type: ignore[list-item]
    types = [error_of({"status": status})["error"]["type"] for status in (401, 403, 429, 503)]
    assert types == ["authentication_error", "permission_error", "rate_limit_error", "server_error"]


def test_without_an_index_the_client_is_told() -> None:
    with served(create_app(Gone(good=0), Settings())) as address:
        client = openai.OpenAI(base_url=f"{address}/v1", api_key="unused", max_retries=0)
        for stream in (False, True):
            with pytest.raises(openai.InternalServerError, match="python -m ingest build") as told:
                client.chat.completions.create(model="remit", messages=BUDGETS, stream=stream)
            assert told.value.status_code == 503
        client.close()


def test_an_error_in_the_middle_of_a_stream_reaches_the_client() -> None:
    with (
        served(create_app(Gone(good=1), Settings())) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="unused", max_retries=0) as client,
    ):
        stream = client.chat.completions.create(model="remit", messages=BUDGETS, stream=True)
        with pytest.raises(openai.APIError, match="python -m ingest build"):
            list(stream)


def test_a_key_opens_what_its_groups_may_see(tmp_path: Path) -> None:
    pay = Document("pay.md", "Pay", "The Warden should own salaries.", access=("hr",))
    ring = KeyRing(tmp_path / "keys.json")
    keys = {"hr": ring.add("bot", ["hr"]), "it": ring.add("other", ["it"])}
    settings = Settings.model_validate({"access": "key", "keys": tmp_path / "keys.json"})
    salaries: Any = [{"role": "user", "content": "Who should own salaries?"}]
    with served(create_app(SmallEngine([pay, Document("a.md", "A", NOTES)]), settings)) as address:
        for key, owners in ((keys["hr"], ["Warden"]), (keys["it"], [])):
            with openai.OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0) as client:
                for stream in (False, True):
                    given: Any = client.chat.completions.create(
                        model="remit", messages=salaries, stream=stream
                    )
                    last = [chunk for chunk in given if chunk.choices][-1] if stream else given
                    assert last.model_extra["remit"]["owners"] == owners
                    assert ("Warden" in last.model_dump_json()) == bool(owners)
        with openai.OpenAI(base_url=f"{address}/v1", api_key="guessed", max_retries=0) as client:
            with pytest.raises(openai.AuthenticationError) as told:
                client.chat.completions.create(model="remit", messages=salaries)
            assert told.value.type == "authentication_error"


def streamed(engine: SmallEngine) -> tuple[str, dict[str, Any]]:
    body = {"model": "remit", "messages": BUDGETS, "stream": True}
    text = client_of(engine).post("/v1/chat/completions", json=body).text
    *chunks, end = [line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data: ")]
    assert end == "[DONE]"
    parsed = [json.loads(chunk) for chunk in chunks]
    content = "".join(c["choices"][0]["delta"].get("content") or "" for c in parsed)
    return content, parsed[-1]


def test_statements_of_a_model_are_sent_before_the_verdict() -> None:
    body = {"model": "remit", "messages": BUDGETS}
    whole = client_of(Modelled()).post("/v1/chat/completions", json=body).json()
    content, last = streamed(Modelled())
    assert content == whole["choices"][0]["message"]["content"]
    assert content.startswith("The Bursar leads. [1] It is about fees, too. [1]\n\n**Bursar leads**\n\n")
    assert "“The Bursar should lead budgets \\& fees.”" in content, "the quote, since no statement says it"
    spans = [(a["url_citation"]["start_index"], a["url_citation"]["end_index"]) for a in
             last["choices"][0]["delta"]["annotations"]]  # fmt: skip
    assert [content[start:end] for start, end in spans] == ["[1]", "[1]"]


def test_an_answer_that_replaces_what_was_sent_is_set_off_and_whole() -> None:
    engine = Modelled()
    engine.replaced = True
    content, last = streamed(engine)
    before, _, after = content.partition("\n\n---\n\n")
    assert before == "The Bursar leads. [1] It is about fees, too. [1]"
    assert after.startswith("**Bursar leads**\n\n- ")
    assert last["remit"]["answered_by"] == "extractive"


def test_what_is_not_covered_shows_the_nearest() -> None:
    body = {"model": "remit", "messages": [{"role": "user", "content": "Who waters the plants?"}]}
    given = client_of(SmallEngine()).post("/v1/chat/completions", json=body).json()
    message = given["choices"][0]["message"]
    assert message["content"].startswith("**Not covered**\n\n")
    assert "none of them answers it:\n\n1. [Who does what" in message["content"]
    assert message["annotations"] == []


HOSTILE = [
    "![x](https://evil.example/?q=1)", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>", "**bold**",
    "https://evil.example", "www.evil.example", "[1]", "`code`", "a\n\n# head\n\n- item", "$x$", "\u202eabc",
    "\\[x](y)", "[x]: https://evil.example", "&lt;b&gt;", "~~x~~", "| a | b |", "<https://evil.example>",
]  # fmt: skip
ACTIVE = re.compile(r"(?<!\\)(?:[`*_<>&|~#$]|!(?=\[)|\](?=\(|:))|\w://|\bwww\.|[\n\u202e]", re.IGNORECASE)


@given(st.one_of(st.sampled_from(HOSTILE), st.text(), st.text("\\![]()<>`*_#&:/w.\n ", max_size=12)))
def test_no_text_becomes_a_link_an_image_or_markup(text: str) -> None:
    shown = markdown.plain(text)
    # Two backslashes are one that is shown, so they cannot be what escapes the next character.
    assert not ACTIVE.search(shown.replace("\\\\", ""))


@given(st.sampled_from(HOSTILE))
def test_hostile_words_are_shown_as_words_everywhere(text: str) -> None:
    document = Document("a.md", text, NOTES, text, text, "2018-07-09")
    cited: Citation = replace(cite(document, NOTES), label=text, quote=text)
    said = (Statement(text, (1,)),)
    for by in ("extractive", "openai:x"):
        given = answer(
            owners=(text,), citations=(cited,), statements=said, answered_by=by, reason=text, notice=text
        )
        content = "".join(markdown.pieces(given, "http://here"))
        links = re.findall(r"(?<!\\)\]\((.*?)\)", content)
        assert links == [f"http://here{cited.url}"]
        assert len(markdown.marks(content, given.citations)) == 1
        assert "<img" not in content.replace("\\<", "")
