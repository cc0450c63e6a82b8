"""Why a verdict is what it is, in one sentence with the counts of the case at hand."""

from __future__ import annotations

from collections.abc import Sequence

from chat.evidence import Evidence
from ingest.people import names_several, with_article

SILENT = "No document speaks of this topic."
NOBODY = "The nearest passages name nobody as the owner."


def owned(owners: Sequence[str], for_it: Sequence[Evidence], against: Sequence[Evidence]) -> str:
    """How many guidelines give the topic to ``owners``, and how many say otherwise."""
    verb = "share it" if len(owners) > 1 else "lead" if names_several(owners[0]) else "leads"
    leading = [e for e in for_it if e.stance.relation == "leads"] if len(owners) == 1 else []
    denied = [e for e in against if e.stance.relation == "is not"]
    # A guideline by which the one owner shares it does not say that the owner leads.
    shared = [
        e
        for e in (*(for_it if leading else ()), *against)
        if e.stance.relation == "shares" and len(owners) == 1
    ]
    other = [e for e in against if e not in denied and e not in shared]
    parts = [f"{_count(leading or for_it)} that {_and(owners)} {verb}"]
    if shared:
        names = [name for name in _roles(shared) if name not in owners]
        parts.append(f"{_count(shared)} that it is shared{f' with {_and(names)}' if names else ''}")
    if other:
        parts.append(f"{_count(other)} that it lies with {_and(_roles(other))}")
    if denied:
        parts.append(f"{_count(denied)} that it does not lie with {_and(_roles(denied))}")
    return "; ".join(parts) + "."


def supported(names: Sequence[str], helping: Sequence[Evidence]) -> str:
    """How many guidelines say that ``names`` support it."""
    verb = "support" if len(names) > 1 or names_several(names[0]) else "supports"
    return f"{_count(helping)} that {_and(names)} {verb} it."


def hinted(names: Sequence[str]) -> str:
    """That ``names`` are merely named beside it."""
    return f"No guideline says so in plain words; the nearest names {_and(names)}."


def _roles(evidence: Sequence[Evidence]) -> list[str]:
    return list(dict.fromkeys(e.stance.role for e in evidence))


def _count(evidence: Sequence[Evidence]) -> str:
    n = len({e.passage.row for e in evidence})
    return "1 guideline says" if n == 1 else f"{n} guidelines say"


def _and(names: Sequence[str]) -> str:
    named = [with_article(n) for n in names]
    return named[0] if len(named) == 1 else ", ".join(named[:-1]) + " and " + named[-1]
