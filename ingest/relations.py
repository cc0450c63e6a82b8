"""What a sentence says of the roles it names: who leads, shares, supports, or does not own.

The reading is by rules over the words around each name, in the spirit of Hearst's lexico-syntactic patterns
(COLING 1992): no rule knows a topic or an organisation, only how English says that somebody is in charge. The words
themselves stand in ``ingest.speech``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest import speech as say
from ingest.records import Force, Relation
from ingest.roles import Mention
from ingest.speech import OWNS as OWNS
from ingest.speech import SUPPORTS as SUPPORTS
from ingest.words import STOPWORDS

MOST_NAMES = (
    60  # in one sentence; what names more is a register, and reading it would take its square in time
)
# Each name is replaced by one character of the private use area, so that patterns see its place and not its words.
_BASE = 0xE000


@dataclass(frozen=True, slots=True)
class Reading:
    """One relation found in a sentence: ``start:end`` is its clause, ``names`` the place where the role is named."""

    role: str
    relation: Relation
    strength: float
    start: int
    end: int
    names: tuple[int, int]


def force(text: str) -> Force:
    """Whether a sentence says how things are to be, or only how they are."""
    return "normative" if say.NORMATIVE.search(text) else "descriptive"


def read(text: str, mentions: Sequence[Mention]) -> list[Reading]:
    """What ``text`` says of the roles in ``mentions`` (offsets into ``text``); roles it only speaks about are left out."""
    if not mentions:
        return []
    mentions = mentions[:MOST_NAMES]
    masked, places = _mask(text, mentions)
    found: list[Reading] = []
    for start, end in _clauses(masked):
        for group in _groups(masked, start, end):
            verdict = _relate(masked, start, end, group)
            if verdict is None:
                continue
            relation, strength = verdict
            strength *= (
                0.2 if say.OPEN.search(masked) else 0.5 if say.HEDGED.search(masked[start:end]) else 1.0
            )
            named = {m.role: (m.start, m.end) for m in (mentions[ord(masked[i]) - _BASE] for i in group)}
            if relation == "leads" and len(named) > 1 and not _alternatives(masked, group):
                relation = "shares"
            found += [
                Reading(r, relation, strength, places[start], places[end], at) for r, at in named.items()
            ]
    return found


def _mask(text: str, mentions: Sequence[Mention]) -> tuple[str, list[int]]:
    """``text`` with one private character for each mention, and the place in ``text`` of each of its characters."""
    out: list[str] = []
    places: list[int] = []
    at = 0
    for k, mention in enumerate(mentions):
        out.append(text[at : mention.start])
        places += range(at, mention.start)
        out.append(chr(_BASE + k % 6000))
        places.append(mention.start)
        if mention.possessive:
            out.append("’s")
            places += [mention.end, mention.end]
        at = mention.end
    out.append(text[at:])
    places += range(at, len(text) + 1)
    return "".join(out), places


def _clauses(masked: str) -> list[tuple[int, int]]:
    """Spans of the clauses; a piece that names nobody joins the one before it, or the one after at the start."""
    cuts = [0]
    for m in say.CLAUSE.finditer(masked):
        ahead = masked[cuts[-1] : m.start()]
        named = [i for i, c in enumerate(ahead) if _BASE <= ord(c) < _BASE + 6400]
        # "the A and the B decide" is one subject: a clause needs words of its own after its last name.
        if m.start() > 0 and not (
            named and not re.search(r"\w{2}", re.sub(r"\([^)]*\)", "", ahead[named[-1] + 1 :]))
        ):
            cuts.append(m.end())
    cuts.append(len(masked))
    pieces = [(a, b) for a, b in pairwise(cuts) if b > a]
    merged: list[tuple[int, int]] = []
    for a, b in pieces:
        names_somebody = any(_BASE <= ord(c) < _BASE + 6400 for c in masked[a:b])
        if (
            merged
            and masked[slice(*merged[-1])].rstrip().endswith(":")
            and not any(_BASE <= ord(c) < _BASE + 6400 for c in masked[slice(*merged[-1])])
        ):
            merged[-1] = (merged[-1][0], b)
        elif not names_somebody and merged and masked[a:b].rstrip().endswith(":"):
            merged.append((a, b))  # a label belongs to what follows
        elif merged and (
            not names_somebody or not any(_BASE <= ord(c) < _BASE + 6400 for c in masked[slice(*merged[-1])])
        ):
            merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
    return merged


def _groups(masked: str, start: int, end: int) -> list[list[int]]:
    """The places of names in a clause, names that stand side by side ("the A and the B") together."""
    places = [i for i in range(start, end) if _BASE <= ord(masked[i]) < _BASE + 6400]
    groups: list[list[int]] = []
    for i in places:
        if groups and say.GAP.fullmatch(
            re.sub(r"^(?:['’]s)?\s*\([^)]{0,60}\)|^['’]s", "", masked[groups[-1][-1] + 1 : i])
        ):
            groups[-1].append(i)
        else:
            groups.append([i])
    return [part for group in groups for part in _listed(masked, start, group)]


def _listed(masked: str, start: int, group: list[int]) -> list[list[int]]:
    """A group as it is when its list ends in "and" or "or"; names with nothing but commas one by one,
    unless a label introduces them.
    """
    between = masked[group[0] : group[-1]]
    labelled = re.search(r"[:=]\s*(?:the\s+)?$", masked[start : group[0]])
    if len(group) > 1 and not labelled and not re.search(r"\b(?:and|or|with|plus|well)\b|[/&+]", between):
        return [[i] for i in group]
    return [group]


def _alternatives(masked: str, group: list[int]) -> bool:
    """Whether the names of a group are offered one for the other ("A or B")."""
    between = masked[group[0] : group[-1]]
    return bool(re.search(r"\bor\b|(?<!and)/(?!or)", between)) and not re.search(r"\band\b", between)


def _relate(masked: str, start: int, end: int, group: list[int]) -> tuple[Relation, float] | None:
    before = masked[start : group[0]]
    after = re.sub(r"^\s*\([^)]{0,80}\)", "", masked[group[-1] + 1 : end])
    possessive = bool(re.match(r"['’]s?(?=\s|[.,;:)]|$)", after))
    verdict = (
        _label(before, after, possessive)
        or _before(before, after, possessive, len(group))
        or _after(before, after, len(group))
    )
    return verdict if verdict and verdict[1] else None


Verdict = tuple[Relation, float] | None


def _label(before: str, after: str, possessive: bool) -> Verdict:
    """Labels: "Owner: the CIO", "CIO: budgets, hiring", "Owned by the CIO"."""
    if say.SUPPORT_LABEL.search(before):
        return ("supports", 0.9)
    if say.LABEL.search(before):
        return ("leads", 1.0)
    if say.ENTRY.match(before) and not after.strip(" .;)*_"):
        return ("leads", 0.8)
    if re.search(rf"\((?:see\s+|ask\s+|with\s+|by\s+|to\s+|now\s+)?{say.DET}$", before, re.I) and re.match(
        r"['’s]*\)", after
    ):
        return ("leads", 0.7)  # "fire drills at sea (the master)"
    if (
        possessive
        and re.search(rf"\b(?:is|are|was|were|be|remains?|stays?)\s+(?:\w+\s+)?{say.DET}$", before, re.I)
        and re.match(r"['’]s?\s*(?:$|[.,;:)]|(?:and|but|while|alone|to)\b)", after)
    ):
        negative = re.search(
            r"(?:\b(?:not|never|no\s+longer)|n['’]t)\s+(?:\w+\s+)?$", re.sub(rf"{say.DET}$", "", before), re.I
        )
        return ("is not", 0.9) if negative else ("leads", 1.0)  # "security is the officer's"
    if re.search(rf"\b(?:is|are)\s+(?:\w+\s+)?for\s+{say.DET}$", before, re.I) and re.match(
        r"\s+(?:alone\s+)?to\s+\w+", after
    ):
        negative = re.search(r"\bnot\s+for\b", before, re.I)
        return ("is not", 0.9) if negative else ("leads", 1.0)  # "... is for the team to say"
    if (
        not before.strip(" *_\"'“(")
        and re.match(r"[*_]*\s*(?::|\s[–—-]\s)", after)
        and len(after.split()) > 0
    ):
        return ("leads", 0.7)
    return None


def _modifies(after: str) -> bool:
    """Whether a name only qualifies the noun after it ("the ambassadors list", "the security team address")."""
    m = re.match(r"\s+([a-z][a-z-]+)\b", after)
    return bool(
        m
        and m.group(1) not in STOPWORDS
        and m.group(1) not in say.LOOSE
        and not m.group(1).endswith(("ly", "ing", "ed"))
        and not re.match(rf"{say.MODAL}\b|{say.OWNS}|{say.SUPPORTS}|{say.ACTS}", m.group(1), re.I)
    )


def _before(before: str, after: str, possessive: bool, size: int) -> Verdict:
    """What stands before the name: "owned by", "responsibility of", "contact", "rather than"."""
    if _modifies(after):
        return None
    if re.search(rf"\bkeep(?:s|ing)?\s+{say.DET}$", before, re.I) and re.match(
        r"\s+(?:informed|posted|updated|in\s+the\s+(?:loop|picture)|up\s+to\s+date)\b", after
    ):
        return ("supports", 0.8)
    if say.NOT.search(before):
        return ("is not", 0.9)
    if possessive:
        if re.match(r"['’]?s?\s+roles?\b(?!\s+(?:is|was|are)\s+to\b)", after):
            return ("leads", 0.4)
        if say.OWNED_THING.match(after):
            negative = re.search(r"\b(?:not|outside|beyond|never)\b(?:\s+\w+){0,3}\s*$", before, re.I)
            return ("is not", 0.8) if negative else ("leads", 0.8)
        return ("leads", 0.0)
    if say.HELPED.search(before):
        return ("supports", 0.8)
    if say.BELONGS.search(before):
        negative = re.search(
            r"(?:\b(?:not|never|no\s+longer)|n['’]t)\b(?!.*\b(?:without|unless|except)\b)", before[-60:], re.I
        )
        return ("is not", 0.9) if negative else ("leads", 1.0)
    if say.AGENT.search(before):
        negative = re.search(
            r"(?:\b(?:not|never|no\s+longer)|n['’]t)\b(?!.*\b(?:without|unless|except|until|only)\b)",
            before[-40:],
            re.I,
        )
        authorised = re.search(r"\bnot\s+(?:approved|authori[sz]ed|signed|agreed)\s+by\s+", before, re.I)
        return ("is not", 0.8) if negative and not authorised else ("leads", 0.9)
    if size > 1 and say.BETWEEN.search(before) and not say.APART.search(before):
        return ("shares", 0.8)
    if say.WITH.search(before):
        return ("shares", 0.7)
    if say.CONTACT.search(before):
        return ("leads", 0.6)
    if re.search(
        rf"\b(?:responsible|accountable|in\s*charge)\s+(?:for|of)\b[^.;]*?\b(?:is|are)\s+{say.DET}$",
        before,
        re.I,
    ):
        return ("leads", 1.0)  # "Responsible for lifts is the office."
    if say.BY.search(before):
        return ("leads", 0.7)
    if say.ONLY.search(before) and not re.search(r"^\s*it\s+is\s", before[-30:], re.I):
        return ("leads", 0.7)
    return None


def _after(before: str, after: str, size: int) -> Verdict:
    """What stands after the name: a predicate it is the subject of."""
    rest = re.sub(r"^\s*,[^,;]{0,80},(?=\s)", "", after).lstrip(" ,\n")
    rest = re.sub(r"^(?:who|which|that)\s+", "", rest, flags=re.I)
    rest = re.sub(rf"^{say.ADVERB}", "", rest, flags=re.I)
    rest = re.sub(r"^not\s+only\s+", "", rest, flags=re.I)
    if re.match(say.NEGATED, rest, re.I):
        return ("is not", 0.9) if say.LEADING.search(rest[:80]) else ("is not", 0.5)
    if size > 1 and (re.match(say.SHARES, rest, re.I) or say.MUTUAL.search(rest)):
        return ("shares", 0.9)
    modal = (
        re.match(rf"{say.MODAL}\b\s*", rest, re.I)
        if not re.fullmatch(rf"{say.MODAL}[:\s]*", rest, re.I)
        else None
    )
    if modal:
        rest = re.sub(r"^,[^,;]{0,60},\s*", "", rest[modal.end() :].lstrip())
        rest = re.sub(rf"^(?:not\s+)?{say.ADVERB}", "", rest, flags=re.I)
    if re.match(say.SUPPORTS, rest, re.I):
        return ("supports", 0.9)
    if re.match(say.SHARES, rest, re.I):
        return ("shares", 0.8)
    if re.match(say.OWNS, rest, re.I):
        return ("leads", 0.7 if re.match(r"(?:was|were|had|owned|led)\b", rest, re.I) else 1.0)
    if re.match(rf"{say.BE}\s", rest, re.I):
        if re.match(
            rf"{say.BE}\s+{say.ADVERB}(?:(?:required|expected|asked|free|able|obliged|bound|encouraged|supposed)\s+to|focused\s+on|working\s+on)\b",
            rest,
            re.I,
        ):
            return ("leads", 0.7)
        return None  # a state, or the passive: something is done to the role
    if re.match(say.IDLE, rest, re.I):
        return None
    if modal and not re.match(say.STATIVE, rest, re.I):
        return ("leads", 0.8)
    if re.fullmatch(rf"{say.MODAL}[:\s]*", rest, re.I):
        return ("leads", 0.9)  # "The committee may:" before a list
    if re.match(r"(?:\w+\s+){1,6}to\s+(?:support|help|assist|advise)\b", rest, re.I):
        return ("supports", 0.6)
    if re.match(say.ACTS, rest, re.I):
        return ("leads", 0.6)
    does = re.match(rf"([a-z]{{3,}})\s+{say.OBJECT}", rest)
    if (
        does
        and does.group(1) not in STOPWORDS
        and not re.match(say.STATIVE, re.sub(r"s$", "", does.group(1)))
    ):
        return ("leads", 0.6)  # any other verb with an object: "identifies the developers"
    if not before.strip(" *_-–—") and re.match(r"to\s+[a-z]{3,}\b", rest):
        return ("leads", 0.8)  # "The clerk to write to the owner": a task in minutes
    if re.match(r"ha(?:s|ve)\s+(?:\S+\s+){1,5}?(?:in\s+which\s+)?to\s+\w+", rest, re.I):
        return ("leads", 0.7)  # "has two days to object"
    if re.match(r"(?:does|do)\s*(?:that|this|it|so|them|these|those|both|[,.)]|$)", rest, re.I):
        return ("leads", 0.9)  # "Who resets it? The desk does."
    return None
