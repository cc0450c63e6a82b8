"""The fluent engine: a language model speaks, every sentence is checked, and quotes stand behind it all."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Protocol

from chat import form, material
from chat.answer import (
    Answer,
    Citation,
    Dropped,
    Event,
    Finished,
    Said,
    Started,
    Statement,
    Turn,
    Verdict,
    events,
)
from chat.breaker import Breaker
from chat.draft import Claim, Draft, Source
from chat.engine import Considered, Engine
from chat.llm import Prompt
from chat.material import Prompts
from chat.reply import SCHEMA, ReplyReader
from chat.retrieve import Embedder
from chat.synonyms import Model, Synonyms
from chat.verify import Decided
from ingest.errors import ModelFault
from ingest.index import KEPT_VIEWS, Generation
from ingest.people import names_several
from ingest.records import Document, Guideline
from ingest.roles import RoleBook

EXPANSION_SHARE = 0.4  # of the time for an answer, for the words that widen the search
IN_QUOTES = "the answer is made of quotes."
_log = logging.getLogger(__name__)


class Checker(Protocol):
    """What decides whether a model's words are shown."""

    def statement(
        self, draft: Draft, sources: Mapping[int, Source], roles: RoleBook, /
    ) -> Statement | Dropped:
        """The sentence, citing by the numbers of the sources, or why it is not shown."""
        ...

    def verdict(
        self,
        claim: Claim,
        shown: Sequence[Statement],
        sources: Mapping[int, Source],
        considered: Considered,
        roles: RoleBook,
        /,
    ) -> Decided:
        """The verdict over the sentences that are shown."""
        ...


@dataclass
class _Shown:
    """What has passed the check so far, in the sources' numbers and in the reader's."""

    checked: list[Statement] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    def number(self, citation: Citation) -> int:
        """The reader's number of a citation; a place in a document has one, however often it is cited."""
        for known in self.citations:
            if (known.doc, known.start, known.end) == (citation.doc, citation.start, citation.end):
                return known.number
        self.citations.append(replace(citation, number=len(self.citations) + 1))
        return len(self.citations)


class Fluent:
    """Answers with the words of a language model, as far as the guidelines carry them.

    It has the same methods as the engine it stands before, and is as safe to share between threads. Whatever
    is wrong with the model or with what it says, the engine's answer in quotes is given, with a notice.
    ``embedder``, one that remembers and is the checker's, is told of the guidelines while the model thinks,
    so that a sentence is checked the sooner.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        model: Model,
        checker: Checker,
        prompts: Prompts,
        seconds: float,
        embedder: Embedder | None = None,
        breaker: Breaker | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.engine = engine
        self._model, self._checker, self._prompts = model, checker, prompts
        self._seconds, self._clock = seconds, clock
        self._embedder = embedder
        self._breaker = breaker or Breaker()
        self._for_engine = lru_cache(maxsize=KEPT_VIEWS)(
            lambda part: Fluent(
                part,
                model=model,
                checker=checker,
                prompts=prompts,
                seconds=seconds,
                embedder=embedder,
                breaker=self._breaker,
                clock=clock,
            )
        )
        self._synonyms = Synonyms(model, prompts, engine.roles)

    def for_groups(self, groups: Collection[str]) -> Fluent:
        """What answers somebody in ``groups``: the same model over what they may see."""
        engine = self.engine.for_groups(groups)
        return self if engine is self.engine else self._for_engine(engine)

    @property
    def generation(self) -> Generation:
        """The generation that the answers come from."""
        return self.engine.generation

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents of the index by their paths."""
        return self.engine.documents

    @property
    def roles(self) -> RoleBook:
        """The roles of the organisation."""
        return self.engine.roles

    @property
    def generation_id(self) -> str:
        """The id of the generation that the answers come from."""
        return self.engine.generation_id

    def rank(self, text: str, history: Sequence[Turn] = ()) -> list[Guideline]:
        """What retrieval returns for a question, best first, before anything is decided or said."""
        return self.engine.rank(text, history)

    def ask(self, text: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer ``text`` after the turns in ``history``, oldest first; raises as the engine's does."""
        *_, last = self.stream(text, history)
        assert isinstance(last, Finished)
        return last.answer

    def stream(self, text: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        """The answer as it comes to be; each sentence as soon as it has passed. Raises as ``ask`` does."""
        started = self._clock()
        quoted = self.engine.consider(text, history)
        return self._timed(self._events(quoted, text, history, started + self._seconds), started)

    def _timed(self, events: Iterator[Event], started: float) -> Iterator[Event]:
        for event in events:
            if isinstance(event, Finished):
                event.answer.timings_ms["total"] = 1e3 * (self._clock() - started)
            yield event

    def _events(
        self, quoted: Considered, text: str, history: Sequence[Turn], until: float
    ) -> Iterator[Event]:
        answer = quoted.answer
        yield Started(answer.asked, answer.topic, self._model.name, answer.index)
        if not self._breaker.allows():
            notice = f"The language model has failed several times and rests for a moment; {IN_QUOTES}"
            yield Finished(replace(answer, notice=notice))
            return
        shown = _Shown()
        # Where no document seems to cover a question, whether a sentence is shown depends on the verdict.
        streams = answer.verdict != "not_covered"
        try:
            considered, words = self._widened(quoted, text, history, until)
            sources = material.sources(self.engine, considered)
            claim = Claim()
            if sources:
                self._ready(sources.values())
                for piece in self._pieces(answer.asked, history, list(sources.values()), until):
                    if isinstance(piece, Claim):
                        claim = piece
                    elif (said := self._checked(piece, sources, shown)) and streams:
                        yield said
        except ModelFault as fault:
            _log.warning("answered in quotes: %s", fault)
            # What a question can bring about must not silence the model for everybody else.
            if fault.server:
                self._breaker.failed()
            # What has passed its check until now goes, too: half an answer may be the wrong half.
            yield Finished(replace(answer, notice=f"{fault}; {IN_QUOTES}", dropped=tuple(shown.dropped)))
            return
        self._breaker.succeeded()
        decided = self._checker.verdict(claim, shown.checked, sources, considered, self.roles)
        whole = self._whole(quoted, decided, shown, words)
        if not streams and whole.answered_by == self._model.name:
            yield from (event for event in events(whole) if isinstance(event, Said))
        yield Finished(whole)

    def _ready(self, sources: Iterable[Source]) -> None:
        if self._embedder is not None:
            texts = dict.fromkeys(t for s in sources for t in (s.guideline.text, s.text))
            threading.Thread(target=self._embedder.embed, args=([*texts],), name="remit-ready").start()

    def _pieces(
        self, asked: str, history: Sequence[Turn], sources: Sequence[Source], until: float
    ) -> Iterator[Draft | Claim]:
        prompt = material.fenced(self._prompts.answer, material.body(asked, history, sources))
        reader = ReplyReader()
        empty = True
        for text in self._model.reply(Prompt(prompt.rules, prompt.material, SCHEMA), until=until):
            for piece in reader.feed(text):
                empty = False
                yield piece
        if empty:
            raise ModelFault("The language model gave no answer that can be read", server=False)

    def _checked(self, draft: Draft, sources: Mapping[int, Source], shown: _Shown) -> Said | None:
        """The sentence with the reader's numbers, noted as shown; None when it is dropped."""
        checked = self._checker.statement(draft, sources, self.roles)
        if isinstance(checked, Dropped):
            shown.dropped.append(checked)
            return None
        if any(one.text == checked.text for one in shown.checked):
            return None
        shown.checked.append(checked)
        cited = [c for n in checked.citations for c in self._relied_on(sources[n], checked.text, draft)]
        numbers = tuple(dict.fromkeys(shown.number(c) for c in cited))
        statement = Statement(checked.text, numbers)
        shown.statements.append(statement)
        return Said(statement, tuple(shown.citations[n - 1] for n in numbers))

    def _relied_on(self, source: Source, text: str, draft: Draft) -> Iterator[Citation]:
        """The guideline, and before it what stands above it and is needed to see that this is true."""
        *above, own = source.citations
        wanted = [q for q in draft.quotes if not form.holds(own.quote, q)]
        roles = {m.role for m in self.roles.mentions(text) if not self.engine.quotes.names(own.quote, m.role)}
        for citation in reversed(above):
            named = {role for role in roles if self.engine.quotes.names(citation.quote, role)}
            if named or any(form.holds(citation.quote, q) for q in wanted):
                roles -= named
                yield citation
        yield own

    def _whole(self, quoted: Considered, decided: Decided, shown: _Shown, words: Sequence[str]) -> Answer:
        """The answer from what was shown and decided; the one in quotes when nothing of it is left."""
        answer, dropped = quoted.answer, tuple(shown.dropped)
        if not shown.statements or decided.verdict == "not_covered":
            if answer.verdict == "not_covered" and not shown.statements:
                return replace(answer, dropped=dropped)
            notice = f"Nothing that the language model said could be checked; {IN_QUOTES}"
            if not dropped and not shown.statements:
                notice = f"The language model found no answer in the guidelines; {IN_QUOTES}"
            return replace(answer, dropped=dropped, notice="" if answer.verdict == "not_covered" else notice)
        if not decided.carried:
            _add_quotes(answer, shown)
        reason = answer.reason
        if decided.own:
            reason = "The language model says so, and the sentences that are quoted below carry it."
            if words:
                reason += f" The search was widened to: {', '.join(words)}."
        return replace(
            answer,
            verdict=decided.verdict,
            status=decided.status,
            owners=decided.owners,
            supporting=decided.supporting,
            statements=tuple(shown.statements),
            text=_text(answer, decided, shown.statements),
            reason=reason,
            citations=tuple(shown.citations),
            nearest=(),
            answered_by=self._model.name,
            dropped=dropped,
            made=self._model.made(self._prompts.version),
            timings_ms={},
        )

    def _widened(
        self, quoted: Considered, text: str, history: Sequence[Turn], until: float
    ) -> tuple[Considered, tuple[str, ...]]:
        """Where the documents do not seem to speak of the topic: passages found under other names for it.

        The answer in quotes stays as it is: what a model calls a thing is no evidence of whose it is.
        """
        if quoted.answer.verdict != "not_covered":
            return quoted, ()
        mine = until - (1 - EXPANSION_SHARE) * (until - self._clock())
        words = self._synonyms.of(quoted.answer.topic, until=mine)
        if not words:
            return quoted, ()
        wider = self.engine.consider(text, history, words)
        return replace(wider, answer=quoted.answer), words


def _add_quotes(answer: Answer, shown: _Shown) -> None:
    """Add the statements in quotes, which name the owners that no sentence of the model does."""
    cited = {c.number: c for c in answer.citations}
    for statement in answer.statements:
        numbers = tuple(shown.number(cited[n]) for n in statement.citations)
        shown.statements.append(Statement(statement.text, numbers))


def _text(answer: Answer, decided: Decided, statements: Sequence[Statement]) -> str:
    """The answer as Markdown: the verdict in a line, then the sentences with their marks."""
    said = " ".join(f"{s.text} {''.join(f'[{n}]' for n in s.citations)}" for s in statements)
    if decided.own:
        head = _head(decided.verdict, decided.owners)
    else:  # the quotes' own, which also says yes or no, and which question it answers
        head = " ".join(line for line in answer.text.splitlines() if line and not line.startswith("- "))
    return f"{head}\n\n{said}"


def _head(verdict: Verdict, owners: Sequence[str]) -> str:
    names = [f"**{owner}**" for owner in owners]
    listed = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
    verb = "lead" if owners and names_several(owners[-1]) else "leads"
    return f"{listed} {verb}." if verdict == "lead" else f"Shared by {listed}."
