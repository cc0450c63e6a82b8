"""Offices and bodies called by half their name: "the chair", where a document speaks of one body's chair."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from ingest.people import names_office
from ingest.records import Block, Document
from ingest.roles import Mention, RoleBook
from ingest.words import base, words

Section = tuple[str, ...]

SURELY = 0.8  # of all that are named so in full, as sure as a section has to be whom it means
# Bodies as well as offices have a short name; but not whatever may be anybody's: "the team", "the member".
_BODIES = frozenset("board committee council panel commission tribunal".split())
_ANYBODY = frozenset(
    """
    team group office department desk unit division function head lead leader owner deputy vice chief staff
    management leadership community member side colleague people folk professional expert worker service
    centre center forum partner organisation organization fellow crew founder page general guild squad
    authority agency operation support manager supervisor
    """.split()
)
# Another body or office: "the parks committee", "each has a director", "the committee of judges".
_NOUNS = (
    r"(?:board|committee|council|panel|commission|tribunal|chair|director|officer|secretary|president|editor|"
    r"administrator)"
)
_OTHER = re.compile(
    r"\b(?!(?:the|this|that|such|its|our|their|your|his|her|and|or|of|in|to|by|for|with|new|no|one|other|another|"
    r"both|all|some|any|as|own|vice|deputy|current|present|existing|same|full|whole|entire|incoming|outgoing)\b)"
    rf"[A-Za-z][\w'’-]*[ \n]+{_NOUNS}\b|\b(?:the|this)\s+(?P<of>{_NOUNS}\s+of\s+\w+)",
    re.IGNORECASE,
)


class Shorthand:
    """Whom "the chair" means in each section of a document.

    The chair that the section names in full; without any, the one of the section around it, up to the whole
    document. Where two are named about as often it stays open.
    """

    def __init__(self, document: Document, layout: Sequence[Block], roles: RoleBook) -> None:
        self._named: dict[tuple[Section, str], Counter[str]] = defaultdict(Counter)
        for block in layout:
            text = document.text[block.start : block.end]
            named = roles.mentions(text)
            for mention in named:
                self._count(block.headings, _office(text[mention.start : mention.end]), mention.role)
            for m in _OTHER.finditer(text):  # "the parks committee", which is in no list
                if not any(n.start < m.end() and m.start() < n.end for n in named):
                    self._count(block.headings, _office(m["of"] or m.group()), "")
        nouns = "|".join(sorted({re.escape(noun) for _, noun in self._named})) or "(?!)"
        # "The chair of the board" and "the Chair Person" are names of their own, and one sits in a chair.
        self._pattern = re.compile(
            rf"(?<!\bin\s)(?<!\bon\s)\bthe\s+(?:(?:current|present|existing|same|full|whole|entire|incoming|outgoing)\s+)?(?P<name>(?P<noun>{nouns})(?P<own>['’]s)?)"
            r"(?![\w-]|\s+(?:of|for|on\s+(?:duty|call|shift)|concerned|room|house|table)\b|\s+\w+ed\s+by\b|\s+(?-i:[A-Z]))",
            re.IGNORECASE,
        )

    def mentions(self, text: str, section: Section) -> list[Mention]:
        """The offices and bodies that ``text``, of ``section``, names in short."""
        found = []
        for m in self._pattern.finditer(text):
            role = self._meant(m["noun"].lower(), section)
            if role is not None:
                found.append(Mention(role, *m.span("name"), m["own"] is not None))
        return found

    def _count(self, section: Section, noun: str, role: str) -> None:
        for level in range(len(section) + 1) if noun else ():
            self._named[section[:level], noun][role] += 1

    def _meant(self, noun: str, section: Section) -> str | None:
        for level in range(len(section), -1, -1):
            if named := self._named.get((section[:level], noun)):
                role, times = named.most_common(1)[0]
                return role or None if times >= SURELY * named.total() else None
        return None


def _office(name: str) -> str:
    """What a name of several words is called in short: "director" for a Choir Director, "" for a team."""
    last = [base(w.text) for w in words(name.partition(" of ")[0])][-1:]
    noun = last[0] if last and len(words(name)) > 1 else ""
    office = names_office(noun) and noun not in _ANYBODY and not noun.endswith("s")
    return noun if noun in _BODIES or office else ""
