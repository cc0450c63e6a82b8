"""What a sentence says of roles, held against what its sources say: the checks that count no words.

The sentence is read by the same rules as the documents (``ingest.relations``), so that "the CIO leads" is no
more like "the CMO leads" than it is to a reader, and "does not own" no more like "owns".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest import relations, topics
from ingest.people import BODIES
from ingest.records import Guideline, Relation, Stance
from ingest.roles import DEFAULT_ROLES, Mention, RoleBook
from ingest.words import bare, base, singular, stems, words

PLAINLY = (
    0.5  # a sentence may say it this much more plainly than its source, as a part of the sentence's strength
)
CLEARLY = 0.2  # by how much more a clause must be about another stance's topic to be taken for that one's
NEAR = 5  # words on either side of a name that tell whose place it is
OWNING: frozenset[Relation] = frozenset({"leads", "shares"})
_PIECE = re.compile(r"[,;:.]\s")
_QUOTING = re.compile(r"[“”„«»\"]")
_STOP = re.compile(r"[.;:!?\n]")
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
        plain = _QUOTING.sub(" ", bare(text)).strip()
        return (
            self._strangers(plain, guidelines, evidence)
            or self._relations(plain, guidelines)
            or self._swapped(plain, evidence)
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

    def _swapped(self, text: str, evidence: str) -> str:
        """A role that stands in ``text`` where ``evidence`` has another: in the midst of the same words."""
        theirs = [(m.role, _beside(evidence, m)) for m in self.roles.mentions(evidence)]
        for m in self.roles.mentions(text):
            sided = _beside(text, m)
            # By side tells "A tells B" from "B tells A"; without, the passive is like the active.
            for shared, size in ((_sided, len(sided)), (_unsided, len(_words(sided)))):
                same = max((shared(sided, other) for role, other in theirs if role == m.role), default=0)
                others = ((shared(sided, other), role) for role, other in theirs if role != m.role)
                best, role = max(others, default=(0, ""))
                if best >= max(same + 2, size / 2):
                    return f"It names the {m.role} where its source has the {role}."
        return ""

    def _relations(self, text: str, guidelines: Sequence[Guideline]) -> str:
        known = [s for g in guidelines for s in (*g.stances, *self.said(bare(g.lead_in)))]
        said = self.said(text)
        owners = {s.role for s in said if s.relation in OWNING}
        named = {m.role for m in self.roles.mentions(text)}
        for s in said:
            if fault := _unfounded(s, known, owners):
                return fault
            for g in guidelines:
                if (other := self._whose(s, bare(g.text))) and other not in named:
                    return f"Its source says so of the {other}, not of the {s.role}."
        return ""

    def _whose(self, said: Stance, text: str) -> str:
        """The role to which ``text``, after naming that of ``said``, gives some of what ``said`` gives it."""
        pieces = [(p, {m.role for m in self.roles.mentions(p)}) for p in _PIECE.split(text)]
        first = next((i for i, (_, named) in enumerate(pieces) if said.role in named), len(pieces))
        own = (p for i, (p, named) in enumerate(pieces) if i <= first or not named or said.role in named)
        common = {stem for piece in own for stem in stems(piece)}
        for piece, named in pieces[first + 1 :]:
            if named and said.role not in named and set(stems(said.topic)) & (set(stems(piece)) - common):
                return min(named)
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


def _beside(text: str, mention: Mention) -> frozenset[tuple[int, str]]:
    """The stems that stand near a name, each with the side it stands on."""
    before = _STOP.split(text[max(0, mention.start - 200) : mention.start])[-1].split()[-NEAR:]
    after = _STOP.split(text[mention.end : mention.end + 200])[0].split()[:NEAR]
    sides = ((-1, before), (1, after))
    return frozenset((side, s) for side, near in sides for s in stems(" ".join(near)))


def _sided(a: frozenset[tuple[int, str]], b: frozenset[tuple[int, str]]) -> int:
    return _weight(stem for _, stem in a & b)


def _unsided(a: frozenset[tuple[int, str]], b: frozenset[tuple[int, str]]) -> int:
    return _weight(_words(a) & _words(b))


def _weight(found: Iterable[str]) -> int:
    """How telling words beside a name are: a number as much as two others."""
    return sum(2 if stem[0].isdigit() else 1 for stem in found)


def _words(sided: frozenset[tuple[int, str]]) -> frozenset[str]:
    return frozenset(stem for _, stem in sided)
