"""From a lab's folder to the instructor's notebook."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.authoring.lab import LabSource
from coursekit.authoring.magics import uncomment_magics
from coursekit.authoring.repository import colab_address
from coursekit.authoring.script import ScriptCell
from coursekit.cells import complete

__all__ = ["instructor_notebook", "notebook_bytes"]

_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_COLAB_ID = "colab"
_COLAB_SOURCE = """\
# @title Colab, browser: install the course (does nothing anywhere else)
import importlib.util
import sys

if importlib.util.find_spec("coursekit") is None:
    if "google.colab" in sys.modules:
        get_ipython().run_line_magic("pip", "install --quiet anywidget git+{{repository}}")
    elif sys.platform == "emscripten":
        import piplite

        await piplite.install(["anywidget", "coursekit"])"""
_HASH_DIGITS = 12
#: A link from a lab to its neighbour, as a path.
_NEIGHBOUR = re.compile(r"\]\(\.\./(\w+/\w+\.ipynb)\)")


def instructor_notebook(lab: LabSource, repository: str) -> NotebookNode:
    """Return the instructor's notebook of a lab.

    Args:
        lab: The lab, from :func:`lab_source`.
        repository: The address for ``{{repository}}``, links to labs and, if it is on GitHub, ``{{colab}}``.
    """
    return _notebook(lab.cells, lab.stem, repository)


def notebook_bytes(nb: NotebookNode) -> bytes:
    """Return a notebook as it stands in its file: the same notebook gives the same bytes."""
    nbformat.validate(nb)
    text: str = nbformat.writes(nb) + "\n"
    return text.encode()


def _notebook(cells: Sequence[ScriptCell], lab: str, repository: str) -> NotebookNode:
    built = [_built_cell(cell, cell_id) for cell, cell_id in zip(cells, _cell_ids(cells), strict=True)]
    colab = new_code_cell(_COLAB_SOURCE, id=_COLAB_ID, metadata={"cellView": "form", "tags": ["colab"]})
    built.insert(1, colab)
    for cell in built:
        cell.source = _addressed(cell.source, lab, repository)
    nb = new_notebook(cells=built)
    nb.nbformat_minor = 5
    nb.metadata = nbformat.from_dict(
        {"coursekit": {"lab": lab}, "kernelspec": _KERNELSPEC, "language_info": {"name": "python"}}
    )
    return nb


def _built_cell(cell: ScriptCell, cell_id: str) -> NotebookNode:
    metadata = dict(cell.metadata)
    if "nbgrader" in metadata:
        metadata["nbgrader"] = complete(metadata["nbgrader"])
    if cell.cell_type == "markdown":
        return new_markdown_cell(cell.source, id=cell_id, metadata=metadata)
    return new_code_cell(uncomment_magics(cell.source), id=cell_id, metadata=metadata)


def _cell_ids(cells: Sequence[ScriptCell]) -> list[str]:
    """Return an id for each cell: its grade_id, or a hash of its text, numbered where a text comes again."""
    taken = {_COLAB_ID} | {cell.grade_id for cell in cells}
    ids = []
    for cell in cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:_HASH_DIGITS]
        cell_id, n = cell.grade_id or digest, 1
        while not cell.grade_id and cell_id in taken:
            n += 1
            cell_id = f"{digest}-{n}"
        taken.add(cell_id)
        ids.append(cell_id)
    return ids


def _addressed(text: str, lab: str, repository: str) -> str:
    if "{{colab}}" in text:
        text = text.replace("{{colab}}", colab_address(repository, lab))
    # Colab opens a notebook alone, without its neighbours.
    text = _NEIGHBOUR.sub(lambda link: f"]({repository}/blob/main/notebooks/{link[1]})", text)
    return text.replace("{{repository}}", repository)
