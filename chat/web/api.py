"""The application: the JSON API, the source pages, the health endpoints, and the page mounted behind them."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Collection
from importlib import resources
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route

from chat.journal import Journal
from chat.web.description import describe
from chat.web.desk import Desk
from chat.web.door import Door
from chat.web.embed import add_embed
from chat.web.feedback import Readers, add_feedback
from chat.web.health import add_health
from chat.web.limits import AT_WORK, Limiter, Queue, Rate
from chat.web.live import AnswerEngine, EngineProvider, provider_of
from chat.web.matrix import add_matrix
from chat.web.mcp import McpEndpoint
from chat.web.metrics import SHARED_FOLDER, Metrics
from chat.web.mount import PAGE_BODY_LIMIT, PageMount
from chat.web.openai_api import OpenAIErrors, add_openai
from chat.web.problem import install
from chat.web.reader import Reader, SignIn, reader_of
from chat.web.security import NO_TELEMETRY, Guard, Hosts
from chat.web.shell import Page
from chat.web.sources import cited_span, documents_page, message_page, source_page, source_path
from chat.web.stream import Streams, answer_stream
from chat.web.tickets import EngineFor, ForReaders
from chat.web.trace import Trace
from chat.web.turns import AskRequest, as_turns
from ingest import blocks
from ingest.errors import IndexUnavailable
from ingest.settings import Settings

BODY_LIMIT = 64 * 1024  # bytes; a question and a long conversation fit many times over


def create_app(engine: AnswerEngine | EngineProvider, settings: Settings) -> FastAPI:
    """The application over ``engine``, or over what a provider gives at each request.

    The page's own code is loaded in the background once the application runs; the API does not wait for it.
    """
    sign_in = SignIn.of(settings)
    metrics = Metrics()
    journal = (
        Journal(settings.journal, days=settings.journal_days, dropped=metrics.unkept)
        if settings.journal
        else None
    )
    desk = Desk(
        provider_of(engine),
        metrics=metrics,
        remembered=settings.remembered,
        log_questions=settings.log_questions,
        journal=journal,
        # With a model, or an embedder elsewhere, they mostly wait for it.
        at_work=AT_WORK if settings.speaker is None and settings.embedder == "bundled" else None,
    )
    engine_for = ForReaders(desk, sign_in.tokens)
    mount = PageMount(lambda: _load_page(engine_for, settings), streams=settings.speaker is not None)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        loading = asyncio.create_task(mount.run())
        yield
        loading.cancel()
        await asyncio.gather(loading, return_exceptions=True)
        if journal:
            await asyncio.to_thread(journal.close)

    # The interactive API pages that FastAPI offers load their scripts from another server.
    app = FastAPI(
        title="Remit",
        description="Who should own it, and the sentence that says so.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        telemetry=NO_TELEMETRY,
        lifespan=lifespan,
    )
    app.state.engine_for = engine_for
    describe(app)
    install(app)
    app.add_middleware(
        Door,
        sign_in=sign_in,
        limiter=Limiter(
            Rate.parse(settings.rate or ("60/minute" if settings.access else "off")),
            folder=os.environ.get(SHARED_FOLDER),
        ),
        queue=Queue(settings.queue),
        origins=settings.allowed_origins,
        body_limits={"/": BODY_LIMIT, "/gradio_api/": PAGE_BODY_LIMIT},
    )
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type"],
        expose_headers=["retry-after", "x-request-id"],
    )
    app.add_middleware(Guard, hosts=Hosts(settings), origins=settings.allowed_origins)
    app.add_middleware(OpenAIErrors)
    app.add_middleware(Trace, metrics=metrics)  # added last, it stands outermost
    streams = Streams()
    _add_api(app, streams)
    add_openai(app, _engine, streams)
    app.router.routes.append(Route("/mcp", McpEndpoint(_engine)))
    add_matrix(app, _engine)
    add_feedback(app, _engine, journal, readers=Readers.of(settings), metrics=metrics)
    add_health(app, desk, metrics, mount)
    _add_pages(app)
    add_embed(app)
    # What no route matches, not even under another method: a mount at "/" would hide that a method is wrong.
    app.router.default = mount
    return app


def _engine(request: Request) -> AnswerEngine:
    """The engine that answers this request; every route that shows or speaks of documents asks here."""
    engine_for: EngineFor = request.app.state.engine_for
    return engine_for(reader_of(request.scope))


def _add_api(app: FastAPI, streams: Streams) -> None:
    @app.post("/api/ask")
    def ask(request: Request, asked: AskRequest) -> Response:
        """The answer to a question."""
        answer = _engine(request).ask(asked.question, as_turns(asked.history))
        return JSONResponse(answer.to_dict(), headers={"cache-control": "no-store"})

    @app.post("/api/ask/stream")
    async def ask_stream(request: Request, asked: AskRequest) -> Response:
        """The answer to a question as it comes to be, in server-sent events."""
        turns = as_turns(asked.history)
        # The engine is fetched in the thread: the first request after a publication opens the index.
        return await answer_stream(streams, lambda: _engine(request).stream(asked.question, turns))

    @app.get("/api/documents")
    def documents(request: Request) -> Response:
        """The documents that answers rest on."""
        engine = _engine(request)
        listed = [
            {
                "doc": document.path,
                "title": document.title,
                "source": document.source,
                "kind": document.kind,
                "published": document.published,
                "characters": len(document.text),
                "url": source_path(document.path),
            }
            for document in engine.documents.values()
        ]
        return JSONResponse({"index": engine.generation_id, "documents": listed})


def _add_pages(app: FastAPI) -> None:
    @app.get("/sources", include_in_schema=False)
    def sources(request: Request) -> Response:
        return _html(documents_page(_engine(request).documents.values()))

    @app.get("/sources/{doc:path}", response_class=HTMLResponse)
    def source(
        request: Request,
        doc: str,
        start: Annotated[int | None, Query()] = None,
        end: Annotated[int | None, Query()] = None,
        mark: Annotated[str, Query(alias="is")] = "",
    ) -> Response:
        """A document as the product reads it, with ``start:end`` marked."""
        document = _engine(request).documents.get(doc)
        if document is None:
            text = f"No document of the index has the path {doc!r}. It may have been renamed or taken out."
            return _html(message_page("No such document", text), status=404)
        cited = cited_span(document.text, start, end, mark)
        asked = start is not None or end is not None
        notice = _NOT_THERE if asked and cited is None else ""
        return _html(source_page(document, blocks.split(document.text), cited, notice=notice))

    own = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}
    for name, media_type in own.items():
        app.add_api_route(f"/{name}", _file(name, media_type), include_in_schema=False)
    app.add_api_route("/favicon.ico", _file("icon.svg", "image/svg+xml"), include_in_schema=False)


_NOT_THERE = "The place this link points to is not in the document as it is now; it may have changed since."


def _file(name: str, media_type: str) -> Any:
    content = (resources.files(__package__) / name).read_bytes()

    def send() -> Response:
        return Response(content, media_type=media_type, headers={"cache-control": "no-cache"})

    return send


def _html(page: Page, status: int = 200) -> Response:
    return HTMLResponse(
        page.html, status, {"content-security-policy": page.policy, "cache-control": "no-cache"}
    )


def _load_page(engine_for: EngineFor, settings: Settings) -> FastAPI:
    from chat.web.examples import example_questions
    from chat.web.ui import build_page, mounted

    documents: Collection[str] = ()
    with contextlib.suppress(IndexUnavailable):  # whoever asks is told
        documents = engine_for(Reader()).documents  # the page is the same for all, and so are its examples
    examples = example_questions(settings.examples, documents=documents)
    return mounted(build_page(engine_for, examples, streams=settings.speaker is not None))
