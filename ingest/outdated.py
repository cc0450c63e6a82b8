"""Documents that say of themselves that they no longer hold: superseded, withdrawn, kept for the record."""

from __future__ import annotations

import re

from ingest.records import Document

_NEAR_THE_TOP = 600  # characters: further down it is said of something else
_STATES = r"(?:superseded|obsolete|withdrawn|rescinded|repealed|outdated|no\s+longer\s+(?:valid|current|applicable|in\s+(?:force|effect|use)))"
_NAMED = r"(?:superseded|obsolete|withdrawn|rescinded|repealed|outdated|deprecated)"
# At the end of a file's name, or the whole name of a folder; in a title in brackets, or behind a mark.
_PATH = re.compile(rf"(?:^|/){_NAMED}/|[-_. ]{_NAMED}(?:\.\w+)?$", re.IGNORECASE)
_TITLE = re.compile(rf"[(\[]\s*{_NAMED}\b[^()\[\]]*[)\]]|[:–—-]\s*{_NAMED}\s*$|^{_NAMED}\s*:", re.IGNORECASE)
# In a line of its own, as its status, or said of "this version" without an if.
_SAID = re.compile(
    rf"^(?:>[ \t]*)?(?:\*\*|__)?(?:status[ \t]*:[ \t*_]*)?{_STATES}(?:[.!]|\*\*|__|[ \t]*$|[ \t]+(?:by[ \t]+(?:the[ \t]+)?(?:version|edition|policy)|since|as[ \t]+of|on[ \t]+\d)\b)"
    rf"|(?<!if\s)(?<!until\s)(?<!when\s)(?<!once\s)(?<!unless\s)\bthis\s+(?:version|edition|document|page|policy|procedure|plan|charter|schedule|standard|guideline|handbook|manual|regulation|text)\s+"
    rf"(?:has\s+(?:now\s+)?been|is\s+now|was|is)\s+(?:{_STATES}|replaced\s+by\s+(?:that|the|version|edition))\b",
    re.IGNORECASE | re.MULTILINE,
)


def is_outdated(document: Document) -> bool:
    """Whether a document's name, its title or what stands near its top says that it no longer holds."""
    named = _PATH.search(document.path) or _TITLE.search(document.title)
    return bool(named or _SAID.search(document.text, 0, _NEAR_THE_TOP))
