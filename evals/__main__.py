"""``python -m evals``: run a question set, check it, compare two runs, bench, renew the README's table."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from evals import folder, text
from evals.cases import Case, load, only
from evals.compare import compare
from evals.faults import faults
from evals.gate import Gate
from evals.measures import Judge
from evals.product import Product, open_product
from evals.run import Row, run
from evals.summary import Provenance, Summary, summarise
from evals.table import renewed, take
from ingest.errors import FileFormatError, RemitError
from ingest.settings import Settings

HERE = Path(__file__).parent
QUESTIONS, GATE, BASELINE = HERE / "questions.jsonl", HERE / "gate.toml", HERE / "baseline" / "summary.json"
FAULTS_SHOWN = 5


class Opener(Protocol):
    """Opens the product; ``renew`` brings its index up to date first."""

    def __call__(self, settings: Settings, *, renew: bool) -> Product:
        """Open it over the index in ``settings.home``."""
        ...


def main(argv: Sequence[str] | None = None, *, opener: Opener = open_product) -> int:
    """Run one command and give its exit code: 0 good, 1 the result falls short, 2 wrong use or input."""
    args = _parser().parse_args(argv)
    try:
        code: int = args.command(args, opener)
        sys.stdout.flush()
    except RemitError as exc:
        print(f"evals: {exc}", file=sys.stderr)
        return exc.exit_code
    except BrokenPipeError:
        # The reader of our output has seen enough; Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("evals: interrupted before anything was asked", file=sys.stderr)
        return 1
    return code


def run_command(args: argparse.Namespace, opener: Opener) -> int:
    """``run``: ask a set, write its folder, say what came out, and hold it to the gate."""
    gate = _gate(args)
    path, cases = _cases(args)
    product = _product(args, opener)
    judge = Judge(product.documents, product.canonical, args.scoring)
    _warn_of_faults(cases, judge)
    made = Provenance.now(path, half=args.half, scoring=args.scoring)
    result = run(cases, product.asker, judge, watch=_progress)
    summary = summarise(result, made)
    folder.write(args.out, result, summary, gate)
    for line in (*text.summary_lines(summary), "", *text.failing_lines(result)):
        print(line)
    print(f"\nThe report is {args.out / folder.REPORT}")
    if result.interrupted:
        done = f"{summary.asked} of {summary.cases} cases"
        print(f"evals: interrupted after {done}; what they gave is in {args.out}", file=sys.stderr)
        return 1
    return _held(gate, summary)


def compare_command(args: argparse.Namespace, opener: Opener) -> int:  # noqa: ARG001 - commands are called alike
    """``compare``: two run folders side by side."""
    for line in text.comparison_lines(compare(folder.read(args.before), folder.read(args.after))):
        print(line)
    return 0


def check_command(args: argparse.Namespace, opener: Opener) -> int:
    """``check``: whether a set's gold quotes and absent patterns are what it says, over these documents."""
    path, cases = _cases(args)
    product = _product(args, opener)
    found = faults(cases, Judge(product.documents, product.canonical))
    for line in found:
        print(line)
    print(f"{len(cases)} cases of {path.name}, {len(found)} faults")
    return 1 if found else 0


def table_command(args: argparse.Namespace, opener: Opener) -> int:  # noqa: ARG001 - commands are called alike
    """``table``: renew the README's results, or say with ``--check`` whether they are the baseline's."""
    try:
        readme = args.readme.read_text("utf-8")
    except OSError as exc:
        raise FileFormatError(args.readme, None, f"expected a README to read: {exc.strerror}") from exc
    if args.take:
        take(args.take, args.baseline)
    wanted = renewed(readme, args.readme, Summary.read(args.baseline))
    if wanted == readme:
        return 0
    if args.check:
        stale = f"{args.readme} does not hold the baseline's figures"
        print(f"evals: {stale}; run: python -m evals table", file=sys.stderr)
        return 1
    args.readme.write_text(wanted, "utf-8")
    print(f"{args.readme} now holds the baseline's figures")
    return 0


def bench_command(args: argparse.Namespace, opener: Opener) -> int:
    """``bench``: speed and figures of the product and of a stock peer, measured in the same run."""
    from evals.bench.measure import bench
    from evals.bench.stock import Stock
    from ingest.embed import BundledEmbedder

    path, cases = _cases(args)
    product = _product(args, opener)
    judge = Judge(product.documents, product.canonical)
    stock = Stock(product.documents.values(), product.roles, BundledEmbedder())
    made = Provenance.now(path, half=args.half)
    result = bench(cases, product.asker, stock, judge, rounds=args.rounds, made=made)
    folder.write_files(args.out, {"bench.json": result.model_dump_json(indent=1) + "\n"})
    for line in result.lines():
        print(line)
    print(f"\nThe figures are in {args.out / 'bench.json'}")
    return 0


def _product(args: argparse.Namespace, opener: Opener) -> Product:
    settings = Settings.load(
        home=args.home, corpus=args.corpus, roles=args.roles, answerer=getattr(args, "answerer", None)
    )
    if settings.answerer == "auto":
        # A key in the environment must not change what the gate and the README's table are figures of.
        settings = settings.model_copy(update={"answerer": "extractive"})
    return opener(settings, renew=args.corpus is not None or args.roles is not None)


def _cases(args: argparse.Namespace) -> tuple[Path, list[Case]]:
    path = args.cases or QUESTIONS
    cases = only(load(path), args.half)
    if not cases:
        raise FileFormatError(path, None, f"expected cases in the {args.half!r} half; there are none")
    return path, cases


def _gate(args: argparse.Namespace) -> Gate | None:
    """The gate asked for; the project's own where its own questions are asked of its own documents."""
    own = args.cases is None and args.corpus is None and args.half is None
    if args.gate is None and own and not args.no_gate:
        return Gate.load(GATE)
    return Gate.load(args.gate) if args.gate else None


def _held(gate: Gate | None, summary: Summary) -> int:
    if gate is None:
        return 0
    missed = gate.missed(summary)
    for miss in missed:
        print(f"evals: gate missed: {miss}", file=sys.stderr)
    if not missed:
        print("The gate is held.")
    return 1 if missed else 0


def _warn_of_faults(cases: Sequence[Case], judge: Judge) -> None:
    found = faults(cases, judge)
    for line in found[:FAULTS_SHOWN]:
        print(f"evals: warning: {line}", file=sys.stderr)
    if len(found) > FAULTS_SHOWN:
        more = len(found) - FAULTS_SHOWN
        print(
            f"evals: warning: and {more} faults more; list them with: python -m evals check", file=sys.stderr
        )


def _progress(row: Row, done: int, total: int) -> None:
    """A line that is rewritten on a terminal; elsewhere a line for every tenth of the way."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{done} of {total}  {row.case.id:<24}", end=end, file=sys.stderr, flush=True)
    elif done * 10 // total > (done - 1) * 10 // total:
        print(f"{done} of {total} cases", file=sys.stderr, flush=True)


def _count(word: str) -> int:
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1 up, got {word!r}")
    return int(word)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    asks = argparse.ArgumentParser(add_help=False)
    asks.add_argument(
        "--cases", type=Path, metavar="FILE", help="the question set; the project's own by default"
    )
    asks.add_argument("--home", type=Path, metavar="DIR", help="where the index lives (REMIT_HOME)")
    asks.add_argument("--corpus", type=Path, metavar="DIR", help="build the index of these documents first")
    asks.add_argument("--roles", type=Path, metavar="FILE", help="the roles file of those documents")
    asks.add_argument(
        "--half", choices=("tune", "report"), help="only the cases of one half, told by their ids"
    )

    one = commands.add_parser("run", parents=[asks], help="ask a question set and score the answers")
    one.add_argument(
        "--scoring",
        choices=("verdict", "owners"),
        default="verdict",
        help="owners: the owners alone make an answer right; nothing covered is right when nobody is named",
    )
    one.add_argument(
        "--answerer",
        choices=("extractive", "openai"),
        help="who answers: quotes, or a language model; by default as REMIT_ANSWERER says, else quotes",
    )
    one.add_argument("--out", type=Path, metavar="DIR", default=Path("out/eval"), help="default: %(default)s")
    gates = one.add_mutually_exclusive_group()
    gates.add_argument("--gate", type=Path, metavar="FILE", help="exit with 1 when a figure misses its bound")
    gates.add_argument("--no-gate", action="store_true", help="do not hold the project's own set to its gate")
    one.set_defaults(command=run_command)

    two = commands.add_parser("compare", help="set two runs side by side")
    two.add_argument("before", type=Path, metavar="A", help="the folder of the first run")
    two.add_argument("after", type=Path, metavar="B", help="the folder of the second run")
    two.set_defaults(command=compare_command)

    check = commands.add_parser("check", parents=[asks], help="check a question set against its documents")
    check.set_defaults(command=check_command)

    bench = commands.add_parser("bench", parents=[asks], help="measure against a stock peer")
    bench.add_argument(
        "--out", type=Path, metavar="DIR", default=Path("out/bench"), help="default: %(default)s"
    )
    bench.add_argument(
        "--rounds", type=_count, default=3, help="how often each question is timed (%(default)s)"
    )
    bench.set_defaults(command=bench_command)

    table = commands.add_parser("table", help="renew the results table of the README from the baseline")
    table.add_argument("--check", action="store_true", help="change nothing; exit with 1 when it is stale")
    table.add_argument("--take", type=Path, metavar="DIR", help="first make this run the baseline")
    table.add_argument("--readme", type=Path, default=Path("README.md"), help="default: %(default)s")
    table.add_argument("--baseline", type=Path, default=BASELINE, help="the summary.json to take")
    table.set_defaults(command=table_command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
