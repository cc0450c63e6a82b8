"""Which blocks of a document are furniture of the page it was taken from, and no guidance."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest import sentences
from ingest.reading import dates, notices
from ingest.records import Block

_TRAILING = 0.25  # of the page at most: guidance below a line such as "No comments:" must not be lost
_REPEAT = 40  # characters; a shorter block may well be meant twice
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Verbs that send a reader to other content, and verbs that do so only when the object says it is to be had.
_CALL = re.compile(
    r"[\W_]*(?:please )?(?:(?P<plain>read|download|subscribe|register|sign up|watch|listen|click|tune in)"
    r"|check out|see|view|explore|discover|learn|visit|join|try|book|get|find out|browse|start)\b"
    r"(?P<object>[^.!?;:]*)[.!»>→…]*[\W_]*$",
    re.IGNORECASE,
)
_CONTENT = re.compile(
    r"\b(?:summary|issue|report|white ?paper|e-?book|webinar|podcast|video|article|blog|post|story|newsletter"
    r"|interview|recording|episode|magazine|case stud(?:y|ies)|survey|edition|demo|more|here)\b",
    re.IGNORECASE,
)
_OFFER = re.compile(r"\b(?:our|today|now|here|more|free)\b", re.IGNORECASE)
# An instruction has conditions and people in it, an advertisement has not.
_CONDITION = re.compile(
    r"\b(?:before|after|when|whenever|if|unless|until|once|within|must|shall|should|who|every|each)\b",
    re.IGNORECASE,
)


def furniture(text: str, blocks: Sequence[Block]) -> set[int]:
    """The indices of the blocks that are no guidance, by rules that hold for any organisation's pages.

    They are: the stock lines that sites put around an article, and what trails them at the end; copyright and
    cookie notices; placeholder Latin; bare dates; a title printed twice in one line; a teaser that breaks
    off at the end of the page; a paragraph that advertises; a table of contents; and blocks that repeat an
    earlier one word for word in the same place. Headings are judged, too; table rows never, but as repeats.
    """
    said = [" ".join(text[b.start : b.end].split()) for b in blocks]
    found = {n for n, b in enumerate(blocks) if _is_stock(said[n], b)}
    found |= {n for n, b in enumerate(blocks) if b.kind == "paragraph" and _advertises(said[n])}
    found |= _repeats(said, blocks) | _contents(said, blocks)
    found |= _trailing(said, blocks, found)
    if said and said[-1].endswith(("...", "…")) and blocks[-1].kind == "paragraph":
        found.add(len(said) - 1)  # a teaser, and its headline
        if len(said) > 1 and blocks[-2].kind == "heading":
            found.add(len(said) - 2)
    return found


def is_call_to_action(sentence: str) -> bool:
    """Whether a sentence only sends the reader to other content: "Read a summary of the discussion."

    An instruction is none: "Read the incident report before you close the ticket."
    """
    return _called_to(" ".join(sentence.split())) is not None


def undoubled(words: str) -> str:
    """A title that stands twice in one line, with or without a blank between, said once; else as it is."""
    half, odd = divmod(len(words), 2)
    again = words[half + 1 :] if odd else words[half:]
    return words[:half] if 12 <= half <= 120 and words[:half] == again and words[-1] not in ".!?" else words


def _is_stock(words: str, block: Block) -> bool:
    if block.kind == "row":
        return False
    if block.kind == "item" and (block.parent is not None or " " not in words):
        return False  # "Search" may be what somebody owns
    if notices.is_notice(words) or notices.is_placeholder(words) or undoubled(words) != words:
        return True
    return block.kind != "item" and len(words) <= 60 and bool(dates.parse(words))


def _called_to(sentence: str) -> str | None:
    """What the sentence calls the reader to; None when it is no such call."""
    match = _CALL.match(sentence)
    if match is None or len(sentence) > 120 or _CONDITION.search(match["object"]):
        return None
    offered = _CONTENT.search(match["object"]) and (match["plain"] or _OFFER.search(match["object"]))
    return match["object"] if offered else None


def _advertises(words: str) -> bool:
    """Whether a paragraph works towards a last sentence that calls the reader to what it speaks of."""
    spans = sentences.split(words, 0, len(words))
    if not spans:
        return False
    start, end = spans[-1]
    called = _called_to(words[start:end])
    if called is None or len(spans) == 1:
        return called is not None
    named = {w.lower() for w in _WORD.findall(called) if len(w) > 3}
    before = {w.lower() for w in _WORD.findall(words[:start])}
    return len(named) >= 2 and len(named & before) >= 0.6 * len(named)


def _repeats(said: Sequence[str], blocks: Sequence[Block]) -> set[int]:
    """Blocks that say word for word what an earlier one under the same headings says.

    A list item below another lead-in is no repeat: it says it of somebody else.
    """
    seen: dict[tuple[str, str, tuple[str, ...]], set[str]] = {}
    found: set[int] = set()
    for n, (words, block) in enumerate(zip(said, blocks, strict=True)):
        if block.kind == "heading" or len(words) < _REPEAT:
            continue
        lead_in = said[block.parent] if block.parent is not None else ""
        known = seen.setdefault((block.kind, words.casefold(), block.headings), set())
        if lead_in in known or (known and not lead_in):
            found.add(n)
        known.add(lead_in)
    return found


def _contents(said: Sequence[str], blocks: Sequence[Block]) -> set[int]:
    """A table of contents: three items or more in a row that are headings of the same document."""
    titles = {words.casefold() for words, b in zip(said, blocks, strict=True) if b.kind == "heading"}
    found: set[int] = set()
    run: list[int] = []
    for n, (words, block) in enumerate(zip(said, blocks, strict=True)):
        named = {words.casefold(), f"{block.marker} {words}".casefold()}
        run = [*run, n] if block.kind == "item" and named & titles else []
        if len(run) >= 3:
            found.update(run)
    return found


def _trailing(said: Sequence[str], blocks: Sequence[Block], stock: set[int]) -> set[int]:
    """What stands below a line such as "No comments:", where that is the page's foot and not its body."""
    whole = sum(map(len, said))
    for n, words in enumerate(said):
        if n in stock and notices.opens_trailer(words):
            rest = range(n, len(said))
            kinds = [blocks[i].kind for i in rest]
            short = sum(len(said[i]) for i in rest) <= _TRAILING * whole
            if (
                short
                and kinds.count("row") == 0
                and kinds.count("heading") <= 5
                and kinds.count("item") <= 12
            ):
                return set(rest)
    return set()
