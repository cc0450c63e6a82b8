"""Find the guidelines that speak of a question's topic, by meaning and by word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chat.question import Question
from ingest.index import Generation
from ingest.records import Guideline
from ingest.topics import terms as guideline_terms
from ingest.words import stems

NEIGHBOURS = 96  # topic vectors looked up for each query
MATCHES = 48  # rows looked up by word


class Embedder(Protocol):
    """Turns texts into unit vectors, one a row."""

    id: str

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(len(texts), dimensions), float32."""
        ...


@dataclass(frozen=True, slots=True)
class Passage:
    """A guideline found for a question, and how near it is.

    ``similarity``: cosine of its nearest topic phrase, mean over the queries; ``words``: BM25 as a share of the
    highest score the question could reach; ``cover``: share of the question's words, weighted by rarity, that
    the guideline has; ``score`` orders passages. All but ``score`` lie in [0, 1] (cosine can fall below 0).
    ``fits`` holds for each of the guideline's stances how near the stance's own topic is.
    """

    row: int
    guideline: Guideline
    similarity: float
    words: float
    cover: float
    score: float
    fits: tuple[float, ...] = ()


class Retriever:
    """Searches one generation: max-sim over topic vectors (ColBERT's late interaction, Khattab and Zaharia 2020,
    over phrases in place of tokens) joined with BM25 on role-masked text."""

    def __init__(self, generation: Generation, embedder: Embedder) -> None:
        self._generation = generation
        self._embedder = embedder
        self._stems: dict[int, frozenset[str]] = {}

    def search(self, question: Question, k: int = 24) -> list[Passage]:
        """The ``k`` nearest passages, best first; none when the index is empty."""
        generation = self._generation
        vectors = self._embedder.embed((*question.queries, *question.glossed))
        asked = len(question.queries)
        best: dict[int, NDArray[np.float32]] = {}
        for hits in generation.nearest(vectors, NEIGHBOURS):
            for hit in hits:
                best.setdefault(hit.row, np.empty(0, dtype=np.float32))
        terms = list(dict.fromkeys(question.terms))
        rarity = {t: generation.lexicon.idf(t) for t in terms}
        total = sum(rarity.values()) or 1.0
        matches = {row: min(1.0, s / total) for row, s in generation.lexicon.scores(terms, MATCHES)}
        for meaning in question.glossed:
            other = stems(meaning)
            most = sum(generation.lexicon.idf(t) for t in other) or 1.0
            for row, s in generation.lexicon.scores(other, MATCHES):
                matches[row] = max(matches.get(row, 0.0), min(1.0, s / most))
        for row in matches:
            best.setdefault(row, np.empty(0, dtype=np.float32))
        passages = []
        for row in best:
            near = generation.topic_vectors(row) @ vectors.T
            by_topic = np.maximum(near[:, :asked].mean(axis=1), near[:, asked:].max(axis=1, initial=-1.0))
            similarity = float(max(near[:, :asked].max(axis=0).mean(), near[:, asked:].max(initial=-1.0)))
            words = matches.get(row, 0.0)
            cover = sum(rarity[t] for t in terms if t in self._words(row)) / total
            guideline = generation.guidelines[row]
            place = {topic: k for k, topic in enumerate(guideline.topics)}
            fits = tuple(float(by_topic[place[s.topic]]) if s.topic in place else similarity for s in guideline.stances)
            rank = score(similarity, words, cover, guideline)
            passages.append(Passage(row, guideline, similarity, words, cover, rank, fits))
        passages.sort(key=lambda p: (-p.score, p.row))
        return passages[:k]

    def _words(self, row: int) -> frozenset[str]:
        if row not in self._stems:
            self._stems[row] = frozenset(guideline_terms(self._generation.guidelines[row]))
        return self._stems[row]


def score(similarity: float, words: float, cover: float, guideline: Guideline) -> float:
    """The order of passages: meaning first, shared words next, rules before descriptions."""
    stated = max((s.strength for s in guideline.stances if s.relation != "supports"), default=0.0)
    return similarity + 0.8 * words + 0.1 * cover + 0.06 * stated


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), safe for any x."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
