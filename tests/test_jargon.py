"""The organisation's own words: a term of the glossary also looks for what it means."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.answer import Turn
from chat.conversation import understand
from chat.jargon import Jargon
from chat.question import Question
from ingest.records import Term
from ingest.roles import RoleBook

GLOSSARY = (
    Term("Bellboard", ("room bookings",)),
    Term("house card", ("membership", "door access")),
    Term("SRF", ("spare rope fund",)),
    Term("tap", ("water supply",)),
)


def expand(text: str, *before: str) -> Question:
    history: list[Turn] = [{"role": "user", "content": earlier} for earlier in before]
    return Jargon(GLOSSARY).expand(understand(text, history, RoleBook([])))


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("Who owns Bellboard?", {"room bookings"}),
        ("who owns bellboard's rules", {"room bookings"}),
        ("Who issues house cards?", {"membership", "door access"}),
        ("who signs off on the House Card", {"membership", "door access"}),
        ("Who pays into the srf?", {"spare rope fund"}),
        ("SRF or Bellboard: who runs them?", {"spare rope fund", "room bookings"}),
        ("Hello! Who do I ask about taps, please?", {"water supply"}),
    ],
)
def test_a_term_is_looked_up_by_what_it_means(text: str, means: set[str]) -> None:
    assert means <= set(expand(text).glossed)


@pytest.mark.parametrize(
    "text", ["Who owns tapestry?", "Who owns the house?", "house of cards", "who owns bell boards"]
)
def test_other_words_are_left_alone(text: str) -> None:
    question = understand(text, [], RoleBook([]))
    assert Jargon(GLOSSARY).expand(question) == question
    assert question.glossed == ()


def test_only_what_is_looked_up_is_added() -> None:
    plain = understand("Who owns Bellboard?", [], RoleBook([]))
    assert replace(expand("Who owns Bellboard?"), glossed=()) == plain


def test_a_follow_up_still_means_it() -> None:
    assert "room bookings" in expand("and its budget?", "Who owns Bellboard?").glossed
    assert expand("Who owns the garden gate?", "Who owns Bellboard?").glossed == ()


def test_without_a_glossary_nothing_changes() -> None:
    question = understand("Who owns Bellboard?", [], RoleBook([]))
    assert Jargon(()).expand(question) == question


words = st.sampled_from(
    [*"who owns the Bellboard house card cards SRF tap taps' , ? and".split(), "house  card"]
)


@given(st.lists(words, min_size=1, max_size=8).map(" ".join).filter(lambda t: any(c.isalnum() for c in t)))
def test_each_meaning_is_looked_up_once(text: str) -> None:
    glossed = expand(text).glossed
    assert len(set(glossed)) == len(glossed)
    assert all(g.strip() for g in glossed)
