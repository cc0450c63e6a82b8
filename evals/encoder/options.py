"""What may be chosen for a training."""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path

HELP = {
    "layers": "how many upper layers are trained",
    "epochs": "how often each wording is drawn; 0 writes the base weights",
    "rate": "the highest learning rate",
    "batch": "questions in a step",
    "keep": "the weight of holding general sentences in place",
    "temperature": "what similarities are divided by in the loss",
    "seed": "of whatever is drawn",
}


@dataclass(frozen=True, slots=True)
class Options:
    """One training; ``HELP`` says what each is.

    Raises ValueError for a value below what it can be.
    """

    layers: int = 3
    epochs: float = 2.0
    rate: float = 1e-4
    batch: int = 64
    keep: float = 4.0
    temperature: float = 0.05
    seed: int = 1

    def __post_init__(self) -> None:
        for name, value in (("layers", self.layers), ("batch", self.batch)):
            if value < 1:
                raise ValueError(f"expected --{name} of 1 or more, got {value!r}")
        for name, share in (("rate", self.rate), ("temperature", self.temperature)):
            if not share > 0:
                raise ValueError(f"expected --{name} above 0, got {share!r}")
        for name, weight in (("epochs", self.epochs), ("keep", self.keep)):
            if not weight >= 0:
                raise ValueError(f"expected --{name} of 0 or more, got {weight!r}")


def parser() -> argparse.ArgumentParser:
    """Of the command line: a folder ``out``, and an option for each field of ``Options``."""
    found = argparse.ArgumentParser(
        prog="python -m evals.encoder.train", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    found.add_argument("out", type=Path, metavar="OUT", help="the folder that the weights are written to")
    for name, value in asdict(Options()).items():
        found.add_argument(f"--{name}", type=type(value), default=value, help=HELP[name])
    return found
