"""The ownership matrix: every topic that the documents give to somebody, with gaps and contradictions.

It is read off the stances of a generation's guidelines, the structure that answers come from, and holds
nothing of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.claims import OWNING, SURE, Claim, Guidance, claims, roles_of, turning
from ingest.records import Force, Relation
from ingest.words import stems

Status = Literal["stated", "shared", "conflicting", "unowned"]

# Two documents speak of one topic when their phrases are this near. Below it half of the pairs are about
# neighbouring topics; within a document even nearer phrases are, since they stand in one list.
SAME = 0.8
OWNED = 0.7  # no gap is left by what is this near to a topic that has an owner
_BLOCK = 1024  # phrases compared at a time


class Source(Guidance, Protocol):
    """What the matrix asks of a generation."""

    def phrase_vectors_of(self, rows: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The vectors of the phrases of ``rows``, and where each row begins."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that an entry rests on, ``quote == document.text[start:end]``, and what it says of whom."""

    doc: str
    title: str
    published: str
    label: str
    quote: str
    start: int
    end: int
    says: tuple[tuple[str, Relation], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A topic, who owns it, and where that is written.

    ``stated``: one owner. ``shared``: several, and no document says otherwise. ``conflicting``: documents
    give it to others than each other, or one denies what another says; the later document comes first, in
    ``owners`` and in ``citations``. ``unowned``: documents say who helps with it or who does not own it,
    and none says who does. ``plain``: it can be named in a few words; what cannot is mostly told in passing
    and not ruled. ``strength`` in (0, 1] is how surely the surest sentence says it.
    """

    topic: str
    status: Status
    owners: tuple[str, ...]
    supporting: tuple[str, ...]
    not_owners: tuple[str, ...]
    force: Force
    plain: bool
    strength: float
    citations: tuple[Said, ...]


def matrix(generation: Source) -> tuple[Entry, ...]:
    """The entries of a generation: contradictions first, then gaps, then by topic; none without a stance."""
    found = list(claims(generation))
    near = _near(found, generation)
    owned = {i for i, claim in enumerate(found) if claim.owners}
    entries: list[Entry] = []
    for group in _same(found, near):
        gap = any(found[i].open for i in group) and not any(owned & near[i].keys() for i in group)
        if gap or owned.intersection(group):
            entries += _entries([found[i] for i in group])
    return tuple(sorted(entries, key=_place))


def _place(entry: Entry) -> tuple[int, bool, str, tuple[str, ...], int]:
    order = {"conflicting": 0, "unowned": 1}.get(entry.status, 2)
    return order, not entry.plain, entry.topic.casefold(), entry.owners, entry.citations[0].start


def _same(found: Sequence[Claim], near: Sequence[Mapping[int, float]]) -> list[list[int]]:
    """The places of claims grouped by topic: of the same words, or near to each other in two documents.

    A group takes another in only when each of its claims may be about what each of the other's is.
    """
    by_key: dict[frozenset[str], list[int]] = defaultdict(list)
    for i, claim in enumerate(found):
        by_key[claim.key].append(i)
    groups = {members[0]: members for members in by_key.values()}
    of = {i: first for first, members in groups.items() for i in members}
    pairs = [(-far, i, j) for i, others in enumerate(near) for j, far in others.items() if i < j]
    for _, i, j in sorted(p for p in pairs if -p[0] >= SAME):
        one, other = groups[of[i]], groups[of[j]]
        if one is not other and all(
            near[p].get(q, 0) >= SAME and _alike(found[p], found[q]) for p, q in product(one, other)
        ):
            del groups[of[j]]
            one += other
            of.update(dict.fromkeys(other, of[i]))
    return [sorted(members) for members in groups.values()]


def _near(found: Sequence[Claim], generation: Source) -> list[dict[int, float]]:
    """For each claim how near those others are that are nearer than OWNED, by their places."""
    near: list[dict[int, float]] = [{} for _ in found]
    chosen = [i for i, c in enumerate(found) if c.phrase]
    if not chosen:
        return near
    rows = sorted({found[i].row for i in chosen})
    phrases, starts = generation.phrase_vectors_of(rows)
    start = dict(zip(rows, starts.tolist(), strict=True))
    vectors = phrases[
        [start[found[i].row] + found[i].guideline.stance_topics.index(found[i].phrase) for i in chosen]
    ]
    for first in range(0, len(chosen), _BLOCK):
        likeness = vectors[first : first + _BLOCK] @ vectors.T
        for x, y in zip(*np.nonzero(likeness >= OWNED), strict=True):
            if first + x != y:
                near[chosen[first + x]][chosen[y]] = float(likeness[x, y])
    return near


def _alike(a: Claim, b: Claim) -> bool:
    """Whether near phrases may mean the same: they stand in two documents, with the same numbers and turns.

    Neighbours in one document are near and yet told apart; to a model of meaning "above 500" is near to
    "up to 5,000", and words taken over from the sentence before are near to whatever that is near to.
    """
    return (
        a.guideline.doc != b.guideline.doc
        and turning(a.phrase) == turning(b.phrase)
        and _in_own_words(a)
        and _in_own_words(b)
    )


def _in_own_words(claim: Claim) -> bool:
    found = set(stems(claim.phrase))
    return len(found) > 1 and found <= set(stems(claim.guideline.text))


def _entries(group: Sequence[Claim]) -> Iterator[Entry]:
    """The entries of one topic: one, unless a single document gives it to several in different places."""
    if _contradicted(group):
        yield _entry(sorted(group, key=lambda c: _date(c.document.published), reverse=True), conflicting=True)
        return
    kinds: list[tuple[frozenset[str], list[Claim]]] = []
    for claim in sorted(group, key=lambda c: -len(c.owners)):
        for owners, members in kinds:
            if owners.issuperset(claim.owners):
                members.append(claim)
                break
        else:
            kinds.append((frozenset(claim.owners), [claim]))
    for _, members in kinds:
        members.sort(key=lambda c: (not c.plain, c.guideline.force != "normative", -c.strength, c.row))
        yield _entry(members, conflicting=False)


def _contradicted(group: Sequence[Claim]) -> bool:
    """Whether two documents give the topic to different roles, or one denies it to whom another names."""
    owners: dict[str, set[str]] = defaultdict(set)
    denied: dict[str, set[str]] = defaultdict(set)
    for claim in group:
        owners[claim.document.path].update(claim.owners)
        denied[claim.document.path].update(
            s.role for s in claim.stances if s.relation == "is not" and s.strength >= SURE
        )
    named = [(doc, roles) for doc, roles in owners.items() if roles]
    return any(not (a <= b or b <= a) for _, a in named for _, b in named) or any(
        doc != other and roles & denied[other] for doc, roles in named for other in denied
    )


def _entry(members: Sequence[Claim], *, conflicting: bool) -> Entry:
    stances = [s for c in members for s in c.stances]
    owners = roles_of(stances, *OWNING)
    status: Status = "shared" if len(owners) > 1 else "stated" if owners else "unowned"
    return Entry(
        members[0].topic,
        "conflicting" if conflicting else status,
        owners,
        tuple(r for r in roles_of(stances, "supports") if r not in owners),
        tuple(r for r in roles_of(stances, "is not") if conflicting or r not in owners),
        "normative" if any(c.guideline.force == "normative" for c in members) else "descriptive",
        any(c.plain for c in members),
        round(max(c.strength for c in members), 2),
        tuple(_said(c) for c in members),
    )


def _said(claim: Claim) -> Said:
    g, document = claim.guideline, claim.document
    says = tuple(dict.fromkeys((s.role, s.relation) for s in claim.stances))
    quote = document.text[g.start : g.end]
    return Said(g.doc, document.title, document.published, g.label, quote, g.start, g.end, says)


def _date(published: str) -> str:
    """A date to sort by: the end of the year or month that is all that is known, as in "2018-07"."""
    return published + "-99-99"[len(published) - 4 :] if len(published) >= 4 else published
