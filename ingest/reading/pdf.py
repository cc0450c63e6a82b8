"""PDF files, by way of PDFium: their lines with place and type, and what their outline says of headings."""

from __future__ import annotations

import ctypes
import math
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from ingest.errors import FileFormatError
from ingest.reading import layout
from ingest.reading.printed import Cell, Entry, Printed

_SPACED = 0.58  # of the size of type: the mean width of a character above which a line has gaps in it
_NOTE_MARK = re.compile(r"(?<=[A-Za-z.,;:)”\"’])\d{1,3}(?=[\s.,;:)]|$)")
_MONO = re.compile(r"mono|courier|typewriter|consol|menlo|fixed", re.IGNORECASE)
_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pdf:
    """What a PDF says: its text in reading order, with light Markdown structure, its title and author."""

    text: str
    title: str = ""
    source: str = ""


def read(data: bytes, path: Path) -> Pdf:
    """The text of a PDF. Raises FileFormatError when it is encrypted, damaged, or holds only pictures."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as exc:
        if "password" in str(exc).lower() or "security" in str(exc).lower():
            expected = "a PDF that opens without a password; save a copy that is not encrypted"
        else:
            expected = f"a PDF, but it cannot be opened ({exc}); save it again from its source"
        raise FileFormatError(path, None, expected) from exc
    try:
        pages = [_page(document, number) for number in range(len(document))]
        outline = _outline(document)
        metadata = document.get_metadata_dict()
    except pypdfium2.PdfiumError as exc:
        raise FileFormatError(path, None, f"a whole PDF, but a page cannot be read ({exc})") from exc
    finally:
        document.close()
    if not any(pages):
        raise FileFormatError(
            path, None, "text, but the PDF has none (perhaps a scan); run text recognition over it first"
        )
    title, author = (" ".join(metadata.get(key, "").split()) for key in ("Title", "Author"))
    return Pdf(layout.to_text(pages, outline), title, author)


def _page(document: pypdfium2.PdfDocument, number: int) -> list[Printed]:
    page = document[number]
    try:
        text_page = page.get_textpage()
        try:
            return _lines(text_page)
        finally:
            text_page.close()
    finally:
        page.close()


def _lines(page: pypdfium2.PdfTextPage) -> list[Printed]:
    text = page.get_text_range()
    exact = len(text) == page.count_chars()  # else indices of text and page differ, as with rare characters
    found: list[Printed] = []
    places: list[int] = []
    position = 0
    for piece in text.split("\n"):
        line = piece.rstrip("\r")
        if line.strip():
            first = position + len(line) - len(line.lstrip())
            found.append(_line(page, line.strip(), first, exact))
            places.append(first)
        position += len(piece) + 1
    if exact and any(line.right - line.left > _SPACED * line.size * len(line.text) for line in found):
        return [
            replace(line, words=_words(page, line.text, first))
            for line, first in zip(found, places, strict=True)
        ]
    return found


def _line(page: pypdfium2.PdfTextPage, text: str, first: int, exact: bool) -> Printed:
    last = first + len(text) - 1
    left, _, _, top = page.get_charbox(first)
    right = page.get_charbox(last)[2]
    size = max(_size(page, index) for index in (first, (first + last) // 2, last))
    fonts = {_font(page, index) for index in (first, (first + last) // 2, last)}
    return Printed(
        text=(_without_notes(page, text, first, size) if exact else text).replace("\ufffe", "\u00ad"),
        left=left,
        right=right,
        y=_baseline(page, first, top),
        end_y=_baseline(page, last, top),
        size=size,
        bold=all(_BOLD.search(font) for font in fonts),
        mono=all(_MONO.search(font) for font in fonts),
        small=_size(page, first) < 0.8 * size,
    )


def _words(page: pypdfium2.PdfTextPage, text: str, first: int) -> tuple[Cell, ...]:
    """The words of a line with their left and right edges."""
    found: list[Cell] = []
    for word in re.finditer(r"\S+", text):
        left = page.get_charbox(first + word.start())[0]
        right = page.get_charbox(first + word.end() - 1)[2]
        found.append(Cell(word.group(), left, right))
    return tuple(found)


def _without_notes(page: pypdfium2.PdfTextPage, text: str, first: int, size: float) -> str:
    """The line without the small raised numbers that point to footnotes."""
    marks = [m for m in _NOTE_MARK.finditer(text) if _size(page, first + m.start()) < 0.75 * size]
    for mark in reversed(marks):
        text = text[: mark.start()] + text[mark.end() :]
    return text


def _size(page: pypdfium2.PdfTextPage, index: int) -> float:
    """The size of type as printed: the font's size, which the page may scale."""
    size, matrix = float(raw.FPDFText_GetFontSize(page.raw, index)), raw.FS_MATRIX()
    if raw.FPDFText_GetMatrix(page.raw, index, matrix):
        size *= math.hypot(matrix.b, matrix.d) or 1.0
    return round(size, 1)


def _baseline(page: pypdfium2.PdfTextPage, index: int, default: float) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    ok = raw.FPDFText_GetCharOrigin(page.raw, index, ctypes.byref(x), ctypes.byref(y))
    return float(y.value) if ok else default


def _font(page: pypdfium2.PdfTextPage, index: int) -> str:
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(page.raw, index, name, 128, ctypes.byref(flags))
    return name.value.decode("utf-8", "replace")


def _outline(document: pypdfium2.PdfDocument) -> list[Entry]:
    found: list[Entry] = []
    for bookmark in document.get_toc():
        destination = bookmark.get_dest()
        page = destination.get_index() if destination is not None else None
        if page is not None:
            found.append(Entry(" ".join(bookmark.get_title().split()), page, bookmark.level + 1))
    return found
