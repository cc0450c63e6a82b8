"""The measures: what each asks of one answer, its definition and where it comes from.

A score is a number from 0 to 1, or None when the case says nothing about the measure; None is counted by
whoever sums up, and never a zero. A missing answer gets the worst score of every measure its case is eligible
for, so nothing is gained by falling silent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from chat.answer import Answer
from evals.cases import Case
from evals.wording import Finder, Span
from ingest.records import Document

Score = float | None
Scoring = Literal["verdict", "owners"]
Interval = Literal["wilson", "bootstrap"]


@dataclass(frozen=True)
class Judge:
    """What the measures look things up in.

    ``canonical`` turns the name of a role into the one name it is known by. With ``scoring`` "owners" the
    owners alone decide whether an answer is right, and a case that is not covered is right when nobody is
    named: the scoring for sets from elsewhere, whose authors drew the line between verdicts differently.
    """

    documents: Mapping[str, Document]
    canonical: Callable[[str], str] = str
    scoring: Scoring = "verdict"
    finder: Finder = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "finder", Finder(self.documents))

    def names(self, owners: Sequence[str]) -> frozenset[str]:
        """The roles behind some names, case aside."""
        return frozenset(self.canonical(owner).casefold() for owner in owners)

    def bears_gold(self, span: Span, case: Case) -> bool:
        """Whether a span holds, overlaps or adjoins a gold quote of the case (``Finder.bears``)."""
        return any(self.finder.bears(span, gold.doc, gold.quote) for gold in case.gold)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of asking one case: ``answer`` is None when asking failed, and ``error`` says how.

    ``ranked`` is what retrieval returned, best first; ``ms`` the time the answer took, in milliseconds.
    """

    answer: Answer | None
    ranked: Sequence[Span] = ()
    error: str = ""
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to an eligible case, as a measure sees it."""

    case: Case
    answer: Answer
    ranked: Sequence[Span]
    judge: Judge

    def shows_gold(self, spans: Sequence[Span]) -> list[bool]:
        """For each span, whether it bears a gold quote of the case."""
        return [self.judge.bears_gold(span, self.case) for span in spans]


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: ``name`` in files, ``title`` for people, ``best`` the score of a flawless answer.

    ``eligible`` says whether a case, whatever is answered, has anything to say about the measure (None: every
    case has); ``of`` scores an answer to such a case, and may still return None when it has nothing to say.
    """

    name: str
    title: str
    of: Callable[[Reply], Score]
    eligible: Callable[[Case], bool] | None = None
    interval: Interval = "wilson"
    best: float = 1.0

    def score(self, case: Case, attempt: Attempt, judge: Judge) -> Score:
        """The score of an attempt, by the rules at the top of this file."""
        if self.eligible and not self.eligible(case):
            return None
        if attempt.answer is None:
            return 1.0 - self.best
        return self.of(Reply(case, attempt.answer, attempt.ranked, judge))


def verdict(reply: Reply) -> Score:
    """1 when the answer's verdict is the case's, else 0: plain accuracy over four classes."""
    return float(reply.answer.verdict == reply.case.verdict)


def owners(reply: Reply) -> Score:
    """Whether the right roles are named, names resolved to canonical ones and case aside.

    lead: 1 when exactly one role is named and it is the owner or one of ``accept``.
    shared: 1 when every owner is named and nobody else but ``accept``; 0.5 for some, or for all with others.
    info, not_covered: 1 when nobody is named. Our own rule: exact match of sets, with half credit for a part.
    """
    case, names = reply.case, reply.judge.names
    named, right, accepted = names(reply.answer.owners), names(case.owners), names(case.accept)
    if case.verdict == "lead":
        return float(len(named) == 1 and named <= right | accepted)
    if case.verdict == "shared":
        return 1.0 if right <= named <= right | accepted else 0.5 if right & named else 0.0
    return float(not named)


def verdict_owners(reply: Reply) -> Score:
    """The headline: right verdict times right owners; with scoring "owners", right owners alone."""
    right_owners = owners(reply)
    if reply.judge.scoring == "owners" or right_owners is None:
        return right_owners
    return right_owners * float(reply.answer.verdict == reply.case.verdict)


def gold_cited(reply: Reply) -> Score:
    """1 when some citation holds, overlaps or adjoins a gold quote of its document, else 0.

    Citation recall against a gold passage, after ALCE (Gao et al. 2023), on exact spans in place of a judge.
    Cases without a gold quote, and those that are not covered, are ineligible.
    """
    return float(any(reply.shows_gold(reply.answer.citations)))


def hit_at(k: int) -> Measure:
    """1 when one of the first k retrieved passages bears a gold quote, else 0: hit rate (success) at k."""

    def hit(reply: Reply) -> Score:
        return float(any(reply.shows_gold(reply.ranked[:k])))

    title = "Gold retrieved first" if k == 1 else f"Gold among the first {k} retrieved"
    return Measure(f"hit_at_{k}", title, hit, has_gold)


def reciprocal_rank(reply: Reply) -> Score:
    """1 over the rank of the first retrieved passage that bears a gold quote, 0 when none does.

    Its mean is MRR (Voorhees, TREC-8 1999).
    """
    hits = reply.shows_gold(reply.ranked)
    return 1.0 / (1 + hits.index(True)) if any(hits) else 0.0


def abstained(reply: Reply) -> Score:
    """1 when the answer says "not covered", else 0.

    Over the cases that are not covered its mean is the recall of abstaining, as SQuAD 2.0 scores questions
    without an answer (Rajpurkar et al. 2018); with scoring "owners" it is then enough that nobody is named.
    Over the cases that are covered its mean is over-refusal, where lower is better.
    """
    unnamed = reply.judge.scoring == "owners" and not reply.case.covered and not reply.answer.owners
    return float(reply.answer.verdict == "not_covered" or unnamed)


def abstained_rightly(reply: Reply) -> Score:
    """Over answers that say "not covered": 1 when it is so. Its mean is the precision of abstaining.

    A missing answer counts as one that says so wrongly.
    """
    return float(not reply.case.covered) if reply.answer.verdict == "not_covered" else None


def quote_exact(reply: Reply) -> Score:
    """The share of citations, ``nearest`` included, whose quote is the document's text at their offsets.

    0 for an answer that claims something and cites nothing; None for one that abstains and shows nothing.
    """
    answer, documents = reply.answer, reply.judge.documents
    if not answer.citations and answer.verdict != "not_covered":
        return 0.0
    exact = [
        c.doc in documents and 0 <= c.start < c.end and documents[c.doc].text[c.start : c.end] == c.quote
        for c in (*answer.citations, *answer.nearest)
    ]
    return sum(exact) / len(exact) if exact else None


def must_contain(reply: Reply) -> Score:
    """1 when every pattern of ``must_contain`` is found in the text or a quote, case aside, else 0."""
    shown = "\n".join((reply.answer.text, *(citation.quote for citation in reply.answer.citations)))
    return float(all(re.search(pattern, shown, re.IGNORECASE) for pattern in reply.case.must_contain))


def has_gold(case: Case) -> bool:
    """Whether there is a sentence that an answer should find."""
    return case.covered and bool(case.gold)


def is_covered(case: Case) -> bool:
    """Whether the documents answer the case."""
    return case.covered


def is_not_covered(case: Case) -> bool:
    """Whether an answer to the case should abstain."""
    return not case.covered


def has_patterns(case: Case) -> bool:
    """Whether the case says what an answer has to show."""
    return bool(case.must_contain)


MEASURES = (
    Measure("verdict_owners", "Right verdict and owners", verdict_owners),
    Measure("verdict", "Right verdict", verdict),
    Measure("owners", "Right owners", owners),
    Measure("gold_cited", "Gold sentence cited", gold_cited, has_gold),
    hit_at(1),
    hit_at(3),
    hit_at(5),
    Measure("mrr", "Mean reciprocal rank of the gold", reciprocal_rank, has_gold, interval="bootstrap"),
    Measure("abstention_precision", "Said not covered, and it is so", abstained_rightly),
    Measure("abstention_recall", "Not covered, and said so", abstained, is_not_covered),
    Measure("over_refusal", "Covered, but said not covered", abstained, is_covered, best=0.0),
    Measure("quote_exact", "Quotes that are the exact text", quote_exact),
    Measure("must_contain", "Shows what it has to", must_contain, has_patterns),
)

NEEDED = ("verdict_owners", "gold_cited", "quote_exact", "must_contain")
"""The measures a single case has to pass, each with 1, to count as answered right."""
