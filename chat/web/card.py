"""The answer card: an Answer as HTML in which every word of a document or a question is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import urlsplit

from chat.answer import Answer, Citation, Statement
from chat.render import badge, day, left_out, roles_line, status_note, told, written_by


def answer_card(answer: Answer) -> str:
    """The card of one answer: verdict, roles, statements with their citations, reason, evidence."""
    head = badge(answer)
    parts = [f'<p class="rm-verdict"><span class="rm-badge">{_text(head.text)}</span>']
    if note := status_note(answer):
        parts.append(f' <span class="rm-note">{_text(note)}</span>')
    parts.append("</p>")
    parts += _roles(answer)
    if answer.asked and answer.asked != answer.question:
        parts.append(f'<p class="rm-asked">Understood as: <q>{_text(answer.asked)}</q></p>')
    numbered = {citation.number: citation for citation in answer.citations}
    for statement in told(answer):
        marks = "".join(_mark(numbered[n]) for n in statement.citations if n in numbered)
        parts.append(f'<p class="rm-statement">{_with_marks(statement.text, marks)}</p>')
    if answer.reason:
        parts.append(f'<p class="rm-reason"><strong>Why</strong> {_text(answer.reason)}</p>')
    parts += _of_the_model(answer)
    parts += _evidence("Word for word", answer.citations, numbers=True)
    parts += _evidence("Nearest passages; none of them answers it", answer.nearest, numbers=False)
    return f'<div class="rm-card rm-{head.tone.replace("_", "-")}">{"".join(parts)}</div>'


def coming_card(asked: str, statements: Sequence[Statement], citations: Sequence[Citation]) -> str:
    """The card of an answer that is still being written: what has passed its check so far."""
    numbered = {citation.number: citation for citation in citations}
    parts = [
        '<p class="rm-verdict"><span class="rm-badge">Reading the guidance …</span></p>',
        f'<p class="rm-asked">Understood as: <q>{_text(asked)}</q></p>' if asked else "",
    ]
    for statement in statements:
        marks = "".join(_mark(numbered[n]) for n in statement.citations if n in numbered)
        parts.append(f'<p class="rm-statement">{_with_marks(statement.text, marks)}</p>')
    return f'<div class="rm-card rm-info rm-coming">{"".join(parts)}</div>'


def problem_card(message: str) -> str:
    """The card that says why there is no answer."""
    # In one line: it is shown where Markdown is read, and a blank line would end the HTML.
    return f'<div class="rm-card rm-problem" role="alert"><p>{_text(" ".join(message.split()))}</p></div>'


def question_bubble(question: str) -> str:
    """The question as it was typed, line breaks kept."""
    return f'<div class="rm-question">{_text(question)}</div>'


def _roles(answer: Answer) -> Iterable[str]:
    pairs = roles_line(answer)
    if not pairs:
        return
    yield '<dl class="rm-roles">'
    for heading, names in pairs:
        yield f"<div><dt>{_text(heading)}</dt><dd>{_text(names)}</dd></div>"
    yield "</dl>"


def _of_the_model(answer: Answer) -> Iterable[str]:
    """What a language model has to do with the answer; the sentences left out are folded away."""
    for note in (answer.notice, written_by(answer)):
        if note:
            yield f'<p class="rm-model">{_text(note)}</p>'
    if answer.dropped:
        sentences = "".join(f"<li>{_text(d.text)} <em>{_text(d.reason)}</em></li>" for d in answer.dropped)
        yield (
            f'<details class="rm-dropped"><summary>{_text(left_out(answer))}</summary>'
            f"<ul>{sentences}</ul></details>"
        )


def _evidence(heading: str, citations: Iterable[Citation], *, numbers: bool) -> Iterable[str]:
    entries = [_entry(citation, numbers=numbers) for citation in citations]
    if entries:
        yield f'<div class="rm-evidence"><p class="rm-heading">{heading}</p><ol>{"".join(entries)}</ol></div>'


def _entry(citation: Citation, *, numbers: bool) -> str:
    number = f'<span class="rm-number">{citation.number}</span>' if numbers else ""
    about = " · ".join(
        part
        for part in (
            f'<span class="rm-title">{_text(citation.title)}</span>',
            _text(citation.label),
            _text(citation.publisher),
            _date(citation.published),
        )
        if part
    )
    return (
        f'<li class="rm-source{"" if numbers else " rm-loose"}">{number}'
        f"<blockquote>{_text(citation.quote)}</blockquote>"
        f'<p class="rm-about">{about} '
        f'<a href="{_href(citation.url)}" target="_blank" rel="noopener">Open at this sentence</a></p></li>'
    )


def _with_marks(text: str, marks: str) -> str:
    """The text and its marks; the last word holds on to them, so that no line begins with a mark."""
    head, space, tail = text.rpartition(" ")
    return f'{_text(head)}{space}<span class="rm-tail">{_text(tail)}{marks}</span>'


def _mark(citation: Citation) -> str:
    """The small number behind a statement; a link to the sentence, like the entry below it."""
    hint = _text(f"Source {citation.number}: {citation.title}")
    return (
        f'<sup><a class="rm-mark" href="{_href(citation.url)}" target="_blank" rel="noopener" '
        f'title="{hint}" aria-label="{hint}">{citation.number}</a></sup>'
    )


def _date(published: str) -> str:
    if not published:
        return ""
    return f'<time datetime="{_text(published)}">{_text(day(published))}</time>'


def _href(url: str) -> str:
    """``url`` when it is a path on this server, else "#": a document must not choose where a link goes."""
    parts = urlsplit(url)
    local = url.startswith("/") and not parts.scheme and not parts.netloc and "\\" not in url
    return _text(url) if local else "#"


def _text(text: str) -> str:
    return escape(text, quote=True)
