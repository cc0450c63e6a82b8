"""The breaker, on a clock that is set by hand."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from chat.breaker import Breaker


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=3, cool_down=30, clock=clock)


def test_failures_in_a_row_open_it_and_time_lets_one_through(breaker: Breaker, clock: Clock) -> None:
    for _ in range(3):
        assert breaker.allows()
        breaker.failed()
    assert not breaker.allows()
    clock.now += 29.9
    assert not breaker.allows()
    clock.now += 0.2
    assert breaker.allows()
    assert not breaker.allows(), "one try at a time"


def test_a_success_begins_the_count_anew(breaker: Breaker) -> None:
    for _ in range(2):
        breaker.failed()
    breaker.succeeded()
    for _ in range(2):
        breaker.failed()
    assert breaker.allows()


def test_a_failed_try_starts_the_wait_anew_and_a_good_one_ends_it(breaker: Breaker, clock: Clock) -> None:
    for _ in range(3):
        breaker.failed()
    clock.now += 31
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    clock.now += 31
    assert breaker.allows()
    breaker.succeeded()
    assert breaker.allows()
    assert breaker.allows()


def test_a_try_of_which_nothing_is_heard_does_not_close_it_for_good(breaker: Breaker, clock: Clock) -> None:
    for _ in range(3):
        breaker.failed()
    for _ in range(3):
        clock.now += 31
        assert breaker.allows()
