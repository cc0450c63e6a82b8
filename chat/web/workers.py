"""Several processes that answer at one port: started, started again when one ends, and stopped together."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from chat.web.metrics import SHARED_FOLDER, discard
from ingest.errors import IndexUnavailable

# Called in the process that answers, with its socket and what to call when it answers.
Work = Callable[[socket.socket, Callable[[], None]], None]
_MORE_SECONDS = 5.0  # beyond what answers under way may take, until a process that does not end is killed
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    taken: socket.socket
    news: Connection
    ready: bool = False


def run_workers(
    work: Work, sockets: Sequence[socket.socket], *, stop_seconds: float, ready: Callable[[], None]
) -> None:
    """Run ``work`` in a process for each of ``sockets`` until a signal says stop; ``ready`` is called once.

    A process that ends is started again: its socket stays open here, so who was about to be answered by it
    waits for the next one. Raises IndexUnavailable when one ends before it ever answered, which the next
    would do as well. ``work`` must be picklable.
    """
    wake, stopping = socket.socketpair()
    stopping.setblocking(False)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    before = signal.set_wakeup_fd(stopping.fileno())
    with tempfile.TemporaryDirectory(prefix="remit-figures-") as figures:
        os.environ.setdefault(SHARED_FOLDER, figures)
        workers = [_start(work, taken) for taken in sockets]
        try:
            told = False
            while not stop.is_set():
                for worker in workers:
                    if worker.process.is_alive():
                        worker.ready = worker.ready or _heard(worker.news)
                    elif not worker.ready:
                        raise IndexUnavailable("a process that answers could not start; the log says why")
                if not told and all(worker.ready for worker in workers):
                    ready()
                    told = True
                workers = [_again(work, worker) for worker in workers]
                wait(
                    [wake, *(w.process.sentinel for w in workers), *(w.news for w in workers if not w.ready)]
                )
        finally:
            _stop(workers, stop_seconds + _MORE_SECONDS)
            signal.set_wakeup_fd(before)
            wake.close()
            stopping.close()


def _start(work: Work, taken: socket.socket) -> _Worker:
    news, tell = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(work, taken, tell))
    # Ctrl-C reaches the whole group; only this process answers it, and not while another is being made.
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process.start()
    finally:
        signal.signal(signal.SIGINT, handler)
    tell.close()
    return _Worker(process, taken, news)


def _heard(news: Connection) -> bool:
    try:
        return news.poll() and bool(news.recv())
    except EOFError:  # it has just ended
        return False


def _again(work: Work, worker: _Worker) -> _Worker:
    """``worker``, or the one that takes its place when it has ended."""
    if worker.process.is_alive():
        return worker
    _log.error("process %s ended with %s; starting another", worker.process.pid, worker.process.exitcode)
    discard(os.environ[SHARED_FOLDER], worker.process.pid or 0)
    worker.news.close()
    return _start(work, worker.taken)


def _stop(workers: Sequence[_Worker], seconds: float) -> None:
    for worker in workers:
        worker.process.terminate()
    for worker in workers:
        worker.process.join(seconds)
        worker.process.kill()
        worker.process.join()


def _work(work: Work, taken: socket.socket, tell: Connection) -> None:
    """What a process does."""
    # Left alone it would hold the port, answer from this state for ever, and nobody would know of it.
    threading.Thread(target=_follow, daemon=True).start()
    work(taken, lambda: tell.send(True))


def _follow() -> None:
    """End this process, in order, when the one that started it is gone."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
