"""Check a question set against the documents it was written on.

usage: python evals/sets/verify.py NAME CORPUSDIR

NAME is a folder beside this file, CORPUSDIR the documents as NAME/prepare.sh laid them out. Checked are the
shape of every case, its roles, that every gold quote stands in its document, and that no document holds what
the ``absent`` patterns of a question that is not covered look for. The text is taken from the files by other
means than ingest's, so that a fault of ingest's readers does not hide a fault of the set.

Exit codes: 0 all is well, 1 something is not, 2 wrong use or a file that does not parse.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

if not __package__:  # run as a script: only this folder is on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from evals.cases import Case, half_of, load
from ingest.errors import FileFormatError

SETS = Path(__file__).resolve().parent
USAGE = "usage: python evals/sets/verify.py NAME CORPUSDIR"
LONGEST_QUOTE = 160  # characters: a quote is the sentence that settles the case, not its surroundings

_BLOCKS = (
    "address, article, aside, blockquote, br, dd, div, dl, dt, figure, footer, h1, h2, h3, h4, h5, h6, "
    "header, hr, li, main, nav, ol, p, pre, section, table, td, th, title, tr, ul"
)
_PLAIN = str.maketrans(
    {
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{SOFT HYPHEN}": None,
        "\N{PILCROW SIGN}": " ",  # the mark that documentation generators hang on each heading
    }
)


def text_of(path: Path) -> str:
    """The plain text of a document by its suffix: HTML without tags, PDF page by page, all else as it stands.

    Raises FileFormatError for a file of which no text can be had.
    """
    if path.suffix in (".html", ".htm"):
        return _html_text(path)
    if path.suffix == ".pdf":
        return _pdf_text(path)
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as exc:
        raise FileFormatError(path, None, f"expected UTF-8 text, HTML or PDF: {exc.reason}") from exc


def texts_of(corpus: Path) -> dict[str, str]:
    """The text of every document in a folder, by file name; hidden files are no documents."""
    files = [path for path in sorted(corpus.iterdir()) if path.is_file() and not path.name.startswith(".")]
    return {path.name: text_of(path) for path in files}


def normal(text: str) -> str:
    """``text`` with one form for each quotation mark, hyphen and run of white space. Idempotent."""
    return " ".join(unicodedata.normalize("NFKC", text.translate(_PLAIN)).split())


def holds(text: str, quote: str, *, loose: bool) -> bool:
    """Whether ``quote`` stands in ``text``, both compared in their normal form.

    ``loose`` leaves out all white space and hyphens as well: a PDF loses blanks and breaks words.
    """
    text, quote = normal(text), normal(quote)
    return re.sub(r"[\s-]", "", quote) in re.sub(r"[\s-]", "", text) if loose else quote in text


def read_roles(path: Path) -> dict[str, tuple[str, ...]]:
    """The roles of a set, canonical name to aliases. Raises FileFormatError when the file is no such list."""
    try:
        entries: Any = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as exc:
        raise FileFormatError(path, None, f"expected a list of roles: {exc}") from exc
    roles: dict[str, tuple[str, ...]] = {}
    for entry in entries if isinstance(entries, list) else [entries]:
        match entry:
            case {"name": str(name), "aliases": [*aliases]} if all(isinstance(a, str) for a in aliases):
                pass
            case _:
                raise FileFormatError(path, None, f"expected {{name, aliases: [...]}}, got {entry!r}")
        if name in roles:
            raise FileFormatError(path, None, f"expected each role once; {name!r} comes twice")
        roles[name] = tuple(aliases)
    return roles


def shape_problems(cases: Sequence[Case], roles: Mapping[str, Sequence[str]]) -> list[str]:
    """What is wrong with a set that can be seen without its documents; an empty list when nothing is."""
    found: list[str] = []
    named: dict[str, str] = {}
    for role, aliases in roles.items():
        for name in {normal(n).casefold() for n in (role, *aliases)}:
            if named.setdefault(name, role) != role:
                found.append(f"roles.yaml: {name!r} names both {named[name]!r} and {role!r}")
    for case in cases:
        unknown = [owner for owner in (*case.owners, *case.accept) if owner not in roles]
        found += [f"{case.id}: the role {owner!r} is not in roles.yaml" for owner in unknown]
        if both := set(case.owners) & set(case.accept):
            found.append(f"{case.id}: owner and merely accepted at once: {sorted(both)!r}")
        if case.kind == "followup" and not case.history:
            found.append(f"{case.id}: a follow-up without the conversation before it")
        if case.history and case.history[-1]["role"] != "assistant":
            found.append(f"{case.id}: the conversation before it does not end with an answer")
        if (case.kind == "not_covered") != (case.verdict == "not_covered"):
            found.append(f"{case.id}: kind {case.kind!r} with the verdict {case.verdict!r}")
        if case.verdict == "not_covered" and not (case.absent or case.note):
            found.append(f"{case.id}: neither absent nor note says why the documents do not cover it")
        for gold in case.gold:
            if len(gold.quote) > LONGEST_QUOTE:
                found.append(f"{case.id}: a quote of {len(gold.quote)} characters, {LONGEST_QUOTE} at most")
    return found


def corpus_problems(cases: Sequence[Case], texts: Mapping[str, str]) -> list[str]:
    """What the documents (``texts``: file name to text) do not bear out; an empty list when all is there."""
    found: list[str] = []
    normals = {doc: normal(text) for doc, text in texts.items()}
    for case in cases:
        for gold in case.gold:
            if gold.doc not in normals:
                found.append(f"{case.id}: there is no document {gold.doc!r}")
            elif not holds(normals[gold.doc], gold.quote, loose=gold.doc.endswith(".pdf")):
                found.append(f"{case.id}: not in {gold.doc}: {gold.quote!r}")
        for pattern in case.absent:
            for doc, text in normals.items():
                if hit := re.search(pattern, text, re.IGNORECASE):
                    around = text[max(0, hit.start() - 40) : hit.end() + 40]
                    found.append(f"{case.id}: /{pattern}/ is in {doc}: ...{around}...")
                    break
    return found


def tally(cases: Sequence[Case]) -> str:
    """How many cases of each kind fall into each half, as lines of text."""
    counts = Counter((case.kind, half_of(case)) for case in cases)
    kinds = list(dict.fromkeys(case.kind for case in cases))
    rows = [(kind, counts[kind, "tune"], counts[kind, "report"]) for kind in kinds]
    rows.append(("all", sum(r[1] for r in rows), sum(r[2] for r in rows)))
    lines = [f"{kind:14}{tune:4} {report:6}" for kind, tune, report in rows]
    return "\n".join([f"{'':14}tune report", *lines])


def main(arguments: Sequence[str]) -> int:
    """Check one set, print what is wrong with it and what it consists of; returns the exit code."""
    if len(arguments) != 2:
        print(USAGE, file=sys.stderr)
        return 2
    name, corpus = arguments[0], Path(arguments[1])
    if not (SETS / name / "questions.jsonl").is_file():
        known = ", ".join(path.parent.name for path in sorted(SETS.glob("*/questions.jsonl")))
        print(f"there is no set {name!r}; use one of: {known}", file=sys.stderr)
        return 2
    if not corpus.is_dir():
        make = f"make it with evals/sets/{name}/prepare.sh {corpus}"
        print(f"{str(corpus)!r} is no folder; {make}", file=sys.stderr)
        return 2
    try:
        cases, roles = load(SETS / name / "questions.jsonl"), read_roles(SETS / name / "roles.yaml")
        texts = texts_of(corpus)
    except FileFormatError as exc:
        print(exc, file=sys.stderr)
        return 2
    found = shape_problems(cases, roles) + corpus_problems(cases, texts)
    words = sum(len(text.split()) for text in texts.values())
    print(f"{name}: {len(texts)} documents, {words:,} words; {len(cases)} cases, {len(roles)} roles")
    print(tally(cases))
    for problem in found:
        print(problem)
    print(f"{len(found)} problem(s)")
    return 1 if found else 0


def _html_text(path: Path) -> str:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(path.read_bytes())
    for node in tree.css("script, style"):
        node.decompose()
    for node in tree.css(_BLOCKS):
        node.insert_before("\n")
        node.insert_after("\n")
    return tree.root.text() if tree.root else ""


def _pdf_text(path: Path) -> str:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as exc:
        raise FileFormatError(path, None, f"expected a PDF: {exc}") from exc
    try:
        text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    finally:
        pdf.close()
    return text.replace("\ufffe", "-")  # pdfium's sign for the hyphen of a word broken over two lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
