"""What tests share: the project's root and files, an honest skip, an index of the corpus, an engine on it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("remit", database=None, deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("remit")

Needs = Callable[[object, str], None]


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the project."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def needs() -> Needs:
    """``needs(found, reason)`` skips the test, and says why, where ``found`` is false; in CI it fails."""

    def check(found: object, reason: str) -> None:
        if found:
            return
        if os.environ.get("CI"):
            pytest.fail(f"CI must provide this: {reason}")
        pytest.skip(reason)

    return check


@pytest.fixture(scope="session")
def tracked(root: Path, needs: Needs) -> list[str]:
    """The paths that git holds or would hold: what a clone has."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        text=True,
    )
    files = sorted(p for p in listed.stdout.split("\0") if p and (root / p).is_file())
    needs(files, "this is no git checkout, so its files cannot be listed")
    return files
