"""The organisation's own words: "Zendesk" in a question also looks for what the glossary says it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chat.question import Question
from ingest.records import Term
from ingest.words import base, singular, words


class Jargon:
    """The glossary, ready to be looked up word by word."""

    def __init__(self, glossary: Sequence[Term]) -> None:
        terms = [(_key(t.term), t.means) for t in glossary]
        self._terms = [(key, means) for key, means in terms if key]

    def expand(self, question: Question) -> Question:
        """``question`` with the meanings of the glossary's terms that it uses."""
        found: list[str] = []
        asked = _key(f"{question.text} {question.context}")
        heard = frozenset(asked)
        for key, means in self._terms:
            if key[0] in heard and _stands(key, asked):
                found += means
        return replace(question, glossed=tuple(dict.fromkeys(found))) if found else question


def _key(text: str) -> tuple[str, ...]:
    return tuple(singular(base(w.text)) for w in words(text))


def _stands(key: tuple[str, ...], within: Sequence[str]) -> bool:
    return any(tuple(within[i : i + len(key)]) == key for i in range(len(within) - len(key) + 1))
