"""Printed pages as text: no running heads, lines joined to paragraphs, headings told by type or outline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest import titles

_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\w+$|(?:…\s?){2,}\s*\w+$")
_BULLET = re.compile(r"[•◦▪■●○‣\uf0b7\uf0a7·–-]\s+(?=\S)")
_ITEM = re.compile(
    r"(?:[•◦▪■●○‣\uf0b7\uf0a7·–-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]|\d{1,2}(?:\.\d{1,2})+\.?)\s+\S"
)
_STOP = re.compile(r"[.!?:;][\"'”’)\]]*$")
_NUMBERING = re.compile(
    r"^(?:(?:chapter|appendix|section)\s+)?(?:\d+(?:\.\d+)*|[A-Z](?:\.\d+)+|[IVX]+)[.:]?\s+", re.IGNORECASE
)
_BROKEN = re.compile(r"(\w+)(-\n|\u00ad\s?)(\w+)")
_DEEPEST = 24  # columns; what stands further in is centred or set to the right
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed line; lengths in points, ``y`` is its baseline and grows upwards."""

    text: str
    left: float
    right: float
    y: float
    end_y: float  # lower than ``y`` when the line holds a word that was broken over two
    size: float
    bold: bool = False
    mono: bool = False
    small: bool = False  # it begins with a raised number, as a footnote does


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the outline: where a heading stands (page from 0) and its level from 1."""

    title: str
    page: int
    level: int


@dataclass(slots=True)
class _Paragraph:
    lines: list[Printed]
    page: int
    level: int = 0  # of a heading; 0 for text
    term: bool = False
    note: bool = False


def to_text(pages: Sequence[Sequence[Printed]], outline: Sequence[Entry]) -> str:
    """The text of the pages: a paragraph on one line, indented as printed, headings marked with "#"."""
    kept = _without_running_heads([_without_leaders(page) for page in pages])
    everything = [line for page in kept for line in page]
    if not everything:
        return ""
    shape = _Shape.of(everything)
    paragraphs = [p for number, page in enumerate(kept) for p in _paragraphs(page, number, shape)]
    _find_headings(paragraphs, outline, shape)
    return _write(_across_pages(paragraphs), shape, _vocabulary(everything))


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is usual in the document: size of type, distance of lines, margins; in points."""

    size: float
    pitch: float
    left: float
    right: float

    def full(self, line: Printed) -> bool:
        """Whether the line fills the measure, so that its end says nothing."""
        return line.right > self.left + 0.8 * (self.right - self.left)

    @classmethod
    def of(cls, lines: Sequence[Printed]) -> _Shape:
        weight: Counter[float] = Counter()
        for line in lines:
            weight[line.size] += len(line.text)
        size = weight.most_common(1)[0][0]
        body = [line for line in lines if line.size == size]
        gaps = [a.y - b.y for a, b in pairwise(body) if 0 < a.y - b.y < 3 * size]
        lefts = Counter(round(line.left) for line in body)
        rights = sorted(line.right for line in body)
        return cls(
            size,
            median(gaps) if gaps else 1.2 * size,
            lefts.most_common(1)[0][0],
            rights[len(rights) * 9 // 10],
        )


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


def _paragraphs(page: Sequence[Printed], number: int, shape: _Shape) -> list[_Paragraph]:
    found: list[_Paragraph] = []
    for line in page:
        note = (
            line.size < 0.9 * shape.size
            and bool(found)
            and (found[-1].note or line.small or line.text.isdigit())
        )
        last = found[-1] if found else None
        if last is None or _parts(last, line, shape, note):
            found.append(_Paragraph([line], number, note=note or line.small))
        else:
            last.lines.append(line)
    for here, below in pairwise(found):
        near = here.lines[-1].end_y - below.lines[0].y < 1.4 * shape.pitch
        further_in = below.lines[0].left > here.lines[0].left + 0.8 * shape.size
        short = here.lines[0].right < shape.left + 0.7 * (shape.right - shape.left)
        plain = not _ITEM.match(here.lines[0].text) and not _ITEM.match(below.lines[0].text)
        here.term = len(here.lines) == 1 and near and further_in and short and plain and not here.note
    return found


def _parts(last: _Paragraph, line: Printed, shape: _Shape, note: bool) -> bool:
    """Whether a new paragraph begins with ``line``."""
    above = last.lines[-1]
    gap = above.end_y - line.y
    if note != last.note or line.small or (note and above.text.isdigit() and len(last.lines) == 1):
        return not (note and last.note and above.text.isdigit())
    if abs(gap) < 0.3 * shape.size:  # the same printed line, taken apart by a change of font
        return False
    if gap < 0 or gap > 1.3 * max(shape.pitch * line.size / shape.size, line.size):
        return True
    if (
        abs(line.size - above.size) > 0.6
        or _ITEM.match(line.text)
        or line.mono != above.mono != last.lines[0].mono
    ):
        return True
    hanging = len(last.lines) == 1 and _ITEM.match(above.text)
    if abs(line.left - above.left) > 0.8 * shape.size and not hanging:
        return line.left > above.left or len(last.lines) != 1
    if line.bold != above.bold and not shape.full(above):
        return True
    word = line.text.split(None, 1)[0]
    had_room = above.right + (len(word) + 2) * 0.6 * line.size < shape.right - 0.1 * (
        shape.right - shape.left
    )
    return had_room and not line.text[0].islower()


def _find_headings(paragraphs: Sequence[_Paragraph], outline: Sequence[Entry], shape: _Shape) -> None:
    """Give the headings their level: by the outline where the document has one, else by their type."""
    wanted: dict[tuple[int, str], int] = {(e.page, _plain(e.title)): e.level for e in outline}
    matched = 0
    for p in paragraphs:
        level = wanted.get((p.page, _plain(_joined(p))))
        if level is not None and not p.note:
            p.level, p.term, matched = level, False, matched + 1
    if matched * 3 >= len(outline) > 0:
        for above, p in pairwise(paragraphs):
            if (
                p.level
                and not above.level
                and above.lines[0].size >= p.lines[0].size
                and len(_joined(above)) < 15
            ):
                above.level = -1  # "CHAPTER", "ONE": ornaments of the heading below
        for n in range(len(paragraphs) - 2, -1, -1):
            p = paragraphs[n]
            if not p.level and paragraphs[n + 1].level == -1 and p.lines[0].bold and len(_joined(p)) < 15:
                p.level = -1
        return
    looks = [p for p in paragraphs if _looks_like_heading(p, shape)]
    ranks = sorted({(round(p.lines[0].size), p.lines[0].bold) for p in looks}, reverse=True)
    for p in looks:
        p.level = min(ranks.index((round(p.lines[0].size), p.lines[0].bold)) + 1, 6)


def _looks_like_heading(p: _Paragraph, shape: _Shape) -> bool:
    text = _joined(p)
    if p.note or p.term or len(p.lines) > 3 or len(text) > 150 or not re.search(r"[^\W\d]", text):
        return False
    if p.lines[0].size > 1.12 * shape.size:
        return not _STOP.search(text) or text.endswith("?")
    return all(line.bold for line in p.lines) and len(p.lines) == 1 and titles.reads_like_title(text)


def _plain(title: str) -> str:
    return re.sub(r"\W+", "", _NUMBERING.sub("", title)).lower()


def _joined(p: _Paragraph) -> str:
    return " ".join(line.text for line in p.lines)


def _across_pages(paragraphs: Sequence[_Paragraph]) -> list[_Paragraph]:
    """Join what a page break parted; footnotes wait for the end of their section."""
    found: list[_Paragraph] = []
    notes: list[_Paragraph] = []
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
        broken = last is not None and not last.level and not last.term and not p.level and last.page != p.page
        if (
            last is not None
            and broken
            and p.lines[0].text[0].islower()
            and not _STOP.search(last.lines[-1].text)
        ):
            found[-1] = replace(last, lines=[*last.lines, *p.lines], page=p.page)
        else:
            found.append(p)
    return found + notes


def _vocabulary(lines: Sequence[Printed]) -> frozenset[str]:
    return frozenset(
        word.lower() for line in lines for word in re.findall(r"\w+(?:-\w+)*(?![\w\u00ad-])", line.text)
    )


def _write(paragraphs: Sequence[_Paragraph], shape: _Shape, words: frozenset[str]) -> str:
    out: list[str] = []
    shown = [p for p in paragraphs if re.search(r"\w", _joined(p))]
    for n, p in enumerate(shown):
        following = shown[n + 1] if n + 1 < len(shown) else None
        if p.level:
            out += ["#" * p.level + " " + _unwrapped(p.lines, words), ""]
            continue
        columns = round((p.lines[0].left - shape.left) / (0.5 * shape.size))
        indent = " " * columns if 0 < columns <= _DEEPEST and not p.note else ""
        if p.lines[0].mono and all(line.mono for line in p.lines) and not p.term:
            left = min(line.left for line in p.lines)
            code = [" " * round((line.left - left) / (0.6 * line.size)) + line.text for line in p.lines]
            joins = out[-2:] == ["```", ""]
            out[-2 if joins else len(out) :] = [*code, "```", ""] if joins else ["```", *code, "```", ""]
            continue
        text = _unwrapped(p.lines, words)
        text = _BULLET.sub("- ", text, count=1)
        in_list = following is not None and _ITEM.match(text) and _ITEM.match(following.lines[0].text)
        out += (
            [indent + text]
            if p.term or (in_list and following and not following.level)
            else [indent + text, ""]
        )
    return "\n".join(out).translate(_LIGATURES).strip("\n")


def _unwrapped(lines: Sequence[Printed], words: frozenset[str]) -> str:
    """The lines as one; a hyphen at a line's end goes unless the document writes the word with it."""
    text = "\n".join(line.text for line in lines)
    return " ".join(_BROKEN.sub(lambda m: _mended(m, words), text).split())


def _mended(match: re.Match[str], words: frozenset[str]) -> str:
    first, mark, second = match.groups()
    if second in ("and", "or", "to"):
        return f"{first}- {second}"  # "pre- and post-sale"
    if mark == "-\n" and (first.isdigit() or not second[0].islower()):
        return f"{first}-{second}"
    compound, whole = f"{first}-{second}".lower(), f"{first}{second}".lower()
    return f"{first}-{second}" if compound in words and whole not in words else first + second
