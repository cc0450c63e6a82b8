"""BM25 over the guidelines: which of them share words with a question, the rarer the words the more."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.rows import mapped

_VOCABULARY = "vocabulary.json"
_ARRAYS = ("starts", "rows", "weights")
_COUNTED = ("counts", "lengths")
_K1, _B = 1.5, 0.75  # how soon a repeated token stops counting; how much length counts


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
        counts: NDArray[Any] | None = None,
        lengths: NDArray[Any] | None = None,
    ) -> None:
        """Token ``t`` weighs ``weights[starts[t]:starts[t + 1]]`` in the rows ``rows[...]`` of ``size``.

        ``counts`` says how often it stands in each of them, ``lengths`` how many tokens each of all rows has;
        only ``restricted`` needs the two.
        """
        self._vocabulary = vocabulary
        self._starts = starts
        self._rows = rows
        self._weights = weights
        self._size = size
        self._counts = counts
        self._lengths = lengths

    @classmethod
    def build(cls, tokens: Sequence[Sequence[str]]) -> Lexicon:
        """Index the rows."""
        words = sorted({token for row in tokens for token in row})
        vocabulary = {word: number for number, word in enumerate(words)}
        lengths = np.array([len(row) for row in tokens], dtype=np.int32)
        if not words:
            return cls._empty(lengths)
        from bm25s import BM25  # type: ignore[import-untyped]

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it would tell of each index that it builds
        index = BM25(k1=_K1, b=_B, method="lucene")
        numbered = [[vocabulary[token] for token in row] for row in tokens]
        index.index((numbered, vocabulary), create_empty_token=False, show_progress=False)
        found = index.scores
        starts, rows = found["indptr"], found["indices"]
        # Where token t stands in row r, by t * rows + r; the same pair as often as it stands there.
        pairs = np.concatenate(
            [np.array(row, dtype=np.int64) * len(tokens) + r for r, row in enumerate(numbered)]
        )
        places, often = np.unique(pairs, return_counts=True)
        wanted = np.repeat(np.arange(len(words)), np.diff(starts)) * len(tokens) + rows
        counts = often[np.searchsorted(places, wanted)].astype(np.int32)
        return cls(vocabulary, starts, rows, found["data"], size=len(tokens), counts=counts, lengths=lengths)

    @classmethod
    def _empty(cls, lengths: NDArray[Any]) -> Lexicon:
        none = np.zeros(0, dtype=np.int32)
        starts = np.zeros(1, dtype=np.int32)
        return cls({}, starts, none, none.astype(np.float32), size=len(lengths), counts=none, lengths=lengths)

    def restricted(self, rows: NDArray[np.int64]) -> Lexicon:
        """The index of ``rows`` alone, sorted row numbers, as if the others had never been: rarities, lengths
        and words are those of these rows. Row ``rows[i]`` is then row ``i``.

        Raises ValueError for an index that was saved before it could be restricted.
        """
        if self._counts is None or self._lengths is None:
            raise ValueError("it was saved without its counts")
        moved = np.full(self._size, -1, dtype=np.int64)
        moved[rows] = np.arange(len(rows))
        kept = np.flatnonzero(moved[self._rows] >= 0)
        lengths = self._lengths[rows]
        token = np.repeat(np.arange(len(self._vocabulary)), np.diff(self._starts))[kept]
        frequency = np.bincount(token, minlength=len(self._vocabulary))
        here = frequency > 0
        if not here.any():
            return self._empty(lengths)
        words = [word for word, there in zip(self._vocabulary, here, strict=True) if there]
        frequency = frequency[here]
        # In the precision that the whole index was made in, so that the weights are the same to the bit.
        idf = np.array([_idf(df, len(rows)) for df in frequency.tolist()], dtype=np.float32)
        new_rows, counts = moved[self._rows[kept]], self._counts[kept].astype(np.float32)
        saturation = _K1 * ((1 - _B) + _B * lengths[new_rows] / lengths.mean())
        weights = np.repeat(idf, frequency) * (counts / (saturation + counts))
        return Lexicon(
            {word: number for number, word in enumerate(words)},
            np.concatenate(([0], np.cumsum(frequency))),
            new_rows,
            weights.astype(np.float32),
            size=len(rows),
            counts=self._counts[kept],
            lengths=lengths,
        )

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``, which is made."""
        folder.mkdir(parents=True)
        for name, array in zip(_ARRAYS, (self._starts, self._rows, self._weights), strict=True):
            np.save(folder / f"{name}.npy", array)
        for name, counted in zip(_COUNTED, (self._counts, self._lengths), strict=True):
            if counted is not None:
                np.save(folder / f"{name}.npy", counted)
        words = json.dumps({"rows": self._size, "words": list(self._vocabulary)}, ensure_ascii=False)
        (folder / _VOCABULARY).write_text(words, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        """Map what ``save`` wrote; raises OSError, ValueError or KeyError when it is not whole."""
        saved = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
        vocabulary = {word: number for number, word in enumerate(saved["words"])}
        starts, rows, weights = (mapped(folder / f"{name}.npy") for name in _ARRAYS)
        if len(starts) != len(vocabulary) + 1 or not len(rows) == len(weights) == starts[-1]:
            raise ValueError(f"the files in {str(folder)!r} do not belong together")
        counts, lengths = (
            mapped(file) if (file := folder / f"{name}.npy").exists() else None for name in _COUNTED
        )
        return cls(vocabulary, starts, rows, weights, size=saved["rows"], counts=counts, lengths=lengths)

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

    def having(self, tokens: Sequence[str], rows: Sequence[int]) -> NDArray[np.bool_]:
        """Which of ``rows`` have which of ``tokens``: (tokens, rows)."""
        found = np.zeros((len(tokens), len(rows)), dtype=bool)
        for place, number in enumerate(map(self._vocabulary.get, tokens)):
            if number is not None:
                every = np.zeros(self._size, dtype=bool)
                every[self._rows[self._starts[number] : self._starts[number + 1]]] = True
                found[place] = every[rows]
        return found

    def document_frequency(self, token: str) -> int:
        """In how many rows ``token`` stands; 0 for one that is unknown."""
        number = self._vocabulary.get(token)
        return 0 if number is None else int(self._starts[number + 1] - self._starts[number])

    def idf(self, token: str) -> float:
        """How rare ``token`` is, at least 0; an unknown one is the rarest."""
        return _idf(self.document_frequency(token), self._size)


def _idf(df: int, size: int) -> float:
    return math.log(1 + (size - df + 0.5) / (df + 0.5))
