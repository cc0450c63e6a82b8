"""A run's summary tells what a language model said in it; a comparison sets two answerers side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from evals_parts import DOCUMENTS, JUDGE, Scripted, answer, case, cite

from chat.answer import Answer, Dropped, Made, Statement
from evals import folder, text
from evals.__main__ import main
from evals.compare import compare
from evals.product import Product
from evals.report import report
from evals.run import run
from evals.summary import Provenance, Sentences, Summary, summarise
from ingest.records import Role
from ingest.roles import RoleBook
from ingest.settings import Settings

QUOTED = answer("lead", "Finance Chief", citations=[cite("The Finance Chief should own travel.")])
MADE = Made("tiny", 0.0, 7, "abc123")
SPOKEN = replace(
    QUOTED,
    answered_by="openai:tiny",
    made=MADE,
    statements=(Statement("Travel is the Finance Chief's.", (1,)), Statement("“Said so.”", (1,))),
    dropped=(Dropped("The CEO owns it.", "It names the CEO; its source does not."),) * 2,
)
FALLEN = replace(QUOTED, notice="It broke off.", dropped=(Dropped("What?", "It cites no source."),))


def test_sentences_are_counted_by_whether_they_passed() -> None:
    # one shown (the quote behind it is not the model's), two dropped and one in the answer that fell back
    assert Sentences.of([SPOKEN, FALLEN]) == Sentences(shown=1, dropped=3, in_quotes=1)
    assert Sentences.of([QUOTED]) is None
    counted = Sentences.of([SPOKEN])
    assert counted
    assert (counted.produced, counted.share) == (3, "66.7 %")
    silent = Sentences.of([replace(QUOTED, notice="It is down.")])
    assert silent
    assert silent.share == "–"


@pytest.fixture
def cases_file(tmp_path: Path) -> Path:
    """A set of one case."""
    path = tmp_path / "cases.jsonl"
    path.write_text(case("lead", "Finance Chief").model_dump_json() + "\n", "utf-8")
    return path


def past(given: Answer, cases_file: Path, out: Path) -> folder.PastRun:
    """A run of one case that was answered so, written and read again."""
    one = case("lead", "Finance Chief")
    result = run([one], Scripted({one.question: given}), JUDGE)
    folder.write(out, result, summarise(result, Provenance.now(cases_file)))
    return folder.read(out)


def test_two_answerers_side_by_side(cases_file: Path, tmp_path: Path) -> None:
    first, second = past(QUOTED, cases_file, tmp_path / "a"), past(SPOKEN, cases_file, tmp_path / "b")
    assert second.summary.made == (MADE,)
    lines = list(text.comparison_lines(compare(first, second)))
    by = next(line for line in lines if line.startswith("Answered by"))
    assert by.split() == ["Answered", "by", "extractive", "openai:tiny"]
    dropped = next(line for line in lines if line.startswith("Sentences dropped"))
    assert dropped.split() == ["Sentences", "dropped", "–", "66.7", "%"]
    assert not any("dropped" in line for line in text.comparison_lines(compare(first, first)))
    assert any("66.7 %" in line for line in text.summary_lines(second.summary))


def test_the_report_says_how_a_model_answered(cases_file: Path) -> None:
    one = case("lead", "Finance Chief")
    result = run([one], Scripted({one.question: SPOKEN}), JUDGE)
    page = report(result, summarise(result, Provenance.now(cases_file)))
    assert "3 produced, 1 shown, 2 dropped (66.7 %)" in page
    assert "tiny, temperature 0.0, seed 7, prompt abc123" in page


def test_a_summary_from_before_there_were_models_is_read(cases_file: Path, tmp_path: Path) -> None:
    summary = past(QUOTED, cases_file, tmp_path / "a").summary.model_dump()
    del summary["made"], summary["sentences"]
    assert Summary.model_validate(summary).sentences is None


@pytest.mark.parametrize(
    ("flags", "environ", "answerer"),
    [
        ([], {}, "extractive"),
        ([], {"OPENAI_API_KEY": "key"}, "extractive"),
        ([], {"OPENAI_API_KEY": "key", "REMIT_ANSWERER": "openai"}, "openai"),
        (["--answerer", "openai"], {"OPENAI_API_KEY": "key"}, "openai"),
        (["--answerer", "extractive"], {"REMIT_ANSWERER": "openai"}, "extractive"),
    ],
)
def test_who_answers_is_chosen_and_never_by_a_key_that_lies_about(
    flags: list[str],
    environ: dict[str, str],
    answerer: str,
    cases_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "REMIT_ANSWERER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    seen: list[Settings] = []

    def opener(settings: Settings, **_: Any) -> Product:
        seen.append(settings)
        asker = Scripted({"Who owns travel?": QUOTED})
        return Product(asker, DOCUMENTS, RoleBook([Role("Finance Chief")]))

    out = ["--cases", str(cases_file), "--out", str(tmp_path / "out")]
    assert main(["run", *out, *flags], opener=opener) == 0
    assert [s.answerer for s in seen] == [answerer]
