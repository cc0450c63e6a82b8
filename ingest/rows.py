"""Records in a file, one a line, read back one at a time: opening costs the same for ten as for a million."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ingest.records import Document

T = TypeVar("T")
_KEPT = 20_000  # decoded records kept in memory; a guideline takes about a kilobyte


def write_rows(path: Path, kind: type[T], records: Iterable[T]) -> None:
    """Write dataclasses of ``kind`` to ``path`` as JSON lines, and where each begins beside it (``.npy``)."""
    adapter = TypeAdapter(kind)
    starts = [0]
    with path.open("wb") as file:
        for record in records:
            starts.append(starts[-1] + file.write(adapter.dump_json(record) + b"\n"))
    np.save(_starts(path), np.array(starts, dtype=np.int64))


def mapped(path: Path) -> NDArray[Any]:
    """The array that ``np.save`` wrote to ``path``, read from the disk as it is used.

    It is a plain array over the map: numpy's own class for it costs a microsecond or more at every slice.
    """
    return np.asarray(np.load(path, mmap_mode="r"))


class Rows(Sequence[T], Generic[T]):
    """What ``write_rows`` wrote, mapped and decoded on demand.

    Raises OSError or ValueError when the files are missing or do not belong together.
    """

    def __init__(self, path: Path, kind: type[T]) -> None:
        starts = mapped(_starts(path))
        size = path.stat().st_size
        if starts.ndim != 1 or not len(starts) or starts[-1] != size:
            raise ValueError(f"{str(path)!r} has {size!r} bytes, which is not what its row starts say")
        self._starts = starts
        with path.open("rb") as file:
            # An empty file cannot be mapped.
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        adapter = TypeAdapter(kind)

        def read(row: int) -> T:
            return adapter.validate_json(self._bytes[starts[row] : starts[row + 1]])

        self._read = lru_cache(maxsize=_KEPT)(read)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, row: int) -> T: ...
    @overload
    def __getitem__(self, row: slice) -> list[T]: ...
    def __getitem__(self, row: int | slice) -> T | list[T]:
        if isinstance(row, slice):
            return [self._read(r) for r in range(*row.indices(len(self)))]
        return self._read(range(len(self))[row])


class Chosen(Sequence[T], Generic[T]):
    """Those rows of another sequence that ``rows`` names, in that order."""

    def __init__(self, whole: Sequence[T], rows: Sequence[int]) -> None:
        self._whole, self._rows = whole, rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, row: int) -> T: ...
    @overload
    def __getitem__(self, row: slice) -> list[T]: ...
    def __getitem__(self, row: int | slice) -> T | list[T]:
        if isinstance(row, slice):
            return [self._whole[r] for r in self._rows[row]]
        return self._whole[self._rows[row]]


class Documents(Mapping[str, Document]):
    """The documents by path, in the order they were read."""

    def __init__(self, rows: Sequence[Document], paths: Iterable[str]) -> None:
        self._rows = rows
        self._row = {path: row for row, path in enumerate(paths)}
        if len(self._row) != len(rows):
            raise ValueError(f"{len(rows)!r} documents for {len(self._row)!r} paths")

    def only(self, paths: Sequence[str]) -> Documents:
        """Those of ``paths`` alone, in their order."""
        return Documents(Chosen(self._rows, [self._row[path] for path in paths]), paths)

    def __getitem__(self, path: str) -> Document:
        return self._rows[self._row[path]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._row)

    def __len__(self) -> int:
        return len(self._row)


def _starts(path: Path) -> Path:
    return path.with_suffix(".npy")
