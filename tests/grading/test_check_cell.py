from __future__ import annotations

import numpy as np
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from coursekit.checking import VERDICT_MIME, Exercise, LocalStudent, Student, checks, expect, judge
from coursekit.grading.check_cell import leave_cause, leave_verdict


@checks("softmax")
def holds(student: Student, rng: np.random.Generator) -> None:
    """It holds."""


@checks("softmax", weight=2)
def fails(student: Student, rng: np.random.Generator) -> None:
    """It fails."""
    expect(False, "It does not hold.", hint="Try again.")


EXERCISE = Exercise("softmax", points=2, checks=(holds, fails))


def check_cell(*outputs: NotebookNode) -> NotebookNode:
    nbgrader = {"grade": True, "solution": False, "grade_id": "check_softmax", "points": 3}
    return new_code_cell("check('softmax')", metadata={"nbgrader": nbgrader}, outputs=list(outputs))


def grade_of(cell: NotebookNode) -> float | None:
    score: float | None = determine_grade(from_dict(cell))[0]
    return score


def test_a_verdict_is_all_that_a_check_cell_holds() -> None:
    cell = check_cell(new_output("stream", name="stderr", text="a warning"))
    leave_verdict(cell, judge(EXERCISE, LocalStudent({})))
    (output,) = cell.outputs
    assert output["data"][VERDICT_MIME]["score"] == 0.6667
    assert "It does not hold." in output["data"]["text/html"]
    assert grade_of(cell) == 0.6667


def test_a_cell_without_a_verdict_gets_nothing_and_says_why() -> None:
    cell = check_cell()
    leave_cause(cell, "It is gone.")
    assert grade_of(cell) == 0
    assert cell.outputs[0]["evalue"] == "It is gone."
