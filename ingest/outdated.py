"""Documents that say of themselves that they no longer hold: superseded, withdrawn, kept for the record."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from ingest.records import Document

_NEAR_THE_TOP = 600  # characters: further down it is said of something else
_STATES = r"superseded|obsoleted?|withdrawn|rescinded|repealed|outdated|deprecated|retired|archived|expired|cancelled|no\s+longer\s+(?:valid|current|applicable|in\s+(?:force|effect|use))"
_NAMED = re.compile(rf"(?<![^\W_])(?:{_STATES}|old\s+version|archive)(?![^\W_])", re.IGNORECASE)
# In a line of its own, as a status or a sentence, or said of "this version".
_SAID = re.compile(
    rf"^[\W_]*(?:(?:status|state|note|notice|warning)[\W_]+)?(?:this\s+(?:is|was)\s+an?\s+)?(?:{_STATES})\s*(?:$|[^\w\s]|by\b|since\b|as\s+of\b|on\s+\d|in\s+\d)"
    rf"|\bthis\s+(?:version|edition|document|page|policy|procedure|plan|charter|schedule|standard|guideline|handbook|manual|regulation|text)\s+"
    rf"(?:has\s+(?:now\s+)?been|is(?:\s+now)?|was)\s+(?:{_STATES}|replaced\s+by)\b",
    re.IGNORECASE | re.MULTILINE,
)


def is_outdated(document: Document) -> bool:
    """Whether a document's name, its title or what stands near its top says that it no longer holds."""
    name = PurePosixPath(document.path).with_suffix("").as_posix()
    named = _NAMED.search(re.sub(r"[-_./]+", " ", name)) or _NAMED.search(document.title)
    return bool(named or _SAID.search(document.text, 0, _NEAR_THE_TOP))
