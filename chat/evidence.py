"""Evidence: what the nearest guidelines say of each role, and how much that weighs."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from chat import amounts
from chat.case import PART, VERY
from chat.retrieve import Passage
from ingest import topics
from ingest.records import Stance

MOST_PASSAGES = 3
SOFTNESS = 0.7  # below 1 lets several near passages outvote the nearest one
FAINT = 0.08  # a passage counts while its share is at least this part of the best one's
SAME = 0.65  # from this nearness of a stance on, a passage with all the best one's words speaks of the same
ALIKE = 0.7  # from this nearness to the best passage on, one with ``PART`` of its words speaks of the same
AS_NEAR = 0.8  # what the share of such a passage counts as at least, however much shorter its sentence is
STALE = 0.3  # what is left of it in a document that says it no longer holds


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that speaks of a role: in what relation, its weight in the vote, how near its clause is.

    ``same`` says that the passage is about the very thing the best one is about.
    """

    passage: Passage
    stance: Stance
    weight: float
    fit: float = 0.0
    same: bool = False

    @property
    def published(self) -> str:
        """The date of the passage's document, "" when unknown."""
        return self.passage.published


def weigh(
    passages: Sequence[Passage], faint: float = FAINT, amount: amounts.Amount | None = None
) -> list[Evidence]:
    """What each passage says of each role, heaviest first.

    Those below ``faint`` of the best one's share are left out, and so is who is given a thing within limits
    that the ``amount`` asked for does not keep. A document's second passage counts 0.6 of what
    it would alone, its third 0.36: neighbours are one voice.
    """
    found: list[Evidence] = []
    seen: dict[str, int] = defaultdict(int)
    for passage in passages[:MOST_PASSAGES]:
        nearness, same = passage.share / passages[0].share, _same(passage, passages[0])
        if same:
            nearness = max(nearness, AS_NEAR)
        if passage.outdated:
            nearness *= STALE
        guideline = passage.guideline
        if nearness < faint or not guideline.stances:
            continue
        damping = 0.6 ** seen[guideline.doc]
        seen[guideline.doc] += 1
        rule = 1.0 if guideline.force == "normative" else 0.8
        best_fit = max(passage.fits)
        said: dict[tuple[str, str], Evidence] = {}
        limited = _within(amount, guideline.stances)
        goes_on = amount is not None and (amount.beyond or amounts.goes_on(guideline.text))
        if goes_on and passage.signals.amount > 0 and len(limited) == 1:
            limited = [True]  # its topic repeats the limit that it goes on from
        for stance, fit, within in zip(guideline.stances, passage.fits, limited, strict=True):
            if not within:
                continue
            # A clause about something else in the same sentence says little of the topic asked for.
            weight = (
                nearness**SOFTNESS * damping * rule * stance.strength * max(0.1, 1 - 3 * (best_fit - fit))
            )
            key = (stance.role, stance.relation)
            if key not in said or weight > said[key].weight:
                said[key] = Evidence(passage, stance, weight, fit, same)
        found += said.values()
    return sorted(found, key=lambda e: -e.weight)


def _within(amount: amounts.Amount | None, stances: Sequence[Stance]) -> list[bool]:
    """Which of a guideline's stances the amount asked for leaves standing.

    Of two who lead by one limit the second has what lies beyond: "up to 500 the clerk, above that the mayor".
    """
    if amount is None:
        return [True for _ in stances]
    limits = [amounts.limits(stance.topic) for stance in stances]
    uppers = [within[amount.unit][1] for within in limits]
    # Of limits that all hold the amount the lowest decides ("up to 500 the clerk, up to 5,000 the mayor");
    # what lies beyond it is for whoever has the next.
    lowest = min((upper for upper in uppers if amount.value <= upper), default=math.inf)
    if amount.beyond:
        return [lowest == math.inf or upper > lowest for upper in uppers]
    kept: list[bool] = []
    first: dict[str, str] = {}
    for stance, within, upper in zip(stances, limits, uppers, strict=True):
        fits = amounts.fit(amount, within)
        second = stance.relation == "leads" and first.setdefault(stance.topic, stance.role) != stance.role
        kept.append(fits <= 0 if second else fits >= 0 and (upper == math.inf or upper <= lowest))
    return kept


def _same(passage: Passage, best: Passage) -> bool:
    """Whether a passage speaks of the very thing that the best one speaks of."""
    if passage.row == best.row:
        return True
    here, there = passage.guideline, best.guideline
    if here.doc != there.doc and (topics.ITSELF.search(here.text) or topics.ITSELF.search(there.text)):
        return False  # each speaks of its own document, in whatever words
    cover, most = passage.cover, best.cover
    near = max(passage.fits, default=0.0) >= SAME and cover >= max(most, VERY)
    return near or (passage.alike >= ALIKE and cover >= PART * most)
