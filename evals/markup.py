"""Elements of HTML, SVG and XML that cannot be broken by what is put into them."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, tostring

# What no XML document may hold, escaped or not, and what UTF-8 cannot write.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Child = Element | str | None


def el(tag: str, *children: Child, **attributes: object) -> Element:
    """An element with its children in order; strings become text, None is left out.

    An attribute's name is written with "_" for "-", and with one behind it when Python owns the word
    (``class_``). Whatever the strings hold comes out as text: escaping is the serialiser's work, not the
    caller's.
    """
    made = Element(tag, {k.rstrip("_").replace("_", "-"): clean(str(v)) for k, v in attributes.items()})
    for child in children:
        if isinstance(child, Element):
            made.append(child)
        elif child is not None:
            _add_text(made, clean(child))
    return made


def clean(text: str) -> str:
    """The text with characters that cannot be written replaced by U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", text)


def html(page: Element) -> str:
    """A whole HTML page."""
    return "<!doctype html>\n" + tostring(page, encoding="unicode", method="html") + "\n"


def xml(root: Element) -> str:
    """A whole XML document, to be written as UTF-8."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _add_text(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
