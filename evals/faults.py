"""What is wrong with a question set itself, told from what is wrong with the answers to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evals.cases import Case
from evals.measures import Judge


def faults(cases: Sequence[Case], judge: Judge) -> list[str]:
    """One line for each gold quote that its document does not hold, and each pattern that is not absent.

    Such a case cannot be answered right over these documents, as they are read; empty when the set is sound.
    """
    return [line for case in cases for line in (*_unheld(case, judge), *_present(case, judge))]


def _unheld(case: Case, judge: Judge) -> list[str]:
    lines = []
    for gold in case.gold:
        if gold.doc not in judge.documents:
            lines.append(f"{case.id}: there is no document {gold.doc!r}")
        elif not judge.finder.holds(gold.doc, gold.quote):
            lines.append(f"{case.id}: {gold.doc!r} does not hold the gold quote {gold.quote!r}")
    return lines


def _present(case: Case, judge: Judge) -> list[str]:
    return [
        f"{case.id}: {pattern!r} should be absent, but {document.path!r} says {found[0]!r}"
        for pattern in case.absent
        for document in judge.documents.values()
        if (found := re.search(pattern, document.text, re.IGNORECASE))
    ]
