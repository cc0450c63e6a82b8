"""Spelling: slips are mended towards what the documents say; what is known stays as it was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.spelling import Speller

TEXTS = (
    "The Greenkeeper should maintain the fairway and clubhouse. Social media, budgets, responsibilities.",
    "Tournament fixtures are published by the secretary. The xylotheque keeps samples of wood.",
    "Interests are noted; sails are designed here.",
)
NAMES = ("Greenkeeper", "House Committee", "Zendesk", "Krzysztof")


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(TEXTS, NAMES)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("who shuold own socail meida?", "who should own social media?"),
        ("who mantains the fairway", "who maintains the fairway"),
        ("tournamnet fixtures", "tournament fixtures"),
        ("budgets responsabilities", "budgets responsibilities"),
        ("Whho owns the clubhouse?", "who owns the clubhouse?"),
        ("the greenkeper", "the greenkeeper"),
        ("secratary, please", "secretary, please"),
        ("the xylotheqe", "the xylotheque"),
        ("hu handels the owsn", "who handles the owns"),
        ("who maintans the fairway", "who maintains the fairway"),
        ("who desings sails", "who designs sails"),  # "de" and "sings" make no compound here
        ("a note of interrests", "a note of interests"),
    ],
)
def test_slips_are_mended(speller: Speller, typed: str, meant: str) -> None:
    assert speller.correct(typed).lower() == meant


@pytest.mark.parametrize(
    "text",
    [
        "Who should own social media?",
        "Does Krzysztof own the xylotheque?",
        "Does Ms Fairwey own the FAIRWEY?",
        "zendesk tickets",
        "ask Mr Smyth-Wolfe about form B2/17, v3.1 or x@club.example",
        "the GDPR and the SLA of our CRM",
        "we organise colours and programmes",
        "whos in charge, pls",
        "the fairways' budgets",
        "under whose remit does the lorry fall, and who pays the vat",
        "sorted out with the other distros",
        "moderation, redundancy and spam; the projector, the wifi and the vpn",
        "offboarding, timesheets, the helpdesk, a webinar, our roadmap and kpis",
        "",
        "?!",
    ],
)
def test_what_is_known_stays(speller: Speller, text: str) -> None:
    assert speller.correct(text) == text


def test_the_documents_words_are_preferred() -> None:
    assert Speller(["the fairway"], []).correct("the fairwey") == "the fairway"
    assert Speller(["Thaxting is done in May."], []).correct("who does thaxtng") == "who does thaxting"


def test_the_documents_may_have_the_word_in_another_form() -> None:
    heard = Speller(["Wardens are appointed in May. It points there."], [])
    assert heard.correct("who apoints the wardens") == "who appoints the wardens"


def test_nothing_in_the_documents() -> None:
    assert Speller([], []).correct("who shuold own it") == "who should own it"


def test_documents_are_read_at_the_first_doubt_and_not_before() -> None:
    read = []

    def texts() -> str:
        read.append(1)
        return "fairway"

    speller = Speller((texts() for _ in range(1)), [])
    assert speller.correct("Who should own it?") == "Who should own it?"
    assert read == []
    assert speller.correct("the fairwey") == "the fairway"
    assert speller.correct("the fairwey") == "the fairway"
    assert read == [1]


TYPED = (
    "who shuold own the socail meida budgets fairwy clubhuose Zendesk Xu zzzzz qwrtp maintian ... ? 42 naïve"
)
MORE = "greenkeepers xylothèque tournament’s ﬁrst I'd responsabilitys"
slips = st.sampled_from([*TYPED.split(), *MORE.split()])
SPELLER = Speller(TEXTS, NAMES)


@given(st.lists(slips, max_size=8).map(" ".join) | st.text(max_size=60))
def test_mending_twice_is_mending_once(text: str) -> None:
    once = SPELLER.correct(text)
    assert SPELLER.correct(once) == once
    assert len(once.split()) == len(text.split())


@given(st.lists(st.sampled_from(sorted({w for t in TEXTS for w in t.split()})), max_size=10).map(" ".join))
def test_the_documents_own_words_are_never_changed(text: str) -> None:
    assert SPELLER.correct(text) == text


def test_shouting_is_lowered_and_mended() -> None:
    speller = Speller(["The clerk keeps the records."], ["CIO"])
    assert speller.correct("WHO KEEPS TEH RECRODS?") == "who keeps the records?"
    assert speller.correct("CIO?") == "CIO?"
