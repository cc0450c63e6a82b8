"""The material of a prompt: numbered guidelines, the conversation and the question, fenced as data."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

from chat.answer import Turn
from chat.draft import Source
from chat.engine import Considered, Engine
from chat.reply import SCHEMA
from chat.retrieve import Passage
from ingest.records import Guideline

MOST_SOURCES = 8
MOST_OF_SOURCE = 900  # characters of one guideline
MOST_TURNS, MOST_OF_TURN = 6, 400
FENCE = "{{fence}}"
# What opens and closes turns in the templates of chat models; some servers read it in any text.
_TEMPLATE = re.compile(r"(?<=<)(?=[|/a-zA-Z_])|(?<=\|)(?=>)|(?<=\[)(?=/?INST)")


@dataclass(frozen=True)
class Prompts:
    """The two prompts as they are kept in files; ``version`` is a hash of both."""

    answer: str
    expand: str

    @classmethod
    def load(cls) -> Prompts:
        """Those of the package."""
        folder = resources.files("chat") / "prompts"
        return cls((folder / "answer.md").read_text("utf-8"), (folder / "expand.md").read_text("utf-8"))

    @cached_property
    def version(self) -> str:
        """Changes with every character of the prompts and of the form that a reply is held to."""
        return hashlib.sha256(repr((self.answer, self.expand, SCHEMA)).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Fenced:
    """Rules that name a fence, and material between two lines of it."""

    rules: str
    material: str


def fenced(rules: str, body: str) -> Fenced:
    """``body`` between fences that cannot stand in it, named in ``rules``.

    The fence is a hash of all of the body: who writes a document cannot know it, and no text holds a hash of
    itself. The same material has the same fence, so that a reply can be made again.
    """
    mark = f"=== {hashlib.sha256(body.encode()).hexdigest()[:24]} ==="
    return Fenced(rules.replace(FENCE, mark), f"{mark}\n{body}\n{mark}")


def plain(text: str) -> str:
    """``text`` in one line, without control characters and what templates of chat models are made of."""
    flat = "".join(" " if c.isspace() else c for c in text)
    kept = "".join(c for c in flat if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    return " ".join(_TEMPLATE.sub(" ", kept).split())


def body(asked: str, history: Sequence[Turn], sources: Sequence[Source]) -> str:
    """What stands between the fences: guidelines first, the question last, where models heed it most."""
    lines = ["GUIDELINES", ""]
    for source in sources:
        c = source.citations[-1]
        about = ", ".join(
            part for part in (f'"{plain(c.title)}"', plain(c.label), plain(c.published)) if part
        )
        shown = " / ".join(plain(line) for line in source.text.splitlines())
        lines += [f"[{source.number}] ({about}) {shown}", ""]
    if turns := list(history)[-MOST_TURNS:]:
        lines += ["CONVERSATION SO FAR", ""]
        lines += [f"{t['role']}: {plain(t['content'][:MOST_OF_TURN])}" for t in turns]
        lines.append("")
    return "\n".join([*lines, "QUESTION", "", plain(asked)])


def sources(engine: Engine, considered: Considered) -> dict[int, Source]:
    """The guidelines that a model is shown, by number: those that the quotes rest on, then the next best."""
    cited = {(c.doc, c.start, c.end) for c in considered.answer.citations}

    def rests_on(passage: Passage) -> bool:
        g = passage.guideline
        return (g.doc, g.start, g.end) in cited

    ordered = sorted(considered.passages, key=lambda p: not rests_on(p))[:MOST_SOURCES]
    return {n: _source(engine, p.guideline, n) for n, p in enumerate(ordered, 1)}


def _source(engine: Engine, guideline: Guideline, number: int) -> Source:
    text = engine.documents[guideline.doc].text
    spans: list[tuple[int, int]] = []
    for above in (*guideline.headings, guideline.lead_in):
        at = text.rfind(above, 0, guideline.start) if above else -1
        if at >= 0:
            spans.append((at, at + len(above)))
    unnamed = [s.role for s in guideline.stances if not engine.quotes.names(guideline.text, s.role)]
    spans += [span for role in dict.fromkeys(unnamed) if (span := engine.quotes.namer(guideline, role))]
    spans = sorted(set(spans))
    spans.append((guideline.start, guideline.end))
    shown = [" ".join(text[start:end].split()) for start, end in spans]
    return Source(
        number,
        guideline,
        tuple(engine.quotes.cite(number, guideline.doc, start, end, guideline.label) for start, end in spans),
        "\n".join(line[:MOST_OF_SOURCE] for line in shown),
    )
