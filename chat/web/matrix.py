"""The ownership matrix over HTTP: ``/api/matrix`` and ``/api/matrix.csv``."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import cast
from weakref import WeakKeyDictionary

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from chat.web.live import AnswerEngine, Indexed
from chat.web.sources import source_path
from ingest.errors import IndexUnavailable
from ingest.index import Generation
from ingest.matrix import Entry, Said, matrix
from ingest.sheets import as_json, to_csv


class Matrices:
    """The matrix of each generation that is still in use, made when it is first asked for."""

    def __init__(self) -> None:
        # By identity: two generations of one id may differ in what their readers may see.
        self._made: WeakKeyDictionary[Generation, tuple[Entry, ...]] = WeakKeyDictionary()
        self._making = threading.Lock()

    def of(self, generation: Generation) -> tuple[Entry, ...]:
        """The entries of ``generation``."""
        with self._making:
            made = self._made.get(generation)
            if made is None:
                made = self._made[generation] = matrix(generation)
            return made


def add_matrix(app: FastAPI, engine_of: Callable[[Request], AnswerEngine]) -> None:
    """Add the two routes; each request takes the generation from the engine of its reader."""
    matrices = Matrices()

    @app.get("/api/matrix")
    def as_tables(request: Request) -> Response:
        """Every topic that the documents give to somebody, what they disagree on, and what nobody owns."""
        generation = _generation(engine_of(request))
        return JSONResponse(as_json(generation.id, matrices.of(generation), _link), headers=_HEADERS)

    @app.get("/api/matrix.csv")
    def as_sheet(request: Request) -> Response:
        """The same for a spreadsheet: a line for each sentence that an entry rests on."""
        generation = _generation(engine_of(request))
        name = {"content-disposition": 'attachment; filename="ownership-matrix.csv"'}
        text = to_csv(generation.id, matrices.of(generation))
        return Response(text, media_type="text/csv; charset=utf-8", headers=_HEADERS | name)


_HEADERS = {"cache-control": "no-store"}


def _generation(engine: AnswerEngine) -> Generation:
    if not hasattr(engine, "generation"):
        raise IndexUnavailable(
            f"{type(engine).__name__!r} has no index to make a matrix of; run: python -m chat serve"
        )
    return cast("Indexed", engine).generation


def _link(said: Said) -> str:
    return f"{source_path(said.doc)}?start={said.start}&end={said.end}#cited"
