"""Bytes to characters, and characters that nobody can see taken out."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from ingest.errors import FileFormatError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Soft hyphens, zero-width and directional characters, and the invisible "tags" that can hide a whole message.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe0f\ufeff\ufff9-\uffff\U000e0000-\U000e007f]"
)
_WESTERN = re.compile(r"[À-ÖØ-öø-ÿŒœŠšŽžŸ‘’“”‚„–—…•€£§©®™°±«»·½¼¾×\xa0]")
_JUNK = 0.01  # the share of control characters above which a file is no text


def decode(data: bytes, path: Path, *, declared: bool = False) -> str:
    """The characters of a file: by its mark, as UTF-8, by what an HTML page declares, or as Windows-1252.

    The last only where it is plausible: few bytes beyond ASCII, each a letter or sign that people type.
    Raises FileFormatError otherwise, with the line of the first byte that does not fit.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], name, path)
    if data.count(0) > _JUNK * len(data):
        raise FileFormatError(path, None, "text, but its bytes are those of a binary file; save it as UTF-8")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as exc:
        text = _otherwise(data, path, exc, declared)
    if len(_CONTROLS.findall(text)) > _JUNK * len(text):
        raise FileFormatError(path, None, "text, but it is full of control characters; save it as UTF-8")
    return text


def clean(text: str) -> str:
    """The text with line breaks as "\\n" and without characters that cannot be seen."""
    return _UNSEEN.sub("", _CONTROLS.sub("", _BREAKS.sub("\n", text)))


def _strictly(data: bytes, name: str, path: Path) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as exc:
        raise FileFormatError(
            path, None, f"{name.upper()}, as its first bytes say; save it as UTF-8"
        ) from exc


def _otherwise(data: bytes, path: Path, exc: UnicodeDecodeError, declared: bool) -> str:
    if declared and (match := _DECLARED.search(data[:4096])):
        try:
            return data.decode(match.group(1).decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    beyond = sum(byte > 0x7F for byte in data)
    whole = sum(ord(c) > 0x7F for c in data.decode("utf-8", "ignore"))  # characters that are proper UTF-8
    western = data.decode("cp1252", "replace")
    typed = len(_WESTERN.findall(western))
    if beyond <= 0.3 * len(data) and typed >= 0.95 * beyond and 3 * whole < beyond:
        return western
    line = data.count(b"\n", 0, exc.start) + 1
    raise FileFormatError(
        path, line, f"UTF-8 text, but byte 0x{data[exc.start]:02x} is not part of any; save the file as UTF-8"
    ) from exc
