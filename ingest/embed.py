"""The bundled embedding model: short English texts to unit vectors, with no key and no network."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MODEL_FILE = "all-MiniLM-L6-v2-asked-int8.onnx"
MODEL_SHA256 = "6df0065f8ef16428685d3dea1b86b6fc684c56d1f906819dd3e912ac7fa8629c"
TOKENIZER_FILE = "tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
DIMENSIONS = 384
MAX_TOKENS = 256


class BundledEmbedder:
    """The model in ``ingest/model``, run by onnxruntime on one thread.

    ``id`` names the weights and the way they are used: vectors of two embedders may be compared only when
    their ids are equal. Nothing is loaded before the first call of ``embed``; a copy sent to another
    process loads its own.
    """

    id = f"{MODEL_FILE.removesuffix('.onnx')}@{MODEL_SHA256[:12]}"
    dimensions = DIMENSIONS

    def __init__(self, threads: int = 1) -> None:
        """``threads`` texts are embedded at a time; more than one only where nobody waits for an answer."""
        self._threads = threads

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed each text; the result is (len(texts), 384), rows of unit length in the order given.

        A text of more than 256 tokens is cut there. No texts give (0, 384). A text's vector does not
        depend on the other texts.
        """
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        if self._threads == 1 or len(texts) == 1:
            for position, text in enumerate(texts):
                vectors[position] = self._run(text)
        elif texts:
            self._run(texts[0])  # loads the model once, before several would
            with ThreadPoolExecutor(self._threads) as pool:
                vectors[:] = list(pool.map(self._run, texts))
        return vectors

    def __reduce__(self) -> tuple[Callable[[int], BundledEmbedder], tuple[int]]:
        return BundledEmbedder, (self._threads,)

    def _run(self, text: str) -> NDArray[np.float32]:
        # One text a run: the quantised graph takes its scale from the whole batch, so the same text would get
        # another vector beside other texts, and a build of what changed would differ from a full one.
        encoding = self._tokenizer.encode(text)
        ids = np.array([encoding.ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        vector: NDArray[np.float32] = self._session.run(["emb"], feed)[0][0]
        return vector

    @cached_property
    def _session(self) -> Any:  # onnxruntime ships no types
        # As it comes, the runtime reports every session to its makers; it looks at this once, when imported.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        from onnxruntime import InferenceSession, SessionOptions  # type: ignore[import-untyped]

        options = SessionOptions()
        # A second thread gains little when idle and loses much beside a busy neighbour.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        with as_file(files("ingest").joinpath("model", MODEL_FILE)) as path:
            return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        with as_file(files("ingest").joinpath("model", TOKENIZER_FILE)) as path:
            tokenizer = Tokenizer.from_file(str(path))
        # The file asks for a fixed 128 of both.
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        return tokenizer
