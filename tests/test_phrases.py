"""Phrases: one number for the same words, and every place found again."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.phrases import Hit, Phrases
from ingest.records import Guideline, Stance


def guideline(*topics: str) -> Guideline:
    stances = tuple(Stance("Warden", "leads", topic) for topic in topics)
    return Guideline("", "", 0, 0, "It is said.", "", (), "", stances, "normative", "")


def test_by_hand() -> None:
    # A guideline's phrases are its stances' topics, its text and its surroundings, here the text again.
    phrases, words = Phrases.of([guideline("pay", "tax"), guideline("tax")])
    assert words == ["pay", "tax", "It is said."]
    assert phrases.of_row(0).tolist() == [0, 1, 2, 2]
    assert phrases.of_row(1).tolist() == [1, 2, 2]
    assert phrases.hits(1, 0.5) == [Hit(0, 1, 0.5), Hit(1, 0, 0.5)]
    for some, rows in (([0], {0}), ([0, 1], {0, 1}), ([], set[int]())):
        assert phrases.rows(np.array(some, dtype=np.int64)) == rows
    numbers, starts = phrases.of_rows([1, 0])
    assert (numbers.tolist(), starts.tolist()) == ([1, 2, 2, 0, 1, 2, 2], [0, 3])


def test_no_guidelines_no_phrases() -> None:
    phrases, words = Phrases.of([])
    assert words == []
    assert phrases.starts.tolist() == [0]


@given(st.lists(st.lists(st.sampled_from("abcd"), max_size=4), max_size=6))
def test_every_phrase_is_found_in_all_its_places(topics: list[list[str]]) -> None:
    rows = [guideline(*some) for some in topics]
    phrases, words = Phrases.of(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "phrases.npz"
        phrases.save(path)
        loaded = Phrases.load(path)
    assert len(words) == len(set(words))
    for row, of in enumerate(rows):
        assert [words[p] for p in loaded.of_row(row)] == list(of.phrases)
    for number, word in enumerate(words):
        expected = [
            Hit(r, p, 1.0) for r, of in enumerate(rows) for p, text in enumerate(of.phrases) if text == word
        ]
        assert loaded.hits(number, 1.0) == expected
