from __future__ import annotations

from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.utils import determine_grade

from coursekit.checking import VERDICT_MIME
from coursekit.grading.check_cell import exercise_of, problem_of, settle, timed_out, verdict_of

RECORD: dict[str, Any] = {
    "name": "softmax",
    "score": 1.5,
    "max_score": 3.0,
    "checks": [{"name": "rows_sum_to_one", "visible": True, "passed": True, "message": ""}],
}
ERROR = new_output("error", ename="NameError", evalue="name 'check' is not defined", traceback=["line 1", "line 2"])
STDERR = new_output("stream", name="stderr", text="a warning")


def check_cell(*outputs: NotebookNode) -> NotebookNode:
    nbgrader = {"grade": True, "solution": False, "grade_id": "check_softmax", "points": 3}
    return new_code_cell("check('softmax')", metadata={"nbgrader": nbgrader}, outputs=list(outputs))


def result(record: object = RECORD, text: str = "1.5") -> NotebookNode:
    return new_output("execute_result", data={"text/plain": text, "text/html": "<b>a table</b>", VERDICT_MIME: record})


def grade_of(cell: NotebookNode) -> float | None:
    score: float | None = determine_grade(cell)[0]
    return score


def test_a_check_cell_names_its_exercise() -> None:
    assert exercise_of(check_cell()) == "softmax"


@pytest.mark.parametrize(
    "cell",
    [
        new_code_cell("x"),
        new_code_cell("x", metadata={"nbgrader": {"grade": False, "solution": True, "grade_id": "softmax"}}),
        new_code_cell("x", metadata={"nbgrader": {"grade": True, "solution": True, "grade_id": "why", "points": 1}}),
        new_markdown_cell("x", metadata={"nbgrader": {"grade": True, "solution": False, "grade_id": "check_x"}}),
    ],
)
def test_no_other_cell_is_a_check_cell(cell: NotebookNode) -> None:
    assert exercise_of(cell) is None


def test_a_verdict_is_all_that_stays_of_a_check_cells_outputs() -> None:
    printed = new_output("stream", name="stdout", text="what a hidden check asked")
    cell = check_cell(STDERR, printed, result(), ERROR)
    settle(cell)
    assert len(cell.outputs) == 1
    assert cell.outputs[0].data["text/html"] == "<b>a table</b>"
    assert grade_of(cell) == 1.5
    assert verdict_of(cell) == RECORD


def test_the_points_that_nbgrader_reads_are_those_of_the_verdict() -> None:
    cell = check_cell(result(RECORD | {"score": 1.23456789}, text="1.23457"))
    settle(cell)
    assert grade_of(cell) == 1.23456789


@pytest.mark.parametrize(
    "record",
    [
        RECORD | {"score": 4.0},
        RECORD | {"score": -1},
        RECORD | {"score": float("nan")},
        RECORD | {"score": 300, "max_score": 300},
        RECORD | {"score": "much"},
        RECORD | {"name": "scores"},
        RECORD | {"checks": [{"name": "x"}]},
        RECORD | {"checks": None},
        {},
        [],
        "3",
    ],
    ids=str,
)
def test_a_verdict_of_another_form_is_none(record: object) -> None:
    cell = check_cell(result(record, text="3"))
    assert verdict_of(cell) is None
    settle(cell)
    assert grade_of(cell) == 0


def test_without_a_verdict_the_cell_gets_nothing_and_says_why() -> None:
    for outputs, cause in [
        ([], "The check cell gave no verdict."),
        ([new_output("execute_result", data={"text/plain": "3"})], "The check cell gave no verdict."),
        ([ERROR], "The check cell stopped. NameError: name 'check' is not defined"),
        ([new_output("error", ename="CellTimeoutError", evalue="", traceback=[])], "The check ran out of time."),
    ]:
        cell = check_cell(*outputs)
        settle(cell)
        assert grade_of(cell) == 0
        assert problem_of(cell) == cause
        assert cell.outputs[0].traceback == [cause]


def test_a_cell_that_was_not_reached_gets_the_cause_of_that() -> None:
    cell = check_cell()
    settle(cell, cause="The kernel died.")
    assert problem_of(cell) == "The kernel died."


def test_long_messages_are_cut() -> None:
    long = [RECORD["checks"][0] | {"message": "x" * 10_000}]
    verdict = verdict_of(check_cell(result(RECORD | {"checks": long})))
    assert verdict is not None
    assert len(verdict["checks"][0]["message"]) == 2000


def test_a_cell_knows_that_it_was_stopped_by_the_clock() -> None:
    assert timed_out(check_cell(new_output("error", ename="CellTimeoutError", evalue="", traceback=[])))
    assert not timed_out(check_cell(ERROR))
