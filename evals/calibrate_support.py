"""Fits what verification takes as given, the curve of support, and shows what the checks let through.

    python -m evals.calibrate_support HOME [HOME ...]

Pairs of a sentence and a guideline are made from the documents behind each home: rewrites that stay true,
and changes that make them false, of one kind each. The curve is fitted on the guidelines of one half (told by
their ids) and shown on the other, and on pairs that people wrote (support_pairs.jsonl). It prints and changes
nothing: the figures go by hand into chat/support.py, rounded.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chat.answer import Statement
from chat.app import open_engine
from chat.draft import Draft, Source
from chat.engine import Engine
from chat.support import Support
from chat.verify import Verifier
from ingest.embed import BundledEmbedder
from ingest.records import Guideline, Stance
from ingest.roles import RoleBook
from ingest.settings import Settings
from ingest.words import bare

HAND = Path(__file__).parent / "support_pairs.jsonl"
MOST = 150  # guidelines of one home that pairs are made of
PLAIN = 0.6  # the strength from which a stance can be said in so many words
_VERB = {"leads": "is responsible for", "supports": "supports", "is not": "does not own"}
_NUMBER = re.compile(r"\d+")
_DENIABLE = re.compile(r"\b(should|must|may|can|will|is|are)\b(?! not)")


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence that cites a source, whether it stands on it, and how it was made."""

    kind: str
    sentence: str
    source: Source
    stands: bool
    roles: RoleBook


def source_of(engine: Engine, guideline: Guideline) -> Source:
    """A guideline as a model is shown it."""
    g = guideline
    above = " > ".join((*g.headings, g.lead_in) if g.lead_in else g.headings)
    text = f"{above}: {g.text}" if above else g.text
    return Source(1, g, (engine.quotes.cite(1, g.doc, g.start, g.end, g.label),), text)


def pairs(engine: Engine, rng: random.Random) -> Iterator[Pair]:
    """The pairs of one index, a shuffled choice of its guidelines."""
    every = [g for g in engine.generation.guidelines if len(g.text.split()) > 3]
    every = rng.sample(every, min(MOST, len(every)))
    roles = engine.roles
    names = [r.name for r in roles.roles]
    for g, other in zip(every, every[1:] + every[:1], strict=True):
        source = source_of(engine, g)
        text = " ".join(bare(g.text).split())
        for kind, sentence, stands in _rewrites(g, other, text, roles, names, rng):
            yield Pair(kind, sentence, source, stands, roles)


def _rewrites(
    g: Guideline, other: Guideline, text: str, roles: RoleBook, names: Sequence[str], rng: random.Random
) -> Iterator[tuple[str, str, bool]]:
    yield "word for word", text, True
    yield "with where it stands", f"According to the guidance, {text}", True
    yield "another passage, word for word", " ".join(bare(other.text).split()), False
    mentions = roles.mentions(text)
    if mentions:
        m = rng.choice(mentions)
        aliases = [a for r in roles.roles if r.name == m.role for a in (r.name, *r.aliases)]
        lawful = [a for a in aliases if any(x.role == m.role for x in roles.mentions(f"the {a} decides"))]
        if lawful:
            yield "another name of the role", text[: m.start] + rng.choice(lawful) + text[m.end :], True
        here = {x.role for x in mentions} | {s.role for s in g.stances}
        if strangers := [n for n in names if n not in here]:
            yield "another role", text[: m.start] + rng.choice(strangers) + text[m.end :], False
    if len({m.role for m in mentions}) == 2 and len(mentions) == 2:
        a, b = mentions
        swapped = text[: a.start] + text[b.start : b.end] + text[a.end : b.start]
        swapped += text[a.start : a.end] + text[b.end :]
        if {s.relation for s in g.stances} != {"shares"}:
            yield "two roles for each other", swapped, False
    if mentions and (found := _DENIABLE.search(text)):
        yield "denied", f"{text[: found.end()]} not{text[found.end() :]}", False
    if number := _NUMBER.search(text):
        changed = str(int(number.group()) + rng.randint(1, 9))
        yield "another number", text[: number.start()] + changed + text[number.end() :], False
    plain = [s for s in g.stances if s.strength >= PLAIN and s.topic and s.relation in _VERB]
    for s in plain[:1]:
        yield f"said anew: {s.relation}", _said(s.role, s), True
        yield "another relation", _said(s.role, s, "leads" if s.relation == "supports" else "supports"), False
        yield "turned round", _said(s.role, s, "is not" if s.relation != "is not" else "leads"), False
        theirs = [o for o in other.stances if o.topic]
        if theirs:
            yield "another passage, said anew", _said(s.role, theirs[0], s.relation), False


def by_hand(engine: Engine, path: Path) -> Iterator[Pair]:
    """The pairs that people wrote, as far as they are about documents of this index."""
    for line in path.read_text("utf-8").splitlines():
        told = json.loads(line)
        found = [
            g
            for g in engine.generation.guidelines
            if g.doc == told["doc"] and told["quote"] in " ".join(g.text.split())
        ]
        if found:
            kind = f"by hand: {told['kind']}"
            yield Pair(kind, told["sentence"], source_of(engine, found[0]), told["stands"], engine.roles)


def _said(role: str, stance: Stance, relation: str = "") -> str:
    return f"The {role} {_VERB[relation or stance.relation]} {bare(stance.topic)}."


def fit(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights and, last, the bias of the logistic curve through ``x``; both outcomes weigh the same."""
    x = np.hstack([x, np.ones((len(x), 1))])
    weight = np.where(y == 1, 0.5 / max(y.sum(), 1), 0.5 / max((1 - y).sum(), 1))
    w = np.zeros(x.shape[1])
    for _ in range(200):  # Newton's method, with a little damping
        p = 1 / (1 + np.exp(-x @ w))
        slope = x.T @ (weight * (y - p)) - 1e-3 * w
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(len(w))
        w += np.linalg.solve(curve, slope)
    return w


def main(argv: Sequence[str]) -> int:
    """Print the fit, and per kind of pair how many stand; 2 for wrong use."""
    if not argv:
        print("usage: python -m evals.calibrate_support HOME [HOME ...]", file=sys.stderr)
        return 2
    rng = random.Random(7)
    verifier = Verifier(BundledEmbedder())
    engines = [_quoting(Path(home)) for home in argv]
    every = [p for engine in engines for p in pairs(engine, rng)]
    written = [p for e in engines for p in by_hand(e, HAND)]
    tune = [p for p in every if int(p.source.guideline.id, 16) % 2 == 0]
    held = [p for p in every if int(p.source.guideline.id, 16) % 2] + written
    # The curve is there to tell passages apart; what else is false the other checks see.
    told = [p for p in tune if p.stands or p.kind.startswith("another passage")]
    likes = [verifier.likeness(p.sentence, [p.source], p.roles) for p in told]
    x = np.array([[k.similarity, k.cover, k.strange] for k in likes])
    w = fit(x, np.array([float(p.stands) for p in told]))
    print("fitted:", dict(zip(("similarity", "cover", "strange", "bias"), w.round(2).tolist(), strict=True)))
    print("in use:", Support())
    shown: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for p in held:
        quote = (p.source.guideline.text,)
        result = verifier.statement(Draft(p.sentence, (1,), quote), {1: p.source}, p.roles)
        total[p.kind] += 1
        shown[p.kind] += isinstance(result, Statement)
        if isinstance(result, Statement) != p.stands and "-v" in sys.argv:
            print(f"  {p.kind}: {p.sentence!r}\n      {p.source.text!r}\n      {result}")
    for kind in sorted(total, key=lambda k: (not _stands(held, k), k)):
        word = "true " if _stands(held, kind) else "false"
        print(f"{word}  {kind:32} {shown[kind]:4} of {total[kind]:4} stand")
    return 0


def _quoting(home: Path) -> Engine:
    engine = open_engine(Settings.load(home=home, answerer="extractive"))
    assert isinstance(engine, Engine)
    return engine


def _stands(held: Sequence[Pair], kind: str) -> bool:
    return any(p.kind == kind and p.stands for p in held)


if __name__ == "__main__":
    raise SystemExit(main([a for a in sys.argv[1:] if a != "-v"]))
