"""The product as the evals see it: something to ask, the documents behind it, the names of their roles."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass

from evals.run import Asker
from ingest.errors import IndexMismatch, IndexUnavailable
from ingest.records import Document
from ingest.roles import RoleBook
from ingest.settings import Settings


@dataclass(frozen=True, slots=True)
class Product:
    """What a question set is asked of, and judged by."""

    asker: Asker
    documents: Mapping[str, Document]
    roles: RoleBook

    def canonical(self, name: str) -> str:
        """The one name of the role that ``name`` stands for; ``name`` itself when it is nobody's."""
        return self.roles.canonical(name) or name


def build_index(settings: Settings) -> None:
    """Have ``python -m ingest build`` bring ``settings.home`` up to date with ``settings.corpus``.

    Raises SystemExit with its exit code when it fails; it has then said why.
    """
    from ingest.__main__ import main as ingest

    roles = ["--roles", str(settings.roles)] if settings.roles else []
    # What a build says is no part of the figures, which alone go to the standard output.
    with redirect_stdout(sys.stderr):
        code = ingest(["build", str(settings.corpus), "--home", str(settings.home), *roles])
    if code:
        raise SystemExit(code)


def open_product(
    settings: Settings, *, renew: bool = False, build: Callable[[Settings], None] = build_index
) -> Product:
    """The product over the live index in ``settings.home``.

    Without one, or with ``renew``, it is built first. Raises what opening raises: an index that was made by
    another embedder or version is not replaced unasked.
    """
    from chat.app import open_engine

    if renew:
        build(settings)
    try:
        engine = open_engine(settings)
    except IndexMismatch:
        raise
    except IndexUnavailable:
        build(settings)
        engine = open_engine(settings)
    return Product(engine, engine.documents, engine.roles)
