"""The ownership matrix: what it holds of small papers, and that it holds all of it and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import papers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ingest.claims import OWNING, counts
from ingest.embed import BundledEmbedder
from ingest.guidelines import split_document
from ingest.matrix import Entry, matrix
from ingest.records import Document, Guideline, Role
from ingest.roles import RoleBook
from ingest.words import stems


@dataclass(frozen=True)
class Held:
    """Guidelines with the vectors of their phrases; all of them far apart without an embedder."""

    roles: tuple[Role, ...]
    documents: Mapping[str, Document]
    guidelines: Sequence[Guideline]
    embedder: BundledEmbedder | None = None

    def phrase_vectors_of(self, rows: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        phrases = [self.guidelines[row].phrases for row in rows]
        starts = np.cumsum([0, *map(len, phrases)])[:-1]
        if self.embedder is None:
            return np.zeros((sum(map(len, phrases)), 4), dtype=np.float32), starts
        return self.embedder.embed([p for group in phrases for p in group]), starts


def held(
    *texts: str,
    dates: Sequence[str] = (),
    book: RoleBook = papers.BOOK,
    embedder: BundledEmbedder | None = None,
) -> Held:
    """The texts as documents 0.md, 1.md, ... with their dates."""
    documents = {}
    for k, text in enumerate(texts):
        title = text.splitlines()[0].strip("# |") if text else ""
        documents[f"{k}.md"] = Document(f"{k}.md", title, text, published=dates[k] if k < len(dates) else "")
    guidelines = [g for d in documents.values() for g in split_document(d, book)]
    return Held(book.roles, documents, guidelines, embedder)


def found(entries: Sequence[Entry]) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {e.topic: (e.status, e.owners) for e in entries}


def test_a_table_of_owners() -> None:
    entries = matrix(held(papers.OWNERS))
    assert found(entries) == {
        "beer": ("stated", ("Bar Crew",)),
        "festivals": ("shared", ("Kitchen Crew", "Bar Crew")),
        "keys and locks": ("stated", ("Warden",)),
        "menus, plates": ("stated", ("Kitchen Crew",)),
    }
    keys = next(e for e in entries if e.topic == "keys and locks")
    assert (keys.supporting, keys.not_owners) == (("Boatman",), ())
    assert (keys.force, keys.plain, keys.strength) == ("normative", True, 1.0)
    (said,) = keys.citations
    assert (said.doc, said.title, said.label) == ("0.md", "Who does what", "Table")
    assert said.says == (("Warden", "leads"), ("Boatman", "supports"))


def test_letters_under_the_names_of_roles() -> None:
    entries = matrix(held(papers.RACI))
    assert found(entries) == {
        "Launching the ferry": ("shared", ("Skipper", "Boatman")),
        "Painting hulls": ("stated", ("Skipper",)),
        "Paying berths": ("stated", ("Treasurer",)),
        "Picking a course": ("stated", ("Regatta Committee",)),
    }
    painting = next(e for e in entries if e.topic == "Painting hulls")
    assert painting.supporting == ("Boatman", "Regatta Committee")


def test_what_a_charter_puts_out_of_scope_is_a_gap_until_somebody_owns_it() -> None:
    entries = matrix(held(papers.CHARTER))
    gaps = {e.topic: e for e in entries if e.status == "unowned"}
    assert {"web pages of other groups", "street signs"} <= gaps.keys()
    assert gaps["street signs"].not_owners == ("Archive Guild",)
    assert found(entries)["scanning old maps"] == ("stated", ("Archive Guild",))
    owned = matrix(held(papers.CHARTER, "The Parish Council is responsible for street signs.\n"))
    signs = next(e for e in owned if e.topic == "street signs")
    assert (signs.status, signs.owners, signs.not_owners) == (
        "stated",
        ("Parish Council",),
        ("Archive Guild",),
    )


def test_documents_that_disagree_stand_later_first() -> None:
    old = "The Skipper is responsible for the winter berths.\n"
    new = "# Berths\n\nThe Treasurer is responsible for winter berths.\n"
    (entry,) = matrix(held(old, new, dates=("2019", "2019-05-02")))
    assert (entry.status, entry.owners) == ("conflicting", ("Skipper", "Treasurer"))  # "2019" may be December
    (entry,) = matrix(held(old, new, dates=("2018-12", "2019-05-02")))
    assert (entry.status, entry.owners) == ("conflicting", ("Treasurer", "Skipper"))
    assert [c.published for c in entry.citations] == ["2019-05-02", "2018-12"]
    (entry,) = matrix(held(old, new))
    assert entry.status == "conflicting"


def test_a_share_that_includes_the_other_owner_is_no_contradiction() -> None:
    (entry,) = matrix(
        held(
            "The Skipper is responsible for the winter berths.\n",
            "The Skipper and the Treasurer are responsible for winter berths.\n",
        )
    )
    assert (entry.status, set(entry.owners)) == ("shared", {"Skipper", "Treasurer"})
    assert len(entry.citations) == 2


def test_a_denial_in_another_document_contradicts() -> None:
    book = RoleBook([Role("Warden"), Role("Treasurer")])
    (entry,) = matrix(
        held(
            "The Warden owns the hall keys.\n",
            "# Notes\n\nThe Warden does not own the hall keys.\n",
            book=book,
            dates=("2020", "2021"),
        )
    )
    assert (entry.status, entry.owners, entry.not_owners) == ("conflicting", ("Warden",), ("Warden",))


def test_one_document_that_uses_a_word_twice_does_not_contradict_itself() -> None:
    parts = [f"## {role}\n\nThe {role} approves repairs.\n" for role in ("Warden", "Skipper")]
    entries = matrix(held("# Terms\n\n" + "\n".join(parts)))
    assert sorted(e.owners for e in entries) == [("Skipper",), ("Warden",)]
    assert {e.status for e in entries} == {"stated"}


def test_near_phrases_of_two_documents_are_one_topic() -> None:
    one = "The Kitchen Crew is responsible for catering at weddings.\n"
    other = "The Kitchen Crew is responsible for wedding catering services.\n"
    (entry,) = matrix(held(one, other, embedder=BundledEmbedder()))
    assert len(entry.citations) == 2
    assert (
        len(matrix(held(one + "\n" + other, embedder=BundledEmbedder()))) == 2
    )  # in one document they stay two


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("repairs of the hall above 500 pounds", "repairs of the hall above 900 pounds"),
        ("repairs of the hall above 500 pounds", "repairs of the hall up to 500 pounds"),
        ("work inside the boathouse", "work outside the boathouse"),
        ("boats with an engine", "boats without an engine"),
    ],
)
def test_phrases_that_turn_the_meaning_round_stay_apart(one: str, other: str) -> None:
    texts = (f"The Warden is responsible for {one}.\n", f"The Skipper is responsible for {other}.\n")
    entries = matrix(held(*texts, embedder=BundledEmbedder()))
    assert [(e.status, len(e.citations)) for e in entries] == [("stated", 1), ("stated", 1)]


def test_a_pronoun_is_led_in_by_its_heading() -> None:
    (entry,) = matrix(held("# The hall\n\n## Broken windows\n\nThe Warden decides.\n"))
    assert entry.topic.startswith("Broken windows")


def test_a_limit_keeps_its_direction() -> None:
    items = "1. up to 100 pounds: the Treasurer\n2. above 100 pounds: the Parish Council\n"
    topics = {e.topic for e in matrix(held(f"# Signing\n\n## Contracts\n\n{items}"))}
    assert topics == {"Contracts: up to 100 pounds", "Contracts: above 100 pounds"}


def test_hints_are_left_out() -> None:
    assert matrix(held("The Boatman was thanked for the new slipway.\n")) == ()
    assert matrix(held("")) == ()


def test_a_hole_where_a_name_stood_is_closed() -> None:
    (entry,) = matrix(held("The sale of a boat is decided by the Skipper on a proposal of the members.\n"))
    assert "by the on" not in entry.topic
    assert entry.topic.startswith("sale of a boat")


NAMES = [r.name for r in papers.BOOK.roles]
THINGS = [
    "winter berths",
    "the hall keys",
    "wedding catering",
    "gifts above 50 pounds",
    "race dates",
    "old maps",
]
SENTENCES = [
    "The {a} is responsible for {x}.",
    "The {a} decides on {x}.",
    "The {a} and the {b} are jointly responsible for {x}.",
    "The {a} leads {x} with the support of the {b}.",
    "The {a} does not decide on {x}; the {b} does.",
    "The {a} does not own {x}.",
    "The {a} might look after {x} one day.",
    "Nobody looks after {x}.",
    "{x} | {a} | {b}",
]
sentence = st.builds(
    lambda form, a, b, x: form.format(a=a, b=b, x=x),
    st.sampled_from(SENTENCES), st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(THINGS),
)  # fmt: skip
paper = st.lists(
    st.one_of(sentence, st.sampled_from(["# Out of scope", "- " + THINGS[0], "# The Warden"])), max_size=6
)
PAPERS = [v for k, v in vars(papers).items() if k.isupper() and isinstance(v, str)]


@given(
    st.lists(paper.map("\n\n".join), min_size=1, max_size=4),
    st.lists(st.sampled_from(["", "2019", "2020-01-31"])),
)
def test_it_holds_what_the_guidelines_say_and_nothing_else(texts: list[str], dates: list[str]) -> None:
    check(held(*texts, dates=dates))


def test_the_papers_too() -> None:
    assert len(PAPERS) > 8
    check(held(*PAPERS, embedder=BundledEmbedder()))


def check(source: Held) -> None:
    """Every entry says what guidelines say, and every plain statement of an owner stands in one place."""
    entries = matrix(source)
    by_place = {(g.doc, g.start, g.end): g for g in source.guidelines}
    cited: dict[tuple[str, int, int], list[tuple[str, str]]] = {place: [] for place in by_place}
    times = Counter((c.doc, c.start, c.end) for e in entries for c in e.citations)
    for entry in entries:
        assert entry.topic
        assert entry.citations
        said = {(role, relation) for c in entry.citations for role, relation in c.says}
        assert set(entry.owners) == {r for r, relation in said if relation in OWNING}
        assert {"stated": 1, "unowned": 0}.get(entry.status, len(entry.owners)) == len(entry.owners)
        assert entry.status != "shared" or len(entry.owners) > 1
        for c in entry.citations:
            assert c.quote == source.documents[c.doc].text[c.start : c.end]
            assert set(c.says) <= {(s.role, s.relation) for s in by_place[c.doc, c.start, c.end].stances}
            cited[c.doc, c.start, c.end] += c.says
    for place, guideline in by_place.items():
        owning = [s for s in guideline.stances if s.relation in OWNING and counts(s, guideline)]
        assert {(s.role, s.relation) for s in owning} == {says for says in cited[place] if says[1] in OWNING}
        if owning:
            assert times[place] == len({frozenset(stems(s.topic)) for s in owning})
    assert matrix(source) == entries
