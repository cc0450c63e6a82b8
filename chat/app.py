"""The composition root: the one place where the parts of the chat are put together."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

from chat.coverage import Coverage
from chat.engine import Engine
from chat.fluent import Fluent
from ingest.embed import BundledEmbedder
from ingest.embedder import choose
from ingest.endpoint import Endpoint
from ingest.errors import SettingsError
from ingest.index import open_live
from ingest.settings import Settings

Answering: TypeAlias = Engine | Fluent


def open_engine(settings: Settings) -> Answering:
    """What answers over the live generation in ``settings.home``: quotes, or a language model before them.

    Raises what ``open_quotes`` raises, and SettingsError when a language model is asked for and none is set.
    """
    if settings.answerer == "openai" and settings.speaker is None:
        raise SettingsError(
            "REMIT_ANSWERER='openai' needs a language model: set OPENAI_API_KEY, or OPENAI_BASE_URL for a"
            " server of your own, or REMIT_ANSWERER=extractive"
        )
    engine = open_quotes(settings)
    return engine if settings.speaker is None else _fluent(engine, settings.speaker, settings)


def open_quotes(settings: Settings) -> Engine:
    """The engine that answers in quotes over the live generation in ``settings.home``.

    Raises IndexUnavailable when nothing is published there, IndexMismatch when it was built otherwise.
    """
    embedder = _bundled() if settings.embedder == "bundled" else choose(settings)
    return Engine(open_live(settings.home, embedder.id), embedder, Coverage())


def _fluent(engine: Engine, endpoint: Endpoint, settings: Settings) -> Fluent:
    from chat.llm import LanguageModel
    from chat.material import Prompts
    from chat.remember import Remembering
    from chat.verify import Verifier

    model = LanguageModel(endpoint, settings.openai_model, seconds=settings.model_seconds)
    model.warm()
    # The bundled model whatever the index was made with: the check's thresholds are fitted to it.
    embedder = Remembering(_bundled())
    return Fluent(
        engine,
        model=model,
        checker=Verifier(embedder),
        embedder=embedder,
        prompts=Prompts.load(),
        seconds=settings.model_seconds,
    )


@cache
def _bundled() -> BundledEmbedder:
    """One for every index that is opened: a model loaded anew with each leaves memory in pieces."""
    return BundledEmbedder()
