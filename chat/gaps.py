"""Gaps: what people ask that nothing covers, and the answers that they reject, by topic."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from chat.entries import Entry
from chat.render import safe
from ingest.sheets import harmless
from ingest.words import stems

MOST_WORDINGS = 3
MOST_COMMENTS = 5


@dataclass(frozen=True, slots=True)
class Gap:
    """A topic and how often nothing covered it, or its answer was rejected.

    ``owners`` are those of the rejected answers. ``last`` is the last day it was a gap, and ``index`` the
    state of the documents then. ``questions`` are the wordings asked most, ``nearest`` is the path of the
    document that came nearest, "" when there is none, and ``comments`` are what people said of the answers,
    newest first. ``helpful`` counts the answers on the topic that people were content with.
    """

    topic: str
    not_covered: int
    rejected: int
    helpful: int
    last: str
    index: str
    owners: tuple[str, ...]
    questions: tuple[str, ...]
    nearest: str
    comments: tuple[str, ...]


def gaps(entries: Iterable[Entry], visible: Collection[str] | None = None) -> list[Gap]:
    """The gaps in ``entries``, which come newest first; the gaps do, too, and those of one day by their size.

    ``visible`` are the documents that the reader may see, None for all. An answer that rests on any other is
    left out with its question: who rejected what it says would tell that it is there. So is what people
    said after they were shown another.
    """
    folded = cache(fold)
    topics: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        if entry.verdict == "not_covered" or _may_see(entry, visible):
            topics.setdefault(folded(entry.topic) or folded(entry.question), []).append(entry)
    found = [_gap(asked, visible) for asked in topics.values() if any(map(_is_gap, asked))]
    # Sorting is stable: first by what counts least.
    found.sort(key=lambda gap: (-gap.not_covered - gap.rejected, gap.topic))
    return sorted(found, key=lambda gap: gap.last, reverse=True)


def fold(text: str) -> tuple[str, ...]:
    """What wordings of one thing have in common: the stems of their words in no order, else the words."""
    text = unicodedata.normalize("NFKC", text)
    return tuple(sorted(set(stems(text)))) or tuple(text.casefold().split())


def as_json(found: Sequence[Gap], titles: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The gaps in plain JSON types; ``nearest`` is ``{"doc", "title"}``, None when there is none."""
    listed = []
    for gap in found:
        near = {"doc": gap.nearest, "title": (titles or {}).get(gap.nearest, gap.nearest)}
        listed.append(asdict(gap) | {"nearest": near if gap.nearest else None})
    return listed


def to_csv(found: Iterable[Gap]) -> str:
    """A line for each gap. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(Gap.__dataclass_fields__)
    for gap in found:
        cells = asdict(gap).values()
        writer.writerow([cell if isinstance(cell, int) else harmless(_joined(cell)) for cell in cells])
    return out.getvalue()


def to_text(found: Sequence[Gap]) -> str:
    """The gaps for a terminal, which nothing in them can steer; ends in a line break."""
    if not found:
        return "Nothing was asked that no document covers, and no answer was rejected.\n"
    lines = []
    for gap in found:
        counts = {"not covered": gap.not_covered, "rejected": gap.rejected, "helpful": gap.helpful}
        told = ", ".join(f"{n} {what}" for what, n in counts.items() if n)
        lines.append(f"{gap.last}  {safe(gap.topic)}  ({told})\n")
        more = [f"“{question}”" for question in gap.questions]
        more += [f"rejected as owner: {', '.join(gap.owners)}"] if gap.owners else []
        more += [f"said of it: {comment}" for comment in gap.comments]
        more += [f"nearest: {gap.nearest}"] if gap.nearest else []
        lines += [f"            {safe(line)}\n" for line in more]
    return "".join(lines)


def _is_gap(entry: Entry) -> bool:
    return entry.verdict == "not_covered" or entry.helpful is False


def _may_see(entry: Entry, visible: Collection[str] | None) -> bool:
    return visible is None or all(doc in visible for doc in entry.docs)


def _gap(asked: Sequence[Entry], visible: Collection[str] | None) -> Gap:
    """The gap that the questions of one topic are."""
    open_ = [entry for entry in asked if _is_gap(entry)]
    rejected = [entry for entry in open_ if entry.verdict != "not_covered"]
    near = (doc for entry in open_ if entry.verdict == "not_covered" for doc in entry.docs)
    said = [entry.comment for entry in open_ if entry.comment and _may_see(entry, visible)]
    return Gap(
        topic=_usual(entry.topic for entry in open_)[0],
        not_covered=len(open_) - len(rejected),
        rejected=len(rejected),
        helpful=sum(entry.helpful is True for entry in asked),
        last=open_[0].day.isoformat(),
        index=open_[0].index,
        owners=tuple(dict.fromkeys(owner for entry in rejected for owner in entry.owners)),
        questions=_usual(entry.question for entry in open_)[:MOST_WORDINGS],
        nearest=next((doc for doc in near if visible is None or doc in visible), ""),
        comments=tuple(dict.fromkeys(said))[:MOST_COMMENTS],
    )


def _usual(wordings: Iterable[str]) -> tuple[str, ...]:
    """The wordings, the most usual first; those that differ in capitals and blanks alone count as one."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for wording in wordings:
        folded = " ".join(unicodedata.normalize("NFKC", wording).casefold().split()).rstrip(" ?.!")
        counts[folded] += 1
        first.setdefault(folded, wording)
    return tuple(first[folded] for folded, _ in counts.most_common())


def _joined(cell: Any) -> str:
    return cell if isinstance(cell, str) else "; ".join(cell)
