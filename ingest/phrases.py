"""The phrases that have vectors, and where in the guidelines each of them stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.records import Guideline


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase near a query: ``guidelines[row].phrases[phrase]``; ``similarity`` is their cosine."""

    row: int
    phrase: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Phrases:
    """The distinct phrases of all guidelines, numbered in the order of their first place.

    A phrase that several guidelines have is one vector. The phrases of row ``r`` are
    ``flat[starts[r]:starts[r + 1]]``, in their order. Phrase ``p`` stands in the rows
    ``place_rows[place_starts[p]:place_starts[p + 1]]``, earlier ones first, there as the phrase
    ``place_offsets[...]``.
    """

    flat: NDArray[np.int64]
    starts: NDArray[np.int64]
    place_rows: NDArray[np.int64]
    place_offsets: NDArray[np.int64]
    place_starts: NDArray[np.int64]

    @classmethod
    def of(cls, guidelines: Sequence[Guideline]) -> tuple[Phrases, list[str]]:
        """Number the phrases of ``guidelines``; gives the places and the phrases."""
        number: dict[str, int] = {}
        flat, rows, offsets, starts = [], [], [], [0]
        for row, guideline in enumerate(guidelines):
            for offset, phrase in enumerate(guideline.phrases):
                flat.append(number.setdefault(phrase, len(number)))
                rows.append(row)
                offsets.append(offset)
            starts.append(len(flat))
        numbers = _array(flat)
        order = np.argsort(numbers, kind="stable")
        counts = np.bincount(numbers, minlength=len(number))
        place_starts = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
        made = cls(numbers, _array(starts), _array(rows)[order], _array(offsets)[order], place_starts)
        return made, list(number)

    def save(self, path: Path) -> None:
        """Write them to ``path``, which ends in ``.npz``."""
        np.savez(path, **{name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def load(cls, path: Path) -> Phrases:
        """Read what ``save`` wrote; raises OSError, ValueError or KeyError when it is not whole."""
        with np.load(path) as file:
            return cls(**{name: file[name] for name in cls.__slots__})

    def restricted(self, rows: NDArray[np.int64]) -> Phrases:
        """The places in ``rows`` alone, sorted row numbers; row ``rows[i]`` is then row ``i``.

        Phrases keep their numbers; one that stands in none of ``rows`` has no place.
        """
        numbers, starts = self.of_rows(rows.tolist())
        moved = np.full(len(self.starts) - 1, -1, dtype=np.int64)
        moved[rows] = np.arange(len(rows))
        places = moved[self.place_rows]
        kept = places >= 0
        before = np.concatenate(([0], np.cumsum(kept, dtype=np.int64)))
        return Phrases(
            numbers,
            np.append(starts, len(numbers)),
            places[kept],
            self.place_offsets[kept],
            before[self.place_starts],
        )

    @property
    def placed(self) -> NDArray[np.int64]:
        """The numbers of the phrases that stand somewhere, sorted."""
        return np.flatnonzero(np.diff(self.place_starts))

    def of_row(self, row: int) -> NDArray[np.int64]:
        """The numbers of a row's phrases, in their order."""
        return self.flat[self.starts[row] : self.starts[row + 1]]

    def rows(self, phrases: NDArray[np.int64]) -> set[int]:
        """The rows that have any of ``phrases``."""
        return set(self.place_rows[_spans(self.place_starts, phrases)].tolist())

    def of_rows(self, rows: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The numbers of the phrases of ``rows``, one row after the other, and where each row begins."""
        chosen = np.array(rows, dtype=np.int64)
        counts = self.starts[chosen + 1] - self.starts[chosen]
        return self.flat[_spans(self.starts, chosen)], np.cumsum(counts) - counts

    def hits(self, phrase: int, similarity: float) -> list[Hit]:
        """A hit for each place of a phrase."""
        here = slice(self.place_starts[phrase], self.place_starts[phrase + 1])
        places = zip(self.place_rows[here].tolist(), self.place_offsets[here].tolist(), strict=True)
        return [Hit(row, offset, similarity) for row, offset in places]


def _spans(starts: NDArray[np.int64], chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places ``starts[i] ... starts[i + 1] - 1`` of each ``i`` in ``chosen``, one after the other."""
    counts = starts[chosen + 1] - starts[chosen]
    before = np.cumsum(counts) - counts
    return np.repeat(starts[chosen] - before, counts) + np.arange(counts.sum())


def _array(numbers: list[int]) -> NDArray[np.int64]:
    return np.array(numbers, dtype=np.int64)
