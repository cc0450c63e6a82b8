"""The commands: what they print and exit with, and that a server starts, says where it is, and stops."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import httpx2
import pytest
from small_engine import SmallEngine

from chat.__main__ import main
from chat.web.live import AnswerEngine
from ingest.errors import IndexUnavailable
from ingest.settings import Settings


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("REMIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def small(_: Settings) -> AnswerEngine:
    return SmallEngine()


def missing(_: Settings) -> AnswerEngine:
    raise IndexUnavailable("there is no index in '.remit'; run: python -m ingest build")


def unbuilt(_: Settings) -> None:
    raise AssertionError("nothing asked for a build")


def test_ask_prints_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "Who should own budgets?"], opener=small) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Bursar leads\n")
    assert "“The Bursar should lead budgets & fees.”" in out
    assert "\x1b" not in out, "no colour: this is no terminal"
    assert err == ""


def test_ask_prints_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--json", "Who should own budgets?"], opener=small) == 0
    given = json.loads(capsys.readouterr().out)
    assert given == json.loads(json.dumps(SmallEngine().ask("Who should own budgets?").to_dict()))


def test_ask_takes_the_conversation_from_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    engine = SmallEngine()
    history = [{"role": "user", "content": "Who should own budgets?"}]
    (tmp_path / "history.json").write_text(json.dumps(history))
    assert main(["ask", "and fees?", "--history", "history.json"], opener=lambda _: engine) == 0
    assert engine.asked == [("and fees?", history)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "history.json: cannot be read (No such file or directory)"),
        (b"[\n{", "history.json, line 2: expected JSON"),
        (b'{"role": "user"}', "history.json: expected a list such as"),
        (b'[{"role": "system", "content": "a"}]', "history.json: expected a list such as"),
        (b"\xff", "history.json: expected a list such as"),
    ],
)
def test_a_conversation_that_does_not_parse_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "history.json").write_bytes(content)
    assert main(["ask", "a", "--history", "history.json"], opener=small) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("question", ["", "   ", "a" * 10_000])
def test_a_bad_question_exits_with_2_and_a_reason(capsys: pytest.CaptureFixture[str], question: str) -> None:
    assert main(["ask", question], opener=small) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("chat: the question ")


def test_without_an_index_ask_exits_with_1_and_says_what_to_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "a"], opener=missing) == 1
    assert "python -m ingest build" in capsys.readouterr().err


def test_flags_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Settings] = []

    def opener(settings: Settings) -> AnswerEngine:
        seen.append(settings)
        return SmallEngine()

    monkeypatch.setenv("REMIT_HOME", "outside")
    monkeypatch.setenv("REMIT_CORPUS", "documents")
    main(["ask", "a", "--home", "inside", "--roles", "r.yaml"], opener=opener)
    assert (seen[0].home, seen[0].corpus, seen[0].roles) == (
        Path("inside"),
        Path("documents"),
        Path("r.yaml"),
    )


@pytest.mark.parametrize("argv", [["ask"], ["answer", "a"], ["ask", "a", "--port", "1"], ["--colour"]])
def test_wrong_use_exits_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(argv, opener=small)
    assert stopped.value.code == 2
    assert "usage: python -m chat" in capsys.readouterr().err


def test_a_setting_that_cannot_be_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "99999"], opener=small, builder=unbuilt) == 2
    assert "REMIT_PORT" in capsys.readouterr().err


def test_a_port_in_use_is_named_before_anything_else_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)], opener=missing, builder=unbuilt) == 2
    assert capsys.readouterr().err == (
        f"chat: port {port} on 127.0.0.1 is in use by another program; "
        f"stop it, or choose another: python -m chat serve --port {port + 1 if port < 65535 else 7861}\n"
    )


def test_others_are_let_in_by_choice_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--host", "0.0.0.0", "--port", "0"], opener=missing, builder=unbuilt) == 2
    assert "set REMIT_ACCESS to open" in capsys.readouterr().err


def test_a_host_that_is_not_ours_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REMIT_ACCESS", "open")
    assert main(["serve", "--host", "192.0.2.1", "--port", "0"], opener=small, builder=unbuilt) == 2
    assert "192.0.2.1" in capsys.readouterr().err


# A server over the small engine, whose index is missing until it is built.
SERVER = """
import sys
from chat.__main__ import main
from ingest.errors import IndexUnavailable
from small_engine import SmallEngine

built = []

def opener(settings):
    if not built:
        raise IndexUnavailable("nothing is published")
    return SmallEngine()

sys.exit(main(sys.argv[1:], opener=opener, builder=built.append))
"""


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_serve_builds_says_where_it_is_answers_and_stops(root: Path, stop: signal.Signals) -> None:
    path = os.pathsep.join([str(root), str(root / "tests")])
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    ) as server:
        try:
            assert server.stdout
            assert server.stdout.readline() == "There is no index in '.remit' yet; building it first.\n"
            said = server.stdout.readline()
            address = re.fullmatch(r"Remit answers at (http://127\.0\.0\.1:\d+) \(Ctrl-C stops it\)\n", said)
            assert address, said
            with urllib.request.urlopen(address[1] + "/ready", timeout=20) as ready:
                assert json.loads(ready.read())["status"] == "ready"
                assert "server" not in {name.lower() for name in ready.headers}
            server.send_signal(stop)
            out, err = server.communicate(timeout=60)
        finally:
            server.kill()
    assert (server.returncode, out, err) == (0, "Stopped.\n", "")


def test_headers_are_believed_from_trusted_addresses_alone(root: Path) -> None:
    path = os.pathsep.join([str(root), str(root / "tests")])
    settings = {"REMIT_ACCESS": "proxy", "REMIT_TRUSTED_PROXIES": "10.0.0.0/8", "PYTHONPATH": path}
    for trusted, status in (("10.0.0.0/8", 401), ("127.0.0.1", 200)):
        settings["REMIT_TRUSTED_PROXIES"] = trusted
        with subprocess.Popen(
            [sys.executable, "-c", SERVER, "--port", "0"],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | settings,
        ) as server:
            try:
                assert server.stdout
                server.stdout.readline()
                address = server.stdout.readline().split()[3]
                # As if it came from a proxy: the connection's own address is what counts.
                claimed = {"X-Forwarded-User": "mia", "X-Forwarded-For": "10.0.0.1"}
                said = httpx2.get(address + "/api/documents", headers=claimed, timeout=20)
                assert said.status_code == status
            finally:
                server.terminate()


def test_ask_brings_in_nothing_that_only_the_server_needs(root: Path) -> None:
    code = (
        "import sys\nfrom chat.__main__ import main\nfrom small_engine import SmallEngine\n"
        "main(['ask', 'budgets'], opener=lambda _: SmallEngine())\n"
        "heavy = {'fastapi', 'gradio', 'llama_index', 'starlette', 'uvicorn'}\n"
        "print(heavy & sys.modules.keys(), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")])},
    )
    assert run.stderr == "set()\n"


def test_a_reader_that_leaves_early_is_no_error(root: Path) -> None:
    code = (
        "import sys\nfrom chat.__main__ import main\nfrom small_engine import SmallEngine\n"
        "sys.stdin.readline()\n"
        "sys.exit(main(['ask', 'budgets'], opener=lambda _: SmallEngine()))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")])},
    ) as asker:
        assert asker.stdout
        assert asker.stdin
        assert asker.stderr
        asker.stdout.close()
        asker.stdin.write("\n")
        asker.stdin.close()
        assert asker.stderr.read() == ""
        assert asker.wait(timeout=30) == 0
