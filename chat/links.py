"""Addresses of cited places: a link names the place and carries a mark by which the words can be known."""

from __future__ import annotations

import hashlib
from urllib.parse import quote


def fingerprint(text: str) -> str:
    """Eight hexadecimal digits that stand for ``text``.

    By them a link that has outlived a rebuild is told from one whose words still stand where it points; they
    protect nothing.
    """
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def cited_url(doc: str, start: int, end: int, words: str) -> str:
    """The address, on this server, of ``words``, which stand at ``start:end`` of a document's text."""
    return f"/sources/{quote(doc)}?start={start}&end={end}&is={fingerprint(words)}#cited"
