"""The only part that writes: nbgrader's gradebook and the folder of graded notebooks.

nbgrader's own steps do the work, in the order in which ``nbgrader autograde`` takes them, so that formgrader,
feedback and export find what they expect.
"""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursekit.errors import CourseError
from coursekit.grading.course import Course, programs_on_path
from coursekit.grading.record import Record
from coursekit.grading.submission import SubmissionError

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["GradebookWriter"]

RECORD_KEY = "coursekit"


class GradebookWriter:
    """Writes one lab's grades of one course.

    Args:
        course: The course.
        lab: The lab's stem.

    Raises:
        CourseError: If the gradebook cannot be opened, or holds submissions to an older form of the lab.
    """

    def __init__(self, course: Course, lab: str) -> None:
        self.course = course
        self.lab = lab
        # nbgrader reports each step; what an instructor needs to know is in the records.
        self.log = logging.getLogger("coursekit.grading.nbgrader")
        self.log.setLevel(logging.ERROR)
        self._save_structure()

    def sanitize(self, notebook: NotebookNode, student: str) -> NotebookNode:
        """Put the released check cells in place of a submission's own, and drop its outputs.

        Raises:
            SubmissionError: If nbgrader finds the notebook beyond repair.
        """
        from nbgrader.preprocessors import (
            CheckCellMetadata,
            ClearOutput,
            DeduplicateIds,
            OverwriteCells,
            OverwriteKernelspec,
        )

        steps = (ClearOutput, DeduplicateIds, OverwriteKernelspec, OverwriteCells, CheckCellMetadata)
        try:
            return self._run(steps, notebook, student)
        except Exception as error:
            raise SubmissionError("malformed", f"{type(error).__name__}: {error}") from error

    def begin(self, student: str, timestamp: datetime | None) -> None:
        """Enter a submission, with no grades from an earlier hand-in."""
        with _known_warnings(), self._gradebook() as gradebook:
            gradebook.update_or_create_student(student)
            when = {"timestamp": timestamp} if timestamp else {}
            submission = gradebook.update_or_create_submission(self.lab, student, **when)
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    grade.auto_score = None if grade.cell.cell_type == "markdown" else 0
                    grade.needs_manual_grade = False
            gradebook.db.commit()

    def finish(self, notebook: NotebookNode, record: Record, digest: str, timestamp: datetime | None) -> None:
        """Write a run notebook's grades, its late penalty, and the notebook itself."""
        from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, LimitOutput, SaveAutoGrades

        steps = (LimitOutput, SaveAutoGrades, AssignLatePenalties, CheckCellMetadata)
        notebook = self._run(steps, notebook, record.student)
        notebook.metadata[RECORD_KEY] = {"digest": digest, "record": record.as_json()}
        self._write(notebook, record.student, timestamp)

    def forget_notebook(self, student: str) -> None:
        """Take away the graded notebook of an earlier hand-in."""
        folder = self.course.autograded(student, self.lab)
        if folder.is_dir():
            shutil.rmtree(folder)

    def kept(self, student: str, digest: str, timestamp: datetime | None) -> Record | None:
        """Return the record of an earlier run if the submission has not changed since, else None."""
        import nbformat

        folder = self.course.autograded(student, self.lab)
        try:
            notebook = nbformat.read(folder / f"{self.lab}.ipynb", as_version=4)
            entry = notebook.metadata[RECORD_KEY]
            same = entry["digest"] == digest and _stamp(timestamp) == _read(folder / "timestamp.txt")
            return Record.from_json(entry["record"]) if same else None
        except (OSError, KeyError, TypeError, ValueError):
            return None

    def _save_structure(self) -> None:
        from nbgrader.preprocessors import SaveCells

        released = self.course.released(self.lab)
        try:
            with programs_on_path(), self._gradebook() as gradebook:
                gradebook.update_or_create_assignment(self.lab)
            self._run((SaveCells,), released, student="")
        except Exception as error:
            raise CourseError(
                f"The gradebook {self.course.db_url} cannot take the lab {self.lab}: {error}. If cells were added or"
                " removed after students handed in, grade with the release that they got, or begin a new gradebook."
            ) from error

    def _gradebook(self) -> Any:
        from nbgrader.api import Gradebook

        return Gradebook(self.course.db_url, self.course.directory.course_id)

    def _run(self, steps: tuple[type, ...], notebook: NotebookNode, student: str) -> NotebookNode:
        resources = {
            "nbgrader": {
                "student": student,
                "assignment": self.lab,
                "notebook": self.lab,
                "db_url": self.course.db_url,
            },
            "unique_key": self.lab,
        }
        for step in steps:
            notebook, resources = step(config=self.course.config, log=self.log).preprocess(notebook, resources)
        return notebook

    def _write(self, notebook: NotebookNode, student: str, timestamp: datetime | None) -> None:
        import nbformat

        self.forget_notebook(student)
        folder = self.course.autograded(student, self.lab)
        folder.mkdir(parents=True)
        if timestamp:
            (folder / "timestamp.txt").write_text(_stamp(timestamp), encoding="utf-8")
        nbformat.write(notebook, folder / f"{self.lab}.ipynb")


@contextmanager
def _known_warnings() -> Iterator[None]:
    """Silence SQLAlchemy on the order in which nbgrader links its new rows; they are linked all the same."""
    from sqlalchemy.exc import SAWarning

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Object of type .* not in session", category=SAWarning)
        yield


def _stamp(timestamp: datetime | None) -> str:
    """Write a time as nbgrader does."""
    return f"{timestamp:%Y-%m-%d %H:%M:%S.%f} UTC" if timestamp else ""


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""
