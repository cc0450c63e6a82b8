"""Which documents say that they no longer hold."""

from __future__ import annotations

import pytest

from ingest.outdated import is_outdated
from ingest.records import Document


@pytest.mark.parametrize(
    ("path", "title", "text"),
    [
        ("fees-2019-superseded.md", "Fees", "Fees are set by the Bursar."),
        ("obsolete/fees.md", "Fees", "Fees are set by the Bursar."),
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
        ("archive/hours.md", "Opening hours of the archive", "The archivist opens it."),
        ("withdrawn.md", "Withdrawn students", "The registrar lists them."),
        (
            "ends.md",
            "Ends",
            "## Retired\n\nThe bursar pays them.\n\n- Withdrawn: has left\n| Cancelled | Dean |",
        ),
        ("ends.md", "Ends", "If this policy is superseded, the bursar says so. Superseded: none"),
        ("members.md", "Members", "Expired cards are collected by the porter."),
        ("fees.md", "Fees", "x" * 700 + "\n\nSuperseded.\n"),
    ],
)
def test_it_speaks_of_something_else(path: str, title: str, text: str) -> None:
    assert not is_outdated(Document(path, title, text))
