"""Gradescope: a ``results.json`` for each student.

The format is Gradescope's for autograders, https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format.
A ``run_autograder`` hands out the file of the student who has submitted.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coursekit.cells import check_cell_name
from coursekit.checking import Lab
from coursekit.checking.lab import hidden_source
from coursekit.errors import LmsError
from coursekit.files import replace_file
from coursekit.grading.course import Course
from coursekit.grading.execution import lab_of
from coursekit.grading.grades import CellGrade, LabGrade, LabGrades
from coursekit.grading.record import CheckRecord, ExerciseRecord, Record
from coursekit.grading.stored import stored_record

__all__ = ["results", "write_results"]

#: When students see the hidden checks' names and hints: as with nbgrader's feedback pages, when grades are given out.
HIDDEN_UNTIL = "after_published"


def write_results(course: Course, lab: str, grades: LabGrades, folder: Path) -> tuple[int, list[str]]:
    """Write ``STUDENT/results.json`` into a folder.

    Returns:
        How many were written, and a note that names the students whose checks are not known.

    Raises:
        LmsError: If the folder cannot be written to.
    """
    checks = lab_of(lab, hidden_source(course.hidden, lab), course.hidden_share)
    unknown = []
    for grade in grades.students:
        record = stored_record(course.autograded(grade.student, lab), lab)
        if record is None:
            unknown.append(grade.student)
        text = json.dumps(results(grade, record, checks), ensure_ascii=False, indent=1) + "\n"
        place = folder / grade.student
        try:
            if place.resolve().parent != folder.resolve():
                raise LmsError(f"The student {grade.student!r} has an id that cannot be a folder's name.")
            place.mkdir(parents=True, exist_ok=True)
            replace_file(place / "results.json", text.encode("utf-8", "replace"))
        except OSError as error:
            raise LmsError(
                f"{place} cannot be written to: {error.strerror}. Name another folder with --output."
            ) from error
    note = f"no record of their checks, so their points alone; run `coursekit grade {lab}`: {', '.join(unknown[:10])}"
    return len(grades.students), [note] if unknown else []


def results(grade: LabGrade, record: Record | None, lab: Lab) -> dict[str, Any]:
    """Return a student's results as Gradescope reads them.

    Gradescope adds up the points of the tests, and shows no total before all of them may be seen. What an exercise's
    visible checks have given is shown at once. What its hidden checks have given, with what the feedback pages say of
    them (name and hint), is shown once grades are published.

    Args:
        grade: The grade, as the gradebook has it.
        record: What grading said of the checks; None where that is not known.
        lab: The lab, with its hidden checks.
    """
    cells = {cell.cell: cell for cell in grade.cells}
    tests: list[dict[str, Any]] = []
    said = []
    if record is not None:
        said += [record.message] if record.message and record.status != "graded" else []
        for exercise in record.exercises:
            share = _visible_share(exercise, lab)
            tests += _tests(exercise, share, cells.pop(check_cell_name(exercise.name), None))
    tests += [_of_cell(cell) for cell in cells.values()]
    if grade.penalty:
        # No more is taken off than there is.
        taken = round(grade.score - sum(test.get("score", 0) for test in tests), 4)
        tests.append(_test("Late", taken, None, "These points were taken off."))
    found = {
        "execution_time": round(record.seconds) if record is not None else 0,
        "output": "\n".join(said),
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    # Without tests, Gradescope needs to be told.
    return found if tests else {"score": round(grade.score, 4), **found}


def _visible_share(exercise: ExerciseRecord, lab: Lab) -> tuple[float, float]:
    """Return what an exercise's visible checks have earned, and could have; nothing if other checks were run then."""
    known = lab.exercises.get(exercise.name)
    weights = {check.name: check.weight for check in known.checks} if known is not None else {}
    if weights.keys() != {check.name for check in exercise.checks}:
        return 0.0, 0.0
    worth = exercise.max_score / sum(weights.values())
    most = sum(worth * weights[check.name] for check in exercise.checks if check.visible)
    score = sum(worth * weights[check.name] for check in exercise.checks if check.visible and check.passed)
    return min(score, exercise.score), most


def _tests(exercise: ExerciseRecord, share: tuple[float, float], cell: CellGrade | None) -> list[dict[str, Any]]:
    visible = [check for check in exercise.checks if check.visible]
    hidden = [check for check in exercise.checks if not check.visible]
    shown, other = "\n".join(map(_line, visible)), "\n".join(map(_line, hidden))
    others = f"{exercise.name}, on other data"
    if cell is not None and cell.by_hand and cell.score is not None:
        said = f"{shown}\nThe points were given by hand.".lstrip()
        tests = [_test(exercise.name, cell.score, exercise.max_score, said)]
        return [*tests, _test(others, None, None, other, visibility=HIDDEN_UNTIL)] if hidden else tests
    if not hidden:
        return [_test(exercise.name, exercise.score, exercise.max_score, shown)]
    # Points are rounded; together they are what the gradebook has.
    score, most = share
    return [
        _test(exercise.name, round(score, 4), round(most, 4), shown),
        _test(
            others,
            round(exercise.score - score, 4),
            round(exercise.max_score - most, 4),
            other,
            visibility=HIDDEN_UNTIL,
        ),
    ]


def _test(
    name: str, score: float | None, max_score: float | None, output: str, *, visibility: str = "visible"
) -> dict[str, Any]:
    """Return one of Gradescope's tests; it has passed if it has all its points."""
    points = {} if score is None else {"score": score}
    points |= {} if max_score is None else {"max_score": max_score}
    status = {} if score is None or max_score is None else {"status": "passed" if score >= max_score else "failed"}
    return {
        "name": name,
        **points,
        **status,
        "output": output,
        "output_format": "text",
        "visibility": visibility,
    }


def _line(check: CheckRecord) -> str:
    name = check.name.replace("_", " ")
    return f"passed: {name}" if check.passed else f"FAILED: {name}. {check.message}".rstrip()


def _of_cell(cell: CellGrade) -> dict[str, Any]:
    said = [cell.comment] if cell.comment else []
    said += ["Not graded yet."] if cell.score is None else []
    return _test(cell.cell, cell.score or 0, cell.max_score, "\n".join(said))
