"""Guidelines: the sentences, list items and table rows of a document, each with what it says of whom."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest import blocks, clean, sentences, topics
from ingest.cells import Row, read_row
from ingest.people import names_one
from ingest.records import CELL, Block, Document, Guideline, Stance
from ingest.relations import force, read
from ingest.roles import Mention, RoleBook
from ingest.speech import BESIDE_FIRST
from ingest.stances import NOT, STARTS, about, continued, graded, shows, stances_of
from ingest.subjects import LABELLED, Subject, Subjects, last_sentence
from ingest.words import bare, stems

_WHO = re.compile(
    r"^\W*(?:\d[\d.]*\s+|Q\d*[.:]\s*)?(?:who(?:m|se)?|which\s+(?:team|body|role|department|person))\b[^?]*\?",
    re.IGNORECASE,
)
# Words by which a sentence leans on the one before it.
_LEANS = re.compile(
    r"\b(?:it|its|this|that|these|those|them|they|their|such|same|both|either)\b", re.IGNORECASE
)
_JOINT = re.compile(
    r"\b(?:combined|joint|shared|common|collective)\s+(?:\w+\s+)?(?:effort|responsibility|task|decision|duty|undertaking|matter|job|concern)s?\b",
    re.IGNORECASE,
)
# An item that denies: "does not own the bar".
_DENIES = re.compile(
    r"\W*(?:(?:do|does|did|is|are|may|can|shall|must|will|should)\s+not|(?:do|does|is|are|ca|wo)n['’]t|cannot|never|not|no)\b",
    re.IGNORECASE,
)
_IF_YOU = re.compile(r"\W*(?:if|when|whenever|once|should)\s+you\b", re.IGNORECASE)
_YOU = re.compile(r"\W*(?:\w+,?\s+)?you\b", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:,|and|or|&|/)\s*(?:the\s+)?$", re.IGNORECASE)
# Below such headings stand people who are there, and own nothing by it.
_ATTENDING = re.compile(
    r"\b(?:members?(?:hip)?|present|attend\w+|apologies|authors?|distribution|participants|people|contacts?|signed|signatures?|cc|approved|foreword|circulation|thanks|acknowledg\w+|credits?)\b",
    re.IGNORECASE,
)
# A name with an address or what is in brackets, and nothing else: somebody, and no duty of anybody.
_PERSON = re.compile(
    r"\W*(?:[A-Z][\w.'’-]*\s+){1,3}[A-Z][\w.'’-]*\s*(?:[(\[<][^()\[\]<>]{1,80}[)\]>]\s*)+\W*", re.DOTALL
)
# A sentence that ends with whoever each item of the list below it names: "An order is signed by:".
_UNFINISHED = re.compile(r"\b(?:of|by|from|to|with|through|via|is|are)[ *_]{0,4}:[\s*_]*$", re.IGNORECASE)
# What those who do it own nothing by: "the meeting is attended by:".
_NO_DUTY = re.compile(r"\b(?:attended|worn|used|joined|visited|represented)\s+by\W{0,8}$", re.IGNORECASE)
# Near the top of a document: whose it is.
_OWN_LABEL = re.compile(
    r"\W*(?:(?:policy|document|process|page|procedure|plan|charter|standard|guideline|article|content|programme|program|framework)\s+)?"
    r"(?:owner|owned\s+by|custodian|steward|maintainer|maintained\s+by|sponsor|responsible|accountable|lead)\W*(?:\([^)]*\)\W*)?:",
    re.IGNORECASE,
)
ENTERED = 0.7  # the strength of a name that stands alone below a heading


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
    around = [g.around or _around(found, i) for i, g in enumerate(found)]
    return [_entitled(replace(g, around=a), document.title) for g, a in zip(found, around, strict=True)]


def _entitled(guideline: Guideline, title: str) -> Guideline:
    """What a guideline is about with the document's title in place of "this policy"."""
    if not topics.ITSELF.search(guideline.around):
        return guideline
    return replace(
        guideline,
        topic=topics.entitled(guideline.topic, title),
        around=topics.entitled(guideline.around, title),
        stances=tuple(replace(s, topic=topics.entitled(s.topic, title)) for s in guideline.stances),
    )


def _around(guidelines: Sequence[Guideline], i: int) -> str:
    """A guideline with its neighbours on one line: a sentence is often about what the one before it says."""
    return " ".join(" ".join(bare(g.text) for g in guidelines[max(0, i - 1) : i + 2]).split())


@dataclass(frozen=True, slots=True)
class _Before:
    """What a sentence may lean on: whom the one before it spoke of, and what of, and what was asked."""

    recent: Subject | None
    topic: str
    asked: str


class _Reader:
    """Reads the blocks of one document with the subject that each of them inherits."""

    def __init__(self, document: Document, layout: Sequence[Block], roles: RoleBook) -> None:
        self.document = document
        self.layout = layout
        self.roles = roles
        self.subjects = Subjects(document, layout, roles)

    def guidelines(self, index: int) -> list[Guideline]:
        block = self.layout[index]
        home = self.subjects.of(index)
        if block.kind == "row":
            row = read_row(self.document.text, block, self.roles)
            return [self._row(block, row, home)] if row.topic else []
        found: list[Guideline] = []
        before = _Before(home, "", self._asked(index))
        for start, end in sentences.split(self.document.text, block.start, block.end):
            text = self.document.text[start:end]
            if not any(c.isalpha() for c in text) or clean.is_call_to_action(text):
                continue
            mentions = self._mentions(block, bare(text), home, before)
            guideline = self._sentence(block, start, end, home, mentions, before)
            found.append(guideline)
            named = tuple(dict.fromkeys(m.role for m in self.roles.mentions(bare(text))))
            if len(found) == 1 and len(named) == 1 and not stems(_unnamed(bare(text), mentions)):
                # "Treasurer. Keeps the books.": a heading that runs on into its text
                home = Subject(named, "leads", 0.9)
            before = _Before(
                _recent(bare(text), mentions, guideline) or before.recent,
                guideline.topic,
                text if text.rstrip().endswith("?") else "",
            )
        return found

    def _asked(self, index: int) -> str:
        """The question that a block answers: its heading, or the end of the block before; "" when none."""
        block = self.layout[index]
        last = self.layout[index - 1] if index else None
        if last is not None and last.headings == block.headings and last.kind != "heading":
            said = last_sentence(self.document.text[last.start : last.end]).rstrip()
            return said if said.endswith("?") and block.kind != "heading" else ""
        heading = block.headings[-1] if block.headings else ""
        return heading if heading.rstrip(" *_").endswith("?") else ""

    def _mentions(self, block: Block, text: str, home: Subject | None, before: _Before) -> list[Mention]:
        elliptic = block.kind == "paragraph" and home is not None and home.strength >= 0.7
        return self.subjects.mentions(text, home, before.recent, section=block.headings, elliptic=elliptic)

    def _entry(self, block: Block) -> str:
        """What whoever stands alone below a heading has by it: "Compiler options", and below it a name."""
        heading = block.headings[-1] if len(block.headings) > 1 else ""
        if self.subjects.minutes or _ATTENDING.search(heading) or self.roles.mentions(heading):
            return ""
        return topics.heading_topic(heading)

    def _row(self, block: Block, row: Row, subject: Subject | None) -> Guideline:
        stances = row.stances
        if not stances and subject is not None and (subject.opens or not self.subjects.minutes):
            stances = tuple(
                Stance(r, subject.shared, row.topic, subject.strength * 0.8, True) for r in subject.roles
            )
        return self._guideline(block, block.start, block.end, stances, row.topic)

    def _sentence(
        self,
        block: Block,
        start: int,
        end: int,
        home: Subject | None,
        mentions: Sequence[Mention],
        before: _Before,
    ) -> Guideline:
        text = self.document.text[start:end]
        plain = bare(text)
        readings = read(plain, mentions)
        steps = _IF_YOU.match(plain) is not None  # what readers are to do, and no part of what stands above
        goes_on = block.kind == "item" and home is not None and home.opens and bool(home.roles) and not steps
        if goes_on:
            readings = continued(plain, readings)
        stances = stances_of(plain, readings)
        if block.kind == "item" and mentions and not goes_on:
            stances = self._finishing(self._lead_in(block), plain, mentions) or stances
        # Whom something is done to belongs to the topic ("the delegates are appointed by ..."); who
        # does it does not.
        whole = topics.reduce(plain, [r.told for r in readings] or [(m.start, m.end) for m in mentions])
        if stances and before.topic and _LEANS.search(text):
            # "The officer decides how it is built": what "it" is stands in the sentence before.
            stances = [about(s, before.topic, shown=shows(text, before.topic)) for s in stances]
        elif stances and len(block.headings) <= 1 and _OWN_LABEL.match(plain):
            stances = [s if s.topic else replace(s, topic=bare(self.document.title)) for s in stances]
        elif stances and before.asked:
            stances = [about(s, topics.heading_topic(before.asked)) for s in stances]
        if goes_on and home is not None and BESIDE_FIRST.match(plain) and stances:
            # "Together with the clerk, keeps the books": with whom the list is about.
            stances += [replace(stances[0], role=r) for r in home.roles if r != stances[0].role]
        stances = stances or graded(plain, mentions)
        leads = any(s.relation in ("leads", "shares", "is not") for s in stances)
        if (
            home is not None
            and not leads
            and not (steps and mentions)
            and (home.opens or not self.subjects.minutes)
            and _inherits(block, mentions, home, plain)
        ):
            relation = home.shared
            if block.kind == "item" and relation == "leads" and _DENIES.match(plain):
                relation = "is not"
            stances += [
                Stance(r, relation, whole, home.strength * _inheritance(block, text, home), True)
                for r in home.roles
            ]
        title = self.subjects.title
        if not mentions and len(title) > 1 and _JOINT.search(text):
            # Nobody is named, but it is said to be shared: by those whom the document is about.
            stances += [Stance(r, "shares", whole, 0.7, True) for r in title]
        if not leads and mentions and _WHO.match(before.asked) and mentions[0].start <= 8:
            # "Who mends it?" — "The desk, at any hour."
            stances.append(Stance(mentions[0].role, "leads", topics.trim(before.asked), 0.9))
        entry = ""
        if not stances and mentions:
            # Named, but in no relation that the rules know: kept as a weak hint, so that nothing is lost.
            bystanders = tuple(dict.fromkeys(m.role for m in mentions))
            if len(bystanders) == 1:
                entry = "" if stems(whole) or block.kind != "paragraph" else self._entry(block)
                stances.append(Stance(bystanders[0], "leads", entry or whole, ENTERED if entry else 0.25))
        guideline = self._guideline(block, start, end, tuple(stances), whole)
        # Beside a name alone stand other names under other headings.
        return replace(guideline, around=f"{entry}: {plain}") if entry else guideline

    def _finishing(self, lead_in: str, text: str, mentions: Sequence[Mention]) -> list[Stance]:
        """What an item says of whom it begins with by ending the sentence above: "signed by: the clerk"."""
        above = bare(lead_in)
        if (
            not _UNFINISHED.search(above)
            or _NO_DUTY.search(above)
            or STARTS.sub("", text[: mentions[0].start])
        ):
            return []
        denied = NOT.search(above) is not None
        opening = above.rstrip(" \t\n*_:") + " "
        moved = [replace(m, start=m.start + len(opening), end=m.end + len(opening)) for m in mentions]
        named = self.roles.mentions(opening)
        first = {r.role: r for r in read(opening + text, [*named, *moved]) if r.names[0] >= len(opening)}
        last = max((r.names[1] for r in first.values()), default=0) - len(opening)
        thing = topics.reduce(opening, [(m.start, m.end) for m in named])
        case = text[last:].strip(" ,.;:–—-")
        topic = ": ".join(filter(None, (thing, case)))
        return [Stance(r.role, "is not" if denied else r.relation, topic, r.strength) for r in first.values()]

    def _guideline(
        self,
        block: Block,
        start: int,
        end: int,
        stances: tuple[Stance, ...],
        topic: str,
    ) -> Guideline:
        text = self.document.text[start:end]
        lead_in = self._lead_in(block)
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
            topic or next((s.topic for s in stances if s.topic), ""),
        )

    def _lead_in(self, block: Block) -> str:
        if block.kind == "row":
            return CELL.join(block.columns) if any(block.columns) else ""
        if block.parent is None:
            return ""
        above = self.layout[block.parent]
        return last_sentence(self.document.text[above.start : above.end])

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


def _recent(text: str, mentions: Sequence[Mention], guideline: Guideline) -> Subject | None:
    """Whom "it" or "she" stands for in the sentence after: the subject of this one, else its only owner."""
    if mentions and not mentions[0].possessive and not STARTS.sub("", text[: mentions[0].start]):
        if len(mentions) == 1 or not _JOINED.match(text[mentions[0].end : mentions[1].start]):
            return Subject((mentions[0].role,), "leads", 0.6)
        return None
    own = tuple(dict.fromkeys(s.role for s in guideline.stances if s.relation == "leads" and not s.inherited))
    return Subject(own, "leads", 0.6) if len(own) == 1 else None


def _unnamed(text: str, mentions: Sequence[Mention]) -> str:
    for m in reversed(mentions):
        text = text[: m.start] + text[m.end :]
    return text


def _inherits(block: Block, mentions: Sequence[Mention], home: Subject, text: str) -> bool:
    """Whether a sentence without an owner of its own is about the subject of its section."""
    if _YOU.match(text) and not all(names_one(r) for r in home.roles):
        return False  # what a team's page asks of its readers
    if block.kind == "item":
        return _PERSON.fullmatch(text) is None
    return not mentions


def _inheritance(block: Block, text: str, home: Subject) -> float:
    """How much of the subject's strength a sentence without an owner takes over.

    An entry of a list takes over nearly all.
    """
    if block.kind == "item":
        return 0.9
    return 0.5 if force(text) == "normative" or home.strength > LABELLED else 0.25
