"""Words with their place in the text, and the stems by which two word forms are held to be the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

# An apostrophe, a dot inside an abbreviation and a hyphen belong to the word they join.
_WORD = re.compile(r"[^\W_]+(?:[.'’\-&][^\W_]+)*", re.UNICODE)
_INLINE = re.compile(
    r"!?\[(?=[^\]\n]*\]\()|\]\([^)\n]{0,300}\)|\s<[^<>\n]{1,200}>(?=`)|:[a-z]+(?::[a-z]+)?:(?=`)|`_+(?!\w)|[*`]"
    r"|(?<=\n)[ \t]*>[> \t]*|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|</?[A-Za-z][^<>\n]{0,80}>"
)
_PARTS = re.compile(r"[^\W_]+", re.UNICODE)
_POSSESSIVE = re.compile(r"(?:['’]s|s['’])$", re.IGNORECASE)
_QUOTED = re.compile(r"(?<!\w)[\"'“”‘’«]([^\W\d_]+)[\"'“”‘’»](?!\w)")

# Words that say nothing of a topic: articles, pronouns, prepositions, auxiliaries, and the filler of
# questions.
STOPWORDS = frozenset(
    """
a about above across after again against all already also although always am among an and another any
anybody anyone anything are around as at away be because been before behind being below between both but by
came can cannot come comes could did do does doing done down during each either else even ever every
everybody everyone everything few for from further get gets getting give given go goes going gone got had
has have having he her here hers herself him himself his how however i if in indeed instead into is isn it
its itself just keep kind least less let like likely made make makes many may maybe me might mine more most
much must my myself near need needs neither never no nobody none nor not nothing now of off often ok okay on
once one only onto or other others otherwise our ours ourselves out over own per perhaps please put quite
rather really same say says shall she should since so some somebody someone something sometimes soon still
such than that the their theirs them themselves then there therefore these they thing things this those
though through thus till to together too toward towards two under unless until up upon us very via was way
we well were what whatever when where whether which while who whoever whole whom whose why will with within
without would yes yet you your yours yourself yourselves t s re ve ll d m don doesn didn won wouldn shouldn
couldn aren wasn weren hasn haven hadn
""".split()
)

# Forms of a verb that no stemmer brings together, the first of each the one that stands for all.
_VERB_OF = {
    form: forms.split()[0]
    for forms in (
        "bear borne|become became|begin began begun|break broke broken|bring brought|build built|"
        "buy bought|catch caught|choose chose chosen|deal dealt|draw drew drawn|drive drove driven|"
        "eat ate eaten|feed fed|fight fought|find found|fly flew flown|"
        "forbid forbade forbidden|forget forgot forgotten|freeze froze frozen|give gave given|"
        "grow grew grown|hang hung|hear heard|hide hid hidden|hold held|keep kept|know knew known|"
        "lay laid|lead led|lend lent|lose lost|make made|mean meant|meet met|"
        "oversee oversaw overseen|overtake overtook overtaken|overrun overran|"
        "override overrode overridden|pay paid|repay repaid|ride rode ridden|"
        "rise risen|run ran|say said|see seen|seek sought|sell sold|send sent|"
        "shake shook shaken|show shown|sing sang sung|sink sank sunk|sleep slept|"
        "speak spoken|spend spent|stand stood|steal stole stolen|stick stuck|strike struck|"
        "swear swore sworn|sweep swept|swim swam swum|take took taken|teach taught|tear tore torn|"
        "tell told|throw threw thrown|undertake undertook undertaken|"
        "understand understood|undo undid undone|wake woke woken|wear wore worn|win won|"
        "withdraw withdrew withdrawn|withhold withheld|write wrote written|rewrite rewrote rewritten"
    ).split("|")
    for form in forms.split()
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, and its span in the text it was taken from."""

    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        """The word in small letters, its apostrophes straight."""
        return self.text.lower().replace("’", "'")


def words(text: str) -> list[Word]:
    """The words of ``text`` in order, with exact spans; an empty list when there are none."""
    return [Word(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]


def bare(text: str) -> str:
    """``text`` with inline marks (emphasis, links, tags) blanked out at the same length, so offsets hold."""
    return _INLINE.sub(lambda m: " " * len(m.group()), text)


def base(word: str) -> str:
    """``word`` in lower case without a possessive ending: "CIO’s" -> "cio", "developers'" -> "developers"."""
    word = word.lower()
    return word[:-1] if word.endswith(("s'", "s’")) else _POSSESSIVE.sub("", word)


def singular(word: str) -> str:
    """A crude singular, enough to match "release managers" with "release manager"."""
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 2 and word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Snowball (Porter 2) stem of one lower-case word, the forms of a verb and either spelling alike."""
    word = _VERB_OF.get(word, word)
    word = re.sub(r"(?<=[a-z]{3})is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)", "iz", word)
    word = re.sub(r"(?<=[a-z]{3})our(?=(?:s|ed|ing|able)?$)", "or", word)
    word = re.sub(r"(?<=[a-z]{2})tre(?=s?$)", "ter", word)
    word = re.sub(r"gramme(?=s?$)", "gram", word)
    # One for each word: a stemmer keeps the word that it is at work on, and threads would share it.
    return str(snowballstemmer.stemmer("english").stemWord(word))


def quoted(text: str) -> list[str]:
    """The small words that ``text`` puts in quotation marks, in small letters: spoken of, not used."""
    return [m.lower() for m in _QUOTED.findall(text) if m.lower() in STOPWORDS]


def stems(text: str) -> list[str]:
    """The stems of the content words of ``text`` in order, compounds whole and in parts, repeats kept."""
    found = quoted(text)
    for word in _WORD.findall(text):
        word = base(word)
        parts = _PARTS.findall(word)
        # "they'd" is no word of its own, "o'clock" and "e-mail" are
        if len(parts) > 1 and not ("'" in word.replace("’", "'") and STOPWORDS.issuperset(parts)):
            found.append(stem("".join(parts)))
        found += [stem(p) for p in parts if p not in STOPWORDS and (len(p) > 1 or p.isdigit())]
    return found
