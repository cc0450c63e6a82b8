"""Guidelines: the sentences, list items and table rows of a document, each with what it says of whom."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from ingest import blocks, clean, sentences, topics
from ingest.cells import Row, read_row
from ingest.records import Block, Document, Guideline, Stance
from ingest.relations import Reading, force, read
from ingest.roles import Mention, RoleBook
from ingest.subjects import Subject, Subjects, last_sentence
from ingest.words import bare, stems

_WHO_HEADING = re.compile(
    r"^\W*(?:\d[\d.]*\s+)?(?:who(?:m|se)?|which\s+(?:team|body|role|department|person))\b[^?]*\?",
    re.IGNORECASE,
)
# Words by which a sentence leans on the one before it.
_LEANS = re.compile(r"\b(?:it|its|this|that|these|those|them|they|their|such|same)\b", re.IGNORECASE)
_JOINT = re.compile(
    r"\b(?:combined|joint|shared|common|collective)\s+(?:\w+\s+)?(?:effort|responsibility|task|decision|duty|undertaking|matter|job|concern)s?\b",
    re.IGNORECASE,
)
SHORT = 4  # a topic of fewer content words needs what the sentence before says


def split_document(document: Document, roles: RoleBook) -> list[Guideline]:
    """The guidelines of a document in order: page furniture and repeats left out, spans exact.

    A document without a sentence gives an empty list.
    """
    layout = blocks.split(document.text)
    dropped = clean.furniture(document.text, layout)
    reader = _Reader(document, layout, roles)
    found: list[Guideline] = []
    seen: set[str] = set()
    for index, block in enumerate(layout):
        if index in dropped or block.kind == "heading":
            continue
        for guideline in reader.guidelines(index):
            # A page that prints a sentence twice says it once.
            key = (
                " ".join(guideline.text.split()).casefold()
                + "\0"
                + "\0".join(s.role for s in guideline.stances)
            )
            if key not in seen:
                seen.add(key)
                found.append(guideline)
    return [replace(g, around=_around(found, i)) for i, g in enumerate(found)]


def _around(guidelines: Sequence[Guideline], i: int) -> str:
    """A guideline with its neighbours on one line: a sentence is often about what the one before it says."""
    return " ".join(" ".join(g.text for g in guidelines[max(0, i - 1) : i + 2]).split())


class _Reader:
    """Reads the blocks of one document with the subject that each of them inherits."""

    def __init__(self, document: Document, layout: Sequence[Block], roles: RoleBook) -> None:
        self.document = document
        self.layout = layout
        self.roles = roles
        self.subjects = Subjects(document, layout, roles)

    def guidelines(self, index: int) -> list[Guideline]:
        block = self.layout[index]
        subject = self.subjects.of(index)
        if block.kind == "row":
            row = read_row(self.document.text, block, self.roles)
            return [self._row(block, row, subject)] if row.topic else []
        found = []
        recent = subject  # whom "it" and "they" stand for
        said = ""  # what the sentence before was about
        for start, end in sentences.split(self.document.text, block.start, block.end):
            text = self.document.text[start:end]
            if not any(c.isalpha() for c in text) or clean.is_call_to_action(text):
                continue
            guideline = self._sentence(block, start, end, subject, recent, said)
            found.append(guideline)
            said = guideline.topics[0]
            own = tuple(
                dict.fromkeys(s.role for s in guideline.stances if s.relation == "leads" and not s.inherited)
            )
            if len(own) == 1:
                recent = Subject(own, "leads", 0.6)
        return found

    def _row(self, block: Block, row: Row, subject: Subject | None) -> Guideline:
        stances = row.stances
        if not stances and subject is not None:
            stances = tuple(
                Stance(r, subject.shared, row.topic, subject.strength * 0.8, True) for r in subject.roles
            )
        return self._guideline(block, block.start, block.end, stances, row.topic, subject)

    def _sentence(
        self, block: Block, start: int, end: int, subject: Subject | None, recent: Subject | None, said: str
    ) -> Guideline:
        text = self.document.text[start:end]
        plain = bare(text)
        mentions = self.subjects.mentions(plain, recent)
        readings = read(plain, mentions)
        stances = [_stance(plain, r, readings) for r in readings]
        # Whom something is done to belongs to the topic ("the delegates are appointed by ..."); who
        # does it does not.
        names = [r.names for r in readings] or [(m.start, m.end) for m in mentions]
        whole = topics.reduce(plain, names)
        if said and stances and _LEANS.search(text):
            # "The officer decides how it is built": what "it" is stands in the sentence before.
            stances = [
                replace(s, topic=f"{said}: {s.topic}") if len(stems(s.topic)) < SHORT else s for s in stances
            ]
        leads = any(s.relation in ("leads", "shares", "is not") for s in stances)
        if not leads and subject is not None and subject.roles and _inherits(block, mentions):
            stances += [
                Stance(r, subject.shared, whole, subject.strength * _inheritance(block, text), True)
                for r in subject.roles
            ]
        if not mentions and len(self.subjects.title) > 1 and _JOINT.search(text):
            # Nobody is named, but it is said to be shared: by those whom the document is about.
            stances += [Stance(r, "shares", whole, 0.7, True) for r in self.subjects.title]
        if (
            not leads
            and mentions
            and block.headings
            and _WHO_HEADING.match(block.headings[-1])
            and text.find(" ") > 0
            and mentions[0].start <= 5
        ):
            # "Who mends it?" — "The desk, at any hour."
            stances.append(Stance(mentions[0].role, "leads", topics.trim(block.headings[-1]), 0.9))
        if not stances and mentions:
            # Named, but in no relation that the rules know: kept as a weak hint, so that nothing is lost.
            bystanders = tuple(dict.fromkeys(m.role for m in mentions))
            if len(bystanders) == 1:
                stances.append(Stance(bystanders[0], "leads", whole, 0.25))
        return self._guideline(block, start, end, tuple(stances), whole, subject)

    def _guideline(
        self,
        block: Block,
        start: int,
        end: int,
        stances: tuple[Stance, ...],
        whole: str,
        subject: Subject | None,
    ) -> Guideline:
        text = self.document.text[start:end]
        lead_in = self._lead_in(block)
        phrases = [whole, *topics.chunks(whole)]
        phrases += [s.topic for s in stances if s.topic != whole]
        if subject is not None and subject.topic:
            phrases.append(f"{subject.topic}: {whole}")
        context = self._context(block)
        if context:
            phrases.append(f"{context}: {whole}")
        kept = tuple(dict.fromkeys(p for p in phrases if p)) or (topics.trim(text) or text,)
        digest = hashlib.sha256(f"{self.document.path}\0{start}\0{text}".encode()).hexdigest()[:16]
        normative = "normative" if any(s.strength >= 0.8 for s in stances) else force(text)
        return Guideline(
            digest,
            self.document.path,
            start,
            end,
            text,
            self._label(block),
            block.headings,
            lead_in,
            stances,
            normative,
            kept,
        )

    def _lead_in(self, block: Block) -> str:
        if block.parent is None:
            return ""
        above = self.layout[block.parent]
        return last_sentence(self.document.text[above.start : above.end])

    def _context(self, block: Block) -> str:
        """The nearest heading that says something of the topic."""
        for heading in reversed(block.headings):
            topic = topics.heading_topic(heading, [(m.start, m.end) for m in self.roles.mentions(heading)])
            if topic:
                return topic
        return ""

    def _label(self, block: Block) -> str:
        marker = block.marker.strip(" .()[]*-•")
        section = block.headings[-1] if block.headings and block.headings[-1] != self.document.title else ""
        if block.kind == "item" and marker:
            return (
                f"{section}, item {marker}"
                if section and section != self.document.title
                else f"Guideline {marker}"
            )
        if block.kind == "row":
            return f"{section}, table" if section else "Table"
        return (
            section
            or f"Paragraph {1 + sum(b.kind == 'paragraph' and b.start < block.start for b in self.layout)}"
        )


def _stance(text: str, reading: Reading, readings: Sequence[Reading]) -> Stance:
    clause = text[reading.start : reading.end]
    spans = [
        (r.names[0] - reading.start, r.names[1] - reading.start)
        for r in readings
        if reading.start <= r.names[0] and r.names[1] <= reading.end
    ]
    topic = topics.reduce(clause, spans)
    if not topic:  # "..., and the CIO decides": the clause is about what the sentence is about
        topic = topics.reduce(text, [r.names for r in readings])
    return Stance(reading.role, reading.relation, topic, reading.strength)


def _inherits(block: Block, mentions: Sequence[Mention]) -> bool:
    """Whether a sentence without an owner of its own is about the subject of its section."""
    if block.kind == "item":
        return True
    return not mentions


def _inheritance(block: Block, text: str) -> float:
    """How much of the subject's strength a sentence without an owner takes over.

    An entry of a list takes over nearly all.
    """
    if block.kind == "item":
        return 0.9
    return 0.5 if force(text) == "normative" else 0.25
