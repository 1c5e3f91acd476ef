"""Right and wrong answers, kept to test the checks with.

A file ``autograde/variants/LAB/EXERCISE.py`` holds answers to one exercise, one in each cell::

    # %% setup
    import numpy as np

    # %% right loops
    def softmax(Z): ...

    # %% wrong whole_matrix -> rows_do_not_mix
    def softmax(Z): ...

A right answer is named for its style, a wrong one for its misconception, followed by the check that must catch
it. The setup cell is there for readers and linters: a lab's own first cells are what runs.
"""

from __future__ import annotations

import copy
import functools
import hashlib
import linecache
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.errors import UnknownNameError, VariantError

__all__ = ["Variant", "answered", "load_variants", "names_defined", "solution_sources"]

_MARKER = re.compile(r"^# %%(.*)$", re.MULTILINE)
#: Cells with one of these tags define nothing that an answer needs.
_LOOK_AT = frozenset({"explore", "colab"})
_TITLE = re.compile(r"(?P<kind>right|wrong) (?P<name>\w+)(?: -> (?P<check>\w+))?")


@dataclass(frozen=True)
class Variant:
    """One answer to one exercise.

    Attributes:
        slug: The exercise.
        name: The style of a right answer, or the misconception of a wrong one.
        caught_by: The check that must catch it; None if the answer is right.
        source: The text of the solution cell.
    """

    slug: str
    name: str
    caught_by: str | None
    source: str

    @property
    def right(self) -> bool:
        """Whether the answer deserves full marks."""
        return self.caught_by is None

    def __str__(self) -> str:
        return f"{self.slug}-{'right' if self.right else 'wrong'}-{self.name}"


def load_variants(folder: Path) -> list[Variant]:
    """Read every answer in a lab's folder of variants.

    Args:
        folder: Such as ``autograde/variants/01_softmax``.

    Raises:
        VariantError: If the folder does not exist, or a cell's first line cannot be read, or two answers to
            an exercise have one name.
    """
    if not folder.is_dir():
        raise VariantError(
            f"There is no folder of variants {str(folder)!r}. Make it, with a file EXERCISE.py for each."
        )
    return [variant for path in sorted(folder.glob("*.py")) for variant in _read(path)]


def _read(path: Path) -> list[Variant]:
    _, *cells = _MARKER.split(path.read_text(encoding="utf-8"))
    variants: dict[str, Variant] = {}
    for title, source in zip(cells[::2], cells[1::2], strict=True):
        if title.strip() == "setup":
            continue
        match = _TITLE.fullmatch(title.strip())
        if match is None or (match["kind"] == "wrong") != (match["check"] is not None):
            raise VariantError(
                f"{path}: the cell '# %%{title}' cannot be read. Legal: '# %% setup', '# %% right STYLE' and"
                " '# %% wrong MISCONCEPTION -> CHECK'."
            )
        if match["name"] in variants:
            raise VariantError(f"{path}: two answers are named {match['name']!r}. Rename one.")
        variants[match["name"]] = Variant(path.stem, match["name"], match["check"], source.strip() + "\n")
    return list(variants.values())


def answered(notebook: dict[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """Return a copy of a notebook with answers in its solution cells.

    Args:
        notebook: A notebook as JSON gives it, or a ``NotebookNode``.
        answers: The text of a solution cell by its exercise's slug.

    Raises:
        UnknownNameError: If the notebook has no solution cell for one of them.
    """
    copy_ = copy.deepcopy(notebook)
    cells = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in copy_["cells"]}
    for slug, source in answers.items():
        if slug not in cells:
            raise UnknownNameError("exercise", slug, [name for name in cells if name])
        cells[slug]["source"] = source
    return copy_


def solution_sources(notebook: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of a notebook's solution cells (code, not hand-graded answers) by their slugs."""
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution")
    }


def names_defined(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Run a notebook's code cells in this process and return the names that they define.

    Cells for the reader to look at (tagged ``explore``) and check cells are left out. Only for the course's own
    text: nothing here holds a student's code back.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for cell in notebook["cells"]:
        metadata = cell["metadata"]
        graded = metadata.get("nbgrader", {})
        check = graded.get("grade") and not graded.get("solution")
        if cell["cell_type"] == "code" and not check and not _LOOK_AT.intersection(metadata.get("tags", [])):
            exec(_code("".join(cell["source"])), namespace)  # noqa: S102 - the course's own text
    return namespace


@functools.lru_cache(maxsize=1024)
def _code(source: str) -> Any:
    """Compile a cell, so that its text can be looked up by the file name in its code."""
    name = f"<cell {hashlib.sha256(source.encode()).hexdigest()[:16]}>"
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    return compile(source, name, "exec", dont_inherit=True)
