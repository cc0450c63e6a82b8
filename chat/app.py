"""The composition root: the one place where the parts of the chat are put together."""

from __future__ import annotations

from functools import cache

from chat.coverage import Coverage
from chat.engine import Engine
from ingest.embed import BundledEmbedder
from ingest.index import open_live
from ingest.settings import Settings


def open_engine(settings: Settings) -> Engine:
    """The engine over the live generation in ``settings.home``.

    Raises IndexUnavailable when nothing is published there, IndexMismatch when it was built otherwise.
    """
    embedder = _embedder()
    return Engine(open_live(settings.home, embedder.id), embedder, Coverage())


@cache
def _embedder() -> BundledEmbedder:
    """One for every index that is opened: a model loaded anew with each leaves memory in pieces."""
    return BundledEmbedder()
