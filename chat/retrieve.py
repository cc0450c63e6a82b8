"""Find the guidelines that answer a question: by topic, by sentence, by surroundings and by word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chat import amounts
from chat.question import Frame, Question
from ingest.index import Generation
from ingest.records import Guideline
from ingest.topics import terms as guideline_terms
from ingest.words import stems

PLAIN = 2.5  # the part of a score that stands for ownership, where ownership is not asked for
NEIGHBOURS = 96  # phrases looked up for each query
MATCHES = 64  # rows looked up by word
FRAGMENT = 4  # a guideline of fewer content words is near to everything by accident


class Embedder(Protocol):
    """Turns texts into unit vectors, one a row."""

    id: str

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(len(texts), dimensions), float32."""
        ...


@dataclass(frozen=True, slots=True)
class Signals:
    """How near a guideline is to a question, by each way of looking; all but ``near_before`` lie in [-1, 1].

    ``topic``: the question's topic and the guideline's nearest topic phrase (max-sim: late interaction
    as in ColBERT, Khattab and Zaharia 2020, over phrases in place of tokens). ``sentence``: the whole
    question and the guideline. ``around``: the whole question and the guideline with its neighbours.
    ``words``: BM25 as a share of the most the question could reach. ``cover``: the share of the
    question's words, by rarity, that it has. ``stated``, ``inherited``: how plainly it says who owns
    something, itself or by its heading. ``fragment``: 1 for a scrap of a sentence. ``near_before``: 2
    in the section, 1 in the document where the conversation was. ``amount``: 1 when the guideline's
    limits hold the amount asked for, -1 when they do not, 0 without either. ``merely``: 1 when all it
    has of the question is the name of a role that something is done to.
    """

    topic: float
    sentence: float
    around: float
    words: float
    cover: float
    stated: float
    inherited: float
    fragment: float
    near_before: float
    amount: float = 0.0
    merely: float = 0.0


# Fitted by evals/calibrate.py as a softmax over the passages of a question, so a score is a log-probability
# but for a constant; rounded, as the second digit is noise.
WEIGHTS = Signals(7.0, 5.0, 5.0, 3.4, 3.7, 3.4, 3.0, -1.5, 1.2, 1.5, -3.5)


@dataclass(frozen=True, slots=True)
class Passage:
    """A guideline found for a question; ``score`` orders passages, ``share`` is their softmax, together 1.

    ``fits`` holds for each of the guideline's stances how near the stance's own topic is, in [-1, 1].
    """

    row: int
    guideline: Guideline
    signals: Signals
    score: float
    share: float
    fits: tuple[float, ...] = ()
    published: str = ""  # the date of its document, "" when unknown


@dataclass(frozen=True, slots=True)
class _Facts:
    """What scoring needs of a guideline and no question changes.

    ``places``: of each stance's topic in its topics.
    """

    guideline: Guideline
    published: str
    stems: frozenset[str]
    stated: float
    inherited: float
    fragment: float
    limits: amounts.Limits
    places: tuple[int | None, ...]

    @classmethod
    def of(cls, guideline: Guideline, published: str) -> _Facts:
        owning = [s for s in guideline.stances if s.relation in ("leads", "shares")]
        place = {topic: i for i, topic in enumerate(guideline.topics)}
        return cls(
            guideline,
            published,
            frozenset(guideline_terms(guideline)),
            max((s.strength for s in owning if not s.inherited), default=0.0),
            max((s.strength for s in owning if s.inherited), default=0.0),
            float(len(stems(guideline.text)) < FRAGMENT),
            amounts.limits(guideline.text),
            tuple(place.get(s.topic) for s in guideline.stances),
        )


class Retriever:
    """Searches one generation."""

    def __init__(self, generation: Generation, embedder: Embedder, weights: Signals = WEIGHTS) -> None:
        self._generation = generation
        self._embedder = embedder
        self._weights = weights
        self._known: dict[int, _Facts] = {}

    def search(self, question: Question, k: int = 24) -> list[Passage]:
        """The ``k`` nearest passages, best first; none when the index is empty."""
        generation = self._generation
        vectors = self._embedder.embed((question.whole, *question.queries, *question.glossed))
        terms = list(dict.fromkeys(question.terms))
        words = self._words(terms, question.glossed)
        rows = sorted(generation.rows_near(vectors, NEIGHBOURS) | words.keys())
        if not rows:
            return []
        rarity = {t: generation.lexicon.idf(t) for t in terms}
        total = sum(rarity.values()) or 1.0
        rest = [t for t in terms if t not in question.objects] if question.objects else []
        before = self._before(question)
        amount = amounts.asked(question.whole)
        # One product for all candidates: a column for the whole question, one a query, one a glossed one. The
        # last two phrases of a row are its text and its surroundings; the others are its topics.
        phrases, starts = generation.phrase_vectors_of(rows)
        near = phrases @ vectors.T
        ends = np.append(starts[1:], len(near))
        first_gloss = 1 + len(question.queries)
        by_topic = near[:, 1:first_gloss].mean(axis=1)
        topical = near.copy()
        topical[ends - 1] = topical[ends - 2] = -1.0
        best = np.maximum.reduceat(topical, starts, axis=0)
        topics = best[:, 1:first_gloss].mean(axis=1)
        if question.glossed:
            by_topic = np.maximum(by_topic, near[:, first_gloss:].max(axis=1))
            topics = np.maximum(topics, best[:, first_gloss:].max(axis=1))
        found: list[Passage] = []
        for place, row in enumerate(rows):
            facts = self._facts(row)
            signals = Signals(
                topic=float(topics[place]),
                sentence=float(near[ends[place] - 2, 0]),
                around=float(near[ends[place] - 1, 0]),
                words=words.get(row, 0.0),
                cover=sum(rarity[t] for t in terms if t in facts.stems) / total,
                stated=facts.stated,
                inherited=facts.inherited,
                fragment=facts.fragment,
                near_before=_nearness(facts.guideline, before) if before else 0.0,
                amount=amounts.fit(amount, facts.limits),
                merely=float(bool(rest) and not any(t in facts.stems for t in rest)),
            )
            fits = tuple(
                signals.topic if k is None else float(by_topic[starts[place] + k]) for k in facts.places
            )
            rank = _score(signals, self._weights, question.frame)
            found.append(Passage(row, facts.guideline, signals, rank, 0.0, fits, facts.published))
        found.sort(key=lambda p: (-p.score, p.row))
        return _shared_out(found[:k])

    def _words(self, terms: Sequence[str], glossed: Sequence[str]) -> dict[int, float]:
        """BM25 of each row that shares a word, for the question's own words and each of the glossary's."""
        lexicon = self._generation.lexicon
        best: dict[int, float] = {}
        for tokens in (terms, *(stems(g) for g in glossed)):
            most = sum(lexicon.idf(t) for t in tokens) or 1.0
            for row, score in lexicon.scores(tokens, MATCHES):
                best[row] = max(best.get(row, 0.0), min(1.0, score / most))
        return best

    def _before(self, question: Question) -> list[Guideline]:
        """Where the conversation was.

        A follow-up is mostly answered near what answered the question before it.
        """
        return [] if question.previous is None else [p.guideline for p in self.search(question.previous, 2)]

    def _facts(self, row: int) -> _Facts:
        if row not in self._known:
            guideline = self._generation.guidelines[row]
            self._known[row] = _Facts.of(guideline, self._generation.documents[guideline.doc].published)
        return self._known[row]


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), safe for any x."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _score(s: Signals, w: Signals, frame: Frame) -> float:
    # A question for a fact does not care who owns what; it gets what a statement of ownership has on
    # average.
    owned = PLAIN if frame == "fact" else w.stated * s.stated + w.inherited * s.inherited
    return (
        w.topic * s.topic + w.sentence * s.sentence + w.around * s.around + w.words * s.words
        + w.cover * s.cover + owned + w.fragment * s.fragment + w.near_before * s.near_before
        + w.amount * s.amount + w.merely * s.merely
    )  # fmt: skip


def _nearness(guideline: Guideline, before: Sequence[Guideline]) -> float:
    here = [g for g in before if g.doc == guideline.doc]
    return 2.0 if any(g.headings == guideline.headings for g in here) else 1.0 if here else 0.0


def _shared_out(passages: Sequence[Passage]) -> list[Passage]:
    """The passages with their shares: the softmax of their scores."""
    weights = [math.exp(p.score - passages[0].score) for p in passages]
    total = sum(weights)
    return [
        Passage(p.row, p.guideline, p.signals, p.score, w / total, p.fits, p.published)
        for p, w in zip(passages, weights, strict=True)
    ]
