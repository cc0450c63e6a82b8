"""The ways people go on in a conversation: what a follow-up changes of the question before it."""

from __future__ import annotations

import re

from ingest.speech import MODAL

# What a follow-up adds to the old question: "and at night?", "if it is urgent?".
ADJUNCT = re.compile(
    r"^\W*(?:(?:and|but|so|then|what|how\s+about|what\s+about)\s+)*(?:at|during|outside|after|before|if|when|unless|until|within|since|in)\b",
    re.IGNORECASE,
)
# Which of the old things is meant: "and for the very first one?"
WHICH_ONE = re.compile(
    r"^\W*(?:(?:and|but|so|then|what|how)\s+)*(?:(?:about|for|with|in|on|of)\s+)?(?P<one>(?:the|an?|any|our|my)\s+(?:very\s+)?(?:first|second|third|last|next|initial|final|new|old|big|bigger|large|larger|small|smaller|little|long|longer|short|shorter|urgent)\s+ones?)\W*$",
    re.IGNORECASE,
)
# A condition put to the old question: "and what if it's about the clerk?"
CASE = re.compile(
    r"^\W*(?:(?:and|but|so|then|ok(?:ay)?|what|only)\W+)*(?:(?:even\s+|except\s+)?(?:if|unless|that\s+(?=this\s+time)|suppose|supposing|in\s+case)\b|even\s+(?:when|where|for|with|in|at|on|during)\b)",
    re.IGNORECASE,
)
# What is asked about said first: "and the letters, who picks those?"
FRONTED = re.compile(
    r"^\W*(?:(?:and|but|so|then|also)\s+)*(?P<thing>(?:the|our|my|those|these|all)\s+[^,.?!:;]{3,80}),\s*(?P<who>(?:so\s+)?who(?:\s+\w+){1,3}?)\s+(?:those|them|these)\W*$",
    re.IGNORECASE,
)
# It is the very one who does it: "it is the mayor herself who is accused".
ONESELF = re.compile(r"\b(?:him|her|it|them)sel(?:f|ves)\b", re.IGNORECASE)
# Who does what comes after what was asked for.
NEXT_STEP = re.compile(
    r"\b(?:takes?|picks?)\s+(?:(?:it|this|that|things)\s+)?(?:up\s+|over\s+|on\s+)?(?:from\s+(?:there|here|then|that\s+point)|then|next|after\s+that)\b"
    r"|\bwho(?:['’]s|\s+is|\s+comes|\s+acts)?\s+next\b|\bwho\s+comes\s+(?:after|then)\b|\bnext\s+step\b|\bwho\b[^?]*\bafterwards?\b"
    r"|\b(?:once|after|when)\s+(?:it|they|he|she|that|this)\s*(?:\s(?:has|have|is|are)|['’](?:s|ve|re))\s+(?:been\s+)?\w+\b[^?]*?,\s*(?:then\s+)?who\b",
    re.IGNORECASE,
)
# A case told without an "if": "it is for three months this time".
STATES = re.compile(
    r"\b(?:it|he|she|they|we|i|this|that|there|one|mine|ours|the\s+\w+)(?:['’](?:s|re|m|ve|d|ll)|\s+(?:only\s+|also\s+|just\s+)?(?:is|are|was|were|has|have|had|will|would|needs?|wants?|got))\b",
    re.IGNORECASE,
)
# Said of the answer, and no case of anything.
VALUES = re.compile(
    r"\b(?:thanks?|helpful|useful|great|good|nice|clear|wrong|right|bad|strange|odd|funny|interesting|perfect|enough|correct|true)\b",
    re.IGNORECASE,
)
# Those who have it together want different things.
AT_ODDS = re.compile(
    r"\b(?:they|the\s+two|both|these\s+two|those\s+two|we|people|members|everyone|everybody)\b[^.?!]{0,30}?\b(?:disagree|differ|clash|(?:can(?:not|['’]?t)|don['’]?t|do\s+not|never)\s+agree)\b"
    r"|\bone\s+(?:of\s+them\s+)?says?\s+yes\b|\b(?:no|without|lack\s+of)\s+(?:agreement|consensus)\b|\bconsensus\s+(?:is\s+not|isn['’]?t|cannot\s+be|can['’]?t\s+be)\b"
    r"|\b(?:there\s+is|there['’]s|in\s+case\s+of|it\s+is|it['’]s|(?:is|ends?\s+in))\s+a\s+(?:tie|draw|deadlock|stalemate)\b|\bdeadlock(?:ed)?\b|\bat\s+(?:odds|loggerheads)\b|\bsplit\s+(?:vote|decision)\b",
    re.IGNORECASE,
)
# "the one on travel", "the ones for guests": another of the kind.
THE_ONE = re.compile(
    r"(?<=\bthe\s)ones?\b(?=\s+(?:on|about|for|in|of|concerning|regarding|at)\s+(?!(?:them|these|those|us|you)\b)\w)",
    re.IGNORECASE,
)
# "closing one down", "do we need one": one of them.
ONE = re.compile(
    r"(?<!\bthe\s)(?<!\bthis\s)(?<!\bthat\s)(?<!\bwhich\s)(?<!\bno\s)(?<!\bquick\s)(?<!\bany\s)\bone\b(?=\s*(?:[?.,!]|$|down|up|off|out|away|back|in\b|for\b|to\b))",
    re.IGNORECASE,
)
# The answer of whoever does it is not taken.
DISPUTES = re.compile(
    r"\b(?:last|final)\s+(?:word|say)\b|\b(?:appeals?|overrules?|overruled|disputed?|complain|contest|challenge)\b|\b(?:got|gets|is|are|was|were)\s+(?:\w+\s+){0,2}wrong\b"
    r"|\b(?:don['’]t|do\s+not)\s+(?:agree|accept)\b|\b(?:(?:don['’]t|do\s+not)\s+like|(?:unhappy|dissatisfied|not\s+(?:happy|satisfied|content))\s+with)\s+"
    r"(?:\w+\s+)?(?:answer|decision|ruling|reply|verdict|response)\b|\b(?:refused|rejected|said\s+no)\b|\bturned\s+(?:\w+\s+)?down\b"
    rf"|{AT_ODDS.pattern}",
    re.IGNORECASE,
)
# More than what was spoken of.
BEYOND = re.compile(
    r"\b(?:(?:above|over|beyond|(?:more|longer|greater|larger|bigger|higher)\s+than)\s+(?:that|this|it|those)|(?:larger|bigger|higher|longer|greater)(?:\s+(?:ones?|sums?|amounts?))?)\b",
    re.IGNORECASE,
)
# What whoever is asked for does: "who keeps".
ASKED_VERB = re.compile(
    rf"\b(?:who(?:ever|m)?|which\s+\w+|(?:does|do|must|should|has|need)\s+(?:any|some)(?:one|body)(?:\s+else)?)\s+(?:(?:{MODAL}|need|needs|does|do|did|is|are|was|has|have|actually|really|usually|normally|to|be)\s+)*(?P<verb>\w+)",
    re.IGNORECASE,
)
# What may stand after "who is" where the owner is asked for and no deed of its own; no follow-up asks by it.
ANY_DEED = frozenset(
    "own owns owned lead leads responsible accountable charge else it that this they them the s in on for handles "
    "handle runs run manages manage deals deal looks look takes take".split()
)
CONTINUES = re.compile(
    r"^\W*(?:and|but|so|or|then|also|what\s+(?:about|of|if)|how\s+about|same\s+(?:for|with)|ok(?:ay)?)\b",
    re.IGNORECASE,
)
# Asked about the answer that was given: the old question once more, whose answer shows its sources.
SOURCE = re.compile(
    r"\b(?:(?:show|give)\s+me\b|sources?\b|(?:which|what)\s+(?:document|guideline|page|rule|article|source)s?\W*$|where\s+(?:does|do|is)\s+(?:it|they|that)\b[^?]*\b(?:say|written|stand|stated)|who\s+says\s+(?:so|that|it)\b|says\s+who\b|what\s+(?:does|do)\s+(?:it|they|the\s+\w+)\s+say\b)",
    re.IGNORECASE,
)
DOUBTS = re.compile(
    r"\b(?:are\s+you\s+(?:sure|certain)|really\b|is\s+that\s+(?:right|true|so|correct)|you\s+sure|(?:says?|said|thinks?|claims?|insists?|believes?|told\s+\w+)\b[^.?!]*\b(?:hers|his|theirs|ours|mine|own\w*|it|call|job|decides?|responsib\w+|lead\w*)\b|"
    r"that['’]?s\s+(?:wrong|not\s+right|not\s+true)|i\s+(?:disagree|doubt)|surely|why\s+not)",
    re.IGNORECASE,
)
