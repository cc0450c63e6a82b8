"""Guidelines: the sentences, list items and table rows of a document, each with what it says of whom."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest import blocks, clean, sentences, topics
from ingest.records import Block, Document, Guideline, Relation, Stance
from ingest.relations import Reading, force, read
from ingest.roles import Mention, RoleBook, names_one
from ingest.words import bare, stems

_OUT = re.compile(
    r"\b(?:out\s+of\s+scope|not\s+in\s+scope|outside\s+(?:the\s+|our\s+)?scope|exclu(?:ded|sions|des)|not\s+(?:\w+\s+){0,2}(?:own|responsible|cover|include|handle)|"
    r"(?:do|does)\s+not|(?:do|does)n['’]t|what\s+we\s+(?:do\s+not|don['’]t)|not\s+ours|non-goals)\b",
    re.IGNORECASE,
)
_HELPS = re.compile(
    r"\b(?:supports?|supporting|consulted|assists?|contributes?|we\s+help|advis(?:es|ory|ing))\b",
    re.IGNORECASE,
)
_DUTIES = re.compile(
    r"\b(?:in\s+scope|scope|powers?|responsib\w+|duties|remit|mandate|decision|decides?|owns?|accountab\w+|authority|what\s+we\s+do|"
    r"we\s+own|objectives?|tasks|functions|purpose|role)\b",
    re.IGNORECASE,
)
# A subject that stands for the body the document or the section is about.
_PRONOUN = re.compile(
    r"(?:^|(?<=[.;:]\s)|(?<=,\s)|(?<=\band\s)|(?<=\bby\s)|(?<=\bto\s)|(?<=\bwith\s)|(?<=\bof\s)(?=the\s))(?P<name>we|you|our\s+team|(?:the|this)\s+(?:team|committee|board|council|group|panel|office|department|"
    r"function|unit|forum|desk|chair|body|role)|(?:it|they)(?=\s+(?:may|must|shall|should|can|will|decides?|owns?|approves?|leads?|"
    r"appoints?|maintains?|manages?|reviews?|sets?|runs?|handles?)\b))(?=[\s:,.;’'])",
    re.IGNORECASE,
)
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
_LEADS_COLUMN = re.compile(
    r"\b(?:owner|owned|lead|leads|accountable|responsible|decides?|decision|approv\w+|who|team|contact|ask|role|sign\w*)\b",
    re.I,
)
_SUPPORT_COLUMN = re.compile(
    r"\b(?:consult\w*|support\w*|deputy|backup|back-up|stand-in|contribut\w+|input|advis\w+|assist\w*)\b",
    re.I,
)
_OTHER_COLUMN = re.compile(r"\b(?:inform\w*|notes?|remarks?|comments?|members?|reports?\s+to)\b", re.I)
# What people write under a role's name in place of R, A, C, I.
_LETTERS = {
    **dict.fromkeys(
        ("yes", "x", "owner", "owns", "decides", "accountable", "leads", "lead", "approves"), "A"
    ),
    **dict.fromkeys(("responsible", "does", "executes"), "R"),
    **dict.fromkeys(("consulted", "supports", "support", "advises", "contributes"), "C"),
    **dict.fromkeys(("informed",), "I"),
    **dict.fromkeys(("no", "n/a", "none"), ""),
}
_RACI = re.compile(r"^\(?[RACISX✓✔](?:\s*[/,&+]\s*[RACISX])*\)?$")


SHORT = 4  # a topic of fewer content words needs what the sentence before says


@dataclass(frozen=True, slots=True)
class _Subject:
    """Who a passage is about when it names nobody itself."""

    roles: tuple[str, ...]
    relation: Relation
    strength: float
    topic: str = ""  # what the lead-in adds to the topic


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
        self.title = tuple(dict.fromkeys(m.role for m in roles.mentions(document.title)))

    def guidelines(self, index: int) -> list[Guideline]:
        block = self.layout[index]
        subject = self._subject(index)
        if block.kind == "row":
            row = self._row(block, subject)
            return [row] if row else []
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
                recent = _Subject(own, "leads", 0.6)
        return found

    def _subject(self, index: int) -> _Subject | None:
        """The lead-in's role, else that of the nearest heading, else the title's."""
        block = self.layout[index]
        said = ""
        topic = ""
        parent = block.parent
        while parent is not None:
            above = self.layout[parent]
            text = self.document.text[above.start : above.end]
            sentence = bare(_last_sentence(text))
            said += " " + sentence
            named = self._mentions(sentence, self._headed(above))
            if named and not any(c.isalnum() for c in _without(sentence, named)):
                return _Subject(tuple(dict.fromkeys(m.role for m in named)), "leads", 0.9, topic)
            readings = read(sentence, named)
            if above.kind != "heading":
                said_topic = topics.heading_topic(sentence, [r.names for r in readings])
                topic = f"{said_topic} {topic}".strip()
            relations = [r for r in readings if r.end >= len(sentence.rstrip(" :")) - 1]
            if not _introduces(sentence):
                relations = []  # a finished sentence, or a line "Approved by: X", says nothing of the list
            if relations:
                last = relations[-1]
                same = tuple(dict.fromkeys(r.role for r in relations if r.relation == last.relation))
                return _Subject(same, last.relation, 0.95 * last.strength, topic)
            parent = above.parent
        headed = self._headed(block)
        if headed is None:
            return _Subject((), "leads", 0.0, topic) if topic else None
        relation = headed.relation
        if _OUT.search(said):
            relation = "is not"
        elif _HELPS.search(said) and not _DUTIES.search(said):
            relation = "supports"
        return replace(headed, relation=relation, topic=topic)

    def _headed(self, block: Block) -> _Subject | None:
        """The role that the headings above a block, or the title, speak of."""
        between = ""
        for heading in reversed(block.headings):
            named = tuple(dict.fromkeys(m.role for m in self.roles.mentions(heading)))
            between += " " + heading
            if named and len(named) <= 3:
                return _Subject(named, _scope(between), self._heading_strength(heading, between))
        if len(self.title) == 1:
            return _Subject(
                self.title, _scope(between), 0.9 * self._heading_strength(self.document.title, between)
            )
        return None

    def _heading_strength(self, heading: str, between: str) -> float:
        """How surely what stands below a heading is about the role it names.

        Surely when it names nothing else.
        """
        spans = [(m.start, m.end) for m in self.roles.mentions(heading)]
        if not topics.heading_topic(heading, spans):
            return 0.9
        return 0.7 if _DUTIES.search(between) else 0.3

    def _mentions(self, text: str, subject: _Subject | None) -> list[Mention]:
        """The roles named in ``text``, and the pronouns that stand for the subject of the section."""
        found = self.roles.mentions(text)
        if subject is not None and len(subject.roles) == 1 and subject.strength >= 0.5:
            one = names_one(subject.roles[0])
            taken = [(m.start, m.end) for m in found]
            for m in _PRONOUN.finditer(text):
                a, b = m.span("name")
                if text[a:b].lower() == "you" and not one:
                    continue  # a team's page says "you" to its readers
                if not any(a < e and s < b for s, e in taken):
                    found.append(Mention(subject.roles[0], a, b))
            found.sort(key=lambda m: m.start)
        return found

    def _sentence(
        self, block: Block, start: int, end: int, subject: _Subject | None, recent: _Subject | None, said: str
    ) -> Guideline:
        text = self.document.text[start:end]
        plain = bare(text)
        mentions = self._mentions(plain, recent)
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
                Stance(r, _plural(subject), whole, subject.strength * _inheritance(block, text), True)
                for r in subject.roles
            ]
        if not mentions and len(self.title) > 1 and _JOINT.search(text):
            # Nobody is named, but it is said to be shared: by those whom the document is about.
            stances += [Stance(r, "shares", whole, 0.7, True) for r in self.title]
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

    def _row(self, block: Block, subject: _Subject | None) -> Guideline | None:
        """A table row: the owner from the columns' names, or from R, A, C, I under the roles' names."""
        text = self.document.text
        stances: list[Stance] = []
        about: list[str] = []
        letters: dict[str, str] = {}
        for k, (a, b) in enumerate(block.cells):
            cell = bare(text[a:b]).strip()
            column = block.columns[k] if k < len(block.columns) else ""
            heads = self.roles.mentions(column)
            letter = _LETTERS.get(cell.lower().rstrip("."), cell.upper())
            if heads and (_RACI.match(letter) or not letter or letter in "-–—"):
                letters[heads[0].role] = letter
                continue
            named = list(dict.fromkeys(m.role for m in self.roles.mentions(cell)))
            first = k == 0 and not (_LEADS_COLUMN.search(column) and len(block.cells) > 1)
            if named and not first and not _OTHER_COLUMN.search(column):
                helps = bool(_SUPPORT_COLUMN.search(column)) and not re.search(
                    r"\b(?:owner|accountable|lead)\b", column, re.I
                )
                strength = 1.0 if _LEADS_COLUMN.search(column) else 0.6
                relation: Relation = "supports" if helps else "leads" if len(named) == 1 else "shares"
                stances += [Stance(r, relation, "", strength) for r in named]
                if not helps:
                    about.append(topics.reduce(cell, [(m.start, m.end) for m in self.roles.mentions(cell)]))
            elif any(c.isalpha() for c in cell) and not _OTHER_COLUMN.search(column):
                about.append(cell)
        stances += _raci(letters)
        topic = "; ".join(a for a in about if a)
        if not topic:
            return None
        if not stances and subject is not None and subject.roles:
            stances = [
                Stance(r, _plural(subject), topic, subject.strength * 0.8, True) for r in subject.roles
            ]
        filled = tuple(replace(s, topic=topic) for s in stances)
        return self._guideline(block, block.start, block.end, filled, topic, subject)

    def _guideline(
        self,
        block: Block,
        start: int,
        end: int,
        stances: tuple[Stance, ...],
        whole: str,
        subject: _Subject | None,
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
        return _last_sentence(self.document.text[above.start : above.end])

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


def _scope(headings: str) -> Relation:
    if _OUT.search(headings):
        return "is not"
    return "supports" if _HELPS.search(headings) and not _DUTIES.search(headings) else "leads"


def _plural(subject: _Subject) -> Relation:
    return "shares" if subject.relation == "leads" and len(subject.roles) > 1 else subject.relation


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


def _without(text: str, mentions: Sequence[Mention]) -> str:
    for m in reversed(mentions):
        text = text[: m.start] + text[m.end :]
    return text


def _introduces(sentence: str) -> bool:
    """Whether a sentence leaves open what the list below it fills in."""
    end = sentence.rstrip()
    return end.endswith((":", "–", "—", "-", ",")) or (not end.endswith((".", "!", "?")) and ":" not in end)


def _last_sentence(text: str) -> str:
    spans = sentences.split(text, 0, len(text))
    return text[spans[-1][0] : spans[-1][1]] if spans else text


def _raci(letters: dict[str, str]) -> list[Stance]:
    """Owner is who is accountable (A), else who is responsible (R); the other of the two, C and S support."""
    owner = (
        "A"
        if any("A" in v for v in letters.values())
        else "R"
        if any("R" in v for v in letters.values())
        else "X✓✔"
    )
    owning = [r for r, v in letters.items() if v and any(c in owner for c in v)]
    relation: Relation = "leads" if len(owning) == 1 else "shares"
    found = [Stance(r, relation, "", 1.0) for r in owning]
    found += [
        Stance(r, "supports", "", 0.9)
        for r, v in letters.items()
        if r not in owning and any(c in "RCS" for c in v)
    ]
    return found
