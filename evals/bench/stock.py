"""The stock peer: hybrid retrieval as it is put together everywhere, and the obvious owner on top.

It embeds whole questions and passages of 180 words with the same bundled model, ranks them by BM25 as well,
joins both rankings by reciprocal rank fusion, cites the first five and names the role that the first of them
names most. It has no way to tell that nothing is covered: a fused rank says nothing about coverage. Its
vectors are searched in memory, which is quicker than any database.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chat.answer import Answer, Citation, Turn
from ingest.lexical import Lexicon
from ingest.records import Document
from ingest.roles import RoleBook

WORDS = 180
CITED = 5
DEPTH = 50  # how far down each ranking is read
FUSION = 60  # the constant of reciprocal rank fusion, as its authors set it (Cormack et al., SIGIR 2009)


class Embedder(Protocol):
    """Turns texts into rows of unit length."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text."""
        ...


@dataclass(frozen=True, slots=True)
class Passage:
    """Up to ``WORDS`` words of a document in a row; ``start:end`` are offsets into its text."""

    doc: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Names:
    """A pattern with a named group a name, and the role that each group stands for."""

    pattern: re.Pattern[str]
    roles: dict[str, str]


class Stock:
    """An asker over passages; the documents are embedded as it is made, one pass over all of them."""

    def __init__(self, documents: Iterable[Document], roles: RoleBook, embedder: Embedder) -> None:
        self._documents = {document.path: document for document in documents}
        self._passages = [passage for document in self._documents.values() for passage in passages(document)]
        known = names(roles)
        self._owners = {passage: named_most(passage.text, known) for passage in self._passages}
        self._embedder = embedder
        self._vectors = embedder.embed([passage.text for passage in self._passages])
        self._lexicon = Lexicon.build([tokens(passage.text) for passage in self._passages])

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:  # noqa: ARG002 - it knows of no history
        """The role named most in the first of five passages; the verdict is always that somebody leads."""
        best = self.rank(question)[:CITED]
        citations = tuple(self._citation(number, passage) for number, passage in enumerate(best, start=1))
        owner = self._owners[best[0]] if best else ""
        return Answer(
            question=question,
            asked=question,
            topic="",
            verdict="lead",
            status="supported",
            owners=(owner,) if owner else (),
            supporting=(),
            statements=(),
            text="\n\n".join(citation.quote for citation in citations),
            reason="",
            citations=citations,
            nearest=(),
            answered_by="stock",
            index="",
        )

    def rank(self, question: str, history: Sequence[Turn] = ()) -> list[Passage]:  # noqa: ARG002
        """Passages by the sum of 1 / (60 + rank) over both rankings, best first."""
        if not self._passages:
            return []
        near = self._vectors @ self._embedder.embed([question])[0]
        by_vector = [int(row) for row in np.argsort(-near, kind="stable")[:DEPTH]]
        by_words = [match.row for match in self._lexicon.scores(tokens(question), DEPTH)]
        fused: Counter[int] = Counter()
        for ranking in (by_vector, by_words):
            for rank, row in enumerate(ranking, start=1):
                fused[row] += 1 / (FUSION + rank)  # type: ignore[assignment]  # a Counter adds floats as well
        return [self._passages[row] for row, _ in fused.most_common()]

    def _citation(self, number: int, passage: Passage) -> Citation:
        document = self._documents[passage.doc]
        return Citation(
            number=number,
            doc=passage.doc,
            title=document.title,
            publisher=document.source,
            published=document.published,
            label=f"Passage {number}",
            quote=passage.text,
            start=passage.start,
            end=passage.end,
            url="",
        )


def passages(document: Document) -> list[Passage]:
    """A document cut after every ``WORDS`` words; none for a document without a word."""
    words = list(re.finditer(r"\S+", document.text))
    cuts = [words[at : at + WORDS] for at in range(0, len(words), WORDS)]
    return [
        Passage(document.path, cut[0].start(), cut[-1].end(), document.text[cut[0].start() : cut[-1].end()])
        for cut in cuts
    ]


def names(book: RoleBook) -> Names:
    """Every name and alias as whole words, case and a plural's "s" aside, the longest first."""
    pairs = sorted(
        ((name, role.name) for role in book.roles for name in (role.name, *role.aliases)), key=_length
    )
    groups = {f"n{number}": pair for number, pair in enumerate(pairs)}
    choices = [rf"(?P<{group}>{re.escape(name)}s?)" for group, (name, _) in groups.items()]
    pattern = rf"(?<!\w)(?:{'|'.join(choices)})(?!\w)" if choices else r"(?!)"
    return Names(re.compile(pattern, re.IGNORECASE), {group: role for group, (_, role) in groups.items()})


def named_most(text: str, known: Names) -> str:
    """The role that a text names most often, of equals the one named first; "" when it names none."""
    named = Counter(known.roles[match.lastgroup or ""] for match in known.pattern.finditer(text))
    return named.most_common(1)[0][0] if named else ""


def _length(pair: tuple[str, str]) -> int:
    return -len(pair[0])


def tokens(text: str) -> list[str]:
    """Words in small letters, as BM25 takes them out of the box."""
    return re.findall(r"\w+", text.lower())
