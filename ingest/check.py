"""Whether a generation is sound: it finds what is in it, and its texts are the documents' texts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import numpy as np

from ingest.index import Generation
from ingest.records import Document

_BATCH = 256
_SAME = 1 - 1e-4  # phrases that differ in case alone have the same vector: any of them may be found
# The graph is approximate and may leave one of 30,000 out of reach; a damaged one loses most of them.
_LOST = 0.001


def unsound(generation: Generation, done: Callable[[int, int], None]) -> Iterator[str]:
    """What is wrong with a connected generation, in sentences; nothing when it is sound.

    ``done`` is told how many of the vectors have been looked up.
    """
    yield from _documents(generation)
    yield from _guidelines(generation)
    yield from _vectors(generation, done)


def text_hash(document: Document) -> str:
    """The sha256 of a document's text."""
    return hashlib.sha256(document.text.encode()).hexdigest()


def _documents(generation: Generation) -> Iterator[str]:
    for entry in generation.manifest.documents:
        document = generation.documents[entry.path]
        if text_hash(document) != entry.text:
            yield f"the text of {entry.path!r} is not the one that was read"
        if document.access != entry.access:
            yield f"{entry.path!r} is for {document.access!r} in one place, for {entry.access!r} in another"


def _guidelines(generation: Generation) -> Iterator[str]:
    manifest = generation.manifest
    if len(generation.guidelines) != manifest.guidelines:
        yield f"there are {len(generation.guidelines)!r} guidelines instead of {manifest.guidelines!r}"
    for row, guideline in enumerate(generation.guidelines):
        document = generation.documents.get(guideline.doc)
        if document is None or document.text[guideline.start : guideline.end] != guideline.text:
            yield f"guideline {row!r} is not the text of {guideline.doc!r} at {guideline.start!r}"
        if len(generation.phrase_vectors(row)) != len(guideline.phrases):
            yield f"guideline {row!r} has {len(guideline.phrases)!r} phrases and another number of vectors"


def _vectors(generation: Generation, done: Callable[[int, int], None]) -> Iterator[str]:
    total = len(generation.vectors)
    lost = 0
    for start in range(0, total, _BATCH):
        batch = np.asarray(generation.vectors[start : start + _BATCH])
        lost += sum(not hits or hits[0].similarity < _SAME for hits in generation.nearest(batch, 1))
        done(min(start + _BATCH, total), total)
    if lost > _LOST * total:
        yield f"{lost!r} of {total!r} vectors are not found by a search for themselves"
