"""One run, two askers: the same questions, asked in turn, timed and scored alike."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from pydantic import BaseModel, ConfigDict

from evals.cases import Case
from evals.figures import Figure, Latency, figures, latency
from evals.measures import MEASURES, Judge
from evals.run import Asker, RunResult, attempt_of, run
from evals.summary import Provenance
from evals.text import columns

SHOWN = ("owners", "gold_cited", "hit_at_1", "hit_at_5", "mrr")
MEASURED = tuple(measure for measure in MEASURES if measure.name in SHOWN)


class Side(BaseModel):
    """One asker: how long it takes when warm, and how right it is on the questions that have an owner.

    ``cited_words`` is how many words its citations give a reader to check, at the median.
    """

    model_config = ConfigDict(frozen=True)

    latency: Latency
    unanswered: int
    cited_words: float
    figures: dict[str, Figure]


class Bench(BaseModel):
    """What ``bench.json`` holds; ``ratio`` is our median over the peer's, None when nothing was timed."""

    model_config = ConfigDict(frozen=True)

    machine: str
    cores: int
    rounds: int
    cases: int
    ours: Side
    stock: Side
    ratio: float | None
    provenance: Provenance

    def lines(self) -> Iterator[str]:
        """The figures side by side, for a terminal."""
        table = [("figure", "ours", "stock")]
        for measure in MEASURED:
            table.append(
                (measure.title, str(self.ours.figures[measure.name]), str(self.stock.figures[measure.name]))
            )
        table.append(("Words cited, median", f"{self.ours.cited_words:g}", f"{self.stock.cited_words:g}"))
        table.append(("Warm answer", str(self.ours.latency), str(self.stock.latency)))
        yield from columns(table)
        if self.ratio is not None:
            yield f"an answer of ours takes {self.ratio:.2f} times the peer's, median over median"


def bench(
    cases: Sequence[Case], ours: Asker, stock: Asker, judge: Judge, *, rounds: int, made: Provenance
) -> Bench:
    """Score both askers on the cases that have an owner, then time both on all cases, ``rounds`` times.

    The scoring warms both up. In timing they take turns question by question, so that whatever else the
    machine does falls on both; a question that an asker fails on is timed as far as it came.
    """
    owned = [case for case in cases if case.owners]
    askers = {"ours": ours, "stock": stock}
    scored = {name: run(owned, asker, judge, measures=MEASURED) for name, asker in askers.items()}
    took = timed(cases, askers, rounds)
    sides = {name: _side(scored[name], took[name]) for name in askers}
    medians = [side.latency.median_ms for side in sides.values()]
    return Bench(
        machine=f"{platform.system()} {platform.machine()}",
        cores=os.cpu_count() or 1,
        rounds=rounds,
        cases=len(cases),
        ours=sides["ours"],
        stock=sides["stock"],
        ratio=medians[0] / medians[1] if medians[0] is not None and medians[1] else None,
        provenance=made,
    )


def timed(cases: Sequence[Case], askers: Mapping[str, Asker], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of every answer, by asker; each goes first every other time, to be fair."""
    took: dict[str, list[float]] = {name: [] for name in askers}
    order = list(askers)
    for _ in range(rounds):
        for case in cases:
            for name in order:
                took[name].append(attempt_of(case, askers[name], rank=False).ms)
            order.reverse()
    return took


def _side(result: RunResult, took: Sequence[float]) -> Side:
    answers = [row.attempt.answer for row in result.rows if row.attempt.answer]
    words = [sum(len(citation.quote.split()) for citation in answer.citations) for answer in answers]
    return Side(
        latency=latency(took),
        cited_words=median(words) if words else 0.0,
        unanswered=len(result.rows) - len(answers),
        figures=figures(MEASURED, [row.scores for row in result.rows]),
    )
