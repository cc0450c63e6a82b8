"""The numbers, addresses and names in a sentence: each has to stand in what the sentence cites."""

from __future__ import annotations

import re

from chat import form
from ingest.roles import RoleBook
from ingest.words import base, stem, words

_NUMBER = re.compile(r"\d+(?:[.,'’ \xa0]\d{3})*(?:[.,]\d+)?")
_WORTH = {
    w: str(n)
    for n, w in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen".split(), start=2
    )
} | {
    "fifteen": "15",
    "twenty": "20",
    "thirty": "30",
    "fifty": "50",
    "hundred": "100",
    "thousand": "1000",
    "million": "1000000",
    "half": "1/2",
    "twice": "2x",
    "third": "3rd",
    "quarter": "1/4",
    "dozen": "12",
}
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|[“\"(]\s*)\W*$")


def unknown(text: str, evidence: str, roles: RoleBook) -> str:
    """The first number, address or name in ``text`` that its sources do not have, as a reason."""
    folded = evidence.casefold()
    for address in form.addresses(text):
        if address.casefold() not in folded:
            return f"It gives {address!r}; its source does not."
    held = _numbers(evidence)
    for number in sorted(_numbers(text) - held):
        return f"It says {number}; its source does not."
    taken = [(m.start, m.end) for m in roles.mentions(text, lenient=True)]
    known = {base(w.text) for w in words(evidence)} | {stem(base(w.text)) for w in words(evidence)}
    known |= {p for w in known for p in w.split("-")}
    for w in words(text):
        inner = any(c.isupper() for c in w.text[1:])
        named = inner or (w.text[0].isupper() and not _SENTENCE_START.search(text[: w.start]))
        if not named or len(w.text) < 2 or any(a <= w.start < b for a, b in taken):
            continue
        parts = [base(w.text), *base(w.text).split("-")]
        if parts[0] not in known and stem(parts[0]) not in known and not all(p in known for p in parts[1:]):
            return f"It names {w.text!r}; its source does not."
    return ""


def _numbers(text: str) -> set[str]:
    """The numbers in ``text`` without separators of thousands; those in words, from two on, as figures."""
    found = {_figure(m.group()) for m in _NUMBER.finditer(text)}
    return found | {_WORTH[w.lower] for w in words(text) if w.lower in _WORTH}


def _figure(number: str) -> str:
    return re.sub(r"[,'’ \xa0.](?=\d{3}(?!\d))", "", number).replace(",", ".").rstrip(".")
