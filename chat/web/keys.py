"""API keys for machines: shown once, stored as hashes, revoked at the next request.

A key is 256 random bits, so nobody can guess it from its hash: a plain SHA-256 is enough, and does not cost
every request the tenth of a second that a slow hash, meant for passwords, takes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import re
import secrets
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ingest.errors import FileFormatError, InputError

PREFIX = "remit_"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was given out: whose it is, what they may see, and the hash of it."""

    name: str
    groups: tuple[str, ...]
    sha256: str
    created: str  # ISO time, UTC


_FILE: TypeAdapter[tuple[Key, ...]] = TypeAdapter(tuple[Key, ...])


class KeyRing:
    """The keys in a file; a change of the file counts from the next request on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] | None = None
        self._keys: tuple[Key, ...] = ()

    def find(self, key: str) -> Key | None:
        """The entry of ``key``, None when it has none. A file that cannot be read holds none."""
        digest = _hash(key)
        found = None
        for entry in self._current():
            # Every entry is looked at, so that the time taken tells nothing of which one it was.
            if hmac.compare_digest(entry.sha256, digest):
                found = entry
        return found

    def all(self) -> tuple[Key, ...]:
        """Every entry. Raises FileFormatError when the file is no file of keys."""
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as exc:
            raise FileFormatError(self._path, None, f"the keys cannot be read: {exc.strerror}") from exc
        try:
            return _FILE.validate_json(text)
        except ValidationError as exc:
            expected = "a list of keys, as python -m chat keys add NAME writes it; move the file away"
            raise FileFormatError(self._path, None, expected) from exc

    def add(self, name: str, groups: Sequence[str] = ()) -> str:
        """Make a key and keep its hash; the key itself is in what is returned, and nowhere else.

        Raises InputError for a name that is taken or no name, or a group that is none.
        """
        if not _NAME.fullmatch(name):
            raise InputError(f"{name!r} cannot name a key; use up to 64 letters, digits, dots and dashes")
        if any(not group.strip() or "," in group for group in groups):
            raise InputError(f"{list(groups)!r} are no groups; name each: --group finance --group board")
        known = self.all()
        if any(entry.name == name for entry in known):
            raise InputError(f"there is a key {name!r} already; run: python -m chat keys revoke {name}")
        key = PREFIX + secrets.token_urlsafe(32)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        held = tuple(sorted({" ".join(group.split()) for group in groups}))
        self._write((*known, Key(name, held, _hash(key), now)))
        return key

    def revoke(self, name: str) -> None:
        """Forget a key. Raises InputError when there is none of that name."""
        known = self.all()
        left = tuple(entry for entry in known if entry.name != name)
        if len(left) == len(known):
            raise InputError(f"there is no key {name!r}; run: python -m chat keys list")
        self._write(left)

    def _current(self) -> tuple[Key, ...]:
        with self._lock:
            try:
                stat = self._path.stat()
                seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
                if seen != self._seen:
                    self._keys, self._seen = self.all(), seen
            except (OSError, FileFormatError) as exc:
                if self._seen is not None or not isinstance(exc, FileNotFoundError):
                    _log.error("no API key is accepted: %s", exc)
                self._keys, self._seen = (), None
            return self._keys

    def _write(self, keys: tuple[Key, ...]) -> None:
        text = json.dumps([asdict(key) for key in keys], indent=1) + "\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # A file made this way is its owner's alone to read, and the old one stands until it is whole.
            descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except OSError as exc:
            raise InputError(f"the keys cannot be written to {str(self._path)!r}: {exc.strerror}") from exc


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
