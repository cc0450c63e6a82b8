"""The file in which an organisation lists its roles: YAML, ``- name: ...`` with ``aliases: [...]``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ingest.errors import FileFormatError
from ingest.records import Role
from ingest.words import words


def read(path: Path) -> list[Role]:
    """The roles in a YAML list of ``{name, aliases, holder, contact}``, in its order.

    Raises FileFormatError with file, line and what was expected.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise FileFormatError(path, None, f"cannot be read ({exc}); give another file with --roles") from exc
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
    return roles


def _role(path: Path, line: int, entry: Any) -> Role:
    expected = "expected {name: ..., aliases: [...]}"
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or not entry["name"].strip():
        raise FileFormatError(path, line, f"{expected}, found {entry!r}")
    if not words(entry["name"]):
        raise FileFormatError(
            path, line, f"expected a name with a letter or digit in it, found {entry['name']!r}"
        )
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
