"""HTML pages: finds the content, leaves the page's own furniture out, and hands the rest on as text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.reading import dates, markup

_DROPPED = re.compile(
    r"script|style|noscript|template|nav|button|select|input|textarea|iframe|svg|"
    r"canvas|object|video|audio|dialog|link|meta|menu|datalist|map|math"
)
_ROLES = re.compile(
    r"navigation|banner|contentinfo|search|complementary|menu|menubar|dialog|toolbar|"
    r"alertdialog|doc-noteref|doc-backlink|doc-toc"
)
_HINT = re.compile(
    r"(?:.*[-_])?(?:sphinxsidebar\w*|sidebar|breadcrumbs?|toc|table-of-contents|navbar|navigation|nav|menu|footer"
    r"|site-header|pagination|pager|cookies?|cookie-(?:banner|notice|consent|bar)|consent|related|sharing|share"
    r"|(?:related|recommended)-(?:posts|articles|links|content|stories)|addtoany|newsletter|subscribe"
    r"|social-(?:links|icons|share|sharing|buttons)|comments|comment-(?:list|form|respond)|skip-?link"
    r"|headerlink|permalink|anchor-?link|edit-?link|footnote-reference|advert\w*|promo|searchbox|search-form"
    r"|visually-hidden|navbox|mw-editsection|catlinks|printfooter|page-metadata|sr-only|screen-reader-text|no-?print)",
    re.IGNORECASE,
)
# An id may as well come from a heading ("related", "comments"), so only these on a plain box tell something.
_IDS = re.compile(
    r"sidebar|toc|breadcrumb|breadcrumbs|footer|nav|navbar|navigation|menu|comments|"
    r"searchbox|related|cookie-banner|cookie-notice|breadcrumb-section|secondary|respond"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHARE = 0.4  # an element with more of the page's text than this is no furniture, whatever its class says


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says: its content as text, and what its metadata tell ("" where they tell nothing)."""

    text: str
    title: str = ""
    source: str = ""
    published: str = ""  # ISO


def read(html: str) -> Page:
    """The content of an HTML page; any input gives a page, one without content gives an empty text."""
    tree = LexborHTMLParser(html)
    body = tree.body
    if body is None:
        return Page("")
    named = tree.css_first("title")
    source, published = _source(tree), _published(tree)
    tree.strip_tags(["script", "style", "noscript", "template"])
    banner = tree.css_first("header h1")
    shown = _words(banner.text(deep=True)) if banner is not None else ""
    root = _content(body)
    _prune(root, len(root.text(deep=True)))
    text = markup.to_text(root)
    first = re.search(r"^#{1,6} (.+)$", text, re.MULTILINE)
    if text and shown and (first is None or (not text.startswith("# ") and f"# {shown}" not in text)):
        text = f"# {shown}\n\n{text}"
        title = shown
    else:
        title = first.group(1) if first else _words(named.text(deep=True)) if named is not None else ""
    return Page(text, title, source, published)


def _content(body: LexborNode) -> LexborNode:
    """The element that holds the page's content, if it is marked; else all of the body."""
    whole = len(body.text(deep=True).strip())
    for selector in ("main, [role=main]", "article"):
        found = body.css(selector)
        if len(found) == 1 and len(found[0].text(deep=True).strip()) > 0.3 * whole:
            return found[0]
    return body


def _prune(root: LexborNode, size: int) -> None:
    """Take every piece of furniture out of the tree."""
    waiting = [(root, False)]
    while waiting:
        node, in_article = waiting.pop()
        child = node.child
        while child is not None:
            following = child.next
            if child.is_element_node:
                if _is_furniture(child, size, in_article):
                    child.decompose()
                else:
                    waiting.append((child, in_article or child.tag in ("article", "main", "section")))
            child = following


def _is_furniture(node: LexborNode, size: int, in_article: bool) -> bool:
    tag = node.tag or ""
    if _DROPPED.fullmatch(tag):
        return True
    attributes = node.attributes
    if "hidden" in attributes or _HIDDEN.search(attributes.get("style") or ""):
        return True
    if attributes.get("aria-hidden") == "true" or _ROLES.fullmatch(attributes.get("role") or ""):
        return not _holds_much(node, size)
    if tag in ("header", "footer") and not in_article:
        return not _holds_much(node, size)
    if tag == "form":  # some systems put the whole page into one
        return not _holds_much(node, size)
    named = any(_HINT.fullmatch(name) for name in (attributes.get("class") or "").split())
    plain = tag in ("div", "aside", "ul", "ol")
    by_id = plain and _IDS.fullmatch((attributes.get("id") or "").lower()) is not None
    return (named or by_id) and not _holds_much(node, size)


def _holds_much(node: LexborNode, size: int) -> bool:
    return (
        len(node.text(deep=True)) > _SHARE * size
        or node.css_first("main, [role=main], article, h1") is not None
    )


def _source(tree: LexborHTMLParser) -> str:
    names = ('meta[property="og:site_name"]', 'meta[name="publisher"]', 'meta[name="author"]')
    found = [_words(n.attributes.get("content") or "") for s in names if (n := tree.css_first(s)) is not None]
    return ", ".join(dict.fromkeys(f for f in found if f))


def _published(tree: LexborHTMLParser) -> str:
    for selector, attribute in (
        ('meta[property="article:published_time"]', "content"),
        ('meta[name="date"], meta[name="dcterms.date"], meta[name="DC.date.issued"]', "content"),
        ("article time[datetime], main time[datetime]", "datetime"),
    ):
        node = tree.css_first(selector)
        if node is not None and (iso := dates.of((node.attributes.get(attribute) or "")[:10])):
            return iso
    return ""


def _words(text: str) -> str:
    return " ".join(text.split())
