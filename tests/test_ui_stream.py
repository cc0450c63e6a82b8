"""The page with a language model behind it: a sentence is on the screen before the next one is written."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Needs
from playwright.sync_api import expect, sync_playwright
from serving import fetch, running
from stand_in import chunk, chunks, listening, reply, statement

QUESTION = "Who should own social media?"
QUOTE = "The CMO is typically the best equipped to take the lead in digital work"
FIRST = statement("The CMO is typically the best equipped to take the lead in social media.", QUOTE)
SECOND = statement("The CFO owns social media.", QUOTE)
REPLY = reply(FIRST, SECOND, owners=["CMO"])
PATIENCE = 30_000  # milliseconds


@pytest.fixture(scope="module")
def chromium(needs: Needs) -> str:
    found = shutil.which("chromium")
    needs(found, "the browser test needs Chromium; on Debian or Ubuntu: apt-get install chromium")
    return str(found)


def test_sentences_are_shown_as_they_pass_their_check(root: Path, corpus_home: Path, chromium: str) -> None:
    seen = threading.Event()
    first = REPLY[: REPLY.index("}") + 1]

    def pieces(_: dict[str, Any]) -> Iterator[bytes]:
        yield chunk(first)
        assert seen.wait(30)
        yield from chunks(REPLY[len(first) :])

    outside = {n: v for n, v in os.environ.items() if not n.startswith(("REMIT_", "OPENAI_"))}
    command = [sys.executable, "-m", "chat", "serve", "--port", "0", "--home", str(corpus_home)]
    complaints: list[str] = []
    with listening(pieces) as model:
        told = outside | {
            "OPENAI_BASE_URL": model,
            "OPENAI_API_KEY": "sk-canary",
            "REMIT_MODEL_SECONDS": "60",
        }
        with running(command, cwd=root, env=told) as where, sync_playwright() as play:
            fetch(where)  # the page has loaded
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page()
            page.on(
                "response", lambda r: complaints.append(f"{r.status} {r.url}") if r.status >= 400 else None
            )
            page.on(
                "console", lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None
            )
            page.goto(where)
            page.get_by_role("textbox").fill(QUESTION)
            page.get_by_role("textbox").press("Enter")
            card = page.locator("#rm-chat .rm-card")
            expect(card.locator(".rm-statement")).to_contain_text(FIRST["text"], timeout=PATIENCE)
            expect(card).to_contain_class("rm-coming")
            expect(card.get_by_role("link", name="1")).to_have_count(1)
            seen.set()
            expect(card.locator(".rm-badge")).to_have_text("CMO leads", timeout=PATIENCE)
            expect(card).to_have_count(1)
            expect(card.locator(".rm-model")).to_contain_text("gpt-5.6-luna")
            expect(card.locator(".rm-dropped summary")).to_contain_text("1 sentence")
            expect(card.locator(".rm-dropped li")).to_be_hidden()
            expect(card.locator("blockquote")).to_contain_text(QUOTE)
            expect(page.get_by_role("textbox")).to_have_value("")
            page.get_by_role("textbox").fill("   ")
            page.get_by_role("button", name="Ask").click()
            expect(page.get_by_role("alert")).to_contain_text("empty", timeout=PATIENCE)
            page.get_by_role("textbox").fill("and cybersecurity?")
            page.get_by_role("textbox").press("Enter")
            expect(page.locator("#rm-chat .rm-card").nth(1).locator(".rm-badge")).to_have_text(
                "CIO leads", timeout=PATIENCE
            )
            assert "sk-canary" not in page.content()
            browser.close()
    assert complaints == []
