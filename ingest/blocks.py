"""Splits the text of a document into headings, paragraphs, list items and table rows, with exact offsets."""

from __future__ import annotations

import re

from ingest.reading import headings, items, tables
from ingest.reading.items import Marker, Open
from ingest.reading.lines import FIELD, LONG, Line, chunks, fits, joins, scan, usual_width
from ingest.records import Block, BlockKind

_FULL_STOP = re.compile(r"[.!?…][\"'”’)\]*_]*\Z")
_STOP = re.compile(r"(?<!\.\.)[.?;,][\"'”’)\]]*$")


def split(text: str) -> list[Block]:
    """The blocks of ``text`` in order; they do not overlap, and code between fences is left out.

    A heading's span keeps its number and leaves out its marks. A paragraph or item spans all its wrapped
    lines. A table's header row is no block: it is the ``columns`` of the rows below it; in a table without
    one every row is a block and ``columns`` is ``()``. ``parent`` is the outer item, or the paragraph right
    before a list or table that introduces it (its sentence is left open, or no blank line parts them), or
    the one with a colon at its end that stands further out.
    Never raises; an empty text has no blocks.
    """
    return _Splitter(text).run()


class _Splitter:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = scan(text)
        self.titles = headings.find(text, self.lines)
        self.tables = tables.find(text, self.lines)
        self.width = usual_width(self.lines)
        self.blocks: list[Block] = []
        self.stack: list[Open] = []
        self.path: list[tuple[int, str]] = []
        self.opened: tuple[int, int] | None = None  # a paragraph that ends with a colon, and its indentation

    def run(self) -> list[Block]:
        runs = chunks(self.lines)
        for place, run in enumerate(runs):
            following = self.lines[runs[place + 1][0]] if place + 1 < len(runs) else None
            _Chunk(self, run, following).read()
        return self.blocks

    def heading(self, found: headings.Heading) -> None:
        self.stack.clear()
        self.opened = None
        while self.path and self.path[-1][0] >= found.level:
            self.path.pop()
        self.add("heading", found.start, found.end, level=found.level, marker=found.number)
        self.path.append((found.level, found.title))

    def add(
        self,
        kind: BlockKind,
        start: int,
        end: int,
        *,
        level: int = 0,
        marker: str = "",
        parent: int | None = None,
        cells: tuple[tuple[int, int], ...] = (),
        columns: tuple[str, ...] = (),
    ) -> int:
        above = tuple(title for _, title in self.path)
        self.blocks.append(Block(kind, start, end, level, marker, above, parent, cells, columns))
        return len(self.blocks) - 1


class _Chunk:
    """Reads the lines between two blank lines."""

    def __init__(self, splitter: _Splitter, run: range, following: Line | None) -> None:
        self.s = splitter
        self.lines = splitter.lines
        self.run = run
        self.following = following
        widths = [self.lines[n].width for n in run]
        longest = max(len(self.lines[n].text) for n in run)
        even = all(len(self.lines[n].text) >= 0.8 * longest for n in run[:-1])
        self.unwrapped = longest > LONG and not (even and len(run) > 2 and longest <= 1.25 * LONG)
        self.width = max(widths) if len(run) > 2 else max(max(widths), splitter.width)
        fields = [n for n in run if FIELD.match(self.lines[n].text)]
        self.fields = set(fields) if len(fields) > 1 else set()
        self.lead: int | None = None  # the paragraph right above, in this chunk

    def read(self) -> None:
        n = self.run.start
        while n < self.run.stop:
            n = self.step(n)

    def step(self, n: int) -> int:
        """Read the piece that begins in line ``n``; give the line after it."""
        line = self.lines[n]
        if found := self.s.titles.get(n):
            self.s.heading(found)
            self.lead = None
            return found.last + 1
        if line.rule and not (self.unwrapped and len(line.text) > LONG):
            return n + 1
        if table := self.s.tables.get(n):
            return self.table(table)
        marker = self.marker(n)
        if marker is not None:
            return self.item(n, marker)
        return self.paragraph(n)

    def marker(self, n: int) -> Marker | None:
        marker = items.parse(self.lines[n])
        before = self.lines[n - 1] if n > self.run.start and not self.lines[n - 1].rule else None
        if marker is None:
            return None
        parted = before is not None and not self.joins(n - 1, first=False)
        accepted = items.accepts(marker, self.lines[n], before, self.s.stack, parted=parted)
        return marker if accepted else None

    def joins(self, n: int, *, first: bool) -> bool:
        before, after = self.lines[n], self.lines[n + 1]
        return joins(before, after, width=self.width, unwrapped=self.unwrapped, first=first)

    def item(self, n: int, marker: Marker) -> int:
        line = self.lines[n]
        content = line.indent + marker.length
        stack = self.s.stack
        depth = items.enclosing(marker, line, content, stack)
        sibling = stack[depth] if depth < len(stack) else None
        del stack[depth:]
        outer = stack[-1].index if stack else None
        parent = self.lead_in(outer) if sibling is None else sibling.parent
        stack.append(Open(len(self.s.blocks), line.indent, content, depth, parent, marker))
        stop = self.extent(n, line.indent + 1)
        end = self.lines[stop - 1].end
        self.s.add("item", line.start + marker.length, end, level=depth, marker=marker.text, parent=parent)
        self.lead = None
        return stop

    def paragraph(self, n: int) -> int:
        line = self.lines[n]
        stack = self.s.stack
        popped: Open | None = None
        while stack and line.indent < max(
            stack[-1].indent + 2, min(stack[-1].content - 1, stack[-1].indent + 4)
        ):
            popped = stack.pop()
        outer = stack[-1].index if stack else None
        below = self.lines[n + 1] if n + 1 < self.run.stop else self.following
        if below is not None and self.is_term(n, below):
            sibling = popped is not None and popped.marker is None and popped.indent == line.indent
            parent = popped.parent if popped is not None and sibling else self.lead_in(outer)
            kind: BlockKind = "paragraph" if line.text.endswith(":") else "item"
            index = self.s.add(kind, line.start, line.end, level=len(stack), parent=parent)
            stack.append(Open(index, line.indent, below.indent, len(stack), parent, None))
            self.lead = None
            return n + 1
        stop = self.extent(n, 0)
        end = self.lines[stop - 1].end
        opened = self.s.opened
        if outer is None and opened is not None and line.indent >= opened[1] + 2:
            outer = opened[0]
        elif self.s.text[end - 1] == ":":
            self.s.opened = (len(self.s.blocks), line.indent)
        else:
            self.s.opened = None
        self.lead = self.s.add("paragraph", line.start, end, parent=outer)
        return stop

    def is_term(self, n: int, below: Line) -> bool:
        """Whether it is a short line with its explanation further in, ``below`` it."""
        line = self.lines[n]
        if n in self.fields or (n + 1 == self.run.stop and n > self.run.start):
            return False
        if below.quoted != line.quoted or below.indent < line.indent + 2 or line.indent > 16:
            return False
        if _STOP.search(line.text) or items.parse(below) is not None:
            return False
        if self.unwrapped:
            return len(line.text) <= 80
        return fits(line, below, self.width * (0.6 if below.text[0].islower() else 1))

    def extent(self, n: int, floor: int) -> int:
        """The line after the last that goes on with line ``n``; ``floor`` is an item's least indentation."""
        stop = n + 1
        while stop < self.run.stop:
            before, after = self.lines[stop - 1], self.lines[stop]
            if stop in self.s.titles or stop in self.fields or after.rule or self.marker(stop) is not None:
                break
            if stop in self.s.tables or not self.joins(stop - 1, first=stop == n + 1):
                break
            if after.indent < floor and fits(before, after, 0.8 * self.width) and not after.text[0].islower():
                break
            stop += 1
        return stop

    def lead_in(self, outer: int | None) -> int | None:
        """The paragraph that introduces a list or table beginning here, else the item around it."""
        last = len(self.s.blocks) - 1
        if last < 0 or self.s.blocks[last].kind != "paragraph":
            return outer
        adjacent = self.lead == last and not self.unwrapped
        block = self.s.blocks[last]
        if adjacent or not _FULL_STOP.search(self.s.text, block.start, block.end):
            return last
        return outer

    def table(self, table: tables.Table) -> int:
        line = self.lines[table.first]
        while self.s.stack and line.indent < self.s.stack[-1].indent + 2:
            self.s.stack.pop()
        parent = self.lead_in(self.s.stack[-1].index if self.s.stack else None)
        for row in table.rows:
            self.s.add("row", row.start, row.end, parent=parent, cells=row.cells, columns=table.columns)
        self.lead = None
        return table.last + 1
