"""The project's own question set: well formed, checked against the corpus, as varied as it is meant to be."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

Row = dict[str, Any]

AT_LEAST = {
    "direct": 18, "paraphrase": 20, "typo": 8, "followup": 8, "shared": 10,
    "fact": 10, "conflict": 6, "not_covered": 26, "adversarial": 8,
}  # fmt: skip
OWNERS = {"lead": range(1, 2), "shared": range(2, 9), "info": range(1), "not_covered": range(1)}
REQUIRED = {"id", "question", "owners", "verdict", "gold", "kind"}
OPTIONAL = {"history", "accept", "must_contain", "absent", "note"}

# Words that any question may use: a paraphrase must differ in the others.
COMMON = re.compile(
    r"the|and|for|with|are|was|that|this|its|our|you|your|who|whose|whom|which|what|when|how|from|not|some|any|one|two"
    r"|there|then|off|over|into|out|have|has|had|get|gets|should|ought|would|can|could|may|might|must|makes?|them|they"
    r"|their|those|these|each|both|only|does"
)


@pytest.fixture(scope="module")
def rows(root: Path) -> list[Row]:
    return [
        json.loads(line)
        for line in (root / "evals" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    ]


@pytest.fixture(scope="module")
def bodies(root: Path) -> dict[str, str]:
    files = [p for p in (root / "corpus").glob("*.md") if p.name != "README.md"]
    return {p.name: p.read_text(encoding="utf-8").split("---\n", 2)[2] for p in files}


@pytest.fixture(scope="module")
def role_names(root: Path) -> set[str]:
    return {
        role["name"] for role in yaml.safe_load((root / "corpus" / "roles.yaml").read_text(encoding="utf-8"))
    }


def stems(text: str) -> set[str]:
    """The telling words of a text, cut to five letters so that inflections agree."""
    return {w[:5] for w in re.findall(r"[a-z]+", text.lower()) if len(w) > 2 and not COMMON.fullmatch(w)}


def test_every_row_has_the_shape_of_a_case(rows: list[Row]) -> None:
    for row in rows:
        assert set(row) >= REQUIRED, row["id"]
        assert set(row) <= REQUIRED | OPTIONAL, row["id"]
        assert row["question"].strip(), row["id"]
        assert row["kind"] in AT_LEAST, row["id"]
        assert len(row["owners"]) in OWNERS[row["verdict"]], row["id"]
        for gold in row["gold"]:
            assert set(gold) == {"doc", "quote"}, row["id"]
        for turn in row.get("history", []):
            assert set(turn) == {"role", "content"}, row["id"]
        for pattern in row.get("must_contain", []) + row.get("absent", []):
            re.compile(pattern)


def test_ids_and_questions_are_unique(rows: list[Row]) -> None:
    assert [i for i, n in Counter(row["id"] for row in rows).items() if n > 1] == []
    asked = Counter((row["question"].casefold(), json.dumps(row.get("history"))) for row in rows)
    assert [question for question, n in asked.items() if n > 1] == []


def test_there_are_enough_of_every_kind(rows: list[Row]) -> None:
    counts = Counter(row["kind"] for row in rows)
    assert len(rows) >= 110
    assert {kind: n for kind, n in AT_LEAST.items() if counts[kind] < n} == {}


def test_every_gold_quote_is_a_sentence_of_its_document(rows: list[Row], bodies: dict[str, str]) -> None:
    for row in rows:
        for gold in row["gold"]:
            assert bodies[gold["doc"]].count(gold["quote"]) == 1, (row["id"], gold)
            assert gold["quote"].endswith("."), (row["id"], gold)


def test_owners_are_roles_of_the_corpus(rows: list[Row], role_names: set[str]) -> None:
    for row in rows:
        assert set(row["owners"]) | set(row.get("accept", [])) <= role_names, row["id"]
        assert not set(row["owners"]) & set(row.get("accept", [])), row["id"]


def test_what_is_not_covered_has_no_gold_and_the_rest_has(rows: list[Row]) -> None:
    for row in rows:
        assert bool(row["gold"]) == (row["verdict"] != "not_covered"), row["id"]
        assert row["kind"] != "not_covered" or row["verdict"] == "not_covered", row["id"]


def test_what_is_not_covered_stands_nowhere_in_the_documents(rows: list[Row], bodies: dict[str, str]) -> None:
    for row in rows:
        assert row["kind"] != "not_covered" or row["absent"], row["id"]
        for pattern in row.get("absent", []):
            found = [name for name, body in bodies.items() if re.search(pattern, body, re.I)]
            assert found == [], (row["id"], pattern)


def test_facts_say_what_an_answer_must_show_and_the_gold_shows_it(rows: list[Row]) -> None:
    for row in rows:
        assert row["kind"] != "fact" or (row["verdict"] == "info" and row["must_contain"]), row["id"]
        quotes = " ".join(gold["quote"] for gold in row["gold"])
        for pattern in row.get("must_contain", []):
            assert re.search(pattern, quotes), (row["id"], pattern)


def test_followups_have_a_history_that_ends_with_an_answer(rows: list[Row]) -> None:
    for row in rows:
        history = row.get("history", [])
        assert (row["kind"] == "followup") == bool(history), row["id"]
        said = [turn["role"] for turn in history]
        assert said == ["user", "assistant"] * (len(said) // 2), row["id"]


def test_paraphrases_share_no_telling_word_with_their_gold(rows: list[Row]) -> None:
    for row in rows:
        if row["kind"] == "paraphrase":
            for gold in row["gold"]:
                assert stems(row["question"]) & stems(gold["quote"]) == set(), row["id"]


def test_every_document_is_asked_about(rows: list[Row], bodies: dict[str, str]) -> None:
    asked = Counter(gold["doc"] for row in rows for gold in row["gold"])
    assert min(asked[name] for name in bodies) >= 5
