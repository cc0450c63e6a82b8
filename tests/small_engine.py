"""An engine of a few lines: it answers by rule over documents written here, every word of them known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from chat.answer import Answer, Citation, Event, Statement, Turn, events
from chat.links import cited_url
from ingest.errors import QuestionError
from ingest.guidelines import split_document
from ingest.records import Document, Role
from ingest.roles import RoleBook

RULES = """# Who does what

The Bursar looks after money.

1. The Bursar should lead budgets & fees.
2. The Librarian should own the reading room.
"""
NOTES = "The Librarian speaks for readers."
BOOK = RoleBook([Role("Bursar"), Role("Librarian")])
NOTHING = Document("nothing.txt", "Nothing", "Nothing is for everybody.")


class SmallIndex:
    """The guidelines of some documents; no two of their phrases are near to each other."""

    def __init__(self, generation_id: str, documents: Mapping[str, Document]) -> None:
        self.id, self.roles, self.documents = generation_id, BOOK.roles, documents
        self.guidelines = [g for d in documents.values() for g in split_document(d, BOOK)]

    def phrase_vectors_of(self, rows: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Vectors of nothing, and where each row begins."""
        sizes = [len(self.guidelines[row].phrases) for row in rows]
        return np.zeros((sum(sizes), 4), dtype=np.float32), np.cumsum([0, *sizes])[:-1]


class SmallEngine:
    """Cites the first sentence that holds a word of the question; ``asked`` records every call."""

    def __init__(self, documents: Sequence[Document] = ()) -> None:
        given = documents or (
            Document("who does what.md", "Who does what", RULES, "House rules", "rules", "2018-07-09"),
            Document("notes/readers.txt", "Readers", NOTES),
        )
        self.documents: Mapping[str, Document] = {document.path: document for document in given}
        self.generation_id = "g1"
        self.generation = SmallIndex(self.generation_id, self.documents)
        self.asked: list[tuple[str, list[Turn]]] = []

    def for_groups(self, groups: Collection[str]) -> SmallEngine:
        """This one when ``groups`` may see all of its documents, else one over those that they may."""
        seen = [d for d in self.documents.values() if not d.access or set(d.access) & set(groups)]
        if len(seen) == len(self.documents):
            return self
        theirs = SmallEngine(seen or [NOTHING])
        theirs.asked = self.asked
        return theirs

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """A lead answer when a sentence about a role matches, else "not covered" with the nearest one."""
        self.asked.append((question, list(history)))
        if not question.strip():
            raise QuestionError("the question is empty; ask something such as 'Who should own budgets?'")
        if len(question) > 2000:
            raise QuestionError(f"the question has {len(question)} characters; ask with 2000 at the most")
        words = {word.strip("?.,").lower() for word in question.split()} - {"who", "the", "should", "own"}
        for document in self.documents.values():
            for line in document.text.splitlines():
                sentence = line.lstrip("0123456789. ")
                if (
                    words & {word.strip("?.,").lower() for word in sentence.split()}
                    and " should " in sentence
                ):
                    owner = sentence.split(" should ")[0].removeprefix("The ").strip()
                    return answer(question, owners=(owner,), citations=(cite(document, sentence),))
        first = next(iter(self.documents.values()))
        return answer(question, nearest=(cite(first, first.text.splitlines()[-1]),))

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        """The same answer, event by event."""
        return events(self.ask(question, history))


def cite(document: Document, sentence: str, number: int = 1) -> Citation:
    """A citation of ``sentence`` where it first stands in ``document``."""
    start = document.text.index(sentence)
    end = start + len(sentence)
    return Citation(
        number=number,
        doc=document.path,
        title=document.title,
        publisher=document.source,
        published=document.published,
        label="Guideline 1",
        quote=sentence,
        start=start,
        end=end,
        url=cited_url(document.path, start, end, sentence),
    )


def answer(
    question: str = "Who should own budgets?",
    *,
    owners: tuple[str, ...] = (),
    citations: tuple[Citation, ...] = (),
    nearest: tuple[Citation, ...] = (),
    supporting: tuple[str, ...] = (),
    asked: str = "",
    reason: str = "One guideline says so.",
    **changed: object,
) -> Answer:
    """An answer whose verdict follows from the number of owners; ``changed`` replaces any other field."""
    verdict = {0: "not_covered", 1: "lead"}.get(len(owners), "shared")
    fields: dict[str, object] = {
        "question": question,
        "asked": asked or question,
        "topic": "budgets",
        "verdict": verdict,
        "status": "not_covered" if verdict == "not_covered" else "supported",
        "owners": owners,
        "supporting": supporting,
        "statements": tuple(Statement(f"{c.quote}", (c.number,)) for c in citations),
        "text": " ".join(f"{c.quote} [{c.number}]" for c in citations) or "No document covers this.",
        "reason": reason,
        "citations": citations,
        "nearest": nearest,
        "answered_by": "extractive",
        "index": "g1",
        "timings_ms": {},
    }
    return Answer(**(fields | changed))  # type: ignore[arg-type]
