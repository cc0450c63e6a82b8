"""BM25 over the guidelines: which of them share words with a question, the rarer the words the more."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_VOCABULARY = "vocabulary.json"
_ARRAYS = ("starts", "rows", "weights")


class Match(NamedTuple):
    """A row that shares a word with the question, and its BM25 score, above 0."""

    row: int
    score: float


class Lexicon:
    """A BM25 index (Lucene's variant) of token lists, one a row; made by ``build`` or ``load``.

    Lin et al., "Which BM25 do you mean?" (ECIR 2020), describes the variant: a token that stands in df of n
    rows weighs ``ln(1 + (n - df + 0.5) / (df + 0.5))``. bm25s works out every weight when the index is built;
    a search adds them up, which needs numpy alone.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        starts: NDArray[Any],
        rows: NDArray[Any],
        weights: NDArray[Any],
        *,
        size: int,
    ) -> None:
        """Token ``t`` weighs ``weights[starts[t]:starts[t + 1]]`` in the rows ``rows[...]`` of ``size``."""
        self._vocabulary = vocabulary
        self._starts = starts
        self._rows = rows
        self._weights = weights
        self._size = size

    @classmethod
    def build(cls, tokens: Sequence[Sequence[str]], *, k1: float = 1.5, b: float = 0.75) -> Lexicon:
        """Index the rows; ``k1``: how soon a repeated token stops counting, ``b``: how much length counts."""
        words = sorted({token for row in tokens for token in row})
        vocabulary = {word: number for number, word in enumerate(words)}
        if not words:
            none = np.zeros(0, dtype=np.int32)
            return cls({}, np.zeros(1, dtype=np.int32), none, none.astype(np.float32), size=len(tokens))
        from bm25s import BM25  # type: ignore[import-untyped]

        index = BM25(k1=k1, b=b, method="lucene")
        numbered = [[vocabulary[token] for token in row] for row in tokens]
        index.index((numbered, vocabulary), create_empty_token=False, show_progress=False)
        found = index.scores
        return cls(vocabulary, found["indptr"], found["indices"], found["data"], size=len(tokens))

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``, which is made."""
        folder.mkdir(parents=True)
        for name, array in zip(_ARRAYS, (self._starts, self._rows, self._weights), strict=True):
            np.save(folder / f"{name}.npy", array)
        words = json.dumps({"rows": self._size, "words": list(self._vocabulary)}, ensure_ascii=False)
        (folder / _VOCABULARY).write_text(words, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        """Map what ``save`` wrote; raises OSError, ValueError or KeyError when it is not whole."""
        saved = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
        vocabulary = {word: number for number, word in enumerate(saved["words"])}
        starts, rows, weights = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS)
        if len(starts) != len(vocabulary) + 1 or not len(rows) == len(weights) == starts[-1]:
            raise ValueError(f"the files in {str(folder)!r} do not belong together")
        return cls(vocabulary, starts, rows, weights, size=saved["rows"])

    def __len__(self) -> int:
        return self._size

    @property
    def vocabulary(self) -> Collection[str]:
        """Every token of any row; membership takes constant time."""
        return self._vocabulary.keys()

    def scores(self, tokens: Sequence[str], k: int) -> list[Match]:
        """The ``k`` best rows for ``tokens``, best first, of equals the earlier row first.

        A token given twice counts twice, one that no row has counts nothing; rows that share no token are
        left out.
        """
        every = np.zeros(self._size, dtype=np.float32)
        for number in (self._vocabulary[token] for token in tokens if token in self._vocabulary):
            span = slice(self._starts[number], self._starts[number + 1])
            every[self._rows[span]] += self._weights[span]  # a row stands at most once in a token's span
        rows = np.flatnonzero(every)
        if k <= 0 or not len(rows):
            return []
        if len(rows) > k:
            least = np.partition(every[rows], len(rows) - k)[len(rows) - k]
            rows = rows[every[rows] >= least]
        best = rows[np.lexsort((rows, -every[rows]))][:k]
        return [Match(int(row), float(every[row])) for row in best]

    def document_frequency(self, token: str) -> int:
        """In how many rows ``token`` stands; 0 for one that is unknown."""
        number = self._vocabulary.get(token)
        return 0 if number is None else int(self._starts[number + 1] - self._starts[number])

    def idf(self, token: str) -> float:
        """How rare ``token`` is, at least 0; an unknown one is the rarest."""
        df = self.document_frequency(token)
        return math.log(1 + (self._size - df + 0.5) / (df + 0.5))
