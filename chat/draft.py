"""What a language model is shown and what it says, before anything of it is believed."""

from __future__ import annotations

from dataclasses import dataclass

from chat.answer import Citation
from ingest.records import Guideline


@dataclass(frozen=True, slots=True)
class Source:
    """One numbered guideline of the prompt.

    ``text`` is what the model is shown of it: the heading and lead-in that it stands under, then its own
    words. ``citations`` are the places in the document that this text is made of, the guideline itself last;
    their numbers are all ``number``, a shown answer numbers them anew.
    """

    number: int
    guideline: Guideline
    citations: tuple[Citation, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One sentence that a model produced: the numbers of the sources it cites, their words it relies on."""

    text: str
    citations: tuple[int, ...]
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """What a model says the verdict is, in its own words; "" and () where it says nothing."""

    verdict: str = ""
    owners: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()
