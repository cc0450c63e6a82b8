"""What a sentence says of whom, as a reader would put it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentences import NAMES, SENTENCES

from ingest.records import Role
from ingest.relations import force, read
from ingest.roles import RoleBook

BOOK = RoleBook(Role(name) for name in NAMES)


def relations(text: str) -> set[tuple[str, str]]:
    """Each role with what the sentence says of it."""
    return {(r.role, r.relation) for r in read(text, BOOK.mentions(text))}


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_what_a_sentence_says_of_whom(text: str, expected: str) -> None:
    said = [tuple(one.split(": ")) for one in expected.split(", ") if one]
    assert {role for role, _ in said} <= set(NAMES)
    free = {role for role, relation in said if relation == "?"}
    assert {r for r in relations(text) if r[0] not in free} == {r for r in said if r[1] != "?"}


def strength(text: str) -> float:
    return max(r.strength for r in read(text, BOOK.mentions(text)))


@pytest.mark.parametrize(
    ("plainer", "less"),
    [
        ("The Mayor owns the fair.", "Ask the Mayor about the fair."),
        ("The Mayor is responsible for the fair.", "The Mayor prepares the fair."),
        ("The Mayor decides on fireworks.", "Some think the Mayor decides on fireworks."),
        ("The Quality Lab owns recalls.", "Analysts expect that the Quality Lab owns recalls."),
        ("The Bursar owns the minibus.", "It is unclear whether the Bursar owns the minibus."),
        ("The Core Team approves each patch.", "Formerly the Core Team approved each patch."),
        ("The Treasurer leads the audit.", "Should the Treasurer lead the audit?"),
    ],
)
def test_what_is_said_plainly_is_stronger(plainer: str, less: str) -> None:
    assert strength(plainer) > strength(less) > 0


def test_each_owner_has_a_clause_of_its_own() -> None:
    text = "The Plant Manager owns the budget; the Shift Leader owns the rota."
    clauses = {r.role: text[r.start : r.end] for r in read(text, BOOK.mentions(text))}
    assert "budget" in clauses["Plant Manager"]
    assert "rota" not in clauses["Plant Manager"]
    assert "rota" in clauses["Shift Leader"]
    assert "budget" not in clauses["Shift Leader"]


def test_the_same_words_mean_the_same_for_any_name() -> None:
    book = RoleBook([Role("Zorb"), Role("Institute for the Study of Very Long Names")])
    for name in ("Zorb", "Institute for the Study of Very Long Names"):
        text = f"The {name} owns the kiosk, not the press."
        assert {(r.role, r.relation) for r in read(text, book.mentions(text))} == {(name, "leads")}


@pytest.mark.parametrize(
    "text",
    [
        "The Mayor should open the fair.",
        "The Bursar is responsible for lettings.",
        "Visitors must sign in.",
        "The Docs Guild owns the manual.",
        "Permits are the responsibility of the Mayor.",
    ],
)
def test_rules_are_normative(text: str) -> None:
    assert force(text) == "normative"


@pytest.mark.parametrize(
    "text",
    [
        "The Mayor opened the fair last year.",
        "The Bursar has three rooms.",
        "Most visitors come in July.",
        "Interest in the manual has grown.",
        "",
    ],
)
def test_accounts_are_descriptive(text: str) -> None:
    assert force(text) == "descriptive"


def test_no_name_no_reading() -> None:
    assert read("Somebody owns it.", []) == []
    assert read("", []) == []


WORDS = "the The Mayor Bursar Trustees' Bursar's owns is not by with and or , ; : . ( ) but should may Owner:"
PHRASES = [
    "Core Team",
    "no longer",
    "responsible for",
    "does not",
    "rather than",
    "to decide",
    "consulted",
    "\n",
]
pieces = st.sampled_from([*WORDS.split(), *PHRASES, "\n"])


@given(st.lists(pieces, max_size=30).map(" ".join) | st.text())
def test_readings_lie_in_the_text_and_speak_of_who_is_named(text: str) -> None:
    mentions = BOOK.mentions(text)
    named = {(m.role, m.start, m.end) for m in mentions}
    for r in read(text, mentions):
        assert (r.role, *r.names) in named
        assert 0 <= r.start <= r.names[0] < r.names[1] <= r.end <= len(text)
        assert 0 < r.strength <= 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The gate is opened by the ", ", or by the Bursar if he cannot be reached."),
        ("The gate is opened by the ", " or, in his absence, the Bursar."),
        ("Opening the gate is up to the ", ", or the Bursar while he is away."),
    ],
)
def test_who_stands_in_has_it_for_that_case_alone(first: str, second: str) -> None:
    text = f"{first}Caretaker{second}"
    clauses = {r.role: (r.strength, text[r.start : r.end]) for r in read(text, BOOK.mentions(text))}
    assert clauses["Caretaker"][0] > clauses["Bursar"][0]
    assert "gate" in clauses["Caretaker"][1]
    assert "gate" not in clauses["Bursar"][1]


def test_what_has_to_be_agreed_is_not_left_open() -> None:
    assert strength("A third visit has to be agreed by the Bursar.") > 0.5
    assert strength("Visits done by the Bursar until now are left open.") < 0.3


def test_a_case_of_its_own_is_weaker_than_the_rule_before_it() -> None:
    rule, case = "The Bursar pays the band", "the Caretaker does so"
    text = f"{rule}; if it plays at night, {case}."
    said = {r.role: r.strength for r in read(text, BOOK.mentions(text))}
    assert said["Bursar"] > strength("If it plays at night, the Caretaker pays the band.") * 0.6
    assert said["Caretaker"] < strength("The Caretaker does so.") == strength(f"If it plays, {case}.")


def test_whether_may_be_open_or_somebodys_to_decide() -> None:
    assert strength("Whether the hall is heated is decided by the Bursar.") > 0.5
    assert strength("Whether the Bursar should decide is open.") < 0.5


def test_fees_to_be_agreed_have_an_owner() -> None:
    assert strength("The Mayor decides on fees to be agreed.") > 0.5
    assert strength("The Bursar fills the vacant posts.") > 0.5
