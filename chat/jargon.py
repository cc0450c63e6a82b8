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
        self._terms = [(_key(t.term), t) for t in glossary]

    def expand(self, question: Question) -> Question:
        """``question`` with a query, and search words, for every glossary term it uses."""
        asked = _key(f"{question.text} {question.context}")
        means = [m for key, term in self._terms if _within(key, asked) for m in term.means]
        if not means:
            return question
        return replace(question, glossed=tuple(dict.fromkeys(means)))


def _key(text: str) -> tuple[str, ...]:
    return tuple(singular(base(w.text)) for w in words(text))


def _within(key: tuple[str, ...], asked: Sequence[str]) -> bool:
    return bool(key) and any(tuple(asked[i : i + len(key)]) == key for i in range(len(asked) - len(key) + 1))
