"""Who asks: what a request says of its sender, and how far that is believed.

The company's proxy says it in headers, a page with the widget in a token, a machine with an API key. Whoever
may come in without any of them is a reader in no group, and sees the documents that are for everybody.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope

from chat.web.keys import PREFIX as KEY_PREFIX
from chat.web.keys import KeyRing
from chat.web.tokens import Tokens
from ingest.errors import SettingsError
from ingest.settings import Network, Settings

How = Literal["open", "proxy", "token", "key"]
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LONGEST = 8192  # characters of a header with groups
_SOURCE = "/sources/"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: ``user`` is "" for one who did not sign in, ``how`` is what vouches for them."""

    user: str = ""
    groups: frozenset[str] = frozenset()
    how: How = "open"


class Unauthorised(Exception):
    """Nobody vouches for a request, or what it shows is not valid; the message is for its sender."""


def reader_of(scope: Scope) -> Reader:
    """The reader that the door found for a request; raises KeyError where no door stands before a route."""
    reader: Reader = scope["state"]["reader"]
    return reader


class SignIn:
    """Finds out who sent a request."""

    def __init__(
        self,
        ways: Sequence[How],
        *,
        proxies: Sequence[Network] = (),
        user_header: str = "",
        groups_header: str = "",
        origins: Sequence[str] = (),
        tokens: Tokens | None = None,
        keys: KeyRing | None = None,
    ) -> None:
        self._ways = frozenset(ways) or frozenset({"open"})
        self._proxies = proxies
        self._user, self._groups = user_header, groups_header
        self._origins = origins
        self.tokens, self._keys = tokens, keys

    @classmethod
    def of(cls, settings: Settings) -> SignIn:
        """What ``settings`` say; raises SettingsError, with what mends it, when a choice is missing."""
        _check(settings)
        ways = settings.access
        secret = settings.token_secret
        return cls(
            ways,
            proxies=settings.trusted_proxies,
            user_header=settings.user_header,
            groups_header=settings.groups_header,
            origins=settings.allowed_origins,
            tokens=Tokens(secret.get_secret_value()) if secret and "token" in ways else None,
            keys=KeyRing(settings.keys_file) if "key" in ways else None,
        )

    def reader(self, scope: Scope) -> Reader:
        """Who sent the request. Raises Unauthorised when it must not come in."""
        headers = Headers(scope=scope)
        if "proxy" in self._ways and (signed_in := self._by_proxy(headers, scope)):
            return signed_in
        kind, _, credential = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and (self.tokens or self._keys):
            return self._by_bearer(credential.strip(), headers)
        ticket = QueryParams(scope["query_string"]).get("ticket", "")
        if ticket and self.tokens and scope["path"].startswith(_SOURCE):
            shown = self.tokens.ticket(ticket, doc=scope["path"].removeprefix(_SOURCE))
            if shown is None:
                raise Unauthorised("this link has expired; ask again, and follow the new one")
            return Reader(shown.user, shown.groups, "token")
        if "open" in self._ways:
            return Reader()
        raise Unauthorised(self._wanted(headers, scope))

    def address(self, scope: Scope) -> str:
        """Where a request comes from: the last address before those of trusted proxies, "" when unknown."""
        found = _peer(scope)
        passed = Headers(scope=scope).get("x-forwarded-for", "").split(",")
        while found and passed and self._trusted(found):
            found, before = _address(passed.pop().strip()) or found, found
            if found == before:
                break
        if not found:
            return ""
        # Whoever has one address of the sixth version has 2**64 of them.
        wide = ipaddress.ip_network(f"{found}/{64 if found.version == 6 else 32}", strict=False)
        return str(wide.network_address)

    def scheme(self, scope: Scope) -> str:
        """How the sender reached us: "https" where a trusted proxy says so."""
        said = Headers(scope=scope).get("x-forwarded-proto", "")
        return said if said in ("http", "https") and self._from_proxy(scope) else str(scope["scheme"])

    def _by_proxy(self, headers: Headers, scope: Scope) -> Reader | None:
        if not self._from_proxy(scope):
            return None
        users, groups = headers.getlist(self._user), headers.getlist(self._groups)
        if len(users) > 1 or len(groups) > 1:
            # One is the proxy's, the other its sender's: nobody can tell which.
            raise Unauthorised(f"the proxy sends {self._user} or {self._groups} more than once")
        user = _text(users[0]) if users else ""
        if not user:
            return None
        named = _text(groups[0]).split(",") if groups else []
        return Reader(user, frozenset(filter(None, (" ".join(name.split()) for name in named))), "proxy")

    def _by_bearer(self, credential: str, headers: Headers) -> Reader:
        if self._keys and (credential.startswith(KEY_PREFIX) or not self.tokens):
            key = self._keys.find(credential)
            if key is None:
                raise Unauthorised("the API key is not known; it may have been revoked")
            return Reader(key.name, frozenset(key.groups), "key")
        assert self.tokens
        # In a frame the widget's page is ours, and the token that of the page around it.
        origins = (
            self._origins if is_own_page(headers) else [headers["origin"]] if "origin" in headers else []
        )
        shown = self.tokens.shown(credential, origins=origins)
        if isinstance(shown, str):
            raise Unauthorised(shown)
        return Reader(shown.user, shown.groups, "token")

    def _trusted(self, address: Address) -> bool:
        return any(address.version == net.version and address in net for net in self._proxies)

    def _wanted(self, headers: Headers, scope: Scope) -> str:
        ways = {
            "proxy": "sign in through your organisation's page",
            "token": "send a token of the page that shows this chat",
            "key": "send an API key as Authorization: Bearer",
        }
        wanted = ", or ".join(text for way, text in ways.items() if way in self._ways)
        if "proxy" in self._ways and self._user in headers and not self._from_proxy(scope):
            return (
                f"{wanted}; {self._user} is believed from REMIT_TRUSTED_PROXIES alone, not from this address"
            )
        return wanted

    def _from_proxy(self, scope: Scope) -> bool:
        peer = _peer(scope)
        return peer is not None and self._trusted(peer)


Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_own_page(headers: Headers) -> bool:
    """Whether a request comes from a page of this server, as its browser says."""
    scheme, _, host = headers.get("origin", "").partition("://")
    own = headers.get("host", "").lower().removesuffix(":443" if scheme == "https" else ":80")
    return scheme in ("http", "https") and host == own


def is_local(host: str) -> bool:
    """Whether a server that listens on ``host`` is reached from its own machine alone."""
    address = _address(host)
    return host.lower() == "localhost" or (address is not None and address.is_loopback)


def _check(settings: Settings) -> None:
    if not settings.access and (not is_local(settings.host) or set(settings.allowed_hosts) - LOOPBACK):
        where = settings.host if not is_local(settings.host) else settings.allowed_hosts[0]
        raise SettingsError(
            f"others than this machine could ask at {where!r}, and nothing says who may; set REMIT_ACCESS "
            "to open (everybody who can reach it), proxy (whom your sign-in proxy names), token (whom a "
            "page of yours names) or key (machines with an API key), or several with commas between them"
        )
    needs = {
        "proxy": (settings.trusted_proxies, "REMIT_TRUSTED_PROXIES", "127.0.0.1/32"),
        "token": (settings.token_secret, "REMIT_TOKEN_SECRET", '"$(openssl rand -base64 48)"'),
    }
    for way, (given, name, example) in needs.items():
        if way in settings.access and not given:
            raise SettingsError(f"REMIT_ACCESS={way!r} needs {name}; set it, such as {name}={example}")


def _peer(scope: Scope) -> Address | None:
    client = scope.get("client")
    return _address(client[0]) if client else None


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _text(value: str) -> str:
    """A header's value: proxies send UTF-8, which arrives here as if it were Latin-1."""
    try:
        text = value.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        text = value.strip()
    if len(text) > _LONGEST or re.search(r"[\x00-\x1f\x7f]", text):
        raise Unauthorised("what the proxy says of the sender is no name")
    return text
