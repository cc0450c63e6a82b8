"""The index: one published generation, opened for reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.chroma import Near, Reader, open_reader, translated
from ingest.errors import IndexMismatch
from ingest.home import Home
from ingest.lexical import Lexicon
from ingest.manifest import REBUILD, Manifest
from ingest.phrases import Hit, Phrases
from ingest.records import Document, Guideline, Role, Term
from ingest.rows import Documents, Rows

# The names of a generation's files.
DOCUMENTS = "documents.jsonl"
GUIDELINES = "guidelines.jsonl"
LEXICON = "lexicon"
VECTORS = "vectors.npy"
PHRASES = "phrases.npz"
CHROMA = "chroma"


class Generation:
    """A generation, read-only. Safe to share between threads; it does not change while it is open."""

    def __init__(self, folder: Path) -> None:
        """Open everything but Chroma, which ``connect`` opens.

        Raises IndexMismatch when the generation has another format or is damaged.
        """
        self.folder = folder
        self.id = folder.name
        self.manifest = Manifest.read(folder)
        self.roles: tuple[Role, ...] = self.manifest.roles
        self.glossary: tuple[Term, ...] = self.manifest.glossary
        try:
            self.guidelines: Sequence[Guideline] = Rows(folder / GUIDELINES, Guideline)
            rows = Rows(folder / DOCUMENTS, Document)
            self.documents: Mapping[str, Document] = Documents(
                rows, (d.path for d in self.manifest.documents)
            )
            self.lexicon = Lexicon.load(folder / LEXICON)
            self.phrases = Phrases.load(folder / PHRASES)
            self.vectors: NDArray[np.float32] = np.load(folder / VECTORS, mmap_mode="r")
        except (OSError, ValueError, KeyError) as exc:
            raise self._damaged(str(exc)) from exc
        self._reader: Reader | None = None

    def connect(self) -> Generation:
        """Open the collection in Chroma, which ``nearest`` needs.

        Raises IndexMismatch when Chroma cannot open it or holds another number of vectors.
        """
        with translated(self.id):
            self._reader = open_reader(self.folder / CHROMA)
            count = self._reader.count()
        if count != len(self.vectors):
            raise self._damaged(f"Chroma holds {count!r} vectors instead of {len(self.vectors)!r}")
        return self

    def nearest(self, vectors: NDArray[np.float32], k: int) -> list[list[Hit]]:
        """Where the ``k`` phrases nearest to each of ``vectors`` stand, nearest first.

        ``vectors`` is (queries, dimensions); the result has an entry a query. A phrase that stands in several
        guidelines gives a hit for each, so that a common one does not crowd out the others. No query, or an
        index without phrases, gives no hits.
        """
        return [
            [hit for i, far in zip(*near, strict=True) for hit in self.phrases.hits(int(i), 1 - far)]
            for near in self._near(vectors, k)
        ]

    def rows_near(self, vectors: NDArray[np.float32], k: int) -> set[int]:
        """The rows with one of the ``k`` phrases nearest to any of ``vectors``, (queries, dimensions)."""
        return self.phrases.rows([int(i) for near in self._near(vectors, k) for i in near[0]])

    def _near(self, vectors: NDArray[np.float32], k: int) -> Sequence[Near]:
        if self._reader is None:
            raise RuntimeError("connect() comes first")
        k = min(k, len(self.vectors))
        if not len(vectors) or k <= 0:
            return [Near([], []) for _ in vectors]
        with translated(self.id):
            return self._reader.nearest(vectors, k)

    def phrase_vectors(self, row: int) -> NDArray[np.float32]:
        """The vectors of a guideline's phrases, (phrases, dimensions), in their order."""
        chosen: NDArray[np.float32] = self.vectors[self.phrases.of_row(row)]
        return chosen

    def phrase_vectors_of(self, rows: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The vectors of the phrases of ``rows``, one row after the other, and where each row begins."""
        numbers, starts = self.phrases.of_rows(rows)
        return np.asarray(self.vectors[numbers]), starts

    def close(self) -> None:
        """Let go of Chroma; ``nearest`` can no longer be called."""
        if self._reader is not None:
            self._reader.close()
        self._reader = None

    def _damaged(self, how: str) -> IndexMismatch:
        return IndexMismatch(f"the index {self.id!r} is damaged: {how}; {REBUILD}")


def open_live(home: Path, embedder_id: str) -> Generation:
    """Open the generation that is live in ``home``, ready to answer.

    Raises IndexUnavailable when there is none, IndexMismatch when it was made by another embedder or format
    or is damaged; the message says what to run.
    """
    generation = Generation(Home(home).live())
    made_by = generation.manifest.embedder
    if made_by != embedder_id:
        raise IndexMismatch(
            f"the index {generation.id!r} was made by the embedder {made_by!r}, this is {embedder_id!r};"
            " run: python -m ingest build"
        )
    return generation.connect()
