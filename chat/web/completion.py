"""One answer in the shapes of OpenAI's chat completions: whole, or in chunks."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import AsyncGenerator, Iterator
from typing import Any

from chat.answer import Answer, Event, Finished, Said, Started
from chat.web import markdown
from chat.web.stream import PING, as_json, sse

_COUNTED = re.compile(r"\w+|[^\w\s]")
_RULE = "\n\n---\n\n"


class Completion:
    """A completion of ``prompt`` by ``model``; ``base`` is the address that links to sources begin with."""

    def __init__(self, model: str, prompt: str, base: str) -> None:
        self._model, self._prompt, self._base = model, prompt, base
        self._id, self._created = f"chatcmpl-{uuid.uuid4().hex}", int(time.time())
        self._index = ""
        self._sent: list[str] = []

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The completion in one object; ``remit`` is the answer as our own API gives it."""
        content = "".join(markdown.pieces(answer, self._base))
        self._index = answer.index
        message = {
            "role": "assistant",
            "content": content,
            "refusal": None,
            "annotations": self._annotations(answer, content),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return self._object("chat.completion", [choice]) | {
            "usage": self._usage(content),
            "remit": answer.to_dict(),
        }

    async def chunks(self, events: AsyncGenerator[Event | None], *, usage: bool) -> AsyncGenerator[bytes]:
        """The completion piece by piece, with the counts at its end when ``usage`` asks for them."""
        extra: dict[str, Any] = {"usage": None} if usage else {}
        async for event in events:
            match event:
                case None:
                    yield PING
                case Started():
                    self._index = event.index
                    yield self._chunk({"role": "assistant", "content": ""}, extra)
                    by_model = event.answered_by != "extractive"
                case Said(statement):
                    if by_model:  # else the answer is about to come as a whole, verdict first
                        yield self._more(markdown.said(statement, first=not self._sent), extra)
                case Finished(answer):
                    for piece in self._missing(answer):
                        yield self._more(piece, extra)
                    yield self._end(answer, extra)
        if usage:
            counted = {"usage": self._usage("".join(self._sent))}
            yield sse("", as_json(self._object("chat.completion.chunk", []) | counted))
        yield sse("", "[DONE]")

    def _missing(self, answer: Answer) -> Iterator[str]:
        """What of ``answer`` has not been sent; all of it, set off, when what was sent is no part of it."""
        pieces = markdown.pieces(answer, self._base)
        known = len(self._sent)
        if self._sent != pieces[:known]:
            yield _RULE
            known = 0
        yield from pieces[known:]

    def _more(self, content: str, extra: dict[str, Any]) -> bytes:
        self._sent.append(content)
        return self._chunk({"content": content}, extra)

    def _end(self, answer: Answer, extra: dict[str, Any]) -> bytes:
        annotations = self._annotations(answer, "".join(self._sent))
        return self._chunk(
            {"annotations": annotations}, extra | {"remit": answer.to_dict()}, finish_reason="stop"
        )

    def _chunk(self, delta: dict[str, Any], extra: dict[str, Any], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return sse("", as_json(self._object("chat.completion.chunk", [choice]) | extra))

    def _object(self, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": self._id,
            "object": kind,
            "created": self._created,
            "model": self._model,
            "system_fingerprint": self._index,
            "choices": choices,
        }

    def _annotations(self, answer: Answer, content: str) -> list[dict[str, Any]]:
        return [
            {
                "type": "url_citation",
                "url_citation": {
                    "start_index": mark.start,
                    "end_index": mark.end,
                    "title": mark.citation.title,
                    "url": self._base + mark.citation.url,
                },
            }
            for mark in markdown.marks(content, answer.citations)
        ]

    def _usage(self, content: str) -> dict[str, int]:
        """Words and signs: there is no model of one kind here whose tokens could be counted."""
        asked, said = (sum(1 for _ in _COUNTED.finditer(text)) for text in (self._prompt, content))
        return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}
