"""A model's reply read while it comes in: each statement as soon as its last character is there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ValidationError

from chat import form
from chat.draft import Claim, Draft

# What a server that knows JSON schemas is held to, and what the prompt asks of one that does not.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["statements", "verdict", "owners", "supporting"],
    "properties": {
        "statements": {
            "type": "array",
            "maxItems": 4,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["text", "citations", "quotes"],
                "properties": {
                    "text": {"type": "string"},
                    "citations": {"type": "array", "items": {"type": "integer"}},
                    "quotes": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
        "verdict": {"type": "string", "enum": ["lead", "shared", "info", "not_covered"]},
        "owners": {"type": "array", "items": {"type": "string"}},
        "supporting": {"type": "array", "items": {"type": "string"}},
    },
}

DEEPEST = 50  # nested braces; a reply of nothing else must not take time that grows with its square


def _numbers(value: object) -> list[int]:
    """The numbers in what a model wrote for citations: 1, "[1]", [1, "2"]; anything else gives none."""
    if isinstance(value, list | tuple):
        return [number for item in value for number in _numbers(item)]
    if isinstance(value, str):
        return [int(found) for found in re.findall(r"-?\d{1,9}", value)]
    return [value] if isinstance(value, int) and not isinstance(value, bool) else []


def _words(value: object) -> list[str]:
    """The texts in what should be a list of them; one by itself is a list of one."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


class _Statement(BaseModel):
    text: str
    citations: Annotated[list[int], BeforeValidator(_numbers)] = []
    quotes: Annotated[list[str], BeforeValidator(_words)] = []

    def draft(self) -> Draft:
        # A mark inside the sentence cites as well; some models put it nowhere else.
        cited = dict.fromkeys((*self.citations, *form.marks(self.text)))
        return Draft(self.text, tuple(cited), tuple(self.quotes))


class _Verdict(BaseModel):
    verdict: Annotated[str, BeforeValidator(_word)] = ""
    owners: Annotated[list[str], BeforeValidator(_words)] = []
    supporting: Annotated[list[str], BeforeValidator(_words)] = []


Piece: TypeAlias = Draft | Claim


class ReplyReader:
    """Takes a reply in pieces of any size and gives what is whole in it.

    Every JSON object with a ``text`` is a statement, one with a ``verdict`` the claim, however deep they
    stand and whatever stands around them: one object for all, a line for each, a fence of Markdown. How the
    reply is cut into pieces makes no difference.
    """

    def __init__(self) -> None:
        self._text: list[str] = []  # since the outermost brace that is open
        self._starts: list[int] = []  # of the open braces, places in ``_text``
        self._quoted = self._escaped = False

    @property
    def open(self) -> bool:
        """Whether an object has begun and not ended: of a reply that is over it says that it was cut."""
        return bool(self._starts)

    def feed(self, piece: str) -> Iterator[Piece]:
        """The statements and claims that end in ``piece``; the caller has to take them all."""
        for char in piece:
            if not self._starts and char != "{":
                continue
            self._text.append(char)
            if self._quoted:
                self._quoted = self._escaped or char != '"'
                self._escaped = char == "\\" and not self._escaped
            elif char == '"':
                self._quoted = True
            elif char == "{":
                self._starts.append(len(self._text) - 1)
            elif char == "}":
                start, depth = self._starts.pop(), len(self._starts)
                if depth < DEEPEST:
                    yield from _read("".join(self._text[start:]))
                if not depth:
                    self._text.clear()


def _read(written: str) -> Iterator[Piece]:
    """What one JSON object says; nothing when it is none, or one of neither kind."""
    try:
        # Not strict: small models break lines inside their strings.
        found = json.loads(written, strict=False)
    except (ValueError, RecursionError):
        return
    if not isinstance(found, dict):
        return
    try:
        if isinstance(found.get("text"), str) and "statements" not in found:
            yield _Statement.model_validate(found).draft()
        if "verdict" in found:
            said = _Verdict.model_validate(found)
            yield Claim(said.verdict, tuple(said.owners), tuple(said.supporting))
    except (ValidationError, RecursionError):
        return
