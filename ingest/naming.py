"""The names that a text has by their shape: words in capitals, nouns of people and what precedes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ingest.people import BODIES, names_office
from ingest.words import STOPWORDS, Word, base, singular, words

# Nouns of people that name nobody in particular, alone or in the plural.
GENERIC = frozenset(
    """
team committee board council group office department desk unit division function head lead leader manager
director member colleague folk guy professional expert staffer worker service centre center forum panel people
community organisation organization staff management leadership side executive partner owner officer authority
agency bureau crew squad assembly delegate representative admin president
""".split()
)
# Those of them that an organisation has one of, "the Board".
ASSEMBLIES = frozenset("board council assembly president director".split())
# Bodies that are called by what they do.
_TEAMS = frozenset("team committee group council office department unit board director officer".split())
# After a name in capitals they are verbs: "Ada Byron leads".
_VERBS_TOO = frozenset("leads heads chairs hosts guards partners masters".split())
# People whom documents are written for, or about everybody.
ANYBODY = frozenset(
    "user customer person employee reader people member human individual citizen visitor".split()
)
# Nouns of bodies that in running text stand for other things, too.
_BODIES_TOO = frozenset(
    "foundation workgroup institute ministry senate faculty court lab laboratory studio clinic chamber "
    "synod friend".split()
)
_PEOPLE = BODIES | GENERIC | _BODIES_TOO
# Nouns of bodies that name nobody unless in capitals: "configuration management".
FIELDS = frozenset(
    "management community forum service centre center organisation organization side leadership".split()
)
# What a name is not made of: it says which of several, or how it stands to what is spoken of.
_QUALIFYING = frozenset(
    """
actual appropriate certain concerned corresponding current designated different entire existing experienced
first former full good individual interested local main many new next old only original other overall own
possible potential previous proper prospective public relevant respective responsible same several single
specific various whole
""".split()
)
CONNECTORS = frozenset({"of", "and", "for", "&"})
_LEADING_WORDS = STOPWORDS | _QUALIFYING | {"dear", "acting"}
_ARTICLES = frozenset("the a an each every any your by".split())
_NEVER_WITHIN = STOPWORDS | {"vs"}
_NEVER_LAST = ANYBODY | FIELDS
MOST_WORDS = 7  # of a name
AGENTIVE = re.compile(r"(?:er|or|[a-z]{3}ist|ant|man|woman|person)$")
_JOINED = re.compile(r"[ \t]+|[ \t]*\n[ \t]*|-")
Key: TypeAlias = tuple[str, ...]  # the words of a name, small and in the singular


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written at ``start:end`` of a text."""

    key: Key
    text: str
    start: int
    end: int
    capital: bool  # whether its capitals mean something: at the start of a sentence they do not


def key_of(text: str) -> Key:
    """What two spellings of one name have in common."""
    return tuple(_noun(w) for w in words(text) if w.lower != "the")


def head_of(key: Key) -> str:
    """The noun of a name: its last word, or the one before "of" or "for"; "" of no name."""
    at = next((i for i, word in enumerate(key) if i and word in ("of", "for")), len(key))
    return key[at - 1] if key else ""


def bodily(key: Key) -> bool:
    """Whether a name is that of people by its noun; of a compound the last part counts: "vice-dean"."""
    head = head_of(key).rpartition("-")[2]
    return head in _PEOPLE or head.endswith(("master", "maintainer"))


def abbreviates(short: str, long: str) -> bool:
    """Whether ``short`` is made of the first letters of ``long``, with or without its small words."""
    parts = [w.lower for w in words(long)]
    letters = ("".join(p[0] for p in some) for some in (parts, [p for p in parts if p not in STOPWORDS]))
    return short.lower() in letters


def in_capitals(text: str, *, title: bool = False) -> Iterator[Name]:
    """Names in capitals, in order: "Risk and Audit Committee", "Head of Sales", "BPF maintainers", "CIO".

    The first word of a sentence is no name by its capital alone; that of a ``title`` may be.
    """
    tokens = words(text)
    i = 0
    while i < len(tokens):
        if not _upper(tokens[i]):
            i += 1
            continue
        j = _run(text, tokens, i)
        first = i
        while first < j and tokens[first].lower in _LEADING_WORDS:
            first += 1
        if first < j and not _people(tokens[j - 1]):
            j = _with_noun(text, tokens, j)
        i = j
        if not 0 < j - first <= MOST_WORDS:
            continue
        meant = title or first > 0
        if not meant and j - first == 1 and not tokens[first].text.isupper():
            continue
        name = _name(text, tokens[first], tokens[j - 1], capital=meant)
        if re.search(r"[^\W\d]{2}", name.text) and not (title and name.text.isupper() and len(name.text) > 6):
            yield name


def in_small_letters(text: str) -> Iterator[Name]:
    """Names in small letters, led by an article: "the release manager", "a treasurer"."""
    tokens = words(text)
    for i, token in enumerate(tokens):
        if token.lower not in _ARTICLES:
            continue
        first = i + 1
        while first < len(tokens) and tokens[first].lower in _QUALIFYING:
            first += 1
        end = first
        while (
            end < min(len(tokens), first + 3)
            and tokens[end].text.islower()
            and tokens[end].lower not in STOPWORDS
            and (end == first or not text[tokens[end - 1].end : tokens[end].start].strip())
        ):
            end += 1
        for last in range(end - 1, first - 1, -1):
            name = _name(text, tokens[first], tokens[last], capital=False)
            if name.key and (bodily(name.key) or AGENTIVE.search(name.key[-1])):
                # "the packaging team" is a name, "the following person" none
                loose = ("ed", "ly") if name.key[-1] in _TEAMS else ("ed", "ing", "ly")
                if not any(part.endswith(loose) for part in name.key[:-1]):
                    yield name
                break


def _run(text: str, tokens: Sequence[Word], i: int) -> int:
    """Where the name in capitals ends that begins with word ``i``."""
    j = i + 1
    while j < len(tokens):
        owner = _possessive(
            tokens[j - 1]
        )  # of a name's words only the first owns the others: "Ship's Master"
        if (owner and (j - i > 1 or not _upper(tokens[j]))) or not _adjoins(text, tokens, j):
            break
        if _upper(tokens[j]):
            j += 1
            continue
        after = _joined(text, tokens, j)
        if after == j:
            break
        j = after
    return j


def _joined(text: str, tokens: Sequence[Word], j: int) -> int:
    """Past the "of", "of the", "for" or "and" at ``j`` when it stands inside a name, else ``j``."""
    word = tokens[j].lower
    k = j + 2 if j + 1 < len(tokens) and tokens[j + 1].lower == "the" else j + 1
    if word not in CONNECTORS or k >= len(tokens) or not _upper(tokens[k]):
        return j
    if word in (
        "and",
        "&",
    ):  # "the Skipper and the Warden", "Project Leader and Secretary", "X and Y" are two
        return j if k - j > 1 or _people(tokens[j - 1]) or tokens[j - 1].text.isupper() else k
    if _people(tokens[j - 1]) or names_office(_noun(tokens[j - 1])):
        return k
    last = k
    while last + 1 < len(tokens) and _upper(tokens[last + 1]) and _adjoins(text, tokens, last + 1):
        last += 1
    # "Code of Conduct Committee" is a name, "Code of Conduct" is none
    return k if k - j == 1 and last > k and _people(tokens[last]) else j


def _with_noun(text: str, tokens: Sequence[Word], j: int) -> int:
    """Past the noun in small letters that makes a name of capitals one of people: "BPF maintainers"."""
    for k in range(j, min(j + 3, len(tokens))):
        noun = _noun(tokens[k])
        if not tokens[k].text.islower() or noun in _NEVER_WITHIN or not _adjoins(text, tokens, k):
            break
        if tokens[k].text in _VERBS_TOO:
            break
        if _possessive(tokens[k - 1]):
            break
        if bodily((noun,)) and noun not in _NEVER_LAST:
            return k + 1
    return j


def _name(text: str, first: Word, last: Word, *, capital: bool) -> Name:
    written = re.sub(r"(?:['’]s|(?<=s)['’])$", "", text[first.start : last.end])
    return Name(key_of(written), " ".join(written.split()), first.start, first.start + len(written), capital)


def _adjoins(text: str, tokens: Sequence[Word], k: int) -> bool:
    """Whether nothing but blanks or a hyphen stands before word ``k``."""
    return _JOINED.fullmatch(text[tokens[k - 1].end : tokens[k].start]) is not None


def _people(word: Word) -> bool:
    return bodily((_noun(word),))


def _noun(word: Word) -> str:
    return singular(base(word.text))


def _upper(word: Word) -> bool:
    return word.text[:1].isupper()


def _possessive(word: Word) -> bool:
    return base(word.text) != word.text.lower()
