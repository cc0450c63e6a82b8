"""Other words for a topic, asked of a language model; they widen a search and are no evidence of anything."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from chat import material
from chat.answer import Made
from chat.llm import Prompt
from chat.material import Prompts
from ingest.roles import RoleBook

MOST, MOST_WORDS, MOST_CHARACTERS = 5, 5, 60
CACHED = 1024
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["words"],
    "properties": {"words": {"type": "array", "maxItems": MOST, "items": {"type": "string"}}},
}


class Model(Protocol):
    """A language model."""

    name: str

    def reply(self, prompt: Prompt, *, until: float) -> Iterator[str]:
        """Its reply, piece by piece; raises ModelFault when there is none in time."""
        ...

    def made(self, prompt: str) -> Made:
        """How its replies are made, with the version of the ``prompt``."""
        ...


class _Words(BaseModel):
    words: list[str]


class Synonyms:
    """What else a topic may be called, each topic asked for once; safe to share between threads."""

    def __init__(self, model: Model, prompts: Prompts, roles: RoleBook) -> None:
        self._model, self._prompts, self._roles = model, prompts, roles
        self._known: OrderedDict[str, tuple[str, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, topic: str, *, until: float) -> tuple[str, ...]:
        """Other words for ``topic``, none when the model gives none that can be used.

        Raises ModelFault when there is no reply by the monotonic time ``until``.
        """
        key = " ".join(topic.lower().split())
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        prompt = material.fenced(self._prompts.expand, material.plain(topic))
        said = "".join(self._model.reply(Prompt(prompt.rules, prompt.material, _SCHEMA), until=until))
        words = self._usable(said)
        with self._lock:
            self._known[key] = words
            while len(self._known) > CACHED:
                self._known.popitem(last=False)
        return words

    def _usable(self, said: str) -> tuple[str, ...]:
        """The words in a reply that may widen a search: short, plain, and naming nobody who could own it."""
        try:
            found = _Words.model_validate_json(said[said.find("{") : said.rfind("}") + 1]).words
        except ValidationError:
            return ()
        plain = (" ".join(word.split()) for word in found)
        kept = [
            word
            for word in plain
            if 1 <= len(word.split()) <= MOST_WORDS
            and len(word) <= MOST_CHARACTERS
            and all(c.isalnum() or c in " -&'/" for c in word)
            and not self._roles.mentions(word, lenient=True)
        ]
        return tuple(dict.fromkeys(kept))[:MOST]
