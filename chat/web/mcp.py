"""The engine as a tool of assistants, by the Model Context Protocol: over HTTP, or over a pipe."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import anyio
import anyio.to_thread
from pydantic import TypeAdapter, ValidationError

from chat.answer import Answer
from chat.web import markdown
from chat.web.live import AnswerEngine, EngineProvider
from chat.web.turns import AskRequest, as_turns
from ingest.errors import RemitError

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

TOOL = "who_should_own"
DESCRIPTION = (
    "Says who in this organisation should own, lead or decide a thing, from the organisation's own guidance "
    "documents. It answers with the exact sentences it rests on and a link to each, says when the documents "
    "disagree, and says so when no document covers the matter. Quote it; do not add owners of your own."
)
_log = logging.getLogger(__name__)

# Called in a thread, for each call of the tool, with the HTTP request it came in; with None over a pipe.
EngineOf: TypeAlias = Callable[[Any], AnswerEngine]


def make_server(engine_of: EngineOf) -> Server[Any]:
    """The protocol's server with the one tool; it keeps nothing between two calls."""
    from mcp import types
    from mcp.server.lowlevel import Server
    from mcp.shared.exceptions import MCPError

    tool = types.Tool(
        name=TOOL,
        title="Who should own it?",
        description=DESCRIPTION,
        input_schema=input_schema(),
        output_schema=TypeAdapter(Answer).json_schema(mode="serialization"),
        annotations=types.ToolAnnotations(
            read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
    )

    async def list_tools(_: object, __: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[tool])

    async def call_tool(context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        if params.name != TOOL:
            raise MCPError(types.INVALID_PARAMS, f"there is no tool {params.name!r}; there is {TOOL!r}")
        request: Request | None = context.request
        base = str(request.base_url).rstrip("/") if request else None
        try:
            asked = AskRequest.model_validate(params.arguments or {})
            answer = await anyio.to_thread.run_sync(
                lambda: engine_of(request).ask(asked.question, as_turns(asked.history))
            )
        except (ValidationError, RemitError) as exc:
            # As the tool's result, not as the protocol's error: an assistant reads it, and may mend its call.
            return types.CallToolResult(content=[types.TextContent(text=_fault(exc))], is_error=True)
        text = "".join(markdown.pieces(answer, base))
        return types.CallToolResult(
            content=[types.TextContent(text=text)], structured_content=answer.to_dict()
        )

    server: Server[Any] = Server(
        "remit",
        title="Remit",
        instructions=DESCRIPTION,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
    server.middleware.clear()  # it would trace calls to wherever the environment says
    return server


def input_schema() -> dict[str, Any]:
    """What the tool takes, without references: not every assistant follows them."""
    schema = AskRequest.model_json_schema()
    turn = schema.pop("$defs")["GivenTurn"]
    schema["properties"]["history"]["items"] = turn
    return schema


class McpEndpoint:
    """ASGI application: the protocol over HTTP, one request at a time, answered in JSON without a session.

    The protocol's package takes longer to import than all the rest of the API, so the first request does.
    Whose requests are let in has been decided before they get here.
    """

    def __init__(self, engine_of: EngineOf) -> None:
        self._engine_of = engine_of
        self._server: Server[Any] | None = None
        self._loading = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        from chat.web.problem import problem

        if scope["method"] != "POST":
            refused = problem(405, "this endpoint of the Model Context Protocol has no streams; send a POST")
            refused.headers["allow"] = "POST"
            await refused(scope, receive, send)
            return
        await (await self._application())(scope, receive, send)

    async def _application(self) -> ASGIApp:
        async with self._loading:
            if self._server is None:
                self._server = await asyncio.to_thread(make_server, self._engine_of)
        server = self._server

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

            # Without sessions a manager has nothing to remember, and one a request has nothing to leak.
            manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True)
            async with manager.run():
                await manager.handle_request(scope, receive, send)

        return answer


def run_stdio(provider: EngineProvider) -> None:
    """Serve the assistant at the other end of standard input and output until it hangs up."""
    from mcp.server.stdio import stdio_server

    server = make_server(lambda _: provider())

    async def serve() -> None:
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    anyio.run(serve)


def _fault(exc: ValidationError | RemitError) -> str:
    if isinstance(exc, RemitError):
        return str(exc)
    return "; ".join(
        f"{'.'.join(str(part) for part in error['loc']) or 'arguments'}: {error['msg']}"
        for error in exc.errors()
    )
