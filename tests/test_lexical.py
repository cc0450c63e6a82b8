"""BM25: the arithmetic by hand, what is saved is what is loaded, and no input breaks it."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.lexical import Lexicon

ROWS = [["invoice", "pay"], ["invoice", "send", "invoice"], ["garden"], []]

tokens = st.text("abc", min_size=1, max_size=2)
corpora = st.lists(st.lists(tokens, max_size=6), max_size=8)


def bm25(
    rows: Sequence[Sequence[str]], query: Sequence[str], row: int, k1: float = 1.5, b: float = 0.75
) -> float:
    """The definition, written out."""
    mean = sum(map(len, rows)) / len(rows)
    total = 0.0
    for token in query:
        df = sum(token in r for r in rows)
        tf = rows[row].count(token)
        idf = math.log(1 + (len(rows) - df + 0.5) / (df + 0.5))
        total += idf * tf / (tf + k1 * (1 - b + b * len(rows[row]) / mean))
    return total


def test_scores_are_the_definitions() -> None:
    # Mean length 6/4 = 1.5. Row 2: df 1 of 4, ln(1 + 3.5/1.5) = 1.204; tf 1, length 1:
    # 1 / (1 + 1.5 * (0.25 + 0.75 * 1/1.5)) = 1 / 2.125 = 0.4706; together 0.5666.
    [match] = Lexicon.build(ROWS).scores(["garden"], 10)
    assert match.row == 2
    assert match.score == pytest.approx(0.5666, abs=1e-4)


def test_more_shared_words_come_first_and_k_cuts() -> None:
    lexicon = Lexicon.build(ROWS)
    assert [m.row for m in lexicon.scores(["invoice", "pay"], 10)] == [0, 1]
    assert [m.row for m in lexicon.scores(["invoice", "pay"], 1)] == [0]
    assert lexicon.scores(["invoice"], 0) == []


def test_of_equals_the_earlier_row_comes_first() -> None:
    assert [m.row for m in Lexicon.build([["a"], ["b"], ["a"], ["a"]]).scores(["a"], 2)] == [0, 2]


def test_frequency_and_rarity() -> None:
    lexicon = Lexicon.build(ROWS)
    assert set(lexicon.vocabulary) == {"invoice", "pay", "send", "garden"}
    assert (lexicon.document_frequency("invoice"), lexicon.document_frequency("unknown")) == (2, 0)
    assert lexicon.idf("invoice") == pytest.approx(math.log(1 + 2.5 / 2.5))
    assert lexicon.idf("unknown") > lexicon.idf("garden") > lexicon.idf("invoice")


@given(corpora, st.lists(tokens, max_size=4))
def test_any_corpus_any_question(rows: list[list[str]], query: list[str]) -> None:
    lexicon = Lexicon.build(rows)
    found = {m.row: m.score for m in lexicon.scores(query, len(rows) + 1)}
    for row in range(len(rows)):
        if set(rows[row]) & set(query):
            assert found.pop(row) == pytest.approx(bm25(rows, query, row), rel=1e-4)
    assert found == {}


@given(corpora, st.lists(tokens, max_size=4))
def test_what_is_saved_is_what_is_loaded(rows: list[list[str]], query: list[str]) -> None:
    built = Lexicon.build(rows)
    with tempfile.TemporaryDirectory() as folder:
        built.save(Path(folder) / "lexicon")
        loaded = Lexicon.load(Path(folder) / "lexicon")
        assert len(loaded) == len(rows)
        assert loaded.scores(query, 10) == built.scores(query, 10)
        assert set(loaded.vocabulary) == set(built.vocabulary)
        assert [loaded.idf(t) for t in query] == [built.idf(t) for t in query]


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    Lexicon.build(ROWS).save(tmp_path / "one")
    Lexicon.build([*ROWS, ["orchard"]]).save(tmp_path / "two")
    (tmp_path / "two" / "starts.npy").replace(tmp_path / "one" / "starts.npy")
    with pytest.raises(ValueError, match="do not belong together"):
        Lexicon.load(tmp_path / "one")
    with pytest.raises(FileNotFoundError):
        Lexicon.load(tmp_path / "missing")


def test_it_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Lexicon.build(ROWS).save(tmp_path / "lexicon")
    Lexicon.load(tmp_path / "lexicon").scores(["invoice"], 3)
    assert capfd.readouterr() == ("", "")


def test_which_rows_have_which_tokens() -> None:
    lexicon = Lexicon.build([["keys", "shed"], ["keys"], []])
    found = lexicon.having(["shed", "keys", "boat"], [2, 0])
    assert found.tolist() == [[False, True], [False, True], [False, False]]
