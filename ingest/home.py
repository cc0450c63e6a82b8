"""The home of the index: ``generations/<id>/``, and the pointer ``live`` that says which one answers.

A generation is written under another name, made durable, renamed, and only then pointed at; whatever happens
before the pointer is replaced, the generation of before answers as it did.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from ingest.errors import IndexMismatch, IndexUnavailable, InputError, RemitError
from ingest.manifest import REBUILD

_UNFINISHED = ".building-"


class BuildError(RemitError):
    """A build could not be done; the live index is as it was."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """What the pointer file holds: the live generation, and the one it replaced ("" when there is none)."""

    live: str
    before: str = ""


class Home:
    """The folder of the index. Nothing is made or read before a method asks for it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.generations = path / "generations"

    @property
    def vectors(self) -> Path:
        """The file of vectors known from earlier builds."""
        return self.path / "vectors.sqlite"

    def pointer(self) -> Pointer:
        """Which generation is live.

        Raises IndexUnavailable when nothing was ever published, IndexMismatch when the pointer is damaged.
        """
        try:
            raw = (self.path / "live").read_bytes()
        except FileNotFoundError as exc:
            raise IndexUnavailable(
                f"there is no index in {str(self.path)!r}; run: python -m ingest build"
            ) from exc
        except OSError as exc:
            raise IndexUnavailable(f"{str(self.path / 'live')!r} cannot be read: {exc.strerror}") from exc
        try:
            return TypeAdapter(Pointer).validate_json(raw)
        except ValidationError as exc:
            raise IndexMismatch(f"{str(self.path / 'live')!r} is damaged: {raw[:80]!r}; {REBUILD}") from exc

    def live(self) -> Path:
        """The folder of the live generation; raises as ``pointer`` does."""
        return self.generations / self.pointer().live

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the home for one build; raises BuildError when another process does.

        The system frees the lock when its holder ends, however it ends. Makes the home when it is missing;
        raises InputError where that cannot be.
        """
        try:
            self.generations.mkdir(parents=True, exist_ok=True)
            file = (self.path / "lock").open("a+")
        except OSError as exc:
            where = f"{str(self.path)!r} cannot be written ({exc.strerror})"
            raise InputError(f"{where}; choose another folder with --home DIR or REMIT_HOME") from exc
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as exc:
                file.seek(0)
                who = file.read(20).strip() or "unknown"
                raise BuildError(
                    f"another build (process {who}) is at work in {str(self.path)!r}; wait until it has ended"
                ) from exc
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            yield

    @contextmanager
    def unfinished(self) -> Iterator[Path]:
        """A new folder to write a generation in; what is left of it at the end is removed."""
        folder = self.generations / f"{_UNFINISHED}{uuid4().hex[:12]}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, folder: Path, name: str) -> str:
        """Make ``folder`` durable, name it after ``name`` and point at it; gives the name it got.

        The name gets a number when there is a generation of that name already: one that is live is never
        touched. Afterwards the generations that are neither live nor the one before are removed.
        """
        _sync(folder)
        chosen, number = name, 1
        while (self.generations / chosen).exists():
            number += 1
            chosen = f"{name}-{number}"
        folder.rename(self.generations / chosen)
        _sync_folder(self.generations)
        try:
            before = self.pointer().live
        except IndexUnavailable:
            before = ""
        self._point(Pointer(chosen, before))
        self._prune({chosen, before})
        return chosen

    def _point(self, pointer: Pointer) -> None:
        fresh = self.path / ".live-new"
        with fresh.open("wb") as file:
            file.write(TypeAdapter(dict[str, str]).dump_json(asdict(pointer)))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path / "live")
        _sync_folder(self.path)

    def _prune(self, keep: set[str]) -> None:
        for folder in self.generations.iterdir():
            if folder.name not in keep:
                shutil.rmtree(folder, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Have the disk hold everything under ``folder``."""
    for path in [*folder.rglob("*"), folder]:
        if path.is_dir():
            _sync_folder(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
