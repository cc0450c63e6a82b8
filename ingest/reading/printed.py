"""What stands on a printed page, and what is usual in a document: the nouns of reading PDF files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median


@dataclass(frozen=True, slots=True)
class Cell:
    """Words that stand together in a printed line."""

    text: str
    left: float
    right: float


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
    words: tuple[Cell, ...] = ()  # on a page where some line has wide gaps in it


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the outline: where a heading stands (page from 0) and its level from 1."""

    title: str
    page: int
    level: int


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together: a paragraph, a list item, a heading, or a table."""

    lines: list[Printed]
    page: int
    level: int = 0  # of a heading; 0 for text, -1 for an ornament that is left out
    term: bool = False  # its explanation stands further in, below it
    note: bool = False  # a footnote
    table: tuple[tuple[str, ...], ...] = ()  # its rows
    header: bool = False  # whether the first of them names the columns

    @property
    def text(self) -> str:
        """Its words, one blank between lines."""
        return " ".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Shape:
    """What is usual in the document: size of type, distance of lines, margins; in points."""

    size: float
    pitch: float
    left: float
    right: float

    def full(self, line: Printed) -> bool:
        """Whether the line fills the measure, so that its end says nothing."""
        return line.right > self.left + 0.8 * (self.right - self.left)

    @classmethod
    def of(cls, lines: Sequence[Printed]) -> Shape:
        """What is usual among these lines, of which there is at least one."""
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
