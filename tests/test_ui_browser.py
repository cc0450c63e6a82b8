"""The real page in a real browser: ask, read the card, follow a citation to the marked sentence."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import Needs
from playwright.sync_api import expect, sync_playwright
from serving import fetch, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

QUESTION = "Who should own social media?"
PATIENCE = 30_000  # milliseconds; a busy machine loads the page slowly
# Nothing that a browser asks for on its own account, and no sandbox of its own inside a container.
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
)


@pytest.fixture(scope="module")
def browser(needs: Needs) -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    needs(chromium, "the browser test needs Chromium; on Debian or Ubuntu: apt-get install chromium")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(root: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real server over the corpus of the project; it builds the index first."""
    home = tmp_path_factory.mktemp("home")
    outside = {name: value for name, value in os.environ.items() if not name.startswith("REMIT_")}
    command = [sys.executable, "-m", "chat", "serve", "--port", "0", "--home", str(home)]
    with running(command, cwd=root, env=outside) as where:
        fetch(where)  # the page has loaded
        yield where


@dataclass
class Visit:
    """A page, and what went on behind it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def visit(context: BrowserContext, address: str) -> Visit:
    page = context.new_page()
    found = Visit(page)
    context.on("request", lambda request: found.requests.append(request.url))
    context.on(
        "response", lambda r: found.complaints.append(f"{r.status} {r.url}") if r.status >= 400 else None
    )
    context.on(
        "console", lambda m: found.complaints.append(m.text) if m.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("dialog", lambda dialog: found.complaints.append(f"dialog: {dialog.message}"))
    page.goto(address)
    expect(page.get_by_role("textbox")).to_be_visible(timeout=PATIENCE)
    return found


@pytest.fixture
def desk(browser: Browser, address: str) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield visit(context, address)
    context.close()


def ask(page: Page, question: str, nth: int = 0) -> None:
    """Ask, and wait for the card."""
    page.get_by_role("textbox").fill(question)
    page.get_by_role("textbox").press("Enter")
    expect(page.locator("#rm-chat .rm-card").nth(nth)).to_be_visible(timeout=PATIENCE)


def test_a_question_is_answered_and_its_citation_opens_at_the_sentence(desk: Visit, address: str) -> None:
    ask(desk.page, QUESTION)
    card = desk.page.locator(".rm-card")
    expect(card.locator(".rm-badge")).to_have_text("CMO leads")
    expect(card.locator("dl")).to_contain_text("CMO")
    source = card.locator(".rm-source").first
    quote = source.locator("blockquote").inner_text()
    with desk.page.context.expect_page() as opened:
        source.get_by_role("link").click()
    document = opened.value
    document.wait_for_load_state()
    assert re.match(
        re.escape(address) + r"/sources/[^?]+\?start=\d+&end=\d+&is=[0-9a-f]{8}#cited$", document.url
    )
    mark = document.locator("mark#cited")
    expect(mark).to_have_text(quote)
    expect(mark).to_be_in_viewport()
    assert {url for url in desk.requests if not url.startswith((address, "data:"))} == set()
    assert len(desk.requests) > 10, "the requests were heard"
    assert desk.complaints == []


def test_a_follow_up_is_asked_on_top_of_the_conversation(desk: Visit) -> None:
    ask(desk.page, QUESTION)
    ask(desk.page, "and cybersecurity?", nth=1)
    second = desk.page.locator(".rm-card").nth(1)
    expect(second.locator(".rm-badge")).to_have_text("CIO leads")
    # The new question is where the eye is, not the end of its answer.
    expect(desk.page.locator(".rm-question").nth(1)).to_be_in_viewport()
    desk.page.get_by_role("button", name="Clear").click()
    expect(desk.page.locator(".rm-card")).to_have_count(0)
    assert desk.complaints == []


def test_an_example_is_one_click(desk: Visit) -> None:
    example = desk.page.locator("button.example").first
    words = example.inner_text().strip()
    example.click()
    expect(desk.page.locator(".rm-card")).to_be_visible(timeout=PATIENCE)
    expect(desk.page.locator(".rm-question")).to_have_text(words)
    assert desk.complaints == []


def test_an_empty_question_is_told_and_nothing_is_lost(desk: Visit) -> None:
    ask(desk.page, QUESTION)
    desk.page.get_by_role("textbox").fill("   ")
    desk.page.get_by_role("button", name="Ask").click()
    expect(desk.page.get_by_role("alert")).to_contain_text("empty", timeout=PATIENCE)
    expect(desk.page.locator("#rm-chat .rm-card")).to_have_count(1)
    ask(desk.page, "Who owns cybersecurity?", nth=1)
    expect(desk.page.get_by_role("alert")).to_have_count(0)


def test_what_is_typed_stays_text(desk: Visit) -> None:
    typed = (
        "<img src=x onerror=alert(1)> ![x](/x.png) <b>bold</b> </div> $$x$$ [a](javascript:alert(1)) "
        "<script>alert(2)</script> who owns this?"
    )
    ask(desk.page, typed)
    expect(desk.page.locator(".rm-question")).to_have_text(typed)
    chat = desk.page.locator("#rm-chat [role=log]")
    assert chat.locator(".rm-question *").count() == 0
    assert chat.locator("img, script, iframe, .katex, a[href^=javascript]").count() == 0
    assert desk.complaints == []


def test_a_screen_reader_is_told_of_an_answer_and_not_of_markup(desk: Visit) -> None:
    ask(desk.page, QUESTION)
    log = desk.page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    # The page takes the markup out once the card is there; a busy machine may look before that.
    expect(log.locator("[aria-label*='<']")).to_have_count(0)
    expect(desk.page.get_by_role("textbox", name="Your question")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_it_without_sideways_scrolling(
    browser: Browser, address: str, scheme: str
) -> None:
    dark = scheme == "dark"
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, color_scheme="dark" if dark else "light"
    )
    page = visit(context, address).page
    ask(page, QUESTION)
    assert overhang(page) <= 0
    for part in (
        page.locator(".rm-badge"),
        page.get_by_role("textbox"),
        page.get_by_role("button", name="Ask"),
    ):
        expect(part).to_be_in_viewport()
    assert (lightness(page, "#rm-chat .rm-card") < 128) == dark
    link = page.locator(".rm-source a").first.get_attribute("href")
    page.goto(address + str(link))
    assert overhang(page) <= 0
    expect(page.locator("mark#cited")).to_be_in_viewport()
    assert (lightness(page, "body") < 128) == dark
    context.close()


def overhang(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth"))


def lightness(page: Page, selector: str) -> float:
    """The mean of red, green and blue of an element's background, 0 to 255."""
    colour = page.locator(selector).first.evaluate("e => getComputedStyle(e).backgroundColor")
    red, green, blue = (int(part) for part in re.findall(r"\d+", colour)[:3])
    return (red + green + blue) / 3
