"""From evidence to a verdict, on passages made by hand; the arithmetic is in the comments.

A passage's vote for a role is nearness x strength, times less for a description and for a further passage
of the same document. All passages here are equally near and normative unless a test says otherwise, so that
a vote is the strength alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.amounts import Amount
from chat.answer import Turn
from chat.conversation import understand
from chat.decide import Decision, decide
from chat.question import Frame, Question
from chat.retrieve import Passage
from chat.signals import Signals
from ingest.records import Force, Guideline, Relation, Role, Stance
from ingest.roles import RoleBook

QUESTIONS: dict[Frame, str] = {
    "owner": "Who should own lockers?",
    "support": "Who supports lockers?",
    "fact": "What do lockers cost?",
}
NEAR = Signals(**{f.name: 0.5 for f in fields(Signals)})


def question(frame: Frame = "owner") -> Question:
    asked = understand(QUESTIONS[frame], [], RoleBook([]))
    assert asked.frame == frame
    return asked


def says(role: str, relation: Relation = "leads", strength: float = 1.0) -> Stance:
    return Stance(role, relation, "lockers", strength)


def passages(*said: dict[str, Any]) -> list[Passage]:
    """A passage for each of ``said``: its stances, and whatever else of it matters."""
    total = sum(one.get("near", 1.0) for one in said)
    found = []
    for row, one in enumerate(said):
        stances: Sequence[Stance] = one["stances"]
        force: Force = one.get("force", "normative")
        guideline = Guideline(
            id=str(row), doc=one.get("doc", f"{row}.md"), start=0, end=7,
            text=one.get("text", "lockers"), label="", headings=(), lead_in="", stances=tuple(stances),
            force=force, topic="lockers",
        )  # fmt: skip
        near = one.get("near", 1.0)
        fits = tuple(one.get("fits", [0.8] * len(stances)))
        date = one.get("published", "")
        signals = replace(NEAR, amount=one.get("amount", 0.5), near_before=one.get("before", 0.0))
        like = one.get("alike", 0.0)
        found.append(
            Passage(
                row,
                guideline,
                signals,
                10.0 * near,
                near / total,
                fits,
                date,
                like,
                cover=one.get("cover", 0.5),
            )
        )
    return sorted(found, key=lambda p: -p.share)


def verdict(*said: dict[str, Any], frame: Frame = "owner") -> Decision:
    return decide(question(frame), passages(*said), len(said))


def test_one_guideline_one_owner() -> None:
    found = verdict({"stances": [says("Bursar")]})
    assert (found.verdict, found.status, found.owners) == ("lead", "supported", ("Bursar",))
    assert [e.stance.role for e in found.evidence] == ["Bursar"]
    assert found.against == ()
    assert "Bursar" in found.reason
    assert "1 guideline" in found.reason


def test_votes_of_several_documents_add_up() -> None:
    # Warden 0.5 + 0.5 = 1.0 against the Bursar's 0.3.
    found = verdict(
        {"stances": [says("Bursar", strength=0.3)]},
        {"stances": [says("Warden", strength=0.5)]},
        {"stances": [says("Warden", strength=0.5)]},
    )
    assert (found.verdict, found.status, found.owners) == ("lead", "supported", ("Warden",))
    assert "2 guidelines" in found.reason


def test_the_nearer_guideline_wins() -> None:
    # The same words; one is twenty times as near.
    found = verdict({"stances": [says("Bursar")], "near": 1.0}, {"stances": [says("Warden")], "near": 20.0})
    assert found.owners == ("Warden",)
    assert found.status == "supported"


def test_the_plainer_guideline_wins() -> None:
    # 1.0 against 0.3.
    found = verdict({"stances": [says("Bursar", strength=0.3)]}, {"stances": [says("Warden")]})
    assert found.owners == ("Warden",)


def test_a_rule_wins_over_an_account() -> None:
    found = verdict({"stances": [says("Bursar")], "force": "descriptive"}, {"stances": [says("Warden")]})
    assert found.owners == ("Warden",)


def test_neighbours_in_a_document_are_one_voice() -> None:
    # One document says 0.55 twice, its second passage counting less: under 1.0. The other says 1.0 once.
    found = verdict(
        {"stances": [says("Bursar", strength=0.55)], "doc": "one.md"},
        {"stances": [says("Bursar", strength=0.55)], "doc": "one.md"},
        {"stances": [says("Warden")], "doc": "other.md"},
    )
    assert found.owners == ("Warden",)


def test_a_guess_counts_only_when_nothing_is_said_plainly() -> None:
    hint = {"stances": [says("Bursar", strength=0.1)], "near": 3.0}
    assert verdict(hint, {"stances": [says("Warden")]}).owners == ("Warden",)
    assert verdict(hint).verdict == "not_covered"


def test_a_guess_beside_the_very_words_of_the_question_is_told_as_one() -> None:
    found = verdict({"stances": [says("Bursar", strength=0.1)], "cover": 1.0})
    assert (found.owners, found.status) == (("Bursar",), "partial")
    assert found.reason == "No guideline says so in plain words; the nearest names the Bursar."


def test_a_plain_word_counts_from_far_away_only_where_the_topic_is_spoken_of() -> None:
    near = {"stances": [says("Bursar", strength=0.1)], "near": 50.0}
    far = passages(near, {"stances": [says("Warden")]})
    assert decide(question(), far, 2).owners == ("Warden",)
    assert decide(question(), far, 1).verdict == "not_covered"


def test_the_same_topic_in_a_shorter_sentence_speaks_as_loud() -> None:
    # Of shares 0.8 and 0.2 the second would have (0.2/0.8)**0.7 = 0.38 of the first one's vote, no rival;
    # with the same topic and all the words it has 0.8**0.7 = 0.86.
    old = {"stances": [says("Bursar")], "near": 4.0, "published": "2020-01-01", "cover": 1.0}
    new = {"stances": [says("Warden")], "near": 1.0, "published": "2024-01-01", "fits": [0.5]}
    assert verdict(old, new).status == "supported"
    told = verdict(old, new | {"fits": [0.9], "cover": 1.0})
    assert (told.owners, told.status) == (("Warden",), "conflicting")


def test_one_who_shares_it_elsewhere_is_told_as_sharing() -> None:
    found = verdict(
        {"stances": [says("Bursar")]},
        {"stances": [says("Bursar", "shares", 0.9), says("Warden", "shares", 0.9)]},
    )
    assert found.owners == ("Bursar",)
    told = "1 guideline says that the Bursar leads; 1 guideline says that it is shared with the Warden."
    assert found.reason == told


def test_what_is_shared_names_all() -> None:
    found = verdict({"stances": [says("Bursar", "shares"), says("Warden", "shares")]})
    assert (found.verdict, found.status) == ("shared", "supported")
    assert set(found.owners) == {"Bursar", "Warden"}
    assert {e.stance.role for e in found.evidence} == {"Bursar", "Warden"}


def test_a_guideline_that_splits_a_topic_gives_it_to_both() -> None:
    """Both clauses are equally near: the what and the how."""
    found = verdict({"stances": [says("Bursar"), says("Warden")], "fits": [0.8, 0.8]})
    assert found.verdict == "shared"
    assert set(found.owners) == {"Bursar", "Warden"}


def test_the_clause_that_is_asked_for_decides() -> None:
    # "The Bursar owns the money; the Warden owns the lockers": the second clause is much nearer.
    found = verdict({"stances": [says("Bursar"), says("Warden")], "fits": [0.2, 0.9]})
    assert (found.verdict, found.owners) == ("lead", ("Warden",))


def test_documents_that_disagree() -> None:
    # 1.0 each, from two documents.
    found = verdict({"stances": [says("Bursar")]}, {"stances": [says("Warden")]})
    assert found.status == "conflicting"
    assert found.verdict == "lead"
    assert {e.stance.role for e in (*found.evidence, *found.against)} == {"Bursar", "Warden"}
    assert {e.stance.role for e in found.evidence} == set(found.owners), "each side stays apart"
    assert "Bursar" in found.reason
    assert "Warden" in found.reason


def test_of_two_that_disagree_the_later_document_comes_first() -> None:
    old = {"stances": [says("Bursar")], "published": "2011-02-03", "alike": 0.9}
    new = {"stances": [says("Warden")], "published": "2019-05-06", "alike": 0.9}
    assert verdict(old, new).owners == verdict(new, old).owners == ("Warden",)
    assert verdict(old, new).status == "conflicting"


def test_a_later_document_on_something_else_does_not_come_first() -> None:
    old = {"stances": [says("Bursar")], "published": "2011-02-03"}
    new = {"stances": [says("Warden")], "published": "2019-05-06", "near": 0.7, "fits": [0.2]}
    assert verdict(old, new).owners == ("Bursar",)


def test_who_says_the_same_counts_as_near_however_much_shorter_the_best_is() -> None:
    best = {"stances": [says("Bursar")], "near": 9.0}
    other = {"stances": [says("Warden")], "near": 1.0, "alike": 0.9, "fits": [0.3]}
    assert verdict(best, other).status == "conflicting"
    assert verdict(best, {**other, "alike": 0.2}).status == "supported"
    assert verdict(best, {**other, "cover": 0.1}).status == "supported"


def test_documents_that_agree_do_not_conflict() -> None:
    found = verdict({"stances": [says("Bursar")]}, {"stances": [says("Bursar")]})
    assert found.status == "supported"
    assert found.against == ()


def test_whoever_is_denied_does_not_own() -> None:
    # Bursar 0.9 - 0.9 = 0; Warden 0.6.
    found = verdict(
        {"stances": [says("Bursar", strength=0.9)]},
        {"stances": [says("Bursar", "is not", 0.9)]},
        {"stances": [says("Warden", strength=0.6)]},
    )
    assert found.owners == ("Warden",)


def test_not_one_but_the_other() -> None:
    found = verdict({"stances": [says("Bursar", "is not"), says("Warden")]})
    assert (found.verdict, found.owners) == ("lead", ("Warden",))


def test_a_denial_alone_gives_it_to_nobody() -> None:
    found = verdict({"stances": [says("Bursar", "is not")]})
    assert (found.verdict, found.owners) == ("not_covered", ())


def test_who_supports_is_no_owner() -> None:
    found = verdict({"stances": [says("Bursar"), says("Warden", "supports")]})
    assert (found.owners, found.supporting) == (("Bursar",), ("Warden",))
    alone = verdict({"stances": [says("Warden", "supports")]})
    assert (alone.verdict, alone.owners) == ("not_covered", ())


def test_asked_for_support_the_helpers_are_named() -> None:
    found = verdict({"stances": [says("Bursar"), says("Warden", "supports")]}, frame="support")
    assert found.owners == found.supporting == ("Warden",)
    assert found.status == "supported"
    assert {e.stance.role for e in found.evidence} == {"Warden"}


def test_asked_for_support_the_owner_is_half_an_answer() -> None:
    found = verdict({"stances": [says("Bursar")]}, frame="support")
    assert (found.status, found.owners, found.supporting) == ("partial", ("Bursar",), ())


def test_a_fact_has_no_owner() -> None:
    found = verdict({"stances": [says("Bursar")]}, frame="fact")
    assert (found.verdict, found.owners) == ("info", ())


@pytest.mark.parametrize("frame", ["owner", "support", "fact"])
def test_what_is_not_covered_has_no_owner(frame: Frame) -> None:
    for found in (
        decide(question(frame), passages({"stances": [says("Bursar")]}), 0),
        decide(question(frame), [], 0),
    ):
        assert (found.verdict, found.status) == ("not_covered", "not_covered")
        assert (found.owners, found.supporting, found.evidence, found.against) == ((), (), (), ())
        assert found.reason


def test_passages_that_name_nobody() -> None:
    assert verdict({"stances": []}, {"stances": []}).verdict == "not_covered"


def test_the_sentence_after_the_one_that_brings_up_the_topic_may_say_whose_it_is() -> None:
    topic = {"stances": [], "near": 9.0, "cover": 1.0, "doc": "a.md"}
    after = {"stances": [says("Bursar")], "near": 0.1, "doc": "a.md"}
    found = verdict(topic, after)
    assert found.owners == ("Bursar",)
    assert found.about is not None
    assert found.about.id == "0", "the sentence that it goes on from is shown as well"
    unknown = {**topic, "text": "Lockers are given out by the porter."}
    assert decide(question(), passages(unknown, after), 1).verdict == "not_covered"
    elsewhere = decide(question(), passages(topic, {**after, "doc": "b.md"}), 1)
    assert elsewhere.verdict == "not_covered"
    faint = decide(question(), passages({**topic, "cover": 0.1}, after), 1)
    assert faint.verdict == "not_covered", "it is not about the topic that is asked for"


def test_who_would_be_no_answer_alone_does_not_vote() -> None:
    best, far = {"stances": [], "near": 5.0, "cover": 0.1}, {"stances": [says("Bursar")], "near": 1.0}
    assert decide(question(), passages(best, far), 2).owners == ("Bursar",)
    assert decide(question(), passages(best, far), 1).verdict == "not_covered"
    assert decide(question(), passages(best, {**far, "alike": 0.9}), 1).owners == ("Bursar",)


def test_a_heading_is_no_hint_of_whose_a_sentence_is() -> None:
    inherited = replace(says("Bursar", strength=0.2), inherited=True)
    assert verdict({"stances": [inherited], "cover": 1.0}).verdict == "not_covered"
    assert verdict({"stances": [says("Bursar", strength=0.2)], "cover": 1.0}).owners == ("Bursar",)


def test_what_else_is_done_with_the_old_thing_is_told_where_the_answer_was() -> None:
    before: list[Turn] = [{"role": "user", "content": "Who writes the lockers' list?"}]
    asked = understand("And who approves it?", before, RoleBook([Role("Clerk"), Role("Warden")]))
    writes = {"stances": [says("Clerk")], "near": 9.0, "before": 2.0, "text": "The Clerk writes it."}
    approves = {"stances": [says("Warden")], "before": 2.0, "text": "It is approved by the Warden."}
    assert decide(asked, passages(writes, approves), 1).owners == ("Warden",)
    assert decide(asked, passages(writes, {**approves, "before": 1.0}), 1).owners == ("Clerk",)


relations = st.sampled_from(["leads", "shares", "supports", "is not"])
stances = st.builds(Stance, st.sampled_from("ABCD"), relations, st.just("lockers"), st.floats(0.05, 1.0))
saids = st.lists(
    st.fixed_dictionaries(
        {
            "stances": st.lists(stances, max_size=3),
            "near": st.floats(0.01, 50),
            "doc": st.sampled_from(["a.md", "b.md", "c.md"]),
            "force": st.sampled_from(["normative", "descriptive"]),
            "published": st.sampled_from(["", "2015", "2018-07-09"]),
        }
    ),
    min_size=1,
    max_size=6,
)


@given(saids, st.sampled_from(["owner", "support"]))
def test_never_an_owner_whom_no_evidence_names(said: list[dict[str, Any]], frame: Frame) -> None:
    found = verdict(*said, frame=frame)
    named = {"leads", "shares"} if frame == "owner" or found.status == "partial" else {"supports"}
    for owner in found.owners:
        assert any(e.stance.role == owner and e.stance.relation in named for e in found.evidence)
    assert len(set(found.owners)) == len(found.owners)
    assert found.verdict == {0: "not_covered", 1: "lead"}.get(len(found.owners), "shared")
    assert (found.status == "not_covered") == (found.verdict == "not_covered")
    assert frame == "support" or not set(found.owners) & set(found.supporting)
    assert found.reason


@given(saids)
def test_the_same_evidence_gives_the_same_verdict(said: list[dict[str, Any]]) -> None:
    assert verdict(*said) == verdict(*said)


UP_TO = Stance("Clerk", "leads", "lockers up to 500 euros", 1.0)
# As in "up to 500 the clerk, above that the mayor".
BEYOND = Stance("Mayor", "leads", "lockers up to 500 euros", 0.7)


@pytest.mark.parametrize(
    ("asked", "stances", "owners"),
    [
        ("Who buys lockers for 900 euros?", [UP_TO], ()),
        ("Who buys lockers for 400 euros?", [UP_TO], ("Clerk",)),
        ("Who buys lockers?", [UP_TO], ("Clerk",)),
        ("Who buys lockers for 900 euros?", [UP_TO, BEYOND], ("Mayor",)),
        ("Who buys lockers for 400 euros?", [UP_TO, BEYOND], ("Clerk",)),
        ("Who buys lockers for 900 euros?", [UP_TO, replace(BEYOND, topic="lockers")], ("Mayor",)),
    ],
)
def test_who_may_only_up_to_a_limit_does_not_own_what_lies_beyond(
    asked: str, stances: list[Stance], owners: tuple[str, ...]
) -> None:
    decision = decide(understand(asked, [], RoleBook([])), passages({"stances": stances}), 1)
    assert decision.owners == owners


def test_a_limit_on_what_two_share_holds_for_both() -> None:
    both = [Stance(role, "shares", "lockers up to 500 euros", 1.0) for role in ("Clerk", "Mayor")]
    asked = understand("Who buys lockers for 900 euros?", [], RoleBook([]))
    assert decide(asked, passages({"stances": both}), 1).verdict == "not_covered"


def answered(text: str, *said: dict[str, Any]) -> Decision:
    asked = understand(text, [], RoleBook([Role("Bursar"), Role("Warden"), Role("Clerk")]))
    return decide(asked, passages(*said), len(said))


def test_who_something_is_done_to_does_not_do_it() -> None:
    text = "The Bursar has the lockers."
    does, done = {"stances": [says("Bursar")], "near": 3.0}, {"stances": [says("Warden")]}
    found = answered("Who appoints the Bursar?", does | {"text": text}, done | {"text": text})
    assert found.owners == ("Warden",)
    shared = {"stances": [says("Bursar", "shares"), says("Warden", "shares")], "text": text}
    assert set(answered("Who appoints the Bursar?", shared).owners) == {"Bursar", "Warden"}


def test_who_appoints_somebody_is_not_told_by_who_appoints_another() -> None:
    clerk = {"stances": [says("Warden")], "text": "The Clerk is appointed by the Warden."}
    assert answered("Who appoints the Bursar?", clerk).owners == ()
    assert answered("Who appoints the Clerk?", clerk).owners == ("Warden",)
    named = {"stances": [says("Warden")], "text": "The Master of the Keys is appointed by the Warden."}
    book = RoleBook([Role("Bursar", ("Master of the Keys",)), Role("Warden")])
    asked = understand("Who appoints the Bursar?", [], book)
    assert decide(asked, passages(named), 1).owners == ("Warden",)


def test_a_deputy_is_not_who_is_asked_for() -> None:
    deputy = {"stances": [replace(says("Warden"), topic="Deputy chair")], "near": 3.0}
    chair = {"stances": [replace(says("Clerk"), topic="Chair")]}
    assert answered("Who chairs the lockers panel?", deputy, chair).owners == ("Clerk",)
    assert answered("Who is the deputy chair?", deputy, chair).owners == ("Warden",)
    assert answered("Who chairs the lockers panel?", deputy).owners == ("Warden",)  # better than nobody


def test_who_stands_in_is_said_where_an_absence_is_spoken_of() -> None:
    usual = {"stances": [says("Bursar")], "near": 9.0}
    absent = {"stances": [says("Warden")], "text": "In her absence the Warden sees to the lockers."}
    assert answered("Who sees to the lockers if she is away?", usual, absent).owners == ("Warden",)
    row = {"stances": [says("Bursar"), says("Clerk", "supports")], "text": "Lockers | Bursar | Deputy Bursar"}
    assert answered("Who is the deputy for lockers?", row).owners == ("Clerk",)


def test_somebody_elses_deputy_does_not_stand_in() -> None:
    book = RoleBook([Role("Bursar"), Role("Warden"), Role("Clerk")])
    asked = understand("And if she is ill?", [{"role": "user", "content": "Who sees to the lockers?"}], book)
    rule = {"stances": [says("Bursar")], "near": 9.0, "before": 2.0}
    deputy = {"stances": [says("Warden")], "text": "The Warden stands in for the Clerk.", "before": 1.0}
    ours = deputy | {"text": "The Warden stands in for the Bursar."}

    def owners(other: dict[str, Any]) -> tuple[str, ...]:
        first, second = passages(rule, other)
        return decide(asked, [replace(first, after=0), second], 2).owners

    assert owners(deputy) == ()
    assert owners(ours) == ("Warden",)


def test_what_is_left_open_has_no_owner() -> None:
    for text in ("Who sees to the lockers was left open.", "The lockers are nobody's job at present."):
        left: dict[str, Any] = {"stances": [], "text": text, "near": 9.0}
        found = answered("Who sees to the lockers?", left, {"stances": [says("Warden")]})
        assert (found.verdict, found.owners) == ("not_covered", ())
        assert "nobody has been named" in found.reason


def test_beyond_a_limit_whoever_has_the_next() -> None:
    row = {
        "stances": [
            replace(says("Clerk"), topic="lockers up to 500"),
            replace(says("Warden"), topic="larger ones, up to 5,000"),
        ]
    }
    first = understand("Who buys lockers for 300 euros?", [], RoleBook([]))
    larger = replace(first, amount=Amount(300, beyond=True))
    assert decide(first, passages(row), 1).owners == ("Clerk",)
    assert decide(larger, passages(row), 1).owners == ("Warden",)


def test_what_lies_beyond_goes_on_from_the_limit_before() -> None:
    before: list[Turn] = [{"role": "user", "content": "Who buys lockers up to 500 euros?"}]
    asked = understand("And above that?", before, RoleBook([Role("Clerk"), Role("Warden"), Role("Skipper")]))
    limited = {"stances": [replace(says("Clerk"), topic="lockers up to 500")], "amount": -1.0, "near": 9.0}
    desk = {"stances": [says("Skipper")], "amount": 0.0, "near": 2.0, "before": 2.0}
    above = {"stances": [replace(says("Warden"), topic="up to 500: lockers")], "before": 2.0, "amount": 1.0}
    assert decide(asked, passages(limited, desk, above), 3).owners == ("Warden",)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("CMO", "the CMO leads"),
        ("Head of Sales", "the Head of Sales leads"),
        ("Release Managers", "the Release Managers lead"),
        ("Production Planning", "Production Planning leads"),
        ("Ada Holt", "Ada Holt leads"),
        ("HR", "HR leads"),
    ],
)
def test_names_stand_in_a_sentence_as_people_say_them(name: str, told: str) -> None:
    assert verdict({"stances": [says(name)]}).reason == f"1 guideline says that {told}."


def test_a_condition_is_to_be_spoken_of() -> None:
    usual = {"stances": [says("Bursar")], "near": 9.0}
    night = {"stances": [says("Warden")], "text": "At night the Warden sees to the lockers."}
    asked: list[Turn] = [{"role": "user", "content": "Who sees to the lockers?"}]
    question = understand("and at night?", asked, RoleBook([Role("Bursar"), Role("Warden")]))
    assert decide(question, passages(usual, night), 2).owners == ("Warden",)
    assert decide(question, passages(usual), 1).verdict == "not_covered"


def test_an_amount_beyond_all_that_is_near_is_not_covered() -> None:
    limited = {"stances": [replace(says("Clerk"), topic="lockers up to 500")], "amount": -1.0}
    other = {"stances": [says("Warden")], "near": 0.01}
    asked = understand("Who buys lockers for 900 euros?", [], RoleBook([]))
    assert decide(asked, passages(limited, other), 1).verdict == "not_covered"
    assert decide(asked, passages(limited, other), 2).owners == ("Warden",)


def test_of_those_who_are_offered_one_goes_before_whoever_else_is_near() -> None:
    roles = RoleBook([Role("Clerk"), Role("Warden"), Role("Skipper")])
    asked = understand("Are lockers the clerk's or the warden's?", [], roles)
    assert asked.options == ("Clerk", "Warden")
    offered = {"stances": [says("Clerk", strength=0.7)]}
    other = {"stances": [says("Skipper")], "doc": "other.md"}
    assert decide(asked, passages(offered, other), 2).owners == ("Clerk",)
    # but not when the documents hardly speak of either
    far = {"stances": [says("Clerk", strength=0.7)], "near": 0.1}
    assert decide(asked, passages(other, far), 2).owners == ("Skipper",)
