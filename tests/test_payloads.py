"""Every payload we know of, through every door: none comes to life in the widget, the page or a source page.

``payloads.txt`` holds one a line, with pictures of the characters that cannot stand in one.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

import pytest
from conftest import Needs
from playwright.sync_api import expect
from served import Visit, chromium, served, visiting
from serving import fetch
from small_engine import SmallEngine, answer, cite

from chat.answer import Answer, Statement, Turn
from chat.web.api import create_app
from ingest.records import Document
from ingest.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

_PICTURES = {
    "␊": "\n",
    "␍": "\r",
    "␉": "\t",
    "␀": "\0",
    "␛": "\x1b",
    "␇": "\a",
    "␤L": "\u2028",
    "␤P": "\u2029",
}
_BATCH = 16  # payloads a question, so that a page need not be loaded for each
PATIENCE = 60_000  # milliseconds


def _payloads() -> list[str]:
    lines = (Path(__file__).parent / "payloads.txt").read_text(encoding="utf-8").split("\n")[:-1]
    for picture, character in _PICTURES.items():
        lines = [line.replace(picture, character) for line in lines]
    return lines


PAYLOADS = _payloads()
BATCHES = [PAYLOADS[first : first + _BATCH] for first in range(0, len(PAYLOADS), _BATCH)]


class Hostile(SmallEngine):
    """Whatever it is asked, every text of its answer is the question's: a line for each place there is."""

    def __init__(self) -> None:
        super().__init__(
            [
                Document(f"{n}/{quote(b[0], safe='')[:40]}.md", " ".join(b), "\n\n".join(b), b[0], b[1], b[2])
                for n, b in enumerate(BATCHES)
            ]
        )
        self._known = [cite(document, document.text) for document in self.documents.values()]

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        batch = BATCHES[len(self.asked) % len(BATCHES)]
        self.asked.append((question, list(history)))
        cited = tuple(
            replace(
                self._known[0], number=n, doc=p, title=p, publisher=p, label=p, quote=p, published=p, url=p
            )
            for n, p in enumerate(batch, start=1)
        )
        return answer(
            question,
            asked="".join(turn["content"] for turn in history[-2:]) + batch[-1],
            owners=tuple(batch[:3]),
            supporting=tuple(batch[3:6]),
            statements=tuple(Statement(f"So: {p}", (n,)) for n, p in enumerate(batch, start=1)),
            citations=cited,
            nearest=cited,
            text="\n".join(batch),
            reason=" ".join(batch),
            notice=" ".join(batch),
            answered_by=batch[0],
        )


@pytest.fixture(scope="module")
def browser(needs: Needs) -> Iterator[Browser]:
    found = shutil.which("chromium")
    needs(found, "the browser test needs Chromium; on Debian or Ubuntu: apt-get install chromium")
    with chromium(str(found)) as opened:
        yield opened


@pytest.fixture(scope="module")
def hostile() -> Hostile:
    return Hostile()


@pytest.fixture(scope="module")
def address(hostile: Hostile) -> Iterator[str]:
    with served(create_app(hostile, Settings(rate="off"))) as where:
        yield where


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    with visiting(browser) as found:
        yield found


def bare(text: str) -> str:
    """``text`` without what a browser may do to it on its way: blanks, and characters that show nothing."""
    return re.sub(r"[\s\0-\x1f\ufffd\ufeff]+", "", text)


def texts(found: Locator) -> list[str]:
    return [bare(text) for text in found.evaluate_all("all => all.map(e => e.textContent)")]


def assert_dead(visit: Visit, address: str, shown: Locator, *, tags: str) -> None:
    """``shown`` holds elements of ours alone, links that stay here, and nothing has happened."""
    found = shown.evaluate_all(
        """all => all.map((e) => [...e.querySelectorAll("*")]).flat().map((e) => [
          e.localName,
          e.getAttribute("href") ? e.href : "",
          e.getAttributeNames().filter((n) => n.startsWith("on")).join()])"""
    )
    assert {tag for tag, _, _ in found} <= set(tags.split())
    assert {href for _, href, _ in found if href and not href.startswith(f"{address}/")} == set()
    assert {handlers for _, _, handlers in found} <= {""}
    assert visit.foreign(address) == set()
    assert visit.complaints == []


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 200


def test_the_widget_shows_them_as_text(visit: Visit, address: str, hostile: Hostile) -> None:
    hostile.asked.clear()
    visit.page.goto(f"{address}/embed")
    chat = visit.page.locator("remit-chat")
    expect(chat.get_by_role("textbox")).to_be_visible()
    for batch in BATCHES:
        question = "\n".join(batch)
        visit.page.evaluate("q => document.querySelector('remit-chat').ask(q)", question)
        turn = chat.locator(".turn").last
        expect(turn.locator(".shared")).to_be_visible(timeout=PATIENCE)
        assert bare(question) in texts(turn.locator(".question"))[0]
        said = [bare(f"So: {p}[{n}]") for n, p in enumerate(batch, start=1)]
        assert texts(turn.locator(".statement")) == said
        assert texts(turn.locator("blockquote")) == [bare(f"“{p}”") for p in batch * 2]
        assert texts(turn.locator(".title")) == [bare(p) for p in batch * 2]
    assert [question for question, _ in hostile.asked] == ["\n".join(batch).strip() for batch in BATCHES]
    assert hostile.asked[-1][1], "the conversation went along"
    tags = "p span bdi strong q dl div dt dd ol li blockquote a time button article"
    assert_dead(visit, address, chat.locator(".turn"), tags=tags)
    paths = {urlsplit(url).path for url in visit.requests}
    assert paths <= {"/embed", "/embed.js", "/icon.svg", "/api/ask/stream"}


def test_the_frame_shows_them_as_text(visit: Visit, address: str) -> None:
    for batch in BATCHES:
        greeting = "\n".join(batch)
        starters = [p for p in batch if "|" not in p and bare(p)]
        query = {"greeting": greeting, "heading": batch[0], "starters": "|".join(starters)}
        visit.page.goto(
            f"{address}/embed?{urlencode(query | {'lang': batch[1], 'accent': batch[2], 'theme': batch[3]})}"
        )
        chat = visit.page.locator("remit-chat")
        expect(chat.get_by_role("textbox")).to_be_visible(timeout=PATIENCE)
        assert texts(chat.locator(".greeting")) == [bare(greeting)]
        assert texts(chat.locator(".starters button")) == [bare(p) for p in starters]
        names = "[...document.querySelectorAll('body *')].map((e) => e.localName)"
        assert visit.page.evaluate(names) == ["main", "remit-chat"]
    assert_dead(visit, address, chat.locator(".log"), tags="p ul li button")


def test_the_page_shows_them_as_text(visit: Visit, address: str, hostile: Hostile) -> None:
    hostile.asked.clear()
    fetch(address)  # the page has loaded
    visit.page.goto(address)
    box = visit.page.get_by_role("textbox")
    expect(box).to_be_visible(timeout=PATIENCE)
    cards = visit.page.locator("#rm-chat .rm-card")
    for nth, batch in enumerate(BATCHES):
        question = "\n".join(batch)
        box.fill(question)
        box.press("Enter")
        card = cards.nth(nth)
        expect(card).to_be_visible(timeout=PATIENCE)
        assert texts(visit.page.locator("#rm-chat .rm-question"))[nth] == bare(question)
        said = [bare(f"So: {p}{n}") for n, p in enumerate(batch, start=1)]
        assert texts(card.locator(".rm-statement")) == said
        assert texts(card.locator("blockquote")) == [bare(p) for p in batch * 2]
        assert texts(card.locator(".rm-title")) == [bare(p) for p in batch * 2]
    tags = "p span strong q dl div dt dd ol li blockquote a time sup"
    assert_dead(visit, address, visit.page.locator("#rm-chat :is(.rm-card, .rm-question)"), tags=tags)


def test_the_source_pages_show_them_as_text(visit: Visit, address: str, hostile: Hostile) -> None:
    visit.page.goto(f"{address}/sources")
    shown = [bare(document.title) for document in hostile.documents.values()]
    assert texts(visit.page.locator(".documents li > a")) == shown
    assert_dead(visit, address, visit.page.locator("main"), tags="ol li a p time")
    for document in hostile.documents.values():
        visit.page.goto(f"{address}/sources/{quote(document.path)}?start=0&end={len(document.text)}")
        assert texts(visit.page.locator("article")) == [bare(document.text)]
        heading = visit.page.locator("h1, article > :first-child").first
        assert bare(document.title) in (
            bare(heading.inner_text()),
            *texts(visit.page.locator("h1")),
            bare(document.text),
        )
        tags = "nav a p time h1 h2 h3 h4 h5 h6 article div ul li table tbody tr td th span mark"
        assert_dead(visit, address, visit.page.locator("body"), tags=tags + " header main")
