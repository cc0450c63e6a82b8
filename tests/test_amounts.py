"""Amounts in questions against the limits that guidelines set."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.amounts import asked, fit, limits


@pytest.mark.parametrize(
    ("question", "amount"),
    [
        ("Who may settle a claim of 60,000 pounds?", 60_000),
        ("who signs off £1.5m", 1_500_000),
        ("Who approves half a million?", None),  # no number is written out
        ("who approves two million", 2_000_000),
        ("who approves 25k", 25_000),
        ("Who owned it in 2019?", None),  # a year
        ("who owns guideline 7", None),  # too small to be a sum
    ],
)
def test_the_amount_a_question_names(question: str, amount: float | None) -> None:
    assert asked(question) == amount


def test_above_means_more_than() -> None:
    amount = asked("And above two million?")
    assert amount is not None
    assert amount > 2_000_000
    assert fit(amount, limits("The chair may spend up to 2,000,000.")) == -1
    assert fit(amount, limits("Spending above 2,000,000 is for the assembly.")) == 1


def test_the_lowest_limit_that_holds_the_amount_decides() -> None:
    small, large = limits("up to 25,000 the clerk decides"), limits("the chair approves up to 2,000,000")
    assert fit(20_000, small) > fit(20_000, large) > 0
    assert fit(30_000, small) == -1


def test_a_band_holds_what_lies_in_it() -> None:
    band = limits("above 10,000 and up to 100,000: the treasurer")
    assert list(band) == [10_000, 100_000]
    assert [fit(a, band) > 0 for a in (10_000.0, 10_001.0, 100_000.0, 100_001.0)] == [
        False,
        True,
        True,
        False,
    ]


def test_without_an_amount_or_a_limit_nothing_is_said() -> None:
    assert fit(None, limits("up to 500")) == fit(5_000, limits("The clerk keeps the keys.")) == 0


@given(st.floats(min_value=100, max_value=1e9), st.floats(min_value=100, max_value=1e9))
def test_the_fit_is_a_score(amount: float, high: float) -> None:
    score = fit(amount, (-math.inf, high))
    assert score == -1 if amount > high else 0 <= score <= 1


@given(st.text(max_size=200))
def test_any_text_has_limits(text: str) -> None:
    low, high = limits(text)
    assert low >= 100 or low == -math.inf
    assert high >= 100
    assert asked(text) is None or asked(text) >= 100  # type: ignore[operator]
