"""What the web asks of an engine, and where each request gets it from."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias, cast

from chat.answer import Answer, Event, Turn
from ingest.errors import IndexUnavailable
from ingest.index import Generation
from ingest.records import Document

_log = logging.getLogger(__name__)


class AnswerEngine(Protocol):
    """Answers questions from one index; its methods are called from several threads at once."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents of the index by path."""
        ...

    @property
    def generation_id(self) -> str:
        """Which index answers."""
        ...

    def for_groups(self, groups: Collection[str], /) -> AnswerEngine:
        """The engine for somebody in ``groups``, which knows nothing of the documents they may not see."""
        ...

    def ask(self, question: str, history: Sequence[Turn] = (), /) -> Answer:
        """The answer. Raises QuestionError when the question is empty, too long or not text."""
        ...

    def stream(self, question: str, history: Sequence[Turn] = (), /) -> Iterator[Event]:
        """The answer as it comes to be, ending with a Finished; raises as ``ask`` does."""
        ...


class Indexed(Protocol):
    """An engine over an index, which the matrix is derived from."""

    @property
    def generation(self) -> Generation:
        """The part of the index that this engine answers from."""
        ...


class Relay:
    """What an engine around another one passes on as it is."""

    def __init__(self, engine: AnswerEngine) -> None:
        self._engine = engine

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents of the index by path."""
        return self._engine.documents

    @property
    def generation_id(self) -> str:
        """Which index answers."""
        return self._engine.generation_id

    @property
    def generation(self) -> Generation:
        """The index; AttributeError when the engine has none."""
        return cast("Indexed", self._engine).generation


# Called for every request, so it must be cheap; raises IndexUnavailable when there is no index.
EngineProvider: TypeAlias = Callable[[], AnswerEngine]


def provider_of(engine: AnswerEngine | EngineProvider) -> EngineProvider:
    """``engine`` as a provider: an engine provides itself."""
    if hasattr(engine, "ask"):
        fixed = cast("AnswerEngine", engine)
        return lambda: fixed
    return engine


class LiveEngine:
    """A provider that opens the engine when it is first asked for, and again when another index is published.

    ``pointer`` is the file that a publication replaces. Who asks while the new index is being opened waits
    for it, some tenths of a second: the old one may tell of documents that are no longer for them. When the
    new one cannot be opened, the old one goes on answering. Nobody tells when the last answer from the old
    one is done, so it is not closed but let go of: its files, threads and memory are free as soon as nobody
    uses it.
    """

    def __init__(self, open_engine: Callable[[], AnswerEngine], *, pointer: Path) -> None:
        self._open, self._pointer = open_engine, pointer
        self._engine: AnswerEngine | None = None
        self._seen: tuple[int, int] | None = None
        self._opening = threading.Lock()

    def __call__(self) -> AnswerEngine:
        """The engine over the index that is live. Raises IndexUnavailable when there is none."""
        if self._engine is not None and self._published() == self._seen:
            return self._engine  # written before what is seen, so it is not older than that
        with self._opening:
            published, replaces = self._published(), self._engine is not None
            if not replaces or published != self._seen:
                self._engine = self._opened(self._engine)
                self._seen = published
                if replaces:
                    gc.collect()  # an engine may be part of a cycle, and holds more than Python can see
            assert self._engine is not None
            return self._engine

    def _opened(self, before: AnswerEngine | None) -> AnswerEngine:
        try:
            return self._open()
        except IndexUnavailable:
            if before is None:
                raise
            _log.exception("the new index cannot be opened; %s goes on answering", before.generation_id)
            return before

    def _published(self) -> tuple[int, int] | None:
        try:
            found = self._pointer.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns
