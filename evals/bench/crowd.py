"""A crowd of people who ask a server at once, each over a connection of their own.

The crowd runs on the machine that it measures, so it is little code: a client library would take as long as
the server does.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, cycle
from random import Random
from typing import Protocol
from urllib.parse import urlsplit

_PATIENCE = 60.0  # seconds after which a person gives up


@dataclass(frozen=True, slots=True)
class Asked:
    """One question asked: milliseconds until its whole answer was there, and its status, 0 for none."""

    ms: float
    status: int


class Questions:
    """Questions without end, from a list that repeats.

    ``new`` makes each one that nobody has asked before: white space at its end, which no answer depends on.
    """

    def __init__(self, questions: Sequence[str], *, new: bool) -> None:
        self._texts = cycle(questions)
        self._numbers = count(time.time_ns() >> 10) if new else None

    def __next__(self) -> bytes:
        text = next(self._texts)
        if self._numbers is not None:
            text += f"{next(self._numbers):b}".translate({48: " ", 49: "\t"})
        return json.dumps({"question": text}).encode()

    def __iter__(self) -> Iterator[bytes]:
        return self


class Person:
    """One connection, kept open between questions and opened again when the server has closed it."""

    def __init__(self, address: str) -> None:
        at = urlsplit(address)
        self._host, self._port = at.hostname or "127.0.0.1", at.port or 80
        fields = (f"Host: {at.netloc}", "Content-Type: application/json", "Content-Length: ")
        self._head = "\r\n".join(("POST /api/ask HTTP/1.1", *fields))
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, body: bytes) -> Asked:
        """Ask one question; whatever goes wrong is an answer with the status 0."""
        started = time.perf_counter()
        try:
            async with asyncio.timeout(_PATIENCE):
                status = await self._ask(body)
        except (OSError, ValueError, asyncio.IncompleteReadError):
            status = 0
            await self.leave()
        return Asked(1e3 * (time.perf_counter() - started), status)

    async def _ask(self, body: bytes) -> int:
        reader, writer = await self.arrive()
        writer.write(f"{self._head}{len(body)}\r\n\r\n".encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.partition("content-length:")[2].split("\r\n", 1)[0])
        json.loads(await reader.readexactly(length))
        if "connection: close" in head:
            await self.leave()
        return int(head.split(" ", 2)[1])

    async def arrive(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open the connection, if it is not."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        return self._streams

    async def leave(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
            with suppress(OSError):
                await self._streams[1].wait_closed()
        self._streams = None


class Way(Protocol):
    """A way in which a crowd asks."""

    async def __call__(self, people: Sequence[Person], questions: Questions) -> list[Asked]:
        """Have ``people`` ask, and say how it went."""
        ...


async def at_once(people: Sequence[Person], questions: Questions) -> list[Asked]:
    """Everybody asks one question at the same instant."""
    return list(await asyncio.gather(*(person.ask(next(questions)) for person in people)))


async def within_a_second(people: Sequence[Person], questions: Questions) -> list[Asked]:
    """Everybody asks one question, one after the other in the course of a second."""

    async def one(place: int, person: Person) -> Asked:
        await asyncio.sleep(place / len(people))
        return await person.ask(next(questions))

    return list(await asyncio.gather(*(one(place, person) for place, person in enumerate(people))))


@dataclass(frozen=True, slots=True)
class Conversations:
    """Everybody asks, reads for ``pause`` seconds on average (exponential), asks again, for ``seconds``."""

    seconds: float
    pause: float

    async def __call__(self, people: Sequence[Person], questions: Questions) -> list[Asked]:
        """Have ``people`` ask, and say how it went."""
        until = time.monotonic() + self.seconds
        random = Random(0)
        asked: list[Asked] = []

        async def one(person: Person, first: float) -> None:
            await asyncio.sleep(first)
            while time.monotonic() < until:
                asked.append(await person.ask(next(questions)))
                await asyncio.sleep(random.expovariate(1 / self.pause) if self.pause else 0)

        await asyncio.gather(*(one(person, random.uniform(0, self.pause)) for person in people))
        return asked


async def crowd(address: str, users: int, way: Way, questions: Questions) -> list[Asked]:
    """``users`` people, connected before they begin, ask in one ``way``."""
    people = [Person(address) for _ in range(users)]
    await asyncio.gather(*(person.arrive() for person in people))
    try:
        return await way(people, questions)
    finally:
        await asyncio.gather(*(person.leave() for person in people))
