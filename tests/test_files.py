"""The files of a corpus: which are documents, and that the fingerprint sees every change."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import files
from ingest.files import CorpusFile

SUFFIXES = frozenset({".md", ".txt"})


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name in (
        *("b.md", "a.TXT", "deep/c.md", "deep/README.md", "deep/roles.yaml", "table.xls"),
        *("README.md", "Readme.MD", "roles.yaml", "glossary.yaml", ".hidden.md", ".git/x.md", "index/x.md"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_documents_others_and_what_is_neither(corpus: Path) -> None:
    documents, others = files.find(corpus, suffixes=SUFFIXES, leave_out=corpus / "index")
    assert [d.path for d in documents] == ["a.TXT", "b.md", "deep/README.md", "deep/c.md"]
    assert others == ["deep/roles.yaml", "table.xls"]
    assert documents[1] == CorpusFile("b.md", hashlib.sha256(b"b.md").hexdigest())


def test_links_are_followed_and_never_in_a_circle(corpus: Path) -> None:
    (corpus / "deep" / "loop").symlink_to(corpus)
    (corpus / "more").symlink_to(corpus / "deep")
    (corpus / "nothing.md").symlink_to(corpus / "nowhere")
    documents, _ = files.find(corpus, suffixes=SUFFIXES, leave_out=corpus / "index")
    there = ["a.TXT", "b.md", "deep/README.md", "deep/c.md", "more/README.md", "more/c.md", "nothing.md"]
    assert [d.path for d in documents] == there
    assert documents[-1] == CorpusFile("nothing.md", "")


names = st.text("ab/", min_size=1, max_size=4)
found = st.lists(st.builds(CorpusFile, path=names, sha256=names), max_size=3)
states = st.tuples(found, st.lists(names, max_size=2), st.lists(st.binary(max_size=3), max_size=3))


@settings(max_examples=40)
@given(states, states)
def test_equal_fingerprints_mean_equal_corpora(
    one: tuple[list[CorpusFile], list[str], list[bytes]], two: tuple[list[CorpusFile], list[str], list[bytes]]
) -> None:
    same = files.fingerprint(one[0], one[1], *one[2]) == files.fingerprint(two[0], two[1], *two[2])
    assert same == (one == two)
