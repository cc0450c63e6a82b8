"""A small intranet with Remit on its page: ``python docs/demo/serve.py [--port 8000] [--remit ADDRESS]``.

It is served from an origin of its own, under a strict content security policy, as a careful intranet would.
Remit must be told of it: ``REMIT_ALLOWED_ORIGINS=http://127.0.0.1:8000 python -m chat serve``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_KINDS = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8"}
_WRITTEN = "http://127.0.0.1:7860"  # where the page says that Remit is


def policy(remit: str) -> str:
    """The least that a page with the widget and the frame must allow."""
    return (
        f"default-src 'none'; script-src 'self' {remit}; style-src 'self'; connect-src {remit}; "
        f"frame-src {remit}; base-uri 'none'; form-action 'none'"
    )


def handler(remit: str) -> type[BaseHTTPRequestHandler]:
    """What answers a request for one of the files beside this one, with ``remit`` as the address of Remit."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Send a file, or say that there is none."""
            name = self.path.partition("?")[0].lstrip("/") or "intranet.html"
            path = _HERE / name
            if path.parent != _HERE or path.suffix not in _KINDS or not path.is_file():
                self.send_error(404)
                return
            body = path.read_text(encoding="utf-8").replace(_WRITTEN, remit).encode()
            self.send_response(200)
            self.send_header("content-type", _KINDS[path.suffix])
            self.send_header("content-length", str(len(body)))
            self.send_header("content-security-policy", policy(remit))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: this is a demonstration."""

    return Files


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description="an intranet page with Remit on it")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--remit", default=_WRITTEN, metavar="ADDRESS", help="where Remit answers")
    given = parser.parse_args(arguments)
    with ThreadingHTTPServer(("127.0.0.1", given.port), handler(given.remit)) as server:
        print(f"The intranet is at http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
