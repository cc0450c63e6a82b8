"""The README keeps its word: each command is tried, and the table of the settings is what the code says.

``python tests/test_readme.py`` writes the settings table anew.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import serving

from ingest.settings import Settings, variable

README = Path(__file__).resolve().parents[1] / "README.md"
SETTINGS = README.parent / "docs" / "settings.md"

# How each command is tried. "run": as written, in a copy of the project. "ask": curl's request, to a server
# of that copy. "expand": make says what it would do, which must hold these words; CI or another test does it.
COMMANDS: dict[str, tuple[str, str]] = {
    "make run": ("expand", "-m chat serve"),  # done in test_offline.py
    "make test": ("expand", "-m pytest"),  # done by CI
    "make run PORT=7861 HOME_DIR=/tmp/remit": ("expand", "REMIT_HOME='/tmp/remit' REMIT_PORT='7861'"),
    "curl -s http://127.0.0.1:7860/api/ask -H 'Content-Type: application/json' "
    """-d '{"question": "Who should own social media?"}'""": ("ask", '"owners"'),
    '.venv/bin/python -m chat ask "Who should own social media?"': ("run", "CMO"),
    '.venv/bin/python -m chat ask "Who should own social media?" --json': ("run", '"owners"'),
    "make eval": ("expand", "-m evals run --out out/eval"),  # done by CI
    ".venv/bin/python -m ingest build handbook --home /tmp/handbook": ("run", "1 document"),
    ".venv/bin/python -m ingest status --home /tmp/handbook": ("run", "generation"),
    ".venv/bin/python -m ingest matrix --home /tmp/handbook": ("run", "travel policy"),
    "make run CORPUS=handbook HOME_DIR=/tmp/handbook": ("expand", "REMIT_CORPUS='handbook'"),
    "make help": ("run", "make run"),
    "make lint": ("expand", "-m mypy"),  # done by CI
    "make docs": ("expand", "-m evals table"),
}


def commands(text: str) -> list[str]:
    """The commands of the fenced sh blocks: one a line, comments and surrounding blanks left out."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)
    lines = [re.sub(r"\s+# .*$", "", line).strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def settings_table() -> str:
    """The settings as a Markdown table: variable, default, meaning."""
    lines = ["| variable | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if str(field.default) in ("None", "()", "") else f"`{field.default}`"
        lines.append(f"| `{variable(name)}` | {default} | {field.description} |")
    return "\n".join(lines)


def between(text: str, name: str) -> str:
    """What stands between the markers of ``name``."""
    begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
    assert text.count(begin) == text.count(end) == 1, f"the page must hold {begin!r} and {end!r} once each"
    return text.partition(begin)[2].partition(end)[0]


@pytest.fixture(scope="module")
def copy(root: Path, tracked: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the running Python as its .venv, and a folder of other documents."""
    folder = tmp_path_factory.mktemp("clone")
    for name in tracked:
        if not name.startswith(("tests/", "docs/", "evals/sets/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "handbook").mkdir()
    (folder / "handbook" / "travel.md").write_text("# Travel\n\nThe COO should own the travel policy.\n")
    return folder


@pytest.fixture(scope="module")
def environ(corpus_home: Path) -> dict[str, str]:
    """The environment of somebody who has built the index of the project's own documents."""
    return dict(os.environ) | {"REMIT_HOME": str(corpus_home)}


@pytest.fixture(scope="module")
def address(copy: Path, environ: dict[str, str]) -> Iterator[str]:
    """Where the page of the copy listens."""
    serve = [sys.executable, "-m", "chat", "serve", "--port", "0"]
    with serving.running(serve, cwd=copy, env=environ) as where:
        yield where


def curl(line: str, address: str) -> str:
    """Do what a curl command would, at ``address`` in place of the host it names."""
    words = iter(shlex.split(line)[1:])
    url, body, headers = "", None, {}
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words).encode()
        elif word != "-s":
            assert not word.startswith("-"), f"this test does not know curl's {word}"
            assert not url
            url = word
    return serving.fetch(re.sub(r"^http://127\.0\.0\.1:7860(?=/)", address, url), body, headers)


def test_every_command_is_tried_here_and_none_that_is_gone() -> None:
    assert set(commands(README.read_text())) == set(COMMANDS)


def test_fenced_blocks_are_of_known_kinds() -> None:
    # A command in a block of another kind would not be tried.
    assert set(re.findall(r"^```(\w*)\n.*?^```", README.read_text(), re.M | re.S)) <= {"sh", "yaml", "json"}


@pytest.mark.parametrize("line", [line for line, (way, _) in COMMANDS.items() if way == "run"])
def test_a_command_runs(line: str, copy: Path, environ: dict[str, str]) -> None:
    here = line.replace("/tmp/", f"{copy}/")
    done = subprocess.run(
        ["sh", "-c", here], cwd=copy, env=environ, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert COMMANDS[line][1] in done.stdout


@pytest.mark.parametrize("line", [line for line, (way, _) in COMMANDS.items() if way == "expand"])
def test_a_make_command_comes_to_what_it_says(line: str, copy: Path) -> None:
    program, *words = shlex.split(line)
    assert program == "make"
    said = subprocess.run(["make", "-n", *words], cwd=copy, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    assert COMMANDS[line][1] in said.stdout


@pytest.mark.parametrize("line", [line for line, (way, _) in COMMANDS.items() if way == "ask"])
def test_a_request_is_answered(line: str, address: str) -> None:
    said = curl(line, address)
    assert COMMANDS[line][1] in said
    assert json.loads(said)["owners"] == ["CMO"]


def test_ci_runs_the_test_command(root: Path) -> None:
    steps = re.findall(r'^step "[^"]+" (.+)$', (root / ".ci" / "run").read_text(), re.M)
    by_ci = {line for line, (way, _) in COMMANDS.items() if line in {"make test", "make eval", "make lint"}}
    assert by_ci <= set(steps) & set(commands(README.read_text()))


def test_the_settings_table_is_what_the_settings_are() -> None:
    assert between(SETTINGS.read_text(), "settings") == settings_table() + "\n", "run: make docs"


def test_the_files_it_points_to_are_there(root: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", README.read_text())
    assert targets
    assert [t for t in targets if not (root / t).exists()] == []


if __name__ == "__main__":
    page = SETTINGS.read_text()
    begin, end = "<!-- settings:begin -->\n", "<!-- settings:end -->"
    SETTINGS.write_text(
        page.replace(f"{begin}{between(page, 'settings')}{end}", f"{begin}{settings_table()}\n{end}")
    )
