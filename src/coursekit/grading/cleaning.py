"""Students' pages without students' scripts: what nbgrader shows of a graded notebook, made harmless.

Two pages show a graded notebook: the feedback that students are sent and formgrader's page for grading by hand. Both
are rendered by nbconvert's ``HTMLExporter``, which lets raw HTML in markdown cells and outputs through. ``configure``
sets its switch ``sanitize_html``, puts the filters of this module in the place of nbconvert's filters of the same
names, and adds :class:`CleanSubmission` for what the templates trust unfiltered. Nothing stored is changed.
"""

from __future__ import annotations

import json
import math
import re
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape, unescape
from typing import Any

import nh3
import tinycss2  # type: ignore[import-untyped]
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert import filters
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath, import_plugin
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, from_dict
from pygments.token import STANDARD_TYPES  # type: ignore[import-untyped]

from coursekit.cells import nbgrader_of
from coursekit.grading.formulas import formula
from coursekit.grading.reader import UnreadableError, read_apart
from coursekit.text import storable

__all__ = [
    "FILTERS",
    "CleanSubmission",
    "ansi2html",
    "clean_html",
    "clean_markdown",
    "cleaned_html",
    "focusable",
    "markdown2html",
    "strip_files_prefix",
]

#: Where nbconvert finds this module's own of its filters, by their names there.
FILTERS = {name: f"{__name__}.{name}" for name in ("ansi2html", "clean_html", "markdown2html", "strip_files_prefix")}

_TAGS = (
    "a abbr b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption"
    " figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strike strong sub"
    " summary sup table tbody td tfoot th thead tr tt u ul var"
)
_ATTRIBUTES = {
    "*": {"align", "aria-label", "dir", "id", "lang", "role", "style", "title", "valign"},
    "a": {"href"},
    "col": {"span", "width"},
    "details": {"open"},
    "font": {"color", "face", "size"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "td": {"colspan", "height", "rowspan", "width"},
    "th": {"colspan", "height", "rowspan", "scope", "width"},
}
# Any other class could be one of the page's own: Bootstrap alone can hide, cover or imitate the scores.
_CLASSES = {"div": {"highlight"}, "span": set(STANDARD_TYPES.values()) - {""}, "table": {"dataframe"}}
_ROLES = {"group", "img"}
_STYLES = (
    "align-items background background-color border border-bottom border-collapse border-color border-left"
    " border-radius border-right border-spacing border-style border-top border-width box-sizing clear color display"
    " flex flex-direction flex-wrap float font font-family font-size font-style font-variant font-weight gap height"
    " justify-content letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right"
    " margin-top max-height max-width min-height min-width opacity overflow overflow-wrap overflow-x overflow-y"
    " padding padding-bottom padding-left padding-right padding-top table-layout text-align text-decoration"
    " text-indent text-transform vertical-align white-space width word-break word-wrap"
)
_STYLE_NAMES = frozenset(_STYLES.split())
_STYLE_TOKENS = frozenset({"dimension", "hash", "ident", "literal", "number", "percentage", "string", "whitespace"})
_STYLE_FUNCTIONS = frozenset({"calc", "hsl", "hsla", "rgb", "rgba"})
_LINK = re.compile(r"https?://|mailto:", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/", re.IGNORECASE)
# Each search ends at the next opening tag, so that many unclosed ones take no longer than one.
_SVG = re.compile(r"<svg\b(?:(?!<svg\b).)*?</svg\s*>", re.IGNORECASE | re.DOTALL)
#: A data frame's corner: to those who hear a page, a header without words says nothing.
_EMPTY_HEADER = re.compile(r"<th((?: [^<>]*)?)></th>")
#: A picture as the cleaner writes it.
_PICTURE_TAG = re.compile(r'<img(?: [a-z-]+="[^"]*")*>')
_ALT = re.compile(r' alt="([^"]*)"')
#: Stands before a student's anchors, in ids and links alike. No id of nbgrader's has a colon.
_ANCHOR = "student:"
#: Stands for a formula while the text around it is cleaned: two characters of Unicode's private use, and its number.
_MARK = re.compile("\ue000([0-9]{1,5})\ue001")
#: Keeps what a student draws, by style or by formula, within its own place on the page.
_BOX = '<div style="contain:paint;overflow:auto hidden">{}</div>'

_SHOWN = ("text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg", "text/plain")
#: What formgrader writes of a student and their files into its page, unescaped.
_NAMES = ("student", "first_name", "last_name", "notebook_path")
#: Opening marks of formulas, each of which nbconvert may look for the end of through the whole cell.
_FORMULA = re.compile(r"\\begin\{|\\\\[\[(]")
#: Opening marks times characters that a cell may have and be rendered: a fifth of a second.
_MAX_FORMULA_SEARCH = 20_000_000
#: Terminal codes that a text may have and be shown in colour: nbconvert copies the rest of the text at each.
_MAX_COLOURS = 5_000
#: Texts up to here take at most a sixth of a second, whatever is in them; longer ones are rendered apart.
_MAX_AT_ONCE = 20_000
#: Seconds that all texts of one page may take together; what is left is shown as it was typed.
_PAGE_S = 10.0
#: Characters of a cell that a page shows.
_MAX_SHOWN = 100_000


class CleanSubmission(Preprocessor):  # type: ignore[misc] # nbconvert has no types
    """Take out of a notebook, before it is rendered, what nbconvert's templates would trust.

    These are the outputs that run or load something, the metadata of outputs and cells (an image's width, the tags
    and the name of a file stand unescaped, or nearly so, in the page), and markup in the names of students.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Clean a notebook and what formgrader says of it.

        Args:
            nb: The notebook, a copy that nbconvert made for rendering.
            resources: What the template gets besides.

        Returns:
            Both.
        """
        _page.left_s = _PAGE_S
        # Half a character (a lone surrogate) can be stored as JSON, but not sent as a page.
        nb = from_dict(json.loads(json.dumps(nb, ensure_ascii=False).encode(errors="replace")))
        nb.metadata.pop("widgets", None)
        for name in _NAMES:
            if resources.get(name):
                resources[name] = escape(resources[name])
        cleaned: tuple[NotebookNode, Any] = super().preprocess(nb, resources)
        return cleaned

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        """Clean a cell's metadata and outputs.

        Args:
            cell: The cell.
            resources: What the template gets besides.
            index: The cell's place in the notebook.

        Returns:
            The cell and the resources.
        """
        nbgrader = nbgrader_of(cell)
        cell.metadata = NotebookNode({"nbgrader": nbgrader} if nbgrader else {})
        if cell.cell_type == "code":
            cell.outputs = [_clean_output(output) for output in cell.outputs]
        if len(cell.source) > _MAX_SHOWN:
            # To colour a long one takes minutes.
            cell.source = f"{cell.source[:_MAX_SHOWN]}\n(… and {len(cell.source) - _MAX_SHOWN:,} characters more)"
        return cell, resources


def clean_html(html: str | bytes) -> str:
    """Reduce HTML to text, tables, pictures and links that do nothing by themselves.

    Args:
        html: Anything that a student may have written or printed.

    Returns:
        Balanced HTML in a box of its own: no script, form, frame or style sheet, nothing that loads from elsewhere,
        nothing that reaches over the rest of the page. Inline drawings (SVG) have become pictures. HTML that cannot be
        cleaned in reasonable time is shown as it was typed.
    """
    return _in_time("cleaned_html", html.decode(errors="replace") if isinstance(html, bytes) else str(html))


def cleaned_html(text: str) -> str:
    """Do what :func:`clean_html` does, however long it takes."""
    cleaned = _CLEANER.clean(_SVG.sub(_as_picture, text))
    cleaned = _PICTURE_TAG.sub(_or_its_words, _EMPTY_HEADER.sub(r"<td\1></td>", cleaned))
    # MathJax, even with its Safe extension, loads a picture for \mmlToken{mglyph}.
    return _BOX.format(cleaned.replace(r"\mmlToken", "mmlToken"))


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """Render markdown with formulas as nbconvert does, then clean it.

    Args:
        context: The template's variables, for the attachments of the cell.
        source: The markdown.

    Returns:
        Clean HTML. Markdown that cannot be rendered, or not in reasonable time, is shown as it was typed.
    """
    if len(_FORMULA.findall(source)) * len(source) > _MAX_FORMULA_SEARCH:
        return _as_typed(source)
    attachments = context.get("cell", {}).get("attachments", {})
    return _in_time("rendered_markdown", source, json.dumps(attachments) if attachments else "{}")


def clean_markdown(source: str, attachments: Mapping[str, Any] | None = None) -> str:
    """Render markdown as :func:`markdown2html` does, but with its formulas as MathML.

    Args:
        source: The markdown.
        attachments: The attachments of the cell.
    """
    if len(_FORMULA.findall(source)) * len(source) > _MAX_FORMULA_SEARCH:
        return _as_typed(source)
    return _in_time("markdown_with_formulas", source, json.dumps(attachments) if attachments else "{}")


def rendered_markdown(source: str, attachments: str) -> str:
    """Do the same, however long it takes.

    Args:
        source: The markdown.
        attachments: The attachments of the cell, as JSON.
    """
    return _rendered(source, IPythonRenderer(escape=False, attachments=json.loads(attachments)))


def markdown_with_formulas(source: str, attachments: str) -> str:
    """Do what :func:`clean_markdown` does, however long it takes."""
    renderer = _FormulaRenderer(escape=False, attachments=json.loads(attachments), exclude_anchor_links=True)
    page = _rendered(_MARK.sub("", source), renderer)
    formulas = renderer.formulas

    def in_place(mark: re.Match[str]) -> str:
        number = int(mark[1])
        return formula(formulas[number][0], display=formulas[number][1]) if number < len(formulas) else ""

    return _MARK.sub(in_place, page)


def _rendered(source: str, renderer: IPythonRenderer) -> str:
    # A task list would become check boxes, which do not survive the cleaning.
    plugins = [import_plugin(name) for name in MarkdownWithMath.DEFAULT_PLUGINS if name != "task_lists"]
    try:
        return cleaned_html(MarkdownWithMath(renderer=renderer, plugins=plugins).render(source))
    except Exception:
        # A missing attachment is one way to fail. No cell may keep the others from being seen.
        return _as_typed(source)


class _FormulaRenderer(IPythonRenderer):  # type: ignore[misc] # nbconvert has no types
    """Leaves a mark in the place of each formula: what stands there in the end must not go through the cleaning.

    Attributes:
        formulas: Their TeX, and whether each stands on a line of its own.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.formulas: list[tuple[str, bool]] = []

    def block_math(self, body: str) -> str:
        return self._marked(body, display=True)

    def multiline_math(self, text: str) -> str:
        return self._marked(text.removeprefix("$$").removesuffix("$$"), display=True)

    def latex_environment(self, name: str, body: str) -> str:
        return self._marked(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)

    def inline_math(self, body: str) -> str:
        return self._marked(body, display=False)

    def _marked(self, tex: str, *, display: bool) -> str:
        self.formulas.append((tex, display))
        return f"\ue000{len(self.formulas) - 1}\ue001"


class _Page:
    """The page that is being made: seconds that its texts have left."""

    left_s = math.inf


_page = _Page()


def _in_time(task: str, source: str, *more: str) -> str:
    """Return what a function of this module makes of a text, or the text as it was typed where that takes too long."""
    source, began = storable(source), time.monotonic()
    try:
        if _page.left_s <= 0:
            return _as_typed(source)
        if len(source) <= _MAX_AT_ONCE:
            return _at_once(task, source, *more)
        return str(read_apart(f"{__name__}:{task}", source, *more, seconds=min(_page.left_s, _PAGE_S)))
    except UnreadableError:
        return _as_typed(source)
    finally:
        _page.left_s -= time.monotonic() - began


@lru_cache(maxsize=512)
def _at_once(task: str, source: str, *more: str) -> str:
    # What was released stands in every student's notebook, so that it is rendered for the first of them alone.
    return str(globals()[task](source, *more))


def ansi2html(text: str) -> str:
    """Show a terminal's colours as nbconvert does, or none where that would fail or take too long.

    Args:
        text: A stream, a traceback or a plain result.

    Returns:
        Escaped text, with a ``span`` for each colour.
    """
    if text.count("\x1b") <= _MAX_COLOURS:
        try:
            return str(filters.ansi2html(text))
        except IndexError:
            # A colour without its number: "\x1b[38m".
            pass
    return escape(filters.strip_ansi(text))


def focusable(html: str, what: str) -> str:
    """Let who uses a keyboard scroll clean HTML sideways.

    Args:
        html: What this module made.
        what: What it is, for who hears the page read.
    """
    opening = _BOX.partition(">")[0]
    return html.replace(opening, f'{opening} tabindex="0" role="group" aria-label="{escape(what)}"', 1)


def strip_files_prefix(html: str) -> str:
    """Leave HTML as it is.

    nbconvert's filter takes ``files/`` out of addresses. Nothing may be taken out of text that has been cleaned, lest
    something else come together, and no address within the course is left for it.

    Args:
        html: Clean HTML.

    Returns:
        The same.
    """
    return html


def _clean_output(output: NotebookNode) -> NotebookNode:
    if output.output_type not in ("display_data", "execute_result"):
        return output
    clean = NotebookNode(output_type=output.output_type, data=_clean_data(output.data), metadata=NotebookNode())
    if output.output_type == "execute_result":
        clean.execution_count = output.get("execution_count")
    for mime, details in output.metadata.items():
        if mime in _SHOWN and isinstance(details, Mapping):
            clean.metadata[mime] = NotebookNode({key: v for key, v in details.items() if _is_harmless(key, v)})
    return clean


def _clean_data(data: Mapping[str, Any]) -> NotebookNode:
    shown = NotebookNode({mime: data[mime] for mime in _SHOWN if isinstance(data.get(mime), str)})
    if not shown:
        shown["text/plain"] = f"(not shown here: {', '.join(sorted(data)) or 'an empty output'})"
    if "text/latex" in shown:
        # The template would give a formula no box.
        shown.setdefault("text/html", escape(shown.pop("text/latex")))
    return shown


def _is_harmless(key: str, value: object) -> bool:
    # Width and height stand in the page without quotation marks.
    return isinstance(value, int | float) if key in ("width", "height") else key == "alt" and isinstance(value, str)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Return what becomes of an attribute's value: ``None`` drops the attribute."""
    # No element may come to stand in an attribute.
    value = _MARK.sub("", value)
    try:
        return _VALUES.get(name, str)(value)
    except Exception:
        # The cleaner would keep a value at which its filter failed.
        return None


def _clean_link(address: str) -> str | None:
    if address.startswith("#"):
        return f"#{_ANCHOR}{address[1:]}"
    return address if _LINK.match(address) else None


@lru_cache(maxsize=1024)
def _clean_style(style: str) -> str | None:
    """Keep the declarations that neither load anything nor move an element away from its place."""
    kept = []
    for node in tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True):
        if node.type == "declaration" and node.lower_name in _STYLE_NAMES and all(map(_is_plain, node.value)):
            kept.append(f"{node.lower_name}:{tinycss2.serialize(node.value).strip()}")
    return ";".join(kept) or None


def _is_plain(token: Any) -> bool:
    if token.type == "function":
        return token.lower_name in _STYLE_FUNCTIONS and all(part.type in _STYLE_TOKENS for part in token.arguments)
    return token.type in _STYLE_TOKENS


def _as_picture(svg: re.Match[str]) -> str:
    """Turn an inline drawing into a picture, in which no script runs and nothing loads."""
    drawing = svg[0]
    for name, address in (("xmlns:xlink", "http://www.w3.org/1999/xlink"), ("xmlns", "http://www.w3.org/2000/svg")):
        if f"{name}=" not in drawing:
            drawing = f'{drawing[:4]} {name}="{address}"{drawing[4:]}'
    return f'<img alt="a drawing" src="data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}">'


def _or_its_words(picture: re.Match[str]) -> str:
    """Put the words for a picture in its place where its address had to go: a badge from elsewhere."""
    if ' src="' in picture[0]:
        return picture[0]
    words = _ALT.search(picture[0])
    return escape(unescape(words[1])) if words else ""


def _as_typed(source: str) -> str:
    source = source if len(source) <= _MAX_SHOWN else f"{source[:_MAX_SHOWN]}…"
    return _BOX.format(f'<pre style="white-space:pre-wrap">{escape(source)}</pre>')


#: What becomes of the values of attributes; of the others, every value may stay.
_VALUES: Mapping[str, Callable[[str], str | None]] = {
    "href": _clean_link,
    "id": _ANCHOR.__add__,
    "role": lambda role: role if role in _ROLES else None,
    "src": lambda address: address if _PICTURE.match(address) else None,
    "style": _clean_style,
}
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS.split()),
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    allowed_classes=_CLASSES,
    url_schemes={"data", "http", "https", "mailto"},
    link_rel="noopener noreferrer nofollow",
)
