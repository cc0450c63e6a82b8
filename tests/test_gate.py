"""Only text reaches Gradio: no file, no component, no handler's input of another shape."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chat.web.gate import fault

SAID = {"role": "user", "content": [{"type": "text", "text": "hello"}], "metadata": None, "options": None}
TURN = {"role": "user", "content": "hello"}


def call(*data: Any, **more: Any) -> bytes:
    return json.dumps({"data": data, "fn_index": 0, "trigger_id": 2, "session_hash": "a1"} | more).encode()


@pytest.mark.parametrize(
    "body",
    [
        call(),
        call("a question", [], []),
        call("a question", [SAID], [TURN]),
        call("a question", [SAID], None),
        call([SAID], [TURN], event_data={"index": 0, "value": {"text": "an example"}}),
    ],
)
def test_what_the_page_sends_passes(body: bytes) -> None:
    assert fault(body) == ""


FILE = {"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        call(FILE),
        call(FILE, [], []),
        call("a", [{"role": "user", "content": [{"type": "file", "file": FILE}]}], []),
        call("a", [{"role": "user", "content": [{"type": "text", "text": "a", "file": FILE}]}], []),
        call(
            "a",
            [{"role": "user", "content": [{"type": "component", "component": "image", "value": FILE}]}],
            [],
        ),
        call("a", [SAID | {"metadata": FILE}], []),
        call("a", [], [FILE]),
        call("a", [], [TURN | FILE]),
        call("a", [], [{"role": "user", "content": FILE}]),
        call([], [], event_data={"index": 0, "value": {"text": "a"} | FILE}),
        call([], [], event_data={"index": 0, "value": {"text": FILE}}),
        call("a", [], [], simple_format=True),
        call("a", [], [], []),
        call("a \ud800", [], []),
    ],
)
def test_anything_else_is_refused(body: bytes) -> None:
    assert fault(body) != ""
