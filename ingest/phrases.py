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

    A phrase that several guidelines have is one vector. Phrase ``t`` of row ``r`` is the phrase
    ``flat[starts[r] + t]``; phrase ``p`` stands in ``flat`` at
    ``places[place_starts[p]:place_starts[p + 1]]``, earlier rows first.
    """

    flat: NDArray[np.int64]
    starts: NDArray[np.int64]
    places: NDArray[np.int64]
    place_starts: NDArray[np.int64]

    @classmethod
    def of(cls, guidelines: Sequence[Guideline]) -> tuple[Phrases, list[str]]:
        """Number the phrases of ``guidelines``; gives the places and the phrases."""
        number: dict[str, int] = {}
        flat = np.array(
            [number.setdefault(phrase, len(number)) for g in guidelines for phrase in g.phrases],
            dtype=np.int64,
        )
        starts = np.cumsum([0, *(len(g.phrases) for g in guidelines)], dtype=np.int64)
        counts = np.bincount(flat, minlength=len(number))
        place_starts = np.cumsum([0, *counts], dtype=np.int64)
        return cls(flat, starts, np.argsort(flat, kind="stable"), place_starts), list(number)

    def save(self, path: Path) -> None:
        """Write them to ``path``, which ends in ``.npz``."""
        np.savez(path, flat=self.flat, starts=self.starts, places=self.places, place_starts=self.place_starts)

    @classmethod
    def load(cls, path: Path) -> Phrases:
        """Read what ``save`` wrote; raises OSError, ValueError or KeyError when it is not whole."""
        with np.load(path) as file:
            return cls(file["flat"], file["starts"], file["places"], file["place_starts"])

    def of_row(self, row: int) -> NDArray[np.int64]:
        """The numbers of a row's phrases, in their order."""
        return self.flat[self.starts[row] : self.starts[row + 1]]

    def rows(self, phrases: Sequence[int]) -> set[int]:
        """The rows that have any of ``phrases``."""
        places = [self.places[self.place_starts[p] : self.place_starts[p + 1]] for p in phrases]
        if not places:
            return set()
        found = np.searchsorted(self.starts, np.unique(np.concatenate(places)), side="right") - 1
        return set(np.unique(found).tolist())

    def of_rows(self, rows: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The numbers of the phrases of ``rows``, one row after the other, and where each row begins."""
        parts = [self.of_row(row) for row in rows]
        starts = np.cumsum([0, *(len(part) for part in parts[:-1])], dtype=np.int64)
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64), starts[: len(parts)]

    def hits(self, phrase: int, similarity: float) -> list[Hit]:
        """A hit for each place of a phrase."""
        places = self.places[self.place_starts[phrase] : self.place_starts[phrase + 1]]
        rows = np.searchsorted(self.starts, places, side="right") - 1
        offsets = places - self.starts[rows]
        return [Hit(r, o, similarity) for r, o in zip(rows.tolist(), offsets.tolist(), strict=True)]
