"""What a sentence says of the roles it names: who leads, shares, supports, or does not own.

The reading is by rules over the words around each name, in the spirit of Hearst's lexico-syntactic patterns
(COLING 1992): no rule knows a topic or an organisation, only how English says that somebody is in charge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.records import Force, Relation
from ingest.roles import Mention
from ingest.words import STOPWORDS

MOST_NAMES = (
    60  # in one sentence; what names more is a register, and reading it would take its square in time
)
# Each name is replaced by one character of the private use area, so that patterns see its place and not its words.
_BASE = 0xE000
NAME = "[\ue000-\uf8ff]"

_DET = r"(?:(?:the|a|an|its|our|their|your|his|her|any|each|every|all|both|respective|relevant|whole|current|local)\s+)*"
# No word here ends in -ly: two ways to read the same word would take exponential time on a run of them.
_ADVERB = (
    r"(?:(?:\w+ly|also|alone|always|already|both|best|either|further|however|in\s+general|in\s+principle|itself|now|often|"
    r"sometimes|still|themselves|then|therefore|thus|together)\s+)*"
)
_MODAL = r"(?:should|shall|must|may|might|can|could|will|would|ought\s+to|needs?\s+to|ha(?:s|ve)\s+to|(?:is|are)\s+to|gets?\s+to)"
_BE = r"(?:is|are|was|were|be|been|being|remains?|becomes?)"
_HAVE = r"(?:ha(?:s|ve|d)|holds?|retains?|keeps?|exercises?|carr(?:y|ies)|bears?|assumes?|takes?(?:\s+on|\s+over)?|gets?)"
_WEIGHT = r"(?:\w+\s+(?:and\s+\w+\s+)?){0,3}"
_POWER = r"(?:responsibilit(?:y|ies)|accountabilit(?:y|ies)|authority|ownership|control|oversight|say|word|jurisdiction|power|charge|stewardship|custody|mandate|remit|discretion|right|veto|lead|call|decision)"

# Ownership in so many words, read after a name ("the CIO | is responsible for ...").
OWNS = (
    rf"(?:(?:co-?)?own(?:s|ed)?|leads?|led|heads?(?:\s+up)?|spearheads?|decides?|determines?|"
    rf"{_BE}\s+{_ADVERB}(?:responsible|accountable|in\s*charge|in\s+the\s+lead|answerable|liable)"
    rf"|{_BE}\s+{_ADVERB}(?:the\s+)?(?:well|better|best)[\s-]+(?:placed|positioned|equipped|suited|qualified|able)"
    rf"|{_BE}\s+{_ADVERB}(?:in\s+(?:the|a|an)\s+(?:\w+\s+)?(?:best|better|good|right|ideal|strong|lead|leading)\s+position|the\s+(?:best|right|natural|obvious|ideal)\s+(?:person|team|role|place|one|choice|body))"
    rf"|{_BE}\s+{_ADVERB}(?:tasked|charged|entrusted|mandated|empowered|authori[sz]ed|entitled|allowed|permitted)"
    rf"|{_BE}\s+{_ADVERB}(?:the\s+)?(?:\w+\s+){{0,2}}(?:owners?|leads?|decision[- ]makers?|stewards?|sponsors?|approvers?|authorit(?:y|ies)|point\s+of\s+contact|contact|custodians?)\b"
    rf"|{_HAVE}\s+{_DET}{_WEIGHT}{_POWER}|takes?\s+(?:\w+\s+)?(?:the\s+lead|charge|care|responsibility|ownership|over)"
    rf"|looks?\s+after|calls?\s+the\s+shots|signs?\s+off|(?:makes?|takes?)\s+(?:\w+\s+){{0,4}}decisions?|in\s*charge|responsible|accountable)\b"
)
SUPPORTS = (
    rf"(?:supports?|assists?|helps?|advis(?:e|es)|aids?|contributes?|counsels?|comments?|backs?(?:\s+up)?|deputi[sz]es?|"
    rf"(?:provides?|gives?|offers?|brings?|supplies|supply)\s+(?:\w+\s+){{0,3}}(?:input|advice|support|guidance|expertise|feedback|assistance|help)|"
    rf"{_BE}\s+{_ADVERB}(?:consulted|informed|notified|kept\s+informed|kept\s+up\s+to\s+date|involved|invited|copied|heard)\b(?!\s+by\b)|plays?\s+an?\s+(?:supporting|advisory|consultative)|listens?\s+to|"
    rf"(?:participates?|takes?\s+part)\s+in|{_BE}\s+(?:\w+\s+){{0,3}}(?:part\s+of\s+the\s+dialogue))\b"
)
_SHARES = (
    rf"(?:{_MODAL}\s+)?{_ADVERB}(?:to\s+)?(?:{_BE}\s+)?{_ADVERB}(?:share[sd]?|collaborat\w+|cooperat\w+|co-operat\w+|partner(?:s|ing|ed)?|work(?:s|ing)?\s+(?:\w+\s+){{0,2}}"
    rf"(?:together|hand[- ]in[- ]hand|jointly|side\s+by\s+side)|align(?:s|ed)?|agree\b|team(?:s)?\s+up|(?:have|need)\s+(?:\w+\s+){{0,2}}(?:alignment|agreement)|joint(?:ly)?|co-?own\w*)"
)
_NEGATED = (
    rf"(?:(?:has|have|had|holds?|gets?)\s+(?:no\b|nothing\s+to\s+do\b)|(?:do|does|did|{_BE}|{_MODAL}|has|have)\s+(?:not|never|no\s+longer)|cannot|never|no\s+longer|"
    rf"(?:do|does|did|is|are|was|were|should|must|ca|could|wo|would|has|have)n['’]t|(?:neither|nor))\b(?!\s+only\b)"
)
_VERB = (
    r"(?:abandon|accept|acknowledge|acquire|act|adapt|add|address|adjudicate|adjust|administer|admit|adopt|advertise|align|allocate|allot|alter|analy[sz]e|apply|appraise|archive|ask|assemble|assume|attach|agree|amend|announce|answer|appoint|approve|arbitrate|arrange|assess|"
    r"assign|audit|authori[sz]e|award|balance|book|build|buy|call|certify|chair|change|check|choose|clear|close|collect|concentrate|"
    r"commission|compile|conduct|configure|confirm|control|convene|coordinate|co-ordinate|create|cut|deal|decline|define|"
    r"delegate|deliver|deploy|design|develop|direct|dismiss|dispatch|distribute|draft|draw|drive|edit|elect|enforce|ensure|"
    r"escalate|establish|estimate|evaluate|examine|execute|expel|facilitate|file|fill|fix|follow|forward|freeze|fund|"
    r"govern|grant|guide|handle|hire|host|hold|implement|improve|initiate|inspect|install|integrate|interpret|"
    r"interview|introduce|investigate|invite|issue|judge|keep|launch|license|list|maintain|make|manage|mark|measure|mediate|"
    r"meet|migrate|moderate|monitor|negotiate|nominate|notify|offer|open|operate|order|organi[sz]e|hand|override|overrule|"
    r"oversee|patch|pay|plan|post|prepare|present|prioriti[sz]e|process|procure|produce|promote|propose|protect|provide|"
    r"publish|purchase|raise|receive|recommend|reconcile|record|recruit|refuse|register|reject|release|remove|renew|repair|"
    r"replace|report|represent|request|resolve|respond|restrict|retain|review|revoke|rotate|rule|run|sanction|schedule|"
    r"screen|secure|select|send|serve|set|settle|shape|sign|sponsor|staff|steer|store|submit|supervise|suspend|tackle|take|"
    r"test|track|train|translate|triage|update|upload|use|validate|verify|veto|vet|vote|work|watch|lay|shape|waive|withdraw|write|focus)"
)
_ACTS = rf"{_VERB}(?:s|es|d|ed)?\b|(?:chose|wrote|ran|made|took|held|kept|set|sent|built|drew|paid|led)\b|(?:carr|appl|repl|modif|certif|clarif|classif|notif|ratif|suppl|specif|verif|stud)(?:y|ies)\b"
ACTION = re.compile(_ACTS, re.I)
_STATIVE = r"(?:be|have|feel|want|need|know|become|seem|appear|believe|expect|wish|live|rely|depend|remain)\b"
# What one does without owning anything by it.
_IDLE = (
    r"(?:(?:retire|resign|arrive|leave|close|open|attend|come|go|stay|sit|stand|consist|comprise|start|end|last|happen|join|die|rotate|convene|exist)"
    r"(?:s|es|d|ed)?|meets?|met|serves?)\b(?!\s+(?:the|an?|all|any|its|their|every|each)\b)|reports?\s+to\b|attends?\b|retires?\b"
)
# Said as a guess or of the past; asked rather than said: no rule of the organisation.
_HEDGED = re.compile(
    r"\b(?:expect(?:s|ed)?|predict(?:s|ed)?|forecast(?:s|ed)?|think(?:s)?|believe(?:s|d)?|argue(?:s|d)?|analysts?|"
    r"used\s+to|ago|in\s+the\s+past|formerly|previously|in\s+those\s+days)\b",
    re.I,
)
_OPEN = re.compile(
    r"\b(?:wonder(?:s|ed)?|unclear|unsure|ambigu\w+|(?:the\s+)?question\s+(?:is|of)|debate[sd]?|whether\s+the|who\s+(?:should|will|is\s+to))\b|\?\s*$",
    re.I,
)
_MUTUAL = re.compile(
    r"\b(?:together|jointly|each\s+other|one\s+another|side\s+by\s+side|hand[\s-]in[\s-]hand|both|collectively|joint\s+\w+|in\s+partnership|aligned|alignment)\b",
    re.I,
)

# Read before a name ("... is owned by the | CIO").
_AGENT = re.compile(
    rf"\b(?:\w+(?:ed|en|wn|ne)|led|run|set|held|kept|made|built|put|paid|sent|dealt|done|taught|sold|bought|chosen|up)\b"
    rf"(?:\s+(?:\w+\s+){{0,6}}|\s+)?by\s+{_DET}(?:either\s+|both\s+)?(?:\w+\s+)?$",
    re.I,
)
_BELONGS = re.compile(
    rf"(?:\b(?:responsibilit(?:y|ies)|job|task|duty|duties|remit|prerogative|domain|decision|discretion|authority|accountability|matter|"
    rf"purview|hands?|competence|province|call|business|mandate|ownership|charge|jurisdiction|charter|scope|portfolio)\s+(?:of|for)|\b(?:owned|led|decided|handled|managed|approved|run|headed|chaired|maintained)\s+by|"
    rf"\b(?:lies?|rests?|sits?|resides?|stays?|remains?|belongs?|starts?|ends?|stops?|is|are|be)\s+(?:\w+\s+){{0,2}}(?:solely\s+|firmly\s+)?with(?:in)?|"
    rf"\b(?:belongs?|falls?|goes|go|passes|left|vested|entrusted|assigned|allocated|delegated|handed(?:\s+over)?|reserved|up|down)\s+(?:\w+\s+)?(?:to|under|on|for|in)|"
    rf"\b(?:delegates?|assigns?|entrusts?|hands?|leaves?|passes)\b(?:\s+[^\s;.,]+){{1,6}}?\s+to|"
    rf"\b(?:approval|authori[sz]ation|permission|consent|agreement|sign-?off|signature|mandate|go-ahead|decision|clearance|confirmation)\s+(?:\w+\s+)?(?:of|from|by))\s+{_DET}$",
    re.I,
)
_CONTACT = re.compile(
    rf"(?:\b|(?<=[:;,]\s))(?:contact(?:s|ing|ed)?|(?<=[:;,]\s)see|first\s+port\s+of\s+call[^.;]{{0,60}}\bis|ask(?:s|ing|ed)?(?:\s+for\b(?:\s+[^\s;.]+){{1,8}}?\s+(?:from|of))?|e-?mail(?:s|ing|ed)?|mail(?:s|ing|ed)?|phone|ring|call|reach|approach|poke|ping|"
    rf"(?:write|writing|go|goes|talk|speak|turn|report(?:s|ed|ing)?|refer(?:s|red|ring)?|escalat\w+|submit(?:s|ted|ting)?|send(?:s|ing)?|sent|"
    rf"appl(?:y|ies)|address(?:ed)?|forward(?:ed)?|directed?|bring|brought|raise[sd]?|pass(?:ed)?|put|taken?|made|come|appeal(?:s|ed)?|rout(?:e|ed|es)|handed?|open(?:ed)?|fil(?:e|ed|ing))\b"
    rf"(?:\s+[^\s;.]+){{0,8}}?\s+(?:to|with|via|at|through)|get\s+in\s+touch\s+with|check(?:s|ed|ing)?\s+with|"
    rf"(?:request(?:s|ed)?|obtain(?:ed|s)?|seek(?:s|ing)?|sought|get|need(?:s|ed)?|requires?)\b(?:\s+[^\s;.]+){{0,8}}?\s+(?:from|of|by))\s+{_DET}(?:maintainers?\s+of\s+)?$",
    re.I,
)
_HELPED = re.compile(
    rf"\b(?:in\s+consultation\s+with|consult(?:s|ed|ing)?(?:\s+with)?|inform(?:s|ed|ing)?|notif(?:y|ies|ied|ying)|"
    rf"(?:help|support|input|advice|assistance|expertise|feedback)\s+(?:of|from|by)|(?:advised|supported|assisted|helped|accompanied|backed|followed)\s+(?:\w+\s+)?by|"
    rf"(?:recommendation|opinion|views?|proposal)\s+of|involv(?:e|es|ed|ing)|listen(?:s|ing)?\s+to|alongside|in\s+(?:coordination|co-ordination|cooperation|collaboration|discussion)\s+with|copy(?:ing)?|working\s+(?:closely\s+)?with|liaison\s+with|liaises?\s+with|input\s+from|after\s+hearing)\s+{_DET}$",
    re.I,
)
_BY = re.compile(rf"\bby\s+{_DET}$", re.I)
_ONLY = re.compile(
    rf"\b(?:only|sole|people|persons?|body|bodies|team|role|ones?|party|parties|group|owner|contact|lead|approver|whoever|it)\b[^.;]*?"
    rf"\b(?:is|are)\s+(?:\w+ly\s+)?{_DET}$",
    re.I,
)
_ENTRY = re.compile(r"^[^.;:!?]{2,80}(?::|,|\s[–—-]|\s->|\s=)\s*(?:the\s+)?$")
_WITH = re.compile(
    r"\b(?:together|jointly|along|in\s+partnership|in\s+agreement|by\s+agreement|as\s+well\s+as|co-?own\w*|share[sd]?)\s+(?:\w+\s+)?(?:with|by|between|among)?\s*(?:the\s+)?$",
    re.I,
)
_BETWEEN = re.compile(r"\b(?:between|among|amongst|by\s+both|both)\s+(?:the\s+)?$", re.I)
_APART = re.compile(
    r"\b(?:dispute|conflict|disagreement|quarrel|argument|difference|contract|boundary|clash)s?\s+between\s+(?:the\s+)?$",
    re.I,
)
_NOT = re.compile(
    rf"(?:\b(?:rather\s+than|instead\s+of|unlike|except(?!\s+(?:by|with|from|when|where|if)\b)|neither|nor|none\s+of)|"
    rf"(?:^\W*|[,;(]\s*|\b(?:and|but|is|are|lies|sits)\s+)not(?:\s+(?:with|by|to|for|in|under|part\s+of|owned\s+by|the\s+\w+\s+of))?|"
    rf"\bno\s+longer\s+(?:with|by|\w+\s+by)|"
    rf"\b(?:out\s+of|away\s+from)\b[^,;]{{0,60}}\b(?:territory|domain|remit|hands|control|area|scope)\b[^,;]{{0,40}}\b(?:of|to|by|with)|"
    rf"\b(?:outside|beyond)(?:\s+of)?|\baway\s+from(?:\s+the)?(?:\s+\w+)?\s+domain\s+of|"
    rf"\bnot\s+(?:(?!(?:without|until|unless|except|sure|forget|only|hesitate|approved|authori[sz]ed|signed|agreed)\b)\w+\s+){{0,3}}(?:by|with|to|of|from))\s+{_DET}$",
    re.I,
)
_LABEL = re.compile(
    r"(?:^|[\n.;(|–—-]\s*)[*_]*(?:\w+\s+){0,2}?(?:owners?|owned\s+by|leads?|lead\s+team|responsible|accountable|responsibility|contact|approver|approved\s+by|"
    r"decision|decides?|decision\s+maker|decided\s+by|escalation|escalate\s+to|chair|maintainers?|steward|sponsor|point\s+of\s+contact|who)(?:\s+(?:is|are|team|role|body|person))?[*_]*\s*[:=–—-]+[*_]*\s*(?:the\s+)?$",
    re.I,
)
_SUPPORT_LABEL = re.compile(
    r"(?:^|[\n.;(|–—-]\s*)[*_]*(?:\w+\s+){0,2}?(?:consulted|consult|supports?|supported\s+by|supporting|deputy|backup|back-up|stand-in|contributors?|input|advis(?:or|er)s?|informed)[*_]*\s*[:=–—-]+[*_]*\s*(?:the\s+)?$",
    re.I,
)
_OWNED_THING = re.compile(
    r"^['’]?s?\s+(?:\w+\s+){0,2}(?:responsibilit(?:y|ies)|job|task|call|decision|remit|domain|duty|duties|role|business|prerogative|discretion|authority|"
    r"jurisdiction|purview|approval|permission|consent|sign-?off|budget|to\s+(?:decide|make|own|set|give|call|approve))\b",
    re.I,
)
_OBJECT = r"(?:them|it|him|us|the|an?|all|any|each|every|its|their|our|your|his|her|this|these|those|what|which|whether|how|who|new|both)\b"
_LOOSE = frozenset(
    "first instead alone together again today tomorrow soon beforehand thereafter once early late direct".split()
)
_NORMATIVE = re.compile(
    rf"\b(?:{_MODAL}|responsib\w+|accountab\w+|in\s*charge|owns?|owned|decides?|approves?|best\s+(?:placed|positioned|equipped|suited)|"
    rf"it\s+is\s+(?:ideal|imperative|essential|important|vital|advisable|recommended)|takes?\s+the\s+lead|requires?|imperative|mandate|authority)\b",
    re.I,
)
_LEADING = re.compile(OWNS, re.I)
_GAP = re.compile(
    rf"\s*(?:,|/|&|\+|,?\s*and/or|,?\s*and|,?\s*or|,?\s*as\s+well\s+as|,?\s*together\s+with|,?\s*along\s+with|,?\s*jointly\s+with|,?\s*with|,?\s*plus)\s*{_DET}(?:\w+\s+)?$",
    re.I,
)
_CLAUSE = re.compile(
    r"[;:]\s+|,?\s+(?:but|while|whereas|whilst|although|though|however|unless)\s+|[,.]\s+(?:and\s+|or\s+)?(?=(?:the\s+|a\s+|an\s+|any\s+|its\s+|our\s+)?"
    + NAME
    + r")|\s+(?:and|or)\s+(?=(?:the\s+|a\s+|an\s+|any\s+|our\s+)?"
    + NAME
    + r"['’]?\s*(?:\([^)]*\)\s*)?\s(?:"
    + _MODAL
    + "|"
    + OWNS
    + "|"
    + _ACTS
    + "|"
    + SUPPORTS
    + r"|[a-z]{3,}s\s+"
    + _OBJECT
    + r"))|,\s+(?=(?:which|who)\s)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One relation found in a sentence: ``start:end`` is its clause, ``names`` the place where the role is named."""

    role: str
    relation: Relation
    strength: float
    start: int
    end: int
    names: tuple[int, int]


def force(text: str) -> Force:
    """Whether a sentence says how things are to be, or only how they are."""
    return "normative" if _NORMATIVE.search(text) else "descriptive"


def read(text: str, mentions: Sequence[Mention]) -> list[Reading]:
    """What ``text`` says of the roles in ``mentions`` (offsets into ``text``); roles it only speaks about are left out."""
    if not mentions:
        return []
    mentions = mentions[:MOST_NAMES]
    masked, places = _mask(text, mentions)
    found: list[Reading] = []
    for start, end in _clauses(masked):
        for group in _groups(masked, start, end):
            verdict = _relate(masked, start, end, group)
            if verdict is None:
                continue
            relation, strength = verdict
            strength *= 0.2 if _OPEN.search(masked) else 0.5 if _HEDGED.search(masked[start:end]) else 1.0
            named = {m.role: (m.start, m.end) for m in (mentions[ord(masked[i]) - _BASE] for i in group)}
            if relation == "leads" and len(named) > 1 and not _alternatives(masked, group):
                relation = "shares"
            found += [
                Reading(r, relation, strength, places[start], places[end], at) for r, at in named.items()
            ]
    return found


def _mask(text: str, mentions: Sequence[Mention]) -> tuple[str, list[int]]:
    """``text`` with one private character for each mention, and the place in ``text`` of each of its characters."""
    out: list[str] = []
    places: list[int] = []
    at = 0
    for k, mention in enumerate(mentions):
        out.append(text[at : mention.start])
        places += range(at, mention.start)
        out.append(chr(_BASE + k % 6000))
        places.append(mention.start)
        if mention.possessive:
            out.append("’s")
            places += [mention.end, mention.end]
        at = mention.end
    out.append(text[at:])
    places += range(at, len(text) + 1)
    return "".join(out), places


def _clauses(masked: str) -> list[tuple[int, int]]:
    """Spans of the clauses; a piece that names nobody joins the one before it, or the one after at the start."""
    cuts = [0]
    for m in _CLAUSE.finditer(masked):
        ahead = masked[cuts[-1] : m.start()]
        named = [i for i, c in enumerate(ahead) if _BASE <= ord(c) < _BASE + 6400]
        # "the A and the B decide" is one subject: a clause needs words of its own after its last name.
        if m.start() > 0 and not (
            named and not re.search(r"\w{2}", re.sub(r"\([^)]*\)", "", ahead[named[-1] + 1 :]))
        ):
            cuts.append(m.end())
    cuts.append(len(masked))
    pieces = [(a, b) for a, b in pairwise(cuts) if b > a]
    merged: list[tuple[int, int]] = []
    for a, b in pieces:
        names_somebody = any(_BASE <= ord(c) < _BASE + 6400 for c in masked[a:b])
        if (
            merged
            and masked[slice(*merged[-1])].rstrip().endswith(":")
            and not any(_BASE <= ord(c) < _BASE + 6400 for c in masked[slice(*merged[-1])])
        ):
            merged[-1] = (merged[-1][0], b)
        elif not names_somebody and merged and masked[a:b].rstrip().endswith(":"):
            merged.append((a, b))  # a label belongs to what follows
        elif merged and (
            not names_somebody or not any(_BASE <= ord(c) < _BASE + 6400 for c in masked[slice(*merged[-1])])
        ):
            merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
    return merged


def _groups(masked: str, start: int, end: int) -> list[list[int]]:
    """The places of names in a clause, names that stand side by side ("the A and the B") together."""
    places = [i for i in range(start, end) if _BASE <= ord(masked[i]) < _BASE + 6400]
    groups: list[list[int]] = []
    for i in places:
        if groups and _GAP.fullmatch(
            re.sub(r"^(?:['’]s)?\s*\([^)]{0,60}\)|^['’]s", "", masked[groups[-1][-1] + 1 : i])
        ):
            groups[-1].append(i)
        else:
            groups.append([i])
    return [part for group in groups for part in _listed(masked, start, group)]


def _listed(masked: str, start: int, group: list[int]) -> list[list[int]]:
    """A group as it is when its list ends in "and" or "or"; names with nothing but commas one by one,
    unless a label introduces them.
    """
    between = masked[group[0] : group[-1]]
    labelled = re.search(r"[:=]\s*(?:the\s+)?$", masked[start : group[0]])
    if len(group) > 1 and not labelled and not re.search(r"\b(?:and|or|with|plus|well)\b|[/&+]", between):
        return [[i] for i in group]
    return [group]


def _alternatives(masked: str, group: list[int]) -> bool:
    """Whether the names of a group are offered one for the other ("A or B")."""
    between = masked[group[0] : group[-1]]
    return bool(re.search(r"\bor\b|(?<!and)/(?!or)", between)) and not re.search(r"\band\b", between)


def _relate(masked: str, start: int, end: int, group: list[int]) -> tuple[Relation, float] | None:
    before = masked[start : group[0]]
    after = re.sub(r"^\s*\([^)]{0,80}\)", "", masked[group[-1] + 1 : end])
    possessive = bool(re.match(r"['’]s?(?=\s|[.,;:)]|$)", after))
    verdict = (
        _label(before, after, possessive)
        or _before(before, after, possessive, len(group))
        or _after(before, after, len(group))
    )
    return verdict if verdict and verdict[1] else None


Verdict = tuple[Relation, float] | None


def _label(before: str, after: str, possessive: bool) -> Verdict:
    """Labels: "Owner: the CIO", "CIO: budgets, hiring", "Owned by the CIO"."""
    if _SUPPORT_LABEL.search(before):
        return ("supports", 0.9)
    if _LABEL.search(before):
        return ("leads", 1.0)
    if _ENTRY.match(before) and not after.strip(" .;)*_"):
        return ("leads", 0.8)
    if re.search(rf"\((?:see\s+|ask\s+|with\s+|by\s+|to\s+|now\s+)?{_DET}$", before, re.I) and re.match(
        r"['’s]*\)", after
    ):
        return ("leads", 0.7)  # "fire drills at sea (the master)"
    if (
        possessive
        and re.search(rf"\b(?:is|are|was|were|be|remains?|stays?)\s+(?:\w+\s+)?{_DET}$", before, re.I)
        and re.match(r"['’]s?\s*(?:$|[.,;:)]|(?:and|but|while|alone|to)\b)", after)
    ):
        negative = re.search(
            r"(?:\b(?:not|never|no\s+longer)|n['’]t)\s+(?:\w+\s+)?$", re.sub(rf"{_DET}$", "", before), re.I
        )
        return ("is not", 0.9) if negative else ("leads", 1.0)  # "security is the officer's"
    if re.search(rf"\b(?:is|are)\s+(?:\w+\s+)?for\s+{_DET}$", before, re.I) and re.match(
        r"\s+(?:alone\s+)?to\s+\w+", after
    ):
        negative = re.search(r"\bnot\s+for\b", before, re.I)
        return ("is not", 0.9) if negative else ("leads", 1.0)  # "... is for the team to say"
    if (
        not before.strip(" *_\"'“(")
        and re.match(r"[*_]*\s*(?::|\s[–—-]\s)", after)
        and len(after.split()) > 0
    ):
        return ("leads", 0.7)
    return None


def _modifies(after: str) -> bool:
    """Whether a name only qualifies the noun after it ("the ambassadors list", "the security team address")."""
    m = re.match(r"\s+([a-z][a-z-]+)\b", after)
    return bool(
        m
        and m.group(1) not in STOPWORDS
        and m.group(1) not in _LOOSE
        and not m.group(1).endswith(("ly", "ing", "ed"))
        and not re.match(rf"{_MODAL}\b|{OWNS}|{SUPPORTS}|{_ACTS}", m.group(1), re.I)
    )


def _before(before: str, after: str, possessive: bool, size: int) -> Verdict:
    """What stands before the name: "owned by", "responsibility of", "contact", "rather than"."""
    if _modifies(after):
        return None
    if re.search(rf"\bkeep(?:s|ing)?\s+{_DET}$", before, re.I) and re.match(
        r"\s+(?:informed|posted|updated|in\s+the\s+(?:loop|picture)|up\s+to\s+date)\b", after
    ):
        return ("supports", 0.8)
    if _NOT.search(before):
        return ("is not", 0.9)
    if possessive:
        if re.match(r"['’]?s?\s+roles?\b(?!\s+(?:is|was|are)\s+to\b)", after):
            return ("leads", 0.4)
        if _OWNED_THING.match(after):
            negative = re.search(r"\b(?:not|outside|beyond|never)\b(?:\s+\w+){0,3}\s*$", before, re.I)
            return ("is not", 0.8) if negative else ("leads", 0.8)
        return ("leads", 0.0)
    if _HELPED.search(before):
        return ("supports", 0.8)
    if _BELONGS.search(before):
        negative = re.search(
            r"(?:\b(?:not|never|no\s+longer)|n['’]t)\b(?!.*\b(?:without|unless|except)\b)", before[-60:], re.I
        )
        return ("is not", 0.9) if negative else ("leads", 1.0)
    if _AGENT.search(before):
        negative = re.search(
            r"(?:\b(?:not|never|no\s+longer)|n['’]t)\b(?!.*\b(?:without|unless|except|until|only)\b)",
            before[-40:],
            re.I,
        )
        authorised = re.search(r"\bnot\s+(?:approved|authori[sz]ed|signed|agreed)\s+by\s+", before, re.I)
        return ("is not", 0.8) if negative and not authorised else ("leads", 0.9)
    if size > 1 and _BETWEEN.search(before) and not _APART.search(before):
        return ("shares", 0.8)
    if _WITH.search(before):
        return ("shares", 0.7)
    if _CONTACT.search(before):
        return ("leads", 0.6)
    if re.search(
        rf"\b(?:responsible|accountable|in\s*charge)\s+(?:for|of)\b[^.;]*?\b(?:is|are)\s+{_DET}$",
        before,
        re.I,
    ):
        return ("leads", 1.0)  # "Responsible for lifts is the office."
    if _BY.search(before):
        return ("leads", 0.7)
    if _ONLY.search(before) and not re.search(r"^\s*it\s+is\s", before[-30:], re.I):
        return ("leads", 0.7)
    return None


def _after(before: str, after: str, size: int) -> Verdict:
    """What stands after the name: a predicate it is the subject of."""
    rest = re.sub(r"^\s*,[^,;]{0,80},(?=\s)", "", after).lstrip(" ,\n")
    rest = re.sub(r"^(?:who|which|that)\s+", "", rest, flags=re.I)
    rest = re.sub(rf"^{_ADVERB}", "", rest, flags=re.I)
    rest = re.sub(r"^not\s+only\s+", "", rest, flags=re.I)
    if re.match(_NEGATED, rest, re.I):
        return ("is not", 0.9) if _LEADING.search(rest[:80]) else ("is not", 0.5)
    if size > 1 and (re.match(_SHARES, rest, re.I) or _MUTUAL.search(rest)):
        return ("shares", 0.9)
    modal = (
        re.match(rf"{_MODAL}\b\s*", rest, re.I) if not re.fullmatch(rf"{_MODAL}[:\s]*", rest, re.I) else None
    )
    if modal:
        rest = re.sub(r"^,[^,;]{0,60},\s*", "", rest[modal.end() :].lstrip())
        rest = re.sub(rf"^(?:not\s+)?{_ADVERB}", "", rest, flags=re.I)
    if re.match(SUPPORTS, rest, re.I):
        return ("supports", 0.9)
    if re.match(_SHARES, rest, re.I):
        return ("shares", 0.8)
    if re.match(OWNS, rest, re.I):
        return ("leads", 0.7 if re.match(r"(?:was|were|had|owned|led)\b", rest, re.I) else 1.0)
    if re.match(rf"{_BE}\s", rest, re.I):
        if re.match(
            rf"{_BE}\s+{_ADVERB}(?:(?:required|expected|asked|free|able|obliged|bound|encouraged|supposed)\s+to|focused\s+on|working\s+on)\b",
            rest,
            re.I,
        ):
            return ("leads", 0.7)
        return None  # a state, or the passive: something is done to the role
    if re.match(_IDLE, rest, re.I):
        return None
    if modal and not re.match(_STATIVE, rest, re.I):
        return ("leads", 0.8)
    if re.fullmatch(rf"{_MODAL}[:\s]*", rest, re.I):
        return ("leads", 0.9)  # "The committee may:" before a list
    if re.match(r"(?:\w+\s+){1,6}to\s+(?:support|help|assist|advise)\b", rest, re.I):
        return ("supports", 0.6)
    if re.match(_ACTS, rest, re.I):
        return ("leads", 0.6)
    does = re.match(rf"([a-z]{{3,}})\s+{_OBJECT}", rest)
    if does and does.group(1) not in STOPWORDS and not re.match(_STATIVE, re.sub(r"s$", "", does.group(1))):
        return ("leads", 0.6)  # any other verb with an object: "identifies the developers"
    if not before.strip(" *_-–—") and re.match(r"to\s+[a-z]{3,}\b", rest):
        return ("leads", 0.8)  # "The clerk to write to the owner": a task in minutes
    if re.match(r"ha(?:s|ve)\s+(?:\S+\s+){1,5}?(?:in\s+which\s+)?to\s+\w+", rest, re.I):
        return ("leads", 0.7)  # "has two days to object"
    if re.match(r"(?:does|do)\s*(?:that|this|it|so|them|these|those|both|[,.)]|$)", rest, re.I):
        return ("leads", 0.9)  # "Who resets it? The desk does."
    return None
