"""The summary of a run: its figures, and everything needed to know what they are figures of."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from chat.answer import Answer, Made
from evals.cases import Half
from evals.figures import Figure, Latency, figures, latency, percent
from evals.measures import MEASURES, Measure, Scoring
from evals.run import Row, RunResult
from ingest.errors import FileFormatError

PACKAGES = ("remit", "bm25s", "chromadb", "llama-index-core", "numpy", "onnxruntime", "tokenizers")


class Provenance(BaseModel):
    """What was run on what: enough to run it again.

    ``revision`` is the git commit, "+" behind it when files differed from it, None outside a repository.
    """

    model_config = ConfigDict(frozen=True)

    date: str
    revision: str | None
    versions: dict[str, str]
    cases_file: str
    cases_sha256: str
    half: Half | None = None
    scoring: Scoring = "verdict"

    @classmethod
    def now(cls, cases_file: Path, *, half: Half | None = None, scoring: Scoring = "verdict") -> Provenance:
        """Gather it for a run that starts now; ``cases_file`` has to be readable."""
        return cls(
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            revision=revision(Path(__file__)),
            versions=versions(),
            cases_file=cases_file.name,
            cases_sha256=hashlib.sha256(cases_file.read_bytes()).hexdigest(),
            half=half,
            scoring=scoring,
        )


class Group(BaseModel):
    """The figures of some of the cases."""

    model_config = ConfigDict(frozen=True)

    cases: int
    figures: dict[str, Figure]


class Sentences(BaseModel):
    """What a language model said over a run, by whether it passed the check.

    ``in_quotes`` counts the answers that were given in quotes alone although a model was asked.
    """

    model_config = ConfigDict(frozen=True)

    shown: int
    dropped: int
    in_quotes: int

    @property
    def produced(self) -> int:
        """How many sentences the model said that could be read."""
        return self.shown + self.dropped

    @property
    def share(self) -> str:
        """The share that was dropped, as people read it; a dash when the model said nothing."""
        return percent(self.dropped / self.produced) if self.produced else "–"

    def __str__(self) -> str:
        dropped = f"{self.dropped} dropped ({self.share})"
        return f"{self.produced} produced, {self.shown} shown, {dropped}; {self.in_quotes} answers in quotes"

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> Sentences | None:
        """Counted over answers; None when no model had a part in any of them."""
        if not any(a.made or a.dropped or a.notice for a in answers):
            return None
        spoken = [a for a in answers if a.made]
        return cls(
            # The quotes that stand behind a model's words are no words of its own.
            shown=sum(not s.text.startswith("“") for a in spoken for s in a.statements),
            dropped=sum(len(a.dropped) for a in answers),
            in_quotes=len(answers) - len(spoken),
        )


class Summary(BaseModel):
    """What ``summary.json`` holds; ``index`` and ``answered_by`` count the answers of each.

    ``made`` says how a language model made them, ``sentences`` what it said; empty and None without one.
    """

    model_config = ConfigDict(frozen=True)

    cases: int
    asked: int
    unanswered: int
    seconds: float
    latency: Latency
    figures: dict[str, Figure]
    by_kind: dict[str, Group]
    index: dict[str, int]
    answered_by: dict[str, int]
    provenance: Provenance
    made: tuple[Made, ...] = ()
    sentences: Sentences | None = None

    @property
    def interrupted(self) -> bool:
        """Whether some cases were not asked."""
        return self.asked < self.cases

    @classmethod
    def read(cls, path: Path) -> Summary:
        """Read ``summary.json``; raises FileFormatError when it is missing or not one."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except OSError as exc:
            raise FileFormatError(
                path, None, f"expected a run's summary ({exc.strerror}); make one with: python -m evals run"
            ) from exc
        except ValidationError as exc:
            first = exc.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the whole"
            raise FileFormatError(path, None, f"expected a run's summary; {where}: {first['msg']}") from exc


def summarise(result: RunResult, provenance: Provenance, measures: Sequence[Measure] = MEASURES) -> Summary:
    """Sum up a run, over all cases and for each kind, kinds in alphabetical order."""
    rows = result.rows
    answers = [row.attempt.answer for row in rows if row.attempt.answer]
    kinds = sorted({row.case.kind for row in rows})
    return Summary(
        cases=result.total,
        asked=len(rows),
        unanswered=len(rows) - len(answers),
        seconds=round(result.seconds, 3),
        latency=latency([row.attempt.ms for row in rows]),
        figures=_figures(rows, measures),
        by_kind={kind: _group([row for row in rows if row.case.kind == kind], measures) for kind in kinds},
        index=dict(Counter(answer.index for answer in answers)),
        answered_by=dict(Counter(answer.answered_by for answer in answers)),
        provenance=provenance,
        made=tuple(dict.fromkeys(answer.made for answer in answers if answer.made)),
        sentences=Sentences.of(answers),
    )


def revision(file: Path) -> str | None:
    """The git commit of ``file``, "+" behind it when tracked files differ; None when git does not hold it.

    A package that is installed somewhere below another project's checkout is not of that project's commit.
    """
    if _git(file.parent, "ls-files", "--error-unmatch", file.name) is None:
        return None
    commit = _git(file.parent, "rev-parse", "HEAD")
    return commit if not commit or not _git(file.parent, "status", "--porcelain", "-uno") else f"{commit}+"


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that decide an answer, as far as they are installed."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _git(folder: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _group(rows: Sequence[Row], measures: Sequence[Measure]) -> Group:
    return Group(cases=len(rows), figures=_figures(rows, measures))


def _figures(rows: Sequence[Row], measures: Sequence[Measure]) -> dict[str, Figure]:
    return figures(measures, [row.scores for row in rows])
