"""A lesson: a record with all that may be asked for it, and the batches that lessons are drawn in."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evals.encoder.record import Record

# Direct questions are in every training, so that the model does not lose what it was good at.
DIRECT = (
    *("Who should own {x}?", "Who is responsible for {x}?", "who decides on {x}", "Who leads {x}?"),
    *("{x}", "{x}", "who looks after {x}?", "who do I talk to about {x}?", "Who signs off on {x}?"),
    *("who is in charge of {x}", "Who handles {x}?", "{x}: whose job?", "who is accountable for {x}?"),
    "Who approves {x}?",
)
DIRECT_EACH = 3
SHARE_DIRECT = 0.3  # of the questions; the rest are people's wordings
SHARE_TOPIC = 0.2  # how often the topic stands for the document instead of the sentence,
SHARE_AROUND = 0.2  # and how often the sentence with what stands around it
BLOCK = 40  # records that were written in one go, about one corner of an organisation
BLOCKS = 8  # in a batch
FROM_BLOCK = 16  # at most
FEWEST_BLOCKS = 4  # a batch of fewer would have too little variety


@dataclass(frozen=True, slots=True)
class Lesson:
    """``record`` with direct questions for its topic, and its sentence between two of other records."""

    record: Record
    direct: tuple[str, ...]
    around: str

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text that may be drawn."""
        return (*self.record.texts, *self.direct, self.around)


@dataclass(frozen=True, slots=True)
class Draw:
    """A question, the document that answers it and a question that the document does not answer."""

    question: str
    document: str
    near: str


def lessons(records: Sequence[Record], rng: random.Random) -> list[Lesson]:
    """The lessons of ``records``, in their order."""
    found = []
    for record in records:
        direct = tuple(form.format(x=record.topic) for form in rng.sample(DIRECT, DIRECT_EACH))
        before, after = rng.choice(records).sentence, rng.choice(records).sentence
        found.append(Lesson(record, direct, f"{before} {record.sentence} {after}"))
    return found


def epoch(lessons: Sequence[Lesson], size: int, rng: random.Random) -> Iterator[list[Draw]]:
    """Batches of at most ``size`` draws, until nearly every wording of every lesson has been drawn once.

    A batch comes from a few blocks of neighbouring records, since the records of one block are the harder
    negatives for each other. No record is twice in a batch: it would be a negative to itself. No lessons give
    no batch.
    """
    blocks: dict[int, list[tuple[int, int]]] = {}
    pool = [(i, j) for i, one in enumerate(lessons) for j in range(len(one.record.asked))]
    rng.shuffle(pool)
    for i, j in pool:
        blocks.setdefault(i // BLOCK, []).append((i, j))
    fewest = min(FEWEST_BLOCKS, len(blocks))
    while blocks and len(blocks) >= fewest:
        batch: dict[int, int] = {}
        for block in rng.sample(sorted(blocks), min(BLOCKS, len(blocks))):
            taken: dict[int, int] = {}
            for i, j in blocks[block]:
                if i not in taken and len(taken) < min(FROM_BLOCK, size - len(batch)):
                    taken[i] = j
            batch |= taken
            blocks[block] = [x for x in blocks[block] if x not in taken.items()]
            if not blocks[block]:
                del blocks[block]
        yield [draw(lessons[i], j, rng) for i, j in batch.items()]


def draw(one: Lesson, wording: int, rng: random.Random) -> Draw:
    """A question for ``wording`` of the lesson, which at times gives way to a direct question."""
    record = one.record
    question = rng.choice(one.direct) if rng.random() < SHARE_DIRECT else record.asked[wording]
    form = rng.random()
    document = record.sentence
    if form < SHARE_TOPIC and question != record.topic:
        document = record.topic
    elif form > 1 - SHARE_AROUND:
        document = one.around
    return Draw(question, document, rng.choice(record.near))
