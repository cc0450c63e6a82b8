"""The glossary: entries as written, and an error that names the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import glossary
from ingest.errors import FileFormatError
from ingest.records import Term


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "glossary.yaml"


def test_entries_in_order_and_as_written(file: Path) -> None:
    file.write_text(
        "# ours\n- term: Zendesk\n  means: [customer service, support desk]\n- {term: NO, means: Norway}\n"
    )
    assert glossary.load(file) == (
        Term("Zendesk", ("customer service", "support desk")),
        Term("NO", ("Norway",)),
    )


def test_nothing_given_nothing_known(file: Path) -> None:
    assert glossary.load(None) == ()
    assert glossary.load(file) == ()
    file.write_text("# later\n")
    assert glossary.load(file) == ()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("- term: a\n  means: [b\n- term: c\n", 3, "not YAML"),
        ("term: a\nmeans: [b]\n", 1, "not a list"),
        ("- term: a\n  means: [b]\n- just words\n", 3, "- term: WORD"),
        ("- term: a\n  meens: [b]\n", 2, "'meens'"),
        ("- term: a\n  means: [b]\n- means: [c]\n", 3, "'term' must"),
        ("- term: a\n  means: []\n", 2, "'means' must"),
        ("- term: a\n", 1, "'means' must"),
        ("- term: a\n  means:\n    - b\n    - {c: d}\n", 4, "'means' must"),
        ("- {term: a, means: [b]}\n- {term: A, means: [c]}\n", 2, "line 1 already"),
    ],
)
def test_what_does_not_parse_is_named_with_its_line(file: Path, text: str, line: int, said: str) -> None:
    file.write_text(text)
    with pytest.raises(FileFormatError, match=said) as caught:
        glossary.load(file)
    assert caught.value.line == line
    assert str(file) in str(caught.value)


def test_what_is_not_text_is_refused(file: Path) -> None:
    file.write_bytes(b"- term: \xff\n")
    with pytest.raises(FileFormatError, match="UTF-8"):
        glossary.load(file)
