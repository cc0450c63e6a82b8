"""Feedback and gaps over HTTP and in the terminal: whose they are, what they tell, and that nothing waits."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from serving import ask, running
from small_engine import SmallEngine

from chat.__main__ import main
from chat.answer import Answer, Turn
from chat.engine import Engine
from chat.entries import ANSWERED_DAYS, answered, judged, open_file, read
from chat.journal import MOST_ROWS
from chat.web.api import create_app
from chat.web.feedback import MOST_SHOWN
from chat.web.keys import KeyRing
from ingest.errors import SettingsError
from ingest.records import Document
from ingest.settings import Settings

PROBLEM = "application/problem+json"
BUDGETS = {"question": "Who should own budgets?"}
PLANTS = {"question": "Who waters the plants?"}


def serving(engine: Any = None, **given: Any) -> TestClient:
    return TestClient(
        create_app(engine or SmallEngine(), Settings(**given)), base_url="http://127.0.0.1:7860"
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def client(path: Path) -> TestClient:
    return serving(journal=path)


def judge(client: TestClient, identity: str, **given: Any) -> Any:
    return client.post("/api/feedback", json={"answer": identity, "helpful": False} | given)


def gaps_of(client: TestClient, **headers: str) -> list[dict[str, Any]]:
    said = client.get("/api/gaps", headers=headers)
    assert said.status_code == 200, said.text
    found: list[dict[str, Any]] = said.json()["gaps"]
    return found


# Nothing, unless it is asked for.


def test_nothing_is_kept_unless_that_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    local = serving()
    assert "id" not in local.post("/api/ask", json=PLANTS).json()
    for said in (local.get("/api/gaps"), local.get("/api/gaps.csv"), judge(local, "A" * 32)):
        assert (said.status_code, said.headers["content-type"]) == (404, PROBLEM)
        assert "REMIT_JOURNAL" in said.json()["detail"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["true", "1", "yes", "off", ".remit/journal"])
def test_a_journal_has_a_name(value: str) -> None:
    with pytest.raises(SettingsError, match=rf"REMIT_JOURNAL='{value}'.*name a file"):
        Settings.load({"REMIT_JOURNAL": value}, Path("none"))


# The way of a judgement.


def test_what_nothing_covers_and_what_is_rejected_is_told(client: TestClient) -> None:
    client.post("/api/ask", json=PLANTS)
    identity = client.post("/api/ask", json=BUDGETS).json()["id"]
    assert judge(client, identity, comment="Not\nany  more.\u202e").json() == {"kept": True}
    said = client.get("/api/gaps")
    assert said.headers["cache-control"] == "no-store"
    told = said.json()
    assert (told["index"], told["topics"]) == ("g1", 1), "the small engine knows one topic"
    (gap,) = told["gaps"]
    assert (gap["not_covered"], gap["rejected"], gap["owners"]) == (1, 1, ["Bursar"])
    assert gap["comments"] == ["Not any more."]
    assert gap["nearest"] == {
        "doc": "who does what.md",
        "title": "Who does what",
        "url": "/sources/who%20does%20what.md",
    }
    assert client.get(gap["nearest"]["url"]).status_code == 200


def test_an_answer_from_memory_has_an_id_of_its_own(client: TestClient) -> None:
    ids = {client.post("/api/ask", json=BUDGETS).json()["id"] for _ in range(3)}
    assert len(ids) == 3
    for identity in ids:
        assert judge(client, identity).status_code == 200
    assert [gap["rejected"] for gap in gaps_of(client)] == [3]


def test_every_door_gives_the_id(client: TestClient) -> None:
    stream = client.post("/api/ask/stream", json=BUDGETS).text
    last = json.loads(stream.strip().splitlines()[-1].removeprefix("data: "))
    question = {"messages": [{"role": "user", "content": BUDGETS["question"]}], "model": "remit"}
    completion = client.post("/v1/chat/completions", json=question).json()
    for identity in (last["id"], completion["remit"]["id"]):
        assert judge(client, identity).status_code == 200
    assert "id" not in json.loads(stream.split("data: ")[1].splitlines()[0])
    assert [gap["rejected"] for gap in gaps_of(client)] == [2]


def test_an_id_that_this_server_never_gave_is_refused(client: TestClient, tmp_path: Path) -> None:
    other = serving(journal=tmp_path / "other.db")
    theirs = other.post("/api/ask", json=PLANTS).json()["id"]
    for identity in ("A" * 32, theirs):
        said = judge(client, identity)
        assert (said.status_code, said.headers["content-type"]) == (404, PROBLEM)
    assert gaps_of(client) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"answer": "short"}, "answer"),
        ({"answer": "A" * 31 + "\n"}, "answer"),
        ({"answer": "\ud800" * 32}, "answer"),
        ({"answer": 7}, "answer"),
        ({"helpful": "no"}, "helpful"),
        ({"helpful": 0}, "helpful"),
        ({"helpful": None}, "helpful"),
        ({"comment": "x" * 501}, "comment"),
        ({"comment": "\ud800"}, "comment"),
        ({"comment": None}, "comment"),
        ({"user": "mia"}, "user"),
    ],
)
def test_a_malformed_judgement_is_told_what_is_wrong(
    client: TestClient, given: dict[str, Any], field: str
) -> None:
    body = json.dumps({"answer": "A" * 32, "helpful": False} | given)
    said = client.post("/api/feedback", content=body, headers={"content-type": "application/json"})
    assert (said.status_code, said.headers["content-type"]) == (422, PROBLEM)
    assert [error["field"] for error in said.json()["errors"]] == [field]
    assert '"helpful": true' in said.json()["detail"]


def test_feedback_is_behind_the_same_door(path: Path) -> None:
    foreign = {"origin": "https://elsewhere.example"}
    limited = serving(journal=path, rate="4/hour")
    body = {"answer": "A" * 32, "helpful": True}
    assert limited.post("/api/feedback", json=body, headers=foreign).status_code == 403
    huge = limited.post("/api/feedback", content=b" " * 65_537)
    assert huge.status_code == 413
    codes = [limited.get("/api/gaps").status_code, *(judge(limited, "A" * 32).status_code for _ in "123")]
    assert codes == [200, 404, 404, 429]


def test_a_sheet_runs_nothing(client: TestClient, path: Path) -> None:
    client.post("/api/ask", json={"question": "=1+1 plants?"})
    said = client.get("/api/gaps.csv")
    assert said.headers["content-type"] == "text/csv; charset=utf-8"
    assert said.headers["content-disposition"] == 'attachment; filename="gaps.csv"'
    (row,) = csv.DictReader(io.StringIO(said.text))
    assert row["questions"] == "'=1+1 plants?"
    assert row["not_covered"] == "1"
    assert len(read(path)) == 1


# Who may read what others asked.


def test_a_server_for_others_shows_it_to_named_groups_alone(tmp_path: Path, path: Path) -> None:
    ring = KeyRing(tmp_path / "keys.json")
    keys = {name: {"authorization": f"Bearer {ring.add(name, [name])}"} for name in ("guidance", "hr")}
    for groups, wanted in (
        ("", {"guidance": 403, "hr": 403}),
        ("guidance, it", {"guidance": 200, "hr": 403}),
    ):
        server = serving(journal=path, access="key", home=tmp_path, journal_groups=groups)
        for name, headers in keys.items():
            assert server.post("/api/ask", json=PLANTS, headers=headers).status_code == 200
            for route in ("/api/gaps", "/api/gaps.csv"):
                said = server.get(route, headers=headers)
                assert said.status_code == wanted[name], (groups, name, route)
                assert ("waters" in said.text) == (said.status_code == 200)
        assert server.get("/api/gaps").status_code == 401


def test_who_is_in_no_group_sees_it_on_this_machine_alone(path: Path) -> None:
    for given, status in (({}, 200), ({"access": "open"}, 403), ({"journal_groups": "guidance"}, 403)):
        server = serving(journal=path, **given)
        said = server.get("/api/gaps")
        assert said.status_code == status, given
        if status == 403:
            assert "REMIT_JOURNAL_GROUPS" in said.json()["detail"]
            assert said.headers["content-type"] == PROBLEM


OPEN = Document("open.md", "Open", "The Bursar should lead budgets.\nThe Bursar should own fees.")
SHUT = Document("shut.md", "The merger", "The Librarian should own the acquisition.", access=("board",))


class _Nearest(SmallEngine):
    """Finds the last of its documents nearest, and mends a slip after them."""

    def for_groups(self, groups: Collection[str]) -> SmallEngine:
        seen = [d for d in self.documents.values() if not d.access or set(d.access) & set(groups)]
        return self if len(seen) == len(self.documents) else _Nearest(seen)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        from small_engine import cite

        told = super().ask(question, history)
        told = replace(told, topic=question.removeprefix("Who ").rstrip("?"))
        if told.verdict == "not_covered":
            near = [cite(d, d.text.splitlines()[0], n) for n, d in enumerate(self.documents.values(), 1)]
            told = replace(told, nearest=tuple(reversed(near)))
        if "shut.md" in self.documents and "acqisition" in question:
            told = replace(told, asked="Who plans the acquisition?", topic="acquisition")
        return told


def test_nothing_tells_of_a_document_that_is_not_for_the_reader(tmp_path: Path, path: Path) -> None:
    ring = KeyRing(tmp_path / "keys.json")
    board = {"authorization": f"Bearer {ring.add('board', ['board', 'guidance'])}"}
    other = {"authorization": f"Bearer {ring.add('other', ['guidance'])}"}
    given = {"journal": path, "access": "key", "home": tmp_path, "journal_groups": "guidance"}
    server = serving(_Nearest([OPEN, SHUT]), **given)

    def ask(question: str, comment: str) -> Any:
        answer = server.post("/api/ask", json={"question": question}, headers=board).json()
        body = {"answer": answer["id"], "helpful": False, "comment": comment}
        assert server.post("/api/feedback", json=body, headers=board).status_code == 200
        return answer

    assert ask("Who takes acquisition?", "the memo says Warden")["owners"] == ["Librarian"]
    assert ask("Who waters plants?", "the merger paper is not it")["nearest"][0]["doc"] == "shut.md"
    ask("Who plans acqisition zzz?", "")
    assert ask("Who leads fees?", "no")["owners"] == ["Bursar"]

    told = {gap["topic"]: gap for gap in gaps_of(server, **board)}
    assert set(told) == {"takes acquisition", "waters plants", "Who plans acqisition zzz?", "leads fees"}
    assert told["waters plants"]["nearest"]["title"] == "The merger"

    told = {gap["topic"]: gap for gap in gaps_of(server, **other)}
    assert set(told) == {"waters plants", "Who plans acqisition zzz?", "leads fees"}
    assert told["waters plants"]["nearest"]["doc"] == "open.md"
    for route in ("/api/gaps", "/api/gaps.csv"):
        text = server.get(route, headers=other).text
        for word in ("shut", "merger", "acquisition", "Librarian", "memo"):
            assert word not in text


# In nobody's way.


def test_a_journal_that_cannot_be_written_costs_no_answer(tmp_path: Path) -> None:
    server = serving(journal=tmp_path / "missing" / "journal.db")
    for _ in range(2):
        said = server.post("/api/ask", json=PLANTS)
        assert said.status_code == 200
        assert "id" not in said.json()
    gone = server.get("/api/gaps")
    assert (gone.status_code, gone.headers["content-type"]) == (503, PROBLEM)
    ready = server.get("/ready").json()
    assert ready["status"] == "degraded"
    assert "journal cannot be written (No such file" in ready["reason"]
    assert str(tmp_path) not in ready["reason"]
    figures = server.get("/metrics").text
    assert "remit_journal_dropped_total 2.0" in figures
    assert "remit_degraded 1.0" in figures
    (tmp_path / "missing").mkdir()
    server.post("/api/ask", json=PLANTS)
    assert [gap["not_covered"] for gap in gaps_of(server)] == [1]
    assert server.get("/ready").json()["status"] == "ready"


def test_judgements_are_counted_without_what_was_said(client: TestClient) -> None:
    identity = client.post("/api/ask", json=PLANTS).json()["id"]
    for helpful in (True, False, False):
        judge(client, identity, helpful=helpful, comment="zymurgy")
    figures = client.get("/metrics").text
    assert 'remit_feedback_total{helpful="yes"} 1.0' in figures
    assert 'remit_feedback_total{helpful="no"} 2.0' in figures
    assert "zymurgy" not in figures


def test_the_log_leads_to_no_question(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    server = serving(journal=path, log="json")
    said = server.post("/api/ask", json=PLANTS)
    judge(server, said.json()["id"], comment="zymurgy")
    logged = "".join(str(vars(record)) for record in caplog.records)
    assert "/api/feedback" in logged
    assert said.json()["id"] not in logged
    assert "zymurgy" not in logged
    request = said.headers["x-request-id"].encode()
    assert request not in b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_what_waits_is_written_when_the_server_ends(root: Path, path: Path) -> None:
    command = [sys.executable, str(root / "tests" / "small_server.py"), "--port", "0"]
    settings = {"REMIT_JOURNAL": str(path), "REMIT_WORKERS": "2", "PYTHONPATH": str(root)}
    with running(command, env=os.environ | settings, cwd=path.parent) as address:
        for n in range(20):
            ask(address, f"Who waters plant {n}?")
    assert not path.with_name("journal.db-wal").exists(), "each process let go of the file"
    assert len(read(path)) == 20


def test_the_projects_own_questions(engine: Engine, path: Path) -> None:
    server = serving(engine, journal=path)
    for question in (
        "Who waters the office plants?",
        "who waters office plant",
        "Who owns social media?",
    ):
        server.post("/api/ask", json={"question": question})
    (gap,) = gaps_of(server)
    assert (gap["not_covered"], gap["rejected"]) == (2, 0)
    assert gap["nearest"]["doc"] in engine.documents


def test_what_is_asked_on_the_page_is_kept_and_courtesies_are_not(client: TestClient) -> None:
    asked = {"data": ["Who waters the plants?", [], []], "fn_index": 0, "session_hash": "a"}
    with client:
        until = time.monotonic() + 60
        while client.get("/").status_code == 503 and time.monotonic() < until:
            time.sleep(0.2)
        assert "Not covered" in client.post("/gradio_api/run/predict", json=asked).text
        assert "id" not in client.post("/api/ask", json={"question": "Thanks a lot!"}).json()
        assert [gap["questions"] for gap in gaps_of(client)] == [["Who waters the plants?"]]


# What docs/journal.md shows.


def fences(root: Path, language: str) -> list[str]:
    text = (root / "docs" / "journal.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.usefixtures("_here")
def test_the_guide_shows_what_the_command_says(
    root: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (setting,) = fences(root, "ini")
    assert Settings.load(dict([setting.strip().split("=")]), Path("none")).journal
    day, lost = date(2026, 11, 20), SmallEngine().ask("Who waters the plants?")
    near = replace(lost, nearest=(replace(lost.nearest[0], doc="travel.md"),))
    given = replace(lost, verdict="lead", owners=("CFO",))
    wordings = ["Who owns travel insurance?", "who looks after the travel insurances"]
    file = open_file(path)
    for n, (answer, question) in enumerate(
        [(near, wordings[0]), (near, wordings[0]), (near, wordings[1]), (given, wordings[0])]
    ):
        file.write([answered(bytes([n]), day, question, "travel insurance", answer)])
    file.write([judged(bytes([3]), day, helpful=False, comment="That moved to HR in spring.")])
    file.close()
    assert main(["gaps", "--journal", str(path)]) == 0
    assert [capsys.readouterr().out] == fences(root, "text")


def test_the_guide_shows_a_judgement_that_is_taken(root: Path, path: Path) -> None:
    file = open_file(path)
    file.write([("UPDATE signing SET secret = ?", (bytes(32),))])
    file.close()
    (curl,) = [block for block in fences(root, "sh") if block.startswith("curl")]
    server = serving(journal=path)
    body = json.loads(curl.partition("-d '")[2].rpartition("'")[0])
    assert server.post("/api/feedback", json=body).json() == {"kept": True}


def test_the_guide_knows_the_limits(root: Path) -> None:
    text = (root / "docs" / "journal.md").read_text(encoding="utf-8")
    fields = Settings.model_fields
    assert f"`REMIT_JOURNAL_DAYS` ({fields['journal_days'].default})" in text
    assert f"more than {MOST_ROWS:,} rows" in text
    assert (ANSWERED_DAYS, "after two days" in text) == (2, True)
    assert (MOST_SHOWN, "the thousand newest" in text) == (1_000, True)


# In the terminal.


@pytest.fixture
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("REMIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_here")
def test_the_command_tells_the_same(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server = serving(journal=path)
    server.post("/api/ask", json=PLANTS)
    over_http = gaps_of(server)
    sheet = server.get("/api/gaps.csv").content.decode()
    assert main(["gaps", "--journal", str(path)]) == 0
    assert "(1 not covered)\n            “Who waters the plants?”\n" in capsys.readouterr().out
    assert main(["gaps", "--journal", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [gap | {"nearest": gap["nearest"]["doc"]} for gap in told] == [
        gap | {"nearest": gap["nearest"]["doc"]} for gap in over_http
    ]
    assert main(["gaps", "--journal", str(path), "--csv"]) == 0
    assert capsys.readouterr().out == sheet


@pytest.mark.usefixtures("_here")
def test_the_command_says_where_it_looked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gaps"]) == 2
    assert "REMIT_JOURNAL" in capsys.readouterr().err
    (tmp_path / ".env").write_text("REMIT_JOURNAL=nowhere.db\n")
    assert main(["gaps"]) == 1
    assert "there is no journal at 'nowhere.db'" in capsys.readouterr().err
    (tmp_path / "nowhere.db").write_text("something else")
    assert main(["gaps"]) == 1
    assert "cannot be read" in capsys.readouterr().err
