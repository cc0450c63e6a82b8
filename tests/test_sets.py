"""The question sets over other documents: their shape here, and that their checker sees what is wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.cases import Case, half_of, load
from evals.sets.verify import (
    SETS,
    corpus_problems,
    holds,
    main,
    normal,
    read_roles,
    shape_problems,
    tally,
    text_of,
    texts_of,
)
from ingest.errors import FileFormatError

NAMES = sorted(path.parent.name for path in SETS.glob("*/questions.jsonl"))
FETCHED = [name for name in NAMES if (SETS / name / "prepare.sh").exists()]
KEPT = [name for name in NAMES if (SETS / name / "documents").is_dir()]
ROLES = {"Board": ("the board",), "Harbour Master": ("harbour masters",)}


def a_case(**fields: object) -> Case:
    plain: dict[str, object] = {
        "id": "x1",
        "question": "Who opens the lock?",
        "owners": ["Harbour Master"],
        "verdict": "lead",
        "gold": [{"doc": "a.txt", "quote": "The Harbour Master opens the lock."}],
        "kind": "direct",
    }
    return Case.model_validate(plain | fields)


def not_covered(**fields: object) -> Case:
    return a_case(**({"owners": [], "gold": [], "verdict": "not_covered", "kind": "not_covered"} | fields))


def test_the_sets_that_the_figures_rest_on_are_there() -> None:
    assert {"debian", "linux"} <= set(FETCHED)


@pytest.mark.parametrize("name", NAMES)
def test_a_set_has_the_right_shape(name: str) -> None:
    assert shape_problems(load(SETS / name / "questions.jsonl"), read_roles(SETS / name / "roles.yaml")) == []


@pytest.mark.parametrize("name", NAMES)
def test_each_half_of_a_set_has_questions_that_are_covered_and_that_are_not(name: str) -> None:
    cases = load(SETS / name / "questions.jsonl")
    assert {(half_of(c), c.covered) for c in cases} == {
        (h, c) for h in ("tune", "report") for c in (True, False)
    }


@pytest.mark.parametrize("name", FETCHED)
def test_a_set_has_enough_questions_of_every_kind(name: str) -> None:
    kinds = [case.kind for case in load(SETS / name / "questions.jsonl")]
    least = {"direct": 20, "paraphrase": 18, "followup": 4, "typo": 4, "conflict": 3, "not_covered": 10}
    assert {kind for kind, count in least.items() if kinds.count(kind) < count} == set()
    assert set(kinds) == set(least)


@pytest.mark.parametrize("name", FETCHED)
def test_the_documents_are_fetched_by_package_name_and_version_alone(name: str) -> None:
    script = SETS / name / "prepare.sh"
    text = script.read_text("utf-8") + (SETS / "fetch.sh").read_text("utf-8")
    assert os.access(script, os.X_OK)
    assert re.search(r"^fetch .*=\d", text, re.MULTILINE)
    assert not re.search(r"://|\b[\w-]+\.(?:org|com|net|io|dev)\b", text)


@pytest.mark.parametrize("name", KEPT)
def test_a_set_whose_documents_are_kept_here_bears_them_out(name: str) -> None:
    assert corpus_problems(load(SETS / name / "questions.jsonl"), texts_of(SETS / name / "documents")) == []


def test_the_readme_states_how_the_kinds_fall_into_halves() -> None:
    readme = (SETS / "README.md").read_text("utf-8")
    debian, linux = ([line.split() for line in _tally_lines(name)] for name in ("debian", "linux"))
    for (kind, *left), (same, *right) in zip(debian, linux, strict=True):
        row = next(line for line in readme.splitlines() if re.match(rf"\| {kind}\b", line))
        assert kind == same
        assert [cell.strip() for cell in row.split("|")[2:6]] == left + right


def _tally_lines(name: str) -> Iterable[str]:
    return tally(load(SETS / name / "questions.jsonl")).splitlines()[1:]


@pytest.mark.parametrize(
    ("case", "complaint"),
    [
        (a_case(owners=["Captain"]), "'Captain' is not in roles.yaml"),
        (a_case(accept=["Captain"]), "'Captain' is not in roles.yaml"),
        (a_case(accept=["Harbour Master"]), "owner and merely accepted at once"),
        (a_case(kind="followup"), "a follow-up without the conversation"),
        (a_case(history=[{"role": "user", "content": "And?"}]), "does not end with an answer"),
        (a_case(kind="not_covered"), "kind 'not_covered' with the verdict 'lead'"),
        (not_covered(kind="direct", absent=["x"]), "kind 'direct' with the verdict 'not_covered'"),
        (not_covered(), "neither absent nor note"),
        (a_case(gold=[{"doc": "a.txt", "quote": "x" * 161}]), "a quote of 161 characters"),
    ],
)
def test_a_case_out_of_shape_is_named(case: Case, complaint: str) -> None:
    (problem,) = shape_problems([case], ROLES)
    assert problem.startswith("x1: ")
    assert complaint in problem


def test_a_case_in_shape_passes() -> None:
    assert (
        shape_problems([a_case(accept=["Board"]), not_covered(absent=["x"]), not_covered(note="why")], ROLES)
        == []
    )


def test_a_name_of_two_roles_is_a_problem_but_a_role_may_repeat_its_own_name() -> None:
    assert shape_problems([], {"Board": ("board",)}) == []
    assert shape_problems([], ROLES | {"Council": ("The Board",)}) == [
        "roles.yaml: 'the board' names both 'Board' and 'Council'"
    ]


def test_a_quote_is_looked_for_in_its_own_document_only() -> None:
    text = "Art. 5\nThe Harbour Master\n  opens the lock. "
    assert corpus_problems([a_case()], {"a.txt": text}) == []
    assert corpus_problems([a_case()], {"b.txt": text}) == ["x1: there is no document 'a.txt'"]
    assert corpus_problems([a_case()], {"a.txt": "The Harbour Master locks.", "b.txt": text}) == [
        "x1: not in a.txt: 'The Harbour Master opens the lock.'"
    ]


def test_blanks_and_hyphens_may_differ_in_a_pdf_alone() -> None:
    text = "TheHarbourMaster opens the lo-ck."
    in_pdf = a_case(gold=[{"doc": "a.pdf", "quote": "The Harbour Master opens the lock."}])
    assert corpus_problems([in_pdf], {"a.pdf": text}) == []
    assert len(corpus_problems([a_case()], {"a.txt": text})) == 1


def test_a_pattern_that_should_be_absent_is_found_across_lines_and_in_any_case() -> None:
    case = not_covered(absent=["tide table"])
    assert corpus_problems([case], {"a.txt": "Tides and tables."}) == []
    assert corpus_problems([case], {"a.txt": "See the Tide\n table."}) == [
        "x1: /tide table/ is in a.txt: ...See the Tide table...."
    ]


def test_html_text_leaves_out_tags_and_scripts_and_parts_blocks_but_not_words(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(
        "<style>p{}</style><h1>Lock<a>¶</a></h1><ul><li>The <b>B</b>oard&rsquo;s<li>two</ul>", "utf-8"
    )
    assert normal(text_of(page)) == "Lock The Board's two"


def test_pdf_text_is_compared_without_blanks_and_hyphens(tmp_path: Path) -> None:
    drawing = b"BT /F1 12 Tf 20 80 Td (The HarbourMaster opens) Tj 0 -20 Td (the lo-) Tj 0 -20 Td (ck.) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % (i, o) for i, o in enumerate(objects, start=1))
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF")
    text = text_of(file)
    assert holds(text, "The Harbour Master opens the lock.", loose=True)
    assert not holds(text, "The Harbour Master opens the lock.", loose=False)
    assert not holds(text, "The Harbour Master closes the lock.", loose=True)


@pytest.mark.parametrize(("name", "data"), [("a.txt", b"\xff\xfe\xfa"), ("a.pdf", b"no pdf")])
def test_a_document_without_readable_text_is_an_error_that_names_it(
    tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FileFormatError, match=re.escape(name)):
        texts_of(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "name: Board",
        "- Board",
        "- {name: 3, aliases: []}",
        "- {name: Board}",
        "- [",
        "- {name: B, aliases: []}\n" * 2,
    ],
)
def test_roles_that_are_no_list_of_names_with_aliases_are_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "roles.yaml").write_text(text, "utf-8")
    with pytest.raises(FileFormatError, match=r"roles\.yaml"):
        read_roles(tmp_path / "roles.yaml")


@given(st.text())
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@given(
    st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1), min_size=1),
    st.sampled_from([" ", "\n", "\t\n  "]),
)
def test_however_a_sentence_is_wrapped_its_document_holds_it(words: list[str], gap: str) -> None:
    sentence = " ".join(words)
    for loose in (True, False):
        assert holds(f"Before it. {gap.join(words)} After it.", sentence, loose=loose)


@pytest.mark.parametrize("arguments", [[], ["linux"], ["no-such-set", "."], ["linux", "no-such-folder"]])
def test_wrong_use_of_the_checker_exits_with_2_and_a_word(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.strip()


def test_the_checker_exits_with_1_over_documents_that_bear_nothing_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "constitution.txt").write_text("Nobody decides anything.", "utf-8")
    assert main(["debian", str(tmp_path)]) == 1
    # Every one of the 57 quotes is missed; no pattern of a question that is not covered is met.
    assert capsys.readouterr().out.endswith("\n57 problem(s)\n")
