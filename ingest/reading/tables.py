"""Tables in text: Markdown's, columns parted by upright strokes, and reStructuredText's."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from ingest.reading.lines import Line, chunks

Span = tuple[int, int]
_DELIMITER = re.compile(r"\|?\s*:?-+:?\s*(?:[|+]\s*:?-+:?\s*)+\|?$|\|\s*:?-{2,}:?\s*\|$")
_SIMPLE = re.compile(r"={2,}(?: +={2,})+$")
_DASHED = re.compile(r"-{2,}(?:\s{2,}-{2,})+$")
_GRID = re.compile(r"\+(?:[-=]{2,}\+)+$")
_STROKE = re.compile(r"(?<!\\)\|")
_BULLET = re.compile(r"[-*+•◦▪‣]\s")


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


def find(text: str, lines: Sequence[Line]) -> dict[int, Table]:
    """The tables of a text, by the number of their first line; none has a blank line in it, but rules may."""
    found: dict[int, Table] = {}
    for run in chunks(lines):
        n = run.start
        while n < run.stop:
            table, stop = _at(text, lines, n, run.stop)
            if table is not None:
                found[table.first] = table
            n = stop
    return found


def _at(text: str, lines: Sequence[Line], n: int, stop: int) -> tuple[Table | None, int]:
    """The table that may begin in line ``n``, and the line to go on with."""
    line = lines[n].text
    if _SIMPLE.match(line):
        rules = list(islice((i for i in range(n, stop) if _SIMPLE.match(lines[i].text)), 3))
        table = _simple(text, lines, n, rules) if len(rules) > 1 else None
        return table, table.last + 1 if table else n + 1
    if _GRID.match(line):
        last = _while(lines, n, stop, lambda text: text[:1] in ("+", "|"))
        table = _grid(text, lines, n, last)
        return table, last + 1
    if n + 2 < stop and _DASHED.match(lines[n + 1].text) and re.search(r"\S\s{2,}\S", line):
        return _dashed(text, lines, n, stop), stop
    if "|" not in line:
        return None, n + 1
    last = _while(lines, n, stop, lambda text: "|" in text or _DELIMITER.match(text) is not None)
    delimiter = next((i for i in range(n, last + 1) if _DELIMITER.match(lines[i].text)), n)
    if delimiter > n:
        first = delimiter - 1  # the header; lines with strokes above it are something else
        body = [i for i in range(delimiter + 1, last + 1) if not _DELIMITER.match(lines[i].text)]
        return _table(text, lines, first, last, _titles(text, _cells(lines[first])), body), last + 1
    body = [i for i in range(n, last + 1) if not _DELIMITER.match(lines[i].text)]
    return (_table(text, lines, n, last, (), body) if _even(lines, body) else None), last + 1


def _while(lines: Sequence[Line], n: int, stop: int, holds: Callable[[str], bool]) -> int:
    """The last line from ``n`` on of which ``holds`` is true without a gap."""
    while n + 1 < stop and holds(lines[n + 1].text):
        n += 1
    return n


def _table(
    text: str, lines: Sequence[Line], first: int, last: int, columns: tuple[str, ...], body: Sequence[int]
) -> Table:
    rows = [_row(text, _cells(lines[i])) for i in body]
    return Table(first, last, columns, tuple(row for row in rows if row is not None))


def _even(lines: Sequence[Line], body: Sequence[int]) -> bool:
    """Whether strokes without a header line make a table: every line begins with one, or they align."""
    places = [[m.start() + lines[i].indent for m in _STROKE.finditer(lines[i].text)] for i in body]
    if len(body) < 2 or len({len(p) for p in places}) != 1 or any(_BULLET.match(lines[i].text) for i in body):
        return False
    boxed = all(lines[i].text.startswith("|") and len(p) >= 3 for i, p in zip(body, places, strict=True))
    return boxed or (all(p == places[0] for p in places) and all(" | " in lines[i].text for i in body))


def _cells(line: Line) -> list[Span]:
    strokes = [m.start() for m in _STROKE.finditer(line.text)]
    edges = [-1, *strokes, len(line.text)]
    if line.text.startswith("|"):
        edges = edges[1:]
    if strokes and strokes[-1] == len(line.text) - 1 and len(edges) > 2:
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
    part = text[a:b]
    return (a + len(part) - len(part.lstrip()), a + len(part.rstrip())) if part.strip() else (a, a)


def _simple(text: str, lines: Sequence[Line], n: int, rules: Sequence[int]) -> Table:
    """A table between lines of "=====  ====="; its columns begin where those signs begin."""
    starts = [m.start() for m in re.finditer(r"=+", lines[n].text)]

    def cells(line: Line) -> list[Span]:
        shift = lines[n].indent - line.indent
        cuts = [min(max(s + shift, 0), len(line.text)) for s in starts] + [len(line.text)]
        return [(line.start + a, line.start + b) for a, b in pairwise(cuts)]

    header = range(n + 1, rules[1]) if len(rules) > 2 else range(0)
    columns = _titles(text, cells(lines[header[-1]])) if header else ()
    body = range(rules[1] + 1 if header else n + 1, rules[-1])
    rows = [_row(text, cells(lines[i])) for i in body if not lines[i].rule]
    return Table(n, rules[-1], columns, tuple(row for row in rows if row is not None))


def _dashed(text: str, lines: Sequence[Line], n: int, stop: int) -> Table:
    """A table whose columns begin where the dashes below its header begin; it ends with a blank line."""
    starts = [m.start() + lines[n + 1].indent for m in re.finditer(r"-+", lines[n + 1].text)]

    def cells(line: Line) -> list[Span]:
        cuts = [min(max(s - line.indent, 0), len(line.text)) for s in starts] + [len(line.text)]
        return [(line.start + a, line.start + b) for a, b in pairwise(cuts)]

    rows = [_row(text, cells(lines[i])) for i in range(n + 2, stop) if not _DASHED.match(lines[i].text)]
    return Table(n, stop - 1, _titles(text, cells(lines[n])), tuple(row for row in rows if row is not None))


def _grid(text: str, lines: Sequence[Line], n: int, last: int) -> Table | None:
    """A table drawn with "+---+"; every line is a row, as a cell must be one stretch of text."""
    rules = [i for i in range(n, last + 1) if _GRID.match(lines[i].text)]
    if len(rules) < 2:
        return None
    header = rules[1] if rules[1] > n + 1 and "=" in lines[rules[1]].text else n
    columns = _titles(text, _cells(lines[n + 1])) if header > n else ()
    body = [i for i in range(header + 1, last + 1) if not lines[i].text.startswith("+")]
    return _table(text, lines, n, last, columns, body)
