"""The small words that turn a sentence round: denials, limits, and what claims more than a source says."""

from __future__ import annotations

import re

from ingest.words import bare, stems

ECHO = 0.75  # the share of a clause's words that make a sentence speak of the same
HALF = 0.5  # the same where both deny something
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without|except|unless|hardly|rarely|seldom|"
    r"(?:rather|other)\s+than|instead\s+of|no\s+longer|unlike|lacks?|fails?\s+to|refuses?\s+to|prohibit\w*|"
    r"forbid\w*|forbade|outside|exclud\w+|ceases?)\b|n['’]t\b",
    re.IGNORECASE,
)
_HARMLESS = re.compile(r"\bnot\s+only\b|\bno\s+(?:less|fewer)\s+than\b|\bwithout\s+doubt\b", re.IGNORECASE)
_CUT = re.compile(r"[.;:,()\n–—]+|\b(?:but|while|whereas|although|though|and|or)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.;:\n]+(?=\s|$)")
# Words that claim more than a plain sentence; each kind may be said only where the source says the like.
_STRONG = {
    "that it is so alone": r"only|sole(?:ly)?|alone|exclusive(?:ly)?|single-handed(?:ly)?",
    "that it is so without exception": r"always|all|every\w*|each|entire(?:ly)?|full(?:y)?|"
    r"complete(?:ly)?|whole|any\w*|overall|total(?:ly)?",
    "that it is an obligation": r"must|shall|mandatory|obliged|obligatory|requires?|required|"
    r"imperative|essential|vital|(?:has|have|needs?)\s+to|need",
    "who decides in the end": r"final(?:ly)?|ultimate(?:ly)?|veto|last\s+word|overrules?",
}
_PATTERNS = {claim: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for claim, words in _STRONG.items()}
# Words of place, time and amount that make a statement another one; each may be said only where its source
# has it.
_DIRECTION = re.compile(
    r"\b(?:before|after|until|till|above|below|beneath|under|beyond|least|more|less|fewer|outside|inside|within|since|"
    r"unless|if|without|except|despite|instead|up\s+to|at\s+most)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:if|unless|except|only|up\s+to|at\s+most|no\s+more\s+than|provided|as\s+long\s+as|until|above|below|"
    r"over(?=\s+\W?\d))\s+(?P<what>[^,;.\n]{2,80})",
    re.IGNORECASE,
)


def turned(text: str, evidence: str) -> str:
    """Why ``text`` says other than ``evidence`` by its small words; "" when it does not."""
    plain, source = bare(text), bare(evidence)
    return (
        _denials(plain, source)
        or _strength(plain, source)
        or _directions(plain, source)
        or _limits(plain, source)
    )


def _denials(text: str, evidence: str) -> str:
    """Whether ``text`` denies what its source does not, or leaves out a denial of it."""
    mine, theirs = _denied(text), _denied(evidence)
    for times, about in mine:
        if not any(
            _echo(about, other) >= HALF and (times - often) % 2 == 0 for often, other in theirs if about
        ):
            return "It denies what its source does not deny."
    if not mine:
        spoken = frozenset(stems(text))
        if any(len(about) > 1 and _echo(about, spoken) >= ECHO for _, about in theirs):
            return "Its source denies this."
    return ""


def _denied(text: str) -> list[tuple[int, frozenset[str]]]:
    """The clauses of ``text`` that hold words of denial: how many, and the stems of the rest."""
    pieces = [_HARMLESS.sub(" ", p) for p in _CUT.split(text)]
    return [
        (len(_NEGATION.findall(p)), frozenset(stems(_NEGATION.sub(" ", p))))
        for p in pieces
        if _NEGATION.search(p)
    ]


def _strength(text: str, evidence: str) -> str:
    for claim, pattern in _PATTERNS.items():
        if pattern.search(text) and not pattern.search(evidence):
            return f"It says {claim}; its source does not."
    return ""


def _directions(text: str, evidence: str) -> str:
    held = {_squeezed(m.group()) for m in _DIRECTION.finditer(evidence)}
    for m in _DIRECTION.finditer(text):
        if _squeezed(m.group()) not in held:
            return f"It says {_squeezed(m.group())!r}; its source does not."
    return ""


def _limits(text: str, evidence: str) -> str:
    """Whether ``text`` leaves out a condition or a limit under which its source says the same."""
    spoken = frozenset(stems(text))
    sentences = [s for s in _SENTENCE.split(evidence) if s.strip()]
    if not sentences or not spoken:
        return ""
    same = max(sentences, key=lambda s: len(spoken & frozenset(stems(s))))
    for m in _LIMIT.finditer(same):
        what = frozenset(stems(m["what"]))
        if what and not what & spoken:
            return f"It leaves out a limit of its source: {_squeezed(m.group())!r}."
    return ""


def _echo(about: frozenset[str], other: frozenset[str]) -> float:
    return len(about & other) / len(about) if about else 0.0


def _squeezed(text: str) -> str:
    return " ".join(text.split()).lower()
