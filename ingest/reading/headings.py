"""Which lines are headings, in any of the ways people mark them, and how deep each one is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.reading import titles
from ingest.reading.lines import LONG, Line

Family = Literal["atx", "underlined", "bold"] | titles.Family
_ATX = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*$")
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^*_]+?)(:?)\1(:?)$")
_SENTENCE = re.compile(r"[.,;:!][\"'”’)\]]*$")
_MARKUP = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|!?\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in ``lines[first:last + 1]``; its title is ``text[start:end]``, marks of style left out."""

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
    start: int
    end: int
    family: Family
    style: str  # underlined: the character; atx: the number of signs; soft: the indentation
    depth: int = 0


def find(text: str, lines: Sequence[Line]) -> dict[int, Heading]:
    """The headings of a text, by the number of their first line.

    Lines that only look like titles count where fewer than two headings are marked with "#": who marks his
    headings marks all of them.
    """
    found = [f for f in (_marked(lines, n) for n in range(len(lines))) if f is not None]
    if sum(f.family == "atx" for f in found) < 2:
        taken = {n for f in found for n in range(f.first, f.last + 1)}
        plain = titles.find(lines, taken)
        found += [
            _Found(t.line, t.last, lines[t.line].start, lines[t.last].end, t.family, t.style, t.depth)
            for t in plain
        ]
        found.sort(key=lambda f: f.first)
    return {h.first: h for h in _with_levels(text, found)}


def _marked(lines: Sequence[Line], n: int) -> _Found | None:
    """A heading that says it is one: ATX, underlined, or a line in bold."""
    line = lines[n]
    if match := _ATX.match(line.text):
        shallow = line.indent <= 3  # further in it is an example, or a comment in one
        return _inner(n, n, line, match.span(2), "atx", match.group(1)) if shallow else None
    if not line.text or line.rule or (n > 0 and lines[n - 1].text and not lines[n - 1].rule):
        return None
    if n + 1 < len(lines) and _underlines(lines[n + 1], line) and not re.match(r"[-*+•]\s", line.text):
        mark = lines[n + 1].text[0]
        over = "over" if n > 0 and lines[n - 1].text[:1] == mark else ""
        return _inner(n, n + 1, line, (0, len(line.text)), "underlined", mark + over)
    if n + 1 < len(lines) and lines[n + 1].text.startswith(": "):
        return None  # a term, with its definition below
    if (match := _BOLD.match(line.text)) and not _SENTENCE.search(match.group(2)) and len(line.text) <= 100:
        return _inner(n, n, line, match.span(2), "bold", "")
    return None


def _underlines(rule: Line, title: Line) -> bool:
    if not rule.rule or " " in rule.text or len(title.text) > LONG or rule.quoted != title.quoted:
        return False
    return rule.text[0] in "=-" or len(rule.text) >= len(title.text) - 1


def _inner(
    first: int, last: int, line: Line, span: tuple[int, int], family: Family, style: str
) -> _Found | None:
    """The heading whose title is this part of the line; None when nothing is left of it without blanks."""
    part = line.text[span[0] : span[1]]
    start = line.start + span[0] + len(part) - len(part.lstrip())
    end = start + len(part.strip())
    return _Found(first, last, start, end, family, style) if start < end else None


def _with_levels(text: str, found: Sequence[_Found]) -> list[Heading]:
    """Give each its level: what the marks say; else families one below the other, numbers by their depth."""
    level_of = _levels(found)
    headings: list[Heading] = []
    outer = 0  # level of the last heading that is not merely a title-like line
    for one in found:
        level = level_of(one, outer)
        if one.family not in ("soft", "bold") or one.style == "centred":
            outer = level
        raw = text[one.start : one.end]
        title = " ".join(_MARKUP.sub(lambda m: m.group(1) or "", raw).split()) or raw
        headings.append(
            Heading(one.first, one.last, one.start, one.end, title, titles.number_of(title), level)
        )
    return headings


def _levels(found: Sequence[_Found]) -> Callable[[_Found, int], int]:
    """The rule that gives the level of a heading from itself and the level of the last firm heading above."""
    has_atx = any(f.family == "atx" for f in found)
    marks = list(dict.fromkeys(f.style for f in found if f.family == "underlined"))
    underlined = {"=": 1, "-": 2} if has_atx else {mark: i + 1 for i, mark in enumerate(marks)}
    keywords = any(f.family == "keyword" for f in found)
    base = 1 if has_atx else len(marks)
    indents = sorted({f.style for f in found if f.family == "soft" and f.style != "centred"})

    def level(one: _Found, outer: int) -> int:
        match one.family:
            case "atx":
                return len(one.style)
            case "underlined":
                return underlined.get(one.style, 3)
            case "keyword" | "upper":
                return base + 1
            case "numbered":
                return base + keywords + 1 + one.depth
            case "soft" if one.style == "centred":
                return 1
            case "soft":
                return outer + 1 + indents.index(one.style)
            case "bold":
                return outer + 1 + len(indents)

    return level
