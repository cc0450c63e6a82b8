"""Every error that Remit raises on purpose.

The tree, by what the caller should do about it::

    RemitError                 never raised itself; a message says what, which value, which command mends it
    ├── InputError             the user's words or files are at fault: mend them (exit code 2, HTTP 400)
    │   ├── QuestionError      the question is empty, too long or not text
    │   ├── SettingsError      a REMIT_ variable is unknown or has a value it cannot have
    │   ├── CorpusError        the corpus folder is missing or holds nothing that can be read
    │   └── FileFormatError    a file does not parse; names file, line and what was expected
    ├── IndexUnavailable       there is no index that can answer: build it (exit code 1, HTTP 503)
    │   ├── IndexMismatch      it was built by another embedder, format or version
    │   └── EmbedderFault      the server that embeds did not: mend that, or build with the bundled model
    ├── JournalFault           what people asked cannot be read: mend or move the file (exit code 1, HTTP 503)
    └── ModelFault             the language model gave no whole answer: quotes are shown in its place
"""

from __future__ import annotations


class RemitError(Exception):
    """Base of the tree; ``exit_code`` is what a command ends with when it meets the error."""

    exit_code = 1


class InputError(RemitError):
    """What the user gave cannot be used."""

    exit_code = 2


class QuestionError(InputError):
    """The question is empty, too long, or not text."""


class SettingsError(InputError):
    """A setting is unknown or has a value it cannot have."""


class CorpusError(InputError):
    """The corpus folder is missing, or holds no document that can be read."""


class FileFormatError(InputError):
    """A file does not parse; the message names the file, the line and what was expected."""

    def __init__(self, path: object, line: int | None, expected: str) -> None:
        self.path, self.line, self.expected = path, line, expected
        where = f"{path}" if line is None else f"{path}, line {line}"
        super().__init__(f"{where}: {expected}")


class IndexUnavailable(RemitError):
    """No generation is published, or the published one cannot be opened."""


class IndexMismatch(IndexUnavailable):
    """The published generation was made by another embedder, format or version."""


class EmbedderFault(IndexUnavailable):
    """The server that turns texts into vectors cannot be reached, refuses, or answers nonsense."""


class JournalFault(RemitError):
    """The journal of questions is missing, unreadable, or not one."""


class ModelFault(RemitError):
    """The language model gave no whole answer; the message is the line that the reader gets for it.

    ``server`` says whether its server is at fault, so that it does not help to ask again soon.
    """

    def __init__(self, message: str, *, server: bool = True) -> None:
        self.server = server
        super().__init__(message)
