"""The desk: what it remembers and for whom, what it counts, and what many who ask the same at once get."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_engine import SmallEngine

from chat.answer import Answer, Event, Finished, Turn
from chat.web.desk import Desk
from chat.web.metrics import Metrics
from ingest.errors import QuestionError

BUDGETS = "Who should own budgets?"


def desk_over(engine: SmallEngine, *, remembered: int = 10, metrics: Metrics | None = None) -> Desk:
    return Desk(lambda: engine, metrics=metrics or Metrics(), remembered=remembered)


def sample(metrics: Metrics, line: str) -> float:
    """The value in the line that begins with ``line``; 0 when there is none."""
    text = metrics.text(list)[0].decode()
    return next(
        (float(found.rpartition(" ")[2]) for found in text.splitlines() if found.startswith(line)), 0.0
    )


def test_a_question_asked_again_is_remembered_and_the_answer_is_the_same() -> None:
    engine = SmallEngine()
    desk = desk_over(engine)
    first, again = desk().ask(BUDGETS), desk().ask(BUDGETS)
    assert len(engine.asked) == 1
    assert first.to_dict() | {"timings_ms": 0} == again.to_dict() | {"timings_ms": 0}
    assert set(again.timings_ms) == {"total"}


def test_another_conversation_is_another_question() -> None:
    engine = SmallEngine()
    desk = desk_over(engine)
    turns: list[list[Turn]] = [
        [],
        [{"role": "user", "content": "a"}],
        [{"role": "assistant", "content": "a"}],
        [{"role": "user", "content": "a"}, {"role": "assistant", "content": ""}],
    ]
    for history in turns * 2:
        desk().ask(BUDGETS, history)
    assert engine.asked == [(BUDGETS, history) for history in turns]


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["", "x"])), max_size=30), st.integers(0, 4)
)
def test_memory_changes_no_answer_and_stays_as_small_as_it_must(
    asked: list[tuple[str, str]], remembered: int
) -> None:
    desk = desk_over(SmallEngine(), remembered=remembered)
    for question, said in asked:
        history: list[Turn] = [{"role": "user", "content": said}] if said else []
        given = desk().ask(question, history).to_dict() | {"timings_ms": 0}
        assert given == SmallEngine().ask(question, history).to_dict() | {"timings_ms": 0}
        assert len(desk._answers) <= remembered


def test_without_memory_every_question_is_worked_out() -> None:
    engine = SmallEngine()
    desk = desk_over(engine, remembered=0)
    desk().ask(BUDGETS)
    desk().ask(BUDGETS)
    assert len(engine.asked) == 2


def test_a_new_index_remembers_nothing_of_the_one_before() -> None:
    engines = [SmallEngine(), SmallEngine()]
    current = engines[0]
    desk = Desk(lambda: current, metrics=Metrics(), remembered=10)
    desk().ask(BUDGETS)
    current = engines[1]
    desk().ask(BUDGETS)
    assert [len(engine.asked) for engine in engines] == [1, 1]


class _Grouped(SmallEngine):
    """What each group may see is an engine of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.views: dict[frozenset[str], SmallEngine] = {}

    def for_groups(self, groups: Collection[str]) -> SmallEngine:
        return self.views.setdefault(frozenset(groups), SmallEngine())


def test_what_one_reader_was_told_is_not_told_to_one_who_sees_other_documents() -> None:
    engine = _Grouped()
    desk = desk_over(engine)
    for groups in (["board"], ["staff"], ["board"], []):
        desk().for_groups(groups).ask(BUDGETS)
    assert {tuple(groups): len(view.asked) for groups, view in engine.views.items()} == {
        ("board",): 1,
        ("staff",): 1,
        (): 1,
    }


class _Fallen(SmallEngine):
    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        return replace(super().ask(question, history), notice="The language model did not answer.")


def test_an_answer_with_a_notice_is_not_remembered_but_counted() -> None:
    engine, metrics = _Fallen(), Metrics()
    desk = desk_over(engine, metrics=metrics)
    desk().ask(BUDGETS)
    desk().ask(BUDGETS)
    list(desk().stream(BUDGETS))
    assert len(engine.asked) == 3
    assert sample(metrics, "remit_notices_total") == 3
    assert desk.last_notice.text == "The language model did not answer."


def test_a_stream_is_remembered_once_it_is_whole_and_then_streams_again() -> None:
    engine, metrics = SmallEngine(), Metrics()
    desk = desk_over(engine, metrics=metrics)
    cut = desk().stream(BUDGETS)
    next(cut)
    cut.close()  # type: ignore[attr-defined]
    assert len(engine.asked) == 1
    first, again = list(desk().stream(BUDGETS)), list(desk().stream(BUDGETS))
    assert len(engine.asked) == 2
    assert first[:-1] == again[:-1]
    assert isinstance(again[-1], Finished)
    desk().ask(BUDGETS)
    assert len(engine.asked) == 2
    assert sample(metrics, 'remit_questions_total{answered_by="extractive",remembered="no"') == 1
    assert sample(metrics, 'remit_questions_total{answered_by="extractive",remembered="yes"') == 2


class _Slow(SmallEngine):
    """Answers when it is let."""

    def __init__(self, *, fails: bool = False) -> None:
        super().__init__()
        self.let, self.began, self._fails = threading.Event(), threading.Event(), fails

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        self.asked.append((question, list(history)))
        self.began.set()
        assert self.let.wait(20)
        if self._fails:
            raise QuestionError("the question is not one")
        return SmallEngine().ask(question, history)


def test_of_many_who_ask_the_same_at_once_one_is_worked_out_for_all() -> None:
    engine = _Slow()
    desk = desk_over(engine)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(desk().ask, BUDGETS)
        assert engine.began.wait(20)
        others = [pool.submit(desk().ask, BUDGETS) for _ in range(7)]
        engine.let.set()
        answers = {one.result(20).owners for one in (first, *others)}
    assert answers == {("Bursar",)}
    assert len(engine.asked) == 1


def test_a_failure_reaches_all_who_wait_and_the_next_one_tries_again() -> None:
    engine, metrics = _Slow(fails=True), Metrics()
    desk = desk_over(engine, metrics=metrics)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(desk().ask, BUDGETS)
        assert engine.began.wait(20)
        others = [pool.submit(desk().ask, BUDGETS) for _ in range(2)]
        engine.let.set()
        for one in (first, *others):
            with pytest.raises(QuestionError):
                one.result(20)
    asked = len(engine.asked)
    with pytest.raises(QuestionError):
        desk().ask(BUDGETS)
    assert len(engine.asked) == asked + 1
    assert sample(metrics, 'remit_questions_failed_total{reason="question"}') == 4


class _Broken(SmallEngine):
    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        yield from list(super().stream(question, history))[:-1]
        raise RuntimeError("lost")


def test_a_stream_that_breaks_is_counted_and_not_remembered() -> None:
    engine, metrics = _Broken(), Metrics()
    desk = desk_over(engine, metrics=metrics)
    with pytest.raises(RuntimeError):
        list(desk().stream(BUDGETS))
    desk().ask(BUDGETS)
    assert len(engine.asked) == 2
    assert sample(metrics, 'remit_questions_failed_total{reason="fault"}') == 1


@pytest.mark.parametrize("remembered", [0, 10])
def test_so_many_answers_are_worked_out_at_a_time_and_what_is_remembered_waits_for_none(
    remembered: int,
) -> None:
    told, at_work = threading.Event(), threading.Semaphore(0)

    class Slow(SmallEngine):
        def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
            """The answer, when it is told to."""
            if "slowly" in question:
                at_work.release()
                assert told.wait(30)
            return super().ask(question, history)

    engine = Slow()
    desk = Desk(lambda: engine, metrics=Metrics(), remembered=remembered, at_work=2)
    desk().ask(BUDGETS)

    def streamed(question: str) -> Answer:
        *_, last = desk().stream(question)
        assert isinstance(last, Finished)
        return last.answer

    with ThreadPoolExecutor(6) as pool:
        made = [
            pool.submit(how, f"Who should slowly own budgets {when}?")
            for how in (desk().ask, streamed)
            for when in ("now", "soon", "later")
        ]
        try:
            assert at_work.acquire(timeout=30)
            assert at_work.acquire(timeout=30)
            assert not at_work.acquire(timeout=0.2), "a third one waits"
            if remembered:
                assert desk().ask(BUDGETS).owners == streamed(BUDGETS).owners == ("Bursar",)
        finally:
            told.set()
        assert [answer.result(30).owners for answer in made] == [("Bursar",)] * 6
