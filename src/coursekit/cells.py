"""What nbgrader's metadata says of a cell, and how check cells are named: the one place that reads either.

A cell is JSON as plain data, or nbformat's ``NotebookNode``. It may be a student's: metadata of any other form count as
none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

__all__ = [
    "FLAGS",
    "KINDS",
    "SCHEMA_VERSION",
    "WITH_POINTS",
    "Role",
    "check_cell_name",
    "complete",
    "exercise_of",
    "grade_id",
    "has_points",
    "is_answer",
    "is_explore",
    "is_solution",
    "is_task",
    "item_of",
    "kinds_of",
    "nbgrader_of",
    "points_of",
    "role_of",
    "solution_sources",
    "tags_of",
]

#: What nbgrader's gradebook keeps of a cell.
KINDS = ("grade", "solution", "task", "source")
#: The version of nbgrader's metadata that :func:`complete` writes.
SCHEMA_VERSION = 3

#: What a cell can be to nbgrader.
Role = Literal["exercise", "check", "answer", "task", "read-only"]

#: What nbgrader's full metadata say of each.
FLAGS: dict[Role, dict[str, bool]] = {
    "exercise": {"grade": False, "locked": False, "solution": True, "task": False},
    "check": {"grade": True, "locked": True, "solution": False, "task": False},
    "answer": {"grade": True, "locked": False, "solution": True, "task": False},
    "task": {"grade": False, "locked": True, "solution": False, "task": True},
    "read-only": {"grade": False, "locked": True, "solution": False, "task": False},
}
WITH_POINTS: tuple[Role, ...] = ("check", "answer", "task")
_PREFIX = "check_"


def check_cell_name(slug: str) -> str:
    """Return the grade_id of an exercise's check cell."""
    return f"{_PREFIX}{slug}"


def item_of(name: str) -> str:
    """Return what points are given for by a cell's grade_id: a check cell's exercise, or else the cell itself."""
    return name.removeprefix(_PREFIX)


def nbgrader_of(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return nbgrader's metadata of a cell; nothing if it has none."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def grade_id(cell: Mapping[str, Any]) -> str:
    """Return nbgrader's name of a cell; an empty text if it has none."""
    return str(nbgrader_of(cell).get("grade_id") or "")


def exercise_of(cell: Mapping[str, Any]) -> str | None:
    """Return the slug of the exercise that a check cell judges, or None for any other cell."""
    nbgrader = nbgrader_of(cell)
    if cell["cell_type"] != "code" or not nbgrader.get("grade") or nbgrader.get("solution"):
        return None
    return item_of(grade_id(cell))


def is_solution(cell: Mapping[str, Any]) -> bool:
    """Tell whether a student is to write in a cell, in code or in words."""
    return bool(nbgrader_of(cell).get("solution"))


def is_task(cell: Mapping[str, Any]) -> bool:
    """Tell whether a cell sets a task, which a student works on in cells of their own."""
    return bool(nbgrader_of(cell).get("task"))


def is_answer(cell: Mapping[str, Any]) -> bool:
    """Tell whether a cell is a student's to answer: a solution or a task."""
    return is_solution(cell) or is_task(cell)


def has_points(cell: Mapping[str, Any]) -> bool:
    """Tell whether there are points for a cell, by checks or by hand."""
    return bool(nbgrader_of(cell).get("grade")) or is_task(cell)


def kinds_of(cell: Mapping[str, Any]) -> set[str]:
    """Return which of :data:`KINDS` nbgrader's gradebook keeps of a cell."""
    nbgrader = nbgrader_of(cell)
    kinds = {kind for kind in ("grade", "solution", "task") if nbgrader.get(kind)}
    return kinds | {"source"} if kinds or nbgrader.get("locked") else kinds


def points_of(cell: Mapping[str, Any]) -> float:
    """Return the highest possible score of a cell; 0 if it has no points."""
    points: float = nbgrader_of(cell).get("points", 0)
    return points


def tags_of(cell: Mapping[str, Any]) -> list[str]:
    """Return a cell's tags."""
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, Mapping) else None
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def is_explore(cell: Mapping[str, Any]) -> bool:
    """Tell whether a cell is for the student to look at, and not for grading."""
    return "explore" in tags_of(cell)


def role_of(nbgrader: object) -> Role | None:
    """Return what a cell with this metadata, short or full, is to nbgrader; ``None`` for nothing or a wrong mixture."""
    if not isinstance(nbgrader, dict):
        return None
    judged = ("grade", "solution", "task")
    for role in get_args(Role):
        flags = FLAGS[role]
        if all(bool(nbgrader.get(name, False)) == flags[name] for name in judged):
            return role if role != "read-only" or nbgrader.get("locked") else None
    return None


def complete(short: dict[str, Any]) -> dict[str, Any]:
    """Return nbgrader's full metadata for a short form such as ``{"grade_id": "softmax", "solution": True}``."""
    role = role_of(short)
    if role is None:
        raise ValueError(f"no cell of nbgrader's has the metadata {short!r}")
    full: dict[str, Any] = {"grade_id": short["grade_id"], "schema_version": SCHEMA_VERSION, **FLAGS[role]}
    if role in WITH_POINTS:
        full["points"] = short["points"]
    return full


def solution_sources(notebook: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of a notebook's solution cells (code, not hand-graded answers) by their slugs."""
    cells = (cell for cell in notebook["cells"] if cell["cell_type"] == "code" and is_solution(cell))
    return {grade_id(cell): "".join(cell["source"]) for cell in cells}
