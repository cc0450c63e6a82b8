"""``python -m evals.bench.soak``: a working day of questions in a row, and what the server's memory does.

Eight hours with a question every two seconds are 14,400 requests. They come as fast as they are answered, by
some people at once: questions asked before and new ones, streams, streams whose reader leaves in the middle,
pages, and requests that are wrong. All the while the index is replaced again and again.
"""

from __future__ import annotations

import argparse
import http.client
import json
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from evals import folder
from evals.bench.crowd import Questions
from evals.bench.load import QUESTIONS, UNLIMITED, Running, running
from evals.cases import load as load_cases
from evals.product import build_index
from ingest.home import Home
from ingest.settings import Settings

_JSON = {"Content-Type": "application/json"}
_WARM = 0.25  # the share of the requests after which memory should have found its size
# As docs/deploy has it. Without the last, what threads free stays apart, and little of it is given back.
_AS_DEPLOYED = {"REMIT_WORKERS": "1", "REMIT_LOG": "off", **UNLIMITED, "MALLOC_ARENA_MAX": "2"}
_SHARES = (("again", 60), ("new", 20), ("stream", 10), ("leave", 4), ("page", 4), ("wrong", 2))


class Soaked(BaseModel):
    """What came of it; memory in MB is the resident size of the process that answers, ``growth`` a share."""

    model_config = ConfigDict(frozen=True)

    requests: int
    seconds: float
    published: int
    errors: int
    first_errors: tuple[str, ...]
    warm_mb: float
    end_mb: float
    most_mb: float
    growth: float


class Visitor:
    """Sends requests of every kind over one connection; each gives "" or what was wrong with the response."""

    def __init__(self, address: str, questions: Sequence[str], known: dict[str, str]) -> None:
        at = urlsplit(address)
        self._connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=120)
        self._again, self._new = Questions(questions, new=False), Questions(questions, new=True)
        self._known = known

    def visit(self, kind: str) -> str:
        """One request of the kind ``kind``."""
        kinds: dict[str, Callable[[], str]] = {
            "again": lambda: self._ask(next(self._again)),
            "new": lambda: self._ask(next(self._new)),
            "stream": lambda: self._stream(next(self._again)),
            "leave": lambda: self._leave(next(self._new)),
            "page": lambda: self._expect(200, "GET", "/sources"),
            "wrong": lambda: self._expect(400, "POST", "/api/ask", b"{"),
        }
        try:
            return kinds[kind]()
        except (OSError, http.client.HTTPException, ValueError) as exc:
            self._connection.close()
            return f"{kind}: {exc!r}"

    def _send(self, method: str, path: str, body: bytes | None = None) -> http.client.HTTPResponse:
        self._connection.request(method, path, body, _JSON)
        return self._connection.getresponse()

    def _expect(self, status: int, method: str, path: str, body: bytes | None = None) -> str:
        response = self._send(method, path, body)
        response.read()
        return "" if response.status == status else f"{method} {path}: {response.status}"

    def _ask(self, body: bytes) -> str:
        response = self._send("POST", "/api/ask", body)
        return self._same(body, response.status, response.read())

    def _stream(self, body: bytes) -> str:
        response = self._send("POST", "/api/ask/stream", body)
        last = response.read().rpartition(b"event: answer\ndata: ")[2]
        return self._same(body, response.status, last)

    def _leave(self, body: bytes) -> str:
        response = self._send("POST", "/api/ask/stream", body)
        response.readline()
        self._connection.close()
        return "" if response.status == 200 else f"a stream to leave: {response.status}"

    def _same(self, body: bytes, status: int, said: bytes) -> str:
        """A question has one answer, whoever asks it, how and when."""
        if status != 200:
            return f"a question: {status} {said[:200]!r}"
        question = json.loads(body)["question"].strip()
        answer: dict[str, Any] = json.loads(said)
        answer |= {"question": "", "asked": answer["asked"].strip(), "index": "", "timings_ms": {}}
        told = json.dumps(answer, sort_keys=True)
        first = self._known.setdefault(question, told)
        return (
            "" if told == first else f"another answer to {question!r}: {told[:200]} instead of {first[:200]}"
        )


def megabytes(process: int) -> float:
    """The resident memory of a process."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def soak(server: Running, home: Path, questions: Sequence[str], *, requests: int, people: int) -> Soaked:
    """Send ``requests`` from ``people`` at once, and replace the index twenty times meanwhile."""
    kinds = [kind for kind, share in _SHARES for _ in range(share)]
    numbers, lock = count(), threading.Lock()
    memory: list[tuple[int, float]] = []
    errors: list[str] = []
    published = 0
    known: dict[str, str] = {}
    started = time.monotonic()

    def person(place: int) -> None:
        nonlocal published
        visitor, random = Visitor(server.address, questions, known), Random(place)
        while (number := next(numbers)) < requests:
            if wrong := visitor.visit(random.choice(kinds)):
                errors.append(wrong)
            with lock:
                if number % max(1, requests // 200) == 0:
                    memory.append((number, megabytes(server.process)))
                if number and number % max(1, requests // 20) == 0:
                    replace_index(home)
                    published += 1

    with ThreadPoolExecutor(people) as pool:
        for done in [pool.submit(person, place) for place in range(people)]:
            done.result()
    warm = [mb for number, mb in memory if _WARM <= number / requests < _WARM + 0.1]
    end = [mb for number, mb in memory if number / requests >= 0.9]
    return Soaked(
        requests=requests,
        seconds=time.monotonic() - started,
        published=published,
        errors=len(errors),
        first_errors=tuple(errors[:5]),
        warm_mb=median(warm),
        end_mb=median(end),
        most_mb=max(mb for _, mb in memory),
        growth=median(end) / median(warm) - 1,
    )


def replace_index(home: Path) -> None:
    """Publish the live generation once more under another name, as a build would."""
    place = Home(home)
    live = place.live()
    with place.lock(), place.unfinished() as fresh:
        shutil.copytree(live, fresh, dirs_exist_ok=True)
        place.publish(fresh, live.name.partition("-")[0])


def main(argv: Sequence[str] | None = None) -> int:
    """Soak a server over an index of its own; 1 when a request failed or its memory grew beyond the bound."""
    args = _parser().parse_args(argv)
    questions = [case.question for case in load_cases(QUESTIONS)]
    with tempfile.TemporaryDirectory(prefix="remit-soak-") as home:
        build_index(Settings.load(home=Path(home)))
        serve = ["chat", "serve", "--home", home, "--port", "0"]
        with running(serve, _AS_DEPLOYED) as server:
            _wait_for_page(server.address)
            found = soak(server, Path(home), questions, requests=args.requests, people=args.people)
    folder.write_files(args.out, {"soak.json": found.model_dump_json(indent=1) + "\n"})
    print(
        f"{found.requests} requests in {found.seconds:.0f} s, {found.published} indexes published, "
        f"{found.errors} errors; memory {found.warm_mb:.0f} MB when warm, {found.end_mb:.0f} MB at the end "
        f"({found.growth:+.1%}), {found.most_mb:.0f} MB at the most"
    )
    for wrong in found.first_errors:
        print(f"soak: {wrong}", file=sys.stderr)
    return int(bool(found.errors) or found.growth > args.growth)


def _wait_for_page(address: str) -> None:
    at = urlsplit(address)
    until = time.monotonic() + 120
    while time.monotonic() < until:
        connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=60)
        connection.request("GET", "/ready")
        if json.loads(connection.getresponse().read()).get("page") == "loaded":
            return
        connection.close()
        time.sleep(0.5)
    raise RuntimeError("the page does not load")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals.bench.soak", description=__doc__)
    parser.add_argument("--requests", type=int, default=14_400, help="how many are sent (%(default)s)")
    parser.add_argument("--people", type=int, default=4, help="who send them at once (%(default)s)")
    parser.add_argument("--growth", type=float, default=0.05, help="the bound on memory (%(default)s)")
    parser.add_argument("--out", type=Path, default=Path("out/soak"), help="default: %(default)s")
    return parser


if __name__ == "__main__":
    sys.exit(main())
