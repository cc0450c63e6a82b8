"""How sure a figure is: 95 % intervals for shares, means and differences of means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt

import numpy as np

Z95 = 1.959963984540054  # the normal quantile that leaves 2.5 % on either side
DRAWS = 2000
SEED = 20180709  # any fixed number: the same rows have to give the same interval


@dataclass(frozen=True, slots=True)
class Bounds:
    """The two ends of a 95 % interval."""

    low: float
    high: float


def wilson(scores: Sequence[float]) -> Bounds | None:
    """Wilson's score interval (1927) for the mean of scores from 0 to 1; None without scores.

    Meant for 0 and 1. Scores between them, such as half credit, vary less than a coin of the same mean, so
    the interval is then wider than it has to be, never narrower.
    """
    n = len(scores)
    if not n:
        return None
    share = sum(scores) / n
    centre = share + Z95**2 / (2 * n)
    spread = Z95 * sqrt(share * (1 - share) / n + Z95**2 / (4 * n * n))
    scale = 1 + Z95**2 / n
    # At the very ends the interval reaches them exactly, which rounding would hide.
    low = 0.0 if share == 0.0 else (centre - spread) / scale
    high = 1.0 if share == 1.0 else (centre + spread) / scale
    return Bounds(max(0.0, low), min(1.0, high))


def bootstrap(scores: Sequence[float]) -> Bounds | None:
    """Efron's percentile bootstrap (1979) for a mean, seeded; None without scores.

    When all scores are equal there is nothing to resample and both ends fall on the mean.
    """
    if not scores:
        return None
    values = np.asarray(scores, dtype=np.float64)
    picks = np.random.default_rng(SEED).integers(0, len(values), size=(DRAWS, len(values)))
    low, high = np.percentile(values[picks].mean(axis=1), (2.5, 97.5))
    return Bounds(float(low), float(high))


def paired(pairs: Sequence[tuple[float | None, float | None]]) -> Bounds | None:
    """The paired bootstrap for how far the mean of the second scores lies above that of the first, seeded.

    Cases are drawn, each with both its scores, so that what makes a case hard falls on both sides alike. A
    score of None is left out of its side's mean. None when either side has no score.
    """
    values = np.array([[np.nan if score is None else score for score in pair] for pair in pairs], dtype=float)
    if not len(values) or np.isnan(values).all(axis=0).any():
        return None
    picks = np.random.default_rng(SEED).integers(0, len(values), size=(DRAWS, len(values)))
    drawn, there = np.nan_to_num(values)[picks], ~np.isnan(values)[picks]
    counts = there.sum(axis=1)
    kept = (counts > 0).all(axis=1)  # a draw may by chance hold no case that one side scored
    means = drawn.sum(axis=1)[kept] / counts[kept]
    low, high = np.percentile(means[:, 1] - means[:, 0], (2.5, 97.5))
    return Bounds(float(low), float(high))


def mcnemar(gained: int, lost: int) -> float:
    """McNemar's exact test (1947): how likely a split at least this uneven is when neither side is better.

    ``gained`` and ``lost`` count the cases that only one of two runs got right. Two-sided, from 0 to 1; 1
    when no case changed.
    """
    changed = gained + lost
    tail = sum(comb(changed, k) for k in range(min(gained, lost) + 1)) / float(2**changed)
    return min(1.0, 2.0 * tail)
