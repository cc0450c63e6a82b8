"""The chat for other pages: the widget's script, and a page of nothing but the widget for a frame."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from chat.web.shell import Page

_PARTS = ("texts.js", "card.js", "stream.js", "chat.js")
# Attributes of the element that the address of the frame may set; who asks, and whom, is not among them.
_OPTIONS = ("lang", "accent", "theme", "heading", "greeting", "starters")
_STYLE = "html,body,main,remit-chat{height:100%;margin:0}"
# A page that is open for an hour asks whether there is a new one; the answer is 304 while there is none.
_CACHE = "public, max-age=3600"


@dataclass(frozen=True, slots=True)
class Script:
    """The widget as it is sent: plain and compressed, and the tag that says which version it is."""

    plain: bytes
    packed: bytes
    tag: str


@cache
def script() -> Script:
    """The widget in one file: its parts in one function, so that no name of theirs meets the page's."""
    folder = resources.files(__package__) / "widget"
    parts = [(folder / name).read_text(encoding="utf-8") for name in _PARTS]
    style = json.dumps(_tight((folder / "style.css").read_text(encoding="utf-8")))
    text = "\n".join(
        [
            "// Remit: <remit-chat>. Apache-2.0",
            f'(() => {{\n"use strict";\nconst STYLE = {style};',
            *parts,
            "})();\n",
        ]
    )
    plain = text.encode()
    return Script(plain, gzip.compress(plain, mtime=0), hashlib.sha256(plain).hexdigest()[:16])


def frame_page(options: Mapping[str, str]) -> Page:
    """The widget alone, filling its window.

    ``options`` are attributes of the element as the address gives them; unknown ones are left out. Which
    other origins may show the page in a frame is added to its policy where all answers go out.
    """
    given = "".join(
        f' {name}="{escape(options[name], quote=True)}"' for name in _OPTIONS if options.get(name)
    )
    language = options.get("lang", "")
    language = language if re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", language) else "en"
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    html = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><title>Remit</title>'
        '<link rel="icon" href="icon.svg"><script src="embed.js" defer></script>'
        f"<style>{_STYLE}</style></head><body><main>"
        f"<remit-chat inline framed{given}></remit-chat></main></body></html>"
    )
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'sha256-{digest}'; connect-src 'self'; "
        "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    return Page(html=html, policy=policy)


def add_embed(app: FastAPI) -> None:
    """Serve ``/embed.js`` and ``/embed``."""

    @app.get("/embed.js", include_in_schema=False)
    def embed_js(request: Request) -> Response:
        made = script()
        packed = "gzip" in request.headers.get("accept-encoding", "")
        tag = f'"{made.tag}{"-gz" if packed else ""}"'
        headers = {
            "cache-control": _CACHE,
            "cross-origin-resource-policy": "cross-origin",  # it holds nothing that is not public
            "etag": tag,
            "vary": "accept-encoding",
        }
        if _names(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
        if packed:
            headers["content-encoding"] = "gzip"
        return Response(made.packed if packed else made.plain, headers=headers, media_type="text/javascript")

    @app.get("/embed", include_in_schema=False)
    def embed(request: Request) -> Response:
        shown = frame_page(request.query_params)
        headers = {"content-security-policy": shown.policy, "cache-control": "no-cache"}
        return HTMLResponse(shown.html, headers=headers)


def _names(wanted: str, tag: str) -> bool:
    """Whether an If-None-Match header names ``tag``; a proxy may have made it a weak one."""
    return tag in {name.strip().removeprefix("W/") for name in wanted.split(",")}


def _tight(style: str) -> str:
    """A style sheet without its comments and with single blanks; no string of ours holds either."""
    return " ".join(re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL).split())
