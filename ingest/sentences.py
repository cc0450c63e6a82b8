"""Exact spans of sentences: sentencex finds the boundaries, the rules below take back the wrong ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

_BLANKS = re.compile(r"\s")
_QUOTE_MARK = re.compile(r"\n[ \t]*>+")
_WINDOW = 5_000  # characters; the time that sentencex takes grows with the square of the quotation marks
_WORD = re.compile(r"\w")
_LOWER_START = re.compile(r"[\"'“”‘’(\[]*[a-z][a-z-]*(?![\w-])")
# A full stop here belongs to a number, an address or an ellipsis, so a small letter after it goes on.
_OPEN_END = re.compile(r"(?:[)\]\d%!?]|\.\.|…|\S[@./]\S*)[.!?]?[\"'”’)\]]*$")
_REFERENCE_END = re.compile(
    r"(?:^|[\s(\[])(?:app|approx|arts?|ch|chs|cl|cll|ext|figs?|nos?|paras?|pp?|pts?|regs?|rev|sched|secs?|ss|tel|ver|vols?)\.$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"(\([^()]*(?:\([^()]*\)[^()]*)*[.!?]\))\s+(?=[A-Z“\"(])")
_CLOSERS = re.compile(r"([)\]}”’\"*_]+)(?:\s+|$)")
_ASIDE = re.compile(r"[(\[](?:see|cf|compare|refer|e\.g|i\.e)\b", re.IGNORECASE)
_ENUMERATOR = re.compile(r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxlc]{1,5}|§+\s*[\d.]+)[.)\]]+$")


def split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the sentences of ``text[start:end]``, in order, without leading or trailing blanks.

    Line breaks inside the span are blanks: a block is one paragraph. Together the spans hold every
    character that is not blank. An empty or blank span gives no sentence.
    """
    flat = _BLANKS.sub(" ", _QUOTE_MARK.sub(lambda m: " " * len(m.group()), text[start:end]))
    found: list[tuple[int, int]] = []
    for low, high in _pieces(flat):
        if found and _continues(flat[found[-1][0] : found[-1][1]], flat[low:high]):
            low = found.pop()[0]
        found.append((low, high))
    return [(start + low, start + high) for low, high in found]


def _pieces(flat: str) -> list[tuple[int, int]]:
    """What sentencex takes for sentences, without blanks around them; brackets around a sentence end it."""
    found: list[tuple[int, int]] = []
    for low, high in _boundaries(flat):
        low, high = _trim(flat, low, high)
        closers = _CLOSERS.match(flat, low, high)
        if closers and found and found[-1][1] == low:
            found[-1] = (found[-1][0], closers.end(1))
            low = closers.end()
        while match := _BRACKETED.match(flat, low, high):
            found.append((low, match.end(1)))
            low = match.end()
        if low < high:
            found.append((low, high))
    return found


def _boundaries(flat: str) -> Iterator[tuple[int, int]]:
    """The boundaries that sentencex sees, a window at a time; one ends with a sentence if it can."""
    start = 0
    while start < len(flat):
        stop = min(start + _WINDOW, len(flat))
        if stop < len(flat):
            end = max(flat.rfind(". ", start, stop), flat.rfind("; ", start, stop)) + 2
            blank = flat.rfind(" ", start, stop) + 1
            stop = end if end > start + 2 else blank if blank > start else stop
        for boundary in sentencex.get_sentence_boundaries("en", flat[start:stop]):
            yield start + boundary["start_index"], start + boundary["end_index"]
        start = stop


def _continues(before: str, after: str) -> bool:
    """Whether a boundary between the two pieces was none."""
    if not _WORD.search(after) or not _WORD.search(before) or _ASIDE.match(after):
        return True
    if _ENUMERATOR.match(before) or (after[0].isdigit() and _REFERENCE_END.search(before)):
        return True
    return bool(_LOWER_START.match(after) and _OPEN_END.search(before))


def _trim(text: str, low: int, high: int) -> tuple[int, int]:
    while low < high and text[low].isspace():
        low += 1
    while high > low and text[high - 1].isspace():
        high -= 1
    return low, high
