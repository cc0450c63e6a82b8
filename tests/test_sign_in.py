"""Who asks: what a proxy, a token and a key are believed, and what comes of those that are not."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from small_engine import SmallEngine

from chat.web.api import create_app
from chat.web.keys import KeyRing
from chat.web.reader import SignIn
from ingest.errors import SettingsError
from ingest.records import Document
from ingest.settings import Settings

SECRET = "a-secret-that-is-long-enough-for-every-algorithm-that-could-be-tried-on-it"
PAGE = "https://intranet.example"
ASK = {"question": "Who should own salaries?"}
DOCUMENTS = (
    Document("open.md", "Open", "The Bursar should own fees."),
    Document("pay.md", "Pay", "The Warden should own salaries.", access=("hr",)),
)
PROXY: dict[str, Any] = {"access": "proxy", "trusted_proxies": "10.0.0.0/24,::1"}
TOKEN: dict[str, Any] = {"access": "token", "token_secret": SECRET, "allowed_origins": PAGE}


def client(peer: str = "10.0.0.7", **given: Any) -> TestClient:
    app = create_app(SmallEngine(DOCUMENTS), Settings(**given))
    return TestClient(app, base_url="http://127.0.0.1:7860", client=(peer, 50000))


def owners(served: TestClient, headers: Any = None) -> Any:
    """Who owns salaries, as far as this reader may know; the status when there is no answer."""
    said = served.post("/api/ask", json=ASK, headers=headers)
    return said.json()["owners"] if said.status_code == 200 else said.status_code


def token(secret: str = SECRET, algorithm: str = "HS256", **changed: Any) -> str:
    import jwt

    now = int(time.time())
    claims = {"aud": "remit", "sub": "mia", "groups": ["hr"], "iat": now, "exp": now + 600, "origin": PAGE}
    claims |= changed
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, secret, algorithm=algorithm)


def bearer(credential: str, origin: str = PAGE) -> dict[str, str]:
    return {"authorization": f"Bearer {credential}", **({"origin": origin} if origin else {})}


# The proxy.


def test_the_proxy_says_who_asks() -> None:
    served = client(**PROXY)
    assert owners(served, {"x-forwarded-user": "mia", "x-forwarded-groups": "it, hr"}) == ["Warden"]
    assert owners(served, {"x-forwarded-user": "tom", "x-forwarded-groups": "it"}) == []
    assert owners(served, {"x-forwarded-user": "tom"}) == []
    assert owners(served, {"x-forwarded-groups": "hr"}) == 401
    assert owners(served) == 401
    assert owners(client("::1", **PROXY), {"x-forwarded-user": "mia", "x-forwarded-groups": "hr"}) == [
        "Warden"
    ]
    assert owners(client("::ffff:10.0.0.9", **PROXY), {"x-forwarded-user": "mia"}) == []


@pytest.mark.parametrize("peer", ["10.0.1.7", "127.0.0.1", "::2", "testclient", ""])
def test_nobody_else_says_who_asks(peer: str) -> None:
    served = client(peer, **PROXY)
    headers = {"x-forwarded-user": "mia", "x-forwarded-groups": "hr", "x-forwarded-for": "10.0.0.7"}
    said = served.post("/api/ask", json=ASK, headers=headers)
    assert said.status_code == 401
    assert "REMIT_TRUSTED_PROXIES" in said.json()["detail"]
    # Where everybody may come in, such headers are nothing.
    assert owners(client(peer, access="open,proxy", trusted_proxies="10.0.0.0/24"), headers) == []
    assert owners(client(peer, access="open"), headers) == []


def test_headers_that_say_two_things_or_none() -> None:
    served = client(**PROXY)
    twice = [("x-forwarded-user", "tom"), ("x-forwarded-user", "mia"), ("x-forwarded-groups", "hr")]
    assert owners(served, twice) == 401
    groups = [("x-forwarded-user", "tom"), ("x-forwarded-groups", "it"), ("x-forwarded-groups", "hr")]
    assert owners(served, groups) == 401
    assert owners(served, {"x_forwarded_user": "mia", "x_forwarded_groups": "hr"}) == 401
    assert owners(served, {"x-forwarded-user": " "}) == 401
    assert owners(served, {"x-forwarded-user": "mia", "x-forwarded-groups": "h" * 9000}) == 401
    assert owners(served, {"x-forwarded-user": "mia\x01", "x-forwarded-groups": "hr"}) == 401


def test_other_headers_and_names_in_utf8() -> None:
    served = client(**PROXY, user_header="Remote-User", groups_header="Remote-Groups")
    assert owners(served, {"remote-user": "mia", "remote-groups": "hr"}) == ["Warden"]
    assert owners(served, {"x-forwarded-user": "mia", "x-forwarded-groups": "hr"}) == 401
    documents = (Document("a.md", "A", "The Warden should own salaries.", access=("Zürich",)),)
    app = create_app(SmallEngine(documents), Settings(**PROXY))
    here = TestClient(app, base_url="http://127.0.0.1:7860", client=("10.0.0.7", 1))
    said = here.post(
        "/api/ask",
        json=ASK,
        headers=[(b"x-forwarded-user", b"m"), (b"x-forwarded-groups", "Zürich".encode())],
    )
    assert said.json()["owners"] == ["Warden"]


def test_a_proxy_that_passes_its_own_token_on() -> None:
    served = client(**{**TOKEN, **PROXY, "access": "proxy,token"})
    headers = {
        "x-forwarded-user": "mia",
        "x-forwarded-groups": "hr",
        "authorization": "Bearer of.the.provider",
    }
    assert owners(served, headers) == ["Warden"]
    assert owners(served, {"authorization": "Bearer of.the.provider"}) == 401


def test_links_are_to_where_the_proxy_was_asked() -> None:
    asked = {"model": "remit", "messages": [{"role": "user", "content": "Who should own fees?"}]}
    signed_in = {"x-forwarded-user": "mia", "x-forwarded-proto": "https", "host": "localhost"}
    said = client(**PROXY).post("/v1/chat/completions", json=asked, headers=signed_in)
    assert "https://localhost/sources/open.md" in said.text
    said = client("10.0.1.7", access="open").post("/v1/chat/completions", json=asked, headers=signed_in)
    assert "http://localhost/sources/open.md" in said.text


# Tokens.


def test_a_token_says_who_asks() -> None:
    served = client(**TOKEN)
    assert owners(served, bearer(token())) == ["Warden"]
    assert owners(served, bearer(token())) == ["Warden"]
    assert owners(served, bearer(token(groups=None))) == []
    assert owners(served, bearer(token(groups=["it"]))) == []
    said = served.post("/api/ask", json=ASK, headers=bearer(token()))
    assert said.headers["access-control-allow-origin"] == PAGE


NOW = int(time.time())


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: token(secret="another secret of at least thirty-two"), "not valid"),
        (lambda: token(algorithm="none", secret=""), "not valid"),
        (lambda: token(algorithm="HS512"), "not valid"),
        (lambda: token(exp=NOW - 60, iat=NOW - 600), "expired"),
        (lambda: token(exp=NOW + 3600), "longer than 900"),
        (lambda: token(exp=NOW + 3600, iat=NOW + 3000), "not valid"),
        (lambda: token(exp=None), "not valid"),
        (lambda: token(iat=None), "not valid"),
        (lambda: token(aud=None), "not valid"),
        (lambda: token(aud="another service"), "not valid"),
        (lambda: token(aud=["remit", "another"]), "not valid"),
        (lambda: token(sub=None), "not valid"),
        (lambda: token(sub=""), "sub"),
        (lambda: token(origin=None), "not valid"),
        (lambda: token(origin="https://elsewhere.example"), "another origin"),
        (lambda: token(groups="hr"), "groups"),
        (lambda: token(groups=[["hr"]]), "groups"),
        (lambda: token(nbf=NOW + 36_000), "not valid"),
        (lambda: token()[:-3] + "abc", "not valid"),
        (lambda: token() + "x" * 5000, "not valid"),
        ("", "not valid"),
        ("..", "not valid"),
        ("remit_key", "not valid"),
    ],
)
def test_a_token_that_counts_for_nothing(made: str | Callable[[], str], why: str) -> None:
    made = made if isinstance(made, str) else made()  # when it is needed: a token does not last
    for access in ("token", "open,token"):  # a bad token is refused where none is needed, too
        said = client(**TOKEN | {"access": access}).post("/api/ask", json=ASK, headers=bearer(made))
        assert said.status_code == 401
        assert said.headers["content-type"] == "application/problem+json"
        assert said.headers["www-authenticate"] == 'Bearer realm="remit"'
        assert why in said.json()["detail"]
        assert SECRET not in said.text


def test_a_token_replayed_from_elsewhere() -> None:
    other = "https://other.example"
    served = client(**TOKEN | {"allowed_origins": f"{PAGE},{other}"})
    assert owners(served, bearer(token())) == ["Warden"]
    assert owners(served, bearer(token(), origin=other)) == 401
    assert owners(served, bearer(token(), origin="")) == 401
    assert owners(served, bearer(token(), origin="https://unknown.example")) == 403
    assert owners(served, bearer(token(), origin="null")) == 403


def test_a_token_in_a_frame_is_that_of_the_page_around_it() -> None:
    served = client(**TOKEN)
    ours = "http://127.0.0.1:7860"
    assert owners(served, bearer(token(), origin=ours)) == ["Warden"]
    assert owners(served, bearer(token(origin="https://unknown.example"), origin=ours)) == 401
    assert owners(served, bearer(token(origin=ours), origin=ours)) == 401


def test_two_secrets_while_it_changes() -> None:
    old = "the-secret-of-before-which-is-long-enough"
    served = client(**TOKEN | {"token_secret": f"{SECRET} {old}"})
    assert owners(served, bearer(token())) == ["Warden"]
    assert owners(served, bearer(token(old))) == ["Warden"]
    assert owners(served, bearer(token("x" * 40))) == 401


@settings(max_examples=80)
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace")))
def test_no_credential_made_of_anything_comes_in(value: bytes) -> None:
    sign_in = SignIn.of(Settings(**TOKEN))
    assert sign_in.tokens
    assert isinstance(sign_in.tokens.shown(value.decode("latin-1"), origins=[PAGE]), str)
    assert sign_in.tokens.ticket(value.decode("latin-1"), doc="pay.md") is None


# Tickets: the links of an answer, followed without the token.


def test_a_link_opens_its_document_and_no_other() -> None:
    served = client(**TOKEN)
    answer = served.post("/api/ask", json=ASK, headers=bearer(token())).json()
    [citation] = answer["citations"]
    url = citation["url"].removesuffix("#cited")
    assert "<mark" in served.get(url).text
    assert served.get(url.partition("&ticket")[0]).status_code == 401
    assert served.get(url.replace("pay.md", "open.md")).status_code == 401
    assert served.get(url.replace("/sources/pay.md", "/api/documents")).status_code == 401
    assert owners(served, bearer(url.partition("ticket=")[2])) == 401  # a ticket is no token
    assert served.get(f"/sources/pay.md?ticket={token()}").status_code == 401  # nor a token a ticket


def test_a_streamed_answer_has_the_same_links() -> None:
    served = client(**TOKEN)
    streamed = served.post("/api/ask/stream", json=ASK, headers=bearer(token())).text
    assert streamed.count("ticket=") == 2  # of the statement, and of the whole answer


def test_a_link_holds_no_longer_than_what_it_shows_is_allowed() -> None:
    served = client(**TOKEN)
    url = served.post("/api/ask", json=ASK, headers=bearer(token())).json()["citations"][0]["url"]
    narrowed = tuple(Document(d.path, d.title, d.text, access=("board",)) for d in DOCUMENTS)
    later = TestClient(create_app(SmallEngine(narrowed), Settings(**TOKEN)), base_url="http://127.0.0.1:7860")
    assert later.get(url).status_code == 404


# API keys.


def test_a_key_says_which_machine_asks(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys.json")
    key = ring.add("bot", ["hr"])
    served = client(access="key", home=tmp_path)
    assert owners(served, bearer(key, origin="")) == ["Warden"]
    assert owners(served, {"authorization": f"bearer  {key}"}) == ["Warden"]
    assert owners(served, bearer(key + "x", origin="")) == 401
    assert owners(served, {"authorization": f"Basic {key}"}) == 401
    assert owners(served) == 401
    ring.revoke("bot")
    assert owners(served, bearer(key, origin="")) == 401


def test_keys_and_tokens_side_by_side(tmp_path: Path) -> None:
    key = KeyRing(tmp_path / "elsewhere.json").add("bot")
    served = client(**TOKEN | {"access": "token,key", "keys": tmp_path / "elsewhere.json"})
    assert owners(served, bearer(key, origin="")) == []
    assert owners(served, bearer(token())) == ["Warden"]
    assert owners(served, bearer("remit_unknown", origin="")) == 401


def test_where_nobody_signs_in_a_key_is_nothing() -> None:
    assert owners(client(), bearer("sk-of-another-service", origin="")) == []


# What is chosen before anybody is let in.


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "remit.intranet"])
def test_others_need_a_choice(host: str) -> None:
    with pytest.raises(SettingsError, match="set REMIT_ACCESS to open"):
        create_app(SmallEngine(), Settings(host=host))
    create_app(SmallEngine(), Settings(host=host, access="open"))


def test_this_machine_needs_none_unless_it_has_a_name_for_others() -> None:
    for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost"):
        create_app(SmallEngine(), Settings(host=host))
    with pytest.raises(SettingsError, match=r"remit\.intranet"):
        create_app(SmallEngine(), Settings(allowed_hosts="remit.intranet"))


@pytest.mark.parametrize(
    ("way", "needed"), [("proxy", "REMIT_TRUSTED_PROXIES"), ("token", "REMIT_TOKEN_SECRET")]
)
def test_a_way_needs_its_setting(way: str, needed: str) -> None:
    with pytest.raises(SettingsError, match=needed):
        create_app(SmallEngine(), Settings(access=way))


# Everything that shows documents, for two readers.

HIDDEN = ("pay.md", "Pay", "salaries", "Warden")
PLACES = (
    ("GET", "/api/documents", None),
    ("GET", "/sources", None),
    ("GET", "/sources/pay.md", None),
    ("GET", "/sources/pay.md?start=0&end=9", None),
    ("POST", "/api/ask", {"question": "Who should own wages?"}),
    ("POST", "/api/ask/stream", {"question": "Who should own wages?"}),
    (
        "POST",
        "/mcp",
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": {"name": "who_should_own", "arguments": {"question": "Who should own wages?"}},
        },
    ),
    (
        "POST",
        "/v1/chat/completions",
        {"model": "remit", "messages": [{"role": "user", "content": "Who should own wages?"}]},
    ),
)


@pytest.mark.parametrize(("method", "path", "body"), PLACES)
def test_no_place_tells_of_what_is_not_for_the_reader(method: str, path: str, body: Any) -> None:
    served = client(**PROXY)
    hr = {"x-forwarded-user": "mia", "x-forwarded-groups": "hr"}
    if method == "GET":
        assert "Pay" in served.get(path, headers=hr).text
    tom = {"x-forwarded-user": "tom", "accept": "application/json, text/event-stream"}
    told = served.request(method, path, json=body, headers=tom).text
    if method == "POST":
        assert "No document covers" in told
    told = told.replace("No document of the index has the path &#x27;pay.md&#x27;", "")
    assert [word for word in HIDDEN if word in told] == []


def test_a_document_that_may_not_be_seen_is_one_that_is_not_there() -> None:
    served = client(**PROXY)
    tom = {"x-forwarded-user": "tom"}
    hidden, missing = served.get("/sources/pay.md", headers=tom), served.get("/sources/gay.md", headers=tom)
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text == missing.text.replace("gay.md", "pay.md")
    ids = {"x-request-id", "content-length"}
    assert {k: v for k, v in hidden.headers.items() if k not in ids} == {
        k: v for k, v in missing.headers.items() if k not in ids
    }


def test_what_one_reader_was_told_is_not_remembered_for_another() -> None:
    served = client(**PROXY, remembered=100)
    hr = {"x-forwarded-user": "mia", "x-forwarded-groups": "hr"}
    for _ in range(2):
        assert owners(served, hr) == ["Warden"]
        assert owners(served, {"x-forwarded-user": "tom"}) == []
