"""Phrases: one number for the same words, and every place found again."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.phrases import Hit, Phrases
from ingest.records import Guideline

topics = st.lists(st.sampled_from("abcde"), max_size=4, unique=True).map(tuple)


def guideline(of: tuple[str, ...]) -> Guideline:
    return Guideline("", "", 0, 0, "", "", (), "", (), "normative", of)


def test_by_hand() -> None:
    phrases, words = Phrases.of([guideline(("pay", "tax")), guideline(()), guideline(("tax",))])
    assert words == ["pay", "tax"]
    assert phrases.of_row(0).tolist() == [0, 1]
    assert phrases.of_row(1).tolist() == []
    assert phrases.hits(1, 0.5) == [Hit(0, 1, 0.5), Hit(2, 0, 0.5)]


@given(st.lists(topics, max_size=6))
def test_every_topic_is_a_place_of_its_phrase(rows: list[tuple[str, ...]]) -> None:
    phrases, words = Phrases.of([guideline(r) for r in rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "phrases.npz"
        phrases.save(path)
        loaded = Phrases.load(path)
    assert len(words) == len(set(words))
    for row, of in enumerate(rows):
        assert [words[p] for p in loaded.of_row(row)] == list(of)
    for number, word in enumerate(words):
        expected = [
            Hit(r, t, 1.0) for r, of in enumerate(rows) for t, topic in enumerate(of) if topic == word
        ]
        assert loaded.hits(number, 1.0) == expected
    assert np.array_equal(loaded.flat, phrases.flat)
