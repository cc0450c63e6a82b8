"""What the API says of itself is so: every example is carried out, and no request that it allows surprises.

``make docs`` writes the examples' responses anew.
"""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from served import served
from small_engine import SmallEngine

from chat.engine import Engine
from chat.entries import answered, open_file
from chat.web.api import create_app
from chat.web.description import examples
from chat.web.problem import MEDIA_TYPE
from ingest.settings import Settings

FILE = Path(__file__).resolve().parents[1] / "chat" / "web" / "examples.json"
EXAMPLES = [(route, name) for route, named in examples().items() for name in named]


def client_of(engine: Any = None, **given: Any) -> TestClient:
    return TestClient(
        create_app(engine or SmallEngine(), Settings(**given)), base_url="http://127.0.0.1:7860"
    )


JUDGING = {"POST /api/feedback", "GET /api/gaps"}  # what only a server with a journal does


def journal_in(folder: str) -> Path:
    """A journal in which something has been asked, whose ids are signed with nothing but zeros."""
    file = open_file(Path(folder) / "journal.db")
    today = datetime.now(UTC).date()
    plants = SmallEngine().ask("Who waters the plants?")
    file.write([("UPDATE signing SET secret = ?", (bytes(32),))])
    file.write([answered(bytes([n]), today, plants.question, "plants", plants) for n in range(2)])
    file.close()
    return Path(folder) / "journal.db"


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    given: dict[str, Any] = client_of().get("/api/openapi.json").json()
    return given


def events_of(text: str) -> list[dict[str, str]]:
    """The events of a stream, those without a name as browsers call them."""
    blocks = [block.splitlines() for block in text.split("\n\n") if block]
    return [{"event": "message"} | dict(line.split(": ", 1) for line in lines) for lines in blocks]


def operations(description: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def carried_out(route: str, example: dict[str, Any]) -> Any:
    """The response to an example's request, with what differs from time to time made equal."""
    method, path = route.split(" ")
    for name, value in example.get("path", {}).items():
        path = path.replace(f"{{{name}}}", value)
    # What is told to the journal may be written only when the folder has gone.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        client = client_of(**{"journal": journal_in(folder)} if route in JUDGING else {})
        response = client.request(method, path, json=example.get("request"))
    assert response.status_code == 200, response.text
    if response.headers["content-type"].startswith("application/json"):
        return levelled(response.json())
    text = re.sub(r'"timings_ms":\{[^}]*\}', '"timings_ms":{}', response.text)
    text = re.sub(r'"chatcmpl-\w+"', '"chatcmpl-1"', text)
    return re.sub(r'"created":\d+', '"created":0', text)


def levelled(value: Any) -> Any:
    if isinstance(value, dict):
        fixed = {"timings_ms": {}, "created": 0, "last": "2026-01-31", "since": "2025-11-02"}
        level = {key: fixed.get(key, levelled(inner)) for key, inner in value.items()}
        return level | ({"id": "chatcmpl-1"} if str(value.get("id", "")).startswith("chatcmpl-") else {})
    return [levelled(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("route", "name"), EXAMPLES)
def test_an_example_is_answered_as_it_says(route: str, name: str) -> None:
    example = examples()[route][name]
    assert carried_out(route, example) == example["response"], "mend with: make docs"


@pytest.mark.parametrize(("route", "name"), EXAMPLES)
def test_an_example_fits_its_schema(description: dict[str, Any], route: str, name: str) -> None:
    example = examples()[route][name]
    operation = dict(operations(description))[route]
    fits = description | {"$schema": Draft202012Validator.META_SCHEMA["$id"]}
    if "request" in example:
        body = operation["requestBody"]["content"]["application/json"]
        assert body["examples"][name]["value"] == example["request"]
        Draft202012Validator(fits | body["schema"]).validate(example["request"])
    good = operation["responses"]["200"]["content"]
    (content,) = [content for content in good.values() if name in content.get("examples", {})]
    assert content["examples"][name]["value"] == example["response"]
    values = events_of(example["response"]) if example.get("streams") else [example["response"]]
    for value in values:
        Draft202012Validator(fits | content["schema"]).validate(value)


def test_every_json_route_has_an_example(description: dict[str, Any]) -> None:
    routes = [
        route
        for route, operation in operations(description)
        if not {"text/html", "text/plain", "text/csv"} & operation["responses"]["200"]["content"].keys()
    ]
    assert len(routes) >= 8
    assert sorted(routes) == sorted(examples())


def test_every_operation_tells_its_errors(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    names = [operation["operationId"] for _, operation in operations(description)]
    assert len(set(names)) == len(names)
    for route, operation in operations(description):
        wanted = {"401", "421", "429", "500", "503"}
        if route.startswith("POST"):
            wanted |= {"400", "403", "408", "413", "415"}
        assert wanted <= set(operation["responses"]), route
        media = "application/json" if " /v1/" in route else MEDIA_TYPE
        assert set(operation["responses"]["503"]["content"]) == {media}


def test_nothing_of_the_description_is_missing(description: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in description["components"]["schemas"]}
    used = set(re.findall(r'"(#/[^"]+)"', json.dumps(description)))
    assert used <= known
    assert "HTTPValidationError" not in json.dumps(description)


def test_no_request_surprises(engine: Engine, tmp_path: Path) -> None:
    """Schemathesis with every check: what fits the description is answered, what does not is refused."""
    config = tmp_path / "schemathesis.toml"
    # Whether a text is a question, and whether a conversation has one, is more than a schema can say.
    config.write_text('[checks.positive_data_acceptance]\nexpected-statuses = ["2xx", "400", "404"]\n')
    program = "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"
    with served(create_app(engine, Settings(journal=tmp_path / "journal.db"))) as address:
        run = subprocess.run(
            [
                *(sys.executable, "-c", program, "--config-file", str(config), "run"),
                *(f"{address}/api/openapi.json", "--checks", "all", "--mode", "all", "--max-examples", "10"),
                *("--seed", "1", "--generation-database", "none", "--no-color"),
            ],
            cwd=tmp_path, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
    assert run.returncode == 0, run.stdout[-5000:] + run.stderr[-2000:]
    generated = re.search(r"(\d+) generated", run.stdout)
    assert generated, run.stdout[-2000:]
    assert int(generated[1]) > 300, "so few that something must have been passed over"


def write() -> None:
    shown = copy.deepcopy(examples())
    for route, named in shown.items():
        for example in named.values():
            example["response"] = carried_out(route, example)
    FILE.write_text(json.dumps(shown, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
