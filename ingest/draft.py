"""A draft of roles.yaml: the proposed roles with what speaks for each, to be edited by whoever knows them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from ingest.proposals import Proposal
from ingest.records import Role

_HEAD = """\
# Who the documents speak of, proposed from what they say. Strike out what owns nothing, put names that
# mean the same under one role, and keep the file as roles.yaml in the folder of documents.
"""
_KNOWN = "# In the roles file already.\n"
_NEW = "# New: not in the roles file.\n"
_LONGEST = 100  # characters of a quote


def draft(proposals: Sequence[Proposal]) -> str:
    """YAML that ``RoleBook.load`` reads, with counts and a quote as comments; "[]" without proposals."""
    known = [p for p in proposals if p.known]
    new = [p for p in proposals if not p.known]
    parts = [_HEAD]
    for head, some in ((_KNOWN, known), (_NEW if known else "", new)):
        if some:
            parts.append(head + "".join(_entry(p) for p in some))
    return "\n".join(parts) if proposals else _HEAD + "[]\n"


def _entry(proposal: Proposal) -> str:
    lines = [f"- name: {_scalar(proposal.role.name)}", *_fields(proposal.role)]
    times = f"named {_times(proposal.named)}, {_times(proposal.owning)} as owner"
    lines.append(f"  # {times}" if proposal.named else "  # not named in the documents")
    if proposal.quote:
        quote = "".join(c if c.isprintable() else " " for c in proposal.quote)
        quote = quote if len(quote) <= _LONGEST else quote[: _LONGEST - 1].rstrip() + "…"
        doc = "".join(c if c.isprintable() else "?" for c in proposal.doc)
        lines.append(f"  # {doc}: “{quote}”")
    return "\n".join(lines) + "\n"


def _fields(role: Role) -> Iterable[str]:
    if role.aliases:
        yield f"  aliases: [{', '.join(map(_scalar, role.aliases))}]"
    for name in ("holder", "contact"):
        value = getattr(role, name)
        if value:
            yield f"  {name}: {_scalar(value)}"


def _scalar(text: str) -> str:
    """A YAML scalar: a string of JSON, with what cannot be printed escaped as YAML does."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in quoted)


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number:,} times")
