"""The embedder that remembers gives what the other one gives, and asks it once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from chat.remember import Remembering


class Counting:
    """A vector of a text's length and first letter; ``asked`` holds every text it was given."""

    id = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        rows = [[len(text), ord(text[0]) if text else 0] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), 2)


@given(st.lists(st.lists(st.sampled_from(["a", "bb", "ccc", "", "e"]), max_size=4), max_size=6))
def test_the_vectors_are_the_same_and_each_is_made_once(batches: list[list[str]]) -> None:
    counting = Counting()
    known = Remembering(counting)
    for batch in batches:
        assert known.embed(batch).tolist() == Counting().embed(batch).tolist()
    assert len(counting.asked) == len(set(counting.asked))


def test_the_oldest_is_forgotten_first() -> None:
    counting = Counting()
    known = Remembering(counting, most=2)
    for text in ("a", "bb", "a", "ccc", "a"):
        known.embed([text])
    assert counting.asked == ["a", "bb", "ccc"]
    known.embed(["bb"])
    assert counting.asked[-1] == "bb"
