"""``python -m evals.bench.peer``: the stock peer behind FastAPI, as most people would put it there."""

from __future__ import annotations

import argparse
import socket
import sys
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from evals.bench.stock import Stock
from evals.product import open_product
from ingest.embed import BundledEmbedder
from ingest.settings import Settings


class Question(BaseModel):
    """What the peer is asked."""

    question: str


def main() -> int:
    """Serve the peer on a free port, which is said, until it is ended."""
    import uvicorn

    parser = argparse.ArgumentParser(prog="python -m evals.bench.peer", description=__doc__)
    parser.add_argument("--home", type=Path, help="where the index lives (REMIT_HOME)")
    args = parser.parse_args()
    product = open_product(Settings.load(home=args.home))
    stock = Stock(product.documents.values(), product.roles, BundledEmbedder())
    app = FastAPI()

    @app.post("/api/ask")
    def ask(asked: Question) -> dict[str, Any]:
        return stock.ask(asked.question).to_dict()

    taken = socket.create_server(("127.0.0.1", 0))
    print(f"The peer answers at http://127.0.0.1:{taken.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run(sockets=[taken])
    return 0


if __name__ == "__main__":
    sys.exit(main())
