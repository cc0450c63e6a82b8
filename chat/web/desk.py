"""The desk that questions come to: what was asked before is answered from memory, and all is counted."""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import count
from weakref import WeakKeyDictionary

from chat.answer import Answer, Event, Finished, Turn, events
from chat.journal import Journal
from chat.web import logs
from chat.web.live import AnswerEngine, EngineProvider, Relay
from chat.web.metrics import Metrics

_Key = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Notice:
    """The line that came with the last answer made, "" when there was none, and when that was (Unix time)."""

    text: str
    at: float


class Desk:
    """A provider over another one: its engines remember answers, at most ``remembered`` of them together.

    An answer is remembered for the engine that gave it. A new index, or the part of one that other readers
    may see, is another engine, so what one reader was told never reaches one who may see less. An answer
    with a notice is not remembered: it was made in want of something that may be there the next time. No more
    than ``at_work`` are worked out at a time, None for as many as there are threads; what is remembered waits
    for none of them.
    """

    def __init__(
        self,
        provider: EngineProvider,
        *,
        metrics: Metrics,
        remembered: int = 0,
        log_questions: bool = False,
        journal: Journal | None = None,
        at_work: int | None = None,
    ) -> None:
        self._provider = provider
        self._metrics = metrics
        self._most = remembered
        self._turn = threading.BoundedSemaphore(at_work) if at_work else contextlib.nullcontext()
        self._log_questions = log_questions
        self.journal = journal
        self._lock = threading.Lock()
        self._answers: OrderedDict[_Key, Answer] = OrderedDict()
        self._making: dict[_Key, Future[Answer]] = {}
        self._numbers = count()
        self._known: WeakKeyDictionary[AnswerEngine, int] = WeakKeyDictionary()
        self.last_notice = Notice("", 0.0)

    def __call__(self) -> AnswerEngine:
        """The engine over the index that is live; raises as the provider does."""
        return self.over(self._provider())

    def over(self, engine: AnswerEngine) -> AnswerEngine:
        """``engine`` with this desk's memory."""
        with self._lock:
            number = self._known.get(engine)
            if number is None:
                number = self._known[engine] = next(self._numbers)
        return _Served(self, engine, number)

    def ask(self, engine: AnswerEngine, number: int, question: str, history: Sequence[Turn]) -> Answer:
        """The answer of ``engine``, known by ``number``; of equal questions at once one is worked out."""
        started = time.perf_counter()
        try:
            if not self._most:
                with self._turn:
                    answer = engine.ask(question, history)
                return self._told(question, answer, started, remembered=False)
            key = (number, _digest(question, history))
            with self._lock:
                known = self._recall(key)
                waiting = self._making.get(key)
                if known is None and waiting is None:
                    mine = self._making[key] = Future()
            if known is not None:
                return self._told(question, known, started, remembered=True)
            if waiting is not None:
                return self._told(question, waiting.result(), started, remembered=True)
            return self._told(
                question, self._make(key, mine, engine, question, history), started, remembered=False
            )
        except Exception as exc:
            self._metrics.failed(exc)
            raise

    def stream(
        self, engine: AnswerEngine, number: int, question: str, history: Sequence[Turn]
    ) -> Iterator[Event]:
        """The events of the answer; one that is remembered comes at once."""
        started = time.perf_counter()
        key = (number, _digest(question, history))
        with self._lock:
            known = self._recall(key)
        if known is not None:
            yield from events(self._told(question, known, started, remembered=True))
            return
        try:
            with self._turn:
                for event in engine.stream(question, history):
                    if isinstance(event, Finished):
                        self._remember(key, event.answer)
                        event = Finished(self._told(question, event.answer, started, remembered=False))
                    yield event
        except Exception as exc:
            self._metrics.failed(exc)
            raise

    def _make(
        self, key: _Key, mine: Future[Answer], engine: AnswerEngine, question: str, history: Sequence[Turn]
    ) -> Answer:
        try:
            with self._turn:
                answer = engine.ask(question, history)
        except BaseException as exc:
            mine.set_exception(exc)
            raise
        else:
            self._remember(key, answer)
            mine.set_result(answer)
            return answer
        finally:
            with self._lock:
                del self._making[key]

    def _recall(self, key: _Key) -> Answer | None:
        known = self._answers.get(key)
        if known is not None:
            self._answers.move_to_end(key)
        return known

    def _remember(self, key: _Key, answer: Answer) -> None:
        if answer.notice or not self._most:
            return
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)

    def _told(self, question: str, answer: Answer, started: float, *, remembered: bool) -> Answer:
        """``answer`` counted and noted; one from memory says how long it took to remember."""
        seconds = time.perf_counter() - started
        self._metrics.answered(answer, seconds, remembered=remembered)
        noted = {"verdict": answer.verdict, "answered_by": answer.answered_by, "remembered": remembered}
        logs.note(**noted, **({"question": question} if self._log_questions else {}))
        if remembered:
            return replace(answer, timings_ms={"total": 1e3 * seconds})
        self.last_notice = Notice(answer.notice, time.time())
        return answer


class _Served(Relay):
    """An engine as the desk gives it out."""

    def __init__(self, desk: Desk, engine: AnswerEngine, number: int) -> None:
        super().__init__(engine)
        self._desk, self._number = desk, number

    def for_groups(self, groups: Collection[str]) -> AnswerEngine:
        return self._desk.over(self._engine.for_groups(groups))

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        return self._noted(self._desk.ask(self._engine, self._number, question, history), history)

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        for event in self._desk.stream(self._engine, self._number, question, history):
            yield Finished(self._noted(event.answer, history)) if isinstance(event, Finished) else event

    def _noted(self, answer: Answer, history: Sequence[Turn]) -> Answer:
        """``answer`` with the id that the journal knows it by, where there is a journal."""
        journal = self._desk.journal
        return replace(answer, id=journal.add(answer, history, limited=self._limited)) if journal else answer

    def _limited(self) -> bool:
        """Whether this engine's readers see what others may not: it is not the one for those in no group."""
        return self._engine.for_groups(()) is not self._engine


def _digest(question: str, history: Sequence[Turn]) -> bytes:
    """Stands for a question after its conversation; a conversation may be long, this is 32 bytes."""
    said = [question, *((turn["role"], turn["content"]) for turn in history)]
    return hashlib.sha256(json.dumps(said).encode()).digest()
