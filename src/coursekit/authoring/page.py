"""A lab's page on the course site: what students get, with the pictures that a right solution makes."""

from __future__ import annotations

import base64
import copy
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.notebooknode import NotebookNode

import coursekit
from coursekit.authoring.asking import asks
from coursekit.authoring.committed import leaked_lines, secret_lines
from coursekit.authoring.lite import lab_in_browser
from coursekit.authoring.repository import colab_address
from coursekit.cells import is_solution, points_of, tags_of
from coursekit.errors import SourceError

__all__ = ["COVER_TAG", "execute", "lab_cards", "lab_page"]

COVER_TAG = "cover"
"""The tag of the cell whose picture stands for its lab."""

#: Its picture comes from elsewhere, and a page loads nothing from there.
_BADGE = re.compile(r"^\[!\[Open in Colab\].*\n+", re.MULTILINE)
_WIDGET = "application/vnd.jupyter.widget-view+json"
_PICTURE = "image/png"
_TIMEOUT_S = 1800
_QUIET = "--IPKernelApp.log_level=40"
_NOT_IN_LABS = ("authoring", "doctor", "grading", "cli.py")
_DATA_SETTINGS = ("COURSEKIT_DATA", "COURSEKIT_OFFLINE")
_CARD = """\
::::{{grid-item-card}} {title}
{picture}
{question}

:::{{card-footer}}
[Read it](/labs/{lab}.ipynb) · <a href="{here}">Open here</a> · [Open in Colab]({colab}) · {points}
:::
::::
"""
_PICTURE_OPTIONS = """\
:img-top: {file}
:img-alt: {alt}
"""


def execute(notebook: NotebookNode, *, keep: Path) -> NotebookNode:
    """Return a notebook with the outputs of its cells.

    Args:
        notebook: The notebook; it is left as it was.
        keep: A folder. What was executed is kept there, and used again as long as the notebook's code, coursekit and
            the setting of where data come from are the same.

    Raises:
        nbclient.exceptions.CellExecutionError: A cell raised an error.
    """
    keep.mkdir(parents=True, exist_ok=True)
    kept = keep / f"{notebook.metadata.coursekit.lab}-{_fingerprint(notebook)}.ipynb"
    executed = copy.deepcopy(notebook)
    if not kept.is_file():
        with tempfile.TemporaryDirectory() as folder:
            client = NotebookClient(executed, timeout=_TIMEOUT_S, extra_arguments=[_QUIET])
            client.execute(cwd=folder)
        for outdated in keep.glob(f"{notebook.metadata.coursekit.lab}-*.ipynb"):
            outdated.unlink()
        nbformat.write(executed, kept)
    for cell, run in zip(_code(executed), _code(nbformat.read(kept, as_version=4)), strict=True):
        cell.outputs = run.outputs
    return executed


def lab_page(student: NotebookNode, executed: NotebookNode, *, repository: str) -> NotebookNode:
    """Return the student's notebook with the outputs of the instructor's.

    The cells are matched by their ids. Solution cells, cells tagged ``remove-output`` and cells that ask about the
    answer's own lines, which they show, get no outputs. Widgets, which need a running kernel, are left out. Each
    picture has its words for those who cannot see it, or says in which section it stands.

    Args:
        student: The student's notebook.
        executed: The instructor's notebook after a run; without outputs, the page has none.
        repository: The course's web address.

    Raises:
        SourceError: The page would show a line of an answer.
    """
    outputs = {cell.id: cell.get("outputs", []) for cell in executed.cells}
    page = copy.deepcopy(student)
    page.cells = [cell for cell in page.cells if "colab" not in tags_of(cell)]
    page.cells[0].source = _headed(page.cells[0].source, page.metadata.coursekit.lab, repository)
    section = ""
    for cell in page.cells:
        if cell.cell_type == "markdown":
            section = (re.findall(r"^#+ (.+)$", cell.source, re.MULTILINE) or [section])[-1]
            cell.source = _linked_within_the_site(cell.source, repository)
        elif is_solution(cell):
            cell.metadata["tags"] = ["exercise"]
        elif "remove-output" not in tags_of(cell) and not asks(cell.source):
            cell.outputs = [output for output in outputs.get(cell.id, []) if _WIDGET not in output.get("data", {})]
            alt = f"The picture that this code draws, in the section “{section}”"
            cell.metadata["mystnb"] = {"image": {"alt": _words(cell.outputs) or alt}}
    leaks = leaked_lines(page, secret_lines(executed, student))
    if leaks:
        raise SourceError(
            f"The page of {page.metadata.coursekit.lab} would show a line of an answer, {leaks[0]!r}, as the "
            "output of a cell. Change the cell so that it does not print its source."
        )
    return page


def lab_cards(pages: Mapping[str, NotebookNode], *, covers: Path, repository: str) -> str:
    """Return a grid of cards in MyST Markdown, one per lab, and write their pictures.

    Args:
        pages: The labs' pages by name.
        covers: The folder for the pictures, beside the pages' folder.
        repository: The course's web address.
    """
    cards = [_card(lab, page, covers, repository) for lab, page in pages.items()]
    return "\n".join([":::::{grid} 1 2 2 3", ":gutter: 3", "", *cards, ":::::", ""])


def _card(lab: str, page: NotebookNode, covers: Path, repository: str) -> str:
    opening = page.cells[0].source
    heading = re.search(r"^# (?:Lab )?(.+)$", opening, re.MULTILINE)
    question = re.search(r"\*\*(.+?)\*\*", opening, re.DOTALL)
    picture = ""
    for png in _cover(page):
        file = covers / f"{lab}.png"
        file.write_bytes(base64.b64decode(png))
        picture = _PICTURE_OPTIONS.format(file=f"/labs/{covers.name}/{file.name}", alt=f"A picture from lab {lab}")
    return _CARD.format(
        lab=lab,
        title=heading[1] if heading else lab,
        question=question[1].replace("\n", " ") if question else "",
        picture=picture,
        points=_points(page),
        colab=colab_address(repository, lab),
        here=lab_in_browser(lab),
    )


def _headed(opening: str, lab: str, repository: str) -> str:
    """Put under a lab's heading, in place of Colab's badge, what its page is and the ways to work through it."""
    heading, _, rest = _BADGE.sub("", opening).partition("\n")
    note = (
        ":::{admonition} To read, or to work through\n"
        "This page shows the lab as students get it, with the pictures that right answers make. To work through it,\n"
        f'<a href="../{lab_in_browser(lab)}">open it here</a>, in your browser with nothing to install,\n'
        f"[open it in Colab]({colab_address(repository, lab)}), {{download}}`download the notebook\n"
        f"<../../notebooks/{lab}/{lab}.ipynb>` or [start on your own machine](/handbook/students.md).\n"
        ":::"
    )
    return f"{heading}\n\n{note}\n{rest}"


def _linked_within_the_site(text: str, repository: str) -> str:
    """Let links to other labs, and to files in docs/ on the course's address, lead to their pages, side by side."""
    labs = re.compile(rf"\]\({re.escape(repository)}/blob/main/notebooks/\w+/(\w+\.ipynb)\)")
    return labs.sub(r"](\1)", text).replace(f"]({repository}/blob/main/docs/", "](/")


def _words(outputs: list[NotebookNode]) -> str:
    """Join what pictures say of themselves in words."""
    return " ".join(output.get("metadata", {}).get(_PICTURE, {}).get("alt", "") for output in outputs).strip()


def _cover(page: NotebookNode) -> Iterator[str]:
    """Yield the last picture of the cell that is tagged for it, as base64; nothing if there is none."""
    for cell in page.cells:
        if COVER_TAG in tags_of(cell):
            yield from [o.data[_PICTURE] for o in cell.outputs if _PICTURE in o.get("data", {})][-1:]


def _points(page: NotebookNode) -> str:
    checked = sum(points_of(cell) for cell in page.cells if cell.cell_type == "code")
    by_hand = sum(points_of(cell) for cell in page.cells if cell.cell_type == "markdown")
    return f"{checked:g} points" + (f" and {by_hand:g} by hand" if by_hand else "")


def _fingerprint(notebook: NotebookNode) -> str:
    """Return a short text that changes when the notebook's code, coursekit or the place of the data does."""
    digest = hashlib.sha256("\0".join(cell.source for cell in _code(notebook)).encode())
    digest.update(str([os.environ.get(name) for name in _DATA_SETTINGS]).encode())
    package = Path(coursekit.__file__).parent
    for file in sorted(package.rglob("*.py")):
        if file.relative_to(package).parts[0] not in _NOT_IN_LABS:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]
