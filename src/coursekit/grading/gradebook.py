"""The only part that writes: nbgrader's gradebook and the folder of graded notebooks.

nbgrader's own steps do the work, in the order in which ``nbgrader autograde`` takes them, so that formgrader,
feedback and export find what they expect.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, SaveCells
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SAWarning, SQLAlchemyError
from traitlets import import_item

from coursekit.errors import CourseError
from coursekit.grading.course import Course, programs_on_path
from coursekit.grading.record import Record
from coursekit.grading.submission import Receipt, SubmissionError

__all__ = ["GradebookWriter"]

RECORD_KEY = "coursekit"
_KINDS = ("grade", "solution", "task", "source")


class GradebookWriter:
    """Writes one lab's grades of one course.

    Grades are for their owner's eyes: what is made here, nobody else on the machine can read, unless the course is
    shared with a group (``CourseDirectory.groupshared``).

    Args:
        course: The course.
        lab: The lab's stem.
        edition: A digest of what submissions are graded with.

    Attributes:
        n_outdated: How many of the records that :meth:`kept` returned come from another edition.

    Raises:
        CourseError: If the gradebook cannot be opened, or holds submissions to an older form of the lab.
    """

    def __init__(self, course: Course, lab: str, *, edition: str = "") -> None:
        self.course = course
        self.lab = lab
        self.edition = edition
        self.n_outdated = 0
        self.shared = bool(course.directory.groupshared)
        # nbgrader reports each step; what an instructor needs to know is in the records.
        self.log = logging.getLogger("coursekit.grading.nbgrader")
        self.log.setLevel(logging.CRITICAL)
        autograde = Autograde(coursedir=course.directory, config=course.config)
        self.before_run = [_resolved(step) for step in autograde.sanitize_preprocessors]
        steps = [_resolved(step) for step in autograde.autograde_preprocessors]
        self.after_run = [step for step in steps if not issubclass(step, Execute)]
        with self._guarded():
            self._save_structure()
            self._entered = self._auto_scores()

    def sanitize(self, notebook: NotebookNode, student: str) -> NotebookNode:
        """Put the released check cells in place of a submission's own, and drop its outputs.

        Raises:
            SubmissionError: If nbgrader finds the notebook beyond repair.
        """
        return self._run(self.before_run, notebook, student)

    def withdraw(self, student: str) -> None:
        """Enter a student who has handed in nothing; grades of an earlier hand-in become 0."""
        self._forget_notebook(student)
        with self._guarded(), self._gradebook() as gradebook:
            gradebook.update_or_create_student(student)
            with contextlib.suppress(MissingEntry):
                _reset(gradebook.find_submission(self.lab, student))
            gradebook.db.commit()

    def write(self, record: Record, notebook: NotebookNode, receipt: Receipt, digest: str) -> None:
        """Write a submission's grades, its late penalty and its graded notebook.

        The notebook comes last: as long as it is not there, the submission counts as not graded.

        Raises:
            SubmissionError: If nbgrader cannot read the grades off the notebook.
        """
        self._forget_notebook(record.student)
        with self._guarded(), self._gradebook() as gradebook:
            gradebook.update_or_create_student(record.student)
            _reset(gradebook.update_or_create_submission(self.lab, record.student, timestamp=receipt.timestamp))
            gradebook.db.commit()
        notebook = self._run(self.after_run, notebook, record.student)
        notebook.metadata[RECORD_KEY] = {
            "digest": digest,
            "edition": self.edition,
            "record": record.as_json(),
        }
        with self._guarded():
            self._write_notebook(notebook, record.student, receipt)

    def kept(self, student: str, digest: str, receipt: Receipt) -> Record | None:
        """Return the record of an earlier run if neither the submission nor its grades have changed since."""
        folder = self.course.autograded(student, self.lab)
        try:
            entry = nbformat.read(folder / f"{self.lab}.ipynb", as_version=4).metadata[RECORD_KEY]
            record = Record.from_json(entry["record"])
            if entry["digest"] != digest or _stamp(receipt.timestamp) != _text(folder / "timestamp.txt"):
                return None
        except (OSError, KeyError, TypeError, ValueError):
            return None
        scores = self._entered.get(student, {})
        if any(scores.get(f"check_{e.name}") != e.score for e in record.exercises):
            return None
        self.n_outdated += entry.get("edition") != self.edition
        return record

    def _save_structure(self) -> None:
        """Tell the gradebook of the lab's cells, or check that it knows them."""
        released = self.course.released(self.lab)
        database = make_url(self.course.db_url).database
        new = database is not None and not Path(database).exists()
        with programs_on_path(), self._gradebook() as gradebook:
            if new and database is not None:
                Path(database).chmod(0o660 if self.shared else 0o600)
            self._refuse_other_cells(gradebook, released)
            gradebook.update_or_create_assignment(self.lab)
        try:
            self._run([SaveCells], released, student="")
        except SubmissionError as error:
            raise CourseError(f"nbgrader cannot take up the released notebook of {self.lab}: {error}") from error

    def _refuse_other_cells(self, gradebook: Gradebook, released: NotebookNode) -> None:
        try:
            known = gradebook.find_notebook(self.lab, self.lab)
        except MissingEntry:
            return
        before = {(kind, cell.name) for kind in _KINDS for cell in getattr(known, f"{kind}_cells")}
        now = _cells(released)
        if not known.submissions or before == now:
            return
        names = [sorted({name for _, name in cells}) for cells in (now - before, before - now)]
        changes = "; ".join(f"{verb} {', '.join(of)}" for verb, of in zip(("new:", "gone:"), names, strict=True) if of)
        raise CourseError(
            f"The released notebook of {self.lab} has other cells than the gradebook {self.course.db_url} ({changes}),"
            f" which holds {len(known.submissions)} submissions. Release the cells that students got, or move the"
            " gradebook and the folder autograded away to grade into a new one. Nothing was changed."
        )

    def _auto_scores(self) -> dict[str, dict[str, float | None]]:
        """Return what the gradebook holds before this run: scores by student and cell."""
        scores: dict[str, dict[str, float | None]] = {}
        with self._gradebook() as gradebook:
            rows = (
                gradebook.db.query(SubmittedAssignment.student_id, BaseCell.name, Grade.auto_score)
                .select_from(Grade)
                .join(BaseCell, BaseCell.id == Grade.cell_id)
                .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
                .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
                .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
                .filter(Assignment.name == self.lab)
            )
            for student, cell, score in rows:
                scores.setdefault(student, {})[cell] = score
        return scores

    def _gradebook(self) -> Gradebook:
        return Gradebook(self.course.db_url, self.course.directory.course_id)

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """Let nbgrader work on the gradebook: its own slips stay silent, and what stops it is told in words."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SAWarning)
                yield
        except OSError as error:
            raise CourseError(
                f"The course folder {str(self.course.folder)!r} cannot be written to: {error}. Make room, or give"
                " yourself the right to, and run again: what has been graded is kept."
            ) from error
        except SQLAlchemyError as error:
            cause = str(error).partition("\n")[0]
            raise CourseError(
                f"The gradebook {self.course.db_url} cannot be used: {cause}. If another program is writing to it,"
                " close that and run again: what has been graded is kept. If it comes from an older nbgrader, copy it"
                " and run `nbgrader db upgrade`. If it is damaged, put a copy in its place, or move it away to begin"
                " a new one."
            ) from error

    def _run(self, steps: list[type], notebook: NotebookNode, student: str) -> NotebookNode:
        names = {"student": student, "assignment": self.lab, "notebook": self.lab, "db_url": self.course.db_url}
        resources: dict[str, Any] = {"nbgrader": names, "unique_key": self.lab}
        try:
            with self._guarded():
                for step in steps:
                    notebook, resources = step(config=self.course.config, log=self.log)(notebook, resources)
        except CourseError:
            raise
        except Exception as error:
            cause = f"{error} is missing" if isinstance(error, KeyError) else f"{type(error).__name__}: {error}"
            raise SubmissionError("malformed", f"Its cells are not those of the released notebook: {cause}.") from error
        return notebook

    def _forget_notebook(self, student: str) -> None:
        """Take away the graded notebook of an earlier hand-in."""
        shutil.rmtree(self.course.autograded(student, self.lab), ignore_errors=True)

    def _write_notebook(self, notebook: NotebookNode, student: str, receipt: Receipt) -> None:
        folder = self.course.autograded(student, self.lab)
        unfinished = folder.with_name(f".{folder.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        for place in (folder.parent.parent, folder.parent, unfinished):
            if not place.exists():
                place.mkdir()
                place.chmod(0o2770 if self.shared else 0o700)
        # nbgrader releases feedback by the secret, and compares timestamps to see what has been graded.
        texts = {
            f"{self.lab}.ipynb": nbformat.writes(notebook) + "\n",
            "timestamp.txt": _stamp(receipt.timestamp),
            "submission_secret.txt": receipt.secret,
        }
        for name, text in texts.items():
            if text:
                (unfinished / name).write_text(text, encoding="utf-8", errors="replace")
                (unfinished / name).chmod(0o660 if self.shared else 0o600)
        unfinished.replace(folder)


def _resolved(step: type | str) -> type:
    found: type = import_item(step) if isinstance(step, str) else step
    return found


def _cells(notebook: NotebookNode) -> set[tuple[str, str]]:
    """List the cells that nbgrader keeps, each once for every kind that it is of."""
    found = set()
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        kinds = {kind for kind in ("grade", "solution", "task") if nbgrader.get(kind)}
        kinds |= {"source"} if kinds or nbgrader.get("locked") else set()
        found |= {(kind, nbgrader["grade_id"]) for kind in kinds}
    return found


def _reset(submission: Any) -> None:
    """Take back the automatic grades; those given by hand, and comments, stay."""
    for notebook in submission.notebooks:
        notebook.late_submission_penalty = None
        for grade in notebook.grades:
            grade.auto_score = 0
            grade.needs_manual_grade = False


def _stamp(timestamp: datetime | None) -> str:
    """Write a time as nbgrader does."""
    return timestamp.isoformat(" ", "microseconds") + " UTC" if timestamp else ""


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""
