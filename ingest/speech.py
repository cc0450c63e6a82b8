"""How English says that somebody is in charge: the words around a name that tell its relation to a thing.

Patterns are read on text in which each name is one character of the private use area (``NAME``), so that they
see its place and not its words.
"""

from __future__ import annotations

import re

NAME = "[\ue000-\uf8ff]"

_ARTICLE = (
    r"(?:(?:the|an?|its|our|their|your|his|her|any|each|every|all|both|respective|relevant|whole|current|local|same|other|remaining|"
    r"at\s+least|one|two|three|four|five)\s+)*"
)
DET = rf"{_ARTICLE}(?:(?:members?|staff|colleagues|one|someone|somebody|anyone|rest|majority)\s+(?:of|in|from|on)\s+{_ARTICLE})?"
MEMBERS = re.compile(
    rf"\b{_ARTICLE}(?:members?|staff|colleagues|one|someone|somebody|anyone)\s+(?:of|in|from|on)\s+{_ARTICLE}$",
    re.I,
)
# The month, not the verb.
MONTH = re.compile(
    r"\b(?:in|of|by|on|until|till|since|early|late|mid|each|every|this|next|last|and|to)\s+May\b(?!\s+(?:the|be|not)\b)|"
    r"(?<=\d\s)May\b|\bMay\b(?=\s*(?:\d|[,;)]|\.?$))"
)
# No word here ends in -ly: two ways to read the same word would take exponential time on a run of them.
ADVERB = (
    r"(?:(?:\w+ly|also|alone|always|already|both|best|either|further|however|in\s+general|in\s+principle|itself|now|often|"
    r"sometimes|still|themselves|then|therefore|thus|together)\s+)*"
)
MODAL = r"(?:should|shall|must|may|might|can|could|will|would|ought\s+to|needs?\s+to|ha(?:s|ve)\s+to|(?:is|are)\s+to|gets?\s+to)"
BE = r"(?:is|are|was|were|be|been|being|remains?|becomes?)"
HAVE = r"(?:ha(?:s|ve|d)|holds?|retains?|keeps?(?!\s+(?:\S+\s+){1,4}?(?:running|going|working|alive)\b)|exercises?|carr(?:y|ies)|bears?|assumes?|takes?(?:\s+on|\s+over)?|gets?)"
WEIGHT = r"(?:[\w-]+\s+(?:and\s+[\w-]+\s+)?){0,3}"
POWER = (
    r"(?:responsibilit(?:y|ies)|accountabilit(?:y|ies)|authority|ownership|control|oversight|say|word|jurisdiction|power|charge|stewardship|custody|mandate|remit|discretion|right|veto|lead|call|decision|vote|"
    r"(?:approval|veto|decision|signing|merge|commit|write|edit|release)\s+(?:rights?|privileges?|permissions?)|management|supervision|superintendence|direction|administration|care|running|sign-?off)"
)

OBJECT = r"(?:anything|everything|whatever|whoever|them|it|him|us|the|an?|all|any|each|every|its|their|our|your|his|her|this|these|those|what|which|whether|how|who|new|both)\b"
# Ownership in so many words, read after a name ("the CIO | is responsible for ...").
OWNS = (
    rf"(?:(?:co-?)?own(?:s|ed)?|leads?|led|heads?(?:\s+up)?|spearheads?|decides?|determines?|"
    rf"{BE}\s+{ADVERB}(?:responsible|accountable|in\s*charge|in\s+the\s+lead|answerable|liable|on\s+the\s+hook)"
    rf"|{BE}\s+{ADVERB}(?:the\s+)?(?:well|better|best)[\s-]+(?:placed|positioned|equipped|suited|qualified|able)"
    rf"|{BE}\s+{ADVERB}(?:in\s+(?:the|a|an)\s+(?:\w+\s+)?(?:best|better|good|right|ideal|strong|lead|leading)\s+position|the\s+(?:best|right|natural|obvious|ideal)\s+(?:person|team|role|place|one|choice|body))"
    rf"|{BE}\s+{ADVERB}(?:tasked|charged|entrusted|trusted|put\s+in\s+charge|placed\s+in\s+charge|mandated|empowered|authori[sz]ed|entitled|allowed|permitted)"
    rf"|{BE}\s+{ADVERB}(?:the\s+)?(?:\w+\s+){{0,2}}(?:owners?|leads?|decision[- ]makers?|stewards?|sponsors?|approvers?|authorit(?:y|ies)|point\s+of\s+contact|contact|custodians?|\w*keepers?|guardians?|arbiters?|judges?|DRI|go-to|word|say|ones?\s+(?:who|that)|(?:person|people|body|team|one|place)\s+(?:who|that|to\s+(?:talk|speak|go|ask|see|contact|turn|write)))\b"
    rf"|{HAVE}\s+{DET}{WEIGHT}{POWER}|takes?\s+(?:\w+\s+)?(?:the\s+lead|charge|care|responsibility|ownership|over)"
    rf"|looks?\s+after|sees?\s+to|answers?\s+for|says?\s+(?:yes|no|whether|who|how|when|which)\b|has\s+the\s+say|presides?\s+over|calls?\s+the\s+shots|signs?\s+off|(?:makes?|takes?)\s+(?:\w+\s+){{0,4}}decisions?|in\s*charge|responsible|accountable)\b"
)
SUPPORTS = (
    rf"(?:supports?|assists?|helps?|advis(?:e|es)|aids?|contributes?|counsels?|comments?|backs?(?!\s+(?:out|down|off|away)\b)(?:\s+up)?|deputi[sz]es?|"
    rf"(?:provides?|gives?|offers?|brings?|supplies|supply)\s+(?:\w+\s+){{0,3}}(?:input|advice|support|guidance|expertise|feedback|assistance|help)|"
    rf"(?:ha(?:s|ve)\s+)?{BE}\s+{ADVERB}(?:consulted|informed|notified|kept\s+informed|kept\s+up\s+to\s+date|involved|invited|copied|heard)\b(?!\s+by\b)|(?:plays?|ha(?:s|ve)|acts?\s+in)\s+an?\s+(?:\w+ly\s+)?(?:supporting|advisory|consultative)|suggests?|recommends?|proposes?|"
    rf"(?:participates?|takes?\s+part)\s+in|{BE}\s+(?:\w+\s+){{0,3}}(?:part\s+of\s+the\s+dialogue))\b"
)
SHARES = (
    rf"(?:{MODAL}\s+)?{ADVERB}(?:to\s+)?(?:{BE}\s+)?{ADVERB}(?:share[sd]?|collaborat\w+|cooperat\w+|co-operat\w+|partner(?:s|ing|ed)?|work(?:s|ing)?\s+(?:\w+\s+){{0,2}}"
    rf"(?:together|hand[- ]in[- ]hand|jointly|side\s+by\s+side)|align(?:s|ed)?|agree\b|team(?:s)?\s+up|(?:have|need)\s+(?:\w+\s+){{0,2}}(?:alignment|agreement)|joint(?:ly)?|co-?own\w*)"
)
# What one tells others: "shares the minutes with the members".
TELLS = (
    r"share[sd]?\s+(?:\S+\s+){0,3}?(?:lists?|results?|minutes|notes?|reports?|information|details|news|feedback|data|"
    r"documents?|cop(?:y|ies)|agendas?|drafts?|findings|dates|nominations?|nominees|updates?|summar(?:y|ies)|links?|"
    r"files?|pool|lessons|figures|numbers)\b"
)
NEGATED = (
    rf"(?:(?:has|have|had|holds?|gets?|plays?|takes?)\s+(?:no\b|nothing\s+to\s+do\b)|(?:do|does|did|{BE}|{MODAL}|has|have)\s+(?:not|never|no\s+longer)|cannot|never|no\s+longer|(?:stops?|stopped|ceases?|ceased)\s+(?:to\s+)?\w+|"
    rf"(?:do|does|did|is|are|was|were|should|must|ca|could|wo|would|has|have)n['’]t|(?:neither|nor))\b(?!\s+(?:only|merely|just|simply)\b)"
)
VERB = (
    r"(?:abandon|accept|countersign|endorse|declare|terminate|cancel|summon|designate|merge|acknowledge|acquire|act|adapt|add|address|adjudicate|adjust|administer|admit|adopt|advertise|align|allocate|allot|alter|analy[sz]e|apply|appraise|archive|ask|assemble|assume|attach|agree|amend|announce|answer|appoint|approve|arbitrate|arrange|assess|"
    r"assign|audit|authori[sz]e|award|balance|book|build|buy|call|certify|chair|change|check|choose|clear|close|collect|concentrate|"
    r"commission|compile|conduct|configure|confirm|control|convene|coordinate|co-ordinate|create|cut|deal|decline|define|"
    r"delegate|deliver|deploy|design|develop|direct|dismiss|dispatch|dispose|distribute|draft|draw|drive|edit|elect|enforce|ensure|"
    r"escalate|establish|estimate|evaluate|examine|execute|expel|facilitate|file|fill|fix|follow|forward|freeze|fund|"
    r"govern|grant|guide|handle|hire|host|hold|implement|improve|initiate|inspect|install|integrate|interpret|"
    r"interview|introduce|investigate|invite|issue|judge|keep|launch|license|list|maintain|make|manage|mark|measure|mediate|"
    r"meet|migrate|moderate|monitor|negotiate|nominate|notify|offer|open|operate|order|organi[sz]e|hand|override|overrule|"
    r"oversee|patch|pay|plan|post|prepare|present|prioriti[sz]e|process|procure|produce|promote|propose|protect|provide|"
    r"publish|purchase|raise|receive|recommend|reconcile|record|recruit|refuse|register|reject|release|remove|renew|repair|"
    r"replace|report|represent|request|resolve|respond|restrict|retain|review|revoke|rotate|rule|run|sanction|schedule|"
    r"screen|secure|select|send|serve|set|settle|shape|sign|sponsor|staff|steer|store|submit|supervise|suspend|tackle|take|"
    r"test|track|train|translate|triage|teach|update|upload|use|validate|verify|veto|vet|vote|work|watch|lay|shape|speak|brief|pick|reorder|ring|waive|withdraw|write|focus)"
)
ACTS = rf"(?:{VERB}(?:s|es|d|ed)?|chose|wrote|ran|made|took|held|kept|set|sent|built|drew|paid|led|(?:carr|appl|repl|modif|certif|clarif|classif|notif|ratif|suppl|specif|verif|stud)(?:y|ies)|look(?:s|ed)?\s+(?:for|into|at))\b"
ACTION = re.compile(ACTS, re.I)
STATIVE = r"(?:be|have|feel|want|need|know|become|seem|appear|believe|expect|wish|live|rely|depend|remain)\b"
# What one does without owning anything by it.
IDLE = (
    r"(?:(?:retire|resign|arrive|leave|close|open|attend|come|go|stay|sit|stand|consist|comprise|start|end|last|happen|join|die|rotate|convene|exist)"
    r"(?:s|es|d|ed)?|meets?|met|serves?)\b(?!\s+(?:the|an?|all|any|its|their|every|each|it|them|\w+s)\b)|"
    r"(?:comprises?|consists?|thanks?|welcomes?|congratulates?)\b|(?:works?|worked)\s+(?:here|there|at|in|from|since|for)\b|"
    r"acts?\b(?!\s+(?:as|for|on)\b)|operates?\s+(?:\w+ly\b|with|in|at|under|by)|moves?\s+to|"
    r"reports?\s+(?:\w+ly\s+)?(?:to(?!\s+(?:[\w-]+\s+){1,3}?(?<!\bat\s)(?<!\bin\s)(?<!\bof\s)(?<!\bon\s)(?<!\bfor\s)(?<!\bbefore\s)(?<!\bafter\s)any\b(?!\s+time\b))|on|back|at|in)\b|"
    r"attends?\b|retires?\b"
)
# Said as a guess or of the past; asked rather than said: no rule of the organisation.
HEDGED = re.compile(
    r"\b(?:expect(?:s|ed)?|predict(?:s|ed)?|forecast(?:s|ed)?|think(?:s)?|believe(?:s|d)?|argue(?:s|d)?|analysts?|"
    r"used\s+to|ago|in\s+the\s+past|formerly|previously|in\s+those\s+days)\b",
    re.I,
)
OPEN = re.compile(
    r"\b(?:wonder(?:s|ed)?|unclear|unsure|ambigu\w+|(?:the\s+)?question\s+(?:is|of)|debate[sd]?|(?<=\w\s)whether\s+the|"
    rf"(?<!\w\s)whether\s+the\b(?!.*\b(?:is|are)\s+(?:decided|determined|settled|judged|left\s+to|up\s+to|for|with|a\s+(?:matter|decision|question)\s+(?:for|of)|(?:the\s+|our\s+)?{NAME}))|"
    r"(?:^\W*|\b(?:over|about|on|of|to|open|clear|known?|knows|agree[ds]?|ask(?:s|ed|ing)?|discuss\w*|argu\w+)\s+)"
    r"who\s+(?:should|will|is\s+to))\b|\?\s*$",
    re.I,
)
# Whoever decides whether a thing is so leaves it no more open than any rule does.
DECIDED = re.compile(
    r"\b(?:decid|determin|judg|rul|vot|settl|check|assess|verif|examin|consider|confirm|say|tell|approv)\w*\s+(?:on\s+|then\s+|alone\s+)*whether\b",
    re.I,
)
# What one who does not own a thing does to get it from whoever does.
TURNS_TO = re.compile(
    rf"^\W*(?:(?:should|must|may|shall|can|will|would|ha(?:s|ve)\s+to|needs?\s+to|also|then|first|always|therefore|please)\s+)*(?:ask|asks|contact|contacts|consult|consults|approach|approaches|see|sees|turns?\s+to|(?:appl(?:y|ies)|escalates?|appeals?|complains?)\s+to|escalates?\b.{{0,100}}\bto|(?:writes?|speaks?|talks?)\s+to|(?:obtain|obtains|gets?|requests?|seeks?)\b.{{0,60}}\bfrom)\s+{DET}$",
    re.I,
)
MUTUAL = re.compile(
    r"\b(?:together|jointly|each\s+other|one\s+another|side\s+by\s+side|hand[\s-]in[\s-]hand|both|collectively|joint\s+\w+|in\s+partnership|aligned|alignment)\b",
    re.I,
)

# Whoever is named beside a role and is none: "selected by the current committee and the board".
_SOMEBODY = (
    r"(?:committee|council|board|panel|group|team|office|department|chair|head|members?|owners?|officers?|managers?|"
    r"directors?|leads?|leaders?|maintainers?|editors?|reviewers?|approvers?|representatives?|staff|heirs?)"
)
# Before a name, that something is sent to it: "the list is shared only with the board".
PASSED_ON = re.compile(
    rf"^(?!.*\b(?:responsib\w+|dut(?:y|ies)|control|ownership|upkeep|work|tasks?|authority|custody|care|maintenance|keeping)\b)"
    rf".*\b(?:lists?|results?|minutes|notes?|reports?|information|details|news|feedback|data|names?|documents?|cop(?:y|ies)|agendas?|"
    rf"drafts?|findings|figures|numbers|links?|files?|recordings?|summar(?:y|ies))\s[^.;]{{0,60}}?\bshared\s+(?:\w+\s+)?with\s+{DET}$",
    re.I | re.S,
)
# Read before a name ("... is owned by the | CIO").
AGENT = re.compile(
    rf"\b(?:\w+(?:ed|en|wn|ne)|led|run|set|held|kept|made|built|put|paid|sent|dealt|done|taught|sold|bought|chosen|up)\b"
    rf"(?:\s+(?:\w+\s+){{0,6}}|\s+)?(?:by|through|via)\s+{DET}(?:either\s+|both\s+)?(?:[\w-]+\s+)?$",
    re.I,
)
AGENT_TOO = re.compile(
    rf"\b\w+(?:ed|en|wn)\s+by\s+{DET}(?:[\w-]+\s+){{0,3}}{_SOMEBODY}\s+(?:and|or)\s+{DET}$", re.I
)
# A noun with a participle and no finite verb before it: "contracts prepared by", "people authorised by the".
REDUCED = re.compile(
    rf"\b(?!(?:is|are|was|were|be|been|being|gets?|got|and|or|but|then|also|not|{MODAL})\b)[\w-]+\s+(?:[\w-]+ly\s+)?"
    rf"(?!need\b)\w+(?:ed|en|wn)\s+by\s+{DET}$",
    re.I,
)
# Who is told by another what to do: "takes direction from the".
INSTRUCTED = r"(?:takes?|took|receives?)\s+(?:(?:[\w-]+\s+){0,3}?(?:directions?|instructions?)\b[^.;]{0,60}?|(?:its|their|his|her)?\s*orders\s+)\bfrom\b"
BELONGS = re.compile(
    rf"(?:\b(?:responsibilit(?:y|ies)|job|task|duty|duties|remit|prerogative|domain|decision|discretion|authority|accountability|matter|"
    rf"purview|hands?|competence|province|call|business|mandate|ownership|charge|jurisdiction|charter|scope|portfolio|care|keeping|safekeeping|custody|gift|control|shoulders|question|issue)\s+(?:of|for)|\b(?:owned|led|decided|handled|managed|approved|run|headed|chaired|maintained)\s+by|"
    rf"\bon\s+the\s+(?:word|say-so|orders?|instructions?|authority|signature)\s+of|\bthe\s+(?:other|rest|second|third)(?:\s+(?:half|part|one))?\s+with|"
    rf"\b(?:permits?|licen[cs]es?|permission|approval|directions?|instructions?|orders?|authority|go-ahead|decisions?|word|mandate|consent|money|funds?)\b[^.;]{{0,120}}?\bcomes?\s+(?:\w+\s+)?from|"
    rf"\b{INSTRUCTED}|"
    r"(?<!\S)\+[12]\s+from|"
    rf"\b(?:lies?|lives?|rests?|sits?|resides?|stays?|remains?|belongs?|starts?|ends?|stops?|is|are|be)\s+(?:(?!shared\b)\w+\s+){{0,2}}(?:solely\s+|firmly\s+)?with(?:in)?|"
    rf"\b(?:belongs?|falls?|goes|go|passes|left|vested|entrusted|assigned|allocated|delegated|handed(?:\s+over)?|reserved|down|(?:(?<=is\s)|(?<=are\s)|(?!up\s+to\s+(?:one|two|three|four|five|six)\b))up)\s+(?:\w+\s+)?(?:to|under|on|for|in)|"
    rf"\b(?:moved|transferred|shifted|reassigned)\s+(?:[^\s;.,]+\s+){{0,6}}?to|\b(?:managed|run|handled|organi[sz]ed|coordinated)\s+(?:out\s+of|from|within)|"
    rf"\b(?:assigns?|entrusts?|hands?|leaves?|passes)\b(?:\s+[^\s;.,]+){{1,6}}?\s+to|\bdelegate[sd]?\b(?:\s+(?!nothing\b)[^\s;.,]+){{1,9}}?\s+to|"
    rf"\b(?:approval|authori[sz]ation|permission|consent|agreement|sign-?off|signature|mandate|go-ahead|decision|clearance|confirmation|vote|consensus|resolution|ruling|blessing)\s+(?:\w+\s+)?(?:of|from|by))\s+{DET}$",
    re.I,
)
# Before the duties of somebody that another one does, or that are only spoken of: "performs the duties of the".
TAKEN_ON = re.compile(
    r"\b(?:fulfil(?:l|s|ls|led|ling)?|assum(?:e|es|ed|ing)|perform(?:s|ed|ing)?|discharg\w+|tak(?:e|es|ing)\s+(?:on|over|up)|took\s+(?:on|over|up)|"
    r"carr(?:y|ies|ied|ying)\s+out|exercis(?:e|es|ed|ing)|shar(?:e|es|ed|ing)|describ(?:e|es|ed|ing)|defin(?:e|es|ed|ing)|outlin(?:e|es|ed|ing)|"
    r"summari[sz](?:e|es|ed|ing)|explain(?:s|ed|ing)?)\s+(?:(?:the|all|any|some|both|many|most|of|these|those|its|his|her|their|\w+ing)\s+)*$",
    re.I,
)
# What somebody wishes for is not yet theirs: "would like a bin".
WISHES = r"would\s+(?:\w+ly\s+)?(?:like|prefer|love|welcome|appreciate|rather)\b"
CONTACT = re.compile(
    rf"(?:\b|(?<=[:;,]\s))(?:contact(?:s|ing|ed)?|(?<=[:;,]\s)see|first\s+port\s+of\s+call[^.;]{{0,60}}\bis|ask(?:s|ing|ed)?(?:\s+for\b(?:\s+[^\s;.]+){{1,8}}?\s+(?:from|of))?|e-?mail(?:s|ing|ed)?|mail(?:s|ing|ed)?|phone|ring|call|reach|approach|reach\s+out\s+to|poke|ping|"
    rf"(?:write|writing|go|goes|talk|speak|turn|report(?:s|ed|ing)?|refer(?:s|red|ring)?|escalat\w+|submit(?:s|ted|ting)?|queries|questions|send(?:s|ing)?|sent|"
    rf"appl(?:y|ies)|address(?:ed)?|forward(?:ed)?|directed?|bring|brought|raise[sd]?|pass(?:ed)?|put|taken?|made|come|appeal(?:s|ed)?|rout(?:e|ed|es)|handed|open(?:ed)?|fil(?:e|ed|ing))\b"
    rf"(?:\s+[^\s;.]+){{0,8}}?\s+(?:to|with|via|at|through|past)|hand(?:s|ing)?\s+(?:[^\s;.]+\s+){{1,6}}?(?:on\s+|over\s+|in\s+)?to|"
    rf"(?:open|file|raise|log|create)\s+(?:[^\s;.]+\s+){{0,4}}?(?:tickets?|requests?|issues?|bugs?|cases?)\s+(?:for|against|with)|get\s+in\s+touch\s+with|waits?\s+for|(?:book|arrange|order|organi[sz]e|hire|borrow)(?:s|ed|ing)?\s+(?:[^\s;.]+\s+){{1,5}}?(?:through|via|with|from)|check(?:s|ed|ing)?\s+with|"
    rf"(?:request(?:s|ed)?|obtain(?:ed|s)?|assigned|given|granted|issued|had|available|collect(?:s|ed)?|borrow(?:s|ed)?|order(?:s|ed)?|hire[sd]?|picked\s+up|seek(?:s|ing)?|sought|gets?|receives?|need(?:s|ed)?|requires?)\b(?:\s+[^\s;.]+){{0,8}}?\s+(?:from|of|by))\s+{DET}(?:maintainers?\s+of\s+)?$",
    re.I,
)
# Whose decision is sought: "laid before the mayor each spring", unless that is but a time, "before she leaves".
LAID_BEFORE = re.compile(
    rf"\b(?:put|laid|brought|placed|tabled|comes?|goes?|submitted|presented)\s+(?:\w+\s+)?before\s+{DET}$",
    re.I,
)
NO_TIME = re.compile(r"\s*(?:$|[.,;:)]|(?:for|at|in|on|each|every|once|twice|within|and)\b)", re.I)
# Somebody is not there, or stands in for one who is not.
ABSENCE = re.compile(
    r"\b(?:absent|absences?|(?:(?:is|are|was|were|be|been|goes|while|when|if)\s+(?:\w+\s+)?|['’](?:s|re)\s+)away|unavailable|unreachable|(?:is|are|while)\s+(?:travelling|traveling|abroad)|gone\s+(?:for|until|till|all|this)\b|prevented|incapacitated|(?:role|post|position|seat|office|place|chair)s?\s+(?:is|are|stands?|falls?|remains?|becomes?|gets?)\s+(?:\w+\s+)?(?:empty|unfilled|vacant|not\s+filled)|nobody\s+(?:is\s+)?in\s+(?:that|this|the)\s+(?:role|post|position)|no\s+(?:[\w-]+\s+){1,3}(?:is|has\s+been)\s+(?:appointed|elected|in\s+(?:post|office))|ill(?:ness)?|sick(?:ness)?|"
    r"on\s+(?:annual\s+|sick\s+|parental\s+)?(?:holidays?|leave|vacation)|during\s+(?:his|her|their|its)\s+(?:\w+\s+)?(?:holidays?|leave|vacations?|travels)|out\s+of\s+(?:the\s+)?office|(?:is|are|was|were|['’](?:s|re))\s+off(?:[\s-]?site|\s+(?:sick|duty|work))\b|(?:he|she|they)(?:\s+(?:is|are)|['’](?:s|re))\s+off\b|(?:on|is)\s+(?:his|her|their)\s+days?\s+off\b|"
    r"(?:he|she|they)\s*(?:\s\w+n['’]t|\s\w+\s+not|['’](?:s|re)\s+not)\s+(?:picking\s+up|answer(?:ing)?|respond(?:ing)?)|(?:not|cannot|\w+n['’]t)\s+(?:be\s+)?(?:there|available|around|present|reached|reachable|attend|in(?=\s+(?:on|at|today|tomorrow|until|this|the\s+office)\b|\W*$))|"
    r"deput(?:y|ies|i[sz]es?)|stand(?:s|ing)?[\s-]in|stood\s+in|(?:act|serve)s?\s+as\s+(?:(?:the|an?)\s+)?(?:interim|acting)\b|(?:he|she|they)\s+(?:(?:has|have|had|just)\s+)*(?:resigned|resigns|stepped\s+down)|cases?\s+of\s+(?:\w+,\s+){0,4}(?:infirmity|resignation|vacancy)|cover(?:s|ing)(?=\s+(?:for|when|while|if)\b)|(?:who|to|will|can|should|must|does)\s+cover(?=\s+(?:for|when|while|if)\b|\W*$)|who\s+covers(?=\W*$)|steps?\s+in|"
    r"in\s+(?:his|her|their|its)(?:\s+or\s+(?:his|her|their))?\s+(?:place|stead)|substitut\w+|alternates?|back-?ups?|understud\w+)(?!\w)",
    re.I,
)
# It is said that nobody has it, or not yet.
UNDECIDED = re.compile(
    r"\b(?:(?:has|have|is|are|was|were)\s+(?:not|never)\s+(?:yet\s+)?(?:been\s+)?(?:decided|settled|agreed|assigned|determined|allocated|named)"
    r"|(?:left|still|remains?)\s+open|(?:nobody|no\s+one|no-one)\s+(?:(?:has\s+been|is|was|owns|has)\b|(?:present\s+|here\s+)?(?:could|can|knew|knows)\s+(?:say\s+|tell\s+(?:\w+\s+)?|name\s+)?who)|(?:has|have|is|are)\s+(?:still\s+)?no\s+owner\b|(?:is|are|was|were|remains?|still|yet)\s+to\s+be\s+(?:decided|determined|agreed|confirmed|named)(?!\s+(?:\w+\s+)?(?:by|with)\b)"
    r"|TBD|(?:is|are|was|stands|remains?|left)\s+vacant"
    r"|(?<!that\s)(?<!which\s)(?:is|are|remains?)\s+(?:(?!not\b)\w+\s+)?(?:nobody|no\s+one|no-one)['’]s\s+(?:\w+\s+)?"
    r"(?:job|task|duty|responsibility|remit)(?=\W*$|[.;]|\s+(?:at\s+present|at\s+the\s+moment|now|yet|so\s+far|currently)\b))(?!\w)",
    re.I,
)
HELPED = re.compile(
    rf"\b(?:with\s+(?:the\s+)?(?:review|comments?)\s+(?:of|from|by)|(?:with\s+(?:the\s+)?)?(?:help|support|input|advice|assistance|backing)\s+(?:of|from|by)|(?:comments?|input|feedback|suggestions?|advice|help|support)\s+comes?\s+from|"
    rf"on\s+(?:the\s+)?(?:advice|recommendation|proposal)\s+of|(?:close\s+)?consultation\s+with|consult(?:s|ed|ing)?(?:\s+with)?|inform(?:s|ed|ing)?|notif(?:y|ies|ied|ying)|"
    rf"(?:help|support|input|advice|assistance|expertise|feedback)\s+(?:of|from|by)|(?:advised|supported|assisted|helped|accompanied|backed|followed)\s+(?:\w+\s+)?by|"
    rf"(?:recommendation|opinion|views?|proposal)s?\s+(?:of|from|by)|involv(?:e|es|ed|ing)|listen(?:s|ing)?\s+to|(?:(?<={NAME}\s)|(?<={NAME},\s))(?:after|following)\s+(?:an?\s+|the\s+)?(?:\w+\s+)?(?:votes?|soundings?|hearings?|consultations?|nominations?)\s+(?:of|from|by|in|with|among)|alongside|in\s+(?:coordination|co-ordination|cooperation|collaboration|discussion)\s+with|copy(?:ing)?|working\s+(?:closely\s+)?with|liaison\s+with|liaises?\s+with|input\s+from|after\s+hearing)\s+{DET}$",
    re.I,
)
# Somebody else acts, and this role agrees or watches; without somebody else it is the one who decides.
CONSENT = re.compile(
    rf"\b(?:(?:with(?:out)?|subject\s+to|after|upon|on)\s+(?:\w+\s+){{0,3}}?(?:approval|consent|agreement|confirmation|permission|leave|blessing|go-ahead|sign-?off|authori[sz]ation|ratification)\s+(?:of|from|by)|"
    rf"under\s+(?:the\s+)?(?:\w+\s+)?(?:authority|supervision|direction|guidance|leadership|control|oversight|aegis)\s+of)\s+{DET}$",
    re.I,
)
# "Nothing is published until the clerk has agreed."
ONCE = re.compile(
    rf"\b(?:(?:only|just|not)\s+(?:\w+\s+){{0,6}}?(?:after|once|when|if|until|before)|until|unless|not\b[^.;]{{0,60}}\bbefore|nothing\b[^.;]{{0,60}}\bbefore)\s+{DET}$",
    re.I,
)
AGREES = re.compile(
    r"\s+(?:(?:has|have)\s+(?:\w+ly\s+)?(?:countersigned|signed|seen|inspected|examined|checked|reviewed|agreed|approved|cleared|confirmed|consented|accepted|released|ratified|authori[sz]ed|given\s+(?:\w+\s+){0,2}(?:consent|approval|permission|go-ahead|nod))"
    r"|(?:countersigns?|signs?|agrees?|approves?|confirms?|consents?|ratif(?:y|ies)|authori[sz]es?))\b",
    re.I,
)
# "Such a councillor loses the seat, unless the chair has excused her."
UNLESS = re.compile(rf"\bunless\s+{DET}$", re.I)
HAS_LET = re.compile(
    r"\s+ha(?:s|ve)\s+(?:\w+ly\s+)?(?:excused|exempted|waived|allowed|permitted|granted|decided|ruled|ordered|directed|"
    r"instructed|invited|lifted|extended|reversed|overruled)\b",
    re.I,
)
# "Tell the clerk at once."
TELL = re.compile(rf"^\W*(?:please\s+|always\s+)?tell\s+{DET}$", re.I)
TOLD_THAT = re.compile(r"\s+(?:that|why|what|where|how|whether|nothing|to)\b", re.I)
NO_ONE = re.compile(r"\bno\s+(?:other\s+)?$", re.I)
ON_BEHALF = re.compile(
    rf"\b(?:on\s+behalf\s+of|in\s+the\s+name\s+of|in\s+place\s+of|in\s+the\s+absence\s+of)\s+{DET}$", re.I
)
# "Dean approval is required", "not without dean approval"; a bar stands for the name with what it is asked for.
THEIR_WORD = re.compile(r"\s+(?:approval|consent|permission|sign-?off|authori[sz]ation|agreement)\b", re.I)
NEEDED = re.compile(
    rf"\b(?:requires?|required|needs?|with|subject\s+to|gets?|obtain\w*|seek\w*|pending|after|upon|ask\s+for)\s+(?:prior\s+|written\s+)?{DET}\|"
    rf"|\|\s+[\w-]+\s+(?:(?:{BE}|must|should|shall|has\s+to)\s+)+(?:\w+ly\s+)?(?:be\s+)?(?:required|needed|necessary|mandatory|obtained|sought|given)\b",
    re.I,
)
# Who makes what comes from them: "nominations will come from the council".
COMES_FROM = re.compile(
    rf"^(?!.*\b(?:no|not|never|that|which)\b)[^.;]*\b(?:nomination|proposal|announcement|message|appointment|permission|consent|go-ahead)s?\b[^.;]{{0,80}}?"
    rf"\b(?:comes?|came)\s+(?:only\s+|directly\s+)?from\s+(?:{DET}{NAME}\s+(?:and|or)\s+from\s+)?{DET}$",
    re.I | re.S,
)
BY = re.compile(rf"\bby\s+{DET}$", re.I)
ONLY = re.compile(
    rf"\b(?:only|sole|people|persons?|body|bodies|team|role|ones?|party|parties|group|owner|contact|lead|approver|whoever|it)\b[^.;]*?"
    rf"\b(?:is|are)\s+(?:\w+ly\s+)?{DET}$",
    re.I,
)
ENTRY = re.compile(r"^(?:[^.;:!?]|\.(?=\S)){2,80}(?P<mark>:|,|\s[–—-]|\s[-=]*>|\s→|\s=)\s*(?:the\s+)?$")
# What may follow the owner of an entry and is no predicate.
QUALIFIED = re.compile(
    r"\s*(?:[,;(]|[–—-]\s|(?:jointly|together|alone|only|with|via|by|on|in|from|for|at|subject|acting|after|following|until|"
    r"unless|except|where|if|as|backup|and)\b)",
    re.I,
)
ANSWER = re.compile(r"^\W*(?:who|whom|which\s+\w+)\b[^?]*\?\s*(?:the\s+)?$", re.I)
# What stands between the last mark and a colon: a label, when names stand before the mark.
LAST_PIECE = re.compile(rf"(?:[(;,|–—]|\.\s)\s*[^(;,|–—{NAME[1:-1]}]{{2,40}}$")
MEETS = re.compile(r"\s+(?:(?:monthly|weekly|annual|general|regular|next)\s+)?meeting\b(?=\s*(?:$|[.,;:)]))")
# What is laid before a meeting is for whoever meets: "is put to the July | council".
TO_MEETING = re.compile(
    r"(?<=\bto\sthe\s)(?:(?:January|February|March|April|May|Mai|June|July|August|September|October|November|December|"
    r"next|following|annual|monthly|weekly)\s+)?$"
)
PEOPLE = re.compile(
    r"['’]s?\s+(?:own\s+)?(?:team|office|staff|people|crew|colleagues|department|deputy|nominee|members)\b|\s+(?:team\s+)?members\b",
    re.I,
)
ASIDE = re.compile(
    r"^(?:['’]s)?\s*\([^)]{0,60}\)|^['’]s(?:\s+(?:team|office|staff|people|crew|colleagues|department)\b)?"
)
WITH = re.compile(
    r"\b(?:share[sd]?\s+(?:\S+\s+){1,5}?with|hand\s+in\s+hand\s+with|side\s+by\s+side\s+with)\s+(?:the\s+)?$|"
    r"\b(?:together|jointly|along|in\s+partnership|in\s+conjunction|in\s+agreement|in\s+concert|by\s+agreement|as\s+well\s+as|co-?own\w*|share[sd]?)\s+(?:\w+\s+)?(?:with|by|between|among)?\s*(?:the\s+)?$",
    re.I,
)
# Before a name, of who another one is: "an officer nominated by the", "porters who are made wardens by the".
CHOSEN_BY = re.compile(
    rf"{NAME}['’s]*(?:\s*,\s+(?:an?|the|one)\s+(?:[\w-]+\s+){{1,4}}?|\s+)(?:(?:who|that)\s+(?:is|are|was|were|has\s+been|have\s+been)\s+)?(?:\w+ly\s+)?"
    rf"(?:nominated|appointed|elected|chosen|selected|named|designated|authori[sz]ed|picked|recruited|employed|hired|trained|certified|delegated|assigned|made)\b"
    rf"(?:\s+(?!(?:{BE}|{MODAL})\b)[\w-]+){{0,3}}?\s+by\s+{DET}(?:[\w-]+\s+)?$",
    re.I,
)
# What stands between a subject and its verb: who it was made so by.
WHO_WERE_CHOSEN = re.compile(
    rf"^(?:who|that)\s+(?:is|are|was|were|has\s+been|have\s+been)\s+(?:\w+(?:ed|en)|made)\b[^,;.]{{0,60}}?\s+by\s+{DET}{NAME}\s+(?=[a-z])",
    re.I,
)
# In which capacity what follows is done: "As a warden, opening the gates".
AS_ONE = re.compile(r"\W*as\s+(?:an?|the|one\s+of\s+the)\s+$", re.I)
DOING = re.compile(
    r"\s*,\s*(?:\w+ly\s+)?(?!(?:every|any|some|no)thing\b|(?:during|depending|according|including|following|regarding|concerning|being)\b)\w{2,}ing\b"
    rf"(?:(?!\b(?:{BE}|{MODAL}|you|we|they|gets?|ha(?:s|ve))\b).)*",
    re.I | re.S,
)
# It is seen to by others, at one's word: "has it repaired".
HAS_IT_DONE = re.compile(
    r"ha(?:s|ve)\s+(?:it|them|these|those)\s+(?:\w+ly\s+)?(?!need\b|speed\b)"
    r"(?:\w{2,}(?:ed|wn|ught)|done|made|put|cut|set|taken|written|sent|built|shut)\b(?![^.;]*\bby\b)",
    re.I,
)
RELATIVE = re.compile(r",\s+(?:who|which)\s[^,;]*$", re.I)
# Said first, of whoever does something beside the subject of the sentence.
BESIDE_FIRST = re.compile(r"\W*(?:together|along|jointly)\s+with\b", re.I)
BETWEEN = re.compile(r"\b(?:between|among|amongst|by\s+both|both)\s+(?:the\s+)?$", re.I)
APART = re.compile(
    r"\b(?:dispute|conflict|disagreement|quarrel|argument|difference|contract|boundary|clash)s?\s+between\s+(?:the\s+)?$",
    re.I,
)
NONE_BUT = re.compile(
    rf"\b(?:nobody|no\s+one|no-one|none|(?:no|not\b[^.;]*?\bany)\s+(?:other\s+)?\w+|not\b[^.;]*?\b(?:anyone|anybody))\s+(?:else\s+)?(?:but|except|save|other\s+than|besides)\s+(?:for\s+|by\s+|with\s+)?{DET}$",
    re.I,
)
# "nor may the clerk lower fees": the verb stands before its subject.
NOR = re.compile(rf"\bnor\s+(?:do|does|did|has|have|had|{BE}|{MODAL})\s+{DET}$", re.I)
NOT = re.compile(
    rf"(?:\bnothing\s+to\s+do\s+with|\b(?:nothing|no\s+\w+)\b[^.;]*\b(?:gives?|grants?|entitles?|allows?|permits?)|"
    rf"\b(?:rather\s+than|instead\s+of|unlike|except(?!\s+(?:by|with|from|when|where|if)\b)|neither|nor|none\s+of)|"
    rf"\b(?:is|are)\s+no\s+\w+\s+(?:of|for)|\bno\s+(?:say|role|part|authority|power|right|control)\s+(?:\w+\s+){{0,3}}?(?:to|for|with)|"
    rf"(?:^\W*|[,;(–—]\s*|\s-\s+|\b(?:and|but|is|are|lies|sits)\s+)(?:not|never)(?:\s*,[^,;]{{1,60}},)?(?:\s+(?:with|by|to|for|in|under|part\s+of|owned\s+by|the\s+\w+\s+of))?|"
    rf"\bno\s+longer\s+(?:with|by|\w+\s+by)|"
    rf"\b(?:out\s+of|away\s+from)\b[^,;]{{0,60}}\b(?:territory|domain|remit|hands|control|area|scope)\b[^,;]{{0,40}}\b(?:of|to|by|with)|"
    rf"\b(?:outside|beyond)(?:\s+of)?|\baway\s+from(?:\s+the)?(?:\s+\w+)?\s+domain\s+of|"
    rf"\bnot\s+(?:(?!(?:without|until|unless|except|sure|forget|only|hesitate|approved|authori[sz]ed|signed|agreed)\b)\w+\s+){{0,3}}(?:by|with|to|of|from))\s+{DET}$",
    re.I,
)
LABEL = re.compile(
    r"(?:^:?|[\n.,;(|–—-]\s*)[*_]*(?:\w+\s+){0,2}?(?:owners?|owned\s+by|leads?|lead\s+team|responsible|accountable|responsibility|contact|approver|approved\s+by|"
    r"decision|decides?|decision\s+maker|decided\s+by|escalation|escalate\s+to|chair|maintainers?|stewards?|sponsors?|custodians?|signator(?:y|ies)|DRI|deciders?|held\s+by|run\s+by|handled\s+by|managed\s+by|ask|point\s+of\s+contact|who)(?:\s+(?:is|are|team|role|body|person))?[*_]*\s*[:=–—-]+[*_]*\s*(?:the\s+)?$",
    re.I,
)
SUPPORT_LABEL = re.compile(
    r"(?:^:?|[\n.,;(|–—-]\s*)[*_]*(?:\w+\s+){0,2}?(?:consulted|consult|supports?|supported\s+by|supporting|deputy|deputies|backup|back-up|cover|stand-in|alternate|substitute|contributors?|input|advis(?:or|er)s?|informed)[*_]*\s*[:=–—-]+[*_]*\s*(?:the\s+)?$",
    re.I,
)
OWNED_THING = re.compile(
    r"^['’]?s?\s+(?:(?:(?:casting|second|own)\s+)?(?:vote|word|ruling|verdict|opinion|view|choice)\s+(?:then\s+|alone\s+)?"
    r"(?:decides|counts|prevails|binds|settles|is\s+(?:final|decisive|binding))|"
    r"(?:\w+\s+){0,2}(?:responsibilit(?:y|ies)|job|task|call|decision|remit|domain|duty|duties|role|business|prerogative|discretion|authority|"
    r"jurisdiction|purview|approval|permission|consent|sign-?off|signature|agreement|say-so|blessing|mandate|portfolio|charge|hands|care|custody|court|desk|plate|turf|patch|"
    r"to\s+(?:decide|make|own|set|give|call|approve)))\b",
    re.I,
)
# An aside that has a "not" of its own.
ASIDE_CONDITION = re.compile(
    r"\b(?:if|when|where|until|unless|whenever)\s+(?:you|it|they|we|somebody|someone|there)\b[^,;]*?(?:,|(?=\b(?:go|please|contact|ask|see|apply|write|talk|speak|call|turn)\b))",
    re.I,
)
# A condition, with the subject it has, or what comes before or after in time.
CONDITION = re.compile(
    rf"\b(?:after|before|until|once)\s+{DET}{NAME}['’s]*\s+(?:ha(?:s|ve|d)\b|{ACTS})[^,;.]*|"
    r"(?:^\W*|[;:,]\s+|\b(?:except|but|and)\s+)(?:if|unless|where|when|whenever|in\s+case|once|provided(?:\s+that)?|as\s+long\s+as)\b[^,;.]*",
    re.I,
)
# The name belongs to the noun before it, which is what the verb after the name is said of.
GOVERNED = re.compile(
    r"\b(?:of|to|with|against|from|about|under|through|via|than|without|regarding|concerning|over|including|behind)\s+(?:(?:(?:the|an?|its|our|their|your|any|each|every|all|such|said|relevant|respective)\s+)*|(?:this|that|these|those)\s+)$",
    re.I,
)
# "Members of the council", "the vote of the council": the council all the same.
OF_ITS_OWN = re.compile(
    r"\b(?:members?|part|parts|all|each|both|most|one|some|any|none|staff|vote|decision|majority|word|consent|ruling|office|chair|"
    r"head|representatives?|office|rest)\s+of\s+(?:(?:the|all|any|its)\s+)*(?:non-\w+\s+)?$",
    re.I,
)
CONJUNCT = re.compile(
    r"(?:,\s*|\s)(?:and|but|or|then|before|after|until)\s+(?:then\s+|also\s+|thus\s+)?(?:(?:they|it|he|she)\s+)?",
    re.I,
)
# What a decision is spoken of for, rather than whose it is: "an appeal against a decision of the".
AGAINST = re.compile(
    r"\b(?:(?:against|about|concerning|regarding)\s+(?:the|an?|any|every|such)?\s*"
    r"|(?:challeng\w+|overrul\w+|overturn\w*|overrid\w+|appeal\w*)\s+(?:(?:the|an?|any|every|such)\s+)?(?:\w+\s+)?)$",
    re.I,
)
# A relative clause that says what its noun does, not what it once did.
WHO_DOES = re.compile(r"\s+who\s+(?!\w+ed\b)(?=[a-z])", re.I)
# Before a name, of a body named just before: "the panel, which the dean chairs".
WHICH_THEY = re.compile(rf"{NAME}\W+(?:which|whom)\s+{DET}$", re.I)
FOR_THEM = re.compile(rf"^(?!\W*th[ei]s).*\b(?:is|are)\s+for\s+{DET}$", re.I | re.S)
# "It is not just one of them, the mayor or the clerk": both.
NOT_ONE = re.compile(
    rf"(?:\b(?:not|never|cannot|neither)|n['’]t)\b[^.;]{{0,40}}?\b(?:one|either)\s+of\s+(?:the\s+)?(?:two|three|them|these|both)\b(?:\s+alone)?\W*{DET}$",
    re.I,
)
THAT_IS = re.compile(
    rf"(?:^\W*|[;,?(–—]\s*|\s-\s+)(?:that|this|it)(?:\s+(?:is|are|would\s+be|will\s+be)|['’]s)\s+{DET}$", re.I
)
REPORTS = re.compile(
    rf"\b(?:ultimately|functionally|administratively|formally)\s+reports?\s+to\s+{DET}$|(?:{NAME}|\b(?:who|which|and)\b)[^.;]*\breports?\s+(?:\w+ly\s+)?to\s+{DET}$",
    re.I,
)
# The same subject does something else as well; a bare verb needs an object, or it may be a noun.
ACTS_ALSO = re.compile(rf"{ADVERB}(?:{MODAL}\b|{OWNS}|{SUPPORTS}|{ACTS}\s+{OBJECT})", re.I)
NOT_OTHERS = re.compile(rf"^\s*[,–—-]?\s*(?:(?:and|but)\s+)?not\s+{DET}{NAME}(?:\s+[–—-]\s+)?", re.I)
LISTED_DEED = re.compile(r"\w(?:ed|en),?\s+(?:and|or)\s+$", re.I)
NOT_ONLY = re.compile(r"^(?:(?:do|does|did|is|are|has|have)\s+)?not\s+(?:only|merely|just|simply)\s+", re.I)
HEARD = r"ha(?:s|ve)\s+(?:the|a)\s+right\s+to\s+be\s+(?:heard|consulted|informed|involved)\b"
SHARES_PLACE = r"share[sd]?\s+(?:\w+\s+)?(?:office|room|building|desk|floor|flat|house|car|kitchen|view|interest|concern|name|address|space)s?\b"
ARE_WHO = re.compile(
    rf"{BE}\s+(?:an?|the)\s+(?:[\w-]+\s+){{0,4}}(?:people|persons?|team|group|body|ones?|members?|volunteers|contributors)\s+(?:who|that|which)\s+",
    re.I,
)
# Said of whoever stands in for somebody: "the clerk covers", "the deputy acts in her place".
COVERS = r"(?:acts\s+in\s+(?:every|all|any|such|these|those)\s+(?:matters?|cases?|respects?|things|questions|affairs)\b|acts\s+in\s+(?:that|this|the|such)\s+(?:office|role|capacity|place|stead|position|post)\b|(?:covers?|acts|takes\s+(?:over|(?:his|her|their|its)\s+place)|stands?\s+in|steps?\s+in|fills?\s+in)\s*(?:[.,;:]|$|for\b|with\b|in\s+(?:his|her|their)\b|until\b))"
# Who is called is who is needed: "above that the director has to be rung".
CALLED = r"be\s+(?:rung|called|phoned|telephoned|asked|contacted|approached|alerted|summoned|fetched)\b"
CALLED_OUT = rf"{BE}\s+(?:(?:called|rung)\s+(?:out|in|up)|alerted|summoned|fetched|phoned|telephoned)\b(?![^.;]*\bby\b)"
# For another time than was spoken of: "...; after that go to the ward".
OTHER_TIMES = re.compile(
    r"\W*(?:after\s+that|thereafter|otherwise|later|outside|at\s+other\s+times|else)\b", re.I
)
# Who is there when it is done: "signed by the clerk, with the porter present".
WATCHES = re.compile(
    r"\s+(?:present|in\s+attendance|looking\s+on|as\s+(?:an?\s+)?(?:witness(?:es)?|observers?))\b", re.I
)
# In which capacity somebody acts: "will be the investigator".
BECOMES = re.compile(
    r"(?:(?:will|shall)\s+be\s+the|(?:(?:will|shall|may|must)\s+)?(?:act|serve)s?\s+as\s+(?:the|an?|interim|acting))\s+"
    r"(?:(?!members?\b|youngest\b|oldest\b)[\w-]+\s+)?(?!(?:members?|users?|customers?|authors?|persons?|employees?|applicants?|guests?|residents?|deputy|successor|owner|alternate|substitute|assistant)\b)"
    r"(?P<noun>[a-z]+)\b(?=\s*(?:$|[.,;:)]|(?:of|for|in|at|on|until|unless|and)\b))"
)
# Who they are whose office the sentence is about: "the signatories of the account shall be the".
OFFICERS_ARE = re.compile(
    rf"^\W*(?:the|its|our)\s+(?:\w+\s+){{0,2}}(?:officers|signator(?:y|ies)|investigators?|arbiters?|referees?|adjudicators?|trustees|"
    rf"custodians?|authority)(?:\s+(?:of|for|on|over|to)\s+[^.;,]{{1,60}})?\s+(?:is|are|(?:shall|will)\s+be)\s+{DET}$",
    re.I,
)
# "The clerk considers the rota a tool": what is only thought of a thing.
DEEMS = (
    r"(?:considers?|considered|regards?|deems?)\s+(?:it|them|this|that|(?:the|these|those|such)\s+[\w-]+)\s+(?:as\s+|to\s+be\s+)?"
    r"(?:too\b|un(?!less\b|til\b|der)\w+|an?\s+(?!average\b|hour\b|day\b|week\b|month\b|year\b)(?![\w-]+\s+(?:has|have|is|was|will|before|after|of)\b))"
)
# Who does it where it was not laid down: "the bursar signs, except as determined by the board".
OTHERWISE = re.compile(
    r"\b(?:(?:except|save)\s+(?:as|where|when|if)(?:\s+otherwise)?|unless\s+otherwise)\s+"
    r"(?:determined|decided|provided|specified|agreed|directed|ordered|approved|authori[sz]ed|permitted|instructed|stated|resolved)\b[^.;,]*",
    re.I,
)
# A case of its own, after what holds in general.
IN_CASE = re.compile(r"\W*(?:if|when|while|should|in\s+case|unless|during)\b", re.I)
DO_NOT = re.compile(r"\b(?:do\s+not|don['’]t|never)\s+(?:\w+\s+)?$", re.I)
IF = re.compile(r"[\s,;:]*(?:(?:except|but|and)\s+)?(?:if|unless)\b", re.I)
GAPPED = r"(?:the\s+rest|another(?=\W*(?:$|[,;.]|and\b))|anything|everything|all\s+(?:others?|else)|those|larger|smaller|higher|lower|bigger)\b"
LOOSE = frozenset(
    "first instead alone together again today tomorrow soon beforehand thereafter once early late direct".split()
)
NORMATIVE = re.compile(
    rf"\b(?:{MODAL}|responsib\w+|accountab\w+|in\s*charge|owns?|owned|decides?|approves?|best\s+(?:placed|positioned|equipped|suited)|"
    rf"it\s+is\s+(?:ideal|imperative|essential|important|vital|advisable|recommended)|takes?\s+the\s+lead|requires?|imperative|mandate|authority)\b",
    re.I,
)
LEADING = re.compile(OWNS, re.I)
GAP = re.compile(
    rf"\s*(?:,|/|&|\+|,?\s*and/or|,?\s*and|,?\s*or|,?\s*as\s+well\s+as|,?\s*together\s+with|,?\s*along\s+with|,?\s*jointly\s+with|,?\s*with|,?\s*plus|,?\s*or\s*,?\s*(?:in\s+(?:his|her|their|its|whose)\s+absence|failing\s+(?:him|her|them|it|that|which))\s*,?(?:\s*(?:by|to|with))?|,?\s*(?:and|or)\s+by|,?\s*as\s+well\s+as\s+by)\s*{DET}(?:\w+\s+)?$",
    re.I,
)
# Which of those of the name: "the clerk | in each office".
WHERE = re.compile(
    r"(?:(?:in|at|of|from|on|for)\s+(?:each|every|the|that|this|our|its|an?|any|your)\s+(?:[\w-]+\s+){1,2}?|on\s+(?:stand-?by|duty|call|site|(?:shift|watch)(?!\s+(?:work|list|pay|pattern|swap)))\s+)(?=[a-z]+\s+\w)(?!of\b|and\b|or\b)",
    re.I,
)
# Another sentence in the same one: "and a true match will go to", "except that those above it are put to".
FRESH = re.compile(
    rf",?\s+except\s+that\s+|,\s+and\s+(?=(?:the|an?|any|every|each|all|those|these|such)\s+(?:[a-z][\w-]*\s+){{1,4}}?(?:{MODAL}|is|are|goes|go|lies|falls|belongs)\b)",
    re.I,
)
# Who is named for the case that the one before is not there.
BACKED = re.compile(
    r"\bor\s*,?\s*(?:in\s+(?:his|her|their|its|whose)\s+absence|failing\s+(?:him|her|them|it|that|which))\s*$",
    re.I,
)
FAILING = re.compile(rf"(?:{ABSENCE.pattern}|\bfailing\s+(?:him|her|them|it|that|which)\b)", re.I)
CLAUSE = re.compile(
    FRESH.pattern
    + r"|"
    + r"[;:]\s+|,?\s+(?:but|while|whereas|whilst|although|though|however|unless)\s+|[,.]\s+(?:and\s+|or\s+)?(?=(?:the\s+|a\s+|an\s+|any\s+|its\s+|our\s+)?"
    + NAME
    + r")|\s+(?:and|or)\s+(?=(?:the\s+|a\s+|an\s+|any\s+|our\s+)?"
    + NAME
    + r"['’]?\s*(?:\([^)]*\)\s*)?\s(?:"
    + MODAL
    + "|"
    + OWNS
    + "|"
    + ACTS
    + "|"
    + SUPPORTS
    + r"|[a-z]{3,}s\s+"
    + OBJECT
    + r"))|,\s+(?=(?:which|who)\s)",
    re.I,
)
