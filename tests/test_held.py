"""The measures over held-out records, with their arithmetic by hand."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from evals.encoder import held
from evals.encoder.general import sentences
from evals.encoder.record import Record

# Two records, each a direction of the plane, at 0 and at 90 degrees.
RECORDS = [
    Record(topic="T0", sentence="S0", asked=("5", "10", "20", "30", "80"), near=("41", "60", "70")),
    Record(topic="T90", sentence="S90", asked=("85", "75", "65", "55", "50"), near=("0", "11", "84")),
]


def plane(texts: Sequence[str]) -> NDArray[np.float32]:
    """The direction that the last word of a text gives in degrees."""
    angles = [float(text.removeprefix("Who should own ").strip("TS?")) for text in texts]
    return np.array([(np.cos(a), np.sin(a)) for a in np.radians(angles)], dtype=np.float32)


def test_the_measures_are_what_they_say() -> None:
    mrr, first, fifth, over, direct = held.measure(plane, RECORDS)
    # Of the ten wordings only "80" is nearer to the other record, so its rank is 2.
    assert mrr.value == pytest.approx((9 + 1 / 2) / 10)
    assert first.value == pytest.approx(9 / 10)
    assert fifth.value == direct.value == 1
    # Degrees from the wordings to their own record: 5 10 20 30 80 and 5 15 25 35 40; from the near misses:
    # 41 60 70 and 90 79 6. So 9, 9, 9, 10, 9 and 2 of the ten wordings are nearer than each near miss.
    assert over.value == pytest.approx((9 + 9 + 9 + 10 + 9 + 2) / 60)
    assert [f.n for f in (mrr, first, fifth, over, direct)] == [10, 10, 10, 10, 2]
    for figure in (mrr, first, over):
        assert 0 <= figure.bounds.low <= figure.value <= figure.bounds.high <= 1
    assert (fifth.bounds.low, fifth.bounds.high) == (1, 1)


def test_a_model_that_takes_all_for_the_same_gains_nothing() -> None:
    mrr, first, fifth, over, _ = held.measure(lambda texts: plane(["45"] * len(texts)), RECORDS)
    assert (mrr.value, first.value, fifth.value, over.value) == (0.5, 0, 1, 0.5)


def test_the_figures_are_shown_with_their_interval_and_number() -> None:
    shown = held.lines(held.measure(plane, RECORDS))
    assert shown[0].split() == ["measure", "value", "95", "%", "interval", "n"]
    assert shown[1].startswith("MRR  ")
    assert " 0.950 " in shown[1]
    assert shown[1].endswith(" 10")


def test_wrong_use_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert held.main(["--fast"]) == 2
    assert "usage: python -m evals.encoder.held [MODEL.onnx]" in capsys.readouterr().err


def test_the_bundled_model_runs_as_an_exported_file_does() -> None:
    from importlib.resources import as_file, files

    from ingest.embed import MODEL_FILE, BundledEmbedder

    texts = ["Who owns travel?", "The porter keeps lost property."]
    with as_file(files("ingest").joinpath("model", MODEL_FILE)) as path:
        assert np.array_equal(held.opened(path)(texts), BundledEmbedder().embed(texts))


def test_general_sentences_are_sentences_and_the_same_each_time() -> None:
    found = sentences(40, random.Random(1))
    assert len(set(found)) == 40
    assert all(25 <= len(text) <= 150 and text[0].isupper() and text[-1] in ".!?" for text in found)
    assert found == sentences(40, random.Random(1)) != sentences(40, random.Random(2))
