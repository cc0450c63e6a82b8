"""Roles proposed from documents, and the draft of a roles file that is made of them."""

from __future__ import annotations

from pathlib import Path

import papers
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ingest.__main__ import main
from ingest.draft import draft
from ingest.proposals import Proposal, completed_book, propose, proposed_book
from ingest.records import Document, Role
from ingest.roles import RoleBook


def documents(*texts: str) -> list[Document]:
    return [
        Document(f"{k}.md", text.splitlines()[0].strip("# |") if text else "", text)
        for k, text in enumerate(texts)
    ]


def names(*texts: str) -> set[str]:
    return {p.role.name for p in propose(documents(*texts))}


def test_the_roles_of_small_papers_are_found() -> None:
    texts = [v for k, v in vars(papers).items() if k.isupper() and isinstance(v, str)]
    found = RoleBook(p.role for p in propose(documents(*texts)))
    missing = {r.name for r in papers.BOOK.roles if found.canonical(r.name) is None}
    assert missing <= {"Choir Director"}  # named once, to be asked
    own = {papers.BOOK.canonical(n) for r in found.roles for n in (r.name, *r.aliases)}
    assert len([r for r in found.roles if papers.BOOK.canonical(r.name) is None]) <= len(own) / 4


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("# Ropes\n\nThe Harbour Works Team is responsible for ropes.\n", "Harbour Works Team"),
        ("# Pier Guild Charter\n\nWe mend piers.\n", "Pier Guild"),
        ("| What | Owner |\n|---|---|\n| ropes | Bosun |\n", "Bosun"),
        ("| Task | Bosun | Purser |\n|---|---|---|\n| ropes | A | C |\n", "Purser"),
        ("# Ropes\n\nThe CIO approves new ropes.\n", "CIO"),
        ("# Ropes\n\nThe Head Rigger decides on ropes.\n", "Head Rigger"),
        ("# Ropes\n\nNew ropes are approved by the Treasurer.\n", "Treasurer"),
        ("# Ropes\n\nThe price of a rope is decided by the Board.\n", "Board"),
        ("# Ropes\n\nThe Trustees may sell a rope.\n", "Trustees"),
        ("# Ropes\n\nEach Pier Librarian sets the hours of the pier.\n", "Pier Librarian"),
        ("# Ropes\n\nThe Data Protection Officer must be asked.\n", "Data Protection Officer"),
        ("# Ropes\n\nRopes are looked after by the Friends of the Harbour.\n", "Friends of the Harbour"),
        ("# Ropes\n\nThe Rope Lab approves hemp; it may stop a sale.\n", "Rope Lab"),
        ("# Ropes\n\nRopes are bought by the Head of Harbour Works.\n", "Head of Harbour Works"),
        ("# A\n\nThe rope maintainer decides. Ask the rope maintainer.\n", "Rope Maintainer"),
    ],
)  # fmt: skip
def test_where_a_role_shows(text: str, name: str) -> None:
    assert name in names(text)


def test_a_board_said_shortly_is_no_second_board() -> None:
    text = "# Ropes\n\nThe Board of Trustees decides on ropes. The Board decides on piers.\n"
    assert names(text) == {"Board of Trustees"}


@pytest.mark.parametrize(
    "text",
    [
        "# The team\n\nThe committee meets on Mondays. The team is small.\n",  # the committee of this paper
        "# Boats\n\nThe Old Harbour is deep. Boats must wait at the Old Harbour.\n",
        "# Boats\n\nUsers must sign. Every user decides. Ask a user.\n",
        "",
    ],
)
def test_what_is_no_role(text: str) -> None:
    assert names(text) == set()


def test_names_that_are_one_role_are_aliases() -> None:
    text = (
        "# Risk\n\nThe Risk and Audit Committee (RAC) approves the plan. The RAC meets."
        " Risk and Audit Committees elsewhere do not.\n"
    )
    roles = {p.role.name: set(p.role.aliases) for p in propose(documents(text))}
    assert roles["Risk and Audit Committee"] == {"RAC"}
    text = "# A\n\nThe Harbour Team decides on ropes. The Harbour Security Team decides on locks.\n"
    assert {p.role.name: p.role.aliases for p in propose(documents(text))} == {
        "Harbour Team": (), "Harbour Security Team": ()
    }  # fmt: skip


def test_given_roles_stay_first_and_as_they_are() -> None:
    book = RoleBook([Role("Bosun", ("boatswain",), "Ann", "a@b"), Role("Purser")])
    found = propose(
        documents("# A\n\nThe Boatswain is responsible for ropes. The Quay Team owns nets.\n"), book
    )
    assert [(p.role, p.known) for p in found[:2]] == [(role, True) for role in book.roles]
    assert [(p.role.name, p.known) for p in found[2:]] == [("Quay Team", False)]
    assert found[2].doc == "0.md"
    assert found[2].quote == "The Quay Team owns nets."


def test_without_a_roles_file_the_suite_is_joined_by_what_the_documents_name() -> None:
    book = proposed_book(
        documents(
            "# A\n\nThe Finance Team is responsible for invoices. The Chief People Officer decides on leave."
            " The Chief People Officer approves pay. The Quay Team owns nets. IT owns the servers.\n"
        )
    )
    assert book.canonical("finance team") == "Finance Team"  # no longer the CFO's
    assert book.canonical("CFO") == "CFO"
    assert "finance team" not in next(r for r in book.roles if r.name == "CFO").aliases
    assert book.canonical("CHRO") == "Chief People Officer"  # called as the documents do
    assert book.canonical("quay team") == "Quay Team"
    assert book.canonical("IT") == "CIO"
    assert [m.role for m in book.mentions("The Finance Team and the CFO agree.")] == ["Finance Team", "CFO"]


def test_the_draft_is_a_roles_file() -> None:
    book = RoleBook([Role("Bosun", ("boatswain",), 'Ann: "B"', "a@b")])
    text = draft(propose(documents("# A\n\nThe Quay Team is responsible for ropes.\n"), book))
    assert yaml.safe_load(text) == [
        {"name": "Bosun", "aliases": ["boatswain"], "holder": 'Ann: "B"', "contact": "a@b"},
        {"name": "Quay Team"},
    ]
    lines = text.splitlines()
    assert lines.index("# In the roles file already.") < lines.index("# New: not in the roles file.")
    assert "  # not named in the documents" in lines
    assert "  # named once, once as owner" in lines
    assert "  # 0.md: “The Quay Team is responsible for ropes.”" in lines
    assert yaml.safe_load(draft([])) == []


odd = st.text(max_size=30)


@given(st.lists(st.builds(Role, odd, st.lists(odd, max_size=2).map(tuple), odd, odd), max_size=3), odd, odd)
def test_no_text_breaks_the_draft(roles: list[Role], doc: str, quote: str) -> None:
    text = draft([Proposal(r, 1, 2, doc, quote, False) for r in roles])
    expected = []
    for role in roles:
        fields = {"aliases": list(role.aliases), "holder": role.holder, "contact": role.contact}
        expected.append({"name": role.name} | {name: value for name, value in fields.items() if value})
    assert yaml.safe_load(text) == expected


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text("# A\n\nThe Quay Team is responsible for ropes.\n")
    (tmp_path / "broken.md").write_bytes(b"")
    home = ["--home", str(tmp_path / "home")]
    assert main(["roles", str(tmp_path), *home]) == 0
    said = capsys.readouterr()
    assert yaml.safe_load(said.out) == [{"name": "Quay Team"}]
    assert "left out" in said.err
    (tmp_path / "roles.yaml").write_text("- name: Bosun\n")
    assert main(["roles", str(tmp_path), *home, "--output", str(tmp_path / "draft.yaml")]) == 0
    assert [r["name"] for r in yaml.safe_load((tmp_path / "draft.yaml").read_text())] == [
        "Bosun",
        "Quay Team",
    ]
    assert main(["roles", str(tmp_path / "nowhere"), *home]) == 2


def test_a_build_without_a_roles_file_proposes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.md").write_text("# A\n\nThe Quay Team is responsible for ropes.\n")
    assert main(["build", str(corpus), "--home", str(tmp_path / "home")]) == 0
    assert main(["status", "--home", str(tmp_path / "home")]) == 0
    said = capsys.readouterr().out
    assert ", Quay Team; proposed from the documents, to be edited: python -m ingest roles\n" in said
    assert main(["build", str(corpus), "--home", str(tmp_path / "home")]) == 0
    assert capsys.readouterr().out.startswith("Nothing has changed")
    (corpus / "roles.yaml").write_text("- name: Quay Team\n")
    assert main(["build", str(corpus), "--home", str(tmp_path / "home")]) == 0
    assert main(["status", "--home", str(tmp_path / "home")]) == 0
    assert "roles       1: Quay Team\n" in capsys.readouterr().out


def test_who_a_roles_file_leaves_out_joins_it() -> None:
    given = RoleBook([Role("Sales Director", ("sales",)), Role("Steering Council"), Role("Treasurer")])
    texts = documents(
        "Pumps\n\nQuotations are written by the Inside Sales Lead. The Deputy Treasurer pays the bills.\n\n"
        "The Pump Steering Council decides on colours. The Metrology Laboratory calibrates the gauges.\n\n"
        "Linen is signed for by the Linen Room Supervisor.\n\n"
        "The Management of Change is explained on page three. Visitors may ask the Porter.\n"
    )
    found = completed_book(given, texts)
    assert found.roles[:3] == given.roles
    more = {role.name for role in found.roles[3:]}
    assert more >= {"Inside Sales Lead", "Deputy Treasurer", "Metrology Laboratory", "Linen Room Supervisor"}
    assert not more & {"Pump Steering Council", "Management of Change", "Council"}
    assert [m.role for m in found.mentions("Ask the Inside Sales Lead.")] == ["Inside Sales Lead"]


def test_who_stands_under_whom_to_go_to_joins_it() -> None:
    table = "Help\n\n| I need | Go to |\n|---|---|\n| a stand | Stand Builder |\n| a badge | any Desk |\n"
    found = completed_book(RoleBook([Role("Sales Director")]), documents(table))
    assert [role.name for role in found.roles[1:]] == ["Stand Builder"]


def test_an_office_for_something_is_called_so() -> None:
    text = "Rules\n\nThe Vice-Dean for Research decides on leave. The Dean decides on pay."
    assert {"Vice-Dean for Research", "Dean"} <= names(text)
    assert "Vice-Dean" not in names(text)


def test_a_name_and_its_noun_alone_are_one_role() -> None:
    text = "Rules\n\nThe Steering Council decides on fees. The Council appoints the clerk and sets the dates."
    found = [r for p in propose(documents(text)) if "Council" in (r := p.role).name]
    assert [(r.name, r.aliases) for r in found] == [("Steering Council", ("Council",))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The packaging team approves the mirrors. Ask the packaging team.", "Packaging Team"),
        ("The books are kept by the treasurer. The treasurer decides on loans.", "Treasurer"),
    ],
)
def test_bodies_and_offices_in_small_letters(text: str, name: str) -> None:
    assert name in names(f"Rules\n\n{text}")


def test_a_person_who_leads_is_no_body_of_leads() -> None:
    assert not any(
        "leads" in n for n in names("People\n\nAda Holt leads the planner. Ada Holt leads the parser.")
    )
