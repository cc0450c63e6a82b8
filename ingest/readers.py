"""Reads a file of any known format into a Document: its text, its title and what it says of itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest import blocks, clean
from ingest.errors import FileFormatError
from ingest.reading import dates, encoding, frontmatter, sidecar, titles
from ingest.reading.frontmatter import FrontMatter
from ingest.records import Block, Document

_DATE_LINES = 12  # a date further down is not the document's own
_ABOUT_LINES = 5  # nor, in a sentence, is one below these
_TITLE_WITHIN = 20_000  # characters
_MARKDOWN = (".md", ".markdown")  # where HTML is meant as such


@dataclass(frozen=True, slots=True)
class _Draft:
    """What a format's reader finds; "" where the file does not say."""

    text: str
    title: str = ""
    source: str = ""
    kind: str = ""
    published: str = ""
    access: tuple[str, ...] = ()


def read(path: Path, root: Path) -> Document:
    """The document in ``path``, named by its place below ``root``.

    Text and Markdown keep their line breaks, a page of HTML or PDF gives one line a paragraph. Raises
    FileFormatError when the format is unknown, the front matter or the sidecar does not parse, the bytes are
    no text, or there is no text in it.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise FileFormatError(path, None, f"one of {', '.join(SUFFIXES)}; save it as one of these")
    try:
        data = path.read_bytes()
    except OSError as exc:
        reason = exc.strerror or str(exc)
        raise FileFormatError(path, None, f"a file that can be read, but: {reason}; mend its rights") from exc
    draft, beside = reader(data, path), sidecar.read(path)
    if beside is not None:
        draft = _with(draft, beside.front, path)
        data += beside.data
    if not re.search(r"\w", draft.text):
        raise FileFormatError(path, None, "text, but the file holds none; fill it or take it away")
    return Document(
        path=path.relative_to(root).as_posix(),
        title=draft.title or _from_name(path, draft.text),
        text=draft.text,
        source=draft.source,
        kind=draft.kind,
        published=draft.published,
        sha256=hashlib.sha256(data).hexdigest(),
        access=draft.access,
    )


def _with(draft: _Draft, beside: FrontMatter, path: Path) -> _Draft:
    """What a file says of itself, with what its sidecar says before it."""
    if draft.access and beside.access and draft.access != beside.access:
        says = f"its access is {list(draft.access)!r}, but its sidecar says {list(beside.access)!r}"
        raise FileFormatError(path, None, f"{says}; keep one of the two")
    return _Draft(
        draft.text,
        beside.title or draft.title,
        beside.source or draft.source,
        beside.kind or draft.kind,
        beside.published or draft.published,
        beside.access or draft.access,
    )


def _plain(data: bytes, path: Path) -> _Draft:
    front = frontmatter.split(encoding.clean(encoding.decode(data, path)), path)
    text = front.body.strip("\n").rstrip()
    if path.suffix.lower() in _MARKDOWN and "<" in text:
        from ingest.reading import embedded  # only a corpus with HTML needs the parser

        text = embedded.to_markdown(text).strip("\n").rstrip()
    published = front.published or _date_line(text)
    title = front.title or _first_title(text)
    return _Draft(text, title, front.source, front.kind, published, front.access)


def _html(data: bytes, path: Path) -> _Draft:
    from ingest.reading import webpage  # only a corpus with web pages needs the parser

    page = webpage.read(encoding.clean(encoding.decode(data, path, declared=True)))
    return _Draft(page.text, page.title, page.source, published=page.published or _date_line(page.text))


def _pdf(data: bytes, path: Path) -> _Draft:
    from ingest.reading import pdf  # loads a large library

    found = pdf.read(data, path)
    text = encoding.clean(found.text)
    return _Draft(text, found.title or _first_title(text), found.source, published=_date_line(text))


_READERS: dict[str, Callable[[bytes, Path], _Draft]] = {
    ".md": _plain,
    ".markdown": _plain,
    ".txt": _plain,
    ".rst": _plain,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
}
SUFFIXES: tuple[str, ...] = tuple(_READERS)


def _first_title(text: str) -> str:
    """The first heading, or a first line that reads like a title; "" when the text begins otherwise."""
    start = text[:_TITLE_WITHIN]
    layout = blocks.split(start)
    dropped = clean.furniture(start, layout)
    for n, block in enumerate(layout):
        words = " ".join(start[block.start : block.end].split())
        title = clean.undoubled(words)
        if n in dropped and title == words:
            continue
        if block.kind == "heading" or (block.kind == "paragraph" and titles.reads_like_title(title)):
            return _with_subtitle(title, start, layout, n)
        break
    return next(
        (" ".join(start[b.start : b.end].split()) for b in layout if b.kind == "heading" and b.level == 1), ""
    )


def _with_subtitle(title: str, text: str, layout: Sequence[Block], n: int) -> str:
    """The title, with one in capitals right below it: a company's name may stand above that of its paper."""
    if n + 1 < len(layout) and title.isupper():
        below = layout[n + 1]
        words = " ".join(text[below.start : below.end].split())
        if text[layout[n].end : below.start].count("\n") == 1 and words.isupper():
            return f"{title}: {words}"
    return title


def _date_line(text: str) -> str:
    """The date that stands alone on a line near the top, else one that a line there says of the document."""
    lines = [line for line in text[:4000].split("\n") if line.strip()][:_DATE_LINES]
    alone = next((iso for line in lines if (iso := dates.parse(line))), "")
    return alone or next((iso for line in lines[:_ABOUT_LINES] if (iso := dates.within(line))), "")


def _from_name(path: Path, text: str) -> str:
    """The file's name as a title, such as "It security policy"; one without a word gives the text's first."""
    words = re.sub(r"[-_.\s]+", " ", path.stem).strip()
    if not re.search(r"(?:^|\s)[^\W\d]{3,}(?=\s|$)", words):
        first = text.split(None, 9)[:8]
        words = " ".join(first).rstrip(",;:") + "…" if len(first) == 8 else " ".join(first)
    return words[:1].upper() + words[1:]
