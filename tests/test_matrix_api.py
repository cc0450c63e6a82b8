"""The matrix over HTTP: the whole of it, of the index that is live."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from fastapi.testclient import TestClient
from small_engine import SmallEngine

from chat.engine import Engine
from chat.web.api import create_app
from chat.web.matrix import Matrices
from ingest.index import Generation
from ingest.matrix import matrix
from ingest.records import Document
from ingest.settings import Settings
from ingest.sheets import to_csv


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine, Settings()), base_url="http://localhost")


def test_the_matrix_as_json(client: TestClient, engine: Engine) -> None:
    given = client.get("/api/matrix")
    assert (given.status_code, given.headers["cache-control"]) == (200, "no-store")
    said = given.json()
    assert said["index"] == engine.generation_id
    assert len(said["entries"]) == sum(said["counts"].values()) == len(matrix(engine.generation))
    for entry in said["entries"]:
        for cited in entry["citations"]:
            assert engine.documents[cited["doc"]].text[cited["start"] : cited["end"]] == cited["quote"]
    page = client.get(said["entries"][0]["citations"][0]["url"])
    assert page.status_code == 200
    assert 'id="cited"' in page.text


def test_the_matrix_as_csv(client: TestClient, engine: Engine) -> None:
    given = client.get("/api/matrix.csv")
    assert given.headers["content-type"] == "text/csv; charset=utf-8"
    assert given.headers["content-disposition"] == 'attachment; filename="ownership-matrix.csv"'
    assert given.content.decode() == to_csv("", matrix(engine.generation))
    assert next(csv.DictReader(io.StringIO(given.text)))["entry"] == "1"


def test_it_is_made_once_for_each_generation_as_it_is_seen(engine: Engine) -> None:
    matrices = Matrices()
    first = matrices.of(engine.generation)
    assert matrices.of(engine.generation) is first
    again = Generation(engine.generation.folder)  # of the same id, and yet another one
    assert matrices.of(again) == first
    assert matrices.of(again) is not first


@pytest.mark.parametrize("path", ["/api/matrix", "/api/matrix.csv"])
def test_it_says_nothing_of_what_a_reader_may_not_see(path: str) -> None:
    engine = SmallEngine(
        [
            Document("open.md", "Open", "The Bursar should lead budgets."),
            Document("shut.md", "Shut", "The Librarian should own the merger.", access=("board",)),
        ]
    )
    assert "merger" in to_csv("g1", matrix(engine.generation))
    told = TestClient(create_app(engine, Settings()), base_url="http://localhost").get(path).text
    assert "budgets" in told
    assert "merger" not in told
    assert "shut.md" not in told


class Mute(SmallEngine):
    """An engine that has no index to show."""

    @property
    def generation(self) -> Any:
        raise AttributeError("generation")

    @generation.setter
    def generation(self, value: object) -> None:
        """Forget it."""


def test_an_engine_without_an_index_has_none() -> None:
    client = TestClient(create_app(Mute(), Settings()), base_url="http://localhost")
    given = client.get("/api/matrix")
    assert given.status_code == 503
    assert "has no index" in given.text
