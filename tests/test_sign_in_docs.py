"""What docs/sign-in.md shows is true: its tokens are believed, its documents limited, its commands run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Needs

from chat.__main__ import main
from chat.web.tokens import Shown, Tokens
from ingest.readers import read
from ingest.settings import PREFIX, Settings

DOCS = (Path(__file__).resolve().parents[1] / "docs" / "sign-in.md").read_text(encoding="utf-8")
SECRET = "a-secret-that-is-shared-by-the-two-servers"
PAGE = "https://intranet.example"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCS, re.M | re.S)


def believed(token: str) -> Shown | str:
    return Tokens(SECRET).shown(token.strip(), origins=[PAGE])


def run(command: list[str]) -> str:
    environment = os.environ | {"REMIT_TOKEN_SECRET": SECRET}
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment, timeout=60
    ).stdout


def test_the_token_of_the_python_example() -> None:
    [example] = blocks("python")
    assert len(example.splitlines()) <= 20
    made = run([sys.executable, "-c", f"{example}\nprint(remit_token('Zoë', ['hr', 'board'], {PAGE!r}))"])
    assert believed(made) == Shown("Zoë", frozenset({"hr", "board"}))


def test_the_token_of_the_node_example(tmp_path: Path, needs: Needs) -> None:
    node = shutil.which("node")
    needs(node, "node is not installed, so the example in JavaScript cannot be tried")
    [example] = blocks("js")
    assert len(example.splitlines()) <= 20
    assert node
    script = tmp_path / "token.mjs"
    script.write_text(f"{example}\nconsole.log(remitToken('Zoë', ['hr', 'board'], '{PAGE}'));\n")
    assert believed(run([node, str(script)])) == Shown("Zoë", frozenset({"hr", "board"}))


def test_the_documents_of_the_examples(tmp_path: Path) -> None:
    front, beside = blocks("yaml")
    (tmp_path / "a.md").write_text(front + "\nThe Bursar should own salaries.\n")
    (tmp_path / "b.html").write_text("<p>The Bursar should own salaries.</p>")
    (tmp_path / "b.html.yaml").write_text(beside)
    assert read(tmp_path / "a.md", tmp_path).access == ("board", "hr")
    assert read(tmp_path / "b.html", tmp_path).access == ("board", "hr")


def test_the_settings_of_the_examples() -> None:
    tried = 0
    for block in blocks("ini"):
        given = dict(re.findall(rf"^({PREFIX}\w+)=(\S+)", block, re.M))
        if given:
            settings = Settings.load(given | {"REMIT_TOKEN_SECRET": SECRET}, Path("none"))
            assert settings.access
            tried += 1
    assert tried == 2
    for name in re.findall(rf"`{PREFIX}(\w+)`", DOCS):
        assert name.lower() in Settings.model_fields


@pytest.mark.filterwarnings("error")
def test_the_commands(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    [block] = blocks("sh")
    for line in block.splitlines():
        words = shlex.split(line)
        assert words[:3] == [".venv/bin/python", "-m", "chat"]
        assert main([*words[3:], "--home", str(tmp_path)]) == 0
    assert "helpdesk-bot" in capfd.readouterr().out
