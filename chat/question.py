"""Understand a question: its topic, who it asks for, and what it leans on in the conversation before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from chat.answer import Turn
from ingest import sentences, topics
from ingest.errors import QuestionError
from ingest.relations import OWNS, SUPPORTS
from ingest.roles import Mention, RoleBook, names_people
from ingest.words import quoted, stems

MOST_CHARACTERS = 2_000

Frame = Literal["owner", "support", "fact"]

_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^<>]{0,200}>", re.IGNORECASE | re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
# What is said to a person before or after the question, and orders to whoever answers: no part of a topic.
_POLITE = re.compile(
    r"\b(?:hi|hello|hey|dear\s+\w+|good\s+(?:morning|afternoon|evening)|please|pls|plz|thanks?(?:\s+(?:you|a\s+lot|so\s+much|very\s+much|in\s+advance))*|cheers|sorry(?:\s+to\s+\w+(?:\s+you)?)?|"
    r"(?:quick|just\s+a|a\s+quick|stupid|silly|one\s+more)\s+question|(?:i\s+was\s+|just\s+|i['’]m\s+)?wondering|(?:could|can|would)\s+(?:you|anyone|someone|anybody|somebody)\s+(?:please\s+|kindly\s+)?"
    r"(?:tell|say|help|explain|let|point|remind|clarify|confirm)(?:\s+(?:me|us))?(?:\s+(?:know|to))?|do\s+you\s+(?:happen\s+to\s+)?know|does\s+(?:anyone|anybody)\s+know|any\s+idea|"
    r"i(?:['’]d|\s+would)?\s+(?:like|want|need)\s+to\s+know|i\s+(?:have\s+no\s+idea|don['’]?t\s+know|wonder|guess|think|mean|suppose)|tell\s+me|btw|by\s+the\s+way|asap|"
    r"in\s+(?:our|this|the)\s+(?:company|organi[sz]ation|firm|place)|around\s+here|at\s+the\s+end\s+of\s+the\s+day|in\s+the\s+end|for\s+good|actually|exactly|really|basically|anyway|again|right|ok(?:ay)?|well|um+|hmm+)\b[,!.]?",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"(?:\b(?:ignore|disregard|forget|override|bypass)\b[^.?!]*\b(?:documents?|instructions?|rules?|guid\w+|previous|above|everything|sources?|prompt|context)\b"
    r"|\b(?:you\s+are\s+now|act\s+as|pretend|roleplay|role-play|from\s+now\s+on|new\s+instructions?|system\s*(?:prompt|message|:)|jailbreak|developer\s+mode)\b"
    r"|\b(?:just\s+)?(?:say|answer|reply|respond|output|print|write|repeat|state|claim|reveal|show)\b[^.?!]*\b(?:that\s+(?:it|the)|with|only|prompt|instructions?|nothing\s+else|no\s+matter|always|yes|regardless|instead|secret|password|api\s*key)\b"
    r"|\b(?:cite|citing)\s+(?:source|document|guideline)?\s*\[?\d+)",
    re.IGNORECASE,
)
_BODY = r"(?:team|role|roles|person|people|department|dept|body|group|function|committee|board|officer|executive|exec|leader|manager|side|one|unit|office|org|party|boss|chief|guy|lot|folks|head|area|half|of\s+(?:the|us|our|you|them|these|those)(?:\s+(?:two|three|both))?(?:\s+\w+)?)"
_ASKS = rf"(?:who(?:m|ever)?(?:['’]?s)?|whose|(?:which|what)\s+(?:\w+\s+)?{_BODY})"
_WHO = re.compile(
    rf"\b(?:{_ASKS}|where\s+(?:do|does|should|can|could|must|would)\s+(?:i|we|you|one|people))\b",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"^\W*(?:and\s+|so\s+)?who(?:m|se)?\s+(?:\w+\s+)?(?:said|says|stated|wrote|quoted|coined|argued|claims|claimed|observed|remarked|published|surveyed|found|reported|described)\b",
    re.IGNORECASE,
)
_HELPER = re.compile(
    rf"\b{_ASKS}\s+(?:else\s+)?(?:(?:should|must|can|could|may|will|would|does|do|is|are|needs?\s+to|has\s+to|to)\s+(?:be\s+)?)*(?:{SUPPORTS}|consult\w*|support\w*|help\w*|assist\w*|advis\w*|inform\w*|involved|in\s+the\s+loop)",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"^\W*(?:and\s+|so\s+|but\s+)?(?:(?:on|in|at|by|for|from|to|with|of|until)\s+)?(?:(?:what|how)(?!\s+(?:about|of|if|when)\b)|when|why(?!\s+not\b)|where|which|define|explain|describe|summari[sz]e|list|name\s+the|according\s+to|is\s+it\s+true|are\s+there|is\s+there)\b",
    re.IGNORECASE,
)
# "who is" and a name, with no article: a person is asked about, not an owner.
_WHO_IS = re.compile(
    r"^\W*who\s*(?:is|was|['’]s)\s+(?!(?:the|our|my|your|a|an|in|on|to|it|that|this|best|most|meant|supposed|allowed|going|now|responsible|accountable|\w+ing)\b)\w+(?:\s+\w+)?\s*(?:$|[?.,]|\band\b)",
    re.IGNORECASE,
)
# "who is our", and an office: the last word before "of", "in" or the end is one that people hold.
_WHO_HOLDS = re.compile(
    r"^\W*who\s*(?:is|are|['’]s)\s+(?:the|our|my|your)\s+(?P<office>[\w -]*?\w)\s*(?:$|[?.,]|\b(?:of|for|in|at|and|who|that|on)\b)",
    re.IGNORECASE,
)
_NO_OFFICE = frozenset(
    "owner owners lead leads leader person people contact one boss decider approver responsible expert".split()
)
# A yes-or-no question about how things are, in which nobody is offered as owner.
_WHETHER = re.compile(
    r"(?:^|[:;,.]\s*)(?:and\s+|but\s+|so\s+)?(?:do|did|have|has|are|were|was|will)\s+(?!i\b|we\b)\w+",
    re.IGNORECASE,
)
_OWNING = re.compile(
    r"\b(?:own(?:s|ed|er|ers|ership)?|in\s*charge|responsib\w+|accountab\w+|call\s+is\s+it|final\s+say|last\s+word|sign(?:s|ed)?[\s-]?off|approv\w+|decid\w+|leads?|belongs?|remit|"
    r"(?:whose|our|their|his|her|my)\s+(?:job|call|task|duty|decision|problem|baby|mess)|(?:go|turn|talk|speak|write|mail|report)\s+to|contact|ask)\b",
    re.IGNORECASE,
)
# The talk of ownership around a topic in a question; what remains is the topic.
_FRAMES = [
    re.compile(p, re.IGNORECASE)
    for p in (
        r"\bwhose\s+(?:\w+\s+)?(?:call|job|task|duty|decision|responsibility|remit|domain|nod|baby|problem|mess|turf|plate|desk|business)\b(?:\s+(?:is|are|was|would|should)\b)?(?:\s+(?:it|that|this|be|the)\b)*(?:\s+(?:to|for|when|if)\b)?",
        r"\bwhere\s+(?:do|does|should|can|could|must|would)\s+(?:i|we|you|one|people)\s+(?:go|take|send|bring|report|turn|apply|file|put|get|ask)?\b(?:\s+(?:it|this|that|to|for|with|about)\b)*",
        r"\b(?:has|have|gets?|holds?|with)\s+(?:the\s+)?(?:final|last|ultimate)?\s*(?:say|word|call|decision|authority|responsibility|ownership|power|right)\s*(?:on|over|in|about|for|of|to)?\b",
        rf"\b{_ASKS}\s+(?:(?:should|must|can|could|may|might|will|would|shall|does|do|did|is|are|was|has|have|had|needs?|gets?|got|gotta|ought|the|to|be|one|it|that|i|we|you|they|person|who|allow|allowed|supposed|entitled|meant|actually|really|normally|usually|typically|ultimately)\b\s*)*",
        r"\b(?:do|does|should|can|must|would|could)\s+(?:i|we|you|one|they|people|somebody|someone|anyone)\s+(?:\w+\s+)?(?:go|turn|talk|speak|write|mail|email|report|ask|contact|call|poke|ping|approach|see|get|reach)\b(?:\s+(?:to|with|in\s+touch\s+with|out\s+to|hold\s+of))?(?:\s+(?:for|about|with|if|when|regarding|on|so))?",
        r"\b(?:go|turn|talk|speak|write|mail|report)\s+to\s+(?:for|about|with|if|when|so)\b",
        r"\b(?:to\s+)?(?:contact|ask|poke|mail|email|call|ping)\s+(?:for|about|regarding|on|when|if)\b",
        r"\b(?:signs?|signed|sign)[\s-]?offs?\b(?:\s+on)?",
        rf"\b(?:{OWNS})",
        r"\b(?:be\s+)?(?:responsible|accountable|in\s*charge|in\s+control|answerable)\b(?:\s+(?:for|of|to))?",
        r"\b(?:the\s+)?(?:owner(?:s|ship)?|responsibility|accountability|lead|boss)\s+(?:of|for|on)\b|\bowners?(?:hip)?\b\??$|^\W*owners?(?:hip)?\b",
        r"\b(?:belongs?|fall(?:s)?|sits?|lies?|rests?|goes?|go)\s+(?:to|under|with|within|on)\b",
        r"\b(?:should|shall|must|would|ought)\b",
        r"\bis\s+it\b|\bor\s+(?:somebody|someone|anybody)\s+else\b|\bor\s+(?:who|what|not)\b",
        r"^\W*(?:and|so|but|ok|then|also|now|what\s+about|how\s+about|what\s+of)\b(?:\s+(?:what|how)\s+about\b)?",
    )
]
_LEANS = re.compile(
    r"\b(?:it|its|that|this|those|these|they|them|their|theirs|there|one|ones|he|she|him|his|her|hers|such|same|the\s+other|former|latter)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|there|he|she|him|his|hers|isn['’]?t\s+one|that|those|these|this)\b(?!\s+(?:is|was)\s+(?:possible|true)\b)",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"^\W*(?:and|but|so|or|then|also|what\s+(?:about|of|if)|how\s+about|same\s+(?:for|with)|ok(?:ay)?)\b",
    re.IGNORECASE,
)
_DOUBTS = re.compile(
    r"\b(?:are\s+you\s+(?:sure|certain)|really\b|is\s+that\s+(?:right|true|so|correct)|you\s+sure|(?:says?|said|thinks?|claims?|insists?|believes?|told\s+\w+)\b[^.?!]*\b(?:hers|his|theirs|ours|mine|own\w*|it|call|job|decides?|responsib\w+|lead\w*)\b|"
    r"that['’]?s\s+(?:wrong|not\s+right|not\s+true)|i\s+(?:disagree|doubt)|surely|why\s+not)",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"^\W*(?:and\s+|but\s+|so\s+|or\s+)?(?:is|are|was|does|do|did|should|can|could|may|must|will|would|shall|has|have|isn['’]?t|doesn['’]?t|shouldn['’]?t)\b",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"\b(?:right|correct|yes|true|no|isn['’]?t\s+it|doesn['’]?t\s+(?:it|he|she|they)|or\s+not)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question made to stand alone.

    ``queries`` are the texts whose meaning is looked up, the most telling first; ``terms`` the stems that are
    looked up by word; ``whole`` the full question without courtesies and orders; ``objects`` the stems
    of the roles that something is done to ("who replaces the chair?"); ``options`` the roles the
    question offers or claims ("is it marketing's or IT's?"), which are no part of its topic;
    ``context`` the topic it takes over from the conversation, "" when it has none, and ``previous`` the
    question that topic comes from.
    """

    text: str
    asked: str
    topic: str
    frame: Frame
    queries: tuple[str, ...]
    terms: tuple[str, ...]
    whole: str
    objects: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    yes_no: bool = False
    context: str = ""
    office: bool = False
    glossed: tuple[str, ...] = ()
    previous: Question | None = None


def check(text: object) -> str:
    """``text`` as a question that can be answered; QuestionError says why it cannot."""
    if not isinstance(text, str):
        raise QuestionError(f"a question is text, not {type(text).__name__}; send a sentence")
    if len(text) > MOST_CHARACTERS:
        raise QuestionError(
            f"the question has {len(text):,} characters; {MOST_CHARACTERS:,} is the most, so shorten it"
        )
    control = _CONTROL.search(text)
    if control:
        raise QuestionError(
            f"the question is not plain text ({control.group()!r} is in it); type it as a sentence"
        )
    if not any(c.isalnum() for c in text):
        raise QuestionError("the question is empty; ask for example: Who should own ...?")
    return text.strip()


_NEXT = re.compile(
    r"(?:\?+\s+(?:and\s+|also\s+|or\s+)?|[,;]?\s+(?:and|or)\s+(?:also\s+)?)(?=(?:who(?:m|se)?|which\s+(?:team|role|department|body))\b)",
    re.IGNORECASE,
)


def parts(text: str, roles: RoleBook) -> list[str]:
    """The questions in ``text`` when it asks for several owners: "who owns X, and who owns Y?" gives two."""
    found = [p.strip() for p in _NEXT.split(text) if p.strip()]
    several = len(found) > 1 and all(
        _WHO.search(p) and stems(_alone(p, roles).topic) and not _LEANS.search(p) for p in found
    )
    return found if several else [text]


MOST_TURNS = 6  # how far back a follow-up can lean


def understand(text: str, history: Sequence[Turn], roles: RoleBook) -> Question:
    """The question in ``text`` after the turns in ``history``, oldest first; the latest few count."""
    text = check(text)
    asked = [str(t.get("content", ""))[:MOST_CHARACTERS] for t in history if t.get("role") == "user"]
    earlier = [t for t in asked if any(c.isalnum() for c in t)][-MOST_TURNS:]
    before: Question | None = None
    for turn in earlier:
        before = _after(_CONTROL.sub(" ", turn), before, roles)
    return _after(text, before, roles)


def _after(text: str, before: Question | None, roles: RoleBook) -> Question:
    """The question in ``text`` after the question ``before``."""
    alone = _alone(text, roles)
    if before is None:
        return alone
    doubts = bool(_DOUBTS.search(text))
    content = stems(alone.topic)
    if alone.objects and set(content) <= set(alone.objects) and not _WHO.search(text):
        # "what about the treasurer?": nothing but somebody is named, who is put forward for the old topic.
        named = tuple(dict.fromkeys(m.role for m in roles.mentions(text, lenient=True)))
        return _again(text, replace(alone, options=named), before)
    pointing = _POINTS_BACK.search(text) is not None
    if not (doubts or pointing or _CONTINUES.match(text) or len(content) <= 1):
        return alone
    if doubts and (len(content) <= 2 or alone.options or (pointing and not _WHO.search(text))):
        return _again(text, alone, before)
    if not pointing and content:
        return _replaced(text, alone, before)
    return _carried(text, alone, before)


def _again(text: str, alone: Question, before: Question) -> Question:
    """A challenge: the old question once more, with the role that the challenge puts forward."""
    options = tuple(dict.fromkeys([*before.options, *alone.options]))
    return Question(
        text,
        before.asked,
        before.topic,
        before.frame,
        before.queries,
        before.terms,
        before.whole,
        before.objects,
        options,
        bool(alone.options),
        before.context,
    )


def _replaced(text: str, alone: Question, before: Question) -> Question:
    """A new topic in the old frame: "and mobile apps?"."""
    frame = before.frame if not _WHO.search(text) and alone.frame == "owner" else alone.frame
    verb = {"owner": "Who should own", "support": "Who supports", "fact": "What is said of"}[frame]
    asked = text if _WHO.search(text) else f"{verb} {alone.topic}?"
    return Question(
        text,
        asked,
        alone.topic,
        frame,
        alone.queries,
        alone.terms,
        alone.whole,
        alone.objects,
        alone.options,
        alone.yes_no,
    )


def _carried(text: str, alone: Question, before: Question) -> Question:
    """A question about something of the old topic: "and its budget?", "who supports them?"."""
    joint = f"{before.topic} {alone.topic}".strip()
    queries = (
        tuple(dict.fromkeys(q for q in (joint, alone.topic) if q)) if stems(alone.topic) else before.queries
    )
    terms = (*alone.terms, *before.terms)
    asked = f"{text} ({before.topic})" if before.topic else text
    frame = before.frame if alone.frame == "fact" and not _FACT.match(text) else alone.frame
    return Question(
        text,
        asked,
        joint,
        frame,
        queries,
        terms,
        f"{alone.whole} {before.topic}",
        alone.objects,
        alone.options,
        alone.yes_no,
        before.topic,
        previous=before,
    )


def _alone(text: str, roles: RoleBook) -> Question:
    """The question in ``text`` by itself."""
    text = _MARKUP.sub(" ", text)
    kept, asking = _sentences(text)
    body = " ".join(kept) or text
    mentions = roles.mentions(body, lenient=True)
    options, yes_no = _options(body, mentions)
    spans = [(m.start, m.end) for m in mentions if m.role in options]
    main = _reduce(" ".join(asking), roles, options)
    whole = topics.trim(_squeeze(_without(body, spans))) if len(kept) > 1 else main
    for frame in _FRAMES:
        whole = frame.sub(" ", whole)
    whole = topics.trim(_squeeze(whole))
    topic = main if len(stems(main)) >= 2 or not whole else whole
    queries = tuple(dict.fromkeys(q for q in (main if len(stems(main)) >= 2 else "", whole) if q)) or (body,)
    return Question(
        text,
        text,
        topic or whole or body,
        _frame(" ".join(asking), len(options) > 1, yes_no),
        queries,
        tuple(dict.fromkeys([*quoted(body), *stems(whole or main)])),
        body,
        tuple(s for m in mentions if m.role not in options for s in stems(body[m.start : m.end])),
        options,
        yes_no,
        office=not mentions and _asks_for_office(" ".join(asking)),
    )


def _asks_for_office(text: str) -> bool:
    found = _WHO_HOLDS.search(text)
    head = found["office"].split()[-1] if found else ""
    return head.lower() not in _NO_OFFICE and (
        names_people(head.lower()) or bool(re.fullmatch(r"C[A-Z]{1,2}O", head))
    )


def _sentences(text: str) -> tuple[list[str], list[str]]:
    """The sentences that are not orders, and among them those that ask; all when none asks."""
    spans = sentences.split(text, 0, len(text))
    parts = [text[a:b] for a, b in spans]
    kept = [p for p in parts if not _ORDER.search(p)]
    kept = [p for p in (_squeeze(_POLITE.sub(" ", p)) for p in kept or parts) if any(c.isalnum() for c in p)]
    asking = [p for p in kept if p.rstrip(" \"'”’)").endswith("?") or _WHO.search(p)]
    return kept or [text], asking or kept or [text]


def _options(body: str, mentions: Sequence[Mention]) -> tuple[tuple[str, ...], bool]:
    """The roles a question offers as owners, and whether it is to be answered with yes or no."""
    if not mentions:
        return (), False
    who = _WHO.search(body)
    either = [
        (a, b)
        for a, b in pairwise(mentions)
        if a.role != b.role
        and re.fullmatch(
            r"\s*,?\s*(?:or|vs\.?|versus|/|and|,)\s*(?:is\s+it\s+|with\s+|by\s+|to\s+)?(?:the\s+|our\s+)?",
            body[a.end : b.start],
            re.IGNORECASE,
        )
        and not (who and "and" in body[a.end : b.start])
    ]
    if either:
        offered = tuple(dict.fromkeys(m.role for pair in either for m in pair))
        return offered, False
    if who and who.start() < mentions[0].start:
        return (), False
    if _AUXILIARY.match(body) or _TAG.search(body) or (_OWNING.search(body) and not who):
        return (mentions[0].role,), True
    return (), False


def _frame(text: str, offered: bool, yes_no: bool) -> Frame:
    if _HELPER.search(text):
        return "support"
    if _REMARK.search(text) or _WHO_IS.search(text):
        return "fact"
    if not offered and _FACT.match(text) and not _WHO.search(text):
        return "fact"
    if not offered and not _WHO.search(text) and not _OWNING.search(text) and _WHETHER.search(text):
        return "fact"
    if offered or yes_no or _WHO.search(text):
        return "owner"
    return "owner"


def _reduce(text: str, roles: RoleBook, options: Sequence[str]) -> str:
    spans = [(m.start, m.end) for m in roles.mentions(text, lenient=True) if m.role in options]
    text = _without(text, spans)
    for frame in _FRAMES:
        text = frame.sub(" ", text)
    return topics.trim(_squeeze(text))


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + " " + text[end:]
    return text


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
