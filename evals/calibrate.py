"""Fits what the answer path takes as given: the weights of retrieval and the curve of coverage.

    python -m evals.calibrate QUESTIONS HOME [QUESTIONS HOME ...]

Each pair is a question set and a home whose live index holds the documents it is about. Only the tune half of
every set is fitted; the report half shows what the fit is worth on questions it has not seen, and what each
signal adds, by leaving it out. It prints and changes nothing: the figures go by hand into chat/signals.py
and chat/coverage.py, rounded.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chat.app import open_quotes
from chat.signals import WEIGHTS, Signals
from evals.cases import Case, half_of, load
from evals.wording import Finder
from ingest.settings import Settings

CANDIDATES = 150
PENALTY = 0.002  # of the squared weights: keeps what few cases say from growing large
STEPS, RATE = 500, 0.05
NAMES = tuple(f.name for f in fields(Signals))
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A case, the signals of its candidates, (candidates, signals), and which of them hold a gold quote."""

    case: Case
    group: str
    signals: Matrix
    gold: NDArray[np.bool_]


def examples(questions: Path, home: Path) -> list[Example]:
    """Every case of a set with what retrieval sees of it; raises what opening the index raises."""
    engine = open_quotes(Settings.load(home=home))
    finder = Finder(engine.documents)
    found = []
    for case in load(questions):
        passages = engine.search(case.question, case.history, CANDIDATES)
        rows = np.array([[asdict(p.signals)[n] for n in NAMES] for p in passages]).reshape(-1, len(NAMES))
        gold = [any(finder.bears(p.guideline, g.doc, g.quote) for g in case.gold) for p in passages]
        found.append(Example(case, questions.parent.name, rows, np.array(gold, dtype=bool)))
    return found


def fit(chosen: Sequence[Example], without: str = "") -> Matrix:
    """Weights under which the gold has the largest share of the softmax over a question's candidates.

    ListNet's top-one loss (Cao et al., ICML 2007), every set counting the same, by Adam; ``without`` names a
    signal that is held at zero.
    """
    weights = np.zeros(len(NAMES))
    free = np.array([n != without for n in NAMES], dtype=float)
    mean, square = np.zeros(len(NAMES)), np.zeros(len(NAMES))
    sizes = {e.group: sum(x.group == e.group for x in chosen) for e in chosen}
    for step in range(1, STEPS + 1):
        slope = -PENALTY * weights
        for e in chosen:
            share = softmax(e.signals @ weights)
            wanted = share * e.gold
            slope += (wanted / wanted.sum() - share) @ e.signals / sizes[e.group] / len(sizes)
        slope *= free
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        weights += RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights


def softmax(scores: Matrix) -> Matrix:
    """The scores' shares of their exponentials' sum."""
    powers = np.exp(scores - scores.max())
    shares: Matrix = powers / powers.sum()
    return shares


def reciprocal_ranks(chosen: Sequence[Example], weights: Matrix) -> list[float]:
    """1 / the place of the best gold passage, for each example."""
    found = []
    for e in chosen:
        scores = e.signals @ weights
        found.append(1.0 / (1 + int((scores > scores[e.gold].max()).sum())))
    return found


def coverage(chosen: Sequence[Example], weights: Matrix) -> list[tuple[float, bool]]:
    """The best score of each case, and whether the documents cover it."""
    return [
        (float((e.signals @ weights).max()), e.case.verdict != "not_covered")
        for e in chosen
        if len(e.signals)
    ]


def logistic_curve(pairs: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and middle of the logistic curve through scores and outcomes, both outcomes weighing the same."""
    scores = np.array([s for s, _ in pairs])
    yes = np.array([y for _, y in pairs], dtype=float)
    weight = np.where(yes == 1, 0.5 / max(yes.sum(), 1), 0.5 / max((1 - yes).sum(), 1))
    slope, middle = 0.5, float(np.median(scores))
    for _ in range(20_000):
        error = (1 / (1 + np.exp(-slope * (scores - middle))) - yes) * weight
        slope, middle = (
            slope - 0.05 * float((error * (scores - middle)).sum()),
            middle + 0.5 * slope * float(error.sum()),
        )
    return slope, middle


def main(argv: Sequence[str]) -> int:
    """Print weights, curve and ablations; 2 for wrong use."""
    if len(argv) < 2 or len(argv) % 2:
        print("usage: python -m evals.calibrate QUESTIONS HOME [QUESTIONS HOME ...]", file=sys.stderr)
        return 2
    every = [e for q, h in zip(argv[::2], argv[1::2], strict=True) for e in examples(Path(q), Path(h))]
    asked = [e for e in every if e.gold.any() and e.case.verdict != "info"]
    tune = [e for e in asked if half_of(e.case) == "tune"]
    report = [e for e in asked if half_of(e.case) == "report"]
    used = np.array([asdict(WEIGHTS)[n] for n in NAMES])
    fitted = fit(tune)
    print("weights in use: ", dict(zip(NAMES, used.round(1).tolist(), strict=True)))
    print("weights fitted: ", dict(zip(NAMES, fitted.round(1).tolist(), strict=True)))
    for name, weights in (("in use", used), ("fitted", fitted)):
        print(
            f"MRR, report half, {name}: {np.mean(reciprocal_ranks(report, weights)):.3f}, n = {len(report)}"
        )
    for name in NAMES:
        left = np.mean(reciprocal_ranks(report, fit(tune, without=name)))
        print(f"  without {name:12} {left:.3f}")
    slope, middle = logistic_curve(coverage([e for e in every if half_of(e.case) == "tune"], used))
    print(f"coverage: slope {slope:.2f}, middle {middle:.1f}")
    held = coverage([e for e in every if half_of(e.case) == "report"], used)
    for at in np.arange(middle - 2, middle + 2.1, 0.5):
        caught = np.mean([s < at for s, y in held if not y])
        refused = np.mean([s < at for s, y in held if y])
        print(f"  below {at:5.1f}: caught {caught:.2f}, wrongly refused {refused:.2f}, n = {len(held)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
