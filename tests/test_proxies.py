"""The files of docs/deploy in nginx and Caddy, before a real server: who comes in, and what arrives."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from conftest import Needs
from proxies import BARRED, COOKIE, NAME, PATIENCE, Proxied, Said, make_certificate, program, proxied, sign_in
from served import chromium, visiting
from serving import running

RULES = "# Who does what\n\nThe Bursar should own budgets.\n\nThe Librarian should own the reading room.\n"
PAY = "---\ntitle: Salary bands\naccess: [hr]\n---\n\nThe Bursar should own salary bands.\n"
ROLES = "- name: Bursar\n- name: Librarian\n"
RATE = 40  # an hour: too slow for a busy machine to be given one more
PROBLEM = "application/problem+json"
FORGED = {"X-Forwarded-User": "root", "X-Forwarded-Groups": "hr"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, needs: Needs) -> Path:
    needs(shutil.which("openssl"), "the proxies' certificate is made by openssl: apt-get install openssl")
    made = tmp_path_factory.mktemp("proxies")
    make_certificate(made)
    return made


@pytest.fixture(scope="module")
def environ(root: Path) -> dict[str, str]:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("REMIT_")}
    return outside | {
        "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")]),
        "REMIT_ACCESS": "proxy,key",
        "REMIT_TRUSTED_PROXIES": "127.0.0.1",
        "REMIT_ALLOWED_HOSTS": NAME,
        "REMIT_RATE": f"{RATE}/hour",
        "REMIT_REMEMBERED": "0",
    }


@pytest.fixture(scope="module")
def remit(folder: Path, environ: dict[str, str]) -> Iterator[str]:
    """The real server, over two documents, one of which is for hr."""
    (folder / "corpus").mkdir()
    for name, text in (("rules.md", RULES), ("pay.md", PAY), ("roles.yaml", ROLES)):
        (folder / "corpus" / name).write_text(text)
    given = environ | {"REMIT_CORPUS": str(folder / "corpus"), "REMIT_HOME": str(folder / "home")}
    with running([sys.executable, "-m", "chat", "serve", "--port", "0"], cwd=folder, env=given) as where:
        yield where


@pytest.fixture(scope="module")
def paced(root: Path, environ: dict[str, str]) -> Iterator[str]:
    """The same command over an engine that takes a second before each event of a stream."""
    with running(
        [sys.executable, str(root / "tests" / "small_server.py"), "--port", "0"], env=environ
    ) as where:
        yield where


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def kind(request: pytest.FixtureRequest, needs: Needs) -> str:
    needs(program(request.param), f"{request.param} is not installed: apt-get install {request.param}")
    return str(request.param)


@pytest.fixture(scope="module")
def asked() -> Iterator[str]:
    with sign_in() as where:
        yield where


@pytest.fixture(scope="module")
def proxy(kind: str, remit: str, asked: str, folder: Path) -> Iterator[Proxied]:
    with proxied(kind, remit, asked, folder) as running_one:
        yield running_one


def ask(proxy: Proxied, question: str, *, user: str = "", groups: str = "", **headers: str) -> Said:
    """Ask; the header X-Name is written ``X_Name``."""
    body = json.dumps({"question": question}).encode()
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return proxy.send("POST", "/api/ask", body, user=user, groups=groups, headers=given)


def refused(said: Said, status: int) -> str:
    assert (said.status, said.kind) == (status, PROBLEM), said.body
    return str(json.loads(said.body)["detail"])


def owners(said: Said) -> list[str]:
    assert said.status == 200, said.body
    found: list[str] = json.loads(said.body)["owners"]
    return found


def test_an_answer_and_its_source(proxy: Proxied) -> None:
    said = ask(proxy, "Who should own budgets?", user="ann", Origin=proxy.origin)
    assert owners(said) == ["Bursar"]
    assert re.fullmatch("[0-9a-f-]{32,36}", said.headers["X-Request-ID"])
    page = proxy.send("GET", json.loads(said.body)["citations"][0]["url"], user="ann")
    assert page.status == 200
    assert "<mark" in page.body.decode()
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]


def test_groups_of_the_sign_in_open_documents(proxy: Proxied) -> None:
    question = "Who should own salary bands?"
    assert owners(ask(proxy, question, user="bob", groups="board,hr")) == ["Bursar"]
    assert owners(ask(proxy, question, user="bob", groups="board")) == []


def test_what_a_visitor_claims_of_themselves_goes_no_further(proxy: Proxied) -> None:
    refused(proxy.send("GET", "/api/documents", headers=FORGED), 401)
    assert "sign in" in refused(ask(proxy, "Who should own budgets?", X_Forwarded_User="root"), 401)
    for groups in ("", "board"):
        question = "Who should own salary bands?"
        assert owners(ask(proxy, question, user="cy", groups=groups, X_Forwarded_Groups="hr")) == []
    listed = json.loads(proxy.send("GET", "/api/documents", user="cy", headers=FORGED).body)["documents"]
    assert [document["doc"] for document in listed] == ["rules.md"]


def test_who_passes_the_proxy_by_is_refused(remit: str) -> None:
    def direct(source: str, **headers: str) -> tuple[int, str]:
        at = urlsplit(remit)
        assert at.hostname
        with contextlib.closing(HTTPConnection(at.hostname, at.port, PATIENCE, (source, 0))) as connection:
            connection.request("GET", "/api/documents", headers={"Host": NAME} | headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read()).get("detail", "")

    assert direct("127.0.0.1", **{"X-Forwarded-User": "eve"})[0] == 200, "as the proxy itself does"
    status, detail = direct("127.0.0.3", **{"X-Forwarded-User": "eve"})
    assert status == 401
    assert "REMIT_TRUSTED_PROXIES" in detail
    assert direct("127.0.0.1")[0] == 401
    assert direct("127.0.0.1", **{"X-Forwarded-User": "eve", "Host": "other.example"})[0] == 421


def test_who_has_not_signed_in_is_sent_there_from_a_page_and_told_so_elsewhere(proxy: Proxied) -> None:
    for path in ("/", "/sources", "/sources/rules.md?start=3&end=9&rd=https://evil.example"):
        said = proxy.send("GET", path)
        assert said.status == 302
        assert said.headers["Location"] == f"https://login.example/oauth2/start?state={quote(path, safe='')}"
    refused(proxy.send("GET", "/api/documents"), 401)
    assert proxy.send("GET", "/oauth2/callback").headers["Location"].startswith("https://login.example/")
    for path in ("/health", "/embed.js"):
        assert proxy.send("GET", path).status == 200, "for everybody"


def test_who_is_barred_by_the_sign_in_is_barred(proxy: Proxied) -> None:
    assert ask(proxy, "Who should own budgets?", user=BARRED).status == 403
    assert proxy.send("GET", "/", user=BARRED).status == 403


def test_without_its_sign_in_the_proxy_lets_nobody_in(kind: str, remit: str, folder: Path) -> None:
    with proxied(kind, remit, "127.0.0.1:9", folder) as proxy:
        for path in ("/", "/api/documents", "/health"):
            assert proxy.send("GET", path, user="dan", headers=FORGED).status in (500, 502)


def test_a_machine_needs_a_key_and_no_sign_in(
    proxy: Proxied, folder: Path, environ: dict[str, str], kind: str
) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "chat", "keys", "add", f"bot-{kind}", "--home", str(folder / "home")],
        capture_output=True, text=True, check=True, env=environ, cwd=folder,
    )  # fmt: skip
    [key] = re.findall(r"remit_\S+", made.stdout)
    said = ask(proxy, "Who should own budgets?", Authorization=f"Bearer {key}")
    assert owners(said) == ["Bursar"]
    refused(ask(proxy, "Who should own budgets?", Authorization="Bearer remit_wrong"), 401)


def test_the_file_without_the_sign_in_names_nobody(kind: str, remit: str, folder: Path) -> None:
    def without(text: str) -> str:
        if kind == "nginx":
            return text.partition("    # Sign-in with")[0] + "}\n"
        text = re.sub(r"# Sign-in with.*?\n\n", "", text, flags=re.S)
        return re.sub(r"# Whom Remit.*?(?=header_up X-Request-ID)", "", text, flags=re.S)

    with proxied(kind, remit, "127.0.0.1:9", folder, without) as proxy:
        for path in ("/", "/api/documents"):
            refused(proxy.send("GET", path, user="dan", headers=FORGED), 401)
        assert proxy.send("GET", "/health").status == 200


def test_a_stream_arrives_piece_by_piece(kind: str, paced: str, asked: str, folder: Path) -> None:
    with (
        proxied(kind, paced, asked, folder) as proxy,
        contextlib.closing(proxy.connect()) as connection,
    ):
        body = json.dumps({"question": "Who should slowly own budgets?"}).encode()
        headers = {"Content-Type": "application/json", "Cookie": f"{COOKIE}fay"}
        connection.request("POST", "/api/ask/stream", body, headers)
        response = connection.getresponse()
        assert response.status == 200
        came: dict[str, float] = {}
        while line := response.readline():
            if line.startswith(b"event: "):
                came[line.decode().strip().removeprefix("event: ")] = time.monotonic()
        assert list(came) == ["start", "statement", "answer"]
        assert came["answer"] - came["start"] > 0.5, "they are made two seconds apart"


def test_links_and_origins_are_those_of_the_outside(proxy: Proxied) -> None:
    body = {"model": "remit", "messages": [{"role": "user", "content": "Who should own budgets?"}]}
    said = proxy.send("POST", "/v1/chat/completions", json.dumps(body).encode(), user="gus")
    assert f"{proxy.origin}/sources/rules.md" in said.body.decode()
    refused(ask(proxy, "Who should own budgets?", user="gus", Origin="https://evil.example"), 403)
    elsewhere = proxy.send("GET", "/api/documents", user="gus", headers={"Host": "other.example"})
    if proxy.kind == "nginx":
        refused(elsewhere, 421)
    else:
        assert elsewhere.body == b"", "Caddy knows no such site"


def test_a_body_that_is_too_large(proxy: Proxied) -> None:
    # Of a much larger one the refusal can overtake the body, and a proxy then just hangs up.
    body = json.dumps({"question": "x" * 65_600}).encode()
    said = proxy.send("POST", "/api/ask", body, user="hal")
    assert "the body is larger than 65,536 bytes" in refused(said, 413)


def test_too_many_requests(proxy: Proxied) -> None:
    user = f"ida of {proxy.kind}"
    for _ in range(RATE):
        assert proxy.send("GET", "/api/documents", user=user).status == 200
    said = proxy.send("GET", "/api/documents", user=user)
    assert "ask again in" in refused(said, 429)
    assert 1 <= int(said.headers["Retry-After"]) <= 3600 / RATE
    assert proxy.send("GET", "/api/documents", user="jo").status == 200


def test_an_address_that_a_visitor_makes_up_counts_for_nothing(proxy: Proxied) -> None:
    source = {"nginx": "127.0.0.5", "caddy": "127.0.0.6"}[proxy.kind]
    for number in range(RATE + 1):
        made_up = {"X-Forwarded-For": f"9.9.9.{number}"}
        said = proxy.send("GET", "/api/documents", source=source, headers=made_up)
        refused(said, 401 if number < RATE else 429)
    refused(proxy.send("GET", "/api/documents", source="127.0.0.7"), 401)


def test_the_figures_are_not_for_everybody(proxy: Proxied) -> None:
    said = proxy.send("GET", "/metrics", user="kay", headers={"X-Forwarded-For": "10.0.0.1"})
    assert said.status in (403, 404)
    assert b"remit_" not in said.body


def test_the_page_in_a_browser(proxy: Proxied, remit: str, needs: Needs) -> None:
    executable = shutil.which("chromium")
    needs(executable, "the page needs Chromium; on Debian or Ubuntu: apt-get install chromium")
    assert executable
    from playwright.sync_api import expect

    loaded(remit)
    to_proxy = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
    with chromium(executable, to_proxy) as browser, visiting(browser, ignore_https_errors=True) as visit:
        visit.page.context.add_cookies(
            [{"name": COOKIE.removesuffix("="), "value": quote("lee|hr"), "url": proxy.origin}]
        )
        visit.page.goto(proxy.origin)
        box = visit.page.get_by_role("textbox")
        expect(box).to_be_visible(timeout=1000 * PATIENCE)
        box.fill("Who should own salary bands?")
        box.press("Enter")
        quoted = visit.page.get_by_text("The Bursar should own salary bands.")
        expect(quoted.first).to_be_visible(timeout=1000 * PATIENCE)
        assert visit.foreign(proxy.origin) == set()
        assert visit.complaints == []


def loaded(address: str) -> None:
    """Wait until the page has been loaded, which the API does not wait for."""
    until = time.monotonic() + PATIENCE
    while True:
        with urllib.request.urlopen(f"{address}/ready") as said:
            if json.load(said)["page"] == "loaded":
                return
        assert time.monotonic() < until, "the page does not load"
        time.sleep(0.1)
