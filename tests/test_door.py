"""The door and the guard before every route: foreign hosts, foreign pages, too much, too slow, too often."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from small_engine import SmallEngine
from starlette.routing import BaseRoute

from chat.answer import Answer, Turn
from chat.web.api import create_app
from chat.web.door import PUBLIC, Door
from chat.web.keys import KeyRing
from chat.web.limits import Limiter, Queue, Rate
from chat.web.reader import Reader, SignIn, reader_of
from chat.web.ui import build_page, mounted
from ingest.errors import SettingsError
from ingest.settings import Settings

SECRET = "canary-5f0c9d-of-the-token-secret-0123456789"
PAGE = "https://intranet.example"
FOREIGN = "https://elsewhere.example"
ASK = {"question": "Who should own budgets?"}
NEVER = {"access-control-allow-origin", "access-control-allow-credentials", "server", "x-powered-by"}


def served(**given: Any) -> TestClient:
    return TestClient(create_app(SmallEngine(), Settings(**given)), base_url="http://127.0.0.1:7860")


def paths(routes: Sequence[BaseRoute], above: str = "") -> Iterator[str]:
    """Every path that an application has a route for, with a word in the place of each parameter."""
    for route in routes:
        path = above + getattr(route, "path", "")
        inner = getattr(route, "original_router", getattr(route, "app", None))  # FastAPI's includes; mounts
        below = getattr(inner, "routes", None)
        if below:
            yield from paths(below, path.rstrip("/"))
        else:
            yield re.sub(r"\{[^}]+\}", "x", path) or "/"


@pytest.fixture(scope="module")
def every_path() -> list[str]:
    """The paths of our routes and of all that Gradio has, used or not."""
    app = create_app(SmallEngine(), Settings())

    async def load() -> Any:  # in a loop, as the server does: Gradio's locks would make one each
        return mounted(build_page(lambda _: SmallEngine(), ["Who should own budgets?"]))

    page = asyncio.run(load())
    found = {*paths(app.routes), *paths(page.routes)}
    assert {"/api/ask", "/v1/chat/completions", "/embed.js", "/mcp", "/gradio_api/upload", "/config"} <= found
    assert len(found) > 60
    return sorted(found)


@pytest.fixture(scope="module")
def page() -> Iterator[TestClient]:
    """An application whose page has loaded; REMIT_ALLOWED_ORIGINS names one page."""
    app = create_app(SmallEngine(), Settings(allowed_origins=PAGE))
    with TestClient(app, base_url="http://127.0.0.1:7860") as client:
        until = time.monotonic() + 60
        while client.get("/").status_code == 503 and time.monotonic() < until:
            time.sleep(0.2)
        yield client


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Gradio's own
def test_no_route_answers_to_a_foreign_name(page: TestClient, every_path: list[str]) -> None:
    for path in every_path:
        for method in METHODS:
            said = page.request(method, path, headers={"host": "elsewhere.example"})
            assert said.status_code == 421, (method, path)
            assert said.headers["x-content-type-options"] == "nosniff"


def test_no_route_takes_orders_from_a_foreign_page(page: TestClient, every_path: list[str]) -> None:
    for path in every_path:
        for method in METHODS:
            said = page.request(method, path, headers={"origin": FOREIGN}, content=b"{}")
            assert "access-control-allow-origin" not in said.headers, (method, path)
            assert "access-control-allow-credentials" not in said.headers, (method, path)
            if method not in ("GET", "HEAD", "OPTIONS"):
                assert said.status_code == 403, (method, path)
                assert FOREIGN in said.text


def test_every_route_tells_the_browser_what_it_may_do(page: TestClient, every_path: list[str]) -> None:
    for path in every_path:
        for method in ("GET", "POST"):
            headers = page.request(method, path).headers
            policy = headers["content-security-policy"]
            assert f"frame-ancestors 'self' {PAGE}" in policy, (method, path)
            assert policy.startswith("default-src 'none'"), (method, path)
            assert "unsafe-eval" not in policy
            assert "x-frame-options" not in headers  # it would keep the page that may show us from doing so
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert not NEVER & {name.lower() for name in headers}


def test_no_route_but_the_public_ones_opens_without_a_key(tmp_path: Path, every_path: list[str]) -> None:
    closed = served(access="key", home=tmp_path, rate="off")
    for path in every_path:
        for method in ("GET", "HEAD", "POST"):
            status = closed.request(method, path).status_code
            assert (status == 401) == (path not in PUBLIC), (method, path)


def test_what_gradio_has_beyond_the_page_is_closed(page: TestClient, every_path: list[str]) -> None:
    used = {"/", "/config", "/theme.css", "/robots.txt", "/gradio_api/run/x", "/assets/x", "/static/x"}
    for path in every_path:
        if path.startswith(("/gradio_api", "/file", "/proxy", "/login", "/queue", "/upload", "/monitoring")):
            for method in ("GET", "POST"):
                assert page.request(method, path).status_code == 404 or path in used, (method, path)
    assert page.post("/gradio_api/upload", files={"files": b"x"}).status_code == 404


# Pages that may ask.


def test_a_page_that_is_named_may_ask_and_show_us(page: TestClient) -> None:
    asked = page.post("/api/ask", json=ASK, headers={"origin": PAGE})
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == PAGE
    assert "access-control-allow-credentials" not in asked.headers
    wanted = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    before = page.options("/api/ask", headers={"origin": PAGE, **wanted})
    assert before.status_code == 200
    assert page.options("/api/ask", headers={"origin": FOREIGN, **wanted}).status_code == 400


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        FOREIGN,
        f"{PAGE}.elsewhere.example",
        PAGE.upper(),
        f"{PAGE}:8443",
        "http://intranet.example",
        "file://",
    ],
)
def test_nearly_the_same_is_another_page(page: TestClient, origin: str) -> None:
    said = page.post("/api/ask", json=ASK, headers={"origin": origin})
    assert said.status_code == 403
    assert "REMIT_ALLOWED_ORIGINS" in said.json()["detail"]


def test_our_own_pages_may_ask() -> None:
    for base, origin in (
        ("http://127.0.0.1:7860", "http://127.0.0.1:7860"),
        ("http://localhost", "http://localhost"),
        ("http://localhost:443", "https://localhost"),  # behind a proxy that speaks TLS
    ):
        here = TestClient(create_app(SmallEngine(), Settings()), base_url=base)
        assert here.post("/api/ask", json=ASK, headers={"origin": origin}).status_code == 200


def test_a_star_is_no_origin() -> None:
    with pytest.raises(SettingsError, match="name each origin"):
        Settings.load({"REMIT_ALLOWED_ORIGINS": "*"}, Path("none"))


def test_a_refusal_can_be_read_by_the_page_it_is_for(tmp_path: Path) -> None:
    closed = served(access="token", token_secret=SECRET, allowed_origins=PAGE, rate="1/hour")
    for status in (401, 429):
        said = closed.post("/api/ask", json=ASK, headers={"origin": PAGE})
        assert said.status_code == status
        assert said.headers["access-control-allow-origin"] == PAGE
    assert said.headers["access-control-expose-headers"] == "retry-after, x-request-id"


# Too often.


def test_more_than_the_rate() -> None:
    limited = served(access="open", rate="2/hour")
    statuses = [limited.post("/api/ask", json=ASK).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    said = limited.get("/sources")
    assert said.status_code == 429
    assert said.headers["retry-after"] == "1800"
    assert said.headers["content-type"] == "application/problem+json"
    assert limited.get("/health").status_code == limited.get("/page.css").status_code == 200


def test_each_has_a_rate_of_their_own() -> None:
    app = create_app(
        SmallEngine(), Settings(access="open,proxy", trusted_proxies="10.0.0.0/24", rate="1/hour")
    )

    def ask(peer: str, **headers: str) -> int:
        client = TestClient(app, base_url="http://127.0.0.1", client=(peer, 1))
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post("/api/ask", json=ASK, headers=given).status_code

    assert [ask("10.0.0.7", x_forwarded_user="mia") for _ in range(2)] == [200, 429]
    assert ask("10.0.0.8", x_forwarded_user="mia") == 429
    assert ask("10.0.0.7", x_forwarded_user="tom") == 200
    # Who has no name is known by the address that the trusted proxy saw, not by what they claim.
    assert [ask("10.0.0.7", x_forwarded_for="9.9.9.9, 8.8.8.8") for _ in range(2)] == [200, 429]
    assert ask("10.0.0.7", x_forwarded_for="1.1.1.1, 8.8.8.8, 10.0.0.9") == 429
    assert ask("10.0.0.7", x_forwarded_for="9.9.9.9") == 200
    assert [ask("7.7.7.7", x_forwarded_for=f"1.1.1.{n}") for n in range(2)] == [200, 429]
    assert [ask(f"fd00::{n}") for n in range(2)] == [200, 429]
    assert ask("10.0.0.7", x_forwarded_for="not an address") == 200


def test_who_tries_credentials_is_slowed_too(tmp_path: Path) -> None:
    closed = served(access="key", home=tmp_path, rate="3/hour")
    tried = [
        closed.get("/api/documents", headers={"authorization": f"Bearer remit_{n}"}).status_code
        for n in range(4)
    ]
    assert tried == [401, 401, 401, 429]


def test_this_machine_alone_has_no_rate_unless_one_is_set() -> None:
    here = served()
    assert {here.post("/api/ask", json=ASK).status_code for _ in range(70)} == {200}
    others = served(access="open")
    assert 429 in [others.post("/api/ask", json=ASK).status_code for _ in range(90)]


# Too much, too slow, too many. A door of its own, so that nobody waits for seconds.


def through(door: Door, method: str = "POST", *, receive: Any = None) -> tuple[Any, list[Any]]:
    """One request to ``door``, to be awaited, and the list that takes what is sent."""
    sent: list[Any] = []

    async def nothing() -> Any:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def keep(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": "/api/ask", "query_string": b"", "headers": []}
    scope |= {"scheme": "http"}
    return door(scope | {"client": ("127.0.0.1", 1)}, receive or nothing, keep), sent


def make_door(app: Any, **changed: Any) -> Door:
    given: dict[str, Any] = {
        "sign_in": SignIn(()),
        "limiter": Limiter(Rate.parse("off")),
        "queue": Queue(2),
        "origins": (),
        "body_limits": {"/": 100},
        "body_seconds": 0.05,
    }
    return Door(app, **(given | changed))


def test_a_body_that_drips_is_given_up() -> None:
    async def dripping() -> Any:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def run() -> list[Any]:
        request, sent = through(make_door(None), receive=dripping)
        await request
        return sent

    start, body = asyncio.run(run())
    assert start["status"] == 408
    assert (b"connection", b"close") in start["headers"]
    assert "0.05 seconds" in json.loads(body["body"])["detail"]


def test_a_refusal_waits_for_the_body() -> None:
    """A proxy that is still sending it when the answer comes may cut the answer short."""
    pieces = [b"{", b"}"]

    async def run() -> list[Any]:
        async def piece() -> Any:
            assert not sent, "the answer came first"
            return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

        request, sent = through(make_door(None, sign_in=SignIn(("proxy",))), receive=piece)
        await request
        return sent

    start, _ = asyncio.run(run())
    assert start["status"] == 401
    assert pieces == []


def test_a_full_queue_says_busy_and_empties_whatever_happens() -> None:
    async def run() -> list[int]:
        go = asyncio.Event()

        async def app(scope: Any, receive: Any, send: Any) -> None:
            assert reader_of(scope) == Reader()
            await go.wait()
            raise RuntimeError("broken in the middle")

        door = make_door(app)
        under_way = [asyncio.create_task(through(door)[0]) for _ in range(2)]
        await asyncio.sleep(0)
        busy, sent = through(door)
        await busy
        reading, read = through(door, "GET")  # what only reads waits for nobody
        reader = asyncio.create_task(reading)
        await asyncio.sleep(0)
        assert not reader.done()
        under_way[0].cancel()  # a stream that was dropped
        go.set()
        await asyncio.gather(*under_way, reader, return_exceptions=True)
        free, after = through(door)
        with pytest.raises(RuntimeError):
            await free
        assert after == read == []
        assert (b"retry-after", b"1") in sent[0]["headers"]
        return [sent[0]["status"]]

    assert asyncio.run(run()) == [503]


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"\xff\xfe", 400), (b'{"question": ' + b"[" * 9000, 400), (b"[]", 422)]
)
def test_bodies_that_are_none(body: bytes, status: int) -> None:
    said = served().post("/api/ask", content=body, headers={"content-type": "application/json"})
    assert said.status_code == status
    assert said.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/sources/../../../etc/passwd",
        "/sources/..%2f..%2f..%2fetc%2fpasswd",
        "/sources/%2e%2e/%2e%2e/etc/passwd",
        "/sources//etc/passwd",
        "/sources/notes/..\\..\\pyproject.toml",
        "/sources/%00",
        "/assets/../../../../etc/passwd",
        "/static/..%2f..%2f..%2fetc%2fpasswd",
        "/static/%2e%2e/%2e%2e/config",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/run/../upload",
        "/gradio_api/proxy=http://elsewhere.example/",
    ],
)
def test_a_path_that_climbs_gets_nowhere(page: TestClient, path: str) -> None:
    said = page.get(path)
    assert said.status_code in (404, 405, 403)
    assert "root:" not in said.text
    assert "[project]" not in said.text


def test_a_socket_is_closed() -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), served().websocket_connect("/gradio_api/queue/join"):
        pass


# What must never be told.


class _Broken(SmallEngine):
    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        if "broken" in question:
            raise RuntimeError("an inner fault")
        return super().ask(question, history)


def test_no_secret_is_in_any_answer_log_or_figure(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    import os

    caplog.set_level(logging.DEBUG)
    key = KeyRing(tmp_path / "keys.json").add("bot")
    theirs = "sk-canary-of-the-model-0123456789"
    os.environ["OPENAI_API_KEY"] = theirs
    try:
        settings = Settings.load(
            {
                "REMIT_ACCESS": "open,key,token,proxy",
                "REMIT_TRUSTED_PROXIES": "10.0.0.0/8",
                "REMIT_TOKEN_SECRET": SECRET,
                "REMIT_HOME": str(tmp_path),
                "REMIT_RATE": "off",
                "REMIT_LOG": "json",
            },
            Path("none"),
        )
        app = create_app(_Broken(), settings)
        told = [repr(settings), str(settings), settings.model_dump_json()]
        client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
        routes = [p for p in paths(app.routes) if not p.startswith("/gradio")]
        for path in [*routes, "/", "/nothing"]:
            for headers in (
                {"authorization": f"Bearer {key}"},
                {"authorization": f"Bearer {key}x"},
                {"authorization": f"Bearer {SECRET}"},
                {"x-forwarded-user": "mia"},
                {"host": "elsewhere.example"},
                {"origin": FOREIGN},
            ):
                for method, body in (
                    ("GET", None),
                    ("POST", ASK),
                    ("POST", {"question": "broken"}),
                    ("POST", [1]),
                ):
                    said = client.request(method, path, json=body, headers=headers)
                    told += [said.text, str(said.headers)]
        told.append(client.get("/metrics").text)
        with pytest.raises(SettingsError) as caught:
            Settings.load({"REMIT_TOKEN_SECRET": "canary-short"}, Path("none"))
        told += [str(caught.value), repr(caught.value.__cause__)]
    finally:
        del os.environ["OPENAI_API_KEY"]
    logged = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert "an inner fault" in logged
    everything = "\n".join([*told, logged, *capfd.readouterr()])
    kept = json.loads((tmp_path / "keys.json").read_text())[0]["sha256"]
    for secret in (SECRET, key, key.removeprefix("remit_"), kept, theirs, "canary"):
        assert secret not in everything
