"""The settings: every ``REMIT_`` variable, its default and its meaning, in one place."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)

from ingest.endpoint import Endpoint
from ingest.errors import SettingsError

PREFIX = "REMIT_"
SHARED = "openai_"  # fields whose variables are those that every program around the OpenAI API reads


def variable(field: str) -> str:
    """The environment variable of a field."""
    return field.upper() if field.startswith(SHARED) else PREFIX + field.upper()


Network: TypeAlias = IPv4Network | IPv6Network
_SECRET = 32  # characters at least: as many bytes as the signature has


def _listed(value: object) -> object:
    return (
        tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    )


def _origin(text: str) -> str:
    """An origin as browsers send it; a path, a star or a default port would never match."""
    if not re.fullmatch(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?", text):
        raise ValueError("name each origin in full and in lower case, such as https://intranet.example:8443")
    return text.removesuffix(":443" if text.startswith("https:") else ":80")


def _host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", text):
        raise ValueError("name each host without a port, such as remit.intranet.example")
    return text.lower()


def _secret(secret: SecretStr) -> SecretStr:
    parts = secret.get_secret_value().split()
    if not parts or any(len(part) < _SECRET for part in parts):
        raise ValueError(f"a secret has {_SECRET} characters at least; make one: openssl rand -base64 48")
    return secret


def _file(path: Path) -> Path:
    if not path.suffix:  # "true" and the like would make a file of that name
        raise ValueError("name a file with an ending, such as .remit/journal.db")
    return path


def _rate(text: str) -> str:
    if not re.fullmatch(r"off|[1-9]\d{0,5}/(?:second|minute|hour)", text):
        raise ValueError("write a number and second, minute or hour, such as 60/minute, or off")
    return text


class Settings(BaseModel):
    """What the operator may set.

    A field ``home`` is the variable ``REMIT_HOME``, ``openai_model`` is ``OPENAI_MODEL``; flags of a command
    win over them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(Path(".remit"), description="where the index lives; can always be built again")
    corpus: Path = Field(Path("corpus"), description="the folder of documents")
    roles: Path | None = Field(
        None, description="the roles file; else CORPUS/roles.yaml, else proposed from the documents"
    )
    host: str = Field("127.0.0.1", description="the address to listen on")
    port: int = Field(7860, ge=0, le=65535, description="the port to listen on; 0 takes a free one")
    examples: Path = Field(
        Path("evals/questions.jsonl"),
        description="the question set that the page takes its example questions from",
    )
    answerer: Literal["auto", "extractive", "openai"] = Field(
        "auto",
        description="who answers: quotes, or a language model; auto takes the model when one is set below",
    )
    embedder: Literal["bundled", "openai"] = Field(
        "bundled", description="what makes vectors of texts; another one needs another index"
    )
    embedder_model: str = Field(
        "text-embedding-3-small", min_length=1, description="the model that `REMIT_EMBEDDER=openai` asks for"
    )
    model_seconds: float = Field(
        8.0,
        gt=0,
        le=300,
        description="how long the language model may take for an answer before quotes are shown instead",
    )
    openai_api_key: SecretStr = Field(SecretStr(""), description="the key of the language model's server")
    openai_base_url: str = Field(
        "", description="its address, such as `http://127.0.0.1:8080/v1`; OpenAI's own when empty"
    )
    openai_model: str = Field("gpt-5.6-luna", min_length=1, description="the language model's name there")

    workers: int = Field(
        1, ge=1, le=64, description="processes that answer; as many as the machine has cores when it is busy"
    )
    remembered: int = Field(
        500, ge=0, description="answers each process keeps, for when they are asked for again; 0: none"
    )
    stop_seconds: int = Field(
        20, ge=0, le=3600, description="how long answers under way may take to end when the server is stopped"
    )
    log: Literal["json", "text", "off"] = Field(
        "off", description="json or text: a line for each request, on standard error; off: faults alone"
    )
    log_questions: bool = Field(False, description="true: the log's lines hold the questions, too")

    journal: Annotated[Path, AfterValidator(_file)] | None = Field(
        None, description="the file that keeps what is asked and how answers are judged; nothing is kept else"
    )
    journal_days: int = Field(90, ge=1, le=3650, description="how long it keeps what nothing covered")
    journal_groups: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        (), description="the groups that may read it; none while others than this machine may ask"
    )

    access: Annotated[tuple[Literal["open", "proxy", "token", "key"], ...], BeforeValidator(_listed)] = Field(
        (), description="who may ask, once it is not this machine alone: open, proxy, token, key"
    )
    allowed_hosts: Annotated[tuple[Annotated[str, AfterValidator(_host)], ...], BeforeValidator(_listed)] = (
        Field((), description="the names by which others reach the server, with commas between them")
    )
    allowed_origins: Annotated[
        tuple[Annotated[str, AfterValidator(_origin)], ...], BeforeValidator(_listed)
    ] = Field((), description="the origins whose pages may ask from a browser and show it in a frame")
    trusted_proxies: Annotated[tuple[Network, ...], BeforeValidator(_listed)] = Field(
        (), description="the addresses of proxies whose headers are believed, such as 10.0.0.0/24"
    )
    user_header: str = Field(
        "X-Forwarded-User", pattern=r"^[A-Za-z0-9-]+$", description="the proxy's header for the user"
    )
    groups_header: str = Field(
        "X-Forwarded-Groups",
        pattern=r"^[A-Za-z0-9-]+$",
        description="the proxy's header for the user's groups, with commas between them",
    )
    token_secret: Annotated[SecretStr, AfterValidator(_secret)] | None = Field(
        None,
        description="the secret that signs the widget's tokens; two, with a blank between, while it changes",
    )
    keys: Path | None = Field(None, description="the file of API keys; else HOME/keys.json")
    rate: Annotated[str, AfterValidator(_rate)] | None = Field(
        None, description="requests of one reader; else 60/minute, or off while this machine alone may ask"
    )
    queue: int = Field(200, ge=1, description="answers that each process has in hand before it says busy")

    @property
    def speaker(self) -> Endpoint | None:
        """The server of the language model that answers; None when quotes do."""
        return None if self.answerer == "extractive" else self.endpoint

    @property
    def endpoint(self) -> Endpoint | None:
        """The server that speaks the OpenAI API; None when neither a key nor an address is set."""
        key = self.openai_api_key.get_secret_value()
        return Endpoint(self.openai_base_url, key) if key or self.openai_base_url else None

    @property
    def keys_file(self) -> Path:
        """Where the API keys are."""
        return self.keys or self.home / "keys.json"

    @classmethod
    def load(
        cls, environ: Mapping[str, str] = os.environ, dotenv: Path = Path(".env"), **flags: Any
    ) -> Settings:
        """Read ``.env``, then the environment, then ``flags`` that are not None; the later wins.

        Raises SettingsError for an unknown ``REMIT_`` name or a value that cannot be.
        """
        given = {k: v for k, v in dotenv_values(dotenv).items() if v is not None} | dict(environ)
        values: dict[str, Any] = {}
        fields = {variable(field): field for field in cls.model_fields}
        for name, value in given.items():
            if name in fields and (name.startswith(PREFIX) or value):
                values[fields[name]] = value
            elif name.startswith(PREFIX):
                known = ", ".join(fields)
                raise SettingsError(f"unknown setting {name!r}; unset it, or use one of: {known}")
        values |= {k: v for k, v in flags.items() if v is not None}
        try:
            return cls(**values)
        except ValidationError as exc:
            first = exc.errors()[0]
            field = str(first["loc"][0])
            name = variable(field)
            # What a secret is must not be read in a terminal or a log; nor may the cause, which repeats it.
            if field in ("token_secret", "openai_api_key"):
                raise SettingsError(f"{name}: {first['msg']}") from None
            raise SettingsError(f"{name}={first.get('input')!r}: {first['msg']}; set another value") from exc
