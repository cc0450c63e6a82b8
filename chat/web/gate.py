"""What the page may send to Gradio: text, and nothing else.

Gradio looks through everything it is sent for files. A message of the chat that names a file of this machine
is enough to have it read and copied, so what is not text never gets that far.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, StrictInt, ValidationError

from chat.web.turns import GivenTurn, Words


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Part(_Strict):
    type: Literal["text"]
    text: Words


class _Message(_Strict):
    role: Literal["user", "assistant"]
    content: list[_Part]
    metadata: None = None
    options: None = None


class _Example(_Strict):
    text: Words


class _Chosen(_Strict):
    index: StrictInt
    value: _Example


class _Call(_Strict):
    """One call of one of the page's handlers: clear, choose an example, ask."""

    data: (
        tuple[()]
        | tuple[list[_Message], list[GivenTurn] | None]
        | tuple[Words, list[_Message], list[GivenTurn] | None]
    )
    fn_index: StrictInt
    trigger_id: StrictInt | None = None
    session_hash: Words
    event_data: _Chosen | None = None


def fault(body: bytes) -> str:
    """What is wrong with a call that the page is said to have made; empty when nothing is."""
    try:
        _Call.model_validate_json(body)
    except ValidationError as exc:
        first = exc.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc']) or 'body'}: {first['msg']}"
    return ""
