"""The page that docs/embedding.md has its reader make works as it says, and its table is the widget's."""

from __future__ import annotations

import http.server
import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from conftest import Needs
from playwright.sync_api import expect
from served import address_of, chromium, open_port, served, visiting
from small_engine import SmallEngine

from chat.web.api import create_app
from ingest.settings import Settings


@pytest.fixture(scope="module")
def docs(root: Path) -> str:
    return (root / "docs/embedding.md").read_text()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address at which a plain web server shows it."""
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield tmp_path, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_page_of_the_docs_works(docs: str, folder: tuple[Path, str], needs: Needs) -> None:
    found = shutil.which("chromium")
    needs(found, "the browser test needs Chromium; on Debian or Ubuntu: apt-get install chromium")
    path, intranet = folder
    page = re.search(r"```html\n(<!doctype html>.*?)```", docs, re.S)
    assert page
    taken = open_port()
    (path / "index.html").write_text(page[1].replace("http://127.0.0.1:7860", address_of(taken)))
    settings = Settings(allowed_origins=(intranet,))
    with (
        served(create_app(SmallEngine(), settings), taken),
        chromium(str(found)) as browser,
        visiting(browser) as seen,
    ):
        seen.page.goto(intranet)
        chat = seen.page.locator("remit-chat")
        chat.get_by_role("button", name="Who owns it?").click()
        chat.get_by_role("textbox").fill("Who should own budgets?")
        chat.get_by_role("textbox").press("Enter")
        expect(chat.locator(".badge")).to_have_text("Bursar leads", timeout=20_000)
        assert [c for c in seen.complaints if "favicon" not in c and "404" not in c] == []


def test_the_table_names_every_attribute(docs: str, root: Path) -> None:
    told = set(re.findall(r"^\| `([a-z-]+)` \|", docs, re.M))
    source = (root / "chat/web/widget/chat.js").read_text()
    asked = set(re.findall(r"[gs]etAttribute\(\"([a-z-]+)\"\)|hasAttribute\(\"([a-z-]+)\"\)", source))
    assert told == {name for pair in asked for name in pair if name} - {"framed"} | {"lang"}


def test_the_files_it_points_to_are_there(docs: str, root: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", docs)
    assert targets
    assert [t for t in targets if not (root / "docs" / t).exists()] == []
