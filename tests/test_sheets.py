"""The matrix written out: nothing is lost, nothing in a document becomes a formula or a mark."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.__main__ import main
from ingest.home import Home
from ingest.index import Generation
from ingest.matrix import Entry, Said, matrix
from ingest.sheets import as_json, to_csv, to_json, to_markdown

SAID = Said(
    "a.md", "Keys", "2020-01-31", "Item 1", "The Warden holds\nthe keys.", 3, 30, (("Warden", "leads"),)
)
OTHER = Said("b.md", "Notes", "", "Item 2", "The Skipper holds the keys.", 0, 27, (("Skipper", "leads"),))
STATED = Entry("keys", "stated", ("Warden",), ("Boatman",), ("Skipper",), "normative", True, 1.0, (SAID,))
PASSING = Entry("ropes", "shared", ("Warden", "Boatman"), (), (), "descriptive", False, 0.6, (SAID, OTHER))
DISPUTED = Entry("keys", "conflicting", ("Warden", "Skipper"), (), (), "normative", True, 1.0, (SAID, OTHER))
GAP = Entry("beer", "unowned", (), ("Boatman",), ("Warden",), "normative", True, 0.9, (SAID,))
ALL = (DISPUTED, GAP, STATED, PASSING)
word = st.text(max_size=20)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_has_a_line_for_each_sentence() -> None:
    given_back = rows(to_csv("g1", ALL))
    assert [(r["entry"], r["doc"]) for r in given_back] == [
        ("1", "a.md"), ("1", "b.md"), ("2", "a.md"), ("3", "a.md"), ("4", "a.md"), ("4", "b.md")
    ]  # fmt: skip
    assert given_back[3] == {
        "entry": "3", "topic": "keys", "status": "stated", "owners": "Warden", "supporting": "Boatman",
        "not_owners": "Skipper", "force": "normative", "plain": "yes", "strength": "1.0", "doc": "a.md",
        "title": "Keys", "published": "2020-01-31", "label": "Item 1", "says": "Warden leads",
        "quote": "The Warden holds\nthe keys.", "start": "3", "end": "30",
    }  # fmt: skip
    assert given_back[5]["owners"] == "Warden; Boatman"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "\n=1", "＝1+1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    said = Said(cell, cell, cell, cell, cell, 0, 1, ((cell, "leads"),))
    (row,) = rows(
        to_csv("g1", [Entry(cell, "stated", (cell,), (cell,), (cell,), "normative", True, 1.0, (said,))])
    )
    for name in (
        "topic",
        "owners",
        "supporting",
        "not_owners",
        "doc",
        "title",
        "published",
        "label",
        "quote",
    ):
        assert row[name] == f"'{cell}"
    assert row["says"].startswith("'")


@given(word, word)
def test_any_cell_comes_back_as_it_was(topic: str, quote: str) -> None:
    said = Said("a.md", "T", "", "L", quote, 0, 1, ())
    (row,) = rows(to_csv("g1", [Entry(topic, "stated", ("A",), (), (), "normative", True, 1.0, (said,))]))
    assert row["topic"] in (topic, f"'{topic}")
    assert row["quote"] in (quote, f"'{quote}")
    for cell in row.values():
        assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠"))


def test_json_is_the_contract() -> None:
    given_back = json.loads(to_json("g1", ALL))
    assert given_back["index"] == "g1"
    assert given_back["counts"] == {"stated": 1, "shared": 1, "conflicting": 1, "unowned": 1}
    assert given_back["entries"][2] == {
        "topic": "keys", "status": "stated", "owners": ["Warden"], "supporting": ["Boatman"],
        "not_owners": ["Skipper"], "force": "normative", "plain": True, "strength": 1.0,
        "citations": [{
            "doc": "a.md", "title": "Keys", "published": "2020-01-31", "label": "Item 1",
            "quote": "The Warden holds\nthe keys.", "start": 3, "end": 30,
            "says": [{"role": "Warden", "relation": "leads"}],
        }],
    }  # fmt: skip
    linked = as_json("g1", [STATED], lambda said: f"/{said.doc}")
    assert linked["entries"][0]["citations"][0]["url"] == "/a.md"


def test_markdown_has_contradictions_and_gaps_first() -> None:
    text = to_markdown("g1", ALL)
    heads = [line for line in text.splitlines() if line.startswith("#")]
    assert heads == [
        "# Ownership matrix", "## Where documents disagree (1)", "## Spoken of, owned by nobody (1)",
        "## Who owns what (1)", "## Told in passing (1)",
    ]  # fmt: skip
    assert (
        "| keys | Warden | Boatman | Skipper | Keys, Item 1 (2020-01-31): “The Warden holds the keys.” |"
        in text
    )
    assert (
        "Warden leads: Keys, Item 1 (2020-01-31): “The Warden holds the keys.”<br>Skipper leads: Notes"
        in text
    )
    assert to_markdown("g1", ()).splitlines() == ["# Ownership matrix", "", "0 topics, from the index g1."]


@given(word)
def test_no_text_of_a_document_marks_up_the_table(text: str) -> None:
    said = Said("a.md", text, text, text, text, 0, 1, ((text, "leads"),))
    entry = Entry(text, "stated", (text,), (text,), (text,), "normative", True, 1.0, (said,))
    lines = to_markdown("g1", [entry]).splitlines()
    assert len(lines) == 9
    bare = lines[-1].replace("\\\\", "")
    for mark in "|<>[]*_`":
        assert bare.replace(f"\\{mark}", "").count(mark) == (6 if mark == "|" else 0)


def test_the_command(corpus_home: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    generation = Generation(Home(corpus_home).live())
    entries = matrix(generation)
    assert any(e.owners == ("CMO",) for e in entries)
    for form, write in (("md", to_markdown), ("csv", to_csv), ("json", to_json)):
        assert main(["matrix", "--home", str(corpus_home), "--format", form]) == 0
        assert capsysbinary.readouterr().out == write(generation.id, entries).encode()
    assert main(["matrix", "--home", str(corpus_home), "--output", str(tmp_path / "m.md")]) == 0
    assert (tmp_path / "m.md").read_text("utf-8") == to_markdown(generation.id, entries)
    assert main(["matrix", "--home", str(corpus_home), "--output", str(tmp_path / "no" / "m.md")]) == 2
    assert b"cannot be written" in capsysbinary.readouterr().err
    assert main(["matrix", "--home", str(tmp_path)]) == 1
