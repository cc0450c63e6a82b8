from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import sentences


def split(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences.split(text, 0, len(text))]


@pytest.mark.parametrize(
    "expected",
    [
        ["The CIO decides.", "The CMO is told.", "Who pays?", "Nobody knows!"],
        ["Systems, e.g. the mail server, i.e. all of them, belong to Dr. Ode of Ode Inc. in the U.S."],
        ["According to Inc., by 2023 it doubles.", "Imagine that."],
        ["A term is 42 months (3.5 years), see §4.1(3). for details, sec. 4 and no. 5 of ch. 3."],
        ["They may decide (see §4.2.1).", "Others may not."],
        ["Each may appoint members. (See §6.2.)", "The Chair is elected."],
        ["It is decided.", "(The Chair is told. Others are (too).)", "They may object."],
        ["“We own it. We pay for it,” says the chief officer, Jane Roe.", "Others agree."],
        ['The default is "None of the above".', "The Chair has a casting vote."],
        ["The battle is fierce....and the winner is unknown.", "So it goes."],
        ["Owners are: (a) the CIO; (b) the CMO; and (c) the CFO.", "Others help."],
        ["It ends on December\n   31st of that year.", "Then it starts again."],
        ["**Scope.**", "The CIO leads.", "*Always.*", "The CMO helps."],
        ["J. R. Smith vs. the Board is settled."],
        ["Mail owner@bugs.example.org. or ask at example.com."],
    ],
)
def test_where_sentences_end(expected: list[str]) -> None:
    assert split(" ".join(expected)) == expected


def test_the_span_asked_for_is_what_is_split() -> None:
    text = "Left out. Held in. Held, too. Left out."
    spans = sentences.split(text, 10, 29)
    # "Left out. " has ten characters; "Held in." ends at 18, "Held, too." begins at 19 and ends at 29.
    assert spans == [(10, 18), (19, 29)]


def test_marks_of_a_wrapped_quotation_are_no_words() -> None:
    text = "The CFO signs\n> every contract. Nobody\n> else does."
    assert split(text) == ["The CFO signs\n> every contract.", "Nobody\n> else does."]


def test_nothing_gives_no_sentence() -> None:
    assert split("") == []
    assert split(" \n ") == []


def test_many_backticks_take_no_more_than_a_moment() -> None:
    # A minute for 200,000 of them in the library alone: its time grows with the square of their number.
    start = perf_counter()
    assert split("`" * 200_000 + " Done. Next.")[-1] == "Next."
    assert perf_counter() - start < 20


def test_a_paragraph_longer_than_a_window_loses_no_boundary() -> None:
    said = [f"The head of department {n} decides on everything of its own." for n in range(200)]
    assert split(" ".join(said)) == said


@given(st.text(alphabet=st.sampled_from("aB. \n!?…\"'“”()[]`1§>é😀,:;-")), st.integers(0, 5))
def test_spans_are_ordered_trimmed_and_lose_nothing(text: str, start: int) -> None:
    start = min(start, len(text))
    spans = sentences.split(text, start, len(text))
    position = start
    for low, high in spans:
        assert position <= low < high <= len(text)
        assert text[position:low].strip(" \n>") == ""
        assert text[low:high] == text[low:high].strip()
        position = high
    assert text[position:].strip(" \n>") == ""
