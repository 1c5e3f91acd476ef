from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coursekit.checking import Check, Exercise, Lab, Student
from coursekit.errors import LmsError
from coursekit.grading import CheckRecord, ExerciseRecord, Record
from coursekit.grading.grades import CellGrade, LabGrade
from coursekit.lms import export_grades
from coursekit.lms.gradescope import results
from tests.lms.conftest import Grades

LAB = "01_softmax"
CHECKS = (
    CheckRecord("rows_sum_to_one", visible=True, passed=False, message="Rows sum to 3. Expected: 1. Got: 3."),
    CheckRecord("shape_is_kept", visible=True, passed=True, message=""),
    CheckRecord("random_scores", visible=False, passed=False, message="Compare with torch.softmax."),
    CheckRecord("large_scores", visible=False, passed=True, message=""),
)


def check(name: str, *, weight: float, visible: bool) -> Check:
    def function(student: Student, rng: np.random.Generator) -> None:
        """It holds."""

    function.__name__ = name
    return Check(slug="softmax", function=function, weight=weight, visible=visible)


WEIGHTS = {"rows_sum_to_one": 1, "shape_is_kept": 2, "random_scores": 2, "large_scores": 1}
OF_LAB = tuple(check(c.name, weight=WEIGHTS[c.name], visible=c.visible) for c in CHECKS)
IN_LAB = Lab(LAB, {"softmax": Exercise("softmax", 3, OF_LAB)})
RECORD = Record("ada", LAB, "graded", 1.5, 3, 0.6, "", (ExerciseRecord("softmax", 1.5, 3, CHECKS),))
GRADE = LabGrade("ada", "", 1.5, 0, open=False)


def total(found: Mapping[str, Any]) -> float:
    """The score that Gradescope makes of it: the points of the tests, unless told another."""
    score: float = found.get("score", sum(test.get("score", 0) for test in found["tests"]))
    return score


def test_an_exercise_has_at_once_the_points_of_its_visible_checks() -> None:
    test = results(GRADE, RECORD, IN_LAB)["tests"][0]
    assert (test["name"], test["score"], test["max_score"], test["status"]) == ("softmax", 1.0, 1.5, "failed")
    assert test["visibility"] == "visible"
    assert test["output"].splitlines() == [
        "FAILED: rows sum to one. Rows sum to 3. Expected: 1. Got: 3.",
        "passed: shape is kept",
    ]


def test_hidden_checks_have_theirs_when_grades_are_published() -> None:
    hidden = results(GRADE, RECORD, IN_LAB)["tests"][1]
    assert hidden["visibility"] == "after_published"
    assert (hidden["score"], hidden["max_score"], hidden["status"]) == (0.5, 1.5, "failed")
    assert hidden["output"] == "FAILED: random scores. Compare with torch.softmax.\npassed: large scores"


def test_what_is_shown_at_once_does_not_tell_how_hidden_checks_went() -> None:
    passed = tuple(replace(check, passed=check.passed or not check.visible) for check in CHECKS)
    better = replace(RECORD, score=2.5, exercises=(ExerciseRecord("softmax", 2.5, 3, passed),))
    now = [results(GRADE, RECORD, IN_LAB), results(replace(GRADE, score=2.5), better, IN_LAB)]
    for found in now:
        found["tests"] = [test for test in found["tests"] if test["visibility"] == "visible"]
    assert now[0] == now[1]


def test_the_total_is_the_gradebooks_with_the_penalty() -> None:
    late = LabGrade("ada", "", 0.5, 1, open=False)
    found = results(late, RECORD, IN_LAB)
    assert total(found) == 0.5
    assert total(results(GRADE, RECORD, IN_LAB)) == 1.5
    assert total(results(LabGrade("ada", "", 0, 9, open=False), RECORD, IN_LAB)) == 0
    assert (found["tests"][-1]["name"], found["tests"][-1]["score"]) == ("Late", -1)
    assert (found["visibility"], found["stdout_visibility"], found["execution_time"]) == ("visible", "hidden", 1)


def test_where_other_checks_were_run_than_the_labs_all_points_wait() -> None:
    changed = Lab(LAB, {"softmax": Exercise("softmax", 3, OF_LAB[1:])})
    tests = results(GRADE, RECORD, changed)["tests"]
    assert [(test["score"], test["max_score"]) for test in tests] == [(0, 0), (1.5, 3)]


def test_what_a_person_graded_is_there_with_the_comment() -> None:
    answers = (
        CellGrade("check_softmax", 2.5, 3, by_hand=True),
        CellGrade("why", 1, 2, by_hand=True, comment="Say which templates."),
        CellGrade("why_not", None, 2),
    )
    tests = results(LabGrade("ada", "", 3.5, 0, open=True, cells=answers), RECORD, IN_LAB)["tests"]
    assert tests[0]["score"] == 2.5
    assert tests[0]["output"].endswith("The points were given by hand.")
    assert "score" not in tests[1]
    assert [(test["name"], test["score"], test["output"]) for test in tests[2:]] == [
        ("why", 1, "Say which templates."),
        ("why_not", 0, "Not graded yet."),
    ]


def test_every_field_is_one_of_gradescopes() -> None:
    top = {"execution_time", "output", "visibility", "stdout_visibility", "tests"}
    of_tests = {"name", "score", "max_score", "status", "output", "output_format", "visibility"}
    found = results(GRADE, RECORD, IN_LAB)
    assert set(found) == top
    assert all(set(test) <= of_tests for test in found["tests"])


def test_of_what_ended_a_submission_its_student_reads() -> None:
    ended = Record("ada", LAB, "timeout", 0, 3, 30, "A cell took more than 30 s.", ())
    assert "A cell took more than 30 s." in results(GRADE, ended, IN_LAB)["output"]


def test_each_student_gets_a_file_and_those_without_a_record_are_named(graded: Grades, tmp_path: Path) -> None:
    exported = export_grades(LAB, to="gradescope", course=graded({"ana": 8, "bo": 3}), output=tmp_path / "out")
    results = json.loads((tmp_path / "out" / "bo" / "results.json").read_text())
    assert total(results) == 3
    assert [(test["name"], test["score"]) for test in results["tests"]] == [("check_softmax", 3), ("why", 0)]
    assert exported.written == 2
    assert exported.notes[0].endswith("run `coursekit grade 01_softmax`: ana, bo")


def test_an_id_that_is_no_folders_name_writes_nothing_elsewhere(graded: Grades, tmp_path: Path) -> None:
    with pytest.raises(LmsError, match="cannot be a folder's name"):
        export_grades(LAB, to="gradescope", course=graded({"../evil": 8}), output=tmp_path / "out")
    assert not (tmp_path / "evil").exists()
