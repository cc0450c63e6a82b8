"""The roles of an organisation: what they are called, and where a text speaks of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from ingest import roles_file
from ingest.people import BODIES, names_people
from ingest.records import Role
from ingest.words import STOPWORDS, Word, base, singular, words

# The C-suite and the departments it is known by: what is used when the organisation gives no roles.
DEFAULT_ROLES = (
    Role("CEO", ("Chief Executive Officer", "chief executive", "managing director")),
    Role("CFO", ("Chief Financial Officer", "finance department", "finance team", "finance")),
    Role(
        "CIO",
        ("Chief Information Officer", "IT department", "IT team", "information technology department", "IT"),
    ),
    Role("CMO", ("Chief Marketing Officer", "marketing department", "marketing team", "marketing")),
    Role("COO", ("Chief Operating Officer", "operations department", "operations team", "operations")),
    Role("CTO", ("Chief Technology Officer", "engineering department", "engineering team")),
    Role("CISO", ("Chief Information Security Officer", "information security team")),
    Role(
        "CHRO",
        ("Chief Human Resources Officer", "Chief People Officer", "HR department", "human resources", "HR"),
    ),
    Role("CDO", ("Chief Digital Officer",)),
    Role("CPO", ("Chief Product Officer", "product team")),
    Role("CRO", ("Chief Revenue Officer", "sales department", "sales team", "sales")),
    Role("General Counsel", ("Chief Legal Officer", "CLO", "legal department", "legal team", "legal")),
)

# What may follow the name of a field ("marketing", "IT") when the people of that field are meant.
_ACTS = frozenset(
    """
should shall must may might can could will would has have had is are was were does do did gets get takes
take owns own leads lead decides decide handles handle manages manage runs run approves approve signs sign
looks look needs need provides provide supports support maintains maintain says say thinks think claims
claim wants want keeps keep holds hold sets set or and alone itself instead rather responsible accountable in
""".split()
)
# Verbs that are said of things as well.
_STATES = frozenset(
    "has have had is are was were do does did gets get needs need can could will would".split()
)
_BEFORE_ACTOR = frozenset(
    "by with to from or and between of than not nor either neither both ask asks contact see".split()
)


_PLURAL_OWNER = re.compile(r"['’](?=\s+\w)")
_OPENS = re.compile(r"\s*[*_]*\s*[(\[]\s*(?:(?:the|or|our|aka|a\.k\.a\.)\s+)?[\"“]?")
_SEATED = frozenset("committee council board panel commission group team".split())
# The first half of a name whose second comes with the next one.
_HALF = re.compile(r"(?P<half>[^\W\d_][\w-]*)\s*(?:,|/|&|\band\b|\bor\b|\band/or\b)\s*(?:the\s+)?$")
_CLOSES = re.compile(r"\)(?:['’]s\b)?")
_POSSESSES = re.compile(r"['’]s\b")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a text names a role."""

    role: str
    start: int
    end: int
    possessive: bool = False


@dataclass(frozen=True, slots=True)
class _Alias:
    role: str
    words: tuple[str, ...]
    heads: tuple[str, ...]  # the words in the singular
    acronym: bool  # written in capitals: in running text only capitals count
    brackets: frozenset[int]  # the words before which one opens: "Vice-President (Education)"
    field: bool  # the name of a field ("marketing"), which names people only where people can stand


class RoleBook:
    """The roles of one organisation and every name they go by.

    A name that is one role's own stands for that role alone. An alias that two roles have stands for neither:
    ``problems`` says which.
    """

    def __init__(self, roles: Iterable[Role]) -> None:
        self.roles = tuple(roles)
        self._by_first: dict[str, list[_Alias]] = {}
        self._canonical: dict[str, str] = {}
        holders: dict[str, list[str]] = {}
        for role in self.roles:
            for key in dict.fromkeys(_key(name) for name in (role.name, *role.aliases)):
                holders.setdefault(key, []).append(role.name)
        own = {_key(role.name): role.name for role in reversed(self.roles)}
        self._shared = {key: names for key, names in holders.items() if key and len(names) > 1}
        self.problems = tuple(
            f"the name {key!r} is given to {' and '.join(map(repr, names))}, and stands for "
            f"{repr(own[key]) if key in own else 'none of them'}; leave it with one"
            for key, names in self._shared.items()
        )
        self._own = own
        for role in self.roles:
            names = [role.name, *role.aliases]
            for name in names:
                self._add(role.name, name, names)
        for aliases in self._by_first.values():
            aliases.sort(key=lambda a: -len(a.words))

    @classmethod
    def load(cls, path: Path | None) -> RoleBook:
        """The roles in a YAML list of ``{name, aliases, holder, contact}``; the C-suite without a ``path``.

        Raises FileFormatError with file, line and what was expected.
        """
        return cls(DEFAULT_ROLES if path is None else roles_file.read(path))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """What several roles are called before their own name, in small letters: "guild" (of), "sig"."""
        names = [words(role.name) for role in self.roles]
        first = Counter(
            key[0].lower for key in names if len(key) > 1 and (key[0].text.isupper() or key[1].lower == "of")
        )
        return frozenset(w for w, count in first.items() if count > 1 and w not in STOPWORDS)

    def canonical(self, name: str) -> str | None:
        """The canonical name of the role that ``name`` stands for, or None."""
        return self._canonical.get(_key(name))

    def mentions(self, text: str, *, lenient: bool = False) -> list[Mention]:
        """Where ``text`` names roles, in order, the longest name first, without overlaps.

        ``lenient`` is for questions, where people write acronyms in small letters.
        """
        tokens = _pieces(words(text))
        heads = [singular(base(w.text)) for w in tokens]
        found: list[Mention] = []
        i = 0
        while i < len(tokens):
            alias = self._match(text, tokens, heads, i, lenient)
            if alias is None:
                i += 1
                continue
            if (
                tokens[i].lower == "members"
                and found
                and text[found[-1].end : tokens[i].start].isspace()
                and found[-1].role.split()[-1].lower() in _SEATED
            ):
                i += 1  # "the council members" are the council, "the club members" its members
                continue
            last = tokens[i + len(alias.words) - 1]
            end = last.end
            if alias.brackets and (closed := _CLOSES.match(text, end)):
                end = closed.end()
            possessive = base(last.text) != last.text.lower() or end > last.end + 1
            if (
                _PLURAL_OWNER.match(text, end)
                and last.lower.endswith("s")
                and not _quoted(text, tokens[i].start)
            ):
                possessive, end = True, end + 1
            found.append(Mention(alias.role, tokens[i].start, end, possessive))
            i += len(alias.words)
        return _with_brackets(text, self._with_halves(text, found))

    def _with_halves(self, text: str, found: list[Mention]) -> list[Mention]:
        """The mentions, and before each whose name ends as it does: "the old and new manager" are two."""
        every: list[Mention] = []
        for mention in found:
            half = _HALF.search(text, every[-1].end if every else 0, mention.start)
            _, _, rest = text[mention.start : mention.end].partition(" ")
            role = self.canonical(f"{half['half']} {rest}") if half and rest else None
            if half and role and role != mention.role:
                every.append(Mention(role, half.start("half"), half.end("half")))
            every.append(mention)
        return every

    def _add(self, role: str, name: str, names: list[str]) -> None:
        tokens = tuple(base(w.text) for w in _pieces(words(name)))
        if tokens and tokens[0] == "the":
            tokens = tokens[1:]
        if not tokens:
            return
        key = _key(name)
        if key in self._shared and self._own.get(key) != role:
            return
        self._canonical.setdefault(key, role)
        acronym = len(tokens) == 1 and name.isupper() and len(name) <= 6
        field = len(tokens) == 1 and name != role and not _names_people(tokens[0], names, acronym)
        self._by_first.setdefault(singular(tokens[0]), []).append(
            _Alias(role, tokens, tuple(singular(t) for t in tokens), acronym, _brackets(name), field)
        )

    def _match(self, text: str, tokens: list[Word], heads: list[str], i: int, lenient: bool) -> _Alias | None:
        for alias in self._by_first.get(heads[i], ()):
            n = len(alias.words)
            if i + n > len(tokens) or tuple(heads[i : i + n]) != alias.heads:
                continue
            here = tokens[i : i + n]
            gaps = [text[a.end : b.start] for a, b in pairwise(here)]
            if any(
                not _joined(_unbracketed(gap, n in alias.brackets)) for n, gap in enumerate(gaps, start=1)
            ):
                continue
            if _hyphened(text, here[0].start - 1) or _hyphened(text, here[-1].end):
                continue  # "vice-chair" is no chair
            if alias.acronym and not _written_as_acronym(here[0].text, lenient):
                continue
            if alias.words == ("board",) and i and tokens[i - 1].lower == "on":
                continue  # "on board" is a place
            if alias.field and not _can_act(text, tokens, i, i + n):
                continue
            return alias
        return None


def _pieces(found: list[Word]) -> list[Word]:
    """The words with those joined by hyphens parted, so that "vice-chair" is "vice chair"."""
    parted: list[Word] = []
    for word in found:
        if "-" not in word.text:
            parted.append(word)
            continue
        at = word.start
        for piece in word.text.split("-"):
            parted.append(Word(piece, at, at + len(piece)))
            at += len(piece) + 1
    return parted


def _brackets(name: str) -> frozenset[int]:
    """The places of the words of a name that have a bracket before them."""
    tokens = _pieces(words(name))
    if tokens and base(tokens[0].text) == "the":
        tokens = tokens[1:]
    return frozenset(n for n, (a, b) in enumerate(pairwise(tokens), start=1) if "(" in name[a.end : b.start])


def _unbracketed(gap: str, bracket: bool) -> str:
    return gap.replace("(", "", 1) if bracket else gap


def _hyphened(text: str, at: int) -> bool:
    """Whether the character at ``at`` is a hyphen inside a word."""
    return 0 < at < len(text) - 1 and text[at] == "-" and text[at - 1].isalnum() and text[at + 1].isalnum()


def _quoted(text: str, start: int) -> bool:
    return start > 0 and text[start - 1] in "'‘"


def _with_brackets(text: str, found: list[Mention]) -> list[Mention]:
    """The mentions, "Chief Nurse (CN)" as one when both are names of the same role."""
    joined: list[Mention] = []
    for mention in found:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.role == mention.role
            and _OPENS.fullmatch(text, last.end, mention.start)
            and text[mention.end : mention.end + 1] in (")", "]")
        ):
            ending = _POSSESSES.match(text, mention.end + 1)
            end = ending.end() if ending else mention.end + 1
            joined[-1] = Mention(mention.role, last.start, end, bool(ending))
        else:
            joined.append(mention)
    return joined


def _key(name: str) -> str:
    tokens = [base(w.text) for w in _pieces(words(name))]
    return " ".join(tokens[1:] if tokens[:1] == ["the"] else tokens)


def _joined(gap: str) -> bool:
    """Whether two words of a name may be so far apart: blanks, one line break, nothing that ends a phrase.

    "Readers' Editor" has an apostrophe between its words, "Acme™ Support" the mark of its maker.
    """
    return not gap.removeprefix("'").removeprefix("’").strip(" \t\n\xa0-@/™®©") and gap.count("\n") <= 1


def _written_as_acronym(word: str, lenient: bool) -> bool:
    letters = re.sub(r"(?:['’]?s|s['’])$", "", word)
    return letters.isupper() or (lenient and not {letters.lower(), word.lower()} & STOPWORDS)


def _names_people(word: str, names: list[str], acronym: bool) -> bool:
    if word in BODIES or "@" in word:
        return True
    if not acronym:
        return names_people(word)
    # An acronym names people when it abbreviates a name that does: TC for Technical Committee.
    for name in names:
        parts = [p for w in words(name) for p in w.lower.split("-")]
        if word in parts:
            continue  # "IT team" does not spell IT out
        if len(parts) > 1 and _abbreviates(word, parts) and names_people(parts[-1]):
            return True
    return word.startswith("c") and word.endswith("o") and len(word) in (3, 4)


def _abbreviates(word: str, parts: list[str]) -> bool:
    return word in ("".join(p[0] for p in parts), "".join(p[0] for p in parts if p not in STOPWORDS))


def _can_act(text: str, tokens: list[Word], i: int, j: int) -> bool:
    """Whether the words ``i:j``, the name of a field, stand where people would stand."""
    last = tokens[j - 1]
    if base(last.text) != last.text.lower():
        return True  # "marketing's"
    after = tokens[j].lower if j < len(tokens) else ""
    gap = text[last.end : tokens[j].start] if after else text[last.end :]
    before = tokens[i - 1].lower if i else ""
    closed = not after or bool(re.search(r"[.,;:?!)|]", gap))
    if after and not closed:
        compound = before and before not in STOPWORDS and text[tokens[i - 1].end : tokens[i].start].isspace()
        if compound and before not in _BEFORE_ACTOR and after in _STATES:
            return False  # "digital marketing needs data"
        return after in BODIES or after in _ACTS
    return (
        not before
        or before in _BEFORE_ACTOR
        or bool(re.search(r"[,(|:/]", text[tokens[i - 1].end : tokens[i].start]))
    )
