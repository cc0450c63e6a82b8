"""Retrieval over the project's own documents: what comes back, in what order, with what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from chat.answer import Turn
from chat.conversation import understand
from chat.engine import Engine
from chat.question import Question, check
from chat.retrieve import Passage, Retriever
from ingest.embed import BundledEmbedder
from ingest.errors import QuestionError


class Counted:
    """The real embedder, and what it was given."""

    id = BundledEmbedder.id

    def __init__(self) -> None:
        self.inner = BundledEmbedder()
        self.given: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.given += texts
        return self.inner.embed(texts)


@pytest.fixture(scope="module")
def retriever(engine: Engine) -> Retriever:
    return Retriever(engine.generation, BundledEmbedder())


def ask(engine: Engine, text: str, *before: str) -> Question:
    history: list[Turn] = [{"role": "user", "content": earlier} for earlier in before]
    return understand(text, history, engine.roles)


def promised(found: Sequence[Passage], engine: Engine) -> None:
    """What every search promises."""
    assert all(a.score >= b.score for a, b in pairwise(found))
    assert len({p.row for p in found}) == len(found)
    for p in found:
        assert p.guideline == engine.generation.guidelines[p.row]
        assert len(p.fits) == len(p.guideline.stances)
        assert all(-1.001 <= fit <= 1.001 for fit in p.fits)
        assert all(math.isfinite(value) for value in astuple(p.signals))
        assert 0 <= p.signals.matched <= p.cover + 1e-9 <= 1 + 2e-9
        assert 0 <= p.signals.said <= 1 + 1e-9
        assert p.signals.titled == 0 or 0.5 <= p.signals.titled <= 1 + 1e-9
        assert p.published == engine.documents[p.guideline.doc].published
        assert -1.001 <= p.alike <= 1.001
    assert not found or math.isclose(sum(p.share for p in found), 1.0)
    assert not found or math.isclose(found[0].alike, 1.0, abs_tol=1e-3)
    assert all(a.share >= b.share > 0 for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Who should own social media?", "social media"),
        ("who looks after cybersecurity", "security"),
        ("Whose job is moving systems to the cloud?", "cloud"),
        ("email campaigns", "email campaigns"),
    ],
)
def test_the_topic_is_found(engine: Engine, retriever: Retriever, text: str, word: str) -> None:
    found = retriever.search(ask(engine, text))
    promised(found, engine)
    assert any(word in p.guideline.text for p in found[:3])


def test_a_guidelines_own_words_find_it(engine: Engine, retriever: Retriever) -> None:
    rows = [g for g in engine.generation.guidelines if any(s.strength >= 0.8 for s in g.stances)][::5]
    assert rows
    for guideline in rows:
        question = ask(engine, f"Who owns {guideline.topic[:300]}?")
        assert guideline.id in [p.guideline.id for p in retriever.search(question, 5)], guideline.topic


def test_k_cuts(engine: Engine, retriever: Retriever) -> None:
    question = ask(engine, "Who should own social media?")
    many = retriever.search(question, 30)
    few = retriever.search(question, 4)
    assert (len(many), len(few)) == (30, 4)
    assert [p.row for p in few] == [p.row for p in many[:4]]
    promised(few, engine)


def test_the_same_question_finds_the_same(engine: Engine, retriever: Retriever) -> None:
    question = ask(engine, "who owns the customer experience?")
    assert retriever.search(question) == retriever.search(question)
    assert Retriever(engine.generation, BundledEmbedder()).search(question) == retriever.search(question)


def test_a_meaning_from_the_glossary_finds_what_the_word_does_not(
    engine: Engine, retriever: Retriever
) -> None:
    """A word nobody has written: only its meaning leads to the guideline."""
    plain = ask(engine, "Who owns Quixplorp?")
    glossed = replace(plain, glossed=("social media",))
    first = retriever.search(glossed)[0]
    assert "social media" in first.guideline.text
    without = {p.row: p for p in retriever.search(plain, 10_000)}.get(first.row)
    assert without is None or first.signals.sentence > without.signals.sentence
    assert without is None or first.score > without.score


def test_a_follow_up_looks_where_the_conversation_was(engine: Engine, retriever: Retriever) -> None:
    first = retriever.search(ask(engine, "Who should own cybersecurity?"))[0]
    after = retriever.search(ask(engine, "and who supports it?", "Who should own cybersecurity?"), 8)
    promised(after, engine)
    here = [p for p in after if p.guideline.doc == first.guideline.doc]
    assert here
    assert all(p.signals.near_before > 0 for p in here)
    alone = retriever.search(ask(engine, "Who should own cybersecurity?"))
    assert all(p.signals.near_before == 0 for p in alone)


def test_a_question_is_embedded_once_and_a_meaning_once_for_all(engine: Engine) -> None:
    counted = Counted()
    retriever = Retriever(engine.generation, counted)
    question = ask(engine, "Who should own Quixplorp?")
    retriever.search(question)
    assert counted.given == [question.whole]
    for _ in range(2):
        retriever.search(replace(question, glossed=("social media", "the web")))
    assert counted.given == [*[question.whole] * 2, "social media", "the web", question.whole]


def test_a_long_conversation_is_not_searched_anew_at_each_turn(engine: Engine) -> None:
    counted = Counted()
    retriever = Retriever(engine.generation, counted)
    turns = ["Who should own cybersecurity?", *["and who pays for it?", "who supports it?"] * 3]
    for n in range(1, len(turns)):
        before = len(counted.given)
        retriever.search(ask(engine, turns[n], *turns[:n]))
        assert len(counted.given) - before <= 2


typed = st.text(max_size=40) | st.lists(
    st.sampled_from(
        "who owns supports it the CIO's social media budget over 5,000 ? , and — “ 🙂 ß".split(" ")
    ),
    max_size=12,
).map(" ".join)


def test_any_question_finds_something(engine: Engine, retriever: Retriever) -> None:
    @settings(max_examples=40)
    @given(typed, st.lists(st.text(max_size=20), max_size=2).map(tuple))
    def holds(text: str, glossed: Any) -> None:
        try:
            check(text)
        except QuestionError:
            return
        promised(retriever.search(replace(ask(engine, text), glossed=glossed)), engine)

    holds()


def test_a_section_counts_what_stands_beside_a_passage(engine: Engine, retriever: Retriever) -> None:
    found = retriever.search(ask(engine, "Who should own social media?"), 10_000)
    alone = {(p.guideline.doc, p.guideline.headings): 0 for p in found}
    for p in found:
        alone[p.guideline.doc, p.guideline.headings] += 1
    single = [p for p in found if alone[p.guideline.doc, p.guideline.headings] == 1]
    assert all(p.signals.section == 0 for p in single)
    beside = [p for p in found if p.signals.section > 0]
    assert beside
    for p in beside:
        # it is how near some other one of its section is, unless that is a question or a scrap
        others = [
            o.signals.sentence
            for o in found
            if o.row != p.row
            and (o.guideline.doc, o.guideline.headings) == (p.guideline.doc, p.guideline.headings)
        ]
        assert math.isclose(
            p.signals.section, max(o for o in others if o <= p.signals.section + 1e-6), abs_tol=1e-6
        )


def test_the_word_that_asks_counts(engine: Engine, retriever: Retriever) -> None:
    """Of two questions about one thing the one asked in the guideline's own word comes nearer to it."""
    guideline = next(g for g in engine.generation.guidelines if "lead" in g.text.split() and g.stances)
    thing = guideline.topic[:200]

    def said(text: str) -> float:
        found = retriever.search(ask(engine, text), 10_000)
        return next(p.signals.said for p in found if p.guideline.id == guideline.id)

    assert said(f"Who should lead {thing}?") > said(f"Who should frobnicate {thing}?")


def test_a_role_that_is_only_offered_is_no_word_of_the_topic(engine: Engine, retriever: Retriever) -> None:
    found = retriever.search(ask(engine, "Is knitting marketing's or IT's?"), 10_000)
    assert any("marketing" in p.guideline.text for p in found)
    assert all(p.signals.said == 0 for p in found)
