"""Two runs side by side: which figures moved, by how much more than chance, and which cases changed sides."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

from evals.figures import Figure
from evals.folder import PastRow, PastRun
from evals.intervals import Bounds, mcnemar, paired
from evals.measures import MEASURES, NEEDED


@dataclass(frozen=True, slots=True)
class Change:
    """How one figure moved between two runs, over the ``n`` cases of both that either run scored.

    ``moved`` is the second run's mean less the first's, from -1 to 1; ``bounds`` its paired bootstrap
    interval at 95 %. Both are None when one run scored none of the cases.
    """

    name: str
    before: Figure | None
    after: Figure | None
    moved: float | None
    bounds: Bounds | None
    n: int

    @property
    def certain(self) -> bool:
        """Whether the interval leaves out "no change"."""
        return self.bounds is not None and (self.bounds.low > 0 or self.bounds.high < 0)


@dataclass(frozen=True, slots=True)
class Turned:
    """A case whose answer is right in one run and not in the other."""

    before: PastRow
    after: PastRow


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that sets a second run apart from a first; pairs are of the first and the second.

    ``p`` is McNemar's: how likely a split as uneven as that of ``mended`` and ``broken`` is when neither run
    is better.
    """

    changes: tuple[Change, ...]
    mended: tuple[Turned, ...]
    broken: tuple[Turned, ...]
    p: float
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    same_questions: bool
    answered_by: tuple[str, str]
    dropped: tuple[str, str]


def compare(before: PastRun, after: PastRun) -> Comparison:
    """Compare two runs over the cases they share by id; a case asked in other words is not shared."""
    shared = [
        Turned(row, after.rows[key])
        for key, row in before.rows.items()
        if key in after.rows and after.rows[key].question == row.question
    ]
    ids = {pair.before.id for pair in shared}
    mended = tuple(pair for pair in shared if not right(pair.before) and right(pair.after))
    broken = tuple(pair for pair in shared if right(pair.before) and not right(pair.after))
    return Comparison(
        changes=tuple(_change(measure.name, before, after, shared) for measure in MEASURES),
        mended=mended,
        broken=broken,
        p=mcnemar(len(mended), len(broken)),
        only_before=tuple(key for key in before.rows if key not in ids),
        only_after=tuple(key for key in after.rows if key not in ids),
        same_questions=before.summary.provenance.cases_sha256 == after.summary.provenance.cases_sha256,
        answered_by=(_who(before), _who(after)),
        dropped=(_dropped(before), _dropped(after)),
    )


def _who(run: PastRun) -> str:
    """Who answered, the most answers first."""
    by = run.summary.answered_by
    return ", ".join(sorted(by, key=lambda name: -by[name])) or "–"


def _dropped(run: PastRun) -> str:
    """The share of a model's sentences that were dropped; a dash where no model spoke."""
    return run.summary.sentences.share if run.summary.sentences else "–"


def right(row: PastRow) -> bool:
    """Whether an answer passed in full every measure of ``NEEDED`` that scored it."""
    return all(row.scores.get(name) in (None, 1.0) for name in NEEDED)


def _change(name: str, before: PastRun, after: PastRun, shared: list[Turned]) -> Change:
    pairs = [(pair.before.scores.get(name), pair.after.scores.get(name)) for pair in shared]
    first = [score for score, _ in pairs if score is not None]
    second = [score for _, score in pairs if score is not None]
    return Change(
        name=name,
        before=before.summary.figures.get(name),
        after=after.summary.figures.get(name),
        moved=fmean(second) - fmean(first) if first and second else None,
        bounds=paired(pairs),
        n=sum(1 for pair in pairs if pair != (None, None)),
    )
