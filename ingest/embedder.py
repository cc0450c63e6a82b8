"""Which embedder makes the vectors: the bundled model, or one behind the OpenAI API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.errors import SettingsError
from ingest.settings import Settings


class Embedder(Protocol):
    """Turns texts into unit vectors, one a row."""

    id: str

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(len(texts), dimensions), float32."""


def choose(settings: Settings, *, threads: int = 1) -> Embedder:
    """The embedder of the settings; ``threads`` texts at a time where that is possible.

    Raises SettingsError when the one that is asked for needs a server and none is set.
    """
    if settings.embedder == "openai":
        from ingest.embed_openai import OpenAIEmbedder

        if settings.endpoint is None:
            raise SettingsError(
                "REMIT_EMBEDDER='openai' needs a server: set OPENAI_API_KEY, or OPENAI_BASE_URL for one of"
                " your own, or REMIT_EMBEDDER=bundled"
            )
        return OpenAIEmbedder(settings.endpoint, settings.embedder_model)
    from ingest.embed import BundledEmbedder

    return BundledEmbedder(threads)
