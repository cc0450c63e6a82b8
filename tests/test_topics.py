"""Topics: what is left of a sentence without its people and its talk of ownership."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers import BOOK

from ingest.guidelines import split_document
from ingest.records import Document, Guideline
from ingest.topics import heading_topic, reduce, terms, trim
from ingest.words import STOPWORDS, stem, words


def broken(*case: Any, why: str) -> Any:
    """A case that is right and that the code gets wrong; turns red when it is mended."""
    return pytest.param(*case, marks=pytest.mark.xfail(strict=True, reason=why))


def line(text: str, of: str) -> Guideline:
    """The one guideline of a paper that holds the words ``of``."""
    [found] = [g for g in split_document(Document("a.md", "", text), BOOK) if of in g.text]
    return found


def test_each_clause_keeps_its_topic() -> None:
    found = line("The Skipper owns the boats; the Treasurer owns the money.", "boats")
    topics = {s.role: s.topic for s in found.stances}
    assert topics == {"Skipper": "boats", "Treasurer": "money"}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("The Warden is responsible for lost umbrellas.", "lost umbrellas"),
        ("Lost umbrellas are the responsibility of the Warden.", "lost umbrellas"),
        ("Ultimately, the Warden should own lost umbrellas.", "lost umbrellas"),
        ("Owner of lost umbrellas: Warden", "lost umbrellas"),
        ("Lost umbrellas: Warden", "lost umbrellas"),
        ("The Warden decides on lost umbrellas.", "lost umbrellas"),
        ("Lost umbrellas belong to the Warden.", "lost umbrellas"),
        ("Lost umbrellas: Warden (w@hall.example)", "lost umbrellas"),
        ("Lost umbrellas lie with the Warden.", "lost umbrellas"),
        ("Members of the Bar Crew own lost umbrellas.", "lost umbrellas"),
        ("For lost umbrellas, contact the Warden.", "lost umbrellas"),
        ("Ask the Warden about lost umbrellas.", "lost umbrellas"),
        ("The Warden has the final say over lost umbrellas.", "lost umbrellas"),
    ],
)
def test_a_topic_has_neither_the_role_nor_the_talk_of_ownership(text: str, topic: str) -> None:
    assert line(text, text).topic.lower() == topic


@pytest.mark.parametrize(
    ("text", "words", "unwanted"),
    [
        ("The Warden paints the hall.", "paints", "Warden"),
        ("| **New ropes** | Skipper |\n|---|---|\n| **New oars** | Skipper |\n", "oars", "*"),
        ("## Spending\n\n- above that: the Treasurer\n", "above", ": "),
        ("The Warden looks after the following: keys and bells.", "keys", "following"),
    ],
)
def test_topics_hold_nothing_but_the_topic(text: str, words: str, unwanted: str) -> None:
    found = line(text, words)
    assert found.stances
    assert not [topic for topic in (found.topic, *found.stance_topics) if unwanted in topic]


def test_may_is_a_month_as_well() -> None:
    found = line("The Warden paints the hall in May.", "paints")
    assert "May" in found.topic


@pytest.mark.parametrize(
    ("phrase", "kept"),
    [
        ("  of the old bells, ", "old bells"),
        ("“spare keys”.", "spare keys"),
        ("what to do with it", ""),
        ("", ""),
        ("bells", "bells"),
        ("keys for the shed of", "keys for the shed"),
    ],
)
def test_trim_takes_small_words_from_both_ends(phrase: str, kept: str) -> None:
    assert trim(phrase) == kept


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        ("5.1 Powers", ""),
        ("In scope", ""),
        ("Out of scope", ""),
        ("Responsibilities", ""),
        ("3. Who owns what", ""),
        ("4.2 Lending boats", "Lending boats"),
        ("## Spare keys", "Spare keys"),
        ("§ 7 Fees", "Fees"),
        ("Who looks after the bells?", "bells"),
        ("A day in June", "day in June"),
        ("", ""),
    ],
)
def test_a_heading_may_name_a_topic(heading: str, topic: str) -> None:
    assert heading_topic(heading) == topic


def test_names_of_roles_are_left_out_where_they_stand() -> None:
    text = "The Warden and the Skipper own the old bells."
    spans = [(m.start, m.end) for m in BOOK.mentions(text)]
    assert reduce(text, spans) == "old bells"
    assert reduce(text, reversed(spans)) == "old bells"


def test_search_words_are_the_guidelines_and_its_surroundings() -> None:
    text = "# Ferry landings\n\nThe Warden shall:\n\n- grease winches\n- count ropes\n"
    found = terms(line(text, "grease winches"))
    assert {stem("grease"), stem("winches"), stem("ferry")} <= set(found)
    assert stem("ropes") not in found, "that is another entry's"
    assert found.count(stem("winches")) > found.count(stem("ferry")), "its own words count for more"


@given(st.text())
def test_a_topic_is_part_of_the_text(text: str) -> None:
    assert trim(text) in text
    assert trim(trim(text)) == trim(text)
    ends = [w.lower for w in words(trim(text))]
    assert not ends or not {ends[0], ends[-1]} & STOPWORDS


@given(st.text(), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9))))
def test_what_is_left_stood_there_in_that_order(text: str, places: list[tuple[int, int]]) -> None:
    spans = [(a, min(a + n, len(text))) for a, n in places if a < len(text)]
    outside = iter(c for i, c in enumerate(text) if not any(a <= i < b for a, b in spans))
    assert all(c in outside for c in reduce(text, spans) if not c.isspace())
