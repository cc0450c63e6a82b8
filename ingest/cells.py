"""What a table row says of whom: by the names of its columns, or by letters under the names of roles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest import topics
from ingest.records import Block, Relation, Stance
from ingest.roles import Mention, RoleBook
from ingest.words import bare

_LEADS_COLUMN = re.compile(
    r"\b(?:owner\w*|owned|leads?|accountable|accountability|responsib\w+|decides?|decision|decider|decision-maker|approv\w+|who|team|contact|ask|"
    r"role|sign\w*|DRI|maintain\w*|steward\w*|sponsor\w*|custodian\w*|chair\w*|head\w*|authori[sz]\w+|authority|delegate\w*|in\s+charge|"
    r"held\s+by|run\s+by|handled\s+by|managed\s+by|looked\s+after\s+by|(?:go|talk|speak|turn|write)\s+to|whom|department|body|officer|function|post|position|person|(?:last|final)\s+(?:word|say)|says)\b",
    re.I,
)
_OWNER_COLUMN = re.compile(r"\b(?:owner|accountable|lead)\b", re.I)
_SUPPORT_COLUMN = re.compile(
    r"\b(?:consult\w*|support\w*|deputy|backup|back-up|stand-in|contribut\w+|input|advis\w+|assist\w*|heard(?!\s+by)|cover|substitute|alternate|secondary|second|reserve|understudy|helps?|helped)\b",
    re.I,
)
_FIRST_COLUMN = re.compile(
    r"\b(?:responsib\w+|duties|scope|remit|areas?|tasks?|what|owns?|decides?|looks?\s+after|covers?|for|powers?|matters?)\b",
    re.I,
)
# A role in brackets behind another: "CTO (admin rights: Platform Squad)".
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_RESTRICTS = re.compile(r"\d|\b(?:not|no|never|only|unless|except|if|over|above|from)\b", re.I)
_OTHER_COLUMN = re.compile(
    r"\b(?:inform\w*|told(?!\s+what)|notif\w+|copied(?!\s+by)|cop(?:y|ies)\s+to|cc|fyi|kept\s+(?:posted|up\s+to\s+date)|notes?|remarks?|comments?|members?|reports?\s+to)\b",
    re.I,
)
# What people write under a role's name in place of R, A, C, I.
_LETTERS = {
    **dict.fromkeys(
        (
            "yes",
            "x",
            "owner",
            "owns",
            "decides",
            "accountable",
            "leads",
            "lead",
            "approves",
            "signs",
            "signs off",
            "approval",
            "approve",
            "approval required",
            "approval needed",
            "sign-off",
            "signature",
            "decision",
            "✓",
            "✔",
            "●",
        ),
        "A",
    ),
    **dict.fromkeys(("responsible", "does", "executes", "does it", "performs"), "R"),
    **dict.fromkeys(
        ("consulted", "is consulted", "supports", "support", "advises", "contributes", "helps", "assists"),
        "C",
    ),
    **dict.fromkeys(("informed", "is informed", "told", "inform", "notify", "notified", "is notified"), "I"),
    **dict.fromkeys(("no", "n/a", "none", "not involved"), ""),
}
# What comes before the name of who is asked or told and has no say: "the dean, after the senate has been heard".
_BESIDE = re.compile(
    r"\b(?:consult\w*|inform\w*|(?:advice|proposal|recommendation|request|requisition)|with\s+the\s+(?:help|support))\b",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\b(?:after|once)\b", re.IGNORECASE)
_DONE = re.compile(r"\s+(?:has|have|is|are|was|were)\b", re.IGNORECASE)
# What single letters at the heads of columns stand for.
_CHARTED = {
    "A": "accountable",
    "R": "responsible",
    "D": "decides",
    "S": "supports",
    "C": "consulted",
    "I": "informed",
}
CHARTS = ("RA", "RCI", "DACI")  # what is one has at least these
_RACI = re.compile(r"^\(?[RACISX✓✔](?:\s*[/,&+]\s*[RACISX])*\)?$")


@dataclass(frozen=True, slots=True)
class Row:
    """What a row is about ("" when about nothing) and what it says of the roles it names."""

    topic: str
    stances: tuple[Stance, ...]


def read_row(text: str, block: Block, roles: RoleBook) -> Row:
    """What the row ``block`` of the document ``text`` says; a row that names nobody has no stances."""
    stances: list[Stance] = []
    about: list[str] = []
    letters: dict[str, str] = {}
    columns = _spelt(block.columns)
    for k, (a, b) in enumerate(block.cells):
        cell = bare(text[a:b]).strip()
        column = columns[k] if k < len(columns) else ""
        heads = roles.mentions(column)
        noted = _BRACKETS.search(cell)  # "Approval (in writing)", but not "Approval (not needed)"
        plain = noted is not None and not _RESTRICTS.search(noted[0])
        alone = _BRACKETS.sub("", cell).strip() if plain else cell
        letter = _LETTERS.get(alone.lower().rstrip("."), cell.upper())
        if heads and (_RACI.match(letter) or not letter or letter in "-–—"):
            letters[heads[0].role] = letter
            continue
        mentions = roles.mentions(cell)
        first = k == 0 and not (_LEADS_COLUMN.search(column) and len(block.cells) > 1)
        if mentions and not first and not _OTHER_COLUMN.search(column):
            helps = bool(_SUPPORT_COLUMN.search(column)) and not _OWNER_COLUMN.search(column)
            stances += _named(cell, mentions, helps, 1.0 if _LEADS_COLUMN.search(column) else 0.6)
            if not helps:
                about.append(topics.reduce(cell, [(m.start, m.end) for m in mentions]))
        elif any(c.isalpha() for c in cell) and not _OTHER_COLUMN.search(column):
            about.append(cell)
    stances += _by_letters(letters)
    if not stances and len(about) > 1:
        stances += _first(text, block, roles)
        about = about[1:] if stances else about
    topic = "; ".join(a for a in about if a)
    return Row(topic, tuple(replace(s, topic=topic) for s in stances))


def _spelt(columns: Sequence[str]) -> tuple[str, ...]:
    """The heads of columns, those of a RACI chart in words. Where some are accountable the others help."""
    letters = [c.strip(" *_.()").upper() for c in columns]
    charted = [c for c in letters if len(c) == 1]
    known = set(charted) <= _CHARTED.keys() and len(set(charted)) == len(charted)
    if not known or not any(set(kind) <= set(charted) for kind in CHARTS):
        return tuple(columns)
    helping = "RD" if "A" in charted else "R" if "D" in charted else ""
    return tuple(
        _CHARTED["S" if letter in helping else letter] if len(letter) == 1 else column
        for letter, column in zip(letters, columns, strict=True)
    )


def _named(cell: str, mentions: Sequence[Mention], helps: bool, strength: float) -> list[Stance]:
    """The stances on the roles of a cell; who stands in brackets behind another one, or is asked or told, helps."""
    aside = [m.span() for m in _BRACKETS.finditer(cell)]
    ends = (0, *(m.end for m in mentions))
    inner = {
        m.role
        for end, m in zip(ends, mentions, strict=False)
        if any(a <= m.start and m.end <= b for a, b in aside)
        or _BESIDE.search(cell, end, m.start)
        or (_AFTER.search(cell, end, m.start) and _DONE.match(cell, m.end))
    }
    outer = list(dict.fromkeys(m.role for m in mentions if m.role not in inner))
    owning = outer or list(dict.fromkeys(m.role for m in mentions))
    relation: Relation = "supports" if helps else "leads" if len(owning) == 1 else "shares"
    found = [Stance(r, relation, "", strength) for r in owning]
    return found + [
        Stance(r, "supports", "", 0.8 * strength)
        for r in dict.fromkeys(m.role for m in mentions)
        if r not in owning
    ]


def _first(text: str, block: Block, roles: RoleBook) -> list[Stance]:
    """The role that a row begins with and is nothing but, when the columns say what it is for."""
    cell = bare(text[slice(*block.cells[0])])
    mentions = roles.mentions(cell)
    rest = block.columns[1:]
    if len(mentions) != 1 or not any(_FIRST_COLUMN.search(c) for c in rest):
        return []
    if re.sub(r"[\W_]|\bthe\b", "", cell[: mentions[0].start] + cell[mentions[0].end :], flags=re.I):
        return []
    return [Stance(mentions[0].role, "leads", "", 0.9)]


def _by_letters(letters: dict[str, str]) -> Sequence[Stance]:
    """Owner is who is accountable (A), else who is responsible (R); the other of the two, C and S support."""
    owner = next((mark for mark in "AR" if any(mark in v for v in letters.values())), "X✓✔")
    owning = [r for r, v in letters.items() if any(c in owner for c in v)]
    relation: Relation = "leads" if len(owning) == 1 else "shares"
    helping = [r for r, v in letters.items() if r not in owning and any(c in "RCS" for c in v)]
    return [
        *(Stance(r, relation, "", 1.0) for r in owning),
        *(Stance(r, "supports", "", 0.9) for r in helping),
    ]
