"""HTML tables as rows of text; cells that span several rows are said in each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from selectolax.lexbor import LexborNode

_SPAN_LIMIT = 50  # columns or rows that one cell may claim
_WIDEST = 60  # columns; beyond it a cell claims no more than its own
_SENTENCE = 4  # items of a list with so many words on average say something each
_ITEM = "\x1e"  # between the items of a list in a cell, until its row is written


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

        ``render`` gives the lines of a cell's content. A row with a list in one of its cells is a row for
        each item: what is said of the others holds for all of them.
        """
        texts = _spread([[_cell(cell, render) for cell in _cells(row)] for row in self._rows])
        lines = ["| " + " | ".join(cells) + " |" for row in texts for cells in _listed(row)]
        if self._rows and self._has_header():
            lines.insert(1, "|" + " --- |" * len(texts[0]))
        return lines

    def _has_header(self) -> bool:
        first, *others = self._rows
        bold = others and len(_cells(first)) > 1 and all(map(_is_bold, _cells(first)))
        return _is_header(first) or bool(bold and not any(all(map(_is_bold, _cells(row))) for row in others))


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


def _is_bold(cell: LexborNode) -> bool:
    """Whether a cell is a few words in bold: the head of a column in all but name."""
    bold = cell.css_first("strong, b")
    words = cell.text(deep=True).split()
    return bold is not None and 0 < len(words) <= 6 and bold.text(deep=True).split() == words


def _cell(node: LexborNode, render: Callable[[LexborNode], list[str]]) -> _Cell:
    lines = [line.rstrip() for line in render(node) if line.strip()]
    items = [n for n, line in enumerate(lines) if line.startswith("- ")]
    if items and items[0] == 0 and len(items) > 1:
        bounds = [*items, len(lines)]
        text = _ITEM.join(_joined(lines[a:b]) for a, b in pairwise(bounds))
    else:
        text = _joined(lines)
    columns = min(max(integer(node.attributes.get("colspan"), 1), 1), _SPAN_LIMIT)
    rows = min(max(integer(node.attributes.get("rowspan"), 1), 1), _SPAN_LIMIT)
    return _Cell(text.replace("|", "\\|"), columns, rows)


def _joined(lines: Sequence[str]) -> str:
    """Lines as one: each but the last ends with a mark."""
    plain = [re.sub(r"^- ", "", line.strip()) for line in lines]
    return " ".join(
        line + (";" if n < len(plain) - 1 and line[-1] not in ".,;:!?" else "")
        for n, line in enumerate(plain)
    )


def _listed(row: Sequence[str]) -> Iterator[list[str]]:
    """A row for each item of the one list in it; of several lists each is said in one line."""
    lists = [n for n, cell in enumerate(row) if _ITEM in cell]
    items = row[lists[0]].split(_ITEM) if len(lists) == 1 else []
    # Names alone are those of one thing.
    if sum(len(item.split()) for item in items) >= _SENTENCE * len(items) > 0:
        for item in items:
            yield [item if n == lists[0] else cell for n, cell in enumerate(row)]
    else:
        yield [_joined(cell.split(_ITEM)) for cell in row]


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
