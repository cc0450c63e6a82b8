"""The conversation as it comes from outside: checked, then as the engine takes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StrictStr, TypeAdapter

from chat.answer import Turn


def is_text(words: str) -> str:
    """``words``, when it can be sent back; raises ValueError when not."""
    # JSON can carry half of a surrogate pair, but it is no character and could not be sent back.
    if any("\ud800" <= char <= "\udfff" for char in words):
        raise ValueError("holds half of a surrogate pair, which is no text")
    return words


Words = Annotated[StrictStr, AfterValidator(is_text)]


class GivenTurn(BaseModel):
    """One message of a conversation that somebody sent."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["user", "assistant"]
    content: Words


class AskRequest(BaseModel):
    """A question and the conversation before it, oldest turn first."""

    model_config = ConfigDict(extra="forbid")

    question: Words
    history: list[GivenTurn] = []


def as_turns(given: Sequence[GivenTurn]) -> list[Turn]:
    """The conversation in the engine's own type."""
    return [{"role": turn.role, "content": turn.content} for turn in given]


def parse_turns(value: object) -> list[Turn]:
    """``value`` (plain JSON types) as a conversation; raises pydantic's ValidationError when it is none."""
    return as_turns(TypeAdapter(list[GivenTurn]).validate_python(value))
