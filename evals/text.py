"""Runs and comparisons as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evals.compare import Change, Comparison, Turned
from evals.measures import MEASURES
from evals.run import RunResult
from evals.summary import Summary

TITLES = {measure.name: measure.title for measure in MEASURES}
KINDS = ("verdict_owners", "gold_cited", "hit_at_5")
LISTED = 20


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows of cells as lines with the cells under each other; the first row is the heading."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def summary_lines(summary: Summary) -> Iterator[str]:
    """The figures of a run, over all cases and by kind."""
    table = [("figure", "value", "95 % interval", "n", "not eligible")]
    for name, figure in summary.figures.items():
        bounds = (figure.low, figure.high)
        between = " to ".join(figure.shown(bound) for bound in bounds if bound is not None)
        table.append((TITLES.get(name, name), figure.reads, between, str(figure.n), str(figure.ineligible)))
    yield from columns(table)
    yield ""
    by_kind = [("kind", "cases", *(TITLES[name] for name in KINDS))]
    for kind, group in summary.by_kind.items():
        by_kind.append((kind, str(group.cases), *(group.figures[name].reads for name in KINDS)))
    yield from columns(by_kind)
    yield ""
    if summary.sentences:
        yield f"sentences of the language model: {summary.sentences}"
    yield f"{summary.asked} of {summary.cases} cases in {summary.seconds:.1f} s; an answer: {summary.latency}"


def failing_lines(result: RunResult) -> Iterator[str]:
    """The cases that were not answered right, the first ``LISTED`` of them."""
    failing = result.failing
    if not failing:
        return
    yield f"{len(failing)} cases to look at:"
    for row in failing[:LISTED]:
        yield f"  {row.case.id} ({row.case.kind}) {row.case.question}"
        yield f"    expected {row.expected}; got {row.got}; short of: {', '.join(row.shortfalls)}"
    if len(failing) > LISTED:
        yield f"  and {len(failing) - LISTED} more in the report"


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Two runs side by side."""
    if not comparison.same_questions:
        yield "The two runs asked different question sets; compared are the cases that both asked."
    table = [
        ("figure", "before", "after", "moved", "95 % interval", "n"),
        ("Answered by", *comparison.answered_by, "", "", ""),
        *(
            [("Sentences dropped", *comparison.dropped, "", "", "")]
            if comparison.dropped != ("–", "–")
            else []
        ),
    ]
    yield from columns(table + [_change_cells(change) for change in comparison.changes])
    yield ""
    yield from _turned_lines("wrong before, right now", comparison.mended)
    yield from _turned_lines("right before, wrong now", comparison.broken)
    yield f"as uneven a split by chance alone: p = {comparison.p:.3f} (McNemar, exact)"
    for where, ids in (("first", comparison.only_before), ("second", comparison.only_after)):
        if ids:
            yield f"only in the {where} run: {', '.join(ids)}"


def _change_cells(change: Change) -> tuple[str, ...]:
    figures = [figure.reads if figure else "–" for figure in (change.before, change.after)]
    if change.moved is None or change.bounds is None:
        return (TITLES.get(change.name, change.name), *figures, "–", "", "0")
    star = " *" if change.certain else ""
    between = f"{100 * change.bounds.low:+.1f} to {100 * change.bounds.high:+.1f}{star}"
    return (
        TITLES.get(change.name, change.name),
        *figures,
        f"{100 * change.moved:+.1f}",
        between,
        str(change.n),
    )


def _turned_lines(heading: str, turned: Sequence[Turned]) -> Iterator[str]:
    yield f"{heading}: {len(turned)}"
    for pair in turned:
        yield f"  {pair.before.id} ({pair.before.kind}) {pair.before.question}"
        yield f"    {pair.before.got}  ->  {pair.after.got}"
