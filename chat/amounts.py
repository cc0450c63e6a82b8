"""Amounts and limits: "who approves 60,000?" wants the line that goes "above 10,000 and up to 100,000"."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Unit = Literal["sum", "days", "percent"]
Limits = Mapping[Unit, tuple[float, float]]  # the lower and the upper, infinite where there is none
_NONE = (-math.inf, math.inf)

_WORDS = {
    "half": 0.5,
    "a": 1,
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
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_SCALE = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.0, "year": 365.0}
# Before "a month": a length of time, not "twice a month" nor "500 a month".
_SPAN = (
    "(?:"
    + "|".join(
        rf"(?<={word}\s)"
        for word in (
            "than for within over under about nearly almost after least most takes lasts exceeds"
        ).split()
    )
    + ")"
)
_SPELT = re.compile(
    rf"\b({'|'.join(w for w in _WORDS if w != 'a')})\s+(?=(?:hundred|thousand|million|billion)\b)"
    rf"|\b({'|'.join(w for w in _WORDS if w not in ('a', 'half'))}|{_SPAN}a)[\s-]+"
    rf"(?=(?:working\s+|calendar\s+|business\s+)?(?:{'|'.join(_DAYS)})s?\b)",
    re.IGNORECASE,
)
_CURRENCY = r"(?:euros?|pounds?|dollars?|francs?|EUR|GBP|USD|CHF)\b"
_SIGN = r"(?:(?:[£$€]|(?:EUR|GBP|USD|CHF)\b)\s*)?"
_NUMBER = (
    _SIGN
    + r"(?P<digits>\d[\d,. ]*\d|\d)(?:\s*(?P<scale>k|m|bn|thousand|million|billion)\b)?"
    + r"(?![\d,.]*\s*(?:%|per\s?cent\b))"
)
_PERCENT = r"(?P<digits>\d+(?:\.\d+)?)\s*(?P<scale>%|per\s?cent\b)"
_TIME = (
    rf"(?P<digits>\d+(?:\.\d+)?)[\s-]*(?:(?:working|calendar|business)\s+)?(?P<scale>{'|'.join(_DAYS)})s?\b"
)
_UP_TO = (
    r"\b(?:up\s+to|below|under|(?<!no\s)(?<!not\s)(?:less|fewer|smaller|lower|earlier|younger|sooner)\s+than|at\s+most|not\s+(?:(?:more|longer|later|older|larger|bigger|higher|greater)\s+than|exceeding)|"
    r"no\s+(?:more|longer|later|older|larger|bigger|higher|greater)\s+than|shorter\s+than|(?:debts|sums|amounts|payments|purchases|invoices|claims|refunds|orders|contracts|costs)\s+to|maximum(?:\s+of)?|limit(?:ed\s+to|\s+of)?|within)\s+"
)
_ABOVE = (
    r"\b(?:above|over|(?<!no\s)(?<!not\s)(?:more|longer|later|older)\s+than|exceed(?:s|ing)?|beyond|from|at\s+least|"
    r"(?:no|not)\s+(?:less|fewer|smaller|lower|earlier|younger|sooner)\s+than|(?<!no\s)(?<!not\s)(?:greater|larger|bigger|higher)\s+than|starting\s+at)\s+"
)
_PATTERNS: Mapping[Unit, str] = {"sum": _NUMBER, "days": _TIME, "percent": _PERCENT}
_UPPER = {unit: re.compile(_UP_TO + p, re.IGNORECASE) for unit, p in _PATTERNS.items()}
_LOWER = {unit: re.compile(_ABOVE + p, re.IGNORECASE) for unit, p in _PATTERNS.items()}
_PLAIN = {unit: re.compile(p, re.IGNORECASE) for unit, p in _PATTERNS.items()}
# "1,000 to 10,000", "between 3 and 10 days"; with "and" it takes a "between".
_RANGE: Mapping[Unit, re.Pattern[str]] = {
    "sum": re.compile(
        rf"(?P<between>\bbetween\s+)?{_SIGN}(?<![\d,.])(?P<low>\d[\d,.]{{0,16}}\d)(?!\d)(?:\s*(?P<low_scale>k|m|thousand|million)\b)?"
        rf"(?:\s*{_CURRENCY})?\s*(?P<to>-|–|—|\bto\b|\band\b)\s*{_NUMBER}",
        re.IGNORECASE,
    ),
    "days": re.compile(
        rf"(?P<between>\bbetween\s+)?(?<![\d,.])(?P<low>\d{{1,6}})(?!\d)\s*(?P<to>-|–|—|\bto\b|\band\b)\s*{_TIME}",
        re.IGNORECASE,
    ),
    "percent": re.compile(
        rf"(?P<between>\bbetween\s+)?(?<![\d,.])(?P<low>\d{{1,3}})(?!\d)\s*%?\s*(?P<to>-|–|—|\bto\b|\band\b)\s*{_PERCENT}",
        re.IGNORECASE,
    ),
}
_PHRASES = {
    unit: re.compile(
        rf"(?:{_UP_TO}|{_ABOVE}|\b(?:of|for|worth|amounts?)\s+)?{p}(?:\s*{_CURRENCY})?",
        re.IGNORECASE,
    )
    for unit, p in _PATTERNS.items()
}
# No limit at all, and said so: "whatever it costs".
_ANY: Mapping[Unit, re.Pattern[str]] = {
    "sum": re.compile(
        r"\b(?:whatever|no\s+matter|regardless\s+of|irrespective\s+of|independent(?:ly)?\s+of|at\s+any|of\s+any|for\s+any|however)\s+"
        r"(?:(?:what|how)\s+)?(?:(?:it|they)\s+costs?\b|(?:(?:the|its|their)\s+)?(?:costs?|amounts?|sums?|values?|prices?|size|large|small|high)\b)",
        re.IGNORECASE,
    ),
    "percent": re.compile(r"\bof\s+any\s+(?:percentage|share)\b", re.IGNORECASE),
    "days": re.compile(
        r"\b(?:however|no\s+matter\s+how|regardless\s+of\s+how|irrespective\s+of\s+how)\s+(?:long|short|old|late)\b"
        r"|\b(?:(?:regardless|irrespective)\s+of|of\s+any)\s+(?:the\s+|its\s+|their\s+)?(?:length|duration|age)\b",
        re.IGNORECASE,
    ),
}
# Where in a sentence another amount begins: "by the clerk up to 500 and above that by the mayor".
_NEXT_CLAUSE = re.compile(
    r";|,?\s+(?:and|but|or)\s+(?=(?:anything\s+|whatever\s+)?(?:above|over|beyond|more\s+than)\s+(?:that|this|it)\b)"
    r"|,?\s+(?:and|but|or)\s+(?=(?:anything|whatever|everything)\s+(?:\w+\s+){0,2}?(?:above|over|beyond|exceed\w*|more\s+than)\b)"
    r"|,\s+(?=(?:above|over|beyond|more\s+than)\s+(?:that|this|it)\b)"
    r"|(?:,|,?\s+(?:and|but))\s+(?=(?:(?:any|all|an?|the)\s+)?(?:longer|larger|higher|bigger|greater)\s+(?!than\b)\w)",
    re.IGNORECASE,
)
_YEAR = re.compile(rf"(?<![£$€\d])(?<![£$€] )\b(?:19\d\d|20\d\d|2100)\b(?!\s*{_CURRENCY})")
# A sentence that takes up where the one before it stops: "Above that, the mayor."
_ABOVE_THAT = re.compile(
    r"\W*(?:(?:any|all|every|for|an?|the)\s+)?(?:longer|larger|higher|bigger|greater)\s+(?!than\b)\w|"
    r"\W*(?:\w+\s+)?(?:above|over|beyond|more\s+than|larger\s+than|longer\s+than)\s+(?:that|this|these|those|it)\b|"
    r"\W*(?:anything|whatever|larger|longer|higher|bigger|the\s+rest)\b(?:\s+\w+){0,2}?\s+(?:above|over|beyond|more|larger|longer|ones?|sums?|amounts?)\b",
    re.IGNORECASE,
)
# Smaller numbers without a unit are mostly counts, dates and section numbers.
_SMALLEST: Mapping[Unit, float] = {"sum": 100.0, "days": 0.0, "percent": 0.0}


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum, a time in days or a percentage; ``beyond`` asks for what exceeds the limits that hold it."""

    value: float
    unit: Unit = "sum"
    beyond: bool = False


def best_fit(asked: Amount | None, clauses: Sequence[Limits]) -> float:
    """``fit`` of the clause that suits the amount best; 0 when none sets a limit."""
    fits = [f for f in (fit(asked, within) for within in clauses) if f]
    return max(fits, default=0.0)


def fit(asked: Amount | None, within: Limits) -> float:
    """Up to 1 when the amount ``asked`` for lies within the limits, the nearer below the upper the more.

    -1 when it lies outside, 0 without an amount or a limit of its unit.
    """
    if asked is None:
        return 0.0
    value, (low, high) = asked.value, within[asked.unit]
    if low == -math.inf and high == math.inf:
        return 0.0
    if asked.beyond:
        return -1.0 if low < value <= high else 1.0 if low >= value else 0.0
    if not (low < value <= high or (low == value and high == math.inf)):
        return -1.0
    # Of limits that all hold the amount, the lowest is the one that decides.
    return 1.0 if high == math.inf else max(0.0, 1.0 - 0.3 * math.log10(high / value))


def limits(text: str) -> Limits:
    """The lower and the upper limit that ``text`` sets for each unit."""
    return {
        unit: (max(lower, default=-math.inf), min(upper, default=math.inf))
        for unit, (lower, upper) in _ends(text).items()
    }


def _ends(text: str) -> dict[Unit, tuple[list[float], list[float]]]:
    """The lower and the upper ends that ``text`` names for each unit."""
    text = _digits(text)
    found: dict[Unit, tuple[list[float], list[float]]] = {}
    for unit in _PATTERNS:
        lower, upper, rest = _ranges(text, unit)
        lower += _values(_LOWER[unit], rest, unit)
        upper += _values(_UPPER[unit], rest, unit)
        if not (lower or upper) and _ANY[unit].search(rest):
            lower.append(0.0)
        found[unit] = lower, upper
    return found


def _ranges(text: str, unit: Unit) -> tuple[list[float], list[float], str]:
    """The lower and the upper ends of the ranges in ``text``, and what is left of it without them."""
    lower: list[float] = []
    upper: list[float] = []

    def take(m: re.Match[str]) -> str:
        scale = m["low_scale"] if unit == "sum" else m["scale"]
        low, high = _number(m["low"], scale), _value(m)
        joined = m["to"].lower() == "and" and not m["between"]
        if joined or _YEAR.fullmatch(m["low"]) or not _SMALLEST[unit] <= low < high:
            return m.group()
        lower.append(low)
        upper.append(high)
        return " "

    return lower, upper, _RANGE[unit].sub(take, text)


def clause_limits(text: str, before: str) -> tuple[Limits, ...]:
    """The limits of each clause of ``text``.

    One that begins "above that" begins where those of the clause before it end; ``before`` is what stands
    before the text.
    """
    found: list[Limits] = []
    # "The clerk up to 50, the dean up to 250. More than that ...": more than either may.
    last: Limits = {u: (-math.inf, max(upper, default=math.inf)) for u, (_, upper) in _ends(before).items()}
    for clause in _NEXT_CLAUSE.split(text):
        own = limits(clause)
        if _ABOVE_THAT.match(clause) and all(span == _NONE for span in own.values()):
            own = {u: (high, math.inf) if high < math.inf else _NONE for u, (_, high) in last.items()}
        found.append(own)
        last = own
    return tuple(found)


def goes_on(text: str) -> bool:
    """Whether ``text`` begins where the limits of what stands before it end: above them."""
    return _ABOVE_THAT.match(text) is not None


def asked(question: str) -> Amount | None:
    """The amount a question names, just above it for "above two million"; None when it names none."""
    text = _digits(question)
    for unit in _PATTERNS:
        above = _values(_LOWER[unit], text, unit)
        if above:
            return Amount(math.nextafter(above[0], math.inf), unit)
        named = _values(_PLAIN[unit], _YEAR.sub(" ", text), unit)
        if named:
            return Amount(max(named), unit)
    return None


def phrase(text: str) -> str:
    """The first amount in ``text`` with the words that make it a limit, as written; "" without one."""
    text = _digits(text)
    for unit in _PATTERNS:
        for m in _PHRASES[unit].finditer(text):
            if _value(m) >= max(_SMALLEST[unit], math.ulp(0.0)):
                return m.group().strip()
    return ""


def without(text: str) -> str:
    """``text`` without its amounts and the words that make them limits."""
    text = _digits(text)
    for pattern in (_PHRASES["days"], _PHRASES["percent"], _PHRASES["sum"]):  # "ten days" before "ten"
        text = pattern.sub(lambda m: " " if _value(m) >= 1 / 24 else m.group(), text)
    return " ".join(text.split())


def _digits(text: str) -> str:
    return _SPELT.sub(lambda m: f"{_WORDS[(m[1] or m[2]).lower()]} ", text)


def _values(pattern: re.Pattern[str], text: str, unit: Unit) -> list[float]:
    found = [_value(m) for m in pattern.finditer(text)]
    return [v for v in found if v > 0 and v >= _SMALLEST[unit]]


def _value(match: re.Match[str]) -> float:
    return _number(match["digits"], match["scale"])


def _number(digits: str, scale: str | None) -> float:
    try:
        number = float(re.sub(r"[, ](?=\d{3}\b)", "", digits).replace(",", "").replace(" ", ""))
    except ValueError:
        return 0.0
    scale = (scale or "").lower()
    if scale == "month" and number and number % 12 == 0:
        return number / 12 * _DAYS["year"]  # "up to twelve months" holds what is for a year
    return number * (_SCALE.get(scale) or _DAYS.get(scale) or 1.0)
