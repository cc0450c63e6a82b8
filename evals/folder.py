"""The folder of a run: what is written there, and how it is read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.gate import Gate
from evals.junit import junit
from evals.measures import Score
from evals.report import report
from evals.run import RunResult, said
from evals.summary import Summary
from ingest.errors import FileFormatError, InputError

ROWS, SUMMARY, REPORT, JUNIT = "rows.jsonl", "summary.json", "report.html", "junit.xml"


def write(out: Path, result: RunResult, summary: Summary, gate: Gate | None = None) -> None:
    """Write the four files of a run, over those of an earlier one.

    Raises InputError when ``out`` cannot be written.
    """
    rows = "".join(json.dumps(row.to_dict(), ensure_ascii=False) + "\n" for row in result.rows)
    files = {
        ROWS: rows,
        SUMMARY: summary.model_dump_json(indent=1) + "\n",
        REPORT: report(result, summary, gate),
        JUNIT: junit(result),
    }
    write_files(out, files)


def write_files(out: Path, files: Mapping[str, str]) -> None:
    """Write texts by name into a folder, which is made; raises InputError when that cannot be done."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            # A question may hold half of a surrogate pair, which UTF-8 has no bytes for.
            (out / name).write_bytes(text.encode("utf-8", "replace"))
    except OSError as exc:
        raise InputError(
            f"cannot write to {str(out)!r} ({exc.strerror}); give another folder with --out"
        ) from exc


class _PastCase(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    kind: str
    question: str


class _PastAnswer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    verdict: str
    owners: tuple[str, ...]


class _PastLine(BaseModel):
    model_config = ConfigDict(extra="ignore")

    case: _PastCase
    answer: _PastAnswer | None
    scores: dict[str, Score]


@dataclass(frozen=True, slots=True)
class PastRow:
    """A row of a run that was written, as much of it as a comparison needs."""

    id: str
    kind: str
    question: str
    got: str
    scores: Mapping[str, Score]


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that was written: its summary, and its rows by the id of their case."""

    summary: Summary
    rows: Mapping[str, PastRow]


def read(out: Path) -> PastRun:
    """Read a run's folder, also one that an older version wrote.

    Raises FileFormatError, with file, line and what was expected.
    """
    summary = Summary.read(out / SUMMARY)
    path = out / ROWS
    try:
        lines = path.read_bytes().splitlines()
    except OSError as exc:
        raise FileFormatError(
            path, None, f"expected a run's rows ({exc.strerror}); make them with: python -m evals run"
        ) from exc
    rows = [_row(path, number, line) for number, line in enumerate(lines, start=1)]
    return PastRun(summary, {row.id: row for row in rows})


def _row(path: Path, number: int, line: bytes) -> PastRow:
    try:
        past = _PastLine.model_validate_json(line)
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise FileFormatError(path, number, f"expected a row of a run; {where}: {first['msg']}") from exc
    answer = past.answer
    got = said(answer.verdict, answer.owners) if answer else "no answer"
    return PastRow(past.case.id, past.case.kind, past.case.question, got, past.scores)
