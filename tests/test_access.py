"""Who may see a document, as it says itself: what is read, and that nothing is open to all by mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import files
from ingest.errors import FileFormatError
from ingest.readers import read
from ingest.reading.access import access_of

BODY = "The Bursar should own fees."
SUFFIXES = frozenset({".md", ".html"})


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "groups"),
    [
        ("access: hr", ("hr",)),
        ("access: [hr, Board of Trustees]", ("Board of Trustees", "hr")),
        ("access:\n- hr\n- hr", ("hr",)),
        ("Access: hr", ("hr",)),
        ("access: NO", ("NO",)),
        ("title: Open", ()),
    ],
)
def test_front_matter_says_who_may_see(tmp_path: Path, line: str, groups: tuple[str, ...]) -> None:
    document = read(written(tmp_path, "a.md", f"---\n{line}\n---\n{BODY}"), tmp_path)
    assert document.access == groups
    assert document.text == BODY


@pytest.mark.parametrize(
    "front",
    [
        "---\naccess:\n---\n",
        "---\naccess: []\n---\n",
        "---\naccess: {hr: yes}\n---\n",
        "---\naccess: [hr, [board]]\n---\n",
        '---\naccess: "hr, board"\n---\n',
        "---\naccess: [hr\n---\n",
        "---\naccess: hr\naccess: board\n---\n",
        "---\naccess: hr\nAccess: board\n---\n",
        f"---\naccess: {'x' * 201}\n---\n",
        "\n---\naccess: hr\n---\n",  # a blank line before it: no front matter
        "---\n# who\naccess: hr\n\n",  # never closed
    ],
)
def test_what_cannot_be_read_is_an_error(tmp_path: Path, front: str) -> None:
    path = written(tmp_path, "a.md", front + BODY)
    with pytest.raises(FileFormatError, match=r"a\.md"):
        read(path, tmp_path)


def test_the_message_names_file_and_value(tmp_path: Path) -> None:
    path = written(tmp_path, "a.md", "---\naccess: []\n---\n" + BODY)
    with pytest.raises(FileFormatError, match=r"a\.md: access is \[\]; write the groups"):
        read(path, tmp_path)


def test_a_text_that_speaks_of_access_is_left_alone(tmp_path: Path) -> None:
    text = "---\nA rule.\n---\naccess: by the front door"
    assert read(written(tmp_path, "a.md", text), tmp_path).access == ()
    assert read(written(tmp_path, "b.md", "access: by the front door"), tmp_path).access == ()


@pytest.mark.parametrize("suffix", [".yaml", ".yml"])
def test_a_sidecar_speaks_for_a_page(tmp_path: Path, suffix: str) -> None:
    page = written(tmp_path, "a.html", f"<title>Page</title><p>{BODY}</p>")
    written(tmp_path, f"a.html{suffix}", "title: Fees\npublished: 2018-07-09\naccess: [hr]\n")
    document = read(page, tmp_path)
    assert (document.title, document.published, document.access) == ("Fees", "2018-07-09", ("hr",))


@pytest.mark.parametrize(
    "content", ["", "access: []", "acess: [hr]", "[hr]", "access: [hr", "access: hr\nbody: x", "\x00"]
)
def test_a_sidecar_that_is_not_understood_is_an_error(tmp_path: Path, content: str) -> None:
    page = written(tmp_path, "a.html", f"<p>{BODY}</p>")
    written(tmp_path, "a.html.yaml", content)
    with pytest.raises(FileFormatError, match=r"its sidecar 'a\.html\.yaml'"):
        read(page, tmp_path)


def test_two_that_say_different_things_are_an_error(tmp_path: Path) -> None:
    page = written(tmp_path, "a.md", f"---\naccess: hr\n---\n{BODY}")
    written(tmp_path, "a.md.yaml", "access: everybody-else")
    with pytest.raises(FileFormatError, match=r"'hr'.*'everybody-else'"):
        read(page, tmp_path)
    written(tmp_path, "a.md.yaml", "access: hr")
    assert read(page, tmp_path).access == ("hr",)
    written(tmp_path, "a.md.yml", "access: hr")
    with pytest.raises(FileFormatError, match=r"a\.md\.yaml.*a\.md\.yml"):
        read(page, tmp_path)


def test_a_sidecar_is_no_document_and_counts_as_a_change(tmp_path: Path) -> None:
    written(tmp_path, "a.html", f"<p>{BODY}</p>")
    lonely = written(tmp_path, "b.html.yaml", "access: hr")
    [before], others = files.find(tmp_path, suffixes=SUFFIXES, leave_out=tmp_path / "home")
    assert others == [lonely.name]
    written(tmp_path, "a.html.yaml", "access: hr")
    [after], others = files.find(tmp_path, suffixes=SUFFIXES, leave_out=tmp_path / "home")
    assert others == [lonely.name]
    assert after.path == before.path
    assert after.sha256 != before.sha256
    assert after.sha256 == read(tmp_path / "a.html", tmp_path).sha256


@given(st.recursive(st.text(max_size=5) | st.none(), lambda some: st.lists(some, max_size=3), max_leaves=5))
def test_no_value_opens_a_document(value: object) -> None:
    try:
        groups = access_of({"access": value}, Path("a.md"))
    except FileFormatError:
        return
    assert groups
    assert all(group.strip() and "," not in group for group in groups)
