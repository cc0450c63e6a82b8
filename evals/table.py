"""The results table of the README, made from the committed baseline, and nothing else."""

from __future__ import annotations

from pathlib import Path

from evals.folder import SUMMARY, write_files
from evals.measures import MEASURES
from evals.summary import Summary
from ingest.errors import FileFormatError, InputError

BEGIN, END = "<!-- evals:begin -->", "<!-- evals:end -->"


def table(summary: Summary) -> str:
    """The figures of a summary as Markdown, ending in a line break."""
    made = summary.provenance
    lines = ["| what | figure | 95 % interval | n |", "|---|---|---|---|"]
    for measure in MEASURES:
        figure = summary.figures.get(measure.name)
        if figure and figure.low is not None and figure.high is not None:
            between = f"{figure.shown(figure.low)} to {figure.shown(figure.high)}"
            lines.append(f"| {measure.title} | {figure.reads} | {between} | {figure.n} |")
    by = " and ".join(f"`{name}`" for name in summary.answered_by)
    lines += ["", f"{summary.cases} cases of `{made.cases_file}`, answered by {by}, on {made.date[:10]}."]
    return "\n".join(lines) + "\n"


def take(run: Path, baseline: Path) -> None:
    """Make a run's summary the baseline; raises InputError unless the whole question set was asked."""
    summary = Summary.read(run / SUMMARY)
    if summary.interrupted or summary.provenance.half:
        asked = f"{summary.asked} of {summary.cases} cases, {summary.provenance.half or 'no'} half"
        raise InputError(
            f"the run in {str(run)!r} is not of the whole set ({asked}); run: python -m evals run"
        )
    write_files(baseline.parent, {baseline.name: summary.model_dump_json(indent=1) + "\n"})


def renewed(readme: str, path: Path, summary: Summary) -> str:
    """The README's text with what stands between its two markers made anew.

    Raises FileFormatError when it does not hold both markers once, the first before the second.
    """
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in before + after:
        raise FileFormatError(path, None, f"expected one {BEGIN} and one {END} behind it")
    return f"{before}{BEGIN}\n{table(summary)}{END}{after}"
