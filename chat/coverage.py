"""Coverage: whether the documents speak of a question's topic, as a calibrated probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chat.question import Question
from chat.retrieve import Passage, logistic


@dataclass(frozen=True, slots=True)
class Coverage:
    """A logistic model over the best passage's nearness; ``threshold`` is the probability that counts as covered."""

    bias: float = -6.5
    similarity: float = 8.0
    words: float = 6.0
    cover: float = 2.5
    threshold: float = 0.5

    def probability(self, question: Question, passages: Sequence[Passage]) -> float:
        """The probability in [0, 1] that some passage speaks of the topic; 0 when there is no passage."""
        if not passages:
            return 0.0
        top = passages[0]
        return logistic(
            self.bias + self.similarity * top.similarity + self.words * top.words + self.cover * max(p.cover for p in passages[:5])
        )

    def covers(self, question: Question, passages: Sequence[Passage]) -> bool:
        """Whether the probability reaches the threshold."""
        return self.probability(question, passages) >= self.threshold
