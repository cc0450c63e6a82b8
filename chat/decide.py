"""From evidence to a verdict: which roles the nearest guidelines give the topic to.

The rule, as a reader is told it: every near guideline votes for the roles it names, the more the nearer it
is, the plainer it says so, and the more it is a rule rather than a description. The roles with the most
votes own the topic; when another document gives it to somebody else with nearly as many, the documents
disagree.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chat import case, reasons
from chat.answer import Status, Verdict
from chat.case import VERY
from chat.evidence import Evidence, weigh
from chat.question import Question
from chat.retrieve import Passage
from ingest.records import CELL, Guideline
from ingest.speech import ABSENCE, UNDECIDED
from ingest.words import stems

FAINTER = 0.005  # the same, when nothing nearer says anything in plain words
RIVAL = 0.6  # another owner is shown as the other side when it has this share of the winner's votes
BESIDE = 0.08  # two owners in one guideline share the topic when their clauses are this equally near to it
PLAINER = 1.25  # who leads with so many times the weight of sharing it does not merely share it
HINT = 0.3  # below this strength a name is only a hint, used when nothing says more


# The label of an office beside another one.
_SECOND = re.compile(
    r"\W*(deputy|vice|co|former|acting|assistant|alternate|interim)\b\W*(?:\w+\W*){0,3}$", re.I
)


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict with the evidence for it and for the other side, heaviest first.

    ``about`` is the guideline that brings up the topic where the evidence goes on from it without its name.
    """

    verdict: Verdict
    status: Status
    owners: tuple[str, ...]
    supporting: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    against: tuple[Evidence, ...]
    reason: str
    about: Guideline | None = None


def decide(question: Question, passages: Sequence[Passage], covered: int) -> Decision:
    """The verdict on ``question``; the first ``covered`` of ``passages`` speak of its topic, none when 0."""
    if question.courtesy:
        return _uncovered("Nothing was asked. Ask for example: Who should own ...?")
    if question.next_step and (then := case.next_step(question, passages)):
        return _owners(_of_others(question, weigh([then])))
    if not covered or not passages:
        return _uncovered(reasons.SILENT)
    if question.frame == "fact":
        return Decision(
            "info", "supported", (), (), (), (), "The question asks for a fact, so the documents are quoted."
        )
    first = passages[0].guideline
    if UNDECIDED.search(first.text) and all(s.strength < HINT or s.inherited for s in first.stances):
        return _uncovered("The nearest passage says that nobody has been named.")
    spoken = case.narrowed(question, passages, covered)
    if spoken is None:
        return _uncovered("The nearest passages do not speak of this case.")
    passages, covered = spoken
    evidence = _of_others(question, weigh(passages, amount=question.amount))
    # Who is near the best passage, but not near enough to the question to be an answer alone, does not vote.
    told = {p.row for p in passages[:covered]}
    evidence = [e for e in evidence if e.same or e.passage.row in told]
    evidence = _offered(question, evidence)
    if question.frame == "support" or (question.absent and _in_a_table(evidence)):
        return _helpers(evidence)
    plain = _plain(evidence)
    if not plain and (
        after := _plain(_of_others(question, weigh(case.following(passages), amount=question.amount)))
    ):
        return replace(_owners(after), about=passages[0].guideline)
    plain = plain or _plain(_of_others(question, weigh(passages[:covered], FAINTER, question.amount)))
    return _owners(plain) if plain else _hinted(evidence)


def _offered(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence on those whom a question offers ("the clerk's or the bursar's?"), if it is near enough.

    Whoever else has something like it was not asked about.
    """
    if len(question.options) < 2:
        return list(evidence)
    rows = {
        e.passage.row
        for e in evidence
        if e.stance.role in question.options and e.stance.strength >= HINT and e.stance.relation != "supports"
    }
    chosen = [e for e in evidence if e.passage.row in rows]
    most = max((e.passage.share for e in chosen), default=0.0)
    return chosen if most >= RIVAL * max((e.passage.share for e in evidence), default=0.0) else list(evidence)


def _in_a_table(evidence: Sequence[Evidence]) -> bool:
    """Whether the best of it is a table row that has somebody beside the owner: the deputy."""
    best = [e for e in evidence if e.passage.row == evidence[0].passage.row]
    return any(e.stance.relation == "supports" and CELL in e.passage.guideline.text for e in best)


def _of_others(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence without those that something is done to, and without the deputies of who is asked for.

    Who appoints the clerk is not the clerk, and the vice-chair is not the chair.
    """
    others = [e for e in evidence if e.stance.role not in question.done_to or e.stance.relation == "shares"]
    # In an absence, whoever is named for it goes before who is named in the same guideline; else after.
    named = [question.absent == bool(ABSENCE.search(e.stance.topic)) for e in others]
    rows = {e.passage.row for e, suits in zip(others, named, strict=True) if suits}
    others = [e for e, suits in zip(others, named, strict=True) if suits or e.passage.row not in rows]
    if question.answered:
        # "... drafted by the clerk and signed by the mayor": who does the other thing is somebody else.
        new = {
            e.passage.row
            for e in others
            if e.stance.relation == "leads" and e.stance.role not in question.answered
        }
        others = [
            e
            for e in others
            if e.passage.row not in new
            or e.stance.relation != "leads"
            or e.stance.role not in question.answered
        ]
    if question.added:
        told: dict[int, int] = defaultdict(int)
        for e in others:
            told[e.passage.row] = max(told[e.passage.row], _told(question, e))
        others = [e for e in others if _told(question, e) == told[e.passage.row]]
    asked = question.asked.lower()
    first = [e for e in others if not ((m := _SECOND.match(e.stance.topic)) and m[1].lower() not in asked)]
    return first or others


def _told(question: Question, evidence: Evidence) -> int:
    """How many words of the case that is put a stance is about."""
    return len(question.added.intersection(stems(evidence.stance.topic)))


def _hinted(evidence: Sequence[Evidence]) -> Decision:
    """What is left when nobody is named in plain words: a name beside the very words of the question."""
    hints = [e for e in evidence if e.passage.cover >= VERY and not e.stance.inherited]
    decision = _owners(hints)
    if decision.verdict == "not_covered":
        return _uncovered(reasons.NOBODY)
    reason = reasons.hinted(decision.owners)
    return replace(decision, status="partial", reason=reason)


def _plain(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence, if it says of anybody in plain words that the topic is theirs."""
    plain = [e for e in evidence if e.stance.strength >= HINT]
    return plain if any(e.stance.relation in ("leads", "shares") for e in plain) else []


def _owners(evidence: Sequence[Evidence]) -> Decision:
    votes: dict[tuple[str, ...], float] = defaultdict(float)
    denied: dict[str, float] = defaultdict(float)
    sides: dict[int, list[Evidence]] = defaultdict(list)
    for e in evidence:
        sides[e.passage.row].append(e)
    for row in sides.values():
        for owners, weight in _claims(row).items():
            votes[owners] += weight
        for e in row:
            if e.stance.relation == "is not":
                denied[e.stance.role] += e.weight
    for owners in votes:
        if len(owners) == 1:  # "not hers alone" does not speak against sharing
            votes[owners] -= denied[owners[0]]
    ranked = sorted(((o, v) for o, v in votes.items() if v > 0), key=lambda x: -x[1])
    if not ranked:
        return _uncovered(reasons.NOBODY)
    ranked = _latest_first(ranked, evidence)
    winner, most = ranked[0]
    rivals = [o for o, v in ranked[1:] if v >= RIVAL * most and not set(o) <= set(winner)]
    documents = {
        e.passage.guideline.doc
        for e in evidence
        if e.stance.role in winner and e.stance.relation in ("leads", "shares")
    }
    conflict = [
        o
        for o in rivals
        if any(e.stance.role in o and e.passage.guideline.doc not in documents for e in evidence)
    ]
    for_it = tuple(
        e for e in evidence if e.stance.role in winner and e.stance.relation in ("leads", "shares")
    )
    other = {r for o in (conflict or rivals[:1]) for r in o if r not in winner}
    against = tuple(
        e
        for e in evidence
        if (e.stance.role in other and e.stance.relation in ("leads", "shares"))
        or (e.stance.role in winner and e.stance.relation == "is not")
    )
    supporting = tuple(
        dict.fromkeys(
            e.stance.role for e in evidence if e.stance.relation == "supports" and e.stance.role not in winner
        )
    )
    verdict: Verdict = "shared" if len(winner) > 1 else "lead"
    status: Status = "conflicting" if conflict else "supported"
    return Decision(
        verdict, status, winner, supporting, for_it, against, reasons.owned(winner, for_it, against)
    )


def _claims(row: Sequence[Evidence]) -> dict[tuple[str, ...], float]:
    """Whom one passage gives the topic to: those who share it together, else each who leads."""
    shares = [e for e in row if e.stance.relation == "shares"]
    leads = [e for e in row if e.stance.relation == "leads"]
    claims: dict[tuple[str, ...], float] = {}
    if shares:
        roles = tuple(sorted({e.stance.role for e in shares}))
        claims[roles] = max(e.weight for e in shares)
    # Who leads alone far more plainly than they share leads.
    leads = [
        e for e in leads if not any(e.stance.role in o and e.weight < PLAINER * w for o, w in claims.items())
    ]
    if not leads:
        return claims
    first = max(leads, key=lambda e: e.weight)
    together = [
        e
        for e in leads
        if abs(e.fit - first.fit) <= BESIDE and e.stance.strength >= 0.65 * first.stance.strength
    ]
    claims[tuple(sorted(e.stance.role for e in together))] = first.weight
    for e in leads:
        if e not in together:
            claims[(e.stance.role,)] = e.weight
    return claims


def _latest_first(
    ranked: list[tuple[tuple[str, ...], float]], evidence: Sequence[Evidence]
) -> list[tuple[tuple[str, ...], float]]:
    """Of owners of the same thing with nearly as many votes the one of the later document comes first."""

    def dated(owners: tuple[str, ...]) -> str:
        return max(
            (
                e.published
                for e in evidence
                if e.stance.role in owners and e.stance.relation in ("leads", "shares")
            ),
            default="",
        )

    winner, most = ranked[0]
    same = {e.stance.role for e in evidence if e.same}
    for rival in ranked[1:]:
        owners, votes = rival
        if (
            votes >= RIVAL * most
            and not set(owners) & set(winner)
            and not same.isdisjoint(owners)
            and dated(winner)
            and dated(owners) > dated(winner)
        ):
            return [rival, *(r for r in ranked if r is not rival)]
    return ranked


def _helpers(evidence: Sequence[Evidence]) -> Decision:
    """Who supports, is consulted or is informed."""
    helping = [e for e in evidence if e.stance.relation == "supports"]
    owning = [e for e in evidence if e.stance.relation in ("leads", "shares") and e.stance.strength >= HINT]
    if not helping:
        if not owning:
            return _uncovered("The nearest passages name nobody who supports it.")
        owners = tuple(dict.fromkeys(e.stance.role for e in owning if e.weight >= RIVAL * owning[0].weight))
        return Decision(
            "shared" if len(owners) > 1 else "lead",
            "partial",
            owners,
            (),
            tuple(owning),
            (),
            "The documents say who owns it, but not who supports it.",
        )
    names = tuple(dict.fromkeys(e.stance.role for e in helping if e.weight >= RIVAL * helping[0].weight))
    return Decision(
        "shared" if len(names) > 1 else "lead",
        "supported",
        names,
        names,
        tuple(helping),
        (),
        reasons.supported(names, helping),
    )


def _uncovered(reason: str) -> Decision:
    return Decision("not_covered", "not_covered", (), (), (), (), reason)
