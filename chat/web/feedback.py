"""What readers say of answers, and what the journal tells of it: ``/api/feedback`` and ``/api/gaps``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictStr

from chat.entries import read
from chat.gaps import Gap, as_json, gaps, to_csv
from chat.journal import Journal
from chat.render import safe
from chat.web.live import AnswerEngine
from chat.web.metrics import Metrics
from chat.web.problem import problem
from chat.web.reader import Reader, reader_of
from chat.web.sources import source_path
from chat.web.turns import is_text
from ingest.settings import Settings

MOST_SHOWN = 1_000  # gaps, the newest
_HEADERS = {"cache-control": "no-store"}


class Feedback(BaseModel):
    """What a reader thinks of an answer; ``answer`` is its ``id``."""

    model_config = ConfigDict(extra="forbid")

    answer: Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9_-]{32}$")]
    helpful: StrictBool
    comment: Annotated[StrictStr, Field(max_length=500), AfterValidator(is_text)] = ""


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may read what others asked: those in ``groups``; with none, this machine while it is ``alone``."""

    groups: frozenset[str]
    alone: bool

    @classmethod
    def of(cls, settings: Settings) -> Readers:
        """What ``settings`` say."""
        return cls(frozenset(settings.journal_groups), alone=not settings.access)

    def include(self, reader: Reader) -> bool:
        """Whether ``reader`` is one of them."""
        return not self.groups.isdisjoint(reader.groups) if self.groups else self.alone


def add_feedback(
    app: FastAPI,
    engine_of: Callable[[Request], AnswerEngine],
    journal: Journal | None,
    *,
    readers: Readers,
    metrics: Metrics,
) -> None:
    """Add the three routes; without a ``journal`` each says that nothing is kept."""

    @app.post("/api/feedback")
    def feedback(given: Feedback) -> Response:
        """Whether an answer helped, by its ``id``; a later judgement of the same answer takes its place."""
        if journal is None:
            return _nothing_kept()
        if not journal.knows(given.answer):
            return problem(404, "no answer of this server has that id; send the id that came with an answer")
        if not journal.judge(given.answer, helpful=given.helpful, comment=safe(given.comment)):
            busy = problem(503, "this could not be kept just now; send it again in a moment")
            busy.headers["retry-after"] = "5"
            return busy
        metrics.judged(helpful=given.helpful)
        return JSONResponse({"kept": True}, headers=_HEADERS)

    @app.get("/api/gaps")
    def as_tables(request: Request) -> Response:
        """What people ask that nothing covers, and the answers they reject, by topic, the newest first."""
        found = _found(request)
        if isinstance(found, Response):
            return found
        engine = engine_of(request)
        near = {gap.nearest for gap in found[:MOST_SHOWN]} & set(engine.documents)
        listed = as_json(found[:MOST_SHOWN], {doc: engine.documents[doc].title for doc in near})
        for one in listed:
            if one["nearest"]:
                one["nearest"]["url"] = source_path(one["nearest"]["doc"])
        assert journal
        told = {"index": engine.generation_id, "since": journal.since.isoformat(), "topics": len(found)}
        return JSONResponse(told | {"gaps": listed}, headers=_HEADERS)

    @app.get("/api/gaps.csv")
    def as_sheet(request: Request) -> Response:
        """The same for a spreadsheet, a line for each topic."""
        found = _found(request)
        if isinstance(found, Response):
            return found
        name = {"content-disposition": 'attachment; filename="gaps.csv"'}
        return Response(
            to_csv(found[:MOST_SHOWN]), media_type="text/csv; charset=utf-8", headers=_HEADERS | name
        )

    def _found(request: Request) -> list[Gap] | Response:
        """The gaps as the request's reader may see them, or why not."""
        if not readers.include(reader_of(request.scope)):
            return problem(
                403, "what others asked is shown to the groups in REMIT_JOURNAL_GROUPS, and you are in none"
            )
        if journal is None:
            return _nothing_kept()
        documents = engine_of(request).documents
        journal.flush()
        return gaps(read(journal.path), documents)


def _nothing_kept() -> Response:
    return problem(404, "nothing that is asked is kept here; REMIT_JOURNAL names the file to keep it in")
