"""The journal: what it keeps and forgets, that nobody waits for it, and what its ids are worth."""

from __future__ import annotations

import base64
import multiprocessing
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_engine import SmallEngine

from chat.answer import Answer, Turn
from chat.entries import Entry, open_file, read
from chat.gaps import as_json, fold, gaps, to_csv, to_text
from chat.journal import Journal
from ingest.errors import JournalFault

TODAY = date(2026, 3, 1)
LOST = SmallEngine().ask("Who waters the plants?")  # nothing covers it; "who does what.md" comes nearest
FOUND = SmallEngine().ask("Who should own budgets?")


class Clock:
    """The day, which a test may change."""

    def __init__(self) -> None:
        self.day = TODAY

    def __call__(self) -> date:
        return self.day


def add(journal: Journal, answer: Answer = LOST, *history: Turn, limited: bool = False) -> str:
    return journal.add(answer, history, limited=lambda: limited)


def kept(journal: Journal) -> list[Entry]:
    journal.flush()
    return read(journal.path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture(name="journal")
def _journal(path: Path) -> Iterator[Journal]:
    with closing(Journal(path, days=90, today=Clock())) as opened:
        yield opened


# What is kept.


def test_a_question_is_kept_with_what_came_of_it(journal: Journal) -> None:
    assert len(add(journal)) == 32
    assert kept(journal) == [
        Entry(
            TODAY,
            "Who waters the plants?",
            "budgets",  # the small engine's topic is always this
            "not_covered",
            "not_covered",
            (),
            ("who does what.md",),
            "g1",
        )
    ]


def test_a_judgement_joins_its_question_and_a_later_one_takes_its_place(journal: Journal) -> None:
    first, second = add(journal, FOUND), add(journal)
    assert journal.judge(first, helpful=True)
    assert journal.judge(first, helpful=False, comment="No longer.")
    found = {entry.question: entry for entry in kept(journal)}
    assert (found[FOUND.question].helpful, found[FOUND.question].comment) == (False, "No longer.")
    assert found[FOUND.question].owners == ("Bursar",)
    assert found[LOST.question].helpful is None
    assert first != second


def test_there_is_no_place_for_a_name_or_a_time(journal: Journal) -> None:
    add(journal)
    journal.flush()
    with closing(sqlite3.connect(journal.path)) as database:
        tables = dict(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        columns = [row[1] for row in database.execute("PRAGMA table_info(asked)")]
    assert columns == [
        *("id", "day", "question", "topic", "verdict", "status", "owners", "docs", "generation", "helpful"),
        "comment",
    ]
    assert set(tables) == {"asked", "signing"}
    assert "WITHOUT ROWID" in tables["asked"], "rows would lie in the order in which people asked"


def test_a_long_question_is_cut(journal: Journal) -> None:
    add(journal, replace(LOST, asked="who \n owns " + "x" * 2000))
    (entry,) = kept(journal)
    assert len(entry.question) == 300
    assert entry.question.startswith("who owns x")


def test_the_file_is_its_owners_alone(journal: Journal, path: Path) -> None:
    add(journal)
    journal.flush()
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


@pytest.mark.parametrize(
    ("asked", "topic", "history", "limited", "kept_as"),
    [
        ("Who owns merger talks?", "merger talks", [], False, "Who owns merger talks?"),
        ("Who owns merger talks?", "merger talks", [], True, "who owns mergr talks?"),
        ("who owns mergr talks?", "zymurgy", [], True, "who owns mergr talks?"),
        ("Who owns mergr talks?", "the mergr talks", [], True, "Who owns mergr talks?"),
        ("Who owns merger talks?", "merger", ["a merger?"], True, "Who owns merger talks?"),
    ],
)
def test_of_words_from_documents_for_some_nothing_is_kept(
    journal: Journal, asked: str, topic: str, history: list[str], limited: bool, kept_as: str
) -> None:
    answer = replace(LOST, question="who owns mergr talks?", asked=asked, topic=topic)
    turns: list[Turn] = [{"role": "user", "content": text} for text in history]
    turns.append({"role": "assistant", "content": "zymurgy"})  # what we said is not what they know
    add(journal, answer, *turns, limited=limited)
    (entry,) = kept(journal)
    assert entry.question == kept_as
    assert not limited or "zymurgy" not in entry.topic


# What is forgotten.


def test_what_is_old_is_forgotten_and_an_answered_question_soon(path: Path) -> None:
    clock = Clock()

    def left(after: int) -> set[tuple[str, bool | None]]:
        clock.day = TODAY + timedelta(days=after)
        add(journal, replace(LOST, asked=f"day {after}"))
        journal.flush()
        return {(e.question, e.helpful) for e in read(path) if not e.question.startswith("day ")}

    with closing(Journal(path, days=90, today=clock)) as journal:
        add(journal, replace(FOUND, asked="answered"))
        for helpful in (True, False):
            journal.judge(add(journal, replace(FOUND, asked="judged")), helpful=helpful)
        add(journal, replace(LOST, asked="not covered"))
        judged = {("judged", True), ("judged", False), ("not covered", None)}
        assert left(2) == judged | {("answered", None)}
        assert left(3) == judged
        assert left(90) == judged
        assert left(91) == set()
        assert journal.since == TODAY + timedelta(days=1)


def test_of_too_many_the_answered_go_first_and_then_the_oldest(path: Path) -> None:
    clock = Clock()
    with closing(Journal(path, days=90, most=3, today=clock)) as journal:
        for day in range(4):
            clock.day = TODAY + timedelta(days=day)
            add(journal, replace(LOST, asked=f"lost {day}"))
            journal.flush()
        for n in range(50):
            add(journal, replace(FOUND, asked=f"found {n}"))
        journal.flush()
        clock.day += timedelta(days=1)
        add(journal, replace(LOST, asked="lost 4"))
        assert {entry.question for entry in kept(journal)} == {"lost 2", "lost 3", "lost 4"}


def test_of_what_is_forgotten_no_trace_is_in_the_files(path: Path) -> None:
    clock = Clock()
    with closing(Journal(path, days=10, today=clock)) as journal:
        for n in range(200):
            add(journal, replace(LOST, asked=f"zymurgy {n}"))
        journal.flush()
        assert b"zymurgy" in b"".join(file.read_bytes() for file in path.parent.iterdir())
        clock.day += timedelta(days=11)
        add(journal)
        journal.flush()
        assert b"zymurgy" not in b"".join(file.read_bytes() for file in path.parent.iterdir())


# Ids.


def test_an_id_is_known_to_all_who_write_the_file_and_to_nobody_else(path: Path, tmp_path: Path) -> None:
    with closing(Journal(path, days=90)) as one, closing(Journal(path, days=90)) as two:
        identity = add(one)
        assert one.knows(identity)
        assert two.judge(identity, helpful=False), "whichever writes first"
        two.flush()
        (entry,) = kept(one)
        assert entry.helpful is False
    with closing(Journal(path, days=90)) as again:
        assert again.knows(identity), "after a restart, too"
    with closing(Journal(tmp_path / "other.db", days=90)) as other:
        assert not other.knows(identity)


def test_a_judgement_may_be_written_before_its_question(path: Path) -> None:
    from chat.entries import answered, judged

    file = open_file(path)
    file.write([judged(b"1", TODAY, helpful=False, comment="c")])
    assert read(path) == []
    file.write([answered(b"1", TODAY, "q", "t", FOUND)])
    file.close()
    assert [(entry.question, entry.helpful, entry.comment) for entry in read(path)] == [("q", False, "c")]


@pytest.fixture(scope="module", name="lasting")
def _lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    with closing(Journal(tmp_path_factory.mktemp("lasting") / "journal.db", days=90)) as opened:
        yield opened


@given(st.text() | st.binary(min_size=24, max_size=24).map(lambda b: base64.urlsafe_b64encode(b).decode()))
def test_no_other_id_is_known(lasting: Journal, text: str) -> None:
    assert lasting.knows(add(lasting, FOUND))
    assert not lasting.knows(text)
    assert not lasting.judge(text, helpful=False)


def test_an_id_that_was_altered_is_not_known(journal: Journal) -> None:
    identity = add(journal)
    for at in range(len(identity)):
        other = "A" if identity[at] != "A" else "B"
        assert not journal.knows(identity[:at] + other + identity[at + 1 :])
    for other in (identity[:-4], identity + "AAAA", f" {identity}", f"{identity}\n", "", "é" * 32):
        assert not journal.knows(other)


# Nobody waits, and nothing fails.


def test_a_full_queue_drops_and_says_so_at_once(path: Path) -> None:
    dropped: list[int] = []
    with closing(Journal(path, days=90, waiting=5, dropped=dropped.append)) as journal:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")  # another program holds the file
            started = time.perf_counter()
            ids = [add(journal) for _ in range(200)]
            assert time.perf_counter() - started < 1
            other.execute("ROLLBACK")
        journal.flush(10)
        given = len(list(filter(None, ids)))
        assert given == len(read(path))
        assert given + sum(dropped) == 200
        assert 5 <= given < 200
        assert "more slowly than people ask" in journal.trouble


def test_a_journal_that_cannot_be_written_fails_nobody_and_comes_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    dropped: list[int] = []
    path = tmp_path / "later" / "journal.db"
    with closing(Journal(path, days=90, dropped=dropped.append)) as journal:
        for _ in range(3):
            assert add(journal) == ""
            journal.flush()
        assert sum(dropped) == 3
        assert (
            journal.trouble
            == "The journal cannot be written (No such file or directory), so what is asked is not kept."
        )
        assert caplog.text.count(str(path)) == 1, "once, and not with every question"
        path.parent.mkdir()
        add(journal)
        journal.flush()
        assert journal.trouble == ""
        assert journal.knows(add(journal))
        assert len(kept(journal)) == 2


def test_what_breaks_while_people_ask_mends_while_they_ask(path: Path) -> None:
    with closing(Journal(path, days=90)) as journal, closing(sqlite3.connect(path)) as other:
        identity = add(journal)
        journal.flush()
        (made,) = other.execute("SELECT sql FROM sqlite_master WHERE name = 'asked'").fetchone()
        other.executescript("DROP TABLE asked")
        add(journal)
        journal.flush()
        assert "no such table" in journal.trouble
        assert add(journal) == ""
        assert not journal.judge(identity, helpful=True), "nobody is told that it is kept"
        journal.flush()
        other.executescript(made)
        add(journal)
        journal.flush()
        assert journal.trouble == ""
        assert journal.judge(add(journal), helpful=True)
        assert [entry.helpful for entry in kept(journal)].count(True) == 1


def test_a_file_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    text, base = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("These are no questions, but notes of mine. " * 100)
    with closing(sqlite3.connect(base)) as database:
        database.execute("CREATE TABLE mine (a)")
    for path, why in ((text, "not a database"), (base, "another program")):
        before = path.read_bytes()
        with closing(Journal(path, days=90)) as journal:
            assert add(journal) == ""
            journal.flush()
            assert why in journal.trouble
        assert path.read_bytes() == before
        with pytest.raises(JournalFault, match=why):
            read(path)


def test_reading_makes_no_file(path: Path) -> None:
    with pytest.raises(JournalFault, match=r"there is no journal at .*REMIT_JOURNAL="):
        read(path)
    assert not path.exists()


def _open_at(path: Path, barrier: Any, secrets: Any) -> None:
    barrier.wait(30)
    file = open_file(path)
    secrets.put(file.secret)
    file.close()


def test_processes_that_start_at_once_share_one_secret(path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    barrier, secrets = spawn.Barrier(3), spawn.Queue()
    started = [spawn.Process(target=_open_at, args=(path, barrier, secrets)) for _ in range(3)]
    for process in started:
        process.start()
    found = {secrets.get(timeout=60) for _ in started}
    for process in started:
        process.join(30)
        assert process.exitcode == 0
    assert len(found) == 1
    assert len(found.pop()) == 32


# Gaps.


def entry(question: str = "Who waters the plants?", *, topic: str = "", **changed: Any) -> Entry:
    fields: dict[str, Any] = {"day": TODAY, "verdict": "not_covered", "owners": (), "docs": ("a.md",)}
    fields |= {"status": "supported", "index": "g1"} | changed
    return Entry(question=question, topic=topic or question, **fields)


def rejected(question: str, **changed: Any) -> Entry:
    given: dict[str, Any] = {"verdict": "lead", "owners": ("Bursar",), "helpful": False} | changed
    return entry(question, **given)


def test_wordings_of_one_topic_are_one_gap() -> None:
    same = ["travel insurance", "Travel  Insurances?", "insurance of travels", "TRAVEL INSURANCE"]
    assert len({fold(text) for text in same}) == 1
    assert len({fold(text) for text in ("travel insurance", "insurance", "travel insurance fraud")}) == 3
    (gap,) = gaps([entry(text, topic=text) for text in same])
    assert (gap.not_covered, gap.topic) == (4, "travel insurance")
    assert gap.questions == ("travel insurance", "Travel  Insurances?", "insurance of travels")
    assert fold("???") == ("???",)
    assert fold("to be or not") == ("to", "be", "or", "not"), "nothing but small words is a topic, too"


def test_what_was_answered_and_not_rejected_is_no_gap() -> None:
    assert gaps([entry(verdict="lead"), entry(verdict="info", helpful=True)]) == []


def test_a_gap_says_what_there_is_to_know() -> None:
    before = TODAY - timedelta(days=3)
    (gap,) = gaps(
        [
            rejected("Who owns leave?", topic="leave", comment="It is HR's.", docs=("b.md",)),
            entry("who has leave", topic="leave", docs=("c.md", "a.md"), index="g1"),
            rejected("Who owns leave?", topic="leave", owners=("Warden", "Bursar"), day=before, index="g0"),
            rejected("Is leave HR's?", topic="leave", helpful=True, day=before),
        ]
    )
    assert as_json([gap]) == [
        {
            "topic": "leave",
            "not_covered": 1,
            "rejected": 2,
            "helpful": 1,
            "last": "2026-03-01",
            "index": "g1",
            "owners": ("Bursar", "Warden"),
            "questions": ("Who owns leave?", "who has leave"),
            "nearest": {"doc": "c.md", "title": "c.md"},
            "comments": ("It is HR's.",),
        }
    ]


def test_the_newest_come_first_and_of_one_day_the_largest() -> None:
    old = TODAY - timedelta(days=1)
    order = [entry("b"), entry("b"), entry("c"), entry("a"), *[entry("d", day=old) for _ in range(9)]]
    assert [gap.topic for gap in gaps(order)] == ["b", "a", "c", "d"]


def test_who_may_not_see_a_document_learns_nothing_of_it() -> None:
    entries = [
        rejected("Who owns the merger?", docs=("a.md", "shut.md"), comment="The memo says so."),
        rejected("Who owns fees?", docs=("a.md",)),
        entry("Who plans it?", docs=("shut.md", "a.md"), comment="See the memo on mergers."),
        entry("Who waters?", docs=("shut.md",)),
    ]
    told = gaps(entries, {"a.md"})
    assert {gap.topic: gap.nearest for gap in told} == {
        "Who owns fees?": "",
        "Who plans it?": "a.md",
        "Who waters?": "",
    }
    for text in (str(as_json(told)), to_csv(told), to_text(told)):
        assert "shut" not in text
        assert "merger" not in text
    assert len(gaps(entries)) == len(gaps(entries, {"a.md", "shut.md"})) == 4


ENTRIES = st.builds(
    Entry,
    day=st.dates(TODAY - timedelta(days=5), TODAY),
    question=st.text(max_size=20),
    topic=st.sampled_from(["", "plants", "Plants", "plant", "fees", "=1+1", "\x1b[2J", "\u202e"]),
    verdict=st.sampled_from(["lead", "shared", "info", "not_covered"]),
    status=st.just("supported"),
    owners=st.lists(st.sampled_from(["Bursar", "=A1"]), max_size=2).map(tuple),
    docs=st.lists(st.sampled_from(["a.md", "b.md", "shut.md"]), max_size=3, unique=True).map(tuple),
    index=st.just("g1"),
    helpful=st.sampled_from([None, True, False]),
    comment=st.text(max_size=10),
)


@given(st.lists(ENTRIES, max_size=20).map(lambda found: sorted(found, key=lambda e: e.day, reverse=True)))
def test_every_gap_is_counted_once_and_nothing_hidden_is_told(entries: list[Entry]) -> None:
    found = gaps(entries)
    assert sum(gap.not_covered for gap in found) == sum(e.verdict == "not_covered" for e in entries)
    assert sum(gap.rejected for gap in found) == sum(
        e.verdict != "not_covered" and e.helpful is False for e in entries
    )
    assert len({fold(gap.topic) for gap in found}) <= len(found)
    assert [gap.last for gap in found] == sorted((gap.last for gap in found), reverse=True)
    seen = gaps(entries, {"a.md", "b.md"})
    without = [e for e in entries if "shut.md" not in e.docs or e.verdict == "not_covered"]
    blank = [replace(e, docs=tuple(d for d in e.docs if d != "shut.md")) for e in without]
    quiet = [
        replace(e, comment="") if "shut.md" in w.docs else e for e, w in zip(blank, without, strict=True)
    ]
    assert seen == gaps(quiet), "as if the document had never been"
    assert not set(to_text(found)) & set("\x1b\u202e\x07")


def test_no_cell_is_a_formula() -> None:
    bad = '=HYPERLINK("http://elsewhere.example")'
    found = gaps([rejected(bad, topic=bad, comment="@x", owners=("+1",)), entry("-2", docs=("\t=a",))])
    lines = to_csv(found).splitlines()
    assert lines[0] == "topic,not_covered,rejected,helpful,last,index,owners,questions,nearest,comments"
    import csv

    for row in csv.reader(lines[1:]):
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row), row


def test_a_topic_on_a_terminal() -> None:
    told = to_text(gaps([rejected("Who owns fees?", topic="fees", comment="Ask\x1b[2J HR")]))
    assert told == (
        "2026-03-01  fees  (1 rejected)\n"
        "            “Who owns fees?”\n"
        "            rejected as owner: Bursar\n"
        "            said of it: Ask[2J HR\n"
    )
    assert to_text([]).startswith("Nothing was asked")
