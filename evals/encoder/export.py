"""Exports trained weights as the file that the product runs.

    python -m evals.encoder.export WEIGHTS OUT.onnx

Mean pooling and L2 normalisation become part of the graph. ONNX Runtime's optimiser puts attention, GELU and
layer normalisation together into one operator each. The weights are then quantised to 8 bits, with a scale
for each channel; the scale of what flows between them is taken as the graph runs. (That BERT bears 8 bits:
Zafrir et al., "Q8BERT", 2019.)
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from transformers import BertModel

from evals.encoder.held import opened
from evals.encoder.record import load

OPSET = 17
SAMPLE = ([101, 2040, 2003, 102],) * 2  # any text will do: both its axes are left open


class Pooled(torch.nn.Module):
    """The encoder with mean pooling over the tokens that are there, and rows of unit length."""

    def __init__(self, model: BertModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Ids and mask, (batch, tokens), to (batch, dimensions)."""
        hidden = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        there = attention_mask[:, :, None].float()
        return torch.nn.functional.normalize((hidden * there).sum(1) / there.sum(1), dim=1)


def graph(weights: Path, out: Path) -> None:
    """Write the weights in the folder ``weights`` as a fused ONNX graph of 32-bit floats."""
    from onnxruntime.transformers import optimizer  # type: ignore[import-untyped]
    from onnxruntime.transformers.fusion_options import FusionOptions  # type: ignore[import-untyped]

    model = BertModel.from_pretrained(weights, attn_implementation="eager").eval()
    ids = torch.tensor(SAMPLE)
    torch.onnx.export(
        Pooled(model).eval(), (ids, torch.ones_like(ids)), str(out),
        input_names=["input_ids", "attention_mask"], output_names=["emb"],
        dynamic_axes={
            "input_ids": {0: "batch", 1: "tokens"},
            "attention_mask": {0: "batch", 1: "tokens"},
            "emb": {0: "batch"},
        },
        opset_version=OPSET, dynamo=False,
    )  # fmt: skip
    fused = optimizer.optimize_model(
        str(out), model_type="bert", opt_level=0, optimization_options=FusionOptions("bert"),
        num_heads=model.config.num_attention_heads, hidden_size=model.config.hidden_size,
    )  # fmt: skip
    fused.save_model_to_file(str(out))


def quantise(source: Path, out: Path) -> None:
    """Write the graph in ``source`` with its weights in 8 bits."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]

    quantize_dynamic(
        str(source), str(out), weight_type=QuantType.QInt8, per_channel=True,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )  # fmt: skip


def main(argv: Sequence[str]) -> int:
    """Write the file, and print what ``ingest/model/README.md`` says of it; 2 for wrong use."""
    if len(argv) != 2 or any(a.startswith("-") for a in argv):
        print("usage: python -m evals.encoder.export WEIGHTS OUT.onnx", file=sys.stderr)
        return 2
    weights, out = Path(argv[0]), Path(argv[1])
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        graph(weights, whole)
        quantise(whole, out)
        texts = [record.sentence for record in load("held")]
        cosines = np.sum(opened(whole)(texts) * opened(out)(texts), axis=1)
    content = out.read_bytes()
    print(f"{out}: {len(content):,} bytes, sha256 {hashlib.sha256(content).hexdigest()}")
    print(f"cosine to the unquantised graph over {len(texts)} sentences: mean {cosines.mean():.4f}, ", end="")
    print(f"lowest {cosines.min():.4f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
