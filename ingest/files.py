"""The files of a corpus, and the fingerprint of everything that an index is made from."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ingest.errors import CorpusError
from ingest.reading import sidecar

OWN = frozenset({"readme.md", "roles.yaml", "glossary.yaml"})  # at the top of a corpus these are no documents
# What reads, splits and stores; another release of one of them may make another index.
_TOOLS = (
    "bm25s",
    "chromadb",
    "onnxruntime",
    "pypdfium2",
    "pyyaml",
    "selectolax",
    "snowballstemmer",
    "tokenizers",
)


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file to read: its path in the corpus, and the sha256 of its bytes and those of its sidecar.

    The sha256 is "" when one of the two cannot be read.
    """

    path: str
    sha256: str


def find(corpus: Path, *, suffixes: Collection[str], leave_out: Path) -> tuple[list[CorpusFile], list[str]]:
    """The documents of a corpus folder, sorted, and the paths of the other files in it.

    Hidden files and folders, the corpus's own README.md, roles.yaml and glossary.yaml, sidecars, and what
    lies under ``leave_out`` are neither. Raises CorpusError when the folder is missing or holds no document.
    """
    if not corpus.is_dir():
        what = "is not a folder" if corpus.exists() else "does not exist"
        raise CorpusError(
            f"the corpus {str(corpus)!r} {what}; name your documents' folder: python -m ingest build DIR"
        )
    documents, others = [], []
    for path in sorted(_walk(corpus, leave_out.resolve())):
        name = path.relative_to(corpus).as_posix()
        if sidecar.is_one(path) and path.with_suffix("").suffix.lower() in suffixes:
            continue
        if path.suffix.lower() not in suffixes:
            others.append(name)
        else:
            documents.append(CorpusFile(name, _sha256(path)))
    if not documents:
        kinds = " ".join(sorted(suffixes))
        raise CorpusError(f"the corpus {str(corpus)!r} holds no document; put files in it ({kinds})")
    return documents, others


def fingerprint(found: Iterable[CorpusFile], others: Iterable[str], *parts: bytes) -> str:
    """A sha256 over the files, ``parts`` (roles, glossary, ...), this package's code and its tools."""
    digest = hashlib.sha256()
    for file in found:
        _add(digest, file.path.encode(errors="surrogateescape"), file.sha256.encode())
    _add(digest, *(name.encode(errors="surrogateescape") for name in others))
    _add(digest, *parts)
    _add(digest, *(name.encode() + b"\0" + code for name, code in sorted(_code(files("ingest")))))
    _add(digest, *(f"{tool} {_version(tool)}".encode() for tool in _TOOLS))
    return digest.hexdigest()


def _code(package: Traversable, above: str = "") -> Iterator[tuple[str, bytes]]:
    """The name and the text of every module of a package."""
    for entry in package.iterdir():
        name = f"{above}/{entry.name}"
        if entry.is_dir():
            yield from _code(entry, name)
        elif name.endswith(".py"):
            yield name, entry.read_bytes()


def _walk(folder: Path, leave_out: Path, above: tuple[Path, ...] = ()) -> Iterator[Path]:
    """Every file under ``folder``; a link to a folder it stands in leads nowhere new."""
    here = (*above, folder.resolve())
    for path in folder.iterdir():
        if path.name.startswith(".") or (not above and path.name.lower() in OWN):
            continue
        if path.is_dir():
            if path.resolve() not in (*here, leave_out):
                yield from _walk(path, leave_out, here)
        elif path.is_file() or path.is_symlink():  # a link to nothing is a file that cannot be read
            yield path


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        for beside in sidecar.of(path):
            digest.update(beside.read_bytes())
        return digest.hexdigest()
    except OSError:
        return ""


def _add(digest: hashlib._Hash, *parts: bytes) -> None:
    """Add parts so that no two lists of parts give the same bytes."""
    digest.update(b"%d:" % len(parts))
    for part in parts:
        digest.update(b"%d:" % len(part) + part)


def _version(tool: str) -> str:
    try:
        return version(tool)
    except PackageNotFoundError:
        return ""
