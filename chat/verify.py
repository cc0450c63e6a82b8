"""Verification: what of a model's words may be shown, and whether its verdict may stand.

A sentence stands when its citations were retrieved, the words it relies on are the exact text of what it
cites, every number, name and role in it occurs there, what it says of a role is what is said there, and it is
about the same. The answer made of quotes goes through the same checks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from chat import form, named, orders, qualifiers
from chat.answer import Answer, Dropped, Statement, Status, Verdict
from chat.decide import HINT, RIVAL
from chat.draft import Claim, Draft, Source
from chat.stances import OWNING, Reader
from chat.support import Likeness, Support, likeness
from ingest.records import Document, Guideline
from ingest.roles import RoleBook
from ingest.words import stems

if TYPE_CHECKING:
    from chat.engine import Considered
    from chat.retrieve import Embedder, Passage

RELIED_ON = 2  # content words that the quotes of a sentence hold together, at the least
GREY = 0.25  # the probability from which a passage may answer a question that the quotes do not


class Judge(Protocol):
    """Anything that can tell whether a sentence follows from its sources, such as another model."""

    def carries(self, sentence: str, evidence: str, /) -> bool:
        """Whether ``evidence`` says what ``sentence`` says."""
        ...


@dataclass(frozen=True, slots=True)
class Decided:
    """The verdict that is shown.

    ``own`` is true where it is the model's and not the one that the quotes give; ``carried`` is false where
    an owner is named by none of the sentences that are shown, so that the quotes have to be shown as well.
    ``reason`` says why the model's verdict did not stand, "" where it did or where it gave none.
    """

    verdict: Verdict
    status: Status
    owners: tuple[str, ...]
    supporting: tuple[str, ...]
    own: bool
    carried: bool
    reason: str = ""


class Verifier:
    """Holds sentences and verdicts against what they cite; safe to share between threads."""

    def __init__(
        self,
        embedder: Embedder,
        *,
        support: Support | None = None,
        judge: Judge | None = None,
    ) -> None:
        """``judge`` is asked last; only with one may a sentence use words that its source does not have."""
        self._embedder = embedder
        self._support = support or Support()
        self._judge = judge

    def statement(self, draft: Draft, sources: Mapping[int, Source], roles: RoleBook) -> Statement | Dropped:
        """The sentence as it may be shown, citing by the numbers of ``sources``; else why it is not shown.

        Sources of which the sentence relies on no word are cited no longer.
        """
        if reason := form.fault(draft.text):
            return Dropped(draft.text, reason)
        text = form.tidy(draft.text)
        if strange := next((n for n in form.marks(draft.text) if n not in draft.citations), None):
            return Dropped(draft.text, f"It is marked with source {strange}, which it does not cite.")
        return self._checked(replace(draft, text=text), sources, roles)

    def answer(
        self, answer: Answer, documents: Mapping[str, Document], roles: RoleBook
    ) -> tuple[Dropped, ...]:
        """What in an answer made of quotes does not hold; it may show marks that its documents hold."""
        found: list[Dropped] = []
        sources: dict[int, Source] = {}
        for c in answer.citations:
            document = documents.get(c.doc)
            if document is None or document.text[c.start : c.end] != c.quote:
                found.append(Dropped(c.quote, "It is not the text of its document."))
            # The stances are not needed: a quote says of everybody exactly what its document says.
            guideline = Guideline("", c.doc, c.start, c.end, c.quote, c.label, (), "", (), "descriptive", "")
            sources[c.number] = Source(c.number, guideline, (c,), c.quote)
        for s in answer.statements:
            cited = tuple(sources[n].text for n in s.citations if n in sources)
            checked = self._checked(Draft(s.text, s.citations, cited), sources, roles, quoting=True)
            if isinstance(checked, Dropped):
                found.append(checked)
        return tuple(found)

    def likeness(self, text: str, cited: Sequence[Source], roles: RoleBook) -> Likeness:
        """How like a sentence is to the sources it cites."""
        texts = dict.fromkeys(t for s in cited for t in (s.guideline.text, s.text))
        return likeness(text, list(texts), "\n".join(map(_around, cited)), roles, self._embedder)

    def verdict(
        self,
        claim: Claim,
        shown: Sequence[Statement],
        sources: Mapping[int, Source],
        considered: Considered,
        roles: RoleBook,
    ) -> Decided:
        """The verdict over the sentences ``shown`` (as ``statement`` gave them): the model's if carried.

        Otherwise the one that the quotes give. Nothing that a model says makes an answer "not covered" or
        takes its owner away without another one, whom a guideline names that is as near to the question.
        """
        quoted = considered.answer
        cited = [sources[n].guideline for s in shown for n in s.citations if n in sources]
        reason = ""
        if claim.verdict in ("lead", "shared") and quoted.verdict != "info":
            owners = tuple(dict.fromkeys(roles.canonical(o) or o for o in claim.owners))
            reason = self._refusal(owners, cited, considered)
            if not reason and set(owners) != set(quoted.owners):
                supporting = tuple(
                    dict.fromkeys(
                        s.role
                        for g in cited
                        for s in g.stances
                        if s.relation == "supports" and s.role not in owners
                    )
                )
                verdict: Verdict = "lead" if len(owners) == 1 else "shared"
                return Decided(verdict, "supported", owners, supporting, own=True, carried=True)
        elif claim.verdict and claim.verdict != quoted.verdict:
            reason = f"The documents answer this: {quoted.reason}" if quoted.owners else ""
        helps = quoted.owners == quoted.supporting
        carried = all(_owns(o, cited, helps=helps) for o in quoted.owners)
        return Decided(
            quoted.verdict, quoted.status, quoted.owners, quoted.supporting,
            own=False, carried=carried, reason=reason,
        )  # fmt: skip

    def _checked(
        self, draft: Draft, sources: Mapping[int, Source], roles: RoleBook, *, quoting: bool = False
    ) -> Statement | Dropped:
        reason = _relied_on(draft, sources)
        if reason:
            return Dropped(draft.text, reason)
        numbers = tuple(
            n for n in dict.fromkeys(draft.citations) if any(_bears(sources[n], q) for q in draft.quotes)
        )
        cited = [sources[n] for n in numbers]
        statement = Statement(draft.text, numbers)
        if quoting and _is_quotation(draft.text, cited):
            return statement
        if any(orders.given(s.guideline.text) for s in cited) or orders.given(draft.text):
            return Dropped(draft.text, "Its source gives an order to whoever answers, which is no evidence.")
        # A part of a sentence may turn it round: only whole ones are as good as the document.
        if _is_quotation(draft.text, cited, whole=True):
            return statement
        evidence = "\n".join(_around(s) for s in cited)
        guidelines = [s.guideline for s in cited]
        reader = Reader(roles)
        reason = (
            named.unknown(draft.text, evidence, roles)
            or reader.contradiction(draft.text, guidelines, evidence)
            or qualifiers.turned(draft.text, evidence)
        )
        if not reason:
            like = self.likeness(draft.text, cited, roles)
            if not self._support.carries(like) or (like.strange and self._judge is None):
                reason = "Its source does not say this."
            elif self._judge is not None and not self._judge.carries(draft.text, evidence):
                reason = "A second reader does not find this in its source."
        return Dropped(draft.text, reason) if reason else statement

    def _refusal(self, owners: Sequence[str], cited: Sequence[Guideline], considered: Considered) -> str:
        """Why ``owners`` cannot stand in place of those that the quotes give; "" when they can."""
        if not owners:
            return "The language model named no owner."
        missing = next((o for o in owners if not _owns(o, cited)), None)
        if missing:
            return f"No sentence that is shown says that the {missing} owns it."
        quoted = considered.answer
        if set(owners) == set(quoted.owners):
            return ""
        for owner in owners:
            near = [
                p
                for p in considered.passages
                if any(p.guideline.id == g.id for g in cited) and _owns(owner, [p.guideline])
            ]
            if not near:
                return f"What is said of the {owner} is not about this question."
            best = max(near, key=lambda p: p.score)
            if quoted.verdict == "not_covered":
                if considered.coverage.probability([best]) < GREY:
                    return f"What is said of the {owner} is not near enough to this question."
            elif best.score < _evidence_score(considered.passages, quoted) + math.log(RIVAL):
                return f"What is said of the {owner} is less near to this question."
        if len(owners) > 1 and not _together(owners, cited):
            return "No document says that they share it."
        kept = set(quoted.owners) <= set(owners)
        return (
            "" if kept or quoted.verdict == "not_covered" else _displaced(owners, quoted, considered.passages)
        )


def _displaced(owners: Sequence[str], quoted: Answer, passages: Sequence[Passage]) -> str:
    """Whether owners that the quotes give would be lost to others who are no nearer."""
    best = max(
        (p.score for p in passages for o in owners if o not in quoted.owners and _owns(o, [p.guideline])),
        default=-math.inf,
    )
    lost = [o for o in quoted.owners if o not in owners]
    return "" if best > _evidence_score(passages, quoted) else f"The documents give it to the {lost[0]}."


def _evidence_score(passages: Sequence[Passage], quoted: Answer) -> float:
    """The score of the nearest passage that gives the topic to an owner in the quotes."""
    helps = quoted.owners == quoted.supporting
    scores = [p.score for p in passages for o in quoted.owners if _owns(o, [p.guideline], helps=helps)]
    return max(scores, default=max((p.score for p in passages), default=math.inf))


def _owns(role: str, guidelines: Sequence[Guideline], *, helps: bool = False) -> bool:
    """Whether a guideline gives something to ``role``; with ``helps``, also whether it has it support."""
    return any(
        s.role == role
        and s.strength >= HINT
        and (s.relation in OWNING or (helps and s.relation == "supports"))
        for g in guidelines
        for s in g.stances
    )


def _together(owners: Sequence[str], guidelines: Sequence[Guideline]) -> bool:
    return any(all(_owns(o, [g]) for o in owners) for g in guidelines)


def _relied_on(draft: Draft, sources: Mapping[int, Source]) -> str:
    """What is wrong with what a sentence cites, "" for nothing."""
    if not draft.citations:
        return "It cites no source."
    foreign = next((n for n in draft.citations if n not in sources), None)
    if foreign is not None:
        return f"It cites source {foreign}, which was not given to it."
    cited = [sources[n] for n in draft.citations]
    for quote in draft.quotes:
        if not any(_bears(s, quote) for s in cited):
            return "The words that it relies on do not stand in its source."
    relied = sum(len(stems(q)) for q in draft.quotes)
    if relied < RELIED_ON and not any(form.holds(q, s.guideline.text) for q in draft.quotes for s in cited):
        return "It relies on no words of its source."
    return ""


def _bears(source: Source, quote: str) -> bool:
    return any(form.holds(c.quote, quote) for c in source.citations)


def _is_quotation(text: str, cited: Sequence[Source], *, whole: bool = False) -> bool:
    """Whether ``text`` is nothing but exact quotes (``whole`` ones), or a title and such quotes."""
    rest = text
    for start, end in reversed(form.quotes(text)):
        inner = text[start + 1 : end - 1]
        held = [c.quote for s in cited for c in s.citations if form.holds(c.quote, inner)]
        if not held or (whole and form.plain(inner) not in map(form.plain, held)):
            return False
        rest = rest[:start] + rest[end:]
    titles = {form.plain(c.title) for s in cited for c in s.citations}
    left = form.plain(rest).rstrip(":")
    return rest != text and (not left or left in titles)


def _around(source: Source) -> str:
    """All that may be said of a source: its words, what stands above it, and what its document is."""
    c = source.citations[-1]
    quotes = [one.quote for one in source.citations]
    g = source.guideline
    return "\n".join(
        [source.text, *quotes, g.text, g.lead_in, *g.headings, c.title, c.label, c.publisher, c.published]
    )
