"""The answer to one question in words: who owns it, or that nobody is named, and the quotes it rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat import reasons
from chat.answer import Statement
from chat.decide import Decision
from chat.question import Question
from ingest.people import names_several

_ALONE = re.compile(r"\b(?:alone|solely|exclusively|only|by\s+(?:it|her|him)self)\b", re.IGNORECASE)


def text(question: Question, decision: Decision, statements: Sequence[Statement], *, several: bool) -> str:
    """The answer to one question in Markdown; with ``several`` it says which question it answers."""
    names = _and([f"**{o}**" for o in decision.owners])
    claimed = claim(question, decision)
    helps = question.frame == "support" and bool(decision.supporting)
    ending = "" if decision.owners and names_several(decision.owners[-1]) else "s"
    heads = {
        "lead": f"{names} support{ending}." if helps else f"{names} lead{ending}.",
        "shared": f"{names} support it." if helps else f"Shared by {names}.",
        "info": "From the documents:",
        "not_covered": "No document covers this."
        if decision.reason == reasons.SILENT
        else "No document says whose this is.",
    }
    head = f"{claimed}. {heads[decision.verdict]}" if claimed else heads[decision.verdict]
    if several:
        head = f"{question.asked.rstrip('?')}? {head}"
    if decision.status == "conflicting":
        head += " The documents disagree; both sides are quoted."
    lines = [f"- {s.text} {''.join(f'[{n}]' for n in s.citations)}" for s in statements]
    return "\n".join([head, "", *lines]).strip()


def claim(question: Question, decision: Decision) -> str:
    """Yes or no to a question that puts somebody forward as the owner; "" to any other."""
    owners, claimed = decision.owners, question.options
    if not (question.yes_no and owners and claimed) or decision.status == "partial":
        return ""
    if claimed[0] not in owners:
        return "No"
    if len(owners) == 1:
        return "Yes"
    return "No, not alone" if _ALONE.search(question.text) else "Yes, but not alone"


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""
