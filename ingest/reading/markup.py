"""An HTML tree as plain text with light Markdown structure: marks for blocks, none inside a line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from ingest.reading import htmltable

_BLOCKS = re.compile(
    r"address|article|aside|blockquote|body|caption|center|dd|details|div|dl|dt|"
    r"fieldset|figcaption|figure|footer|form|h1|h2|h3|h4|h5|h6|header|hgroup|hr|"
    r"html|legend|li|main|ol|p|pre|section|summary|table|ul"
)
_DEPTH = 100  # of nested elements; what lies deeper is taken as plain text
_MARK = re.compile(r"\s*(?:-|\w{1,4}\.)\s")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(slots=True)
class _Flow:
    """Text on its way out: ``parts`` of the paragraph that is open, and the lines already written."""

    lines: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    level: int = 1  # of the last heading

    def close(self) -> None:
        """End the open paragraph; a line break that the page asks for stays one."""
        lines = (" ".join(line.split()) for line in "".join(self.parts).split("\n"))
        kept = [line for line in lines if re.search(r"\w", line)]
        self.parts.clear()
        if kept:
            self.lines += [*kept, ""]

    def block(self, lines: list[str]) -> None:
        """Write a finished block."""
        self.close()
        if lines:
            self.lines += [*lines, ""]


def to_text(root: LexborNode) -> str:
    """The text of everything under ``root``: blocks parted by blank lines, a paragraph on one line."""
    return "\n".join(_lines(root, 0, whole_pre=_mostly_preformatted(root)))


def _lines(node: LexborNode, depth: int, *, nested: bool = False, whole_pre: bool = False) -> list[str]:
    """The lines of a container's content, without a blank one at either end."""
    out = _Flow()
    _flow(node, out, depth, nested=nested, whole_pre=whole_pre)
    out.close()
    while out.lines and not out.lines[-1]:
        out.lines.pop()
    return out.lines


def _flow(node: LexborNode, out: _Flow, depth: int, *, nested: bool, whole_pre: bool) -> None:
    if depth > _DEPTH:
        out.parts.append(node.text(deep=True, separator=" "))
        return
    child = node.child
    while child is not None:
        tag = child.tag or ""
        if tag == "-text":
            out.parts.append(re.sub(r"\s+", " ", child.text_content or ""))
        elif tag == "br":
            out.parts.append("\n")
        elif _BLOCKS.fullmatch(tag):
            _block(child, tag, out, depth + 1, nested=nested, whole_pre=whole_pre)
        elif tag == "q":
            out.parts.append("“")
            _flow(child, out, depth + 1, nested=nested, whole_pre=whole_pre)
            out.parts.append("”")
        elif not tag.startswith(("-", "!", "_")) and not _is_note_mark(child, tag):
            _flow(child, out, depth + 1, nested=nested, whole_pre=whole_pre)
        child = child.next


def _is_note_mark(node: LexborNode, tag: str) -> bool:
    """Whether it is no word of the text: the number of a footnote, or the sign of a permanent link."""
    if tag == "sup":
        return node.css_first("a") is not None and bool(
            re.fullmatch(r"\s*\[?\w{1,3}\]?\s*", node.text(deep=True))
        )
    return tag == "a" and node.text(deep=True).strip() in ("¶", "#", "§", "🔗")


def _block(node: LexborNode, tag: str, out: _Flow, depth: int, *, nested: bool, whole_pre: bool) -> None:
    out.close()
    if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
        title = " ".join(" ".join(_lines(node, depth, nested=True)).split())
        out.block([title if nested else "#" * int(tag[1]) + " " + title] if title else [])
        out.level = int(tag[1])
    elif tag in ("ul", "ol"):
        out.block(_list(node, depth))
    elif tag == "dl":
        out.block(_definitions(node, depth))
    elif tag == "table":
        _table(node, out, depth)
    elif tag == "pre":
        out.block(_preformatted(node, fenced=not whole_pre))
    elif tag == "blockquote":
        out.block([f"> {line}".rstrip() for line in _lines(node, depth, nested=nested)])
    elif tag == "p" and not nested and (title := _bold_title(node)):
        out.block(["#" * min(out.level + 1, 6) + " " + title])
    else:
        _flow(node, out, depth, nested=nested, whole_pre=whole_pre)
        out.close()


def _bold_title(node: LexborNode) -> str:
    """The text of a paragraph that is nothing but a few words in bold: a heading in all but name."""
    bold = node.css_first("strong, b")
    if bold is None:
        return ""
    whole = " ".join(node.text(deep=True).split())
    if not whole or len(whole) > 80 or whole[-1] in ".,;!?":
        return ""
    return (
        whole.rstrip(": ")
        if " ".join(bold.text(deep=True).split()).rstrip(": ") == whole.rstrip(": ")
        else ""
    )


def _list(node: LexborNode, depth: int) -> list[str]:
    ordered = node.tag == "ol"
    attributes = node.attributes
    number = htmltable.integer(attributes.get("start"), 1)
    style = attributes.get("type") or "1"
    out: list[str] = []
    child = node.child
    while child is not None:
        if child.tag == "li":
            number = htmltable.integer(child.attributes.get("value"), number)
            mark = f"{_ordinal(number, style)}. " if ordered else "- "
            out += _marked(mark, _lines(child, depth + 1, nested=True))
            number += 1
        elif child.tag in ("ul", "ol"):  # a list right inside a list belongs to the item before it
            out += ["  " + line for line in _list(child, depth + 1)] if depth < _DEPTH else []
        elif _BLOCKS.fullmatch(child.tag or ""):
            out += _marked("- ", _lines(child, depth + 1, nested=True))
        child = child.next
    return out


def _marked(mark: str, lines: list[str]) -> list[str]:
    """An item: its mark before the first line, the others as far in."""
    if not lines or (mark == "- " and lines[0].startswith("- ")):
        return lines  # an item that is nothing but a list
    tight = [line for n, line in enumerate(lines) if line or not _MARK.match(lines[n + 1])]
    return [mark + tight[0], *(" " * len(mark) + line if line else "" for line in tight[1:])]


def _ordinal(number: int, style: str) -> str:
    if style in ("a", "A") and 1 <= number <= 26:
        letter = _LETTERS[number - 1]
        return letter if style == "a" else letter.upper()
    if style in ("i", "I") and 1 <= number <= 39:
        tens, ones = divmod(number, 10)
        units = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
        roman = "x" * tens + units[ones]
        return roman if style == "i" else roman.upper()
    return str(number)


def _definitions(node: LexborNode, depth: int) -> list[str]:
    """Each term is an item, its definitions are items inside it."""
    out: list[str] = []
    child = node.child
    while child is not None:
        if child.tag == "dt":
            out += _marked("- ", [" ".join(_lines(child, depth + 1, nested=True))])
        elif child.tag == "dd":
            said = _lines(child, depth + 1, nested=True)
            if len(said) == 1 and out and out[-1].startswith("- ") and out[-1].endswith(":"):
                out[-1] += " " + said[0]  # "Owner:" and a name are one statement
            else:
                out += ["  " + line if line else "" for line in _marked("- ", said)]
        elif child.tag == "div":  # may group a term with its definitions
            out += _definitions(child, depth + 1) if depth < _DEPTH else []
        child = child.next
    return out


def _preformatted(node: LexborNode, *, fenced: bool) -> list[str]:
    """Code between fences, as it stands; a page that is one preformatted text is taken as text."""
    lines = node.text(deep=True).strip("\n").expandtabs(8).split("\n")
    if not fenced:
        return lines
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`{3,}", "\n".join(lines)))])
    return [fence, *lines, fence] if any(line.strip() for line in lines) else []


def _mostly_preformatted(root: LexborNode) -> bool:
    inside = sum(len(pre.text(deep=True)) for pre in root.css("pre"))
    return inside > 0.6 * len(root.text(deep=True)) > 0


def _table(node: LexborNode, out: _Flow, depth: int) -> None:
    caption = node.css_first("caption")
    if caption is not None:
        out.block(_lines(caption, depth + 1, nested=True))
    table = htmltable.HtmlTable(node)
    if table.places_things:
        for cell in table.cells():
            out.block(_lines(cell, depth + 1))
    else:
        out.block(table.to_lines(lambda cell: _lines(cell, depth + 1, nested=True)))
