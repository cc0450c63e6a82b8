"""The product as the evals see it: something to ask, the documents behind it, the names of their roles."""

from __future__ import annotations

import sys
from collections.abc import Mapping
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


def open_product(settings: Settings, *, renew: bool = False) -> Product:
    """The product over the live index in ``settings.home``.

    Without one it is built first; with ``renew`` it is brought up to date with ``settings.corpus``.
    Raises what opening and building raise.
    """
    from chat.app import open_engine

    if renew:
        _build(settings)
    try:
        engine = open_engine(settings)
    except IndexMismatch:
        raise
    except IndexUnavailable:
        _build(settings)
        engine = open_engine(settings)
    return Product(engine, engine.documents, RoleBook(engine.generation.roles))


def _build(settings: Settings) -> None:
    from ingest.embed import BundledEmbedder
    from ingest.pipeline import build

    own = settings.corpus / "roles.yaml"
    roles = RoleBook.load(settings.roles or (own if own.is_file() else None))
    print(
        f"evals: reading {str(settings.corpus)!r} into the index in {str(settings.home)!r}", file=sys.stderr
    )
    report = build(corpus=settings.corpus, home=settings.home, roles=roles, embedder=BundledEmbedder())
    for skipped in report.skipped:
        print(f"evals: skipped {skipped.path!r}: {skipped.reason}", file=sys.stderr)
