"""LlamaIndex's side of ingest: a document becomes nodes, nodes get vectors, Chroma holds them.

Only the process that writes a generation imports this module: LlamaIndex takes seconds to import.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding, Embedding  # noqa: TID253
from llama_index.core.ingestion import IngestionPipeline  # noqa: TID253
from llama_index.core.schema import BaseNode, TextNode, TransformComponent  # noqa: TID253
from llama_index.core.schema import Document as Source  # noqa: TID253
from llama_index.vector_stores.chroma import ChromaVectorStore  # noqa: TID253
from pydantic import PrivateAttr

from ingest.records import Document, Guideline


class GuidelineParser(TransformComponent):
    """From documents to nodes: one for each phrase that no earlier guideline had, numbered from 0.

    The guidelines met on the way are in ``guidelines``.
    """

    _split: Callable[[Document], list[Guideline]] = PrivateAttr()
    _numbers: dict[str, int] = PrivateAttr(default_factory=dict)
    _guidelines: list[Guideline] = PrivateAttr(default_factory=list)

    def __init__(self, split: Callable[[Document], list[Guideline]]) -> None:
        super().__init__()
        self._split = split

    @property
    def guidelines(self) -> list[Guideline]:
        """The guidelines of all documents so far, in order."""
        return self._guidelines

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[BaseNode]:  # noqa: ARG002
        """The nodes of new phrases in ``nodes``, which are documents made by ``source``."""
        made: list[BaseNode] = []
        for node in nodes:
            found = self._split(_document(node))
            for phrase in (phrase for guideline in found for phrase in guideline.phrases):
                if phrase not in self._numbers:
                    number = self._numbers[phrase] = len(self._numbers)
                    made.append(TextNode(id_=str(number), text=phrase))
            self._guidelines += found
        return made


class PhraseEmbedding(BaseEmbedding):
    """Gives LlamaIndex the vectors of ``embed``, which takes texts and returns a row for each."""

    _embed: Callable[[Sequence[str]], Any] = PrivateAttr()

    def __init__(self, embed: Callable[[Sequence[str]], Any], *, name: str, batch: int) -> None:
        super().__init__(model_name=name, embed_batch_size=batch)
        self._embed = embed

    def _get_text_embeddings(self, texts: list[str]) -> list[Embedding]:
        vectors: list[Embedding] = self._embed(texts).tolist()
        return vectors

    def _get_text_embedding(self, text: str) -> Embedding:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> Embedding:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> Embedding:
        return self._get_text_embedding(query)


def source(document: Document) -> Source:
    """The document as LlamaIndex carries it."""
    facts = {k: getattr(document, k) for k in ("title", "source", "kind", "published", "sha256")}
    return Source(id_=document.path, text=document.text, metadata=facts)


def parsing(parser: GuidelineParser) -> IngestionPipeline:
    """The pipeline from documents to nodes."""
    return IngestionPipeline(transformations=[parser], disable_cache=True)


def storing(embedding: PhraseEmbedding, collection: Any) -> IngestionPipeline:
    """The pipeline from nodes to a collection of Chroma; at most Chroma's batch limit in one run."""
    return IngestionPipeline(
        transformations=[embedding],
        vector_store=ChromaVectorStore(chroma_collection=collection),
        disable_cache=True,
    )


def _document(node: BaseNode) -> Document:
    return Document(path=node.node_id, text=node.get_content(), **node.metadata)
