"""Claims: what each guideline says of a topic, with the topic in words that can be read in a list."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ingest import topics
from ingest.records import CELL, Document, Guideline, Relation, Role, Stance
from ingest.roles import RoleBook
from ingest.speech import OWNS
from ingest.words import bare, stems

OWNING: tuple[Relation, ...] = ("leads", "shares")
HINT = 0.5  # a stance of less strength is a hint, and is left out
SURE = 0.8  # a denial of less strength ("may not sell a boat") contradicts nobody and leaves no gap
LONGEST = 12  # words of a topic; what takes more of them is told rather than ruled, and is marked
# An article or a preposition whose noun was the name of a role: "is decided by the, on a proposal".
_HOLE = re.compile(
    r"(?:\s+(?:by|of|to|with|for|from|between|and|or|on|in|at|against))?\s+(?:the|an?|their|its|our|your)"
    r"(?=\s*[,;:.)]|\s+(?:by|of|to|with|for|from|and|or|on|in|at|is|are|may|must|will|should|shall|can)\b|\s*$)",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:above|over|below|under|up\s+to|at\s+(?:least|most)|(?:more|less)\s+than)\s+$", re.IGNORECASE
)
# What follows such words adds to a topic that has been named before them.
_ADDED = re.compile(
    r"\s*(?:[;(]|\s[–—-]\s|,\s+(?:which|where|that\s+is|and\s+so|so)\b"
    r"|,?\s*\b(?:because|since|so\s+that|in\s+order\s+to|although|though|while|whereas|unless|until|if|when"
    r"|for\s+(?:example|instance)|such\s+as|that\s+is|e\.g\.|i\.e\.)(?!\w))",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\W*(?:if|when|whenever|once|unless|until|where|after|before|to|for|in|as)\b", re.IGNORECASE
)
# Words that turn round what a phrase means.
_TURNS = frozenset(
    """
no not never non without except above below over under more less inside outside internal external
""".split()
)
_OWNERSHIP = re.compile(rf"\b{OWNS}|\b(?:consult|advis|approv)\w*", re.IGNORECASE)


class Guidance(Protocol):
    """What claims are read from."""

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that the guidelines speak of."""

    @property
    def guidelines(self) -> Sequence[Guideline]:
        """All guidelines, by row."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents by path."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one guideline says of one topic: the ``row``-th of the generation's."""

    row: int
    guideline: Guideline
    document: Document
    phrase: str  # the topic as the guideline has it
    topic: str  # the same, to be read
    key: frozenset[str]  # what is left of it when only the meaning counts; equal keys are one topic
    stances: tuple[Stance, ...]
    others: bool  # whether, naming no owner, it names somebody of whom it says nothing plain

    @property
    def owners(self) -> tuple[str, ...]:
        """The roles that lead or share it."""
        return roles_of(self.stances, *OWNING)

    @property
    def strength(self) -> float:
        """How surely the surest stance says it."""
        return max(s.strength for s in self.stances)

    @property
    def plain(self) -> bool:
        """Whether the topic can be named, and by now is: after a colon the list below says it."""
        return len(self.topic.split()) <= LONGEST and not self.guideline.text.rstrip().endswith(":")

    @property
    def open(self) -> bool:
        """Whether it speaks of a topic as somebody's and gives it to nobody.

        A list or a table does so by itself, a sentence in words of ownership: in most that only help or deny,
        such as "users must not edit it", nobody's ownership is at stake.
        """
        text = self.guideline.text
        listed = any(s.inherited for s in self.stances) or CELL in text
        return (
            not self.owners
            and not self.others
            and self.plain
            and self.strength >= SURE
            and (listed or bool(_OWNERSHIP.search(text)))
        )


def claims(generation: Guidance) -> Iterator[Claim]:
    """The claims of each guideline, in order; who helps or does not own goes with the owner named beside."""
    book = RoleBook(generation.roles)
    for row, guideline in enumerate(generation.guidelines):
        said = [s for s in guideline.stances if counts(s, guideline)]
        if not said:
            continue
        by_key: dict[frozenset[str], list[Stance]] = defaultdict(list)
        for stance in said:
            if stance.relation in OWNING:
                by_key[frozenset(stems(stance.topic))].append(stance)
        owned = list(by_key)
        for stance in said:
            if stance.relation not in OWNING:
                own = frozenset(stems(stance.topic))
                by_key[max(owned, key=lambda key: len(key & own)) if owned else own].append(stance)
        named = () if owned else book.mentions(guideline.text)
        others = {m.role for m in named} - {s.role for s in said}
        for stances in by_key.values():
            yield _claim(row, guideline, generation.documents[guideline.doc], stances, book, bool(others))


def counts(stance: Stance, guideline: Guideline) -> bool:
    """Whether a stance is more than a hint, as is what a description inherits from its heading."""
    return stance.strength >= HINT and not (stance.inherited and guideline.force == "descriptive")


def _claim(
    row: int,
    guideline: Guideline,
    document: Document,
    stances: Sequence[Stance],
    book: RoleBook,
    others: bool,
) -> Claim:
    phrase = stances[0].topic
    topic = _readable(phrase, guideline.text)
    found = [s for s in stems(topic) if not s.isdigit()]
    if len(found) < 2 and found != stems(guideline.text):
        topic = ": ".join(filter(None, (_context(guideline, document, book), topic)))
    return Claim(
        row,
        guideline,
        document,
        phrase,
        _short(topic, guideline.text) or " ".join(guideline.text.split()),
        frozenset(stems(topic) or stems(guideline.text)) | turning(topic),
        tuple(stances),
        others,
    )


def _readable(phrase: str, text: str) -> str:
    """A topic without the small words that led to the names taken out of it; a limit keeps its direction."""
    plain = _HOLE.sub(" ", f" {bare(phrase)} ")
    topic = topics.trim(re.sub(r"\s+([,;:.)])", r"\1", re.sub(r"\s+|\(\s*\)", " ", plain)))
    limit = _LIMIT.search(text[: max(0, text.find(topic))]) if topic[:1].isdigit() else None
    return f"{limit[0].strip().lower()} {topic}" if limit else topic


def _short(topic: str, text: str) -> str:
    """A long topic without what is added to it ("..., which includes ..."), where enough is left."""
    if len(topic.split()) <= LONGEST or _CONDITION.match(text):
        return topic
    head = topics.trim(_ADDED.split(topic, maxsplit=1)[0])
    return head if len(set(stems(head))) > 1 and len(head.split()) <= LONGEST else topic


def _context(guideline: Guideline, document: Document, book: RoleBook) -> str:
    """The nearest heading, or the title, that says what a topic of one word or none is about."""
    for heading in (*reversed(guideline.headings), document.title):
        topic = topics.heading_topic(heading, [(m.start, m.end) for m in book.mentions(heading)])
        if topic:
            return topic
    return ""


def roles_of(stances: Iterable[Stance], *relations: Relation) -> tuple[str, ...]:
    """The roles that stand in one of the ``relations``, each once, in order."""
    return tuple(dict.fromkeys(s.role for s in stances if s.relation in relations))


def turning(phrase: str) -> frozenset[str]:
    """The numbers of a phrase and the words that turn its meaning round."""
    found = re.findall(r"\d[\d.,]*\w*|[^\W\d_]+", phrase.lower())
    return frozenset(w.rstrip(".,") for w in found if w in _TURNS or w[0].isdigit())
