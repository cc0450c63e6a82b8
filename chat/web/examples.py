"""The example questions of the page, taken from the question set."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from typing import Any

# A visitor should meet a question as one would like to ask it, not a trap or a slip of the fingers.
_NOT_FOR_SHOW = frozenset({"adversarial", "typo"})
_LONGEST = 90  # characters; what fits a button on a phone
_log = logging.getLogger(__name__)


def example_questions(path: Path, count: int = 6, *, documents: Collection[str] | None = None) -> list[str]:
    """Up to ``count`` questions of the set in ``path``, of as many kinds as there are, always the same ones.

    Questions that go on from another, and those too long for a button, are passed over, and so are those that
    rest on another document than ``documents``: a question tells what is in it. A missing file gives none.
    """
    by_kind: dict[str, list[str]] = defaultdict(list)
    for question, kind in _suitable(path, documents):
        by_kind[kind].append(question)
    rounds = max((len(questions) for questions in by_kind.values()), default=0)
    turns = [questions[n] for n in range(rounds) for questions in by_kind.values() if n < len(questions)]
    return list(dict.fromkeys(turns))[:count]


def _suitable(path: Path, documents: Collection[str] | None) -> list[tuple[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as exc:
        _log.warning("no example questions: %s cannot be read: %s", path, exc)
        return []
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            case: Any = json.loads(line) if line.strip() else {}
        except json.JSONDecodeError as exc:
            _log.warning("%s, line %d is not JSON and gives no example question: %s", path, number, exc)
            continue
        if not isinstance(case, dict) or case.get("history") or case.get("kind") in _NOT_FOR_SHOW:
            continue
        if documents is not None and not _rests_on(case) <= set(documents):
            continue
        question = case.get("question")
        if isinstance(question, str) and 0 < len(question.strip()) <= _LONGEST:
            found.append((question.strip(), str(case.get("kind", ""))))
    return found


def _rests_on(case: dict[str, Any]) -> set[str]:
    gold = case.get("gold")
    return {str(g.get("doc", "")) for g in gold if isinstance(g, dict)} if isinstance(gold, list) else set()
