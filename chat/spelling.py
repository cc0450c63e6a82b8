"""Mend slips of the keyboard: "who shuold own socail meida" asks who should own social media."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from ingest.words import STOPWORDS, words

_LONG = 9  # from this length on, two slips in a word are mended
_SHORT = 3  # shorter words are left alone
_SHORTHAND = frozenset(
    {"whos", "pls", "plz", "thx", "ppl", "dept", "mgmt", "incharge", "btw", "asap", "wanna", "gonna", "gotta"}
)
_CANDIDATES = 12
_FEW, _RARE = 4, 4_000  # a word of few letters is near to so many that only common ones are tried


@lru_cache(maxsize=1)
def english() -> Mapping[str, int]:
    """The whole words that the bundled model's tokenizer knows, with their ranks: the commoner, the lower."""
    data = json.loads((files("ingest.model") / "tokenizer.json").read_text("utf-8"))
    return {w: rank for w, rank in data["model"]["vocab"].items() if w.isalpha() and len(w) > 1}


class Speller:
    """Corrects words that neither the documents nor English have, to the likeliest word that they do have."""

    def __init__(self, texts: Iterable[str], names: Iterable[str]) -> None:
        """``names`` are those of roles and of the glossary.

        ``texts`` are the documents' (read at the first doubt, not before).
        """
        self._texts = texts
        self._names = frozenset(w.lower for name in names for w in words(name))

    def correct(self, text: str) -> str:
        """``text`` with its slips mended; names, numbers, addresses and known words stay as they are."""
        out, at = [], 0
        for k, word in enumerate(words(text)):
            if self._known(word.text, first=k == 0):
                continue
            better = self._nearest(word.lower)
            if better is not None:
                out += [text[at : word.start], better]
                at = word.end
        return "".join([*out, text[at:]])

    def _known(self, word: str, *, first: bool) -> bool:
        lower = word.lower()
        if (
            lower in _SHORTHAND
            or not lower.isalpha()
            or len(lower) < _SHORT
            or (word[0].isupper() and not first)
            or word.isupper()
        ):
            return True
        return any(
            w in english() or w in STOPWORDS or w in self._names or w in self._documents
            for w in _forms(lower)
        )

    def _nearest(self, word: str) -> str | None:
        limit = 2 if len(word) >= _LONG else 1
        near = [
            w for n in range(len(word) - limit, len(word) + limit + 1) for w in self._by_length.get(n, ())
        ]
        if len(word) <= _FEW:
            near = [
                w for w in near if english().get(w, _RARE) < _RARE or w in self._documents or w in self._names
            ]
        found = extract(word, near, scorer=OSA.distance, score_cutoff=limit, limit=_CANDIDATES)
        ranked = sorted((self._cost(word, w, int(d)), w) for w, d, _ in found)
        return ranked[0][1] if ranked else None

    def _cost(self, word: str, candidate: str, distance: int) -> float:
        """What it costs to take ``candidate`` for ``word``: fewer slips first, then what the documents say.

        A swap or a lost letter is likelier than a wrong one.
        """
        wrong = len(word) == len(candidate) and sorted(word) != sorted(candidate)
        first = word[0] not in candidate[:2]
        rank = english().get(candidate, 30_000) / 30_000
        heard = 0.0 if candidate in self._documents or candidate in self._names else 0.4
        return distance + 0.4 * wrong + 0.4 * first + heard + 0.5 * rank

    @cached_property
    def _by_length(self) -> Mapping[int, Sequence[str]]:
        found: dict[int, list[str]] = {}
        for word in sorted({*self._documents, *self._names, *english()}):
            found.setdefault(len(word), []).append(word)
        return found

    @cached_property
    def _documents(self) -> frozenset[str]:
        return frozenset(w.lower for text in self._texts for w in words(text) if w.text.isalpha())


def _forms(word: str) -> list[str]:
    """``word`` and what it may be an ending of: "autobuilders" is known when "autobuilder" is."""
    forms = [word]
    for ending, instead in (
        ("s", ""),
        ("es", ""),
        ("ies", "y"),
        ("ed", ""),
        ("ed", "e"),
        ("ing", ""),
        ("ing", "e"),
        ("er", ""),
        ("ly", ""),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORT:
            forms.append(word.removesuffix(ending) + instead)
    return forms
