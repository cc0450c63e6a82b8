"""A model's reply: read whole or in pieces it says the same, and nothing in it stops the reader."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.draft import Claim, Draft
from chat.reply import SCHEMA, Piece, ReplyReader

FIRST = {"text": "The Bursar leads budgets.", "citations": [1], "quotes": ["should lead budgets"]}
SECOND = {"text": "The Warden helps.", "citations": [1, 2], "quotes": []}
END = {"verdict": "lead", "owners": ["Bursar"], "supporting": ["Warden"]}
SAID = [
    Draft("The Bursar leads budgets.", (1,), ("should lead budgets",)),
    Draft("The Warden helps.", (1, 2)),
    Claim("lead", ("Bursar",), ("Warden",)),
]


def read(reply: str) -> list[Piece]:
    return list(ReplyReader().feed(reply))


@pytest.mark.parametrize(
    "reply",
    [
        json.dumps({"statements": [FIRST, SECOND], **END}),
        json.dumps({"statements": [FIRST, SECOND], **END}, indent=2),
        "\n".join(json.dumps(part) for part in (FIRST, SECOND, END)),
        json.dumps([FIRST, SECOND, END]),
        f"Here it is:\n```json\n{json.dumps({'statements': [FIRST, SECOND], **END})}\n```\nDone.",
        f'He said "well" {{and {json.dumps([FIRST, SECOND, END])}',
    ],
)
def test_every_way_to_write_it_says_the_same(reply: str) -> None:
    assert read(reply) == SAID


def test_a_statement_is_given_with_its_last_character() -> None:
    reader = ReplyReader()
    begun = '{"statements": [' + json.dumps(FIRST)
    assert list(reader.feed(begun[:-1])) == []
    assert list(reader.feed(begun[-1])) == SAID[:1]
    assert reader.open
    assert list(reader.feed("]}")) == []
    assert not reader.open


@pytest.mark.parametrize(
    ("given_citations", "expected"),
    [
        (1, (1,)),
        ("1", (1,)),
        ("[1], [2]", (1, 2)),
        ([1, "2", "[3]"], (1, 2, 3)),
        ([1, 1], (1,)),
        (-1, (-1,)),
        ("-1", (-1,)),
        (True, ()),
        (None, ()),
        ({"n": 1}, ()),
        ("9" * 5000, tuple(dict.fromkeys([int("9" * 9), int("9" * (5000 % 9 or 9))]))),
    ],
)
def test_citations_as_models_write_them(given_citations: object, expected: tuple[int, ...]) -> None:
    (draft,) = read(json.dumps({"text": "It is so.", "citations": given_citations}))
    assert draft == Draft("It is so.", expected)


def test_marks_in_the_sentence_are_citations() -> None:
    text = "The Bursar [1] leads it [2, 3]."
    assert read(json.dumps({"text": text, "citations": [1]})) == [Draft(text, (1, 2, 3))]


def test_braces_and_quotation_marks_inside_a_string_are_text() -> None:
    text = 'A "brace" } { and \\ a [bracket'
    assert read(json.dumps({"text": text, "citations": [1]})) == [Draft(text, (1,))]


def test_a_line_may_break_inside_a_string() -> None:
    text = "The Bursar\nleads it."
    assert read(f'{{"text": "{text}", "citations": [1]}}') == [Draft(text, (1,))]


@pytest.mark.parametrize(
    "reply",
    ["", "I cannot help.", "[]", "{}", "{]}", '{"text": 7}', '{"text": ["x"]}', "{" * 2000 + "}" * 2000],
)
def test_what_says_nothing_gives_nothing(reply: str) -> None:
    assert read(reply) == []


def test_a_verdict_of_the_wrong_shape_is_none() -> None:
    assert read('{"verdict": 3, "owners": {"a": 1}, "supporting": "Warden"}') == [Claim("", (), ("Warden",))]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "citations", "quotes", "verdict", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)
replies = st.lists(st.text(max_size=6) | values.map(json.dumps) | st.sampled_from('{}[]"\\'), max_size=8)


@given(replies.map("".join), st.data())
def test_how_the_reply_is_cut_makes_no_difference(reply: str, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(reply)), max_size=6).map(sorted))
    reader = ReplyReader()
    pieces: list[Any] = []
    for start, end in pairwise([0, *cuts, len(reply)]):
        pieces += reader.feed(reply[start:end])
    whole = ReplyReader()
    assert pieces == list(whole.feed(reply))
    assert reader.open == whole.open


def test_the_schema_allows_nothing_but_what_is_read() -> None:
    statement = SCHEMA["properties"]["statements"]["items"]
    assert set(statement["required"]) == set(statement["properties"]) == {"text", "citations", "quotes"}
    assert set(SCHEMA["required"]) == set(SCHEMA["properties"])
