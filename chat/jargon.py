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
        """``question`` with two queries for each meaning of a glossary term it uses.

        They are the meaning by itself, and the question's topic with the meaning in the term's place.
        """
        found: list[str] = []
        asked = _key(f"{question.text} {question.context}")
        heard = frozenset(asked)
        for key, means in self._terms:
            if key[0] not in heard or _find(key, asked) is None:
                continue
            found += means
            found += [said for meaning in means if (said := _replaced(question.topic, key, meaning))]
        return replace(question, glossed=tuple(dict.fromkeys(found))) if found else question


def _replaced(topic: str, key: tuple[str, ...], meaning: str) -> str:
    """``topic`` with the words of ``key`` replaced; "" when it does not have them or has nothing else."""
    at = _find(key, _key(topic))
    found = words(topic)
    if at is None or len(found) <= len(key):
        return ""
    return topic[: found[at].start] + meaning + topic[found[at + len(key) - 1].end :]


def _key(text: str) -> tuple[str, ...]:
    return tuple(singular(base(w.text)) for w in words(text))


def _find(key: tuple[str, ...], within: Sequence[str]) -> int | None:
    """Where ``key`` stands in ``within``, by its first word; None when it does not."""
    places = range(len(within) - len(key) + 1) if key else ()
    return next((i for i in places if tuple(within[i : i + len(key)]) == key), None)
