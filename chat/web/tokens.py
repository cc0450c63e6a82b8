"""Tokens: what a page's own server says of its visitor, signed with a secret that it shares with us.

A token is a JSON Web Token (RFC 7519) signed with HMAC-SHA256. It lives for a quarter of an hour at most, and
is good for one origin, that of the page it was made for: another site that gets hold of it cannot use it from
a browser. The widget sends it with every question, so one use does not spend it.

A ticket is our own: it opens one document for the reader of an answer, who follows a link without a token.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

AUDIENCE = "remit"
LONGEST = 900  # seconds
_TICKETS = "remit-source"
_CLOCKS = 30  # seconds that two servers' clocks may differ
_MOST = 4096  # characters of a token


@dataclass(frozen=True, slots=True)
class Shown:
    """What a valid token says of its bearer."""

    user: str
    groups: frozenset[str]


class Tokens:
    """Reads tokens, and makes and reads tickets; ``secrets`` are separated by blanks, the first one signs.

    Two secrets let both sides change theirs one after the other. The import takes a fifth of a second.
    """

    def __init__(self, secrets: str) -> None:
        import jwt

        self._jwt = jwt
        self._secrets = secrets.split()

    def shown(self, token: str, *, origins: Collection[str]) -> Shown | str:
        """What ``token`` says, or in a sentence why it counts for nothing; it must be for one of these."""
        said = self._read(token, audience=AUDIENCE, needed=("sub", "iat", "exp", "origin"))
        if isinstance(said, str):
            return said
        if said["exp"] - said["iat"] > LONGEST:
            return f"the token lives longer than {LONGEST} seconds; make one that expires sooner"
        if said["origin"] not in origins:
            return "the token was made for a page of another origin"
        return _shown(said) or "the token's sub must be a text and its groups a list of texts"

    def make_ticket(self, doc: str, *, user: str, groups: frozenset[str]) -> str:
        """A ticket for ``doc``, good for a quarter of an hour."""
        now = int(time.time())
        said = {"aud": _TICKETS, "iat": now, "exp": now + LONGEST, "sub": user, "groups": sorted(groups)}
        return self._jwt.encode({**said, "doc": doc}, self._secrets[0], algorithm="HS256")

    def ticket(self, ticket: str, *, doc: str) -> Shown | None:
        """Whom ``ticket`` lets see ``doc``; None when it does not."""
        said = self._read(ticket, audience=_TICKETS, needed=("sub", "iat", "exp", "doc"))
        return None if isinstance(said, str) or said["doc"] != doc else _shown(said)

    def _read(self, token: str, *, audience: str, needed: tuple[str, ...]) -> dict[str, Any] | str:
        if len(token) > _MOST:
            return "the token is not valid"
        why = "the token is not valid"
        for secret in self._secrets:
            try:
                return self._jwt.decode(
                    token,
                    secret,
                    algorithms=["HS256"],
                    audience=audience,
                    leeway=_CLOCKS,
                    options={"require": [*needed, "aud"], "strict_aud": True},
                )
            except self._jwt.ExpiredSignatureError:
                return "the token has expired; ask the page for a new one"
            except self._jwt.InvalidSignatureError:
                continue
            except (self._jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
                return why
        return why


def _shown(said: Mapping[str, Any]) -> Shown | None:
    groups = said.get("groups", [])
    if not isinstance(said["sub"], str) or not said["sub"] or not isinstance(groups, list):
        return None
    if not all(isinstance(group, str) for group in groups):
        return None
    return Shown(said["sub"], frozenset(groups))
