"""What is counted, for Prometheus: questions, verdicts, times and faults; never what was asked, or by whom.

Every label takes its values from a closed set, so that nobody can make the figures grow by what they send.
With several processes each counts into files of a folder they share, and any of them can tell the sum.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping

from chat.answer import Answer
from ingest.errors import IndexUnavailable, InputError

# Where the processes of one server share their figures; the name is prometheus_client's.
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# Seconds; an answer in quotes takes some milliseconds, a language model's up to ten seconds.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

# What is known at the moment of asking: a name, what it is, and its value for each set of labels.
State = Callable[[], Iterable[tuple[str, str, Mapping[str, str], float]]]


class Metrics:
    """The figures of one process, and of all processes that share a folder with it."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

        own = self._own = CollectorRegistry()
        self._questions = Counter(
            "remit_questions", "Questions answered.", ("verdict", "answered_by", "remembered"), registry=own
        )
        self._seconds = Histogram(
            "remit_answer_seconds",
            "How long an answer took to make, or to remember.",
            ("remembered",),
            buckets=_BUCKETS,
            registry=own,
        )
        self._dropped = Counter(
            "remit_sentences_dropped",
            "Sentences of a model that were not shown as their citations do not carry them.",
            registry=own,
        )
        self._notices = Counter(
            "remit_notices",
            "Answers with a notice: not of the usual kind, as when the model could not be used.",
            registry=own,
        )
        self._failures = Counter(
            "remit_questions_failed", "Questions that got no answer.", ("reason",), registry=own
        )
        self._judged = Counter("remit_feedback", "Answers that readers judged.", ("helpful",), registry=own)
        self._unkept = Counter(
            "remit_journal_dropped", "Questions and judgements that the journal could not keep.", registry=own
        )
        self._requests = Counter(
            "remit_requests", "Requests answered over HTTP.", ("route", "method", "status"), registry=own
        )
        self._request_seconds = Histogram(
            "remit_request_seconds",
            "How long a request took until its last byte was sent.",
            ("route",),
            buckets=_BUCKETS,
            registry=own,
        )
        self._in_flight = Gauge(
            "remit_requests_in_flight",
            "Requests being answered now.",
            registry=own,
            multiprocess_mode="livesum",
        )
        if not os.environ.get(SHARED_FOLDER):
            ProcessCollector(registry=own)  # of one process it would say nothing about several

    def answered(self, answer: Answer, seconds: float, *, remembered: bool) -> None:
        """Count an answer that was given."""
        kept = "yes" if remembered else "no"
        by = answer.answered_by.partition(":")[0]
        self._questions.labels(answer.verdict, by, kept).inc()
        self._seconds.labels(kept).observe(seconds)
        if not remembered:
            self._dropped.inc(len(answer.dropped))
        if answer.notice:
            self._notices.inc()

    def failed(self, error: BaseException) -> None:
        """Count a question that got no answer."""
        reason = (
            "question"
            if isinstance(error, InputError)
            else "index"
            if isinstance(error, IndexUnavailable)
            else "fault"
        )
        self._failures.labels(reason).inc()

    def judged(self, *, helpful: bool) -> None:
        """Count an answer that a reader judged."""
        self._judged.labels("yes" if helpful else "no").inc()

    def unkept(self, count: int) -> None:
        """Count what the journal could not keep."""
        self._unkept.inc(count)

    def arrived(self) -> None:
        """Count a request that began."""
        self._in_flight.inc()

    def sent(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that ended; ``route`` is a route of ours, never a path as it was sent."""
        self._in_flight.dec()
        self._requests.labels(route, method if method in _METHODS else "other", str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def text(self, state: State) -> tuple[bytes, str]:
        """All figures and the present ``state`` in Prometheus' text format, and its media type."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = self._own
        if os.environ.get(SHARED_FOLDER):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry) + _state_text(state), CONTENT_TYPE_PLAIN_0_0_4


def _state_text(state: State) -> bytes:
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()
    for name, about, labels, value in state():
        gauge = Gauge(name, about, tuple(labels), registry=registry)
        (gauge.labels(**labels) if labels else gauge).set(value)
    return generate_latest(registry)


def discard(folder: str, process: int) -> None:
    """Forget what a process that has ended was doing at the moment; what it counted stays."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(process, folder)  # type: ignore[no-untyped-call]


__all__ = ["SHARED_FOLDER", "Metrics", "State", "discard"]
