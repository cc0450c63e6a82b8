"""``python tests/small_server.py ARGUMENTS``: the chat's command over an engine that can take its time.

A question that says "slowly" takes a second before each event of its stream.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence

from small_engine import SmallEngine

from chat.__main__ import main
from chat.answer import Event, Turn
from ingest.settings import Settings


class PacedEngine(SmallEngine):
    """Names the process it is in as its index."""

    def __init__(self) -> None:
        super().__init__()
        self.generation_id = f"process-{os.getpid()}"

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        """The answer, event by event, with a second before each when the question says "slowly"."""
        for event in super().stream(question, history):
            time.sleep(1.0 if "slowly" in question else 0.0)
            yield event


def opener(_: Settings) -> PacedEngine:
    """A new engine."""
    return PacedEngine()


def builder(_: Settings) -> None:
    """Nothing is built."""


if __name__ == "__main__":
    # By the name it is imported by, as chat does: workers look the functions up there.
    import small_server

    sys.exit(main(sys.argv[1:], opener=small_server.opener, builder=small_server.builder))
