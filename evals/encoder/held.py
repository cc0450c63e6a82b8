"""How well a model knows people's words for what documents say, on records that it was not trained on.

    python -m evals.encoder.held [MODEL.onnx]

measures the bundled model, or the exported one that is named.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.encoder.record import Record, load
from evals.intervals import DRAWS, SEED, Bounds
from evals.text import columns
from ingest.embed import MAX_TOKENS, TOKENIZER_FILE, BundledEmbedder

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
Scores = NDArray[np.float64]

DIRECT = "Who should own {topic}?"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure from 0 to 1, with its 95 % interval and the number of questions it was taken from."""

    name: str
    value: float
    bounds: Bounds
    n: int


def measure(embed: Embed, records: Sequence[Record]) -> list[Figure]:
    """The measures of a model over ``records``, of which there have to be two or more.

    ``embed`` gives rows of unit length. A question is compared with a record by its mean similarity to the
    sentence and to the topic; every record competes for every question, and one that scores the same as the
    right one stands before it.

    - MRR: the mean of 1 / rank of the right record (Voorhees, TREC-8, 1999).
    - hit rate at k: how many questions have the right record among the first k.
    - asked over near: how often a wording, compared with its record, scores above a near miss compared with
      its own: the area under the ROC curve (Hanley and McNeil, 1982). A tie counts half.

    Records are drawn for the intervals (Efron's bootstrap, 1979), for the wordings of one are alike.
    """
    held = embed([r.sentence for r in records]), embed([r.topic for r in records])
    asked = _scores(embed([t for r in records for t in r.asked]), *held)
    near = _scores(embed([t for r in records for t in r.near]), *held)
    direct = _scores(embed([DIRECT.format(topic=r.topic) for r in records]), *held)
    ranks, found = _ranks(asked), _ranks(direct)
    own, beside = _own(asked), _own(near)
    above = np.array([[_above(a, b) for b in beside] for a in own])
    return [
        _mean("MRR", 1 / ranks),
        _mean("hit rate at 1", ranks <= 1),
        _mean("hit rate at 5", ranks <= 5),
        _figure("asked over near", above, own.size),
        _mean("direct questions: hit rate at 1", found <= 1),
    ]


def lines(figures: Sequence[Figure]) -> list[str]:
    """The figures as a table for a terminal."""
    rows = [
        (f.name, f"{f.value:.3f}", f"{f.bounds.low:.3f} to {f.bounds.high:.3f}", str(f.n)) for f in figures
    ]
    return list(columns([("measure", "value", "95 % interval", "n"), *rows]))


def opened(model: Path) -> Embed:
    """The exported model in a file, run as the product runs the bundled one: text by text, on one thread."""
    from onnxruntime import InferenceSession, SessionOptions  # type: ignore[import-untyped]
    from tokenizers import Tokenizer

    import ingest

    tokenizer = Tokenizer.from_file(str(Path(ingest.__path__[0]) / "model" / TOKENIZER_FILE))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def one(text: str) -> NDArray[np.float32]:
        ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
        vector: NDArray[np.float32] = session.run(["emb"], {"input_ids": ids, "attention_mask": ids**0})[0][0]
        return vector

    return lambda texts: np.array([one(text) for text in texts])


def _scores(
    questions: NDArray[np.float32], sentences: NDArray[np.float32], topics: NDArray[np.float32]
) -> Scores:
    """Questions by records; the questions of one record follow each other."""
    return np.asarray(questions @ (sentences + topics).T / 2, dtype=np.float64)


def _right(scores: Scores) -> NDArray[np.intp]:
    return np.repeat(np.arange(scores.shape[1]), len(scores) // scores.shape[1])


def _own(scores: Scores) -> Scores:
    """Records by questions of each: the score of a question with its own record."""
    return scores[np.arange(len(scores)), _right(scores)].reshape(scores.shape[1], -1)


def _ranks(scores: Scores) -> Scores:
    """Records by questions of each: the rank of the right record, from 1."""
    own = _own(scores).reshape(-1, 1)
    return np.asarray((scores >= own).sum(axis=1), dtype=np.float64).reshape(scores.shape[1], -1)


def _above(asked: Scores, near: Scores) -> float:
    difference = asked[:, None] - near[None]
    return float(((difference > 0) + (difference == 0) / 2).mean())


def _mean(name: str, scores: NDArray[np.generic]) -> Figure:
    each = scores.astype(np.float64).mean(axis=1)
    return _figure(name, np.repeat(each[:, None], len(each), axis=1), scores.size)


def _figure(name: str, pairs: Scores, n: int) -> Figure:
    """The mean of ``pairs``, records by records, and its interval when the records are drawn anew."""
    size = len(pairs)
    drawn = np.random.default_rng(SEED).multinomial(size, np.full(size, 1 / size), size=DRAWS)
    means = ((drawn @ pairs) * drawn).sum(axis=1) / size**2
    low, high = np.percentile(means, (2.5, 97.5))
    return Figure(name, float(pairs.mean()), Bounds(float(low), float(high)), n)


def main(argv: Sequence[str]) -> int:
    """Print the measures of a model; 2 for wrong use."""
    if len(argv) > 1 or any(a.startswith("-") for a in argv):
        print("usage: python -m evals.encoder.held [MODEL.onnx]", file=sys.stderr)
        return 2
    embed = opened(Path(argv[0])) if argv else BundledEmbedder().embed
    print("\n".join(lines(measure(embed, load("held")))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
