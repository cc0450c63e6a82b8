"""A run as JUnit XML, which every CI server knows how to show."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from evals.figures import percent
from evals.markup import el, xml
from evals.run import Row, RunResult


def junit(result: RunResult) -> str:
    """One test case a row; a failure says what was expected and what came, an error why nothing came."""
    suite = el(
        "testsuite",
        *[_test(row) for row in result.rows],
        name="evals",
        tests=len(result.rows),
        failures=sum(1 for row in result.failing if row.attempt.answer),
        errors=sum(1 for row in result.rows if not row.attempt.answer),
        skipped=0,
        time=f"{result.seconds:.3f}",
    )
    return xml(el("testsuites", suite))


def _test(row: Row) -> Element:
    return el(
        "testcase",
        _trouble(row),
        classname=f"evals.{row.case.kind}",
        name=f"{row.case.id}: {row.case.question}",
        time=f"{row.attempt.ms / 1000:.3f}",
    )


def _trouble(row: Row) -> Element | None:
    if not row.shortfalls:
        return None
    lines = [f"question: {row.case.question}", f"expected: {row.expected}", f"got: {row.got}"]
    lines += [f"gold: {gold.doc}: {gold.quote}" for gold in row.case.gold]
    if answer := row.attempt.answer:
        lines += [f"cited: {cited.doc}: {cited.quote}" for cited in answer.citations]
    lines += [f"{name}: {percent(row.scores[name] or 0.0)}" for name in row.shortfalls]
    tag = "failure" if row.attempt.answer else "error"
    return el(
        tag, "\n".join(lines), message=f"expected {row.expected}; got {row.got}", type=row.shortfalls[0]
    )
