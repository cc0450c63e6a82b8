"""``python -m ingest``: what each verb says, to which stream, and with which exit code."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.__main__ import main
from ingest.home import Home

TEXT = "# Money\n\nThe CFO owns the budget.\n\n1. The CMO leads advertising.\n2. The CIO leads the network.\n"


def ingest(*args: object) -> int:
    """The command, in this process."""
    return main([str(a) for a in args])


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder without a .env, a corpus or an index, and no settings."""
    monkeypatch.chdir(tmp_path)
    for name in [n for n in os.environ if n.startswith("REMIT_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus and its index; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "money.md").write_text(TEXT)
    (folder / "corpus" / "photo.png").write_bytes(b"\x89PNG")
    assert ingest("build", folder / "corpus", "--home", folder / "home") == 0
    return folder


@pytest.fixture
def mine(built: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    shutil.copytree(built, tmp_path / "mine")
    return tmp_path / "mine"


def test_build_says_what_is_live_and_what_was_skipped(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (mine / "corpus" / "money.md").write_text(TEXT + "3. The CIO leads the archive.\n")
    assert ingest("build", mine / "corpus", "--home", mine / "home") == 0
    said = capsys.readouterr()
    live = Home(mine / "home").pointer().live
    assert said.out.startswith(f"{live} is live: 1 document, 4 guidelines, 1 file skipped; ")
    assert "  skipped photo.png: not a kind of file that is read (" in said.out
    assert said.err == ""  # no bar where nobody is looking


def test_a_build_with_nothing_changed_says_so(mine: Path) -> None:
    settings = {"REMIT_CORPUS": str(mine / "corpus"), "REMIT_HOME": str(mine / "home")}
    before = os.times()
    run = subprocess.run(
        [sys.executable, "-m", "ingest", "build"],
        cwd=Path(__file__).parents[1],
        env=os.environ | settings,
        capture_output=True,
        text=True,
    )
    after = os.times()
    assert (run.returncode, run.stderr) == (0, "")
    live = Home(mine / "home").pointer().live
    said = f"Nothing has changed: {live} stays live (1 document, 3 guidelines, 1 file skipped)"
    assert run.stdout.startswith(said)
    # Processor time, since a clock would measure the neighbours: half a second where nobody else is at work.
    used = after.children_user + after.children_system - before.children_user - before.children_system
    assert used < 1


def test_status(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ingest("status", "--home", built / "home") == 0
    said = capsys.readouterr().out
    assert f"generation  {Home(built / 'home').pointer().live} in {built / 'home'}" in said
    assert "documents   1\nguidelines  3, with " in said
    assert "embedder    all-MiniLM-L6-v2-asked-int8@" in said
    assert "skipped photo.png" in said


def test_verify_a_sound_index(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ingest("verify", "--home", built / "home") == 0
    said = capsys.readouterr()
    assert "is sound: 1 document as read, 3 guidelines in place, " in said.out
    assert said.err == ""


def test_verify_an_unsound_index(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = Home(mine / "home").live() / "documents.jsonl"
    file.write_bytes(file.read_bytes().replace(b"budget", b"bucket"))
    assert ingest("verify", "--home", mine / "home") == 1
    said = capsys.readouterr().err
    assert "ingest: the text of 'money.md' is not the one that was read\n" in said
    assert said.endswith("is unsound; run: python -m ingest build --force\n")


@pytest.mark.parametrize("verb", ["status", "verify"])
def test_no_index(verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ingest(verb, "--home", tmp_path / "none") == 1
    assert capsys.readouterr().err == (
        f"ingest: there is no index in {str(tmp_path / 'none')!r}; run: python -m ingest build\n"
    )


def test_wrong_input_says_what_and_where(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ingest("build", mine / "nowhere") == 2
    assert "nowhere' does not exist" in capsys.readouterr().err
    (mine / "corpus" / "roles.yaml").write_text("- name: CFO\n- nobody\n")
    assert ingest("build", mine / "corpus", "--home", mine / "home") == 2
    assert "roles.yaml, line 2: expected" in capsys.readouterr().err
    assert ingest("build", mine / "corpus", "--roles", mine / "missing.yaml") == 2
    assert "missing.yaml: " in capsys.readouterr().err


def test_an_unknown_setting_is_wrong_input(
    mine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REMIT_HOUSE", "x")
    assert ingest("status") == 2
    assert "unknown setting 'REMIT_HOUSE'" in capsys.readouterr().err


@pytest.mark.parametrize("args", [[], ["publish"], ["build", "a", "b"], ["status", "--roles", "x"]])
def test_wrong_use(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        ingest(*args)
    assert exit_.value.code == 2
    assert "usage: python -m ingest" in capsys.readouterr().err


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        ingest("--help")
    assert exit_.value.code == 0
    said = capsys.readouterr().out
    assert all(verb in said for verb in ("build", "status", "verify", "Exit codes"))


def start_build(folder: Path) -> subprocess.Popen[str]:
    """A build in a process group of its own, that has begun to write."""
    command = ["-m", "ingest", "build", str(folder / "corpus"), "--home", str(folder / "home"), "--force"]
    build = subprocess.Popen(
        [sys.executable, *command],
        cwd=Path(__file__).parents[1],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell that runs the tests in the background has them, and all they start, ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 30
    while not list((folder / "home" / "generations").glob(".building-*")):
        assert time.monotonic() < deadline, "it never began to write"
        time.sleep(0.01)
    return build


@pytest.mark.parametrize("later", [0, 0.5])  # seconds: while the other process starts, and while it works
def test_ctrl_c_leaves_the_index_as_it_was(mine: Path, later: float) -> None:
    home = Home(mine / "home")
    before = home.pointer()
    build = start_build(mine)
    time.sleep(later)
    os.killpg(build.pid, signal.SIGINT)  # as a terminal does: to both processes
    _, said = build.communicate(timeout=60)
    assert said == "ingest: stopped; the live index is as it was\n"
    assert build.returncode == 130
    assert home.pointer() == before
    assert [p.name for p in home.generations.iterdir()] == [before.live]


def test_a_build_that_is_killed_leaves_the_index_as_it_was(mine: Path) -> None:
    home = Home(mine / "home")
    before = home.pointer()
    build = start_build(mine)
    time.sleep(0.5)
    build.kill()
    _, said = build.communicate(timeout=60)  # until its other process has noticed, and gone in peace
    assert said == ""
    assert home.pointer() == before
    assert ingest("verify", "--home", home.path) == 0
    with home.lock():
        pass
