"""API keys: shown once, kept as hashes, revoked at once, and refused when their file is broken."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from chat.__main__ import main
from chat.web.keys import PREFIX, KeyRing
from ingest.errors import FileFormatError, InputError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "keys.json"


def test_a_key_is_found_until_it_is_revoked(path: Path) -> None:
    ring, elsewhere = KeyRing(path), KeyRing(path)  # the server's, and the command's
    assert ring.find("remit_anything") is None
    key = elsewhere.add("ci", ["board", "hr", "hr"])
    found = ring.find(key)
    assert found is not None
    assert (found.name, found.groups) == ("ci", ("board", "hr"))
    assert ring.find(key + "x") is None
    assert ring.find("") is None
    elsewhere.revoke("ci")
    assert ring.find(key) is None


def test_the_file_holds_no_key_and_is_its_owners_alone(path: Path) -> None:
    key = KeyRing(path).add("ci")
    assert key.startswith(PREFIX)
    assert len(key) >= len(PREFIX) + 43  # 256 bits in six bits a character
    assert key not in path.read_text()
    assert key.removeprefix(PREFIX) not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["keys.json"]


@pytest.mark.parametrize("content", ["", "{}", '[{"name": "ci"}]', "[1]", "\xff"])
def test_a_broken_file_opens_nothing(path: Path, content: str, caplog: pytest.LogCaptureFixture) -> None:
    ring = KeyRing(path)
    key = ring.add("ci")
    assert ring.find(key)
    path.write_text(content, encoding="latin-1")
    assert ring.find(key) is None
    assert "no API key is accepted" in caplog.text
    with pytest.raises(FileFormatError, match=r"keys\.json"):
        ring.add("other")
    path.unlink()
    assert ring.find(key) is None


@pytest.mark.parametrize("name", ["", " ", "a b", "../x", "x" * 65, "ci"])
def test_names_that_cannot_be(path: Path, name: str) -> None:
    ring = KeyRing(path)
    ring.add("ci")
    with pytest.raises(InputError):
        ring.add(name)
    with pytest.raises(InputError, match="keys list"):
        ring.revoke("nobody")
    with pytest.raises(InputError, match="--group"):
        ring.add("new", ["a,b"])


def test_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(tmp_path)]
    assert main(["keys", "add", "ci", "--group", "hr", "--group", "Board of Trustees", *home]) == 0
    key = capfd.readouterr().out.strip()
    assert KeyRing(tmp_path / "keys.json").find(key)
    assert main(["keys", "list", *home]) == 0
    listed = capfd.readouterr().out
    assert listed.startswith("ci\t")
    assert "Board of Trustees, hr" in listed
    assert key not in listed
    assert json.loads((tmp_path / "keys.json").read_text())[0]["sha256"] not in listed
    assert main(["keys", "add", "ci", *home]) == 2
    assert "keys revoke ci" in capfd.readouterr().err
    assert main(["keys", "revoke", "ci", *home]) == 0
    assert main(["keys", "revoke", "ci", *home]) == 2
    assert not KeyRing(tmp_path / "keys.json").find(key)
