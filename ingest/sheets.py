"""The ownership matrix as a sheet: CSV for spreadsheets, Markdown for people, JSON for programs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from ingest.matrix import Entry, Said

# A spreadsheet takes a cell that begins so for a formula, and would run what a document's author wrote.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r\n]")
_MARKS = re.compile(r"([\\`*_\[\]<>#!|~&$])")
_COLUMNS = """
entry topic status owners supporting not_owners force plain strength
doc title published label says quote start end
"""
_HEADS = {
    "conflicting": "Where documents disagree",
    "unowned": "Spoken of, owned by nobody",
    "plain": "Who owns what",
    "": "Told in passing",
}


def as_json(
    index: str, entries: Iterable[Entry], link: Callable[[Said], str] | None = None
) -> dict[str, Any]:
    """``{"index", "counts", "entries"}`` of plain JSON types; ``link`` gives each citation a ``url``."""
    listed, counts = [], dict.fromkeys(("stated", "shared", "conflicting", "unowned"), 0)
    for entry in entries:
        counts[entry.status] += 1
        one = asdict(entry)
        for said, cited in zip(one["citations"], entry.citations, strict=True):
            said["says"] = [{"role": role, "relation": relation} for role, relation in cited.says]
            if link is not None:
                said["url"] = link(cited)
        listed.append(one)
    return {"index": index, "counts": counts, "entries": listed}


def to_json(index: str, entries: Iterable[Entry]) -> str:
    """The same as text, indented, ending in a line break."""
    return json.dumps(as_json(index, entries), ensure_ascii=False, indent=1) + "\n"


def to_csv(_index: str, entries: Iterable[Entry]) -> str:
    """A line for each sentence that an entry rests on; lines of one entry share its number, from 1.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS.split())
    for number, e in enumerate(entries, 1):
        what = (e.topic, e.status, *map("; ".join, (e.owners, e.supporting, e.not_owners)), e.force)
        for c in e.citations:
            says = "; ".join(f"{role} {relation}" for role, relation in c.says)
            where = (c.doc, c.title, c.published, c.label, says, c.quote)
            plain = "yes" if e.plain else "no"
            writer.writerow(
                [number, *map(harmless, what), plain, e.strength, *map(harmless, where), c.start, c.end]
            )
    return out.getvalue()


def to_markdown(index: str, entries: Sequence[Entry]) -> str:
    """Four tables: contradictions, gaps, who owns what, and what is only told in passing."""
    parts = [f"# Ownership matrix\n\n{len(entries):,} topics, from the index {index}.\n"]
    for kind, head in _HEADS.items():
        chosen = [e for e in entries if _kind(e) == kind]
        if chosen:
            parts.append(f"## {head} ({len(chosen):,})\n")
            parts.append("| topic | owner | supports | does not own | said in |\n|---|---|---|---|---|")
            parts.append("\n".join(map(_line, chosen)) + "\n")
    return "\n".join(parts)


FORMATS: dict[str, Callable[[str, Sequence[Entry]], str]] = {
    "csv": to_csv,
    "md": to_markdown,
    "json": to_json,
}


def _kind(entry: Entry) -> str:
    return entry.status if entry.status in _HEADS else "plain" if entry.plain else ""


def _line(e: Entry) -> str:
    sources = "<br>".join(_source(c, e) for c in e.citations)
    names = (", ".join(map(_escaped, names)) for names in (e.owners, e.supporting, e.not_owners))
    return f"| {' | '.join((_escaped(e.topic), *names, sources))} |"


def _source(c: Said, e: Entry) -> str:
    date = f" ({_escaped(c.published)})" if c.published else ""
    who = ""
    if e.status == "conflicting":  # who is said to own it stands beside each document that says so
        who = "; ".join(f"{_escaped(role)} {relation}" for role, relation in c.says) + ": "
    return f"{who}{_escaped(c.title)}, {_escaped(c.label)}{date}: “{_escaped(c.quote)}”"


def harmless(cell: str) -> str:
    """``cell`` as a spreadsheet shows it and does not run it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
