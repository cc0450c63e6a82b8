"""Names seen in documents that may be a role's: how often, in capitals, in an owner's place, doing what."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from ingest import blocks, clean, sentences
from ingest.naming import (
    CONNECTORS,
    GENERIC,
    Key,
    Name,
    abbreviates,
    bodily,
    in_capitals,
    in_small_letters,
    key_of,
)
from ingest.records import Block, Document
from ingest.relations import read
from ingest.roles import Mention
from ingest.words import STOPWORDS, bare, base, words

_OWNER_COLUMN = re.compile(
    r"\b(?:owner|owned\s+by|lead|accountable|responsible|decides?|decision\s+maker|approv\w+|role|who|contact|steward|sponsor|ask|\w+ed\s+by|"
    r"looked\s+after|(?:go|talk|speak|turn|write)\s+to|call|person|team|department|office|body|holder|whom|in\s+charge)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"\(?[RACIX](?:\s*[/,&+]\s*[RACIX])*\)?$")
# What a document about a role calls itself: "Legal Team Charter", "Role description: Harbour Master".
_PAPER = re.compile(
    r"\b(?:charter|terms\s+of\s+reference|mandate|remit|responsibilities|(?:role|job)\s+(?:description|profile)|"
    r"(?:'s|’s)\s+(?:role|duties|powers))\b",
    re.IGNORECASE,
)
_HUMAN = re.compile(
    r"\b(?:contact|ask|email|e-mail|tell|thank|inform|notify|consult|persuade|convince)(?:s|ing|ed)?\s+(?:the|a|an|your)?\s*$",
    re.I,
)
_HEARD = re.compile(
    r"\s+(?:must|should|shall|may|is\s+to|has\s+to|needs\s+to)\s+(?:first\s+)?be\s+"
    r"(?:asked|consulted|informed|told|notified|heard)\b",
    re.I,
)


@dataclass(slots=True)
class Sighting:
    """What the documents say of one name, however it is written."""

    spellings: Counter[str] = field(default_factory=Counter)
    named: int = 0
    capital: int = 0  # named in capitals inside a sentence
    acting: int = 0
    owning: int = 0
    human: int = 0
    placed: int = 0  # stands where a role stands: in a title, a RACI head, a column of owners
    docs: set[str] = field(default_factory=set)
    quote: tuple[int, str, str] = (0, "", "")  # how well it shows the role, the document, the words
    short: Counter[str] = field(default_factory=Counter)  # what it is abbreviated to


class Sightings:
    """Every name that may be a role's, with what the documents read so far say of it."""

    def __init__(self) -> None:
        self.by_name: dict[Key, Sighting] = defaultdict(Sighting)

    def read(self, document: Document) -> None:
        """Add what ``document`` says."""
        layout = blocks.split(document.text)
        dropped = clean.furniture(document.text, layout)
        self._title(document, document.title)
        tables: set[tuple[str, ...]] = set()
        for index, block in enumerate(layout):
            if index in dropped:
                continue
            text = document.text[block.start : block.end]
            if block.kind == "heading":
                self._title(document, text)
            elif block.kind == "row":
                self._row(document, block, first=block.columns not in tables)
                tables.add(block.columns)
            else:
                for start, end in sentences.split(document.text, block.start, block.end):
                    self._sentence(document, document.text[start:end])

    def _title(self, document: Document, title: str) -> None:
        bare_title = _PAPER.sub(" ", title)
        for name in in_capitals(bare_title, title=True):
            if bodily(name.key):
                rest = words(bare_title[: name.start] + bare_title[name.end :])
                whole = all(w.lower in STOPWORDS for w in rest)
                titled = all(w.text[0].isupper() or w.lower in CONNECTORS for w in words(name.text))
                self._note(name, document, title).placed += titled and (whole or bare_title != title)

    def _row(self, document: Document, block: Block, *, first: bool) -> None:
        row = " ".join(document.text[block.start : block.end].split())
        for k, (a, b) in enumerate(block.cells):
            column = block.columns[k] if k < len(block.columns) else ""
            cell = bare(document.text[a:b]).strip()
            if first and _LETTERS.fullmatch(cell) and k:
                self._placed(document, column, f"{' | '.join(block.columns)}")
            elif _OWNER_COLUMN.search(column) and len(block.cells) > 1:
                for part in re.split(r"\s*(?:[,;/+&]|\band\b|\bwith\b)\s*", cell):
                    self._placed(document, part, row)

    def _placed(self, document: Document, text: str, quote: str) -> None:
        """A cell that holds a role and nothing else."""
        text = re.sub(r"\s*\([^)]*\)", "", bare(text)).strip(" *_.:")
        text = re.sub(r"^(?:the|our)\s+", "", text, flags=re.I)
        found = words(text)
        if not 1 <= len(found) <= 5 or not text[:1].isupper() or re.search(r"\d", text):
            return
        if any(w.lower in STOPWORDS and w.lower not in CONNECTORS and w.lower != "the" for w in found):
            return
        name = Name(key_of(text), text, 0, len(text), True)
        if len(name.key) > 1 or (name.key and name.key[0] not in GENERIC | {"role"}):
            self._note(name, document, quote).placed += 1

    def _sentence(self, document: Document, text: str) -> None:
        plain = bare(text)
        names = sorted([*in_capitals(plain), *in_small_letters(plain)], key=lambda n: (n.start, -n.end))
        kept: list[Name] = []
        for name in names:
            if not kept or name.start >= kept[-1].end:
                kept.append(name)
        if not kept:
            return
        for m in re.finditer(r"\(\s*(?:the\s+)?[\"“']?([A-Z][A-Za-z]{1,6})[\"”']?\s*\)", plain):
            before = next((n for n in kept if plain[n.end : m.start()].strip() == ""), None)
            if before is not None and abbreviates(m[1], before.text):
                self.by_name[before.key].short[m[1]] += 1
        mentions = [
            Mention(
                " ".join(n.key),
                n.start,
                n.end,
                base(plain[n.start : n.end]) != plain[n.start : n.end].lower(),
            )
            for n in kept
        ]
        strongest: dict[tuple[int, int], float] = {}
        for reading in read(plain, mentions):
            if reading.relation in ("leads", "shares"):
                strongest[reading.names] = max(strongest.get(reading.names, 0), reading.strength)
        for name in kept:
            strength = strongest.get((name.start, name.end), 0)
            seen = self._note(name, document, text, 1 + int(10 * strength))
            seen.acting += strength >= 0.6
            seen.owning += strength >= 0.9
            after = plain[name.end :]
            asked = _HUMAN.search(plain[: name.start]) or _HEARD.match(after)
            seen.human += bool(asked or re.match(r"(?:['’]s)?\s*,?\s+who\b", after))

    def _note(self, name: Name, document: Document, quote: str, shows: int = 1) -> Sighting:
        seen = self.by_name[name.key]
        seen.named += 1
        seen.capital += name.capital
        seen.spellings[name.text] += 1 + name.capital
        seen.docs.add(document.path)
        line = " ".join(quote.split())
        if shows > seen.quote[0] and len(line) <= 300:
            seen.quote = (shows, document.path, line)
        return seen
