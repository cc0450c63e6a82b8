"""Stances: what the readings of a sentence come to, each with what it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest import topics
from ingest.records import Stance
from ingest.relations import Reading
from ingest.roles import Mention
from ingest.speech import ABSENCE, BE, MODAL
from ingest.words import stems

_THEY = re.compile(
    rf"\W*(?:both|either|they|these|those)\s+(?:of\s+(?:them|these|those)\s+)?(?:{BE}|{MODAL}|has|have)\b",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"\b(?:this|that|these|those|such|the\s+same)\s+(?P<thing>\w+)", re.IGNORECASE)
_CASE = re.compile(r"\b(?:if|when|whenever|unless|where)\b[^,;]*$", re.IGNORECASE)
# An item that is a sentence of its own: "If it concerns the clerk, the bursar decides."
_IN_CASE = re.compile(
    r"\W*(?:if|when|whenever|where|unless|in\s+case)\b[^.;]*,\s*(?:(?:the|an?|our|its)\s+)?", re.IGNORECASE
)
_FINITE = re.compile(r"\b(?:is|are|was|were|be|been|being)\b", re.IGNORECASE)
STARTS = re.compile(r"[\W_]+|\b(?:the|an?|our|its|each|every)\b", re.IGNORECASE)
_EXCEPT = re.compile(r",?\s+except\s+(?:for|in)\b", re.IGNORECASE)
_WHICH = re.compile(r"\s*which\b", re.IGNORECASE)
_LAST_PART = re.compile(
    r"[,;:]|\b(?:except(?:\s+for)?|including|other\s+than|apart\s+from|and|but)\b", re.IGNORECASE
)
_PASSIVE = re.compile(rf"\b(?:{MODAL}\s+)?{BE}\b", re.IGNORECASE)
# Between two names, the next thing that is done: "and then sent to", "and approval by".
_STEP = re.compile(
    rf"\s*(?:,\s*)?(?:(?:and|but|or)\s+)?(?:{MODAL}\s+(?:be\s+)?)?(?:(?:then|finally|afterwards|later|also|only|\w+ly)\s+)*"
    r"(?:(?:\w+(?:ed|en|wn)|set|held|kept|made|put|paid|sent|taken|given|brought)\b(?!\s+on\b)"
    r"|(?:approval|review|decision|ratification|confirmation|consideration|signature|comments?|adoption)\s+(?:by|of|from)\b)",
    re.IGNORECASE,
)
# What people are given, and do not decide on.
_GIVEN = re.compile(
    r"\b(?:salar(?:y|ies)|wages?|pay|bonus(?:es)?|allowances?|leave|holidays?|terms?)\b", re.IGNORECASE
)
# After a name, up to where or from where on: "the clerk up to 500".
_LIMIT = re.compile(
    r"\s*(?:[,(]\s*)?(?:may\s+\w+\s+)?(?:up\s+to|above|more\s+than|at\s+most)\s+"
    r"(?:[£$€]\s?|[A-Z]{3}\s)?\d",
    re.IGNORECASE,
)
NOT = re.compile(r"\b(?:not|never|cannot)\b|n['’]t\b", re.IGNORECASE)
SHORT = 4  # a topic of fewer content words needs what the sentence before says


def stances_of(text: str, readings: Sequence[Reading]) -> list[Stance]:
    """A stance for each reading, about what its clause is about."""
    by_clause: dict[tuple[int, int], str] = {}
    for r in readings:
        span = (r.start, r.end)
        if span not in by_clause:
            told = [o.told for o in readings if r.start <= o.told[0] and o.told[1] <= r.end]
            clause = text[r.start : r.end]
            if (m := _EXCEPT.search(clause)) and all(b <= r.start + m.start() for _, b in told):
                clause = clause[: m.start()]  # what the relative clause after it is about
            topic = topics.reduce(clause, [(a - r.start, b - r.start) for a, b in told])
            if _WHICH.match(text[r.start : r.end]):
                # "..., except drinks, which the bar crew pays": the clause is about the drinks.
                topic = f"{topics.trim(_LAST_PART.split(text[: r.start].rstrip(' ,'))[-1])} {topic}".strip()
            if ABSENCE.search(clause) and not ABSENCE.search(topic):
                topic = f"in absence: {topic}".rstrip(" :")
            by_clause[span] = topic
    # "..., and the CIO decides": the clause is about what the sentence is about.
    whole = topics.reduce(text, [r.told for r in readings]) if "" in by_clause.values() else ""
    steps = _steps(text, readings)
    return [
        Stance(
            r.role,
            r.relation,
            steps.get(r.names) or by_clause[r.start, r.end] or whole,
            r.strength,
            r.names[0] == r.names[1],
        )
        for r in readings
    ]


def _steps(text: str, readings: Sequence[Reading]) -> dict[tuple[int, int], str]:
    """What each of several does with one thing, by where each is named; empty without such steps.

    "Bills are checked by the clerk and then sent to the bursar": the checking is the clerk's.
    """
    found: dict[tuple[int, int], str] = {}
    for start, end in dict.fromkeys((r.start, r.end) for r in readings):
        places = sorted({r.names for r in readings if (r.start, r.end) == (start, end)})
        passive = _PASSIVE.search(text, start, places[0][0])
        between = [text[a[1] : b[0]] for a, b in pairwise(places)]
        if passive is None or not between or not all(map(_STEP.match, between)):
            continue
        thing = text[start : passive.start()]
        begins = [passive.end(), *(b for _, b in places)]
        ends = [*(b for _, b in places[:-1]), end]
        for (a, b), first, last in zip(places, begins, ends, strict=False):
            said = f"{thing} {text[first:last]}"
            at = len(thing) + 1 - first
            found[a, b] = topics.reduce(said, [(at + a, at + b)])
    return found


def graded(text: str, mentions: Sequence[Mention]) -> list[Stance]:
    """Who may do a thing up to which limit: "Discounts: the clerk up to 5 %, the manager up to 20 %"."""
    ends = [*(m.start for m in mentions[1:]), len(text)]
    if len(mentions) < 2 or not all(_LIMIT.match(text, m.end) for m in mentions):
        return []
    thing = text[: mentions[0].start].partition(":")[0]
    if NOT.search(thing) or _GIVEN.search(thing):
        return []
    return [
        Stance(m.role, "leads", topics.trim(f"{thing}: {text[m.end : end].strip()}"), 0.9)
        for m, end in zip(mentions, ends, strict=True)
    ]


def shows(text: str, topic: str) -> bool:
    """Whether ``text`` is about what ``topic`` names: "both are kept by ...", "that plan is for ..."."""
    if _THEY.match(text):
        return True
    spoken = set(stems(topic))
    return any(spoken.intersection(stems(m["thing"])) for m in _SHOWN.finditer(text))


def about(stance: Stance, topic: str, *, shown: bool = False) -> Stance:
    """A stance with ``topic``, spoken of before, when it says too little alone or its thing is ``shown``."""
    if not topic or (len(stems(stance.topic)) >= SHORT and not shown):
        return stance
    return replace(stance, topic=f"{topic}: {stance.topic}" if stance.topic else topic)


def continued(text: str, readings: Sequence[Reading]) -> list[Reading]:
    """The readings of an item that goes on with a sentence whose subject stands above it.

    Who is written to, or agrees, or is named in a relative clause, is not who acts.
    """
    found: list[Reading] = []
    for r in readings:
        if r.way == "consent":
            found.append(replace(r, relation="supports", strength=0.8 * r.strength))
            continue
        ahead = text[: r.names[0]]
        modifies = (r.way == "agent" and not _FINITE.search(ahead)) or (
            r.way == "subject" and re.search(r"\w\s+\w", STARTS.sub(" ", ahead))
        )
        if (r.way != "address" and not modifies and not _CASE.search(ahead)) or _IN_CASE.fullmatch(ahead):
            found.append(r)
    return found
