"""Gradescope: a ``results.json`` for each student.

The format is Gradescope's for autograders, https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format.
A ``run_autograder`` hands out the file of the student who has submitted.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coursekit.cells import check_cell_name
from coursekit.errors import LmsError
from coursekit.files import replace_file
from coursekit.grading.course import Course
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
    unknown = []
    for grade in grades.students:
        record = stored_record(course.autograded(grade.student, lab), lab)
        if record is None:
            unknown.append(grade.student)
        text = json.dumps(results(grade, record, grades.max_score), ensure_ascii=False, indent=1) + "\n"
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


def results(grade: LabGrade, record: Record | None, max_score: float) -> dict[str, Any]:
    """Return a student's results as Gradescope reads them.

    An exercise's visible checks go with its points. Its hidden ones follow, without points, with what the feedback
    pages say of them: name and hint; students see that once grades are published.

    Args:
        grade: The grade, as the gradebook has it; its score is the total, also if the tests add up to another number.
        record: What grading said of the checks; None where that is not known.
        max_score: The highest possible score.
    """
    cells = {cell.cell: cell for cell in grade.cells}
    tests: list[dict[str, Any]] = []
    said = [f"{grade.score:g} of {max_score:g} points."]
    if grade.penalty:
        said.append(f"Late: {grade.penalty:g} points were taken off.")
    if record is not None:
        said += [record.message] if record.message and record.status != "graded" else []
        for exercise in record.exercises:
            tests += _tests(exercise, cells.pop(check_cell_name(exercise.name), None))
    tests += [_of_cell(cell) for cell in cells.values()]
    return {
        "score": round(grade.score, 4),
        "execution_time": round(record.seconds) if record is not None else 0,
        "output": "\n".join(said),
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }


def _tests(exercise: ExerciseRecord, cell: CellGrade | None) -> list[dict[str, Any]]:
    visible = [check for check in exercise.checks if check.visible]
    hidden = [check for check in exercise.checks if not check.visible]
    lines = [_line(check) for check in visible]
    score = exercise.score
    if cell is not None and cell.by_hand and cell.score is not None:
        score = cell.score
        lines.append("The points were given by hand.")
    tests = [
        {
            "name": exercise.name,
            "score": score,
            "max_score": exercise.max_score,
            "status": "passed" if score >= exercise.max_score else "failed",
            "output": "\n".join(lines),
            "output_format": "text",
            "visibility": "visible",
        }
    ]
    if hidden:
        tests.append(
            {
                "name": f"{exercise.name}, on other data",
                "status": "passed" if all(check.passed for check in hidden) else "failed",
                "output": "\n".join(map(_line, hidden)),
                "output_format": "text",
                "visibility": HIDDEN_UNTIL,
            }
        )
    return tests


def _line(check: CheckRecord) -> str:
    name = check.name.replace("_", " ")
    return f"passed: {name}" if check.passed else f"FAILED: {name}. {check.message}".rstrip()


def _of_cell(cell: CellGrade) -> dict[str, Any]:
    said = [cell.comment] if cell.comment else []
    return {
        "name": cell.cell,
        "score": cell.score or 0,
        "max_score": cell.max_score,
        "output": "\n".join([*said, *(["Not graded yet."] if cell.score is None else [])]),
        "output_format": "text",
        "visibility": "visible",
    }
