"""The roles of an organisation: what they are called, and where a text speaks of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from ingest.errors import FileFormatError
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

# Nouns that make a name the name of a body or a person, whatever stands before them.
BODIES = frozenset(
    """
team teams committee board council group office officer department desk unit division function chair chairs
chairman chairperson head heads lead leads leader leaders manager managers director directors president
secretary treasurer administrator administrators admin admins master masters editor editors maintainer
maintainers owner owners steward stewards guild crew squad panel assembly authority agency bureau executive
executives partner partners delegate delegates representative representatives coordinator coordinators
counsel controller auditor auditors staff management people leadership community members organisation
organization side colleagues folks guys professionals experts staffers workers service services centre
center forum cabinet directorate trustees
""".split()
)
_GROUPS = frozenset(
    """
team teams committee board council group office department desk unit division crew squad panel assembly
authority agency bureau staff management leadership community members organisation organization service
services centre center forum directorate trustees guild people operations
""".split()
)
_AGENTIVE = re.compile(r"(?:er|or|ist|ant|ary|ee|man|woman|person)s?$")
# What may follow the name of a field ("marketing", "IT") when the people of that field are meant.
_ACTS = frozenset(
    """
should shall must may might can could will would has have had is are was were does do did gets get takes
take owns own leads lead decides decide handles handle manages manage runs run approves approve signs sign
looks look needs need provides provide supports support maintains maintain says say thinks think claims
claim wants want keeps keep holds hold sets set or and alone itself instead rather responsible accountable in
""".split()
)
_BEFORE_ACTOR = frozenset(
    "by with to from or and between of than not nor either neither both ask asks contact see".split()
)


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
    acronym: bool  # written in capitals: in running text only capitals count
    field: bool  # the name of a field ("marketing"), which names people only where people can stand


class RoleBook:
    """The roles of one organisation and every name they go by.

    A name that two roles have stands for the first of them.
    """

    def __init__(self, roles: Iterable[Role]) -> None:
        self.roles = tuple(roles)
        self._by_first: dict[str, list[_Alias]] = {}
        self._canonical: dict[str, str] = {}
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
        if path is None:
            return cls(DEFAULT_ROLES)
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as exc:
            raise FileFormatError(
                path, None, f"cannot be read ({exc}); give another file with --roles"
            ) from exc
        try:
            node = yaml.compose(text)
            data = yaml.safe_load(text)
        except yaml.YAMLError as exc:
            mark = getattr(exc, "problem_mark", None)
            raise FileFormatError(
                path, mark.line + 1 if mark else None, "expected YAML, a list of {name, aliases: [...]}"
            ) from exc
        lines = [n.start_mark.line + 1 for n in node.value] if isinstance(node, yaml.SequenceNode) else []
        if not isinstance(data, list) or not data:
            raise FileFormatError(path, 1, "expected a list of {name, aliases: [...]} with at least one role")
        roles: list[Role] = []
        seen: dict[str, int] = {}
        for line, entry in zip(lines, data, strict=True):
            role = _role(path, line, entry)
            if role.name.lower() in seen:
                raise FileFormatError(
                    path, line, f"the role {role.name!r} is there already, at line {seen[role.name.lower()]}"
                )
            seen[role.name.lower()] = line
            roles.append(role)
        return cls(roles)

    def canonical(self, name: str) -> str | None:
        """The canonical name of the role that ``name`` stands for, or None."""
        return self._canonical.get(_key(name))

    def mentions(self, text: str, *, lenient: bool = False) -> list[Mention]:
        """Where ``text`` names roles, in order, the longest name first, without overlaps.

        ``lenient`` is for questions, where people write acronyms in small letters.
        """
        tokens = words(text)
        found: list[Mention] = []
        i = 0
        while i < len(tokens):
            alias = self._match(text, tokens, i, lenient)
            if alias is None:
                i += 1
                continue
            last = tokens[i + len(alias.words) - 1]
            possessive = base(last.text) != last.text.lower()
            found.append(Mention(alias.role, tokens[i].start, last.end, possessive))
            i += len(alias.words)
        return found

    def _add(self, role: str, name: str, names: list[str]) -> None:
        tokens = tuple(base(w.text) for w in words(name))
        if tokens and tokens[0] == "the":
            tokens = tokens[1:]
        if not tokens:
            return
        self._canonical.setdefault(_key(name), role)
        acronym = len(tokens) == 1 and name.isupper() and len(name) <= 6
        field = len(tokens) == 1 and name != role and not _names_people(tokens[0], names, acronym)
        self._by_first.setdefault(singular(tokens[0]), []).append(_Alias(role, tokens, acronym, field))

    def _match(self, text: str, tokens: list[Word], i: int, lenient: bool) -> _Alias | None:
        for alias in self._by_first.get(singular(base(tokens[i].text)), ()):
            n = len(alias.words)
            if i + n > len(tokens):
                continue
            here = tokens[i : i + n]
            if any(singular(base(w.text)) != singular(a) for w, a in zip(here, alias.words, strict=True)):
                continue
            if any(not _joined(text[a.end : b.start]) for a, b in pairwise(here)):
                continue
            if alias.acronym and not _written_as_acronym(here[0].text, lenient):
                continue
            if alias.words == ("board",) and i and tokens[i - 1].lower == "on":
                continue  # "on board" is a place
            if alias.field and not _can_act(text, tokens, i, i + n):
                continue
            return alias
        return None


def _role(path: Path, line: int, entry: Any) -> Role:
    expected = "expected {name: ..., aliases: [...]}"
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or not entry["name"].strip():
        raise FileFormatError(path, line, f"{expected}, found {entry!r}")
    unknown = set(entry) - {"name", "aliases", "holder", "contact"}
    if unknown:
        raise FileFormatError(
            path, line, f"{expected}, optional holder and contact; found {sorted(map(str, unknown))}"
        )
    aliases = entry.get("aliases") or []
    if not isinstance(aliases, list):
        raise FileFormatError(path, line, f"expected aliases to be a list, found {aliases!r}")
    return Role(
        entry["name"].strip(),
        tuple(str(a).strip() for a in aliases),
        str(entry.get("holder") or ""),
        str(entry.get("contact") or ""),
    )


def _key(name: str) -> str:
    tokens = [base(w.text) for w in words(name)]
    return " ".join(tokens[1:] if tokens[:1] == ["the"] else tokens)


def _joined(gap: str) -> bool:
    """Whether two words of a name may be so far apart: blanks, one line break, nothing that ends a phrase."""
    return not gap.strip(" \t\n\xa0-@/") and gap.count("\n") <= 1


def _written_as_acronym(word: str, lenient: bool) -> bool:
    letters = re.sub(r"(?:['’]?s|s['’])$", "", word)
    return letters.isupper() or (lenient and letters.lower() not in STOPWORDS)


def names_people(word: str) -> bool:
    """Whether a lower-case noun names people by itself: "team", "officer", "treasurer"."""
    return word in BODIES or bool(_AGENTIVE.search(word))


def names_one(name: str) -> bool:
    """Whether a role is one person by its name: "Head of Marketing" is, "Platform Team" is not."""
    return not any(w.lower in _GROUPS for w in words(name)[-1:])


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
        if (
            len(parts) > 1
            and _abbreviates(word, parts)
            and (parts[-1] in BODIES or _AGENTIVE.search(parts[-1]))
        ):
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
        return after in BODIES or after in _ACTS
    return (
        not before
        or before in _BEFORE_ACTOR
        or bool(re.search(r"[,(|:]", text[tokens[i - 1].end : tokens[i].start]))
    )
