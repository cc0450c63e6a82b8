"""An embedder that remembers: the guidelines that answers rest on are the same ones again and again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chat.retrieve import Embedder

MOST_TEXTS = 8_192  # 12 MB of vectors with 384 numbers


class Remembering:
    """Gives the vectors of ``embedder``, each made once; safe to share between threads."""

    def __init__(self, embedder: Embedder, *, most: int = MOST_TEXTS) -> None:
        self.id = embedder.id
        self._embedder, self._most = embedder, most
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the embedder's: (len(texts), dimensions), in the order given."""
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        if new:
            found |= zip(new, self._embedder.embed(new), strict=True)
        self._keep(found)
        return np.stack([found[text] for text in texts]) if texts else self._embedder.embed([])

    def _keep(self, vectors: dict[str, NDArray[np.float32]]) -> None:
        with self._lock:
            for text, vector in vectors.items():
                self._known[text] = vector
                self._known.move_to_end(text)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
