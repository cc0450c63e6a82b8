"""Dates as people write them on a line of their own, turned into ISO."""

from __future__ import annotations

import re
from datetime import date, datetime

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*)\.?"
_LABEL = (
    r"(?:(?:first |last )?(?:date|dated|published|posted|updated|revised|modified|effective|issued)"
    r"(?: on| from)?:?\s+)?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_TIME = (
    r"(?:(?:,| at|T)?\s*\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?m\.?)?"
    r"(?:\s*(?:[A-Z]{2,5}|Z|[+-]\d{2}:?\d{2}))?)?"
)
_PATTERNS = tuple(
    re.compile(_LABEL + _WEEKDAY + body + _TIME + r"\.?$", re.IGNORECASE)
    for body in (
        r"(?P<year>\d{4})-(?P<number>\d{2})(?:-(?P<day>\d{2}))?",
        r"(?P<year>\d{4})/(?P<number>\d{2})/(?P<day>\d{2})",
        _MONTH + r"\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})",
        r"(?:the\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?(?:\s+of)?[\s-]+"
        + _MONTH
        + r",?[\s-]+(?P<year>\d{4})",
        _MONTH + r",?\s+(?P<year>\d{4})",
        r"(?P<day>\d{1,2})\.\s?(?P<number>\d{1,2})\.\s?(?P<year>\d{4})",
    )
)
_EITHER = re.compile(_LABEL + r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<year>\d{4})$", re.IGNORECASE)


def parse(line: str) -> str:
    """The date that the line says, as "2018-07-09", or "2018-07" when it gives no day; "" when it says more.

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
            found = match.groupdict()
            name = found.get("month")
            month = _MONTHS.index(name[:3].lower()) + 1 if name else int(found["number"])
            return _iso(int(found["year"]), month, int(found["day"]) if found.get("day") else None)
    return ""


def of(value: object) -> str | None:
    """ISO for a value as YAML or a page's metadata gives it; None when it is no date."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 1000 <= value <= 9999 else None
    if isinstance(value, str):
        text = value.strip()
        return text if re.fullmatch(r"\d{4}", text) else parse(text) or None
    return None


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
