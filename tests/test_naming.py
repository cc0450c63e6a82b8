"""Names by their shape: what a sentence offers as the name of a role."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.naming import abbreviates, bodily, in_capitals, in_small_letters, key_of


def capitals(text: str, *, title: bool = False) -> list[str]:
    return [n.text for n in in_capitals(text, title=title)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Risk and Audit Committee meets.", ["Risk and Audit Committee"]),
        ("The Skipper and the Warden meet the Parish Council.", ["Skipper", "Warden", "Parish Council"]),
        ("Ask the Head of Harbour Works.", ["Head of Harbour Works"]),
        ("Ask the Chair of the Parish Council.", ["Chair of the Parish Council"]),
        ("The Code of Conduct Committee meets.", ["Code of Conduct Committee"]),
        ("We read the Code of Conduct.", ["Code", "Conduct"]),
        ("It goes to the Ship's Master and the Skipper's mate.", ["Ship's Master", "Skipper"]),
        ("Our Harbour Team and every Line Manager sign.", ["Harbour Team", "Line Manager"]),
        ("Send it to the GIS maintainers.", ["GIS maintainers"]),
        ("It goes to the Upper Quay security team.", ["Upper Quay security team"]),
        ("Boats leave. Nobody waits.", []),
        ("CIO and CISO agree.", ["CIO", "CISO"]),
    ],
)  # fmt: skip
def test_names_in_capitals(text: str, names: list[str]) -> None:
    assert capitals(text) == names


def test_the_first_word_of_a_title_may_be_a_name() -> None:
    assert capitals("Warden: a role description", title=True) == ["Warden"]
    assert capitals("Warden: a role description") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("the boat maintainer signs", ["boat maintainer"]),
        ("a treasurer is elected by the members", ["treasurer", "members"]),
        ("ask the relevant harbour manager", ["harbour manager"]),
        ("the tall ship leaves", []),
        ("the improved editor", []),
    ],
)
def test_names_in_small_letters(text: str, names: list[str]) -> None:
    assert [n.text for n in in_small_letters(text)] == names


@given(st.text(max_size=80))
def test_a_name_stands_where_it_says(text: str) -> None:
    for name in (*in_capitals(text), *in_capitals(text, title=True), *in_small_letters(text)):
        assert " ".join(text[name.start : name.end].split()) == name.text
        assert name.key == key_of(name.text)


def test_spellings_of_one_name_have_one_key() -> None:
    assert key_of("The Release Managers") == key_of("release manager") == ("release", "manager")


def test_names_of_people() -> None:
    assert bodily(key_of("Harbour Team"))
    assert bodily(key_of("Head of Sales"))
    assert not bodily(key_of("Harbour"))
    assert not bodily(())
    assert abbreviates("RAC", "Risk and Audit Committee")
    assert not abbreviates("RBC", "Risk and Audit Committee")
