"""A breaker: after several failures in a row nobody waits for the same failure again for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES = 3
COOL_DOWN_SECONDS = 30.0


class Breaker:
    """Counts failures in a row; safe to share between threads.

    After ``failures`` of them nothing is tried for ``cool_down`` seconds. Then one try is let through at a
    time: a success closes the breaker, a failure starts the wait anew.
    """

    def __init__(
        self,
        *,
        failures: int = FAILURES,
        cool_down: float = COOL_DOWN_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._cool_down, self._clock = failures, cool_down, clock
        self._lock = threading.Lock()
        self._failed = 0
        self._not_before = 0.0

    def allows(self) -> bool:
        """Whether to try now. Who is let through after a wait holds the others back for another one."""
        with self._lock:
            if self._failed < self._most:
                return True
            now = self._clock()
            if now < self._not_before:
                return False
            self._not_before = now + self._cool_down
            return True

    def succeeded(self) -> None:
        """A try went well."""
        with self._lock:
            self._failed = 0

    def failed(self) -> None:
        """A try went wrong."""
        with self._lock:
            self._failed += 1
            self._not_before = self._clock() + self._cool_down
