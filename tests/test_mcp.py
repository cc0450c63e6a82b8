"""The tool of assistants: called by the protocol's own client, over HTTP and over a pipe."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from mcp import Client, MCPError, StdioServerParameters
from mcp.types import CallToolResult, TextContent, Tool
from served import served
from small_engine import SmallEngine

from chat.answer import Answer
from chat.web.api import create_app
from chat.web.keys import KeyRing
from chat.web.live import AnswerEngine
from chat.web.mcp import make_server
from ingest.errors import IndexUnavailable
from ingest.records import Document
from ingest.settings import Settings

BUDGETS = {"question": "Who should own budgets?"}
MODES: list[Any] = ["auto", "legacy"]  # the protocol without a handshake, and the one before it with one


@pytest.fixture(scope="module")
def engine() -> SmallEngine:
    return SmallEngine()


@pytest.fixture(scope="module")
def address(engine: SmallEngine) -> Iterator[str]:
    with served(create_app(engine, Settings())) as where:
        yield where


def call(
    server: Any, arguments: dict[str, Any], name: str = "who_should_own", mode: Any = "auto"
) -> CallToolResult:
    async def ask() -> CallToolResult:
        async with Client(server, mode=mode, read_timeout_seconds=60) as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(ask())


def tools(server: Any, mode: Any = "auto") -> list[Tool]:
    async def ask() -> list[Tool]:
        async with Client(server, mode=mode, read_timeout_seconds=60) as client:
            return (await client.list_tools()).tools

    return asyncio.run(ask())


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


@pytest.mark.parametrize("mode", MODES)
def test_the_tool_says_what_it_does_and_takes(address: str, mode: Any) -> None:
    (tool,) = tools(f"{address}/mcp", mode)
    assert tool.name == "who_should_own"
    assert tool.annotations
    assert (tool.annotations.read_only_hint, tool.annotations.open_world_hint) == (True, False)
    assert tool.input_schema["required"] == ["question"]
    assert set(tool.input_schema["properties"]) == {"question", "history"}
    assert "$ref" not in json.dumps(tool.input_schema)
    assert tool.output_schema
    assert set(tool.output_schema["properties"]) == set(Answer.__dataclass_fields__)


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_over_http_is_text_with_links_and_data(address: str, mode: Any) -> None:
    result = call(f"{address}/mcp", BUDGETS, mode=mode)
    assert not result.is_error
    expected = SmallEngine().ask(BUDGETS["question"])
    data: Any = result.structured_content
    assert data | {"timings_ms": {}} == json.loads(json.dumps(expected.to_dict()))
    text = text_of(result)
    assert text.startswith("**Bursar leads**")
    assert f"({address}{expected.citations[0].url})" in text


def test_the_conversation_reaches_the_engine(address: str, engine: SmallEngine) -> None:
    history = [{"role": "user", "content": "Who owns budgets?"}]
    call(f"{address}/mcp", {"question": "and fees, then?", "history": history})
    assert engine.asked[-1] == ("and fees, then?", history)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "question: Field required"),
        ({"question": 7}, "question"),
        ({"question": "a", "histroy": []}, "histroy"),
        ({"question": "a", "history": [{"role": "system", "content": "b"}]}, "history.0.role"),
        ({"question": "  "}, "empty"),
    ],
)
def test_a_call_that_cannot_be_answered_says_why(address: str, arguments: dict[str, Any], said: str) -> None:
    result = call(f"{address}/mcp", arguments)
    assert result.is_error
    assert said in text_of(result)


def test_another_tool_is_not_there(address: str) -> None:
    async def ask() -> None:
        async with Client(f"{address}/mcp") as client:
            with pytest.raises(MCPError, match="who_should_own"):
                await client.call_tool("delete_everything", BUDGETS)

    asyncio.run(ask())


def test_without_an_index_the_assistant_is_told_what_to_run() -> None:
    def unavailable() -> AnswerEngine:
        raise IndexUnavailable("there is no index; run: python -m ingest build")

    with served(create_app(unavailable, Settings())) as address:
        result = call(f"{address}/mcp", BUDGETS)
    assert result.is_error
    assert "python -m ingest build" in text_of(result)


@pytest.mark.parametrize("mode", MODES)
def test_a_key_opens_what_its_groups_may_see(tmp_path: Path, mode: Any) -> None:
    from httpx2 import AsyncClient
    from mcp.client.streamable_http import streamable_http_client

    pay = Document("pay.md", "Pay", "The Warden should own salaries.", access=("hr",))
    ring = KeyRing(tmp_path / "keys.json")
    keys = {"hr": ring.add("bot", ["hr"]), "it": ring.add("other", ["it"])}
    settings = Settings.model_validate({"access": "key", "keys": tmp_path / "keys.json"})
    engine = SmallEngine([pay, Document("a.md", "A", "The Porter should own doors.")])

    async def ask(address: str, key: str) -> CallToolResult:
        async with AsyncClient(headers={"authorization": f"Bearer {key}"}) as http:
            transport = streamable_http_client(f"{address}/mcp", http_client=http)
            async with Client(transport, mode=mode, read_timeout_seconds=60) as client:
                return await client.call_tool("who_should_own", {"question": "Who should own salaries?"})

    with served(create_app(engine, settings)) as address:
        for key, owners in ((keys["hr"], ["Warden"]), (keys["it"], [])):
            result = asyncio.run(ask(address, key))
            data: Any = result.structured_content
            assert data["owners"] == owners
            assert ("Warden" in text_of(result)) == bool(owners)
        with pytest.raises(BaseExceptionGroup):
            asyncio.run(ask(address, "guessed"))
        with TestClient(create_app(engine, settings), base_url="http://localhost") as unknown:
            refused = unknown.post("/mcp", json={})
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer realm="remit"')


def test_foreign_hosts_large_bodies_and_streams_are_refused() -> None:
    with TestClient(create_app(SmallEngine(), Settings()), base_url="http://localhost") as client:
        assert client.post("/mcp", headers={"host": "elsewhere.example"}).status_code == 421
        assert client.post("/mcp", content=b"a" * 70_000).status_code == 413
        for method in ("GET", "DELETE"):
            response = client.request(method, "/mcp")
            assert (response.status_code, response.headers["allow"]) == (405, "POST")
        for body in (b"", b"{", b"[]", b'{"jsonrpc": "2.0"}'):
            refused = client.post("/mcp", content=body, headers={"content-type": "application/json"})
            assert 400 <= refused.status_code < 500


def test_many_assistants_at_once_get_their_own_answers(address: str) -> None:
    async def one(number: int) -> str:
        async with Client(f"{address}/mcp", read_timeout_seconds=60) as client:
            result = await client.call_tool("who_should_own", {"question": f"Who should own fees {number}?"})
            return str(result.structured_content["question"])

    async def all_of_them() -> list[str]:
        return await asyncio.gather(*(one(number) for number in range(8)))

    assert asyncio.run(all_of_them()) == [f"Who should own fees {number}?" for number in range(8)]


def test_an_assistant_starts_the_tool_as_a_command(root: Path, corpus_home: Path) -> None:
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "chat", "mcp", "--home", str(corpus_home)],
        env={"PYTHONPATH": str(root), "PATH": os.environ["PATH"]},
    )
    result = call(command, {"question": "Who should own social media?"})
    assert not result.is_error
    data: Any = result.structured_content
    assert data["owners"]
    text = text_of(result)
    assert f"{data['citations'][0]['doc']}, characters {data['citations'][0]['start']}-" in text
    assert "](" not in text, "there is no server that a link could lead to"


def test_the_command_without_an_index_says_what_to_run(root: Path, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "chat", "mcp", "--home", str(tmp_path / "none")],
        cwd=root, input="", capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert run.returncode == 1
    assert run.stdout == ""
    assert "python -m ingest build" in run.stderr


def test_calls_are_not_traced(engine: SmallEngine) -> None:
    assert make_server(lambda _: engine).middleware == []


def test_the_api_starts_without_the_protocol(root: Path) -> None:
    program = "import chat.web.api, sys; print(sorted({'mcp', 'mcp_types'} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
