"""Clauses: a sentence with its names masked, cut where somebody else begins to act."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest import speech as say
from ingest.roles import Mention

# Each name is replaced by one character of the private use area, so that patterns see its place and not its
# words.
BASE = 0xE000
_LAST = BASE + 6400
_WORDS = re.compile(r"\w{2}")
_BRACKETS = re.compile(r"\([^)]*\)")
_NO_WORDS = re.compile(rf"(?:{say.NAME}|\b(?:the|and|or|an?)\b|\([^)]*\))", re.I)


def names(text: str, start: int = 0, end: int | None = None) -> list[int]:
    """Where names stand in ``text[start:end]``, a masked text."""
    return [i for i in range(start, len(text) if end is None else end) if BASE <= ord(text[i]) < _LAST]


def mask(text: str, mentions: Sequence[Mention]) -> tuple[str, list[int]]:
    """``text`` with one private character for each mention, and the place in ``text`` of each character."""
    out: list[str] = []
    places: list[int] = []
    at = 0
    for k, mention in enumerate(mentions):
        out.append(text[at : mention.start])
        places += range(at, mention.start)
        out.append(chr(BASE + k % 6000))
        places.append(mention.start)
        if mention.possessive:
            out.append("’s")
            places += [mention.end, mention.end]
        at = mention.end
    out.append(text[at:])
    places += range(at, len(text) + 1)
    return say.MONTH.sub(lambda m: m.group()[:-3] + "Mai", "".join(out)), places


def clauses(masked: str) -> list[tuple[int, int]]:
    """Spans of the clauses; a piece that names nobody joins the one before it, the first the one after it."""
    cuts = [0]
    for m in say.CLAUSE.finditer(masked):
        if m.start() > 0 and _parts(
            masked[cuts[-1] : m.start()], m.group(), fresh=say.FRESH.match(masked, m.start()) is not None
        ):
            # "the clerk (deputy: the porter)": the label is no part of what it follows
            label = say.LAST_PIECE.search(masked, cuts[-1], m.start()) if m.group()[0] == ":" else None
            cuts.append(label.start() if label else m.end())
    cuts.append(len(masked))
    merged: list[tuple[int, int]] = []
    named = False  # whether the last of them names somebody
    for a, b in pairwise(cuts):
        if b <= a:
            continue
        here = bool(names(masked, a, b))
        if merged and not (named and here):
            merged[-1] = (merged[-1][0], b)
            named = named or here
        else:
            merged.append((a, b))
            named = here
    return merged


def _parts(ahead: str, mark: str, *, fresh: bool) -> bool:
    """Whether ``mark`` ends the clause ``ahead``; ``fresh`` when another sentence begins after it.

    "the A and the B decide" is one subject: a clause needs words of its own after its last name, or before it
    when a semicolon ends it.
    """
    named = names(ahead)
    if say.BACKED.search(ahead):
        return False  # "the clerk or, in her absence, the porter"
    if not named:  # such a piece joins the one before it, so only the strongest mark may end it
        return mark.startswith(";")
    if (fresh or mark.startswith(";")) and _WORDS.search(_NO_WORDS.sub("", ahead)):
        return True
    return bool(_WORDS.search(_BRACKETS.sub("", ahead[named[-1] + 1 :])))


def groups(masked: str, start: int, end: int) -> list[list[int]]:
    """The places of names in a clause, names that stand side by side ("the A and the B") together."""
    found: list[list[int]] = []
    for i in names(masked, start, end):
        gap = say.ASIDE.sub("", masked[found[-1][-1] + 1 : i]) if found else ""
        # "by the board, with the clerk's figures": what is the clerk's is with it, not the clerk.
        theirs = masked[i + 1 : i + 2] == "’" and "with" in gap.lower()
        watches = "with" in gap.lower() and say.WATCHES.match(masked, i + 1)
        if found and say.GAP.fullmatch(gap) and not (theirs or watches):
            found[-1].append(i)
        else:
            found.append([i])
    return [part for group in found for part in _listed(masked, start, group)]


def _listed(masked: str, start: int, group: list[int]) -> list[list[int]]:
    """A group as it is when its list ends in "and" or "or"; names with nothing but commas one by one,
    unless a label introduces them.
    """
    between = masked[group[0] : group[-1]]
    labelled = re.search(r"[:=]\s*(?:the\s+)?$", masked[start : group[0]])
    if len(group) > 1 and not labelled and not re.search(r"\b(?:and|or|with|plus|well)\b|[/&+]", between):
        return [[i] for i in group]
    return [group]


def alternatives(masked: str, group: list[int]) -> bool:
    """Whether the names of a group are offered one for the other ("A or B")."""
    between = masked[group[0] : group[-1]]
    return bool(re.search(r"\bor\b|(?<!and)/(?!or)", between)) and not re.search(r"\band\b", between)
