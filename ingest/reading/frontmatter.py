"""The block of YAML between two lines of "---" with which a Markdown or text file may begin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from ingest.errors import FileFormatError
from ingest.reading import dates
from ingest.reading.access import KEY, access_of

_KEY = re.compile(r"[A-Za-z_][\w -]*:(?:\s|$)")
_WANTED = ("title", "source", "kind", "published")
# A line that limits who may see a document, where nothing would read it.
_UNREAD = re.compile(r"""\s*["']?access["']?\s*:""", re.IGNORECASE)
_BEGIN = 'begin the file with a line "---" and right below it a line such as title: Name'


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the file says of itself; "" where it does not. ``body`` is the text below it."""

    body: str
    title: str = ""
    source: str = ""
    kind: str = ""
    published: str = ""  # ISO
    access: tuple[str, ...] = ()  # the groups that may see it; empty: everybody


def split(text: str, path: Path) -> FrontMatter:
    """Take the front matter off a file's text; other keys than these are left alone.

    A first line of "---" that is followed by no key is a rule, and all of the text is the body.
    Raises FileFormatError with the line of the file when the block is not closed, is no valid YAML, one of
    the keys has a value it cannot have, or ``access`` stands in a block that is no front matter.
    """
    found = _split(text, path)
    if found.body == text:
        _refuse_unread(text, path)
    return found


def _split(text: str, path: Path) -> FrontMatter:
    lines = text.split("\n")
    if lines[0].rstrip() != "---" or len(lines) < 2:
        return FrontMatter(text)
    close = next((n for n, line in enumerate(lines) if n and line.rstrip() in ("---", "...")), None)
    inside = lines[1 : close or 40]
    if not any(_KEY.match(line) for line in inside[: None if close else 1]):
        return FrontMatter(text) if close != 1 else FrontMatter("\n".join(lines[2:]))
    if close is None:
        raise FileFormatError(path, 1, 'the front matter is not closed: end it with a line "---"')
    values = load("\n".join(inside), path)
    body = "\n".join(lines[close + 1 :]).lstrip("\n")
    return FrontMatter(body, access=access_of(values, path), **fields_of(values, inside, path))


def fields_of(values: dict[object, object], inside: list[str], path: Path) -> dict[str, str]:
    """Those of the keys title, source, kind and published that have a value.

    ``inside`` are the lines that ``values`` were read from. Raises FileFormatError for a value that is none.
    """
    return {key: _value(key, values[key], inside, path) for key in _WANTED if values.get(key)}


def _refuse_unread(text: str, path: Path) -> None:
    """A document must not be open to all because a blank line or a comment hides who may see it."""
    lines = text.lstrip("\n\ufeff \t").split("\n")[:40]
    if lines[0].rstrip() != "---":
        return
    for line in lines[1:]:
        if line.rstrip() in ("---", "..."):
            return
        if _UNREAD.match(line):
            expected = (
                'front matter with "access": begin the file with a line "---" and a line such as title: Name'
            )
            raise FileFormatError(path, 1, expected)


def load(block: str, path: Path) -> dict[object, object]:
    """The keys and values of a block of YAML, every scalar as the text that was typed.

    Raises FileFormatError when it is no YAML, not ``key: value``, or gives ``access`` twice.
    """
    try:
        loader = yaml.BaseLoader(block)
        node = loader.get_single_node()
        values = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as exc:
        mark = exc.context_mark or exc.problem_mark
        line = mark.line + 2 if mark is not None else 1
        raise FileFormatError(
            path, line, f"the front matter is no YAML here ({exc.problem}); write lines such as title: Name"
        ) from exc
    except (yaml.YAMLError, RecursionError) as exc:
        raise FileFormatError(path, 1, f"the front matter cannot be read ({exc}); write key: value") from exc
    if not isinstance(values, dict) or not isinstance(node, yaml.MappingNode):
        raise FileFormatError(path, 2, "the front matter must be lines of key: value, such as title: Name")
    if sum(key.value == KEY for key, _ in node.value if isinstance(key, yaml.ScalarNode)) > 1:
        raise FileFormatError(path, 2, f"{KEY!r} stands there more than once; join the groups in one list")
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
