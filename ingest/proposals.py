"""Roles proposed from documents: the names that own, decide, approve and are asked in them.

A name is found by its shape ("Risk and Audit Committee", "Head of Sales", "the package maintainer"), by where
it stands (over the letters of a RACI table, in a column of owners, in the title of a charter), and by what
the sentence says of it: the rules that read guidelines say whether it owns anything there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from ingest.naming import (
    AGENTIVE,
    ANYBODY,
    ASSEMBLIES,
    CONNECTORS,
    FIELDS,
    GENERIC,
    Key,
    abbreviates,
    bodily,
    head_of,
    key_of,
)
from ingest.people import BODIES, names_office, names_people
from ingest.records import Document, Role
from ingest.roles import DEFAULT_ROLES, RoleBook
from ingest.sightings import Sighting, Sightings
from ingest.words import words

# Offices that an organisation has one of, whose names are nothing else, in small letters as well.
_ALONE = frozenset(
    "treasurer secretary ombudsman ombudsperson spokesperson bursar registrar archivist librarian chairman "
    "chairwoman chairperson vice-president webmaster quartermaster comptroller auditor".split()
)
# Before the name of an office it makes another office of it.
_BESIDE = frozenset("deputy vice assistant associate sub co acting junior senior".split())
_CHIEF = re.compile(r"C[A-Z]{1,2}O")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A role that documents speak of, how often they name it, and how often as the owner of something."""

    role: Role
    named: int
    owning: int
    doc: str
    quote: str
    known: bool  # from the roles that were given
    placed: bool = False  # whether it stands where a role stands: in a title, a RACI head, a column of owners


def propose(documents: Iterable[Document], given: RoleBook | None = None) -> list[Proposal]:
    """The roles ``given``, then those that ``documents`` speak of beside them, the commonest owner first."""
    sightings = Sightings()
    for document in documents:
        sightings.read(document)
    return _proposals(sightings.by_name, given or RoleBook(()))


def proposed_book(documents: Iterable[Document]) -> RoleBook:
    """What stands in for a roles file: the C-suite, and the roles that the documents speak of beside it.

    A body that the documents give duties of its own ("Finance Team") is no other name of an officer then.
    """
    found = [p.role for p in propose(documents)]
    officers = RoleBook(
        Role(r.name, tuple(a for a in r.aliases if not _department(a))) for r in DEFAULT_ROLES
    )
    bodies: list[Role] = []
    called: dict[str, Role] = {}
    for role in found:
        officer = next((o for n in (role.name, *role.aliases) if (o := officers.canonical(n))), None)
        if officer is None or officer in called:
            bodies.append(role)
        else:
            called[officer] = role
    taken = {key_of(n) for role in bodies for n in (role.name, *role.aliases)}
    suite = []
    for role in DEFAULT_ROLES:
        own = called.get(role.name, role)  # an officer is called what the documents say
        names = dict.fromkeys((*own.aliases, role.name, *role.aliases))
        kept = (n for n in names if n != own.name and key_of(n) not in taken)
        suite.append(Role(own.name, tuple(kept)))
    return RoleBook([*suite, *bodies])


def completed_book(given: RoleBook, documents: Iterable[Document]) -> RoleBook:
    """``given`` and the offices and bodies beside it that the documents call by a name in capitals.

    A list of roles is seldom complete, and who is missing from it would be read as somebody else ("the Inside
    Sales Lead" as sales) or as nobody.
    """
    own = {key_of(n) for r in given.roles for n in (r.name, *r.aliases)}
    more = [p.role for p in propose(documents, given) if not p.known and _another(p, own)]
    return RoleBook(
        [
            *given.roles,
            *(replace(r, aliases=tuple(a for a in r.aliases if key_of(a) not in own)) for r in more),
        ]
    )


def _another(proposal: Proposal, own: Collection[Key]) -> bool:
    """Whether a name in capitals is an office's or a body's, and none of ``own`` said longer or shorter."""
    name = proposal.role.name
    key = key_of(name)
    head = head_of(key)
    office = names_office(head) or bodily((head,)) or (proposal.placed and names_people(head))
    if len(key) < 2 or not office or ("of" in key and head in FIELDS):
        return False
    if not all(w.text[0].isupper() or w.lower in CONNECTORS for w in words(name)):
        return False
    longer = key[0] not in _BESIDE and any(key[-len(k) :] == k for k in own)
    shorter = any(key == k[i : i + len(key)] for k in own for i in range(len(k)))
    return not longer and not shorter


def _department(name: str) -> bool:
    """Whether a name is that of an officer's people ("finance team", "IT") and not of the officer."""
    key = key_of(name)
    return key[-1] in GENERIC - {"officer", "executive"} or (len(key) == 1 and not _CHIEF.fullmatch(name))


def _proposals(seen: Mapping[Key, Sighting], given: RoleBook) -> list[Proposal]:
    """The roles that hold, each with every name it goes by."""
    kept = {key: sighting for key, sighting in seen.items() if _holds(key, sighting)}
    # "The Board" beside the "Board of Trustees" is that one said shortly; of several we cannot say which.
    longer: dict[Key, list[Key]] = {
        key: [k for k in kept if len(k) > 1 and head_of(k) == key[0]] for key in kept if len(key) == 1
    }
    kept = {k: s for k, s in kept.items() if k[0] not in ASSEMBLIES or len(longer.get(k, ())) <= 1}
    same = _prefixed(kept) | _shortened(kept) | _clipped(kept)
    same |= {key: long[0] for key, long in longer.items() if len(long) == 1 and long[0][0] not in _BESIDE}
    found: dict[Key, list[Key]] = {}
    for key in kept:
        found.setdefault(_main(key, same, seen), []).append(key)
    proposals = [_proposal({key: seen[key] for key in keys}, given) for keys in found.values()]
    named = {p.role.name: p for p in proposals if p.known}
    old = [named.get(r.name) or Proposal(r, 0, 0, "", "", True) for r in given.roles]
    new = [p for p in proposals if not p.known]
    return [*old, *sorted(new, key=lambda p: (-p.owning, -p.named, p.role.name))]


def _main(key: Key, same: Mapping[Key, Key], seen: Mapping[Key, Sighting]) -> Key:
    """The name that ``key`` is in the end said for.

    Of names each said for another in a ring ("PTL" and "Neutron PTL") it is the one met most.
    """
    chain = [key]
    while chain[-1] in same:
        longer = same[chain[-1]]
        if longer in chain:
            return max(chain[chain.index(longer) :], key=lambda k: (seen[k].named, k))
        chain.append(longer)
    return chain[-1]


def _proposal(names_seen: Mapping[Key, Sighting], given: RoleBook) -> Proposal:
    """One role of several names; it is called by the one met most, the others are aliases."""
    # Of the name and its noun alone the name is the better one, however seldom it is met.
    order = sorted(
        names_seen,
        key=lambda key: (
            len(key) == 1 and len(names_seen) > 1 and key[0] in GENERIC | _ALONE,
            -names_seen[key].named,
        ),
    )
    seen = [names_seen[key] for key in order]
    names = [_display(s) for s in seen] + [short for s in seen for short in s.short]
    aliases = {n.lower(): n for n in reversed(names) if n.lower() != names[0].lower()}
    _, doc, quote = max((s.quote for s in seen), key=lambda q: q[0])
    known = next((r for n in names if (r := given.canonical(n))), None)
    role = next((r for r in given.roles if r.name == known), None) or Role(
        names[0], tuple(reversed(aliases.values()))
    )
    named, owning = sum(s.named for s in seen), sum(s.owning for s in seen)
    placed = any(s.placed for s in seen)
    return Proposal(role, named, owning, doc, quote, known is not None, placed)


def _holds(key: Key, seen: Sighting) -> bool:
    """Whether the documents say enough of a name for it to be a role."""
    if not key or len(key[-1]) < 2 or key[-1] in ANYBODY:
        return False
    # "The Board", "the Treasurer", "the Head Brewer": an office that the documents write with a capital.
    office = len(key) > 1 or key[0] not in GENERIC or key[0] in ASSEMBLIES
    if office and seen.capital and 2 * seen.capital >= seen.named:
        if names_office(head_of(key)) and (seen.acting or (seen.human and len(key) > 1)):
            return True
        if names_people(key[-1]) and seen.owning and (len(key) > 1 or seen.acting >= 2):
            return True
    if len(key) == 1 and key[0] in GENERIC:
        return seen.capital >= 3 and len(seen.docs) >= 3 and seen.owning >= 2
    if len(key) == 1 and _CHIEF.fullmatch(key[0].upper()) and seen.capital:
        return True
    if seen.placed:
        return True
    capital = 2 * seen.capital >= seen.named
    if len(key) > 1 and bodily(key) and (capital or key[-1] not in FIELDS):
        known = seen.acting + bool(seen.short) + (seen.human if not capital else 0)
        return key[-1] != "community" and known >= 1 and (seen.owning >= 1 or seen.named >= 2 or capital)
    if len(key) > 1 and capital:
        return seen.acting >= 2 and seen.owning >= 1 and (seen.human >= 1 or seen.owning >= 3)
    if len(key) == 1 and key[0] in _ALONE:
        return seen.named >= 2 and (seen.owning >= 1 or seen.acting >= 2)
    person = bool(AGENTIVE.search(key[-1])) or key[-1] in BODIES - FIELDS
    return person and seen.owning >= 1 and seen.acting >= 3 and (seen.human >= 1 or seen.acting >= 8)


def _prefixed(kept: dict[Key, Sighting]) -> dict[Key, Key]:
    """Names that are another with the organisation's before it: with words that stand before three others."""
    before: dict[Key, list[Key]] = defaultdict(list)
    for key in kept:
        for n in (1, 2):
            if key[n:] in kept and not (len(key[n:]) == 1 and key[-1] in GENERIC):
                before[key[:n]].append(key)
    return {key: key[len(p) :] for p, keys in before.items() if len(keys) >= 3 for key in keys}


def _clipped(kept: dict[Key, Sighting]) -> dict[Key, Key]:
    """Names that are a team's without the word: "Fleet Engineering" beside "Fleet Engineering Team"."""
    nouns = ("team", "department", "unit", "function", "division")
    return {key: (*key, noun) for key in kept for noun in nouns if (*key, noun) in kept and not bodily(key)}


def _shortened(kept: dict[Key, Sighting]) -> dict[Key, Key]:
    """Names that the documents abbreviate another to, or that abbreviate one officer's and nobody else's."""
    short: dict[Key, Key] = {}
    for key, seen in kept.items():
        for letters in seen.short:
            short[(letters.lower(),)] = key
    for key in kept:
        if len(key) == 1 and _CHIEF.fullmatch(key[0].upper()):
            long = [k for k in kept if len(k) > 1 and k[0] == "chief" and abbreviates(key[0], " ".join(k))]
            if len(long) == 1:
                short[key] = long[0]
    return {key: long for key, long in short.items() if key in kept and key != long}


def _display(seen: Sighting) -> str:
    """The spelling met most, in the singular unless it is a name; small ones with capitals."""
    best = max(seen.spellings, key=lambda s: (not (s.isupper() and len(s) > 6), seen.spellings[s], s))
    return best if best[:1].isupper() else " ".join(w[:1].upper() + w[1:] for w in best.split())
