"""Chroma: the only file that speaks to it, besides LlamaIndex's integration in the process that builds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from ingest.errors import IndexMismatch
from ingest.manifest import REBUILD

if TYPE_CHECKING:
    from chromadb.api.client import Client

COLLECTION = "phrases"
DATABASE = "chroma.sqlite3"
_WHERE = ("default_tenant", "default_database")
_OPEN_INDEXES = 4  # a generation has one


class Near(NamedTuple):
    """The ids nearest to a query and their cosine distances, nearest first."""

    ids: list[str]
    distances: list[float]


class Reader(Protocol):
    """A collection, opened for reading."""

    def count(self) -> int:
        """How many vectors it holds."""

    def nearest(self, vectors: NDArray[np.float32], k: int) -> list[Near]:
        """The ``k`` nearest to each of ``vectors``, (queries, dimensions)."""

    def close(self) -> None:
        """Let go of it."""


def open_reader(folder: Path) -> Reader:
    """Open the collection in a generation's folder of Chroma.

    Through Chroma's engine itself where that is as we know it, else through its Python client, which gives
    the same but takes a second more to import.
    """
    try:
        return EngineReader(folder)
    except (ImportError, AttributeError, TypeError):
        return ClientReader(folder)


@contextmanager
def translated(index: str) -> Iterator[None]:
    """Turn any error of Chroma's inside the block into IndexMismatch."""
    try:
        yield
    except BaseException as exc:
        # A panic in the engine is no Exception; and naming Chroma's own errors would import all of Chroma.
        theirs = ("chromadb", "pyo3_runtime")
        if not any(kind.__module__.split(".")[0] in theirs for kind in type(exc).__mro__):
            raise
        raise IndexMismatch(
            f"the index {index!r} cannot be read: Chroma says {str(exc)!r}; {REBUILD}"
        ) from exc


def client(folder: Path) -> Client:
    """Chroma's client on a folder of ours; it reports nothing to anybody and leaves ``.env`` unread."""
    import chromadb
    from chromadb.config import Settings

    settings = Settings(
        _env_file=None,
        chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
        anonymized_telemetry=False,
    )
    return cast("Client", chromadb.PersistentClient(str(folder), settings=settings))


class EngineReader:
    """Reads through ``chromadb_rust_bindings``, the engine that chromadb's client calls."""

    def __init__(self, folder: Path) -> None:
        import chromadb_rust_bindings as rust  # type: ignore[import-untyped]

        base = rust.SqliteDBConfig(
            hash_type=rust.MigrationHash.MD5,
            migration_mode=rust.MigrationMode.Validate,
            url=str(folder / DATABASE),
        )
        self._engine: Any = rust.Bindings(
            allow_reset=False,
            sqlite_db_config=base,
            persist_path=str(folder),
            hnsw_cache_size=_OPEN_INDEXES,
        )
        self._id = str(self._engine.get_collection(COLLECTION, *_WHERE).id)

    def count(self) -> int:
        """How many vectors it holds."""
        return int(self._engine.count(self._id, *_WHERE))

    def nearest(self, vectors: NDArray[np.float32], k: int) -> list[Near]:
        """The ``k`` nearest to each of ``vectors``, (queries, dimensions)."""
        found = self._engine.query(self._id, None, list(vectors), k, None, None, ["distances"], *_WHERE)
        return [Near(*pair) for pair in zip(found.ids, found.distances, strict=True)]

    def close(self) -> None:
        """Let go of it."""
        self._engine = None


class ClientReader:
    """Reads through chromadb's documented client."""

    def __init__(self, folder: Path) -> None:
        self._client = client(folder)
        self._collection = self._client.get_collection(COLLECTION, embedding_function=None)

    def count(self) -> int:
        """How many vectors it holds."""
        return self._collection.count()

    def nearest(self, vectors: NDArray[np.float32], k: int) -> list[Near]:
        """The ``k`` nearest to each of ``vectors``, (queries, dimensions)."""
        found = self._collection.query(query_embeddings=vectors, n_results=k, include=["distances"])
        return [Near(*pair) for pair in zip(found["ids"], found["distances"] or [], strict=True)]

    def close(self) -> None:
        """Let go of it."""
        self._client.close()
