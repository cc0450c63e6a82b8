"""What the server says of itself: a line for each request, and for what goes wrong; no question is in it.

A request has an id that is in its log line, in its response and in the problem it may end with. While it is
answered, whoever knows something of it adds that to its line with ``note``.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

Form = Literal["json", "text", "off"]
REQUESTS = "remit.requests"
_SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# The fields of the request that is being answered; each has its own, and its worker threads share it.
_current: ContextVar[dict[str, Any] | None] = ContextVar("remit_request", default=None)


def request_id(given: str = "") -> str:
    """``given`` when it can be an id (at most 64 letters, digits, ``.``, ``_``, ``-``), else a new one."""
    return given if _SANE_ID.fullmatch(given) else secrets.token_hex(8)


@contextmanager
def request(identity: str) -> Iterator[dict[str, Any]]:
    """The fields of one request's line, for as long as it is answered."""
    fields: dict[str, Any] = {"request_id": identity}
    token = _current.set(fields)
    try:
        yield fields
    finally:
        _current.reset(token)


def note(**fields: Any) -> None:
    """Add to the line of the request that is being answered; nothing happens outside of one."""
    current = _current.get()
    if current is not None:
        current.update(fields)


def current_id() -> str:
    """The id of the request that is being answered, "" outside of one."""
    return str((_current.get() or {}).get("request_id", ""))


def configure(form: Form) -> None:
    """Send the log of this process to standard error; ``off`` leaves out the requests, never the faults."""
    handler = _ToStandardError()
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(REQUESTS).setLevel(logging.CRITICAL if form == "off" else logging.INFO)


class _ToStandardError(logging.Handler):
    """Writes to what standard error is at the time, which a program around this one may have changed."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:  # noqa: BLE001 - logging says so in its own way
            self.handleError(record)


class JsonLines(logging.Formatter):
    """One JSON object a line, in ASCII: no text of a request can end the line or steer a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The record with the fields of its request."""
        return json.dumps(_fields(record), default=str)


class TextLines(logging.Formatter):
    """One line a record for people, its values quoted; a traceback follows indented."""

    def format(self, record: logging.LogRecord) -> str:
        """The record with the fields of its request."""
        fields = _fields(record)
        trace = str(fields.pop("traceback", ""))
        head = f"{fields.pop('time')} {fields.pop('level')} {_plain(str(fields.pop('message')))}"
        rest = "".join(f" {name}={json.dumps(value, default=str)}" for name, value in fields.items())
        return head + rest + "".join(f"\n    {_plain(line)}" for line in trace.splitlines())


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    at = datetime.fromtimestamp(record.created, UTC)
    fields: dict[str, Any] = {
        "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "message": record.getMessage(),
    }
    more = getattr(record, "fields", None)
    if isinstance(more, Mapping):
        fields |= more
    else:
        fields |= {"logger": record.name}
        if identity := current_id():
            fields["request_id"] = identity
    if record.exc_info:
        fields["traceback"] = "".join(traceback.format_exception(*record.exc_info)).rstrip()
    return fields


def _plain(text: str) -> str:
    """``text`` in printable ASCII, everything else as JSON escapes it."""
    return json.dumps(text)[1:-1].replace('\\"', '"').replace("\x7f", "\\u007f")
