"""The settings: every ``REMIT_`` variable, its default and its meaning, in one place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from ingest.endpoint import Endpoint
from ingest.errors import SettingsError

PREFIX = "REMIT_"
SHARED = "openai_"  # fields whose variables are those that every program around the OpenAI API reads


def variable(field: str) -> str:
    """The environment variable of a field."""
    return field.upper() if field.startswith(SHARED) else PREFIX + field.upper()


class Settings(BaseModel):
    """What the operator may set.

    A field ``home`` is the variable ``REMIT_HOME``, ``openai_model`` is ``OPENAI_MODEL``; flags of a command
    win over them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(Path(".remit"), description="where the index lives; can always be built again")
    corpus: Path = Field(Path("corpus"), description="the folder of documents")
    roles: Path | None = Field(
        None, description="the roles file; else CORPUS/roles.yaml, else a built-in list"
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

    @property
    def speaker(self) -> Endpoint | None:
        """The server of the language model that answers; None when quotes do."""
        return None if self.answerer == "extractive" else self.endpoint

    @property
    def endpoint(self) -> Endpoint | None:
        """The server that speaks the OpenAI API; None when neither a key nor an address is set."""
        key = self.openai_api_key.get_secret_value()
        return Endpoint(self.openai_base_url, key) if key or self.openai_base_url else None

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
            name = variable(str(first["loc"][0]))
            raise SettingsError(f"{name}={first.get('input')!r}: {first['msg']}; set another value") from exc
