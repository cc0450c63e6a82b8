"""The layout: who may import whom, that dependencies are exact, and that nothing heavy comes in unasked."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement

MAY_IMPORT = {
    "ingest": {"ingest"},
    "chat": {"chat", "ingest"},
    "evals": {"evals", "chat", "ingest"},
}


# In evals/encoder alone (test_architecture.py), with a requirements.txt of its own.
FOR_TRAINING = {"onnx", "torch", "transformers"}
NOT_PACKAGED = ("evals/sets/", "evals/encoder/")


def imports(file: Path) -> set[str]:
    """Every module a file imports, anywhere in it; ``from a import b`` gives ``a.b``, a module or a name."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: line {node.lineno} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def imported(root: Path, folder: str) -> set[str]:
    """Every module imported by a file under ``folder``."""
    return set().union(*(imports(f) for f in (root / folder).rglob("*.py")), set())


def modules(distribution: str) -> set[str]:
    """The dotted names of a distribution's modules."""
    found = set()
    for file in metadata.distribution(distribution).files or []:
        path = PurePosixPath(file)
        if path.suffix in {".py", ".so", ".pyi"} and ".." not in path.parts:
            dotted = [*path.parts[:-1], path.name.split(".")[0]]
            found.add(".".join(dotted).removesuffix(".__init__"))
    return found


def third_party(names: set[str]) -> set[str]:
    """Of dotted names, those that are neither the standard library's nor the project's."""
    helpers = {f.stem for f in Path(__file__).parent.glob("*.py")}
    own = set(MAY_IMPORT) | helpers | set(sys.stdlib_module_names)
    return {n for n in names if n.split(".")[0] not in own}


def comes_from(name: str, provided: set[str]) -> bool:
    """Whether a dotted import is a module of ``provided`` or a name in one."""
    return name in provided or name.rpartition(".")[0] in provided


def table(root: Path) -> dict[str, dict[str, object]]:
    """pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text())


def dependencies(root: Path) -> dict[str, set[str]]:
    """Direct dependency to its modules."""
    listed = table(root)["project"]["dependencies"]
    assert isinstance(listed, list)
    return {name: modules(name) for name in (Requirement(r).name for r in listed)}


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_imports_run_one_way(root: Path, package: str) -> None:
    wrong = {
        f"{file.relative_to(root)} imports {name}"
        for file in (root / package).rglob("*.py")
        for name in imports(file)
        if name.split(".")[0] in {*MAY_IMPORT, "tests"} - MAY_IMPORT[package]
    }
    assert wrong == set()


def test_what_is_imported_is_a_direct_dependency(root: Path) -> None:
    provided = set().union(*dependencies(root).values())
    names = third_party(set().union(*(imported(root, package) for package in MAY_IMPORT)))
    assert {n.split(".")[0] for n in names if not comes_from(n, provided)} == FOR_TRAINING


def test_a_direct_dependency_is_imported(root: Path) -> None:
    names = third_party(set().union(*(imported(root, package) for package in MAY_IMPORT)))
    idle = {
        d for d, provided in dependencies(root).items() if not any(comes_from(n, provided) for n in names)
    }
    assert idle == {"symspellpy"}  # its dictionary is read as a file


def test_what_the_tests_import_is_declared(root: Path) -> None:
    extra = table(root)["project"]["optional-dependencies"]
    assert isinstance(extra, dict)
    names = third_party(imported(root, "tests"))
    development = {name: modules(name) for name in (Requirement(r).name for r in extra["dev"])}
    provided = set().union(*dependencies(root).values(), *development.values())
    assert {n for n in names if not comes_from(n, provided)} == set()
    # What no test imports is a tool that make calls, stubs that mypy reads, what builds the wheel, what
    # Starlette's test client speaks through, or a tool that a test calls as a command.
    makefile = (root / "Makefile").read_text()
    idle = {
        d
        for d, own in development.items()
        if not any(comes_from(n, own) for n in names)
        and not re.search(rf"-m {d}\b", makefile)
        and d not in {"types-PyYAML", "setuptools", "httpx2", "schemathesis"}
    }
    assert idle == set()


def test_packages_are_listed(root: Path, tracked: list[str]) -> None:
    folders = {
        str(PurePosixPath(p).parent)
        for p in tracked
        if p.endswith(".py") and p.split("/")[0] in MAY_IMPORT and not p.startswith(NOT_PACKAGED)
    }
    tool = table(root)["tool"]["setuptools"]
    assert isinstance(tool, dict)
    assert {f.replace("/", ".") for f in folders} == set(tool["packages"])
    assert {f for f in folders if not (root / f / "__init__.py").exists()} == set()


def test_the_top_of_the_tree_stays_small(tracked: list[str]) -> None:
    assert {p.split("/")[0] for p in tracked} <= {
        *("ingest", "corpus", "chat", "evals", "tests", "docs", ".ci"),
        *("pyproject.toml", "requirements.lock", "requirements-llm.lock", "Makefile"),
        *(".gitattributes", ".gitignore", "Dockerfile", ".dockerignore"),
        *("README.md", "CHANGELOG.md", "LICENSE", "NOTICE"),
    }


def test_tests_are_flat(tracked: list[str]) -> None:
    nested = {p for p in tracked if p.startswith("tests/") and p.endswith(".py") and p.count("/") > 1}
    assert nested == set()


HEAVY = {"chromadb", "fastapi", "gradio", "llama_index", "onnxruntime", "uvicorn"}


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_a_command_starts_without_what_it_may_not_need(root: Path, package: str) -> None:
    code = f"import sys, {package}.__main__; print(*({HEAVY} & sys.modules.keys()))"
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == []
