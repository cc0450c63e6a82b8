"""An answer in words: the verdict at a glance, dates as people write them, and the text of a terminal."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from chat.answer import Answer, Citation, Statement
from ingest.people import names_several

Tone = Literal["lead", "shared", "info", "not_covered", "conflict"]

_STATUS = {
    "supported": "",
    "partial": "Answered in part",
    "conflicting": "The documents disagree",
    "not_covered": "",
}
_COLOURS: dict[Tone, str] = {
    "lead": "\x1b[1;32m",
    "shared": "\x1b[1;34m",
    "info": "\x1b[1m",
    "not_covered": "\x1b[1;33m",
    "conflict": "\x1b[1;31m",
}
_DIM, _PLAIN = "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Badge:
    """The verdict at a glance: a few words, and the tone that picks their colour."""

    text: str
    tone: Tone


def badge(answer: Answer) -> Badge:
    """The verdict in a few words, such as "CMO leads" or "Shared: CMO and CIO"."""
    if answer.status == "conflicting":
        return Badge("Documents disagree", "conflict")
    match answer.verdict:
        case "lead" if answer.owners:
            verb = "lead" if names_several(answer.owners[-1]) else "leads"
            return Badge(f"{joined(answer.owners)} {verb}", "lead")
        case "shared" if answer.owners:
            return Badge(f"Shared: {joined(answer.owners)}", "shared")
        case "not_covered":
            return Badge("Not covered", "not_covered")
    return Badge("From the documents", "info")


def status_note(answer: Answer) -> str:
    """What the reader must know besides the badge: "Answered in part"; empty when there is nothing to add."""
    note = _STATUS[answer.status]
    return "" if badge(answer).tone == "conflict" else note


def roles_line(answer: Answer) -> list[tuple[str, str]]:
    """The roles as (heading, names) pairs: who owns, who supports; empty when no role is named."""
    pairs = []
    if answer.owners:
        word, conjunction = (
            ("Named by one side or another", "or")
            if answer.status == "conflicting"
            else (
                "Owner" if len(answer.owners) == 1 else "Owners",
                "and",
            )
        )
        pairs.append((word, joined(answer.owners, conjunction)))
    if answer.supporting:
        pairs.append(("Supporting", joined(answer.supporting)))
    return pairs


def told(answer: Answer) -> tuple[Statement, ...]:
    """The statements that say something in words of their own.

    One that only repeats the quotes it cites is left out: they are shown anyway, with their source.
    """
    quotes = {citation.number: citation.quote for citation in answer.citations}
    return tuple(
        statement
        for statement in answer.statements
        if not (statement.citations and _bare(statement.text) == _bare(_all(quotes, statement.citations)))
    )


def written_by(answer: Answer) -> str:
    """Whose words the statements are, when they are not the documents'; "" when they are."""
    model = answer.answered_by.partition(":")[2]
    return f"In the words of {model}, each sentence checked against what it cites." if model else ""


def left_out(answer: Answer) -> str:
    """How many sentences of a language model are not shown; "" when there is none."""
    match len(answer.dropped):
        case 0:
            return ""
        case 1:
            return "1 sentence of the language model is left out: its source does not carry it."
        case many:
            return f"{many} sentences of the language model are left out: their sources do not carry them."


def _all(quotes: dict[int, str], numbers: Iterable[int]) -> str:
    return " ".join(quotes.get(number, "") for number in numbers)


def _bare(text: str) -> str:
    """``text`` without quotation marks and with single blanks."""
    return " ".join(re.sub(r"[“”\"]", " ", text).split())


def joined(names: Sequence[str], conjunction: str = "and") -> str:
    """Names as a sentence lists them: "A", "A and B", "A, B and C"; no name gives an empty string."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def day(published: str) -> str:
    """An ISO date, or the part of one that is known, as "9 July 2018", "July 2018" or "2018".

    Anything else comes back unchanged: a document may say "spring 2015", and that is what it says.
    """
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", published):
        return published
    try:
        known = date.fromisoformat((published + "-01-01")[:10])
    except ValueError:
        return published
    return {4: f"{known:%Y}", 7: f"{known:%B %Y}", 10: f"{known.day} {known:%B %Y}"}[len(published)]


def provenance(citation: Citation) -> str:
    """Where a citation comes from, in one line: title, publisher and date as far as they are known."""
    about = ", ".join(part for part in (citation.publisher, day(citation.published)) if part)
    return f"{citation.title} ({about})" if about else citation.title


def to_terminal(answer: Answer, *, width: int = 80, colour: bool = False) -> str:
    """The answer as text for a terminal of ``width`` columns, ending in a newline.

    Control characters of questions and documents are taken out: a document must not steer the terminal.
    """
    width = max(30, min(width, 100))
    out: list[str] = []
    head = badge(answer)
    paint = _COLOURS[head.tone] if colour else ""
    note = status_note(answer)
    out.append(f"{paint}{safe(head.text)}{_PLAIN if paint else ''}" + (f"  ({note.lower()})" if note else ""))
    out += [line for label, names in roles_line(answer) for line in _wrap(f"{label}: {names}", width)]
    for statement in told(answer):
        marks = "".join(f"[{number}]" for number in statement.citations)
        out += ["", *_wrap(f"{statement.text} {marks}".rstrip(), width)]
    if answer.reason:
        out += ["", *_wrap(f"Why: {answer.reason}", width)]
    if notes := [note for note in (answer.notice, written_by(answer), left_out(answer)) if note]:
        out += ["", *(line for note in notes for line in _wrap(f"Note: {note}", width))]
    for citation in answer.citations:
        out += ["", *_source(citation, f"[{citation.number}] ", width, colour)]
    if answer.nearest:
        out += ["", *_wrap("The nearest passages; none of them answers it:", width)]
        for citation in answer.nearest:
            out += ["", *_source(citation, "  - ", width, colour)]
    if answer.asked and answer.asked != answer.question:
        out += ["", *_wrap(f"Understood as: {answer.asked}", width)]
    return "\n".join(out) + "\n"


def _source(citation: Citation, mark: str, width: int, colour: bool) -> Iterable[str]:
    """The lines of one citation: the exact quote, whose it is, and where in the document it stands."""
    indent = " " * len(mark)
    yield from _wrap(f"{mark}“{citation.quote}”", width, indent + " ")
    about = ", ".join(part for part in (provenance(citation), citation.label) if part)
    where = f"{indent}{safe(citation.doc)}, characters {citation.start}-{citation.end}"
    for line in (*_wrap(indent + about, width, indent), where):
        yield f"{_DIM}{line}{_PLAIN}" if colour else line


def _wrap(text: str, width: int, indent: str = "") -> list[str]:
    """``text`` in lines of ``width``; a word longer than a line (an address) stays whole."""
    lead = text[: len(text) - len(text.lstrip(" "))]
    return textwrap.wrap(
        safe(text),
        width,
        initial_indent=lead,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]


def safe(text: str) -> str:
    """``text`` in one line, without control and direction characters."""
    flat = re.sub(r"\s+", " ", text).strip()
    return "".join(char for char in flat if unicodedata.category(char) not in {"Cc", "Cf", "Cs"})
