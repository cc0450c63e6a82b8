"""Find the guidelines that answer a question: by sentence, by surroundings and by word."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, replace
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chat import amounts
from chat.question import Frame, Question
from ingest.index import Generation
from ingest.records import CELL, Guideline
from ingest.words import stems

PLAIN = 2.5  # the part of a score that stands for ownership, where ownership is not asked for
NEIGHBOURS = 96  # phrases looked up for each query
MATCHES = 64  # rows looked up by word
_KEPT = 256  # meanings whose vectors are remembered, and questions whose places are: some hundred kilobytes
# Words that ask for an owner and tell nothing of what is owned, not even what is done with it.
_ASKING = frozenset(
    stems(
        "charge responsible responsibility accountable accountability answerable owner ownership belong job "
        "task duty role person people team department group body party boss contact know"
    )
)
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

    ``sentence``: the cosine of the whole question and the guideline. ``around``: the same of the guideline
    with its neighbours. ``section``: that of the nearest other guideline of its section. ``matched``: BM25 of
    the topic's words as a share of the most they could reach, times the passage's ``cover``, so that one word
    of many counts little. ``said``: the share of all the question's words, by rarity, that stand in it, its
    lead-in or its headings; here what is done counts ("approves") and the names of roles that are spoken of.
    ``stated``, ``inherited``: how plainly it says who owns something, itself or by its heading.
    ``fragment``: 1 for a scrap of a sentence. ``near_before``: 2 in the section, 1 in the document where the
    conversation was. ``amount``: 1 when the guideline's limits hold the amount asked for, -1 when they do
    not, 0 without either. ``merely``: 1 when all it has of the question is the name of a role that something
    is done to.
    """

    sentence: float
    around: float
    section: float
    matched: float
    said: float
    stated: float
    inherited: float
    fragment: float
    near_before: float
    amount: float = 0.0
    merely: float = 0.0


# Fitted by evals/calibrate.py as a softmax over the passages of a question, so a score is a log-probability
# but for a constant; rounded, as the second digit is noise.
WEIGHTS = Signals(7.9, 7.5, 3.0, 5.1, 5.0, 3.0, 2.3, -1.0, 2.4, 2.3, -2.0)
# The signals that count for a question for a fact.
_OF_FACTS = np.array([f.name not in ("stated", "inherited") for f in fields(Signals)], dtype=float)


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


@dataclass(frozen=True, slots=True)
class _Facts:
    """What scoring needs of a guideline and no question changes.

    ``words``: the stems in it, its lead-in and its headings. ``places``: of each stance's topic among the
    guideline's phrases, None where it is about nothing.
    """

    guideline: Guideline
    published: str
    stated: float
    inherited: float
    fragment: float
    words: frozenset[str]
    limits: tuple[amounts.Limits, ...]
    places: tuple[int | None, ...]

    @classmethod
    def of(cls, guideline: Guideline, before: str, published: str) -> _Facts:
        """``before`` is the text of the guideline before it in its document, "" for the first."""
        owning = [s for s in guideline.stances if s.relation in ("leads", "shares")]
        place = {topic: i for i, topic in enumerate(guideline.stance_topics)}
        return cls(
            guideline,
            published,
            max((s.strength for s in owning if not s.inherited), default=0.0),
            max((s.strength for s in owning if s.inherited), default=0.0),
            float(len(stems(guideline.text)) < FRAGMENT),
            frozenset(stems(" ".join((guideline.text, guideline.lead_in, *guideline.headings)))),
            amounts.clause_limits(_with_heads(guideline), before),
            tuple(place.get(s.topic) for s in guideline.stances),
        )


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
        self._known: dict[int, _Facts] = {}

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
            _beside(sentence, [f.guideline for f in facts]),
            cover * [words.get(row, 0.0) for row in rows],
            self._said(question, facts),
            [(f.stated, f.inherited) for f in facts],
            fragment,
            [_nearness(f.guideline, [p.guideline for p in before]) if before else 0.0 for f in facts],
            [amounts.best_fit(question.amount, f.limits) for f in facts],
            merely,
        ))  # fmt: skip
        scores = self._scores(signals, question.frame)
        best = np.argsort(-scores, kind="stable")[:k]
        shares = np.exp(scores[best] - scores[best[0]])
        shares /= shares.sum()
        texts = phrases[ends[best] - 2]
        alike = texts @ texts[0]
        found: list[Passage] = []
        for place, share, like in zip(best.tolist(), shares.tolist(), alike.tolist(), strict=True):
            known = facts[place]
            fits = _fits(near[starts[place] : ends[place] - 1].tolist(), known.places)
            told = Signals(*signals[place].tolist())
            score = float(scores[place])
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
                )
            )
        return found

    def unplaced(self, passage: Passage, part: float = 1.0) -> Passage:
        """``passage`` with ``part`` of what its place in the conversation adds to its score taken off."""
        return replace(passage, score=passage.score - part * self._place * passage.signals.near_before)

    def _scores(self, signals: NDArray[np.float64], frame: Frame) -> NDArray[np.float64]:
        # A question for a fact does not care who owns what; it gets what a statement of ownership has on
        # average.
        weights, more = (self._weights * _OF_FACTS, PLAIN) if frame == "fact" else (self._weights, 0.0)
        scores: NDArray[np.float64] = signals @ weights + more
        return scores

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

    def _said(self, question: Question, facts: Sequence[_Facts]) -> list[float]:
        """The signal ``said`` of each guideline."""
        asked = set(stems(question.whole)) - _ASKING - set(question.offered)
        # 1 more for each, as a word that every guideline has still says something beside one that is missing
        rarity = {s: 1 + self._generation.lexicon.idf(s) for s in asked}
        whole = sum(rarity.values()) or 1.0
        return [sum(rarity[s] for s in rarity.keys() & f.words) / whole for f in facts]

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

    def _facts(self, row: int) -> _Facts:
        if row not in self._known:
            guideline = self._generation.guidelines[row]
            last = self._generation.guidelines[row - 1 : row]
            before = next((g.text for g in last if g.doc == guideline.doc), "")
            published = self._generation.documents[guideline.doc].published
            self._known[row] = _Facts.of(guideline, before, published)
        return self._known[row]


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), safe for any x."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _beside(near: NDArray[np.float32], guidelines: Sequence[Guideline]) -> list[float]:
    """How near the nearest other of its section is to the question, for each; 0 where it stands alone.

    What a document asks is near to every question and counts as nothing.
    """
    sections = [(g.doc, g.headings) for g in guidelines]
    told = [
        0.0 if g.text.endswith("?") else value for g, value in zip(guidelines, near.tolist(), strict=True)
    ]
    best: dict[tuple[str, tuple[str, ...]], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for section, value in zip(sections, told, strict=True):
        best[section] = sorted((*best[section], value))[-2:]
    # Of the two best of its section the one that is not its own.
    return [
        best[section][0] if value == best[section][1] else best[section][1]
        for section, value in zip(sections, told, strict=True)
    ]


def _fits(near: Sequence[float], places: Sequence[int | None]) -> tuple[float, ...]:
    """How near each stance is; ``near`` has the guideline's topics and last the guideline itself.

    What is about nothing of its own is as near as what else is said beside it.
    """
    else_near = max(near[:-1], default=near[-1])
    return tuple(else_near if place is None else near[place] for place in places)


def _with_heads(guideline: Guideline) -> str:
    """The text of a guideline; that of a table's row with the head of its column before each cell."""
    cells, heads = guideline.text.split(CELL), guideline.lead_in.split(CELL)
    if len(cells) != len(heads) or len(cells) == 1:
        return guideline.text
    return CELL.join(f"{head} {cell}" for head, cell in zip(heads, cells, strict=True))


def _after(row: int, guideline: Guideline, before: Sequence[Passage]) -> int | None:
    if not before:
        return None
    first = before[0].guideline
    same = first.doc == guideline.doc and first.headings == guideline.headings
    return row - before[0].row if same else None


def _nearness(guideline: Guideline, before: Sequence[Guideline]) -> float:
    here = [g for g in before if g.doc == guideline.doc]
    return 2.0 if any(g.headings == guideline.headings for g in here) else 1.0 if here else 0.0
