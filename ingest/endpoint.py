"""The server that speaks the OpenAI API, and a client for it that neither waits nor reads without end."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    import openai

CONNECT_SECONDS = 3.0
NO_KEY = "none"  # what a server that wants no key is sent: the client insists on one


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the server is and what opens it. Neither shows in ``repr``: an address can hold a password."""

    base_url: str = field(default="", repr=False)  # "" is OpenAI's own
    api_key: str = field(default="", repr=False)

    def client(
        self, *, seconds: float, most_bytes: int, transport: httpx.BaseTransport | None = None
    ) -> openai.OpenAI:
        """A client that asks once: no retries, ``seconds`` and ``most_bytes`` for each whole response.

        A request with a ``patience`` of its own has the time that this gives it.

        A response that is longer or takes longer ends in httpx.ReadTimeout or httpx.DecodingError. With
        ``transport`` requests go there instead of over the network.
        """
        import httpx
        import openai

        def stamp(request: httpx.Request) -> None:
            request.extensions["until"] = time.monotonic() + request.extensions["timeout"]["read"]

        def bound(response: httpx.Response) -> None:
            stream = response.stream
            assert isinstance(stream, httpx.SyncByteStream)
            response.stream = _bounded(stream, response.request.extensions["until"], most_bytes)

        # A client without a transport of ours goes through the proxy that the environment names.
        http = httpx.Client(
            timeout=patience(seconds),
            event_hooks={"request": [stamp], "response": [bound]},
            transport=transport,
        )
        return openai.OpenAI(
            api_key=self.api_key or NO_KEY,
            base_url=self.base_url or "https://api.openai.com/v1",
            max_retries=0,
            timeout=patience(seconds),
            http_client=http,
        )


def patience(seconds: float) -> httpx.Timeout:
    """Timeouts for a request that is to be over in ``seconds``."""
    import httpx

    return httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))


def _bounded(stream: httpx.SyncByteStream, until: float, most_bytes: int) -> httpx.SyncByteStream:
    """``stream``, as long as it keeps within its time and size.

    A server that sends a byte now and then never runs into the timeout of a single read.
    """
    import httpx

    class Bounded(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            left = most_bytes
            for chunk in stream:
                left -= len(chunk)
                if time.monotonic() > until:
                    raise httpx.ReadTimeout("the whole response took too long")
                if left < 0:
                    raise httpx.DecodingError(f"the response is longer than {most_bytes:,} bytes")
                yield chunk

        def close(self) -> None:
            stream.close()

    return Bounded()
