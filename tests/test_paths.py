"""Paths: a question for one place among files is about that place alone."""

from __future__ import annotations

import pytest

from chat.paths import beside, named, paths


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Who keeps sails/jib?", ["sails/jib"]),
        ("Who owns the files under sails/?", ["sails/"]),
        ("`sails/*` and `hull/{keel,rudder}`", ["sails/*", "hull/{keel"]),
        ("see https://example.org/sails for the rest", []),
        ("Who keeps the sails?", []),
    ],
)
def test_the_paths_in_a_text(text: str, found: list[str]) -> None:
    assert paths(text) == found


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("sails/jib", "`sails/jib` | the Boatman", True),
        ("sails/jib", "`sails/*` | the Boatman", True),
        ("sails/", "`sails/jib` | the Boatman", True),
        ("sails/jib", "`sails/spinnaker` | the Boatman", False),
        ("sails/jib", "`sails/jibs` | the Boatman", False),
        ("sails/jib", "`hull` | the Boatman", False),
    ],
)
def test_a_path_is_held_by_its_folder(asked: str, text: str, *, expected: bool) -> None:
    assert named([asked], text) is expected


def test_only_what_is_marked_as_code_is_beside_a_path() -> None:
    assert beside(["sails/jib"], "`sails/spinnaker` is the Boatman's")
    assert not beside(["and/or"], "The Boatman and/or the Mate")
    assert not beside([], "`sails/jib`")
