"""The form of a sentence that a model produced: what may be shown at all, whatever it says."""

from __future__ import annotations

import re
import unicodedata

MOST_CHARACTERS = 600

_TAG = re.compile(r"<\s*[A-Za-z/!?]|&(?:#\w{1,8}|[A-Za-z]{2,10});")
_LINK = re.compile(r"\]\s*[(\[]|!\s*\[|^\s*\[[^\]]*\]:", re.MULTILINE)
_ADDRESS = re.compile(
    r"(?:\b[A-Za-z][A-Za-z0-9+.-]{1,15}:)?//[^\s<>\"'“”‘’)\]]+|\bwww\.[^\s<>\"'“”‘’)\]]+|\b(?:javascript|data|mailto|vbscript):\S+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?",
    re.IGNORECASE,
)
_MARK = re.compile(r"\s*[\[【(]\s*(\d{1,4}(?:\s*[,;]\s*\d{1,4})*)\s*[\]】)]")
_EMPHASIS = re.compile(r"\*+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|`+|^\s*(?:#{1,6}|[-+>])\s+", re.MULTILINE)
_TYPOGRAPHIC = str.maketrans("“”„‟«»‘’‚‛", '""""""\'\'\'\'')


def fault(text: str) -> str:
    """Why ``text`` cannot be shown, in a few words; "" when it can."""
    if not any(c.isalnum() for c in text):
        return "It says nothing."
    if len(text) > MOST_CHARACTERS:
        return "It is too long to be checked as one sentence."
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"} and c not in "\n\t" for c in text):
        return "It holds invisible characters."
    if _TAG.search(text):
        return "It holds HTML."
    if _LINK.search(text):
        return "It holds a link or an image."
    return ""


def addresses(text: str) -> list[str]:
    """The e-mail addresses, links and host names in ``text``, without what ends the sentence around them."""
    return [m.group().rstrip(".,;:!?") for m in _ADDRESS.finditer(text)]


def marks(text: str) -> tuple[int, ...]:
    """The numbers of the citation marks ("[2]") in ``text``, in order."""
    found = (m for m in _MARK.finditer(text) if m.group().lstrip()[0] != "(")
    return tuple(int(n) for m in found for n in re.findall(r"\d+", m.group(1)))


def tidy(text: str) -> str:
    """``text`` on one line without citation marks and without the marks of emphasis, headings and lists."""
    unmarked = _MARK.sub(lambda m: m.group() if m.group().lstrip()[0] == "(" else "", text)
    return " ".join(_EMPHASIS.sub("", unmarked).split())


def plain(text: str) -> str:
    """``text`` with single blanks and straight quotation marks: how a quote is compared with its document."""
    return " ".join(text.translate(_TYPOGRAPHIC).split())


def quotes(text: str) -> list[tuple[int, int]]:
    """Where ``text`` puts words between typographic quotation marks, nested ones in the outer one's span."""
    found: list[tuple[int, int]] = []
    depth = start = 0
    for i, c in enumerate(text):
        if c == "“":
            start = i if not depth else start
            depth += 1
        elif c == "”" and depth:
            depth -= 1
            if not depth:
                found.append((start, i + 1))
    return found


def holds(text: str, quote: str) -> bool:
    """Whether ``quote`` stands in ``text`` word for word, blanks and the shape of quotation marks aside."""
    inner, outer = plain(quote), plain(text)
    at = outer.find(inner) if inner else -1
    while at >= 0:
        end = at + len(inner)
        if not (
            (at and outer[at - 1].isalnum() and inner[0].isalnum())
            or (end < len(outer) and outer[end].isalnum() and inner[-1].isalnum())
        ):
            return True
        at = outer.find(inner, at + 1)
    return False
