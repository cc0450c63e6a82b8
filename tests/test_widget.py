"""The widget in a real browser, on an intranet page of another origin under a strict policy."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Needs
from fastapi.testclient import TestClient
from playwright.sync_api import expect
from served import Visit, address_of, chromium, open_port, served, visiting
from serving import running
from small_engine import NOTES, SmallEngine, answer, cite
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

from chat.answer import Answer, Event, Said, Statement, Turn, events
from chat.render import badge, day, roles_line, status_note, told
from chat.web.api import create_app
from chat.web.embed import script
from ingest.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page
    from playwright.sync_api import Route as Caught

SECRET = "a-secret-of-these-tests-that-is-long-enough"
PATIENCE = 20_000  # milliseconds; a busy machine is slow
LARGEST = 15_000  # bytes


class Librarian(SmallEngine):
    """Answers as the small engine does, and otherwise when a question names one of ``given``."""

    def __init__(self, given: dict[str, Answer] | None = None) -> None:
        super().__init__()
        self.given = given or {}
        self.goes_on = threading.Event()

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        found = super().ask(question, history)
        return replace(self.given[question], question=question) if question in self.given else found

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        for event in events(self.ask(question, history)):
            yield event
            if "slowly" in question:
                time.sleep(0.5)
            if "waits" in question and isinstance(event, Said):
                self.goes_on.wait(30)


def library() -> dict[str, Answer]:
    """Answers of every kind there is."""
    documents = list(SmallEngine().documents.values())
    first = replace(cite(documents[0], "The Bursar should lead budgets & fees."), label="Rule 1")
    second = cite(documents[1], NOTES, number=2)
    other = replace(second, published="2015-13-45", publisher="", label="")
    own = (
        Statement("Budgets are for the Bursar.", (1,)),
        Statement("Readers are spoken for.", (2, 1)),
        Statement(f"“{first.quote}”", (1,)),
    )
    both = answer(owners=("Bursar", "Librarian"), citations=(first, second), supporting=("Porter",))
    return {
        "lead": answer(owners=("Bursar",), citations=(first,), reason=""),
        "shared": both,
        "three": replace(both, owners=("Bursar", "Librarian", "Dean"), status="partial", statements=own),
        "against": replace(both, status="conflicting", supporting=(), citations=(first, other)),
        "info": replace(both, verdict="info", owners=(), supporting=(), asked="something else"),
        "none": answer(
            nearest=(first, replace(other, number=2, published="2018-07")), reason="Nothing says."
        ),
        "told": replace(both, notice="The model could not be reached.", statements=own),
    }


@pytest.fixture(scope="module")
def browser(needs: Needs) -> Iterator[Browser]:
    found = shutil.which("chromium")
    needs(found, "the browser test needs Chromium; on Debian or Ubuntu: apt-get install chromium")
    with chromium(str(found)) as opened:
        yield opened


@pytest.fixture(scope="module")
def librarian() -> Librarian:
    return Librarian(library())


@pytest.fixture(scope="module")
def places() -> tuple[socket.socket, str]:
    """Where Remit is to listen, and the origin of the intranet, which must be known before."""
    intranet = open_port()
    origin = address_of(intranet)
    intranet.close()
    return open_port(), origin


@pytest.fixture(scope="module")
def remit(librarian: Librarian, places: tuple[socket.socket, str]) -> Iterator[str]:
    settings = Settings(allowed_origins=(places[1],), rate="off")
    with served(create_app(librarian, settings), places[0]) as where:
        yield where


@pytest.fixture(scope="module")
def intranet(root: Path, remit: str, places: tuple[socket.socket, str]) -> Iterator[str]:
    """The demonstration's own server, which sends the strict policy."""
    port = places[1].rpartition(":")[2]
    command = [sys.executable, str(root / "docs/demo/serve.py"), "--port", port, "--remit", remit]
    with running(command) as where:
        yield where


@pytest.fixture
def visit(browser: Browser, intranet: str) -> Iterator[Visit]:
    with visiting(browser) as found:
        found.page.goto(intranet)
        yield found


def widget(page: Page) -> Locator:
    return page.locator("remit-chat")


def opened(page: Page) -> Locator:
    """The widget with its panel open."""
    widget(page).locator(".launcher").click(timeout=PATIENCE)
    expect(widget(page).get_by_role("dialog")).to_be_visible()
    return widget(page)


def ask(chat: Locator, question: str, nth: int = 0) -> Locator:
    """Ask by keyboard, and wait for the whole card."""
    chat.get_by_role("textbox").fill(question)
    chat.get_by_role("textbox").press("Enter")
    turn = chat.locator(".turn").nth(nth)
    expect(turn.locator(".card:not(.waiting)")).to_be_visible(timeout=PATIENCE)
    expect(chat.locator(".send:not(.stop)")).to_be_visible(timeout=PATIENCE)
    return turn.locator(".card").first


def answers_with(status: int, body: str = "", **headers: str) -> Callable[[Caught], None]:
    """What a route does that answers so, as a server does that lets every page read it."""
    shown = {"access-control-allow-origin": "*", "access-control-allow-headers": "*"}
    given = shown | {"access-control-expose-headers": "retry-after"}
    sent = given | {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda route: route.fulfill(status=status, body=body, headers=sent)


# What is sent


def test_the_script_is_one_small_file_of_our_own() -> None:
    made = script()
    assert len(made.packed) <= LARGEST
    assert gzip.decompress(made.packed) == made.plain
    text = made.plain.decode()
    markup = (r"\.(inner|outer)HTML", "insertAdjacentHTML", r"document\.write", "DOMParser")
    for unwanted in (*markup, r"\beval\b", "new Function", r"\bimport\b", "localStorage", "cookie *="):
        assert not re.search(unwanted, text), unwanted
    assert set(re.findall(r"https?://[^\"'` ]+", text)) == {"http://www.w3.org/2000/svg"}


def test_the_script_is_kept_by_browsers_and_asked_for_again_cheaply() -> None:
    client = TestClient(create_app(SmallEngine(), Settings()), base_url="http://localhost")
    for encoding in ("gzip", "identity"):
        first = client.get("/embed.js", headers={"accept-encoding": encoding})
        assert first.status_code == 200
        assert first.content == script().plain
        assert first.headers["content-type"].startswith("text/javascript")
        assert first.headers.get("content-encoding", "identity") == encoding
        assert "max-age" in first.headers["cache-control"]
        assert first.headers["cross-origin-resource-policy"] == "cross-origin"
        again = {"accept-encoding": encoding, "if-none-match": f'"old", W/{first.headers["etag"]}'}
        second = client.get("/embed.js", headers=again)
        assert (second.status_code, second.content) == (304, b"")
        assert client.get("/embed.js", headers=again | {"if-none-match": '"old"'}).status_code == 200


def test_the_frame_takes_its_looks_from_its_address_and_its_framers_from_the_settings() -> None:
    settings = Settings(allowed_origins=("https://intranet.example",))
    client = TestClient(create_app(SmallEngine(), settings), base_url="http://localhost")
    hostile = {
        "lang": 'de"><script>',
        "heading": '"><img src=x>',
        "token": "t",
        "server": "//elsewhere.example",
    }
    shown = client.get("/embed", params=hostile)
    policy = shown.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.endswith("frame-ancestors 'self' https://intranet.example")
    assert "x-frame-options" not in shown.headers
    assert "<img" not in shown.text
    assert "<script>" not in shown.text
    assert "elsewhere" not in shown.text
    assert "token" not in shown.text
    assert 'accent="#123456"' in client.get("/embed?accent=%23123456").text


# What is shown


def test_it_asks_streams_and_cites_on_a_strict_page_of_another_origin(
    visit: Visit, remit: str, intranet: str
) -> None:
    chat = opened(visit.page)
    card = ask(chat, "Who should own budgets?")
    expect(card.locator(".badge")).to_have_text("Bursar leads")
    expect(card.locator("blockquote")).to_have_text("“The Bursar should lead budgets & fees.”")
    expect(card.locator(".about")).to_contain_text("Who does what · Guideline 1 · House rules · 9 July 2018")
    with visit.page.context.expect_page() as tab:
        card.get_by_role("link", name="Open at this sentence").click()
    source = tab.value
    expect(source.locator("mark#cited")).to_have_text("The Bursar should lead budgets & fees.")
    assert source.evaluate("opener") is None
    assert visit.foreign(remit, intranet) == set()
    assert f"{remit}/api/ask/stream" in visit.requests
    assert visit.complaints == []


@pytest.mark.parametrize("name", library())
def test_the_card_says_what_the_page_says(visit: Visit, name: str) -> None:
    card = ask(opened(visit.page), name)
    wanted = library()[name]
    expect(card.locator(".badge")).to_have_text(badge(wanted).text)
    expect(card).to_have_class(re.compile(rf"\b{badge(wanted).tone.replace('_', '-')}\b"))
    assert card.locator(".note").all_inner_texts() == [n for n in [status_note(wanted)] if n]
    pairs = zip(card.locator("dt").all_inner_texts(), card.locator("dd").all_inner_texts(), strict=True)
    assert list(pairs) == roles_line(wanted)
    said = card.locator(".statement").evaluate_all("all => all.map(p => p.textContent)")
    assert said == [s.text + "".join(f"[{n}]" for n in s.citations) for s in told(wanted)]
    assert card.locator("blockquote").all_inner_texts() == [
        f"“{c.quote}”" for c in (*wanted.citations, *wanted.nearest)
    ]
    dates = [day(c.published) for c in (*wanted.citations, *wanted.nearest) if c.published]
    assert card.locator("time").all_inner_texts() == dates
    assert card.locator(".notice").all_inner_texts() == [n for n in [wanted.notice] if n]
    assert card.locator(".reason").all_inner_texts() == [f"Why {r}" for r in [wanted.reason] if r]
    links = card.locator("a").all()
    assert len(links) == len(wanted.citations) + len(wanted.nearest) + sum(
        len(s.citations) for s in told(wanted)
    )
    assert {(a.get_attribute("rel"), a.get_attribute("target")) for a in links} <= {("noopener", "_blank")}


def test_a_statement_is_shown_before_the_answer_is_whole_and_announced_once(visit: Visit) -> None:
    chat = opened(visit.page)
    visit.page.evaluate(
        """() => {
          const status = document.querySelector("remit-chat").shadowRoot.querySelector("[role=status]");
          window.heard = [];
          const hear = () => window.heard.push(status.textContent);
          new MutationObserver(hear).observe(status, { childList: true });
        }"""
    )
    chat.get_by_role("textbox").fill("Who should own budgets, slowly?")
    chat.get_by_role("textbox").press("Enter")
    expect(chat.locator(".waiting blockquote")).to_be_visible(timeout=PATIENCE)
    expect(chat.locator(".card.lead")).to_be_visible(timeout=PATIENCE)
    expect(chat.get_by_role("status")).to_contain_text("Bursar leads")
    heard = visit.page.evaluate("window.heard")
    assert heard == [
        "Looking in the documents …",
        "Bursar leads. The Bursar should lead budgets & fees. 1 source.",
    ]
    assert chat.locator("[aria-live], [role=log], [role=alert]").count() == 0, "nothing else is announced"


def test_the_conversation_goes_along_until_a_new_one_begins(visit: Visit, librarian: Librarian) -> None:
    chat = opened(visit.page)
    ask(chat, "Who should own budgets?")
    ask(chat, "and fees?", nth=1)
    question, history = librarian.asked[-1]
    assert question == "and fees?"
    assert [turn["role"] for turn in history] == ["user", "assistant"]
    assert history[0]["content"] == "Who should own budgets?"
    assert history[1]["content"].endswith("[1]")
    chat.get_by_role("button", name="New conversation").click()
    expect(chat.locator(".turn")).to_have_count(0)
    expect(chat.locator(".greeting")).to_be_visible()
    ask(chat, "Who should own fees?")
    assert librarian.asked[-1][1] == []


def test_a_long_conversation_is_cut_to_what_the_server_takes(visit: Visit, librarian: Librarian) -> None:
    chat = opened(visit.page)
    for nth in range(3):
        librarian.given[f"{nth}"] = answer(owners=("Bursar",), text="Ü" * 14_000)
        expect(ask(chat, f"{nth}", nth=nth).locator(".badge")).to_have_text("Bursar leads")
    expect(ask(chat, "budgets?", nth=3).locator(".badge")).to_have_text("Bursar leads")
    history = librarian.asked[-1][1]
    assert [turn["content"][:1] for turn in history] == ["1", "Ü", "2", "Ü"]


# How it is used


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit.page
    expect(widget(page).locator(".launcher")).to_be_visible()
    widget(page).locator(".launcher").focus()
    page.keyboard.press("Enter")
    chat = widget(page)
    expect(chat.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("Who should own budgets?")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("And why?")
    expect(chat.get_by_role("textbox")).to_have_value("Who should own budgets?\nAnd why?")
    page.keyboard.press("Enter")
    expect(chat.locator(".card.lead")).to_be_visible(timeout=PATIENCE)
    expect(chat.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(chat.get_by_role("button", name="Copy")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(chat.get_by_role("link", name="Open at this sentence")).to_be_focused()
    page.keyboard.press("Escape")
    expect(chat.get_by_role("dialog")).to_be_hidden()
    expect(chat.locator(".launcher")).to_be_focused()
    expect(chat.locator(".launcher")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Space")
    expect(chat.locator(".card.lead")).to_be_visible()


def test_a_starter_is_one_click_and_the_focus_goes_to_the_box(visit: Visit, librarian: Librarian) -> None:
    chat = opened(visit.page)
    starter = chat.locator(".starters button").first
    words = starter.inner_text()
    starter.click()
    expect(chat.locator(".card:not(.waiting)")).to_be_visible(timeout=PATIENCE)
    expect(chat.get_by_role("textbox")).to_be_focused()
    assert librarian.asked[-1][0] == words


def test_it_can_be_stopped_and_what_was_shown_stays(visit: Visit, librarian: Librarian) -> None:
    chat = opened(visit.page)
    chat.get_by_role("textbox").fill("Who should own budgets when it waits?")
    chat.get_by_role("textbox").press("Enter")
    expect(chat.locator("blockquote")).to_be_visible(timeout=PATIENCE)
    chat.get_by_role("button", name="Stop").click()
    librarian.goes_on.set()
    expect(chat.locator(".trouble")).to_contain_text("Stopped.")
    expect(chat.locator("blockquote")).to_be_visible()
    expect(chat.locator(".badge")).to_have_count(0)
    chat.get_by_role("button", name="Try again").click()
    expect(chat.locator(".card.lead")).to_be_visible(timeout=PATIENCE)
    expect(chat.locator(".turn")).to_have_count(1)


def test_a_copied_answer_names_its_sources(browser: Browser, intranet: str, remit: str) -> None:
    with visiting(browser, permissions=["clipboard-read", "clipboard-write"]) as found:
        found.page.goto(intranet)
        chat = opened(found.page)
        ask(chat, "told")
        chat.get_by_role("button", name="Copy").click()
        expect(chat.get_by_role("button", name="Copied")).to_be_visible()
        copied = found.page.evaluate("navigator.clipboard.readText()")
    assert "Shared: Bursar and Librarian" in copied
    assert "Readers are spoken for. [2] [1]" in copied
    source = "Who does what, Rule 1, House rules, 9 July 2018"
    assert f"[1] “The Bursar should lead budgets & fees.”, {source}, {remit}/sources/" in copied


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, intranet: str, remit: str, scheme: Any) -> None:
    with visiting(browser, color_scheme=scheme, reduced_motion="reduce") as found:
        page = found.page
        page.goto(intranet)
        expect(widget(page).locator(".launcher")).to_be_visible()
        assert violations(page) == []
        chat = opened(page)
        assert violations(page) == []
        for nth, name in enumerate(("three", "against", "none", "told")):
            ask(chat, name, nth=nth)
            assert violations(page) == [], name
        page.route("**/api/ask/stream", answers_with(429, "{}", retry_after="30"))
        ask(chat, "lead", nth=4)
        assert violations(page) == []
        page.unroute("**/api/ask/stream")
        page.goto(f"{remit}/embed")
        ask(widget(page), "told")
        assert violations(page) == []


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html']} {v['nodes'][0]['failureSummary']}" for v in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_gives_it_the_whole_screen(browser: Browser, intranet: str, scheme: Any) -> None:
    size = {"width": 360, "height": 740}
    with visiting(browser, viewport=size, color_scheme=scheme, has_touch=True, is_mobile=True) as found:
        found.page.goto(intranet)
        chat = opened(found.page)
        ask(chat, "three")
        panel = chat.get_by_role("dialog")
        panel.evaluate("e => Promise.all(e.getAnimations().map(a => a.finished))")  # it slides in
        assert panel.bounding_box() == {"x": 0, "y": 0, **size}
        overhang = "e => e.scrollWidth - e.clientWidth"
        assert chat.locator(".log").evaluate(overhang) <= 0
        expect(chat.locator(".question")).to_be_in_viewport()
        expect(chat.get_by_role("textbox")).to_be_in_viewport()
        ground = chat.locator(".card").evaluate("e => getComputedStyle(e).backgroundColor")
        assert (int(re.findall(r"\d+", ground)[0]) < 128) == (scheme == "dark")


@pytest.mark.parametrize(
    ("language", "badge_text", "box"),
    [("de-AT", "Bursar ist zuständig", "Ihre Frage"), ("fr", "Responsable : Bursar", "Votre question"),
     ("es", "Responsable: Bursar", "Su pregunta"), ("en", "Bursar leads", "Your question"),
     ("xx", "Bursar leads", "Your question"), ("not a tag", "Bursar leads", "Your question")],
)  # fmt: skip
def test_it_speaks_the_language_it_is_told(visit: Visit, language: str, badge_text: str, box: str) -> None:
    visit.page.evaluate("l => document.querySelector('remit-chat').setAttribute('lang', l)", language)
    chat = opened(visit.page)
    expect(chat.get_by_role("textbox", name=box)).to_be_visible()
    expect(ask(chat, "lead").locator(".badge")).to_have_text(badge_text)
    if language == "de-AT":
        expect(chat.locator("time")).to_have_text("9. Juli 2018")


def test_every_language_says_everything(tmp_path: Path, root: Path, needs: Needs) -> None:
    node = shutil.which("node")
    needs(node, "comparing the widget's languages needs Node")
    texts = (root / "chat/web/widget/texts.js").read_text()
    said = subprocess.run(
        [str(node), "-e", texts + "console.log(JSON.stringify(Object.values(TEXTS).map(Object.keys)))"],
        capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip
    languages = json.loads(said.stdout)
    assert len(languages) == 4
    assert all(keys == languages[0] for keys in languages)


# What keeps to itself

NASTY = """
* { color: red !important; font: 40px cursive !important; text-transform: uppercase !important;
    background: lime !important; letter-spacing: 9px !important; visibility: visible; }
html { font-size: 5px; direction: rtl } button, textarea { display: none !important }
"""


def test_styles_stay_on_their_side(browser: Browser, intranet: str) -> None:
    look = """() => [...document.querySelectorAll("html, body, h1, p, a, iframe")].map((e) =>
      JSON.stringify([...getComputedStyle(e)].map((name) => getComputedStyle(e).getPropertyValue(name))))"""
    inner = """() => [".heading", ".badge", "blockquote", "textarea", ".send", ".open"].map((name) => {
      const style = getComputedStyle(document.querySelector("remit-chat").shadowRoot.querySelector(name));
      return [name, style.color, style.fontSize, style.fontFamily, style.backgroundColor, style.letterSpacing,
        style.textTransform, style.display];
    })"""
    with visiting(browser) as alone, visiting(browser) as plain, visiting(browser) as nasty:
        alone.page.route("**/embed.js", lambda route: route.abort())
        alone.page.goto(intranet)
        plain.page.goto(intranet)
        opened(plain.page)
        assert plain.page.evaluate(look) == alone.page.evaluate(look)
        names = "Object.keys(window).sort()"
        assert plain.page.evaluate(names) == alone.page.evaluate(names)
        nasty.page.route("**/intranet.css", lambda route: route.fulfill(body=NASTY, content_type="text/css"))
        nasty.page.goto(intranet)
        ask(widget(plain.page), "lead")
        ask(opened(nasty.page), "lead")
        assert nasty.page.evaluate(inner) == plain.page.evaluate(inner)
        box = nasty.page.locator("remit-chat .panel").bounding_box()
        assert box
        assert box["x"] < 100, "on a page that runs from right to left it stands at the left"


def test_its_colour_can_be_chosen_and_is_written_upon_legibly(visit: Visit) -> None:
    for accent, expected in (("#ffe14d", "rgb(11, 18, 32)"), ("oklch(40% .1 250)", "rgb(255, 255, 255)"),
                             ("red;}", "rgb(255, 255, 255)")):  # fmt: skip
        visit.page.evaluate("a => document.querySelector('remit-chat').setAttribute('accent', a)", accent)
        written = widget(visit.page).locator(".launcher").evaluate("e => getComputedStyle(e).color")
        assert written == expected, accent


# When there is no answer


@pytest.mark.parametrize(
    ("status", "body", "headers", "said"),
    [
        (429, "{}", {"retry_after": "1"}, "You can ask again in 1 s."),
        (429, "<html>", {}, "Many people are asking"),
        (503, "{}", {}, "not ready yet"),
        (401, "{}", {}, "sign-in has run out"),
        (403, "{}", {}, "may not ask questions here"),
        (500, "", {}, "Something went wrong"),
        (200, "event: start\ndata: {}\n\n", {}, "broke before the answer was whole"),
        (200, 'event: problem\ndata: {"status": 503}\n\n', {}, "not ready yet"),
        (200, "event: answer\ndata: {not json\n\n", {}, "Something went wrong"),
    ],
)
def test_what_stands_in_the_way_is_said_kindly_and_can_be_tried_again(
    visit: Visit, status: int, body: str, headers: dict[str, str], said: str
) -> None:
    visit.page.route("**/api/ask/stream", answers_with(status, body, **headers))
    chat = opened(visit.page)
    card = ask(chat, "lead")
    expect(card).to_contain_text(said)
    expect(chat.get_by_role("status")).to_contain_text(said)
    visit.page.unroute("**/api/ask/stream")
    chat.get_by_role("button", name="Try again").click()
    expect(chat.locator(".card.lead")).to_be_visible(timeout=PATIENCE)
    expect(chat.locator(".turn")).to_have_count(1)


def test_who_is_offline_is_told_so(visit: Visit) -> None:
    chat = opened(visit.page)
    visit.page.context.set_offline(True)
    expect(ask(chat, "lead")).to_contain_text("You are offline")
    visit.page.context.set_offline(False)
    visit.page.route("**/api/ask/stream", lambda route: route.abort())
    expect(ask(chat, "lead")).to_contain_text("cannot be reached")


def test_a_question_that_is_refused_comes_back_to_be_mended(visit: Visit) -> None:
    chat = opened(visit.page)
    expect(ask(chat, "x" * 2001)).to_contain_text("ask with 2000 at the most")
    expect(chat.get_by_role("textbox")).to_have_value("x" * 2001)


# Who asks


def token(origin: str, *, age: int = 0) -> str:
    """A token as the page's server makes it, ``age`` seconds ago."""
    import jwt

    made = int(time.time()) - age
    said = {"aud": "remit", "sub": "ada", "groups": [], "origin": origin, "iat": made, "exp": made + 300}
    return jwt.encode(said, SECRET, algorithm="HS256")


@dataclass
class Host:
    """A page of the intranet, whose server makes tokens; ``body`` is what the page holds."""

    origin: str
    body: str = ""
    made: int = 0

    def page(self, _: Request) -> HTMLResponse:
        return HTMLResponse(f"<!doctype html><title>Intranet</title>{self.body}")

    def token(self, _: Request) -> JSONResponse:
        self.made += 1
        return JSONResponse({"token": token(self.origin)})


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    taken = open_port()
    found = Host(address_of(taken))
    with served(Starlette(routes=[Route("/", found.page), Route("/t", found.token)]), taken):
        yield found


@pytest.fixture(scope="module")
def closed(host: Host) -> Iterator[str]:
    """A Remit that wants tokens of the host's page."""
    settings = Settings(access=("token",), token_secret=SECRET, allowed_origins=(host.origin,))
    with served(create_app(SmallEngine(), settings)) as where:
        yield where


def test_a_token_that_has_run_out_is_renewed_and_no_cookie_goes_along(
    browser: Browser, host: Host, closed: str
) -> None:
    old = token(host.origin, age=4000)
    host.body = f'<script src="{closed}/embed.js" defer></script><remit-chat token="{old}" token-url="/t">'
    with visiting(browser) as found:
        page = found.page
        page.context.add_cookies([{"name": "ours", "value": "1", "url": closed}])
        sent: list[Any] = []
        page.on("request", lambda r: sent.append(r.all_headers()) if r.method == "POST" else None)
        page.goto(host.origin)
        chat = opened(page)
        card = ask(chat, "Who should own budgets?")
        expect(card.locator(".badge")).to_have_text("Bursar leads")
        assert len(sent) == 2, "refused once, then with a new token"
        assert all("cookie" not in headers for headers in sent)
        made = host.made
        ask(chat, "and fees?", nth=1)
        assert (len(sent), host.made) == (3, made), "the new token is kept"
        with page.context.expect_page() as tab:
            card.get_by_role("link", name="Open at this sentence").click()
        expect(tab.value.locator("mark#cited")).to_be_visible()


def test_a_frame_asks_the_page_around_it_for_its_token(browser: Browser, host: Host, closed: str) -> None:
    host.body = f"""<iframe src="{closed}/embed" width="600" height="700"></iframe><script>
      const frame = document.querySelector("iframe");
      addEventListener("message", async (event) => {{
        if (event.source !== frame.contentWindow || event.data?.remit !== "token?") return;
        const {{ token }} = await (await fetch("/t")).json();
        frame.contentWindow.postMessage({{ remit: "token", token }}, "{closed}");
      }});
    </script>"""
    with visiting(browser) as found:
        found.page.goto(host.origin)
        chat = found.page.frame_locator("iframe").locator("remit-chat")
        expect(ask(chat, "Who should own budgets?").locator(".badge")).to_have_text("Bursar leads")


def test_a_token_is_fetched_from_the_page_alone(browser: Browser, host: Host, closed: str) -> None:
    host.body = (
        f'<script src="{closed}/embed.js" defer></script><remit-chat token-url="http://elsewhere.example/t">'
    )
    with visiting(browser) as found:
        found.page.goto(host.origin)
        expect(ask(opened(found.page), "Who should own budgets?")).to_contain_text(
            "may not ask questions here"
        )
        assert found.foreign(closed, host.origin) == set()
