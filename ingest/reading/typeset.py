"""Printed paragraphs written as text with light Markdown structure; words broken at line ends are mended."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.reading.printed import Paragraph, Printed, Shape

_BULLETS = "[•◦▪■●○‣\uf0b7\uf0a7·–-]"
ITEM = re.compile(
    rf"(?:{_BULLETS}|\(?(?:\d{{1,3}}|[a-z]|[ivx]{{1,4}})[.)]|\d{{1,2}}(?:\.\d{{1,2}})+\.?)\s+\S"
)
_BULLET = re.compile(rf"{_BULLETS}\s+(?=\S)")
_BROKEN = re.compile(r"(\w+)(-\n|\u00ad\s?)(\w+)")
_DEEPEST = 24  # columns; what stands further in is centred or set to the right
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})


def write(paragraphs: Sequence[Paragraph], shape: Shape) -> str:
    """The text: a paragraph on one line, indented as printed; items of a list follow without a blank line."""
    words = _vocabulary([line for p in paragraphs for line in p.lines])
    shown = [p for p in paragraphs if re.search(r"\w", p.text)]
    out: list[str] = []
    for n, p in enumerate(shown):
        following = shown[n + 1] if n + 1 < len(shown) else None
        if p.level:
            out += ["#" * p.level + " " + _unwrapped(p.lines, words), ""]
        elif p.table:
            out += [*_table(p), ""]
        elif all(line.mono for line in p.lines) and not p.term:
            _add_code(out, p.lines)
        else:
            text = _BULLET.sub("- ", _unwrapped(p.lines, words), count=1)
            listed = following is not None and not following.level and not following.table
            tight = listed and following is not None and ITEM.match(text) and ITEM.match(following.text)
            out += [_indent(p, shape) + text, *([] if p.term or tight else [""])]
    return "\n".join(out).translate(_LIGATURES).strip("\n")


def _indent(p: Paragraph, shape: Shape) -> str:
    columns = round((p.lines[0].left - shape.left) / (0.5 * shape.size))
    return " " * columns if 0 < columns <= _DEEPEST and not p.note else ""


def _table(p: Paragraph) -> list[str]:
    rows = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in p.table]
    return [rows[0], "|" + " --- |" * len(p.table[0]), *rows[1:]] if p.header else rows


def _add_code(out: list[str], lines: Sequence[Printed]) -> None:
    """Write code between fences; code that follows code stands between the same ones."""
    left = min(line.left for line in lines)
    code = [" " * round((line.left - left) / (0.6 * line.size)) + line.text for line in lines]
    if out[-2:] == ["```", ""]:
        del out[-2:]
        out += [*code, "```", ""]
    else:
        out += ["```", *code, "```", ""]


def _vocabulary(lines: Sequence[Printed]) -> frozenset[str]:
    """The words that the document writes within a line."""
    return frozenset(
        word.lower() for line in lines for word in re.findall(r"\w+(?:-\w+)*(?![\w\u00ad-])", line.text)
    )


def _unwrapped(lines: Sequence[Printed], words: frozenset[str]) -> str:
    """The lines as one; a hyphen at a line's end goes unless the document writes the word with it."""
    text = "\n".join(line.text for line in lines)
    return " ".join(_BROKEN.sub(lambda m: _mended(m, words), text).split())


def _mended(match: re.Match[str], words: frozenset[str]) -> str:
    first, mark, second = match.groups()
    if second in ("and", "or", "to"):
        return f"{first}- {second}"  # "pre- and post-sale"
    if mark == "-\n" and (first.isdigit() or not second[0].islower()):
        return f"{first}-{second}"
    compound, whole = f"{first}-{second}".lower(), f"{first}{second}".lower()
    return f"{first}-{second}" if compound in words and whole not in words else first + second
