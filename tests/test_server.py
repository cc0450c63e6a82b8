"""The server as processes: several at one port, one that is lost, and a stop that lets answers end."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import importlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import ref

import pytest
from fastapi import FastAPI
from serving import ask, fetch
from small_engine import SmallEngine

from chat.web.live import LiveEngine
from chat.web.mount import PageMount

PATIENCE = 60.0  # seconds until something that does not come is given up


@dataclass
class Started:
    """A server and where it answers."""

    process: subprocess.Popen[str]
    address: str

    def ends(self) -> tuple[int, str]:
        """Its exit code, and what it said after its address."""
        out, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out


@contextlib.contextmanager
def started(root: Path, **environ: str) -> Iterator[Started]:
    """The chat's command over the small engine."""
    path = os.pathsep.join([str(root), str(root / "tests")])
    command = [sys.executable, str(root / "tests" / "small_server.py"), "--port", "0"]
    given = {name: value for name, value in os.environ.items() if not name.startswith("REMIT_")}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=given | {"PYTHONPATH": path} | environ, cwd="/"
    ) as process:
        try:
            assert process.stdout
            said = process.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert address, said
            yield Started(process, address[0])
        finally:
            process.kill()


def until(true: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def answering(address: str) -> int:
    """The number of the process that answers a new connection."""
    return int(json.loads(fetch(f"{address}/ready"))["index"].removeprefix("process-"))


def alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def test_several_processes_answer_at_one_port_and_one_that_is_lost_is_replaced(root: Path) -> None:
    with started(root, REMIT_WORKERS="2") as server:
        numbers: set[int] = set()
        until(lambda: len(_seen(numbers, server.address)) == 2, "both answer")
        for _ in range(20):
            assert json.loads(ask(server.address, "Who should own budgets?"))["owners"] == ["Bursar"]
        answered = 'remit_requests_total{method="POST",route="/api/ask",status="200"} 20.0'
        assert answered in fetch(f"{server.address}/metrics"), "any process tells the sum"

        lost = min(numbers)
        os.kill(lost, signal.SIGKILL)
        until(lambda: not alive(lost), "it is gone")
        for _ in range(10):
            ask(server.address, "Who should own fees?")
        now: set[int] = set()
        until(lambda: len(_seen(now, server.address)) == 2, "another has taken its place")
        assert lost not in now
        figures = fetch(f"{server.address}/metrics")
        counted = re.search(
            r'remit_requests_total\{method="POST",route="/api/ask",status="200"\} (\S+)', figures
        )
        assert counted
        assert float(counted[1]) == 30, "what the lost one had counted is not lost"

        server.process.send_signal(signal.SIGTERM)
        assert server.ends() == (0, "Stopped.\n")
        assert not any(alive(number) for number in now)


def _seen(numbers: set[int], address: str) -> set[int]:
    numbers.add(answering(address))
    return numbers


def test_processes_do_not_outlive_the_one_that_started_them(root: Path) -> None:
    with started(root, REMIT_WORKERS="2") as server:
        numbers: set[int] = set()
        until(lambda: len(_seen(numbers, server.address)) == 2, "both answer")
        server.process.kill()
        until(lambda: not any(alive(number) for number in numbers), "they end by themselves")


def test_a_port_in_use_is_named_with_several_processes_too(root: Path) -> None:
    with started(root, REMIT_WORKERS="2") as server:
        port = urlsplit(server.address).port
        second = subprocess.run(
            [sys.executable, "-m", "chat", "serve", "--port", str(port)],
            capture_output=True,
            text=True,
            cwd=root,
            env=os.environ | {"REMIT_WORKERS": "2"},
        )
    assert second.returncode == 2
    assert f"port {port} on 127.0.0.1 is in use by another program" in second.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_stop_lets_a_stream_end_and_takes_nobody_new(root: Path, workers: str) -> None:
    with started(root, REMIT_WORKERS=workers) as server:
        at = urlsplit(server.address)
        connection = http.client.HTTPConnection("127.0.0.1", at.port, timeout=PATIENCE)
        body = json.dumps({"question": "Who should slowly own budgets?"})
        connection.request("POST", "/api/ask/stream", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        first = response.readline()
        assert first.startswith(b"event: start")
        server.process.send_signal(signal.SIGTERM)

        def refused() -> bool:
            try:
                with urllib.request.urlopen(f"{server.address}/health", timeout=PATIENCE):
                    return False
            except OSError:
                return True

        until(refused, "it takes nobody new")
        rest = response.read().decode()
        assert "event: answer" in rest
        assert rest.endswith("\n\n")
        connection.close()
        assert server.ends() == (0, "Stopped.\n")


def test_somebody_who_reads_for_a_while_asks_on_over_the_same_connection(root: Path) -> None:
    with started(root) as server:
        at = urlsplit(server.address)
        connection = http.client.HTTPConnection("127.0.0.1", at.port, timeout=PATIENCE)
        ends = []
        for seconds in (0, 6):  # uvicorn's own patience is 5
            time.sleep(seconds)
            connection.request("GET", "/health")
            with connection.getresponse() as response:
                assert response.status == 200
                response.read()
            assert connection.sock is not None
            ends.append(connection.sock.getsockname())
        assert ends[0] == ends[1]
        connection.close()


def test_a_stop_does_not_wait_longer_than_it_may(root: Path) -> None:
    with started(root, REMIT_STOP_SECONDS="0") as server:
        at = urlsplit(server.address)
        connection = http.client.HTTPConnection("127.0.0.1", at.port, timeout=PATIENCE)
        body = json.dumps({"question": "Who should slowly, slowly own budgets?"})
        connection.request("POST", "/api/ask/stream", body, {"Content-Type": "application/json"})
        assert connection.getresponse().readline()
        server.process.send_signal(signal.SIGTERM)
        assert server.ends() == (0, "Stopped.\n")
        connection.close()


def test_a_page_that_loads_is_given_up_at_once_when_the_server_stops() -> None:
    began, ended = threading.Event(), threading.Event()

    def load() -> FastAPI:
        began.set()
        try:
            while True:  # as Gradio does: many imports, each a short step
                sys.modules.pop("colorsys", None)
                importlib.import_module("colorsys")
        finally:
            ended.set()

    async def stop_while_loading() -> float:
        running = asyncio.create_task(PageMount(load).run())
        assert await asyncio.to_thread(began.wait, PATIENCE)
        at = time.monotonic()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return time.monotonic() - at

    assert asyncio.run(stop_while_loading()) < 3
    assert ended.is_set()


def test_an_index_that_was_replaced_is_let_go_of_once_its_last_answer_is_done(tmp_path: Path) -> None:
    class Tied(SmallEngine):
        """Part of a cycle, so that losing its last user alone does not free it."""

        def __init__(self) -> None:
            super().__init__()
            self.myself = self

    pointer = tmp_path / "live"
    pointer.write_text("1")
    live = LiveEngine(Tied, pointer=pointer)
    first = live()
    known = ref(first)
    _publish(pointer)
    second = live()
    assert second is not first
    assert first.ask("Who should own budgets?").owners == ("Bursar",), "whoever has it can go on"
    del first, second
    _publish(pointer)
    live()
    assert known() is None


def _publish(pointer: Path) -> None:
    fresh = pointer.with_name("fresh")
    fresh.write_text("another")
    fresh.replace(pointer)
