"""Every measure on a case small enough to reckon by hand, and the intervals around them."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from statistics import fmean

import pytest
from evals_parts import JUDGE, PETS, STATED, TRAVEL, answer, case, cite
from hypothesis import given
from hypothesis import strategies as st

from chat.answer import Answer
from evals.cases import Case
from evals.figures import Figure, figure, figures, latency, percent
from evals.intervals import bootstrap, mcnemar, paired, wilson
from evals.measures import MEASURES, Attempt, Judge, Score

BY_NAME = {measure.name: measure for measure in MEASURES}
OWNED = cite("The Finance Chief should own travel.")
HOTELS = cite("Hotels are booked by the Office Desk.", number=2)
TRAINS = cite("Trains are shared.", number=3)
PETS_WELCOME = cite("Pets are welcome.", PETS)


def score(name: str, asked: Case, given_: Answer | None, judge: Judge = JUDGE, **attempt: object) -> Score:
    return BY_NAME[name].score(asked, Attempt(given_, **attempt), judge)  # type: ignore[arg-type]


LEAD = case("lead", "Finance Chief", accept=["Travel Lead"])
SHARED = case("shared", "Finance Chief", "Office Desk")
INFO = case("info", gold="Trains are shared.")
NONE = case("not_covered")


@pytest.mark.parametrize(
    ("asked", "owners", "expected"),
    [
        (LEAD, ["Finance Chief"], 1.0),
        (LEAD, ["CFO"], 1.0),  # an alias
        (LEAD, ["finance chief"], 1.0),  # case aside
        (LEAD, ["Travel Lead"], 1.0),  # accepted
        (LEAD, ["CFO", "Finance Chief"], 1.0),  # one role under two names
        (LEAD, ["Office Desk"], 0.0),
        (LEAD, ["Finance Chief", "Office Desk"], 0.0),  # one role leads, not two
        (LEAD, ["Finance Chief", "Travel Lead"], 0.0),
        (LEAD, [], 0.0),
        (SHARED, ["Office Desk", "CFO"], 1.0),
        (SHARED, ["Office Desk"], 0.5),  # some of them
        (SHARED, ["Office Desk", "CFO", "Board"], 0.5),  # all of them, and one who is not
        (SHARED, ["Board"], 0.0),
        (SHARED, [], 0.0),
        (INFO, [], 1.0),
        (INFO, ["Office Desk"], 0.0),
        (NONE, [], 1.0),
        (NONE, ["Office Desk"], 0.0),
    ],
)
def test_owners(asked: Case, owners: list[str], expected: float) -> None:
    assert score("owners", asked, answer("lead", *owners)) == expected


def test_verdict_and_owners_have_both_to_be_right() -> None:
    assert score("verdict", LEAD, answer("lead", "Board")) == 1.0
    assert score("verdict", LEAD, answer("shared", "CFO")) == 0.0
    assert score("verdict_owners", LEAD, answer("lead", "CFO")) == 1.0
    assert score("verdict_owners", LEAD, answer("shared", "CFO")) == 0.0
    assert score("verdict_owners", LEAD, answer("lead", "Board")) == 0.0
    assert score("verdict_owners", SHARED, answer("shared", "CFO")) == 1.0 * 0.5


def test_with_scoring_owners_the_verdict_does_not_count() -> None:
    assert score("verdict_owners", LEAD, answer("shared", "CFO"), STATED) == 1.0
    assert score("verdict_owners", SHARED, answer("lead", "CFO"), STATED) == 0.5
    assert score("verdict_owners", NONE, answer("info"), STATED) == 1.0
    assert score("verdict_owners", NONE, answer("lead", "CFO"), STATED) == 0.0
    assert score("abstention_recall", NONE, answer("info"), STATED) == 1.0
    assert score("abstention_recall", NONE, answer("info")) == 0.0
    # An answer to a covered case that names nobody is no refusal, by either scoring.
    assert score("over_refusal", LEAD, answer("info"), STATED) == 0.0


def test_gold_cited_asks_for_a_citation_not_for_a_neighbour_in_nearest() -> None:
    assert score("gold_cited", LEAD, answer("lead", "CFO", citations=[TRAINS, OWNED])) == 1.0
    assert score("gold_cited", LEAD, answer("lead", "CFO", citations=[TRAINS])) == 0.0
    assert score("gold_cited", LEAD, answer("not_covered", nearest=[OWNED])) == 0.0
    assert score("gold_cited", NONE, answer("not_covered")) is None


def test_hit_rate_and_reciprocal_rank_follow_the_ranking() -> None:
    ranked = [TRAINS, PETS_WELCOME, OWNED, HOTELS]  # the gold is third; nothing adjoins it before
    shown = answer("lead", "CFO", citations=[OWNED])
    assert score("hit_at_1", LEAD, shown, ranked=ranked) == 0.0
    assert score("hit_at_3", LEAD, shown, ranked=ranked) == 1.0
    assert score("hit_at_1", LEAD, shown, ranked=ranked[1:]) == 0.0  # second
    assert score("hit_at_3", LEAD, shown, ranked=[TRAINS, *ranked]) == 0.0  # fourth
    assert score("mrr", LEAD, shown, ranked=ranked) == pytest.approx(1 / 3)
    assert score("mrr", LEAD, shown, ranked=[TRAINS]) == 0.0
    assert score("mrr", NONE, answer("not_covered"), ranked=ranked) is None


def test_abstention_is_scored_from_both_sides() -> None:
    # Not covered and said so twice, not covered but answered, covered but refused, covered and answered.
    pairs = [
        (NONE, answer("not_covered")),
        (NONE, answer("not_covered")),
        (NONE, answer("lead", "CFO")),
        (LEAD, answer("not_covered")),
        (LEAD, answer("lead", "CFO")),
    ]
    rows = [{name: score(name, asked, said) for name in BY_NAME} for asked, said in pairs]
    summed = figures(MEASURES, rows)
    assert summed["abstention_precision"].value == pytest.approx(2 / 3)  # three refusals, two of them right
    assert summed["abstention_recall"].value == pytest.approx(2 / 3)  # three not covered, two of them refused
    assert summed["over_refusal"].value == pytest.approx(1 / 2)  # two covered, one of them refused
    assert [summed[name].ineligible for name in ("abstention_precision", "abstention_recall")] == [2, 2]


def test_quote_exact_is_the_share_of_quotes_that_are_the_documents_text() -> None:
    off_by_one = replace(OWNED, start=OWNED.start + 1)
    foreign = replace(OWNED, doc="none.md")
    reworded = replace(OWNED, quote="the finance chief should own travel.")
    # Counted from the end these offsets would give the right text; they are still wrong.
    length = len(TRAVEL.text)
    negative = replace(OWNED, start=OWNED.start - length, end=OWNED.end - length)
    assert TRAVEL.text[negative.start : negative.end] == OWNED.quote
    for wrong in (off_by_one, foreign, reworded, negative):
        assert score("quote_exact", LEAD, answer("lead", "CFO", citations=[OWNED, wrong])) == 0.5
    assert score("quote_exact", LEAD, answer("lead", "CFO", citations=[OWNED, HOTELS])) == 1.0
    assert score("quote_exact", NONE, answer("not_covered", nearest=[off_by_one])) == 0.0
    assert score("quote_exact", NONE, answer("not_covered")) is None
    assert score("quote_exact", LEAD, answer("lead", "CFO")) == 0.0  # a claim without a source


def test_must_contain_wants_every_pattern_in_text_or_quote() -> None:
    asked = case("lead", "CFO", must_contain=["finance", r"hotels?\b"])
    assert score("must_contain", asked, answer("lead", "CFO", text="Finance.", citations=[HOTELS])) == 1.0
    assert score("must_contain", asked, answer("lead", "CFO", text="Finance.")) == 0.0
    assert score("must_contain", LEAD, answer("lead", "CFO")) is None


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize("asked", [LEAD, SHARED, INFO, NONE, case("lead", "CFO", must_contain=["x"])])
def test_a_missing_answer_gets_the_worst_score_of_every_measure_it_is_eligible_for(
    name: str, asked: Case
) -> None:
    measure = BY_NAME[name]
    missing = score(name, asked, None)
    if measure.eligible and not measure.eligible(asked):
        assert missing is None
    else:
        assert missing == (1.0 if name == "over_refusal" else 0.0)


answers = st.builds(
    answer,
    st.sampled_from(["lead", "shared", "info", "not_covered"]),
    st.sampled_from(["CFO", "Office Desk", "Board"]),
    citations=st.lists(st.sampled_from([OWNED, HOTELS, TRAINS, PETS_WELCOME]), max_size=3),
    nearest=st.lists(st.sampled_from([OWNED, TRAINS]), max_size=2),
)


@given(st.sampled_from([LEAD, SHARED, INFO, NONE]), answers)
def test_no_answer_scores_worse_than_a_missing_one(asked: Case, said: Answer) -> None:
    for each in MEASURES:
        got = each.score(asked, Attempt(said, ranked=said.citations), JUDGE)
        worst = each.score(asked, Attempt(None), JUDGE)
        if got is None or worst is None:
            continue
        assert 0.0 <= got <= 1.0
        assert got >= worst if each.best else got <= worst


def test_wilson_by_hand() -> None:
    # 9 of 10: (0.9 + 3.8415/20 -+ 1.96 * sqrt(0.9 * 0.1 / 10 + 3.8415/400)) / (1 + 3.8415/10)
    bounds = wilson([1.0] * 9 + [0.0])
    assert bounds is not None
    z2 = 3.8414588
    spread = 1.9599640 * sqrt(0.009 + z2 / 400)
    assert bounds.low == pytest.approx((0.9 + z2 / 20 - spread) / (1 + z2 / 10), abs=1e-6)
    assert (round(bounds.low, 3), round(bounds.high, 3)) == (0.596, 0.982)
    assert wilson([]) is None


@pytest.mark.parametrize("n", [1, 20, 40, 173])
def test_wilson_of_all_or_nothing_reaches_the_end_and_is_not_certain(n: int) -> None:
    # All of n right: the low end is n / (n + z^2); none of them: the high end is z^2 / (n + z^2).
    every, none = wilson([1.0] * n), wilson([0.0] * n)
    assert every is not None
    assert none is not None
    assert every.low == pytest.approx(n / (n + 3.8414588))
    assert none.high == pytest.approx(3.8414588 / (n + 3.8414588))
    assert (every.high, none.low) == (1.0, 0.0)


scores = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(scores)
def test_intervals_hold_their_mean_and_stay_within_0_and_1(values: list[float]) -> None:
    for bounds in (wilson(values), bootstrap(values)):
        assert bounds is not None
        assert -1e-9 <= bounds.low <= bounds.high <= 1 + 1e-9
        assert bounds.low - 1e-9 <= fmean(values) <= bounds.high + 1e-9


@given(scores)
def test_the_bootstrap_gives_the_same_interval_every_time(values: list[float]) -> None:
    assert bootstrap(values) == bootstrap(list(values))


def test_the_bootstrap_narrows_with_more_cases() -> None:
    few, many = bootstrap([0.0, 1.0] * 5), bootstrap([0.0, 1.0] * 200)
    assert few is not None
    assert many is not None
    # Normal theory: 1.96 * 0.5 / sqrt(400) = 0.049 on either side of one half.
    assert many.low == pytest.approx(0.451, abs=0.01)
    assert many.high == pytest.approx(0.549, abs=0.01)
    assert many.high - many.low < few.high - few.low
    assert bootstrap([]) is None


def test_the_paired_bootstrap_takes_the_hardness_of_a_case_out() -> None:
    # Every case gains exactly a tenth: whichever are drawn, the means differ by that.
    gains = [(n / 10, n / 10 + 0.1) for n in range(9)]
    bounds = paired(gains)
    assert bounds is not None
    assert bounds.low == pytest.approx(0.1)
    assert bounds.high == pytest.approx(0.1)
    # Half of the cases gain 1 and half lose 1: nothing moved, and the interval says how little that means.
    bounds = paired([(0.0, 1.0), (1.0, 0.0)] * 50)
    assert bounds is not None
    assert bounds.low == pytest.approx(-0.196, abs=0.02)  # 1.96 * 1 / sqrt(100)
    assert bounds.high == pytest.approx(0.196, abs=0.02)
    assert paired([]) is None
    assert paired([(None, 1.0)]) is None
    assert paired([(None, 1.0), (0.5, None)]) is not None


def test_mcnemar_by_hand() -> None:
    # Six cases changed, one for the worse: 2 * (1 + 6) / 2^6 = 0.21875.
    assert mcnemar(5, 1) == mcnemar(1, 5) == pytest.approx(0.21875)
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(2, 2) == 1.0  # 2 * (1 + 4 + 6) / 16 is more than 1


def test_a_figure_counts_what_it_leaves_out() -> None:
    summed = figure(BY_NAME["gold_cited"], [1.0, None, 0.0, None, 1.0])
    assert summed.value == pytest.approx(2 / 3)
    assert (summed.n, summed.ineligible) == (3, 2)
    assert str(summed) == "66.7 % (20.8 % to 93.9 %, n = 3)"
    empty = figure(BY_NAME["gold_cited"], [None])
    assert empty == Figure(None, None, None, 0, 1, "wilson")
    assert str(empty) == "no case scored (1 not eligible)"


def test_latency_is_the_median_and_the_nearest_rank() -> None:
    took = latency([float(ms) for ms in range(1, 21)])
    assert (took.median_ms, took.p95_ms, took.n) == (10.5, 19.0, 20)  # ceil(0.95 * 20) is the 19th
    assert str(latency([])) == "nothing was asked"


@pytest.mark.parametrize(
    ("share", "reads"), [(1.0, "100 %"), (0.9999, "99.9 %"), (0.0, "0 %"), (0.0001, "0.1 %"), (0.5, "50 %")]
)
def test_a_share_is_not_rounded_to_all_or_nothing(share: float, reads: str) -> None:
    assert percent(share) == reads
