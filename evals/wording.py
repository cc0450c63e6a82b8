"""Where a quote stands in a document, however its characters were typed, broken or spaced."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from ingest.records import Document

MARKER = 3  # letters and digits of a list marker that may stand between two spans: "5.1" two, "(iii)" three


class Span(Protocol):
    """A piece of a document, in character offsets into its text: a citation, a guideline, a passage."""

    @property
    def doc(self) -> str:
        """The document's path."""
        ...

    @property
    def start(self) -> int:
        """Where it begins."""
        ...

    @property
    def end(self) -> int:
        """Where it ends; the character there is not part of it."""
        ...


@lru_cache(maxsize=4096)
def _kept(character: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", character).casefold() if c.isalnum())


@dataclass(frozen=True, slots=True)
class Wording:
    """The letters and digits of a text, case folded, with the place each was taken from.

    Leaving everything else out makes soft hyphens, typographic quotes and dashes, ligatures, accents, words
    broken over a line's end and lost or doubled blanks compare equal. ``places[i]`` is the offset in the text
    of ``letters[i]``, and never decreases.
    """

    letters: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Wording:
        """Read a text; an empty one gives an empty wording."""
        pairs = [(kept, place) for place, character in enumerate(text) for kept in _kept(character)]
        return cls("".join(kept for kept, _ in pairs), tuple(place for _, place in pairs))

    def find(self, quote: str) -> Iterator[tuple[int, int]]:
        """Every place of a quote, as a half-open range of ``letters``; none for a quote without a letter."""
        wanted = Wording.of(quote).letters
        at = self.letters.find(wanted) if wanted else -1
        while at >= 0:
            yield at, at + len(wanted)
            at = self.letters.find(wanted, at + 1)

    def range(self, start: int, end: int) -> tuple[int, int]:
        """A span of the text as a half-open range of ``letters``."""
        return bisect_left(self.places, start), bisect_left(self.places, end)


class Finder:
    """Says whether a span bears a quote; reads each document at most once."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._read: dict[str, Wording] = {}

    def bears(self, span: Span, doc: str, quote: str) -> bool:
        """Whether the span holds, overlaps or adjoins a place where ``quote`` stands in ``doc``.

        Adjoining means that nothing lies between the two but white space, punctuation and at most a list
        marker. False when the document is unknown or does not hold the quote.
        """
        if span.doc != doc or doc not in self._documents or span.start >= span.end:
            return False
        wording = self._wording(doc)
        low, high = wording.range(span.start, span.end)
        return any(max(low - end, start - high) <= MARKER for start, end in wording.find(quote))

    def holds(self, doc: str, quote: str) -> bool:
        """Whether ``quote`` stands anywhere in ``doc``."""
        return doc in self._documents and any(True for _ in self._wording(doc).find(quote))

    def _wording(self, doc: str) -> Wording:
        if doc not in self._read:
            self._read[doc] = Wording.of(self._documents[doc].text)
        return self._read[doc]
