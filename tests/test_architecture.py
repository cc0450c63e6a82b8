"""Imports run one way, vendors stay in their adapters, and a command loads only what it uses."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

LAYERS = ("ingest", "chat", "evals")  # a layer may import itself and those before it
# Where each vendor may be named at all. What is slow to import is imported inside a function even there.
ADAPTERS = {
    "bm25s": {"ingest/lexical.py"},
    "chromadb": {"ingest/chroma.py", "ingest/llama.py", "evals/bench/stock.py"},
    "fastapi": {"chat/web/", "evals/bench/peer.py"},
    "gradio": {"chat/web/"},
    "httpx": {"chat/llm.py", "ingest/endpoint.py", "ingest/embed_openai.py"},
    "jwt": {"chat/web/tokens.py"},
    "llama_index": {"chat/llm.py", "chat/llama.py", "ingest/llama.py", "evals/bench/stock.py"},
    "mcp": {"chat/web/mcp.py"},
    "onnx": {"evals/encoder/export.py"},
    "onnxruntime": {"ingest/embed.py", "evals/bench/stock.py", "evals/encoder/"},
    "openai": {"chat/llm.py", "ingest/endpoint.py", "ingest/embed_openai.py"},
    "pypdfium2": {"ingest/", "evals/sets/"},
    "selectolax": {"ingest/", "evals/sets/"},
    "sentencex": {"ingest/sentences.py"},
    "snowballstemmer": {"ingest/words.py"},
    "starlette": {"chat/web/"},
    "tokenizers": {"ingest/embed.py", "evals/encoder/"},
    "torch": {f"evals/encoder/{name}.py" for name in ("export", "network", "train")},
    "transformers": {"evals/encoder/export.py", "evals/encoder/network.py"},
    "uvicorn": {"chat/web/", "evals/bench/peer.py"},
}
SLOW = {
    *("chromadb", "fastapi", "gradio", "jwt", "llama_index", "mcp", "onnxruntime", "openai"),
    *("pypdfium2", "uvicorn"),
}
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Import:
    """``module`` is imported in ``file``; ``at_load`` when loading the file is enough to bring it in."""

    file: str
    line: int
    module: str
    at_load: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


def imports(file: Path) -> Iterator[Import]:
    name = file.relative_to(ROOT).as_posix()
    tree = ast.parse(file.read_text("utf-8"))
    later = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: a relative import"
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
        for module in modules:
            yield Import(name, getattr(node, "lineno", 0), module, id(node) not in later)


@pytest.fixture(scope="module")
def every() -> list[Import]:
    files = [f for layer in LAYERS for f in sorted((ROOT / layer).rglob("*.py"))]
    assert len(files) > 30
    return [one for file in files for one in imports(file)]


def test_imports_run_one_way(every: list[Import]) -> None:
    place = {layer: i for i, layer in enumerate(LAYERS)}
    wrong = [
        str(one)
        for one in every
        if place.get(one.module.split(".")[0], -1) > place[one.file.split("/")[0]]
        or one.module.split(".")[0] == "tests"
    ]
    assert wrong == []


def test_the_engine_knows_nothing_of_the_web(every: list[Import]) -> None:
    wrong = [
        str(one)
        for one in every
        if one.module.startswith("chat.web")
        and not one.file.startswith(("chat/web/", "chat/__main__.py", "evals/"))
    ]
    assert wrong == []


def test_vendors_stay_in_their_adapters(every: list[Import]) -> None:
    wrong = [
        str(one)
        for one in every
        if (homes := ADAPTERS.get(one.module.split(".")[0]))
        and not any(one.file == home or (home.endswith("/") and one.file.startswith(home)) for home in homes)
    ]
    assert wrong == []


def test_modules_do_not_import_each_other_in_circles(every: list[Import]) -> None:
    modules = {".".join(Path(one.file).with_suffix("").parts).removesuffix(".__init__") for one in every}
    needs: dict[str, set[str]] = {module: set() for module in modules}
    for one in every:
        source = ".".join(Path(one.file).with_suffix("").parts).removesuffix(".__init__")
        for target in (one.module, one.module.rpartition(".")[0]):
            if one.at_load and target in modules and target != source:
                needs[source].add(target)
    while free := [module for module, others in needs.items() if not others]:
        for module in free:
            del needs[module]
        for others in needs.values():
            others.difference_update(free)
    assert needs == {}


def loaded(program: str) -> set[str]:
    """The vendors that are loaded after ``program`` has run in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print('loaded', *sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {name.split(".")[0] for name in run.stdout.rpartition("loaded")[2].split()} & SLOW


@pytest.mark.parametrize(
    "module", ["chat.__main__", "chat.app", "chat.engine", "ingest.__main__", "evals.__main__"]
)
def test_a_command_starts_without_what_it_may_not_use(module: str) -> None:
    assert loaded(f"import {module}") == set()


def test_asking_loads_neither_the_page_nor_llama_index(corpus_home: Path) -> None:
    lines = [
        "from pathlib import Path",
        "from chat.app import open_engine",
        "from ingest.settings import Settings",
        f"engine = open_engine(Settings(home=Path({str(corpus_home)!r})))",
        "assert engine.ask('Who should own social media?').owners",
    ]
    assert loaded("\n".join(lines)) <= {"chromadb", "onnxruntime"}
