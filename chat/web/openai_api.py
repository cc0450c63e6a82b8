"""The engine as a model, for clients and chat front ends that are made for OpenAI's API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.answer import Event, Turn
from chat.web.completion import Completion
from chat.web.live import AnswerEngine
from chat.web.problem import MEDIA_TYPE, problem
from chat.web.stream import HEADERS, Streams, as_json, event_stream, sse
from chat.web.turns import Words

MODEL = "remit"
PREFIX = "/v1/"
_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}

EngineOf: TypeAlias = Callable[[Request], AnswerEngine]


class _Open(BaseModel):
    # Clients send temperature, tools and a dozen more; none of them can change an answer made of documents.
    model_config = ConfigDict(extra="ignore")


class Part(_Open):
    """A part of a message: text, or something that cannot be read here."""

    type: StrictStr
    text: Words | None = None


class ChatMessage(_Open):
    """A message of the conversation; what ``system`` and ``tool`` say is ignored."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Words | list[Part] | None = None


class StreamOptions(_Open):
    """Whether a last chunk with the counts is wanted."""

    include_usage: StrictBool | None = None


class ChatRequest(_Open):
    """A conversation; its last message of the user is the question."""

    model: StrictStr
    messages: Annotated[list[ChatMessage], Field(min_length=1)]
    stream: StrictBool | None = None
    stream_options: StreamOptions | None = None


def add_openai(app: FastAPI, engine_of: EngineOf, streams: Streams) -> None:
    """Add ``/v1/models`` and ``/v1/chat/completions`` to ``app``."""

    @app.get("/v1/models")
    def models() -> dict[str, Any]:
        """The one model there is."""
        return {"object": "list", "data": [_MODEL]}

    @app.get("/v1/models/{model}")
    def model(model: str) -> Response:
        """The model of that name."""
        return JSONResponse(_MODEL) if model == MODEL else _no_model(model)

    @app.post("/v1/chat/completions")
    async def complete(request: Request, asked: ChatRequest) -> Response:
        """The answer to the last message of the user, with its sources as Markdown and as data."""
        if asked.model != MODEL:
            return _no_model(asked.model)
        try:
            question, history = conversation(asked.messages)
        except _Unreadable as exc:
            return problem(400, str(exc), param=exc.param, code=exc.code)
        base = str(request.base_url).rstrip("/")

        def make() -> Iterator[Event]:
            return engine_of(request).stream(question, history)

        prompt = " ".join(_text(message) for message in asked.messages)
        completion = Completion(MODEL, prompt, base)
        if not asked.stream:
            answer = await run_in_threadpool(lambda: engine_of(request).ask(question, history))
            return JSONResponse(completion.whole(answer), headers=HEADERS)
        with_usage = bool(asked.stream_options and asked.stream_options.include_usage)
        return await event_stream(
            streams,
            make,
            lambda events: completion.chunks(events, usage=with_usage),
            lambda told: sse("", as_json(error_of(told))),
        )


class _Unreadable(Exception):
    """A conversation holds no question that can be read; ``param`` says where, as OpenAI's errors do."""

    def __init__(self, param: str, code: str, message: str) -> None:
        super().__init__(message)
        self.param, self.code = param, code


def conversation(messages: list[ChatMessage]) -> tuple[str, list[Turn]]:
    """The question, which is the last message of the user, and the turns before it."""
    last = max((i for i, message in enumerate(messages) if message.role == "user"), default=None)
    if last is None:
        raise _Unreadable("messages", "missing_user_message", "no message is the user's; ask one question")
    content = messages[last].content
    for number, part in enumerate(content if isinstance(content, list) else []):
        if part.type != "text":
            raise _Unreadable(
                f"messages.{last}.content.{number}",
                "unsupported_content",
                f"a part of the kind {part.type!r} cannot be read here; ask in text alone",
            )
    turns: list[Turn] = []
    for message in messages[:last]:
        if message.role in ("user", "assistant") and (said := _text(message)):
            turns.append({"role": message.role, "content": said})
    return _text(messages[last]), turns


def _text(message: ChatMessage) -> str:
    if isinstance(message.content, list):
        return "\n".join(part.text or "" for part in message.content if part.type == "text")
    return message.content or ""


def error_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """A problem in the shape of OpenAI's errors."""
    status = given.get("status", 500)
    fields = given.get("errors") or [{}]
    kind = _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return {
        "error": {
            "message": given.get("detail", ""),
            "type": kind,
            "param": given.get("param", fields[0].get("field")),
            "code": given.get("code"),
        }
    }


class OpenAIErrors:
    """ASGI middleware: below ``/v1/`` every problem, whoever found it, has the shape of OpenAI's errors."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = bytearray()

        async def translate(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                if Headers(raw=message["headers"]).get("content-type") == MEDIA_TYPE:
                    start = message
                    return
            elif start is not None:
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    await _tell(start, bytes(body), send)
                return
            await send(message)

        await self._app(scope, receive, translate)


async def _tell(start: Message, body: bytes, send: Send) -> None:
    told = as_json(error_of(json.loads(body))).encode()
    headers = MutableHeaders(raw=start["headers"])
    headers["content-type"], headers["content-length"] = "application/json", str(len(told))
    # Clients look for 400 where the fields of a request are wrong.
    await send({**start, "status": 400 if start["status"] == 422 else start["status"]})
    await send({"type": "http.response.body", "body": told})


def _no_model(name: str) -> Response:
    detail = f"there is no model {name!r}; the one there is has the name {MODEL!r}"
    return problem(404, detail, param="model", code="model_not_found")


_MODEL = {"id": MODEL, "object": "model", "created": 0, "owned_by": "remit"}
