"""Dates as people write them on a line of their own, turned into ISO."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_LABEL = (
    r"(?:(?:first |last )?(?:date|dated|published|posted|updated|revised|modified|effective|issued)"
    r"(?: on| from)?:?\s+)?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_TIME = (
    r"(?:(?:,| at|T)?\s*\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?m\.?)?"
    r"(?:\s*(?:[A-Z]{2,5}|Z|[+-]\d{2}:?\d{2}))?)?"
)
_YEAR = r"(?P<year>\d{4})"
_DAYS = (
    _YEAR + r"-(?P<number>\d{2})-(?P<day>\d{2})",
    _YEAR + r"/(?P<number>\d{2})/(?P<day>\d{2})",
    _MONTH + r"\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+" + _YEAR,
    r"(?:the\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?(?:\s+of)?[\s-]+" + _MONTH + r",?[\s-]+" + _YEAR,
    r"(?P<day>\d{1,2})\.\s?(?P<number>\d{1,2})\.\s?" + _YEAR,
)
_WHOLE = (*_DAYS, _YEAR + r"-(?P<number>\d{2})", _MONTH + r",?\s+" + _YEAR)
_PATTERNS = tuple(re.compile(_LABEL + _WEEKDAY + p + _TIME + r"\.?$", re.IGNORECASE) for p in _WHOLE)
_INSIDE = tuple(re.compile(r"\b" + body + r"\b", re.IGNORECASE) for body in _DAYS)
_OF_DOCUMENT = re.compile(
    r"\b(?:version|revision|ratified|adopted|approved|agreed|issued|effective|in force|published|updated"
    r"|revised|amended|dated|as of|last reviewed)\b",
    re.IGNORECASE,
)
_EITHER = re.compile(_LABEL + r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<year>\d{4})$", re.IGNORECASE)


def parse(line: str) -> str:
    """The date that the line says, as "2018-07-09", or "2018-07" without a day; "" when it says more.

    A weekday, a time and a word such as "Published" may stand with it. "07/09/2018" may mean two days, so it
    gives only the year; "7/23/2018" is plain.
    """
    text = " ".join(line.split())
    if not 6 <= len(text) <= 60:
        return ""
    if match := _EITHER.match(text):
        return _either(int(match["a"]), int(match["b"]), int(match["year"]))
    for pattern in _PATTERNS:
        if match := pattern.match(text):
            return _of_match(match)
    return ""


def within(line: str) -> str:
    """The day in a line about the document itself: "Version 2, adopted on 3 May 2021"; "" when there is none.

    The line must end with the day, or say what happened on it; the first day counts.
    """
    text = " ".join(line.split())
    if len(text) > 120:
        return ""
    found = [m for pattern in _INSIDE if (m := pattern.search(text)) is not None]
    if not found:
        return ""
    first = min(found, key=lambda m: m.start())
    last = not text[first.end() :].strip(" .)")
    return _of_match(first) if last or _OF_DOCUMENT.search(text) else ""


def of(value: object) -> str | None:
    """ISO for the value of a field that should hold a date, or a year; None when it holds something else."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    return text if re.fullmatch(r"[12]\d{3}", text) else parse(text) or None


def _of_match(match: re.Match[str]) -> str:
    found = match.groupdict()
    name = found.get("month")
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(found["number"])
    return _iso(int(found["year"]), month, int(found["day"]) if found.get("day") else None)


def _either(a: int, b: int, year: int) -> str:
    if a == b or (a > 12) != (b > 12):
        return _iso(year, min(a, b), max(a, b))
    return _iso(year, 1, 1)[:4]


def _iso(year: int, month: int, day: int | None) -> str:
    try:
        whole = date(year, month, day or 1).isoformat()
    except ValueError:
        return ""
    return whole if day else whole[:7]
