"""What a sentence says of the roles it names: who leads, shares, supports, or does not own.

The reading is by rules over the words around each name, in the spirit of Hearst's lexico-syntactic patterns
(COLING 1992): no rule knows a topic or an organisation, only how English says that somebody is in charge. The
words themselves stand in ``ingest.speech``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingest import speech as say
from ingest.clauses import BASE, alternatives, clauses, groups, mask
from ingest.people import BODIES
from ingest.records import Force, Relation
from ingest.roles import Mention
from ingest.speech import OWNS as OWNS
from ingest.speech import SUPPORTS as SUPPORTS
from ingest.words import STOPWORDS

MOST_NAMES = (
    60  # in one sentence; what names more is a register, and reading it would take its square in time
)

BY_THE_WAY = 0.35  # the strength of what is said of somebody only to tell who another one is
STANDS_IN = 0.6  # of the strength with which somebody leads, for who does it in their absence

# How the sentence names a role: as the subject of a predicate, as who something is done by, in a label, as an
# address to turn to, as whose consent or direction somebody else acts with, beside another, or as an owner.
Way = Literal["subject", "agent", "label", "address", "consent", "beside", "owner"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One relation found in a sentence: ``start:end`` is its clause, ``names`` the place where the role is named.

    ``told`` is that place with the words before it that tell nothing but the relation ("contact the", "belongs
    to the"); ``way`` is how the sentence names the role.
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
class _Verdict:
    relation: Relation
    strength: float
    way: Way
    told: int = -1  # where in the text before the name the words begin that tell only the relation


@dataclass(frozen=True, slots=True)
class _Found:
    """A verdict on a group of names in the clause ``start:end`` of the masked text."""

    verdict: _Verdict
    group: list[int]
    start: int
    end: int


def force(text: str) -> Force:
    """Whether a sentence says how things are to be, or only how they are."""
    return "normative" if say.NORMATIVE.search(text) else "descriptive"


def read(text: str, mentions: Sequence[Mention]) -> list[Reading]:
    """What ``text`` says of the roles in ``mentions`` (offsets into ``text``); roles it only speaks about are left out."""
    if not mentions:
        return []
    mentions = mentions[:MOST_NAMES]
    masked, places = mask(text, mentions)
    readings: list[Reading] = []
    for found in _settle(masked, [f for span in clauses(masked) for f in _clause(masked, *span)]):
        verdict, group = found.verdict, found.group
        clause = masked[found.start : found.end]
        hedged = 0.5 if say.HEDGED.search(clause) else 1.0
        own = clause[clause.rfind(";", 0, group[0] - found.start) + 1 :]
        named = {m.role: m for m in (mentions[ord(masked[i]) - BASE] for i in group)}
        if verdict.way == "address" and say.OTHER_TIMES.match(own):
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
        relation = verdict.relation
        if relation == "leads" and len(named) > 1 and not alternatives(masked, group):
            relation = "shares"
        before = masked[found.start : group[0]]
        members = say.MEMBERS.search(before)
        begins = verdict.told if verdict.told >= 0 else members.start() if members else len(before)
        told = places[found.start + begins]
        said = [
            Reading(
                role,
                relation,
                verdict.strength * min(asked, hedged),
                places[found.start],
                places[found.end],
                (m.start, m.end),
                (min(told, m.start), m.end),
                verdict.way,
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
    """The verdicts on the groups of one clause, those that depend on each other settled."""
    found: list[_Found] = []
    for group in groups(masked, start, end):
        verdict = _relate(masked, start, end, group)
        if verdict is not None and verdict.strength:
            found.append(_Found(verdict, group, start, end))
    actor = next((f for f in found if f.verdict.way in ("subject", "agent") and _owns(f.verdict)), None)
    if actor is not None and actor.verdict.way == "subject":
        found = [f for f in found if not _qualifies(masked[actor.group[-1] + 1 : f.group[0]], f)]
    found = [_choosing(masked, f) for f in found]
    kept: list[_Found] = []
    for one in found:
        verdict = one.verdict
        if verdict.way == "consent" and actor is not None:
            verdict = replace(verdict, relation="supports", strength=0.8)
        elif verdict.way == "address" and actor is not None and actor.verdict.way == "subject":
            between = masked[actor.group[-1] + 1 : one.group[0]]
            if actor.group[0] < one.group[0] and say.TURNS_TO.search(between):
                actor = None  # "the porter should ask the clerk for a key": the clerk has them
                kept = [f for f in kept if f.verdict.way != "subject"]
            elif actor.group[0] < one.group[0]:
                continue  # "the officer passes reports on to the team": the one who acts is the owner
        elif verdict.relation == "leads" and any(
            f.verdict.way == "beside" and f.verdict.relation == "shares" and f is not one for f in found
        ):
            verdict = replace(verdict, relation="shares")
        kept.append(replace(one, verdict=verdict))
    return kept


def _qualifies(between: str, one: _Found) -> bool:
    """Whether an agent only qualifies what the subject acts on: "grants it to people named by the board"."""
    return one.verdict.way == "agent" and say.REDUCED.search(between) is not None


def _choosing(masked: str, one: _Found) -> _Found:
    """Who chooses somebody else who acts, as about that alone: "run by an officer named by the board"."""
    chosen = say.CHOSEN_BY.search(masked, 0, one.group[0]) if one.verdict.way == "agent" else None
    if chosen is None or say.GOVERNED.search(masked, 0, chosen.start()):
        return one  # "the costs of the officer named by the board are paid by the clerk"
    return replace(one, start=chosen.start(), verdict=replace(one.verdict, strength=BY_THE_WAY))


def _owns(verdict: _Verdict) -> bool:
    return verdict.relation in ("leads", "shares")


def _settle(masked: str, found: list[_Found]) -> list[_Found]:
    """What is said only under a condition gives way to what the sentence says without one."""
    spans = [m.span() for m in say.CONDITION.finditer(masked)]

    def conditional(one: _Found) -> bool:
        place = one.group[0]
        ways = [
            one.verdict.way == "subject" or (one.verdict.way == "owner" and say.IF.match(masked, a))
            for a, _ in spans
        ]
        return any(way and a <= place < b for way, (a, b) in zip(ways, spans, strict=True))

    if not spans:
        return found
    plain = any(_owns(f.verdict) and not conditional(f) for f in found)
    return [
        replace(f, verdict=replace(f.verdict, strength=0.5 * f.verdict.strength)) if conditional(f) else f
        for f in found
        if not (plain and conditional(f))
    ]


def _relate(masked: str, start: int, end: int, group: list[int]) -> _Verdict | None:
    before = masked[start : group[0]]
    if say.WHICH_THEY.search(masked[max(0, start - 3) : group[0]]):
        return None  # "the panel, which the dean chairs": the dean is not said to have what the panel has
    after = re.sub(r"^\s*\([^)]{0,80}\)", "", masked[group[-1] + 1 : end])
    if m := say.PEOPLE.match(after):
        after = after[m.end() :]  # "the clerk's team"
    if re.match(r"['’](?:s|re)\s+(?:the\s+(?:one|person|team)|in\s+charge|responsible|accountable)\b", after):
        after = re.sub(r"^['’](?:s|re)", " is", after)  # "she's the one who ..."
    if say.NO_ONE.search(before):
        return _Verdict("is not", 0.8, "subject")  # "no clerk may lower a fee"
    possessive = bool(re.match(r"['’]s?(?=\s|[.,;:)]|$)", after))
    if len(group) > 1 and say.NOT_ONE.search(before):
        return _Verdict("shares", 0.9, "owner")
    said = _label(before, after, possessive) or _before(before, after, possessive, len(group))
    if said is not None and said.way in ("address", "beside") and (m := say.WHO_DOES.match(after)):
        return _predicate("-", after[m.end() :], len(group)) or said  # "talk to the clerk who keeps the keys"
    return said or _after(before, after, len(group))


def _label(before: str, after: str, possessive: bool) -> _Verdict | None:
    """Labels: "Owner: the CIO", "CIO: budgets, hiring", "Owned by the CIO"."""
    if m := say.SUPPORT_LABEL.search(before):
        return _Verdict("supports", 0.9, "label", m.start())
    if m := say.LABEL.search(before):
        return _Verdict("leads", 1.0, "label")
    if re.search(rf"\w\s*\([^()]*{say.NAME}\s*,\s*(?:the\s+)?$", before) and re.match(r"['’s]*\)", after):
        return _Verdict("supports", 0.6, "label")  # "keys (warden, boatman)": the second stands in
    entry = say.ENTRY.match(before)
    if entry and not after.strip(" .;)*_"):
        return _Verdict("leads", 0.8, "label")
    if entry and entry.group("mark").strip() not in ("", ",") and say.QUALIFIED.match(after):
        return _Verdict("leads", 0.8, "label")  # "hiring: the dean, on the advice of ..."
    if say.AS_ONE.fullmatch(before) and say.DOING.fullmatch(after):
        return _Verdict("leads", 0.8, "label")
    if re.search(say.ANSWER, before) or (say.THAT_IS.search(before) and not after.strip(" .!;)*_")):
        return _Verdict("leads", 0.9, "label")  # "Who mends the roof? The office."
    if re.search(
        rf"\((?:see\s+|ask\s+|with\s+|by\s+|to\s+|now\s+|that\s+is\s+)?{say.DET}$", before, re.I
    ) and re.match(r"['’s]*[),;]", after):
        return _Verdict("leads", 0.7, "label")  # "fire drills at sea (the master)"
    if (
        possessive
        and re.search(rf"\b(?:is|are|was|were|be|remains?|stays?)\s+(?:\w+\s+)?{say.DET}$", before, re.I)
        and re.match(r"['’]s?\s*(?:$|[.,;:)]|(?:and|but|while|alone|to)\b)", after)
    ):
        negative = re.search(
            r"(?:\b(?:not|never|no\s+longer)|n['’]t)\s+(?:\w+\s+)?$", re.sub(rf"{say.DET}$", "", before), re.I
        )
        return _Verdict("is not", 0.9, "owner") if negative else _Verdict("leads", 1.0, "owner")
    if re.search(rf"\b(?:is|are)\s+(?:\w+\s+)?for\s+{say.DET}$", before, re.I) and re.match(
        r"\s+(?:alone\s+)?to\s+\w+", after
    ):
        negative = re.search(r"\bnot\s+for\b", before, re.I)
        return _Verdict("is not", 0.9, "owner") if negative else _Verdict("leads", 1.0, "owner")
    if say.FOR_THEM.search(before) and not after.strip(" .;!)"):
        return _Verdict("leads", 0.7, "owner")  # "queries about pay are for the office"
    if (
        not before.strip(" *_\"'“(")
        and re.match(r"[*_]*\s*(?::|\s[–—-]\s)", after)
        and len(after.split()) > 0
    ):
        return _Verdict("leads", 0.7, "label")
    return None


def _modifies(after: str) -> bool:
    """Whether a name only qualifies the noun after it ("the ambassadors list", "the security team address")."""
    m = re.match(r"\s+([a-z][a-z-]+)\b", after)
    return bool(
        m
        and m.group(1) not in STOPWORDS
        and m.group(1) not in say.LOOSE
        and not m.group(1).endswith(("ly", "ing", "ed"))
        and not re.match(r"\s+by\b", after[m.end() :])
        and not re.match(rf"{say.MODAL}\b|{say.OWNS}|{say.SUPPORTS}|{say.ACTS}", m.group(1), re.I)
    )


def _before(before: str, after: str, possessive: bool, size: int) -> _Verdict | None:
    """What stands before the name: "owned by", "responsibility of", "contact", "rather than"."""
    if m := say.NOR.search(before):
        return _Verdict("is not", 0.9, "beside", m.start())
    if _modifies(after):
        return None
    if re.search(rf"\bkeep(?:s|ing)?\s+{say.DET}$", before, re.I) and re.match(
        r"\s+(?:informed|posted|updated|in\s+the\s+(?:loop|picture)|up\s+to\s+date)\b", after
    ):
        return _Verdict("supports", 0.8, "owner")
    if re.search(rf"\bwith\s+{say.DET}$", before, re.I) and re.match(
        r"\s+(?:in\s+support|supporting|assisting|helping|advising)\b", after
    ):
        return _Verdict("supports", 0.8, "beside")
    if re.search(rf"\bwith\s+{say.DET}$", before, re.I) and say.WATCHES.match(after):
        return _Verdict("supports", 0.8, "beside")
    if say.ONCE.search(before) and say.AGREES.match(after):
        return _Verdict("leads", 0.9, "consent")
    if say.UNLESS.search(before) and say.HAS_LET.match(after):
        return _Verdict("leads", 0.6, "consent")
    if m := say.NONE_BUT.search(before):
        return _Verdict("leads", 1.0, "owner", m.start())
    if m := say.NOT.search(before):
        return _Verdict("is not", 0.9, "beside", m.start())
    if possessive:
        if re.match(r"['’]?s?\s+roles?\b(?!\s+(?:is|was|are)\s+to\b)", after):
            return _Verdict("leads", 0.4, "owner")
        if say.OWNED_THING.match(after):
            negative = re.search(
                r"(?:\b(?:not|outside|beyond|never)\b|n['’]t\b)(?:\s+\w+){0,3}\s*$", before, re.I
            )
            return _Verdict("is not", 0.8, "owner") if negative else _Verdict("leads", 0.8, "owner")
        return _Verdict("leads", 0.0, "owner")
    if m := say.ON_BEHALF.search(before):
        return _Verdict("leads", 0.0, "consent", m.start())
    if m := say.CONSENT.search(before):
        return _Verdict("leads", 1.0, "consent", m.start())
    if (m := say.HELPED.search(before)) and not say.LISTED_DEED.search(before[: m.start()]):
        return _Verdict("supports", 0.8, "beside", m.start())
    if (m := say.BELONGS.search(before)) and not say.AGAINST.search(before[: m.start()]):
        denied = _denied(before[-60:])
        return _Verdict("is not", 0.9, "owner") if denied else _Verdict("leads", 1.0, "owner", _told(m))
    if m := say.AGENT.search(before):
        authorised = re.search(r"\bnot\s+(?:approved|authori[sz]ed|signed|agreed)\s+by\s+", before, re.I)
        # "a licence that isn't on the list, have it cleared by the clerk": denied is something else
        if _denied(before[-40:].rpartition(",")[2]) and not authorised:
            return _Verdict("is not", 0.8, "agent")
        return _Verdict("leads", 0.9, "agent")
    if say.AGENT_TOO.search(before) and say.NO_TIME.match(after) and not _denied(before[-60:]):
        return _Verdict("leads", 0.9, "agent")
    if size > 1 and say.BETWEEN.search(before) and not say.APART.search(before):
        return _Verdict("shares", 0.8, "owner")
    if re.search(say.SHARES_PLACE, before, re.I) or say.REPORTS.search(before):
        return None
    if m := say.WITH.search(before):
        return _Verdict("shares", 0.7, "beside", m.start())
    if (m := say.CONTACT.search(before)) and say.DO_NOT.search(before, 0, m.start()):
        return _Verdict("is not", 0.6, "address")
    if (m := say.CONTACT.search(before)) or (
        (m := say.LAID_BEFORE.search(before)) and say.NO_TIME.match(after)
    ):
        return _Verdict("leads", 0.6, "address", _told(m))
    if (m := say.TELL.match(before)) and not say.TOLD_THAT.match(after):
        return _Verdict("leads", 0.6, "address", m.start())
    if re.search(
        rf"\b(?:responsible|accountable|in\s*charge)\s+(?:for|of)\b[^.;]*?\b(?:is|are)\s+{say.DET}$",
        before,
        re.I,
    ):
        return _Verdict("leads", 1.0, "owner")  # "Responsible for lifts is the office."
    if say.BY.search(before):
        return _Verdict("leads", 0.7, "agent")
    if size > 1 and say.OPEN.search(before):
        return _Verdict("leads", 0.7, "owner")  # "it is open who decides, the A or the B"
    if say.ONLY.search(before) and not re.search(r"^\s*it\s+is\s", before[-30:], re.I):
        return _Verdict("leads", 0.9 if re.match(r"\s+(?:who|that)\b", after) else 0.7, "owner")
    return None


def _told(match: re.Match[str]) -> int:
    """Where the words of a match begin; -1 when there are so many that they tell of the thing as well."""
    said = re.sub(rf"{say.DET}$", "", match.group(), flags=re.I).split()
    return match.start() if len(said) <= 2 or match.group().lower().startswith("get in touch") else -1


def _denied(before: str) -> bool:
    """Whether the last verb of ``before`` is denied, and not only outside of an exception or a condition."""
    before = say.ASIDE_CONDITION.sub(" ", before)
    return bool(
        re.search(
            r"(?:\b(?:not|never|no\s+longer)|n['’]t)\b(?!.*\b(?:without|unless|except|until|only)\b)",
            before,
            re.I,
        )
    )


def _after(before: str, after: str, size: int) -> _Verdict | None:
    """What stands after the name: a predicate it is the subject of."""
    if (
        say.GOVERNED.search(before)
        and not say.OF_ITS_OWN.search(before)
        and not re.match(r"\s*,\s*wh", after)
    ):
        return None  # "the dismissal of the clerk requires a vote": the clerk requires nothing
    rest = say.NOT_OTHERS.sub("", after)
    rest = re.sub(r"^(?:\s+(?:alone|itself))?\s*,[^,;]{0,80},(?=\s)", "", rest).lstrip(" ,\n")
    rest = say.WHO_WERE_CHOSEN.sub("", rest)
    rest = re.sub(r"^(?:who|which|that)\s+", "", rest, flags=re.I)
    first = _predicate(before, rest, size)
    if first is None and (m := say.WHERE.match(rest)):
        first = _predicate(before, rest[m.end() :], size)  # "the clerk in each office keeps the keys"
    if first is not None:
        return first
    for m in say.CONJUNCT.finditer(rest[:200]):
        later = rest[m.end() :]
        if say.ACTS_ALSO.match(later):
            verdict = _predicate("-", later, size)
            if verdict is not None:
                aside = re.search(r"\b(?:before|after|until)\b", m.group(), re.I)
                return replace(verdict, strength=0.5 * verdict.strength) if aside else verdict
    return None


def _predicate(before: str, rest: str, size: int) -> _Verdict | None:
    """What the predicate ``rest`` says of its subject."""
    rest = re.sub(rf"^{say.ADVERB}", "", rest, flags=re.I)
    rest = say.NOT_ONLY.sub("", rest)
    rest = re.sub(r"^(?:wants?|likes?|prefers?)\s+to\s+(?=[a-z])", "", rest)
    if re.match(say.NEGATED, rest, re.I):
        return _Verdict("is not", 0.9 if say.LEADING.search(rest[:80]) else 0.5, "subject")
    if re.match(say.HEARD, rest, re.I):
        return _Verdict("supports", 0.8, "subject")
    if size > 1 and (re.match(say.SHARES, rest, re.I) or say.MUTUAL.search(rest)):
        return _Verdict("shares", 0.9, "subject")
    modal = (
        re.match(rf"{say.MODAL}\b\s*", rest, re.I)
        if not re.fullmatch(rf"{say.MODAL}[:\s]*", rest, re.I)
        else None
    )
    if modal:
        rest = re.sub(r"^,[^,;]{0,60},\s*", "", rest[modal.end() :].lstrip())
        rest = re.sub(rf"^(?:not\s+)?{say.ADVERB}", "", rest, flags=re.I)
    if re.match(say.SUPPORTS, rest, re.I):
        return _Verdict("supports", 0.9, "subject")
    if re.match(say.SHARES, rest, re.I):
        if re.match(say.SHARES_PLACE, rest, re.I):
            return None
        told = size == 1 and re.match(say.TELLS, rest, re.I)
        return _Verdict("leads", 0.6, "subject") if told else _Verdict("shares", 0.8, "subject")
    if say.HAS_IT_DONE.match(rest):
        return _Verdict("leads", 0.6, "subject")  # "has it repaired"
    if re.match(say.OWNS, rest, re.I):
        past = re.match(r"(?:was|were|had|owned|led)\b", rest, re.I)
        return _Verdict("leads", 0.7 if past else 1.0, "subject")
    if (modal and re.match(say.CALLED, rest, re.I)) or re.match(say.CALLED_OUT, rest, re.I):
        return _Verdict("leads", 0.6, "address")  # "above that the director has to be rung"
    if re.match(say.COVERS, rest, re.I):
        return _Verdict("leads", 0.6, "subject")
    if m := say.ARE_WHO.match(rest):
        return _predicate("-", rest[m.end() :], size)  # "are the people who publish releases"
    if re.match(rf"{say.BE}\s", rest, re.I):
        if re.match(
            rf"{say.BE}\s+{say.ADVERB}(?:(?:required|expected|asked|free|able|obliged|bound|encouraged|supposed)\s+to|focused\s+on|working\s+on|(?:willing|ready|prepared|happy|glad|pleased)\s+to)\b",
            rest,
            re.I,
        ):
            return _Verdict("leads", 0.7, "subject")
        return None  # a state, or the passive: something is done to the role
    if re.match(say.IDLE, rest, re.I):
        return None
    if modal and not re.match(say.STATIVE, rest, re.I):
        return _Verdict("leads", 0.8, "subject")
    if re.fullmatch(rf"{say.MODAL}[:\s]*", rest, re.I):
        return _Verdict("leads", 0.9, "subject")  # "The committee may:" before a list
    if re.match(r"(?:\w+\s+){1,6}to\s+(?:support|help|assist|advise)\b", rest, re.I):
        return _Verdict("supports", 0.6, "subject")
    done = re.match(r"ha(?:s|ve|d)\s+", rest, re.I)
    deed = rest[done.end() :] if done else rest
    if re.match(say.ACTS, deed, re.I) and not re.match(say.IDLE, deed, re.I):
        return _Verdict("leads", 0.6, "subject")
    if _does(rest) or re.match(say.GAPPED, rest, re.I):
        return _Verdict("leads", 0.6, "subject")
    if not re.sub(r"^\W*\w+:", "", before).strip(" *_-–—") and re.match(r"to\s+[a-z]{3,}\b", rest):
        return _Verdict("leads", 0.8, "subject")  # "The clerk to write to the owner": a task in minutes
    if re.match(r"ha(?:s|ve)\s+(?:\w+\s+)?access\s+to\b", rest, re.I):
        return _Verdict("leads", 0.4, "subject")  # whoever may look at a thing need not own it
    if re.match(r"ha(?:s|ve)\s+(?:\S+\s+){1,5}?(?:in\s+which\s+)?to\s+\w+", rest, re.I):
        return _Verdict("leads", 0.7, "subject")  # "has two days to object"
    if re.match(r"(?:does|do)\s+(?:all|most|the|any|every)\b", rest, re.I):
        return _Verdict("leads", 0.6, "subject")  # "does the mowing"
    if re.match(r"(?:does|do)\s*(?:that|this|it|so|them|these|those|both|[,.)]|$)", rest, re.I):
        return _Verdict("leads", 0.9, "subject")  # "Who resets it? The desk does."
    return None


def _does(rest: str) -> bool:
    """Whether ``rest`` begins with any other verb that has an object: "identifies the developers"."""
    does = re.match(
        rf"([a-z][a-z-]{{2,}})\s+(?:(?:down|up|out|off|away|back|over)\s+)?{say.OBJECT}|([a-z]{{3,}}s)\s+(?:[a-z]+\s+)?[a-z]{{3,}}s\b(?=\s*(?:[.,;:)]|$|(?:of|for|in|on|at|by|from|to|with|and|or|when|after|each|every|once|twice|before|until|who|that)\b))|([a-z]{{3,}}s)\s+and\s+[a-z]{{3,}}s\s+{say.OBJECT}|([a-z]{{3,}}),\s+(?:[a-z]{{3,}},?\s+){{0,4}}(?:and|or)\s+{say.ACTS}",
        rest,
    )
    if does is None:
        return False
    verb = next(group for group in does.groups() if group)
    return (
        verb not in STOPWORDS
        and verb not in BODIES
        and not verb.endswith("ing")
        and not re.match(say.STATIVE, re.sub(r"s$", "", verb))
    )
