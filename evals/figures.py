"""From the scores of many cases to figures: a mean, its interval, and how many cases it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import fmean, median

from evals.intervals import bootstrap, wilson
from evals.measures import Measure, Score


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean score with its 95 % interval, all from 0 to 1 and None when no case was scored.

    ``n`` cases were scored; ``ineligible`` say nothing about the measure.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    ineligible: int
    interval: str

    def __str__(self) -> str:
        if self.value is None or self.low is None or self.high is None:
            return f"no case scored ({self.ineligible} not eligible)"
        return f"{self.reads} ({self.shown(self.low)} to {self.shown(self.high)}, n = {self.n})"

    @property
    def reads(self) -> str:
        """The value as people read it; a dash when there is none."""
        return "–" if self.value is None else self.shown(self.value)

    def shown(self, number: float) -> str:
        """A number of this figure's kind: a share in per cent, a mean rank as it is."""
        return percent(number) if self.interval == "wilson" else f"{number:.2f}"


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds an answer took; None when nothing was asked."""

    median_ms: float | None
    p95_ms: float | None
    n: int

    def __str__(self) -> str:
        if self.median_ms is None or self.p95_ms is None:
            return "nothing was asked"
        return f"median {self.median_ms:.1f} ms, 95 % within {self.p95_ms:.1f} ms (n = {self.n})"


def figure(measure: Measure, scores: Sequence[Score]) -> Figure:
    """Sum up one measure over cases."""
    scored = [score for score in scores if score is not None]
    bounds = wilson(scored) if measure.interval == "wilson" else bootstrap(scored)
    return Figure(
        value=fmean(scored) if scored else None,
        low=bounds.low if bounds else None,
        high=bounds.high if bounds else None,
        n=len(scored),
        ineligible=len(scores) - len(scored),
        interval=measure.interval,
    )


def figures(measures: Sequence[Measure], rows: Sequence[Mapping[str, Score]]) -> dict[str, Figure]:
    """Sum up every measure over rows of scores, keyed by the measure's name."""
    return {measure.name: figure(measure, [row[measure.name] for row in rows]) for measure in measures}


def latency(milliseconds: Sequence[float]) -> Latency:
    """Median, and the 95th percentile by nearest rank."""
    if not milliseconds:
        return Latency(None, None, 0)
    ordered = sorted(milliseconds)
    return Latency(median(ordered), ordered[ceil(0.95 * len(ordered)) - 1], len(ordered))


def percent(share: float) -> str:
    """A share as people read it; only all of them reads 100 %, and only none of them 0 %."""
    rounded = round(100 * share, 1)
    if rounded == 100.0 and share < 1.0:
        rounded = 99.9
    if rounded == 0.0 and share > 0.0:
        rounded = 0.1
    return f"{rounded:g} %"
