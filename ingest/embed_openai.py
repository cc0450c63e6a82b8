"""Embeddings by a server that speaks the OpenAI API: an option beside the bundled model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.endpoint import Endpoint
from ingest.errors import EmbedderFault

if TYPE_CHECKING:
    import httpx
    import openai

BATCH = 256  # texts a request; OpenAI takes 2,048
SECONDS = 30.0
MOST_BYTES = 64_000_000
LONGEST = 6_000  # characters of a text: the models take 8,192 tokens, and a phrase is a sentence or two


class OpenAIEmbedder:
    """A model behind the OpenAI API.

    ``id`` names the model; vectors of two models cannot be compared. Nothing is loaded or asked before the
    first call. It can be sent to another process; ``transport`` (which takes the network's place) cannot.
    """

    def __init__(
        self, endpoint: Endpoint, model: str, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.id = f"openai:{model}"
        self._endpoint, self._model, self._transport = endpoint, model, transport

    @cached_property
    def dimensions(self) -> int:
        """The length of a vector, asked of the server once."""
        return int(self.embed(["length"]).shape[1])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed each text; the result is (len(texts), dimensions), rows of unit length in the order given.

        A text of more than 6,000 characters is cut there. Raises EmbedderFault when the server does not give
        a vector of the same length for every text.
        """
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        cut = [" ".join(text.split())[:LONGEST] or "." for text in texts]
        try:
            rows = [row for i in range(0, len(cut), BATCH) for row in self._asked(cut[i : i + BATCH])]
        except Exception as exc:  # noqa: BLE001 - whatever it is, there are no vectors
            # Neither message nor cause: servers repeat the key that they were sent.
            raise EmbedderFault(
                f"the server of the embeddings gave none by {self._model!r} ({type(exc).__name__}); look at"
                " OPENAI_API_KEY, OPENAI_BASE_URL and REMIT_EMBEDDER_MODEL, or go back to the bundled model:"
                " unset REMIT_EMBEDDER and run: python -m ingest build"
            ) from None
        lengths = {len(row) for row in rows}
        if len(rows) != len(cut) or len(lengths) != 1 or 0 in lengths:
            raise EmbedderFault(
                f"the server of the embeddings gave {len(rows):,} vectors of {sorted(lengths)} numbers for"
                f" {len(cut):,} texts; is {self._model!r} a model for embeddings? Name one with"
                " REMIT_EMBEDDER_MODEL"
            )
        vectors = np.asarray(rows, dtype=np.float64)
        with np.errstate(over="ignore"):  # an overflow is infinite, which is refused below
            norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(norms).all() or not (norms > 0).all():
            raise EmbedderFault(
                f"the server of the embeddings gave vectors without a direction; is {self._model!r} a model"
                " for embeddings? Name one with REMIT_EMBEDDER_MODEL"
            )
        unit: NDArray[np.float32] = (vectors / norms).astype(np.float32)
        return unit

    def __reduce__(self) -> tuple[Callable[[Endpoint, str], OpenAIEmbedder], tuple[Endpoint, str]]:
        return OpenAIEmbedder, (self._endpoint, self._model)

    def _asked(self, texts: list[str]) -> list[list[float]]:
        # As plain numbers: not every server knows the shorter form that the client asks for by itself.
        made = self._client.embeddings.create(input=texts, model=self._model, encoding_format="float")
        return [one.embedding for one in sorted(made.data, key=lambda one: one.index)]

    @cached_property
    def _client(self) -> openai.OpenAI:
        return self._endpoint.client(seconds=SECONDS, most_bytes=MOST_BYTES, transport=self._transport)
