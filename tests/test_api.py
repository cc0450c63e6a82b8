"""The JSON API, the source pages over HTTP, and what is said when there is no index."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from small_engine import RULES, SmallEngine

from chat.answer import Answer, Turn
from chat.web.api import create_app
from chat.web.live import AnswerEngine, LiveEngine
from ingest.errors import IndexMismatch, IndexUnavailable
from ingest.records import Document
from ingest.settings import Settings

PROBLEM = "application/problem+json"


def serving(engine: AnswerEngine | None = None) -> TestClient:
    return TestClient(create_app(engine or SmallEngine(), Settings()), base_url="http://localhost")


def test_a_question_gets_the_contract() -> None:
    response = serving().post("/api/ask", json={"question": "Who should own budgets?"})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    given = response.json()
    assert set(given) == {
        *("question", "asked", "topic", "verdict", "status", "owners", "supporting", "statements", "text"),
        *(
            "reason",
            "citations",
            "nearest",
            "answered_by",
            "index",
            "dropped",
            "notice",
            "made",
            "timings_ms",
        ),
    }
    assert (given["verdict"], given["owners"]) == ("lead", ["Bursar"])
    cited = given["citations"][0]
    assert RULES[cited["start"] : cited["end"]] == cited["quote"] == "The Bursar should lead budgets & fees."


def test_the_conversation_reaches_the_engine() -> None:
    engine = SmallEngine()
    history: list[Turn] = [
        {"role": "user", "content": "Who should own budgets?"},
        {"role": "assistant", "content": "…"},
    ]
    serving(engine).post("/api/ask", json={"question": "and fees?", "history": history})
    assert engine.asked == [("and fees?", history)]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", 422, "body"),
        (b"{", 400, "not JSON"),
        (b"\xff\xfe", 400, "not JSON"),
        (b"[]", 422, "body"),
        (b"{}", 422, "question"),
        (b'{"question": 7}', 422, "question"),
        (b'{"question": null}', 422, "question"),
        (b'{"question": "\\ud800"}', 422, "surrogate"),
        (b'{"question": "a", "histroy": []}', 422, "histroy"),
        (b'{"question": "a", "history": "b"}', 422, "history"),
        (b'{"question": "a", "history": [{"role": "system", "content": "b"}]}', 422, "history.0.role"),
        (b'{"question": "a", "history": [{"role": "user"}]}', 422, "history.0.content"),
        (b'{"question": "a", "history": [{"role": "user", "content": "\\udfff"}]}', 422, "surrogate"),
        (b'{"question": "  "}', 400, "empty"),
    ],
)
def test_a_malformed_request_is_told_what_is_wrong(body: bytes, status: int, said: str) -> None:
    response = serving().post("/api/ask", content=body, headers={"content-type": "application/json"})
    assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM)
    problem = response.json()
    assert said in problem["detail"]
    assert problem["status"] == status


def test_a_question_that_is_too_long_is_told_so() -> None:
    response = serving().post("/api/ask", json={"question": "a" * 10_000})
    assert response.status_code == 400
    assert "10000" in response.json()["detail"]


def test_errors_of_http_are_problems_too() -> None:
    for response, status in ((serving().get("/api/ask"), 405), (serving().get("/api/nothing"), 404)):
        assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM)


def test_documents_are_listed_with_their_pages() -> None:
    client = serving()
    listed = client.get("/api/documents").json()
    assert listed["index"] == "g1"
    assert [document["doc"] for document in listed["documents"]] == ["who does what.md", "notes/readers.txt"]
    assert listed["documents"][0] | {"characters": 0} == {
        "doc": "who does what.md",
        "title": "Who does what",
        "source": "House rules",
        "kind": "rules",
        "published": "2018-07-09",
        "characters": 0,
        "url": "/sources/who%20does%20what.md",
    }
    assert client.get("/sources").text.count("<li>") == 2
    for document in listed["documents"]:
        assert client.get(document["url"]).status_code == 200


def test_a_citation_opens_at_its_sentence() -> None:
    client = serving()
    cited = client.post("/api/ask", json={"question": "Who should own budgets?"}).json()["citations"][0]
    assert cited["url"].endswith("#cited")
    page = client.get(cited["url"])
    assert page.status_code == 200
    assert '<mark id="cited">The Bursar should lead budgets &amp; fees.</mark>' in page.text


def test_a_link_that_has_outlived_its_words_marks_nothing_in_their_stead() -> None:
    engine = SmallEngine()
    url = engine.ask("Who should own budgets?").citations[0].url
    assert "<mark" in serving(engine).get(url).text
    rebuilt = SmallEngine([Document("who does what.md", "Who does what", "A line more.\n" + RULES)])
    page = serving(rebuilt).get(url)
    assert page.status_code == 200
    assert "is not in the document as it is now" in page.text
    assert "<mark" not in page.text


@pytest.mark.parametrize("query", ["start=5&end=5", "start=-1&end=4", "start=0&end=100000", "start=5"])
def test_a_place_that_is_not_there_is_said_and_the_document_shown(query: str) -> None:
    page = serving().get(f"/sources/who does what.md?{query}")
    assert page.status_code == 200
    assert "is not in the document as it is now" in page.text
    assert "<mark" not in page.text


def test_a_place_that_is_no_number_is_refused() -> None:
    response = serving().get("/sources/who does what.md?start=x&end=9")
    assert (response.status_code, response.headers["content-type"]) == (422, PROBLEM)


@pytest.mark.parametrize(
    "path",
    [
        "nothing.md",
        "../pyproject.toml",
        "..%2Fpyproject.toml",
        "%2Fetc%2Fpasswd",
        "who%20does%20what.md%00",
        "<script>alert(1)</script>",
    ],
)
def test_only_documents_of_the_index_are_served(path: str) -> None:
    response = serving().get(f"/sources/{path}")
    assert response.status_code == 404
    assert "<script" not in response.text


def unavailable() -> AnswerEngine:
    raise IndexUnavailable("there is no index in '.remit'; run: python -m ingest build")


def test_without_an_index_the_process_lives_and_says_what_to_run() -> None:
    client = TestClient(create_app(unavailable, Settings()), base_url="http://localhost")
    assert client.get("/health").json() == {"status": "ok"}
    for response in (
        client.get("/ready"),
        client.post("/api/ask", json={"question": "a"}),
        client.get("/sources"),
    ):
        assert (response.status_code, response.headers["content-type"]) == (503, PROBLEM)
        assert "python -m ingest build" in response.json()["detail"]


def test_ready_names_the_index() -> None:
    assert serving().get("/ready").json() == {"status": "ready", "index": "g1", "page": "loading"}


def test_the_api_describes_itself_and_loads_nothing_from_elsewhere() -> None:
    client = serving()
    assert "/api/ask" in client.get("/api/openapi.json").json()["paths"]
    assert client.get("/docs").status_code == 404


class _Numbered(SmallEngine):
    def __init__(self, number: int) -> None:
        super().__init__()
        self.generation_id = f"g{number}"

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        return super().ask(question, history)


def test_a_new_index_is_taken_up_when_it_is_published(tmp_path: Path) -> None:
    pointer = tmp_path / "live"
    opened: list[_Numbered] = []

    def open_engine() -> _Numbered:
        if not pointer.exists():
            raise IndexUnavailable("nothing is published")
        opened.append(_Numbered(len(opened) + 1))
        return opened[-1]

    live = LiveEngine(open_engine, pointer=pointer)
    with pytest.raises(IndexUnavailable):
        live()
    pointer.write_text("one")
    assert [live().generation_id, live().generation_id] == ["g1", "g1"]
    fresh = tmp_path / "fresh"
    fresh.write_text("two")
    fresh.replace(pointer)
    assert [live().generation_id, live().generation_id] == ["g2", "g2"]
    assert len(opened) == 2


def test_who_asks_while_a_new_index_is_opened_waits_for_it(tmp_path: Path) -> None:
    pointer = tmp_path / "live"
    pointer.write_text("g1")
    opening, go = threading.Event(), threading.Event()

    def open_engine() -> SmallEngine:
        engine = SmallEngine()
        engine.generation_id = pointer.read_text()
        if engine.generation_id == "g2":
            opening.set()
            assert go.wait(10)
        return engine

    live = LiveEngine(open_engine, pointer=pointer)
    assert live().generation_id == "g1"
    (tmp_path / "new").write_text("g2")
    (tmp_path / "new").replace(pointer)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(live)
        assert opening.wait(10)
        second = threads.submit(live)
        time.sleep(0.05)
        assert not second.done()
        go.set()
        assert first.result(10) is second.result(10)
        assert second.result().generation_id == "g2"


def test_an_index_that_cannot_be_opened_leaves_the_old_one_answering(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pointer = tmp_path / "live"
    pointer.write_text("one")
    attempts: list[int] = []

    def open_engine() -> _Numbered:
        attempts.append(1)
        if len(attempts) > 1:
            raise IndexMismatch("built by another version")
        return _Numbered(1)

    live = LiveEngine(open_engine, pointer=pointer)
    live()
    fresh = tmp_path / "fresh"
    fresh.write_text("two")
    fresh.replace(pointer)
    assert [live().generation_id, live().generation_id] == ["g1", "g1"]
    assert "g1 goes on answering" in caplog.text
    assert len(attempts) == 2, "it is not tried again with every question"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_a_body_that_does_not_claim_to_be_json_is_refused(kind: str) -> None:
    response = serving().post("/api/ask", content=b'{"question": "a"}', headers={"content-type": kind})
    assert (response.status_code, response.headers["content-type"]) == (415, PROBLEM)
    assert kind in response.json()["detail"]
