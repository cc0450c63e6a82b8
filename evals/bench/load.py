"""``python -m evals.bench.load``: a hundred people ask at once, the product and a stock peer in turn."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from pydantic import BaseModel, ConfigDict

from evals import folder
from evals.bench.crowd import Asked, Conversations, Questions, Way, at_once, crowd, within_a_second
from evals.cases import load as load_cases
from evals.figures import latency
from evals.text import columns
from ingest.settings import Settings

QUESTIONS = Path(__file__).parents[1] / "questions.jsonl"
# Of the settings of the product those that would have one machine asking for a hundred people wait.
UNLIMITED = {"REMIT_RATE": "off"}
_WARM_UP = 4
_SETTLED, _SETTLED_SECONDS = 30, 120  # so many connections in a row find the page loaded


class Measured(BaseModel):
    """One way of asking, of one server: the median over ``rounds`` of each figure, in milliseconds.

    ``worst_p95_ms`` is the highest 95th percentile of a round, ``errors`` all that did not end with 200.
    """

    model_config = ConfigDict(frozen=True)

    server: str
    way: str
    rounds: int
    n: int
    errors: int
    median_ms: float
    p95_ms: float
    worst_p95_ms: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """A way of asking, by name; ``new`` when no question was asked before, which memory cannot answer."""

    name: str
    way: Way
    new: bool


def scenarios(seconds: float, pause: float) -> Sequence[Scenario]:
    """What is measured, the gentlest first."""
    talks, rush = Conversations(seconds, pause), Conversations(seconds, 0.0)
    return (
        Scenario(f"ask, read {pause:g} s, ask again; new questions", talks, new=True),
        Scenario(f"ask, read {pause:g} s, ask again", talks, new=False),
        Scenario("all within a second; new questions", within_a_second, new=True),
        Scenario("all within a second", within_a_second, new=False),
        Scenario("all at the same instant; new questions", at_once, new=True),
        Scenario("all at the same instant", at_once, new=False),
        Scenario("again and again without a pause", rush, new=False),
    )


def measure(
    servers: dict[str, str], todo: Sequence[Scenario], questions: Sequence[str], *, users: int, rounds: int
) -> Iterator[Measured]:
    """Have the servers (name to address) take turns, so that whatever else the machine does falls on all."""
    for address in servers.values():
        for _ in range(_WARM_UP):  # each process meets every question
            asyncio.run(crowd(address, len(questions), at_once, Questions(questions, new=False)))
    for scenario in todo:
        took: dict[str, list[list[Asked]]] = {name: [] for name in servers}
        for _ in range(rounds):
            for name, address in servers.items():
                asking = crowd(address, users, scenario.way, Questions(questions, new=scenario.new))
                took[name].append(asyncio.run(asking))
        for name, found in took.items():
            yield _summed(name, scenario.name, found)


def _summed(server: str, way: str, found: Sequence[Sequence[Asked]]) -> Measured:
    times = [latency([asked.ms for asked in one]) for one in found]
    return Measured(
        server=server,
        way=way,
        rounds=len(found),
        n=sum(len(one) for one in found),
        errors=sum(asked.status != 200 for one in found for asked in one),
        median_ms=median(one.median_ms or 0.0 for one in times),
        p95_ms=median(one.p95_ms or 0.0 for one in times),
        worst_p95_ms=max(one.p95_ms or 0.0 for one in times),
    )


def lines(measured: Sequence[Measured]) -> Iterator[str]:
    """The figures for a terminal."""
    heading = ("people ask", "server", "n", "errors", "median ms", "p95 ms", "worst round's p95")
    yield from columns(
        [
            heading,
            *(
                (
                    *(m.way, m.server, str(m.n), str(m.errors)),
                    *(f"{m.median_ms:.0f}", f"{m.p95_ms:.0f}", f"{m.worst_p95_ms:.0f}"),
                )
                for m in measured
            ),
        ]
    )


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs: where it answers, and the number of its process."""

    address: str
    process: int


@contextlib.contextmanager
def running(arguments: Sequence[str], environ: dict[str, str]) -> Iterator[Running]:
    """Run ``python -m ARGUMENTS`` until it says its address; end it afterwards."""
    command = [sys.executable, "-m", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | environ) as server:
        try:
            assert server.stdout
            for line in server.stdout:
                if said := re.search(r"http://[^ ]+", line):
                    yield Running(said[0], server.pid)
                    break
            else:
                raise RuntimeError(f"{' '.join(arguments)!r} ended and named no address")
        finally:
            server.terminate()
            server.communicate()


def settle(address: str) -> None:
    """Wait until the processes at ``address`` have loaded their pages, which takes each of them seconds.

    Raises RuntimeError when that takes longer than ``_SETTLED_SECONDS``.
    """
    until = time.monotonic() + _SETTLED_SECONDS
    loaded = 0
    while loaded < _SETTLED:
        if time.monotonic() > until:
            raise RuntimeError(f"{address!r} has not loaded its page within {_SETTLED_SECONDS} seconds")
        # A connection of its own each time: whichever process gets it speaks for itself.
        with urllib.request.urlopen(f"{address}/ready", timeout=30) as answer:
            ready = json.load(answer)["page"] != "loading"
        loaded = loaded + 1 if ready else 0
        if not ready:
            time.sleep(0.2)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print and write the figures; 1 when a question to the product got no answer."""
    args = _parser().parse_args(argv)
    settings = Settings.load(home=args.home)
    questions = [case.question for case in load_cases(QUESTIONS)]
    home = ["--home", str(settings.home)]
    ours = {"REMIT_WORKERS": str(args.workers), **UNLIMITED}
    with contextlib.ExitStack() as stack:
        served = ["chat", "serve", *home, "--port", "0"]
        product = stack.enter_context(running(served, ours)).address
        settle(product)
        servers = {f"ours, {args.workers} processes": product}
        if not args.alone:
            servers["stock"] = stack.enter_context(running(["evals.bench.peer", *home], {})).address
        todo = scenarios(args.seconds, args.pause)
        found = []
        for one in measure(servers, todo, questions, users=args.users, rounds=args.rounds):
            found.append(one)
            print(f"{one.server}: {one.way}: 95 % within {one.p95_ms:.0f} ms", file=sys.stderr, flush=True)
    for line in lines(found):
        print(line)
    texts = ",\n".join(m.model_dump_json() for m in found)
    folder.write_files(args.out, {"load.json": f"[{texts}]\n"})
    return int(any(m.errors for m in found if m.server != "stock"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals.bench.load", description=__doc__)
    parser.add_argument("--home", type=Path, metavar="DIR", help="where the index lives (REMIT_HOME)")
    parser.add_argument("--users", type=int, default=100, help="people asking (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="processes of the product (%(default)s)")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of a conversation (%(default)s)")
    parser.add_argument("--pause", type=float, default=4.0, help="seconds of reading (%(default)s)")
    parser.add_argument("--alone", action="store_true", help="leave the peer out")
    parser.add_argument("--out", type=Path, default=Path("out/load"), help="default: %(default)s")
    return parser


if __name__ == "__main__":
    sys.exit(main())
