"""The source page: a document as the product reads it, with the cited span marked.

The text inside ``<article>`` is ``Document.text`` character for character, with elements put around it. So
what an offset points at, what the page shows and what a citation quotes are one and the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import quote

from chat.links import fingerprint
from chat.render import day
from chat.web.shell import Page, page
from ingest.records import Block, Document

# A table's rule, a heading's underline, a fence: layout in the text that says nothing to a reader.
_LAYOUT = re.compile(r"[\s|:=+\-*_#>~`]*")


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters of a document's text."""

    start: int
    end: int


def source_page(document: Document, blocks: Sequence[Block], cited: Span | None, *, notice: str = "") -> Page:
    """The page of one document; ``cited`` is marked and is where the fragment ``#cited`` scrolls to.

    ``blocks`` are the document's, in order and not overlapping; without any the text is shown as it is.
    """
    article = "".join(_article(_Marker(document.text, cited), blocks))
    opens_with_title = bool(blocks) and document.text[blocks[0].start : blocks[0].end] == document.title
    heading = "" if opens_with_title else f"<h1>{escape(document.title)}</h1>"
    return page(
        document.title,
        f'<header><nav><a href="/">Ask</a> <a href="/sources">All documents</a>{_jump(cited)}</nav>'
        f'<p class="about">{_about(document)}</p>{heading}{_notice(notice)}</header>'
        f'<main><article class="{"text" if blocks else "text plain"}">{article}</article></main>',
    )


def documents_page(documents: Iterable[Document]) -> Page:
    """The list of all documents, each a link to its page."""
    entries = "".join(
        f'<li><a href="{source_path(document.path)}">{escape(document.title)}</a>'
        f'<p class="about">{_about(document)}</p></li>'
        for document in documents
    )
    return page(
        "Documents",
        '<header><nav><a href="/">Ask</a></nav><h1>Documents</h1>'
        '<p class="about">What every answer rests on.</p></header>'
        f'<main><ol class="documents">{entries}</ol></main>',
    )


def message_page(title: str, message: str, *, refresh_seconds: int | None = None) -> Page:
    """A page that says one thing: still loading, no such document, no index."""
    body = f'<main class="message"><h1>{escape(title)}</h1><p>{escape(message)}</p></main>'
    return page(title, body, refresh_seconds=refresh_seconds)


def source_path(doc: str) -> str:
    """The address of a document's page on this server."""
    return f"/sources/{quote(doc)}"


def cited_span(text: str, start: int | None, end: int | None, mark: str = "") -> Span | None:
    """``start:end`` when it is a range of ``text`` with something in it, else None.

    None, too, when a link's ``mark`` is given and other words stand there: no words are marked that nobody
    cited.
    """
    if start is None or end is None or not 0 <= start < end <= len(text):
        return None
    if mark and mark != fingerprint(text[start:end]):
        return None
    return Span(start, end)


class _Marker:
    """Escapes slices of a text and puts ``<mark>`` around what is cited; the first mark carries the id."""

    def __init__(self, text: str, cited: Span | None) -> None:
        self.text, self._cited, self._identified = text, cited, False

    def slice(self, start: int, end: int, *, hidden: bool = False) -> str:
        """``text[start:end]`` as HTML; no browser scrolls to what is ``hidden``, so no id goes there."""
        cited = self._cited
        if cited is None or end <= cited.start or cited.end <= start:
            return _escape(self.text[start:end])
        low, high = max(start, cited.start), min(end, cited.end)
        before, inside, after = self.text[start:low], self.text[low:high], self.text[high:end]
        if not inside.strip():
            return _escape(self.text[start:end])
        name = "" if self._identified or hidden else ' id="cited"'
        self._identified = self._identified or not hidden
        return f"{_escape(before)}<mark{name}>{_escape(inside)}</mark>{_escape(after)}"


def _article(marker: _Marker, blocks: Sequence[Block]) -> Iterator[str]:
    """The blocks in their elements, and between them, in order, every character that belongs to none."""
    position, container = 0, ""
    for block in blocks:
        wanted = {"item": "ul", "row": "table"}.get(block.kind, "")
        line = max(position, marker.text.rfind("\n", position, block.start) + 1)
        if wanted != container:
            # The gap goes outside of both containers, where any element may stand.
            if container:
                yield f"</{container}>"
            head = _head(marker.text, position, line, block) if wanted == "table" else None
            yield _between(marker, position, head.start if head else line, "")
            if wanted:
                yield f"<{wanted}>"
            if head:
                yield _block(marker, head, head.start)
                yield _between(marker, head.end, line, wanted)
            container = wanted
        else:
            yield _between(marker, position, line, container)
        yield _block(marker, block, line)
        position = block.end
    if container:
        yield f"</{container}>"
    yield _between(marker, position, len(marker.text), "")


def _head(text: str, start: int, end: int, row: Block) -> Block | None:
    """The line of ``text[start:end]`` that holds the column headings of ``row``, as a row of its own."""
    if not any(row.columns):
        return None
    for line in reversed(list(re.finditer(r".+", text[start:end]))):
        cells, position = [], start + line.start()
        for column in row.columns:
            found = text.find(column, position, start + line.end())
            if found < 0:
                break
            cells.append((found, found + len(column)))
            position = found + len(column)
        else:
            return replace(row, start=start + line.start(), end=start + line.end(), cells=tuple(cells))
    return None


def _block(marker: _Marker, block: Block, line: int) -> str:
    """One block; ``line`` is where its line begins, so ``line:start`` is its marker and indentation."""
    sign = _sign(marker, block, line)
    match block.kind:
        case "heading":
            level = min(max(block.level, 1) + 1, 6)
            return f"<h{level}>{sign}{marker.slice(block.start, block.end)}</h{level}>"
        case "item":
            return (
                f'<li class="level-{min(block.level, 4)}">{sign}{marker.slice(block.start, block.end)}</li>'
            )
        case "row":
            return f"<tr>{''.join(_cells(marker, block, sign))}</tr>"
        case "paragraph":
            return f"<p>{sign}{marker.slice(block.start, block.end)}</p>"


def _sign(marker: _Marker, block: Block, line: int) -> str:
    """The marker: an item's stays, a bullet is drawn as one, what only says "heading" or "row" is hidden."""
    text = marker.text[line : block.start]
    if not text:
        return ""
    hidden = block.kind in {"heading", "row"} and not re.search(r"\w", text)
    bullet = re.fullmatch(r"\s*[-*+•]\s*", text)
    kind = "layout" if hidden else "marker bullet" if bullet else "marker"
    return f'<span class="{kind}">{marker.slice(line, block.start, hidden=hidden)}</span>'


def _cells(marker: _Marker, block: Block, sign: str) -> Iterator[str]:
    """The cells of a row; what stands between two goes inside one, a table has no other place for it."""
    words = tuple(marker.text[start:end] for start, end in block.cells)
    tag = "th" if block.columns and words == block.columns else "td"
    position = block.start
    spans = block.cells or ((block.start, block.end),)
    for index, (start, end) in enumerate(spans):
        before = _layout(marker, position, start)
        after = _layout(marker, end, block.end) if index == len(spans) - 1 else ""
        yield f"<{tag}>{sign if index == 0 else ''}{before}{marker.slice(start, end)}{after}</{tag}>"
        position = end


def _layout(marker: _Marker, start: int, end: int) -> str:
    """What stands between cells: bars, which the table draws, or a word that the reader must not miss."""
    if start >= end:
        return ""
    hidden = bool(_LAYOUT.fullmatch(marker.text, start, end))
    return (
        f'<span class="{"layout" if hidden else "marker"}">{marker.slice(start, end, hidden=hidden)}</span>'
    )


def _between(marker: _Marker, start: int, end: int, container: str) -> str:
    """What belongs to no block: blank lines as they are, layout hidden, and anything with words shown."""
    text = marker.text[start:end]
    if not text.strip():
        return _escape(text)
    kind = "layout" if _LAYOUT.fullmatch(text) else "rest"
    content = marker.slice(start, end, hidden=kind == "layout")
    match container:
        case "ul":
            return f'<li class="{kind}">{content}</li>'
        case "table":
            return f'<tr class="{kind}"><td colspan="99">{content}</td></tr>'
    return f'<div class="{kind}">{content}</div>'


def _about(document: Document) -> str:
    date = f"<time>{escape(day(document.published))}</time>" if document.published else ""
    parts = (escape(document.kind), escape(document.source), date, escape(document.path))
    return " · ".join(part for part in parts if part)


def _jump(cited: Span | None) -> str:
    return ' <a href="#cited">The cited sentence</a>' if cited else ""


def _notice(notice: str) -> str:
    return f'<p class="notice" role="status">{escape(notice)}</p>' if notice else ""


def _escape(text: str) -> str:
    # A parser turns a bare carriage return into a line feed, and that would not be the text.
    return escape(text, quote=False).replace("\r", "&#13;")
