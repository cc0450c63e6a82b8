"""What stands beside a document that has no room for front matter: ``policy.pdf.yaml`` for ``policy.pdf``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.errors import FileFormatError
from ingest.reading import frontmatter
from ingest.reading.access import KEY, access_of
from ingest.reading.frontmatter import FrontMatter

SUFFIXES = (".yaml", ".yml")
_KEYS = ("title", "source", "kind", "published", KEY)


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What a sidecar says, as front matter without a body, and its bytes."""

    front: FrontMatter
    data: bytes


def is_one(path: Path) -> bool:
    """Whether ``path`` is the sidecar of a document that is there."""
    return path.suffix in SUFFIXES and path.with_suffix("").is_file()


def of(path: Path) -> list[Path]:
    """The sidecars of the document at ``path``: none, one, or by mistake both spellings."""
    return [p for suffix in SUFFIXES if (p := path.with_name(path.name + suffix)).is_file()]


def read(path: Path) -> Sidecar | None:
    """What the sidecar of the document at ``path`` says; None when it has none.

    Raises FileFormatError, which names the sidecar, when there are two, it cannot be read, or it says
    anything that is not understood: who may see a document is not to be guessed.
    """
    found = of(path)
    if not found:
        return None
    if len(found) > 1:
        raise FileFormatError(
            path, None, f"has the sidecars {[p.name for p in found]!r}; keep one of the two"
        )
    beside = found[0]
    try:
        data = beside.read_bytes()
        return Sidecar(_front(data.decode("utf-8-sig"), path), data)
    except (OSError, UnicodeDecodeError) as exc:
        raise FileFormatError(path, None, f"its sidecar {beside.name!r} cannot be read: {exc}") from exc
    except FileFormatError as exc:
        raise FileFormatError(path, None, f"its sidecar {beside.name!r}: {exc.expected}") from exc


def _front(text: str, path: Path) -> FrontMatter:
    values = frontmatter.load(text, path)
    unknown = [key for key in values if not isinstance(key, str) or key.strip().casefold() not in _KEYS]
    if unknown:
        raise FileFormatError(path, None, f"{unknown[0]!r} is none of its keys; they are {', '.join(_KEYS)}")
    fields = frontmatter.fields_of(values, text.split("\n"), path)
    return FrontMatter("", access=access_of(values, path), **fields)
