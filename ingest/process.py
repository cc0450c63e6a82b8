"""The process that a generation is written in: whatever becomes of it, the one that asked lives on."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait

from ingest.errors import CorpusError, EmbedderFault
from ingest.home import BuildError
from ingest.writer import Job, Told, Written, write

_PATIENCE = 10  # seconds for the process to tidy up after itself


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far a step has come."""

    step: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why nothing was written; ``corpus`` when the documents are at fault."""

    message: str
    corpus: bool = False


def write_apart(job: Job, told: Told) -> Written:
    """``write`` in a process of its own, which is gone when this returns or raises.

    Raises CorpusError when no document can be read, BuildError when the index could not be written or checked
    or when the process was killed.
    """
    context = get_context("spawn")  # a forked one would inherit the threads' locks of onnxruntime and Chroma
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_run, args=(job, theirs), name="remit-build", daemon=True)
    # Starting the tracker lifts the mask on SIGINT: started with the child, it would let Ctrl-C reach that.
    resource_tracker.ensure_running()
    try:
        with interrupts_held():
            child.start()
            theirs.close()
        while True:
            match ours.recv():
                case _Progress(step, done, total):
                    told(step, done, total)
                case _Failure(message, corpus):
                    raise CorpusError(message) if corpus else BuildError(message)
                case Written() as written:
                    child.join(_PATIENCE)
                    return written
    except EOFError as exc:
        child.join()
        raise BuildError(
            f"the process that wrote the index ended early (exit code {child.exitcode!r}); the old index"
            " stays. Look for what ended it (is memory or disk full?), then run: python -m ingest build"
        ) from exc
    finally:
        if child.pid is not None:
            child.terminate()
            child.join(_PATIENCE)
            child.kill()
            child.join()
        ours.close()


def _run(job: Job, parent: Connection) -> None:
    """The process: sends ``parent`` its progress, and in the end Written or a failure."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C is the parent's to answer, who then ends this process
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    outcome = _outcome(job, parent)
    # Nothing is left to be put in order: the parent, who ends this process once it has heard, may do so at
    # any point of Python's own end, and nothing is to be said of that.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(ConnectionError):
        parent.send(outcome)


def _outcome(job: Job, parent: Connection) -> Written | _Failure:
    try:
        return write(job, lambda *told: parent.send(_Progress(*told)))
    except CorpusError as exc:
        return _Failure(str(exc), corpus=True)
    except (BuildError, EmbedderFault) as exc:
        return _Failure(str(exc))
    except ConnectionError:
        sys.exit(1)  # the parent is gone
    except OSError as exc:
        return _Failure(f"the index could not be written, so the old one stays: {exc}")
    except Exception as exc:  # noqa: BLE001  # whatever it is, the parent must hear of it
        traceback.print_exc()
        said = f"{type(exc).__name__}: {exc}"
        return _Failure(f"the index could not be made, so the old one stays: {said}")


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_PATIENCE)
        os._exit(1)


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold back Ctrl-C for a moment; it comes afterwards here, and never to a process started meanwhile."""
    held: list[int] = []
    # The mask is this thread's and goes to the process started; another thread may still take the signal, and
    # Python then runs the handler here all the same.
    answers = threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGINT, lambda number, _: held.append(number)) if answers else None
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if answers:
            signal.signal(signal.SIGINT, handler)
            if held:
                signal.raise_signal(signal.SIGINT)
