"""Ids, log lines, figures and health: what each says, and that no text of a request gets through to them."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from small_engine import SmallEngine

from chat.answer import Answer, Turn
from chat.web import logs
from chat.web.api import create_app
from chat.web.live import AnswerEngine
from ingest.errors import IndexUnavailable
from ingest.settings import Settings

BUDGETS = "Who should own budgets?"


def serving(engine: AnswerEngine | None = None, *, log_questions: bool = False) -> TestClient:
    app = create_app(engine or SmallEngine(), Settings(log_questions=log_questions))
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the server logs, as ``REMIT_LOG=json`` has it."""
    written, requests = io.StringIO(), logging.getLogger(logs.REQUESTS)
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonLines())
    logging.getLogger().addHandler(handler)
    requests.setLevel(logging.INFO)
    yield written
    logging.getLogger().removeHandler(handler)
    requests.setLevel(logging.NOTSET)


def only(lines: io.StringIO) -> dict[str, object]:
    """The line of the one request there was."""
    found = [json.loads(line) for line in lines.getvalue().splitlines()]
    (one,) = [line for line in found if line["message"] == "request"]
    return dict(one)


def test_a_request_has_one_line_with_its_id_and_what_came_of_it(lines: io.StringIO) -> None:
    response = serving().post("/api/ask", json={"question": BUDGETS}, headers={"x-request-id": "front-1.a_B"})
    assert response.headers["x-request-id"] == "front-1.a_B"
    said = only(lines)
    assert {
        name: said[name] for name in ("request_id", "method", "path", "status", "verdict", "remembered")
    } == {
        "request_id": "front-1.a_B",
        "method": "POST",
        "path": "/api/ask",
        "status": 200,
        "verdict": "lead",
        "remembered": False,
    }
    assert isinstance(said["ms"], float)
    assert "budgets" not in lines.getvalue()


def test_questions_are_in_the_log_when_that_is_asked_for(lines: io.StringIO) -> None:
    serving(log_questions=True).post("/api/ask", json={"question": BUDGETS})
    assert only(lines)["question"] == BUDGETS


def test_a_stream_has_its_line_too(lines: io.StringIO) -> None:
    serving().post("/api/ask/stream", json={"question": BUDGETS})
    assert only(lines)["verdict"] == "lead"
    assert "cut" not in only(lines)


@pytest.mark.parametrize("given", ["", "a b", "ä", 'a"b', "x" * 65, "-a", "{", "a,b"])
def test_an_id_that_could_do_harm_is_replaced(given: str) -> None:
    response = serving().get("/health", headers={b"x-request-id": given.encode()})
    made = response.headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{16}", made)


def test_a_problem_names_the_request(lines: io.StringIO) -> None:
    client = serving()
    for response in (
        client.get("/nothing", headers={"x-request-id": "r1"}),
        client.post("/api/ask", content=b"{", headers={"x-request-id": "r1"}),
        client.post("/api/ask", content=b"x" * 70_000, headers={"x-request-id": "r1"}),
        client.get("/health", headers={"x-request-id": "r1", "host": "elsewhere"}),
    ):
        assert (response.status_code >= 400, response.json()["request_id"]) == (True, "r1")


class _Faulty(SmallEngine):
    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:  # noqa: ARG002
        raise RuntimeError("broken inside")


def test_a_fault_of_our_own_is_logged_with_the_id_and_told_without_its_cause(lines: io.StringIO) -> None:
    response = serving(_Faulty()).post(
        "/api/ask", json={"question": "a secret"}, headers={"x-request-id": "r2"}
    )
    assert (response.status_code, response.json()["request_id"]) == (500, "r2")
    assert "broken inside" not in response.text
    faults = [json.loads(line) for line in lines.getvalue().splitlines() if "broken inside" in line]
    assert [fault["request_id"] for fault in faults] == ["r2"]
    assert "RuntimeError: broken inside" in faults[0]["traceback"]
    assert "a secret" not in lines.getvalue()


@given(
    st.text() | st.sampled_from(["a\nlevel=error", "\x1b[2J", "a\u2028b", "\x9b31m", '"}\n{"message": "x"}'])
)
def test_no_text_begins_a_line_or_steers_a_terminal(text: str) -> None:
    for formatter in (logs.JsonLines(), logs.TextLines()):
        record = logging.LogRecord("remit", logging.INFO, "", 0, "%s", (text,), None)
        record.fields = {"path": text}
        try:
            raise ValueError(text)
        except ValueError as exc:
            record.exc_info = (ValueError, exc, exc.__traceback__)
        first, *rest = formatter.format(record).split("\n")
        assert all(line.startswith("    ") for line in rest), "what follows the line is indented"
        assert re.fullmatch(r"[\x20-\x7e]*", "".join([first, *rest]))
        if isinstance(formatter, logs.JsonLines):
            assert rest == []
            assert json.loads(first)["path"] == text


def figures(client: TestClient) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample of ``/metrics``, read by Prometheus' own parser."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_the_figures_count_what_happened() -> None:
    client = serving()
    for question in (BUDGETS, BUDGETS, "Who should own the weather?", " "):
        client.post("/api/ask", json={"question": question})
    client.get("/sources/who does what.md")
    client.get("/somewhere/else")
    found = figures(client)
    by = ("answered_by", "extractive")
    assert found["remit_questions_total", (by, ("remembered", "no"), ("verdict", "lead"))] == 1
    assert found["remit_questions_total", (by, ("remembered", "yes"), ("verdict", "lead"))] == 1
    assert found["remit_questions_total", (by, ("remembered", "no"), ("verdict", "not_covered"))] == 1
    assert found["remit_questions_failed_total", (("reason", "question"),)] == 1
    asked = (("method", "POST"), ("route", "/api/ask"))
    assert found["remit_requests_total", (*asked, ("status", "200"))] == 3
    assert found["remit_requests_total", (*asked, ("status", "400"))] == 1
    got = ("method", "GET")
    assert found["remit_requests_total", (got, ("route", "/sources/{doc:path}"), ("status", "200"))] == 1
    assert found["remit_requests_total", (got, ("route", "other"), ("status", "404"))] == 1
    assert found["remit_answer_seconds_count", (("remembered", "no"),)] == 2
    assert found["remit_requests_in_flight", ()] == 1, "the one that asks"
    assert found["remit_index_info", (("index", "g1"),)] == 1
    assert found["remit_sentences_dropped_total", ()] == 0


def test_nothing_that_is_sent_becomes_a_label() -> None:
    client = serving()
    for text in ("lions", "../../etc", "a%0Ab", 'q"}', "{doc}", "é"):
        client.request(f"BREW{text[:1].upper()}", f"/x/{text}")
        client.get(f"/sources/{text}")
        client.get("/health", headers={b"host": b"lions", b"user-agent": text.encode()})
        client.post(
            "/api/ask", json={"question": f"Who should own {text}?"}, headers={"x-request-id": "lions"}
        )
    before = {labels for _, labels in figures(client)}
    for text in ("bears", "/sources/..%2f", "tigers", "wolves"):
        client.request("TAME", f"/y/{text}")
        client.get(f"/sources/{text}")
        client.get("/health", headers={"host": "bears"})
        client.post("/api/ask", json={"question": f"Who may own {text}?"})
    after = {labels for _, labels in figures(client)}
    assert after - before <= {(("method", "GET"), ("route", "/metrics"), ("status", "200"))} | {
        labels for labels in after if ("route", "/metrics") in labels
    }
    assert not re.search("lions|bears|BREW|TAME", client.get("/metrics").text)


class _Fallen(SmallEngine):
    def __init__(self) -> None:
        super().__init__()
        self.notice = "The language model did not answer in time."

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        return replace(super().ask(question, history), notice=self.notice)


def test_ready_says_what_is_amiss_until_it_is_well_again() -> None:
    engine = _Fallen()
    client = serving(engine)
    assert client.get("/ready").json()["status"] == "ready"
    client.post("/api/ask", json={"question": BUDGETS})
    assert client.get("/ready").json() == {
        "status": "degraded",
        "reason": "The language model did not answer in time.",
        "index": "g1",
        "page": "loading",
    }
    assert figures(client)["remit_degraded", ()] == 1
    engine.notice = ""
    client.post("/api/ask", json={"question": BUDGETS})
    assert client.get("/ready").json()["status"] == "ready"


def test_figures_are_given_without_an_index_too() -> None:
    def unavailable() -> AnswerEngine:
        raise IndexUnavailable("there is no index in '.remit'; run: python -m ingest build")

    client = TestClient(create_app(unavailable, Settings()), base_url="http://localhost")
    assert client.post("/api/ask", json={"question": BUDGETS}).status_code == 503
    found = figures(client)
    assert found["remit_index_available", ()] == 0


def test_every_figure_is_documented_and_every_documented_one_exists(root: Path) -> None:
    text = (root / "docs" / "operation.md").read_text()
    client = serving()
    client.post("/api/ask", json={"question": BUDGETS})
    given = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in text_string_to_metric_families(client.get("/metrics").text)
        if family.name.startswith("remit_") and not family.name.endswith("_created")
    }
    assert set(re.findall(r"`(remit_\w+)`", text)) == given


def test_the_examples_of_operation_name_settings_that_exist(root: Path) -> None:
    examples = [root / "Dockerfile", root / "docs" / "operation.md", *(root / "docs" / "deploy").iterdir()]
    named = {name for file in examples for name in re.findall(r"\bREMIT_([A-Z_]+)\b", file.read_text())}
    assert {name for name in named if name != "NAME"} <= {name.upper() for name in Settings.model_fields}
