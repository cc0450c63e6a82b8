"""``python -m ingest``: build the index of a folder of documents, say what is live, check it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import RemitError
from ingest.settings import Settings

if TYPE_CHECKING:
    from ingest.manifest import Skipped
    from ingest.pipeline import BuildReport
    from ingest.roles import RoleBook

INTERRUPTED = 130  # what a shell gives a command that Ctrl-C ended
_NAMED = 20  # skipped files that are named before the rest is counted


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives 0, or 1 when the result falls short, 2 for wrong use or input."""
    args = _parser().parse_args(argv)
    flags: dict[str, Any] = {name: getattr(args, name, None) for name in ("corpus", "roles", "home")}
    try:
        settings = Settings.load(**flags)
        verbs = {"build": _build, "status": _status, "verify": _verify, "matrix": _matrix, "roles": _roles}
        return verbs[args.verb](settings, args)
    except RemitError as exc:
        print(f"ingest: {exc}", file=sys.stderr)
        return exc.exit_code
    except KeyboardInterrupt:
        print("ingest: stopped; the live index is as it was", file=sys.stderr)
        return INTERRUPTED


def open_roles(settings: Settings) -> RoleBook | None:
    """The roles named in the settings, else those of the corpus; None when there is no file of roles.

    Raises FileFormatError when the file does not parse.
    """
    from ingest.roles import RoleBook

    beside = settings.corpus / "roles.yaml"
    path = settings.roles or (beside if beside.exists() else None)
    return RoleBook.load(path) if path else None


def _build(settings: Settings, args: argparse.Namespace) -> int:
    from ingest.embedder import choose
    from ingest.pipeline import build

    roles = open_roles(settings)
    with _Bar() as bar:
        report = build(
            corpus=settings.corpus,
            home=settings.home,
            roles=roles,
            embedder=choose(settings, threads=os.cpu_count() or 1),
            progress=bar.show,
            force=args.force,
        )
    print(_summary(report))
    _name_skipped(report.skipped)
    for problem in roles.problems if roles else ():
        print(f"ingest: {problem}", file=sys.stderr)
    return 0


def _status(settings: Settings, _args: argparse.Namespace) -> int:
    from ingest.home import Home
    from ingest.manifest import Manifest

    folder = Home(settings.home).live()
    manifest = Manifest.read(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"generation  {folder.name} in {settings.home}")
    print(f"built       {manifest.built} from {manifest.corpus}")
    print(f"documents   {len(manifest.documents):,}")
    print(f"guidelines  {manifest.guidelines:,}, with {manifest.phrases:,} phrases")
    print(f"glossary    {len(manifest.glossary):,}")
    origin = (
        "; proposed from the documents, to be edited: python -m ingest roles" if manifest.proposed else ""
    )
    print(f"roles       {len(manifest.roles):,}: {', '.join(r.name for r in manifest.roles)}{origin}")
    print(f"embedder    {manifest.embedder}")
    print(f"size        {size / 1e6:,.1f} MB, format {manifest.format}")
    _name_skipped(manifest.skipped)
    return 0


def _verify(settings: Settings, _args: argparse.Namespace) -> int:
    from ingest.check import unsound
    from ingest.home import Home
    from ingest.index import Generation

    generation = Generation(Home(settings.home).live()).connect()
    with _Bar() as bar:
        problems = list(unsound(generation, lambda done, total: bar.show("checking", done, total)))
    generation.close()
    for problem in problems:
        print(f"ingest: {problem}", file=sys.stderr)
    if problems:
        print(f"ingest: {generation.id} is unsound; run: python -m ingest build --force", file=sys.stderr)
        return 1
    print(
        f"{generation.id} is sound: {_many(len(generation.documents), 'document')} as read,"
        f" {_many(len(generation.guidelines), 'guideline')} in place,"
        f" {_many(len(generation.vectors), 'vector')} found"
    )
    return 0


def _roles(settings: Settings, args: argparse.Namespace) -> int:
    from ingest import files
    from ingest.draft import draft
    from ingest.errors import FileFormatError
    from ingest.proposals import propose
    from ingest.readers import SUFFIXES, read

    found, _ = files.find(settings.corpus, suffixes=SUFFIXES, leave_out=settings.home)
    documents = []
    for file in found:
        try:
            documents.append(read(settings.corpus / file.path, settings.corpus))
        except FileFormatError as exc:
            print(f"ingest: left out {exc}", file=sys.stderr)
    _put(draft(propose(documents, open_roles(settings))), args.output)
    return 0


def _matrix(settings: Settings, args: argparse.Namespace) -> int:
    from ingest.home import Home
    from ingest.index import Generation
    from ingest.matrix import matrix
    from ingest.sheets import FORMATS

    generation = Generation(Home(settings.home).live())
    _put(FORMATS[args.format](generation.id, matrix(generation)), args.output)
    return 0


def _put(text: str, path: Path | None) -> None:
    """Write ``text`` to a file, or to standard output, in UTF-8 whatever the terminal says it speaks."""
    from ingest.errors import InputError

    if path is not None:
        try:
            path.write_text(text, "utf-8", newline="")
        except OSError as exc:
            raise InputError(
                f"{str(path)!r} cannot be written ({exc.strerror}); give another with --output"
            ) from exc
        return
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough; Python would complain again at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Bar:
    """Progress on standard error while somebody is looking at it; nothing otherwise."""

    def __init__(self) -> None:
        self._step = ""
        self._bar: Any = None
        self._seen = sys.stderr.isatty()

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def show(self, step: str, done: int, total: int) -> None:
        """Move to ``done`` of ``total``; another step begins another bar."""
        if not self._seen:
            return
        from tqdm import tqdm  # type: ignore[import-untyped]

        if step != self._step:
            self._close()
            self._step = step
            self._bar = tqdm(desc=f"{step:<9}", total=total, file=sys.stderr, leave=False)
        self._bar.update(done - self._bar.n)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _summary(report: BuildReport) -> str:
    what = f"{_many(report.documents, 'document')}, {_many(report.guidelines, 'guideline')}"
    if report.skipped:
        what += f", {_many(len(report.skipped), 'file')} skipped"
    if report.unchanged:
        return f"Nothing has changed: {report.generation} stays live ({what}); {report.seconds:.2f} s"
    phrases = f"{_many(report.embedded, 'phrase')} embedded, {report.reused:,} known from before"
    return f"{report.generation} is live: {what}; {phrases}; {report.seconds:.1f} s"


def _name_skipped(skipped: Sequence[Skipped]) -> None:
    for file in skipped[:_NAMED]:
        print(f"  skipped {file.path}: {file.reason}")
    if len(skipped) > _NAMED:
        print(f"  ... and {len(skipped) - _NAMED:,} more")


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Make an index of a folder of documents, and look after it.",
        epilog="Exit codes: 0 good, 1 the index falls short, 2 wrong use or input.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    home = argparse.ArgumentParser(add_help=False)
    home.add_argument("--home", type=Path, metavar="DIR", help="where the index lives (REMIT_HOME, .remit)")
    build = verbs.add_parser(
        "build",
        parents=[home],
        help="make the index answer from the documents as they are now",
        description="Make the index answer from the documents as they are now. The old one answers until the"
        " new one is whole; only what changed is embedded.",
    )
    _add_corpus(build)
    build.add_argument("--force", action="store_true", help="build even when nothing has changed")
    verbs.add_parser("status", parents=[home], help="say which index is live and what is in it")
    verbs.add_parser("verify", parents=[home], help="check that the live index is sound, from end to end")
    roles = verbs.add_parser(
        "roles",
        parents=[home],
        help="draft a roles.yaml from the documents, to be edited",
        description="Draft a roles.yaml: the roles that the documents speak of, each with how often, and a"
        " sentence that shows it. Those of the roles file, if there is one, come first and as they are.",
    )
    _add_corpus(roles)
    roles.add_argument("--output", type=Path, metavar="FILE", help="write there instead of to the terminal")
    sheet = verbs.add_parser(
        "matrix",
        parents=[home],
        help="list who owns what by the documents, with gaps and contradictions",
        description="List every topic that the documents give to somebody, with the sentence that says so,"
        " what documents disagree on, and what they speak of and give to nobody.",
    )
    sheet.add_argument(
        "--format", choices=("csv", "md", "json"), default="md", help="md to read (the default), csv, json"
    )
    sheet.add_argument("--output", type=Path, metavar="FILE", help="write there instead of to the terminal")
    return parser


def _add_corpus(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "corpus",
        nargs="?",
        type=Path,
        metavar="CORPUS",
        help="the folder of documents (REMIT_CORPUS, corpus)",
    )
    parser.add_argument(
        "--roles",
        type=Path,
        metavar="FILE",
        help="who can own things (REMIT_ROLES, CORPUS/roles.yaml, the documents)",
    )


if __name__ == "__main__":
    sys.exit(main())
