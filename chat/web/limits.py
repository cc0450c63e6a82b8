"""How much one reader may ask, and how much is answered at a time."""

from __future__ import annotations

import hashlib
import logging
import math
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path

_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
# Answers in quotes that a process works out at a time. One thread runs Python while others embed and search;
# more than these take no less time all together, and all of them come late.
AT_WORK = 4

_KNOWN = 10_000  # readers remembered; who was forgotten begins anew
_TIDY = 1_000  # requests after which those beyond are forgotten
_FILE = "rate.sqlite"  # what ends in .db there is prometheus_client's
_MEMORY = ":memory:"
_log = logging.getLogger(__name__)


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
    """A bucket of tokens for each reader, filled at the rate, emptied by requests.

    The buckets are kept in ``folder``, which several processes may share: what a reader may do then holds for
    all of them together. Without one they are this process's own.
    """

    def __init__(
        self, rate: Rate | None, *, folder: str | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate, self._clock = rate, clock
        self._lock = threading.Lock()
        self._asked = 0
        if rate:
            self._buckets = self._opened(str(Path(folder, _FILE)) if folder else _MEMORY)
            # From before the machine was started again, when its clock began anew.
            self._buckets.execute("DELETE FROM buckets WHERE full > ?", (clock() + rate.seconds + 1,))

    def wait(self, reader: Hashable) -> int:
        """Take a token of ``reader``; 0 when there was one, else the seconds until there is, rounded up."""
        if self._rate is None:
            return 0
        with self._lock:
            try:
                return math.ceil(self._missing(reader, self._rate, self._clock()))
            except sqlite3.Error:
                _log.exception("the rate that processes share cannot be counted; this one counts its own")
                self._buckets = self._opened(_MEMORY)
                return math.ceil(self._missing(reader, self._rate, self._clock()))

    def _missing(self, reader: Hashable, rate: Rate, now: float) -> float:
        """Seconds until there is a token; one that is there is taken."""
        self._asked += 1
        if self._asked % _TIDY == 0:
            self._buckets.execute(_FORGET, {"now": now, "known": _KNOWN})
        each, empty = rate.seconds / rate.count, now + rate.seconds
        # Names are not for whoever may read the folder.
        who = hashlib.blake2b(repr(reader).encode(), digest_size=16).digest()
        given = {"who": who, "now": now, "each": each, "empty": empty}
        if self._buckets.execute(_TAKE, given).fetchall():
            return 0.0
        found = self._buckets.execute("SELECT full FROM buckets WHERE who = :who", given).fetchone()
        return float(found[0] + each - empty) if found else 0.0  # another process has just forgotten it

    def _opened(self, path: str) -> sqlite3.Connection:
        buckets = sqlite3.connect(path, timeout=1.0, isolation_level=None, check_same_thread=False)
        weakref.finalize(self, buckets.close)
        # What a killed process had half written, the next one undoes; a machine that stops may lose it all.
        buckets.execute("PRAGMA journal_mode = TRUNCATE")
        buckets.execute("PRAGMA synchronous = OFF")
        buckets.execute(_TABLE)
        return buckets


# A bucket is the time at which it is full again. One that is empty is full when the rate's seconds are over;
# one that is not there is full now, as one is that was full before. A token moves the time by ``each``.
_TABLE = "CREATE TABLE IF NOT EXISTS buckets (who BLOB PRIMARY KEY, full REAL NOT NULL) WITHOUT ROWID"
_TAKE = """
INSERT INTO buckets VALUES (:who, :now + :each)
ON CONFLICT (who) DO UPDATE SET full = max(full, :now) + :each
WHERE max(full, :now) + :each <= :empty + 1e-6
RETURNING full
"""
_FORGET = """
DELETE FROM buckets WHERE full <= :now
OR who NOT IN (SELECT who FROM buckets ORDER BY full DESC LIMIT :known)
"""


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
