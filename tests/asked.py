"""Questions as the tests ask them, of a small organisation."""

from __future__ import annotations

from typing import Any

import pytest

from chat.answer import Turn
from chat.conversation import understand
from chat.question import Question
from ingest.records import Role
from ingest.roles import RoleBook

BOOK = RoleBook(
    [
        Role("Head of Marketing", ("marketing", "marketing team")),
        Role("IT Desk", ("IT", "IT department")),
        Role("COO", ("Chief Operating Officer",)),
        Role("Bursar"),
        Role("Warden"),
    ]
)


def broken(*case: Any, why: str) -> Any:
    """A case that is right and that the code gets wrong; turns red when it is mended."""
    return pytest.param(*case, marks=pytest.mark.xfail(strict=True, reason=why))


def ask(text: str, *before: str) -> Question:
    """The question after a conversation: what was asked ``before``, each with some answer."""
    history: list[Turn] = []
    for earlier in before:
        history += [
            {"role": "user", "content": earlier},
            {"role": "assistant", "content": "**Warden** leads. [1]"},
        ]
    return understand(text, history, BOOK)
