"""The ways people ask: courtesies, orders, frames of ownership, and what points back to an earlier question."""

from __future__ import annotations

import re

from ingest.speech import MODAL, OWNS, SUPPORTS

MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^<>]{0,200}>", re.IGNORECASE | re.DOTALL)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
# What is said to a person before or after the question, and orders to whoever answers: no part of a topic.
POLITE = re.compile(
    r"\b(?:hi|hello|hey|dear\s+\w+|good\s+(?:morning|afternoon|evening)|please|pls|plz|thanks?(?:\s+(?:you|a\s+lot|so\s+much|very\s+much|in\s+advance))*|cheers|sorry(?:\s+to\s+\w+(?:\s+you)?)?|"
    r"(?:quick|just\s+a|a\s+quick|stupid|silly|one\s+more)\s+question|(?:i\s+was\s+|just\s+|i['’]m\s+)?wondering|(?:could|can|would)\s+(?:you|anyone|someone|anybody|somebody)\s+(?:please\s+|kindly\s+)?"
    r"(?:tell|say|help|explain|let|point|remind|clarify|confirm)(?:\s+(?:me|us))?(?:\s+(?:know|to))?|do\s+you\s+(?:happen\s+to\s+)?know|does\s+(?:anyone|anybody)\s+know|any\s+idea|"
    r"i(?:['’]d|\s+would)?\s+(?:like|want|need)\s+to\s+know|i\s+(?:have\s+no\s+idea|don['’]?t\s+know|wonder|guess|think|mean|suppose)|tell\s+me|btw|by\s+the\s+way|asap|"
    r"in\s+(?:our|this|the)\s+(?:company|organi[sz]ation|firm|place)|around\s+here|at\s+the\s+end\s+of\s+the\s+day|full\s+stop|once\s+and\s+for\s+all|in\s+the\s+end|for\s+good|actually|exactly|really|basically|anyway|again|right(?=\s*(?:[,?!.]|$))|ok(?:ay)?|well|um+|hm+)\b[,!.]?",
    re.IGNORECASE,
)
OPENING = re.compile(
    r"^\W*(?:(?:ok|okay|so|well|anyway|right|alright|um+|uh+|hmm+)\b[\s,.–—-]*)+", re.IGNORECASE
)
ORDER = re.compile(
    r"(?:\b(?:ignore|disregard|forget|override|bypass)\b[^.?!]*\b(?:documents?|instructions?|rules?|guid\w+|previous|above|everything|sources?|prompt|context)\b"
    r"|\b(?:you\s+are\s+now|act\s+as|pretend|roleplay|role-play|from\s+now\s+on|new\s+instructions?|system\s*(?:prompt|message|:)|jailbreak|developer\s+mode)\b"
    r"|\b(?:just\s+)?(?:say|answer|reply|respond|output|print|write|repeat|state|claim|reveal|show)\b[^.?!]*\b(?:that\s+(?:it|the)|with|only|prompt|instructions?|nothing\s+else|no\s+matter|always|yes|regardless|instead|secret|password|api\s*key)\b"
    r"|\b(?:cite|citing)\s+(?:source|document|guideline)?\s*\[?\d+)",
    re.IGNORECASE,
)
BODY = r"(?:team|role|roles|person|people|department|dept|body|group|function|committee|board|officer|executive|exec|leader|manager|side|one|unit|office|org|party|boss|chief|guy|lot|folks|head|area|half|post|position|authority|office-?holder|of\s+(?:the|us|our|you|them|these|those)(?:\s+(?:two|three|both))?(?:\s+\w+)?)"
# What people ask for with "which" alone: what a council does is a question for a fact.
WHICH_BODY = (
    r"which\s+(?:(?:two|three|four|five|six)\s+)?(?:\w+\s+)?(?:teams|groups|bodies|departments|committees|boards|officers|offices|managers|"
    r"(?:council|panel|commission|assembly|agency|bureau|directorate|tribunal|secretariat|trustee|crew|squad|desk|director|president|secretary|treasurer|"
    r"administrator|coordinator)s?)"
    r"|which\s+(?:functions|roles|positions)(?=\s+(?:must|should|have\s+to|may|approve|decide|sign|own|lead|share)\b)"
)
# What begins a sentence that tells when or where its question is put.
CONDITION_FIRST = re.compile(
    r"\W*(?:(?:and|but|so|ok)\W+)*(?:in|if|when|whenever|while|during|without|outside|inside|for|under|after|before|on|at|with|within|unless|"
    r"once|until|where|above|below|over|beyond|as|should|given|provided|assuming)\b",
    re.IGNORECASE,
)
# Before what the asker says of themselves: "I was on leave until today".
ONESELF_WHO = re.compile(
    r"\b(?:i|we|i['’]?(?:ve|m|d)|we['’](?:ve|re|d))\s+(?:(?:was|were|have|had|am|are|been|just|only|came|come|got|get|off|back|from|my)\s+)*$",
    re.IGNORECASE,
)
WHICH = re.compile(r"\bwhich\s+(?P<noun>[A-Za-z]{2,})\b(?!\s+(?:team|group|committee)\b)", re.IGNORECASE)
ASKS = rf"(?:who(?:m|ever)?(?:['’]?s)?|whose|(?:which|what)\s+(?:\w+\s+)?{BODY}|{WHICH_BODY})"
# "where does it sit?", asked of a responsibility
SITS = r"(?:come\s+from|sit|lie|belong|rest|reside|go|end\s+up|land)"
PLACED = (
    r"where\s+(?:do|does|should|would|did)\s+(?:(?:the\s+)?(?:responsibility|ownership|accountability|authority|power|decision)\s+(?:for|over|of|on|about)\b[^?.!]{1,120}?|[^?.!]{1,80}?)\s"
    rf"{SITS}(?=\W*$)"
)
WHO = re.compile(
    rf"\b(?:{ASKS}|where\s+(?:do|does|should|can|could|must|would)\s+(?:i|we|you|one|people)|{PLACED})\b",
    re.IGNORECASE,
)
# What is asked at the end of a situation that was told: "the tap drips, who mends it?" is about the tap.
TAIL = re.compile(
    rf"(?:[,;:.!?–—-]+|\band\b|\bso\b)\s*(?:and\s+|so\s+|but\s+)?{ASKS}\s+(?:(?:is|are|was|does|do|did|should|can|could|may|must|will|would|has|have|gets?|to|i|we|you)\s+)*\w+"
    r"(?:\s+(?:it|this|that|them|those|these|him|her|me|us|so|then|now|here|back|up|out|off|over|on|in|to|with|about|for|i|we|go|talk|turn|speak|ask|call))*\W*$",
    re.IGNORECASE,
)
REMARK = re.compile(
    r"^\W*(?:and\s+|so\s+)?who(?:m|se)?\s+(?:\w+\s+)?(?:said|says(?!\s+(?:whether|if|yes|no|how|when|which|what|where|(?:i|we|you|one)\s+(?:can|may|must|should|have|need|get)))|stated|wrote|quoted|coined|argued|claims|claimed|observed|remarked|published|surveyed|found|reported|described)\b",
    re.IGNORECASE,
)
HELPER = re.compile(
    rf"\b{ASKS}\s+(?:else\s+)?(?:(?:should|must|can|could|may|will|would|does|do|is|are|needs?\s+to|has\s+to|to)\s+(?:be\s+)?)*(?!(?:help|assist|advise|support)s?\s+(?:me|us)\b)(?:{SUPPORTS}|consult\w*|support\w*|help\w*|assist\w*|advis\w*|informed|involved|in\s+the\s+loop)",
    re.IGNORECASE,
)
FACT = re.compile(
    r"^\W*(?:and\s+|so\s+|but\s+)?(?:(?:on|in|at|by|for|from|to|with|of|until)\s+)?(?:(?:what|how)(?!\s+(?:about|of|if|when)\b)|when|why(?!\s+not\b)|where|which|define|explain|describe|summari[sz]e|list|name\s+the(?!\s+(?:\w+\s+){0,2}(?:owner|person|team|role|body|department|lead)\b)|(?!according\s+to\b[^?]*\bwho)according\s+to|is\s+it\s+true|(?:are|is)\s+there(?!\s+(?:any(?:one|body)|some(?:one|body)|an?\s+(?:owner|person|team|role|group|department|body))\b))\b",
    re.IGNORECASE,
)
# "who is" and a name, with no article: a person is asked about, not an owner.
WHO_IS = re.compile(
    r"^\W*who\s*(?:is|was|['’]s)\s+(?!(?:the|our|my|your|a|an|in|on|to|it|that|this|best|most|meant|supposed|allowed|going|now|responsible|accountable|\w+ing)\b)\w+(?:\s+\w+)?\s*(?:$|[?.,]|\band\b)",
    re.IGNORECASE,
)
# "who is our", and an office: the last word before "of", "in" or the end is one that people hold.
WHO_HOLDS = re.compile(
    r"^\W*who\s*(?:is|are|['’]s)\s+(?:the|our|my|your)\s+(?P<office>[\w -]*?\w)\s*(?:$|[?.,]|\b(?:of|for|in|at|and|who|that|on)\b)",
    re.IGNORECASE,
)
NO_OFFICE = frozenset(
    "owner owners lead leads leader person people contact one boss decider approver responsible expert".split()
)
# Before the name of somebody that the asked-for does something to, and is not: "who appoints the", "who is the
# chair of the".
DONE_TO = re.compile(
    rf"\bwho\s+(?:(?:is|are|was)\s+(?:the\s+)?[\w-]+(?:\s+[\w-]+)?\s+of"
    rf"|(?:{MODAL}\s+|(?:is\s+|are\s+)?(?:supposed|meant|allowed|expected)\s+to\s+)?(?!(?:is|are|was|were|does|do|did|{MODAL}|in|from|of|among|at|on)\b)\w+)\s+(?:the\s+|our\s+|an?\s+)?$"
    r"|\bwho['’]s\s+(?:supposed|meant|allowed|expected)\s+to\s+\w+\s+(?:the\s+|our\s+|an?\s+)?$"
    r"|\b(?:negotiat\w*|contracts?|agreements?|leases?)\b[^?]{0,60}\bwith\s+(?:the\s+|our\s+)?$",
    re.IGNORECASE,
)
# Before a "who" that asks nothing: "the people who run it".
PEOPLE = re.compile(r"\b(?:people|persons?|those|ones|officers?|volunteers?|staff)\s+$", re.IGNORECASE)
# A yes-or-no question about how things are, in which nobody is offered as owner.
WHETHER = re.compile(
    r"(?:^|[:;,.]\s*)(?:and\s+|but\s+|so\s+)?(?:do|did|have|has|are|were|was|will)\s+(?!i\b|we\b)\w+",
    re.IGNORECASE,
)
# A claim put as a question that asks for more than yes or no: "is it true that ...", "why is not ..."
CLAIMED = re.compile(
    r"^\W*(?:and\s+|but\s+|so\s+)?(?:is\s+it\s+(?:true|right|correct|so)\s+that\b|why\s+(?:is|are|does|do|should)(?:n['’]?t\b|\s+not\b|\s+\w+\s+not\b))",
    re.IGNORECASE,
)
# What stays behind when the role is taken out of "isn't it the CIO's job?" and "a CMO or a CIO thing".
CLAIM = re.compile(
    r"^\W*(?:and\s+|but\s+|so\s+)?(?:is\s+it\s+(?:true|right|correct|so)\s+that|why|i\s+(?:think|thought|believe|guess|assume)(?:\s+that)?)?\s*(?:is|are|was|does|do|did|should|can|could|may|must|will|would|shall)?(?:n['’]?t\b)?(?=\s)"
    r"|(?:\b(?:the|an?|our)\s+)?(?:\bor\s+(?:the\s+|an?\s+)?)?['’]?s?\s*\b(?:job|task|call|duty|thing|turf|business|problem|baby|responsibility)\W*$|\b(?:alone|solely|exclusively)\W*$|\bbetween\s+and\b,?|\b(?:is|are)\s+(?:the|our)?\s*['’]s?\W*$",
    re.IGNORECASE,
)
HAS_IT = re.compile(
    r"(?:\b(?:is|are|belongs?\s+to|lies?\s+with|sits?\s+with|goes\s+to)|['’]s)\s+(?:the\s+|our\s+)?$",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"\bbetween\s+(?:the\s+|our\s+)?$", re.IGNORECASE)
# What leads up to a question within a sentence: "nobody in the meeting could tell me who ..."
TOLD = re.compile(
    rf"^.*?\b(?:know|knows|knew|known|sure|clear|unclear|wonder\w*|tells?|told|find\s+out|figure\s+out|agree|understand|says?|asks?|asked|asking|argu\w+|debat\w+|discuss\w*|confus\w+|question|idea|explain|clarify|confirm|remember|forgot\w*|need|fight\w*)\b\s+(?:\w+\s+){{0,3}}?(?=(?:(?:under|to|with|in|of|on|about|at|over)\s+)?{ASKS}\b)",
    re.IGNORECASE | re.DOTALL,
)
# Somebody's word for it that a thing is theirs: "the clerk told me she owns the keys" is about the keys.
SAID_TO_OWN = re.compile(
    rf"^[^.?!]*?\b(?:told|tells|says?|said|thinks?|thought|claims?|claimed|believes?|insists?|reckons?)\b(?:\s+(?:me|us|everybody|everyone))?"
    rf"(?:\s+that)?\s+(?:it|she|he|they|we)\s+(?:{OWNS})(?:\s+(?:for|of|on|over))?\s+",
    re.IGNORECASE,
)
# The same documents that are asked anyway, at the end of a question.
BY_THE_BOOK = re.compile(
    r"\s*,?\s*\b(?:according\s+to|based\s+on|as\s+per|per|going\s+by|by)\s+(?:the|our|your|these|those)\s+(?:documents?|documentation|guidance|guidelines?|polic(?:y|ies)|rules?|handbook|papers?|book)(?=\W*$)",
    re.IGNORECASE,
)
# The same before it.
BOOK_FIRST = re.compile(
    r"^\W*(?:according\s+to|based\s+on|as\s+per|per|in|by)\s+(?:the|our|your|these|those|my)\s+(?:documents?|documentation|guidance|guidelines?|polic(?:y|ies)|rules?|handbook|papers?|articles?|opinion|view|organi[sz]ation)\b,?",
    re.IGNORECASE,
)
# A yes-or-no question about somebody's help: "does she support it?", "must he be consulted?"
HELPING = re.compile(
    r"\b(?:support|assist|help|advise|contribute|be\s+(?:consulted|informed|involved|told|notified|heard))\b",
    re.IGNORECASE,
)
OWNING = re.compile(
    r"\b(?:own(?:s|ed|er|ers|ership)?|in\s*charge|responsib\w+|accountab\w+|call\s+is\s+it|final\s+say|last\s+word|sign(?:s|ed)?[\s-]?off|approv\w+|decid\w+|leads?|belongs?|remit|"
    r"(?:whose|our|their|his|her|my)\s+(?:job|call|task|duty|decision|problem|baby|mess)|(?:go|turn|talk|speak|write|mail|report)\s+to|contact|ask)\b",
    re.IGNORECASE,
)
# The talk of ownership around a topic in a question; what remains is the topic.
FRAMES = [
    re.compile(p, re.IGNORECASE)
    for p in (
        BOOK_FIRST.pattern,
        r"\b(?:do|would|did)\s+you\s+(?:think|say|reckon|believe|guess|suggest)\b",
        rf"^\W*where\s+(?:do|does|should|would|did)\s+(?:the\s+)?(?:(?:responsibility|ownership|accountability|authority|power|decision)\s+(?:for|over|of|on|about)\s+)?(?=.*\b{SITS}\W*$)",
        rf"(?<=\w)\s+(?:{SITS}|fall)\W*$",
        r"\b(?:under|within|in|on)\s+(?=whose\b)",
        r"^\W*(?:is|are)\s+there\s+(?:any(?:one|body)|some(?:one|body)|an?\s+\w+)\b(?:\s+(?:who|that|at\s+all))*",
        r"^\W*(?:i\s+have\s+(?:an?|another|some)\s+(?:\w+\s+)?questions?\s+(?:about|on|regarding|concerning)|(?:it['’]?s\s+)?(?:about|regarding|concerning)|as\s+(?:for|to)|when\s+it\s+comes\s+to|in\s+terms\s+of)\b",
        r"^\W*(?:name|list|identify|find|give\s+me|show\s+me)\s+(?=the\s)",
        r"\bwhose\s+(?:\w+\s+)?(?:call|job|task|duty|decision|responsibility|remit|domain|nod|baby|problem|mess|turf|plate|desk|business)\b(?:\s+(?:is|are|was|would|should)\b)?(?:\s+(?:it|that|this|be|the)\b)*(?:\s+(?:to|for|when|if)\b)?",
        r"\bwhere\s+(?:do|does|should|can|could|must|would)\s+(?:i|we|you|one|people)\s+(?:go|take|send|bring|report|turn|apply|file|put|get|ask)?\b(?:\s+(?:it|this|that|to|for|with|about)\b)*",
        r"\b(?:has|have|gets?|holds?|with)\s+(?:the\s+)?(?:final|last|ultimate)?\s*(?:say|word|call|decision|authority|responsibility|ownership|power|right)\s*(?:on|over|in|about|for|of|to)?\b",
        rf"\b{ASKS}\s+(?:(?:should|must|can|could|may|might|will|would|shall|does|do|did|is|are|was|has|have|had|needs?|gets?|got|gotta|ought|the|to|be|one|it|that|i|we|you|they|person|who|allow|allowed|supposed|entitled|meant|actually|really|right|normally|usually|typically|ultimately)\b\s*)*(?:(?:handles?|handling|manag(?:es?|ing)|runs?|running|drives?|driving|overse(?:es?|eing)|look(?:s|ing)?\s+after|deal(?:s|ing)?\s+with|tak(?:es?|ing)\s+care\s+of|sort(?:s|ing)?\s+out)\b\s*)?",
        r"\b(?:do|does|should|can|must|would|could)\s+(?:i|we|you|one|they|people|somebody|someone|anyone)\s+(?:\w+\s+)?(?:go|turn|talk|speak|write|mail|email|report|ask|contact|call|poke|ping|approach|see|get|reach)\b(?:\s+(?:to|with|in\s+touch\s+with|out\s+to|hold\s+of))?(?:\s+(?:for|about|with|if|when|regarding|on|so))?",
        r"\b(?:go|turn|talk|speak|write|mail|report)\s+to\s+(?:for|about|with|if|when|so)\b",
        r"\b(?:to\s+)?(?:contact|ask|poke|mail|email|call|ping)\s+(?:for|about|regarding|on|when|if|to)\b",
        r"\b(?:signs?|signed|sign)[\s-]?offs?\b(?:\s+on)?",
        r"^\W*(?:the\s+)?(?:right\s+)?(?:person|people|team|department|role|body|one)\s+(?:responsible\s+|accountable\s+|in\s+charge\s+)?(?:for|of)\b",
        rf"\b(?<!\bbecome\sa\s)(?!become\b)(?:{OWNS})",
        r"\b(?:be\s+)?(?:held\s+)?(?:responsible|accountable|in\s*charge|in\s+control|answerable)\b(?:\s+(?:for|of|to))?",
        r"\b(?:the\s+)?(?:owner(?:s|ship)?|responsibility|accountability|(?<!\bbecome\sa\s)(?:lead|boss))\s+(?:of|for|on)\b|\bowners?(?:hip)?\b\??$|^\W*owners?(?:hip)?\b",
        r"\b(?:belongs?|fall(?:s)?|sits?|lies?|rests?|goes?|go)\s+(?:to|under|with|within|on)\b",
        r"\b(?:should|shall|must|would|ought)\b",
        r"^\W*(?:be\s+)?(?:informed|told|notified|consulted|involved|heard)\b(?:\s+(?:about|on|of|in|when|if)\b)?",
        r"\bis\s+it\b|\bor\s+(?:somebody|someone|anybody)\s+else\b|\bor\s+(?:who|what|not)\b",
        r"^\W*(?:and|so|but|ok|then|also|now|what\s+about|how\s+about|what\s+of)\b(?:\s+(?:what|how)\s+about\b)?",
    )
]
LEANS = re.compile(
    r"\b(?:it|its|that|this|those|these|they|them|their|theirs|there|one|ones|he|she|him|his|her|hers|such|same|the\s+other|former|latter)\b",
    re.IGNORECASE,
)
POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|there|he|she|him|his|hers|isn['’]?t\s+one|that|those|these|this)\b(?!\s+(?:is|was)\s+(?:possible|true)\b)",
    re.IGNORECASE,
)
COURTESY = re.compile(
    rf"(?:\W|{POLITE.pattern}|\b(?:great|good|fine|cool|perfect|nice|super|bye|goodbye|yes|no|got\s+it|see)\b)*",
    re.IGNORECASE,
)
AUXILIARY = re.compile(
    r"^\W*(?:and\s+|but\s+|so\s+|or\s+)?(?:is|are|was|does|do|did|should|can|could|may|must|will|would|shall|has|have|isn['’]?t|doesn['’]?t|shouldn['’]?t)\b",
    re.IGNORECASE,
)
TAG = re.compile(
    r"\b(?:right|correct|yes|true|no|isn['’]?t\s+it|doesn['’]?t\s+(?:it|he|she|they)|or\s+not)\W*$",
    re.IGNORECASE,
)
NEXT = re.compile(
    r"(?:\?+\s+(?:and\s+|also\s+|or\s+)?|[,;]?\s+(?:and|or)\s+(?:also\s+)?)(?=(?:who(?:m|se)?|which\s+(?:team|role|department|body))\b)",
    re.IGNORECASE,
)
