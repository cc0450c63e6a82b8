"""The manifest: what a generation says of itself, in ``manifest.json``, written last."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ingest.errors import IndexMismatch
from ingest.records import Role, Term

FORMAT = 4  # of a generation's files; raised when code of before or after cannot make sense of them
NAME = "manifest.json"
REBUILD = "run: python -m ingest build --force"


@dataclass(frozen=True, slots=True)
class Entry:
    """A document that was read: its path in the corpus and the sha256 of its file and of its text.

    ``access`` are the groups that may see it; empty: everybody.
    """

    path: str
    file: str
    text: str
    access: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file of the corpus that was left out, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Format:
    """The one field that every format has."""

    format: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made from, by what, and how large each of its files is (bytes)."""

    format: int
    fingerprint: str  # of everything it was made from; "" when a file changed while it was made
    embedder: str
    dimensions: int
    built: str  # ISO time, UTC
    corpus: str
    documents: tuple[Entry, ...]
    guidelines: int
    phrases: int
    skipped: tuple[Skipped, ...]
    roles: tuple[Role, ...]
    glossary: tuple[Term, ...]
    files: dict[str, int] = field(default_factory=dict)
    proposed: bool = False  # the roles come from the documents, as nobody gave any

    def write(self, folder: Path) -> None:
        """Write it into the generation's folder."""
        (folder / NAME).write_bytes(TypeAdapter(Manifest).dump_json(self, indent=1))

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read it and look at the size of each file it names.

        Raises IndexMismatch for another format, and for a manifest or a file that is missing or damaged.
        """
        try:
            raw = (folder / NAME).read_bytes()
            made = TypeAdapter(_Format).validate_json(raw).format
            if made != FORMAT:
                raise IndexMismatch(
                    f"the index {folder.name!r} has format {made!r}, this version reads {FORMAT!r}; {REBUILD}"
                )
            manifest = TypeAdapter(cls).validate_json(raw)
        except (OSError, ValidationError) as exc:
            raise IndexMismatch(_unreadable(folder, exc)) from exc
        for name, size in manifest.files.items():
            found = (folder / name).stat().st_size if (folder / name).is_file() else None
            if found != size:
                state = "is missing" if found is None else f"has {found!r} bytes instead of {size!r}"
                raise IndexMismatch(f"the index {folder.name!r} is damaged: {name!r} {state}; {REBUILD}")
        return manifest


def _unreadable(folder: Path, exc: OSError | ValidationError) -> str:
    reason = f"{exc.error_count()} errors in it" if isinstance(exc, ValidationError) else exc.strerror
    return f"the index {folder.name!r} has no manifest that can be read ({reason}); {REBUILD}"
