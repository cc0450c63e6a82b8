"""Tables on printed pages: lines that gaps part into cells which stand below each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.reading.printed import Cell, Printed, Shape

Row = tuple[str, ...]
_GAP = 1.2  # of the size of type: no blank within a sentence is as wide
_BLANK = 0.15  # of the size of type: the least gap between words
_ALIGNED = 1.5  # points by which the left edges in one column may differ
_BETWEEN = 5  # lines of single cells that may stand between two lines with several
_LONG = 30  # characters on average in two columns: rather a text set in two columns than a table


@dataclass(frozen=True, slots=True)
class Found:
    """A table in ``lines[first:last + 1]`` of a page; ``header``: its first row names the columns."""

    first: int
    last: int
    rows: tuple[Row, ...]
    header: bool


def find(lines: Sequence[Printed], shape: Shape) -> list[Found]:
    """The tables of a page in order, none of them overlapping; a page without word boxes has none."""
    anchors = [n for n, line in enumerate(lines) if len(_apart(line, ())) > 1 and not line.mono]
    found: list[Found] = []
    while anchors:
        group = [anchors.pop(0)]
        while anchors and _near(lines, group[-1], anchors[0]):
            group.append(anchors.pop(0))
        table = _table(lines, group, shape, found[-1].last + 1 if found else 0)
        if table is not None:
            found.append(table)
            anchors = [n for n in anchors if n > table.last]
    return found


def _near(lines: Sequence[Printed], a: int, b: int) -> bool:
    return b - a <= _BETWEEN and abs(lines[a].y - lines[b].y) < 6 * lines[a].size


def _apart(line: Printed, lefts: Sequence[float]) -> list[Cell]:
    """The words of a line put together to cells, parted by wide gaps and at the left edges of columns."""
    cells: list[Cell] = []
    for word in line.words:
        gap = word.left - cells[-1].right if cells else 0.0
        at_edge = gap > _BLANK * line.size and any(abs(word.left - left) <= _ALIGNED for left in lefts)
        if not cells or gap > _GAP * line.size or at_edge:
            cells.append(word)
        else:
            cells[-1] = Cell(f"{cells[-1].text} {word.text}", cells[-1].left, word.right)
    return cells


def _table(lines: Sequence[Printed], group: Sequence[int], shape: Shape, least: int) -> Found | None:
    """The table around a group of lines with several cells, if they stand in columns."""
    starts = [cell.left for n in group for cell in _apart(lines[n], ())]
    lefts = [x for x in starts if sum(abs(x - other) <= _ALIGNED for other in starts) > 1]
    first, last = group[0], group[-1]
    parts = {n: _apart(lines[n], lefts) for n in range(first, last + 1)}
    edges = _columns([cell for cells in parts.values() for cell in cells])
    while first > least and _belongs(lines[first - 1], lines[first], lefts, edges):
        first -= 1
        parts[first] = _apart(lines[first], lefts)
    while last + 1 < len(lines) and _belongs(lines[last + 1], lines[last], lefts, edges):
        last += 1
        parts[last] = _apart(lines[last], lefts)
    edges = _columns([cell for cells in parts.values() for cell in cells])
    if len(edges) < 2:
        return None
    rows = _rows([(lines[n].y, parts[n]) for n in sorted(parts)], edges, shape)
    if len(rows) < 2 or sum(sum(bool(cell) for cell in row) > 1 for row in rows) < 2:
        return None
    if len(rows[0]) < 2:
        return None
    if len(rows[0]) == 2 and all(sum(len(row[c]) for row in rows) > _LONG * len(rows) for c in (0, 1)):
        return None
    bold = lines[first].bold and not lines[last].bold
    return Found(first, last, tuple(rows), bold or _names_columns(rows))


def _belongs(
    line: Printed, beside: Printed, lefts: Sequence[float], edges: Sequence[tuple[float, float]]
) -> bool:
    """Whether a line next to a table is a row of it whose cells stand close, or goes on with one cell."""
    gap = abs(line.y - beside.y)
    cells = _apart(line, lefts)
    if gap > 1.7 * line.size or not cells or line.mono:
        return False
    if len(cells) > 1:
        return True
    inside = [edge for edge in edges if _overlap(cells[0], edge)]
    return len(inside) == 1 and line.right <= inside[0][1] + 1 and len(edges) > 1 and line.bold == beside.bold


def _overlap(cell: Cell, edge: tuple[float, float]) -> bool:
    return cell.left < edge[1] and edge[0] < cell.right


def _columns(cells: Sequence[Cell]) -> list[tuple[float, float]]:
    """The left and right edges of the columns: cells that overlap across the page stand in one."""
    merged: list[tuple[float, float]] = []
    for left, right in sorted((cell.left, cell.right) for cell in cells):
        if merged and left < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return merged


def _rows(
    parts: Sequence[tuple[float, list[Cell]]], edges: Sequence[tuple[float, float]], shape: Shape
) -> list[Row]:
    """Lines put together to rows: a wider gap parts them; if all are alike, an empty first cell goes on."""
    ordered = sorted(parts, key=lambda part: -part[0])
    gaps = [a - b for (a, _), (b, _) in pairwise(ordered)]
    close = 1.12 * min(shape.pitch, 1.25 * shape.size)
    uneven = any(gap > close for gap in gaps)
    rows: list[list[str]] = []
    for n, (_, cells) in enumerate(ordered):
        row = [""] * len(edges)
        for cell in cells:
            column = _column(cell, edges)
            row[column] = f"{row[column]} {cell.text}".strip()
        if n and (gaps[n - 1] < 0.3 * shape.size or (gaps[n - 1] <= close if uneven else not row[0])):
            rows[-1] = [f"{above} {below}".strip() for above, below in zip(rows[-1], row, strict=True)]
        else:
            rows.append(row)
    return _with_shifted_header(rows)


def _column(cell: Cell, edges: Sequence[tuple[float, float]]) -> int:
    """The column that the cell stands in, or nearest to."""
    middle = (cell.left + cell.right) / 2
    return min(range(len(edges)), key=lambda c: max(edges[c][0] - middle, middle - edges[c][1], 0.0))


def _with_shifted_header(rows: Sequence[Sequence[str]]) -> list[Row]:
    """Put the name of a column, where it is centred above narrow cells, over them."""
    shifted = [list(row) for row in rows]
    c = 0
    while shifted and c + 1 < len(shifted[0]):
        here, following = ([bool(row[k]) for row in shifted] for k in (c, c + 1))
        apart = not any(a and b for a, b in zip(here, following, strict=True))
        if apart and (here[0] != following[0]) and (not any(here[1:]) or not any(following[1:])):
            for row in shifted:
                row[c : c + 2] = [row[c] or row[c + 1]]
        else:
            c += 1
    return [tuple(row) for row in shifted]


def _names_columns(rows: Sequence[Row]) -> bool:
    """Whether the first row reads like names of columns: a few words in each cell, a capital first."""
    named = all(c[:1].isupper() and len(c.split()) <= 4 and c[-1] not in ".;:" for c in rows[0])
    return len(rows) > 2 and named
