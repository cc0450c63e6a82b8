"""Orders in documents: what a sentence has whoever answers say is not said by it."""

from __future__ import annotations

import re

# An order begins a sentence or a clause, or follows "must", "should", "please" and the like.
_BEGINS = r"(?:^|[.;:!?–—\-*\"“]\s*|\b(?:and|then|now|please|must|should|shall|always|just)\s+)"
_SPEECH = r"(?:answers?|repl(?:y|ies)|responses?|instructions?|prompts?|citations?)"
_ORDER = re.compile(
    rf"{_BEGINS}(?:say|state|claim|assert|pretend|answer|reply|respond|repeat|write|declare|insist)\s+that\b"
    rf"|{_BEGINS}(?:ignore|disregard|forget|override)\s+(?:\w+\s+){{0,4}}"
    r"(?:instructions?|rules?|guidelines?|prompts?|orders?)\b"
    rf"|{_BEGINS}(?:print|reveal|output|invent|append|include|add|cite|attribute)\b[^.]{{0,80}}"
    rf"\b(?:your|this|the|an?|another)\s+(?:{_SPEECH}|source|quote)\b|\bcite\s+source\b"
    rf"|{_BEGINS}(?:do\s+not|don['’]t|never|stop)\s+(?:cite|citing|quote|quoting|answer(?:ing)?|writing)\b"
    r"|\b(?:assistant|chatbot|language\s+model)\s*:|\bsystem\s+(?:message|prompt)\b"
    r"|\b(?:send|direct|point|refer)\s+(?:all\s+|the\s+|your\s+)?readers\b"
    rf"|\bnote\s+to\s+(?:the\s+)?(?:assistant|chatbot|model|ai)\b|\byour\s+{_SPEECH}\b"
    r"|\bnew\s+(?:rules|instructions)\s*:|\bend\s+of\s+(?:material|prompt)\b",
    re.IGNORECASE,
)


def given(text: str) -> bool:
    """Whether ``text`` holds an order to whoever answers questions from it."""
    return _ORDER.search(" ".join(text.split())) is not None
