"""What the words around a name say of whom it names: a label, an agent, an address, a subject and its predicate.

The rules are patterns over the text before and after the name, in the spirit of Hearst's lexico-syntactic patterns
(COLING 1992): none knows a topic or an organisation. The words themselves stand in ``ingest.speech``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingest import speech as say
from ingest.people import BODIES, names_office, names_people
from ingest.records import Relation
from ingest.words import STOPWORDS

# How the sentence names a role: as the subject of a predicate, as who something is done by, in a label, as an
# address to turn to, as whose consent or direction somebody else acts with, beside another, or as an owner.
Way = Literal["subject", "agent", "label", "address", "consent", "beside", "owner"]


@dataclass(frozen=True, slots=True)
class Cue:
    """A relation, how plainly it is said (0 to 1), and by which way of naming.

    ``told`` is where in the clause before the name the words begin that tell only the relation, -1 for none.
    """

    relation: Relation
    strength: float
    way: Way
    told: int = -1


def cue(masked: str, start: int, end: int, group: Sequence[int]) -> Cue | None:
    """What the clause ``start:end`` of a masked text says of the names at the places ``group``; None for nothing."""
    before = masked[start : group[0]]
    if say.WHICH_THEY.search(masked[max(0, start - 3) : group[0]]):
        return None  # "the panel, which the dean chairs": the dean is not said to have what the panel has
    after = re.sub(r"^\s*\([^)]{0,80}\)", "", masked[group[-1] + 1 : end])
    if (m := re.match(r"\s+([A-Z][a-z]+)\b", after)) and names_office(m.group(1).lower()):
        return None  # "the Awards Committee Chair"
    if (m := say.MEETS.match(after)) and say.TO_MEETING.search(before):
        before, after = say.TO_MEETING.sub("", before), after[m.end() :]
    if m := say.PEOPLE.match(after):
        after = after[m.end() :]  # "the clerk's team"
    if re.match(r"['’](?:s|re)\s+(?:the\s+(?:one|person|team)|in\s+charge|responsible|accountable)\b", after):
        after = re.sub(r"^['’](?:s|re)", " is", after)  # "she's the one who ..."
    if say.NO_ONE.search(before):
        return Cue("is not", 0.8, "subject")  # "no clerk may lower a fee"
    possessive = bool(re.match(r"['’]s?(?=\s|[.,;:)]|$)", after))
    if len(group) > 1 and say.NOT_ONE.search(before):
        return Cue("shares", 0.9, "owner")
    said = _label(before, after, possessive) or _before(before, after, possessive, len(group))
    if said is not None and said.way in ("address", "beside") and (m := say.WHO_DOES.match(after)):
        return _predicate("-", after[m.end() :], len(group)) or said  # "talk to the clerk who keeps the keys"
    return said or _after(before, after, len(group))


def _label(before: str, after: str, possessive: bool) -> Cue | None:
    """Labels: "Owner: the CIO", "CIO: budgets, hiring", "Owned by the CIO"."""
    if m := say.SUPPORT_LABEL.search(before):
        return Cue("supports", 0.9, "label", m.start())
    if m := say.LABEL.search(before):
        return Cue("leads", 1.0, "label")
    if re.search(rf"\w\s*\([^()]*{say.NAME}\s*,\s*(?:the\s+)?$", before) and re.match(r"['’s]*\)", after):
        return Cue("supports", 0.6, "label")  # "keys (warden, boatman)": the second stands in
    entry = say.ENTRY.match(before)
    if entry and not after.strip(" .;)*_"):
        return Cue("leads", 0.8, "label")
    if entry and entry.group("mark").strip() not in ("", ",") and say.QUALIFIED.match(after):
        return Cue("leads", 0.8, "label")  # "hiring: the dean, on the advice of ..."
    if say.AS_ONE.fullmatch(before) and say.DOING.fullmatch(after):
        return Cue("leads", 0.8, "label")
    if re.search(say.ANSWER, before) or (say.THAT_IS.search(before) and not after.strip(" .!;)*_")):
        return Cue("leads", 0.9, "label")  # "Who mends the roof? The office."
    if re.search(
        rf"\((?:see\s+|ask\s+|with\s+|by\s+|to\s+|now\s+|that\s+is\s+)?{say.DET}$", before, re.I
    ) and re.match(r"['’s]*[),;]", after):
        return Cue("leads", 0.7, "label")  # "fire drills at sea (the master)"
    if (
        possessive
        and re.search(rf"\b(?:is|are|was|were|be|remains?|stays?)\s+(?:\w+\s+)?{say.DET}$", before, re.I)
        and re.match(r"['’]s?\s*(?:$|[.,;:)]|(?:and|but|while|alone|to)\b)", after)
    ):
        negative = re.search(
            r"(?:\b(?:not|never|no\s+longer)|n['’]t)\s+(?:\w+\s+)?$", re.sub(rf"{say.DET}$", "", before), re.I
        )
        return Cue("is not", 0.9, "owner") if negative else Cue("leads", 1.0, "owner")
    if re.search(rf"\b(?:is|are)\s+(?:\w+\s+)?for\s+{say.DET}$", before, re.I) and re.match(
        r"\s+(?:alone\s+)?to\s+\w+", after
    ):
        negative = re.search(r"\bnot\s+for\b", before, re.I)
        return Cue("is not", 0.9, "owner") if negative else Cue("leads", 1.0, "owner")
    if say.FOR_THEM.search(before) and after.strip(" .;!)") in ("", "alone", "only"):
        return Cue("leads", 0.7, "owner")  # "queries about pay are for the office"
    if (
        not before.strip(" *_\"'“(")
        and re.match(r"[*_]*\s*(?::|\s[–—-]\s)", after)
        and not re.fullmatch(rf"[*_]*\s*:[*_\s]*{say.DET}{say.NAME}[\s*_.]*", after)  # "Chair: the dean"
        and len(after.split()) > 0
    ):
        return Cue("leads", 0.7, "label")
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


def _before(before: str, after: str, possessive: bool, size: int) -> Cue | None:
    """What stands before the name: "owned by", "responsibility of", "contact", "rather than"."""
    if m := say.NOR.search(before):
        return Cue("is not", 0.9, "beside", m.start())
    denied = re.search(r"\b(?:not|no|never|neither|nor|without)\b|n['’]t\b", before, re.I)
    if not denied and say.THEIR_WORD.match(after) and (m := say.NEEDED.search(f"{before}|{after}")):
        # "needs dean approval"; "dean approval is needed", whoever else does something
        return Cue("leads", 0.9, "owner" if m.group().startswith("|") else "consent")
    if _modifies(after):
        return None
    if re.search(rf"\bkeep(?:s|ing)?\s+{say.DET}$", before, re.I) and re.match(
        r"\s+(?:informed|posted|updated|in\s+the\s+(?:loop|picture)|up\s+to\s+date)\b", after
    ):
        return Cue("supports", 0.8, "owner")
    if re.search(rf"\bwith\s+{say.DET}$", before, re.I) and re.match(
        r"\s+(?:in\s+support|supporting|assisting|helping|advising)\b", after
    ):
        return Cue("supports", 0.8, "beside")
    if re.search(rf"\bwith\s+{say.DET}$", before, re.I) and say.WATCHES.match(after):
        return Cue("supports", 0.8, "beside")
    if say.ONCE.search(before) and say.AGREES.match(after):
        return Cue("leads", 0.9, "consent")
    if say.UNLESS.search(before) and say.HAS_LET.match(after):
        return Cue("leads", 0.6, "consent")
    if m := say.NONE_BUT.search(before):
        return Cue("leads", 1.0, "owner", m.start())
    if m := say.NOT.search(before):
        return Cue("is not", 0.9, "beside", m.start())
    if possessive:
        if re.match(r"['’]?s?\s+roles?\b(?!\s+(?:is|was|are)\s+to\b)", after):
            return Cue("leads", 0.4, "owner")
        if say.OWNED_THING.match(after):
            negative = re.search(
                r"(?:\b(?:not|outside|beyond|never)\b|n['’]t\b)(?:\s+\w+){0,3}\s*$", before, re.I
            )
            return Cue("is not", 0.8, "owner") if negative else Cue("leads", 0.8, "owner")
        return Cue("leads", 0.0, "owner")
    if m := say.ON_BEHALF.search(before):
        return Cue("leads", 0.0, "consent", m.start())
    if m := say.CONSENT.search(before):
        return Cue("leads", 1.0, "consent", m.start())
    if (m := say.HELPED.search(before)) and not say.LISTED_DEED.search(before[: m.start()]):
        return Cue("supports", 0.8, "beside", m.start())
    if say.PASSED_ON.search(before):
        return None
    if (m := say.BELONGS.search(before)) and not (
        say.AGAINST.search(before[: m.start()]) or say.TAKEN_ON.search(before[: m.start()])
    ):
        if _denied(before[-60:]):
            return Cue("is not", 0.9, "owner")
        joint = re.search(r"\b(?:joint|shared|common|collective)\s+$", before[: m.start()], re.I)
        return Cue("shares" if joint else "leads", 1.0, "owner", _told(m))
    if m := say.AGENT.search(before):
        authorised = re.search(r"\bnot\s+(?:approved|authori[sz]ed|signed|agreed)\s+by\s+", before, re.I)
        # "a licence that isn't on the list, have it cleared by the clerk": denied is something else
        if _denied(before[-40:].rpartition(",")[2]) and not authorised:
            return Cue("is not", 0.8, "agent")
        return Cue("leads", 0.9, "agent")
    if say.AGENT_TOO.search(before) and say.NO_TIME.match(after) and not _denied(before[-60:]):
        return Cue("leads", 0.9, "agent")
    if size > 1 and say.BETWEEN.search(before) and not say.APART.search(before):
        return Cue("shares", 0.8, "owner")
    if re.search(say.SHARES_PLACE, before, re.I) or say.REPORTS.search(before):
        return None
    if m := say.WITH.search(before):
        return Cue("shares", 0.7, "beside", m.start())
    if (m := say.CONTACT.search(before)) and say.DO_NOT.search(before, 0, m.start()):
        return Cue("is not", 0.6, "address")
    if (m := say.CONTACT.search(before)) or (
        (m := say.LAID_BEFORE.search(before)) and say.NO_TIME.match(after)
    ):
        return Cue("leads", 0.6, "address", _told(m))
    if (m := say.TELL.match(before)) and not say.TOLD_THAT.match(after):
        return Cue("leads", 0.6, "address", m.start())
    if re.search(
        rf"\b(?:responsible|accountable|in\s*charge)\s+(?:for|of)\b[^.;]*?\b(?:is|are)\s+{say.DET}$",
        before,
        re.I,
    ):
        return Cue("leads", 1.0, "owner")  # "Responsible for lifts is the office."
    if say.COMES_FROM.search(before):
        return Cue("leads", 0.6, "agent")
    if say.BY.search(before):
        return Cue("leads", 0.7, "agent")
    if size > 1 and say.OPEN.search(before):
        return Cue("leads", 0.7, "owner")  # "it is open who decides, the A or the B"
    if say.OFFICERS_ARE.search(before):
        return Cue("leads", 0.7, "owner")
    if say.ONLY.search(before) and not re.search(r"^\s*it\s+is\s", before[-30:], re.I):
        return Cue("leads", 0.9 if re.match(r"\s+(?:who|that)\b", after) else 0.7, "owner")
    return None


def _told(match: re.Match[str]) -> int:
    """Where the words of a match begin; -1 when there are so many that they tell of the thing as well."""
    said = re.sub(rf"{say.DET}$", "", match.group(), flags=re.I).split()
    return match.start() if len(said) <= 2 or match.group().lower().startswith("get in touch") else -1


def _denied(before: str) -> bool:
    """Whether the last verb of ``before`` is denied, and not only outside of an exception or a condition."""
    before = say.ASIDE_CONDITION.sub(" ", before)
    before = re.split(
        r",\s+(?=(?:that|this|which|it|but)\s+(?:is|are|was|has|falls|lies|belongs)\b)", before
    )[-1]
    return bool(
        re.search(
            r"(?:\b(?:not|never|no\s+longer)|n['’]t)\b(?!.*\b(?:without|unless|except|until|only)\b)",
            before,
            re.I,
        )
    )


def _after(before: str, after: str, size: int) -> Cue | None:
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
            found = _predicate("-", later, size)
            if found is not None:
                aside = re.search(r"\b(?:before|after|until)\b", m.group(), re.I)
                return replace(found, strength=0.5 * found.strength) if aside else found
    return None


def _predicate(before: str, rest: str, size: int) -> Cue | None:
    """What the predicate ``rest`` says of its subject."""
    rest = re.sub(rf"^{say.ADVERB}", "", rest, flags=re.I)
    rest = say.NOT_ONLY.sub("", rest)
    rest = re.sub(r"^(?:wants?|likes?|prefers?)\s+to\s+(?=[a-z])", "", rest)
    if re.match(say.NEGATED, rest, re.I):
        if say.ABSENCE.match(re.sub(rf"^(?:{say.BE}|{say.MODAL})\s+", "", rest, flags=re.I)):
            return None  # "when the clerk is not available"
        return Cue("is not", 0.9 if say.LEADING.search(rest[:80]) else 0.5, "subject")
    if re.match(say.HEARD, rest, re.I):
        return Cue("supports", 0.8, "subject")
    if size > 1 and (re.match(say.SHARES, rest, re.I) or say.MUTUAL.search(rest)):
        return Cue("shares", 0.9, "subject")
    if (m := say.BECOMES.match(rest)) and names_people(m.group("noun").lower()):
        return Cue("leads", 0.7, "subject")  # "will be the investigator"
    modal = (
        re.match(rf"{say.MODAL}\b\s*", rest, re.I)
        if not re.fullmatch(rf"{say.MODAL}[:\s]*", rest, re.I)
        else None
    )
    if modal:
        rest = re.sub(r"^,[^,;]{0,60},\s*", "", rest[modal.end() :].lstrip())
        rest = re.sub(rf"^(?:not\s+)?{say.ADVERB}", "", rest, flags=re.I)
    if re.match(say.SUPPORTS, rest, re.I):
        return Cue("supports", 0.9, "subject")
    if re.match(say.SHARES, rest, re.I):
        if re.match(say.SHARES_PLACE, rest, re.I):
            return None
        told = size == 1 and re.match(say.TELLS, rest, re.I)
        return Cue("leads", 0.6, "subject") if told else Cue("shares", 0.8, "subject")
    if say.HAS_IT_DONE.match(rest):
        return Cue("leads", 0.6, "subject")  # "has it repaired"
    if re.match(rf"{say.DEEMS}|{say.WISHES}", rest, re.I):
        return None
    if re.match(say.INSTRUCTED, rest, re.I):
        return None  # "takes orders from the board"
    if re.match(say.OWNS, rest, re.I):
        past = re.match(r"(?:was|were|had|owned|led)\b", rest, re.I)
        return Cue("leads", 0.7 if past else 1.0, "subject")
    if (modal and re.match(say.CALLED, rest, re.I)) or re.match(say.CALLED_OUT, rest, re.I):
        return Cue("leads", 0.6, "address")  # "above that the director has to be rung"
    if re.match(say.COVERS, rest, re.I):
        return Cue("leads", 0.6, "subject")
    if m := say.ARE_WHO.match(rest):
        return _predicate("-", rest[m.end() :], size)  # "are the people who publish releases"
    if re.match(rf"{say.BE}\s", rest, re.I):
        if re.match(
            rf"{say.BE}\s+{say.ADVERB}(?:(?:required|expected|asked|free|able|obliged|bound|encouraged|supposed)\s+to|focused\s+on|working\s+on|(?:willing|ready|prepared|happy|glad|pleased)\s+to)\b",
            rest,
            re.I,
        ):
            return Cue("leads", 0.7, "subject")
        return None  # a state, or the passive: something is done to the role
    if re.match(say.IDLE, rest, re.I):
        return None
    if modal and not re.match(say.STATIVE, rest, re.I):
        return Cue("leads", 0.8, "subject")
    if re.fullmatch(rf"{say.MODAL}[:\s]*", rest, re.I):
        return Cue("leads", 0.9, "subject")  # "The committee may:" before a list
    if re.match(r"(?:\w+\s+){1,6}to\s+(?:support|help|assist|advise)\b", rest, re.I):
        return Cue("supports", 0.6, "subject")
    done = re.match(r"ha(?:s|ve|d)\s+", rest, re.I)
    deed = rest[done.end() :] if done else rest
    if re.match(say.ACTS, deed, re.I) and not re.match(say.IDLE, deed, re.I):
        return Cue("leads", 0.6, "subject")
    if _does(rest) or re.match(say.GAPPED, rest, re.I):
        return Cue("leads", 0.6, "subject")
    if not re.sub(r"^\W*\w+:", "", before).strip(" *_-–—") and re.match(r"to\s+[a-z]{3,}\b", rest):
        return Cue("leads", 0.8, "subject")  # "The clerk to write to the owner": a task in minutes
    if re.match(r"ha(?:s|ve)\s+(?:\w+\s+)?access\s+to\b", rest, re.I):
        return Cue("leads", 0.4, "subject")  # whoever may look at a thing need not own it
    if re.match(r"ha(?:s|ve)\s+(?:\S+\s+){1,5}?(?:in\s+which\s+)?to\s+\w+", rest, re.I):
        return Cue("leads", 0.7, "subject")  # "has two days to object"
    if re.match(r"(?:does|do)\s+(?:all|most|the|any|every)\b", rest, re.I):
        return Cue("leads", 0.6, "subject")  # "does the mowing"
    if re.match(r"(?:does|do)\s*(?:that|this|it|so|them|these|those|both|[,.)]|$)", rest, re.I):
        return Cue("leads", 0.9, "subject")  # "Who resets it? The desk does."
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
