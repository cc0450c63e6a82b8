"""Coverage: a probability that rises with the best passage's score, and a threshold on it."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.coverage import Coverage, logistic
from chat.retrieve import Passage
from chat.signals import Signals
from ingest.records import Guideline

NOWHERE = Guideline("", "", 0, 0, "", "", (), "", (), "descriptive", "")
NONE = Signals(**{f.name: 0.0 for f in fields(Signals)})
scores = st.floats(-1e3, 1e3)


def passages(*scores: float) -> list[Passage]:
    return [Passage(row, NOWHERE, NONE, score, 1.0) for row, score in enumerate(scores)]


def test_the_arithmetic() -> None:
    # 1 / (1 + exp(-0.5 * (12 - 10))) = 1 / (1 + exp(-1)) = 0.7311
    model = Coverage(slope=0.5, middle=10.0, threshold=0.7)
    assert model.probability(passages(12.0)) == pytest.approx(0.7311, abs=1e-4)
    assert model.probability(passages(10.0)) == pytest.approx(0.5)
    assert model.covers(passages(12.0))
    assert not model.covers(passages(10.0))


def test_the_best_passage_decides() -> None:
    model = Coverage()
    assert model.probability(passages(12.0, 1.0, -5.0)) == model.probability(passages(12.0))


def test_no_passage_no_coverage() -> None:
    assert Coverage().probability([]) == 0.0
    assert not Coverage().covers([])


@given(scores, scores)
def test_a_nearer_passage_is_never_less_probable(one: float, other: float) -> None:
    low, high = sorted((one, other))
    model = Coverage()
    assert 0 <= model.probability(passages(low)) <= model.probability(passages(high)) <= 1
    assert model.covers(passages(high)) or not model.covers(passages(low))


def test_fewer_guidelines_ask_for_less() -> None:
    # 0.45 * ln(70 / 700) = -1.036
    model = Coverage(middle=10.0)
    assert model.over(70).middle == pytest.approx(8.964, abs=1e-3)
    assert model.over(700) == model.over(70_000) == model
    assert model.over(0).middle == model.over(1).middle


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_smaller_index_never_asks_for_more(one: int, other: int) -> None:
    few, many = sorted((one, other))
    assert Coverage().over(few).middle <= Coverage().over(many).middle


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_logistic_function_is_safe_for_any_number(x: float) -> None:
    assert 0 <= logistic(x) <= 1
    assert logistic(x) + logistic(-x) == pytest.approx(1)


def test_what_reaches_it_comes_first() -> None:
    model = Coverage(slope=1.0, middle=11.0, threshold=0.5)
    assert [model.reach(passages(*scores)) for scores in ([], [10.0], [12.0, 10.0], [13.0, 11.0, 10.9])] == [
        0,
        0,
        1,
        2,
    ]
