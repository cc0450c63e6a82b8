"""Tables in text: Markdown's, columns parted by upright strokes, and reStructuredText's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.lines import Line

Span = tuple[int, int]
_DELIMITER = re.compile(r"\|?\s*:?-{1,}:?\s*(?:[|+]\s*:?-{1,}:?\s*)+\|?$|\|\s*:?-{2,}:?\s*\|$")
_SIMPLE = re.compile(r"={2,}(?: +={2,})+$")
_GRID = re.compile(r"\+(?:[-=]{2,}\+)+$")
_BULLET = re.compile(r"[-*+•◦▪‣]\s")
_STROKE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Row:
    """A row from the text of its first cell to that of its last; the span of a cell may be empty."""

    start: int
    end: int
    cells: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table in ``lines[first:last + 1]``; ``columns`` is ``()`` when it has no header row."""

    first: int
    last: int
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def find(text: str, lines: Sequence[Line], n: int, stop: int) -> Table | None:
    """The table that begins in line ``n`` and ends before line ``stop``, if one does."""
    line = lines[n]
    if _SIMPLE.match(line.text):
        return _simple(text, lines, n, stop)
    if _GRID.match(line.text):
        return _grid(text, lines, n, stop)
    if "|" not in line.text:
        return None
    last = n
    while last + 1 < stop and ("|" in lines[last + 1].text or _DELIMITER.match(lines[last + 1].text)):
        last += 1
    if last > n and _DELIMITER.match(lines[n + 1].text):
        header = _cells(lines[n])
        rows = [
            _row(text, _cells(lines[i]))
            for i in range(n + 2, last + 1)
            if not _DELIMITER.match(lines[i].text)
        ]
        return Table(n, last, _titles(text, header), tuple(r for r in rows if r))
    body = [i for i in range(n, last + 1) if not _DELIMITER.match(lines[i].text)]
    if not _even(lines, body):
        return None
    return Table(n, last, (), tuple(r for i in body if (r := _row(text, _cells(lines[i])))))


def _even(lines: Sequence[Line], body: Sequence[int]) -> bool:
    """Whether strokes without a header line make a table: every line begins with one, or they align."""
    places = [[m.start() + lines[i].indent for m in _STROKE.finditer(lines[i].text)] for i in body]
    if len(body) < 2 or len({len(p) for p in places}) != 1:
        return False
    if any(_BULLET.match(lines[i].text) for i in body):
        return False
    boxed = all(lines[i].text.startswith("|") and len(p) >= 3 for i, p in zip(body, places, strict=True))
    return boxed or (all(p == places[0] for p in places) and all(" | " in lines[i].text for i in body))


def _cells(line: Line) -> list[Span]:
    strokes = [m.start() for m in _STROKE.finditer(line.text)]
    edges = [-1, *strokes, len(line.text)]
    if line.text.startswith("|"):
        edges = edges[1:]
    if strokes and line.text.endswith("|") and strokes[-1] == len(line.text) - 1:
        edges = edges[:-1]
    return [(line.start + a + 1, line.start + b) for a, b in pairwise(edges)]


def _row(text: str, cells: Sequence[Span]) -> Row | None:
    """The row of these cells, blanks left out; None when all of them are empty."""
    spans = [_trim(text, a, b) for a, b in cells]
    filled = [s for s in spans if s[0] < s[1]]
    if not filled:
        return None
    start, end = filled[0][0], filled[-1][1]
    return Row(start, end, tuple((min(max(a, start), end), min(max(b, start), end)) for a, b in spans))


def _titles(text: str, cells: Sequence[Span]) -> tuple[str, ...]:
    return tuple(" ".join(text[a:b].replace("**", "").split()) for a, b in cells)


def _trim(text: str, a: int, b: int) -> Span:
    while a < b and text[a].isspace():
        a += 1
    while b > a and text[b - 1].isspace():
        b -= 1
    return a, b


def _simple(text: str, lines: Sequence[Line], n: int, stop: int) -> Table | None:
    """A table between lines of "=====  ====="; its columns begin where those signs begin."""
    rules = [i for i in range(n, stop) if _SIMPLE.match(lines[i].text)]
    if len(rules) < 2:
        return None
    starts = [m.start() for m in re.finditer(r"=+", lines[n].text)]

    def cells(line: Line) -> list[Span]:
        shift = lines[n].indent - line.indent
        cuts = [min(max(s + shift, 0), len(line.text)) for s in starts] + [len(line.text)]
        return [(line.start + a, line.start + b) for a, b in pairwise(cuts)]

    header = range(n + 1, rules[1]) if len(rules) > 2 else range(0)
    columns = _titles(text, cells(lines[header[-1]])) if header else ()
    body = [i for i in range(n + 1, rules[-1]) if i not in header and i not in rules and not lines[i].rule]
    return Table(n, rules[-1], columns, tuple(r for i in body if (r := _row(text, cells(lines[i])))))


def _grid(text: str, lines: Sequence[Line], n: int, stop: int) -> Table | None:
    """A table drawn with "+---+"; every line is a row, as a cell must be one stretch of text."""
    last = n
    while last + 1 < stop and lines[last + 1].text[:1] in ("+", "|"):
        last += 1
    rules = [i for i in range(n, last + 1) if _GRID.match(lines[i].text)]
    if len(rules) < 2:
        return None
    double = next((i for i in rules if "=" in lines[i].text), None)
    columns = _titles(text, _cells(lines[n + 1])) if double is not None and double > n + 1 else ()
    body = [i for i in range((double if columns and double else n) + 1, last + 1) if i not in rules]
    return Table(n, last, columns, tuple(r for i in body if (r := _row(text, _cells(lines[i])))))
