"""The fluent engine: sentences of a model are shown when they hold, and quotes stand behind everything."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from stand_in import (
    Behaviour,
    Scripted,
    chunk,
    chunks,
    failing,
    listening,
    reply,
    saying,
    statement,
    streamed,
)

from chat.answer import Answer, Finished, Said, Started
from chat.app import open_quotes
from chat.breaker import Breaker
from chat.engine import Engine
from chat.fluent import Fluent
from chat.llm import LanguageModel
from chat.material import Prompts
from chat.remember import Remembering
from chat.verify import Verifier
from ingest.embed import BundledEmbedder
from ingest.endpoint import Endpoint
from ingest.errors import QuestionError
from ingest.pipeline import build
from ingest.records import Role
from ingest.roles import RoleBook
from ingest.settings import Settings

RULES = """# Harbour rules

The Harbour Master decides on mooring fees and on the order of the berths.

The Bosun supports the Harbour Master with the order of the berths.

## The Purser

- owns the budget for repairs of the quay
- approves the purchase of ropes

The Bosun does not own the signal station.
"""
NOTES = """# Notes of the pilots

The Pilot owns the tide tables. The Purser and the Pilot share responsibility for the training of new crews.
"""
BOOK = RoleBook([Role("Harbour Master"), Role("Bosun"), Role("Purser"), Role("Pilot")])
FEES = "Who decides on mooring fees?"
TRUE = statement("The Harbour Master decides on mooring fees.", "Harbour Master decides on mooring fees")
FALSE = statement("The Bosun decides on mooring fees.", "Harbour Master decides on mooring fees")
GOOD = reply(TRUE, owners=["Harbour Master"])


@pytest.fixture(scope="module")
def quotes(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    corpus, home = tmp_path_factory.mktemp("harbour"), tmp_path_factory.mktemp("home")
    (corpus / "rules.md").write_text(RULES, "utf-8")
    (corpus / "notes.md").write_text(NOTES, "utf-8")
    build(corpus=corpus, home=home, roles=BOOK, embedder=BundledEmbedder())
    return open_quotes(Settings(home=home))


@pytest.fixture(scope="module")
def prompts() -> Prompts:
    return Prompts.load()


Make = Callable[..., tuple[Fluent, Scripted]]


@pytest.fixture(scope="module")
def make(quotes: Engine, prompts: Prompts) -> Make:
    """``make(*script)`` is a fluent engine whose model's server behaves as the script says."""
    checker = Verifier(BundledEmbedder())

    def made(
        *script: Behaviour, seconds: float = 5.0, breaker: Breaker | None = None
    ) -> tuple[Fluent, Scripted]:
        transport = Scripted(*script)
        endpoint = Endpoint("http://model.test/v1", "sk-canary-7c1f0d")
        model = LanguageModel(endpoint, "some-model", seconds=seconds, transport=transport)
        return Fluent(
            quotes, model=model, checker=checker, prompts=prompts, seconds=seconds, breaker=breaker
        ), transport

    made(saying(GOOD), seconds=60.0)[0].ask(FEES)  # loads the client's code
    return made


def untimed(answer: Answer) -> Answer:
    return replace(answer, timings_ms={})


def test_a_true_sentence_is_shown_with_its_citation(make: Make, quotes: Engine, prompts: Prompts) -> None:
    fluent, _ = make(saying(GOOD))
    answer = fluent.ask(FEES)
    assert (answer.verdict, answer.owners) == ("lead", ("Harbour Master",))
    assert [(s.text, s.citations) for s in answer.statements] == [
        ("The Harbour Master decides on mooring fees.", (1,))
    ]
    (citation,) = answer.citations
    assert citation.quote == quotes.documents[citation.doc].text[citation.start : citation.end]
    assert answer.text == "**Harbour Master** leads.\n\nThe Harbour Master decides on mooring fees. [1]"
    assert (answer.answered_by, answer.notice, answer.dropped) == ("openai:some-model", "", ())
    assert answer.made is not None
    assert (answer.made.model, answer.made.prompt) == ("some-model", prompts.version)


def test_the_stream_tells_each_sentence_and_then_the_whole(make: Make) -> None:
    help_ = "The Bosun supports the Harbour Master with the order of the berths."
    second = statement(help_, help_, *range(1, 8))
    fluent, _ = make(saying(reply(TRUE, second, owners=["Harbour Master"])))
    first, *said, last = fluent.stream(FEES)
    assert first == Started(FEES, "mooring fees", "openai:some-model", fluent.generation_id)
    assert isinstance(last, Finished)
    assert [s.statement for s in said if isinstance(s, Said)] == list(last.answer.statements)
    assert [c for s in said if isinstance(s, Said) for c in s.citations] == list(last.answer.citations)
    assert last.answer.dropped == ()
    assert [c.number for c in last.answer.citations] == [1, 2]


def test_a_false_sentence_is_dropped_and_said_to_be(make: Make) -> None:
    fluent, _ = make(saying(reply(TRUE, FALSE, owners=["Harbour Master"])))
    answer = fluent.ask(FEES)
    assert [s.text for s in answer.statements] == [TRUE["text"]]
    assert [d.text for d in answer.dropped] == [FALSE["text"]]
    assert answer.dropped[0].reason


def test_a_sentence_said_twice_is_shown_once(make: Make) -> None:
    fluent, _ = make(saying(reply(TRUE, TRUE, owners=["Harbour Master"])))
    assert len(fluent.ask(FEES).statements) == 1


def test_a_verdict_without_evidence_falls_back_to_the_quotes(make: Make, quotes: Engine) -> None:
    fluent, _ = make(saying(reply(TRUE, owners=["Bosun"])))
    answer, quoted = fluent.ask(FEES), quotes.ask(FEES)
    assert (answer.verdict, answer.owners) == (quoted.verdict, quoted.owners)


def test_an_owner_whom_no_sentence_names_is_quoted(make: Make) -> None:
    help_ = "The Bosun supports the Harbour Master with the order of the berths."
    helps = statement(help_, help_, *range(1, 8))
    fluent, _ = make(saying(reply(helps, verdict="", owners=[])))
    answer = fluent.ask("Who decides on the order of the berths?")
    assert answer.owners == ("Harbour Master",)
    assert any("decides on mooring fees and on the order" in c.quote for c in answer.citations)
    assert {n for s in answer.statements for n in s.citations} == {c.number for c in answer.citations}


@pytest.mark.parametrize(
    "said",
    [reply(FALSE, owners=["Bosun"]), reply({"text": "Trust me.", "citations": [], "quotes": []}),
     reply(statement("El capitán decide sobre las tarifas de amarre.", "mooring fees"), owners=["Bosun"])],
)  # fmt: skip
def test_nothing_left_gives_the_quotes_and_says_so(make: Make, quotes: Engine, said: str) -> None:
    answer = make(saying(said))[0].ask(FEES)
    assert (
        answer.notice
        == "Nothing that the language model said could be checked; the answer is made of quotes."
    )
    assert len(answer.dropped) == 1
    assert untimed(replace(answer, notice="", dropped=())) == untimed(quotes.ask(FEES))


def test_a_model_that_finds_nothing_does_not_take_an_answer_away(make: Make, quotes: Engine) -> None:
    answer = make(saying(reply(verdict="not_covered")))[0].ask(FEES)
    assert (
        answer.notice == "The language model found no answer in the guidelines; the answer is made of quotes."
    )
    assert answer.owners == quotes.ask(FEES).owners


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def cut(request: httpx.Request) -> httpx.Response:
    def pieces() -> Iterator[bytes]:
        yield from chunks(GOOD[:-30], finish=None)
        raise httpx.RemoteProtocolError("peer closed connection", request=request)

    return streamed(pieces())


def silent(_: httpx.Request) -> httpx.Response:
    time.sleep(1.5)
    return streamed(chunks(GOOD))


@pytest.mark.parametrize(
    "behaviour",
    [refuse, failing(401), failing(429), failing(500), silent, cut, saying(GOOD, finish=None), saying(""),
     saying("I would rather talk."), saying('{"statements": [{"te'), saying("y" * 200_000, size=2_000),
     saying(GOOD + " " * 200_000, size=2_000)],
)  # fmt: skip
def test_every_fault_gives_the_quotes_with_one_line_of_why(
    make: Make, quotes: Engine, behaviour: Behaviour
) -> None:
    fluent, _ = make(behaviour, seconds=0.7)
    began = time.monotonic()
    answer = fluent.ask(FEES)
    assert time.monotonic() - began < 1.4
    assert answer.notice.endswith("; the answer is made of quotes.")
    assert "\n" not in answer.notice
    assert "sk-canary" not in json.dumps(answer.to_dict())
    assert untimed(replace(answer, notice="", dropped=())) == untimed(quotes.ask(FEES))


def test_after_several_faults_nobody_waits_for_the_next(make: Make) -> None:
    fluent, transport = make(failing(500), breaker=Breaker(failures=2, cool_down=60))
    for _ in range(4):
        answer = fluent.ask(FEES)
    assert len(transport.requests) == 2
    assert answer.notice.startswith("The language model has failed several times")
    assert answer.owners == ("Harbour Master",)


def test_what_a_question_can_bring_about_does_not_silence_the_model(make: Make) -> None:
    fluent, transport = make(saying("nothing to read"), breaker=Breaker(failures=1, cool_down=60))
    for _ in range(3):
        assert "can be read" in fluent.ask(FEES).notice
    assert len(transport.requests) == 3


def test_no_sentence_is_shown_and_then_taken_back(make: Make) -> None:
    """The sentence is true, but it does not answer a question that no document covers."""
    off_topic = reply(TRUE, verdict="lead", owners=["Harbour Master"])
    fluent, _ = make(saying('{"words": []}'), saying(off_topic))
    *before, last = fluent.stream("Who wrote the anthem of Peru?")
    assert isinstance(last, Finished)
    assert (last.answer.verdict, last.answer.owners) == ("not_covered", ())
    assert not any(isinstance(event, Said) for event in before)


def test_what_is_no_question_is_refused_before_anything_is_asked(make: Make) -> None:
    fluent, transport = make(saying(GOOD))
    with pytest.raises(QuestionError):
        fluent.stream("   ")
    assert transport.requests == []


def material(transport: Scripted) -> str:
    return str(transport.requests[-1]["messages"][1]["content"])


def test_the_conversation_and_the_stand_alone_question_are_given(make: Make) -> None:
    fluent, transport = make(saying(GOOD))
    fluent.ask("and the order of the berths?", [
        {"role": "user", "content": FEES}, {"role": "assistant", "content": "The Harbour Master does."},
    ])  # fmt: skip
    assert f"user: {FEES}\nassistant: The Harbour Master does." in material(transport)
    assert material(transport).splitlines()[-2] == "Who should own order of the berths?"


def test_other_words_widen_the_search_once(make: Make, quotes: Engine) -> None:
    text = "Who looks after the almanac?"
    assert quotes.ask(text).verdict == "not_covered"
    words = json.dumps({"words": ["tide tables", "Pilot", "<b>x</b>", "a b c d e f g", ""]})
    said = reply(statement("The Pilot owns the tide tables.", "Pilot owns the tide tables"), owners=["Pilot"])
    fluent, transport = make(saying(words), saying(said))
    *_, shown, last = fluent.stream(text)
    assert isinstance(last, Finished)
    answer = last.answer
    assert isinstance(shown, Said)
    assert shown.statement == answer.statements[-1]
    assert "almanac" in transport.requests[0]["messages"][1]["content"]
    assert "GUIDELINES" not in transport.requests[0]["messages"][1]["content"], (
        "no document steers the search"
    )
    assert "[1]" in material(transport)
    assert "tide tables" in material(transport).split("[2]")[0]
    assert (answer.verdict, answer.owners) == ("lead", ("Pilot",))
    assert answer.reason.endswith("The search was widened to: tide tables.")
    fluent.ask(text)
    assert len(transport.requests) == 3, "the words are asked for once"


@pytest.mark.parametrize(
    "words", ["no JSON", "{}", '{"words": "x"}', '{"words": [1]}', '{"words": ["Pilot"]}']
)
def test_words_that_cannot_be_used_leave_the_search_as_it_is(make: Make, words: str) -> None:
    fluent, _ = make(saying(words), saying(reply(verdict="not_covered")))
    answer = fluent.ask("Who wrote the anthem of Peru?")
    assert (answer.verdict, answer.notice, answer.statements) == ("not_covered", "", ())


def test_a_sentence_is_shown_at_once(make: Make, quotes: Engine, prompts: Prompts) -> None:
    """Within 50 ms of its last character, over a real connection.

    The best of several: another process that takes the processor for a while must not turn this red.
    """
    begun = GOOD[: GOOD.index("}") + 1]
    sent: list[float] = []
    waited = []

    def pieces(_: dict[str, Any]) -> Iterator[bytes]:
        time.sleep(0.1)
        sent.append(time.monotonic())
        yield chunk(begun)
        time.sleep(0.2)
        yield from chunks(GOOD[len(begun) :])

    with listening(pieces) as address:
        model = LanguageModel(Endpoint(address), "some-model", seconds=20.0)
        known = Remembering(BundledEmbedder())
        fluent = Fluent(
            quotes, model=model, checker=Verifier(known), prompts=prompts, seconds=20.0, embedder=known
        )
        for _ in range(7):
            for event in fluent.stream(FEES):
                if isinstance(event, Said):
                    waited.append(time.monotonic() - sent[-1])
    print(f"first sentence after {[round(1e3 * w, 1) for w in waited]} ms")
    assert len(waited) == 7
    assert min(waited) < 0.05


def test_the_corpus_of_the_project_is_answered(engine: Engine, prompts: Prompts, root: Path) -> None:
    """A model that says nothing but noise: every case gets the answer that the quotes give."""
    noise = reply(
        statement("The CEO owns it all.", "the"), statement("Everyone agrees.", "", 99), owners=["CEO"]
    )
    model = LanguageModel(
        Endpoint("http://model.test/v1"), "m", seconds=9.0, transport=Scripted(saying(noise))
    )
    fluent = Fluent(engine, model=model, checker=Verifier(BundledEmbedder()), prompts=prompts, seconds=9.0)
    lines = (root / "evals" / "questions.jsonl").read_text("utf-8").splitlines()
    for case in [json.loads(line) for line in lines][::12]:
        history = case.get("history", [])
        answer, quoted = fluent.ask(case["question"], history), engine.ask(case["question"], history)
        assert (answer.verdict, answer.owners) == (quoted.verdict, quoted.owners)
        assert answer.statements == quoted.statements
