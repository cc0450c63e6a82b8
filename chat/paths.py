"""Places among files, "lib/net" and "src/*": of them a question is about the very one that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PATH = re.compile(r"(?<![\w/:.-])[\w.{}*-]+/[\w./*{}-]*(?<!\.)", re.ASCII)
_MARKED = re.compile(r"`([\w.{}*-]+/[\w./*{}-]*)", re.ASCII)  # as code, so that "and/or" is none


def paths(text: str) -> list[str]:
    """What ``text`` names that may be a path, in its order."""
    return _PATH.findall(text)


def beside(asked: Sequence[str], text: str) -> bool:
    """Whether ``text`` marks a path as code that begins as one of ``asked`` does."""
    first = {path.split("/")[0] for path in _MARKED.findall(text)}
    return any(path.split("/")[0] in first for path in asked)


def named(asked: Sequence[str], text: str) -> bool:
    """Whether ``text`` names one of ``asked``, what holds it or what it holds ("lib/*" holds "lib/net")."""
    theirs = [_folder(path) for path in paths(text)]
    return any(
        one.startswith(other) or other.startswith(one) for one in map(_folder, asked) for other in theirs
    )


def _folder(path: str) -> str:
    return path.removeprefix("./").rstrip("*").rstrip("/") + "/"
