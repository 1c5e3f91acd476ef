"""Answers: those kept to test a lab's checks with, and how answers are put into notebooks, read out and run."""

from __future__ import annotations

import copy
import functools
import hashlib
import linecache
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursekit import authoring
from coursekit.authoring.answers import Variant
from coursekit.cells import exercise_of, grade_id, tags_of
from coursekit.errors import UnknownNameError

__all__ = ["Variant", "answered", "load_survivors", "load_variants", "names_defined"]

#: Cells with one of these tags define nothing that an answer needs.
_LOOK_AT = frozenset({"explore", "colab"})


def load_variants(folder: Path) -> list[Variant]:
    """Read every answer that is kept for a lab's exercises, in their order.

    Args:
        folder: Such as ``labs/01_softmax``.

    Raises:
        SourceError: The lab's files cannot be read; the message lists what is wrong, each with its file and line.
    """
    return [variant for exercise in authoring.lab_source(folder).exercises for variant in exercise.variants]


def load_survivors(folder: Path) -> dict[str, dict[str, str]]:
    """Read why mutants of a lab's reference answers may survive: by exercise, the reason for each change.

    Raises:
        SourceError: The lab's files cannot be read; the message lists what is wrong, each with its file and line.
    """
    return {
        exercise.slug: {survivor.change: survivor.reason for survivor in exercise.survivors}
        for exercise in authoring.lab_source(folder).exercises
    }


def answered(notebook: dict[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """Return a copy of a notebook with answers in its solution cells.

    Args:
        notebook: A notebook as JSON gives it, or a ``NotebookNode``.
        answers: The text of a solution cell by its exercise's slug.

    Raises:
        UnknownNameError: If the notebook has no solution cell for one of them.
    """
    copy_ = copy.deepcopy(notebook)
    cells = {grade_id(cell): cell for cell in copy_["cells"]}
    for slug, source in answers.items():
        if slug not in cells:
            raise UnknownNameError("exercise", slug, [name for name in cells if name])
        cells[slug]["source"] = source
    return copy_


def names_defined(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Run a notebook's code cells in this process and return the names that they define.

    Cells for the reader to look at (tagged ``explore``) and check cells are left out. Only for the course's own
    text: nothing here holds a student's code back.
    """
    cells: list[str] = []
    # As IPython keeps the texts of cells.
    namespace: dict[str, Any] = {"__name__": "__main__", "In": cells}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and exercise_of(cell) is None and not _LOOK_AT.intersection(tags_of(cell)):
            cells.append("".join(cell["source"]))
            exec(_code("".join(cell["source"])), namespace)  # noqa: S102 - the course's own text
    return namespace


@functools.lru_cache(maxsize=1024)
def _code(source: str) -> Any:
    """Compile a cell, so that its text can be looked up by the file name in its code."""
    name = f"<cell {hashlib.sha256(source.encode()).hexdigest()[:16]}>"
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    return compile(source, name, "exec", dont_inherit=True)
