"""The rate and the queue: the arithmetic by hand, with a clock that the test turns."""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import running

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
    for number in range(13_000):
        limiter.wait(number)
        if number == 11_000:
            limiter.wait("last")
    [(known,)] = limiter._buckets.execute("SELECT count(*) FROM buckets").fetchall()
    assert 10_000 <= known <= 11_000


def test_full_buckets_are_forgotten() -> None:
    clock = Clock()
    limiter = Limiter(Rate(1, 60), clock=clock)
    for number in range(999):
        limiter.wait(number)
    clock.now += 60
    assert limiter.wait("last") == 0
    assert limiter._buckets.execute("SELECT count(*) FROM buckets").fetchall() == [(1,)]


def test_limiters_of_one_folder_share_their_buckets(tmp_path: Path) -> None:
    clock = Clock()
    one, other = (Limiter(Rate(4, 60), folder=str(tmp_path), clock=clock) for _ in range(2))
    assert [limiter.wait("a") for limiter in (one, other, one, other, one, other)] == [0, 0, 0, 0, 15, 15]
    assert one.wait("b") == 0
    clock.now += 15
    assert [limiter.wait("a") for limiter in (other, one)] == [0, 15]
    assert b"'a'" not in b"".join(file.read_bytes() for file in tmp_path.iterdir()), "no name is kept"


def test_buckets_outlive_a_process_but_not_its_machine(tmp_path: Path) -> None:
    clock = Clock()
    for expected in ([0, 0], [30]):
        limiter = Limiter(Rate(2, 60), folder=str(tmp_path), clock=clock)
        assert [limiter.wait("a") for _ in expected] == expected
    clock.now -= 900  # it begins anew when the machine does
    assert Limiter(Rate(2, 60), folder=str(tmp_path), clock=clock).wait("a") == 0


def test_a_folder_that_fails_is_done_without(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    limiter = Limiter(Rate(2, 60), folder=str(tmp_path), clock=Clock())
    assert limiter.wait("a") == 0
    (tmp_path / "rate.sqlite").write_bytes(b"this is no database at all, but words" * 200)
    assert [limiter.wait("a") for _ in range(3)] == [0, 0, 30]
    assert "this one counts its own" in caplog.text


def test_a_rate_holds_over_all_processes_of_a_server(root: Path) -> None:
    given = {name: value for name, value in os.environ.items() if not name.startswith("REMIT_")}
    given |= {"REMIT_WORKERS": "2", "REMIT_RATE": "20/hour", "REMIT_ACCESS": "open"}
    given["PYTHONPATH"] = os.pathsep.join([str(root), str(root / "tests")])
    command = [sys.executable, str(root / "tests" / "small_server.py"), "--port", "0"]
    with running(command, env=given) as address:
        statuses: list[int] = []
        waits: list[int] = []
        answering: set[str] = set()
        for _ in range(50):  # each over a connection of its own, to which a process falls by chance
            try:
                with urllib.request.urlopen(f"{address}/api/documents") as said:
                    answering.add(json.load(said)["index"])
                    statuses.append(said.status)
            except urllib.error.HTTPError as refused:
                statuses.append(refused.code)
                waits.append(int(refused.headers["Retry-After"]))
    assert statuses == [200] * 20 + [429] * 30
    assert all(0 < seconds <= 180 for seconds in waits)
    assert len(answering) == 2, "both have answered"


def test_a_queue_has_so_many_places() -> None:
    queue = Queue(2)
    assert [queue.enter() for _ in range(3)] == [True, True, False]
    queue.leave()
    assert [queue.enter() for _ in range(2)] == [True, False]
