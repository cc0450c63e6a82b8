"""What is put together: quotes, or a language model before them, as the settings say."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from chat.app import open_engine
from chat.engine import Engine
from chat.fluent import Fluent
from ingest.errors import SettingsError
from ingest.settings import Settings

# The port that is there to discard: nobody listens, and nothing is asked before a question is.
NOBODY = "http://127.0.0.1:9/v1"


def test_quotes_answer_when_no_model_is_set_or_none_is_wanted(corpus_home: Path) -> None:
    assert isinstance(open_engine(Settings(home=corpus_home)), Engine)
    unwanted = Settings(home=corpus_home, answerer="extractive", openai_base_url=NOBODY)
    assert isinstance(open_engine(unwanted), Engine)


def test_a_model_answers_when_one_is_set(corpus_home: Path) -> None:
    key = "sk-canary-7c1f0d"
    settings = Settings(home=corpus_home, openai_api_key=SecretStr(key), openai_base_url=NOBODY)
    fluent = open_engine(settings)
    assert isinstance(fluent, Fluent)
    answer = fluent.ask("Who should own social media?")
    assert answer.owners == ("CMO",)
    assert answer.notice.startswith("The language model ")
    assert key not in repr(answer) + repr(vars(fluent))


def test_a_model_that_is_wanted_and_not_set_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match=r"set OPENAI_API_KEY, or OPENAI_BASE_URL .* REMIT_ANSWERER=extractive"
    ):
        open_engine(Settings(home=tmp_path, answerer="openai"))
