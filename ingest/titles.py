"""Headings without a mark: lines that stand alone and read like a title, or carry a section's number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ingest import dates
from ingest.lines import FIELD, LONG, Line, body_indent, chunks

Family = Literal["keyword", "numbered", "upper", "soft"]
_NUMBER = re.compile(
    r"(?:§+\s*)?((?:\d{1,3}|[A-Z])(?:\.\d{1,3})*|[IVX]{1,6})(\.?)\s+(?=[\"'“‘(]?[A-Z0-9À-Þ])"
)
_KEYWORD = re.compile(
    r"(?:article|section|chapter|part|appendix|annex|schedule|title|rule|bylaw|standard)\s+"
    r"(?:[ivxlcdm]+|\d+(?:\.\d+)*|[a-z])\b(?:[\s.:—–-]+\S.*)?[.:]?$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?:[.,;:!]|…)[\"'”’)\]]*$")
_STARTS = re.compile(r"[\"'“‘(\[]?[A-Z0-9À-Þ]")
_ADDRESS = re.compile(r"\S@\S|://|\s\|\s")
_BULLET = re.compile(r"(?:[-*+•◦▪‣·]|\d{1,3}[.)]|\(?[a-z]{1,4}\)|[a-z]\.)\s")
# A title does not break off in the middle of a phrase.
_OPEN_WORDS = re.compile(
    r"(?:a|an|the|and|or|of|to|in|on|at|by|with|from|for|as|is|are|was|be|that|which|who|may|must|should|will"
    r"|shall|can|has|have|this|these|their|its|your|our|not|if|when)"
)
_WORDS = 12  # a longer line is rather a sentence without its full stop
_TITLE_LENGTH = 100
_FIELDS = 2  # lines such as "Owner: the CIO"; where there are more, none is a heading


@dataclass(frozen=True, slots=True)
class Title:
    """A line that reads like a heading; ``style`` tells those of one rank from others of its family."""

    line: int
    family: Family
    style: str = ""
    depth: int = 0  # numbered: how many points its number has


def number_of(title: str) -> str:
    """The number that a heading begins with, such as "5.1", "A" or "IV"; "" when there is none."""
    match = _NUMBER.match(title)
    return match.group(1) if match else ""


def reads_like_title(text: str) -> bool:
    """Whether a line could be a title: short, a capital first, no punctuation or open phrase at its end."""
    words = text.split()
    if not words or len(text) > _TITLE_LENGTH or len(words) > _WORDS:
        return False
    if _ENDS.search(text) or _ADDRESS.search(text) or not _STARTS.match(text):
        return False
    return not _OPEN_WORDS.fullmatch(words[-1].lower()) and not dates.parse(text)


def find(lines: Sequence[Line], taken: set[int]) -> list[Title]:
    """The headings among the lines that are not ``taken`` by marked ones, in order."""
    margin = body_indent(lines)
    fields = sum(bool(FIELD.match(line.text)) for line in lines) > _FIELDS
    runs = [run for run in chunks(lines) if not taken.issuperset(run)]
    found: list[Title] = []
    for place, run in enumerate(runs):
        first = run[0]
        following = lines[runs[place + 1][0]] if place + 1 < len(runs) else None
        below = lines[first + 1] if len(run) > 1 else following
        if first in taken or lines[first].rule or below is None:
            continue
        if fields and FIELD.match(lines[first].text):
            continue
        last = runs[place - 1][-1] if place else first
        introduced = place > 0 and last not in taken and lines[last].text[-1] in ":,;"
        title = _title(lines[first], first, below, alone=len(run) == 1, introduced=introduced, margin=margin)
        if title is not None:
            found.append(title)
    return _outdented(_without_lists(runs, found), lines, margin)


def _title(line: Line, n: int, below: Line, *, alone: bool, introduced: bool, margin: int) -> Title | None:
    """What kind of heading line ``n`` is, if ``below`` is the next text and it stands ``alone``."""
    text = line.text
    if _ENDS.search(text) or len(text) > _TITLE_LENGTH or _ADDRESS.search(text):
        return None
    if _KEYWORD.match(text):
        return Title(n, "keyword")
    numbered = _NUMBER.match(text)
    if numbered:
        depth = numbered.group(1).count(".")
        if alone and (depth or numbered.group(2)) and (depth or not introduced):
            return Title(n, "numbered", depth=depth)
        if depth and not alone and _STARTS.match(below.text) and len(text) <= 60:
            return Title(n, "numbered", depth=depth)
    if introduced or _BULLET.match(text) or not reads_like_title(text):
        return None
    if sum(c.isalpha() for c in text) >= 5 and text.upper() == text and _STARTS.match(below.text):
        return Title(n, "upper")
    if not alone and not (n == 0 and len(below.text) > LONG):
        return None
    if line.indent > margin and 60 <= 2 * line.indent + len(text) <= 90:
        return Title(n, "soft", "centred")
    return (
        Title(n, "soft", f"{line.indent:03}")
        if below.indent >= line.indent and line.indent <= margin
        else None
    )


def _without_lists(runs: Sequence[range], found: Sequence[Title]) -> list[Title]:
    """Leave out loose lists: lines in a row that look like headings but have nothing below them."""
    place = {run[0]: i for i, run in enumerate(runs)}
    groups: list[list[Title]] = []
    for title in found:
        last = groups[-1][-1] if groups else None
        in_row = last is not None and place[title.line] == place[last.line] + 1
        kin = last is not None and (last.family, last.style, last.depth) == (
            title.family,
            title.style,
            title.depth,
        )
        if in_row and kin:
            groups[-1].append(title)
        else:
            groups.append([title])
    return [
        title
        for group in groups
        if len(group) < (2 if group[0].family == "numbered" else 3)
        for title in group
    ]


def _outdented(found: Sequence[Title], lines: Sequence[Line], margin: int) -> list[Title]:
    """Where headings stand further out than the text, a short line at the text's margin is none."""
    soft = [t for t in found if t.family == "soft" and t.style != "centred"]
    outside = sum(lines[t.line].indent < margin for t in soft)
    if outside < 2:
        return list(found)
    return [t for t in found if t not in soft or lines[t.line].indent < margin]
