"""The guard in front of every route, and that no text of a document or a question comes to life."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from fastapi.testclient import TestClient
from small_engine import SmallEngine, answer, cite

from chat.answer import Answer, Dropped, Statement, Turn
from chat.web.api import BODY_LIMIT, create_app
from chat.web.card import answer_card, coming_card, problem_card, question_bubble
from ingest.records import Document
from ingest.settings import Settings

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "![x](http://elsewhere.example/x.png)",
    "[click](javascript:alert(1))",
    "</article></mark><iframe src=//elsewhere.example>",
    "{{value}} ${alert(1)} $$x$$",
)


def client(base_url: str = "http://127.0.0.1:7860", **settings: Any) -> TestClient:
    return TestClient(create_app(SmallEngine(), Settings(**settings)), base_url=base_url)


EVERY_KIND = (
    "/health",
    "/ready",
    "/api/documents",
    "/sources",
    "/sources/who%20does%20what.md",
    "/",
    "/nothing",
)


@pytest.mark.parametrize("path", EVERY_KIND)
def test_every_answer_tells_the_browser_what_it_may_do(path: str) -> None:
    headers = client().get(path).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_what_has_no_script_allows_none() -> None:
    for path in ("/health", "/sources", "/sources/who%20does%20what.md"):
        policy = client().get(path).headers["content-security-policy"]
        assert "script-src" not in policy
        assert "unsafe-inline" not in policy


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost", "LOCALHOST:80", "[::1]:7860"])
def test_a_local_server_answers_to_its_own_names(host: str) -> None:
    assert client().get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "localhost.elsewhere.example:7860", ""]
)
def test_a_local_server_answers_to_no_other_name(host: str) -> None:
    response = client().get("/api/documents", headers={"host": host})
    assert response.status_code == 421
    assert repr(host.partition(":")[0]) in response.json()["detail"]
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "host", ["remit.intranet", "REMIT.intranet:80", "10.1.2.3:7860", "[fd00::1]", "localhost"]
)
def test_a_server_for_others_answers_to_its_names_and_to_addresses(host: str) -> None:
    served = client(host="0.0.0.0", access="open", allowed_hosts="remit.intranet")
    assert served.get("/health", headers={"host": host}).status_code == 200
    foreign = served.get("/health", headers={"host": "elsewhere.example"})
    assert foreign.status_code == 421
    assert "REMIT_ALLOWED_HOSTS" in foreign.json()["detail"]


def test_no_other_origin_may_read() -> None:
    local = client()
    foreign = {"origin": "https://elsewhere.example"}
    asked = local.post("/api/ask", json={"question": "Who should own budgets?"}, headers=foreign)
    assert "access-control-allow-origin" not in asked.headers
    wanted = foreign | {
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    for path in ("/api/ask", "/gradio_api/run/predict"):
        before = local.options(path, headers=wanted)
        assert before.status_code == 400
        assert "access-control-allow-origin" not in before.headers


def test_a_body_stops_at_its_limit() -> None:
    padding = '{"question": "Who should own budgets?", "history": []' + " " * BODY_LIMIT
    fits = padding[: BODY_LIMIT - 1] + "}"
    headers = {"content-type": "application/json"}
    assert client().post("/api/ask", content=fits, headers=headers).status_code == 200
    refused = client().post("/api/ask", content=fits + " ", headers=headers)
    assert refused.status_code == 413
    assert "65,536" in refused.json()["detail"]


def test_a_body_that_does_not_say_its_length_stops_there_too() -> None:
    pieces = (b" " * 1000 for _ in range(100))  # 100,000 bytes in all
    assert (
        client().post("/api/ask", content=pieces, headers={"content-type": "application/json"}).status_code
        == 413
    )


class _Broken(SmallEngine):
    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:  # noqa: ARG002
        raise RuntimeError("secret of the inside")


def test_a_fault_of_ours_is_a_problem_that_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    broken = TestClient(create_app(_Broken(), Settings()), base_url="http://localhost")
    response = broken.post("/api/ask", json={"question": "Who should own budgets?"})
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "secret of the inside" in caplog.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_card_shows_payloads_as_text(payload: str) -> None:
    document = Document(f"{payload}.md", payload, f"{payload} should lead.", payload, payload, payload)
    cited = cite(document, document.text)
    shown = answer_card(
        answer(
            payload,
            owners=(payload,),
            supporting=(payload,),
            citations=(cited,),
            nearest=(cited,),
            asked=f"{payload}?",
            reason=payload,
            statements=(Statement(f"Own words: {payload}", (1,)),),
            answered_by=f"openai:{payload}",
            dropped=(Dropped(payload, payload),),
            notice=payload,
        )
    )
    coming = coming_card(payload, [Statement(payload, (1,))], [cited])
    for html in (shown, coming, question_bubble(payload), problem_card(payload)):
        assert "<script" not in html
        assert "<img" not in html
        assert "<iframe" not in html
        assert "onerror=" not in html.replace("onerror=alert(1)&gt;", "")
        assert 'href="javascript:' not in html


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "//elsewhere.example/x", "https://elsewhere.example", "/\\elsewhere.example", ""],
)
def test_a_citation_can_only_lead_to_this_server(url: str) -> None:
    from dataclasses import replace

    document = Document("a.md", "A", "The Bursar should lead.")
    cited = replace(cite(document, document.text), url=url)
    assert answer_card(answer(owners=("Bursar",), citations=(cited,))).count('href="#"') == 1


def test_a_notice_is_one_line_so_that_markdown_never_begins() -> None:
    assert "\n" not in problem_card("one\n\n![x](http://elsewhere.example/x.png)")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_api_gives_payloads_back_as_data(payload: str) -> None:
    engine = SmallEngine([Document("a.md", payload, f"The Bursar should lead budgets, {payload}.")])
    api = TestClient(create_app(engine, Settings()), base_url="http://localhost")
    response = api.post("/api/ask", json={"question": f"budgets {payload}"})
    assert response.headers["content-type"] == "application/json"
    given = response.json()
    assert given["question"] == f"budgets {payload}"
    assert given["citations"][0]["title"] == payload
    page = api.get(given["citations"][0]["url"]).text
    assert "<script" not in page
    assert "<img" not in page
    assert "<iframe" not in page


def test_gradio_is_reached_only_where_the_page_needs_it() -> None:
    local = client()
    for method, path in (
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/proxy=https://elsewhere.example/"),
        ("POST", "/gradio_api/call/answer"),
        ("POST", "/gradio_api/queue/join"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/monitoring"),
        ("GET", "/docs"),
        ("GET", "/assets/../../../etc/passwd"),
    ):
        assert local.request(method, path).status_code == 404, path


def test_no_request_is_traced_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    # Exporting without a place to export to is an error as the application starts, unless it is off.
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    app = create_app(SmallEngine(), Settings())
    assert not app._native_telemetry.enabled()
