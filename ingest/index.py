"""The index: one published generation, opened for reading."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.chroma import Reader, open_reader, translated
from ingest.errors import IndexMismatch
from ingest.home import Home
from ingest.lexical import Lexicon
from ingest.manifest import REBUILD, Manifest
from ingest.phrases import Hit, Phrases
from ingest.records import Document, Guideline, Role, Term
from ingest.rows import Chosen, Documents, Rows, mapped

# The names of a generation's files.
DOCUMENTS = "documents.jsonl"
GUIDELINES = "guidelines.jsonl"
LEXICON = "lexicon"
VECTORS = "vectors.npy"
PHRASES = "phrases.npz"
CHROMA = "chroma"
KEPT_VIEWS = 16  # a view of 100,000 guidelines takes about 30 MB
# Measured over 44,000 phrases: a neighbour looked up in Chroma takes as long as a product with 7 vectors.
_LOOKED_UP = 1 / 7
# Up to so many vectors the product with all of them is exact and takes half the time of the lookup, or less.
_EXACT = 4_000

Groups = frozenset[str]  # that may see a document


class Neighbours(NamedTuple):
    """The numbers of the phrases nearest to a query and their cosine distances, nearest first."""

    numbers: NDArray[np.int64]
    distances: NDArray[np.float32]


_NOBODY = Neighbours(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))


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
            self._documents = Documents(rows, (d.path for d in self.manifest.documents))
            self.documents: Mapping[str, Document] = self._documents
            self.lexicon = Lexicon.load(folder / LEXICON)
            self.phrases = Phrases.load(folder / PHRASES)
            self.vectors: NDArray[np.float32] = mapped(folder / VECTORS)
        except (OSError, ValueError, KeyError) as exc:
            raise self._damaged(str(exc)) from exc
        self._reader: Reader | None = None
        self._limits: frozenset[Groups] = frozenset(frozenset(d.access) for d in self.manifest.documents) - {
            frozenset()
        }
        self._view = lru_cache(maxsize=KEPT_VIEWS)(lambda seen: View(self, seen))
        self._viewing = threading.Lock()

    def visible_to(self, groups: Collection[str]) -> Generation:
        """What somebody in ``groups`` may see: the generation itself, or a view without the other documents.

        A view holds nothing of what it leaves out: no text, no word, no count. The same one serves all who
        may see the same documents; the last few are kept.
        """
        seen = frozenset(limit for limit in self._limits if not limit.isdisjoint(groups))
        if seen == self._limits:
            return self
        with self._viewing:
            return self._view(seen)

    @cached_property
    def docs_of_rows(self) -> Sequence[str]:
        """The document of each guideline."""
        return [guideline.doc for guideline in self.guidelines]

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
            [hit for i, far in zip(*near, strict=True) for hit in self.phrases.hits(int(i), 1 - float(far))]
            for near in self.near(vectors, k)
        ]

    def rows_near(self, vectors: NDArray[np.float32], k: int) -> set[int]:
        """The rows with one of the ``k`` phrases nearest to any of ``vectors``, (queries, dimensions)."""
        near = self._near_exactly(vectors, k) if len(self.vectors) <= _EXACT else self.near(vectors, k)
        return self.phrases.rows(np.concatenate([n.numbers for n in near])) if near else set()

    def _near_exactly(self, vectors: NDArray[np.float32], k: int) -> list[Neighbours]:
        return _by_product(vectors, self.vectors, np.arange(len(self.vectors)), k)

    def near(self, vectors: NDArray[np.float32], k: int) -> list[Neighbours]:
        """The ``k`` phrases nearest to each of ``vectors``."""
        if self._reader is None:
            raise RuntimeError("connect() comes first")
        k = min(k, len(self.vectors))
        if not len(vectors) or k <= 0:
            return [_NOBODY for _ in vectors]
        with translated(self.id):
            return [
                Neighbours(np.array(ids, dtype=np.int64), np.array(distances, dtype=np.float32))
                for ids, distances in self._reader.nearest(vectors, k)
            ]

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


class View(Generation):
    """What of a generation is visible where the documents limited to others than ``seen`` are left out.

    ``seen`` are sets of groups, as documents name them. It answers as a generation made of the visible
    documents alone would: rows are counted anew, words are as rare as they are there, and neighbours that are
    not visible take no place.
    """

    def __init__(self, whole: Generation, seen: frozenset[Groups]) -> None:
        entries = whole.manifest.documents
        places = [n for n, d in enumerate(entries) if not d.access or frozenset(d.access) in seen]
        paths = [entries[n].path for n in places]
        visible = frozenset(paths)
        rows = np.array([r for r, doc in enumerate(whole.docs_of_rows) if doc in visible], dtype=np.int64)
        self._whole = whole
        self.folder, self.id = whole.folder, whole.id
        self.roles, self.glossary = whole.roles, whole.glossary
        self.documents = whole._documents.only(paths)
        self.guidelines: Sequence[Guideline] = Chosen(whole.guidelines, rows.tolist())
        self.lexicon = whole.lexicon.restricted(rows)
        self.phrases = whole.phrases.restricted(rows)
        self.vectors = whole.vectors
        self._phrases = self.phrases.placed
        self.manifest = replace(
            whole.manifest,
            documents=tuple(entries[n] for n in places),
            guidelines=len(rows),
            phrases=len(self._phrases),
            skipped=(),
        )

    def visible_to(self, groups: Collection[str]) -> Generation:
        """What somebody in ``groups`` may see, whatever this view shows."""
        return self._whole.visible_to(groups)

    def near(self, vectors: NDArray[np.float32], k: int) -> list[Neighbours]:
        """The ``k`` visible phrases nearest to each of ``vectors``."""
        total, k = len(self.vectors), min(k, len(self._phrases))
        if not len(vectors) or k <= 0:
            return [_NOBODY for _ in vectors]
        visible = np.diff(self.phrases.place_starts) > 0
        fetch = 2 * k * total // len(self._phrases)
        while fetch < _LOOKED_UP * len(self._phrases):
            found = [_visible(near, visible, k) for near in self._whole.near(vectors, fetch)]
            if all(len(near.numbers) == k for near in found):
                return found
            fetch *= 4
        return self._near_exactly(vectors, k)

    def _near_exactly(self, vectors: NDArray[np.float32], k: int) -> list[Neighbours]:
        return _by_product(vectors, self.vectors[self._phrases], self._phrases, k)

    def connect(self) -> Generation:
        """A view reads through the generation it is of."""
        return self

    def close(self) -> None:
        """A view has nothing to let go of."""


def _by_product(
    vectors: NDArray[np.float32], among: NDArray[np.float32], numbers: NDArray[np.int64], k: int
) -> list[Neighbours]:
    """The ``k`` of ``among`` nearest to each of ``vectors``, by the ``numbers`` that those go by."""
    distances = 1 - vectors @ np.asarray(among).T
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :k]
    return [Neighbours(numbers[order], far[order]) for order, far in zip(nearest, distances, strict=True)]


def _visible(near: Neighbours, visible: NDArray[np.bool_], k: int) -> Neighbours:
    kept = visible[near.numbers]
    return Neighbours(near.numbers[kept][:k], near.distances[kept][:k])


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
