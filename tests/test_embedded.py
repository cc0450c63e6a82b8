"""HTML inside Markdown, as a reader of the page would see it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from patience import within

from ingest import readers
from ingest.guidelines import split_document
from ingest.reading.embedded import to_markdown
from ingest.records import Role
from ingest.roles import RoleBook

TABLE = """# Duties

<table>
  <tr><td><strong>Role</strong></td><td><strong>Responsibilities</strong></td></tr>

  <tr>
   <td>Bursar</td>
   <td><ul>
     <li>Keeps the cash box of the house</li>
     <li>Signs every contract with a supplier</li>
   </ul></td>
  </tr>
  <tr><td>Keys</td><td><ul><li>Bursar</li><li>Warden</li></ul></td></tr>
</table>
Below it.
"""


def test_a_table_is_rows_and_its_lists_are_rows_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "duties.md").write_text(TABLE)
    document = readers.read(tmp_path / "duties.md", tmp_path)
    assert document.text.splitlines() == [
        "# Duties",
        "",
        "| Role | Responsibilities |",
        "| --- | --- |",
        "| Bursar | Keeps the cash box of the house |",
        "| Bursar | Signs every contract with a supplier |",
        "| Keys | Bursar; Warden |",
        "",
        "Below it.",
    ]
    signed = next(g for g in split_document(document, RoleBook([Role("Bursar")])) if "contract" in g.text)
    assert [(s.role, s.relation) for s in signed.stances] == [("Bursar", "leads")]
    assert "<" not in signed.text


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p align=center>The dean signs.</p>", "The dean signs."),
        ("<h2>Fees</h2>", "## Fees"),
        ("<details><summary>Keys</summary>", "Keys"),
        ("<ul>\n<li>one</li>\n\n<li>two</li>\n</ul>", "- one\n- two"),
        ('<a name="x"></a>**Decider**: the dean<br>of <b>arts</b>', "**Decider**: the dean\nof arts"),
        ("| dean<br>of arts | x |", "| dean of arts | x |"),
        ("<script>alert(1)</script><p>Fees.</p>", "<script>alert(1)</script>Fees."),
        ("<div align=center>\n- one\n- two\n</div>", "- one\n- two"),
    ],
)
def test_a_piece(html: str, shown: str) -> None:
    assert to_markdown(html).strip() == shown


@pytest.mark.parametrize(
    "text",
    [
        "No tag at all, 3 < 4 and 5 > 4.",
        "```html\n<table><tr><td>code</td></tr></table>\n```",
        "Write `<br>` or ``<b>`` to the <name> at <https://example.org>, a List<int>.",
        "<title of document> is owned by <name of owner>; <a> and <body text> stay, below a <b or c> d too.",
        "<pre>\n<ul><li>code</li></ul>\n</pre>",
        "<!-- a remark\n\nfor editors -->",
        "> quoted <words>",
    ],
)
def test_what_stays_as_it_is(text: str) -> None:
    assert to_markdown(text) == text


def test_plain_text_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("<ul><li>The dean signs.</li></ul>\n")
    assert "<li>" in readers.read(tmp_path / "notes.txt", tmp_path).text


@given(
    st.lists(st.sampled_from(["<table>", "</table>", "<ul><li>a", "<p>", "a b", "", "```", "<br>", "- x"]))
)
def test_any_tangle_of_tags_is_read(lines: list[str]) -> None:
    text = "\n".join(lines)
    shown = to_markdown(text)
    assert [w for w in shown.split() if w == "b"] == [w for w in text.split() if w == "b"]


@pytest.mark.parametrize(
    "piece", ["<table>", "<li", "<ul>\n", "<td>\n\n", "`<b>", "<div>\n\n", "<table>\n\n", "<ul>\n<ol>\n"]
)
def test_hostile_input_takes_no_time(piece: str) -> None:
    with within(5):
        to_markdown(piece * 5_000)
