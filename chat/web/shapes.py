"""What the routes answer with, as types; the answer itself is ``chat.answer.Answer``."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from chat.answer import Answer


class FieldError(TypedDict):
    """What is wrong with one field of a request."""

    field: str
    reason: str


class Problem(TypedDict):
    """An error, as RFC 9457 has them; ``detail`` says what is wrong with this request, and how to mend it."""

    type: str
    title: str
    status: int
    detail: str
    request_id: NotRequired[Annotated[str, Field(description="what the server's log calls this request")]]
    errors: NotRequired[list[FieldError]]


class OpenAIErrorBody(TypedDict):
    """What is wrong, and with which parameter."""

    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIError(TypedDict):
    """An error in the shape of OpenAI's API."""

    error: OpenAIErrorBody


class ListedDocument(TypedDict):
    """A document that answers rest on."""

    doc: str
    title: str
    source: str
    kind: str
    published: str
    characters: int
    url: str


class Documents(TypedDict):
    """The documents of an index."""

    index: str
    documents: list[ListedDocument]


class Model(TypedDict):
    """A model that can be named in a request."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class Models(TypedDict):
    """The models there are."""

    object: Literal["list"]
    data: list[Model]


class Usage(TypedDict):
    """How many words and signs were read and written; there are no tokens of one model to count."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class UrlCitation(TypedDict):
    """The source of the mark that stands at ``start_index:end_index`` of the content."""

    start_index: int
    end_index: int
    title: str
    url: str


class Annotation(TypedDict):
    """Something that is said about a part of the content."""

    type: Literal["url_citation"]
    url_citation: UrlCitation


class ChatAnswer(TypedDict):
    """The answer as Markdown, its sources as a numbered list at the end."""

    role: Literal["assistant"]
    content: str
    refusal: None
    annotations: list[Annotation]


class Choice(TypedDict):
    """The one answer there is."""

    index: int
    message: ChatAnswer
    logprobs: None
    finish_reason: Literal["stop"]


class ChatCompletion(TypedDict):
    """An answer in the shape of OpenAI's API; ``remit`` is the answer as ``/api/ask`` gives it."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    system_fingerprint: Annotated[str, Field(description="the index that answered")]
    choices: list[Choice]
    usage: Usage
    remit: Answer


class Health(TypedDict):
    """The process lives."""

    status: Literal["ok"]


class Ready(TypedDict):
    """How well questions can be answered, from which index, and how far the page is."""

    status: Literal["ready", "degraded"]
    reason: NotRequired[str]
    index: str
    page: Literal["loading", "loaded", "failed"]


class Kept(TypedDict):
    """What was sent is kept."""

    kept: Literal[True]


class GapNearest(TypedDict):
    """The document that came nearest."""

    doc: str
    title: str
    url: str


class TopicGap(TypedDict):
    """A topic that nothing covered, or whose answers were rejected: how often, when last, in which words."""

    topic: str
    not_covered: int
    rejected: int
    helpful: int
    last: Annotated[str, Field(description="the day, as 2026-01-31")]
    index: Annotated[str, Field(description="the state of the documents on that day")]
    owners: Annotated[list[str], Field(description="of the rejected answers")]
    questions: list[str]
    nearest: GapNearest | None
    comments: list[str]


class Gaps(TypedDict):
    """What people ask that nothing covers, and the answers they reject; the newest thousand of ``topics``."""

    index: Annotated[str, Field(description="the state of the documents now")]
    since: str
    topics: int
    gaps: list[TopicGap]


class MatrixSaid(TypedDict):
    """What a sentence says of a role."""

    role: str
    relation: Literal["leads", "shares", "supports", "is not"]


class MatrixCitation(TypedDict):
    """A sentence that an entry rests on; ``quote`` is the document's text from ``start`` to ``end``."""

    doc: str
    title: str
    published: str
    label: str
    quote: str
    start: int
    end: int
    says: list[MatrixSaid]
    url: str


class MatrixEntry(TypedDict):
    """A topic, who owns it, and where that is written."""

    topic: str
    status: Literal["stated", "shared", "conflicting", "unowned"]
    owners: list[str]
    supporting: list[str]
    not_owners: list[str]
    force: Literal["normative", "descriptive"]
    plain: bool
    strength: float
    citations: list[MatrixCitation]


class Matrix(TypedDict):
    """Every topic that the documents give to somebody, what they disagree on, and what nobody owns."""

    index: str
    counts: dict[Literal["stated", "shared", "conflicting", "unowned"], int]
    entries: list[MatrixEntry]
