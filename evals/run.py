"""Asks every case of a question set and scores what comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Protocol, runtime_checkable

from chat.answer import Answer, Turn
from evals.cases import Case
from evals.measures import MEASURES, NEEDED, Attempt, Judge, Measure, Score
from evals.wording import Span


class Asker(Protocol):
    """Anything that answers a question, given the turns before it, oldest first."""

    def ask(self, question: str, /, history: Sequence[Turn] = ()) -> Answer:
        """Answer one question."""
        ...


@runtime_checkable
class Ranker(Protocol):
    """An asker that also shows what its retrieval returned, best first, before anything was decided."""

    def rank(self, question: str, /, history: Sequence[Turn] = ()) -> Sequence[Span]:
        """What retrieval returns for one question."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """One case, what came of asking it, and its score by every measure (keyed by the measure's name)."""

    case: Case
    attempt: Attempt
    scores: dict[str, Score]

    @property
    def shortfalls(self) -> tuple[str, ...]:
        """The measures of ``NEEDED`` that the answer did not pass in full; empty when it is right."""
        scored = ((name, self.scores.get(name)) for name in NEEDED)
        return tuple(name for name, score in scored if score is not None and score < 1.0)

    @property
    def expected(self) -> str:
        """What a right answer is, in one line."""
        accepted = f" (or {', '.join(self.case.accept)})" if self.case.accept else ""
        return said(self.case.verdict, self.case.owners) + accepted

    @property
    def got(self) -> str:
        """What came, in one line."""
        answer = self.attempt.answer
        if answer is None:
            return self.attempt.error or "no answer"
        return said(answer.verdict, answer.owners)

    def to_dict(self) -> dict[str, Any]:
        """The row as plain JSON types: ``case``, ``answer``, ``scores``, and ``error`` when asking failed."""
        answer = self.attempt.answer
        row: dict[str, Any] = {
            "case": self.case.model_dump(mode="json", exclude_defaults=True),
            "answer": answer.to_dict() if answer else None,
            "scores": self.scores,
        }
        return row | {"error": self.attempt.error} if self.attempt.error else row


@dataclass(frozen=True, slots=True)
class RunResult:
    """The rows of a run, in the order asked; fewer than ``total`` when it was interrupted."""

    rows: tuple[Row, ...]
    total: int
    seconds: float

    @property
    def interrupted(self) -> bool:
        """Whether some cases were not asked."""
        return len(self.rows) < self.total

    @property
    def failing(self) -> tuple[Row, ...]:
        """The rows whose answer is not right in full."""
        return tuple(row for row in self.rows if row.shortfalls)


def said(verdict: str, owners: Sequence[str]) -> str:
    """A verdict with its owners in a few words, whether or not they go together."""
    names = " and ".join(owners)
    return {
        "lead": f"led by {names or 'nobody'}",
        "shared": f"shared by {names or 'nobody'}",
        "info": f"quoted, naming {names}" if names else "quoted, no owner",
        "not_covered": f"not covered, naming {names}" if names else "not covered",
    }.get(verdict, f"{verdict}, {names or 'nobody'}")


def run(
    cases: Sequence[Case],
    asker: Asker,
    judge: Judge,
    *,
    measures: Sequence[Measure] = MEASURES,
    watch: Callable[[Row, int, int], None] | None = None,
) -> RunResult:
    """Ask and score every case, one after another.

    ``watch`` is told of each row, how many are done, and of how many. An exception while asking is a missing
    answer with its reason. Ctrl-C ends the run early and keeps what is done.
    """
    rows: list[Row] = []
    began = perf_counter()
    try:
        for case in cases:
            attempt = attempt_of(case, asker)
            rows.append(Row(case, attempt, {m.name: m.score(case, attempt, judge) for m in measures}))
            if watch:
                watch(rows[-1], len(rows), len(cases))
    except KeyboardInterrupt:
        pass
    return RunResult(tuple(rows), len(cases), perf_counter() - began)


def attempt_of(case: Case, asker: Asker, *, rank: bool = True) -> Attempt:
    """Ask one case and time the answer; ``rank`` asks a ``Ranker`` for its ranking as well, untimed.

    Without a ``Ranker`` the ranking is what the answer shows: its citations, then its nearest.
    """
    began = perf_counter()
    try:
        answer = asker.ask(case.question, case.history)
        ms = 1000 * (perf_counter() - began)
        shown = (*answer.citations, *answer.nearest)
        ranked = asker.rank(case.question, case.history) if rank and isinstance(asker, Ranker) else shown
    except Exception as exc:  # noqa: BLE001 - this case went unanswered, whatever the reason; the next is due
        return Attempt(None, error=f"{type(exc).__name__}: {exc}", ms=1000 * (perf_counter() - began))
    return Attempt(answer, ranked, ms=ms)
