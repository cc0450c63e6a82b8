"""Errors over HTTP, as RFC 9457 has them: one media type, and a detail that says how to mend it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import JSONResponse

from chat.web.logs import current_id
from ingest.errors import IndexUnavailable, InputError, JournalFault, RemitError

MEDIA_TYPE = "application/problem+json"


def problem(status: int, detail: str, **more: Any) -> JSONResponse:
    """A problem response: ``title`` is the status in words, ``detail`` what is wrong with this request."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **({"request_id": identity} if (identity := current_id()) else {}),
        **more,
    }
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make ``app`` answer every error it knows with a problem."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StarletteHTTPException, _http)
    app.add_exception_handler(RemitError, _ours)


def status_of(error: RemitError) -> int:
    """400 when the user's words are at fault, 503 when there is no index or journal, else 500."""
    if isinstance(error, InputError):
        return 400
    return 503 if isinstance(error, IndexUnavailable | JournalFault) else 500


def _ours(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RemitError)
    return problem(status_of(error), str(error))


def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StarletteHTTPException)
    response = problem(error.status_code, str(error.detail))
    response.headers.update(getattr(error, "headers", None) or {})
    return response


def _invalid(request: Request, error: Exception) -> JSONResponse:
    """415 when the body does not claim to be JSON, 400 when it is not, 422 when it has the wrong shape."""
    assert isinstance(error, RequestValidationError)
    kind = request.headers.get("content-type", "")
    if error.body and not _JSON.match(kind):
        return problem(415, f"the body is of the kind {kind!r}; send JSON, as application/json")
    example = _EXAMPLES.get(request.url.path, _EXAMPLE)
    errors = [{"field": _field(item["loc"]), "reason": item["msg"]} for item in error.errors()]
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return problem(400, f"the body is not JSON; send an object such as {example}")
    reasons = "; ".join(f"{item['field']}: {item['reason']}" for item in errors)
    return problem(422, f"{reasons}; send an object such as {example}", errors=errors)


_JSON = re.compile(r"application/(?:[\w.-]+\+)?json\s*(?:;|$)", re.IGNORECASE)
_EXAMPLE = '{"question": "Who should own ...?"}'
_EXAMPLES = {"/api/feedback": '{"answer": "the id of an answer", "helpful": true}'}


def _field(location: Sequence[Any]) -> str:
    """The field as JSON paths write it; ``body`` itself when nothing narrower is known."""
    path = ".".join(str(part) for part in location[1:])
    return path or str(location[0])


__all__ = ["MEDIA_TYPE", "HTTPException", "install", "problem", "status_of"]
