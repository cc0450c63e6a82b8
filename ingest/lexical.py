"""BM25 over the guidelines: which of them share words with a question, the rarer the words the more."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

_VOCABULARY = "vocab.index.json"


class Match(NamedTuple):
    """A row that shares a word with the question, and its BM25 score, above 0."""

    row: int
    score: float


class Lexicon:
    """A BM25 index (Lucene's variant) of token lists, one a row; made by ``build`` or ``load``.

    Lin et al., "Which BM25 do you mean?" (ECIR 2020), describes the variant: a token that stands in df of n
    rows weighs ``ln(1 + (n - df + 0.5) / (df + 0.5))``.
    """

    def __init__(self, index: Any, rows: int) -> None:
        self._index = index  # bm25s's own object; None when there is no token at all
        self.rows = rows

    @classmethod
    def build(cls, tokens: Sequence[Sequence[str]], *, k1: float = 1.5, b: float = 0.75) -> Lexicon:
        """Index the rows; ``k1``: how soon a repeated token stops counting, ``b``: how much length counts."""
        words = sorted({token for row in tokens for token in row})
        if not words:
            return cls(None, len(tokens))
        from bm25s import BM25  # type: ignore[import-untyped]

        vocabulary = {word: number for number, word in enumerate(words)}
        numbered = [[vocabulary[token] for token in row] for row in tokens]
        index = BM25(k1=k1, b=b, method="lucene")
        index.index((numbered, vocabulary), create_empty_token=False, show_progress=False)
        return cls(index, len(tokens))

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``, which is made; an index without tokens leaves it empty."""
        folder.mkdir(parents=True, exist_ok=True)
        if self._index is not None:
            self._index.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path, *, rows: int) -> Lexicon:
        """Map what ``save`` wrote for ``rows`` rows.

        Raises OSError or ValueError when it is not whole.
        """
        if not folder.is_dir():
            raise FileNotFoundError(f"no lexicon at {str(folder)!r}")
        if not (folder / _VOCABULARY).exists():
            return cls(None, rows)
        from bm25s import BM25

        index = BM25.load(folder, mmap=True, show_progress=False)
        if index.scores["num_docs"] != rows:
            raise ValueError(f"the lexicon has {index.scores['num_docs']!r} rows, not {rows!r}")
        return cls(index, rows)

    @property
    def vocabulary(self) -> Collection[str]:
        """Every token of any row; membership takes constant time."""
        return () if self._index is None else self._index.vocab_dict.keys()

    def scores(self, tokens: Sequence[str], k: int) -> list[Match]:
        """The ``k`` best rows for ``tokens``, best first, of equals the earlier row first.

        A token given twice counts twice, one that no row has counts nothing; rows that share no token are
        left out.
        """
        known = [token for token in tokens if token in self.vocabulary]
        if not known or k <= 0:
            return []
        every = self._index.get_scores(known)
        rows = np.flatnonzero(every > 0)
        if len(rows) > k:
            cut = np.partition(every[rows], len(rows) - k)[len(rows) - k]
            rows = rows[every[rows] >= cut]
        best = rows[np.lexsort((rows, -every[rows]))][:k]
        return [Match(int(row), float(every[row])) for row in best]

    def document_frequency(self, token: str) -> int:
        """In how many rows ``token`` stands; 0 for one that is unknown."""
        if token not in self.vocabulary:
            return 0
        number = self._index.vocab_dict[token]
        starts = self._index.scores["indptr"]
        return int(starts[number + 1] - starts[number])

    def idf(self, token: str) -> float:
        """How rare ``token`` is, at least 0; an unknown one is the rarest. 0 when there are no rows."""
        if not self.rows:
            return 0.0
        df = self.document_frequency(token)
        return math.log(1 + (self.rows - df + 0.5) / (df + 0.5))
