"""The engine: a question and the conversation before it in, a checked answer with its citations out."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from chat import decide, question
from chat.answer import Answer, Citation, Statement, Turn
from chat.coverage import Coverage
from chat.decide import Decision, Evidence
from chat.jargon import Jargon
from chat.question import Question
from chat.retrieve import Embedder, Passage, Retriever
from chat.spelling import Speller
from ingest.index import Generation
from ingest.records import Document, Guideline
from ingest.roles import RoleBook

MOST_CITED = 4
MOST_NEAREST = 3


class Engine:
    """Answers questions from one generation of the index; safe to share between threads."""

    def __init__(self, generation: Generation, embedder: Embedder, coverage: Coverage) -> None:
        self.generation = generation
        self.roles = RoleBook(generation.roles)
        self._coverage = coverage
        self._retriever = Retriever(generation, embedder)
        self._jargon = Jargon(generation.glossary)
        names = [n for r in generation.roles for n in (r.name, *r.aliases)] + [w for t in generation.glossary for w in (t.term, *t.means)]
        self._speller = Speller((d.text for d in generation.documents.values()), names)

    @property
    def documents(self) -> Mapping[str, Document]:
        return self.generation.documents

    @property
    def generation_id(self) -> str:
        return self.generation.id

    def ask(self, text: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer ``text`` after the turns in ``history``, oldest first.

        Raises QuestionError when the question is empty, too long or not text.
        """
        started = time.perf_counter()
        asked = self._understand(text, history)
        understood = time.perf_counter()
        passages = self._retriever.search(asked)
        found = time.perf_counter()
        decision = decide.decide(asked, passages, self._coverage.covers(asked, passages))
        answer = self._answer(text, asked, passages, decision)
        ended = time.perf_counter()
        answer.timings_ms.update(
            understand=1e3 * (understood - started), retrieve=1e3 * (found - understood),
            decide=1e3 * (ended - found), total=1e3 * (ended - started),
        )
        return answer

    def rank(self, text: str, history: Sequence[Turn] = ()) -> list[Guideline]:
        """What retrieval returns for a question, best first, before anything is decided."""
        return [p.guideline for p in self._retriever.search(self._understand(text, history))]

    def _understand(self, text: str, history: Sequence[Turn]) -> Question:
        text = self._speller.correct(question.check(text))
        return self._jargon.expand(question.understand(text, history, self.roles))

    def _answer(self, text: str, asked: Question, passages: Sequence[Passage], decision: Decision) -> Answer:
        citations: list[Citation] = []
        statements: list[Statement] = []
        if decision.verdict == "info":
            chosen = [(p.guideline, "") for p in passages[:MOST_CITED]]
        else:
            chosen = _chosen(decision)
        for guideline, namer in chosen:
            statements.append(self._statement(guideline, namer, citations))
        nearest: tuple[Citation, ...] = ()
        if decision.verdict == "not_covered":
            nearest = tuple(
                self._citation(k + 1, p.guideline.doc, p.guideline.start, p.guideline.end, p.guideline.label)
                for k, p in enumerate(passages[:MOST_NEAREST])
            )
        return Answer(
            question=text, asked=asked.asked, topic=asked.topic, verdict=decision.verdict, status=decision.status,
            owners=decision.owners, supporting=decision.supporting, statements=tuple(statements),
            text=_text(decision, statements), reason=decision.reason, citations=tuple(citations), nearest=nearest,
            answered_by="extractive", index=self.generation.id,
        )

    def _statement(self, guideline: Guideline, role: str, citations: list[Citation]) -> Statement:
        """The guideline's own words; with the lead-in that names the role when the guideline itself does not."""
        parts, numbers = [], []
        for start, end in (*self._namer(guideline, role), (guideline.start, guideline.end)):
            citation = self._citation(len(citations) + 1, guideline.doc, start, end, guideline.label)
            citations.append(citation)
            numbers.append(citation.number)
            parts.append(" ".join(citation.quote.split()))
        return Statement(" ".join(f"“{p}”" for p in parts), tuple(numbers))

    def _namer(self, guideline: Guideline, role: str) -> list[tuple[int, int]]:
        """Where the lead-in or heading stands that names ``role`` for a guideline that does not."""
        if not role or any(s.role == role and not s.inherited for s in guideline.stances):
            return []
        text = self.documents[guideline.doc].text
        for candidate in (guideline.lead_in, *reversed(guideline.headings)):
            if candidate and any(m.role == role for m in self.roles.mentions(candidate)):
                at = text.rfind(candidate, 0, guideline.start)
                if at >= 0:
                    return [(at, at + len(candidate))]
        return []

    def _citation(self, number: int, doc: str, start: int, end: int, label: str) -> Citation:
        document = self.documents[doc]
        return Citation(
            number, doc, document.title, document.source, document.published, label, document.text[start:end],
            start, end, f"/sources/{quote(doc)}?start={start}&end={end}#cited",
        )


def _chosen(decision: Decision) -> list[tuple[Guideline, str]]:
    """The guidelines to cite with the role each is cited for: one for every owner, the other side, then more."""
    order: list[Evidence] = []
    for owner in decision.owners:
        order += [e for e in decision.evidence if e.stance.role == owner][:1]
    order += decision.against[:1] if decision.status != "conflicting" else decision.against[:2]
    order += decision.evidence
    chosen: dict[int, tuple[Guideline, str]] = {}
    for e in order:
        chosen.setdefault(e.passage.row, (e.passage.guideline, e.stance.role))
    return list(chosen.values())[:MOST_CITED]


def _text(decision: Decision, statements: Sequence[Statement]) -> str:
    heads = {
        "lead": f"**{' and '.join(decision.owners)}** leads.",
        "shared": f"Shared: **{'**, **'.join(decision.owners)}**.",
        "info": "From the documents:",
        "not_covered": "No document covers this.",
    }
    head = heads[decision.verdict]
    if decision.status == "conflicting":
        head += " The documents disagree; both sides are quoted."
    lines = [f"- {s.text} {''.join(f'[{n}]' for n in s.citations)}" for s in statements]
    return "\n".join([head, "", *lines]).strip()
