from __future__ import annotations

from typing import Any

import pytest
from nbformat import from_dict

from coursekit import cells

CHECK = {"grade": True, "locked": True, "solution": False, "task": False, "grade_id": "check_softmax", "points": 3}
SOLUTION = {"grade": False, "locked": False, "solution": True, "task": False, "grade_id": "softmax"}
WORDS = {"grade": True, "locked": False, "solution": True, "task": False, "grade_id": "why", "points": 1}
TASK = {"grade": False, "locked": True, "solution": False, "task": True, "grade_id": "essay", "points": 2}
READ_ONLY = {"grade": False, "locked": True, "solution": False, "task": False, "grade_id": "setup"}
ALL = [CHECK, SOLUTION, WORDS, TASK, READ_ONLY, None]


def cell(nbgrader: Any = None, *, kind: str = "code", source: Any = "x", **metadata: Any) -> dict[str, Any]:
    if nbgrader is not None:
        metadata["nbgrader"] = nbgrader
    return {"cell_type": kind, "source": source, "metadata": metadata}


@pytest.mark.parametrize("as_node", [False, True], ids=["plain data", "NotebookNode"])
def test_a_check_cell_names_its_exercise(as_node: bool) -> None:
    found = cell(CHECK)
    assert cells.exercise_of(from_dict(found) if as_node else found) == "softmax"
    assert cells.check_cell_name("softmax") == cells.grade_id(found)


@pytest.mark.parametrize("other", [cell(), cell(SOLUTION), cell(WORDS), cell(TASK), cell(CHECK, kind="markdown")])
def test_no_other_cell_is_a_check_cell(other: dict[str, Any]) -> None:
    assert cells.exercise_of(other) is None


@pytest.mark.parametrize(
    ("tell", "of"),
    [
        (cells.is_solution, [SOLUTION, WORDS]),
        (cells.is_task, [TASK]),
        (cells.is_answer, [SOLUTION, WORDS, TASK]),
        (cells.has_points, [CHECK, WORDS, TASK]),
    ],
)
def test_each_kind_of_cell_is_told_by_its_metadata(tell: Any, of: list[Any]) -> None:
    assert [nbgrader for nbgrader in ALL if tell(cell(nbgrader))] == of


@pytest.mark.parametrize(
    ("nbgrader", "kinds"),
    [
        (CHECK, {"grade", "source"}),
        (SOLUTION, {"solution", "source"}),
        (WORDS, {"grade", "solution", "source"}),
        (TASK, {"task", "source"}),
        (READ_ONLY, {"source"}),
        (None, set()),
    ],
)
def test_the_gradebook_keeps_what_nbgrader_saves(nbgrader: Any, kinds: set[str]) -> None:
    assert cells.kinds_of(cell(nbgrader)) == kinds


def test_points_are_for_an_exercise_or_for_an_answer() -> None:
    assert [cells.item_of(name) for name in ("check_softmax", "why")] == ["softmax", "why"]


@pytest.mark.parametrize("metadata", [None, [], {"nbgrader": "x", "tags": 1}])
def test_metadata_of_another_form_counts_as_none(metadata: Any) -> None:
    broken = {"metadata": metadata}
    assert cells.nbgrader_of(broken) == {}
    assert cells.grade_id(broken) == ""
    assert not cells.is_explore(broken)


def test_an_explore_cell_is_told_by_its_tag() -> None:
    assert cells.is_explore(cell(tags=["hide-input", "explore"]))
    assert not cells.is_explore(cell(tags=["explorer"]))


def test_solution_sources_are_those_of_code_cells_also_in_lines() -> None:
    notebook = {"cells": [cell(SOLUTION, source=["a\n", "b"]), cell(WORDS, kind="markdown"), cell(CHECK), cell()]}
    assert cells.solution_sources(notebook) == {"softmax": "a\nb"}
