"""The signals that a guideline answers a question: what each is, what it weighs, and what it is made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache

import numpy as np
from numpy.typing import NDArray

from chat import amounts
from chat.question import Frame, Question
from ingest.lexical import Lexicon
from ingest.outdated import is_outdated
from ingest.records import CELL, Document, Guideline
from ingest.words import stems

PLAIN = 2.5  # the part of a score that stands for ownership, where ownership is not asked for
OUTDATED = 3.0  # what a document that no longer holds has less: behind any in force, and before nothing
FRAGMENT = 4  # a guideline of fewer content words is near to everything by accident
_NEARLY = 0.5  # a heading that says less of a topic is one of its neighbours
# Words that ask for an owner and tell nothing of what is owned, not even what is done with it.
_ASKING = frozenset(
    stems(
        "charge responsible responsibility accountable accountability answerable owner ownership belong job "
        "task duty role person people team department group body party boss contact know"
    )
)


@dataclass(frozen=True, slots=True)
class Signals:
    """How near a guideline is to a question, by each way of looking; all but ``near_before`` lie in [-1, 1].

    ``sentence``: the cosine of the whole question and the guideline. ``around``: the same of the guideline
    with its neighbours. ``section``: that of the nearest other guideline of its section. ``matched``: BM25 of
    the topic's words as a share of the most they could reach, times the passage's ``cover``, so that one word
    of many counts little. ``said``: the share of all the question's words, by rarity, that stand in it, its
    lead-in or its headings; here what is done counts ("approves") and the names of roles that are spoken of.
    ``titled``: how nearly a heading above it says the topic and nothing else, by rarity; 0 below a half.
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
    titled: float
    stated: float
    inherited: float
    fragment: float
    near_before: float
    amount: float = 0.0
    merely: float = 0.0


# Fitted by evals/calibrate.py as a softmax over the passages of a question, so a score is a log-probability
# but for a constant; rounded, as the second digit is noise. That of ``titled`` was chosen on plain questions
# for headings (docs/decisions/004), of which the sets have few.
WEIGHTS = Signals(7.9, 7.5, 3.0, 5.1, 5.0, 3.0, 3.0, 2.3, -1.0, 2.4, 2.3, -2.0)
# The signals that count for a question for a fact.
_OF_FACTS = np.array([f.name not in ("stated", "inherited") for f in fields(Signals)], dtype=float)


@dataclass(frozen=True, slots=True)
class Facts:
    """What scoring needs of a guideline and no question changes.

    ``words``: the stems in it, its topic, its lead-in and its headings; ``titles`` those of each heading.
    ``places``: of each stance's topic among the guideline's phrases, None where it is about nothing.
    """

    guideline: Guideline
    published: str
    outdated: bool
    stated: float
    inherited: float
    fragment: float
    words: frozenset[str]
    titles: tuple[frozenset[str], ...]
    limits: tuple[amounts.Limits, ...]
    places: tuple[int | None, ...]

    @classmethod
    def of(cls, guideline: Guideline, before: str, document: Document) -> Facts:
        """``before`` is the text of the guideline before it in its document, "" for the first."""
        owning = [s for s in guideline.stances if s.relation in ("leads", "shares")]
        place = {topic: i for i, topic in enumerate(guideline.stance_topics)}
        return cls(
            guideline,
            document.published,
            is_outdated(document),
            max((s.strength for s in owning if not s.inherited), default=0.0),
            max((s.strength for s in owning if s.inherited), default=0.0),
            float(len(stems(guideline.text)) < FRAGMENT),
            frozenset(
                stems(" ".join((guideline.text, guideline.topic, guideline.lead_in, *guideline.headings)))
            ),
            tuple(frozenset(s for s in stems(h) if not s.isdigit()) for h in guideline.headings),
            amounts.clause_limits(_with_heads(guideline), before),
            tuple(place.get(s.topic) for s in guideline.stances),
        )


def beside(near: NDArray[np.float32], guidelines: Sequence[Guideline]) -> list[float]:
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


def said(question: Question, facts: Sequence[Facts], lexicon: Lexicon) -> list[float]:
    """``Signals.said`` of each guideline."""
    asked = set(stems(question.whole)) - _ASKING - set(question.offered)
    # 1 more for each, as a word that every guideline has still says something beside one that is missing
    rarity = {s: 1 + lexicon.idf(s) for s in asked}
    whole = sum(rarity.values()) or 1.0
    return [sum(rarity[s] for s in rarity.keys() & f.words) / whole for f in facts]


def titled(question: Question, facts: Sequence[Facts], lexicon: Lexicon) -> list[float]:
    """``Signals.titled`` of each guideline: how much each of topic and heading says of the other."""
    asked = frozenset(question.terms)
    rarity = {s: 1 + lexicon.idf(s) for s in asked}
    whole = sum(rarity.values()) or 1.0

    @cache
    def like(title: frozenset[str]) -> float:
        common = sum(rarity[s] for s in title & asked)
        return common**2 / (whole * sum(1 + lexicon.idf(s) for s in title)) if common else 0.0

    best = (max(map(like, f.titles), default=0.0) for f in facts)
    return [share if share >= _NEARLY else 0.0 for share in best]


def nearness(guideline: Guideline, before: Sequence[Guideline]) -> float:
    """``Signals.near_before``; ``before`` is what answered the question before, none without one."""
    here = [g for g in before if g.doc == guideline.doc]
    return 2.0 if any(g.headings == guideline.headings for g in here) else 1.0 if here else 0.0


def scores(signals: NDArray[np.float64], weights: NDArray[np.float64], frame: Frame) -> NDArray[np.float64]:
    """The score of each row of ``signals``.

    A question for a fact does not care who owns what; it gets what a statement of ownership has on average.
    """
    weights, more = (weights * _OF_FACTS, PLAIN) if frame == "fact" else (weights, 0.0)
    found: NDArray[np.float64] = signals @ weights + more
    return found


def _with_heads(guideline: Guideline) -> str:
    """The text of a guideline; that of a table's row with the head of its column before each cell."""
    cells, heads = guideline.text.split(CELL), guideline.lead_in.split(CELL)
    if len(cells) != len(heads) or len(cells) == 1:
        return guideline.text
    return CELL.join(f"{head} {cell}" for head, cell in zip(heads, cells, strict=True))
