"""An answer as Markdown for front ends that are not ours, and where in it each citation stands.

Whoever shows it turns Markdown into HTML, images and links included, so no text of a document, a title or a
model may become any: what is not ours is escaped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chat.answer import Answer, Citation, Statement
from chat.render import badge, day, status_note

_MARKS = re.compile(r"[\\`*_{}\[\]<>&|~#$]")
# Many front ends make a link of whatever looks like an address.
_ADDRESS = re.compile(r"(?<=\w):(?=//)|(?<=\bwww)\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of ``citation`` stands at ``start:end`` of the text."""

    citation: Citation
    start: int
    end: int


def plain(text: str) -> str:
    """``text`` in one line of Markdown that shows as it is written, without control characters."""
    flat = "".join(
        char for char in " ".join(text.split()) if unicodedata.category(char) not in {"Cc", "Cf", "Cs"}
    )
    return _ADDRESS.sub(r"\\\g<0>", _MARKS.sub(r"\\\g<0>", flat))


def pieces(answer: Answer, base: str | None) -> list[str]:
    """The answer with its sources, in the pieces it can be sent in.

    ``base`` goes before the address of each source; without one there is no link, but the document's path.

    An answer made of quotes begins with its verdict. One that a model writes begins with ``said`` of each
    statement: those are sent before the verdict is known.
    """
    if answer.answered_by == "extractive":
        gaps = ["\n\n- "] + ["\n- "] * len(answer.statements)
        opening = [
            _verdict(answer),
            *(gap + _marked(s) for gap, s in zip(gaps, answer.statements, strict=False)),
        ]
    else:
        opening = [said(s, first=number == 0) for number, s in enumerate(answer.statements)]
        opening.append(("\n\n" if opening else "") + _verdict(answer))
    return [*opening, *_after(answer, base)]


def said(statement: Statement, *, first: bool) -> str:
    """A statement of a model as it is added to those before it."""
    return f"{'' if first else ' '}{_marked(statement)}"


def marks(text: str, citations: Sequence[Citation]) -> list[Mark]:
    """Where ``text``, as ``whole`` makes it, cites; in order. An escaped bracket is no mark."""
    by_number = {str(citation.number): citation for citation in citations}
    return [
        Mark(by_number[found[1]], *found.span())
        for found in re.finditer(r"(?<!\\)\[(\d+)\](?!\()", text)
        if found[1] in by_number
    ]


def _after(answer: Answer, base: str | None) -> Iterator[str]:
    """What follows statements and verdict: a notice, why, and the sources."""
    if answer.notice:
        yield f"\n\n{plain(answer.notice)}"
    if answer.reason:
        yield f"\n\nWhy: {plain(answer.reason)}"
    if answer.citations:
        yield "\n\nSources:\n\n" + _list(answer.citations, answer, base)
    if answer.nearest:
        yield "\n\nThe nearest passages; none of them answers it:\n\n"
        yield _list(answer.nearest, answer, base)


def _verdict(answer: Answer) -> str:
    note = status_note(answer)
    return f"**{plain(badge(answer).text)}**" + (f" ({note.lower()})" if note else "")


def _marked(statement: Statement) -> str:
    numbers = "".join(f"[{number}]" for number in statement.citations)
    return f"{plain(statement.text)} {numbers}".rstrip()


def _list(citations: Sequence[Citation], answer: Answer, base: str | None) -> str:
    """A numbered list; the quote is left out where a statement has just said it."""
    shown = " ".join(" ".join(statement.text.split()) for statement in answer.statements)
    lines = []
    for citation in citations:
        title = ", ".join(plain(part) for part in (citation.title, citation.label) if part)
        about = ", ".join(plain(part) for part in (citation.publisher, day(citation.published)) if part)
        quote = " ".join(citation.quote.split())
        link = f"[{title}]({base}{citation.url})"
        place = f"{title}, {plain(citation.doc)}, characters {citation.start}-{citation.end}"
        lines.append(
            f"{citation.number}. {place if base is None else link}"
            + (f", {about}" if about else "")
            + ("" if quote in shown else f": “{plain(quote)}”")
        )
    return "\n".join(lines)
