"""Understand a question by itself: its topic, who it asks for, and in what words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from chat import amounts, asking
from chat.amounts import Amount
from ingest import sentences, topics
from ingest.errors import QuestionError
from ingest.people import names_people
from ingest.roles import Mention, RoleBook
from ingest.speech import ABSENCE
from ingest.words import quoted, stems

MOST_CHARACTERS = 2_000
ENOUGH = 2  # a question of so many content words may be understood without what is said around it

Frame = Literal["owner", "support", "fact"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question made to stand alone.

    ``whole`` is the full question without courtesies and orders, which is looked up by meaning; ``terms`` are
    the stems that are looked up by word; ``objects`` the stems of the roles that it speaks of, of which
    ``done_to`` are not those who do it ("who replaces the chair?"), by all the names they are ``known_as``;
    ``options`` the roles the question offers or claims ("is it marketing's or IT's?"), which are no part of
    its topic, ``offered`` the stems of the names it has for them; ``bare`` says that it names no topic;
    ``absent`` that it asks for whoever stands in for somebody; ``amount`` is the sum or time it names;
    ``context`` is the topic it takes over from the conversation, "" when it has none, ``previous`` the
    question it follows on, ``added`` the stems of a condition put to it ("and at night?"), ``supposed`` when
    that is told in a clause of its own ("what if they keep it?"), ``deed`` the stems of what else is done
    with it ("and who pays for it?"), ``answered`` those who own the old thing, while ``next_step`` asks for
    whoever does what comes after it.
    """

    text: str
    asked: str
    topic: str
    frame: Frame
    terms: tuple[str, ...]
    whole: str
    objects: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    yes_no: bool = False
    context: str = ""
    office: bool = False
    offered: tuple[str, ...] = ()
    bare: bool = False
    done_to: tuple[str, ...] = ()
    known_as: tuple[str, ...] = ()
    absent: bool = False
    amount: Amount | None = None
    added: frozenset[str] = frozenset()
    supposed: bool = False
    deed: tuple[str, ...] = ()
    next_step: bool = False
    answered: tuple[str, ...] = ()
    glossed: tuple[str, ...] = ()
    previous: Question | None = None

    @property
    def beside(self) -> bool:
        """Whether it puts a topic beside the old one, "and office space?"; it is not near for that alone."""
        return self.previous is not None and not self.context and asking.WHO.search(self.text) is None

    @property
    def courtesy(self) -> bool:
        """Whether it only greets or thanks."""
        return asking.COURTESY.fullmatch(self.text) is not None


def check(text: object) -> str:
    """``text`` as a question that can be answered; QuestionError says why it cannot."""
    if not isinstance(text, str):
        raise QuestionError(f"a question is text, not {type(text).__name__}; send a sentence")
    if len(text) > MOST_CHARACTERS:
        raise QuestionError(
            f"the question has {len(text):,} characters; {MOST_CHARACTERS:,} is the most, so shorten it"
        )
    control = asking.CONTROL.search(text)
    if control:
        raise QuestionError(
            f"the question is not plain text ({control.group()!r} is in it); type it as a sentence"
        )
    if not any(c.isalnum() for c in text):
        raise QuestionError("the question is empty; ask for example: Who should own ...?")
    return squeezed(text)


def squeezed(text: str) -> str:
    """``text`` without long runs of blanks: patterns would take a time that grows with their square."""
    return re.sub(r"\s{3,}", lambda m: "\n\n" if "\n" in m[0] else " ", text.strip())


def parts(text: str, roles: RoleBook) -> list[str]:
    """The questions in ``text`` when it asks for several owners: "who owns X, and who owns Y?" gives two."""
    found = [p.strip() for p in asking.NEXT.split(text) if p.strip()]
    several = len(found) > 1 and all(asking.WHO.search(p) and stems(alone(p, roles).topic) for p in found)
    return found if several and not asking.LEANS.search(found[0]) else [text]


def core(text: str, roles: RoleBook) -> Question | None:
    """The question of ``text`` without all that is said before and behind it; None when it leans on that."""
    _, put = _sentences(asking.BY_THE_BOOK.sub("", asking.MARKUP.sub(" ", text)))
    last = next((p for p in reversed(put) if asking.WHO.search(p)), put[-1])
    who = asking.WHO.search(last)
    asked = last[who.start() :] if who else last
    if len(stems(asked)) >= len(stems(text)) or asking.LEANS.search(asked):
        return None
    if who and asking.CONDITION_FIRST.match(last, 0, who.start()):
        return None  # "in case of fire, who ...?"
    found = alone(asked[:1].upper() + asked[1:], roles)
    return found if stems(found.topic) and len(set(stems(asked))) >= ENOUGH else None


def alone(text: str, roles: RoleBook) -> Question:
    """The question in ``text`` by itself."""
    text = _said_as_body(asking.MARKUP.sub(" ", text), roles)
    kept, put = _sentences(asking.BY_THE_BOOK.sub("", text))
    if len(put) < len(kept):
        kept = [p if p in put else asking.SAID_TO_OWN.sub("", p) for p in kept]
    body = " ".join(kept) or text
    mentions = roles.mentions(body, lenient=True)
    options, yes_no = _options(body, mentions)
    spans = [(m.start, m.end) for m in mentions if m.role in options]
    others = [m for m in mentions if m.role not in options]
    absent = _absent(_without(body, [(m.start, m.end) for m in mentions]))
    main = _reduce(" ".join(put), roles, options)
    if len(put) < len(kept) and asking.POINTS_BACK.search(" ".join(put)):
        main = ""  # "may she just take it?" is about what was told before
    whole = topics.trim(_squeeze(_told(_without(body, spans)))) if len(kept) > 1 else main
    for frame in asking.FRAMES:
        whole = frame.sub(" ", whole)
    whole = _squeeze(whole).strip(" ?.!") if quoted(whole) else topics.trim(_squeeze(whole))
    topic = main if len(stems(main)) >= 2 or not whole else whole
    done_to = tuple(m.role for m in others if absent or _is_done_to(body, m))
    return Question(
        text,
        text,
        topic or whole or body,
        _frame(" ".join(put), len(options) > 1, yes_no),
        tuple(dict.fromkeys([*quoted(body), *stems(whole or main)])),
        # The names that it offers are near to all that is said of them, whatever it is about.
        f"Who should own {main or whole}?" if len(options) > 1 and stems(main or whole) else _opened(body),
        tuple(s for m in others for s in stems(body[m.start : m.end])),
        options,
        yes_no,
        office=not mentions and _asks_for_office(" ".join(put)),
        bare=not stems(main) and not stems(whole),
        done_to=done_to,
        known_as=tuple(name for r in roles.roles if r.name in done_to for name in (r.name, *r.aliases)),
        absent=absent,
        offered=tuple(s for m in mentions if m.role in options for s in stems(body[m.start : m.end])),
        amount=amounts.asked(body),
    )


def _said_as_body(text: str, roles: RoleBook) -> str:
    """``text`` with "team" for what several of the roles are called: "which guild", "which SIG"."""
    return asking.WHICH.sub(lambda m: "which team" if m["noun"].lower() in roles.kinds else m[0], text)


def _absent(text: str) -> bool:
    """Whether somebody is not there, or stood in for: not whoever asks, who "has been away for a year"."""
    return any(
        m[0].lower().startswith(("stand", "deput", "cover", "act", "fill"))
        or not asking.ONESELF_WHO.search(text, 0, m.start())
        for m in ABSENCE.finditer(text)
    )


def _opened(body: str) -> str:
    """``body`` without the words that only begin to speak: "ok so who ..."."""
    rest = asking.OPENING.sub("", body)
    return rest[:1].upper() + rest[1:] if stems(rest) else body


def _is_done_to(body: str, mention: Mention) -> bool:
    """Whether something is done to a role: "who replaces the chair?", not "people who run its election"."""
    found = asking.DONE_TO.search(body, 0, mention.start)
    return found is not None and not mention.possessive and not asking.PEOPLE.search(body, 0, found.start())


def _asks_for_office(text: str) -> bool:
    found = asking.WHO_HOLDS.search(text)
    head = found["office"].split()[-1] if found else ""
    return head.lower() not in asking.NO_OFFICE and (
        names_people(head.lower()) or bool(re.fullmatch(r"C[A-Z]{1,2}O", head))
    )


def _sentences(text: str) -> tuple[list[str], list[str]]:
    """The sentences that are not orders, and among them those that ask; all when none asks."""
    spans = sentences.split(text, 0, len(text))
    parts = [text[a:b] for a, b in spans]
    kept = [p for p in parts if not asking.ORDER.search(p)]
    kept = [
        p for p in (_squeeze(asking.POLITE.sub(" ", p)) for p in kept or parts) if any(c.isalnum() for c in p)
    ]
    put = [p for p in kept if p.rstrip(" \"'”’)").endswith("?") or asking.WHO.search(p)]
    return kept or [text], put or kept or [text]


def _options(body: str, mentions: Sequence[Mention]) -> tuple[tuple[str, ...], bool]:
    """The roles a question offers as owners, and whether it is to be answered with yes or no."""
    if not mentions:
        return (), False
    who = asking.WHO.search(body)
    either = [
        (a, b)
        for a, b in pairwise(mentions)
        if a.role != b.role
        and re.fullmatch(
            r"(?:['’]s?)?(?:\s+(?:job|task|call|duty|decision|business|problem|turf|thing|responsibility))?"
            r"\s*,?\s*(?:or|vs\.?|versus|/|and|,)\s*(?:is\s+it\s+|with\s+|by\s+|to\s+)?(?:the\s+|our\s+|an?\s+)?",
            body[a.end : b.start],
            re.IGNORECASE,
        )
        and not (
            (who or asking.FACT.match(body))
            and "and" in body[a.end : b.start]
            and not asking.BETWEEN.search(body, 0, a.start)
        )
    ]
    if either:
        offered = tuple(dict.fromkeys(m.role for pair in either for m in pair))
        return offered, False
    if who and who.start() < mentions[0].start:
        return (), False
    if (
        not who
        and asking.HAS_IT.search(body, 0, mentions[-1].start)
        and not body[mentions[-1].end :].strip("'’s?!. ")
    ):
        return (mentions[-1].role,), True
    if asking.AUXILIARY.match(body) or asking.TAG.search(body) or (asking.OWNING.search(body) and not who):
        return (mentions[0].role,), True
    return (), False


def _frame(text: str, offered: bool, yes_no: bool) -> Frame:
    if asking.HELPER.search(text) or (yes_no and asking.HELPING.search(text)):
        return "support"
    if asking.REMARK.search(text) or asking.WHO_IS.search(text):
        return "fact"
    claimed = yes_no and asking.CLAIMED.match(text) and asking.OWNING.search(text)
    if not offered and not claimed and asking.FACT.match(text) and not asking.WHO.search(text):
        return "fact"
    if (
        not offered
        and not asking.WHO.search(text)
        and not asking.OWNING.search(text)
        and asking.WHETHER.search(text)
    ):
        return "fact"
    if offered or yes_no or asking.WHO.search(text):
        return "owner"
    return "owner"


def _reduce(text: str, roles: RoleBook, options: Sequence[str]) -> str:
    """The topic in ``text``, without the roles it offers and the talk of ownership around it."""
    spans = [(m.start, m.end) for m in roles.mentions(text, lenient=True) if m.role in options]
    told = asking.TOLD.match(text)
    if (
        told
        and not asking.WHO.search(text, 0, told.end())
        and not asking.POINTS_BACK.search(text, told.end())
        and stems(_bare(text[told.end() :], ()))
    ):
        spans = [(a - told.end(), b - told.end()) for a, b in spans if a >= told.end()]
        text = text[told.end() :]
    return _bare(text, spans)


def _bare(text: str, offered: Sequence[tuple[int, int]]) -> str:
    """``text`` without the roles at ``offered`` and what is said to ask for an owner."""
    text = _told(_without(text, offered))
    if offered:
        text = asking.CLAIM.sub(" ", text)
    for frame in asking.FRAMES:
        text = frame.sub(" ", text)
    # Small words in quotation marks are meant: "the 'how' of the project".
    return _squeeze(text).strip(" ?.!") if quoted(text) else topics.trim(_squeeze(text))


def _told(text: str) -> str:
    """``text`` without a question at its end that only asks who, when a situation is told before it."""
    tail = asking.TAIL.search(text)
    told = text[: tail.start()] if tail else ""
    asks = asking.WHO.search(told) and not (tail and asking.POINTS_BACK.search(tail[0]))
    return told if len(stems(told)) >= 2 and not asks else text


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + " " + text[end:]
    return text


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
