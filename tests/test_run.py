"""A run: every case asked once, whatever becomes of it; its summary, gate and folder; two runs compared."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from evals_parts import JUDGE, Scripted, answer, case, cite

from chat.answer import Turn
from evals.cases import Case
from evals.compare import compare
from evals.faults import faults
from evals.folder import read, write
from evals.gate import Gate
from evals.run import RunResult, run
from evals.summary import Provenance, Summary, revision, summarise
from evals.wording import Span
from ingest.errors import FileFormatError, InputError

OWNED = cite("The Finance Chief should own travel.")
TRAINS = cite("Trains are shared.")
RIGHT = answer("lead", "Finance Chief", citations=[OWNED])
MADE = Provenance(
    date="2020-01-01T00:00:00+00:00", revision=None, versions={}, cases_file="set.jsonl", cases_sha256="00"
)


def asked(*ids: str, kind: str = "direct") -> list[Case]:
    return [case("lead", "Finance Chief", id=id_, question=f"{id_}?", kind=kind) for id_ in ids]


def ran(script: dict[str, object], cases: Sequence[Case]) -> RunResult:
    return run(cases, Scripted({f"{key}?": value for key, value in script.items()}), JUDGE)  # type: ignore[misc]


def test_every_case_is_asked_in_order_with_its_history() -> None:
    before: list[Turn] = [{"role": "user", "content": "Who owns hotels?"}]
    cases = [*asked("a"), case("lead", "Finance Chief", id="b", question="b?", history=before)]
    asker = Scripted({"a?": RIGHT, "b?": RIGHT})
    told: list[tuple[str, int, int]] = []
    result = run(cases, asker, JUDGE, watch=lambda row, done, total: told.append((row.case.id, done, total)))
    assert asker.asked == [("a?", ()), ("b?", tuple(before))]
    assert told == [("a", 1, 2), ("b", 2, 2)]
    assert [row.shortfalls for row in result.rows] == [(), ()]
    assert not result.interrupted


def test_a_case_that_crashes_counts_as_wrong_and_the_next_is_asked() -> None:
    result = ran({"a": RuntimeError("no luck"), "b": RIGHT}, asked("a", "b"))
    crashed, fine = result.rows
    assert crashed.attempt.error == crashed.got == "RuntimeError: no luck"
    assert crashed.scores["verdict_owners"] == crashed.scores["gold_cited"] == crashed.scores["mrr"] == 0.0
    assert fine.shortfalls == ()
    summary = summarise(result, MADE)
    figure = summary.figures["verdict_owners"]
    assert (figure.value, figure.n, summary.unanswered) == (0.5, 2, 1)  # one of two, not one of one


def test_ctrl_c_keeps_what_is_done() -> None:
    result = ran({"a": RIGHT, "b": KeyboardInterrupt(), "c": RIGHT}, asked("a", "b", "c"))
    assert result.interrupted
    assert [row.case.id for row in result.rows] == ["a"]
    summary = summarise(result, MADE)
    assert (summary.interrupted, summary.asked, summary.cases) == (True, 1, 3)


class RankingAsker(Scripted):
    """An asker that shows its ranking, too."""

    def rank(self, question: str, history: Sequence[Turn] = ()) -> Sequence[Span]:  # noqa: ARG002
        return [TRAINS, OWNED]


def test_the_ranking_is_the_askers_own_when_it_has_one() -> None:
    (own,) = run(asked("a"), RankingAsker({"a?": RIGHT}), JUDGE).rows
    (shown,) = run(asked("a"), Scripted({"a?": RIGHT}), JUDGE).rows
    assert own.scores["mrr"] == 0.5  # second of two
    assert shown.scores["mrr"] == 1.0  # its first citation


def test_what_is_right_has_to_pass_all_that_is_needed() -> None:
    uncited = answer("lead", "Finance Chief", citations=[TRAINS])
    inexact = answer("lead", "Finance Chief", citations=[OWNED, replace(TRAINS, quote="Trains.")])
    result = ran({"a": uncited, "b": inexact, "c": RIGHT}, asked("a", "b", "c"))
    assert [row.shortfalls for row in result.rows] == [("gold_cited",), ("quote_exact",), ()]
    assert [row.case.id for row in result.failing] == ["a", "b"]


def test_a_summary_counts_by_kind_and_says_who_answered_from_which_index() -> None:
    cases = [*asked("a", "b"), *asked("c", kind="typo"), case("not_covered", id="d", question="d?")]
    by_model = replace(RIGHT, answered_by="openai:small")
    wrong = answer("lead", "Board", citations=[OWNED])
    summary = summarise(ran({"a": RIGHT, "b": wrong, "c": by_model, "d": answer("not_covered")}, cases), MADE)
    assert {kind: group.cases for kind, group in summary.by_kind.items()} == {"direct": 3, "typo": 1}
    assert summary.by_kind["typo"].figures["verdict_owners"].value == 1.0
    assert summary.figures["verdict_owners"].value == 0.75  # a, c and d of four
    assert (summary.figures["gold_cited"].n, summary.figures["gold_cited"].ineligible) == (3, 1)
    assert summary.answered_by == {"extractive": 3, "openai:small": 1}
    assert summary.index == {"0a1b": 4}


def test_provenance_names_the_file_and_its_hash_but_no_path(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text("{}\n")
    made = Provenance.now(path, half="tune")
    assert made.cases_sha256 == hashlib.sha256(b"{}\n").hexdigest()
    assert (made.cases_file, made.half) == ("set.jsonl", "tune")
    assert str(tmp_path) not in made.model_dump_json()
    assert made.versions["python"]


def test_the_revision_is_the_commit_of_a_tracked_file(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        done = subprocess.run(["git", *who, *words], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    file, other = tmp_path / "a.py", tmp_path / "b.py"
    file.write_text("1")
    other.write_text("1")
    assert revision(file) is None  # no repository at all
    git("init", "-q")
    git("add", "a.py")
    git("commit", "-qm", "one")
    assert revision(file) == git("rev-parse", "HEAD")
    assert revision(other) is None  # lies there, and git does not hold it
    file.write_text("2")
    assert revision(file) == git("rev-parse", "HEAD") + "+"


SCRIPT = {"a": RIGHT, "b": answer("lead", "Board", citations=[OWNED]), "c": ValueError("gone \ud800\x00")}


def test_the_folder_holds_the_four_files_of_the_contract(tmp_path: Path) -> None:
    result = ran(SCRIPT, asked("a", "b", "c"))
    write(tmp_path / "new" / "out", result, summarise(result, MADE), Gate())
    out = tmp_path / "new" / "out"
    assert sorted(file.name for file in out.iterdir()) == [
        "junit.xml",
        "report.html",
        "rows.jsonl",
        "summary.json",
    ]
    rows = [json.loads(line) for line in (out / "rows.jsonl").read_text("utf-8").splitlines()]
    assert [set(row) for row in rows] == [{"case", "answer", "scores"}] * 2 + [
        {"case", "answer", "scores", "error"}
    ]
    assert rows[0]["answer"]["citations"][0]["quote"] == OWNED.quote
    assert (rows[2]["answer"], rows[2]["scores"]["verdict_owners"]) == (None, 0.0)
    Case.model_validate(rows[0]["case"])
    assert Summary.read(out / "summary.json") == summarise(result, MADE)


def test_junit_has_a_failure_with_what_was_expected_and_what_came(tmp_path: Path) -> None:
    result = ran(SCRIPT, asked("a", "b", "c"))
    write(tmp_path, result, summarise(result, MADE))
    suite = ElementTree.parse(tmp_path / "junit.xml").getroot()[0]
    assert {name: suite.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "3",
        "failures": "1",
        "errors": "1",
    }
    passed, failed, crashed = suite
    assert (len(passed), passed.get("classname")) == (0, "evals.direct")
    assert failed[0].get("message") == "expected led by Finance Chief; got led by Board"
    assert f"gold: travel.md: {OWNED.quote}" in (failed[0].text or "")
    assert crashed[0].tag == "error"
    assert "ValueError: gone" in (crashed[0].get("message") or "")


def test_a_folder_that_cannot_be_written_is_the_users_to_mend(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = ran({"a": RIGHT}, asked("a"))
    with pytest.raises(InputError, match="give another folder with --out"):
        write(tmp_path / "file", result, summarise(result, MADE))


def test_what_was_written_is_read_again_also_when_an_older_version_wrote_it(tmp_path: Path) -> None:
    result = ran(SCRIPT, asked("a", "b", "c"))
    write(tmp_path, result, summarise(result, MADE))
    past = read(tmp_path)
    assert {key: row.got for key, row in past.rows.items()} == {
        "a": "led by Finance Chief",
        "b": "led by Board",
        "c": "no answer",
    }
    older = json.loads((tmp_path / "rows.jsonl").read_text().splitlines()[0])
    older["case"]["gone"] = older["answer"]["gone"] = 1
    del older["answer"]["citations"]
    (tmp_path / "rows.jsonl").write_text(json.dumps(older) + "\n")
    assert read(tmp_path).rows["a"].got == "led by Finance Chief"
    (tmp_path / "rows.jsonl").write_text("{}\n")
    with pytest.raises(FileFormatError, match="line 1: expected a row of a run; case: Field required"):
        read(tmp_path)


def test_a_folder_without_a_run_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=r"summary\.json: .* python -m evals run"):
        read(tmp_path)
    (tmp_path / "summary.json").write_text('{"cases": 1}')
    with pytest.raises(FileFormatError, match="expected a run's summary; asked"):
        read(tmp_path)


def gate(tmp_path: Path, text: str) -> Gate:
    path = tmp_path / "gate.toml"
    path.write_text(text)
    return Gate.load(path)


def test_a_gate_names_each_figure_it_misses_with_value_and_n(tmp_path: Path) -> None:
    summary = summarise(ran(SCRIPT, asked("a", "b", "c")), MADE)
    held = gate(tmp_path, "[figures]\nverdict_owners = { min = 0.3 }\nover_refusal = { max = 0.34 }")
    assert held.missed(summary) == []
    strict = gate(
        tmp_path,
        "[figures]\nverdict_owners = { min = 0.34 }\nover_refusal = { max = 0.3 }\n"
        "must_contain = { min = 0.1 }\n"
        "[kinds.direct]\nowners = { min = 1 }\n[kinds.typo]\nowners = { min = 0.1 }",
    )
    misses = [str(miss) for miss in strict.missed(summary)]
    assert misses[0].startswith("verdict_owners: 33.3 % (")
    assert misses[0].endswith(", n = 3), the gate asks for at least 34 %")
    assert misses[1].endswith("the gate asks for at most 30 %")  # the crash counts as a refusal: 1 of 3
    assert misses[2] == "must_contain: no case scored (3 not eligible), the gate asks for at least 10 %"
    assert misses[3].startswith("owners of 'direct' cases: 33.3 %")
    assert misses[4] == "owners of 'typo' cases: no case scored, the gate asks for at least 10 %"


def test_the_bound_itself_passes(tmp_path: Path) -> None:
    summary = summarise(ran({"a": RIGHT}, asked("a")), MADE)
    bound = "[figures]\nverdict_owners = { min = 1.0 }\nover_refusal = { max = 0.0 }"
    assert gate(tmp_path, bound).missed(summary) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[figures", "expected TOML"),
        ("[figures]\nverdict_owner = { min = 0.9 }", "no figure is called 'verdict_owner'; there are: "),
        ("[figures]\nmrr = { min = 95 }", "figures.mrr.min"),
        ("[figures]\nmrr = {}", "give min or max"),
        ("[figure]\n", "figure"),
    ],
)
def test_a_gate_that_does_not_parse_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(FileFormatError) as caught:
        gate(tmp_path, text)
    assert says in str(caught.value)
    assert "gate.toml" in str(caught.value)


def test_the_projects_own_gate_is_sound(root: Path) -> None:
    asks = Gate.load(root / "evals" / "gate.toml").figures
    assert asks["quote_exact"].min == 1.0
    for name, least in {"verdict_owners": 0.95, "gold_cited": 0.9, "abstention_recall": 0.95}.items():
        assert (asks[name].min or 0.0) >= least
    assert (asks["over_refusal"].max or 0.0) <= 0.05


def test_two_runs_are_compared_over_the_cases_they_share(tmp_path: Path) -> None:
    wrong = answer("lead", "Board", citations=[OWNED])
    first = ran({"a": RIGHT, "b": wrong, "c": wrong, "x": RIGHT}, asked("a", "b", "c", "x"))
    second = ran({"a": wrong, "b": RIGHT, "c": RIGHT, "y": RIGHT}, asked("a", "b", "c", "y"))
    for name, result in (("first", first), ("second", second)):
        write(tmp_path / name, result, summarise(result, MADE))
    compared = compare(read(tmp_path / "first"), read(tmp_path / "second"))
    assert [pair.before.id for pair in compared.broken] == ["a"]
    assert [pair.before.id for pair in compared.mended] == ["b", "c"]
    assert (compared.only_before, compared.only_after) == (("x",), ("y",))
    (moved,) = [change for change in compared.changes if change.name == "verdict_owners"]
    assert moved.moved == pytest.approx(1 / 3)  # -1, +1, +1 over three cases
    assert moved.n == 3  # a, b and c
    assert moved.bounds is not None
    assert moved.bounds.low < 0 < moved.bounds.high
    assert not moved.certain
    assert compared.p == 1.0  # 2 * (1 + 3) / 2^3 = 1


def test_a_figure_over_other_cases_in_each_run_moves_as_its_means_do(tmp_path: Path) -> None:
    # First run: refuses a and b, both covered: precision 0 of 2. Second: refuses n alone, rightly: 1 of 1.
    cases = [*asked("a", "b"), case("not_covered", id="n", question="n?")]
    no = answer("not_covered")
    first = ran({"a": no, "b": no, "n": RIGHT}, cases)
    second = ran({"a": RIGHT, "b": RIGHT, "n": no}, cases)
    for name, result in (("first", first), ("second", second)):
        write(tmp_path / name, result, summarise(result, MADE))
    compared = compare(read(tmp_path / "first"), read(tmp_path / "second"))
    (moved,) = [change for change in compared.changes if change.name == "abstention_precision"]
    assert (moved.moved, moved.n) == (1.0, 3)
    assert moved.certain


def test_a_case_asked_in_other_words_is_not_compared(tmp_path: Path) -> None:
    cases = asked("a")
    reworded = [cases[0].model_copy(update={"question": "b?"})]
    for name, result in (("one", ran({"a": RIGHT}, cases)), ("two", ran({"b": RIGHT}, reworded))):
        write(tmp_path / name, result, summarise(result, MADE))
    compared = compare(read(tmp_path / "one"), read(tmp_path / "two"))
    assert (compared.only_before, compared.only_after) == (("a",), ("a",))
    assert compared.changes[0].moved is None


def test_a_fault_of_the_set_is_told_from_a_fault_of_the_answer() -> None:
    sound = case("lead", "CFO")
    gone = case("lead", "CFO", id="c2", gold="Nobody wrote this.")
    elsewhere = case("lead", "CFO", id="c3", doc="none.md")
    not_absent = case("not_covered", id="c4").model_copy(update={"absent": ("hotels?", "zebra")})
    assert faults([sound], JUDGE) == []
    assert faults([gone, elsewhere, not_absent], JUDGE) == [
        "c2: 'travel.md' does not hold the gold quote 'Nobody wrote this.'",
        "c3: there is no document 'none.md'",
        "c4: 'hotels?' should be absent, but 'travel.md' says 'Hotels'",
    ]
