"""The journal's file: a row for each question, its limits, and how it is read.

Rows lie in the order of their random ids, so not even who asked after whom can be seen in the file.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, cast

from chat.answer import Answer, Status, Verdict
from ingest.errors import JournalFault

ANSWERED_DAYS = 2  # in which an answer can be judged before its question is forgotten
LOCKED = 5.0  # seconds until another process that writes is given up on
_KNOWN = 0x524A_0001  # written into the file, and read before anything else is believed of it
_LONGEST = 300  # characters of a question or a topic

_TABLES = (
    """CREATE TABLE asked (
        id BLOB PRIMARY KEY, day TEXT NOT NULL, question TEXT, topic TEXT, verdict TEXT, status TEXT,
        owners TEXT, docs TEXT, generation TEXT, helpful INTEGER, comment TEXT
    ) WITHOUT ROWID""",
    "CREATE INDEX asked_by_day ON asked (day)",
    "CREATE TABLE signing (secret BLOB NOT NULL)",
)
# An answer may be judged in another process before the one that gave it has written it down.
_ADD = """
INSERT INTO asked (id, day, question, topic, verdict, status, owners, docs, generation)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET question = excluded.question,
    topic = excluded.topic, verdict = excluded.verdict, status = excluded.status, owners = excluded.owners,
    docs = excluded.docs, generation = excluded.generation
"""
_JUDGE = """
INSERT INTO asked (id, day, helpful, comment) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET helpful = excluded.helpful, comment = excluded.comment
"""
_TOO_OLD = "DELETE FROM asked WHERE day < ?"
_ANSWERED = """
DELETE FROM asked
WHERE day < ? AND (question IS NULL OR (verdict <> 'not_covered' AND helpful IS NULL))
"""
_TOO_MANY = """
DELETE FROM asked WHERE id IN (
    SELECT id FROM asked
    ORDER BY (question IS NULL OR (verdict <> 'not_covered' AND helpful IS NULL)) DESC, day
    LIMIT (SELECT max(0, count(*) - ?) FROM asked))
"""
_READ = """
SELECT day, question, topic, verdict, status, owners, docs, generation, helpful, comment FROM asked
WHERE question IS NOT NULL ORDER BY day DESC, question, id
"""

Row: TypeAlias = tuple[str, tuple[Any, ...]]  # a statement and its values


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and what came of it; ``helpful`` is None while nobody has judged the answer.

    ``docs`` are the documents that the answer cites, or when there is none those that came nearest, in order.
    """

    day: date
    question: str
    topic: str
    verdict: Verdict
    status: Status
    owners: tuple[str, ...]
    docs: tuple[str, ...]
    index: str
    helpful: bool | None = None
    comment: str = ""


def answered(identity: bytes, day: date, question: str, topic: str, answer: Answer) -> Row:
    """What writes that ``question`` got ``answer``; both texts are cut at 300 characters."""
    docs = list(dict.fromkeys(c.doc for c in answer.citations or answer.nearest))
    what = (_short(question), _short(topic), answer.verdict, answer.status)
    return _ADD, (
        *(identity, day.isoformat(), *what),
        *(json.dumps(answer.owners), json.dumps(docs), answer.index),
    )


def judged(identity: bytes, day: date, *, helpful: bool, comment: str) -> Row:
    """What writes how an answer was judged."""
    return _JUDGE, (identity, day.isoformat(), helpful, comment)


@dataclass(frozen=True, slots=True)
class Opened:
    """The file, open for writing, and the secret in it that all who write it sign their ids with."""

    database: sqlite3.Connection
    secret: bytes

    def write(self, rows: Sequence[Row]) -> None:
        """All of ``rows`` or none; after an error nothing more can be written."""
        self.database.execute("BEGIN IMMEDIATE")
        for statement, values in rows:
            self.database.execute(statement, values)
        self.database.execute("COMMIT")

    def prune(self, today: date, *, days: int, most: int) -> None:
        """Forget what is older than ``days``, and of more than ``most`` rows the answered ones first."""
        old, judging = today - timedelta(days=days), today - timedelta(days=ANSWERED_DAYS)
        self.write(
            [(_TOO_OLD, (old.isoformat(),)), (_ANSWERED, (judging.isoformat(),)), (_TOO_MANY, (most,))]
        )
        # What was deleted is overwritten in the file; this empties the log beside it, which holds it, too.
        self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the file; what was not written whole is not written."""
        self.database.close()


def open_file(path: Path) -> Opened:
    """Open the file, which is made when there is none, for its owner alone to read.

    Raises JournalFault when it is something else, and what sqlite3 and the system raise.
    """
    path.touch(mode=0o600)
    database = sqlite3.connect(path, timeout=LOCKED, isolation_level=None, check_same_thread=False)
    try:
        database.execute("BEGIN IMMEDIATE")  # of several processes that start, one makes the tables
        if not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            for table in _TABLES:
                database.execute(table)
            database.execute("INSERT INTO signing VALUES (?)", (secrets.token_bytes(32),))
            database.execute(f"PRAGMA application_id = {_KNOWN}")
        database.execute("COMMIT")
        _check(database)
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
            database.execute(f"PRAGMA {pragma}")
        return Opened(database, database.execute("SELECT secret FROM signing").fetchone()[0])
    except BaseException:
        database.close()
        raise


def read(path: Path) -> list[Entry]:
    """All that is kept, the newest first. Raises JournalFault when the file cannot be read."""
    if not path.is_file():
        raise JournalFault(
            f"there is no journal at {str(path)!r}; it begins when a server starts with REMIT_JOURNAL={path}"
        )
    where = f"{path.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(where, uri=True, timeout=LOCKED)) as database:
            _check(database)
            rows = database.execute(_READ).fetchall()
    except sqlite3.Error as exc:
        raise JournalFault(
            f"the journal {str(path)!r} cannot be read ({exc}); make sure that this user may read it, or stop"
            " the server, take the file away and start again"
        ) from exc
    listed = cache(lambda text: tuple(json.loads(text)))  # the same few over and over
    return [_entry(listed, *row) for row in rows]


def _check(database: sqlite3.Connection) -> None:
    if database.execute("PRAGMA application_id").fetchone()[0] != _KNOWN:
        raise JournalFault("the file is a database of another program or version; name another file")


def _entry(
    listed: Callable[[str], tuple[str, ...]], day: str, question: str, topic: str, *rest: Any
) -> Entry:
    verdict, status, owners, docs, index, helpful, comment = rest
    return Entry(
        day=date.fromisoformat(day),
        question=question,
        topic=topic,
        verdict=cast("Verdict", verdict),
        status=cast("Status", status),
        owners=listed(owners),
        docs=listed(docs),
        index=index,
        helpful=None if helpful is None else bool(helpful),
        comment=comment or "",
    )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
