"""glossary.yaml: the organisation's words, and what its documents call the same thing."""

from __future__ import annotations

from pathlib import Path

import yaml

from ingest.errors import FileFormatError
from ingest.records import Term

_ENTRY = "expected '- term: WORD' with 'means: [WORD, ...]'"


def load(path: Path | None) -> tuple[Term, ...]:
    """Read the file's entries in order; no file or an empty one gives none.

    Raises FileFormatError, with the line, for what is not a list of ``{term, means}`` or a term given twice.
    """
    if path is None or not path.exists():
        return ()
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        line = None if mark is None else mark.line + 1
        raise FileFormatError(
            path, line, f"{_ENTRY}, but it is not YAML: {exc.problem or exc.context}"
        ) from exc
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise FileFormatError(path, None, f"expected UTF-8 text: {exc}") from exc
    except OSError as exc:
        raise FileFormatError(path, None, f"it cannot be read: {exc.strerror}; mend its permissions") from exc
    if root is None:
        return ()
    if not isinstance(root, yaml.SequenceNode):
        raise FileFormatError(path, _line(root), f"{_ENTRY}, found something that is not a list")
    lines: dict[str, int] = {}
    terms = []
    for node in root.value:
        term = _term(path, node)
        first = lines.setdefault(term.term.casefold(), _line(node))
        if first != _line(node):
            raise FileFormatError(
                path, _line(node), f"{term.term!r} stands in line {first} already; join the two"
            )
        terms.append(term)
    return tuple(terms)


def _term(path: Path, node: yaml.Node) -> Term:
    """One entry; scalars are taken as written, so that the term ``NO`` stays a word."""
    if not isinstance(node, yaml.MappingNode):
        raise FileFormatError(path, _line(node), _ENTRY)
    fields: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if key.value not in ("term", "means"):
            raise FileFormatError(path, _line(key), f"{_ENTRY}, found the key {key.value!r}")
        fields[key.value] = value
    term, means = fields.get("term"), fields.get("means")
    if not isinstance(term, yaml.ScalarNode) or not term.value.strip():
        raise FileFormatError(path, _line(term or node), f"{_ENTRY}; 'term' must be a word or a phrase")
    listed: list[yaml.Node | None] = means.value if isinstance(means, yaml.SequenceNode) else [means]
    words = []
    for word in listed or [means]:
        if not isinstance(word, yaml.ScalarNode) or not word.value.strip():
            raise FileFormatError(path, _line(word or node), f"{_ENTRY}; 'means' must list words or phrases")
        words.append(word.value.strip())
    return Term(term.value.strip(), tuple(dict.fromkeys(words)))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
