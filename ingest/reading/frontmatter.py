"""The block of YAML between two lines of "---" with which a Markdown or text file may begin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from ingest.errors import FileFormatError
from ingest.reading import dates

_KEY = re.compile(r"[A-Za-z_][\w -]*:(?:\s|$)")
_WANTED = ("title", "source", "kind", "published")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the file says of itself; "" where it does not. ``body`` is the text below it."""

    body: str
    title: str = ""
    source: str = ""
    kind: str = ""
    published: str = ""  # ISO


def split(text: str, path: Path) -> FrontMatter:
    """Take the front matter off a file's text; other keys than the four are left alone.

    A first line of "---" that is followed by no key is a rule, and all of the text is the body.
    Raises FileFormatError with the line of the file when the block is not closed, is no valid YAML, or one of
    the keys has a value it cannot have.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---" or len(lines) < 2:
        return FrontMatter(text)
    close = next((n for n, line in enumerate(lines) if n and line.rstrip() in ("---", "...")), None)
    inside = lines[1 : close or 40]
    if not any(_KEY.match(line) for line in inside[: None if close else 1]):
        return FrontMatter(text) if close != 1 else FrontMatter("\n".join(lines[2:]))
    if close is None:
        raise FileFormatError(path, 1, 'the front matter is not closed: end it with a line "---"')
    values = _load("\n".join(inside), path)
    body = "\n".join(lines[close + 1 :]).lstrip("\n")
    found = {key: _value(key, values[key], inside, path) for key in _WANTED if values.get(key)}
    return FrontMatter(body, **found)


def _load(block: str, path: Path) -> dict[object, object]:
    try:
        values = yaml.load(block, Loader=yaml.BaseLoader)  # every scalar stays the text that was typed
    except yaml.MarkedYAMLError as exc:
        mark = exc.context_mark or exc.problem_mark
        line = mark.line + 2 if mark is not None else 1
        raise FileFormatError(
            path, line, f"the front matter is no YAML here ({exc.problem}); write lines such as title: Name"
        ) from exc
    except (yaml.YAMLError, RecursionError) as exc:
        raise FileFormatError(path, 1, f"the front matter cannot be read ({exc}); write key: value") from exc
    if not isinstance(values, dict):
        raise FileFormatError(path, 2, "the front matter must be lines of key: value, such as title: Name")
    return values


def _value(key: str, value: object, inside: list[str], path: Path) -> str:
    line = next((n + 2 for n, text in enumerate(inside) if text.startswith(key)), 1)
    if key == "published":
        if value is None or not str(value).strip():
            return ""
        if (iso := dates.of(value)) is None:
            raise FileFormatError(path, line, f"published is {value!r}; write a date such as 2018-07-09")
        return iso
    if not isinstance(value, str):
        raise FileFormatError(path, line, f"{key} is {value!r}; write one line of text")
    return " ".join(value.split())
