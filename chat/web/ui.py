"""The page: a chat in Gradio whose every answer is one card.

The conversation lives in the page alone, nothing of it is kept here, so any process can answer any question.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from chat.answer import Citation, Finished, Said, Started, Statement, Turn
from chat.web.card import answer_card, coming_card, problem_card, question_bubble
from chat.web.live import EngineProvider
from chat.web.reader import reader_of
from chat.web.security import NO_TELEMETRY
from chat.web.tickets import EngineFor
from chat.web.turns import parse_turns
from ingest.errors import RemitError

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

REMEMBERED = 20  # turns of the conversation that go to the engine
_log = logging.getLogger(__name__)


class Shown(NamedTuple):
    """The question box, the messages, the turns and the notice as they are to be shown next."""

    box: str
    messages: list[Any]
    turns: list[Turn]
    notice: str


def unfolding(provider: EngineProvider, question: str, messages: list[Any], turns: object) -> Iterator[Shown]:
    """One exchange as it comes to be: with each statement that has passed its check, then whole.

    ``turns`` comes back from the browser, so it is checked; what is not a conversation counts as none. When
    there is no answer the question stays in its box, to be mended.
    """
    try:
        past = parse_turns(turns or [])[-REMEMBERED:]
    except ValidationError:
        past = []
    asked = [*messages, {"role": "user", "content": question_bubble(question)}]
    started = ""
    statements: list[Statement] = []
    citations: list[Citation] = []
    try:
        for event in provider().stream(question, past):
            match event:
                case Started():
                    started = event.asked if event.asked != question else ""
                case Said():
                    statements.append(event.statement)
                    citations += event.citations
                case Finished(answer):
                    said: list[Turn] = [
                        {"role": "user", "content": question},
                        {"role": "assistant", "content": answer.text},
                    ]
                    card = {"role": "assistant", "content": answer_card(answer)}
                    yield Shown("", [*asked, card], [*past, *said], "")
                    return
            card = {"role": "assistant", "content": coming_card(started, statements, citations)}
            yield Shown("", [*asked, card], past, "")
    except RemitError as exc:
        yield Shown(question, messages, past, problem_card(str(exc)))
    except Exception:  # noqa: BLE001 - the page must say that something went wrong, whatever it was
        _log.exception("a question from the page failed")
        fault = problem_card("Something went wrong here; the server's log says what.")
        yield Shown(question, messages, past, fault)


def conversation(provider: EngineProvider, question: str, messages: list[Any], turns: object) -> Shown:
    """One exchange when it is whole."""
    *_, last = unfolding(provider, question, messages, turns)
    return last


def build_page(engine_for: EngineFor, examples: Sequence[str], *, streams: bool = False) -> gr.Blocks:
    """The page as Gradio blocks; the import of Gradio takes about two seconds.

    With ``streams`` an answer is shown while it is written, which takes Gradio's queue.
    """
    import gradio as gr

    def provider(request: gr.Request) -> EngineProvider:
        assert request.request is not None  # it is, for what a browser asks
        reader = reader_of(request.request.scope)
        return lambda: engine_for(reader)

    def answer(question: str, messages: list[Any], turns: object, request: gr.Request) -> Shown:
        return conversation(provider(request), question, messages, turns)

    def answering(question: str, messages: list[Any], turns: object, request: gr.Request) -> Iterator[Shown]:
        yield from unfolding(provider(request), question, messages, turns)

    def example(messages: list[Any], turns: object, chosen: gr.SelectData, request: gr.Request) -> Shown:
        return conversation(provider(request), str(chosen.value["text"]), messages, turns)

    def answering_example(
        messages: list[Any], turns: object, chosen: gr.SelectData, request: gr.Request
    ) -> Iterator[Shown]:
        yield from unfolding(provider(request), str(chosen.value["text"]), messages, turns)

    # Gradio looks up what a handler wants by its annotation among the names of the module; gr is not there.
    for handler in (answer, answering, example, answering_example):
        handler.__annotations__["request"] = gr.Request
    for handler in (example, answering_example):
        handler.__annotations__["chosen"] = gr.SelectData

    def clear() -> Shown:
        return Shown("", [], [], "")

    page: gr.Blocks = gr.Blocks(title="Remit", analytics_enabled=False, fill_height=True)
    with page:
        gr.Markdown(_HEADER, elem_id="rm-header", sanitize_html=True)
        chat = gr.Chatbot(
            elem_id="rm-chat",
            label="Questions and answers",
            show_label=False,
            placeholder=_WELCOME,
            examples=[{"text": question} for question in examples],
            # Markdown off: a question or a document could otherwise bring a link or an image to life.
            render_markdown=False,
            sanitize_html=True,
            allow_tags=False,
            latex_delimiters=[],
            autoscroll=False,  # page.js shows the beginning of the new card, not its end
            buttons=[],
            feedback_options=None,
            scale=1,
            height="100%",
            layout="panel",
        )
        notice = gr.Markdown("", elem_id="rm-notice", sanitize_html=True)
        with gr.Row(elem_id="rm-ask", equal_height=True):
            box = gr.Textbox(
                elem_id="rm-box",
                label="Your question",
                show_label=False,
                container=False,
                placeholder="Who should own …?",
                lines=1,
                max_lines=6,
                autofocus=True,
                scale=1,
            )
            send = gr.Button("Ask", elem_id="rm-send", variant="primary", scale=0, min_width=88)
            again = gr.Button("Clear", elem_id="rm-new", variant="secondary", scale=0, min_width=72)
        turns = gr.JSON([], visible=False)
        shown = [box, chat, turns, notice]
        # Without Gradio's queue a question is one request, and nobody waits behind another.
        quiet: dict[str, Any] = {"queue": False, "api_visibility": "private", "show_progress": "minimal"}
        asking: dict[str, Any] = quiet | {"queue": streams}
        ask, choose = (answering, answering_example) if streams else (answer, example)
        gr.on([box.submit, send.click], ask, [box, chat, turns], shown, **asking)
        chat.example_select(choose, [chat, turns], shown, **asking)
        gr.on([again.click, chat.clear], clear, None, shown, **quiet)
    page.queue(api_open=False, default_concurrency_limit=None)
    return page


def mounted(page: gr.Blocks) -> FastAPI:
    """An application that serves ``page`` at its root, with everything off that reading does not need."""
    import gradio as gr
    from fastapi import FastAPI
    from starlette.middleware.cors import CORSMiddleware

    app = FastAPI(openapi_url=None, telemetry=NO_TELEMETRY)
    # Without one of ours Gradio brings its own, which reflects any origin and allows credentials.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        app_kwargs={"telemetry": NO_TELEMETRY},
        show_error=False,
        max_file_size=1,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        theme=_theme(),
    )
    return app


def _theme() -> Any:
    import gradio as gr

    # Names of fonts that a machine has; Gradio's own themes fetch theirs from elsewhere.
    sans = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]
    mono = ["ui-monospace", "SFMono-Regular", "Consolas", "monospace"]
    return gr.themes.Base(primary_hue="teal", neutral_hue="slate", font=sans, font_mono=mono)


_HEADER = (
    '<div class="rm-brand"><h1>Remit</h1>'
    "<p>Who should own it? Every answer shows the sentence it rests on.</p>"
    '<a href="/sources" target="_blank" rel="noopener">Documents</a></div>'
)
_WELCOME = (
    '<div class="rm-welcome"><p class="rm-lead">Ask who should own, lead or decide something.</p>'
    "<p>The answer comes from your organisation’s own documents, word for word. "
    "When they do not cover a thing, it says so.</p></div>"
)
