"""What a sentence says of the roles it names: who leads, shares, supports, or does not own.

The words around each name give a cue (``ingest.cues``); here the cues of one sentence are weighed against
each other: who only qualifies another, what holds only under a condition, who stands in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest import speech as say
from ingest.clauses import BASE, alternatives, clauses, groups, mask
from ingest.cues import Cue, Way, cue
from ingest.records import Force, Relation
from ingest.roles import Mention

MOST_NAMES = (
    60  # in one sentence; what names more is a register, and reading it would take its square in time
)

BY_THE_WAY = 0.35  # the strength of what is said of somebody only to tell who another one is
STANDS_IN = 0.6  # of the strength with which somebody leads, for who does it in their absence


@dataclass(frozen=True, slots=True)
class Reading:
    """One relation found in a sentence: ``start:end`` is its clause, ``names`` where the role is named.

    ``told`` is that place with the words before it that tell nothing but the relation ("contact the",
    "belongs to the"); ``way`` is how the sentence names the role.
    """

    role: str
    relation: Relation
    strength: float
    start: int
    end: int
    names: tuple[int, int]
    told: tuple[int, int]
    way: Way


@dataclass(frozen=True, slots=True)
class _Found:
    """A cue for a group of names in the clause ``start:end`` of the masked text."""

    cue: Cue
    group: list[int]
    start: int
    end: int


def force(text: str) -> Force:
    """Whether a sentence says how things are to be, or only how they are."""
    return "normative" if say.NORMATIVE.search(text) else "descriptive"


def read(text: str, mentions: Sequence[Mention]) -> list[Reading]:
    """What ``text`` says of the roles in ``mentions`` (offsets into it), but those it only speaks about."""
    if not mentions:
        return []
    mentions = mentions[:MOST_NAMES]
    masked, places = mask(text, mentions)
    readings: list[Reading] = []
    for found in _settle(masked, [f for span in clauses(masked) for f in _clause(masked, *span)]):
        shown, group = found.cue, found.group
        clause = masked[found.start : found.end]
        hedged = 0.5 if say.HEDGED.search(clause) else 1.0
        own = clause[clause.rfind(";", 0, group[0] - found.start) + 1 :]
        named = {m.role: m for m in (mentions[ord(masked[i]) - BASE] for i in group)}
        if shown.way == "address" and say.OTHER_TIMES.match(own):
            hedged *= 0.8  # "...; after that go to the ward": not both of them
        if say.IN_CASE.match(own) and any(
            r.relation in ("leads", "shares") and r.role not in named for r in readings
        ):
            hedged *= STANDS_IN  # "the clerk pays; if he is ill, the porter does so"
        if say.RELATIVE.search(masked[found.start : group[0]]) and any(
            r.way == "subject" and r.role in named for r in readings
        ):
            hedged *= 0.6  # "keeps a list of wardens, who are approved by both": the list is what is kept
        if say.UNDECIDED.search(own):
            hedged *= 0.25
        asked = 0.2 if say.OPEN.search(say.DECIDED.sub(" ", own)) or masked.rstrip().endswith("?") else 1.0
        relation = shown.relation
        if relation == "leads" and len(named) > 1 and not alternatives(masked, group):
            relation = "shares"
        before = masked[found.start : group[0]]
        members = say.MEMBERS.search(before)
        begins = shown.told if shown.told >= 0 else members.start() if members else len(before)
        told = places[found.start + begins]
        said = [
            Reading(
                role,
                relation,
                shown.strength * min(asked, hedged),
                places[found.start],
                places[found.end],
                (m.start, m.end),
                (min(told, m.start), m.end),
                shown.way,
            )
            for role, m in named.items()
        ]
        if len(said) == 2 and relation == "leads" and _failing(masked, group, found.end):
            # "the clerk, or the porter if she is away": the porter's is another clause.
            first, second = said
            parted = places[group[0] + 1]
            said = [
                replace(first, end=parted),
                replace(second, start=parted, strength=STANDS_IN * second.strength),
            ]
        readings += said
    return readings


def _failing(masked: str, group: Sequence[int], end: int) -> bool:
    """Whether the last of two names offered one for the other is for the case that the first is not there."""
    between, after = masked[group[0] + 1 : group[-1]], masked[group[-1] + 1 : end]
    beside = re.match(r"\s*,?\s*(?:if|when|where|while|whenever|should|in\s+case)\b[^.;,]*", after)
    return say.FAILING.search(between) is not None or bool(beside and say.FAILING.search(beside.group()))


def _clause(masked: str, start: int, end: int) -> list[_Found]:
    """The cues for the groups of one clause, those that depend on each other settled."""
    found: list[_Found] = []
    for group in groups(masked, start, end):
        said = cue(masked, start, end, group)
        if said is not None and said.strength:
            found.append(_Found(said, group, start, end))
    actor = next((f for f in found if f.cue.way in ("subject", "agent") and _owns(f.cue)), None)
    if actor is not None and actor.cue.way == "subject":
        found = [f for f in found if not _qualifies(masked[actor.group[-1] + 1 : f.group[0]], f)]
    found = [_choosing(masked, f) for f in found]
    kept: list[_Found] = []
    for one in found:
        shown = one.cue
        if shown.way == "consent" and actor is not None:
            shown = replace(shown, relation="supports", strength=0.8)
        elif shown.way == "address" and actor is not None and actor.cue.way == "subject":
            between = masked[actor.group[-1] + 1 : one.group[0]]
            if actor.group[0] < one.group[0] and say.TURNS_TO.search(between):
                actor = None  # "the porter should ask the clerk for a key": the clerk has them
                kept = [f for f in kept if f.cue.way != "subject"]
            elif actor.group[0] < one.group[0]:
                continue  # "the officer passes reports on to the team": the one who acts is the owner
        elif shown.relation == "leads" and any(
            f.cue.way == "beside" and f.cue.relation == "shares" and f is not one for f in found
        ):
            shown = replace(shown, relation="shares")
        kept.append(replace(one, cue=shown))
    return kept


def _qualifies(between: str, one: _Found) -> bool:
    """Whether an agent only qualifies what the subject acts on: "grants it to people named by the board"."""
    return one.cue.way == "agent" and say.REDUCED.search(between) is not None


def _choosing(masked: str, one: _Found) -> _Found:
    """Who chooses somebody else who acts, as about that alone: "run by an officer named by the board"."""
    chosen = say.CHOSEN_BY.search(masked, 0, one.group[0]) if one.cue.way == "agent" else None
    if chosen is None or say.GOVERNED.search(masked, 0, chosen.start()):
        return one  # "the costs of the officer named by the board are paid by the clerk"
    return replace(one, start=chosen.start(), cue=replace(one.cue, strength=BY_THE_WAY))


def _owns(shown: Cue) -> bool:
    return shown.relation in ("leads", "shares")


def _settle(masked: str, found: list[_Found]) -> list[_Found]:
    """What is said only under a condition gives way to what the sentence says without one."""
    spans = [m.span() for m in say.CONDITION.finditer(masked)]
    otherwise = [m.span() for m in say.OTHERWISE.finditer(masked)]

    def conditional(one: _Found) -> bool:
        place = one.group[0]
        ways = [
            one.cue.way == "subject"
            or (one.cue.way == "owner" and say.IF.match(masked, a))
            or (one.cue.way == "agent" and a == 0)
            for a, _ in spans
        ]
        return any(way and a <= place < b for way, (a, b) in zip(ways, spans, strict=True))

    if not spans and not otherwise:
        return found
    apart = [f for f in found if any(a <= f.group[0] < b for a, b in otherwise)]
    if any(_owns(f.cue) and f not in apart for f in found):
        found = [f for f in found if f not in apart]
    plain = any(_owns(f.cue) and not conditional(f) for f in found)
    return [
        replace(f, cue=replace(f.cue, strength=0.5 * f.cue.strength))
        if conditional(f) and f.cue.way != "agent"
        else f
        for f in found
        if not (plain and conditional(f))
    ]
