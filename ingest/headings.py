"""Which lines are headings, in any of the ways people write them, and how deep each one is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.lines import LONG, Line, chunks

Family = Literal["atx", "underlined", "keyword", "numbered", "upper", "bold", "soft"]
_ATX = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*$")
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^*_]+?)(:?)\1(:?)$")
_NUMBER = re.compile(r"(?:§+\s*)?((?:\d{1,3}|[A-Z])(?:\.\d{1,3})*|[IVX]{1,6})(\.?)\s+(?=[\"'“‘(]?[A-Z0-9])")
_KEYWORD = re.compile(
    r"(?:article|section|chapter|part|appendix|annex|schedule|title|rule|bylaw|standard)\s+"
    r"(?:[ivxlcdm]+|\d+(?:\.\d+)*|[a-z])\b(?:[\s.:—–-]+(?P<rest>\S.*))?[.:]?$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?:[.,;:!]|…)[\"'”’)\]]*$")
_STARTS = re.compile(r"[\"'“‘(\[]?[A-Z0-9À-Þ]")
_ADDRESS = re.compile(r"\S@\S|://|\s\|\s")
_BULLET = re.compile(r"(?:[-*+•◦▪‣·]|\d{1,3}[.)]|\(?[a-z]{1,4}\)|[a-z]\.)\s")
_MARKUP = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|!?\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in ``lines[first:last + 1]``; its title is ``text[start:end]`` without marks."""

    first: int
    last: int
    start: int
    end: int
    title: str  # the numbering stays in it
    number: str
    level: int


@dataclass(frozen=True, slots=True)
class _Found:
    first: int
    last: int
    line: Line
    start: int
    end: int
    family: Family
    style: str  # underlined: the character; atx: the number of signs; soft: the indentation
    number: str = ""


def find(text: str, lines: Sequence[Line]) -> dict[int, Heading]:
    """The headings of a text by the number of their first line."""
    marked = [f for f in (_marked(text, lines, n) for n in range(len(lines))) if f is not None]
    taken = {n for f in marked for n in range(f.first, f.last + 1)}
    found = marked
    if sum(f.family == "atx" for f in marked) < 2:
        found = sorted(marked + _plain(lines, taken), key=lambda f: f.first)
    return {h.first: h for h in _with_levels(text, lines, found)}


def _marked(text: str, lines: Sequence[Line], n: int) -> _Found | None:
    """A heading that says it is one: ATX, underlined, or a line in bold."""
    line = lines[n]
    if match := _ATX.match(line.text):
        start, end = line.start + match.start(2), line.start + match.end(2)
        return _found(n, n, line, start, end, "atx", match.group(1))
    starts_chunk = n == 0 or not lines[n - 1].text or lines[n - 1].rule
    if not line.text or line.rule or not starts_chunk:
        return None
    if n + 1 < len(lines) and _underlines(lines[n + 1], line) and not re.match(r"[-*+•]\s", line.text):
        mark, over = lines[n + 1].text[0], n > 0 and lines[n - 1].text[:1] == lines[n + 1].text[0]
        return _found(n, n + 1, line, line.start, line.end, "underlined", mark + ("over" if over else ""))
    if (match := _BOLD.match(line.text)) and not _ENDS.search(match.group(2)) and len(line.text) <= 100:
        start, end = line.start + match.start(2), line.start + match.end(2)
        return _found(n, n, line, start, end, "bold", "")
    return None


def _underlines(rule: Line, title: Line) -> bool:
    if not rule.rule or " " in rule.text or len(title.text) > LONG or rule.quoted != title.quoted:
        return False
    return rule.text[0] in "=-" or len(rule.text) >= len(title.text) - 1


def _found(
    first: int, last: int, line: Line, start: int, end: int, family: Family, style: str
) -> _Found | None:
    title = line.text[start - line.start : end - line.start]
    start, end = start + len(title) - len(title.lstrip()), end - (len(title) - len(title.rstrip()))
    match = _NUMBER.match(title.lstrip())
    number = match.group(1) if match else ""
    return _Found(first, last, line, start, end, family, style, number) if start < end else None


def _plain(lines: Sequence[Line], taken: set[int]) -> list[_Found]:
    """Headings in plain text: lines that stand alone (or above their text) and read like a title."""
    margin = _body_indent(lines)
    runs = [r for r in chunks(lines) if not taken.issuperset(r)]
    found: list[_Found] = []
    for place, run in enumerate(runs):
        n = run[0]
        if n in taken or lines[n].rule:
            continue
        following = lines[runs[place + 1][0]] if place + 1 < len(runs) else None
        before = lines[runs[place - 1][-1]] if place and runs[place - 1][-1] not in taken else None
        alone = len(run) == 1
        below = lines[n + 1] if not alone else following
        if below is None:
            continue
        if (one := _plain_one(lines[n], n, below, before, alone, margin)) is not None:
            found.append(one)
    return _without_runs(runs, found)


def _plain_one(
    line: Line, n: int, below: Line, before: Line | None, alone: bool, margin: int
) -> _Found | None:
    introduced = before is not None and before.text[-1] in ":,;"
    if _ENDS.search(line.text) or len(line.text) > 100 or _ADDRESS.search(line.text):
        return None
    make = lambda family, style="": _found(n, n, line, line.start, line.end, family, style)  # noqa: E731
    if _KEYWORD.match(line.text) and len(line.text) <= 80:
        return make("keyword")
    number = _NUMBER.match(line.text)
    if number and len(line.text) <= 80:
        several = "." in number.group(1)
        if alone and (several or number.group(2)) and not (introduced and not several):
            return make("numbered")
        if several and not alone and _STARTS.match(below.text) and len(line.text) <= 60:
            return make("numbered")
    if not _STARTS.match(line.text) or introduced or _BULLET.match(line.text):
        return None
    letters = [c for c in line.text if c.isalpha()]
    if len(letters) >= 5 and line.text.upper() == line.text and _STARTS.match(below.text):
        return make("upper")
    stands_out = alone or (len(below.text) > LONG and n == 0)
    centred = line.indent > margin and 60 <= 2 * line.indent + len(line.text) <= 90
    if stands_out and len(line.text.split()) <= 14 and (line.indent <= margin or centred):
        if not alone or below.indent >= line.indent or centred:
            return make("soft", "centred" if centred else f"{line.indent:03}")
    return None


def _without_runs(runs: Sequence[range], found: Sequence[_Found]) -> list[_Found]:
    """Leave out lists that stand loosely: lines in a row that look like headings but have nothing below them."""
    place = {run[0]: i for i, run in enumerate(runs)}
    groups: list[list[_Found]] = []
    for one in found:
        last = groups[-1][-1] if groups else None
        in_row = last is not None and place[one.first] == place[last.first] + 1
        if last is not None and in_row and _kin(one) == _kin(last):
            groups[-1].append(one)
        else:
            groups.append([one])
    return [
        one for group in groups if len(group) < (2 if group[0].family == "numbered" else 3) for one in group
    ]


def _kin(one: _Found) -> tuple[str, str, int]:
    return one.family, one.style, one.number.count(".")


def _body_indent(lines: Sequence[Line]) -> int:
    """The indentation that most of the text has."""
    weight: dict[int, int] = {}
    for line in lines:
        weight[line.indent] = weight.get(line.indent, 0) + len(line.text)
    return max(weight, key=lambda indent: weight[indent], default=0)


def _with_levels(text: str, lines: Sequence[Line], found: Sequence[_Found]) -> list[Heading]:
    """Give each its level: what the marks say; else families one below the other, numbers by their depth."""
    level_of = _levels(found)
    headings: list[Heading] = []
    outer = 0  # level of the last heading that is not merely a title-like line
    for one in found:
        level = level_of(one, outer)
        if one.family not in ("soft", "bold") or one.style == "centred":
            outer = level
        title = _MARKUP.sub(lambda m: m.group(1) or "", text[one.start : one.end]).strip()
        title = " ".join(title.split()) or text[one.start : one.end]
        headings.append(Heading(one.first, one.last, one.start, one.end, title, one.number, level))
    return headings


def _levels(found: Sequence[_Found]) -> Callable[[_Found, int], int]:
    marks: list[str] = []
    for one in found:
        if one.family == "underlined" and one.style not in marks:
            marks.append(one.style)
    has_atx = any(f.family == "atx" for f in found)
    underlined = {"=": 1, "-": 2} if has_atx else {mark: i + 1 for i, mark in enumerate(marks)}
    keywords = any(f.family == "keyword" for f in found)
    base = max(underlined.values(), default=0) if not has_atx else 1
    indents = sorted({f.style for f in found if f.family == "soft" and f.style != "centred"})

    def level(one: _Found, outer: int) -> int:
        match one.family:
            case "atx":
                return len(one.style)
            case "underlined":
                return underlined.get(one.style, 3)
            case "keyword":
                return base + 1
            case "numbered":
                return base + keywords + 1 + one.number.count(".")
            case "upper":
                return base + 1
            case "soft" if one.style == "centred":
                return 1
            case "soft":
                return outer + 1 + indents.index(one.style)
            case "bold":
                return outer + 1 + len(indents)

    return level
