"""nginx and Caddy with the files of docs/deploy, and the sign-in that those ask.

oauth2-proxy is in none of the places that the tests install from, so a server of a few lines plays the part
of it that the files use: who has its cookie is answered with 202 and their name, who has not with 401.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from served import open_port

NAME = "remit.intranet.example"
DEPLOY = Path(__file__).resolve().parents[1] / "docs" / "deploy"
PATIENCE = 60.0  # seconds
COOKIE = "_oauth2_proxy="
BARRED = "barred"  # a user whom the sign-in refuses

_NGINX = """daemon off; pid {folder}/nginx.pid; error_log stderr; worker_processes 1; {user}
events {{}}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; scgi_temp_path {folder}/scgi; uwsgi_temp_path {folder}/uwsgi;
    include {folder}/site.conf;
}}
"""
_CADDY = """{{
	admin off
	http_port {other}
	https_port {port}
	default_bind 127.0.0.1
}}
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def kind(self) -> str:
        """The media type."""
        return self.headers.get_content_type()


@dataclass(frozen=True, slots=True)
class Proxied:
    """A proxy that runs, by the program's name."""

    kind: str
    port: int
    certificate: Path

    @property
    def origin(self) -> str:
        """What a browser calls it."""
        return f"https://{NAME}:{self.port}"

    def connect(self, source: str = "127.0.0.1") -> http.client.HTTPConnection:
        """A connection from the address ``source``; its certificate is checked."""
        trust = ssl.create_default_context(cafile=str(self.certificate))
        plain = socket.create_connection(
            ("127.0.0.1", self.port), timeout=PATIENCE, source_address=(source, 0)
        )
        connection = http.client.HTTPConnection(NAME, self.port, timeout=PATIENCE)
        connection.sock = trust.wrap_socket(plain, server_hostname=NAME)
        return connection

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        user: str = "",
        groups: str = "",
        source: str = "127.0.0.1",
        headers: Mapping[str, str] | None = None,
    ) -> Said:
        """One request of ``user``, "" for one who has not signed in."""
        given = dict(headers or {})
        if user:
            given["Cookie"] = COOKIE + quote(f"{user}|{groups}")
        if body is not None:
            given = {"Content-Type": "application/json"} | given
        with contextlib.closing(self.connect(source)) as connection:
            connection.request(method, path, body, given)
            response = connection.getresponse()
            return Said(response.status, response.headers, response.read())


class _SignIn(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Say who has the cookie; send whoever comes for another reason to the company's page."""
        if self.path == "/oauth2/auth":
            _, _, signed = (self.headers["Cookie"] or "").partition(COOKIE)
            user, _, groups = unquote(signed).partition("|")
            named = {"X-Auth-Request-User": user} | ({"X-Auth-Request-Groups": groups} if groups else {})
            self._say(403 if user == BARRED else 202 if user else 401, named if user else {})
        else:
            back = self.headers["X-Auth-Request-Redirect"] or ""
            self._say(302, {"Location": f"https://login.example{self.path}?state={quote(back, safe='')}"})

    def _say(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in (headers | {"Content-Length": "0"}).items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def sign_in() -> Iterator[str]:
    """The sign-in's address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _SignIn) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def make_certificate(folder: Path) -> None:
    """Write ``remit.pem`` and ``remit.key`` for the site's name."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
         "-keyout", str(folder / "remit.key"), "-out", str(folder / "remit.pem")],
        check=True, capture_output=True,
    )  # fmt: skip


@contextlib.contextmanager
def proxied(
    kind: str, upstream: str, asked: str, folder: Path, edit: Callable[[str], str] = str
) -> Iterator[Proxied]:
    """Run the committed file of ``kind`` before ``upstream``, with the sign-in at ``asked``.

    Only addresses and the places of the certificate are put in; ``edit`` does what the file says may be done.
    """
    with open_port() as one, open_port() as another:
        port, other = one.getsockname()[1], another.getsockname()[1]
    committed = (DEPLOY / {"nginx": "nginx.conf", "caddy": "Caddyfile"}[kind]).read_text()
    put = {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "127.0.0.1:7860": upstream.removeprefix("http://"),
        "127.0.0.1:4180": asked,
        "/etc/ssl/remit.pem": str(folder / "remit.pem"),
        "/etc/ssl/private/remit.key": str(folder / "remit.key"),
    }
    site = edit(committed)
    for old, new in put.items():
        site = site.replace(old, new)
    own = folder / f"{kind}-{port}"
    own.mkdir()
    if kind == "nginx":
        user = "user root;" if os.geteuid() == 0 else ""  # who could else not read the test's folder
        (own / "site.conf").write_text(site)
        (own / "main.conf").write_text(_NGINX.format(folder=own, user=user))
        command = [program(kind), "-p", str(own), "-c", str(own / "main.conf")]
    else:
        (own / "Caddyfile").write_text(_CADDY.format(port=port, other=other) + site)
        command = [program(kind), "run", "--config", str(own / "Caddyfile"), "--adapter", "caddyfile"]
    homes = {"HOME": str(own), "XDG_DATA_HOME": str(own / "data"), "XDG_CONFIG_HOME": str(own / "config")}
    with (own / "log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log, env=os.environ | homes)
    try:
        until = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            told = (own / "log").read_text()
            assert process.poll() is None, f"{kind} does not take its file: {told}"
            assert time.monotonic() < until, f"{kind} does not start: {told}"
            time.sleep(0.02)
        yield Proxied(kind, port, folder / "remit.pem")
    finally:
        process.terminate()
        process.wait(PATIENCE)


def program(kind: str) -> str:
    """The program's path, "" when it is missing; Debian keeps nginx where only root looks."""
    return shutil.which(kind, path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""
