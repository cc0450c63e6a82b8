"""The answer: one type for page, widget, API, command line and evals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeAlias

from typing_extensions import TypedDict

Verdict = Literal["lead", "shared", "info", "not_covered"]
Status = Literal["supported", "partial", "conflicting", "not_covered"]


class Turn(TypedDict):
    """One message of the conversation so far, oldest first; the shape every chat front end uses."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of a document: ``quote == document.text[start:end]``, always."""

    number: int
    doc: str
    title: str
    publisher: str
    published: str
    label: str
    quote: str
    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the answer and the numbers of the citations it rests on."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that was produced and is not shown, and why it failed its check."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Made:
    """How a language model made an answer; ``prompt`` is its prompt's version, None what the server chose."""

    model: str
    temperature: float | None
    seed: int | None
    prompt: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    ``owners`` is empty when the verdict is ``info`` or ``not_covered``; ``nearest`` is filled only when it
    is ``not_covered``. ``reason`` says how the evidence led to the verdict, in a sentence for the reader.
    ``asked`` is the question made to stand alone. ``dropped`` lists what a model said that its citations do
    not carry; ``notice`` tells the reader in a line why an answer is not of the usual kind, "" when it is.
    ``id`` is what the answer can be judged by, "" where no journal is kept.
    """

    question: str
    asked: str
    topic: str
    verdict: Verdict
    status: Status
    owners: tuple[str, ...]
    supporting: tuple[str, ...]
    statements: tuple[Statement, ...]
    text: str
    reason: str
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...]
    answered_by: str
    index: str
    dropped: tuple[Dropped, ...] = ()
    notice: str = ""
    made: Made | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
    id: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain JSON types, key for key the API's contract; without an ``id`` that is ""."""
        given = asdict(self)
        if not self.id:
            del given["id"]
        return given


@dataclass(frozen=True, slots=True)
class Started:
    """The first event of a streamed answer: how the question was understood, and who answers."""

    asked: str
    topic: str
    answered_by: str
    index: str


@dataclass(frozen=True, slots=True)
class Said:
    """One checked statement, as soon as it is whole, with the citations that it rests on."""

    statement: Statement
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event: the whole answer, which replaces whatever was shown of it before."""

    answer: Answer


Event: TypeAlias = Started | Said | Finished


def events(answer: Answer) -> Iterator[Event]:
    """The events of an answer that is already whole."""
    yield Started(answer.asked, answer.topic, answer.answered_by, answer.index)
    cited = {c.number: c for c in answer.citations}
    for statement in answer.statements:
        yield Said(statement, tuple(cited[n] for n in statement.citations))
    yield Finished(answer)
