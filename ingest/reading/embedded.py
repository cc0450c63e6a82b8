"""HTML inside Markdown: what a browser would show of it, as Markdown."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from ingest.reading import markup

# The start condition of an HTML block (CommonMark 0.31, section 4.6, condition 6).
_BLOCK = re.compile(
    r"(?P<indent>[ \t]*)</?(?P<tag>address|article|aside|blockquote|body|caption|center|col|colgroup|dd|details|dialog|div|dl|dt|"
    r"fieldset|figcaption|figure|footer|form|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|p|section|summary|"
    r"table|tbody|td|tfoot|th|thead|title|tr|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_WHOLE = frozenset({"table", "ul", "ol", "dl"})  # to the tag that closes it, over blank lines as well
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|cite|code|del|em|font|i|img|ins|kbd|mark|picture|s|small|source|span|strike|strong|sub|sup|tt|u|unlink|wbr)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[ \t]*<br\s*/?>[ \t]*", re.IGNORECASE)
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")


def to_markdown(text: str) -> str:
    """``text`` with its HTML, outside of code, as Markdown; a table becomes rows, a list items."""
    if not re.search(r"<[A-Za-z/]", text):
        return text
    lines = text.split("\n")
    out: list[str] = []
    fence = ""
    n = 0
    while n < len(lines):
        line = lines[n]
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) and not line.strip(" \t>" + fence[0]) else fence
        elif mark:
            fence = mark[1]
        elif block := _BLOCK.match(line):
            last = _last(lines, n, block["tag"].lower())
            shown = _shown("\n".join(lines[n : last + 1]), block["indent"])
            out += shown if out and out[-1].strip() else shown[1:]
            n = last + 1
            while n < len(lines) and not lines[n].strip():
                n += 1
            continue
        else:
            line = _inline(line)
        out.append(line)
        n += 1
    return "\n".join(out)


def _last(lines: list[str], first: int, tag: str) -> int:
    """The line in which the HTML block that begins in line ``first`` ends."""
    if tag in _WHOLE:
        depth = 0
        for n in range(first, len(lines)):
            for m in re.finditer(rf"<(/?){tag}\b[^<>]*>", lines[n], re.IGNORECASE):
                depth += -1 if m[1] else 1
            if depth <= 0:
                return n
    blank = (n for n in range(first + 1, len(lines)) if not lines[n].strip())
    return next(blank, len(lines)) - 1


def _shown(html: str, indent: str) -> list[str]:
    """The lines of a block, as far in as it stood, with a blank one at either end."""
    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style", "noscript", "template"])
    shown = markup.to_text(tree.body) if tree.body is not None else ""
    return ["", *(indent + line if line else "" for line in shown.split("\n")), ""] if shown else [""]


def _inline(line: str) -> str:
    """A line without the tags of its text; a break in a table's row is a blank, elsewhere a new line."""
    out, at = [], 0
    for code in _CODE.finditer(line):
        out += [_plain(line[at : code.start()], line), code[0]]
        at = code.end()
    return "".join([*out, _plain(line[at:], line)])


def _plain(piece: str, line: str) -> str:
    return _BREAK.sub(" " if "|" in line else "\n", _INLINE.sub("", piece))
