"""The build: what it finds, what it skips, what it does again, and that a failed one changes nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from ingest.embed import BundledEmbedder
from ingest.errors import CorpusError, FileFormatError, InputError
from ingest.home import BuildError, Home
from ingest.index import Generation, open_live
from ingest.manifest import Skipped
from ingest.pipeline import BuildReport, build
from ingest.records import Document, Guideline, Role, Stance, Term
from ingest.roles import RoleBook
from ingest.writer import Steps

EMBEDDER = BundledEmbedder()
ROLES = RoleBook([Role("CFO", ("finance",))])


def read(path: Path, root: Path) -> Document:
    """A document whose title is its name; a file that says "broken" does not parse."""
    text = path.read_text()
    if "broken" in text:
        raise FileFormatError(path, 3, "expected something whole")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Document(path.relative_to(root).as_posix(), path.stem, text, sha256=sha256)


def split(document: Document, roles: RoleBook) -> list[Guideline]:
    """A guideline a line, whose one stance is about the line in lower case."""
    found, start = [], 0
    for line in document.text.splitlines(keepends=True):
        text = line.rstrip("\n")
        place = (document.path, start, start + len(text), text)
        stances = (Stance("Warden", "leads", text.lower()),)
        found.append(Guideline(f"{start}", *place, "", (), "", stances, "normative", text.lower()))
        start += len(line)
    return found


def terms(guideline: Guideline) -> list[str]:
    return guideline.text.lower().split()


def read_and_die(path: Path, root: Path) -> Document:
    """What a crash of the process looks like."""
    os._exit(9)


def split_wrongly(document: Document, roles: RoleBook) -> list[Guideline]:
    """Guidelines whose texts are not the document's."""
    return [replace(g, start=g.start + 1) for g in split(document, roles)]


STEPS = Steps(read=read, split=split, terms=terms, suffixes=frozenset({".md"}))


@dataclass(frozen=True)
class Place:
    """A corpus, a home, and a build from the one into the other."""

    corpus: Path
    home: Path

    def build(self, *, steps: Steps = STEPS, force: bool = False) -> BuildReport:
        return build(
            corpus=self.corpus, home=self.home, roles=ROLES, embedder=EMBEDDER, steps=steps, force=force
        )

    def generations(self) -> list[str]:
        return sorted(p.name for p in (self.home / "generations").iterdir())


def write_corpus(corpus: Path) -> None:
    (corpus / "deep").mkdir(parents=True)
    (corpus / "a.md").write_text("Payroll is finance's.\nTravel is anybody's.\n")
    (corpus / "deep" / "b.md").write_text("Payroll is finance's.\nThe budget is the CFO's.\n")
    (corpus / "deep" / "README.md").write_text("A readme below the top is a document.\n")
    (corpus / "c.md").write_text("broken\n")
    (corpus / "d.xls").write_text("a table\n")
    for left_out in ("README.md", "roles.yaml", ".hidden.md"):
        (corpus / left_out).write_text("broken\n")
    (corpus / "glossary.yaml").write_text("- {term: wages, means: [payroll]}\n")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, BuildReport]:
    """A corpus and its first build; tests leave both as they are."""
    folder = tmp_path_factory.mktemp("built")
    place = Place(folder / "corpus", folder / "home")
    write_corpus(place.corpus)
    return place, place.build()


@pytest.fixture
def place(built: tuple[Place, BuildReport], tmp_path: Path) -> Place:
    """A copy of the first build, to be changed."""
    mine = Place(tmp_path / "corpus", tmp_path / "home")
    shutil.copytree(built[0].corpus, mine.corpus)
    shutil.copytree(built[0].home, mine.home)
    return mine


@pytest.fixture
def live(built: tuple[Place, BuildReport]) -> Iterator[Generation]:
    generation = open_live(built[0].home, EMBEDDER.id)
    yield generation
    generation.close()


def test_the_first_build_reports_what_it_did(built: tuple[Place, BuildReport]) -> None:
    place, report = built
    # 2 + 2 + 1 lines. Each is two phrases, in lower case and as written; one line stands twice: 2 * 4 = 8.
    assert (report.documents, report.guidelines, report.embedded, report.reused) == (3, 5, 8, 0)
    assert report.skipped == (
        Skipped("d.xls", "not a kind of file that is read (.md)"),
        Skipped("c.md", "line 3: expected something whole"),
    )
    assert not report.unchanged
    assert place.generations() == [report.generation]


def test_the_live_generation_holds_the_corpus(live: Generation) -> None:
    assert list(live.documents) == ["a.md", "deep/README.md", "deep/b.md"]
    assert live.documents["a.md"].text == "Payroll is finance's.\nTravel is anybody's.\n"
    assert [(g.doc, g.text) for g in live.guidelines][-1] == ("deep/b.md", "The budget is the CFO's.")
    assert live.roles == ROLES.roles
    assert live.glossary == (Term("wages", ("payroll",)),)
    assert [m.row for m in live.lexicon.scores(["budget"], 3)] == [4]


def test_a_phrase_finds_every_place_it_stands_in(live: Generation) -> None:
    # The model reads no capitals: the line in lower case and the line as written are equally near, and both
    # stand in rows 0 and 3, as topic (0), text (1) and surroundings (2).
    [hits] = live.nearest(EMBEDDER.embed(["PAYROLL is finance's."]), 2)
    assert {(h.row, h.phrase) for h in hits} == {(row, phrase) for row in (0, 3) for phrase in (0, 1, 2)}
    assert all(h.similarity == pytest.approx(1, abs=1e-5) for h in hits)


def test_nothing_changed_nothing_done(built: tuple[Place, BuildReport]) -> None:
    place, first = built
    again = place.build()
    assert again == replace(first, unchanged=True, embedded=0, seconds=again.seconds)
    assert again.seconds < 1
    assert place.generations() == [first.generation]


def test_a_changed_document_embeds_only_what_is_new(place: Place, tmp_path: Path) -> None:
    (place.corpus / "a.md").write_text("Payroll is finance's.\nParking is nobody's.\n")
    (place.corpus / "c.md").unlink()
    before = Home(place.home).pointer().live
    report = place.build()
    assert (report.embedded, report.reused) == (2, 6)
    assert [s.path for s in report.skipped] == ["d.xls"]
    assert place.generations() == sorted([before, report.generation])

    # Known from before or not, a phrase has the vector it would get today.
    generation = Generation(Home(place.home).live())
    stored = np.concatenate([generation.phrase_vectors(row) for row in range(len(generation.guidelines))])
    assert np.array_equal(stored, EMBEDDER.embed([p for g in generation.guidelines for p in g.phrases]))


def test_a_process_that_dies_leaves_the_index_as_it_was(place: Place) -> None:
    before = place.generations(), Home(place.home).pointer()
    with pytest.raises(BuildError, match=r"exit code 9.*old index stays"):
        place.build(steps=replace(STEPS, read=read_and_die))
    assert (place.generations(), Home(place.home).pointer()) == before
    open_live(place.home, EMBEDDER.id).close()


def test_what_is_not_sound_is_not_published(place: Place) -> None:
    before = place.generations(), Home(place.home).pointer()
    with pytest.raises(BuildError, match=r"not sound.*guideline 0 is not the text of 'a.md' at 1"):
        place.build(steps=replace(STEPS, split=split_wrongly))
    assert (place.generations(), Home(place.home).pointer()) == before


def test_an_interrupt_leaves_the_index_as_it_was(place: Place) -> None:
    def interrupt(step: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    before = place.generations(), Home(place.home).pointer()
    with pytest.raises(KeyboardInterrupt):
        build(
            corpus=place.corpus,
            home=place.home,
            roles=ROLES,
            embedder=EMBEDDER,
            steps=STEPS,
            progress=interrupt,
            force=True,
        )
    assert (place.generations(), Home(place.home).pointer()) == before


def test_two_builds_do_not_meet(place: Place) -> None:
    with Home(place.home).lock(), pytest.raises(BuildError, match=f"process {os.getpid()}.*wait"):
        place.build()


def test_no_corpus_no_build(place: Place, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"missing' does not exist.*ingest build DIR"):
        replace(place, corpus=tmp_path / "missing").build()
    with pytest.raises(CorpusError, match="is not a folder"):
        replace(place, corpus=place.corpus / "a.md").build()
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusError, match=r"holds no document.*\.md"):
        replace(place, corpus=tmp_path / "empty").build()


def test_a_corpus_of_broken_files_is_an_error_that_names_them(place: Place, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "c.md").write_text("broken")
    before = Home(place.home).pointer()
    with pytest.raises(CorpusError, match=r"c\.md: line 3: expected something whole"):
        replace(place, corpus=tmp_path / "broken").build()
    assert Home(place.home).pointer() == before


def test_a_broken_glossary_is_an_error(place: Place) -> None:
    (place.corpus / "glossary.yaml").write_text("- term: [")
    with pytest.raises(FileFormatError, match=r"glossary\.yaml, line 1"):
        place.build()


def test_a_home_that_cannot_be_is_an_error(place: Place) -> None:
    with pytest.raises(InputError, match="--home DIR"):
        replace(place, home=place.corpus / "a.md").build()
