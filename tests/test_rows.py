"""Rows: what was written comes back, one record at a time, and a damaged file is refused."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.records import Document, Guideline, Stance
from ingest.rows import Documents, Rows, write_rows

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
texts = st.lists(text, max_size=3).map(tuple)
guidelines = st.builds(
    Guideline,
    id=text,
    doc=text,
    text=text,
    label=text,
    headings=texts,
    lead_in=text,
    stances=st.lists(st.builds(Stance, role=text, topic=text), max_size=2).map(tuple),
    topic=text,
)


@settings(max_examples=50)
@given(st.lists(guidelines, max_size=5))
def test_what_is_written_is_what_is_read(records: list[Guideline]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "guidelines.jsonl"
        write_rows(path, Guideline, records)
        rows = Rows(path, Guideline)
        assert list(rows) == records
        assert rows[1:] == records[1:]
        assert [rows[-n] for n in range(1, len(rows) + 1)] == records[::-1]
        with pytest.raises(IndexError):
            rows[len(records)]


def test_documents_by_path(tmp_path: Path) -> None:
    both = [Document("a.md", "A", "text\nof a"), Document("b/c.md", "C", "", published="2020")]
    write_rows(tmp_path / "documents.jsonl", Document, both)
    documents = Documents(Rows(tmp_path / "documents.jsonl", Document), ["a.md", "b/c.md"])
    assert dict(documents) == {"a.md": both[0], "b/c.md": both[1]}
    with pytest.raises(KeyError):
        documents["c.md"]
    with pytest.raises(ValueError, match="2 documents for 1 paths"):
        Documents(both, ["a.md"])


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "documents.jsonl"
    write_rows(path, Document, [Document("a.md", "A", "text")])
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(ValueError, match="row starts"):
        Rows(path, Document)
