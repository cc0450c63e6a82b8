"""The words an answer rests on: each guideline as it stands in its document, with where it can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chat.answer import Citation, Statement
from chat.links import cited_url
from ingest import sentences
from ingest.records import Document, Guideline
from ingest.roles import RoleBook

LOOK_BACK = 4_000  # characters before a guideline in which whom it is about may be named


class Quotes:
    """Cites from ``documents``, by their paths, and tells where they name the roles of ``roles``."""

    def __init__(self, documents: Mapping[str, Document], roles: RoleBook) -> None:
        self.documents = documents
        self.roles = roles

    def statement(
        self,
        guideline: Guideline,
        roles: Sequence[str],
        citations: list[Citation],
        about: Guideline | None = None,
    ) -> Statement:
        """The guideline's own words; before them those it goes on from, and those that name its roles."""
        unnamed = [r for r in roles if not self.names(guideline.text, r)]
        namers = [self.namer(guideline, r) for r in unnamed]
        before = [(about.start, about.end)] if about is not None and about.doc == guideline.doc else []
        named = (n for n in namers if n is not None)
        spans = list(dict.fromkeys([*before, *named, (guideline.start, guideline.end)]))
        parts, numbers = [], []
        for start, end in spans:
            citation = self.cite(len(citations) + 1, guideline.doc, start, end, guideline.label)
            citations.append(citation)
            numbers.append(citation.number)
            parts.append(f"“{' '.join(citation.quote.split())}”")
        if None in namers:
            parts.insert(0, f"{self.documents[guideline.doc].title}:")  # only the title says whom it is about
        return Statement(" ".join(parts), tuple(numbers))

    def namer(self, guideline: Guideline, role: str) -> tuple[int, int] | None:
        """Where ``role`` is named for a guideline that does not: lead-in, heading, or a sentence before."""
        text = self.documents[guideline.doc].text
        for candidate in (guideline.lead_in, *reversed(guideline.headings)):
            at = text.rfind(candidate, 0, guideline.start) if self.names(candidate, role) else -1
            if at >= 0:
                return at, at + len(candidate)
        first = max(0, guideline.start - LOOK_BACK)
        for mention in reversed(self.roles.mentions(text[first : guideline.start])):
            if mention.role == role:
                start, end = first + mention.start, first + mention.end
                line = text.rfind("\n", 0, start) + 1, (text.find("\n", end) + 1 or len(text) + 1) - 1
                within = (s for s in sentences.split(text, *line) if s[0] <= start and end <= s[1])
                return next(within, None)
        return None

    def names(self, text: str, role: str) -> bool:
        """Whether ``text`` names ``role``, by any of its names."""
        return any(m.role == role for m in self.roles.mentions(text))

    def cite(self, number: int, doc: str, start: int, end: int, label: str) -> Citation:
        """The citation of ``start:end`` of a document, with where it can be read."""
        document = self.documents[doc]
        words = document.text[start:end]
        return Citation(
            number,
            doc,
            document.title,
            document.source,
            document.published,
            label,
            words,
            start,
            end,
            cited_url(doc, start, end, words),
        )
