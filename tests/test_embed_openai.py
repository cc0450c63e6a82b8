"""Embeddings by a server: vectors as the protocol has them, faults in one line, an index of their own."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from stand_in import Scripted, failing, listening

from ingest.embed_openai import BATCH, LONGEST, OpenAIEmbedder
from ingest.embedder import choose
from ingest.endpoint import Endpoint
from ingest.errors import EmbedderFault, SettingsError
from ingest.settings import Settings

KEY = "sk-canary-7c1f0d"
Vector = Callable[[str], list[float]]


def embeddings(request: dict[str, Any], vector: Vector) -> dict[str, Any]:
    """The server's answer, the last text first: the order is told by the index alone."""
    data = [
        {"object": "embedding", "index": i, "embedding": vector(text)}
        for i, text in enumerate(request["input"])
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return {"object": "list", "model": request["model"], "usage": usage, "data": data[::-1]}


def by_letters(text: str) -> list[float]:
    """How often each letter stands in it, and a one."""
    return [1.0, *(float(text.lower().count(letter)) for letter in "abcdefghijklmnopqrstuvwxyz")]


def embedder(vector: Vector = by_letters) -> tuple[OpenAIEmbedder, Scripted]:
    transport = Scripted(lambda r: httpx.Response(200, json=embeddings(json.loads(r.read()), vector)))
    return OpenAIEmbedder(Endpoint("http://model.test/v1", KEY), "letters", transport=transport), transport


def test_each_text_has_a_unit_row_in_its_order() -> None:
    given, transport = embedder()
    vectors = given.embed(["a", "bb", "a", " ", "long " * 5_000])
    assert vectors.shape == (5, 27)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert vectors[1, 2] == pytest.approx(
        2 / 5**0.5
    )  # one and two: the row (1, 0, 2, ...) has length 5 ** 0.5
    assert vectors[0].tolist() == vectors[2].tolist()
    assert len(transport.requests[0]["input"][4]) == LONGEST
    assert transport.requests[0]["encoding_format"] == "float"
    assert (given.id, given.dimensions) == ("openai:letters", 27)
    assert given.embed([]).shape == (0, 27)


def test_many_texts_go_in_batches() -> None:
    given, transport = embedder()
    assert len(given.embed([f"text {n}" for n in range(2 * BATCH + 1)])) == 2 * BATCH + 1
    assert [len(request["input"]) for request in transport.requests] == [BATCH, BATCH, 1]


def test_it_goes_to_another_process() -> None:
    given, _ = embedder()
    copy = pickle.loads(pickle.dumps(given))  # noqa: S301 - ours
    assert (copy.id, vars(copy)["_endpoint"]) == (given.id, Endpoint("http://model.test/v1", KEY))


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


@pytest.mark.parametrize("behaviour", [refuse, failing(401), failing(429), failing(500)])
def test_a_fault_says_what_to_look_at_and_not_the_key(behaviour: Any) -> None:
    given = OpenAIEmbedder(Endpoint("http://model.test/v1", KEY), "m", transport=Scripted(behaviour))
    with pytest.raises(EmbedderFault, match=r"by 'm' .*OPENAI_BASE_URL.*python -m ingest build") as raised:
        given.embed(["a"])
    assert KEY not in repr(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


@pytest.mark.parametrize("row", [[], [0.0, 0.0], [float("1e300")] * 2])
def test_vectors_without_a_direction_are_refused(row: list[float]) -> None:
    with pytest.raises(EmbedderFault, match="'letters' a model for embeddings"):
        embedder(lambda _: row)[0].embed(["a", "bb"])


def test_vectors_of_several_lengths_are_refused() -> None:
    with pytest.raises(EmbedderFault, match=r"2 vectors of \[1, 2\] numbers for 2 texts"):
        embedder(lambda text: [1.0] * len(text))[0].embed(["a", "bb"])


def test_a_server_is_needed() -> None:
    with pytest.raises(SettingsError, match=r"REMIT_EMBEDDER='openai' needs a server: set OPENAI_API_KEY"):
        choose(Settings(embedder="openai"))
    assert (
        choose(Settings(embedder="openai", openai_base_url="http://x/v1")).id
        == "openai:text-embedding-3-small"
    )
    assert choose(Settings()).id.startswith("all-MiniLM")


def test_an_index_by_a_server_answers_and_is_no_other_embedders(root: Path, tmp_path: Path) -> None:
    """Real commands and a real server: build, ask, and the refusal when the setting is another one."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "rules.md").write_text("# Rules\n\nThe COO should own the travel policy.\n")
    asked: list[str] = []

    def serve(request: dict[str, Any]) -> Iterator[bytes]:
        asked.extend(request["input"])
        yield json.dumps(embeddings(request, by_letters)).encode()

    outside = {n: v for n, v in os.environ.items() if not n.startswith(("REMIT_", "OPENAI_"))}
    with listening(serve, media_type="application/json") as address:
        told = outside | {
            "REMIT_EMBEDDER": "openai", "REMIT_EMBEDDER_MODEL": "letters", "REMIT_ANSWERER": "extractive",
            "OPENAI_BASE_URL": address, "REMIT_HOME": str(tmp_path / "home"),
            "REMIT_CORPUS": str(tmp_path / "docs"), "PYTHONPATH": str(root),
        }  # fmt: skip

        def run(*command: str, **environ: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-m", *command],
                env=told | environ,
                cwd=tmp_path,
                capture_output=True,
                text=True,
            )

        built = run("ingest", "build")
        assert built.returncode == 0, built.stderr
        assert any("travel policy" in text for text in asked)
        assert "openai:letters" in run("ingest", "status").stdout
        assert "COO leads" in run("chat", "ask", "Who should own the travel policy?").stdout
        other = run("chat", "ask", "Who should own the travel policy?", REMIT_EMBEDDER="bundled")
        assert other.returncode == 1
        assert "was made by the embedder 'openai:letters', this is 'all-MiniLM" in other.stderr
        assert "python -m ingest build" in other.stderr
    gone = run("chat", "ask", "Who should own the travel policy?")
    assert (gone.returncode, "Traceback" in gone.stderr) == (1, False)
    assert "the server of the embeddings gave none by 'letters'" in gone.stderr
    (tmp_path / "docs" / "more.md").write_text("# More\n\nThe CFO should own fees.\n")
    failed = run("ingest", "build")
    assert (failed.returncode, "Traceback" in failed.stderr) == (1, False), failed.stderr
    assert "the server of the embeddings gave none by 'letters'" in failed.stderr
