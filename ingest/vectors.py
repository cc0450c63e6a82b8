"""Vectors known from earlier builds, so that a changed document embeds only the phrases that are new."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_TABLE = """
CREATE TABLE IF NOT EXISTS vectors (
    embedder TEXT NOT NULL, phrase BLOB NOT NULL, vector BLOB NOT NULL, build INTEGER NOT NULL,
    PRIMARY KEY (embedder, phrase)
)
"""
KEPT_BUILDS = 5  # a phrase that so many builds in a row did not have is forgotten


class KnownVectors:
    """A SQLite file of vectors by embedder and phrase. It can be deleted at any time: it only saves work."""

    def __init__(self, path: Path, *, embedder: str, dimensions: int) -> None:
        """Open or make ``path``; a file that SQLite cannot read is made anew."""
        self._embedder = embedder
        self._dimensions = dimensions
        try:
            self._base, self._build = _open(path)
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            self._base, self._build = _open(path)

    def find(self, phrases: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors, (dimensions,), of those phrases that have one."""
        query = "SELECT vector FROM vectors WHERE embedder = ? AND phrase = ?"
        found = {}
        for phrase in phrases:
            row = self._base.execute(query, (self._embedder, _key(phrase))).fetchone()
            if row is not None and len(row[0]) == 4 * self._dimensions:
                found[phrase] = np.frombuffer(row[0], dtype="<f4")
        return found

    def keep(self, phrases: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Remember vectors, (phrases, dimensions); they are on disk when this returns."""
        rows = (
            (self._embedder, _key(phrase), vector.astype("<f4").tobytes(), self._build)
            for phrase, vector in zip(phrases, vectors, strict=True)
        )
        with self._base:
            self._base.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", rows)

    def forget_unused(self, used: Iterable[str]) -> None:
        """Note which phrases this build has, and forget those that the last builds did not have."""
        rows = ((self._build, self._embedder, _key(phrase)) for phrase in used)
        with self._base:
            self._base.executemany("UPDATE vectors SET build = ? WHERE embedder = ? AND phrase = ?", rows)
            self._base.execute("DELETE FROM vectors WHERE build <= ?", (self._build - KEPT_BUILDS,))

    def close(self) -> None:
        """Close the file."""
        self._base.close()


def _open(path: Path) -> tuple[sqlite3.Connection, int]:
    """The file, and the number of the build that opens it."""
    base = sqlite3.connect(path, timeout=30)
    try:
        with base:
            base.execute(_TABLE)
            last = base.execute("SELECT max(build) FROM vectors").fetchone()[0]
    except sqlite3.DatabaseError:
        base.close()
        raise
    return base, (last or 0) + 1


def _key(phrase: str) -> bytes:
    return hashlib.sha256(phrase.encode()).digest()
