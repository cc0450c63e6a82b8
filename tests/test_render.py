"""Answers in words: badges, dates, and the text of a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_engine import RULES, answer, cite

from chat.answer import Answer, Dropped, Statement
from chat.render import (
    Badge,
    badge,
    day,
    joined,
    left_out,
    roles_line,
    status_note,
    to_terminal,
    told,
    written_by,
)
from ingest.records import Document

DOCUMENT = Document("who does what.md", "Who does what", RULES, "House rules", "rules", "2018-07-09")
BUDGETS = cite(DOCUMENT, "The Bursar should lead budgets & fees.")


@pytest.mark.parametrize(
    ("given_answer", "expected"),
    [
        (answer(owners=("Bursar",)), Badge("Bursar leads", "lead")),
        (answer(owners=("Release Managers",)), Badge("Release Managers lead", "lead")),
        (answer(owners=("Bursar", "Librarian")), Badge("Shared: Bursar and Librarian", "shared")),
        (answer(), Badge("Not covered", "not_covered")),
        (answer(verdict="info", status="supported"), Badge("From the documents", "info")),
        (answer(owners=("Bursar",), status="conflicting"), Badge("Documents disagree", "conflict")),
    ],
)
def test_the_badge_says_the_verdict(given_answer: Answer, expected: Badge) -> None:
    assert badge(given_answer) == expected


def test_what_is_answered_in_part_says_so_beside_the_badge() -> None:
    assert status_note(answer(owners=("Bursar",), status="partial")) == "Answered in part"
    assert status_note(answer(owners=("Bursar",))) == ""
    # The badge already says that the documents disagree.
    assert status_note(answer(owners=("Bursar",), status="conflicting")) == ""


def test_the_sides_of_a_conflict_are_not_called_owners() -> None:
    both = answer(owners=("Bursar", "Librarian"), status="conflicting")
    assert roles_line(both) == [("Named by one side or another", "Bursar or Librarian")]
    settled = answer(owners=("Bursar",), supporting=("Librarian", "Porter"))
    assert roles_line(settled) == [("Owner", "Bursar"), ("Supporting", "Librarian and Porter")]


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2018-07-09", "9 July 2018"),
        ("2018-07", "July 2018"),
        ("2018", "2018"),
        ("", ""),
        ("spring 2015", "spring 2015"),
        ("2018-02-31", "2018-02-31"),
    ],
)
def test_dates_are_written_as_people_do(published: str, expected: str) -> None:
    assert day(published) == expected


def test_names_are_listed_as_a_sentence_does() -> None:
    assert [joined(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]


def test_a_statement_that_only_repeats_its_quote_is_not_told_twice() -> None:
    repeated = Statement(f"“{BUDGETS.quote}”", (1,))
    own = Statement("Money is the Bursar's.", (1,))
    uncited = Statement("", ())
    both = answer(owners=("Bursar",), citations=(BUDGETS,), statements=(repeated, own, uncited))
    assert told(both) == (own, uncited)


def test_the_terminal_shows_verdict_reason_quote_and_place() -> None:
    shown = to_terminal(
        answer(
            "and its budget?",
            owners=("Bursar",),
            supporting=("Librarian",),
            citations=(BUDGETS,),
            asked="Who should own budgets?",
        ),
        width=100,
    )
    start = RULES.index("The Bursar should")
    assert shown.splitlines() == [
        "Bursar leads",
        "Owner: Bursar",
        "Supporting: Librarian",
        "",
        "Why: One guideline says so.",
        "",
        "[1] “The Bursar should lead budgets & fees.”",
        "    Who does what (House rules, 9 July 2018), Guideline 1",
        f"    who does what.md, characters {start}-{start + 38}",  # the sentence has 38 characters
        "",
        "Understood as: Who should own budgets?",
    ]


def test_the_terminal_says_what_a_language_model_has_to_do_with_it() -> None:
    spoken = answer(
        owners=("Bursar",),
        citations=(BUDGETS,),
        answered_by="openai:small:1b",
        dropped=(Dropped("The Warden pays.", "Its source does not say this."),) * 2,
        notice="",
    )
    assert [line for line in to_terminal(spoken, width=100).splitlines() if line.startswith("Note")] == [
        "Note: In the words of small:1b, each sentence checked against what it cites.",
        "Note: 2 sentences of the language model are left out: their sources do not carry them.",
    ]
    assert left_out(answer(dropped=spoken.dropped[:1])).startswith("1 sentence of the language model is")
    assert (written_by(answer()), left_out(answer())) == ("", "")
    late = "The language model did not answer in time; the answer is made of quotes."
    assert f"Note: {late}" in to_terminal(answer(notice=late), width=100)


def test_the_terminal_shows_the_nearest_passages_as_such() -> None:
    shown = to_terminal(answer(nearest=(BUDGETS,)))
    assert shown.startswith("Not covered\n")
    assert "none of them answers it" in shown
    assert "budgets & fees" in shown
    assert "[1]" not in shown


@pytest.mark.parametrize("width", [30, 47, 80])
def test_lines_fit_the_terminal(width: int) -> None:
    shown = to_terminal(answer(owners=("Bursar",), citations=(BUDGETS,)), width=width)
    # A path and its offsets stay in one piece, to be copied.
    assert {line for line in shown.splitlines() if len(line) > width and "characters" not in line} == set()


def test_there_is_colour_only_where_it_is_asked_for() -> None:
    plain = to_terminal(answer(owners=("Bursar",), citations=(BUDGETS,)))
    painted = to_terminal(answer(owners=("Bursar",), citations=(BUDGETS,)), colour=True)
    assert "\x1b" not in plain
    assert painted.startswith("\x1b[1;32mBursar leads\x1b[0m")


@given(st.text(), st.text(min_size=1))
def test_no_document_and_no_question_steers_the_terminal(question: str, quote: str) -> None:
    hostile = cite(Document("a\x1b[2J.md", f"\x1b]0;{quote}", quote + "\x07"), quote)
    shown = to_terminal(answer(question, asked=f"{question}\x1b", owners=("\x1b[31m",), citations=(hostile,)))
    assert not any(ord(char) < 32 and char != "\n" for char in shown)
    assert "\x7f" not in shown
    assert "\u202e" not in shown
