"""The set-up: what the lock pins, what make does with it, what a wheel carries."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from conftest import Needs
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[\w.!+]+)(?: ; (?P<marker>[^\\]+?))?(?: \\)?")
HASH = re.compile(r" {4}--hash=sha256:[0-9a-f]{64}(?: \\)?")


def pins(root: Path) -> list[Requirement]:
    """The lock's pins, each line read strictly: a pin, a hash or a comment, nothing else."""
    found: list[Requirement] = []
    hashes = 0
    for number, line in enumerate((root / "requirements.lock").read_text().splitlines(), start=1):
        if line.startswith("#"):
            continue
        if HASH.fullmatch(line):
            hashes += 1
            continue
        pin = PIN.fullmatch(line)
        assert pin, f"requirements.lock, line {number}: expected a pin, a hash or a comment, found {line!r}"
        assert not found or hashes, f"requirements.lock, line {number}: the pin above has no hash"
        found.append(Requirement(line.removesuffix(" \\")))
        hashes = 0
    assert hashes
    return found


def places() -> list[dict[str, str]]:
    """The marker environments the lock is made for."""
    return [
        {
            "python_version": f"3.{minor}",
            "python_full_version": f"3.{minor}.1",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "os_name": "posix",
            "sys_platform": system,
            "platform_system": {"linux": "Linux", "darwin": "Darwin"}[system],
            "platform_machine": machine,
        }
        for minor in (11, 12, 13, 14)
        for system, machine in (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))
    ]


def direct(root: Path) -> list[Requirement]:
    """The direct dependencies, those for development included."""
    table = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    return [Requirement(r) for r in table["dependencies"] + table["optional-dependencies"]["dev"]]


def test_the_lock_holds_every_direct_dependency_once_for_every_python_and_machine(root: Path) -> None:
    locked = pins(root)
    for place in places():
        versions: dict[str, list[str]] = {}
        for pin in locked:
            if pin.marker is None or pin.marker.evaluate(place):
                versions.setdefault(canonicalize_name(pin.name), []).append(str(pin.specifier)[2:])
        doubled = {name: found for name, found in versions.items() if len(found) > 1}
        assert not doubled, f"pinned more than once for {place}"
        for wanted in direct(root):
            found = versions.get(canonicalize_name(wanted.name), ["nothing"])[0]
            assert found != "nothing", f"{wanted} is not in requirements.lock; run: make lock"
            assert found in wanted.specifier, f"the lock has {wanted.name} {found}; run: make lock"


def test_the_lock_brings_no_torch_and_no_cuda(root: Path) -> None:
    heavy = [
        p.name for p in pins(root) if re.search(r"torch|nvidia|cuda|cudnn|triton|tensorflow|jax", p.name)
    ]
    assert heavy == []


def test_direct_dependencies_have_a_lower_and_an_upper_bound(root: Path) -> None:
    unbounded = [
        str(r)
        for r in direct(root)
        if {">="} - {s.operator for s in r.specifier}
        or (
            r.name not in {"packaging", "setuptools", "types-PyYAML"}
            and "<" not in {s.operator for s in r.specifier}
        )
    ]
    assert unbounded == []


def test_the_environment_is_the_lock_and_sound(root: Path, needs: Needs) -> None:
    made_by_make = Path(sys.prefix, "requirements.lock")
    needs(
        made_by_make.exists() and made_by_make.read_bytes() == (root / "requirements.lock").read_bytes(),
        f"{sys.prefix} was not made from this lock; run the tests with: make test",
    )

    def key(name: str) -> str:
        return str(canonicalize_name(name))

    wanted = {
        key(p.name): str(p.specifier)[2:] for p in pins(root) if p.marker is None or p.marker.evaluate()
    }
    installed = {key(d.metadata["Name"]): d.version for d in metadata.distributions()}
    installed.pop("pip")
    assert installed == wanted
    check = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout


def make(
    folder: Path, *words: str, path: str = "", timeout: float = 60, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run make in ``folder``; ``path`` comes before the machine's own PATH."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHON"} | environ
    env["PATH"] = f"{path}:{env['PATH']}" if path else env["PATH"]
    return subprocess.run(
        ["make", *words], cwd=folder, env=env, capture_output=True, text=True, timeout=timeout
    )


def test_help_is_what_make_says_by_itself_and_names_every_target(root: Path) -> None:
    said = make(root)
    assert said.returncode == 0
    assert said.stdout == make(root, "help").stdout
    makefile = (root / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    assert set(re.findall(r"^  make ([a-z-]+) ", said.stdout, re.M)) == targets
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.M)
    assert phony
    assert set(phony[1].split()) == targets


def test_run_hands_on_port_host_and_home_from_the_command_line_alone(root: Path) -> None:
    said = make(root, "-n", "run", "PORT=7861", "HOST=0.0.0.0", "HOME_DIR=/srv/a b", "CORPUS=c").stdout
    given = "REMIT_CORPUS='c' REMIT_HOME='/srv/a b' REMIT_HOST='0.0.0.0' REMIT_PORT='7861'"
    both = [f"{given} .venv/bin/python -m {command}" for command in ("ingest build", "chat serve")]
    assert said.splitlines()[-2:] == both
    # A shell that exports its machine's name as HOST must not open the page to the network.
    bare = make(root, "-n", "run", HOST="workstation", PORT="80", HOME_DIR="/x").stdout.splitlines()
    assert bare[-2:] == [".venv/bin/python -m ingest build", ".venv/bin/python -m chat serve"]


@pytest.fixture
def fresh(tmp_path: Path, root: Path) -> Path:
    """A folder with what ``make env`` reads, and an empty folder ``bin`` for stand-in Pythons."""
    for name in ("Makefile", "requirements.lock"):
        shutil.copy(root / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    return tmp_path


def stand_in(path: Path, version: str, venv_module: bool = True, pip_exit: int = 0) -> Path:
    """A Python that answers what the Makefile asks of one, and notes what would change anything."""
    new_enough = tuple(int(n) for n in version.split(".")) >= (3, 11)
    log = path.parent.parent / "calls"
    path.write_text(
        f"""#!/bin/sh
case "$*" in
    *version_info*) exit {0 if new_enough else 1};;
    *ensurepip*) exit {0 if venv_module else 1};;
    --version) echo "Python {version}";;
    "-m venv --clear "*) echo "{path.name} $*" >> {log}; mkdir -p "$4/bin"; cp "$0" "$4/bin/python";;
    "-m pip "*) echo "pip $*" >> {log}; exit {pip_exit};;
    "-c ") exit 0;;
    *) echo "unexpected: $*" >&2; exit 9;;
esac
"""
    )
    path.chmod(0o755)
    return path


def test_env_is_made_once_from_hashed_wheels_with_a_python_that_is_new_enough(fresh: Path) -> None:
    stand_in(fresh / "bin" / "python3", "3.9.2")
    stand_in(fresh / "bin" / "python3.14", "3.14.0")
    first = make(fresh, "env", path=str(fresh / "bin"))
    assert first.returncode == 0, first.stderr
    calls = (fresh / "calls").read_text().splitlines()
    assert calls[0] == "python3.14 -m venv --clear .venv"
    assert calls[1].startswith("pip -m pip install ")
    for option in ("--no-deps", "--only-binary :all:", "--require-hashes", "-r requirements.lock"):
        assert option in calls[1]
    again = make(fresh, "env", path=str(fresh / "bin"))
    assert (again.returncode, again.stdout) == (0, "")
    assert (fresh / "calls").read_text().splitlines() == calls


def test_env_is_made_anew_when_the_lock_changed(fresh: Path) -> None:
    python = stand_in(fresh / "bin" / "python", "3.11.2")
    assert make(fresh, "env", f"PYTHON={python}").returncode == 0
    with (fresh / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert make(fresh, "env", f"PYTHON={python}").returncode == 0
    assert len((fresh / "calls").read_text().splitlines()) == 4


def test_env_that_was_cut_short_is_not_taken_for_done(fresh: Path) -> None:
    python = stand_in(fresh / "bin" / "python", "3.11.2", pip_exit=1)
    assert make(fresh, "env", f"PYTHON={python}").returncode != 0
    stand_in(python, "3.11.2")
    assert make(fresh, "env", f"PYTHON={python}").returncode == 0
    assert len((fresh / "calls").read_text().splitlines()) == 4


@pytest.mark.parametrize(
    ("version", "venv_module", "says"),
    [
        ("3.10.13", True, "Remit needs Python 3.11 or later; found: Python 3.10.13."),
        ("3.11.2", False, "apt-get install python3-venv"),
    ],
)
def test_env_says_what_the_machine_lacks(fresh: Path, version: str, venv_module: bool, says: str) -> None:
    python = stand_in(fresh / "bin" / "python", version, venv_module)
    refused = make(fresh, "env", f"PYTHON={python}")
    assert refused.returncode == 2
    assert says in refused.stderr
    assert not (fresh / ".venv").exists()


# Data that a command reads from the folder it is started in, not from the package, and what the bundled
# model is made with.
NOT_PACKAGED = ("evals/sets/", "evals/encoder/")


def test_a_wheel_carries_every_file_of_the_packages(root: Path, tmp_path: Path, tracked: list[str]) -> None:
    source = tmp_path / "source"
    for name in tracked:
        if not name.startswith(("tests/", "corpus/", "docs/")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, source / name)
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    built = subprocess.run([*pip, "-w", str(tmp_path), str(source)], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("remit-*.whl")
    carried = {n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n}
    packaged = {n for n in tracked if n.startswith(("ingest/", "chat/", "evals/"))}
    assert carried == {n for n in packaged if not n.startswith(NOT_PACKAGED)}


def test_ci_is_a_sound_script_and_runs_what_the_readme_says(root: Path) -> None:
    script = root / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script]).returncode == 0
    steps = re.findall(r'^step "[^"]+" (.+)$', script.read_text(), re.M)
    makes = [s.removeprefix("make ") for s in steps if s.startswith("make ")]
    assert makes == ["env", "lint", "test", "test-llm", "eval"]


def test_no_file_names_a_registry_or_a_machine(root: Path, tracked: list[str]) -> None:
    # The hosts are put together here so that this file does not name them either.
    hosts = [r"pypi\." + "org", r"pythonhosted\." + "org", r"npmjs\." + "org", r"debian\." + "org/debian"]
    wrong = re.compile(rf"{'|'.join(hosts)}|(?<!\w)/(?:root|work)/\w".encode())
    texts = {path: (root / path).read_bytes() for path in tracked if not path.endswith((".onnx", ".png"))}
    assert {path: found[0] for path, text in texts.items() if (found := wrong.search(text))} == {}
