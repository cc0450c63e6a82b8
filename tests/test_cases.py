"""Reading a question set, and the places a quote stands at."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from evals_parts import DOCUMENTS, case, cite
from hypothesis import given
from hypothesis import strategies as st

from evals.cases import half_of, load, only
from evals.wording import Finder, Wording
from ingest.errors import FileFormatError
from ingest.records import Document

GOOD: dict[str, Any] = {
    "id": "d01",
    "question": "Who owns travel?",
    "owners": ["CFO"],
    "verdict": "lead",
    "gold": [{"doc": "travel.md", "quote": "The Finance Chief should own travel."}],
    "kind": "direct",
}


def written(tmp_path: Path, *lines: dict[str, Any] | str) -> Path:
    path = tmp_path / "set.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", "utf-8")
    return path


def test_a_set_is_read_in_order_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    history = [{"role": "user", "content": "And hotels?"}]
    path = written(
        tmp_path, GOOD, "", GOOD | {"id": "d02", "history": history, "accept": ["COO"], "note": "x"}
    )
    first, second = load(path)
    assert (first.id, first.owners, first.gold[0].doc, first.history) == ("d01", ("CFO",), "travel.md", ())
    assert (second.id, second.accept, second.history[0]["content"]) == ("d02", ("COO",), "And hotels?")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"verdict": "maybe"}, "verdict"),
        ({"verdict": "shared"}, "2 or more owners"),
        ({"verdict": "not_covered"}, "0 owners"),
        ({"owners": []}, "1 owners"),
        ({"owners": [" "]}, "owners.0"),
        ({"gold": []}, "gold quote"),
        ({"gold": [{"doc": "travel.md"}]}, "gold.0.quote"),
        ({"question": "  "}, "question"),
        ({"must_contain": ["("]}, "no regular expression"),
        ({"absent": ["["]}, "no regular expression"),
        ({"history": [{"role": "boss", "content": "x"}]}, "history.0.role"),
        ({"history": [{"role": "user", "content": "x", "at": 1}]}, "history.0.at"),
        ({"goldd": []}, "goldd"),
    ],
)
def test_a_line_that_is_no_case_names_file_line_and_what_was_expected(
    tmp_path: Path, change: dict[str, Any], says: str
) -> None:
    path = written(tmp_path, GOOD, GOOD | {"id": "d02"} | change)
    with pytest.raises(FileFormatError) as caught:
        load(path)
    assert caught.value.line == 2
    assert str(path) in str(caught.value)
    assert says in str(caught.value)


@pytest.mark.parametrize("line", ["not json", "[1, 2]", '{"id": "x"', "7"])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(FileFormatError, match="line 2: expected"):
        load(written(tmp_path, GOOD, line))


def test_an_id_that_comes_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=r"line 3: expected an id of its own; 'd01' is also on line 1"):
        load(written(tmp_path, GOOD, "", GOOD))


def test_a_missing_an_empty_and_a_binary_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="to read: No such file"):
        load(tmp_path / "none.jsonl")
    with pytest.raises(FileFormatError, match="at least one case"):
        load(written(tmp_path, "", ""))
    (tmp_path / "set.jsonl").write_bytes(json.dumps(GOOD).encode() + b"\n\xff\xfe\n")
    with pytest.raises(FileFormatError, match="line 2: expected UTF-8"):
        load(tmp_path / "set.jsonl")


def test_the_half_is_the_last_digit_of_the_ids_hash() -> None:
    # SHA-256 of "a" ends in ...48bb, of "c" in ...efe6 (b is odd, 6 is even).
    assert hashlib.sha256(b"a").hexdigest()[-1] == "b"
    assert half_of(case("lead", "CFO", id="a")) == "report"
    assert hashlib.sha256(b"c").hexdigest()[-1] == "6"
    assert half_of(case("lead", "CFO", id="c")) == "tune"


def test_the_two_halves_are_the_whole() -> None:
    cases = [case("lead", "CFO", id=f"c{n}") for n in range(40)]
    tune, report = only(cases, "tune"), only(cases, "report")
    assert tune
    assert report
    assert sorted(c.id for c in tune + report) == sorted(c.id for c in only(cases, None))


FINDER = Finder(DOCUMENTS)
GOLD = "Hotels are booked by the Office Desk."


@pytest.mark.parametrize(
    ("quote", "bears"),
    [
        ("Hotels are booked by the Office Desk.", True),  # the very sentence
        ("booked by", True),  # a part of it
        ("1. Hotels are booked by the Office Desk. Trains are shared.", True),  # holds it
        ("Trains are shared.", True),  # the next sentence: one blank between them
        ("The Finance Chief should own travel.", True),  # the one before: "\n\n1. " between them
        ("The Finance Chief should own", False),  # the word "travel" lies between
        ("are shared.", False),  # the word "Trains" lies between
    ],
)
def test_a_span_bears_a_quote_that_it_holds_overlaps_or_adjoins(quote: str, bears: bool) -> None:
    assert FINDER.bears(cite(quote), "travel.md", GOLD) is bears


def test_a_span_of_another_or_an_unknown_document_bears_nothing() -> None:
    travel = cite("Hotels are booked by the Office Desk.")
    assert not FINDER.bears(travel, "pets.md", GOLD)
    assert not FINDER.bears(travel, "none.md", GOLD)
    assert not Finder({}).bears(travel, "travel.md", GOLD)
    assert not FINDER.bears(travel, "travel.md", "Nobody wrote this.")
    assert not FINDER.bears(travel, "travel.md", "...")


@pytest.mark.parametrize(
    "text",
    [
        "It is the Chief’s “office”, re-appointed yearly.",
        'It is the Chief\'s "office", re-\n   appointed\u00a0yearly.',
        "It is the Chief\u2019s of\ufb01ce, re\u00adappointed yearly.".replace("of\ufb01ce", "o\ufb03ce"),
        "It is the\tChief's\n\n**office**, re\u2010appointed year-\nly.",
        "ItistheChief'soffice,reappointedyearly.",
    ],
)
def test_typography_and_line_breaks_do_not_hide_a_quote(text: str) -> None:
    finder = Finder({"a.pdf": Document(path="a.pdf", title="", text=text)})
    assert finder.holds("a.pdf", "It is the Chief's 'office', re-appointed yearly.")
    assert not finder.holds("a.pdf", "It is the Chief's desk.")


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_every_part_of_a_text_is_found_where_it_stands(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    wording = Wording.of(text)
    assert len(wording.letters) == len(wording.places)
    assert list(wording.places) == sorted(wording.places)
    if Wording.of(text[start:end]).letters:
        assert wording.range(start, end) in list(wording.find(text[start:end]))
