"""What printing adds to the pages of a document: running heads and feet, page numbers, contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.reading.printed import Printed

_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\w+$|(?:…\s?){2,}\s*\w+$")


def without_furniture(pages: Sequence[Sequence[Printed]]) -> list[list[Printed]]:
    """The lines of each page that belong to the text."""
    return _without_running_heads([_without_leaders(page) for page in pages])


def _without_leaders(page: Sequence[Printed]) -> list[Printed]:
    """Leave out a table of contents: lines with dots up to a page number, and what stands among them."""
    led = sum(bool(_LEADERS.search(line.text)) for line in page)
    if led * 2 > len(page):
        return []
    return [line for line in page if not _LEADERS.search(line.text)]


def _without_running_heads(pages: Sequence[list[Printed]]) -> list[list[Printed]]:
    """Leave out lines at the edge of the page that other pages have, too, and page numbers."""
    edges = [page[:2] + page[2:][-2:] for page in pages]
    seen = Counter(key for edge in edges for key in {_masked(line.text) for line in edge})
    often = max(2 if len(pages) < 6 else 3, len(pages) // 20)
    offsets = Counter(
        number - index
        for index, edge in enumerate(edges)
        for number in {n for line in edge for n in _outer_numbers(line.text)}
    )
    offset, support = offsets.most_common(1)[0] if offsets else (0, 0)
    numbered = support >= max(2, len(pages) // 3)

    def furniture(line: Printed, index: int, outermost: bool) -> bool:
        if len(pages) > 1 and seen[_masked(line.text)] >= often:
            return True
        return outermost and numbered and index + offset in _outer_numbers(line.text)

    result = []
    for index, page in enumerate(pages):
        drop = {
            n
            for n in (0, 1, len(page) - 2, len(page) - 1)
            if 0 <= n < len(page) and furniture(page[n], index, n in (0, len(page) - 1))
        }
        result.append([line for n, line in enumerate(page) if n not in drop])
    return result


def _masked(text: str) -> str:
    return re.sub(r"\d+|\b[ivxlc]+$", "#", text.lower())


def _outer_numbers(text: str) -> list[int]:
    """The numbers that a short line begins or ends with."""
    if len(text) > 90:
        return []
    words = text.split()
    return [int(w) for w in {words[0], words[-1]} if w.isdigit() and len(w) < 5] if words else []
