"""Who a passage is about when it names nobody itself: by its lead-in, its headings, its document's title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from ingest import sentences, topics
from ingest import speech as say
from ingest.people import names_one
from ingest.records import Block, Document, Relation
from ingest.relations import read
from ingest.roles import Mention, RoleBook
from ingest.shorthand import Section, Shorthand
from ingest.words import bare, words

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
_EXPECTED = re.compile(r"\bexpectations\b", re.IGNORECASE)  # a list of them is one of duties
_BEGINS = r"(?:^\W*|(?<=[.;:]\s)|(?<=\bmeans\s)|(?<=\bmeans\sthat\s)|(?<=,\s)|(?<=\band\s)|(?<=\bbut\s)"
# "Together with the clerk we write ...": the one beside stands before the one who acts.
_BESIDE = re.compile(
    rf"{say.BESIDE_FIRST.pattern}\s+(?:[^\s,;.]+\s+){{1,5}}?(?P<name>we|you)\b", re.IGNORECASE
)
# Who stands for the body that the document or the section is about.
_HOME = re.compile(
    _BEGINS
    + r"|(?<=\bby\s)|(?<=\bto\s)|(?<=\bwith\s)|(?<=\bof\s)(?=the\s))(?P<name>we|you|our\s+team|(?:the|this)\s+(?:working\s+|core\s+|steering\s+)?(?:team|"
    r"(?:sub-?)?committee|board|council|group|panel|office|department|function|unit|forum|desk|chair|body|role))(?=[\s:,.;’'])",
    re.IGNORECASE,
)
_WE = re.compile(_BEGINS + r")(?P<name>we)(?=\s)", re.IGNORECASE)
_PAPER = re.compile(
    r"\b(?:handbook|manual|guide|notes|wiki|page|runbook|playbook|desk\s+book)\b", re.IGNORECASE
)
# Minutes tell what many said and were given to do; the body that met owns none of it by their heading.
_MINUTES = re.compile(
    r"\W*(?:minutes\s+(?:of|from)\b(?!.*\b(?:is|are|shall|must|will|should)\b)|(?:present|apologies|attendees|in\s+attendance)\W*:)",
    re.IGNORECASE,
)
_MINUTED = re.compile(r"(?:^|[-–—:,|]\s*|\bmeeting\s+)minutes\b|\bminutes\s+(?:of|from)\b", re.IGNORECASE)
_TEAM = re.compile(r"\b(?:team|group|crew|desk|department|office|unit|squad|guild)\b", re.IGNORECASE)
_LABEL = 80  # characters before a name in which a label ends
_TOP = 8  # blocks of a document in which the owner of the page is looked for
_PAGE_OWNER = re.compile(
    r"(?:^|[\n.;|])\W*(?:(?:page|document|content|policy|guide|article)\s+)?(?:owner|owned\s+by|author|written\s+by|maintainer|maintained\s+by|kept\s+by)\W+(?:the\s+)?$",
    re.IGNORECASE,
)
# Who stands for whom the sentence before spoke of. "It is" and "they are" begin too much else.
_BACK = re.compile(
    _BEGINS
    + rf")(?P<name>(?P<one>he\s+or\s+she|she\s+or\s+he|he|she)|it|they)(?=['’]s\s+the\s|\s+(?:also\s+|alone\s+|then\s+|\w+ly\s+)*"
    rf"(?:{say.MODAL}\s+(?!be\b)|{say.OWNS}|{say.SUPPORTS}|{say.NEGATED}|(?!(?:is|are|was|were|has|have|had|do|does)\b)(?:{say.ACTS}|[a-z]+\s+{say.OBJECT})))",
    re.IGNORECASE,
)
# A sentence whose first part names the case: "if a guest is ill, she ..." speaks of the guest.
_CASE = re.compile(
    r"\W*(?:if|when|whenever|where|once|unless|should|after|before|until|while|as\s+soon\s+as|in\s+case)\b",
    re.IGNORECASE,
)
_THEIRS = re.compile(
    r"\b(?:is|are|remains?|stays?|within|under)\s+(?:also\s+|not\s+)?(?P<name>its|their|his|her|our)(?=\s+(?:\w+\s+)?(?:job|call|decision|responsibility|remit|task|duty)\b)",
    re.IGNORECASE,
)
# Before a name that a heading gives as the owner of its topic.
_OWNER_LABEL = re.compile(
    r"\w\W*(?:[(\[]|:|\s[–—-])\s*(?:(?:owner|lead|led\s+by|contact)\s*:?\s*)?(?:the\s+)?$", re.IGNORECASE
)
MINUTED = 0.6  # enough for "the committee", too little to own by
LABELLED = 0.94  # a strength above it is that of an owner in so many words
_ARTICLES = re.compile(r"\b(?:the|an?|our|each)\b|[\W_]", re.IGNORECASE)
# A sentence that leaves out its subject: "Chairs the board. Is not responsible for pay."
_ELLIPTIC = re.compile(
    rf"\W*(?:{say.OWNS}|{say.SUPPORTS}|{say.NEGATED}|(?:may|must|can|shall|will|should)\s+(?!I\b|we\b|you\b|the\b)|{say.VERB}(?:s|es)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a passage is about when it names nobody itself."""

    roles: tuple[str, ...]
    relation: Relation
    strength: float
    topic: str = ""  # what the lead-in adds to the topic
    opens: bool = False  # whether it is the subject of a sentence that the passage goes on with

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
        self.speaker = self._speaker()
        self._shorthand = Shorthand(document, layout, roles)
        self.minutes = _MINUTED.search(document.title) is not None or any(
            _MINUTES.match(document.text, block.start, block.end) for block in layout[:_TOP]
        )

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
            named = self.mentions(sentence, self._headed(above), section=above.headings)
            if named and not _ARTICLES.sub("", _without(sentence, named)):
                return Subject(tuple(dict.fromkeys(m.role for m in named)), "leads", 0.9, topic, True)
            readings = read(sentence, named)
            if above.kind != "heading":
                said_topic = topics.heading_topic(sentence, [r.told for r in readings])
                topic = f"{said_topic} {topic}".strip()
            relations = [r for r in readings if r.end >= len(sentence.rstrip(" :")) - 1]
            if not _introduces(sentence):
                relations = []  # a finished sentence, or a line "Approved by: X", says nothing of the list
            if relations:
                last = relations[-1]
                same = tuple(dict.fromkeys(r.role for r in relations if r.relation == last.relation))
                return Subject(same, last.relation, 0.95 * last.strength, topic, True)
            parent = above.parent
        headed = self._headed(block)
        if headed is not None and self.minutes:
            headed = replace(headed, strength=min(headed.strength, MINUTED))
        if headed is None:
            return Subject((), "leads", 0.0, topic) if topic else None
        relation = headed.relation
        if _OUT.search(said):
            relation = "is not"
        elif _HELPS.search(said) and not _DUTIES.search(said):
            relation = "supports"
        return replace(headed, relation=relation, topic=topic)

    def _speaker(self) -> str | None:
        """Who says "we" in the document: whom a line near its top names as its owner, or whose field it is of."""
        for block in self.layout[:_TOP]:
            text = self.document.text[block.start : block.end]
            for m in self.roles.mentions(text):
                if _PAGE_OWNER.search(text[max(0, m.start - _LABEL) : m.start]):
                    return m.role
        # "Infrastructure handbook" is the Infrastructure Team's.
        field = _words(_PAPER.sub(" ", self.document.title))
        theirs = [r.name for r in self.roles.roles if field and _words(_TEAM.sub(" ", r.name)) == field]
        return theirs[0] if len(theirs) == 1 and not self.title else None

    def _headed(self, block: Block) -> Subject | None:
        """The role that the headings above a block, or the title, speak of."""
        between = ""
        for heading in reversed(block.headings):
            named = tuple(dict.fromkeys(m.role for m in self.roles.mentions(heading)))
            between += " " + heading
            if named and len(named) <= 3:
                strength = self._heading_strength(heading, between)
                if block.kind == "item" and _EXPECTED.search(between):
                    strength = max(strength, 0.7)
                return Subject(named, _scope(between), strength)
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
        if any(_OWNER_LABEL.search(heading[: m.start]) for m in self.roles.mentions(heading)):
            return 0.95  # "Keys (Warden)"
        return 0.7 if _DUTIES.search(between) else 0.3

    def mentions(
        self,
        text: str,
        home: Subject | None,
        recent: Subject | None = None,
        *,
        section: Section = (),
        elliptic: bool = False,
    ) -> list[Mention]:
        """The roles named in ``text``, in full or in short, and the pronouns that stand for one.

        ``home`` is whom the section is about ("we", "the committee"), ``recent`` whom the sentence before spoke
        of ("it", "she", "their job"); with ``elliptic`` a sentence without a subject has that of the section.
        ``section`` holds the headings above the text, which tell whom "the chair" means.
        """
        found = self.roles.mentions(text)
        for short in self._shorthand.mentions(text, section):
            # In a section on a committee "the committee" is that one, and "the chair" its chair.
            theirs = _plain(home) and text[short.start : short.end].lower() in home.roles[0].lower().split()
            if not theirs and not any(short.start < m.end and m.start < short.end for m in found):
                found.append(short)
        found.sort(key=lambda m: m.start)
        if self.speaker is not None and not _plain(home):
            for m in _WE.finditer(text):
                _add(found, self.speaker, m)
        if recent is None:
            recent = home
        if _plain(home):
            one = names_one(home.roles[0])
            beside = _BESIDE.match(text)
            for m in (*_HOME.finditer(text), *([beside] if beside else ())):
                if m.group("name").lower() == "you" and not one:
                    continue  # a team's page says "you" to its readers
                _add(found, _meant(m.group("name"), home, recent), m)
            if elliptic and not (found and found[0].start == 0) and _ELLIPTIC.match(text):
                found.insert(0, Mention(home.roles[0], 0, 0))
        named = tuple(found) if _CASE.match(text) else ()
        if named or _plain(recent):
            for m in _BACK.finditer(text):
                ahead = tuple(dict.fromkeys(n.role for n in named if n.end <= m.start("name")))
                spoken = Subject(ahead, "leads", 1.0) if ahead else recent
                if _plain(spoken) and not (m.group("one") and not names_one(spoken.roles[0])):
                    _add(found, spoken.roles[0], m)
        if _plain(recent):
            for m in _THEIRS.finditer(text):
                _add(found, recent.roles[0], m, possessive=True)
        found.sort(key=lambda m: m.start)
        return found


def _words(text: str) -> list[str]:
    return [w.lower for w in words(text)]


def _plain(subject: Subject | None) -> TypeGuard[Subject]:
    """Whether a pronoun can stand for the subject: one role, and surely meant."""
    return subject is not None and len(subject.roles) == 1 and subject.strength >= 0.5


def _meant(name: str, home: Subject, recent: Subject | None) -> str:
    """Whom "the board" means: the role spoken of last when it is a board and the section's is none."""
    noun = name.lower().split()[-1]
    if _plain(recent) and noun in recent.roles[0].lower() and noun not in home.roles[0].lower():
        return recent.roles[0]
    return home.roles[0]


def _add(found: list[Mention], role: str, match: re.Match[str], *, possessive: bool = False) -> None:
    start, end = match.span("name")
    if not any(start < m.end and m.start < end for m in found):
        found.append(Mention(role, start, end, possessive))


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
