"""HTML tables as rows of text; cells that span several rows are said in each of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

_SPAN_LIMIT = 50  # columns or rows that one cell may claim
_WIDEST = 60  # columns; beyond it a cell claims no more than its own


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    columns: int
    rows: int


class HtmlTable:
    """One table of a page, without those nested in it."""

    def __init__(self, node: LexborNode) -> None:
        self._node = node
        self._rows = [row for row in node.css("tr") if _owner(row) == node.mem_id]

    @property
    def places_things(self) -> bool:
        """Whether it holds no rows that belong together, but places things on the page."""
        node = self._node
        if node.attributes.get("role") in ("presentation", "none"):
            return True
        if node.css_first("td h1, td h2, td h3") is not None:
            return True
        if any(inner.mem_id != node.mem_id for inner in node.css("table")):
            return True
        return max((len(_cells(row)) for row in self._rows), default=0) < 2

    def cells(self) -> list[LexborNode]:
        """Its cells in reading order."""
        return [cell for row in self._rows for cell in _cells(row)]

    def to_lines(self, render: Callable[[LexborNode], list[str]]) -> list[str]:
        """Its rows as "| a | b |", the first parted from the others when it is a header.

        ``render`` gives the lines of a cell's content.
        """
        texts = _spread([[_cell(cell, render) for cell in _cells(row)] for row in self._rows])
        lines = ["| " + " | ".join(cells) + " |" for cells in texts]
        if self._rows and _is_header(self._rows[0]):
            lines.insert(1, "|" + " --- |" * len(texts[0]))
        return lines


def integer(value: str | None, default: int) -> int:
    """The number that an attribute holds, or ``default``."""
    return int(value) if value and re.fullmatch(r"\d{1,6}", value.strip()) else default


def _owner(node: LexborNode) -> int:
    """The table that a row belongs to."""
    parent = node.parent
    while parent is not None and parent.tag != "table":
        parent = parent.parent
    return parent.mem_id if parent is not None else 0


def _cells(row: LexborNode) -> list[LexborNode]:
    found: list[LexborNode] = []
    child = row.child
    while child is not None:
        if child.tag in ("td", "th"):
            found.append(child)
        child = child.next
    return found


def _is_header(row: LexborNode) -> bool:
    if row.parent is not None and row.parent.tag == "thead":
        return True
    return row.css_first("th") is not None and row.css_first("td") is None


def _cell(node: LexborNode, render: Callable[[LexborNode], list[str]]) -> _Cell:
    lines = [line.strip() for line in render(node) if line.strip()]
    text = " ".join(
        re.sub(r"^- ", "", line) + (";" if n < len(lines) - 1 and line[-1] not in ".,;:!?" else "")
        for n, line in enumerate(lines)
    )
    columns = min(max(integer(node.attributes.get("colspan"), 1), 1), _SPAN_LIMIT)
    rows = min(max(integer(node.attributes.get("rowspan"), 1), 1), _SPAN_LIMIT)
    return _Cell(text.replace("|", "\\|"), columns, rows)


def _spread(grid: list[list[_Cell]]) -> list[list[str]]:
    """The cells of every row, one a column: a cell over several rows is said in each, over columns once."""
    texts: list[list[str]] = []
    hanging: dict[int, tuple[str, int]] = {}  # column: what hangs into it from above, and for how many rows
    for row in grid:
        line: list[str] = []
        queue = list(row)
        while queue or len(line) in hanging:
            column = len(line)
            if column in hanging:
                text, left = hanging.pop(column)
                line.append(text)
                if left > 1:
                    hanging[column] = (text, left - 1)
                continue
            cell = queue.pop(0)
            for offset in range(cell.columns if column < _WIDEST else 1):
                said = cell.text if offset == 0 else ""
                line.append(said)
                if cell.rows > 1 and column < _WIDEST:
                    hanging[column + offset] = (said, cell.rows - 1)
        texts.append(line)
    width = max(map(len, texts), default=0)
    return [line + [""] * (width - len(line)) for line in texts]
