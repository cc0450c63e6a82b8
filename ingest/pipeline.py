"""The build: from a folder of documents to the live generation of the index."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from pydantic import TypeAdapter

from ingest import files, glossary
from ingest.errors import IndexUnavailable
from ingest.home import Home
from ingest.manifest import Manifest, Skipped
from ingest.process import interrupts_held, write_apart
from ingest.records import Document, Guideline, Role, Term
from ingest.roles import RoleBook
from ingest.writer import Embedder, Job, Steps, Told

GLOSSARY = "glossary.yaml"


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; ``embedded`` and ``reused`` count phrases, and are 0 when nothing had changed."""

    generation: str
    unchanged: bool
    documents: int
    guidelines: int
    embedded: int
    reused: int
    skipped: tuple[Skipped, ...]
    seconds: float


def quiet(step: str, done: int, total: int) -> None:
    """Progress that nobody sees."""


def build(
    *,
    corpus: Path,
    home: Path,
    roles: RoleBook | None,
    embedder: Embedder,
    progress: Told = quiet,
    steps: Steps | None = None,
    force: bool = False,
) -> BuildReport:
    """Make ``home`` answer from the documents in ``corpus``.

    When nothing has changed since the live generation was made, nothing is done, unless ``force`` says so.
    Otherwise a process of its own writes a new generation, which is checked and then published at one
    stroke: until then, and whatever happens, the old one answers. Files that cannot be read are left out
    and reported. Without ``roles`` they are proposed from the documents. ``progress`` is called with a
    step ("reading", "splitting", "embedding", "checking"), how many are done, and of how many.

    Raises CorpusError when there is nothing to read, FileFormatError for a broken glossary, BuildError when
    another build is at work or the new generation is not sound, InputError when ``home`` cannot be written.
    """
    started = monotonic()
    steps = steps or standard_steps()
    documents, others = files.find(corpus, suffixes=steps.suffixes, leave_out=home)
    terms = glossary.load(corpus / GLOSSARY)
    fingerprint = files.fingerprint(
        documents,
        others,
        b"proposed" if roles is None else TypeAdapter(tuple[Role, ...]).dump_json(roles.roles),
        TypeAdapter(tuple[Term, ...]).dump_json(terms),
        embedder.id.encode(),
        repr(steps.names).encode(),
    )
    place = Home(home)
    with place.lock():
        live = None if force else _live(place)
        if live is not None and live[1].fingerprint == fingerprint:
            return _report(live[0], live[1], monotonic() - started)
        with place.unfinished() as folder:
            job = Job(
                corpus=corpus,
                files=tuple(documents),
                skipped=tuple(_unread(name, steps.suffixes) for name in others),
                fingerprint=fingerprint,
                roles=roles,
                glossary=terms,
                embedder=embedder,
                steps=steps,
                folder=folder,
                vectors=place.vectors,
            )
            written = write_apart(job, progress)
            with interrupts_held():
                name = place.publish(folder, fingerprint[:12])
    return BuildReport(
        generation=name,
        unchanged=False,
        documents=written.documents,
        guidelines=written.guidelines,
        embedded=written.embedded,
        reused=written.reused,
        skipped=written.skipped,
        seconds=monotonic() - started,
    )


def standard_steps() -> Steps:
    """The functions that the commands read, split and count with."""
    from ingest.readers import SUFFIXES

    return Steps(read=_read, split=_split, terms=_terms, suffixes=frozenset(SUFFIXES))


# A build that finds nothing to do ends before the parts that do the work are imported.
def _read(path: Path, root: Path) -> Document:
    from ingest.readers import read

    return read(path, root)


def _split(document: Document, roles: RoleBook) -> list[Guideline]:
    from ingest.guidelines import split_document

    return split_document(document, roles)


def _terms(guideline: Guideline) -> list[str]:
    from ingest.topics import terms

    return terms(guideline)


def _live(place: Home) -> tuple[str, Manifest] | None:
    """The live generation's name and manifest; None when there is none that is whole."""
    try:
        folder = place.live()
        return folder.name, Manifest.read(folder)
    except IndexUnavailable:
        return None


def _report(name: str, manifest: Manifest, seconds: float) -> BuildReport:
    return BuildReport(
        generation=name,
        unchanged=True,
        documents=len(manifest.documents),
        guidelines=manifest.guidelines,
        embedded=0,
        reused=0,
        skipped=manifest.skipped,
        seconds=seconds,
    )


def _unread(name: str, suffixes: frozenset[str]) -> Skipped:
    return Skipped(name, f"not a kind of file that is read ({' '.join(sorted(suffixes))})")
