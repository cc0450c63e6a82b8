"""Amounts in questions against the limits that guidelines set."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from patience import within

from chat.amounts import Amount, Unit, asked, best_fit, clause_limits, fit, limits, phrase, without


@pytest.mark.parametrize(
    ("question", "amount"),
    [
        ("Who may settle a claim of 60,000 pounds?", 60_000),
        ("who signs off £1.5m", 1_500_000),
        ("Who approves half a million?", None),  # no number is written out
        ("who approves two million", 2_000_000),
        ("who approves 25k", 25_000),
        ("Who owned it in 2019?", None),  # a year
        ("Who may spend 2,000 pounds?", 2_000),
        ("Who may spend £2019?", 2_019),
        ("who owns guideline 7", None),  # too small to be a sum
    ],
)
def test_the_amount_a_question_names(question: str, amount: float | None) -> None:
    assert asked(question) == (None if amount is None else Amount(amount))


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("Who may bar somebody for six months?", 180),
        ("who approves a 3-week absence", 21),
        ("who grants leave of ten working days", 10),
        ("who lends it for a year", 365),
        ("who lends it for twelve months", 365),
        ("who signs 500 pounds a month", None),  # the sum is asked about
    ],
)
def test_the_time_a_question_names(question: str, days: float | None) -> None:
    assert asked(question) == (Amount(500) if days is None else Amount(days, "days"))


def test_times_are_compared_with_times() -> None:
    # Three months are 90 days: six months are more, and 90 pounds are neither.
    short, long = limits("for up to three months"), limits("longer than three months")
    half_a_year, a_week = asked("barring somebody for six months"), asked("barring somebody for a week")
    assert [fit(half_a_year, short), fit(half_a_year, long)] == [-1, 1]
    assert fit(a_week, short) > 0 > fit(a_week, long)
    assert fit(Amount(90), short) == 0


def test_no_longer_than_is_an_upper_limit() -> None:
    assert limits("no longer than two weeks; not more than 500 pounds") == {
        "sum": (-math.inf, 500),
        "days": (-math.inf, 14),
        "percent": (-math.inf, math.inf),
    }


@pytest.mark.parametrize(
    ("text", "unit", "within"),
    [
        ("later than ninety days after the receipt", "days", (90, math.inf)),
        ("older than two weeks", "days", (14, math.inf)),
        ("no later than two weeks", "days", (-math.inf, 14)),
        ("by more than 5 % over the offer", "percent", (5, math.inf)),
        ("up to 20 per cent of it", "percent", (-math.inf, 20)),
        ("whatever it costs", "sum", (0, math.inf)),
        ("regardless of the amount", "sum", (0, math.inf)),
        ("orders of any value", "sum", (0, math.inf)),
        ("however long it takes", "days", (0, math.inf)),
        ("120 % of the offer", "sum", (-math.inf, math.inf)),
        ("up to 1000 % of it", "sum", (-math.inf, math.inf)),
        ("no larger than 500", "sum", (-math.inf, 500)),
        ("not higher than 500 pounds", "sum", (-math.inf, 500)),
        ("no earlier than 14 days", "days", (14, math.inf)),
        ("not less than 500 pounds", "sum", (500, math.inf)),
        ("members of age, boats of length", "days", (-math.inf, math.inf)),
    ],
)
def test_limits_of_other_kinds(text: str, unit: Unit, within: tuple[float, float]) -> None:
    assert limits(text)[unit] == within


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Who approves a licence of 3,000 pounds a year?", 3000),
        ("Who checks the lamps twice a year?", None),
        ("Who sweeps the yard once a week?", None),
    ],
)
def test_how_often_is_no_length_of_time(text: str, value: float | None) -> None:
    assert asked(text) == (None if value is None else Amount(value))


def test_a_limit_goes_on_within_a_sentence() -> None:
    found = clause_limits("agreed by the clerk up to 2,000 and above that by the mayor", "")
    assert [one["sum"] for one in found] == [(-math.inf, 2000), (2000, math.inf)]


def test_above_means_more_than() -> None:
    amount = asked("And above two million?")
    assert amount is not None
    assert amount.value > 2_000_000
    assert fit(amount, limits("The chair may spend up to 2,000,000.")) == -1
    assert fit(amount, limits("Spending above 2,000,000 is for the assembly.")) == 1


def test_the_lowest_limit_that_holds_the_amount_decides() -> None:
    small, large = limits("up to 25,000 the clerk decides"), limits("the chair approves up to 2,000,000")
    assert fit(Amount(20_000), small) > fit(Amount(20_000), large) > 0
    assert fit(Amount(30_000), small) == -1


def test_a_band_holds_what_lies_in_it() -> None:
    band = limits("above 10,000 and up to 100,000: the treasurer")
    assert list(band["sum"]) == [10_000, 100_000]
    assert [fit(Amount(a), band) > 0 for a in (10_000.0, 10_001.0, 100_000.0, 100_001.0)] == [
        False,
        True,
        True,
        False,
    ]


def test_without_an_amount_or_a_limit_nothing_is_said() -> None:
    assert fit(None, limits("up to 500")) == fit(Amount(5_000), limits("The clerk keeps the keys.")) == 0


@given(st.floats(min_value=100, max_value=1e9), st.floats(min_value=100, max_value=1e9))
def test_the_fit_is_a_score(amount: float, high: float) -> None:
    score = fit(Amount(amount), {"sum": (-math.inf, high), "days": (-math.inf, math.inf)})
    assert score == -1 if amount > high else 0 <= score <= 1


@given(st.text(max_size=200) | st.from_regex(r"(over|up to) \d{1,4} (days|euros)", fullmatch=True))
def test_any_text_has_limits(text: str) -> None:
    found = limits(text)
    for unit, least in (("sum", 100), ("days", 0)):
        low, high = found[unit]  # type: ignore[index]
        assert low >= least or low == -math.inf
        assert high >= least
    amount = asked(text)
    assert amount is None or amount.value >= (100 if amount.unit == "sum" else 0)


@pytest.mark.parametrize(
    ("text", "said", "rest"),
    [
        ("Who buys chairs for more than 500 euros?", "more than 500 euros", "Who buys chairs for ?"),
        ("up to £1,500 per shift", "up to £1,500", "per shift"),
        ("leave longer than ten days", "longer than 10 days", "leave"),
        ("Who owns guideline 7?", "", "Who owns guideline ?"),
    ],
)
def test_an_amount_is_told_from_what_it_is_of(text: str, said: str, rest: str) -> None:
    assert (phrase(text), without(text)) == (said, rest)


def test_beyond_is_what_exceeds_the_limit_that_holds_it() -> None:
    more = Amount(300, beyond=True)
    assert fit(more, limits("up to 500")) == -1
    assert fit(more, limits("above 500")) == 1
    assert fit(more, limits("lockers")) == 0


@pytest.mark.parametrize(
    ("text", "lower"),
    [
        ("Above that, the mayor.", 500),
        ("Anything above that goes to the mayor.", 500),
        ("Larger sums are for the mayor.", 500),
        ("Above 800, the mayor.", 800),
        ("The mayor is told.", -math.inf),
    ],
)
def test_a_sentence_may_take_up_where_the_limit_before_it_ends(text: str, lower: float) -> None:
    assert clause_limits(text, "Up to 500, the clerk.")[0]["sum"][0] == lower


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("up to EUR 500", (-math.inf, 500)),
        ("more than CHF 2,000", (2000, math.inf)),
        ("over EUR 10,000 to EUR 50,000", (10_000, 50_000)),
        ("Between 1,000 and 10,000 euros the deputy approves", (1000, 10_000)),
        ("£5,000–£20,000", (5000, 20_000)),
        ("in 2019 to 2021", (-math.inf, math.inf)),
        ("rooms 101 and 350", (-math.inf, math.inf)),
    ],
)
def test_a_range_has_two_limits(text: str, within: tuple[float, float]) -> None:
    assert limits(text)["sum"] == within


def test_a_range_of_days() -> None:
    assert limits("leave of 3 to ten days")["days"] == (3.0, 10.0)


def test_of_several_clauses_the_one_that_suits_counts() -> None:
    clauses = clause_limits("Up to 500 the clerk; from 500 to 900 the mayor; beyond that the board", "")
    assert [best_fit(Amount(n), clauses) > 0 for n in (300, 700, 5000)] == [True, True, True]
    assert best_fit(Amount(700), clauses[:1]) == -1
    assert best_fit(Amount(700), clause_limits("The clerk.", "")) == 0


def test_tens_are_numbers() -> None:
    assert limits("up to thirty days")["days"] == (-math.inf, 30.0)


@pytest.mark.parametrize("text", ["1," * 40_000, "1" * 40_000, "1 " * 40_000, "between " * 20_000])
def test_a_line_of_digits_does_not_take_forever(text: str) -> None:
    with within(5):
        assert limits(text)["sum"] == (-math.inf, math.inf)


@pytest.mark.parametrize(
    "text",
    [
        "Up to five days the clerk; longer absence the mayor.",
        "Up to five days the clerk, any longer stay the mayor.",
    ],
)
def test_what_is_longer_begins_where_the_limit_ends(text: str) -> None:
    first, second = clause_limits(text, "")
    assert (first["days"], second["days"]) == ((-math.inf, 5), (5, math.inf))
    assert best_fit(Amount(14, "days"), (first, second)) > 0
    assert len(clause_limits("Up to five days the clerk, longer than that never.", "")) <= 2


def test_more_than_that_is_more_than_any_that_was_named() -> None:
    before = "Refunds: the clerk up to 500, the dean up to 2,500, the mayor up to 1,000."
    assert clause_limits("More than that goes to the board.", before)[0]["sum"] == (2500, math.inf)
