"""How much one reader may ask, and how much is answered at a time."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_KNOWN = 10_000  # readers remembered; who was forgotten begins anew


@dataclass(frozen=True, slots=True)
class Rate:
    """``count`` requests in ``seconds``, which may come all at once."""

    count: int
    seconds: int

    @classmethod
    def parse(cls, text: str) -> Rate | None:
        """The rate that "60/minute" stands for, None for "off"; the settings have checked what is given."""
        count, _, unit = text.partition("/")
        return cls(int(count), _SECONDS[unit]) if unit else None


class Limiter:
    """A bucket of tokens for each reader, filled at the rate, emptied by requests."""

    def __init__(self, rate: Rate | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, reader: Hashable) -> int:
        """Take a token of ``reader``; 0 when there was one, else the seconds until there is, rounded up."""
        if self._rate is None:
            return 0
        now, each = self._clock(), self._rate.seconds / self._rate.count
        with self._lock:
            tokens, then = self._buckets.pop(reader, (float(self._rate.count), now))
            tokens = min(self._rate.count, tokens + (now - then) / each)
            missing = max(0.0, 1 - tokens)
            self._buckets[reader] = (tokens if missing else tokens - 1, now)
            while len(self._buckets) > _KNOWN:
                self._buckets.popitem(last=False)
        return math.ceil(missing * each)


class Queue:
    """Counts what is being answered or waits for it, up to ``most``."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0

    def enter(self) -> bool:
        """Take a place; False when none is free. Called, as ``leave`` is, from the event loop alone."""
        if self._held >= self._most:
            return False
        self._held += 1
        return True

    def leave(self) -> None:
        """Give the place back."""
        self._held -= 1
