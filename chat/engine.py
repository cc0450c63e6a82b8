"""The engine: a question and the conversation before it in, a checked answer with its citations out."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from chat import asking, conversation, decide, phrasing, question
from chat.answer import (
    Answer,
    Citation,
    Event,
    Statement,
    Status,
    Turn,
    Verdict,
    events,
)
from chat.coverage import Coverage
from chat.decide import Decision
from chat.evidence import Evidence
from chat.jargon import Jargon
from chat.question import Question
from chat.quotes import Quotes
from chat.retrieve import Embedder, Passage, Retriever
from chat.spelling import Speller
from ingest.index import KEPT_VIEWS, Generation
from ingest.records import Document, Guideline
from ingest.roles import RoleBook
from ingest.words import stems

MOST_CITED = 4
MOST_NEAREST = 3
PLACE = 0.33  # the part of what its place adds to a passage's score that does not count for coverage


@dataclass(frozen=True, slots=True)
class Considered:
    """The answer in quotes with the passages it was made from, best first; what a model may speak about.

    ``coverage`` says how near of these a passage is: the curve depends on the index.
    """

    answer: Answer
    passages: tuple[Passage, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class _Found:
    """One question with what was found and decided for it."""

    question: Question
    passages: list[Passage]
    decision: Decision


class Engine:
    """Answers questions from one generation of the index; safe to share between threads."""

    def __init__(self, generation: Generation, embedder: Embedder, coverage: Coverage) -> None:
        self.generation = generation
        self._for_view = lru_cache(maxsize=KEPT_VIEWS)(lambda view: Engine(view, embedder, coverage))
        self.roles = RoleBook(generation.roles)
        self.quotes = Quotes(generation.documents, self.roles)
        self._coverage = coverage.over(len(generation.guidelines))
        self._retriever = Retriever(generation, embedder)
        self._jargon = Jargon(generation.glossary)
        names = [n for r in generation.roles for n in (r.name, *r.aliases)] + [
            w for t in generation.glossary for w in (t.term, *t.means)
        ]
        self._speller = Speller((d.text for d in generation.documents.values()), names)

    def for_groups(self, groups: Collection[str]) -> Engine:
        """The engine for somebody in ``groups``: it has not so much as heard of what they may not see."""
        view = self.generation.visible_to(groups)
        return self if view is self.generation else self._for_view(view)

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents of the index by their paths."""
        return self.generation.documents

    @property
    def generation_id(self) -> str:
        """The id of the generation that the answers come from."""
        return self.generation.id

    def ask(self, text: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer ``text`` after the turns in ``history``, oldest first.

        A message with several questions for an owner is answered one by one, in one answer. Raises
        QuestionError when the question is empty, too long or not text.
        """
        return self.consider(text, history).answer

    def consider(self, text: str, history: Sequence[Turn] = (), hints: Sequence[str] = ()) -> Considered:
        """The answer to ``text`` with the passages found for it; raises as ``ask`` does.

        ``hints`` are other words for what is asked, looked for beside the question's own, as the glossary's.
        """
        started = time.perf_counter()
        asked = self._speller.correct(question.check(text))
        parts = question.parts(asked, self.roles)
        found = [
            self._found(
                part, [*history, *_turns(parts[:n])] if asking.LEANS.search(part) and n else history, hints
            )
            for n, part in enumerate(parts)
        ]
        answer = self._answer(text, found)
        answer.timings_ms["total"] = 1e3 * (time.perf_counter() - started)
        best: dict[int, Passage] = {}
        for passage in sorted((p for one in found for p in one.passages), key=lambda p: -p.score):
            best.setdefault(passage.row, passage)
        return Considered(answer, tuple(best.values()), self._coverage)

    def stream(self, text: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        """The answer as it comes to be: its start, each statement, then the whole; raises as ``ask`` does."""
        return events(self.ask(text, history))

    def rank(self, text: str, history: Sequence[Turn] = ()) -> list[Guideline]:
        """What retrieval returns for a question, best first, before anything is decided."""
        return [p.guideline for p in self.search(text, history)]

    def search(self, text: str, history: Sequence[Turn] = (), k: int = 24) -> list[Passage]:
        """The ``k`` nearest passages with their signals, best first, for a question taken as a single one."""
        asked = self._understood(self._speller.correct(question.check(text)), history)
        return self._retriever.search(asked, k)

    def _understood(self, text: str, history: Sequence[Turn]) -> Question:
        return self._jargon.expand(conversation.understand(text, history, self.roles))

    def _found(self, text: str, history: Sequence[Turn], hints: Sequence[str]) -> _Found:
        asked = self._understood(text, history)
        if hints:
            asked = replace(asked, glossed=tuple(dict.fromkeys((*asked.glossed, *hints))))
        if asked.previous is not None and asked.deed:
            asked = replace(asked, answered=self._owners(asked.previous))
        passages = [] if asked.courtesy else self._retriever.search(asked)
        if asked.previous is None and (core := question.core(asked.text, self.roles)):
            core = self._jargon.expand(core)
            nearer = self._retriever.search(core)
            if nearer and nearer[0].score > passages[0].score:
                asked, passages = core, nearer
        # Where the conversation was is a reason to come first and less of one to be about it.
        part = 1.0 if asked.beside else PLACE
        plain = (self._retriever.unplaced(p, part) for p in passages)
        covered = max((n for n, p in enumerate(plain, start=1) if self._coverage.covers([p])), default=0)
        if asked.office:
            # An office is covered when the documents name it, not when they speak of something near it.
            wanted = set(asked.terms)
            covered *= any(wanted <= set(stems(p.guideline.text)) for p in passages)
        return _Found(asked, passages, decide.decide(asked, passages, covered))

    def _owners(self, asked: Question) -> tuple[str, ...]:
        """Whom the best of the documents names as the owner, for a question that was answered before."""
        return decide.decide(asked, best := self._retriever.search(asked, 2), len(best)).owners

    def _answer(self, text: str, found: Sequence[_Found]) -> Answer:
        citations: list[Citation] = []
        statements: list[Statement] = []
        lines: list[str] = []
        for one in found:
            about = one.decision.about
            said = [self.quotes.statement(g, roles, citations, about) for g, roles in _chosen(one)]
            statements += said
            lines.append(phrasing.text(one.question, one.decision, said, several=len(found) > 1))
        decision = _together([one.decision for one in found])
        nearest: list[Citation] = []
        if decision.verdict == "not_covered":
            for p in found[0].passages[:MOST_NEAREST]:
                g = p.guideline
                nearest.append(self.quotes.cite(len(nearest) + 1, g.doc, g.start, g.end, g.label))
        claimed = phrasing.claim(found[0].question, found[0].decision)
        return Answer(
            question=text, asked=" ".join(one.question.asked for one in found),
            topic="; ".join(one.question.topic for one in found),
            verdict=decision.verdict, status=decision.status,
            owners=decision.owners, supporting=decision.supporting, statements=tuple(statements),
            text="\n\n".join(lines), reason=": ".join(filter(None, (claimed, decision.reason))),
            citations=tuple(citations),
            nearest=tuple(nearest), answered_by="extractive", index=self.generation.id,
        )  # fmt: skip


def _turns(questions: Sequence[str]) -> list[Turn]:
    return [{"role": "user", "content": question} for question in questions]


def _chosen(found: _Found) -> list[tuple[Guideline, list[str]]]:
    """The guidelines to cite, each with its roles: one for every owner, the other side, then more."""
    decision = found.decision
    if decision.verdict == "info":
        return [(p.guideline, []) for p in found.passages[:MOST_CITED]]
    order: list[Evidence] = []
    for owner in decision.owners:
        order += [e for e in decision.evidence if e.stance.role == owner][:1]
    order += decision.against[:2]
    order += decision.evidence
    chosen: dict[int, tuple[Guideline, list[str]]] = {}
    for e in order:
        _, roles = chosen.setdefault(e.passage.row, (e.passage.guideline, []))
        if e.stance.role not in roles:
            roles.append(e.stance.role)
    return list(chosen.values())[:MOST_CITED]


def _together(decisions: Sequence[Decision]) -> Decision:
    """One decision for several questions: all owners, and partial when one of them is not covered."""
    if len(decisions) == 1:
        return decisions[0]
    covered = [d for d in decisions if d.verdict != "not_covered"]
    if not covered:
        return decisions[0]
    owners = tuple(dict.fromkeys(o for d in covered for o in d.owners))
    supporting = tuple(dict.fromkeys(s for d in covered for s in d.supporting if s not in owners))
    verdict: Verdict = "info" if not owners else "shared" if len(owners) > 1 else "lead"
    status: Status = "supported"
    if len(covered) < len(decisions):
        status = "partial"
    elif any(d.status == "conflicting" for d in covered):
        status = "conflicting"
    return Decision(verdict, status, owners, supporting, (), (), " ".join(d.reason for d in decisions))
