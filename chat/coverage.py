"""Coverage: whether the documents speak of a question's topic, as a calibrated probability."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chat.retrieve import Passage

# The best of few is lower than the best of many where none is near: by so much for a factor of e in the
# number of guidelines, up to that from which the documents of one organisation say the same things again.
_RISE, _MANY = 0.45, 700


@dataclass(frozen=True, slots=True)
class Coverage:
    """A logistic model over the best passage's score (Platt scaling, 1999), fitted by ``evals/calibrate.py``.

    ``threshold`` is the probability from which a topic counts as covered: above a half it says "not covered"
    sooner, which costs an answer here and there and spares the reader wrong ones.
    """

    slope: float = 0.73
    middle: float = 9.5  # the score at which covered and not covered are equally likely
    threshold: float = 0.5

    def over(self, guidelines: int) -> Coverage:
        """The curve for so many guidelines: fewer than some hundred bring forth lower scores by accident."""
        return replace(self, middle=self.middle + _RISE * min(0.0, math.log(max(1, guidelines) / _MANY)))

    def probability(self, passages: Sequence[Passage]) -> float:
        """The probability in [0, 1] that some passage speaks of the topic; 0 when there is no passage."""
        return logistic(self.slope * (passages[0].score - self.middle)) if passages else 0.0

    def covers(self, passages: Sequence[Passage]) -> bool:
        """Whether the probability reaches the threshold."""
        return self.reach(passages) > 0

    def reach(self, passages: Sequence[Passage]) -> int:
        """How many of the passages, best first, would reach the threshold if they were the best."""
        short = (n for n in range(len(passages)) if self.probability(passages[n:]) < self.threshold)
        return next(short, len(passages))


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), safe for any x."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
