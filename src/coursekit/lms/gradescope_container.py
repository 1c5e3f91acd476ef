"""Grading one submission in a container of Gradescope's: ``python -m coursekit.lms.gradescope_container /autograder``.

What a container holds and what Gradescope reads afterwards are documented at
https://gradescope-autograders.readthedocs.io/en/latest/specs/: ``source`` is the autograder's zip, ``submission`` what
the student has handed in, ``submission_metadata.json`` says whose it is, ``results/results.json`` is to be written.
If it is not, Gradescope tells the instructor that the autograder has failed, and gives no grade: that is what happens
here when the fault is not the student's.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from coursekit.checking.lab import hidden_source
from coursekit.errors import CourseError, CoursekitError
from coursekit.files import replace_file
from coursekit.grading import Course, grade
from coursekit.grading.execution import lab_of
from coursekit.grading.grades import LabGrade, read_grades
from coursekit.grading.sandbox import BUBBLEWRAP, USER, Sandbox
from coursekit.lms.gradescope import results

__all__ = ["grade_submission", "main"]

_NOBODY = "student"


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade what lies in the folder that the command line names; return the exit code."""
    (root,) = sys.argv[1:] if arguments is None else arguments
    try:
        grade_submission(Path(root))
    except CoursekitError as error:
        print(f"This submission could not be graded, and has no grade. {error}", file=sys.stderr)
        return 1
    return 0


def grade_submission(root: Path) -> None:
    """Grade the submission in ``root/submission``, and write ``root/results/results.json``.

    Raises:
        CoursekitError: If it cannot be graded here; nothing is written then.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "course"
        shutil.copytree(root / "source" / "course", copy)
        course = Course(copy)
        (lab,) = course.labs()
        student = _student(root / "submission_metadata.json")
        # Links stay links: grading does not follow them.
        shutil.copytree(root / "submission", course.submitted / student / lab, symlinks=True)
        (record,) = grade(lab, course=copy, student=student, jobs=1, sandbox=_sandbox()).records
        if record.status == "missing":
            graded = LabGrade(student, "", 0.0, 0.0, open=False)
        else:
            (graded,) = read_grades(course, lab).students
        by_hand = [cell.cell for cell in graded.cells if cell.score is None]
        graded = replace(graded, cells=tuple(cell for cell in graded.cells if cell.score is not None))
        checks = lab_of(lab, hidden_source(course.hidden, lab), course.hidden_share)
        found = results(graded, record, checks)
    if by_hand:
        found["output"] += f"\nA person grades your answers in words: {', '.join(by_hand)}."
    found["output"] = found["output"].strip()
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    (root / "results").mkdir(exist_ok=True)
    replace_file(root / "results" / "results.json", text.encode("utf-8", "replace"), mode=0o600)


def _student(metadata: Path) -> str:
    """Return the id of whoever has handed in; the inputs of hidden checks are drawn for them."""
    try:
        users = json.loads(metadata.read_text(encoding="utf-8"))["users"]
        return str(min(int(user["id"]) for user in users))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return _NOBODY


def _sandbox() -> str:
    """Return the safest way to confine students' code that this container allows.

    Raises:
        CourseError: If there is none.
    """
    why = []
    for mode in (BUBBLEWRAP, USER):
        try:
            Sandbox(mode=mode).close()
        except CourseError as error:
            why.append(str(error))
        else:
            return mode
    raise CourseError("\n".join(["Students' code cannot be confined in this container.", *why]))


if __name__ == "__main__":
    raise SystemExit(main())
