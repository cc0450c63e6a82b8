"""What a model's answers hold, whatever the model; and what it said, what was shown of it, and why not."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from chat import form
from chat.answer import Answer
from chat.engine import Engine
from chat.fluent import Fluent

OWNING = ("leads", "shares", "supports")


@dataclass
class Tally:
    """Counts over many answers; ``sentences`` holds each sentence with whether it was shown and why not."""

    model: str
    asked: int = 0
    shown: int = 0
    in_quotes: int = 0
    own: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    sentences: list[dict[str, Any]] = field(default_factory=list)

    @property
    def dropped(self) -> int:
        """How many sentences were dropped."""
        return sum(self.reasons.values())

    @property
    def produced(self) -> int:
        """How many sentences the model produced."""
        return self.shown + self.dropped

    def add(self, answer: Answer) -> None:
        """Count one answer."""
        self.asked += 1
        spoken = answer.answered_by != "extractive"
        self.in_quotes += not spoken
        self.own += answer.reason.startswith("The language model")
        cited = {c.number: c.quote for c in answer.citations}
        if spoken:
            told = [s for s in answer.statements if not s.text.startswith("“")]
            self.shown += len(told)
            for s in told:
                evidence = [cited[n] for n in s.citations]
                self.sentences.append(
                    {"question": answer.question, "sentence": s.text, "shown": True, "evidence": evidence}
                )
        for d in answer.dropped:
            self.reasons[_kind(d.reason)] += 1
            self.sentences.append(
                {"question": answer.question, "sentence": d.text, "shown": False, "reason": d.reason}
            )

    def __str__(self) -> str:
        said = f"{self.produced} sentences, {self.shown} shown, {self.dropped} dropped"
        ways = f"{self.in_quotes} answers in quotes, {self.own} verdicts of its own"
        lines = [f"{self.model}: {self.asked} questions, {said}; {ways}"]
        lines += [f"  {n:4}  {reason}" for reason, n in self.reasons.most_common()]
        return "\n".join(lines)


def _kind(reason: str) -> str:
    """A reason without what is particular to one sentence."""
    plain = re.sub(r"'[^']*'|\"[^\"]*\"|\b\d[\d./]*\b", "…", reason)
    plain = re.sub(r"the [A-Z][\w’' ]*?(?= (?:leads|shares|supports|does|where)|[;,.]|$)", "the …", plain)
    return re.sub(r"; it says that.*", ".", plain)


def hold(engine: Engine | Fluent, answer: Answer) -> None:
    """What every answer promises: citations that exist, quotes that are exact, owners with evidence."""
    numbers = [c.number for c in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    for c in (*answer.citations, *answer.nearest):
        assert c.quote == engine.documents[c.doc].text[c.start : c.end] != ""
    for s in answer.statements:
        assert s.citations, f"uncited: {s.text}"
        assert set(s.citations) <= set(numbers), f"cites what is not there: {s.text}"
    if answer.answered_by != "extractive":
        for s in answer.statements:
            if not s.text.startswith("“"):
                assert not re.search(r"[<>\x00-\x1f]|!\[|\]\(|\]\[|\[\d+\]", s.text), s.text
                evidence = " ".join(c.quote for c in answer.citations if c.number in s.citations)
                assert all(address in evidence for address in form.addresses(s.text)), s.text
    own = engine.engine if isinstance(engine, Fluent) else engine
    cited = {(c.doc, c.start, c.end) for c in answer.citations}
    shown = [g for g in own.generation.guidelines if (g.doc, g.start, g.end) in cited]
    for owner in answer.owners:
        assert any(s.role == owner and s.relation in OWNING for g in shown for s in g.stances), owner
    if answer.verdict == "not_covered":
        assert not answer.owners
        assert not answer.statements
