"""What is left of a message when the talk around its question is taken away."""

from __future__ import annotations

import pytest
from asked import ask
from hypothesis import given
from hypothesis import strategies as st
from patience import within

from chat.chatter import without

ASKED = "Who looks after the boiler?"
REMARKS = (
    "I looked on the intranet and found nothing.",
    "Hi there, hope you are well!",
    "We argued about this at lunch yesterday and could not agree.",
    "Thanks a lot in advance :)",
    "Sorry if this is a stupid question.",
    "My colleague says nobody knows.",
    "URGENT!!!",
    "I am new here.",
    "No rush at all.",
)


@pytest.mark.parametrize("remark", REMARKS)
def test_a_remark_is_left_out_wherever_it_stands(remark: str) -> None:
    assert without(f"{remark} {ASKED}") == ASKED
    assert without(f"{ASKED} {remark}") == ASKED


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("does anyone know who looks after the boiler", "who looks after the boiler?"),
        ("Remind me: who looks after the boiler?", "who looks after the boiler?"),
        (
            "my boss wants me to find out who looks after the boiler, and i have no clue",
            "who looks after the boiler?",
        ),
        ("According to our documents, does the Bursar run the pool?", "does the Bursar run the pool?"),
        ("**Who looks after the boiler?**", ASKED),
        ("3) Who looks after the boiler?", ASKED),
        ("Re: question: Who looks after the boiler?", ASKED),
        ("Dear team,\n\nWho looks after the boiler?\n\nBest regards,\nAnna\nSecond floor", ASKED),
        ("From: Jo\nSent: Monday\n\n> Who looks after the boiler?", ASKED),
        ("Who looks after the boiler? I ask because my neighbour at the club wants to visit.", ASKED),
        ("i asked everybody. who looks after the boiler", "who looks after the boiler?"),
    ],
)
def test_what_is_left(text: str, left: str) -> None:
    assert without(text).strip().lower() == left.lower()


@pytest.mark.parametrize(
    "text",
    [
        "The tap drips. Who mends it?",
        "My manager is on leave. Who approves my trip?",
        "I lost my badge. Who gives me another?",
        "My desk is stuck. Who repairs it?",  # "it" would be nothing
        "It costs 4,000. Who signs for the pump?",
        "Who signs for the pump? It costs 4,000.",
        "If the alarm rings, who calls the firm?",
        "Nobody who knows the pump is here. Who mends it?",
        "I don't agree with the ruling. Who has the last word?",
        "Are you sure? The Bursar says it is hers.",
        "Who decides if my supervisor and I disagree?",
        "Who approves leave, as I joined two months ago?",
        "Who owns __init__ and _foo_?",
        "Help desk: who owns it?",
        "Hello!",
        "Thanks, that was helpful.",
        "Who asks the questions in the meeting?",
    ],
)
def test_what_tells_of_the_thing_stays(text: str) -> None:
    assert without(text) == text


@given(st.lists(st.sampled_from(REMARKS), max_size=4), st.lists(st.sampled_from(REMARKS), max_size=4))
def test_talk_changes_no_question(before: list[str], after: list[str]) -> None:
    question = ask(" ".join([*before, ASKED, *after]))
    bare = ask(ASKED)
    assert (question.topic, question.whole, question.terms) == (bare.topic, bare.whole, bare.terms)


@given(st.text(max_size=300))
def test_any_text_leaves_some_of_it(text: str) -> None:
    left = without(text)
    assert bool(left.strip()) == bool(text.strip())


def test_a_long_message_takes_no_time() -> None:
    for piece in ("and i ", "who ", ", ", "I know. ", "> ", "<br> ", "please ", "(", ": "):
        with within(2):
            without(piece * 400)
