"""Understand a question in a conversation: what it takes over from the questions before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chat import amounts, asking, chatter, leaning
from chat.answer import Turn
from chat.question import MOST_CHARACTERS, Question, alone, check, squeezed
from ingest import sentences, topics
from ingest.people import names_people
from ingest.roles import Mention, RoleBook
from ingest.words import stems

MOST_TURNS = 6  # how far back a follow-up can lean
FEW = 2  # a follow-up of so few content words changes something of the old question

# What a rule says of an answer that is not taken.
_DISPUTE = tuple(
    stems(
        "dispute disputed appeal overrule escalate complain disagree contest final last tie deadlock "
        "consensus casting unhappy dissatisfied"
    )
)


def understand(text: str, history: Sequence[Turn], roles: RoleBook) -> Question:
    """The question in ``text`` after the turns in ``history``, oldest first; the latest few count."""
    text = chatter.without(check(text), leans=bool(history))
    asked = [str(t.get("content", ""))[:MOST_CHARACTERS] for t in history if t.get("role") == "user"]
    earlier = [t for t in asked if any(c.isalnum() for c in t)][-MOST_TURNS:]
    before: Question | None = None
    for turn in earlier:
        before = _after(
            chatter.without(squeezed(asking.CONTROL.sub(" ", turn)), leans=before is not None), before, roles
        )
    return _after(text, before, roles)


def _after(text: str, before: Question | None, roles: RoleBook) -> Question:
    """The question in ``text`` after the question ``before``."""
    if (fronted := leaning.FRONTED.match(text)) and not leaning.STATES.search(fronted["thing"]):
        return replace(_after(f"{fronted['who']} {fronted['thing']}?", before, roles), text=text)
    new = alone(text, roles)
    if before is None:
        return new
    doubts = bool(leaning.DOUBTS.search(text))
    content = stems(new.topic)
    if leaning.SOURCE.search(text) and len(content) <= FEW:
        return _again(text, replace(new, options=()), before)
    text = _headed(text, before)
    pointing = asking.POINTS_BACK.search(text) is not None or leaning.ONE.search(text) is not None
    going_on = leaning.CONTINUES.match(text) is not None
    if pointing or going_on or len(content) <= FEW:
        limited = _limited(text, new, before)
        if limited is not None:
            return limited
    if new.absent and (pointing or going_on or len(content) <= FEW) and not doubts:
        return _stood_in(text, new, before)
    beside = stems(leaning.AT_ODDS.sub(" ", text))
    if leaning.AT_ODDS.search(text) and not new.options and len(beside) <= FEW:
        return _disputed(text, new, before)
    case = _case(text, new, doubts=doubts)
    if stems(case):
        return _in_case(text, case, new, before, roles)
    if not asking.WHO.search(text):
        if doubts and (said := _told_beside(text, roles)):
            return replace(
                _again(text, new, before), whole=f"{before.whole} {said}", added=frozenset(stems(said))
            )
    elif not doubts and leaning.NEXT_STEP.search(text) and len(content) <= FEW:
        return replace(_carried(text, new, before), next_step=True)
    elif leaning.DISPUTES.search(text) and not new.options and pointing:
        return _disputed(text, new, before)
    if new.bare and not asking.COURTESY.fullmatch(text):
        return _again(text, new, before) if new.options else _carried(text, new, before)
    if not asking.WHO.search(text) and content and set(content) <= set(new.objects):
        named = roles.mentions(text, lenient=True)
        swapped = _swapped(before, text, named, roles)
        if swapped:
            return alone(swapped, roles)
        # "what about the treasurer?": nothing but somebody is named, who is put forward for the old topic.
        return _again(text, replace(new, options=tuple(dict.fromkeys(m.role for m in named))), before)
    if not (doubts or pointing or going_on or len(content) <= 1):
        return new
    if doubts and (len(content) <= FEW or new.options or (pointing and not asking.WHO.search(text))):
        return _again(text, new, before)
    office = asking.WHO_HOLDS.search(before.asked)
    if (
        office
        and not asking.WHO.search(text)
        and len(content) <= FEW
        and names_people(new.topic.split()[-1].lower())
    ):
        # "who is the chair of the board?", "and the secretary?"
        return alone(
            before.asked[: office.start("office")] + new.topic + before.asked[office.end("office") :], roles
        )
    if (which := leaning.WHICH_ONE.match(text)) and not new.options:
        return _of_kind(text, which["one"], new, before)
    if leaning.ADJUNCT.match(text) and not asking.WHO.search(text):
        return replace(_carried(text, new, before), added=frozenset(content))
    if not pointing and content:
        return _replaced(text, new, before)
    return _carried(text, new, before)


def _disputed(text: str, new: Question, before: Question) -> Question:
    """The old question where it is disputed: who has the last word, to whom it goes."""
    return replace(
        _again(text, replace(new, options=()), before),
        terms=tuple(dict.fromkeys((*before.terms, *new.terms, *_DISPUTE))),
        deed=(*_DISPUTE, *new.terms),
        previous=before,
    )


def _headed(text: str, before: Question) -> str:
    """``text`` with what the old question was about for its "one": "and the one on travel?", the policy."""
    noun = before.topic.split()[-1] if before.topic else ""
    return leaning.THE_ONE.sub(noun, text) if noun.isalpha() else text


def _limited(text: str, new: Question, before: Question) -> Question | None:
    """The old question for another amount: "and above 500?", "larger ones?"; None for anything else."""
    spoken, few = (new.topic, 1) if asking.WHO.search(text) else (text, FEW)
    if len(stems(amounts.without(spoken))) > few:
        return None
    amount, phrase = amounts.asked(text), amounts.phrase(text)
    if amount is None and before.amount is not None and leaning.BEYOND.search(text):
        amount, phrase = replace(before.amount, beyond=True), "more than that"
    if amount is None:
        return None
    rest = amounts.without(before.topic)
    return replace(
        before,
        text=text,
        asked=f"{text} ({rest})",
        topic=f"{rest} {phrase}",
        terms=tuple(t for t in before.terms if not t[0].isdigit()),
        whole=f"{amounts.without(before.whole).rstrip(' ?.!')}, {phrase}?",
        yes_no=False,
        options=(),
        amount=amount,
        context=rest,
        previous=before,
    )


def _stood_in(text: str, new: Question, before: Question) -> Question:
    """Who does it in somebody's absence: "and if she is ill?"."""
    return replace(
        before,
        text=text,
        asked=f"{text} ({before.topic})",
        terms=tuple(dict.fromkeys((*new.terms, *before.terms, *stems("absence deputy")))),
        whole=f"{new.whole.rstrip(' ?.!')}: in the absence of whoever {before.topic}",
        done_to=new.done_to,
        frame="owner" if before.frame == "fact" and asking.WHO.search(text) else before.frame,
        absent=True,
        yes_no=False,
        options=(),
        context=before.topic,
        previous=before,
    )


def _case(text: str, new: Question, *, doubts: bool) -> str:
    """The case that a follow-up puts to the old question, "" when it puts none."""
    told, *rest = [text[a:b] for a, b in sentences.split(text, 0, len(text))]
    asked = " ".join(rest) or told
    if asking.WHO.search(asked) and (not rest or len(stems(new.topic)) > len(stems(told)) + 1):
        return ""  # it asks for more than "and who then?"
    if leaning.CASE.match(told) and not doubts:
        return leaning.CASE.sub(" ", told)
    stated = (
        not (rest or doubts or new.options or new.objects or told.rstrip().endswith("?"))
        and leaning.STATES.search(told)
        and (asking.POINTS_BACK.search(told) or leaning.CONTINUES.match(told))
        and not leaning.VALUES.search(told)
    )
    return told if leaning.ONESELF.search(told) or stated else ""


def _told_beside(text: str, roles: RoleBook) -> str:
    """What is said beside a doubt: "are you sure? It is the second time."; "" when it names somebody."""
    said = " ".join(
        text[a:b] for a, b in sentences.split(text, 0, len(text)) if not leaning.DOUBTS.search(text[a:b])
    )
    return "" if roles.mentions(text, lenient=True) or not stems(said) else said


def _in_case(text: str, case: str, new: Question, before: Question, roles: RoleBook) -> Question:
    """The old question in a case of its own; whoever is named in ``case`` has it done to them."""
    said = tuple(stems(case))
    alone = replace(
        new,
        topic=topics.trim(case),
        terms=said,
        frame="owner",
        options=(),
        yes_no=False,
        bare=False,
        done_to=tuple(m.role for m in roles.mentions(case, lenient=True)),
    )
    return replace(_carried(text, alone, before), added=frozenset(said), supposed=True)


def _of_kind(text: str, which: str, new: Question, before: Question) -> Question:
    """The old question for one kind of what it asks about: "and for the very first one?"."""
    return replace(
        before,
        text=text,
        asked=f"{text} ({before.topic})",
        topic=f"{before.topic}, {which}",
        terms=tuple(dict.fromkeys((*before.terms, *new.terms))),
        whole=f"{before.whole.rstrip(' ?.!')}, for {which}?",
        yes_no=False,
        options=(),
        context=before.topic,
        previous=before,
    )


def _swapped(before: Question, text: str, named: Sequence[Mention], roles: RoleBook) -> str:
    """The question ``before`` asked of somebody else whom ``text`` names; "" when it is not of that kind.

    "Who appoints the clerk?", "and the treasurer?" asks who appoints the treasurer.
    """
    old = [m for m in roles.mentions(before.asked, lenient=True) if m.role in before.done_to]
    if len(old) != 1 or len(named) != 1:
        return ""
    return before.asked[: old[0].start] + text[named[0].start : named[0].end] + before.asked[old[0].end :]


def _again(text: str, new: Question, before: Question) -> Question:
    """A challenge: the old question once more, with the role that the challenge puts forward."""
    options = tuple(dict.fromkeys([*before.options, *new.options]))
    return replace(before, text=text, options=options, yes_no=bool(new.options), bare=False, previous=None)


def _replaced(text: str, new: Question, before: Question) -> Question:
    """A new topic in the old frame: "and mobile apps?"."""
    asks = asking.WHO.search(text)
    frame = before.frame if not asks and new.frame == "owner" else new.frame
    verb = {"owner": "Who should own", "support": "Who supports", "fact": "What is said of"}[frame]
    asked = text if asks else f"{verb} {new.topic}?"
    return replace(new, text=text, asked=asked, frame=frame, bare=False, previous=before)


def _carried(text: str, new: Question, before: Question) -> Question:
    """A question about something of the old topic: "and its budget?", "who supports them?"."""
    deed = _deed(text, before)
    if not new.bare and not set(stems(new.topic)) <= set(deed):
        deed = ()  # it asks for more than that
    same = new.bare and not deed  # the old question with nothing new in it
    thing = before.topic if same else _thing(before)
    return replace(
        new,
        text=text,
        asked=f"{text} ({before.topic})" if before.topic else text,
        topic=thing if new.bare else f"{thing} {new.topic}".strip(),
        frame=before.frame if new.frame == "fact" and not asking.FACT.match(text) else new.frame,
        terms=before.terms if same else tuple(dict.fromkeys((*new.terms, *deed, *stems(thing)))),
        # What is new is looked up by meaning, what was old by its words and its place.
        whole=new.whole if new.frame == "owner" and not new.bare else f"{new.whole} {thing}",
        deed=deed,
        context=before.topic,
        previous=before,
        bare=False,
    )


def _deed(text: str, before: Question) -> tuple[str, ...]:
    """The stem of what somebody else is asked for: "who decides on it?" after "who proposes the fee?"."""
    new, old = leaning.ASKED_VERB.search(text), leaning.ASKED_VERB.search(before.asked)
    if new is None or new["verb"].lower() in leaning.ANY_DEED:
        return ()
    return () if old is not None and stems(old["verb"]) == stems(new["verb"]) else tuple(stems(new["verb"]))


def _thing(before: Question) -> str:
    """What the old question asked for an owner of, without what is done to it: "keeps the keys", the keys."""
    verb = leaning.ASKED_VERB.search(before.asked)
    head, _, rest = before.topic.partition(" ")
    rest = topics.trim(rest)
    return rest if verb and verb["verb"].lower() == head.lower() and stems(rest) else before.topic
