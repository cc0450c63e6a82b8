"""Find the guidelines that answer a question: by sentence, by surroundings and by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chat import amounts
from chat.question import Question
from chat.signals import OUTDATED, WEIGHTS, Facts, Signals, beside, nearness, said, scores, titled
from ingest.index import Generation
from ingest.records import Guideline
from ingest.words import stems

NEIGHBOURS = 96  # phrases looked up for each query
MATCHES = 64  # rows looked up by word
_KEPT = 256  # meanings whose vectors are remembered, and questions whose places are: some hundred kilobytes


class Embedder(Protocol):
    """Turns texts into unit vectors, one a row."""

    id: str

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(len(texts), dimensions), float32."""
        ...


@dataclass(frozen=True, slots=True)
class Passage:
    """A guideline found for a question; ``score`` orders passages, ``share`` is their softmax, together 1.

    ``fits`` holds for each of the guideline's stances how near what it is about is, in [-1, 1]; ``alike`` is
    how near the guideline is to the best one found, by the cosine of the two. ``after`` counts the guidelines
    from the one that answers the question before to this one of the same section. ``cover`` is the share of
    the topic's words, by rarity, that it has.
    """

    row: int
    guideline: Guideline
    signals: Signals
    score: float
    share: float
    fits: tuple[float, ...] = ()
    published: str = ""  # the date of its document, "" when unknown
    alike: float = 0.0
    after: int | None = None
    cover: float = 0.0
    outdated: bool = False  # its document says of itself that it no longer holds


class Retriever:
    """Searches one generation."""

    def __init__(self, generation: Generation, embedder: Embedder, weights: Signals = WEIGHTS) -> None:
        self._generation = generation
        self._embedder = embedder
        # A glossary's meanings come again and again.
        self._glossed = lru_cache(maxsize=_KEPT)(embedder.embed)
        self._weights = np.array(astuple(weights))
        self._place = weights.near_before
        # Of the questions before this one all but the last were before that one as well.
        self._places = lru_cache(maxsize=_KEPT)(lambda earlier: self.search(earlier, 2))
        self._known: dict[int, Facts] = {}

    def search(self, question: Question, k: int = 24) -> list[Passage]:
        """The ``k`` nearest passages, best first; none when the index is empty."""
        vectors = self._embedder.embed((question.whole,))
        if question.glossed:
            vectors = np.concatenate((vectors, self._glossed(question.glossed)))
        words = self._words(question)
        rows = sorted(self._generation.rows_near(vectors, NEIGHBOURS) | words.keys())
        if not rows:
            return []
        facts = [self._facts(row) for row in rows]
        phrases, starts = self._generation.phrase_vectors_of(rows)
        near = (phrases @ vectors.T).max(axis=1)
        # The last two phrases of a row are its text and its surroundings; the others are its stances' topics.
        ends = np.append(starts[1:], len(near))
        fragment = np.array([f.fragment for f in facts])
        # A scrap is about what it answers: "Ask the clerk."
        sentence = np.where(fragment > 0, np.maximum.reduceat(near, starts), near[ends - 2])
        cover, merely = self._cover(question, rows)
        before = self._before(question)
        # A row of ``Signals`` for each candidate.
        signals = np.column_stack((
            sentence,
            near[ends - 1],
            beside(sentence, [f.guideline for f in facts]),
            cover * [words.get(row, 0.0) for row in rows],
            said(question, facts, self._generation.lexicon),
            titled(question, facts, self._generation.lexicon),
            [(f.stated, f.inherited) for f in facts],
            fragment,
            [nearness(f.guideline, [p.guideline for p in before]) for f in facts],
            [amounts.best_fit(question.amount, f.limits) for f in facts],
            merely,
        ))  # fmt: skip
        scored = scores(signals, self._weights, question.frame)
        scored -= OUTDATED * np.array([f.outdated for f in facts])
        best = np.argsort(-scored, kind="stable")[:k]
        shares = np.exp(scored[best] - scored[best[0]])
        shares /= shares.sum()
        texts = phrases[ends[best] - 2]
        alike = texts @ texts[0]
        found: list[Passage] = []
        for place, share, like in zip(best.tolist(), shares.tolist(), alike.tolist(), strict=True):
            known = facts[place]
            fits = _fits(near[starts[place] : ends[place] - 1].tolist(), known.places)
            told = Signals(*signals[place].tolist())
            score = float(scored[place])
            found.append(
                Passage(
                    rows[place],
                    known.guideline,
                    told,
                    score,
                    share,
                    fits,
                    known.published,
                    like,
                    _after(rows[place], known.guideline, before),
                    float(cover[place]),
                    known.outdated,
                )
            )
        return found

    def unplaced(self, passage: Passage, part: float = 1.0) -> Passage:
        """``passage`` with ``part`` of what its place in the conversation adds to its score taken off."""
        return replace(passage, score=passage.score - part * self._place * passage.signals.near_before)

    def _cover(
        self, question: Question, rows: Sequence[int]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """``Passage.cover`` and the signal ``merely`` of each of ``rows``."""
        lexicon = self._generation.lexicon
        terms = list(dict.fromkeys(question.terms))
        has = lexicon.having(terms, rows)
        rarity = np.array([lexicon.idf(t) for t in terms])
        rest = [bool(question.objects) and t not in question.objects for t in terms]
        merely = ~has[rest].any(axis=0) & any(rest)
        return rarity @ has / (rarity.sum() or 1.0), merely.astype(float)

    def _words(self, question: Question) -> dict[int, float]:
        """BM25 of each row that shares a word, for the question's own words and each of the glossary's."""
        lexicon = self._generation.lexicon
        best: dict[int, float] = {}
        for tokens in (list(dict.fromkeys(question.terms)), *(stems(g) for g in question.glossed)):
            most = sum(lexicon.idf(t) for t in tokens) or 1.0
            for row, score in lexicon.scores(tokens, MATCHES):
                best[row] = max(best.get(row, 0.0), min(1.0, score / most))
        return best

    def _before(self, question: Question) -> list[Passage]:
        """Where the conversation was.

        A follow-up is mostly answered near what answered the question before it.
        """
        return [] if question.previous is None else self._places(question.previous)

    def _facts(self, row: int) -> Facts:
        if row not in self._known:
            guideline = self._generation.guidelines[row]
            last = self._generation.guidelines[row - 1 : row]
            before = next((g.text for g in last if g.doc == guideline.doc), "")
            document = self._generation.documents[guideline.doc]
            self._known[row] = Facts.of(guideline, before, document)
        return self._known[row]


def _fits(near: Sequence[float], places: Sequence[int | None]) -> tuple[float, ...]:
    """How near each stance is; ``near`` has the guideline's topics and last the guideline itself.

    What is about nothing of its own is as near as what else is said beside it.
    """
    else_near = max(near[:-1], default=near[-1])
    return tuple(else_near if place is None else near[place] for place in places)


def _after(row: int, guideline: Guideline, before: Sequence[Passage]) -> int | None:
    if not before:
        return None
    first = before[0].guideline
    same = first.doc == guideline.doc and first.headings == guideline.headings
    return row - before[0].row if same else None
