"""Roles: who a text speaks of, and that two similar names never blur."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import FileFormatError
from ingest.records import Role
from ingest.roles import DEFAULT_ROLES, RoleBook

CLINIC = RoleBook(
    [
        Role("Ward Team", ("ward staff",)),
        Role("Ward Safety Team"),
        Role("Safety Team"),
        Role("Chief Nurse", ("matron", "Director of Nursing")),
        Role("CNIO", ("Chief Nursing Information Officer",)),
        Role("Board of Governors", ("Governors", "the Board")),
        Role("Chair of the Board"),
        Role("IT Desk", ("IT", "IT team", "information technology")),
        Role("World Health Office", ("WHO",)),
        Role("Union Secretary", ("US",)),
        Role("Vice Chair"),
        Role("Duty Secretary", ("secretary on duty",)),
        Role("Data Group", ("analytics",)),
        Role("R&D"),
        Role("Vétérinaire"),
    ]
)
C_SUITE = RoleBook(DEFAULT_ROLES)


def broken(*case: Any, why: str) -> Any:
    """A case that is right and that the code gets wrong; turns red when it is mended."""
    return pytest.param(*case, marks=pytest.mark.xfail(strict=True, reason=why))


def named(text: str, book: RoleBook = CLINIC, *, lenient: bool = False) -> list[tuple[str, str]]:
    """The words that name a role, and the role."""
    return [(text[m.start : m.end], m.role) for m in book.mentions(text, lenient=lenient)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Ward Safety Team meets.", [("Ward Safety Team", "Ward Safety Team")]),
        (
            "The Ward Team meets the Safety Team.",
            [("Ward Team", "Ward Team"), ("Safety Team", "Safety Team")],
        ),
        ("The ward's safety team meets.", [("ward's safety team", "Ward Safety Team")]),
        ("The CNIO and the Chief Nurse agree.", [("CNIO", "CNIO"), ("Chief Nurse", "Chief Nurse")]),
        ("The Chief Nursing Information Officer", [("Chief Nursing Information Officer", "CNIO")]),
        ("The Chair of the Board decides.", [("Chair of the Board", "Chair of the Board")]),
        ("The Board of Governors decides.", [("Board of Governors", "Board of Governors")]),
        ("The Safety Net Team is no role of ours.", []),
        ("The Ward. Team spirit matters.", []),
        ("Keep the ward, team and kitchen clean.", []),
    ],
)
def test_similar_names_never_blur(text: str, expected: list[tuple[str, str]]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("the CIO owns it", "CIO"),
        ("the CISO owns it", "CISO"),
        ("the Chief Information Officer owns it", "CIO"),
        ("the Chief Information Security Officer owns it", "CISO"),
        ("the information security team owns it", "CISO"),
        ("the information technology department owns it", "CIO"),
    ],
)
def test_the_c_suite_keeps_apart(text: str, role: str) -> None:
    assert [m.role for m in C_SUITE.mentions(text)] == [role]


@pytest.mark.parametrize(
    ("text", "words", "possessive"),
    [
        ("the Chief Nurse's rota", "Chief Nurse's", True),
        ("the Chief Nurse’s rota", "Chief Nurse’s", True),
        ("the Governors' minutes", "Governors", True),
        ("the Chief Nurse", "Chief Nurse", False),
        ("the Chief Nurses", "Chief Nurses", False),
        ("the duty secretaries", "duty secretaries", False),
        ("all Directors of Nursing", "Directors of Nursing", False),
        ("the\nchief\nnurse", "chief\nnurse", False),
        ("the ward\u00a0team", "ward\u00a0team", False),
        ("the WARD TEAM", "WARD TEAM", False),
        ("the vice-chair", "vice-chair", False),
    ],
)
def test_forms_of_a_name(text: str, words: str, possessive: bool) -> None:
    [mention] = CLINIC.mentions(text)
    assert text[mention.start : mention.end].rstrip("'’") == words
    assert mention.possessive is possessive


@pytest.mark.parametrize(
    "text",
    [
        "The nurse who called left it to us.",
        "It is late; send it back.",
        "Tell us who asked.",
        "a chief cause; a nurse came",
        "The chief,\n\nNurse Hale, is away.",
    ],
)
def test_common_words_are_no_roles(text: str) -> None:
    assert named(text) == []


def test_acronyms_count_in_capitals() -> None:
    assert named("The WHO asks who it is; IT and the US tell us.") == [
        ("WHO", "World Health Office"),
        ("IT", "IT Desk"),
        ("US", "Union Secretary"),
    ]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("The Chief Nurse / IT Desk agree.", ["Chief Nurse", "IT Desk"]),
        ("The WHO/CNIO agree.", ["World Health Office", "CNIO"]),
        ("Ask matron/R&D.", ["Chief Nurse", "R&D"]),
    ],
)
def test_names_side_by_side(text: str, roles: list[str]) -> None:
    assert [m.role for m in CLINIC.mentions(text)] == roles


def test_an_acronym_of_people_names_people() -> None:
    """CN abbreviates a name that no single field goes by, so it stands for the nurse in any place."""
    book = RoleBook([Role("Chief Nurse", ("CN",)), Role("Works Council", ("WC",))])
    assert [m.role for m in book.mentions("The WC waits.")] == ["Works Council"]


@pytest.mark.parametrize("title", ["bursar", "clerk", "matron", "captain", "dean", "coach", "registrar"])
def test_a_title_names_a_person_before_any_verb(title: str) -> None:
    book = RoleBook([Role("Keeper of the Keys", (title,))])
    text = f"The {title} writes to new members."
    assert [text[m.start : m.end] for m in book.mentions(text)] == [title]


def test_an_acronym_of_any_title_names_people() -> None:
    book = RoleBook([Role("Chief Nurse", ("CN",))])
    assert [m.role for m in book.mentions("The CN insists.")] == ["Chief Nurse"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("does the cnio own it or does the vice chair?", ["CNIO", "Vice Chair"]),
        ("who owns it?", []),
        ("is it us who decide?", []),
        ("is it IT's or the cnio's?", ["IT Desk", "CNIO"]),
    ],
)
def test_questions_are_read_leniently_but_common_words_stay_words(text: str, expected: list[str]) -> None:
    assert [m.role for m in CLINIC.mentions(text, lenient=True)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Marketing owns the newsletter.", ["CMO"]),
        ("Leaflets are paid for by marketing.", ["CMO"]),
        ("It is marketing's job.", ["CMO"]),
        ("Is it marketing or sales?", ["CMO", "CRO"]),
        ("The marketing team decides.", ["CMO"]),
        ("The cost of digital marketing rose.", []),
        ("We teach digital marketing to beginners.", []),
        ("Digital marketing needs data.", []),
        ("The marketing budget doubled.", []),
        ("We buy marketing tools every year.", []),
        ("The sales of umbrellas fell.", []),
        ("Legal advice costs money.", []),
        ("IT projects run late.", []),
        ("HR projects run late.", []),
        ("IT runs the network.", ["CIO"]),
        ("Payslips are handled by HR.", ["CHRO"]),
        ("HR software is expensive.", []),
    ],
)
def test_the_name_of_a_field_is_people_where_people_can_stand(text: str, expected: list[str]) -> None:
    assert [m.role for m in C_SUITE.mentions(text)] == expected


@pytest.mark.parametrize(
    "text", ["Library books may be kept for a week.", "Drinking water is tested.", "Plant hire is dear."]
)
def test_a_field_that_sounds_like_a_person_is_a_field(text: str) -> None:
    book = RoleBook([Role("Head of Books", ("library",)), Role("Head of Supply", ("water", "plant"))])
    assert book.mentions(text) == []


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("matron", "Chief Nurse"),
        ("the Matron", "Chief Nurse"),
        ("Matron's", "Chief Nurse"),
        ("CHIEF NURSE", "Chief Nurse"),
        ("director  of nursing", "Chief Nurse"),
        ("Board", "Board of Governors"),
        ("r&d", "R&D"),
        ("vétérinaire", "Vétérinaire"),
        ("nurse", None),
        ("", None),
        ("?", None),
    ],
)
def test_canonical(name: str, canonical: str | None) -> None:
    assert CLINIC.canonical(name) == canonical


def test_every_name_of_the_built_in_list_is_somebodys() -> None:
    for role in DEFAULT_ROLES:
        for name in (role.name, *role.aliases):
            assert C_SUITE.canonical(name) == role.name
            assert [m.role for m in C_SUITE.mentions(f"It is the {name}'s job.")] == [role.name]


def test_an_alias_of_two_roles_stands_for_neither() -> None:
    book = RoleBook([Role("Head Porter", ("porter",)), Role("Night Porter", ("Porter", "doorman"))])
    assert book.mentions("The porter and the doorman rest.") == book.mentions(
        "The xxxxxx and the doorman rest."
    )
    assert book.canonical("porter") is None
    [problem] = book.problems
    assert all(repr(name) in problem for name in ("porter", "Head Porter", "Night Porter"))


def test_a_roles_own_name_is_stronger_than_an_alias() -> None:
    book = RoleBook([Role("Head Porter", ("Porter",)), Role("Porter")])
    assert [m.role for m in book.mentions("Ask the porter.")] == ["Porter"]
    assert book.canonical("the porter") == "Porter"
    assert len(book.problems) == 1


def test_a_name_given_once_is_no_problem() -> None:
    assert RoleBook([Role("Head Porter", ("porter", "Porter")), Role("Night Porter")]).problems == ()
    assert C_SUITE.problems == ()


@pytest.mark.parametrize(
    "text", ["The Chief Nurse (matron) decides.", "The Matron (the Chief Nurse) decides."]
)
def test_a_name_in_brackets_behind_the_same_is_one(text: str) -> None:
    [mention] = CLINIC.mentions(text)
    assert text[mention.start : mention.end].endswith(")")


def test_a_possessive_after_brackets() -> None:
    [mention] = CLINIC.mentions("It is the Chief Nurse (matron)'s job.")
    assert mention.possessive


@pytest.mark.parametrize("text", ["The vice-chair-elect waits.", "A chair of the board-room."])
def test_a_part_of_a_hyphened_word_is_no_name(text: str) -> None:
    assert CLINIC.mentions(text) == []


def test_the_members_of_a_body_are_the_body() -> None:
    book = RoleBook([Role("Council"), Role("Member"), Role("Rowing Club")])
    assert [r for _, r in named("The Council members agree.", book)] == ["Council"]
    assert [r for _, r in named("A Council member resigns.", book)] == ["Council", "Member"]
    assert [r for _, r in named("The Rowing Club members vote.", book)] == ["Rowing Club", "Member"]
    assert [r for _, r in named("The Council, members and guests.", book)] == ["Council", "Member"]


def test_no_roles_no_mentions() -> None:
    book = RoleBook([])
    assert book.mentions("The Ward Team meets.") == []
    assert book.canonical("Ward Team") is None


NAMES = "ward safety team Team's chief nurse nurses matron CNIO IT WHO US board governors' governors chair"
OTHERS = "the it who us of and or marketing analytics decides R&D owns by , . : ( ) “ ’ é"
words = st.sampled_from([*NAMES.split(), *OTHERS.split(), "\n", "\n\n"])
sentences = st.lists(words, max_size=25).map(" ".join) | st.text()


@given(sentences, st.booleans())
def test_mentions_lie_in_the_text_in_order_and_apart(text: str, lenient: bool) -> None:
    found = CLINIC.mentions(text, lenient=lenient)
    assert all(0 <= m.start < m.end <= len(text) for m in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(sentences, st.booleans())
def test_the_words_of_a_mention_name_its_role(text: str, lenient: bool) -> None:
    for m in CLINIC.mentions(text, lenient=lenient):
        # A plural names the role as well; the canonical name is looked up as it stands.
        words = text[m.start : m.end]
        assert m.role == CLINIC.canonical(words) or named(words, lenient=True)[:1] == [(words, m.role)]


@given(st.permutations(CLINIC.roles))
def test_the_order_of_the_roles_changes_nothing(roles: list[Role]) -> None:
    text = "The Ward Safety Team, the CNIO, the matron's IT team, the Chair of the Board and analytics."
    assert named(text, RoleBook(roles)) == named(text)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "roles.yaml"


def test_a_file_of_roles(file: Path) -> None:
    file.write_text(
        "# who we are\n- name: Head Gardener\n  aliases: [gardener]\n"
        "  holder: R. Moss\n  contact: x@y.example\n- {name: Cook}\n- name: Porter\n  aliases:\n"
    )
    book = RoleBook.load(file)
    assert book.roles == (
        Role("Head Gardener", ("gardener",), "R. Moss", "x@y.example"),
        Role("Cook"),
        Role("Porter"),
    )
    assert book.canonical("gardener") == "Head Gardener"


def test_no_file_gives_the_c_suite() -> None:
    assert RoleBook.load(None).roles == DEFAULT_ROLES


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("- name: [a\n- name: b\n", 2, "expected YAML"),
        ("name: Cook\n", 1, "expected a list"),
        ("", 1, "at least one role"),
        ("[]\n", 1, "at least one role"),
        ("- name: Cook\n- just words\n", 2, "'just words'"),
        ("- name: Cook\n- aliases: [a]\n", 2, "aliases"),
        ("- name: Cook\n- name: ''\n", 2, "expected"),
        ("- name: Cook\n- name: 7\n", 2, "7"),
        ("- name: Cook\n  aliases: chef\n", 1, "'chef'"),
        ("- name: Cook\n  alias: [chef]\n", 1, "'alias'"),
        ("- name: Cook\n- name: Porter\n- name: cook\n", 3, "line 1"),
    ],
)
def test_what_does_not_parse_is_named_with_its_line(file: Path, text: str, line: int, said: str) -> None:
    file.write_text(text)
    with pytest.raises(FileFormatError) as caught:
        RoleBook.load(file)
    assert caught.value.line == line
    assert said in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_name_no_text_can_hold_is_refused(file: Path) -> None:
    file.write_text("- name: Cook\n- name: '--'\n")
    with pytest.raises(FileFormatError) as caught:
        RoleBook.load(file)
    assert caught.value.line == 2


@pytest.mark.parametrize("content", [b"- name: \xff\n", None])
def test_what_cannot_be_read_is_named_with_what_mends_it(file: Path, content: bytes | None) -> None:
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(FileFormatError, match="--roles") as caught:
        RoleBook.load(file)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("mark", ["'", "’"])
def test_an_apostrophe_in_a_name(mark: str) -> None:
    book = RoleBook([Role("Readers' Editor"), Role("Readers")])
    text = f"The Readers{mark} Editor writes back; the readers{mark} letters are kept."
    assert [(m.role, m.possessive) for m in book.mentions(text)] == [
        ("Readers' Editor", False),
        ("Readers", True),
    ]


COLLEGE = RoleBook(
    [
        Role("Vice-President (Education)"),
        Role("Vice-President (Welfare)"),
        Role("Old Manager"),
        Role("New Manager"),
        Role("Guild of Cooks"),
        Role("Guild of Bakers"),
    ]
)


@pytest.mark.parametrize(
    ("text", "named", "rest"),
    [
        ("The Vice-President (Education) chairs it.", "Vice-President (Education)", " chairs it."),
        ("the Vice-President (Welfare)'s budget", "Vice-President (Welfare)", " budget"),
        ("Ask the Vice President Education.", "Vice-President (Education)", "."),
    ],
)
def test_a_name_with_brackets(text: str, named: str, rest: str) -> None:
    [mention] = COLLEGE.mentions(text)
    assert mention.role == named
    assert text[mention.end :] == rest


def test_what_stands_in_brackets_behind_another_is_no_part_of_it() -> None:
    assert COLLEGE.mentions("The Vice-President (of all the club) came.") == []


def test_two_halves_share_an_end() -> None:
    text = "Both the old and new manager sign."
    assert [(m.role, text[m.start : m.end]) for m in COLLEGE.mentions(text)] == [
        ("Old Manager", "old"),
        ("New Manager", "new manager"),
    ]
    assert [m.role for m in COLLEGE.mentions("the poor and new manager")] == ["New Manager"]


def test_what_several_roles_are_called() -> None:
    groups = RoleBook(
        [
            *COLLEGE.roles,
            Role("SIG Cooking"),
            Role("SIG Baking"),
            Role("Research Office"),
            Role("Research Board"),
        ]
    )
    assert groups.kinds == {"guild", "sig"}
