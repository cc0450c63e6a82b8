"""Conversations over a boat club's papers, asked of the engine as it is served."""

from __future__ import annotations

import pytest

from chat.answer import Turn
from chat.app import open_quotes
from chat.engine import Engine
from ingest.embed import BundledEmbedder
from ingest.pipeline import build
from ingest.records import Role
from ingest.roles import RoleBook
from ingest.settings import Settings

BOOK = RoleBook(
    Role(name)
    for name in (
        *("Commodore", "Harbour Master", "Boatman", "Sailing Secretary", "Bar Steward", "Treasurer"),
        *("Race Officer", "Protest Panel", "Junior Officer", "Members' Warden", "Berthing Group"),
    )
)
MOORINGS = """---
published: 2024-03-01
---
# Moorings and boats

## Berths

Berths are allotted by the Harbour Master, except that those for visitors from abroad are given out by the
Sailing Secretary. If it is the Harbour Master who asks for a berth, it goes to the Commodore instead.
A berth that has stood empty for longer than ninety days is taken back by the Treasurer.

## Towing

A boat that drifts is towed by the Boatman. While he is away, it falls to the Race Officer.

## Hauling out

Hauling out a boat for up to five days is granted by the Boatman; a longer stay by the Commodore.

## Repairs

Repairs to the slipway up to 500 pounds are ordered by the Boatman and above that by the Commodore.
Every repair to the crane, whatever it costs, is ordered by the Treasurer.
If the price rises by more than 10 % over the offer, the order goes back to the Commodore.

## Lost oars

Whatever is brought in gets a tag, which is written out by the Race Officer. In spring the rest is sold.
"""
OLD = """# Moorings and boats, edition of 2011

> **Superseded.** Kept for the record.

Berths are allotted by the Bar Steward.
"""
HOUSE = """# House

## Lockers

Lockers are let by the Bar Steward and the Members' Warden together.
If they disagree, the Treasurer decides.

## Requests

A request for the minutes goes to the Sailing Secretary.
If somebody is unhappy with the reply, a review is carried out by the Commodore.

## Painting

The paint of the hall is chosen by the Bar Steward and paid for by the Treasurer.
We do not remove old paint, that is the task of the Boatman.

## Appointments

**Keeper of the bell:** the Race Officer, a member chosen by the Commodore.
"""
RACING = """# Racing

## Protests

Protests are heard by the Protest Panel. Its ruling is then published by the Sailing Secretary.
If the panel is short of sailors, its members are named by the Race Officer instead.
A sailor who disagrees with the ruling may appeal to the Commodore, who has the last word.

## Starts

A start lost to fog is sailed again when the Boatman says so, with the same oars and the same crew.

## Juniors

Entries of juniors are accepted by the Junior Officer, or by the Race Officer if she cannot be reached.
A junior may skip the swimming test once with the leave of the Junior Officer; a second time the Commodore
decides.
"""
MINUTES = """# Berthing Group

Minutes of the meeting of 4 May 2024

Present: Harbour Master, Treasurer

## 1. Lights

The lamps on the pier had failed twice. In future the Members' Warden changes them.

## 2. Gate

Nobody could say whose job it is to oil the gate.
"""


@pytest.fixture(scope="module")
def boats(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine over the club's papers."""
    folder = tmp_path_factory.mktemp("boats")
    (folder / "papers").mkdir()
    for name, text in (
        ("moorings", MOORINGS),
        ("racing", RACING),
        ("minutes", MINUTES),
        ("old", OLD),
        ("house", HOUSE),
    ):
        (folder / "papers" / f"{name}.md").write_text(text, "utf-8")
    build(corpus=folder / "papers", home=folder / "home", roles=BOOK, embedder=BundledEmbedder())
    return open_quotes(Settings(home=folder / "home"))


def owners(engine: Engine, *asked: str) -> set[str]:
    """Who is named for the last question after those before it."""
    before: list[Turn] = [{"role": "user", "content": text} for text in asked[:-1]]
    return set(engine.ask(asked[-1], before).owners)


@pytest.mark.parametrize(
    ("first", "then", "owner"),
    [
        # another case of it
        ("Who allots the berths?", "Even when it's a visitor from abroad?", "Sailing Secretary"),
        ("Who allots the berths?", "What if the Harbour Master asks for one himself?", "Commodore"),
        ("Who allots the berths?", "It is the Harbour Master himself who wants one.", "Commodore"),
        ("Who lets a junior skip the swimming test?", "Are you sure? It is the second time.", "Commodore"),
        # a case in words of its own
        ("Who hears protests?", "They are one man down, though.", "Race Officer"),
        # another amount
        ("Who grants hauling out a boat for three days?", "And for two weeks?", "Commodore"),
        ("Who orders repairs to the slipway for 300 pounds?", "Ours is 700, so who then?", "Commodore"),
        ("Who allots the berths?", "ok, but ours has been empty for four months", "Treasurer"),
        (
            "Who orders repairs to the slipway for 300 pounds?",
            "What if it comes out 15 % dearer?",
            "Commodore",
        ),
        # somebody is not there
        ("Who tows a boat that drifts?", "He isn't picking up. Who then?", "Race Officer"),
        ("Who tows a boat that drifts?", "And while he is on holiday?", "Race Officer"),
        ("Who tows a boat that drifts?", "He's off site all day, so who then?", "Race Officer"),
        ("Who tows a boat that drifts?", "It is his day off. Who does it?", "Race Officer"),
        ("Who tows a boat that drifts?", "The post is empty. Who does it?", "Race Officer"),
        ("Who accepts the entries of juniors?", "She can't be reached. Who does it then?", "Race Officer"),
        # what comes after it
        ("Who hears protests?", "And who takes it from there?", "Sailing Secretary"),
        ("Who hears protests?", "Right, and once they have ruled, who publishes it?", "Sailing Secretary"),
        ("Who hears protests?", "I think they got mine wrong. Who has the last word?", "Commodore"),
        # something else
        ("Who allots the berths?", "and the protests, who hears those?", "Protest Panel"),
    ],
)
def test_a_follow_up(boats: Engine, first: str, then: str, owner: str) -> None:
    assert owners(boats, first, then) == {owner}


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Who allots the berths?", "Harbour Master"),
        ("Who tows a boat that drifts?", "Boatman"),
        ("Who accepts the entries of juniors?", "Junior Officer"),
        ("Who lets a junior skip the swimming test?", "Junior Officer"),
        ("The crane needs a repair for 700 pounds. Which post orders it?", "Treasurer"),
        ("Who changes the lamps on the pier?", "Members' Warden"),
        ("Who orders a repair to the slipway of 400 pounds a year?", "Boatman"),
    ],
)
def test_the_rule_holds_where_no_case_is_put(boats: Engine, text: str, owner: str) -> None:
    assert owners(boats, text) == {owner}


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("Who changes the lamps on the pier?", "And the bicycles?"),
        ("Who changes the lamps on the pier?", "And while he is on holiday?"),
        ("", "Whose job is it to oil the gate?"),
        ("", "Who appoints the Bar Steward?"),
    ],
)
def test_what_the_papers_leave_out_is_nobodys(boats: Engine, first: str, then: str) -> None:
    assert owners(boats, *filter(None, (first, then))) == set()


def test_a_section_that_is_called_what_is_asked_for_covers_it(boats: Engine) -> None:
    """Its sentence shares no word with the question, one of another section has both."""
    assert boats.ask("who owns lost oars").owners == ("Race Officer",)
    assert boats.search("who owns lost oars")[0].signals.titled > 0.9
    assert boats.search("who varnishes lost oars of old wherries")[0].signals.titled == 0


@pytest.mark.parametrize(
    ("first", "then", "owner"),
    [
        ("Who lets lockers?", "And if they can't agree?", "Treasurer"),
        ("Who lets lockers?", "What if one says yes and the other no?", "Treasurer"),
        (
            "Where does a request for the minutes go?",
            "They are not happy with the reply. Who reviews it?",
            "Commodore",
        ),
        ("Who chooses the paint of the hall?", "And who pays for it?", "Treasurer"),
        ("Who is the keeper of the bell?", "Who chose them?", "Commodore"),
    ],
)
def test_what_comes_of_it(boats: Engine, first: str, then: str, owner: str) -> None:
    assert owners(boats, first, then) == {owner}


def test_a_second_question_may_lean_on_the_first(boats: Engine) -> None:
    answer = boats.ask("Who chooses the paint of the hall, and who pays for it?")
    assert answer.owners == ("Bar Steward", "Treasurer")


def test_what_no_longer_holds_gives_way(boats: Engine) -> None:
    answer = boats.ask("Who allots the berths?")
    assert answer.owners == ("Harbour Master",)
    assert next(p for p in boats.search("Who allots the berths?") if p.guideline.doc == "old.md").outdated


@pytest.mark.parametrize(
    "around",
    [
        "It is raining and the kettle is broken, and I have walked here from the station. {}",
        "{} My aunt would love to hear of it at her birthday.",
        "My sister swears that you are no use to anybody, so prove her wrong: {}",
    ],
)
def test_what_is_said_around_a_question_changes_nothing(boats: Engine, around: str) -> None:
    for question in ("Who allots the berths?", "Who tows a boat that drifts?", "Who hears protests?"):
        assert owners(boats, around.format(question)) == owners(boats, question) != set()
