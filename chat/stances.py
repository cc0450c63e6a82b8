"""What a sentence says of roles, held against what its sources say: the checks that count no words.

The sentence is read by the same rules as the documents (``ingest.relations``), so that "the CIO leads" is no
more like "the CMO leads" than it is to a reader, and "does not own" no more like "owns".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest import relations, topics
from ingest.records import Guideline, Relation, Stance
from ingest.roles import BODIES, DEFAULT_ROLES, RoleBook
from ingest.words import bare, base, singular, stems, words

PLAINLY = (
    0.5  # a sentence may say it this much more plainly than its source, as a part of the sentence's strength
)
CLEARLY = 0.2  # by how much more a clause must be about another stance's topic to be taken for that one's
ECHO = 0.75  # the share of a denied clause's words that make a sentence speak of the same
OWNING: frozenset[Relation] = frozenset({"leads", "shares"})
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without|except|unless|hardly|rarely|seldom|"
    r"(?:rather|other)\s+than|instead\s+of|no\s+longer|unlike|lacks?|fails?\s+to|refuses?\s+to|prohibit\w*|forbid\w*|"
    r"forbade|outside|exclud\w+|ceases?)\b|n['’]t\b",
    re.IGNORECASE,
)
_HARMLESS = re.compile(r"\bnot\s+only\b|\bno\s+(?:less|fewer)\s+than\b|\bwithout\s+doubt\b", re.IGNORECASE)
_CUT = re.compile(r"[.;:,()\n–—]+|\b(?:but|while|whereas|although|though|and|or)\b", re.IGNORECASE)
# Words that claim more than a plain sentence; each kind may be said only where the source says the like.
_STRONG = {
    "that it is so alone": re.compile(
        r"\b(?:only|sole(?:ly)?|alone|exclusive(?:ly)?|single-handed(?:ly)?)\b", re.I
    ),
    "that it is so without exception": re.compile(
        r"\b(?:always|all|every\w*|each|entire(?:ly)?|full(?:y)?|complete(?:ly)?|whole|any\w*|both|overall|total(?:ly)?)\b",
        re.I,
    ),
    "that it is an obligation": re.compile(
        r"\b(?:must|shall|mandatory|obliged|obligatory|requires?|required|imperative|essential|vital|(?:has|have|needs?)\s+to|need)\b",
        re.I,
    ),
    "who decides in the end": re.compile(
        r"\b(?:final(?:ly)?|ultimate(?:ly)?|veto|last\s+word|overrules?)\b", re.I
    ),
}
# Of the nouns that name people, those that are nothing else: "leads" is a verb and "side" a place, too.
_PEOPLE = BODIES - frozenset(
    """
lead leads head heads chair chairs side people service services centre center management master masters
leadership function group unit division partner partners owner owners authority office members staff control
forum assembly community organisation organization professionals experts workers
""".split()
)
_VERBS: dict[Relation, str] = {
    "leads": "leads",
    "shares": "shares it",
    "supports": "supports",
    "is not": "does not",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Compares sentences with guidelines in the light of one organisation's roles."""

    roles: RoleBook

    def contradiction(self, text: str, guidelines: Sequence[Guideline], evidence: str) -> str:
        """Why ``text`` cannot rest on ``guidelines``, whose words with all around them are ``evidence``.

        "" when nothing speaks against it; that the words are about the same is for others to check.
        """
        plain = bare(text)
        return (
            self._strangers(plain, guidelines, evidence)
            or self._relations(plain, guidelines)
            or _denials(plain, evidence)
            or _strength(plain, evidence)
        )

    def said(self, text: str) -> list[Stance]:
        """What ``text`` says of each role, clause by clause."""
        readings = relations.read(text, self.roles.mentions(text))
        found = []
        for r in readings:
            clause = text[r.start : r.end]
            spans = [
                (o.names[0] - r.start, o.names[1] - r.start)
                for o in readings
                if r.start <= o.names[0] and o.names[1] <= r.end
            ]
            topic = topics.reduce(clause, spans) or topics.reduce(text, [o.names for o in readings])
            found.append(Stance(r.role, r.relation, topic, r.strength))
        return found

    def unread(self, text: str) -> bool:
        """Whether ``text`` names a role without saying anything of it that the rules can read."""
        named = {m.role for m in self.roles.mentions(bare(text))}
        return bool(named - {s.role for s in self.said(bare(text))})

    def _strangers(self, text: str, guidelines: Sequence[Guideline], evidence: str) -> str:
        """Roles and bodies in ``text`` that its sources do not speak of."""
        mentions = self.roles.mentions(text, lenient=True)
        known = {m.role for m in self.roles.mentions(evidence, lenient=True)}
        known |= {s.role for g in guidelines for s in g.stances}
        for m in mentions:
            if m.role not in known:
                return f"It names the {m.role}; its source does not."
        held = {singular(base(w.text)) for w in words(evidence)}
        taken = [(m.start, m.end) for m in mentions]
        for m in _USUAL.mentions(text):
            if not any(a < m.end and m.start < b for a, b in taken) and not all(
                singular(base(w.text)) in held for w in words(text[m.start : m.end])
            ):
                return f"It names the {m.role}; its source does not."
        for w in words(text):
            if (
                w.lower in _PEOPLE
                and singular(w.lower) not in held
                and not any(a <= w.start < b for a, b in taken)
            ):
                return f"It speaks of a {singular(w.lower)!r}; its source does not."
        return ""

    def _relations(self, text: str, guidelines: Sequence[Guideline]) -> str:
        known = [s for g in guidelines for s in (*g.stances, *self.said(bare(g.lead_in)))]
        said = self.said(text)
        owners = {s.role for s in said if s.relation in OWNING}
        for s in said:
            if fault := _unfounded(s, known, owners):
                return fault
        return ""


_USUAL = RoleBook(DEFAULT_ROLES)


def _unfounded(said: Stance, known: Sequence[Stance], owners: set[str]) -> str:
    """Why none of the stances ``known`` carries what is ``said``; "" when one does."""
    wanted = OWNING if said.relation == "leads" else frozenset({said.relation})
    carrying = [k for k in known if k.role == said.role and k.relation in wanted]
    claim = f"that the {said.role} {_VERBS[said.relation]}"
    if not carrying:
        other = next((k for k in known if k.role == said.role), None)
        instead = f"; it says that the {said.role} {_VERBS[other.relation]}" if other else ""
        return f"Its source does not say {claim}{instead}."
    if max(k.strength for k in carrying) <= PLAINLY * said.strength:
        return f"Its source says less plainly {claim}."
    if said.relation == "leads" and not any(k.relation == "leads" for k in carrying):
        missing = {k.role for k in known if k.relation == "shares"} - owners
        if missing:
            return f"Its source says that the {said.role} shares it with the {sorted(missing)[0]}."
    against = _against(said, known)
    about = frozenset(stems(said.topic))
    if about and against:
        best = max(against, key=lambda k: _echo(about, k.topic))
        if _echo(about, best.topic) > max(_echo(about, k.topic) for k in carrying) + CLEARLY:
            whom = f"the {best.role} {_VERBS[best.relation]}"
            return f"Its source says so of something else; of this it says that {whom}."
    return ""


def _against(said: Stance, known: Iterable[Stance]) -> list[Stance]:
    """The stances with which ``said`` could have been confused."""
    if said.relation in OWNING:
        return [k for k in known if (k.relation in OWNING) != (k.role == said.role)]
    return [k for k in known if k.role == said.role and k.relation in OWNING]


def _echo(about: frozenset[str], topic: str) -> float:
    return len(about & frozenset(stems(topic))) / len(about)


def _denials(text: str, evidence: str) -> str:
    """Whether ``text`` denies what its source does not, or leaves out a denial of it."""
    mine, theirs = _denied(text), _denied(evidence)
    for clause in mine:
        about = frozenset(stems(clause))
        if not any(_echo(about, other) >= PLAINLY for other in theirs if about):
            return "It denies what its source does not deny."
    if not mine:
        spoken = frozenset(stems(text))
        for clause in theirs:
            about = frozenset(stems(clause))
            if len(about) > 1 and len(about & spoken) >= ECHO * len(about):
                return "Its source denies this."
    return ""


def _denied(text: str) -> list[str]:
    """The clauses of ``text`` that hold a word of denial, without it."""
    pieces = (_HARMLESS.sub(" ", p) for p in _CUT.split(text))
    return [_NEGATION.sub(" ", p) for p in pieces if _NEGATION.search(p)]


def _strength(text: str, evidence: str) -> str:
    for claim, pattern in _STRONG.items():
        if pattern.search(text) and not pattern.search(evidence):
            return f"It says {claim}; its source does not."
    return ""
