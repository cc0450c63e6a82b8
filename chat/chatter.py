"""What people say around a question that tells nothing of it: where they looked, whom they asked, that it is urgent.

A sentence is a remark when all its words are those of such talk; one other word, and it stays. What slips through is
left to the search, which looks the bare question up as well (``chat.question.core``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chat import asking, leaning
from ingest import sentences
from ingest.words import stems

# Of knowing, asking, searching, quarrelling, being new, in a hurry or polite: what a remark is made of.
_TALK = frozenset(
    stems(
        """
ask asked asking question questions query answer answers answered know knows knew known knowing tell told
explain wonder wondering idea clue guess unsure sure certain clear unclear confused confusing confusion
understand figure find found finding search searched searching look looked looking google googled googling
read reading check checked checking seek hunt hunting dig digging dug remember remind forget forgot
mention mentioned hear mean hint pointer pointers point pointed direction directions argue argued arguing
argument arguments debate debated debating discuss discussed discussing discussion agree agreed agreeing
quarrel squabble bet settle opinion opinions ping ponged bounced bouncing hi hello
hey dear greetings thanks thank advance cheers regards wishes sincerely respectfully sorry apologies
apologise apologize excuse pardon bother bothering pls plz thx seem seems able appreciate appreciated
helps helpful kindly grateful hope hoping hopefully fine good great nice lovely happy glad new newbie
newcomer joined quick quickly fast hurry rush urgent urgently asap soon pronto quickest stupid silly dumb
naive basic simple simply honest honestly seriously frankly basically literally totally absolutely curious
curiosity annoyed annoying frustrated frustrating lost stuck desperate desperately crazy mad insane damn
hell heck bloody freaking fed tired help assist bot chatbot assistant reply replied replies respond
response context record reference lol haha yo hmm umm uh well useless smart clever wise genius bless dare
hesitate trying try tried attempt attempts hard repeat repeated repeating happen happens chance chances
        """
    )
)
# What remarks speak of besides: times, people, and the places where one looks. Alone they may be a case.
_BESIDE = frozenset(
    stems(
        """
today yesterday tomorrow tonight week weeks weekend day days hour hours minute minutes second moment
moments morning afternoon evening time times month months year ago late early long first last next past
monday tuesday wednesday thursday friday saturday sunday meeting meetings lunch breakfast dinner coffee
break call chat thread conversation email emails mail message messages post posted channel inbox boss
manager supervisor colleague colleagues coworker coworkers teammate teammates mate mates friend friends
buddy guy guys folks people person neighbour neighbor office room corridor team department bus train
phone intranet wiki page pages document documents docs documentation handbook handbooks manual manuals faq
faqs guide guides guidance policy policies internet web site website folder folders drive paper papers
stuff book want wanted wants need love like start started starting back leave holiday vacation work
working place company organisation organization firm name names word words bit lot way ways sort matter
matters reason reasons thing end side part head mind short shorter brief briefly plain line sentence
sentences english language please give send sent take took taken get come came talk talking talked speak
speaking write wrote writing put pass passed say said says let see seen far wrong right different differ
two three four several couple possible able best kind mine feel feels feeling bad turn turned use used
using
        """
    )
)
_ENUMERATED = re.compile(r"^\s*(?:[-*•>#]+|\(?\d{1,2}[.)])\s+")
_LABELLED = re.compile(
    r"^\W*(?:(?:re|fwd?|aw|wg|subject|question|query|q|topic|urgent|fyi|ask|help|user|me)\s*(?:\d+\s*)?[:>]\s*)+",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^\s*>*\s*(?:(?:from|to|cc|bcc|sent|date|when|importance)\s*:\s.*|[-=_*\s]*(?:(?:begin\s+)?forwarded(?:\s+message)?|original\s+message)[-=_*:\s]*|[-=_*~\s]+)$",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"^\s*(?:(?:with\s+)?(?:(?:best|kind(?:est)?|warm(?:est)?|many)\s+)?(?:regards|wishes|greetings|thanks)|best|cheers|thanks|thank\s+you|thx|sincerely|yours(?:\s+\w+)?|br|rgds|respectfully|sent\s+from\s+my\b.*)[\s,.!–—-]*$",
    re.IGNORECASE,
)
_FIRST = r"(?:i|i['’]?(?:m|ve|d|ll)|im|we|we['’](?:re|ve|d)|my|our|you|nobody|no\s+one|no-one|everyone|everybody|any(?:one|body)|some(?:one|body)|it['’]?s)"
_PLEA = (
    r"(?:please|pls|plz|thanks?|thx|tia|cheers|asap|urgent\w*|sorry|haha|lol|help\s+me|no\s+(?:rush|hurry|pressure)|any\s+(?:idea|clue|hint)s?|"
    r"i\s+(?:have\s+no|can['’]?t|could\s*n['’]?t|don['’]?t|am|looked|asked|searched|need\s+to\s+know|want\s+to\s+know|would\s+like\s+to\s+know))"
)
# Where a remark may begin behind a question: "..., and I have no clue", "because nobody could tell me".
_REMARK = re.compile(
    r"\s{0,3}(?:[,;:(…–—!?-]{1,3}\s{0,3}(?:(?:and|but|or|because|cause|cos|coz|as|since|so|for|though|although|while)\s+)*|\s(?:(?:and|but|because|cause|cos|coz|as|since|so|for|though|although|while)\s+)+)"
    rf"(?=(?:{_FIRST}|{_PLEA}|just|can['’]?t|cannot|could|honestly|seriously|if\s+(?:i\s+may|you|any(?:one|body)|that)|in\s+(?:case|advance)|any(?:way|how)|do\s+you|would\s+be|or\s+am)\b)"
    rf"|\s+(?={_PLEA}\b)",
    re.IGNORECASE,
)
# Where a remark before a question may end.
_LED = re.compile(
    r"[,;:!?…–—]{1,3}\s{0,3}(?:(?:and|but|so|then|now|ok|okay|well)\b[\s,]*)*|\s+-+\s+|\s+(?:but|so)\s+",
    re.IGNORECASE,
)
_KNOWS = re.compile(
    r"\b(?:know|knows|knew|knowing|tell|told|tells|ask\w*|find\w*(?:\s+out)?|found|wonder\w*|explain\w*|sure|certain|clear|unclear|idea|clue|figur\w+|question|"
    r"understand\w*|remember\w*|remind|agree\w*|argu\w+|debat\w+|discuss\w*|say|said|says|look\w*|search\w*|check\w*|work(?:ed|ing)?\s+out|confus\w+|help\w*|is|be|was|advise|hint|guess)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\s{0,3}[,;:–—-]{0,3}\s{0,3}\b(?:because|cause|cos|coz|as|since|so|for|before|in\s+order\s+to|to)\b",
    re.IGNORECASE,
)
_ENOUGH = 2  # a message of so many content words stands without a remark that has others
# Before a "who" that asks nothing.
_RELATIVE = re.compile(
    r"\b(?:one|ones|body|anyone|someone|everyone|nobody|anybody|somebody|everybody|people|persons?|those|guys?|folks)\s*$",
    re.IGNORECASE,
)
_SMILEY = re.compile(r"(?<!\w)[:;=]-?[()DPp](?![\w)])")
_MARKS = re.compile(r"\*{1,3}|~~|`|^[ \t]*#+[ \t]+", re.MULTILINE)
# A new sentence of somebody who does not care for capitals.
_SMALL = re.compile(r"(?<=[^\W\d_]{2}[.!?])\s+(?=[^\W\d_])|(?<=[?!])\s+(?=\S)")
_SHORT_FOR = re.compile(
    r"\b(?:e\.?g|i\.?e|etc|vs|dept|mgmt|approx|incl|resp|cf|nr|no|inc|ltd|dr|mr|mrs|ms|st)\.$", re.IGNORECASE
)


def without(text: str, *, leans: bool = False) -> str:
    """``text`` without remarks, headers and a signature; as it is when nothing else would be left.

    ``leans`` says that it may lean on what was said before it; else what "it" is stands in it.
    """
    found = list(_sentences(text))
    plain = [s for s in found if not _aside(s)]
    last = max((n for n, s in enumerate(plain) if _asks(s)), default=len(plain))
    shorter = [s for n, s in enumerate(plain) if n <= last or not _explains(s)]
    bare = " ".join(shorter)
    enough = _tells(bare) and len(set(stems(bare))) >= _ENOUGH
    chosen = shorter if enough else plain
    kept = [_marked(_trimmed(s)) for s in chosen]
    # Whoever writes no capitals writes sentences all the same.
    rest = " ".join(k if n == 0 else k[0].upper() + k[1:] for n, k in enumerate(filter(None, kept)))
    told = any(not _asks(s) for s in chosen)
    few = len(set(stems(rest)) - _TALK - _BESIDE) <= _ENOUGH
    lost = len(chosen) < len(found) and few and not (told or leans) and asking.POINTS_BACK.search(rest)
    return rest if _tells(rest) and not lost else text


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a message, without list marks, the headers of a mail and what follows a farewell."""
    for paragraph in _paragraphs(_MARKS.sub("", _SMILEY.sub(".", text))):
        for start, end in sentences.split(paragraph, 0, len(paragraph)):
            at = start
            for m in _SMALL.finditer(paragraph, start, end):
                if not _SHORT_FOR.search(paragraph, at, m.start()):
                    yield paragraph[at : m.start()]
                    at = m.end()
            yield paragraph[at:end]


def _paragraphs(text: str) -> list[str]:
    """The lines of a message, those that go on from another joined to it."""
    found = [""]
    for line in text.splitlines():
        plain = _ENUMERATED.sub("", line).strip()
        if any(found) and _FAREWELL.match(plain):
            break
        if not plain or _HEADER.match(line):
            found.append("")
        elif found[-1] and plain == line.strip() and found[-1][-1] not in ".?!:;,":
            found[-1] += f" {plain}"
        else:
            found.append(plain)
    return [_LABELLED.sub("", paragraph) for paragraph in found if paragraph]


def _asks(sentence: str) -> bool:
    return bool(asking.WHO.search(sentence)) or sentence.rstrip(" \"'”’)*_").endswith("?")


def _aside(sentence: str) -> bool:
    """Whether a sentence asks nothing and is a remark through and through."""
    doubts = leaning.DOUBTS.search(sentence) or leaning.DISPUTES.search(sentence)
    return not _asks(sentence) and not doubts and _remark(sentence)


def _explains(sentence: str) -> bool:
    """Whether a sentence is a remark with its reason: "I ask as I am writing to the neighbours"."""
    before = (sentence[: m.start()] for m in _REASON.finditer(sentence))
    return not _asks(sentence) and any(stems(text) and _remark(text) for text in before)


def _remark(text: str) -> bool:
    said = set(stems(text))
    return said <= _TALK | _BESIDE and (not said or not said.isdisjoint(_TALK))


def _tells(text: str) -> bool:
    return not set(stems(text)) <= _TALK | _BESIDE


def _trimmed(sentence: str) -> str:
    """A sentence without the remark that leads up to its question and the one that follows it."""
    sentence = _led(sentence)
    who = asking.WHO.search(sentence)
    if who is None:
        return sentence
    lead = sentence[: who.start()]
    if (
        stems(lead)
        and not _RELATIVE.search(lead)
        and _KNOWS.search(lead)
        and _remark(lead)
        and _tells(sentence[who.end() :])
    ):
        sentence = sentence[who.start() :]
        who = asking.WHO.search(sentence)
    for m in _REMARK.finditer(sentence, who.end() if who else 0):
        tail = sentence[m.end() :]
        if (
            _remark(tail)
            and (_KNOWS.search(tail) or re.match(_PLEA, tail, re.IGNORECASE))
            and not asking.WHO.search(tail)
            and not asking.POINTS_BACK.search(tail)
            and _tells(sentence[: m.start()])
        ):
            return sentence[: m.start()].rstrip(" ?") + "?"
    return sentence


def _marked(sentence: str) -> str:
    """A sentence that asks, with its question mark."""
    plain = sentence.strip(' "“”')
    return f"{plain.rstrip('.')}?" if asking.WHO.match(plain) and not plain.endswith("?") else sentence


def _led(sentence: str) -> str:
    """``sentence`` without the pieces it begins with that are remarks."""
    sentence = asking.BOOK_FIRST.sub("", sentence)
    at = 0
    for m in _LED.finditer(sentence):
        piece = sentence[at : m.start()]
        if (
            not stems(piece)
            or not _remark(piece)
            or not _tells(sentence[m.end() :])
            or asking.WHO.search(piece)
        ):
            break
        at = m.end()
    return sentence[at:]
