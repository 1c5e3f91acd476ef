"""A page: everything in one HTML file that loads nothing and runs nothing."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup
from nbformat import NotebookNode

from coursekit.cells import nbgrader_of
from coursekit.feedback.cells import Part, parts_of, words
from coursekit.feedback.summary import items_of, look_first
from coursekit.grading.cleaning import CleanSubmission
from coursekit.grading.grades import LabGrade

__all__ = ["GENERATOR", "render", "render_broken"]

#: The page's mark.
GENERATOR = "coursekit feedback"
#: The ids of what grading puts on top of a notebook: what it mended, which cells stopped, why there is no grade.
_NOTICES = ("grading-notes", "grading-stops", "not-graded")
_STATES = {
    "all": "all points",
    "some": "some points",
    "none": "no points",
    "waits": "waits for a score by hand",
    "untried": "not started",
}


def render(notebook: NotebookNode, grade: LabGrade, *, lab: str, max_score: float) -> str:
    """Return a student's page.

    Args:
        notebook: The graded notebook, in format 4.
        grade: What the gradebook says of it.
        lab: The lab's stem.
        max_score: The highest possible score of the lab.

    Raises:
        Exception: Of any kind, if the notebook is not as grading writes it.
    """
    items = items_of(notebook["cells"], grade)
    cells = _cleaner().preprocess(notebook, {})[0].cells
    notices = []
    while cells and cells[0].get("id") in _NOTICES and not nbgrader_of(cells[0]):
        notices.append(words(cells.pop(0).source))
    parts = tuple(parts_of(cells, items, grade.comments))
    return _page(grade, lab, max_score, items=items, notices=notices, parts=parts)


def render_broken(grade: LabGrade, *, lab: str, max_score: float) -> str:
    """Return the page of a student whose graded notebook cannot be read: the points, and that the rest is missing."""
    return _page(grade, lab, max_score, items=items_of((), grade), broken=True)


def _page(
    grade: LabGrade,
    lab: str,
    max_score: float,
    *,
    items: Any,
    notices: list[Markup] | None = None,
    parts: tuple[Part, ...] = (),
    broken: bool = False,
) -> str:
    style = _text("page.css")
    return _template().render(
        lab=lab,
        grade=grade,
        max_score=max_score,
        items=items,
        linked={part.item.cell for part in parts if part.item},
        first=look_first(items),
        untried=[item for item in items if item.state == "untried"],
        waiting=[item for item in items if item.state == "waits"],
        notices=notices or [],
        parts=parts,
        broken=broken,
        states=_STATES,
        css=Markup(style),  # noqa: S704 - our own file
        policy=_policy(style),
        generator=GENERATOR,
    )


@cache
def _cleaner() -> CleanSubmission:
    return CleanSubmission()


@cache
def _text(name: str) -> str:
    return (resources.files("coursekit.feedback") / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("coursekit.feedback", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "breakable": breakable}
    return environment.get_template("page.html.jinja")


def number(value: float | None, places: int = 3) -> str:
    """Write points: with at most three digits after the point, as many as a verdict may have; a total with two."""
    return "–" if value is None else f"{round(value, places):,.10g}"


def breakable(name: str) -> Markup:
    """Let a long name break into lines after its underscores."""
    return Markup("_<wbr>").join(name.split("_"))


@cache
def _policy(style: str) -> str:
    """Allow the page its own style sheet, styles in students' HTML and pictures in the page, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src-elem 'sha256-{digest}'; style-src-attr 'unsafe-inline';"
        " style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )
