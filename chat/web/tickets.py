"""The engine for one reader, and links that open without a token what its bearer was told of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TypeAlias

from chat.answer import Answer, Citation, Event, Finished, Said, Turn
from chat.web.live import AnswerEngine, EngineProvider, Relay
from chat.web.reader import Reader
from chat.web.tokens import Tokens

EngineFor: TypeAlias = Callable[[Reader], AnswerEngine]


class ForReaders:
    """Gives each reader an engine that knows nothing of what they may not see."""

    def __init__(self, provider: EngineProvider, tokens: Tokens | None) -> None:
        self._provider, self._tokens = provider, tokens

    def __call__(self, reader: Reader) -> AnswerEngine:
        """The engine over the live index, for ``reader``. Raises IndexUnavailable when there is none."""
        engine = self._provider().for_groups(reader.groups)
        if reader.how == "token" and self._tokens:
            return _Ticketed(engine, reader, self._tokens)
        return engine


class _Ticketed(Relay):
    """An engine whose citations link to pages that open in a new tab, where no token goes along."""

    def __init__(self, engine: AnswerEngine, reader: Reader, tokens: Tokens) -> None:
        super().__init__(engine)
        self._reader = reader
        self._ticket = cache(lambda doc: tokens.make_ticket(doc, user=reader.user, groups=reader.groups))

    def for_groups(self, groups: Collection[str]) -> AnswerEngine:
        return self._engine.for_groups(groups)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        return self._opened(self._engine.ask(question, history))

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        for event in self._engine.stream(question, history):
            match event:
                case Said():
                    yield replace(event, citations=self._all(event.citations))
                case Finished(answer):
                    yield Finished(self._opened(answer))
                case _:
                    yield event

    def _opened(self, answer: Answer) -> Answer:
        return replace(answer, citations=self._all(answer.citations), nearest=self._all(answer.nearest))

    def _all(self, citations: Sequence[Citation]) -> tuple[Citation, ...]:
        return tuple(replace(citation, url=self._url(citation)) for citation in citations)

    def _url(self, citation: Citation) -> str:
        address, mark, place = citation.url.partition("#")
        return f"{address}{'&' if '?' in address else '?'}ticket={self._ticket(citation.doc)}{mark}{place}"
