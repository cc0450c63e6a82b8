"""The language model: a prompt in, its reply piece by piece out, in bounded time whatever its server does."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeAlias

from chat.answer import Made
from ingest.endpoint import Endpoint, patience
from ingest.errors import ModelFault

if TYPE_CHECKING:
    import httpx
    from llama_index.llms.openai import OpenAI

TEMPERATURE, SEED = 0.0, 7
MOST_TOKENS = 800
MOST_CHARACTERS = 20_000  # of a reply; far more than four statements need
MOST_BYTES = 8_000_000  # of a response: every token comes in some hundred bytes of its own
MOST_AT_ONCE = 32
_log = logging.getLogger(__name__)
Pieces: TypeAlias = "SimpleQueue[str | ModelFault | None]"  # of a reply, then None or what went wrong

LATE = "The language model did not answer in time"
UNREACHABLE = "The language model cannot be reached"
REFUSED = "The language model's server refused access"
BUSY = "The language model takes no more questions at the moment"
BROKEN = "The language model's server met an error of its own"
CUT = "The language model broke off in the middle"
ENDLESS = "The language model did not come to an end"
UNUSABLE = "The language model's server does not take our request"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model is told: ``rules`` of ours, ``material`` of everybody else, and the reply's schema."""

    rules: str
    material: str
    schema: Mapping[str, Any]


class LanguageModel:
    """A model behind the OpenAI API, reached through LlamaIndex; safe to share between threads.

    Nothing is loaded or asked before ``warm`` or the first reply. ``transport`` takes the place of the
    network, ``clock`` that of time.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        *,
        seconds: float,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = f"openai:{model}"
        self._endpoint, self._model, self._seconds = endpoint, model, seconds
        self._transport, self._clock = transport, clock
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._loading = threading.Lock()
        self._clients: dict[bool, OpenAI] = {}
        self._plain = False  # whether the server refused what not every server knows

    def warm(self) -> None:
        """Begin to load the client's code, which takes seconds, in the background."""

        def load() -> None:
            # What fails here (such as when the process is about to end) fails again, and is told, when asked.
            with contextlib.suppress(Exception):
                self._client(plain=False)

        threading.Thread(target=load, name="remit-model-load").start()

    def made(self, prompt: str) -> Made:
        """How replies are made now, with the version of the ``prompt``."""
        if self._plain:
            return Made(self._model, None, None, prompt)
        known = self._clients.get(False)
        return Made(self._model, known.temperature if known else TEMPERATURE, SEED, prompt)

    def reply(self, prompt: Prompt, *, until: float) -> Iterator[str]:
        """The reply as it comes in; ``until`` is the time of the clock at which waiting ends.

        Raises ModelFault when there is no reply, no end to it, or no end in time.
        """
        if not self._places.acquire(blocking=False):
            raise ModelFault(BUSY, server=False)
        pieces: Pieces = SimpleQueue()
        left = threading.Event()
        # In a thread of its own: no timeout of a socket covers looking up a name, or a server that dribbles.
        threading.Thread(target=self._run, args=(prompt, pieces, left, until), name="remit-model").start()
        read = 0
        try:
            while True:
                try:
                    piece = pieces.get(timeout=max(0.0, until - self._clock()))
                except Empty:
                    raise ModelFault(LATE) from None
                if piece is None:
                    return
                if isinstance(piece, ModelFault):
                    raise piece
                read += len(piece)
                if read > MOST_CHARACTERS:
                    raise ModelFault(ENDLESS, server=False)
                yield piece
                if self._clock() > until:
                    raise ModelFault(LATE)
        finally:
            left.set()

    def _run(self, prompt: Prompt, pieces: Pieces, left: threading.Event, until: float) -> None:
        """The thread: puts the reply's pieces, then None or the fault."""
        try:
            refused = self._refused(prompt, pieces, left, until)
            # Not inside the except: what is raised here must not carry the refusal's message along.
            if refused:
                self._ask(prompt, pieces, left, until, plain=True)
                self._plain = True
            pieces.put(None)
        except Exception as exc:  # noqa: BLE001 - whatever it is, the reader gets the quotes
            fault = exc if isinstance(exc, ModelFault) else _fault(exc)
            # Neither message nor traceback: servers repeat the key that they were sent.
            status = getattr(exc, "status_code", "")
            if not left.is_set():
                _log.warning("the language model failed: %s %s", type(exc).__name__, status)
            pieces.put(ModelFault(str(fault)))
        finally:
            self._places.release()

    def _refused(self, prompt: Prompt, pieces: Pieces, left: threading.Event, until: float) -> bool:
        """Ask with all that helps; whether the server took offence at a part of that."""
        try:
            self._ask(prompt, pieces, left, until, plain=self._plain)
        except Exception as exc:
            if self._plain or not _is_refusal_of_parameters(exc):
                raise
            return True
        return False

    def _ask(
        self,
        prompt: Prompt,
        pieces: Pieces,
        left: threading.Event,
        until: float,
        *,
        plain: bool,
    ) -> None:
        from llama_index.core.base.llms.types import ChatMessage, MessageRole

        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=prompt.rules),
            ChatMessage(role=MessageRole.USER, content=prompt.material),
        ]
        client = self._client(plain)
        # The thread is to end of itself at about the time when nobody waits any longer.
        more: dict[str, Any] = {"timeout": patience(max(0.1, until - self._clock()))}
        if not plain:
            more |= {"seed": SEED, "response_format": _format(prompt.schema)}
        ended = ""
        for response in client.stream_chat(messages, **more):
            if left.is_set():
                return
            if response.delta:
                pieces.put(response.delta)
            choices = getattr(response.raw, "choices", None)
            ended = (choices[0].finish_reason if choices else None) or ended
        # A reply that was as long as we allow is whole up to there; its last object is not, and is not read.
        if ended not in ("stop", "length"):
            raise ModelFault(CUT)

    def _client(self, plain: bool) -> OpenAI:
        with self._loading:
            if plain not in self._clients:
                self._clients[plain] = _llama(
                    self._endpoint, self._model, self._seconds, self._transport, plain
                )
            return self._clients[plain]


def _llama(
    endpoint: Endpoint, model: str, seconds: float, transport: httpx.BaseTransport | None, plain: bool
) -> OpenAI:
    """LlamaIndex's client, for models of any name; a ``plain`` one sends nothing but model and messages."""
    from llama_index.core.base.llms.types import LLMMetadata
    from llama_index.llms.openai import OpenAI

    class AnyModel(OpenAI):
        @property
        def metadata(self) -> LLMMetadata:
            # The inherited one knows OpenAI's own models and raises for all others.
            return LLMMetadata(is_chat_model=True, model_name=self.model)

        def _get_model_kwargs(self, **kwargs: Any) -> dict[str, Any]:
            full: dict[str, Any] = super()._get_model_kwargs(**kwargs)
            return {k: v for k, v in full.items() if k in {"model", "stream", "timeout"}} if plain else full

    client = endpoint.client(seconds=seconds, most_bytes=MOST_BYTES, transport=transport)
    # The key is in our client alone: LlamaIndex shows the one it is given in its repr and its events.
    return AnyModel(
        model=model,
        temperature=TEMPERATURE,
        max_tokens=MOST_TOKENS,
        reasoning_effort="none",
        max_retries=0,
        timeout=seconds,
        api_key="held by the client",
        openai_client=client,
    )


def _format(schema: Mapping[str, Any]) -> dict[str, Any]:
    named = {"name": "reply", "strict": True, "schema": dict(schema)}
    return {"type": "json_schema", "json_schema": named}


def _is_refusal_of_parameters(exc: Exception) -> bool:
    import openai

    return isinstance(exc, openai.BadRequestError | openai.UnprocessableEntityError)


def _fault(exc: Exception) -> ModelFault:
    """The one line that a reader gets for what went wrong."""
    import httpx
    import openai

    match exc:
        case openai.APITimeoutError() | httpx.TimeoutException():
            return ModelFault(LATE)
        case openai.APIConnectionError():
            return ModelFault(UNREACHABLE)
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return ModelFault(REFUSED)
        case openai.RateLimitError():
            return ModelFault(BUSY)
        case openai.InternalServerError():
            return ModelFault(BROKEN)
        case httpx.DecodingError():
            return ModelFault(ENDLESS)
        case httpx.TransportError():
            return ModelFault(CUT)
    return ModelFault(UNUSABLE)
