"""Whether talk around a question changes its answer: every question in the words of 120 different people.

    python -m evals.talk QUESTIONS HOME [QUESTIONS HOME ...]

Each pair is a question set and a home whose live index holds the documents it is about. Every direct
question that asks for somebody and is answered is asked once more in each frame of evals/talk.jsonl, which
says nothing of its topic; the share of answers with the same verdict and the same owners is printed, and the
frames that change the most. It judges nothing: a wrong answer that stays is the same answer.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chat.app import open_quotes
from chat.engine import Engine
from evals.cases import load
from ingest.settings import Settings

FRAMES = Path(__file__).with_suffix(".jsonl")
SHOWN = 10
_ASKS = re.compile(r"(?:who|whom|whose|which|what|where)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Frame:
    """What somebody says around a question: ``{Q}`` stands for it, ``{q}`` for it inside a sentence."""

    id: str
    frame: str

    def around(self, question: str) -> str:
        """The message that asks ``question``, one sentence with its question mark."""
        whole = question[0].upper() + question[1:]
        inside = question[0].lower() + question[1:].rstrip("?")
        return self.frame.replace("{Q}", whole).replace("{q}", inside)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question in one frame: whether it was answered as the bare question is, whether refused."""

    frame: Frame
    text: str
    same: bool
    refused: bool


def frames(path: Path = FRAMES) -> list[Frame]:
    """The frames of a file, one JSON object a line."""
    return [Frame(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def asked(engine: Engine, questions: Sequence[str], said: Sequence[Frame]) -> Iterator[Asked]:
    """Every question that is answered, in every frame."""
    for question in questions:
        bare = engine.ask(question)
        if bare.verdict == "not_covered":
            continue
        for frame in said:
            text = frame.around(question)
            answer = engine.ask(text)
            same = (answer.verdict, answer.owners) == (bare.verdict, bare.owners)
            yield Asked(frame, text, same, answer.verdict == "not_covered")


def plain_questions(path: Path) -> list[str]:
    """The direct questions of a set that are one sentence and ask for somebody."""
    texts = (c.question.strip() for c in load(path) if c.kind == "direct" and not c.history)
    return [
        f"{t.rstrip('?')}?"
        for t in dict.fromkeys(texts)
        if _ASKS.match(t) and not re.search(r"[.?!]\s+\w", t)
    ]


def main(argv: Sequence[str]) -> int:
    """Print how many answers stay the same, set by set; 2 for wrong use."""
    if not argv or len(argv) % 2:
        print("usage: python -m evals.talk QUESTIONS HOME [QUESTIONS HOME ...]", file=sys.stderr)
        return 2
    said, changed = frames(), Counter[str]()
    print(f"{'questions':<60} {'asked':>6} {'same':>6} {'refused':>8}")
    for questions, home in zip(argv[::2], argv[1::2], strict=True):
        found = list(
            asked(open_quotes(Settings.load(home=Path(home))), plain_questions(Path(questions)), said)
        )
        changed.update(one.frame.id for one in found if not one.same)
        share = sum(one.same for one in found) / len(found) if found else 1.0
        refused = sum(one.refused for one in found)
        print(f"{questions:<60} {len(found):>6} {share:>6.1%} {refused:>8}")
    by_id = {frame.id: frame for frame in said}
    for name, times in changed.most_common(SHOWN):
        print(f"{times:>4} changed by {name}: {' '.join(by_id[name].frame.split())[:90]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
