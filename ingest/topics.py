"""Topics: what a sentence is about once the people and the talk of ownership are taken out of it.

An ownership question is about a topic, and every guidance document speaks of roles on every line, so both
sides are reduced to their topic before they are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.records import CELL, Guideline
from ingest.speech import MONTH, OWNS
from ingest.words import STOPWORDS, bare, stems, words

# Talk of ownership that says nothing of what is owned; shared by documents and questions.
_FRAME = re.compile(
    rf"\b(?!become\b)(?:{OWNS}|(?:as\s+follows|the\s+following)(?:\s+(?:areas?|matters|things|tasks|topics|duties|items|points))?\b|(?:should|shall|must|may|might|could|would|ought\s+to)\b|(?:typically|usually|generally|normally|primarily|ultimately|ideally)\b"
    r"|(?:the\s+)?(?:responsibilit(?:y|ies)|accountabilit(?:y|ies)|ownership|owners?|jurisdiction|remit)(?:\s+(?:of|for|over)\b|\b)"
    r"|best\s+(?:placed|positioned|equipped|suited)(?:\s+to\b)?)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[(<\[]?\s*(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+\s*[)>\]]?")
# What led to a name that is taken out, and what is left around it.
_LEADS_TO = re.compile(
    r"\b(?:by|through|via|with|to|from)\s+(?:(?:the|an?|our|its|both)\s+)?$", re.IGNORECASE
)
_EMPTY = re.compile(r"[(\[][\s:,;–—-]*[)\]]")
_MARKS = re.compile(r"\s+([,;.)])")
_BLANKS = re.compile(r"\s+")
_EDGES = " \t\n.,;:!?\"'“”‘’()[]|*_`–—-"
# Headings that name a part of a document and no topic.
_PLAIN_HEADINGS = frozenset(
    stem
    for text in (
        "in out scope purpose overview introduction background responsibilities responsibility powers power duties duty role roles "
        "procedure procedures composition members membership appointment decision decisions rights authority general "
        "summary definitions principles guidelines guidance policy policies process owner owners ownership remit mandate "
        "charter terms reference team committee following follow follows some these below above list what who does not own owns we you do notes contents section chapter article part annex appendix"
    ).split()
    for stem in stems(text)
)

_LONGEST_TITLE = 10  # words
# How a document speaks of itself.
ITSELF = re.compile(
    r"(?<!\bin\s)\bthis\s+(?:polic(?:y|ies)|procedure|charter|plan|standard|agreement|handbook|code|constitution|guidelines?|"
    r"regulations?|manual|protocol|framework|by-?laws?|scheme|schedule|memorandum|mandate)\b",
    re.IGNORECASE,
)


def entitled(text: str, title: str) -> str:
    """``text`` with the document's title in place of "this policy"; as it is without a title to speak of."""
    name = bare(title).strip(_EDGES)
    return ITSELF.sub(lambda _: f"the {name}", text) if 0 < len(words(name)) <= _LONGEST_TITLE else text


def reduce(text: str, spans: Iterable[tuple[int, int]] = ()) -> str:
    """``text`` without the ``spans`` (names of roles) and without the talk of ownership around them."""
    out, at = [], 0
    for start, end in sorted(spans):
        out.append(_LEADS_TO.sub("", text[at:start]))
        at = max(at, end)
    out.append(text[at:])
    bare = _ADDRESS.sub(" ", " ".join(out))
    months = {m.end() - 3 for m in MONTH.finditer(bare)}
    bare = _FRAME.sub(lambda m: m.group() if m.start() in months else " ", bare)
    return trim(_MARKS.sub(r"\1", _BLANKS.sub(" ", _EMPTY.sub(" ", bare))))


def trim(phrase: str) -> str:
    """``phrase`` without punctuation and small words at either end; "" when nothing is left."""
    found = words(phrase)
    kept = [
        i
        for i, w in enumerate(found)
        if (w.lower not in STOPWORDS and w.lower.strip("'") not in STOPWORDS) or (i and w.text == "May")
    ]
    if not kept:
        return ""
    return phrase[found[kept[0]].start : found[kept[-1]].end]


def heading_topic(heading: str, spans: Iterable[tuple[int, int]] = ()) -> str:
    """What a heading says of the topic: "" for "5.1 Powers", "In scope" and other names of parts."""
    text = reduce(re.sub(r"^[\s\d.§()A-Z]*\d[\d.)]*\s+|^#+\s*", "", heading), spans)
    return text if any(s not in _PLAIN_HEADINGS and not s.isdigit() for s in stems(text)) else ""


def terms(guideline: Guideline) -> list[str]:
    """The stems that BM25 counts for a guideline: its own twice, those of its lead-in and near headings once."""
    own = stems(guideline.topic)
    lead_in = "" if CELL in guideline.lead_in else guideline.lead_in  # "Owner" heads a column of every row
    around = stems(" ".join([lead_in, *guideline.headings[-2:]]))
    return own + own + around
