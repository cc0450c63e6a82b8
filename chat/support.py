"""Support: whether a sentence is about what its sources say, as a calibrated probability."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ingest import topics
from ingest.roles import RoleBook
from ingest.words import bare, quoted, stems

if TYPE_CHECKING:
    from chat.retrieve import Embedder

# How sentences point to where they come from; it says nothing that could be right or wrong.
_WORK = r"(?:source|document|guideline|guidance|text|article|policy|passage|charter)s?"
_POINTING = re.compile(
    rf"\b(?:according\s+to|as\s+(?:stated|described|set\s+out|noted)\s+(?:in|by))\s+(?:\w+\s+)?{_WORK}\b,?"
    rf"|\b(?:the|this|these|its|our)\s+{_WORK}\s+(?:says?|states?|notes?)(?:\s+that)?\b"
    r"|\b(?:as\s+well\s+as|such\s+as|in\s+order\s+to|for\s+example|for\s+instance|includ(?:es?|ing))\b",
    re.IGNORECASE,
)


AKIN = 6  # letters that two stems have in common when one is a longer form of the other
# Words with which people say that something is somebody's, and nothing of what it is.
_TALK = frozenset(
    stem
    for text in (
        "handle oversee manage run duty task job matter area topic question aspect role person regard "
        "according concern relate ensure belong carry take charge position place well good state describe "
        "mention "
        "respective lie rest fall hand deal share joint support lead own align"
    ).split()
    for stem in stems(text)
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a sentence and its sources are.

    ``similarity``: the cosine of the sentence and the nearest of its sources, in [-1, 1]. ``cover``: the
    share of the sentence's words, names of roles and the talk of ownership aside, that its sources have,
    in [0, 1]. ``strange``: how many they do not have.
    """

    similarity: float
    cover: float
    strange: int


@dataclass(frozen=True, slots=True)
class Support:
    """A logistic model over the likeness (Platt scaling, 1999), fitted by ``evals/calibrate_support.py``."""

    similarity: float = 2.5
    cover: float = 3.3
    strange: float = -1.8
    bias: float = -0.7
    threshold: float = 0.5

    def probability(self, like: Likeness) -> float:
        """The probability in [0, 1] that the sources carry the sentence, as far as words can tell."""
        x = (
            self.similarity * like.similarity
            + self.cover * like.cover
            + self.strange * like.strange
            + self.bias
        )
        return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))

    def carries(self, like: Likeness) -> bool:
        """Whether the probability reaches the threshold."""
        return self.probability(like) >= self.threshold


def likeness(
    text: str, sources: Sequence[str], evidence: str, roles: RoleBook, embedder: Embedder
) -> Likeness:
    """How like ``text`` is to ``sources``, the texts it cites, and to ``evidence``, with all around them.

    Numbers are left to a stricter check. Of no source nothing is like it.
    """
    if not sources:
        return Likeness(0.0, 0.0, 0)
    vectors = embedder.embed([text, *sources])
    similarity = float(np.max(vectors[1:] @ vectors[0]))
    own, held = set(_content(text, roles)), set(_stems(evidence))
    missing = {s for s in own - held if not _akin(s, held)}
    return Likeness(similarity, 1 - len(missing) / len(own) if own else 1.0, len(missing))


def _akin(stem: str, held: set[str]) -> bool:
    """Whether a stem is another form of one of ``held``: "optim" and "optimis"."""
    return any(min(len(stem), len(h)) >= AKIN and (stem.startswith(h) or h.startswith(stem)) for h in held)


def _content(text: str, roles: RoleBook) -> list[str]:
    """The stems of what ``text`` is about."""
    plain = _POINTING.sub(lambda m: " " * len(m.group()), bare(text))
    topic = topics.reduce(plain, [(m.start, m.end) for m in roles.mentions(plain, lenient=True)])
    found = (*quoted(plain), *stems(topic.replace("-", " ")))
    return [s for s in found if s not in _TALK and not s[0].isdigit()]


def _stems(text: str) -> list[str]:
    """The stems of ``text``, words with a hyphen in parts: one writes "back end" and another "back-end"."""
    return stems(bare(text)) + stems(bare(text).replace("-", " "))
