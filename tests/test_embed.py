"""The bundled embedder: the files are the ones named, vectors are unit, repeatable and independent."""

from __future__ import annotations

import copy
import hashlib
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import embed
from ingest.embed import BundledEmbedder

EMBEDDER = BundledEmbedder()


@pytest.mark.parametrize(
    ("name", "expected"),
    [(embed.MODEL_FILE, embed.MODEL_SHA256), (embed.TOKENIZER_FILE, embed.TOKENIZER_SHA256)],
)
def test_files_are_the_ones_the_readme_names(name: str, expected: str) -> None:
    folder = files("ingest").joinpath("model")
    table = folder.joinpath("README.md").read_text()
    row = re.search(rf"\| `{re.escape(name)}` \|.*\| ([0-9a-f]{{64}}) \|", table)
    assert row is not None
    assert row.group(1) == expected
    assert hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() == expected


def test_the_licence_and_the_notice_ship_with_the_model() -> None:
    folder = files("ingest").joinpath("model")
    assert "Apache License" in folder.joinpath("LICENSE").read_text()
    assert "all-MiniLM-L6-v2" in folder.joinpath("NOTICE").read_text()


def test_no_texts_give_no_rows() -> None:
    vectors = EMBEDDER.embed([])
    assert vectors.shape == (0, 384)
    assert vectors.dtype == np.float32


def test_the_id_names_the_weights() -> None:
    assert embed.MODEL_SHA256.startswith(EMBEDDER.id.rpartition("@")[2])


def test_near_in_meaning_is_near_in_space() -> None:
    invoices, bills, gardens = EMBEDDER.embed(["paying invoices", "settling bills", "planting tulips"])
    assert invoices @ bills > invoices @ gardens + 0.2


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=60).filter(lambda t: t.isprintable()), min_size=1, max_size=5))
def test_a_vector_is_unit_and_depends_on_its_text_alone(texts: list[str]) -> None:
    together = EMBEDDER.embed(texts)
    assert together.shape == (len(texts), 384)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for text, vector in zip(texts, together, strict=True):
        assert np.array_equal(EMBEDDER.embed([text])[0], vector)


def test_several_at_a_time_are_the_same_vectors() -> None:
    texts = ["payroll", "the budget of the press office", "", "travel", "payroll"]
    two = BundledEmbedder(threads=2)
    assert np.array_equal(two.embed(texts), EMBEDDER.embed(texts))
    assert np.array_equal(two.embed(["travel"]), EMBEDDER.embed(["travel"]))
    assert two.embed([]).shape == (0, 384)


def test_a_text_is_read_to_256_tokens_and_no_further() -> None:
    # "word" is one token; 254 of them and the two marks at the ends make 256.
    word = "word "
    full, cut, last = EMBEDDER.embed([word * 254, word * 254 + "tulip", word * 253 + "tulip"])
    assert np.array_equal(full, cut)
    assert not np.array_equal(full, last)


def test_a_copy_in_another_process_gives_the_same_vector() -> None:
    # deepcopy goes the same way as sending it there.
    sent = copy.deepcopy(EMBEDDER)
    assert sent.id == EMBEDDER.id
    assert vars(sent).keys() == vars(BundledEmbedder()).keys()  # the loaded model stays behind
    assert np.array_equal(sent.embed(["data quality"]), EMBEDDER.embed(["data quality"]))


def test_the_runtime_reports_to_nobody_and_leaves_nothing_behind(root: Path, tmp_path: Path) -> None:
    # What it would report it first writes into a database of its own, and beside it the machine's number.
    code = "from ingest.embed import BundledEmbedder; BundledEmbedder().embed(['travel'])"
    # No more than these: the runtime keeps quiet by itself where it takes the environment for a test's.
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, env=environ, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert list(tmp_path.rglob("*")) == []
