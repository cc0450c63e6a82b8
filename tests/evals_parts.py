"""Small documents, cases, answers and askers that the tests of the eval suite are put together from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chat.answer import Answer, Citation, Turn, Verdict
from evals.cases import Case, Gold
from evals.measures import Judge
from ingest.records import Document

TRAVEL = Document(
    path="travel.md",
    title="Travel",
    text="The Finance Chief should own travel.\n\n"
    "1. Hotels are booked by the Office Desk. Trains are shared.",
)
PETS = Document(path="pets.md", title="Pets", text="Pets are welcome. The Office Desk feeds them.")
DOCUMENTS = {document.path: document for document in (TRAVEL, PETS)}
ALIASES = {"cfo": "Finance Chief"}


def canonical(name: str) -> str:
    return ALIASES.get(name.casefold(), name)


JUDGE = Judge(DOCUMENTS, canonical)
STATED = Judge(DOCUMENTS, canonical, scoring="owners")


def cite(quote: str, document: Document = TRAVEL, number: int = 1) -> Citation:
    """A citation of the first place where the quote stands in the document."""
    start = document.text.index(quote)
    return Citation(
        number=number,
        doc=document.path,
        title=document.title,
        publisher="",
        published="",
        label="Guideline 1",
        quote=quote,
        start=start,
        end=start + len(quote),
        url=f"/sources/{document.path}",
    )


def answer(
    verdict: Verdict,
    *owners: str,
    citations: Sequence[Citation] = (),
    nearest: Sequence[Citation] = (),
    text: str = "",
    question: str = "",
) -> Answer:
    return Answer(
        question=question,
        asked=question,
        topic="",
        verdict=verdict,
        status="not_covered" if verdict == "not_covered" else "supported",
        owners=owners,
        supporting=(),
        statements=(),
        text=text,
        reason="",
        citations=tuple(citations),
        nearest=tuple(nearest),
        answered_by="extractive",
        index="0a1b",
    )


def case(
    verdict: Verdict,
    *owners: str,
    id: str = "c1",  # noqa: A002 - the name of the field
    question: str = "Who owns travel?",
    gold: str = "",
    doc: str = "travel.md",
    kind: str = "direct",
    accept: Sequence[str] = (),
    must_contain: Sequence[str] = (),
    history: Sequence[Turn] = (),
) -> Case:
    """A case; without a gold quote one that asks about owners gets the first sentence about travel."""
    quote = gold or ("The Finance Chief should own travel." if owners else "")
    return Case(
        id=id,
        question=question,
        owners=owners,
        verdict=verdict,
        gold=(Gold(doc=doc, quote=quote),) if quote else (),
        kind=kind,
        accept=tuple(accept),
        must_contain=tuple(must_contain),
        history=tuple(history),
    )


@dataclass
class Scripted:
    """An asker that knows its answers, and raises an exception that stands in place of one."""

    answers: Mapping[str, Answer | BaseException]
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        reply = self.answers[question]
        if isinstance(reply, BaseException):
            raise reply
        return reply
