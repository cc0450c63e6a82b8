"""The API's description of itself: what FastAPI knows of the routes, with every response and an example."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from importlib import resources
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from chat.answer import Answer
from chat.web.problem import MEDIA_TYPE
from chat.web.shapes import (
    ChatCompletion,
    Documents,
    Gaps,
    Health,
    Kept,
    Matrix,
    Models,
    OpenAIError,
    Problem,
    Ready,
)

_REF = "#/components/schemas/"
_STREAM = "text/event-stream"


@dataclass(frozen=True, slots=True)
class _Said:
    """What a route answers with when all is well: the schema's name, or "" for text of ``media_type``."""

    summary: str
    tag: str
    schema: str = ""
    media_type: str = "application/json"


_ROUTES = {
    "POST /api/ask": _Said("The answer to a question", "answers", "Answer"),
    "POST /api/ask/stream": _Said("The answer as it comes to be", "answers", "", _STREAM),
    "GET /api/documents": _Said("The documents that answers rest on", "documents", "Documents"),
    "GET /api/matrix": _Said("Who owns what, by the documents", "documents", "Matrix"),
    "GET /api/matrix.csv": _Said("The same for a spreadsheet", "documents", "", "text/csv"),
    "POST /api/feedback": _Said("Whether an answer helped", "gaps", "Kept"),
    "GET /api/gaps": _Said("What people ask that nothing covers", "gaps", "Gaps"),
    "GET /api/gaps.csv": _Said("The same for a spreadsheet", "gaps", "", "text/csv"),
    "GET /sources/{doc}": _Said("A document with its cited sentence marked", "documents", "", "text/html"),
    "GET /v1/models": _Said("The models there are", "for OpenAI's clients", "Models"),
    "GET /v1/models/{model}": _Said("One model", "for OpenAI's clients", "Model"),
    "POST /v1/chat/completions": _Said(
        "The answer to a conversation's last question", "for OpenAI's clients", "ChatCompletion"
    ),
    "GET /health": _Said("Whether the process lives", "operation", "Health"),
    "GET /ready": _Said("Whether questions can be answered", "operation", "Ready"),
    "GET /metrics": _Said("Figures for Prometheus", "operation", "", "text/plain"),
}
_SCHEMAS = (
    Answer, Problem, OpenAIError, Documents, Matrix, Kept, Gaps, Models, ChatCompletion, Health, Ready
)  # fmt: skip
REASONS = {
    400: "The body is not JSON, or the question is empty, too long or not text.",
    401: "The server wants to know who asks, and cannot tell.",
    403: "A page of a foreign origin asks, or this is not for the reader.",
    404: "There is nothing of that name.",
    408: "The body did not come in time.",
    413: "The body is larger than 64 kB.",
    415: "The body does not claim to be JSON.",
    421: "The server does not answer to that host name.",
    422: "The body is JSON of the wrong shape; `errors` names the fields.",
    429: "Too many requests; `Retry-After` says when to ask again.",
    500: "The server met an error of its own.",
    503: "There is no index to answer from, no journal to read or write, or too much to do at this moment.",
}
_EVENTS = {"/api/ask/stream": ["start", "statement", "answer", "problem"]}
_LAST = {"/v1/chat/completions": "; the last event is [DONE]"}
_EVERYWHERE = (401, 421, 429, 500, 503)
_WITH_BODY = (400, 403, 408, 413, 415, 422)
_MORE = {"/api/feedback": (404,), "/api/gaps": (403, 404), "/api/gaps.csv": (403, 404)}


def describe(app: FastAPI) -> None:
    """Have ``app`` describe itself in full at its ``openapi_url``."""

    def description() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = description  # type: ignore[method-assign]


def examples() -> dict[str, dict[str, Any]]:
    """For each route, as "POST /api/ask": name to ``request``, ``path`` or neither, and ``response``."""
    text = (resources.files(__package__) / "examples.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found


def _described(app: FastAPI) -> dict[str, Any]:
    given = get_openapi(
        title=app.title, version=app.version, description=_ABOUT, routes=app.routes, openapi_version="3.1.0"
    )
    schemas = given["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's own errors, which are never sent
        schemas.pop(name, None)
    for kind in _SCHEMAS:
        schema = TypeAdapter(kind).json_schema(mode="serialization", ref_template=_REF + "{model}")
        for name, found in ({kind.__name__: schema} | schema.pop("$defs", {})).items():
            assert schemas.setdefault(name, found) == found, f"two schemas are called {name!r}"
    schemas["AskRequest"]["properties"]["question"] |= _QUESTION
    given["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "An API key, or a widget's token."}
    }
    # No sign-in is an alternative: whether one is asked for is the operator's choice.
    given["security"] = [{}, {"bearer": []}]
    shown = examples()
    for path, methods in given["paths"].items():
        for method, operation in methods.items():
            _complete(operation, path, method.upper(), shown.get(f"{method.upper()} {path}", {}))
    return given


# As far as a schema can say what chat.question.check wants: a letter or digit, and no control characters.
_QUESTION = {"minLength": 1, "maxLength": 2000}


def _complete(operation: dict[str, Any], path: str, method: str, shown: dict[str, Any]) -> None:
    """Give one operation its name, its responses and its examples."""
    said = _ROUTES.get(f"{method} {path}")
    operation["operationId"] = "_".join(
        [method.lower(), *(part.strip("{}").replace(".", "_") for part in path.split("/") if part)]
    )
    bodies = {name: {"value": example["request"]} for name, example in shown.items() if "request" in example}
    if bodies:
        operation["requestBody"]["content"]["application/json"]["examples"] = bodies
    responses: dict[str, Any] = {}
    if said:
        operation |= {"summary": said.summary, "tags": [said.tag]}
        good: dict[str, Any] = {}
        for name, example in shown.items():
            media = _STREAM if example.get("streams") else said.media_type
            good.setdefault(media, _content(said.schema, media, path))
            good[media].setdefault("examples", {})[name] = {"value": example["response"]}
        plain = {said.media_type: _content(said.schema, said.media_type, path)}
        responses["200"] = {"description": said.summary, "content": good or plain}
    kinds = _EVERYWHERE + (_WITH_BODY if method == "POST" else ()) + ((404,) if _names(path) else ())
    kinds += _MORE.get(path, ())
    kinds += (422,) if "422" in operation["responses"] else ()
    for status in sorted(set(kinds)):
        responses[str(status)] = _problem(status, path)
    if path.startswith("/v1/"):
        responses.pop("422", None)  # told as 400, as OpenAI's API does
    operation["responses"] = responses
    for parameter in operation.get("parameters", []):
        if "anyOf" in parameter["schema"]:  # a parameter that is left out is no null
            parameter["schema"] = parameter["schema"]["anyOf"][0]


def _content(schema: str, media_type: str, path: str) -> dict[str, Any]:
    """The content of a good response; of a stream the schema is that of each of its events."""
    if media_type == _STREAM:
        names = _EVENTS.get(path, ["message"])
        data = {"type": "string", "description": "JSON in one line" + _LAST.get(path, "")}
        event = {"type": "object", "properties": {"event": {"enum": names}, "data": data}}
        return {"schema": event | {"required": ["event", "data"], "description": "each event"}}
    return {"schema": {"$ref": _REF + schema} if schema else {"type": "string"}}


def _names(path: str) -> bool:
    """Whether a request to ``path`` names something that may not be there."""
    return "{" in path or path == "/v1/chat/completions"


def _problem(status: int, path: str) -> dict[str, Any]:
    openai = path.startswith("/v1/")
    page = path.startswith("/sources/") and status == 404
    media = "text/html" if page else "application/json" if openai else MEDIA_TYPE
    schema = {"type": "string"} if page else {"$ref": _REF + ("OpenAIError" if openai else "Problem")}
    response: dict[str, Any] = {
        "description": f"{HTTPStatus(status).phrase}. {REASONS[status]}",
        "content": {media: {"schema": schema}},
    }
    if status in (429, 503):
        response["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}
    return response


_ABOUT = """Who should own it, and the sentence that says so.

Every error is `application/problem+json` (RFC 9457); below `/v1/` it has the shape of OpenAI's errors. A path
that does not exist is answered with 404, a method that a path does not know with 405 and `Allow`.

`POST /api/ask/stream` sends server-sent events: `start` (how the question was understood), `statement` (one
checked statement with its citations), at the end `answer` (the whole answer, which replaces what came before)
or `problem`; a line that begins with a colon says nothing but that the server is still there.
"""
