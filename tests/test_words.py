"""Words: exact spans, and forms of one word held to be the same."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.words import STOPWORDS, base, singular, stem, stems, words


@given(st.text())
def test_every_word_is_where_it_says(text: str) -> None:
    found = words(text)
    assert all(text[w.start : w.end] == w.text for w in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    # Nothing that can be read is lost between two words.
    inside = {i for w in found for i in range(w.start, w.end)}
    assert not [c for i, c in enumerate(text) if c.isalnum() and i not in inside]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The vet's e-mail, 3.5 kg.", ["The", "vet's", "e-mail", "3.5", "kg"]),
        ("R&D and QA/QC", ["R&D", "and", "QA", "QC"]),
        ("snake_case names", ["snake", "case", "names"]),
        ("Zoë’s café", ["Zoë’s", "café"]),
        ("‘quoted’ -- dashed", ["quoted", "dashed"]),
        ("", []),
        ("?!… --", []),
    ],
)
def test_words_as_a_reader_counts_them(text: str, expected: list[str]) -> None:
    assert [w.text for w in words(text)] == expected


def test_lower_has_one_apostrophe() -> None:
    assert [w.lower for w in words("Nurse’s Nurse's")] == ["nurse's", "nurse's"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Matron's", "matron"),
        ("Matron’s", "matron"),
        ("governors'", "governors"),
        ("governors’", "governors"),
        ("MATRON'S", "matron"),
        ("governors", "governors"),
        ("boss", "boss"),
    ],
)
def test_a_possessive_is_the_word_without_its_ending(word: str, expected: str) -> None:
    assert base(word) == expected


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("managers", "manager"),
        ("secretaries", "secretary"),
        ("deputies", "deputy"),
        ("committees", "committee"),
        ("boss", "boss"),
        ("head", "head"),
        ("is", "is"),
    ],
)
def test_singular(many: str, one: str) -> None:
    assert singular(many) == one


@pytest.mark.parametrize(
    "forms",
    [
        ("approve", "approved", "approves", "approving"),
        ("catalogue", "catalogues"),
        ("organise", "organize", "organised", "organizing"),
        ("authorisation", "authorization"),
        ("colour", "color", "colours"),
        ("behaviour", "behavior"),
        ("centre", "center", "centres"),
        ("programme", "program", "programmes"),
        ("policy", "policies"),
        ("hear", "hears", "heard", "hearing"),
        ("choose", "chose", "chosen"),
        ("pay", "paid", "pays"),
        ("oversee", "overseen", "oversees"),
    ],
)
def test_forms_of_one_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("saw", "see"),
        ("left", "leave"),
        ("police", "policy"),
        ("noise", "nose"),
        ("invoice", "invite"),
        ("hour", "hors"),
        ("rise", "riz"),
    ],
)
def test_words_of_different_meaning_have_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_stems_leave_out_what_says_nothing() -> None:
    assert stems("who should be the one to do it?") == []
    assert stems("The nurse's rota and the rotas") == [stem("nurse"), stem("rota"), stem("rota")]


def test_a_compound_is_found_whole_and_in_parts() -> None:
    assert set(stems("e-mail")) >= {stem("email"), stem("mail")}
    assert set(stems("log-in page")) >= set(stems("login"))
    assert set(stems("QA/QC")) >= {"qa", "qc"}


def test_numbers_count_and_single_letters_do_not() -> None:
    assert stems("form 7 b") == [stem("form"), "7"]


@given(st.text())
def test_stems_take_any_text(text: str) -> None:
    assert stems(text) == stems(text)
    assert not set(stems(" ".join(STOPWORDS)))


def test_threads_that_stem_at_once_do_not_disturb_each_other() -> None:
    forms = [
        f"{first}{middle}{last}"
        for first in "abcdefgh"
        for middle in ("organis", "nation", "regulat")
        for last in ("ational", "ations", "ing", "ed", "iveness", "fully")
    ]
    alone = [stem.__wrapped__(form) for form in forms]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(lambda _: [stem.__wrapped__(form) for form in forms], range(12)))
    finally:
        sys.setswitchinterval(before)
    assert together == [alone] * 12


def test_a_contraction_is_no_word_of_a_topic() -> None:
    assert stems("They'd say it isn't theirs; I've asked, and we're sure") == stems("asked sure")
    assert "oclock" in stems("at six o'clock")
