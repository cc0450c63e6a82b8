"""Which documents say that they no longer hold."""

from __future__ import annotations

import pytest

from ingest.outdated import is_outdated
from ingest.records import Document


@pytest.mark.parametrize(
    ("path", "title", "text"),
    [
        ("fees-2019-superseded.md", "Fees", "Fees are set by the Bursar."),
        ("archive/fees.md", "Fees", "Fees are set by the Bursar."),
        ("fees.md", "Fees (withdrawn)", "Fees are set by the Bursar."),
        ("fees.md", "Fees", "# Fees\n\n> **SUPERSEDED.** Replaced by version 6.\n\nThe Bursar sets fees."),
        ("fees.md", "Fees", "Status: obsolete\n\nThe Bursar sets fees."),
        ("fees.md", "Fees", "# Fees\n\nThis version has been replaced by that of May.\n"),
        ("fees.md", "Fees", "No longer in force.\n\nThe Bursar sets fees."),
    ],
)
def test_it_says_so(path: str, title: str, text: str) -> None:
    assert is_outdated(Document(path, title, text))


@pytest.mark.parametrize(
    ("path", "title", "text"),
    [
        ("fees.md", "Fees", "This policy replaces the withdrawn policy of 2019."),
        ("fees.md", "Fees", "Version 4, in force since May. The edition of 2019 is superseded by this one."),
        ("records.md", "Records", "The archivist decides when a record is archived."),
        ("members.md", "Members", "Expired cards are collected by the porter."),
        ("fees.md", "Fees", "x" * 700 + "\n\nSuperseded.\n"),
    ],
)
def test_it_speaks_of_something_else(path: str, title: str, text: str) -> None:
    assert not is_outdated(Document(path, title, text))
