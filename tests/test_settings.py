"""The settings: where each comes from, what is refused, and that a key is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.endpoint import Endpoint
from ingest.errors import SettingsError
from ingest.settings import Settings

KEY = "sk-canary-7c1f0d"


def load(tmp_path: Path, dotenv: str = "", **environ: str) -> Settings:
    (tmp_path / ".env").write_text(dotenv)
    return Settings.load(environ, tmp_path / ".env")


def test_names_that_others_read_as_well_keep_their_names(tmp_path: Path) -> None:
    settings = load(
        tmp_path, "OPENAI_MODEL=a\nOPENAI_BASE_URL=http://x/v1\n", OPENAI_MODEL="b", OPENAI_API_KEY=KEY
    )
    assert settings.openai_model == "b"
    assert settings.endpoint == Endpoint("http://x/v1", KEY)


def test_an_empty_name_of_others_counts_as_none(tmp_path: Path) -> None:
    settings = load(tmp_path, OPENAI_MODEL="", OPENAI_API_KEY="", OPENAI_BASE_URL="", OPENAI_ORG_ID="x")
    assert settings == Settings()
    assert settings.endpoint is None


@pytest.mark.parametrize(
    ("answerer", "key", "url", "speaks"),
    [
        ("auto", "", "", False),
        ("auto", KEY, "", True),
        ("auto", "", "http://x/v1", True),
        ("openai", KEY, "", True),
        ("extractive", KEY, "http://x/v1", False),
    ],
)
def test_who_answers(tmp_path: Path, answerer: str, key: str, url: str, speaks: bool) -> None:
    settings = load(tmp_path, REMIT_ANSWERER=answerer, OPENAI_API_KEY=key, OPENAI_BASE_URL=url)
    assert (settings.speaker is not None) == speaks


@pytest.mark.parametrize("name", ["REMIT_OPENAI_API_KEY", "REMIT_OPENAI_MODEL", "REMIT_ANSWERR"])
def test_an_unknown_name_is_refused_without_its_value(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=f"unknown setting '{name}'") as raised:
        load(tmp_path, **{name: KEY})
    assert KEY not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REMIT_ANSWERER", "gpt"),
        ("REMIT_EMBEDDER", "best"),
        ("REMIT_MODEL_SECONDS", "0"),
        ("REMIT_MODEL_SECONDS", "x"),
    ],
)
def test_a_value_that_cannot_be_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}='{value}'"):
        load(tmp_path, **{name: value})


def test_the_key_is_never_shown(tmp_path: Path) -> None:
    settings = load(tmp_path, OPENAI_API_KEY=KEY, OPENAI_BASE_URL=f"http://user:{KEY}@x/v1")
    assert settings.endpoint is not None
    assert KEY not in repr(settings.endpoint) + str(settings.endpoint)
    assert KEY not in repr(settings.openai_api_key) + str(settings.openai_api_key)
