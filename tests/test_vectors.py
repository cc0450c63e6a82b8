"""Known vectors: found by phrase and embedder, forgotten when long unused, and never in the way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.vectors import KEPT_BUILDS, KnownVectors


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors.sqlite"


def known(path: Path, *phrases: str, embedder: str = "one") -> list[str]:
    vectors = KnownVectors(path, embedder=embedder, dimensions=2)
    found = vectors.find(phrases)
    vectors.close()
    return list(found)


def keep(path: Path, *phrases: str) -> None:
    vectors = KnownVectors(path, embedder="one", dimensions=2)
    vectors.keep(phrases, np.array([[0.6, 0.8]] * len(phrases), dtype=np.float32))
    vectors.close()


def test_what_was_kept_is_found_to_the_bit(path: Path) -> None:
    keep(path, "payroll")
    vectors = KnownVectors(path, embedder="one", dimensions=2)
    assert vectors.find(["payroll", "other"])["payroll"].tobytes() == np.array([0.6, 0.8], "<f4").tobytes()
    vectors.close()


def test_another_embedder_knows_nothing_of_it(path: Path) -> None:
    keep(path, "payroll")
    assert known(path, "payroll", embedder="two") == []
    other_size = KnownVectors(path, embedder="one", dimensions=3)
    assert other_size.find(["payroll"]) == {}
    other_size.close()


def test_what_no_build_has_is_forgotten_after_some(path: Path) -> None:
    keep(path, "old", "new")
    for build in range(2, KEPT_BUILDS + 2):
        assert known(path, "old", "new") == ["old", "new"], build
        vectors = KnownVectors(path, embedder="one", dimensions=2)
        vectors.forget_unused(["new"])
        vectors.close()
    assert known(path, "old", "new") == ["new"]


def test_a_damaged_file_is_made_anew(path: Path) -> None:
    keep(path, "payroll")
    path.write_bytes(b"no database" * 100)
    assert known(path, "payroll") == []
    keep(path, "payroll")
    assert known(path, "payroll") == ["payroll"]
