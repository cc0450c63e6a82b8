"""The journal: what is asked, and how answers are judged, kept for whoever looks after the guidance.

It holds nobody's name and no time of day. A question that was answered is forgotten after two days unless its
answer was judged; what nothing covers, and what was judged, is kept for as long as the operator says.

Nobody waits for it: what is to be kept goes into a queue, and a thread of its own writes it. Several
processes may write the same file.
"""

from __future__ import annotations

import base64
import hmac
import logging
import queue
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from chat.answer import Answer, Turn
from chat.asking import COURTESY
from chat.entries import LOCKED, Opened, Row, answered, judged, open_file
from ingest.errors import JournalFault
from ingest.words import stems

MOST_ROWS = 50_000
_WAITING = 1_000  # rows that wait to be written
_BATCH = 100
_PRUNED = 1_000  # rows after which the oldest are looked for again
_RECENT = 300.0  # seconds for which a row that found no place is told of
_HALF = 12  # bytes of an id that are random, and as many that sign them
_FAULTS = (sqlite3.Error, OSError, JournalFault)
_log = logging.getLogger(__name__)


class Journal:
    """Writes the file for one process; ``close`` it so that what waits is written.

    Kept are ``days`` days and ``most`` rows, the newest. ``dropped`` is called with the number of rows that
    could not be kept. Nothing here raises: no answer is to fail for want of a journal.
    """

    def __init__(
        self,
        path: Path,
        *,
        days: int,
        most: int = MOST_ROWS,
        waiting: int = _WAITING,
        dropped: Callable[[int], None] = lambda _: None,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        self.path, self._days, self._most = path, days, most
        self._dropped, self._today = dropped, today
        self._queue: queue.Queue[Row | threading.Event | None] = queue.Queue(waiting)  # None: stop
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._secret = b""
        self._broken = ""
        self._full_at = -_RECENT
        self._unpruned = 0
        self._pruned: date | None = None
        try:
            self._open().close()
        except _FAULTS as exc:  # with the first row it is tried again
            self._fail(exc, 0)

    @property
    def since(self) -> date:
        """The first day that is kept."""
        return self._today() - timedelta(days=self._days)

    @property
    def trouble(self) -> str:
        """Why not all that is asked now may be kept, in a line that names no file; "" when all is well."""
        if self._broken:
            return f"The journal cannot be written ({self._broken}), so what is asked is not kept."
        if time.monotonic() - self._full_at < _RECENT:
            return "The journal is written more slowly than people ask, so not all that is asked is kept."
        return ""

    def add(self, answer: Answer, history: Sequence[Turn] = (), *, limited: Callable[[], bool]) -> str:
        """Have ``answer`` kept, and give the id by which it can be judged, "" when it is not kept.

        Who greets or thanks asks for nothing that could be missing: that is not kept.
        ``limited`` says whether the asker sees documents that others may not. Words that were not sent, as
        where a slip was mended after such a document, are then not kept either.
        """
        if COURTESY.fullmatch(answer.question):
            return ""
        question, topic = answer.asked or answer.question, answer.topic
        if not _sent((question, topic), answer.question, history) and limited():
            question = topic = answer.question
        nonce = secrets.token_bytes(_HALF)
        put = self._put(answered(nonce, self._today(), question, topic, answer))
        if not put or self._broken or not self._secret:
            return ""
        return base64.urlsafe_b64encode(nonce + self._signature(nonce)).decode()

    def knows(self, identity: str) -> bool:
        """Whether ``identity`` is one that ``add`` gave, in whichever process."""
        return self._nonce(identity) is not None

    def judge(self, identity: str, *, helpful: bool, comment: str = "") -> bool:
        """Have the judgement of an answer kept, in the place of an earlier one; False when it is not."""
        nonce = self._nonce(identity)
        if nonce is None:
            return False
        put = self._put(judged(nonce, self._today(), helpful=helpful, comment=comment))
        return put and not self._broken  # even then it was tried, or it would never be well again

    def flush(self, seconds: float = 2.0) -> None:
        """Wait until what was given before is written, for ``seconds`` at the most."""
        written = threading.Event()
        if self._thread and self._thread.is_alive():
            with suppress(queue.Full):
                self._queue.put(written, timeout=seconds)
                written.wait(seconds)

    def close(self) -> None:
        """Write what waits, and stop."""
        if self._thread and self._thread.is_alive():
            with suppress(queue.Full):
                self._queue.put(None, timeout=LOCKED)
                self._thread.join(LOCKED)

    def _put(self, row: Row) -> bool:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
                self._thread.start()
        try:
            self._queue.put_nowait(row)
        except queue.Full:
            self._full_at = time.monotonic()
            self._dropped(1)
            return False
        return True

    def _nonce(self, identity: str) -> bytes | None:
        try:
            given = base64.b64decode(identity, altchars=b"-_", validate=True)
        except ValueError:
            return None
        nonce, signature = given[:_HALF], given[_HALF:]
        right = bool(self._secret) and hmac.compare_digest(signature, self._signature(nonce))
        return nonce if right else None

    def _signature(self, nonce: bytes) -> bytes:
        return hmac.digest(self._secret, nonce, "sha256")[:_HALF]

    def _open(self) -> Opened:
        opened = open_file(self.path)
        self._secret = opened.secret
        return opened

    def _work(self) -> None:
        """What the thread does until it is told to stop."""
        file: Opened | None = None
        stopping = False
        while not stopping:
            batch = self._batch()
            stopping = None in batch
            if rows := [item for item in batch if isinstance(item, tuple)]:
                file = self._written(rows, file)
            for item in batch:
                if isinstance(item, threading.Event):
                    item.set()
        if file:
            file.close()

    def _written(self, rows: Sequence[Row], file: Opened | None) -> Opened | None:
        """Write ``rows`` into ``file``, opened when there is none; gives what the next are written into."""
        waiting = len(rows)
        try:
            file = file or self._open()
            file.write(rows)
            waiting, self._unpruned = 0, self._unpruned + waiting
            if self._pruned != self._today() or self._unpruned >= _PRUNED:
                file.prune(self._today(), days=self._days, most=self._most)
                self._unpruned, self._pruned = 0, self._today()
            self._broken = ""
        except _FAULTS as exc:
            self._fail(exc, waiting)
            if file:
                file.close()
            return None
        return file

    def _batch(self) -> list[Row | threading.Event | None]:
        batch = [self._queue.get()]
        with suppress(queue.Empty):
            while len(batch) < _BATCH:
                batch.append(self._queue.get_nowait())
        return batch

    def _fail(self, exc: Exception, count: int) -> None:
        why = (exc.strerror if isinstance(exc, OSError) else None) or str(exc)
        if why != self._broken:
            _log.error("the journal %s cannot be written: %s", self.path, why)
        self._broken = why
        if count:
            self._dropped(count)


def _sent(texts: Sequence[str], question: str, history: Sequence[Turn]) -> bool:
    """Whether every word of ``texts`` that says something is one that the asker sent."""
    others = " ".join(text for text in texts if text.casefold() not in question.casefold())
    said = set(stems(others)) - set(stems(question)) if others else ()
    return not said or said <= {
        stem for turn in history if turn["role"] == "user" for stem in stems(turn["content"])
    }
