"""The settings: every ``REMIT_`` variable, its default and its meaning, in one place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.errors import SettingsError

PREFIX = "REMIT_"


class Settings(BaseModel):
    """What the operator may set.

    A field ``home`` is the variable ``REMIT_HOME``; flags of a command win over it.
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

    @classmethod
    def load(
        cls, environ: Mapping[str, str] = os.environ, dotenv: Path = Path(".env"), **flags: Any
    ) -> Settings:
        """Read ``.env``, then the environment, then ``flags`` that are not None; the later wins.

        Raises SettingsError for an unknown ``REMIT_`` name or a value that cannot be.
        """
        given = {k: v for k, v in dotenv_values(dotenv).items() if v is not None} | dict(environ)
        values: dict[str, Any] = {}
        for name, value in given.items():
            if not name.startswith(PREFIX):
                continue
            field = name.removeprefix(PREFIX).lower()
            if field not in cls.model_fields:
                known = ", ".join(PREFIX + f.upper() for f in cls.model_fields)
                raise SettingsError(f"unknown setting {name!r}; unset it, or use one of: {known}")
            values[field] = value
        values |= {k: v for k, v in flags.items() if v is not None}
        try:
            return cls(**values)
        except ValidationError as exc:
            first = exc.errors()[0]
            name = PREFIX + str(first["loc"][0]).upper()
            raise SettingsError(f"{name}={first.get('input')!r}: {first['msg']}; set another value") from exc
