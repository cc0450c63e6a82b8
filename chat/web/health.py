"""How the server is: whether it lives, whether it can answer and how well, and its figures."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Protocol

from fastapi import FastAPI, Response

from chat.web.desk import Desk
from chat.web.metrics import Metrics
from ingest.errors import IndexUnavailable

PageState = Literal["loading", "loaded", "failed"]
_RECENT = 300.0  # seconds for which the notice of an answer says how the answerer is


class HasState(Protocol):
    """Something that loads while the rest already answers."""

    @property
    def state(self) -> PageState:
        """How far it is."""
        ...


def add_health(app: FastAPI, desk: Desk, metrics: Metrics, page: HasState) -> None:
    """Add ``/health``, ``/ready`` and ``/metrics`` to ``app``."""

    @app.get("/health")
    def health() -> dict[str, str]:
        """Whether the process lives."""
        return {"status": "ok"}

    @app.get("/ready")
    def ready() -> dict[str, Any]:
        """Whether questions can be answered, and whether as well as they should; 503 when they cannot."""
        engine = desk()
        notice = _amiss(desk)
        return {
            "status": "degraded" if notice else "ready",
            **({"reason": notice} if notice else {}),
            "index": engine.generation_id,
            "page": page.state,
        }

    @app.get("/metrics")
    def figures() -> Response:
        """The figures in Prometheus' text format; no question, no document and nobody's name is in them."""
        text, media_type = metrics.text(lambda: _state(desk, page))
        return Response(text, headers={"content-type": media_type, "cache-control": "no-store"})


def _amiss(desk: Desk) -> str:
    """The notice of the last answer made, if that was lately, and what ails the journal; "" if nothing is."""
    last = desk.last_notice
    notice = last.text if time.time() - last.at < _RECENT else ""
    return " ".join(filter(None, (notice, desk.journal.trouble if desk.journal else "")))


def _state(desk: Desk, page: HasState) -> Iterable[tuple[str, str, Mapping[str, str], float]]:
    none: Mapping[str, str] = {}
    yield "remit_page_loaded", "1 when the page can be opened.", none, float(page.state == "loaded")
    yield "remit_degraded", "1 when something is amiss that /ready names.", none, float(bool(_amiss(desk)))
    try:
        engine = desk()
    except IndexUnavailable:
        yield "remit_index_available", "1 when there is an index to answer from.", none, 0.0
        return
    yield "remit_index_available", "1 when there is an index to answer from.", none, 1.0
    yield "remit_index_info", "The index that answers.", {"index": engine.generation_id}, 1.0
