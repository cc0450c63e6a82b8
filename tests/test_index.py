"""The index: what opens, what is refused with which remedy, how one is published and found unsound."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest import chroma, index
from ingest.check import unsound
from ingest.embed import BundledEmbedder
from ingest.errors import IndexMismatch, IndexUnavailable
from ingest.files import CorpusFile
from ingest.home import Home
from ingest.index import Generation, open_live
from ingest.manifest import FORMAT, NAME
from ingest.records import Document, Guideline
from ingest.roles import RoleBook
from ingest.writer import Job, Steps, write

EMBEDDER = BundledEmbedder()
LINES = ["Payroll is finance's.", "Travel is anybody's.", "The budget is the CFO's.", "Nobody owns parking."]


def read(path: Path, root: Path) -> Document:
    return Document(path.name, "Lines", "\n".join(LINES))


def split(document: Document, roles: RoleBook) -> list[Guideline]:
    starts = [document.text.index(line) for line in LINES]
    return [
        Guideline(line, document.path, start, start + len(line), line, "", (), "", (), "normative", "")
        for start, line in zip(starts, LINES, strict=True)
    ]


def terms(guideline: Guideline) -> list[str]:
    return guideline.text.split()


def job(folder: Path, lines: Steps) -> Job:
    return Job(
        corpus=folder,
        files=(CorpusFile("lines.txt", ""),),
        skipped=(),
        fingerprint="made by hand",
        roles=RoleBook([]),
        glossary=(),
        embedder=EMBEDDER,
        steps=lines,
        folder=folder / "new",
        vectors=folder / "vectors.sqlite",
    )


def no_guidelines(document: Document, roles: RoleBook) -> list[Guideline]:
    return []


def published(folder: Path, steps: Steps) -> Path:
    """A home with one generation, written in this process."""
    home = Home(folder / "home")
    (folder / "new").mkdir()
    write(job(folder, steps), lambda *_: None)
    with home.lock():
        home.publish(folder / "new", "first")
    return home.path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a generation of the four lines; tests leave it as it is."""
    return published(tmp_path_factory.mktemp("made"), Steps(read, split, terms, frozenset()))


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    shutil.copytree(made, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def live(home: Path) -> Iterator[Generation]:
    generation = open_live(home, EMBEDDER.id)
    yield generation
    generation.close()


def first(home: Path) -> Path:
    return home / "generations" / "first"


def test_every_guideline_is_nearest_to_itself(live: Generation) -> None:
    found = live.nearest(EMBEDDER.embed(LINES), 3)
    assert [hits[0].row for hits in found] == [0, 1, 2, 3]
    for hits in found:
        assert [h.similarity for h in hits] == sorted((h.similarity for h in hits), reverse=True)
        assert hits[0].similarity == pytest.approx(1, abs=1e-5)


def test_similarity_is_the_cosine(live: Generation) -> None:
    query = EMBEDDER.embed(["who decides what we spend"])
    [hits] = live.nearest(query, 4)
    for hit in hits:
        assert hit.similarity == pytest.approx(
            float(live.phrase_vectors(hit.row)[hit.phrase] @ query[0]), abs=1e-5
        )


def test_no_query_and_too_many_neighbours(live: Generation) -> None:
    assert live.nearest(EMBEDDER.embed([]), 3) == []
    [hits] = live.nearest(EMBEDDER.embed(["parking"]), 1000)
    assert {h.row for h in hits} == {0, 1, 2, 3}
    assert live.nearest(EMBEDDER.embed(["parking"]), 0) == [[]]


@pytest.mark.parametrize("k", [0, 1, 2, 1000])
def test_the_rows_near_a_few_queries_are_those_that_chroma_finds(live: Generation, k: int) -> None:
    queries = EMBEDDER.embed(["who decides what we spend", "parking"])
    found = live.nearest(queries, k)
    assert live.rows_near(queries, k) == {hit.row for hits in found for hit in hits}
    assert live.rows_near(queries[:0], k) == set()


def test_both_ways_of_reading_chroma_agree(home: Path) -> None:
    folder = first(home) / index.CHROMA
    query = EMBEDDER.embed(["salaries", "cars"])
    engine = chroma.EngineReader(folder)
    ours = engine.nearest(query, 3), engine.count()
    engine.close()
    client = chroma.ClientReader(folder)
    theirs = client.nearest(query, 3), client.count()
    client.close()
    assert [near.ids for near in ours[0]] == [near.ids for near in theirs[0]]
    assert np.allclose([n.distances for n in ours[0]], [n.distances for n in theirs[0]])
    assert ours[1] == theirs[1] == 4


def test_answering_imports_no_vendor_that_is_slow(home: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ingest.index import open_live;"
        "g = open_live(Path(sys.argv[1]), sys.argv[2]); g.nearest(g.phrase_vectors(0), 2);"
        "print({'chromadb', 'llama_index', 'bm25s', 'onnxruntime'} & sys.modules.keys())"
    )
    run = subprocess.run([sys.executable, "-c", code, home, EMBEDDER.id], capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("set()\n", "")


def test_a_corpus_without_guidelines_is_an_index_too(tmp_path: Path) -> None:
    home = published(tmp_path, Steps(read, no_guidelines, terms, frozenset()))
    generation = open_live(home, EMBEDDER.id)
    assert generation.nearest(EMBEDDER.embed(["parking"]), 5) == [[]]
    assert generation.lexicon.scores(["parking"], 5) == []
    assert list(generation.guidelines) == []
    generation.close()


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match=r"no index in .*run: python -m ingest build$"):
        open_live(tmp_path, EMBEDDER.id)


def test_another_embedder(home: Path) -> None:
    with pytest.raises(
        IndexMismatch, match=rf"{EMBEDDER.id}', this is 'other'; run: python -m ingest build$"
    ):
        open_live(home, "other")


def test_another_format(home: Path) -> None:
    manifest = first(home) / NAME
    manifest.write_text(json.dumps({"format": FORMAT + 1, "what": "is to come"}))
    with pytest.raises(IndexMismatch, match=f"format {FORMAT + 1}, this version reads {FORMAT}; run: "):
        open_live(home, EMBEDDER.id)


@pytest.mark.parametrize(
    "name", [NAME, index.GUIDELINES, index.DOCUMENTS, index.VECTORS, index.PHRASES, "lexicon/rows.npy"]
)
@pytest.mark.parametrize("left", [None, 10])
def test_a_file_that_is_missing_or_cut(home: Path, name: str, left: int | None) -> None:
    file = first(home) / name
    file.write_bytes(file.read_bytes()[:left]) if left else file.unlink()
    with pytest.raises(IndexMismatch, match=r"'first' .*run: python -m ingest build --force$"):
        open_live(home, EMBEDDER.id)


def test_a_chroma_that_has_lost_its_database(home: Path) -> None:
    (first(home) / index.CHROMA / chroma.DATABASE).write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(IndexMismatch, match=r"'first' cannot be read: Chroma says .*--force$"):
        open_live(home, EMBEDDER.id)
    shutil.rmtree(first(home) / index.CHROMA)
    with pytest.raises(IndexMismatch, match=r"'first' is damaged"):
        open_live(home, EMBEDDER.id)


def test_a_pointer_that_is_damaged_or_points_nowhere(home: Path) -> None:
    (home / "live").write_text("{")
    with pytest.raises(IndexMismatch, match=r"live' is damaged: b'\{'; run: "):
        open_live(home, EMBEDDER.id)
    (home / "live").write_text('{"live": "gone", "before": ""}')
    with pytest.raises(IndexMismatch, match=r"'gone' has no manifest"):
        open_live(home, EMBEDDER.id)


def test_sound_is_sound(live: Generation) -> None:
    told: list[tuple[int, int]] = []
    assert list(unsound(live, lambda done, total: told.append((done, total)))) == []
    assert told == [(4, 4)]


def test_texts_that_are_not_the_documents_are_unsound(live: Generation) -> None:
    altered = "\n".join(LINES).replace("finance", "nothing")
    live.documents = {"lines.txt": Document("lines.txt", "", altered)}
    assert list(unsound(live, lambda *_: None)) == [
        "the text of 'lines.txt' is not the one that was read",
        "guideline 0 is not the text of 'lines.txt' at 0",
    ]


def test_vectors_that_chroma_does_not_find_are_unsound(live: Generation) -> None:
    other = EMBEDDER.embed(["the weather", "an apple"])
    live.vectors = np.concatenate([live.vectors[:2], other])
    assert list(unsound(live, lambda *_: None)) == ["2 of 4 vectors are not found by a search for themselves"]


def test_publishing_keeps_the_live_one_and_the_one_before(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for _ in range(3):
        with home.lock(), home.unfinished() as folder:
            (folder / "file").write_text("text")
            home.publish(folder, "same")
    # The second of a name gets a number; the first is gone once it is neither live nor before.
    assert home.pointer().live == "same-3"
    assert home.pointer().before == "same-2"
    assert sorted(p.name for p in home.generations.iterdir()) == ["same-2", "same-3"]


def test_what_a_killed_build_left_is_removed_by_the_next(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with home.lock():
        (home.generations / ".building-0").mkdir()
        with home.unfinished() as folder:
            home.publish(folder, "whole")
    assert [p.name for p in home.generations.iterdir()] == ["whole"]
