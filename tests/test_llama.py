"""The retriever for LlamaIndex, and the page about it, whose code is run."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.errors import QuestionError

if TYPE_CHECKING:
    from chat.engine import Engine

QUESTION = "Who should own social media?"


def test_nodes_are_the_passages_of_the_engine(engine: Engine) -> None:
    from llama_index.core.schema import MetadataMode

    from chat.llama import RemitRetriever

    passages = engine.search(QUESTION)
    found = RemitRetriever(engine, top_k=4, base_url="https://here/").retrieve(QUESTION)
    assert [n.node.node_id for n in found] == [p.guideline.id for p in passages[:4]]
    assert [n.score for n in found] == [p.share for p in passages[:4]]
    for one, passage in zip(found, passages, strict=False):
        data, guideline = one.node.metadata, passage.guideline
        document = engine.documents[data["doc"]]
        assert one.node.get_content() == document.text[data["start"] : data["end"]] == guideline.text
        assert (data["title"], data["published"]) == (document.title, document.published)
        assert data["url"].startswith(f"https://here/sources/{data['doc']}?start={data['start']}&")
        assert [(s["role"], s["relation"]) for s in data["stances"]] == [
            (s.role, s.relation) for s in guideline.stances
        ]
        assert one.node.ref_doc_id == data["doc"]
    assert "CMO leads" in found[0].node.metadata["roles"]
    shown = found[0].node.get_content(MetadataMode.LLM)
    assert "roles: CMO leads" in shown
    assert "stances" not in shown
    assert "url" not in shown


def test_the_share_does_not_depend_on_how_many_are_asked_for(engine: Engine) -> None:
    from chat.llama import RemitRetriever

    (one,) = RemitRetriever(engine, top_k=1).retrieve(QUESTION)
    assert one.score == RemitRetriever(engine, top_k=5).retrieve(QUESTION)[0].score


def test_several_at_once_asynchronously(engine: Engine) -> None:
    from chat.llama import RemitRetriever

    retriever = RemitRetriever(engine)

    async def ask() -> list[list[str]]:
        questions = [QUESTION, "Who leads back-end technology?"] * 3
        found = await asyncio.gather(*(retriever.aretrieve(q) for q in questions))
        return [[n.node.node_id for n in nodes] for nodes in found]

    answers = asyncio.run(ask())
    assert answers[0] == answers[2] == [n.node.node_id for n in retriever.retrieve(QUESTION)]
    assert answers[1] == answers[5] != answers[0]


def test_what_it_refuses(engine: Engine) -> None:
    from chat.llama import RemitRetriever

    with pytest.raises(QuestionError):
        RemitRetriever(engine).retrieve("  ")
    with pytest.raises(ValueError, match="top_k=0"):
        RemitRetriever(engine, top_k=0)


def test_the_code_of_the_page_runs(root: Path, corpus_home: Path) -> None:
    """In a process of its own, which may reach no server: every connection raises."""
    page = (root / "docs" / "llama-index.md").read_text("utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 4
    guard = (
        "import socket\n"
        "def refuse(*_): raise AssertionError('something connects')\n"
        "socket.socket.connect = refuse\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", guard + "\n".join(blocks)],
        cwd=root,
        env=os.environ | {"REMIT_HOME": str(corpus_home), "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    assert "CMO leads" in run.stdout
    assert "https://remit.example.com/sources/" in run.stdout
    assert "Source 1:" in run.stdout
    assert "3 passages" in run.stdout
