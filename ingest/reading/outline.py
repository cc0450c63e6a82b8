"""Which printed paragraphs are headings: by the document's own outline, else by their type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.reading import titles
from ingest.reading.printed import Entry, Paragraph, Shape

_STOP = re.compile(r"[.!?:;][\"'”’)\]]*$")
_NUMBERING = re.compile(
    r"^(?:(?:chapter|appendix|section)\s+)?(?:\d+(?:\.\d+)*|[A-Z](?:\.\d+)+|[IVX]+)[.:]?\s+", re.IGNORECASE
)
_ORNAMENT = 15  # characters; "CHAPTER", "ONE"


def find(paragraphs: Sequence[Paragraph], outline: Sequence[Entry], shape: Shape) -> None:
    """Give each heading among the paragraphs its level, and -1 to what only adorns the heading below it."""
    wanted = {(e.page, _plain(e.title)): e.level for e in outline}
    matched = 0
    for p in paragraphs:
        level = wanted.get((p.page, _plain(p.text)))
        if level is not None and not p.note and not p.table:
            p.level, p.term, matched = level, False, matched + 1
    if matched * 3 >= len(outline) > 0:
        for above, p in reversed(list(pairwise(paragraphs))):
            adorned = p.level and not above.level and len(above.text) < _ORNAMENT
            if adorned and (
                above.lines[0].size >= p.lines[0].size or (p.level == -1 and above.lines[0].bold)
            ):
                above.level = -1
        return
    looks = [p for p in paragraphs if _looks_like_heading(p, shape)]
    ranks = sorted({(round(p.lines[0].size), p.lines[0].bold) for p in looks}, reverse=True)
    for p in looks:
        p.level = min(ranks.index((round(p.lines[0].size), p.lines[0].bold)) + 1, 6)


def _looks_like_heading(p: Paragraph, shape: Shape) -> bool:
    text = p.text
    if p.note or p.term or p.table or len(p.lines) > 3 or len(text) > 150 or not re.search(r"[^\W\d]", text):
        return False
    if p.lines[0].size > 1.12 * shape.size:
        return not _STOP.search(text) or text.endswith("?")
    return all(line.bold for line in p.lines) and len(p.lines) == 1 and titles.reads_like_title(text)


def _plain(title: str) -> str:
    return re.sub(r"\W+", "", _NUMBERING.sub("", title)).lower()
