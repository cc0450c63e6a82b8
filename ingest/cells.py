"""What a table row says of whom: by the names of its columns, or by letters under the names of roles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest import topics
from ingest.records import Block, Relation, Stance
from ingest.roles import RoleBook
from ingest.words import bare

_LEADS_COLUMN = re.compile(
    r"\b(?:owner|owned|lead|leads|accountable|responsible|decides?|decision|approv\w+|who|team|contact|ask|role|sign\w*)\b",
    re.I,
)
_SUPPORT_COLUMN = re.compile(
    r"\b(?:consult\w*|support\w*|deputy|backup|back-up|stand-in|contribut\w+|input|advis\w+|assist\w*)\b",
    re.I,
)
_OTHER_COLUMN = re.compile(r"\b(?:inform\w*|notes?|remarks?|comments?|members?|reports?\s+to)\b", re.I)
# What people write under a role's name in place of R, A, C, I.
_LETTERS = {
    **dict.fromkeys(
        ("yes", "x", "owner", "owns", "decides", "accountable", "leads", "lead", "approves"), "A"
    ),
    **dict.fromkeys(("responsible", "does", "executes"), "R"),
    **dict.fromkeys(("consulted", "supports", "support", "advises", "contributes"), "C"),
    **dict.fromkeys(("informed",), "I"),
    **dict.fromkeys(("no", "n/a", "none"), ""),
}
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
    for k, (a, b) in enumerate(block.cells):
        cell = bare(text[a:b]).strip()
        column = block.columns[k] if k < len(block.columns) else ""
        heads = roles.mentions(column)
        letter = _LETTERS.get(cell.lower().rstrip("."), cell.upper())
        if heads and (_RACI.match(letter) or not letter or letter in "-–—"):
            letters[heads[0].role] = letter
            continue
        mentions = roles.mentions(cell)
        named = list(dict.fromkeys(m.role for m in mentions))
        first = k == 0 and not (_LEADS_COLUMN.search(column) and len(block.cells) > 1)
        if named and not first and not _OTHER_COLUMN.search(column):
            helps = bool(_SUPPORT_COLUMN.search(column)) and not re.search(
                r"\b(?:owner|accountable|lead)\b", column, re.I
            )
            strength = 1.0 if _LEADS_COLUMN.search(column) else 0.6
            relation: Relation = "supports" if helps else "leads" if len(named) == 1 else "shares"
            stances += [Stance(r, relation, "", strength) for r in named]
            if not helps:
                about.append(topics.reduce(cell, [(m.start, m.end) for m in mentions]))
        elif any(c.isalpha() for c in cell) and not _OTHER_COLUMN.search(column):
            about.append(cell)
    stances += _by_letters(letters)
    topic = "; ".join(a for a in about if a)
    return Row(topic, tuple(replace(s, topic=topic) for s in stances))


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
