"""Printed pages as text: lines joined to paragraphs, on one page and across the end of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.reading import columns, outline, pages, typeset
from ingest.reading.printed import Entry, Paragraph, Printed, Shape
from ingest.reading.typeset import ITEM

_STOP = re.compile(r"[.!?:;][\"'”’)\]]*$")


def to_text(printed: Sequence[Sequence[Printed]], entries: Sequence[Entry]) -> str:
    """The text of the pages, with light Markdown structure; ``entries`` is the document's outline, if any.

    Running heads, page numbers and tables of contents are left out; footnotes stand at their section's end.
    """
    kept = pages.without_furniture(printed)
    everything = [line for page in kept for line in page]
    if not everything:
        return ""
    shape = Shape.of(everything)
    paragraphs = [p for number, page in enumerate(kept) for p in _paragraphs(page, number, shape)]
    outline.find(paragraphs, entries, shape)
    return typeset.write(_across_pages(paragraphs), shape)


def _paragraphs(page: Sequence[Printed], number: int, shape: Shape) -> list[Paragraph]:
    tables = {table.first: table for table in columns.find(page, shape)}
    found: list[Paragraph] = []
    n = 0
    while n < len(page):
        if table := tables.get(n):
            lines = list(page[n : table.last + 1])
            found.append(Paragraph(lines, number, table=table.rows, header=table.header))
            n = table.last + 1
            continue
        line, last = page[n], found[-1] if found else None
        note = line.small or (_is_fine_print(line, shape) and last is not None and last.note)
        note = note or (_is_fine_print(line, shape) and last is not None and line.text.isdigit())
        if last is None or last.table or _parts(last, line, shape, note):
            found.append(Paragraph([line], number, note=note))
        else:
            last.lines.append(line)
        n += 1
    for here, below in pairwise(found):
        here.term = _is_term(here, below, shape)
    return found


def _is_fine_print(line: Printed, shape: Shape) -> bool:
    return line.size < 0.9 * shape.size


def _is_term(here: Paragraph, below: Paragraph, shape: Shape) -> bool:
    """Whether it is a short line with its explanation further in, right below it."""
    if len(here.lines) > 1 or here.note or here.table or below.table:
        return False
    near = here.lines[0].end_y - below.lines[0].y < 1.4 * shape.pitch
    further_in = below.lines[0].left > here.lines[0].left + 0.8 * shape.size
    short = here.lines[0].right < shape.left + 0.7 * (shape.right - shape.left)
    return near and further_in and short and not ITEM.match(here.text) and not ITEM.match(below.text)


def _parts(last: Paragraph, line: Printed, shape: Shape, note: bool) -> bool:
    """Whether a new paragraph begins with ``line``."""
    above = last.lines[-1]
    if note and last.note and above.text.isdigit() and len(last.lines) == 1:
        return False  # the number of a footnote, and its text
    if note != last.note or line.small:
        return True
    gap = above.end_y - line.y
    if abs(gap) < 0.3 * shape.size:  # the same printed line, taken apart by a change of font
        return False
    if gap < 0 or gap > 1.3 * max(shape.pitch * line.size / shape.size, line.size):
        return True
    if abs(line.size - above.size) > 0.6 or ITEM.match(line.text):
        return True
    if line.mono != above.mono and above.mono != last.lines[0].mono:
        return True
    hanging = len(last.lines) == 1 and ITEM.match(above.text) is not None
    if abs(line.left - above.left) > 0.8 * shape.size and not hanging:
        return line.left > above.left or len(last.lines) != 1 or not shape.full(above)
    if line.bold != above.bold and not shape.full(above):
        return True
    word = line.text.split(None, 1)[0]
    room = shape.right - 0.1 * (shape.right - shape.left) - above.right
    return (len(word) + 2) * 0.6 * line.size < room and not line.text[0].islower()


def _across_pages(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Join what the end of a page parted; footnotes wait for the end of their section."""
    found: list[Paragraph] = []
    notes: list[Paragraph] = []
    for p in paragraphs:
        if p.level == -1:
            continue
        if p.note:
            notes.append(p)
            continue
        if p.level:
            found += notes
            notes = []
        last = found[-1] if found else None
        if last is not None and _goes_on(last, p):
            found[-1] = replace(last, lines=[*last.lines, *p.lines], page=p.page)
        else:
            found.append(p)
    return found + notes


def _goes_on(last: Paragraph, p: Paragraph) -> bool:
    """Whether the paragraph goes on with the last one of an earlier page."""
    if last.page == p.page or last.level or last.term or last.table or p.level or p.table:
        return False
    return p.lines[0].text[0].islower() and not _STOP.search(last.lines[-1].text)
