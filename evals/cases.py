"""A question set: one JSON object a line, checked as it is read.

Example line::

   {"id": "d01", "kind": "direct", "question": "Who should own travel?", "verdict": "lead", "owners": ["CFO"],
    "gold": [{"doc": "travel.md", "quote": "The CFO should own travel."}]}
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, field_validator
from pydantic import model_validator as whole

from chat.answer import Turn, Verdict
from ingest.errors import FileFormatError

Half = Literal["tune", "report"]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

_HOW_MANY = {"lead": (1, 1), "shared": (2, None), "info": (0, 0), "not_covered": (0, 0)}


class Gold(BaseModel):
    """The sentence that settles a case: ``quote`` stands in the document ``doc``, white space aside."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    doc: Words
    quote: Words


class Case(BaseModel):
    """One question and what a right answer to it holds.

    ``accept`` are other names that are right, ``must_contain`` patterns that the answer has to show,
    ``absent`` patterns that stand nowhere in the documents (the proof of a ``not_covered`` case),
    ``history`` the conversation before it, oldest turn first, ``note`` a word to whoever judges by hand.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Words
    question: Words
    owners: tuple[Words, ...]
    verdict: Verdict
    gold: tuple[Gold, ...]
    kind: Words
    history: tuple[Turn, ...] = ()
    accept: tuple[Words, ...] = ()
    must_contain: tuple[Words, ...] = ()
    absent: tuple[Words, ...] = ()
    note: str = ""

    @field_validator("must_contain", "absent")
    @classmethod
    def _patterns(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as exc:
                raise ValueError(f"{pattern!r} is no regular expression: {exc}") from exc
        return patterns

    @whole(mode="after")
    def _owners_fit_the_verdict(self) -> Self:
        least, most = _HOW_MANY[self.verdict]
        if len(self.owners) < least or (most is not None and len(self.owners) > most):
            wanted = f"{least} or more" if most is None else str(least)
            raise ValueError(f"verdict {self.verdict!r} goes with {wanted} owners, got {list(self.owners)!r}")
        if self.verdict in ("lead", "shared") and not self.gold:
            raise ValueError(f"verdict {self.verdict!r} needs a gold quote that says so")
        return self

    @property
    def covered(self) -> bool:
        """Whether the documents answer the question."""
        return self.verdict != "not_covered"


def load(path: Path) -> list[Case]:
    """Read a question set, in the file's order; blank lines are passed over.

    Raises FileFormatError, with file, line and what was expected, for a file that is missing, empty or not
    UTF-8, a line that is no case, and an id that comes twice.
    """
    cases: list[Case] = []
    first_seen: dict[str, int] = {}
    for number, line in _lines(path):
        try:
            case = Case.model_validate_json(line)
        except ValidationError as exc:
            raise FileFormatError(path, number, _expected(exc)) from exc
        if case.id in first_seen:
            raise FileFormatError(
                path, number, f"expected an id of its own; {case.id!r} is also on line {first_seen[case.id]}"
            )
        first_seen[case.id] = number
        cases.append(case)
    if not cases:
        raise FileFormatError(path, None, "expected at least one case, one JSON object a line; found none")
    return cases


def half_of(case: Case) -> Half:
    """Which half of a set a case falls in: ``tune`` when the last digit of its id's SHA-256 is even.

    The id alone decides, so a case stays in its half whatever is added around it.
    """
    last = hashlib.sha256(case.id.encode()).hexdigest()[-1]
    return "tune" if int(last, 16) % 2 == 0 else "report"


def only(cases: Iterable[Case], half: Half | None) -> list[Case]:
    """The cases of one half, or all of them when ``half`` is None."""
    return [case for case in cases if half is None or half_of(case) == half]


def _lines(path: Path) -> list[tuple[int, bytes]]:
    try:
        raw = path.read_bytes()
    except OSError as exc:
        raise FileFormatError(path, None, f"expected a question set to read: {exc.strerror}") from exc
    numbered = list(enumerate(raw.split(b"\n"), start=1))
    for number, line in numbered:
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as exc:
            raise FileFormatError(path, number, f"expected UTF-8: {exc.reason} at byte {exc.start}") from exc
    return [(number, line) for number, line in numbered if line.strip()]


def _expected(exc: ValidationError) -> str:
    first = exc.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    if first["type"] == "json_invalid":
        return f"expected one JSON object: {reason}"
    given = "" if first["type"] in ("missing", "value_error") else f", got {first['input']!r}"
    return f"expected a case; {field or 'the whole'}: {reason}{given}"
