"""HTML inside Markdown: what a browser would show of it, as Markdown."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from ingest.reading import markup

_ATTRIBUTES = r"(?:\s[^<>=]{1,40}=[^<>]*)?\s*/?"
# Written as a whole, to the tag that closes it, over blank lines as well.
_WHOLE = re.compile(rf"(?P<indent>[ \t]*)<(?P<tag>table|ul|ol|dl){_ATTRIBUTES}>", re.IGNORECASE)
_HEADING = re.compile(rf"[ \t]*<h([1-6]){_ATTRIBUTES}>(.*?)</h\1>[ \t]*$", re.IGNORECASE)
# What else a browser does not show: boxes, and the tags within a line. A tag with other words in it is a placeholder.
_TAG = re.compile(
    rf"</(?:address|article|aside|blockquote|center|details|div|figcaption|figure|footer|header|nav|p|section|summary|a|abbr|b|big|cite|"
    rf"code|del|em|font|i|ins|kbd|mark|picture|s|small|source|span|strike|strong|sub|sup|tt|u|unlink)\s*>"
    rf"|<(?:address|article|aside|blockquote|center|details|div|figcaption|figure|footer|header|hr|nav|p|section|summary|abbr|b|big|cite|code|"
    rf"del|em|font|i|ins|kbd|mark|picture|s|small|span|strike|strong|sub|sup|tt|u|unlink|wbr){_ATTRIBUTES}>"
    rf"|<(?:a|img|source)\s[^<>=]{{1,40}}=[^<>]*>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[ \t]{0,8}<br\s{0,8}/?>[ \t]{0,8}", re.IGNORECASE)
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_LONG = 5_000  # characters; a longer line is no line that somebody wrote


def to_markdown(text: str) -> str:
    """``text`` with its HTML, outside of code, as Markdown; a table becomes rows, a list items."""
    if not re.search(r"<[A-Za-z/]", text):
        return text
    lines = text.split("\n")
    out: list[str] = []
    unclosed: set[str] = set()
    fence = ""
    n = 0
    while n < len(lines):
        line = lines[n]
        mark = _FENCE.match(line)
        if fence == "<pre":
            fence = "" if "</pre" in line.lower() else fence
        elif fence:
            fence = "" if mark and mark[1].startswith(fence) and not line.strip(" \t>" + fence[0]) else fence
        elif mark:
            fence = mark[1]
        elif "<pre" in line.lower():
            fence = "" if "</pre" in line.lower() else "<pre"
        elif (block := _WHOLE.match(line)) and (
            last := _last(lines, n, block["tag"].lower(), unclosed)
        ) is not None:
            shown = _shown("\n".join(lines[n : last + 1]), block["indent"])
            out += shown if out and out[-1].strip() else shown[1:]
            n = last + 1
            while n < len(lines) and not lines[n].strip():
                n += 1
            continue
        elif heading := _HEADING.match(line):
            line = f"{'#' * int(heading[1])} {_TAG.sub('', heading[2]).strip()}"
        elif "<" in line and len(line) <= _LONG:
            line = _inline(line)
        out.append(line)
        n += 1
    return "\n".join(out)


def _last(lines: list[str], first: int, tag: str, unclosed: set[str]) -> int | None:
    """The line in which the block that begins in line ``first`` is closed; None, and noted, when it never is."""
    depth = 0
    if tag not in unclosed:
        for n in range(first, len(lines)):
            for m in re.finditer(rf"<(/?){tag}\b[^<>]*>", lines[n], re.IGNORECASE):
                depth += -1 if m[1] else 1
            if depth <= 0:
                return n
        unclosed.add(tag)
    return None


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
    return _BREAK.sub(" " if "|" in line else "\n", _TAG.sub("", piece))
