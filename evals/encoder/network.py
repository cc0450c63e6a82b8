"""The network in training: its upper layers learn, and what comes below them is worked out once a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn.functional import normalize
from torch.nn.utils.rnn import pad_sequence
from transformers import BertModel

MAX_TOKENS = 112  # three long sentences have about as many; what has more is cut
TOGETHER = 56  # texts of about one length that are run at a time


class Network:
    """A BERT encoder with mean pooling (Reimers and Gurevych, 2019), the lower layers frozen.

    Freezing them costs little quality (Lee, Tang and Lin, "What would Elsa do?", 2019), keeps the model
    nearer to its base, and makes training on a processor bearable: a text runs through them once.
    """

    def __init__(self, weights: Path, *, layers: int) -> None:
        """``weights`` is a folder with the model and its tokenizer; the last ``layers`` layers learn.

        Raises ValueError when the model has fewer.
        """
        self._model = BertModel.from_pretrained(weights, attn_implementation="sdpa").eval()
        self._tokenizer = Tokenizer.from_file(str(weights / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        every = self._model.encoder.layer
        if not 1 <= layers <= len(every):
            raise ValueError(f"expected 1 to {len(every)} layers to train, got {layers!r}")
        self._lower, self._upper = every[: len(every) - layers], every[len(every) - layers :]
        self._states: dict[str, Any] = {}
        self._model.requires_grad_(False)
        self._upper.requires_grad_(True)

    @property
    def learning(self) -> list[Any]:
        """The parameters that are trained."""
        return list(self._upper.parameters())

    def encode(self, texts: Sequence[str]) -> Any:
        """A tensor (len(texts), dimensions) of unit rows, through which the upper layers learn."""
        self._remember(texts)
        order = sorted(range(len(texts)), key=lambda i: len(self._states[texts[i]]))
        rows: list[Any] = [None] * len(texts)
        for part in _parts(order):
            states = [self._states[texts[i]] for i in part]
            there = _there(states)
            hidden = self._through(self._upper, pad_sequence(states, batch_first=True).float(), there)
            weight = there[:, :, None].float()
            pooled = normalize((hidden.float() * weight).sum(1) / weight.sum(1), dim=1)
            for i, row in zip(part, pooled, strict=True):
                rows[i] = row
        return torch.stack(rows)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same as an array, and nothing is learnt."""
        with torch.no_grad():
            vectors: NDArray[np.float32] = self.encode(texts).numpy()
        return vectors

    def save(self, folder: Path) -> None:
        """Write the weights and the tokenizer to a folder that another ``Network`` and the export open."""
        self._model.save_pretrained(folder)
        self._tokenizer.save(str(folder / "tokenizer.json"))

    def _remember(self, texts: Sequence[str]) -> None:
        new = sorted({text for text in texts if text not in self._states}, key=lambda t: (len(t), t))
        for part in _parts(new):
            ids = [torch.tensor(encoding.ids) for encoding in self._tokenizer.encode_batch(part)]
            with torch.no_grad():
                hidden = self._model.embeddings(input_ids=pad_sequence(ids, batch_first=True))
                hidden = self._through(self._lower, hidden, _there(ids)).bfloat16()
            for text, row, own in zip(part, hidden, ids, strict=True):
                self._states[text] = row[: len(own)].clone()

    def _through(self, layers: Any, hidden: Any, there: Any) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            for layer in layers:
                hidden = layer(hidden, attention_mask=there[:, None, None, :])
        return hidden


def _parts(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), TOGETHER):
        yield items[start : start + TOGETHER]


def _there(rows: Sequence[Any]) -> Any:
    """True where a row has a token, False where it is filled up to the longest."""
    lengths = torch.tensor([len(row) for row in rows])
    return torch.arange(int(lengths.max()))[None] < lengths[:, None]
