"""The case that a question puts: which of the passages found speak of it, and which go on from another."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from chat import leaning, paths
from chat.question import Question
from chat.retrieve import Passage
from ingest.speech import ABSENCE
from ingest.words import stems

VERY = 0.6  # the share of the question's words from which on a passage is about its very topic
PART = 0.5  # the part of the words that the best passage has, which one about the same thing has as well
NEAR = 0.55  # the cosine from which on a passage is about it whatever its words
LATER = 3  # how many guidelines further on the next step may stand
FIRST = 3  # among so many of the nearest a passage may speak of a case in other words
AFTER = 2  # how many guidelines after the one that brings up a topic may say whose it is

# What sets a rule apart from the one beside it.
_OTHERWISE = re.compile(
    r"\b(?:if|when|where|unless|except|should|otherwise|in\s+case|instead|longer|more|larger|higher|beyond|above|over|only\s+then)\b",
    re.IGNORECASE,
)
# Said of a standing authority as well as of an absence; to a question for an absence it is an answer.
_REPRESENTED = re.compile(r"\b(?:is|are)\s+represented\s+by\b", re.IGNORECASE)
_OWNING = ("leads", "shares")
# Somebody is named whom no list of roles knows.
_SOMEBODY = re.compile(r"\b\w+(?:ed|en|[wn]n|id)\s+(?:\w+\s+)?by\s+(?:the|an?|our|its|your)\b", re.I)


def narrowed(
    question: Question, passages: Sequence[Passage], covered: int
) -> tuple[Sequence[Passage], int] | None:
    """The passages that speak of the case ``question`` puts, and how many of them, best first, are covered.

    All of them when it puts none; None when it puts one that no covered passage speaks of.
    """
    asked = paths.paths(question.text)
    if any(paths.beside(asked, p.guideline.text) for p in passages[:covered]):
        # A path is no topic to be near to: what is said of another one says nothing of this one.
        passages, covered = _only(passages, covered, lambda p: paths.named(asked, _headed(p)))
    alone = not (question.absent or question.previous) and len({*question.terms} - {*question.objects}) <= 1
    if question.known_as and alone:
        # Who appoints the porter is not told by who appoints the clerk.
        passages, covered = _only(passages, covered, lambda p: _names(question, p))
    if not covered:
        return None
    if (
        question.added
        and question.previous is None
        and not any(_meets(question, p) for p in passages[:covered])
    ):
        question = replace(question, added=frozenset())  # nothing but doubted
    if question.supposed and (told := _of_case(question, passages)):
        return told, len(told)
    # What stands just after the answer before may be said in few words: "If she is away, the porter does it."
    speaking = [
        p
        for n, p in enumerate(passages)
        if (n < covered or question.deed or (question.absent and _just_after(p))) and _meets(question, p)
    ]
    if question.absent and (before := next((p for p in passages if p.after == 0), None)):
        speaking = [p for p in speaking if _stands_in(p, before)]
    if not speaking:
        return None if question.amount is not None or question.previous is not None else (passages, covered)
    beside = _beside(question, speaking)
    if beside:
        return beside, len(beside)
    return [p for p in passages if _meets(question, p)], min(len(speaking), covered)


def following(passages: Sequence[Passage]) -> list[Passage]:
    """What follows the best passage in its section when that only brings up the topic.

    "Petty cash stands at 400 euros. The clerk keeps the box."
    """
    best = passages[0]
    here = best.guideline
    very = best.cover >= VERY or best.signals.sentence >= NEAR
    if here.stances or not very or _SOMEBODY.search(here.text):
        return []
    return [
        p
        for p in passages
        if p.guideline.doc == here.doc
        and p.guideline.headings == here.headings
        and 0 < p.row - best.row <= AFTER
        and not any(s.inherited for s in p.guideline.stances)
    ]


def next_step(question: Question, passages: Sequence[Passage]) -> Passage | None:
    """Where the section of the conversation gives the next thing to somebody else; those stances alone."""
    here = next((p for p in passages if p.after == 0), None)
    if here is None:
        return None
    first = next((s for s in here.guideline.stances if s.relation in _OWNING), None)
    if first is None:
        return None
    said = set(stems(question.text))
    near = [p for p in passages if p.after is not None and 0 <= p.after <= LATER]
    for passage in sorted(near, key=lambda p: (-len(said.intersection(stems(p.guideline.text))), p.row)):
        guideline = passage.guideline
        kept = [
            s.relation in _OWNING
            and s.role != first.role
            and s.topic != (first.topic if passage is here else "")
            and not s.inherited
            for s in guideline.stances
        ]
        if any(kept):
            stances = tuple(s for s, k in zip(guideline.stances, kept, strict=True) if k)
            fits = tuple(f for f, k in zip(passage.fits, kept, strict=True) if k)
            return replace(passage, guideline=replace(guideline, stances=stances), fits=fits)
    return None


def _of_case(question: Question, passages: Sequence[Passage]) -> list[Passage]:
    """Of the section of the conversation what speaks of the case that is told, else of any other case."""
    section = [p for p in passages if p.signals.near_before > 1 and p.guideline.stances]
    counts = [len(question.added.intersection(stems(p.guideline.text))) for p in section]
    most = max(counts, default=0)
    best = passages[0].guideline
    if best.stances and len(question.added.intersection(stems(best.text))) > most:
        return []  # the best passage speaks of it, wherever it stands
    if most and most >= PART * len(question.added):
        return [p for p, count in zip(section, counts, strict=True) if count == most]
    others = [p for p in section if (p.after or 0) > 0 and _OTHERWISE.search(p.guideline.text)]
    if leaning.CASE.match(question.text):
        return others
    # "it is a big one", and what is near and stands just there is about big ones in other words
    return [p for p in others if _just_after(p) and p in passages[:FIRST]][:1]


def _just_after(passage: Passage) -> bool:
    return passage.after is not None and 0 < passage.after <= AFTER


def _stands_in(passage: Passage, before: Passage) -> bool:
    """Whether somebody's absence, spoken of in ``passage``, may be that of the owner named in ``before``.

    It may within the section; elsewhere the passage has to say whose it is.
    """
    said = set(stems(passage.guideline.text))
    return passage.after is not None or any(said.issuperset(stems(s.role)) for s in before.guideline.stances)


def _only(
    passages: Sequence[Passage], covered: int, speaks: Callable[[Passage], bool]
) -> tuple[Sequence[Passage], int]:
    kept = [speaks(p) for p in passages]
    return [p for p, k in zip(passages, kept, strict=True) if k], sum(kept[:covered])


def _headed(passage: Passage) -> str:
    return " ".join((*passage.guideline.headings, passage.guideline.text))


def _names(question: Question, passage: Passage) -> bool:
    """Whether a passage or what stands beside it names somebody that something is done to."""
    guideline = passage.guideline
    said = set(stems(" ".join((guideline.text, guideline.around, *guideline.headings))))
    return any(said.issuperset(stems(name)) for name in question.known_as)


def _meets(question: Question, passage: Passage) -> bool:
    """Whether a passage speaks of an absence, an amount or a condition that a question puts."""
    text = passage.guideline.text
    return (
        (not question.absent or bool(ABSENCE.search(text) or _REPRESENTED.search(text)))
        and (passage.signals.amount >= 0 or len(passage.guideline.stance_topics) > 1)
        and (not question.added or not question.added.isdisjoint(stems(text)))
    )


def _beside(question: Question, speaking: Sequence[Passage]) -> list[Passage]:
    """Of the passages that speak of the case those that stand where the answer before it stood.

    "And above that?" begins where its limit ends, and "it is four months old" is held against its limits;
    "and when she is away?", "and who decides on it?" is mostly told beside it.
    """
    section = [p for p in speaking if p.signals.near_before > 1]
    if question.deed:
        said = [len(set(question.deed).intersection(stems(p.guideline.text))) for p in section]
        return [p for p, n in zip(section, said, strict=True) if n and n == max(said)]
    if question.amount is not None and question.amount.beyond:
        return [p for p in section if p.signals.amount > 0 or leaning.BEYOND.search(p.guideline.text)]
    if question.amount is not None and question.context:
        least = PART * max(p.cover for p in speaking)
        return [p for p in section if p.signals.amount > 0 and (p.cover >= least or _just_after(p))]
    if question.absent and question.previous is not None:
        return [p for p in section if p.after == 0 or _just_after(p)] or [
            p for p in speaking if p.signals.near_before
        ]
    return []
