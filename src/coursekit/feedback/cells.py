"""A graded notebook's cells as clean HTML, each exercise's together with its check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import Python3Lexer  # type: ignore[import-untyped]

from coursekit.cells import exercise_of, grade_id, has_points, is_answer, is_solution
from coursekit.feedback.summary import Item
from coursekit.grading.cleaning import ansi2html, clean_html, clean_markdown, cleaned_html, focusable

__all__ = ["Part", "Shown", "parts_of", "words"]

#: Characters of a cell that are coloured; to colour more takes seconds.
_MAX_COLOURED = 20_000
#: Text in it is escaped, quotation marks too.
_CHOSEN = re.compile(r'(<span[^<>]*?) style="[^"]*"')
_LEXER = Python3Lexer(stripnl=False)
_FORMATTER = HtmlFormatter(nowrap=True)


@dataclass(frozen=True)
class Shown:
    """A cell as the page shows it.

    Attributes:
        kind: ``code``, ``words``, ``check`` or ``raw``.
        number: What a notebook shows beside it, ``[number]``; None where it was not run.
        source: Its text.
        outputs: What it put out.
        own: Whether it is the student's to write.
        colab: Whether it only installs the course, in Colab or a browser.
    """

    kind: str
    number: int | None
    source: Markup
    outputs: tuple[Markup, ...] = ()
    own: bool = False
    colab: bool = False


@dataclass(frozen=True)
class Part:
    """Cells that belong together: an exercise with its check, or what stands between two of them.

    Attributes:
        item: What there are points for; None for what stands between.
        cells: The cells.
        comment: What the grader says of it.
    """

    item: Item | None
    cells: tuple[Shown, ...]
    comment: Markup = Markup()  # noqa: RUF009 - it cannot be changed


def parts_of(cells: Sequence[NotebookNode], items: Sequence[Item], comments: Mapping[str, str]) -> Iterator[Part]:
    """Cut a notebook into parts.

    Args:
        cells: Its cells, clean (:class:`~coursekit.grading.cleaning.CleanSubmission`).
        items: What there are points for.
        comments: What the grader says, by grade_id.
    """
    of = {item.cell: item for item in items}
    between: list[Shown] = []
    at = 0
    while at < len(cells):
        end = _end(cells, at)
        item = of.get(grade_id(cells[end]))
        if item is None:
            between.append(_shown(cells[at]))
            at += 1
            continue
        if between:
            yield Part(None, tuple(between))
            between = []
        said = [comments[name] for name in dict.fromkeys(map(grade_id, cells[at : end + 1])) if name in comments]
        yield Part(item, tuple(map(_shown, cells[at : end + 1])), words("\n\n".join(said)) if said else Markup())
        at = end + 1
    if between:
        yield Part(None, tuple(between))


def words(text: str, attachments: Mapping[str, Any] | None = None) -> Markup:
    """Render markdown."""
    html = clean_markdown(text, attachments)
    if "<table" in html:
        html = focusable(html, "Table")
    return Markup(html)  # noqa: S704 - clean


def _end(cells: Sequence[NotebookNode], at: int) -> int:
    """Return where the part ends that begins with a cell: for an exercise's answer, at its check."""
    if has_points(cells[at]) or not is_solution(cells[at]):
        return at
    for index in range(at + 1, len(cells)):
        if exercise_of(cells[index]) == grade_id(cells[at]):
            return index
        if is_answer(cells[index]) or has_points(cells[index]):
            break
    return at


def _shown(cell: NotebookNode) -> Shown:
    if cell.cell_type == "markdown":
        return Shown("words", None, words(cell.source, cell.get("attachments")), own=is_answer(cell))
    if cell.cell_type != "code":
        return Shown("raw", None, Markup(clean_html(cell.source)))  # noqa: S704 - clean
    kind = "check" if exercise_of(cell) is not None else "code"
    outputs = tuple(_output(output, check=kind == "check") for output in cell.outputs)
    colab = cell.get("id") == "colab" and not outputs
    return Shown(kind, cell.get("execution_count"), _coloured(cell.source), outputs, is_solution(cell), colab)


@lru_cache(maxsize=2_048)
def _coloured(source: str) -> Markup:
    """Return code with a ``span`` for each kind of word."""
    if len(source) > _MAX_COLOURED:
        return Markup(escape(source))  # noqa: S704 - escaped
    return Markup(highlight(source, _LEXER, _FORMATTER).rstrip("\n"))  # noqa: S704 - escaped by the formatter


def _output(output: NotebookNode, *, check: bool) -> Markup:
    return Markup(_output_html(output, check=check))  # noqa: S704 - each branch cleans or escapes


def _output_html(output: NotebookNode, *, check: bool) -> str:
    if output.output_type == "stream":
        return f'<pre class="{"stderr" if output.name == "stderr" else "stdout"}">{_terminal(output.text)}</pre>'
    if output.output_type == "error":
        text = "\n".join(output.traceback)
        return f'<p class="cause">{_terminal(text)}</p>' if check else f'<pre class="error">{_terminal(text)}</pre>'
    data = output.get("data", {})
    for mime in ("text/html", "text/markdown", "image/svg+xml"):
        if mime in data:
            if check:
                # A long verdict is the grader's own, and takes no longer than others of its length.
                return cleaned_html(data[mime])
            html = clean_markdown(data[mime]) if mime == "text/markdown" else clean_html(data[mime])
            return focusable(html, "Output") if "<table" in html else html
    for mime in ("image/png", "image/jpeg"):
        if mime in data:
            return _picture(mime, data[mime], output.get("metadata", {}).get(mime, {}))
    return f"<pre>{_terminal(data.get('text/plain', ''))}</pre>"


def _terminal(text: str) -> str:
    """Show a terminal's text in the page's own colours: those that a program chose may not be read on its ground."""
    return _CHOSEN.sub(r"\1", ansi2html(text))


def _picture(mime: str, data: str, details: Mapping[str, Any]) -> str:
    sizes = "".join(f' {name}="{details[name]:.0f}"' for name in ("width", "height") if name in details)
    alt = escape(details.get("alt", "The picture that this cell draws"))
    return f'<img alt="{alt}" src="data:{mime};base64,{escape("".join(data.split()))}"{sizes}>'
