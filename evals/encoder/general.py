"""General sentences, in whose mutual likeness the trained model has to agree with the base model."""

from __future__ import annotations

import random
import re
from importlib import metadata

_SENTENCE = re.compile(r"[A-Z][^`{}<>|=\[\]/\\_*#]{23,148}[.!?]")
_END = re.compile(r"(?<=[.!?])\s+|\n\s*\n")


def sentences(most: int, rng: random.Random) -> list[str]:
    """At most ``most`` sentences of 25 to 150 characters, drawn from the descriptions of installed packages.

    They are English, at hand wherever there is something to train with, and have nothing to do with who owns
    what. The same packages and the same state of ``rng`` give the same sentences.
    """
    found = set()
    for distribution in metadata.distributions():
        for part in _END.split(distribution.read_text("METADATA") or ""):
            if _SENTENCE.fullmatch(text := " ".join(part.split())):
                found.add(text)
    return rng.sample(sorted(found), min(most, len(found)))
