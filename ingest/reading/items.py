"""The marks that begin a list item, and which item stands inside which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.reading.lines import Line

_BULLET = re.compile(r"(?:([-*+•◦▪■●○‣·–—]|#\.|:(?=\s+\S))\s+|(o)\s{2,})(?:\[[ xX]\]\s+)?(?=\S)")
_CLAUSE = re.compile(
    r"((?:section|sec\.|article|art\.|rule|clause|§+)\s*(\d{1,3})(?:\.\d{1,3})*[.:])\s+(?=[A-Z“\"])",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"(?P<open>\()?(?:(?P<many>(?:\d{1,3}|[A-Z])(?:\.\d{1,3})+)|(?P<number>\d{1,3})|(?P<roman>[ivxlc]{2,6}|[IVXLC]{2,6})"
    r"|(?P<letter>[A-Za-z]))(?P<close>[.)]|(?<=\.\d)|(?<=\.\d\d))\s+(?=\S)"
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class Marker:
    """A mark such as "-", "(a)" or "5.1": ``length`` counts it and the blanks behind it."""

    text: str
    style: str  # items of one list share it
    values: tuple[int, ...]  # the places it may mean: "i" is the first or the ninth; () for a bullet
    length: int

    def first(self) -> bool:
        """Whether a list may begin with it."""
        return not self.values or 1 in self.values

    def follows(self, other: Marker) -> bool:
        """Whether it is the next mark after ``other`` in one list."""
        if self.style != other.style:
            return bool(self.values and other.values) and self._same_shape(other) and self._next_to(other)
        return not self.values or self._next_to(other)

    def _same_shape(self, other: Marker) -> bool:
        return re.sub(r"\w+", "", self.text) == re.sub(r"\w+", "", other.text) and (
            {self.style[0], other.style[0]} == {"a", "i"} or {self.style[0], other.style[0]} == {"A", "I"}
        )

    def _next_to(self, other: Marker) -> bool:
        return any(mine == theirs + 1 for mine in self.values for theirs in other.values)


@dataclass(frozen=True, slots=True)
class Open:
    """A list item that may still go on: its block, its columns and what introduces its list."""

    index: int
    indent: int
    content: int
    level: int
    parent: int | None
    marker: Marker | None  # None for the term of a definition


def parse(line: Line) -> Marker | None:
    """The mark that the line begins with, were it an item."""
    if match := _BULLET.match(line.text):
        mark = match.group(1) or match.group(2)
        return Marker(mark, mark, (), match.end())
    if match := _CLAUSE.match(line.text):
        return Marker(match.group(1), "section", (int(match.group(2)),), match.end())
    match = _ORDERED.match(line.text)
    if not match or (match["open"] and match["close"] != ")"):
        return None
    shape = (match["open"] or "") + "{}" + match["close"]
    mark = match.group().rstrip()
    if match["many"]:
        return Marker(
            mark,
            "1." * (match["many"].count(".") + 1) + shape,
            (int(match["many"].split(".")[-1]),),
            match.end(),
        )
    if match["number"]:
        return Marker(mark, "1" + shape, (int(match["number"]),), match.end())
    if match["roman"]:
        kind = "i" if match["roman"].islower() else "I"
        return Marker(mark, kind + shape, (_roman(match["roman"]),), match.end())
    letter = match["letter"]
    if letter.isupper() and match["close"] == "." and not match["open"]:
        kind = "A"  # may be an initial: see accepts
    else:
        kind = "a" if letter.islower() else "A"
    values: tuple[int, ...] = (ord(letter.lower()) - ord("a") + 1,)
    if letter.lower() in _ROMAN:
        values += (_ROMAN[letter.lower()],)
    return Marker(mark, kind + shape, values, match.end())


def _roman(numeral: str) -> int:
    digits = [_ROMAN[c] for c in numeral.lower()]
    return sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True))


def accepts(marker: Marker, line: Line, before: Line | None, stack: Sequence[Open], *, parted: bool) -> bool:
    """Whether the mark begins an item here, and is not a number or a dash that a line break put in front.

    ``before`` is the line right above in the same paragraph, None after a blank line; ``parted`` says that
    the break between the two was meant.
    """
    if any(o.marker is not None and marker.follows(o.marker) for o in stack):
        return True
    if marker.style == "section":
        return before is None or parted
    letter = marker.style[0] in "aAiI"
    if letter and not marker.first():
        return False
    if marker.style.startswith("A{}."):  # or the initial of a name
        return marker.text == "A." and (before is None or before.text[-1] in ":;.")
    if before is None or parted:
        return True
    if not marker.values:
        return marker.text not in "–—·" or before.text.endswith(":")
    return marker.first() and (line.indent > before.indent or before.text[-1] in ":;.!?")


def enclosing(marker: Marker, line: Line, content: int, stack: Sequence[Open]) -> int:
    """How many of the open items stay open around a new one: the depth of the new item."""
    level = [o for o in stack if o.marker is not None and abs(o.indent - line.indent) <= 1]
    if marker.values:
        # In a text without indentation "2." after "(a)" goes back to the list of "1.".
        same = [o for o in level if o.marker is not None and marker.style == o.marker.style]
        for candidates in (same, level):
            for other in reversed(candidates):
                if other.marker is not None and marker.follows(other.marker):
                    return list(stack).index(other)
    depth = len(stack)
    while depth:
        top = stack[depth - 1]
        further_in = line.indent >= top.indent + 2 and content > top.content
        if further_in or (top in level and _opens_inner_list(marker, top, level)):
            break
        depth -= 1
    return depth


def _opens_inner_list(marker: Marker, top: Open, level: Sequence[Open]) -> bool:
    """Whether "(a)" after "1." begins a list inside that item, though it stands no further in."""
    if top.marker is None or not top.marker.values or not marker.first() or not marker.values:
        return False
    if marker.text.strip("().").lower() == "i" and marker.style == top.marker.style:
        return True  # "(i)" after "(b)"
    return all(o.marker is None or o.marker.style != marker.style for o in level)
