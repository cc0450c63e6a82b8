"""Who a passage is about when it names nobody itself: by its lead-in, its headings, its document's title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest import sentences, topics
from ingest.records import Block, Document, Relation
from ingest.relations import read
from ingest.roles import Mention, RoleBook, names_one
from ingest.words import bare

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


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a passage is about when it names nobody itself."""

    roles: tuple[str, ...]
    relation: Relation
    strength: float
    topic: str = ""  # what the lead-in adds to the topic

    @property
    def shared(self) -> Relation:
        """The relation of each of its roles: several that lead share."""
        return "shares" if self.relation == "leads" and len(self.roles) > 1 else self.relation


class Subjects:
    """The subjects of the passages of one document."""

    def __init__(self, document: Document, layout: Sequence[Block], roles: RoleBook) -> None:
        self.document = document
        self.layout = layout
        self.roles = roles
        self.title = tuple(dict.fromkeys(m.role for m in roles.mentions(document.title)))

    def of(self, index: int) -> Subject | None:
        """The subject of block ``index``: the lead-in's role, else that of the nearest heading, else the title's."""
        block = self.layout[index]
        said = ""
        topic = ""
        parent = block.parent
        while parent is not None:
            above = self.layout[parent]
            text = self.document.text[above.start : above.end]
            sentence = bare(last_sentence(text))
            said += " " + sentence
            named = self.mentions(sentence, self._headed(above))
            if named and not any(c.isalnum() for c in _without(sentence, named)):
                return Subject(tuple(dict.fromkeys(m.role for m in named)), "leads", 0.9, topic)
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
                return Subject(same, last.relation, 0.95 * last.strength, topic)
            parent = above.parent
        headed = self._headed(block)
        if headed is None:
            return Subject((), "leads", 0.0, topic) if topic else None
        relation = headed.relation
        if _OUT.search(said):
            relation = "is not"
        elif _HELPS.search(said) and not _DUTIES.search(said):
            relation = "supports"
        return replace(headed, relation=relation, topic=topic)

    def _headed(self, block: Block) -> Subject | None:
        """The role that the headings above a block, or the title, speak of."""
        between = ""
        for heading in reversed(block.headings):
            named = tuple(dict.fromkeys(m.role for m in self.roles.mentions(heading)))
            between += " " + heading
            if named and len(named) <= 3:
                return Subject(named, _scope(between), self._heading_strength(heading, between))
        if len(self.title) == 1:
            return Subject(
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

    def mentions(self, text: str, subject: Subject | None) -> list[Mention]:
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


def _scope(headings: str) -> Relation:
    if _OUT.search(headings):
        return "is not"
    return "supports" if _HELPS.search(headings) and not _DUTIES.search(headings) else "leads"


def _without(text: str, mentions: Sequence[Mention]) -> str:
    for m in reversed(mentions):
        text = text[: m.start] + text[m.end :]
    return text


def _introduces(sentence: str) -> bool:
    """Whether a sentence leaves open what the list below it fills in."""
    end = sentence.rstrip()
    return end.endswith((":", "–", "—", "-", ",")) or (not end.endswith((".", "!", "?")) and ":" not in end)


def last_sentence(text: str) -> str:
    """The last sentence of ``text``: what introduces a list below it."""
    spans = sentences.split(text, 0, len(text))
    return text[spans[-1][0] : spans[-1][1]] if spans else text
