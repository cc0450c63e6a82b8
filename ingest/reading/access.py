"""Who may see a document, as its front matter or its sidecar says: ``access: [group, ...]``.

What cannot be read is an error, so that the document is left out: nothing is open to all by mistake.
"""

from __future__ import annotations

from pathlib import Path

from ingest.errors import FileFormatError

KEY = "access"
_LONGEST = 200  # characters; a distinguished name of a directory fits


def access_of(values: dict[object, object], path: Path) -> tuple[str, ...]:
    """The groups under ``access`` in what a block of YAML says, sorted; none when it has no such key.

    Names are compared as they are written, capitals too. Raises FileFormatError, with the value, for anything
    but a name or a list of names: also for an empty list, which could be meant for nobody or for everybody.
    """
    found = [key for key in values if isinstance(key, str) and key.strip().casefold() == KEY]
    if not found:
        return ()
    if len(found) > 1:
        raise FileFormatError(path, None, f"{found!r} say who may see it, each its own; keep one, 'access'")
    value = values[found[0]]
    listed = value if isinstance(value, list) else [value]
    groups = {_group(name, value, path) for name in listed}
    if not groups:
        raise _wrong(value, path)
    return tuple(sorted(groups))


def _group(name: object, value: object, path: Path) -> str:
    # A comma would be two groups in the header of a proxy, and a group that nobody can be in.
    words = " ".join(name.split()) if isinstance(name, str) else ""
    if not words or len(words) > _LONGEST or "," in words or not words.isprintable():
        raise _wrong(value, path)
    return words


def _wrong(value: object, path: Path) -> FileFormatError:
    expected = (
        "write the groups that may see it, access: [group, another], or leave the key out for everybody"
    )
    return FileFormatError(path, None, f"access is {value!r}; {expected}")
