"""``python -m chat``: serve the page and the API, answer one question, or be a tool of an assistant."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chat.render import to_terminal
from ingest.errors import FileFormatError, RemitError, SettingsError
from ingest.settings import Settings

if TYPE_CHECKING:
    from chat.answer import Turn
    from chat.web.live import AnswerEngine

Opener = Callable[[Settings], "AnswerEngine"]
Builder = Callable[[Settings], None]


def _open_engine(settings: Settings) -> AnswerEngine:
    from chat.app import open_engine

    return open_engine(settings)


def _build(settings: Settings) -> None:
    from ingest.__main__ import main as ingest

    argv = ["build", str(settings.corpus), "--home", str(settings.home)]
    code = ingest(argv + (["--roles", str(settings.roles)] if settings.roles else []))
    if code:
        raise SystemExit(code)


def main(
    argv: Sequence[str] | None = None, *, opener: Opener = _open_engine, builder: Builder = _build
) -> int:
    """Run one command and give its exit code: 0 good, 1 no index to answer from, 2 wrong use or input."""
    args = _parser().parse_args(_with_verb(sys.argv[1:] if argv is None else argv))
    try:
        flags: dict[str, Any] = {name: getattr(args, name, None) for name in _FLAGS}
        settings = Settings.load(**flags)
        if args.verb == "ask":
            return _ask(args, opener(settings))
        if args.verb == "mcp":
            return _mcp(settings, opener)
        if args.verb == "keys":
            return _keys(args, settings)
        if args.verb == "gaps":
            return _gaps(args, settings)
        # A product of vectors takes a tenth of a millisecond; threads for it would spin beside the answers.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        from chat.web.server import serve

        serve(settings, open_engine=opener, build=builder, say=_say)
    except RemitError as exc:
        print(f"chat: {exc}", file=sys.stderr)
        return exc.exit_code
    except KeyboardInterrupt:
        print("chat: interrupted", file=sys.stderr)
        return 1
    return 0


def _mcp(settings: Settings, opener: Opener) -> int:
    from chat.web.live import LiveEngine
    from chat.web.mcp import run_stdio
    from ingest.home import Home

    engine = LiveEngine(lambda: opener(settings), pointer=Home(settings.home).path / "live")
    engine()  # an assistant shows that its tool did not start; that nothing can be answered it may not show
    run_stdio(engine)
    return 0


def _gaps(args: argparse.Namespace, settings: Settings) -> int:
    from chat import gaps
    from chat.entries import read

    path = args.journal or settings.journal
    if path is None:
        raise SettingsError(
            "nothing that is asked is kept; start the server with REMIT_JOURNAL=.remit/journal.db, or name a"
            " journal: python -m chat gaps --journal FILE"
        )
    found = gaps.gaps(read(path))
    if args.form == "json":
        _write(json.dumps(gaps.as_json(found), ensure_ascii=False, indent=2) + "\n")
    else:
        _write(gaps.to_csv(found) if args.form == "csv" else gaps.to_text(found))
    return 0


def _keys(args: argparse.Namespace, settings: Settings) -> int:
    from chat.web.keys import KeyRing

    ring = KeyRing(settings.keys_file)
    if args.action == "add":
        key = ring.add(args.name, args.group)
        print("The key of this name, shown this once; what is kept is its hash:", file=sys.stderr)
        print(key)
    elif args.action == "revoke":
        ring.revoke(args.name)
        print(f"The key {args.name!r} is revoked.")
    else:
        for entry in ring.all():
            print(f"{entry.name}\t{entry.created}\t{', '.join(entry.groups) or '-'}")
    return 0


def _ask(args: argparse.Namespace, engine: AnswerEngine) -> int:
    answer = engine.ask(args.question, _history(args.history))
    if args.json:
        text = json.dumps(answer.to_dict(), ensure_ascii=False, indent=2) + "\n"
    else:
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        text = to_terminal(answer, width=shutil.get_terminal_size().columns, colour=colour)
    _write(text)
    return 0


def _write(text: str) -> None:
    try:
        # In UTF-8 whatever the terminal says it speaks: a quote must not turn into question marks in a pipe.
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough; Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _history(path: Path | None) -> list[Turn]:
    """The conversation in a JSON file. Raises FileFormatError when the file holds anything else."""
    if path is None:
        return []
    from pydantic import ValidationError

    from chat.web.turns import parse_turns

    expected = 'a list such as [{"role": "user", "content": "..."}, {"role": "assistant", "content": "..."}]'
    try:
        return parse_turns(json.loads(path.read_text(encoding="utf-8")))
    except OSError as exc:
        raise FileFormatError(
            path, None, f"cannot be read ({exc.strerror}); name a file that holds {expected}"
        ) from exc
    except json.JSONDecodeError as exc:
        raise FileFormatError(path, exc.lineno, f"expected JSON, {expected}; {exc.msg}") from exc
    except (UnicodeDecodeError, ValidationError) as exc:
        raise FileFormatError(path, None, f"expected {expected}") from exc


def _with_verb(argv: Sequence[str]) -> list[str]:
    """``argv`` with "serve" put in front when no verb is given: ``python -m chat --port 7861`` serves."""
    given = list(argv)
    if given and (given[0] in _VERBS or given[0] in {"-h", "--help"} or not given[0].startswith("-")):
        return given
    return ["serve", *given]


_VERBS = ("serve", "ask", "mcp", "keys", "gaps")
_FLAGS = ("home", "corpus", "roles", "host", "port")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m chat", description="Who should own it, and the sentence that says so."
    )
    verbs = parser.add_subparsers(dest="verb", metavar="{serve,ask,mcp,keys,gaps}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--home", type=Path, help="where the index lives (REMIT_HOME)")
    common.add_argument("--corpus", type=Path, help="the folder of documents (REMIT_CORPUS)")
    common.add_argument("--roles", type=Path, help="the roles file (REMIT_ROLES)")
    serve = verbs.add_parser(
        "serve",
        parents=[common],
        help="serve the page and the API (what happens without a verb)",
        description="Serve the page and the API; builds the index first when there is none.",
    )
    serve.add_argument("--host", help="the address to listen on (REMIT_HOST; 127.0.0.1)")
    serve.add_argument(
        "--port", type=int, help="the port to listen on (REMIT_PORT; 7860), 0 takes a free one"
    )
    ask = verbs.add_parser("ask", parents=[common], help="answer one question in the terminal")
    ask.add_argument("question", metavar="QUESTION", help='such as "Who should own social media?"')
    ask.add_argument("--json", action="store_true", help="print the answer as the API gives it")
    ask.add_argument("--history", type=Path, metavar="FILE.json", help="the conversation before the question")
    verbs.add_parser(
        "mcp",
        parents=[common],
        help="be a tool of an assistant, by the Model Context Protocol over standard input and output",
    )
    keys = verbs.add_parser("keys", help="give API keys to machines, list and revoke them (REMIT_KEYS)")
    actions = keys.add_subparsers(dest="action", metavar="{add,list,revoke}", required=True)
    add = actions.add_parser("add", parents=[common], help="make a key and print it, this once")
    add.add_argument("name", metavar="NAME", help="whose it is, such as helpdesk-bot")
    add.add_argument("--group", action="append", default=[], help="a group it is in; may be repeated")
    actions.add_parser("list", parents=[common], help="names, when each was made, and its groups")
    revoke = actions.add_parser("revoke", parents=[common], help="refuse a key from the next request on")
    revoke.add_argument("name", metavar="NAME")
    told = verbs.add_parser(
        "gaps", parents=[common], help="what people asked that nothing covers, and the answers they rejected"
    )
    told.add_argument("--journal", type=Path, metavar="FILE", help="where that is kept (REMIT_JOURNAL)")
    form = told.add_mutually_exclusive_group()
    form.add_argument("--json", dest="form", action="store_const", const="json", help="as the API gives it")
    form.add_argument("--csv", dest="form", action="store_const", const="csv", help="for a spreadsheet")
    return parser


def _say(line: str) -> None:
    # Flushed: who starts the server from a script waits for this line.
    print(line, flush=True)


if __name__ == "__main__":
    # By the name it is imported by: the processes that this one starts look its functions up there.
    from chat.__main__ import main as command

    sys.exit(command())
