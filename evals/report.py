"""The report of a run: one HTML page that needs nothing beside it, for those who decide on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from chat.answer import Turn
from evals.figures import Figure
from evals.gate import Gate, Threshold
from evals.markup import el, html
from evals.measures import MEASURES, Measure
from evals.run import Row, RunResult
from evals.summary import Summary

HEADLINES = ("verdict_owners", "gold_cited", "abstention_recall", "over_refusal", "quote_exact", "mrr")
BY_KIND = ("verdict_owners", "gold_cited", "hit_at_5")
# The page may load and run nothing at all, whatever finds its way into it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
MEASURE = {measure.name: measure for measure in MEASURES}


def report(result: RunResult, summary: Summary, gate: Gate | None = None) -> str:
    """The page as HTML; with a gate it says what the gate asks for and whether it was held."""
    thresholds = gate.figures if gate else {}
    body = el(
        "main",
        _head(summary),
        _gate_banner(gate, summary),
        _cards(summary, thresholds),
        _by_kind(summary),
        _failing(result),
        _all_figures(summary, thresholds),
        _all_cases(result),
        _made_of(summary),
    )
    css = (Path(__file__).parent / "report.css").read_text("utf-8")
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=POLICY),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", "Remit: question set report"),
        el("style", css),
    )
    return html(el("html", head, el("body", body), lang="en"))


def bar(figure: Figure, threshold: Threshold | None = None) -> Element:
    """A figure on a line from 0 to 100 %: the interval as a band, the value as a mark, the gate in red."""
    marks = [_block("track", 0, 100, 3, 6)]
    if figure.value is not None and figure.low is not None and figure.high is not None:
        low, high = 100 * figure.low, 100 * figure.high
        marks.append(_block("band", low, max(high - low, 0.5), 3, 6))
        marks.append(_block("mark", min(100 * figure.value, 99), 1, 0, 12))
    bounds = (threshold.min, threshold.max) if threshold else ()
    marks += [_block("gate", min(100 * bound, 99.4), 0.6, 0, 12) for bound in bounds if bound is not None]
    says = f"{figure}; the gate asks for {threshold}" if threshold else str(figure)
    return el("svg", *marks, viewBox="0 0 100 12", preserveAspectRatio="none", role="img", aria_label=says)


def _block(kind: str, x: float, width: float, y: int, height: int) -> Element:
    return el("rect", class_=kind, x=f"{x:.2f}", width=f"{width:.2f}", y=y, height=height)


def _head(summary: Summary) -> Element:
    asked = f"{summary.asked} of " if summary.interrupted else ""
    by = ", ".join(summary.answered_by) or "nobody"
    return el(
        "header",
        el("h1", "How well the questions are answered"),
        el(
            "p",
            f"{asked}{summary.cases} cases of {summary.provenance.cases_file}, answered by {by} "
            f"on {summary.provenance.date[:10]}, in {summary.seconds:.1f} seconds.",
            class_="soft",
        ),
    )


def _gate_banner(gate: Gate | None, summary: Summary) -> Element | None:
    if summary.interrupted:
        return el("div", "Interrupted: the figures are those of the cases asked so far.", class_="banner bad")
    if gate is None:
        return None
    missed = gate.missed(summary)
    if not missed:
        return el("div", "The gate is held: every figure reaches what it has to.", class_="banner good")
    return el(
        "div",
        f"The gate is missed by {len(missed)} figure{'s' if len(missed) > 1 else ''}.",
        el("ul", *[el("li", str(miss)) for miss in missed]),
        class_="banner bad",
    )


def _cards(summary: Summary, thresholds: Mapping[str, Threshold]) -> Element:
    cards = [_card(MEASURE[name], summary.figures[name], thresholds.get(name)) for name in HEADLINES]
    note = "The band is the 95 % interval: where the figure would likely lie on other questions like these."
    return el("section", el("div", *cards, class_="cards"), el("p", note, class_="soft small"))


def _card(measure: Measure, figure: Figure, threshold: Threshold | None) -> Element:
    asks = None
    if threshold:
        held = figure.value is not None and threshold.holds(figure.value)
        asks = el("span", f"gate: {threshold}", class_="pill" if held else "pill bad")
    return el(
        "div",
        el("h3", measure.title),
        el("div", figure.reads, class_="big"),
        bar(figure, threshold),
        el("p", _sureness(figure) + ("" if measure.best else "; lower is better"), class_="soft small"),
        asks,
        class_="card",
    )


def _sureness(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return f"no case scored, {figure.ineligible} not eligible"
    aside = f", {figure.ineligible} not eligible" if figure.ineligible else ""
    return f"{figure.shown(figure.low)} to {figure.shown(figure.high)}, n = {figure.n}{aside}"


def _table(columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str | Element | None]]) -> Element:
    """A table; a column is its heading and the class of its cells."""
    head = el("tr", *[el("th", heading, class_=kind) for heading, kind in columns])
    lines = [
        el("tr", *[el("td", cell, class_=kind) for cell, (_, kind) in zip(row, columns, strict=True)])
        for row in rows
    ]
    return el("div", el("table", el("thead", head), el("tbody", *lines)), class_="scroll")


def _reading(figure: Figure) -> Element:
    return el("div", figure.reads, bar(figure) if figure.n else None)


def _by_kind(summary: Summary) -> Element:
    columns = [("Kind", ""), ("Cases", "number"), *((MEASURE[name].title, "bar") for name in BY_KIND)]
    rows: list[list[str | Element | None]] = [
        [kind, str(group.cases), *(_reading(group.figures[name]) for name in BY_KIND)]
        for kind, group in summary.by_kind.items()
    ]
    return el("section", el("h2", "By kind of question"), _table(columns, rows))


def _all_figures(summary: Summary, thresholds: Mapping[str, Threshold]) -> Element:
    columns = [("Figure", ""), ("Value", "number"), ("", "bar low"), ("95 % interval", ""), ("Gate", "")]
    rows: list[list[str | Element | None]] = [
        [
            MEASURE[name].title,
            figure.reads,
            bar(figure, thresholds.get(name)) if figure.n else None,
            _sureness(figure),
            str(thresholds[name]) if name in thresholds else "",
        ]
        for name, figure in summary.figures.items()
    ]
    return el("section", el("h2", "All figures"), _table(columns, rows))


def _failing(result: RunResult) -> Element:
    rows = result.failing
    none = el("p", "Every case is answered right.", class_="soft") if not rows else None
    return el(
        "section",
        el("h2", f"Cases to look at: {len(rows)} of {len(result.rows)}"),
        none,
        *[_case(row) for row in rows],
    )


def _case(row: Row) -> Element:
    case, answer = row.case, row.attempt.answer
    shown = (*answer.citations, *answer.nearest[:2]) if answer else ()
    return el(
        "article",
        el(
            "div",
            el("span", case.id, class_="pill"),
            el("span", case.kind, class_="pill"),
            *[
                el("span", f"not: {MEASURE[name].title.lower()}", class_="pill bad")
                for name in row.shortfalls
            ],
        ),
        el("div", *[_turn(turn) for turn in case.history]),
        el("div", case.question, class_="question"),
        el(
            "div",
            el(
                "div",
                el("h4", "Expected"),
                el("p", row.expected),
                *[_quote(gold.doc, gold.quote) for gold in case.gold],
            ),
            el(
                "div",
                el("h4", "Got"),
                el("p", row.got),
                *[_quote(f"{cited.doc}, {cited.label}", cited.quote) for cited in shown],
            ),
            class_="sides",
        ),
        el("p", f"Note: {case.note}", class_="soft small") if case.note else None,
        class_="card case",
    )


def _turn(turn: Turn) -> Element:
    return el("p", f"{turn['role']}: {turn['content']}", class_="turn small")


def _quote(source: str, quote: str) -> Element:
    return el("blockquote", quote, el("cite", source))


def _all_cases(result: RunResult) -> Element:
    columns = [("", ""), ("Case", ""), ("Kind", ""), ("Question", ""), ("Expected", ""), ("Got", "")]
    rows = [
        ["✗" if row.shortfalls else "✓", row.case.id, row.case.kind, row.case.question, row.expected, row.got]
        for row in result.rows
    ]
    return el("details", el("summary", f"All {len(rows)} cases"), _table(columns, rows))


def _made_of(summary: Summary) -> Element:
    made = summary.provenance
    facts = {
        "Question set": f"{made.cases_file}, SHA-256 {made.cases_sha256}",
        "Half": made.half or "all of it",
        "Right means": "right owners" if made.scoring == "owners" else "right verdict and owners",
        "Revision": made.revision or "not under version control",
        "Index": ", ".join(summary.index) or "none",
        **_spoken(summary),
        "Versions": ", ".join(f"{name} {version}" for name, version in made.versions.items()),
        "Unanswered": str(summary.unanswered),
        "Time an answer": str(summary.latency),
    }
    pairs = [child for name, fact in facts.items() for child in (el("dt", name), el("dd", fact))]
    return el("section", el("h2", "What was run"), el("div", el("dl", *pairs), class_="card small"))


def _spoken(summary: Summary) -> dict[str, str]:
    """How a language model made the answers, and what became of what it said; nothing without one."""
    how = [f"{m.model}, temperature {m.temperature}, seed {m.seed}, prompt {m.prompt}" for m in summary.made]
    spoken = {"Language model": "; ".join(how)} if how else {}
    return spoken | ({"Its sentences": str(summary.sentences)} if summary.sentences else {})
