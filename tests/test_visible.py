"""Who may see what: an engine for some groups answers as one that never had the other documents."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from chat.answer import Answer, Turn
from chat.coverage import Coverage
from chat.engine import Engine
from chat.web.api import create_app
from chat.web.live import LiveEngine
from ingest.embed import BundledEmbedder
from ingest.files import find
from ingest.home import Home
from ingest.index import Generation, open_live
from ingest.lexical import Lexicon
from ingest.pipeline import standard_steps
from ingest.records import Document, Guideline, Role
from ingest.roles import RoleBook
from ingest.settings import Settings
from ingest.writer import Job, Steps, write

GROUPS = ("hr", "board", "it")
OWNERS = ("Bursar", "Librarian", "Warden")
ROLES = RoleBook([Role(name, (f"the {name.lower()}",)) for name in OWNERS])
# Each topic is spoken of in several documents, so that what is hidden would push at what is not.
CORPUS = {
    "open.md": ("", "Bursar", ("library fees", "reading room budget", "catering contracts")),
    "pay.md": ("hr", "Warden", ("library fees", "salary bands", "zymurgy bonuses")),
    "mergers.md": ("board", "Warden", ("library fees", "acquisition talks", "catering contracts")),
    "servers.md": ("it", "Librarian", ("server passwords", "reading room budget", "salary bands")),
    "shared.md": ("hr, it", "Librarian", ("parental leave", "server passwords", "catering contracts")),
    "late.md": ("", "Librarian", ("parental leave", "archive boxes", "acquisition talks")),
}
TOPICS = sorted({topic for _, _, topics in CORPUS.values() for topic in topics})
EMBEDDER = BundledEmbedder()


def texts() -> Iterator[tuple[str, str]]:
    for name, (access, owner, topics) in CORPUS.items():
        front = f"---\ntitle: On {topics[1]}\naccess: [{access}]\n---\n" if access else ""
        rules = "\n".join(f"{n}. The {owner} should own {topic}." for n, topic in enumerate(topics, 1))
        yield name, f"{front}# On {topics[1]}\n\nNobody else decides these.\n\n{rules}\n"


def made(folder: Path, corpus: Path, steps: Steps | None = None) -> Generation:
    """A generation of ``corpus``, written in this process into ``folder``, which it makes."""
    steps = steps or standard_steps()
    (folder / "new").mkdir(parents=True)
    found, _ = find(corpus, suffixes=steps.suffixes, leave_out=folder)
    job = Job(
        corpus, tuple(found), (), "by hand", ROLES, (), EMBEDDER, steps, folder / "new", folder / "known"
    )
    write(job, lambda *_: None)
    return Generation(folder / "new").connect()


def engine(generation: Generation) -> Engine:
    return Engine(generation, EMBEDDER, Coverage())


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for name, text in texts():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def whole(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine(made(tmp_path_factory.mktemp("whole") / "home", corpus))


@pytest.fixture(scope="module")
def alone(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[frozenset[str]], Engine]:
    """An engine made of the documents alone that some groups may see."""

    @cache
    def make(groups: frozenset[str]) -> Engine:
        folder = tmp_path_factory.mktemp("alone")
        (folder / "corpus").mkdir()
        for name in allowed(groups):
            shutil.copy(corpus / name, folder / "corpus" / name)
        return engine(made(folder / "home", folder / "corpus"))

    return make


def allowed(groups: frozenset[str]) -> list[str]:
    """The documents that somebody in ``groups`` may see, worked out from the corpus as it is written here."""
    return [name for name, (access, _, _) in CORPUS.items() if not access or set(access.split(", ")) & groups]


def same(answer: Answer) -> Answer:
    """An answer without what two engines may differ in."""
    return replace(answer, index="", timings_ms={})


SETS = [frozenset(c) for n in range(len(GROUPS) + 1) for c in itertools.combinations(GROUPS, n)]
questions = st.builds(
    str.format,
    st.sampled_from(["Who should own {}?", "{}", "who owns {} and archive boxes", "Does the Warden own {}?"]),
    st.sampled_from([*TOPICS, "zymurgi bonusses", "the moon", "acquisiton talks", "server pasword"]),
)
turns = st.lists(questions, max_size=1).map(
    lambda asked: (
        [Turn(role="user", content=q) for q in asked]
        + [Turn(role="assistant", content="The Warden leads.") for _ in asked]
    )
)


@settings(max_examples=60)
@given(st.sampled_from(SETS), questions, turns)
def test_no_answer_knows_of_a_document_that_is_not_for_the_reader(
    whole: Engine,
    alone: Callable[[frozenset[str]], Engine],
    groups: frozenset[str],
    question: str,
    history: list[Turn],
) -> None:
    theirs = whole.for_groups(groups)
    answer = theirs.ask(question, history)
    assert {c.doc for c in (*answer.citations, *answer.nearest)} <= set(allowed(groups))
    assert same(answer) == same(alone(groups).ask(question, history))
    streamed = list(theirs.stream(question, history))[-1]
    assert same(streamed.answer) == same(answer)  # type: ignore[union-attr]


@pytest.mark.parametrize("groups", SETS, ids=lambda g: "+".join(sorted(g)) or "nobody")
def test_a_view_holds_what_an_index_of_its_documents_holds(
    whole: Engine, alone: Callable[[frozenset[str]], Engine], groups: frozenset[str]
) -> None:
    view, own = whole.for_groups(groups).generation, alone(groups).generation
    assert list(view.documents) == list(own.documents) == sorted(allowed(groups))
    assert dict(view.documents) == dict(own.documents)
    assert list(view.guidelines) == list(own.guidelines)
    assert view.guidelines[:2] == own.guidelines[:2]
    assert view.manifest.documents == own.manifest.documents
    assert (view.manifest.guidelines, view.manifest.phrases) == (
        own.manifest.guidelines,
        own.manifest.phrases,
    )
    assert list(view.lexicon.vocabulary) == list(own.lexicon.vocabulary)
    for word in view.lexicon.vocabulary:
        assert view.lexicon.idf(word) == own.lexicon.idf(word)
        assert view.lexicon.scores([word], 99) == own.lexicon.scores([word], 99)
    for row in range(len(view.guidelines)):
        np.testing.assert_array_equal(view.phrase_vectors(row), own.phrase_vectors(row))
    asked = EMBEDDER.embed(TOPICS)
    for mine, theirs in zip(view.nearest(asked, 5), own.nearest(asked, 5), strict=True):
        assert [(h.row, h.phrase) for h in mine] == [(h.row, h.phrase) for h in theirs]
        assert [h.similarity for h in mine] == pytest.approx([h.similarity for h in theirs], abs=1e-5)


def test_who_may_see_all_of_it_has_the_whole_and_equals_share_a_view(whole: Engine) -> None:
    assert whole.for_groups(GROUPS) is whole
    assert whole.for_groups({"hr", "nobody"}) is whole.for_groups(["hr"])
    assert whole.for_groups(()) is whole.for_groups({"HR"})
    assert whole.for_groups(()).for_groups(GROUPS).generation is whole.generation


def test_a_word_of_hidden_documents_mends_no_slip(whole: Engine) -> None:
    asked = "Who should own zymurgi?"  # zymurgy stands in one document alone, and in no list of words
    assert "zymurgy" in whole.for_groups({"hr"}).ask(asked).asked
    assert "zymurgy" not in whole.for_groups(()).ask(asked).asked


def test_nobody_may_see_anything(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    shutil.copy(corpus / "pay.md", tmp_path / "corpus")
    theirs = engine(made(tmp_path / "home", tmp_path / "corpus")).for_groups(())
    answer = theirs.ask("Who should own salary bands?")
    assert (answer.verdict, answer.nearest, len(theirs.documents)) == ("not_covered", (), 0)


def test_what_is_limited_later_is_gone_with_the_next_question(corpus: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    (tmp_path / "corpus").mkdir()
    for name in ("pay.md", "open.md"):
        shutil.copy(corpus / name, tmp_path / "corpus")
    limited = (tmp_path / "corpus" / "pay.md").read_text()

    def publish(number: int, text: str) -> None:
        (tmp_path / "corpus" / "pay.md").write_text(text)
        made(tmp_path / f"build{number}", tmp_path / "corpus").close()
        with home.lock():
            home.publish(tmp_path / f"build{number}" / "new", f"g{number}")

    def opened() -> Engine:
        return engine(open_live(home.path, EMBEDDER.id))

    publish(1, limited.replace("access: [hr]\n", ""))
    live = LiveEngine(opened, pointer=home.path / "live")
    app = create_app(live, Settings(access="open,proxy", trusted_proxies="10.0.0.0/8"))
    client = TestClient(app, base_url="http://127.0.0.1", client=("10.0.0.1", 1))

    def told(groups: str = "") -> str:
        headers = {"x-forwarded-user": "mia", "x-forwarded-groups": groups}
        asked = {"question": "Who should own salary bands?"}
        places = [
            client.get(path, headers=headers) for path in ("/sources", "/api/documents", "/sources/pay.md")
        ]
        return "".join(said.text for said in (client.post("/api/ask", json=asked, headers=headers), *places))

    assert told().count("salary bands") == told("hr").count("salary bands") > 3
    publish(2, limited)
    assert "pay.md" in told("hr")
    assert "Warden" in told("hr")
    for word in ("Warden", "zymurgy"):
        assert word not in told()
        assert word not in told("it")
    publish(3, limited.replace("[hr]", "[board]"))
    assert "Warden" not in told("hr")
    assert "Warden" in told("board,it")


def test_an_index_without_limits_has_one_view(alone: Callable[[frozenset[str]], Engine]) -> None:
    open_to_all = alone(frozenset())
    assert open_to_all.for_groups(()) is open_to_all


LINES = 900


def _read(path: Path, root: Path) -> Document:
    lines = "\n".join(f"Line {path.stem} {n}." for n in range(LINES // 3))
    return Document(path.name, path.stem, lines, access=("few",) if path.stem == "hidden" else ())


def _split(document: Document, roles: RoleBook) -> list[Guideline]:
    starts = np.cumsum([0, *(len(line) + 1 for line in document.text.split("\n"))])
    return [
        Guideline(line, document.path, int(at), int(at) + len(line), line, "", (), "", (), "normative", "")
        for at, line in zip(starts, document.text.split("\n"), strict=False)
    ]


def _terms(guideline: Guideline) -> list[str]:
    return guideline.text.split()


class _Seeded:
    """Vectors by a text's hash; those of the hidden document all lie close around one point."""

    id, dimensions = "seeded", 24

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [self._vector(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self.dimensions)

    def _vector(self, text: str) -> NDArray[np.float32]:
        noise = np.random.default_rng(list(text.encode())).normal(size=self.dimensions)
        point = np.eye(self.dimensions)[0] + 0.05 * noise if "hidden" in text else noise
        return (point / np.linalg.norm(point)).astype(np.float32)


def test_neighbours_that_are_hidden_take_no_place(tmp_path: Path) -> None:
    # 300 hidden phrases stand nearer to the query than any of the 600 visible ones.
    for name in ("a", "hidden", "z"):
        (tmp_path / f"{name}.txt").write_text(name)
    (tmp_path / "new").mkdir()
    steps = Steps(_read, _split, _terms, frozenset({".txt"}))
    found, _ = find(tmp_path, suffixes=steps.suffixes, leave_out=tmp_path / "new")
    embedder = _Seeded()
    job = Job(
        tmp_path, tuple(found), (), "", ROLES, (), embedder, steps, tmp_path / "new", tmp_path / "known"
    )
    write(job, lambda *_: None)
    generation = Generation(tmp_path / "new").connect()
    view = generation.visible_to(())
    near_hidden = np.eye(embedder.dimensions, dtype=np.float32)[:1]
    elsewhere = -near_hidden
    visible = view.phrases.placed
    assert (len(generation.vectors), len(visible)) == (LINES, LINES * 2 // 3)
    for query in (near_hidden, elsewhere):
        similar = np.asarray(generation.vectors[visible]) @ query[0]
        best = visible[np.argsort(-similar)[:5]].tolist()
        assert view.near(query, 5)[0].numbers.tolist() == best
    assert all(generation.guidelines[r].doc == "hidden.txt" for r in generation.rows_near(near_hidden, 5))
    assert len(view.rows_near(near_hidden, 5)) == 5
    generation.close()


rows = st.lists(st.lists(st.text("abc", min_size=1, max_size=2), max_size=6), min_size=1, max_size=8)


@given(rows, st.data())
def test_a_lexicon_restricted_is_the_lexicon_of_those_rows(
    every: list[list[str]], data: st.DataObject
) -> None:
    chosen = sorted(data.draw(st.sets(st.integers(0, len(every) - 1))))
    restricted = Lexicon.build(every).restricted(np.array(chosen, dtype=np.int64))
    own = Lexicon.build([every[r] for r in chosen])
    assert list(restricted.vocabulary) == list(own.vocabulary)
    assert len(restricted) == len(own)
    for word in own.vocabulary:
        assert restricted.scores([word], 99) == own.scores([word], 99)
        assert restricted.idf(word) == own.idf(word)
    again = restricted.restricted(np.arange(len(chosen)))
    assert all(again.scores([w], 99) == own.scores([w], 99) for w in own.vocabulary)
