"""A text as lines: where each begins, how far it is indented, and which breaks only keep to a width."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

LONG = 120  # characters; nobody wraps by hand beyond it, so such a line is a paragraph of its own
# "Owner: the CIO", with or without a bold name
FIELD = re.compile(r"(?:\*\*|__|:)?[A-Z][\w/&' -]{0,30}?(?:\*\*|__)?[ \t]*:(?:\*\*|__)?\s+\S")
_QUOTE = re.compile(r"[ \t]{0,3}>[ \t]?")
_FENCE = re.compile(r"(`{3,}|~{3,})[^`]*$")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_RULE = re.compile(r"(?:([-=_*~^#+.:\"'`])\1{2,}|(?:[-*_] ){2,}[-*_])$")
# reStructuredText: an admonition whose text begins behind its name is text, other directives are not.
_ADMONITION = re.compile(r"\.\. (?:note|warning|important|tip|hint|caution|attention|danger)::\s+(?=\S)")
_SKIP = re.compile(r"\.\. \S|\[[^\]^]+\]:\s+\S+$|!\[[^\]]*\]\([^)]*\)$")
# No title and no sentence ends with such a word.
_UNENDED = re.compile(
    r"\s(?:the|an?|and|or|nor|than|that|which|whose|its|their|our|your|this|these)$|^\s*(?:\S+\s+){6,}(?:is|are|was|were|be|been|has|have)$"
)
_LOWER = re.compile(r"[\"'“‘(\[]*[a-z]")
_STOP = re.compile(r"[.!?:;][\"'”’)\]]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line without indentation, trailing blanks and quote marks; ``text`` is ``""`` for a blank line."""

    start: int
    end: int
    indent: int  # columns from the margin, or from the quote mark
    text: str
    quoted: int = 0  # depth of block quotation
    rule: bool = False  # nothing but a run of one punctuation character

    @property
    def width(self) -> int:
        """The column it ends in."""
        return self.indent + len(self.text)


def scan(text: str) -> list[Line]:
    """The lines of ``text``; code between fences, comments and link definitions become blank lines."""
    hidden = [match.span() for match in _COMMENT.finditer(text)]
    found: list[Line] = []
    position = 0
    for raw in text.split("\n"):
        found.append(_line(position, raw))
        position += len(raw) + 1
    marks = [_fence(found, n) for n in range(len(found))]
    last = {mark[0]: n for n, mark in enumerate(marks) if mark}
    lines: list[Line] = []
    fence = ""
    for n, line in enumerate(found):
        closes = bool(fence) and line.text.startswith(fence) and not line.text.strip(fence[0])
        opens = (
            not fence and bool(marks[n]) and last[marks[n][0]] > n
        )  # one that is never closed hides nothing
        commented = any(low <= line.start < high for low, high in hidden)
        if admonition := _ADMONITION.match(line.text):
            line = replace(line, start=line.start + admonition.end(), text=line.text[admonition.end() :])
        if fence or opens or commented or _SKIP.match(line.text):
            line = replace(line, end=line.start, indent=0, text="", rule=False)
        lines.append(line)
        fence = "" if closes else marks[n] if opens else fence
    return lines


def _line(start: int, raw: str) -> Line:
    offset, quoted = 0, 0
    while match := _QUOTE.match(raw, offset):
        offset, quoted = match.end(), quoted + 1
    rest = raw[offset:]
    content = rest.strip()
    lead = len(rest) - len(rest.lstrip())
    begin = start + offset + lead
    indent = len(rest[:lead].expandtabs(8))
    return Line(begin, begin + len(content), indent, content, quoted, bool(_RULE.match(content)))


def _fence(lines: Sequence[Line], n: int) -> str:
    """The fence that line ``n`` may be, or ""; a run of such signs right below text underlines it."""
    match = _FENCE.match(lines[n].text)
    if match is None:
        return ""
    underlines = lines[n].rule and n > 0 and lines[n - 1].text and len(lines[n].text) > 3
    return "" if underlines and len(lines[n].text) >= len(lines[n - 1].text) - 1 else match.group(1)


def chunks(lines: Sequence[Line]) -> list[range]:
    """Runs of line numbers between blank lines; a change of quotation depth parts them, too."""
    found: list[range] = []
    first = 0
    for n in range(len(lines) + 1):
        ends = n == len(lines) or not lines[n].text
        if ends or (n > first and lines[n].quoted != lines[n - 1].quoted):
            if n > first:
                found.append(range(first, n))
            first = n + 1 if ends else n
    return found


def usual_width(lines: Sequence[Line]) -> int:
    """The column at which the author broke lines: nine in ten of the broken lines end before it."""
    broken = sorted(a.width for a, b in pairwise(lines) if a.text and b.text and a.width <= LONG)
    return max(broken[len(broken) * 9 // 10], 40) if broken else 72


def body_indent(lines: Sequence[Line]) -> int:
    """The indentation that most of the text has."""
    weight: dict[int, int] = {}
    for line in lines:
        weight[line.indent] = weight.get(line.indent, 0) + len(line.text)
    return max(weight, key=lambda indent: weight[indent], default=0)


def fits(before: Line, after: Line, width: float) -> bool:
    """Whether the first word of ``after`` had room behind ``before``, so that the break was meant."""
    return before.width + 1 + len(after.text.split(None, 1)[0]) <= width


def joins(before: Line, after: Line, *, width: int, unwrapped: bool, first: bool = False) -> bool:
    """Whether ``after`` goes on with the sentence or paragraph of ``before``, in a text broken at ``width``.

    ``unwrapped``: they stand among lines longer than LONG, so that breaks were meant. ``first``: ``before``
    is the first line of its block, where a title may stand.
    """
    small = bool(_LOWER.match(after.text)) or _UNENDED.search(before.text) is not None
    if unwrapped:
        return small and not _STOP.search(before.text)
    if small:
        return True
    if first or _STOP.search(before.text):
        return not fits(before, after, 0.85 * width)
    return not fits(before, after, 0.5 * width)
