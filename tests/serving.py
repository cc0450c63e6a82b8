"""A server for a test: start it, ask it, stop it and all it started.

``python tests/serving.py QUESTION COMMAND...`` does the three and prints the answer, for a test that must
have both ends in a network namespace.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from typing import Any

PATIENCE = 60.0  # seconds until a server that does not answer is given up


@contextlib.contextmanager
def running(command: Sequence[str], **how: Any) -> Iterator[str]:
    """Start a server and give its address once it says it; ``how`` goes to Popen."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True, **how
    ) as server:
        assert server.stdout
        try:
            said = ""
            for line in server.stdout:
                said += line
                if address := re.search(r"http://127\.0\.0\.1:\d+", line):
                    yield address[0]
                    break
            else:
                raise AssertionError(
                    f"{command} ended with {server.wait()} and named no address; it said: {said}"
                )
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            server.stdout.read()  # its last words: it must not find its output closed


def fetch(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> str:
    """What the server says to a GET, or to a POST of ``body``; tried again until it answers."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(
                urllib.request.Request(url, body, headers or {}), timeout=PATIENCE
            ) as said:
                return str(said.read().decode())
        except urllib.error.HTTPError as error:
            if error.code != 503 or time.monotonic() > until:
                raise
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
        time.sleep(0.1)


def ask(address: str, question: str) -> str:
    """The answer to one question, as JSON."""
    return fetch(
        f"{address}/api/ask",
        json.dumps({"question": question}).encode(),
        {"Content-Type": "application/json"},
    )


if __name__ == "__main__":
    with running(sys.argv[2:]) as where:
        print(ask(where, sys.argv[1]))
