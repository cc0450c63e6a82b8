"""Headings without a mark: lines that stand alone and read like a title, or carry a section's number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.reading import dates
from ingest.reading.lines import FIELD, LONG, Line, body_indent, chunks, usual_width

Family = Literal["keyword", "numbered", "upper", "soft"]
_NUMBER = re.compile(
    r"(?:§+\s*)?((?:\d{1,3}|[A-Z])(?:\.\d{1,3})*|[IVX]{1,6})(\.?)\s+(?=[\"'“‘(]?[A-Z0-9À-Þ])"
)
_SECTION = re.compile(
    r"(?:§+\s*)?(?:(\d{1,3}(?:\.\d{1,3})*|[A-Z](?:\.\d{1,3})+)|([A-Z]|[IVX]{2,6})(?=\.))\.?\s+\S"
)
_KEYWORD = re.compile(
    r"(?:article|section|chapter|part|appendix|annex|schedule|title|rule|bylaw|standard)\s+"
    r"(?:[ivxlcdm]+|\d+(?:\.\d+)*|[a-z])\b[.:)]?(?:[\s:—–-]+(?P<rest>\S.*))?$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?:[.,;:!]|…)[\"'”’)\]]*$")
_STOP = re.compile(r"[.!?][\"'”’)\]]*$")
_STARTS = re.compile(r"[\"'“‘(\[]?[A-Z0-9À-Þ]")
_ADDRESS = re.compile(r"\S@\S|://|\s\|\s")
_BULLET = re.compile(r"(?:[-*+•◦▪‣·]|\d{1,3}[.)]|\(?[a-z]{1,4}\)|[a-z]\.)\s")
# A title does not break off in the middle of a phrase.
_OPEN_WORDS = re.compile(
    r"(?:a|an|the|and|or|of|to|in|on|at|by|with|from|for|as|is|are|was|be|that|which|who|may|must|should|will"
    r"|shall|can|has|have|this|these|their|its|your|our|not|if|when)"
)
_IMPRINT = re.compile(
    r"(?:approved|adopted|agreed|issued|published|posted|updated|last (?:updated|reviewed|modified)|effective"
    r"|ratified|revised|dated|in force|written by|by)\b",
    re.IGNORECASE,
)
# "Section 3.02. Powers and duties.", alone on its line
_SUBSECTION = re.compile(
    r"(?:section|sec\.|article|art\.|rule|clause)\s+\d+(?:\.\d+)+\.?\s+(?P<rest>[^.;:]{2,60})\.$", re.I
)
_WORDS = 12  # a longer line is rather a sentence without its full stop
_TITLE_LENGTH = 100
_FIELDS = 2  # lines such as "Owner: the CIO"; where there are more, none is a heading


@dataclass(frozen=True, slots=True)
class Title:
    """Lines that read like a heading; ``style`` tells those of one rank from others of its family."""

    line: int
    family: Family
    style: str = ""
    depth: int = 0  # numbered: how many points its number has
    last: int = 0  # the last line, where "ARTICLE I" has its name in a second one


def number_of(title: str) -> str:
    """The number that a heading begins with, such as "5.1", "A" or "IV"; "" when there is none."""
    match = _SECTION.match(title)
    return (match.group(1) or match.group(2) or "") if match else ""


def reads_like_title(text: str) -> bool:
    """Whether a line could be a title: short, a capital first, no punctuation or open phrase at its end."""
    words = text.split()
    if not words or len(text) > _TITLE_LENGTH or len(words) > _WORDS:
        return False
    if _ENDS.search(text) or _ADDRESS.search(text) or not _STARTS.match(text) or _IMPRINT.match(text):
        return False
    return not _OPEN_WORDS.fullmatch(words[-1].lower()) and not dates.parse(text)


def find(lines: Sequence[Line], taken: set[int]) -> list[Title]:
    """The headings among the lines that are not ``taken`` by marked ones, in order."""
    margin, width = body_indent(lines), usual_width(lines)
    fields = sum(bool(FIELD.match(line.text)) for line in lines) > _FIELDS
    runs = [run for run in chunks(lines) if not taken.issuperset(run)]
    found: list[Title] = []
    for place, run in enumerate(runs):
        first = run[0]
        following = lines[runs[place + 1][0]] if place + 1 < len(runs) else None
        below = lines[first + 1] if len(run) > 1 else following
        skipped = first in taken or lines[first].rule or (fields and FIELD.match(lines[first].text))
        if below is not None and not skipped:
            above = runs[place - 1][-1] if place else first
            introduced = place > 0 and above not in taken and lines[above].text[-1] in ":,;"
            centred = _is_centred(lines[first]) and (lines[first].indent > margin or place == 0)
            edge = lines[first].indent if centred else margin
            title = _alone(
                lines[first], first, below, single=len(run) == 1, introduced=introduced, margin=edge
            )
            if title is not None and title.family == "soft" and centred:
                title = Title(first, "soft", "centred")
            found += [title] if title is not None else []
        found += [
            Title(n, *kind) for n in run[:-1] if n not in taken and (kind := _inside(lines, n, run, width))
        ]
    unique = {title.line: title for title in reversed(found)}
    ends = {n: run[-1] for run in runs for n in run}
    ordered = [_with_name(unique[n], lines, ends[n]) for n in sorted(unique)]
    return _outdented(_without_lists(runs, ordered), lines, margin)


def _alone(line: Line, n: int, below: Line, *, single: bool, introduced: bool, margin: int) -> Title | None:
    """The kind of heading that a paragraph's first line is; ``below`` is the next text."""
    text = line.text
    section = _SUBSECTION.match(text)
    if (
        section
        and reads_like_title(section["rest"])
        and len(section["rest"].split()) <= 6
        and _STARTS.match(below.text)
    ):
        return Title(n, "numbered", depth=1)
    if _ENDS.search(text) or len(text) > _TITLE_LENGTH or _ADDRESS.search(text):
        return None
    if keyword := _KEYWORD.match(text):
        named = not keyword["rest"] or reads_like_title(keyword["rest"])
        return Title(n, "keyword") if named and (single or _STARTS.match(below.text)) else None
    if numbered := _NUMBER.match(text):
        depth = numbered.group(1).count(".")
        if single and (depth or numbered.group(2)) and (depth or not introduced):
            return Title(n, "numbered", depth=depth)
        if depth and not single and _STARTS.match(below.text) and len(text) <= 60:
            return Title(n, "numbered", depth=depth)
    if introduced or _BULLET.match(text) or not reads_like_title(text):
        return None
    if sum(c.isalpha() for c in text) >= 5 and text.upper() == text and _STARTS.match(below.text):
        return Title(n, "upper")
    if not single and not (n == 0 and len(below.text) > LONG):
        return None
    if line.indent > margin or (line.indent > below.indent and not _is_centred(line)):
        return None
    return Title(n, "soft", f"{line.indent:03}")


def _is_centred(line: Line) -> bool:
    """Whether it stands in the middle of a page of text."""
    return line.indent > 1 and 60 <= 2 * line.indent + len(line.text) <= 90


def _inside(lines: Sequence[Line], n: int, run: range, width: int) -> tuple[Family, str, int] | None:
    """The kind of a heading that has no blank line around it: much shorter than the text above and below."""
    line, below = lines[n], lines[n + 1]
    above = lines[n - 1] if n > run.start else None
    ended = above is None or _STOP.search(above.text)
    if not ended or line.width > 0.5 * width or below.indent > line.indent or not _STARTS.match(below.text):
        return None
    if not reads_like_title(line.text) or len(line.text.split()) > 7 or FIELD.match(line.text):
        return None
    complete = _STOP.search(below.text) or below.width >= 0.7 * width
    if not complete and not FIELD.match(below.text) and not dates.parse(below.text):
        return None
    if numbered := _NUMBER.match(line.text):
        return ("numbered", "", numbered.group(1).count(".")) if not _BULLET.match(below.text) else None
    return ("soft", f"{line.indent:03}", 0) if not _BULLET.match(line.text) else None


def _with_name(title: Title, lines: Sequence[Line], end: int) -> Title:
    """An article whose name stands in the line below its number."""
    n = title.line
    keyword = _KEYWORD.match(lines[n].text) if title.family == "keyword" else None
    if keyword is None or keyword["rest"] or end != n + 1 or not reads_like_title(lines[end].text):
        return Title(n, title.family, title.style, title.depth, n)
    return Title(n, title.family, title.style, title.depth, n + 1)


def _without_lists(runs: Sequence[range], found: Sequence[Title]) -> list[Title]:
    """Leave out loose lists: lines in a row that look like headings but have nothing below them."""
    place = {n: i for i, run in enumerate(runs) for n in run}
    size = [len(run) for run in runs]
    groups: list[list[Title]] = []
    for title in found:
        last = groups[-1][-1] if groups else None
        if (
            last is not None
            and (last.family, last.style, last.depth) == (title.family, title.style, title.depth)
            and place[title.line] == place[last.line] + 1
            and size[place[last.line]] == 1
        ):
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
