"""The report and the README's table: what they say, and that nothing in a question can break them."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from evals_parts import JUDGE, Scripted, answer, case, cite
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evals.figures import Figure
from evals.gate import Gate, Threshold
from evals.junit import junit
from evals.markup import el, html
from evals.report import bar, report
from evals.run import RunResult, run
from evals.summary import Provenance, Summary, summarise
from evals.table import renewed, table
from ingest.errors import FileFormatError

OWNED = cite("The Finance Chief should own travel.")
MADE = Provenance(
    date="2020-01-02T00:00:00+00:00", revision="abc", versions={}, cases_file="set.jsonl", cases_sha256="00"
)


class Page(HTMLParser):
    """The tags, attributes and text of a page as a browser would see them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def result_of(question: str = "Who?", quote: str = "", crash: str = "") -> RunResult:
    """Two cases: one right, one wrong, with the given texts wherever a text can stand."""
    said = replace(
        answer("lead", "Board", citations=[replace(OWNED, quote=quote or OWNED.quote, label=quote)]),
        reason=quote,
    )
    cases = [
        case("lead", "Finance Chief", id="good", question="Travel?"),
        case("lead", "Finance Chief", id="poor", question=question, kind="typo", gold=quote).model_copy(
            update={"note": quote, "history": ({"role": "user", "content": question},)}
        ),
    ]
    wrong = RuntimeError(crash) if crash else said
    asker = Scripted({"Travel?": answer("lead", "CFO", citations=[OWNED]), question: wrong})
    return run(cases, asker, JUDGE)


def test_the_report_shows_figures_kinds_and_the_cases_that_fell_short() -> None:
    result = result_of("Who owns hotels?", "Hotels are booked by the Office Desk.")
    page = Page(report(result, summarise(result, MADE)))
    assert "2 cases of set.jsonl, answered by extractive on 2020-01-02" in page.text
    assert "50 %" in page.text  # one of two right
    assert "9.5 % to 90.5 %, n = 2" in page.text  # Wilson for 1 of 2
    assert "Cases to look at: 1 of 2" in page.text
    for shown in (
        "Who owns hotels?",
        "led by Finance Chief",
        "led by Board",
        "not: right verdict and owners",
        "typo",
    ):
        assert shown in page.text
    assert page.text.count("Who owns hotels?") >= 3  # the failing case, its history, the list of all
    assert page.tags.count("article") == 1


def test_the_report_says_whether_the_gate_was_held() -> None:
    result = result_of()
    summary = summarise(result, MADE)
    high = Gate(figures={"verdict_owners": Threshold(min=0.9)})
    missed = Page(report(result, summary, high)).text
    assert "The gate is missed by 1 figure." in missed
    assert "the gate asks for at least 90 %" in missed
    low = Gate(figures={"verdict_owners": Threshold(min=0.5)})
    assert "The gate is held" in Page(report(result, summary, low)).text
    assert "The gate" not in Page(report(result, summary)).text


def test_an_interrupted_run_says_so_and_claims_no_gate() -> None:
    result = RunResult(result_of().rows, total=5, seconds=1.0)
    page = Page(report(result, summarise(result, MADE), Gate())).text
    assert "2 of 5 cases" in page
    assert "Interrupted" in page
    assert "The gate is held" not in page


def test_the_report_stands_alone_and_runs_nothing() -> None:
    page = Page(report(result_of(), summarise(result_of(), MADE)))
    assert {"script", "link", "img", "iframe", "form", "a"} & set(page.tags) == set()
    assert [
        name for name, _ in page.attributes if name in ("src", "href", "srcset") or name.startswith("on")
    ] == []
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    style = re.search(r"<style>(.*?)</style>", report(result_of(), summarise(result_of(), MADE)), re.S)
    assert style
    assert not re.search(r"url\(|@import|http", style[1])


HOSTILE = '</style></p><script>alert(1)</script><img src=x onerror="alert(1)"> & \x00 ]]> <!-- "\''


@settings(max_examples=15)  # each draws four whole pages
@given(st.text(min_size=1, max_size=40).filter(str.strip))
@example(HOSTILE)
def test_no_text_of_a_case_or_an_answer_becomes_markup(text: str) -> None:
    for result in (result_of(text, text), result_of(text, crash=text + "\ud800")):
        summary = summarise(result, MADE)
        page, plain = Page(report(result, summary)), Page(report(result_of(), summary))
        assert set(page.tags) <= set(plain.tags) | {"blockquote", "cite"}
        assert not [name for name, _ in page.attributes if name.startswith("on") or name == "src"]
        junit(result).encode("utf-8")
        suite = ElementTree.fromstring(junit(result))[0]
        assert [child.tag for child in suite] == ["testcase", "testcase"]


def test_text_arrives_as_it_was_given() -> None:
    page = Page(html(el("p", "a < b & ", el("b", "c > d"), " \x00tail", title='"quoted"')))
    assert page.text.strip() == "a < b & c > d \ufffdtail"
    assert page.attributes == [("title", '"quoted"')]


def test_a_bar_puts_interval_value_and_gate_where_they_belong() -> None:
    figure = Figure(value=0.8, low=0.6, high=0.9, n=10, ineligible=0, interval="wilson")
    drawn = {rect.get("class"): rect for rect in bar(figure, Threshold(min=0.95))}
    assert (drawn["band"].get("x"), drawn["band"].get("width")) == ("60.00", "30.00")
    assert drawn["mark"].get("x") == "80.00"
    assert drawn["gate"].get("x") == "95.00"
    assert "band" not in {rect.get("class") for rect in bar(replace(figure, value=None, low=None, high=None))}


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_bar_never_leaves_its_track(one: float, two: float, three: float) -> None:
    low, value, high = sorted((one, two, three))
    for rect in bar(Figure(value, low, high, 1, 0, "wilson"), Threshold(max=high)):
        x, width = float(rect.get("x", "")), float(rect.get("width", ""))
        assert x >= 0
        assert x + width <= 100.5


README = "# Title\n\n<!-- evals:begin -->\nstale\n<!-- evals:end -->\n\nrest\n"


def summary() -> Summary:
    return summarise(result_of(), MADE)


def test_the_readmes_table_holds_every_figure_with_interval_and_n() -> None:
    lines = table(summary()).splitlines()
    assert lines[:3] == [
        "| what | figure | 95 % interval | n |",
        "|---|---|---|---|",
        "| Right verdict and owners | 50 % | 9.5 % to 90.5 % | 2 |",
    ]
    assert "| Mean reciprocal rank of the gold | 1.00 | 1.00 to 1.00 | 2 |" in lines
    assert not [line for line in lines if "Not covered, and said so" in line]  # no case was scored for it
    assert lines[-1] == "2 cases of `set.jsonl`, answered by `extractive`, on 2020-01-02."


def test_renewing_changes_what_stands_between_the_markers_and_nothing_else() -> None:
    once = renewed(README, Path("README.md"), summary())
    assert once.startswith("# Title\n\n<!-- evals:begin -->\n| what |")
    assert once.endswith("<!-- evals:end -->\n\nrest\n")
    assert "stale" not in once
    assert renewed(once, Path("README.md"), summary()) == once


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<!-- evals:begin -->",
        "<!-- evals:end --> <!-- evals:begin -->",
        README + "<!-- evals:begin -->",
        README + "<!-- evals:end -->",
        "<!-- evals:end -->" + README,
    ],
)
def test_a_readme_without_one_pair_of_markers_is_refused(text: str) -> None:
    with pytest.raises(FileFormatError, match=r"README\.md: expected one <!-- evals:begin -->"):
        renewed(text, Path("README.md"), summary())
