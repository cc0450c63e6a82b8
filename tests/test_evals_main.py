"""The commands of ``python -m evals``: their exit codes, what they write and what they say."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from evals_parts import DOCUMENTS, JUDGE, TRAVEL, Scripted, answer, case, cite
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from chat.answer import Answer, Turn
from evals.__main__ import main
from evals.bench.measure import Bench, bench, timed
from evals.bench.stock import WORDS, Stock, named_most, names, passages, tokens
from evals.cases import Case, half_of
from evals.measures import Judge
from evals.product import Product, open_product
from evals.run import Asker, run
from evals.summary import Provenance, Summary
from ingest import pipeline
from ingest.embed import BundledEmbedder
from ingest.errors import IndexUnavailable
from ingest.records import Document, Role
from ingest.roles import RoleBook
from ingest.settings import Settings

ROLES = RoleBook([Role("Finance Chief", ("CFO",)), Role("Office Desk")])
OWNED = cite("The Finance Chief should own travel.")
RIGHT = answer("lead", "CFO", citations=[OWNED])
WRONG = answer("lead", "Office Desk", citations=[OWNED])
CASES = [case("lead", "Finance Chief", id=f"c{n}", question=f"c{n}?") for n in range(4)]


@dataclass
class Desk:
    """Opens the product with a scripted asker, and remembers how it was asked to."""

    asker: Asker
    opened: list[tuple[Settings, bool]] = field(default_factory=list)

    def __call__(self, settings: Settings, *, renew: bool) -> Product:
        self.opened.append((settings, renew))
        return Product(self.asker, DOCUMENTS, ROLES)


def desk(*answers: Answer | BaseException) -> Desk:
    return Desk(Scripted({asked.question: said for asked, said in zip(CASES, answers, strict=False)}))


@pytest.fixture
def cases_file(tmp_path: Path) -> Path:
    return written(tmp_path, CASES)


def written(tmp_path: Path, cases: Sequence[Case]) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(asked.model_dump_json(exclude_defaults=True) + "\n" for asked in cases))
    return path


def gate_file(tmp_path: Path, least: float) -> Path:
    path = tmp_path / f"gate{least}.toml"
    path.write_text(f"[figures]\nverdict_owners = {{ min = {least} }}\n")
    return path


def test_run_writes_its_folder_and_says_the_figures(
    cases_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    opened = desk(RIGHT, RIGHT, RIGHT, WRONG)
    given_ = ["run", "--cases", str(cases_file), "--out", str(out), "--home", str(tmp_path / "home")]
    assert main(given_, opener=opened) == 0
    said = capsys.readouterr()
    assert re.search(r"^Right verdict and owners +75 % +30\.1 % to 95\.4 % +4 +0$", said.out, re.M)
    assert "c3 (direct) c3?" in said.out
    assert "4 of 4 cases" in said.err
    summary = Summary.read(out / "summary.json")
    assert (summary.figures["verdict_owners"].value, summary.provenance.cases_file) == (0.75, "cases.jsonl")
    assert len((out / "rows.jsonl").read_text().splitlines()) == 4
    assert "<article" in (out / "report.html").read_text()
    assert (out / "junit.xml").exists()
    ((settings, renew),) = opened.opened
    assert (settings.home, renew) == (tmp_path / "home", False)


def test_a_corpus_or_roles_brings_the_index_up_to_date(cases_file: Path, tmp_path: Path) -> None:
    for flag, value in (("--corpus", tmp_path), ("--roles", tmp_path / "roles.yaml")):
        opened = desk(RIGHT, RIGHT, RIGHT, RIGHT)
        given_ = [
            "--cases",
            str(cases_file),
            "--out",
            str(tmp_path / "out"),
            "--home",
            str(tmp_path / "home"),
        ]
        assert main(["run", *given_, flag, str(value)], opener=opened) == 0
        ((settings, renew),) = opened.opened
        assert renew
        assert settings.home == tmp_path / "home"
        assert getattr(settings, flag.removeprefix("--")) == value


def test_a_missed_gate_ends_with_1_and_names_figure_value_and_n(
    cases_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given_ = ["run", "--cases", str(cases_file), "--out", str(tmp_path / "out"), "--gate"]
    three_of_four = desk(RIGHT, RIGHT, RIGHT, WRONG)
    assert main([*given_, str(gate_file(tmp_path, 0.75))], opener=three_of_four) == 0
    assert "The gate is held." in capsys.readouterr().out
    assert main([*given_, str(gate_file(tmp_path, 0.76))], opener=three_of_four) == 1
    assert "gate missed: verdict_owners: 75 % (30.1 % to 95.4 %, n = 4)" in capsys.readouterr().err


def test_the_projects_own_set_is_held_to_its_own_gate_unless_told_otherwise(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Shy:
        """Finds nothing covered, ever."""

        def ask(self, question: str, history: object = ()) -> Answer:  # noqa: ARG002
            return answer("not_covered")

    given_ = ["run", "--out", str(tmp_path / "out")]
    assert main(given_, opener=Desk(Shy())) == 1
    said = capsys.readouterr().err
    assert "gate missed: verdict_owners" in said
    assert "gate missed: over_refusal: 100 %" in said
    assert "warning: own-" in said  # its gold quotes are not in these documents
    assert main([*given_, "--no-gate"], opener=Desk(Shy())) == 0
    assert main([*given_, "--half", "tune"], opener=Desk(Shy())) == 0
    assert main([*given_, "--corpus", str(root / "corpus")], opener=Desk(Shy())) == 0


def test_a_half_is_asked_alone_and_the_two_make_the_whole(cases_file: Path, tmp_path: Path) -> None:
    asked: list[str] = []
    for half in ("tune", "report"):
        out = tmp_path / half
        main(
            ["run", "--cases", str(cases_file), "--out", str(out), "--half", half],
            opener=desk(*[RIGHT] * 4),
        )
        ids = [json.loads(line)["case"]["id"] for line in (out / "rows.jsonl").read_text().splitlines()]
        assert ids == [c.id for c in CASES if half_of(c) == half]
        assert Summary.read(out / "summary.json").provenance.half == half
        asked += ids
    assert sorted(asked) == [c.id for c in CASES]


def test_scoring_owners_forgives_the_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, [case("not_covered", id="n", question="c0?")])
    given_ = ["run", "--cases", str(path), "--out", str(tmp_path / "out")]
    told = desk(answer("info", citations=[OWNED]))
    main(given_, opener=told)
    assert Summary.read(tmp_path / "out" / "summary.json").figures["verdict_owners"].value == 0.0
    main([*given_, "--scoring", "owners"], opener=told)
    summary = Summary.read(tmp_path / "out" / "summary.json")
    assert (summary.figures["verdict_owners"].value, summary.provenance.scoring) == (1.0, "owners")
    assert "Right means" in (tmp_path / "out" / "report.html").read_text()


def test_ctrl_c_writes_what_was_done_and_ends_with_1(
    cases_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    stopped = desk(RIGHT, RIGHT, KeyboardInterrupt())
    code = main(
        ["run", "--cases", str(cases_file), "--out", str(out), "--gate", str(gate_file(tmp_path, 0.1))],
        opener=stopped,
    )
    assert code == 1
    said = capsys.readouterr()
    assert f"interrupted after 2 of 4 cases; what they gave is in {out}" in said.err
    assert "The gate is held" not in said.out
    assert len((out / "rows.jsonl").read_text().splitlines()) == 2
    assert Summary.read(out / "summary.json").interrupted


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["run", "--cases", "none.jsonl"], "none.jsonl: expected a question set"),
        (["run", "--cases", "{cases}", "--gate", "none.toml"], "none.toml: expected a gate"),
        (["compare", "none", "none"], "none/summary.json: expected a run's summary"),
        (["table", "--readme", "none.md"], "none.md: expected a README"),
    ],
)
def test_wrong_input_ends_with_2_before_anything_is_opened(
    cases_file: Path, argv: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = desk()
    assert main([word.format(cases=cases_file) for word in argv], opener=opened) == 2
    assert says in capsys.readouterr().err
    assert opened.opened == []


@pytest.mark.parametrize(
    "argv", [[], ["walk"], ["run", "--half", "third"], ["bench", "--rounds", "0"], ["run", "--scoring", "x"]]
)
def test_wrong_use_ends_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv, opener=desk())
    assert ended.value.code == 2
    assert "usage: python -m evals" in capsys.readouterr().err


def test_no_index_ends_with_1_and_says_what_to_run(
    cases_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def closed(settings: Settings, *, renew: bool) -> Product:
        raise IndexUnavailable(f"nothing in {str(settings.home)!r} ({renew}); run: python -m ingest build")

    assert main(["run", "--cases", str(cases_file)], opener=closed) == 1
    assert "evals: nothing in '.remit' (False); run: python -m ingest build" in capsys.readouterr().err


def test_the_product_itself_is_opened_and_built_first_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "travel.md").write_text(
        "# Travel\n\nThe Finance Chief should own the travel policy.\n"
    )
    settings = Settings(home=tmp_path / "home", corpus=tmp_path / "corpus")
    built: list[Settings] = []

    def build(given_: Settings) -> None:
        built.append(given_)
        pipeline.build(corpus=given_.corpus, home=given_.home, roles=ROLES, embedder=BundledEmbedder())

    product = open_product(settings, build=build)
    assert built == [settings]
    assert list(product.documents) == ["travel.md"]
    assert (product.canonical("cfo"), product.canonical("Nobody known")) == ("Finance Chief", "Nobody known")
    asked = case("lead", "CFO", question="Who should own the travel policy?", gold="own the travel policy")
    (row,) = run([asked], product.asker, Judge(product.documents, product.canonical)).rows
    assert row.scores["quote_exact"] == row.scores["hit_at_1"] == 1.0  # the engine shows its ranking
    open_product(settings, build=build)
    assert built == [settings]  # there is an index now
    open_product(settings, renew=True, build=build)
    assert built == [settings, settings]


def test_compare_shows_what_moved_and_which_cases_turned(
    cases_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, answers in (("a", (RIGHT, WRONG, WRONG, WRONG)), ("b", (WRONG, RIGHT, RIGHT, WRONG))):
        main(["run", "--cases", str(cases_file), "--out", str(tmp_path / name)], opener=desk(*answers))
    capsys.readouterr()
    assert main(["compare", str(tmp_path / "a"), str(tmp_path / "b")], opener=desk()) == 0
    said = capsys.readouterr().out
    (moved,) = [line for line in said.splitlines() if line.startswith("Right verdict and owners")]
    assert moved.split()[4:9] == ["25", "%", "50", "%", "+25.0"]  # one of four, two of four
    assert "wrong before, right now: 2\n  c1 (direct) c1?\n    led by Office Desk  ->  led by CFO" in said
    assert "right before, wrong now: 1\n  c0 (direct) c0?" in said


def test_check_names_every_fault_of_a_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--cases", str(written(tmp_path, CASES))], opener=desk()) == 0
    assert "4 cases of cases.jsonl, 0 faults" in capsys.readouterr().out
    wrong = case("lead", "CFO", gold="Nobody wrote this.")
    assert main(["check", "--cases", str(written(tmp_path, [wrong]))], opener=desk()) == 1
    assert "c1: 'travel.md' does not hold the gold quote" in capsys.readouterr().out


def test_table_renews_the_readme_and_check_tells_when_it_is_stale(
    cases_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("<!-- evals:begin -->\n<!-- evals:end -->\n")
    main(["run", "--cases", str(cases_file), "--out", str(tmp_path)], opener=desk(*[RIGHT] * 4))
    given_ = ["table", "--readme", str(readme), "--baseline", str(tmp_path / "summary.json")]
    assert main([*given_, "--check"]) == 1
    assert "run: python -m evals table" in capsys.readouterr().err
    assert "|" not in readme.read_text()
    assert main(given_) == 0
    assert "| Right verdict and owners | 100 % | 51 % to 100 % | 4 |" in readme.read_text()
    assert main([*given_, "--check"]) == 0


def test_the_projects_readme_holds_its_baseline(root: Path) -> None:
    assert main(["table", "--check", "--readme", str(root / "README.md")]) == 0


def test_a_whole_run_is_taken_as_the_baseline_and_a_part_of_one_is_not(
    cases_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readme, out, baseline = tmp_path / "README.md", tmp_path / "out", tmp_path / "kept" / "summary.json"
    readme.write_text("<!-- evals:begin -->\n<!-- evals:end -->\n")
    asked = ["run", "--cases", str(cases_file), "--out", str(out)]
    taken = ["table", "--take", str(out), "--readme", str(readme), "--baseline", str(baseline)]
    main([*asked, "--half", "tune"], opener=desk(*[RIGHT] * 4))
    assert main(taken) == 2
    assert "not of the whole set" in capsys.readouterr().err
    main(asked, opener=desk(RIGHT, KeyboardInterrupt()))
    assert main(taken) == 2
    assert not baseline.exists()
    main(asked, opener=desk(*[RIGHT] * 4))
    assert main(taken) == 0
    assert Summary.read(baseline) == Summary.read(out / "summary.json")
    assert "| 100 % |" in readme.read_text()


class Letters:
    """An embedder of a few lines: how often each letter stands in a text, scaled to length 1."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        counts = [[text.lower().count(chr(97 + n)) + 0.01 for n in range(26)] for text in texts]
        vectors = np.array(counts, dtype=np.float32).reshape(len(texts), 26)
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


@given(st.text(alphabet="ab \n", max_size=1200))
def test_stock_passages_are_runs_of_180_words(text: str) -> None:
    document = Document(path="a", title="", text=text)
    cut = passages(document)
    assert [word for passage in cut for word in passage.text.split()] == text.split()
    assert all(text[passage.start : passage.end] == passage.text for passage in cut)
    assert [len(passage.text.split()) for passage in cut[:-1]] == [WORDS] * (len(cut) - 1)


def test_the_stock_peer_cites_the_best_passage_and_names_whom_it_names_most() -> None:
    filler = " ".join(["zebra"] * WORDS)
    desks = Document(
        path="desk.md", title="", text="The CFO asks the Office Desk. The Office Desk books hotels."
    )
    stock = Stock([Document(path="zoo.md", title="", text=filler), desks], ROLES, Letters())
    said = stock.ask("Who books hotels?")
    assert (said.owners, said.citations[0].doc) == (("Office Desk",), "desk.md")  # named twice, the CFO once
    assert said.citations[0].quote == desks.text
    assert Stock([], ROLES, Letters()).ask("Who?").owners == ()
    assert tokens("Who's IT?") == ["who", "s", "it"]


def test_the_stock_peer_counts_names_as_anybody_would() -> None:
    known = names(RoleBook([Role("Desk"), Role("Office Desk", ("OD",)), Role("Board")]))
    # The longer name wins over the shorter in it; case and a plural's s do not count, parts of words neither.
    assert named_most("Office desks and the OD, not the Desk.", known) == "Office Desk"
    assert named_most("The board, the desk, the boarders, the boarding.", known) == "Board"
    assert named_most("Nobody.", known) == ""
    assert named_most("Anybody.", names(RoleBook([]))) == ""


def test_fusion_adds_one_over_60_and_the_rank() -> None:
    # By letters "silent" is first, "listen here" second, "zzz" third; by words only "listen here" is found.
    # Fused: 1/62 + 1/61 against 1/61 and 1/63.
    texts = {"anagram": "silent", "word": "listen here", "neither": "zzz"}
    documents = [Document(path=name, title="", text=text) for name, text in texts.items()]
    ranked = Stock(documents, ROLES, Letters()).rank("listen")
    assert [passage.doc for passage in ranked] == ["word", "anagram", "neither"]


def test_bench_times_both_in_turn_and_scores_those_with_an_owner() -> None:
    none = case("not_covered", id="n", question="n?")
    script = {asked.question: RIGHT for asked in CASES} | {"n?": answer("not_covered")}
    ours = Scripted(script)
    stock = Stock([TRAVEL], ROLES, Letters())
    made = Provenance(date="2020-01-01", revision=None, versions={}, cases_file="x", cases_sha256="0")
    result = bench([*CASES, none], ours, stock, JUDGE, rounds=2, made=made)
    assert len(ours.asked) == 4 + 2 * 5  # scored once, those with an owner; timed twice, all of them
    assert (result.ours.latency.n, result.stock.latency.n) == (10, 10)
    assert (result.ours.figures["owners"].value, result.ours.figures["owners"].n) == (1.0, 4)
    # Its one passage names the Office Desk and the Finance Chief once each; the first named wins.
    assert result.stock.figures["owners"].value == 1.0
    # Six words in the one sentence cited, seventeen in the whole document.
    assert (result.ours.cited_words, result.stock.cited_words) == (6, 17)
    assert result.ratio is not None
    assert Bench.model_validate_json(result.model_dump_json()) == result


def test_each_side_goes_first_every_other_time() -> None:
    order: list[str] = []

    class Named(Scripted):
        def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
            order.append(self.answers[question].text)  # type: ignore[union-attr]
            return super().ask(question, history)

    askers = {name: Named({c.question: answer("info", text=name) for c in CASES}) for name in ("a", "b")}
    took = timed(CASES, askers, rounds=1)
    assert "".join(order) == "abba" * 2
    assert [len(times) for times in took.values()] == [4, 4]


def test_the_bench_command_writes_its_figures(
    cases_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given_ = ["bench", "--cases", str(cases_file), "--out", str(tmp_path / "out"), "--rounds", "1"]
    assert main(given_, opener=desk(*[RIGHT] * 4)) == 0
    result = Bench.model_validate_json((tmp_path / "out" / "bench.json").read_text())
    assert (result.rounds, result.ours.latency.n) == (1, 4)
    assert "times the peer's" in capsys.readouterr().out
