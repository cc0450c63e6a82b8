"""Guidelines: small documents as organisations write them, and what a reader takes from each line."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers import BOOK, CHARTER, CONSTITUTION, CREW, FAQ, FIRST, LISTS, MINUTES, OWNERS, RACI, STEPS
from patience import within

from ingest.guidelines import split_document
from ingest.records import Document, Guideline, Role
from ingest.roles import RoleBook


def split(text: str, title: str = "") -> list[Guideline]:
    return split_document(Document("papers/one.md", title, text), BOOK)


def line(text: str, words: str, title: str = "") -> Guideline:
    """The one guideline of a document that holds ``words``."""
    [found] = [g for g in split(text, title) if words in g.text]
    return found


def says(text: str, words: str, title: str = "") -> set[tuple[str, str]]:
    """Each role with what the guideline that holds ``words`` says of it."""
    return {(s.role, s.relation) for s in line(text, words, title).stances}


def broken(*case: Any, why: str) -> Any:
    """A case that is right and that the code gets wrong; turns red when it is mended."""
    return pytest.param(*case, marks=pytest.mark.xfail(strict=True, reason=why))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("scanning old maps", {("Archive Guild", "leads")}),
        ("lending boxes", {("Archive Guild", "leads")}),
        ("web pages", {("Archive Guild", "is not")}),
        ("street signs", {("Archive Guild", "is not")}),
        ("We decide", {("Archive Guild", "leads")}),
    ],
)
def test_a_charter_speaks_of_the_body_in_its_title(words: str, expected: set[tuple[str, str]]) -> None:
    assert says(CHARTER, words, "Archive Guild Charter") == expected


def test_who_a_charter_names_itself() -> None:
    assert ("Parish Council", "supports") in says(CHARTER, "consulted on gifts", "Archive Guild Charter")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("close the harbour", {("Skipper", "leads")}),
        ("lend out dinghies", {("Skipper", "leads")}),
        ("appoint the Boatman", {("Skipper", "leads")}),
        ("sell a boat", {("Skipper", "is not")}),
        ("raise the fees", {("Skipper", "is not")}),
        ("dates of races", {("Regatta Committee", "leads")}),
        ("protests", {("Regatta Committee", "leads")}),
        ("Fees are set", {("Treasurer", "leads"), ("Regatta Committee", "is not")}),
    ],
)
def test_a_constitution_gives_powers_article_by_article(words: str, expected: set[tuple[str, str]]) -> None:
    assert says(CONSTITUTION, words) == expected


@pytest.mark.parametrize(
    ("answer", "role", "topic"),
    [
        ("The Warden does.", "Warden", "books the hall"),
        ("Ask the Treasurer.", "Treasurer", "broken glass"),
        ("The Boatman.", "Boatman", "lights the fire"),
        ("The Choir Director.", "Choir Director", "piano"),
    ],
)
def test_the_answer_of_a_faq_is_about_its_question(answer: str, role: str, topic: str) -> None:
    found = line(FAQ, answer)
    assert {(s.role, s.relation) for s in found.stances if s.strength >= 0.5} == {(role, "leads")}
    assert any(topic in t for t in found.stance_topics)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "Painting hulls",
            {("Skipper", "leads"), ("Boatman", "supports"), ("Regatta Committee", "supports")},
        ),
        ("Paying berths", {("Treasurer", "leads")}),
        ("Picking a course", {("Regatta Committee", "leads"), ("Boatman", "supports")}),
        ("Launching the ferry", {("Skipper", "shares"), ("Boatman", "shares")}),
    ],
)
def test_letters_under_the_names_of_roles(words: str, expected: set[tuple[str, str]]) -> None:
    assert says(RACI, words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("keys and locks", {("Warden", "leads"), ("Boatman", "supports")}),
        ("beer", {("Bar Crew", "leads"), ("Kitchen Crew", "supports")}),
        ("menus", {("Kitchen Crew", "leads")}),
        ("festivals", {("Kitchen Crew", "shares"), ("Bar Crew", "shares")}),
    ],
)
def test_columns_for_owner_and_deputy(words: str, expected: set[tuple[str, str]]) -> None:
    assert says(OWNERS, words) == expected
    found = line(OWNERS, words)
    assert all("Warden" not in topic and "Crew" not in topic for topic in (found.topic, *found.stance_topics))


@pytest.mark.parametrize(("words", "role"), [("ropes", "Skipper"), ("money", "Treasurer")])
def test_the_owner_may_stand_in_the_first_column(words: str, role: str) -> None:
    assert says(FIRST, words) == {(role, "leads")}


def test_the_heads_of_its_columns_introduce_a_row() -> None:
    text = "| Spending | Up to | Approved by |\n|---|---|---|\n| ropes | 500 | Skipper |\n"
    assert line(text, "ropes").lead_in == "Spending | Up to | Approved by"


def test_columns_that_ask_who() -> None:
    text = "| Decision | Who decides | Who is consulted | Who is informed |\n|---|---|---|---|\n"
    text += "| **new boats** | Skipper | Treasurer | Boatman |\n"
    found = line(text, "new boats")
    assert {(s.role, s.relation) for s in found.stances} == {("Skipper", "leads"), ("Treasurer", "supports")}
    assert found.stance_topics == ("new boats",)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("A | R | C | I", {("Skipper", "leads"), ("Boatman", "supports"), ("Treasurer", "supports")}),
        ("R | C | S | I", {("Skipper", "leads"), ("Boatman", "supports"), ("Treasurer", "supports")}),
        (
            "Last word (D) | Heard (H) | Paid by | Told (T)",
            {("Skipper", "leads"), ("Boatman", "supports"), ("Treasurer", "leads")},
        ),
        # letters of the alphabet and of the week stand for nothing
        ("B | C | D | E", {(r, "leads") for r in ("Skipper", "Boatman", "Treasurer", "Warden")}),
        ("A | C | D | S", {(r, "leads") for r in ("Skipper", "Boatman", "Treasurer", "Warden")}),
    ],
)
def test_what_the_heads_of_columns_give(columns: str, expected: set[tuple[str, str]]) -> None:
    row = "| new boats | Skipper | Boatman | Treasurer | Warden |"
    text = f"| Step | {columns} |\n|---|---|---|---|---|\n{row}\n"
    found = {(s.role, s.relation) for s in line(text, "new boats").stances}
    assert found == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("invoices", {("Treasurer", "leads")}),
        ("orders the paint", {("Skipper", "leads"), ("Boatman", "is not")}),
        ("mend the door", {("Warden", "leads")}),
    ],
)
def test_minutes_give_tasks(words: str, expected: set[tuple[str, str]]) -> None:
    strong = {(s.role, s.relation) for s in line(MINUTES, words).stances if s.strength >= 0.3}
    assert strong == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("picks the songs", {("Choir Director", "leads")}),
        ("hires the organist", {("Choir Director", "leads")}),
        ("lend money", {("Warden", "is not")}),
        ("sign leases", {("Warden", "is not")}),
        ("old trees", {("Parish Council", "supports")}),
        ("bells", {("Parish Council", "supports")}),
        ("soup", {("Kitchen Crew", "leads")}),
        ("rye", {("Kitchen Crew", "leads")}),
        ("taps", {("Bar Crew", "leads")}),
        ("glasses", {("Bar Crew", "leads")}),
    ],
)
def test_an_entry_of_a_list_takes_over_what_introduces_it(words: str, expected: set[tuple[str, str]]) -> None:
    assert says(LISTS, words) == expected
    assert all(s.inherited for s in line(LISTS, words).stances)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**Choir Director**\n\n- picks songs\n- hires people\n", "songs"),
        ("- **Choir Director:** songs, robes\n- **Warden:** keys\n", "songs"),
        ("## Choir Director\n\n- picks songs\n", "songs"),
        ("## Choir Director\n\nPicks the songs and hires the organist.\n", "songs"),
        ("- Choir Director\n  - picks songs\n  - hires people\n", "songs"),
        ("Choir Director\n: picks songs\n", "songs"),
        ("**Choir Director**\n: Picks songs. Hires people.\n\nAll wear robes.\n", "songs"),
        ("Section 2.01. Choir Director.\nHas the choice of songs.\n", "songs"),
        ("**Choir Director.** Wears a robe. Chooses the songs.\n", "songs"),
        ("Choir Director\n    Picks the songs.\nWarden\n    Has keys.\n", "songs"),
    ],
)
def test_ways_to_list_what_a_role_does(text: str, words: str) -> None:
    assert says(text, words) == {("Choir Director", "leads")}


def test_fields_between_colons() -> None:
    text = ":Owner: Choir Director\n:Consulted: Parish Council\n"
    assert says(text, "Consulted") == {("Parish Council", "supports")}
    assert line(text, "Owner").stances[0].strength > 0.5


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("weather", "Boatman"),
        ("trip", "Skipper"),
        ("up to 100", "Treasurer"),
        ("above", "Parish Council"),
        ("Spare keys", "Warden"),
    ],
)
def test_steps_and_limits(words: str, role: str) -> None:
    found = line(STEPS, words)
    assert {(s.role, s.relation) for s in found.stances if s.strength >= 0.3} == {(role, "leads")}


def test_a_list_without_an_owner_gives_none_away() -> None:
    """The last heading above it names the Bar Crew; the sentence right before it says there is nobody."""
    assert line(LISTS, "tombola").lead_in == "Nobody has been found for:"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("We cook", {("Kitchen Crew", "leads")}),
        ("serve drinks", {("Kitchen Crew", "is not"), ("Bar Crew", "leads")}),
        ("flour", {("Kitchen Crew", "leads")}),
        ("funerals", {("Kitchen Crew", "leads")}),
        ("wash", set()),
    ],
)
def test_we_is_whom_the_page_is_about(words: str, expected: set[tuple[str, str]]) -> None:
    assert says(CREW, words, "Kitchen Crew") == expected


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("The Regatta Committee meets in May. It sets the dates of races.", "dates", "Regatta Committee"),
        ("The Warden has a room. They may let it in summer.", "let it", "Warden"),
        ("The Treasurer signs cheques. The Boatman paints. He keeps the brushes.", "paints", "Boatman"),
    ],
)
def test_it_is_whom_the_sentence_before_spoke_of(text: str, words: str, expected: str) -> None:
    assert says(text, words) == {(expected, "leads")}


def test_we_are_whom_the_top_of_the_page_names_as_its_owner() -> None:
    page = (
        "# Boats\n\nPage owner: Bar Crew. Last edited in May.\n\n## Hire\n\nWe mend every dinghy in winter.\n"
    )
    assert says(page, "dinghy") == {("Bar Crew", "leads")}


def test_we_are_whose_field_the_handbook_is_of() -> None:
    page = "# Bar handbook\n\nWe mend every tap in winter.\n"
    assert says(page, "tap", "Bar handbook") == {("Bar Crew", "leads")}


def test_with_whom_the_page_is_about() -> None:
    page = "# Treasurer\n\nTogether with the Skipper you write the plan for storms.\n"
    assert says(page, "storms") == {("Skipper", "shares"), ("Treasurer", "shares")}


def test_a_page_of_nobody_has_no_we() -> None:
    assert line("# Picnics\n\nWe decide on the place together.\n", "We decide").stances == ()


FIELDS = "# Lending\n\n**Owner:** Warden\n**Approved by:** Parish Council\n\n1. Members may borrow chairs.\n"
POWERS = """## Skipper

Decides:

- who may race

Is consulted on:

- new buoys

Does not own:

- the bar
"""
COVER = "| Thing | DRI | Cover |\n|---|---|---|\n| radio | Skipper | Boatman |\n"
COVER += "| stoves | Kitchen Crew (gas: Warden) | |\n"
SCOPE = "| Body | Scope | Meets |\n|---|---|---|\n| Bar Crew | taps, glasses | Mondays |\n"
WORDS = "| | Skipper | Treasurer |\n|---|---|---|\n| closing the harbour | decides | informed |\n"
TICKS = (
    "| Task | Skipper | Treasurer |\n|---|---|---|\n| signing leases | yes | no |\n| buying rope | | x |\n"
)


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (FIELDS, "Owner", {("Warden", "leads")}),
        (FIELDS, "Approved by", {("Parish Council", "leads")}),
        (FIELDS, "chairs", set()),
        (POWERS, "who may race", {("Skipper", "leads")}),
        (POWERS, "new buoys", {("Skipper", "supports")}),
        (POWERS, "the bar", {("Skipper", "is not")}),
        (WORDS, "closing", {("Skipper", "leads")}),  # to be informed is no part in it
        (COVER, "radio", {("Skipper", "leads"), ("Boatman", "supports")}),
        (COVER, "stoves", {("Kitchen Crew", "leads"), ("Warden", "supports")}),
        (SCOPE, "taps", {("Bar Crew", "leads")}),
        (TICKS, "signing leases", {("Skipper", "leads")}),
        (TICKS, "buying rope", {("Treasurer", "leads")}),
        ("1. Fees (Treasurer)\n2. Songs - Choir Director\n", "Songs", {("Choir Director", "leads")}),
        ("- Keys (Warden, Boatman)\n", "Keys", {("Warden", "leads"), ("Boatman", "supports")}),
    ],
)
def test_more_ways_to_write_it_down(text: str, words: str, expected: set[tuple[str, str]]) -> None:
    assert says(text, words) == expected


RULED = """What         Signatory          Limit
-----------  -----------------  -----
Boat hire    Skipper            500
New sails    Regatta Committee  2000

All others ask the Treasurer.
"""
SECTIONS = """ARTICLE II. THE SKIPPER

Section 2.01. Storms.
The Skipper shall:
(1) close the harbour;
(2) report damage to the Warden.

Section 2.02. Absence.
If the Skipper is away, the Boatman shall sound the horn.
"""


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (RULED, "Boat hire", {("Skipper", "leads")}),
        (RULED, "New sails", {("Regatta Committee", "leads")}),
        (RULED, "All others", {("Treasurer", "leads")}),
        (SECTIONS, "report damage", {("Skipper", "leads")}),
        (SECTIONS, "horn", {("Boatman", "leads")}),
    ],
)
def test_layouts_of_plain_text(text: str, words: str, expected: set[tuple[str, str]]) -> None:
    assert says(text, words) == expected


def test_a_section_of_its_own_line_is_a_heading() -> None:
    found = line(SECTIONS, "horn")
    assert found.headings == ("ARTICLE II. THE SKIPPER", "Section 2.02. Absence.")
    assert found.lead_in == ""


PEOPLE = """The Treasurer is chosen in May. She pays the bills. It is their job to collect fees.

The Boatman is chosen by the Skipper. He or she shall keep the oars. Rope is his job too.

The Bar Crew is paid by the Treasurer. It orders the beer. They are thanked each year.
"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("pays the bills", {("Treasurer", "leads")}),
        ("keep the oars", {("Boatman", "leads")}),
        ("Rope", {("Boatman", "leads")}),
        ("beer", {("Bar Crew", "leads")}),
        ("thanked", set()),
    ],
)
def test_a_pronoun_is_the_subject_of_the_sentence_before(words: str, expected: set[tuple[str, str]]) -> None:
    assert says(PEOPLE, words) == expected


POINTS = """# Boats

The ferry and the launch lie at the pier. Both are looked after by the Boatman, our oldest member.

A plan for floods hangs in the hall. Writing and rehearsing that plan each spring is up to the Warden.

Guests may stay. The Treasurer sets the prices of drinks and food each spring.
"""


@pytest.mark.parametrize(
    ("words", "topic"),
    [("Both are", "ferry"), ("rehearsing", "floods"), ("prices", "")],
)
def test_what_a_sentence_points_at_is_its_topic_too(words: str, topic: str) -> None:
    [stance] = line(POINTS, words).stances
    assert (topic in stance.topic) if topic else ("stay" not in stance.topic)


CASES = """# Keys

The Warden lends no skates. If the Boatman needs a key, they should find one in the shed.
When the Treasurer or the Boatman is ill, they must tell the club.
"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [("needs a key", {("Boatman", "leads")}), ("is ill", set())],
)
def test_a_pronoun_after_a_case_is_whom_the_case_names(words: str, expected: set[tuple[str, str]]) -> None:
    assert says(CASES, words) == expected


def test_a_step_for_readers_is_for_whom_they_turn_to() -> None:
    page = "The Skipper shall do the following when leaving:\n\n- If you have a locker, tell the Warden.\n"
    assert says(page, "locker") == {("Warden", "leads")}


GOES_ON = """The Warden shall:

- give keys to the Skipper
- let rooms, subject to approval by the Parish Council
- mend what the Bar Crew breaks
- not sell beer
- hear members if the Skipper does not answer
- together with the Treasurer, count the oars
"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("give keys", {("Warden", "leads")}),
        ("let rooms", {("Warden", "leads"), ("Parish Council", "supports")}),
        ("mend what", {("Warden", "leads")}),
        ("sell beer", {("Warden", "is not")}),
        ("hear members", {("Warden", "leads")}),
        ("count the oars", {("Warden", "shares"), ("Treasurer", "shares")}),
    ],
)
def test_who_an_item_names_is_not_who_acts(words: str, expected: set[tuple[str, str]]) -> None:
    assert says(GOES_ON, words) == expected


@pytest.mark.parametrize(
    "text",
    [
        ("The **Treasurer** is *responsible* for the accounts."),
        ("The [Treasurer](people.md#t) is responsible for the accounts."),
        ("The _Treasurer_ owns the accounts."),
        ("**The Treasurer owns the accounts.**"),
        ("The Treasurer owns the `accounts`."),
        ("`The Treasurer`_ owns the accounts_."),
        ("The :ref:`Treasurer <treasurer>` owns the accounts."),
    ],
)
def test_markup_does_not_weaken_what_is_said(text: str) -> None:
    [found] = split(text)
    plain = line("The Treasurer owns the accounts.", "accounts")
    assert [(s.role, s.relation, s.strength) for s in found.stances] == [
        (s.role, s.relation, s.strength) for s in plain.stances
    ]
    assert found.topic.strip("`") == "accounts"


def test_a_relative_clause_is_about_what_it_follows() -> None:
    found = line("The Treasurer pays all bills, except for drinks, which are paid by the Bar Crew.", "bills")
    topics = {s.role: s.topic for s in found.stances}
    assert "drinks" in topics["Bar Crew"]


def test_a_list_of_expectations_is_one_of_duties() -> None:
    text = "# Desk\n\n## Warden expectations and hints\n\nTokens lie about.\n\n- Review the tokens.\n"
    prose, item = (max(s.strength for s in g.stances) for g in split(text))
    assert prose < 0.3 <= item


def test_a_heading_may_give_a_topic_away() -> None:
    text = "## Keys (Warden)\n\nThere are nine keys, each with a number.\n"
    [stance] = line(text, "nine").stances
    assert stance.strength >= 0.3


@pytest.mark.parametrize(
    "text", ["(the Warden) " * 2_000, f"{'; ' * 20_000}the Warden may decide.", f"{'.' * 20_000} the Warden"]
)
def test_a_sentence_of_many_names_or_marks_does_not_take_forever(text: str) -> None:
    with within(5):
        split(text)


def test_a_rule_and_an_account() -> None:
    text = "The Warden should lock up. Last year a window broke."
    assert line(text, "lock up").force == "normative"
    assert line(text, "window").force == "descriptive"


def test_what_stands_twice_is_one_guideline() -> None:
    text = "The Warden locks up.\n\nThe Boatman sweeps.\n\nThe  Warden\nlocks up.\n"
    assert [g.text for g in split(text)] == ["The Warden locks up.", "The Boatman sweeps."]


def test_the_same_words_about_two_crews_are_two() -> None:
    text = "## Kitchen Crew\n\n- keys\n\n## Bar Crew\n\n- keys\n"
    assert [[s.role for s in g.stances] for g in split(text)] == [["Kitchen Crew"], ["Bar Crew"]]


def test_labels_are_what_a_person_would_say() -> None:
    text = "# Hall rules\n\n1. The Warden locks up.\n2. Guests sweep.\n\n## Keys\n\n3. Two keys exist.\n"
    text += "\nSilence.\n"
    labels = {g.text: g.label for g in split(text, "Hall rules")}
    assert labels["The Warden locks up."] == "Guideline 1"
    assert labels["Two keys exist."] == "Keys, item 3"
    assert labels["Silence."] == "Keys"


@pytest.mark.parametrize("text", ["", "\n\n\n", "# Only a heading\n", "| a | b |\n|---|---|\n", "---\n***\n"])
def test_a_document_without_a_sentence_has_no_guideline(text: str) -> None:
    assert split(text) == []


parts = st.sampled_from(
    [
        *(
            "# Kitchen Crew\n",
            "## Out of scope\n",
            "## Powers\n\n",
            "Article 3. The Skipper\n",
            "\n",
            "\n\n",
            "  ",
        ),
        *(
            "- soup and bread\n",
            "* The Warden may:\n",
            "  - lend keys;\n",
            "1. The Treasurer pays.\n",
            "(a) ",
        ),
        *(
            "| Task | Skipper | Owner |\n|---|---|---|\n",
            "| ropes | A | Boatman |\n",
            "|||\n",
            "Owner: Warden\n",
        ),
        *(
            "The Warden and the Boatman share it. ",
            "We do not. ",
            "It may.",
            "Q: Who?\nA: The Skipper.\n",
            "a",
        ),
        *(
            "Term\n: meaning\n",
            "> quoted\n",
            "```\ncode\n",
            "e.g. No. 5 (see below).",
            "\u00a0",
            "\t",
            "\r\n",
            "…",
        ),
    ]
)
documents = st.lists(parts, max_size=20).map("".join) | st.text()


@given(documents, st.sampled_from(["", "Kitchen Crew", "Rules of the Bar Crew and the Kitchen Crew", "…"]))
def test_promises_on_any_document(text: str, title: str) -> None:
    found = split(text, title)
    names = {role.name for role in BOOK.roles}
    assert len({g.id for g in found}) == len(found)
    assert all(a.start <= b.start for a, b in pairwise(found)), "in the order of the document"
    for g in found:
        assert g.doc == "papers/one.md"
        assert g.text == text[g.start : g.end]
        assert g.text == g.text.strip() != ""
        assert g.label
        assert all(phrase.strip() for phrase in g.phrases)
        for s in g.stances:
            assert s.role in names
            assert 0 < s.strength <= 1
            assert not s.topic or s.topic in g.phrases
    assert split(text, title) == found


@given(documents)
def test_without_roles_nobody_owns_anything(text: str) -> None:
    found = split_document(Document("a.md", "", text), RoleBook([]))
    assert all(g.stances == () for g in found)


NOTES = """# Archive Guild

Minutes of the meeting of 3 May

## 1. Lamps

The lamps are dim. The group laughed.

## 2. Boxes

The Archive Guild will:

- buy boxes
- sell the shelf
"""


def test_minutes_give_nothing_to_the_body_that_met() -> None:
    assert says(NOTES, "lamps are dim") == set()
    assert says(NOTES, "buy boxes") == {("Archive Guild", "leads")}
    assert says(NOTES.replace("Minutes of the meeting of 3 May", "What we do"), "lamps are dim") != set()


def test_a_name_alone_below_a_heading_has_what_the_heading_says() -> None:
    text = "# Parts\n\n## Old maps\n\nArchive Guild\n\n## Members\n\nArchive Guild (Hall 3)\n"
    first, second = (g.stances for g in split(text))
    assert [(s.role, s.relation, s.topic) for s in first] == [("Archive Guild", "leads", "Old maps")]
    assert max(s.strength for s in second) < 0.3 < first[0].strength


def test_a_member_is_no_duty_of_the_body() -> None:
    text = "# Archive Guild\n\nOf the guild are:\n\n- Ada Holt (ada@example.org)\n- lending boxes\n"
    assert says(text, "Ada Holt") == set()
    assert says(text, "lending boxes") == {("Archive Guild", "leads")}


def test_a_clause_for_an_absence_says_so() -> None:
    text = "Maps are scanned by the Archive Guild; while it is away, that falls to the Crew."
    assert [s.topic.startswith("in absence") for s in line(text, "Maps").stances][:1] == [False]


@pytest.mark.parametrize("title", ["Archive Guild: onboarding in 30 minutes", "Archive Guild Charter"])
def test_minutes_are_told_from_a_length_of_time(title: str) -> None:
    text = "# Charter\n\nMinutes of all meetings are kept for ten years.\n\n## Tasks\n\n- lending boxes\n"
    assert ("Archive Guild", "leads") in says(text, "lending boxes", title)
    assert says(text, "lending boxes", "Archive Guild, minutes") == set()


SIGNED = """# Buying

An order for boxes may be placed on the signature of:

- the Warden, up to 50 pounds;
- the Archive Guild, above 50 pounds and up to 900 pounds;
- nobody, above that.

The Crew is asked by:

- the Warden

Boxes are packed as follows:

- the Warden, who is strong
"""


@pytest.mark.parametrize(
    ("words", "role", "limit"),
    [("up to 50", "Warden", "up to 50"), ("up to 900", "Archive Guild", "above 50")],
)
def test_an_item_ends_the_sentence_above_the_list(words: str, role: str, limit: str) -> None:
    [stance] = next(g for g in split(SIGNED) if f"the {role}" in g.text and words in g.text).stances
    assert (stance.role, stance.relation, stance.inherited) == (role, "leads", False)
    assert stance.strength >= 0.9
    assert stance.topic.startswith("order for boxes")
    assert limit in stance.topic


def test_an_item_ends_a_denial() -> None:
    text = "The map room is not opened by:\n\n- the Warden\n\nHats are worn by:\n\n- the Archive Guild\n"
    assert says(text, "the Warden") == {("Warden", "is not")}
    assert max(s.strength for s in line(text, "the Archive Guild").stances) < 0.3


def test_a_sentence_that_has_ended_is_not_ended_again() -> None:
    assert line(SIGNED, "nobody").stances == ()
    assert max((s.strength for s in line(SIGNED, "who is strong").stances), default=0.0) < 0.7


def test_who_is_chosen_acts_and_who_chooses_has_that_alone() -> None:
    found = line("Maps are copied by an Archive Guild chosen by the Warden.", "Maps").stances
    strength = {s.role: s.strength for s in found}
    topic = {s.role: s.topic for s in found}
    assert strength["Warden"] < 0.5 * strength["Archive Guild"]
    assert "Maps" in topic["Archive Guild"]
    assert "Maps" not in topic["Warden"]


def test_each_step_is_whose_it_is() -> None:
    told = line("Bills are checked by the Boatman and then sent to the Treasurer for approval.", "Bills")
    about = {s.role: s.topic for s in told.stances}
    assert "checked" in about["Boatman"]
    assert "approval" not in about["Boatman"]
    assert "approval" in about["Treasurer"]
    assert "checked" not in about["Treasurer"]
    assert all("Bills" in topic for topic in about.values())


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("The Choir Director is elected.\n\nIt is up to the director to pick the hymns.\n", "Choir Director"),
        ("Ask the Regatta Committee.\n\nThe committee shall approve the hymns.\n", "Regatta Committee"),
        ("The Choir Director sings.\n\nThe director of the bank picks the hymns.\n", None),
        ("The Choir Director sings.\n\nThe Director General picks the hymns.\n", None),
        ("The Bar Crew pours.\n\nThe crew approves the hymns.\n", None),
        (
            "Ask the Regatta Committee.\n\nThe flower committee meets.\n\nThe committee approves hymns.\n",
            None,
        ),
        ("The Choir Director sings.\n\nThe director on duty picks the hymns.\n", None),
        ("The Choir Director sings.\n\nEach school has a director. The director picks the hymns.\n", None),
        (
            "Ask the Regatta Committee.\n\nThe committee of judges meets. The committee picks the hymns.\n",
            None,
        ),
        (
            "The Choir Director sings.\n\nThe deputy director helps. The director picks the hymns.\n",
            "Choir Director",
        ),
        ("# Rules\n\n## Song\n\nThe director picks the hymns.\n", None),
    ],
)
def test_an_office_goes_by_half_its_name_once_it_was_named(text: str, role: str | None) -> None:
    owners = {s.role for s in line(text, "hymns").stances if s.strength >= 0.3}
    assert owners == ({role} if role else set())


def test_half_a_name_means_the_one_of_its_section_and_nobody_where_two_are_named() -> None:
    book = RoleBook([Role("Regatta Committee"), Role("Berth Committee")])
    berths = "## Berths\n\nThe Berth Committee meets.\n\nThe committee lets the berths.\n"
    text = f"# Club\n\n## Races\n\nThe Regatta Committee meets.\n\n{berths}"
    found = split_document(Document("one.md", "", text), book)
    assert [s.role for g in found if "lets" in g.text for s in g.stances] == ["Berth Committee"]
    text = "# Club\n\nThe Regatta Committee and the Berth Committee meet.\n\nThe committee lets the berths.\n"
    assert not [
        s for g in split_document(Document("one.md", "", text), book) if "lets" in g.text for s in g.stances
    ]


def test_a_line_that_cannot_end_goes_on() -> None:
    link = "[Parish Council](https://parish.example/what/the/council/does/and/does/not/do)"
    text = f"Conduct falls under the authority of the\n{link}\nand its rules.\n"
    assert says(text, "Conduct") == {("Parish Council", "leads")}


def test_a_grading_gives_each_a_limit() -> None:
    found = line("Refunds: members up to 20, Boatman up to 50, the Skipper up to 250 euros.", "Refunds")
    assert [(s.role, s.relation) for s in found.stances] == [("Boatman", "leads"), ("Skipper", "leads")]
    assert ["up to 50" in s.topic for s in found.stances] == [True, False]
    assert all("Refunds" in s.topic for s in found.stances)


def test_what_people_get_is_no_grading() -> None:
    assert not line("Salaries: Boatman up to 20,000, Skipper up to 30,000.", "Salaries").stances


def test_an_item_that_is_a_sentence_of_its_own_names_its_own_owner() -> None:
    item = "- If it is about a boat, the Skipper will be the judge."
    text = f"Reports to the Warden are handled as follows:\n\n{item}\n"
    assert says(text, "about a boat") == {("Skipper", "leads")}


POLICY = """# Policy

Requests for an exception to this policy go to the Harbour Office.

## Owner

**Policy owner:** Skipper
"""


def test_what_a_document_calls_itself_has_its_title() -> None:
    one = line(POLICY, "exception", "Travel Policy")
    assert "exception to the Travel Policy" in one.topic
    assert "exception to the Travel Policy" in one.around
    assert "this policy" in one.text
    unnamed = line(POLICY, "exception", " ".join(["word"] * 11))
    assert "this policy" in unnamed.topic


def test_a_sentence_in_a_quotation_of_mail() -> None:
    text = "> Get approval from the Skipper\n> and the Warden by mail.\n"
    assert says(text, "approval") == {("Skipper", "shares"), ("Warden", "shares")}


def test_words_below_the_names_of_roles_in_a_table() -> None:
    head = "| To ... | Skipper | Warden | Parish Council |\n|---|---|---|---|\n"
    assert says(head + "| Lend a boat | Approval (in writing) | Notify | |\n", "Lend") == {
        ("Skipper", "leads")
    }
