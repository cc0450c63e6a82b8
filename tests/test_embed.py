"""The bundled embedder: the files are the ones named, vectors are unit, repeatable and independent."""

from __future__ import annotations

import copy
import hashlib
import re
from importlib.resources import files

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
