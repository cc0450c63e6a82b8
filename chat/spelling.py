"""Mend slips of the keyboard: "who shuold own socail meida" asks who should own social media."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import TypeVar

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from ingest.words import STOPWORDS, stem, words

K = TypeVar("K")
_LONG = 9  # from this length on, two slips in a word are mended
_SHORT = 3  # shorter words are left alone
_SHORTHAND = frozenset(
    {"whos", "pls", "plz", "thx", "ppl", "dept", "mgmt", "incharge", "btw", "asap", "wanna", "gonna", "gotta"}
)
_TEXTED = {
    "hu": "who", "hoo": "who", "woh": "who", "wich": "which", "wat": "what", "teh": "the", "ur": "your",
    "w": "with", "abt": "about", "probs": "problems",
}  # fmt: skip
# What a question about owners is made of: a slip of one of these is mended even where it looks like the form
# of another word, as "handels" does.
_ASKING = tuple(
    "who whose whom which should owns owner handles decides manages approves leads runs signs maintains "
    "reviews responsible accountable charge supports consulted".split()
)
_PREFIXES = frozenset(
    "off on out over under up down non pre re sub co de un anti multi inter cross micro web".split()
)
_DOUBLED = re.compile(r"(.)\1")
_FEW = 4  # so many words are near to one of few letters that only a swap of two of them is mended
_USUAL = 2_500  # up to this rank a word is among the most usual
_RARE = 30_000  # the rank from which a word counts as rare


@lru_cache(maxsize=1)
def common() -> Mapping[str, int]:
    """The whole words that the bundled model's tokenizer knows, with their ranks: the commoner, the lower."""
    data = json.loads((files("ingest.model") / "tokenizer.json").read_text("utf-8"))
    return {w: rank for w, rank in data["model"]["vocab"].items() if w.isalpha() and len(w) > 1}


@lru_cache(maxsize=1)
def english() -> Mapping[str, int]:
    """The words of English with their ranks: SymSpell's frequency dictionary, the common ones first."""
    lines = (files("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text("utf-8-sig").splitlines()
    return {**dict.fromkeys((line.partition(" ")[0] for line in lines), _RARE), **common()}


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
        text = text.lower() if _shouted(text) else text
        out, at = [], 0
        for k, word in enumerate(words(text)):
            better = _TEXTED.get(word.text) or self._asking(word.text)
            if better is None and self._known(word.text, first=k == 0):
                continue
            better = better or self._nearest(word.lower)
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
        forms = _forms(lower)
        known = any(w in common() or w in self._names for w in forms)
        return known or self._has(lower) or any(w in self._documents for w in forms)

    def _asking(self, word: str) -> str | None:
        if not word.islower() or len(word) < _LONG - 4 or self._listed(word):
            return None
        longer = 0 if len(word) < _LONG - 2 else 1
        near = (w for w in _ASKING if abs(len(w) - len(word)) <= longer and OSA.distance(word, w) == 1)
        return next(near, None)

    def _has(self, word: str) -> bool:
        return self._listed(word) or (_compound(word) and not self._slipped(word))

    def _listed(self, word: str) -> bool:
        known = (common(), STOPWORDS, self._names, english())
        return any(word in words for words in known) or word in self._documents

    def _slipped(self, word: str) -> bool:
        """Whether what looks like a compound is a slip of a form of a word of the documents: "desings"."""
        swaps = (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1))
        return any(w in english() and stem(w) in self._stems for w in swaps) or any(
            OSA.distance(word, w, score_cutoff=1) <= 1 for w in self._documents if len(w) >= _LONG - 2
        )

    def _nearest(self, word: str) -> str | None:
        limit = 2 if len(word) >= _LONG else 1
        near = [
            w
            for n in range(len(word) - limit, len(word) + limit + 1)
            # What English has once in a while and the documents never is no slip of another first letter.
            for found in (self._usual.get(n, ()), self._rare.get((n, word[0]), ()))
            for w in found
        ]
        ranked = min(
            (
                (self._cost(word, w, int(d)), w)
                for w, d, _ in extract(word, near, scorer=OSA.distance, score_cutoff=limit, limit=None)
                if len(word) > _FEW or self._likely(word, w)
            ),
            default=(0.0, None),
        )
        return ranked[1]

    def _likely(self, word: str, candidate: str) -> bool:
        """Whether a word of few letters may be a slip of ``candidate``."""
        heard = candidate in self._documents or candidate in self._names or candidate in _ASKING
        if len(candidate) > len(word):  # a lost letter
            return heard
        usual = heard or common().get(candidate, _RARE) < _USUAL
        return usual and (sorted(candidate) == sorted(word) or candidate == _DOUBLED.sub(r"\1", word))

    def _cost(self, word: str, candidate: str, distance: int) -> float:
        """What it costs to take ``candidate`` for ``word``: fewer slips first, then what the documents say.

        A swap or a lost letter is likelier than a wrong one, and one of a double letter the likeliest.
        """
        wrong = len(word) == len(candidate) and sorted(word) != sorted(candidate)
        first = word[0] not in candidate[:2]
        halved = _DOUBLED.sub(r"\1", candidate) == word
        rank = english().get(candidate, _RARE) / _RARE
        heard = 0.0 if candidate in self._documents or candidate in self._names else 0.4
        if heard and stem(candidate) in self._stems:
            heard /= 2  # the documents have another form of it
        return distance + 0.4 * (wrong + first - halved) + heard + 0.5 * rank

    @cached_property
    def _usual(self) -> Mapping[int, Sequence[str]]:
        """The words of the documents and the usual ones of English, by length."""
        usual = (word for word, rank in english().items() if rank < _RARE)
        return _grouped({*self._documents, *self._names, *usual}, len)

    @cached_property
    def _rare(self) -> Mapping[tuple[int, str], Sequence[str]]:
        """The other words of English, by length and first letter."""
        rare = (word for word, rank in english().items() if rank >= _RARE)
        return _grouped(set(rare) - self._documents - self._names, lambda word: (len(word), word[0]))

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in self._documents)

    @cached_property
    def _documents(self) -> frozenset[str]:
        return frozenset(w.lower for text in self._texts for w in words(text) if w.text.isalpha())


def _grouped(words: Iterable[str], key: Callable[[str], K]) -> dict[K, list[str]]:
    found: dict[K, list[str]] = {}
    for word in words:
        found.setdefault(key(word), []).append(word)
    return found


def _shouted(text: str) -> bool:
    """Whether it is all capitals, which then tell no acronym from a word."""
    return text.isupper() and sum(len(w.text) > _SHORT for w in words(text)) > 1


def _compound(word: str) -> bool:
    """Whether it is two usual words written as one, "timesheet", or one with a prefix, "offboarding"."""
    return any(
        word[at:] in english() and (word[:at] in _PREFIXES or (at >= _FEW and word[:at] in common()))
        for at in range(2, len(word) - _FEW + 1)
    )


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
        ("er", "e"),
        ("ers", "e"),
        ("ly", ""),
    ):
        if word.endswith("ss") and ending == "s":
            continue
        if word.endswith(ending) and len(word) - len(ending) >= _SHORT:
            forms.append(word.removesuffix(ending) + instead)
    return forms
