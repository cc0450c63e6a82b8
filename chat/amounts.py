"""Amounts and limits: "who approves 60,000?" wants the line that goes "above 10,000 and up to 100,000"."""

from __future__ import annotations

import math
import re

_NUMBER = r"(?:[£$€]\s*)?(\d[\d,. ]*\d|\d)(?:\s*(k|m|bn|thousand|million|billion)\b)?"
_WORDS = {
    "half": 0.5,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_SPELT = re.compile(rf"\b({'|'.join(_WORDS)})\s+(?=(?:hundred|thousand|million|billion)\b)", re.IGNORECASE)
_SCALE = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_UPPER = re.compile(
    rf"\b(?:up\s+to|below|under|less\s+than|at\s+most|not\s+(?:more\s+than|exceeding)|no\s+more\s+than|maximum(?:\s+of)?|within)\s+{_NUMBER}",
    re.IGNORECASE,
)
_LOWER = re.compile(
    rf"\b(?:above|over|more\s+than|exceed(?:s|ing)?|beyond|from|at\s+least|greater\s+than|starting\s+at)\s+{_NUMBER}",
    re.IGNORECASE,
)
_PLAIN = re.compile(_NUMBER, re.IGNORECASE)
_SMALLEST = 100.0  # smaller numbers are mostly counts, dates and section numbers


def fit(asked: float | None, within: tuple[float, float]) -> float:
    """Up to 1 when the amount ``asked`` for lies within the limits, the nearer below the upper the more.

    -1 when it lies outside, 0 without an amount or a limit.
    """
    low, high = within
    if asked is None or (low == -math.inf and high == math.inf):
        return 0.0
    if not (low < asked <= high or (low == asked and high == math.inf)):
        return -1.0
    # Of limits that all hold the amount, the lowest is the one that decides.
    return 1.0 if high == math.inf else max(0.0, 1.0 - 0.3 * math.log10(high / asked))


def limits(text: str) -> tuple[float, float]:
    """The lower and the upper limit that ``text`` sets, infinite where it sets none."""
    text = _digits(text)
    lower = [v for m in _LOWER.finditer(text) if (v := _value(m)) >= _SMALLEST]
    upper = [v for m in _UPPER.finditer(text) if (v := _value(m)) >= _SMALLEST]
    return max(lower, default=-math.inf), min(upper, default=math.inf)


def asked(question: str) -> float | None:
    """The amount a question names, just above it for "above two million"; None when it names none."""
    text = _digits(question)
    above = _LOWER.search(text)
    if above and _value(above) >= _SMALLEST:
        return math.nextafter(_value(above), math.inf)
    amounts = [v for m in _PLAIN.finditer(text) if (v := _value(m)) >= _SMALLEST and not 1900 <= v <= 2100]
    return max(amounts, default=None)


def _digits(text: str) -> str:
    return _SPELT.sub(lambda m: f"{_WORDS[m.group(1).lower()]} ", text)


def _value(match: re.Match[str]) -> float:
    digits = re.sub(r"[, ](?=\d{3}\b)", "", match.group(1)).replace(",", "").replace(" ", "")
    try:
        number = float(digits)
    except ValueError:
        return 0.0
    return number * _SCALE.get((match.group(2) or "").lower(), 1.0)
