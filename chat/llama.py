"""Remit's retrieval for people who bring their own LlamaIndex engine.

Nothing of Remit imports this module: LlamaIndex takes seconds to import.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

from llama_index.core.callbacks import CallbackManager  # noqa: TID253
from llama_index.core.retrievers import BaseRetriever  # noqa: TID253
from llama_index.core.schema import (  # noqa: TID253
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from chat.answer import Turn
from chat.quotes import Quotes
from chat.retrieve import Passage

# What a language model is shown of a node beside its text; the rest is for the program.
_SHOWN = ("title", "published", "label", "context", "roles")


class Searcher(Protocol):
    """What the retriever asks of an engine."""

    def search(self, text: str, history: Sequence[Turn] = ..., k: int = ...) -> list[Passage]:
        """The ``k`` nearest passages, best first."""

    @property
    def quotes(self) -> Quotes:
        """What cites from its documents."""


class RemitRetriever(BaseRetriever):
    """Gives the guidelines nearest to a question, best first, as nodes of LlamaIndex.

    A node's text is the guideline, the exact text of its document from ``start`` to ``end``. Its score is
    the passage's share, in (0, 1], among the best that the ``engine`` found. ``metadata`` holds ``doc``,
    ``title``, ``publisher``, ``published``, ``label``, ``start``, ``end``, ``url`` (after ``base_url``),
    ``context`` (headings and lead-in), ``roles`` in words ("CMO leads; CIO supports") and ``stances``.

    Raises QuestionError for a question that is empty, too long or not text.
    """

    def __init__(
        self,
        engine: Searcher,
        *,
        top_k: int = 5,
        base_url: str = "",
        callback_manager: CallbackManager | None = None,
    ) -> None:
        if top_k < 1:
            raise ValueError(f"top_k={top_k!r}: a retriever gives at least one node; ask for 1 or more")
        super().__init__(callback_manager=callback_manager)
        self._engine, self._top_k, self._base_url = engine, top_k, base_url.rstrip("/")

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._engine.search(query_bundle.query_str, k=max(self._top_k, _POOL))
        return [NodeWithScore(node=self._node(p), score=p.share) for p in found[: self._top_k]]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)

    def _node(self, passage: Passage) -> TextNode:
        g = passage.guideline
        cited = self._engine.quotes.cite(1, g.doc, g.start, g.end, g.label)
        metadata: dict[str, Any] = {
            "title": cited.title,
            "published": cited.published,
            "label": cited.label,
            "context": " > ".join(filter(None, (*g.headings, " ".join(g.lead_in.split())))),
            "roles": "; ".join(dict.fromkeys(f"{s.role} {s.relation}" for s in g.stances)),
            "doc": cited.doc,
            "publisher": cited.publisher,
            "start": cited.start,
            "end": cited.end,
            "url": self._base_url + cited.url,
            "stances": [
                {"role": s.role, "relation": s.relation, "topic": s.topic, "strength": s.strength}
                for s in g.stances
            ],
        }
        kept_back = [key for key in metadata if key not in _SHOWN]
        return TextNode(
            id_=g.id,
            text=cited.quote,
            metadata=metadata,
            excluded_llm_metadata_keys=kept_back,
            excluded_embed_metadata_keys=kept_back,
            start_char_idx=cited.start,
            end_char_idx=cited.end,
            relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=cited.doc)},
        )


_POOL = 24  # passages over which the shares are told, whatever is asked for of them
