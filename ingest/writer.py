"""Writing a generation: read, split, embed, store, check."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest import chroma, index
from ingest.check import text_hash, unsound
from ingest.errors import CorpusError, FileFormatError
from ingest.files import CorpusFile
from ingest.home import BuildError
from ingest.lexical import Lexicon
from ingest.manifest import FORMAT, NAME, Entry, Manifest, Skipped
from ingest.phrases import Phrases
from ingest.records import Document, Guideline, Term
from ingest.roles import RoleBook
from ingest.rows import write_rows
from ingest.vectors import KnownVectors

_BATCH = 512  # phrases a run of the pipeline; Chroma takes 5,461 at most
# More neighbours than Chroma's default of 16: of 30,000 phrases, one instead of three cannot be reached, and
# 99.6 % of the 30 nearest are found.
_NEIGHBOURS = 24
Told = Callable[[str, int, int], None]  # step, done, total


class Embedder(Protocol):
    """What ingest asks of an embedder; it is sent to another process, so it must be picklable."""

    @property
    def id(self) -> str:
        """Names the weights and how they are used."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row of unit length for each text, which does not depend on the other texts."""


@dataclass(frozen=True)
class Steps:
    """The functions that make guidelines of a file; module-level ones, to be sent to another process."""

    read: Callable[[Path, Path], Document]
    split: Callable[[Document, RoleBook], list[Guideline]]
    terms: Callable[[Guideline], list[str]]
    suffixes: frozenset[str]  # of the files that ``read`` reads, in lower case, with the dot

    @property
    def names(self) -> tuple[str, ...]:
        """The functions' names."""
        return tuple(f"{step.__module__}.{step.__qualname__}" for step in (self.read, self.split, self.terms))


@dataclass(frozen=True)
class Job:
    """What to write a generation from, and where; ``vectors`` is the file of those known from before."""

    corpus: Path
    files: tuple[CorpusFile, ...]
    skipped: tuple[Skipped, ...]
    fingerprint: str
    roles: RoleBook | None  # without them they are proposed from the documents
    glossary: tuple[Term, ...]
    embedder: Embedder
    steps: Steps
    folder: Path
    vectors: Path


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, in numbers; ``embedded`` and ``reused`` are phrases, and add up to all of them."""

    documents: int
    guidelines: int
    embedded: int
    reused: int
    skipped: tuple[Skipped, ...]


def write(job: Job, told: Told) -> Written:
    """Write the generation into ``job.folder`` and check it.

    Raises CorpusError when no document can be read, BuildError when what was written is not sound.
    """
    skipped = list(job.skipped)
    documents = _read(job, skipped, told)
    roles = _roles(job, documents, told)
    documents, guidelines, nodes = _split(job, documents, roles, skipped, told)
    phrases, words = Phrases.of(guidelines)
    known = KnownVectors(job.vectors, embedder=job.embedder.id, dimensions=job.embedder.dimensions)
    try:
        vectors, embedded = _store(job, nodes, known, told)
        known.forget_unused(words)
    finally:
        known.close()
    np.save(job.folder / index.VECTORS, vectors)
    phrases.save(job.folder / index.PHRASES)
    write_rows(job.folder / index.DOCUMENTS, Document, documents)
    write_rows(job.folder / index.GUIDELINES, Guideline, guidelines)
    Lexicon.build([job.steps.terms(g) for g in guidelines]).save(job.folder / index.LEXICON)
    _manifest(job, roles, documents, len(guidelines), len(words), skipped).write(job.folder)
    _check(job.folder, told)
    return Written(len(documents), len(guidelines), embedded, len(words) - embedded, tuple(skipped))


def _read(job: Job, skipped: list[Skipped], told: Told) -> list[Document]:
    """The documents that can be read; the others are added to ``skipped``."""
    documents = []
    for number, file in enumerate(job.files):
        try:
            documents.append(job.steps.read(job.corpus / file.path, job.corpus))
        except Exception as exc:  # noqa: BLE001  # one broken file must not keep the others out
            skipped.append(Skipped(file.path, _reason(exc)))
        told("reading", number + 1, len(job.files))
    return _some(job, documents, skipped)


def _roles(job: Job, documents: Sequence[Document], told: Told) -> RoleBook:
    """The roles that were given with those missing from them, or those that the documents speak of."""
    from ingest.proposals import completed_book, proposed_book

    told("proposing", 0, 1)
    book = proposed_book(documents) if job.roles is None else completed_book(job.roles, documents)
    told("proposing", 1, 1)
    return book


def _split(
    job: Job, documents: Sequence[Document], roles: RoleBook, skipped: list[Skipped], told: Told
) -> tuple[list[Document], list[Guideline], list[Any]]:
    """The documents that can be split, their guidelines, and a node for each phrase."""
    from ingest.llama import GuidelineParser, parsing, source

    parser = GuidelineParser(lambda document: job.steps.split(document, roles))
    pipeline = parsing(parser)
    kept: list[Document] = []
    nodes: list[Any] = []
    for number, document in enumerate(documents):
        try:
            nodes += pipeline.run(documents=[source(document)])
            kept.append(document)
        except Exception as exc:  # noqa: BLE001  # as above
            skipped.append(Skipped(document.path, _reason(exc)))
        told("splitting", number + 1, len(documents))
    return _some(job, kept, skipped), parser.guidelines, nodes


def _store(job: Job, nodes: list[Any], known: KnownVectors, told: Told) -> tuple[NDArray[np.float32], int]:
    """Embed the nodes into a new collection; gives their vectors in order, and how many were not known."""
    from ingest.llama import PhraseEmbedding, storing

    embedded = 0

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        nonlocal embedded
        found = known.find(texts)
        missing = [text for text in texts if text not in found]
        fresh = job.embedder.embed(missing)
        known.keep(missing, fresh)
        found |= dict(zip(missing, fresh, strict=True))
        embedded += len(missing)
        return np.array([found[text] for text in texts], dtype=np.float32)

    client = chroma.client(job.folder / index.CHROMA)
    try:
        collection = client.create_collection(
            chroma.COLLECTION,
            embedding_function=None,
            # Chroma writes its graph once so many vectors wait for it: at the last one. Earlier it would be
            # written in parts, later it would be made anew, for seconds, by everybody who opens it.
            configuration={
                "hnsw": {
                    "space": "cosine",
                    "max_neighbors": _NEIGHBOURS,
                    "sync_threshold": max(len(nodes), 2),
                }
            },
        )
        pipeline = storing(PhraseEmbedding(embed, name=job.embedder.id, batch=_BATCH), collection)
        vectors = np.empty((len(nodes), job.embedder.dimensions), dtype=np.float32)
        for start in range(0, len(nodes), _BATCH):
            batch = nodes[start : start + _BATCH]
            vectors[start : start + len(batch)] = [n.embedding for n in pipeline.run(nodes=batch)]
            nodes[start : start + len(batch)] = [None] * len(batch)  # a node with its vector is 15 kB
            told("embedding", start + len(batch), len(nodes))
    finally:
        client.close()
    # Two thirds of the database are what Chroma has queued and done with.
    with closing(sqlite3.connect(job.folder / index.CHROMA / chroma.DATABASE)) as database:
        database.execute("VACUUM")
    return vectors, embedded


def _manifest(
    job: Job,
    roles: RoleBook,
    documents: Sequence[Document],
    guidelines: int,
    phrases: int,
    skipped: Sequence[Skipped],
) -> Manifest:
    hashed = {file.path: file.sha256 for file in job.files}
    unchanged = all(document.sha256 == hashed[document.path] for document in documents)
    return Manifest(
        format=FORMAT,
        fingerprint=job.fingerprint if unchanged else "",
        embedder=job.embedder.id,
        dimensions=job.embedder.dimensions,
        built=datetime.now(UTC).isoformat(timespec="seconds"),
        corpus=str(job.corpus),
        documents=tuple(Entry(d.path, d.sha256, text_hash(d), d.access) for d in documents),
        guidelines=guidelines,
        phrases=phrases,
        skipped=tuple(skipped),
        roles=roles.roles,
        proposed=job.roles is None,
        glossary=job.glossary,
        files={
            path.relative_to(job.folder).as_posix(): path.stat().st_size
            for path in sorted(job.folder.rglob("*"))
            # Chroma notes in its database that it was opened, so its size may change.
            if path.is_file() and path.name not in (NAME, chroma.DATABASE)
        },
    )


def _check(folder: Path, told: Told) -> None:
    generation = index.Generation(folder).connect()
    try:
        wrong = list(unsound(generation, lambda done, total: told("checking", done, total)))
    finally:
        generation.close()
    if wrong:
        raise BuildError(f"the new index is not sound, so the old one stays: {'; '.join(wrong)}")


def _some(job: Job, documents: list[Document], skipped: Sequence[Skipped]) -> list[Document]:
    if not documents:
        reasons = "; ".join(f"{s.path}: {s.reason}" for s in skipped)
        raise CorpusError(f"no document in {str(job.corpus)!r} can be read: {reasons}")
    return documents


def _reason(exc: Exception) -> str:
    if isinstance(exc, FileFormatError):
        return exc.expected if exc.line is None else f"line {exc.line}: {exc.expected}"
    if isinstance(exc, OSError) and exc.strerror:
        return exc.strerror
    return f"{type(exc).__name__}: {exc}"
