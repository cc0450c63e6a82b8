"""The rate and the queue: the arithmetic by hand, with a clock that the test turns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chat.web.limits import Limiter, Queue, Rate


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_rates() -> None:
    assert Rate.parse("60/minute") == Rate(60, 60)
    assert Rate.parse("5/hour") == Rate(5, 3600)
    assert Rate.parse("off") is None
    assert Limiter(None).wait("anybody") == 0


def test_a_bucket_empties_and_fills() -> None:
    clock = Clock()
    limiter = Limiter(Rate(3, 60), clock=clock)  # a token every 20 seconds
    assert [limiter.wait("a") for _ in range(4)] == [0, 0, 0, 20]
    assert limiter.wait("b") == 0
    clock.now += 15  # three quarters of a token: five seconds are missing
    assert limiter.wait("a") == 5
    clock.now += 5
    assert [limiter.wait("a") for _ in range(2)] == [0, 20]
    clock.now += 3600  # no more than three are kept
    assert [limiter.wait("a") for _ in range(4)] == [0, 0, 0, 20]


@given(st.lists(st.tuples(st.floats(0, 30), st.sampled_from("ab")), max_size=60))
def test_nobody_gets_more_than_the_rate(asked: list[tuple[float, str]]) -> None:
    clock = Clock()
    limiter = Limiter(Rate(3, 60), clock=clock)
    let_in: dict[str, int] = {"a": 0, "b": 0}
    for pause, who in asked:
        clock.now += pause
        wait = limiter.wait(who)
        let_in[who] += not wait
        assert 0 <= wait <= 20
    assert all(count <= 3 + (clock.now - 1000) / 20 + 1e-6 for count in let_in.values())


def test_the_memory_is_bounded() -> None:
    limiter = Limiter(Rate(1, 3600), clock=Clock())
    assert limiter.wait("first") == 0
    assert limiter.wait("first") == 3600
    for number in range(10_001):
        limiter.wait(number)
    assert len(limiter._buckets) == 10_000
    assert limiter.wait("first") == 0  # forgotten


def test_a_queue_has_so_many_places() -> None:
    queue = Queue(2)
    assert [queue.enter() for _ in range(3)] == [True, True, False]
    queue.leave()
    assert [queue.enter() for _ in range(2)] == [True, False]
