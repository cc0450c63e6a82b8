"""What ingest knows of a corpus: documents, their blocks, the guidelines in them, and who they name.

All offsets are character offsets into ``Document.text``; ``text[start:end]`` is always the exact text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.words import bare

CELL = " | "  # between the cells of a table's row
Relation = Literal["leads", "shares", "supports", "is not"]
Force = Literal["normative", "descriptive"]
BlockKind = Literal["heading", "paragraph", "item", "row"]


@dataclass(frozen=True, slots=True)
class Document:
    """One document as the product reads it: ``text`` is what the source page shows and offsets count in."""

    path: str  # relative to the corpus folder, with forward slashes
    title: str
    text: str
    source: str = ""  # what it is, its publisher and author, as far as it says
    kind: str = ""
    published: str = ""  # ISO date, or the part of one that is known; "" when unknown
    sha256: str = ""  # of the file's bytes, and of its sidecar's when it has one
    access: tuple[str, ...] = ()  # the groups that may see it; empty: everybody


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document's layout; ``start:end`` leaves out markers, indentation and trailing blanks."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0  # heading: 1 is the outermost; item: nesting depth from 0
    marker: str = ""  # "1.", "-", "5.1", "(a)" as written; "" when there is none
    headings: tuple[str, ...] = ()  # the headings above it, outermost first
    parent: int | None = (
        None  # index of the block that introduces it: the lead-in paragraph or the outer item
    )
    cells: tuple[tuple[int, int], ...] = ()  # row: the span of each cell
    columns: tuple[str, ...] = ()  # row: the table's column headings, "" where there is none


@dataclass(frozen=True, slots=True)
class Role:
    """A role, team or body that can own things. ``name`` is canonical in every answer."""

    name: str
    aliases: tuple[str, ...] = ()
    holder: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the glossary: ``term`` is the organisation's word for what ``means`` says in others."""

    term: str
    means: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stance:
    """What a guideline says of one role.

    ``topic`` is the part of the guideline that the role's relation is about, with role names left out;
    ``strength`` in (0, 1] says how plainly it is said: 1 for ownership in so many words, less for an
    action the role is seen doing or an address to turn to; ``inherited`` is true when the role comes
    from the lead-in, the headings or the document's subject.
    """

    role: str
    relation: Relation
    topic: str
    strength: float = 1.0
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class Guideline:
    """One sentence, list item or table row, with what it says of whom.

    ``topic`` is its text without the names of roles and the talk of ownership; what its stances are about
    where that leaves nothing ("Ask the clerk.", after a question).
    ``lead_in`` is the sentence that introduces the list it stands in, or the heads of a table's columns;
    ``around`` its
    text with what stands right before and after it in the document, on one line and without inline marks.
    """

    id: str
    doc: str
    start: int
    end: int
    text: str
    label: str  # how a person would name it: "Guideline 1", "Section 5.1, item 3"
    headings: tuple[str, ...]
    lead_in: str
    stances: tuple[Stance, ...]
    force: Force
    topic: str
    around: str = ""

    @property
    def phrases(self) -> tuple[str, ...]:
        """The texts that get a vector: its stances' topics, its own text, and that with its surroundings."""
        own = " ".join(bare(self.text).split()) or self.text
        return (*self.stance_topics, own, self.around or own)

    @property
    def stance_topics(self) -> tuple[str, ...]:
        """What its stances are about, each once; a stance may be about nothing that can be said."""
        return tuple(dict.fromkeys(s.topic for s in self.stances if s.topic))
