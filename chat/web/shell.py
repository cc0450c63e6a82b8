"""The frame of every page that is ours alone: no script, one style sheet, a policy that allows no more."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML page and the content security policy it is served under."""

    html: str
    policy: str


def page(title: str, body: str, *, refresh_seconds: int | None = None) -> Page:
    """``body`` (HTML, already escaped) in the frame; ``title`` is plain text."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    refresh = "" if refresh_seconds is None else f'<meta http-equiv="refresh" content="{refresh_seconds}">'
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark">{refresh}'
        f"<title>{escape(title)} · Remit</title><style>{style}</style></head><body>{body}</body></html>"
    )
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    return Page(html=html, policy=policy)


@cache
def _style() -> str:
    return (resources.files(__package__) / "source.css").read_text(encoding="utf-8")
