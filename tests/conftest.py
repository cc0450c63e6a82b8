"""What tests share: the project's root and files, an honest skip, an index of the corpus, an engine on it."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from chat.engine import Engine

hypothesis_settings.register_profile(
    "remit", database=None, deadline=None, derandomize=bool(os.environ.get("CI"))
)
hypothesis_settings.load_profile("remit")

# The tests are run by make and run make: the inner one must not take orders from the outer one.
for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
    os.environ.pop(name, None)

# No test may ask the language model that a developer has set up.
for name in [name for name in os.environ if name.startswith("OPENAI_")]:
    os.environ.pop(name)

Needs = Callable[[object, str], None]


def pytest_collection_finish() -> None:
    """Import Gradio whole before any server runs in this process.

    One that is stopped while its page loads would leave half of it behind, for the next one to trip over.
    """
    if "chat.web.api" in sys.modules:
        importlib.import_module("gradio")


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


@pytest.fixture(scope="session")
def corpus_home(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the index of the project's own documents, built once; not to be written to."""
    from ingest.embed import BundledEmbedder
    from ingest.pipeline import build
    from ingest.roles import RoleBook

    home = tmp_path_factory.mktemp("corpus-home")
    roles = RoleBook.load(root / "corpus" / "roles.yaml")
    build(corpus=root / "corpus", home=home, roles=roles, embedder=BundledEmbedder())
    return home


@pytest.fixture(scope="session")
def engine(root: Path, corpus_home: Path) -> Engine:
    """An engine over the project's own documents."""
    from chat.app import open_quotes
    from ingest.settings import Settings

    return open_quotes(Settings(home=corpus_home, corpus=root / "corpus"))
