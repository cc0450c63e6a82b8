"""docs/api.md is true: every command and program in it is run, and says what it is said to say."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import Needs
from served import served

from chat.engine import Engine
from chat.web.api import create_app
from chat.web.description import REASONS
from ingest.settings import Settings

TEXT = (Path(__file__).resolve().parents[1] / "docs" / "api.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:7860"


@dataclass(frozen=True)
class Block:
    """Something to run, and what it says, "" when that is not shown."""

    language: str
    code: str
    says: str


def blocks() -> list[Block]:
    fences = re.findall(r"^```(\w+)\n(.*?)^```\n", TEXT, re.DOTALL | re.MULTILINE)
    return [
        Block(language, code, after[1] if after[0] == "text" else "")
        for (language, code), after in zip(fences, [*fences[1:], ("", "")], strict=True)
        if language in ("sh", "python")
    ]


@pytest.fixture(scope="module")
def address(engine: Engine) -> Iterator[str]:
    with served(create_app(engine, Settings())) as where:
        yield where


@pytest.mark.parametrize("block", blocks(), ids=lambda block: f"{block.language}: {block.code[:40]}")
def test_what_is_shown_runs_and_says_so(block: Block, address: str, tmp_path: Path, needs: Needs) -> None:
    needs(block.language != "sh" or shutil.which("curl"), "curl is not installed")
    code = block.code.replace(ADDRESS, address)
    command = ["sh", "-c", code] if block.language == "sh" else [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    said = run.stdout.replace(address, ADDRESS).strip()
    assert said
    pattern = ".*?".join(re.escape(part) for part in re.split(r"\s*…\s*", block.says.strip()))
    assert re.fullmatch(pattern + ".*", said, re.DOTALL), said


def test_enough_is_shown() -> None:
    assert len(blocks()) >= 9
    assert sum(bool(block.says) for block in blocks()) >= 6


def test_the_table_of_errors_is_the_descriptions() -> None:
    table = TEXT.partition("<!-- errors:begin -->")[2].partition("<!-- errors:end -->")[0]
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", table, re.MULTILINE)
    assert {int(status): reason for status, reason in rows} == REASONS


def test_the_fields_of_the_answer_are_all_named() -> None:
    from chat.answer import Answer

    table = TEXT.partition("| field | what it is |")[2].partition("\n\n")[0]
    named = set(
        re.findall(r"`(\w+)`", "\n".join(row.split("|")[1] for row in table.splitlines() if "|" in row))
    )
    assert named | {"question"} == set(Answer.__dataclass_fields__)


def test_the_assistants_settings_start_the_tool(root: Path, corpus_home: Path, address: str) -> None:
    from mcp import Client, StdioServerParameters

    http, stdio = (
        json.loads(found)["mcpServers"]["remit"]
        for found in re.findall(r"^```json\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    )
    places = {"PYTHONPATH": str(root), "REMIT_HOME": str(corpus_home)}
    assert set(stdio["env"]) == set(places)
    command = StdioServerParameters(command=sys.executable, args=stdio["args"], env=places)

    async def tools(server: Any) -> list[str]:
        async with Client(server, read_timeout_seconds=60) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    for server in (http["url"].replace(ADDRESS, address), command):
        assert asyncio.run(tools(server)) == ["who_should_own"]
