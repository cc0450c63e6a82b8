"""Source pages: the text is the document's, character for character, and the cited span is the one marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_engine import RULES

from chat.web.sources import Span, cited_span, documents_page, message_page, source_page
from ingest import blocks
from ingest.records import Block, Document


@dataclass
class Read:
    """What a browser would find in a page."""

    article: str = ""
    marked: str = ""
    ids: int = 0
    tags: tuple[str, ...] = ()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read = Read()
        self._depth = {"article": 0, "mark": 0}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.read.tags += (tag,)
        self.read.ids += ("id", "cited") in attrs
        if tag in self._depth:
            self._depth[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in self._depth:
            self._depth[tag] -= 1

    def handle_data(self, data: str) -> None:
        if self._depth["article"]:
            self.read.article += data
        if self._depth["mark"]:
            self.read.marked += data


def read(
    text: str, cited: Span | None = None, title: str = "A title", found: list[Block] | None = None
) -> Read:
    reader = _Reader()
    layout = blocks.split(text) if found is None else found
    reader.feed(source_page(Document("a.md", title, text), layout, cited).html)
    reader.close()
    return reader.read


def squeezed(text: str) -> str:
    return "".join(text.split())


STRUCTURED = """# Heading & title

A lead-in <b>that</b> names nobody:

- one
  goes on here
  - nested
* two

| Thing | Owner |
|-------|-------|
| Fees  | Bursar |

```
code
```

Last words.
"""


def test_the_text_of_the_page_is_the_text_of_the_document() -> None:
    assert read(STRUCTURED).article == STRUCTURED


def test_a_table_has_its_headings() -> None:
    html = source_page(Document("a.md", "A", STRUCTURED), blocks.split(STRUCTURED), None).html
    row = re.search(r"<tr><th>.*?</tr>", html)
    assert row
    assert re.sub(r"<span.*?</span>", "", row[0]) == "<tr><th>Thing</th><th>Owner</th></tr>"


def test_layout_becomes_elements() -> None:
    tags = read(STRUCTURED).tags
    assert {"h2", "p", "ul", "li", "table", "tr", "td"} <= set(tags)
    assert "b" not in tags, "markup of a document is text"


# Letters that make structure: headings, lists, tables, fences, and what HTML would take for its own.
_LINES = st.lists(
    st.sampled_from(
        [
            "# Head",
            "## Next & more",
            "- item",
            "  - inner",
            "1. first",
            "10) tenth",
            "| a | b |",
            "|---|---|",
            "words <i>",
            "",
            "    indented",
            "```",
            "<!-- note -->",
            "> quoted",
            "\tTab",
            "Term",
            "====",
            "a\rb",
            "</article><script>",
        ]
    )
)


@given(_LINES, st.data())
def test_every_character_is_shown_once_and_the_span_is_marked(lines: list[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    if not text.strip():
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = read(text, Span(start, end))
    assert found.article == text
    assert "script" not in found.tags
    # White space between two elements is not marked: it would show as a bar.
    assert squeezed(found.marked) == squeezed(text[start:end])
    assert found.ids <= 1
    if any(char.isalnum() for char in text[start:end]):
        assert found.ids == 1, "there is something to scroll to"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=200))
def test_any_text_comes_through_without_layout(text: str) -> None:
    assert read(text, found=[]).article == text


def test_the_documents_that_come_with_the_project_come_through(root: Path) -> None:
    for path in sorted((root / "corpus").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        assert read(text).article == text


def test_a_span_over_several_blocks_is_marked_in_each_and_named_once() -> None:
    start, end = RULES.index("Bursar looks"), RULES.index("should lead")
    found = read(RULES, Span(start, end))
    assert squeezed(found.marked) == squeezed(RULES[start:end])
    assert found.ids == 1
    assert found.tags.count("mark") > 1


@pytest.mark.parametrize(
    ("start", "end"), [(None, None), (0, None), (None, 3), (3, 3), (4, 3), (-1, 3), (0, 7), (90, 99)]
)
def test_only_a_range_of_the_text_can_be_cited(start: int | None, end: int | None) -> None:
    assert cited_span("sixsix", start, end) is None
    assert cited_span("sixsix", 0, 6) == Span(0, 6)


def test_a_title_that_the_text_repeats_is_shown_once() -> None:
    assert read("# House rules\n\nText.", title="House rules").tags.count("h1") == 0
    assert read("# Other\n\nText.", title="House rules").tags.count("h1") == 1


def test_titles_and_messages_are_text() -> None:
    hostile = "<script>alert(1)</script>"
    document = Document('"><img src=x onerror=alert(1)>.md', hostile, hostile, hostile, hostile, hostile)
    for page in (
        source_page(document, blocks.split(hostile), Span(0, 8), notice=hostile),
        documents_page([document]),
        message_page(hostile, hostile),
    ):
        assert "<script" not in page.html
        assert "<img" not in page.html
        assert "script-src" not in page.policy
        assert page.policy.startswith("default-src 'none'")
