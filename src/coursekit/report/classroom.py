"""Who is in the class and what they have: read from the graded notebooks, the submissions and the gradebook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    GradeCell,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from nbgrader.api import Notebook as NotebookRow
from sqlalchemy import create_engine, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from coursekit.errors import CourseError
from coursekit.grading.check_cell import exercise_of
from coursekit.grading.course import Course
from coursekit.grading.gradebook import RECORD_KEY
from coursekit.grading.record import Record
from coursekit.grading.submission import Submission, SubmissionError, find_submissions, read_submission
from coursekit.variants import solution_sources

__all__ = ["Classroom", "Item", "Member", "read_classroom"]

#: The id of the cell in which grading tells a student what it mended.
_NOTES_CELL = "grading-notes"
# Tables, not classes: a query for a class of cells brings its parent's table along.
_GRADE_CELLS = GradeCell.__table__
_TASK_CELLS = TaskCell.__table__


@dataclass(frozen=True)
class Item:
    """Something that points are given for.

    Attributes:
        name: An exercise's slug, or the grade_id of an answer that is graded by hand.
        max_score: Points to be had.
        by_hand: Whether a person gives them.
    """

    name: str
    max_score: float
    by_hand: bool


@dataclass(frozen=True)
class Member:
    """One student.

    Attributes:
        student: The student's id.
        status: As in :class:`~coursekit.grading.record.Record`, or ``ungraded``.
        message: What grading said to the instructor.
        record: What grading said of the submission; None if it has not been graded.
        points: Points by item, as the gradebook has them; None for an answer that has no score yet.
        penalty: Points that are taken off for being late.
        waiting: The items that formgrader lists as waiting for a person.
        answers: The text of the code cells that were changed, by slug.
        tried: The grade_ids of all cells for answers that were changed, those in words included.
        mended: Whether the notebook had to be mended before it could be graded.
        outdated: Whether something else has been handed in since it was graded.
        handed_in: When, in UTC; empty if nothing says so.
        pages: Where to look at the work: the feedback page and the graded notebook, as far as there are any.
    """

    student: str
    status: str
    message: str = ""
    record: Record | None = None
    points: Mapping[str, float | None] | None = None
    penalty: float = 0.0
    waiting: tuple[str, ...] = ()
    answers: Mapping[str, str] | None = None
    tried: frozenset[str] = frozenset()
    mended: bool = False
    outdated: bool = False
    handed_in: str = ""
    pages: Mapping[str, Path] | None = None

    @property
    def score(self) -> float:
        """All points, by hand and by machine, less the penalty."""
        return max(0.0, sum(p or 0.0 for p in (self.points or {}).values()) - self.penalty)

    @property
    def seconds(self) -> float | None:
        """How long the submission took to run; None if it did not."""
        return self.record.seconds if self.record else None

    def points_by_machine(self, classroom: Classroom) -> list[float]:
        """Points in the exercises that checks give points for."""
        return [(self.points or {}).get(item.name) or 0.0 for item in classroom.items if not item.by_hand]

    @property
    def counted(self) -> bool:
        """Whether there is work that the statistics of the class can count."""
        return self.record is not None and self.status not in ("missing", "malformed", "ungraded")


@dataclass(frozen=True)
class Classroom:
    """A class and a lab.

    Attributes:
        lab: The lab's stem.
        items: What points are given for, in the order of the lab.
        members: The students, in the order of their ids.
        stubs: The solution cells as they were released, by slug.
        notes: What else an instructor should know.
    """

    lab: str
    items: tuple[Item, ...]
    members: tuple[Member, ...]
    stubs: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def max_score(self) -> float:
        """Points to be had in all."""
        return sum(item.max_score for item in self.items)


def read_classroom(lab: str, *, course: Course) -> Classroom:
    """Read what is known of a class.

    Args:
        lab: The lab's stem.
        course: The course.

    Raises:
        CourseError: If nothing has been graded, or the gradebook or the released notebook cannot be read.
        UnknownNameError: If there is no such lab.
    """
    course.require_lab(lab)
    released = course.released(lab)
    submissions, notes = find_submissions(course.submitted, lab) if course.submitted.is_dir() else ([], [])
    students: dict[str, Submission | None] = {found.student: found for found in submissions}
    graded = course.autograded(".", ".")
    if graded.is_dir():
        names = (path.name for path in graded.iterdir() if not path.name.startswith("."))
        students |= {name: None for name in names if name not in students}
    before = _answer_cells(released)
    entries = {student: _entry(course, student, lab, before) for student in students}
    if not any(entries.values()):
        raise CourseError(
            f"No submission to {lab} has been graded in {str(course.folder)!r}. Grade them first:"
            f" coursekit grade {lab} --course {course.folder}"
        )
    book = _Gradebook.read(course, lab)
    members = [
        _member(course, lab, student, submission, entries[student], book)
        for student, submission in sorted(students.items())
        if submission is not None or entries[student] is not None
    ]
    return Classroom(lab, _items(released, book.max_scores), tuple(members), solution_sources(released), tuple(notes))


@dataclass(frozen=True)
class _Entry:
    """A graded notebook."""

    record: Record
    digest: str
    answers: Mapping[str, str]
    tried: frozenset[str]
    mended: bool


def _entry(course: Course, student: str, lab: str, released: Mapping[str, str]) -> _Entry | None:
    """Read a graded notebook; None if there is none that ``coursekit grade`` wrote."""
    file = course.autograded(student, lab) / f"{lab}.ipynb"
    try:
        notebook = json.loads(file.read_text(encoding="utf-8"))
        entry = notebook["metadata"][RECORD_KEY]
        mended = any(cell.get("id") == _NOTES_CELL for cell in notebook["cells"])
        texts = _answer_cells(notebook)
        tried = frozenset(name for name, text in texts.items() if text.strip() != released.get(name, "").strip())
        answers = {slug: text for slug, text in solution_sources(notebook).items() if slug in tried}
        return _Entry(Record.from_json(entry["record"]), entry["digest"], answers, tried, mended)
    except (OSError, KeyError, TypeError, ValueError, RecursionError):
        return None


def _answer_cells(notebook: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of the cells for answers, in code or in words, by their grade_id."""
    cells = ((cell["metadata"].get("nbgrader", {}), cell["source"]) for cell in notebook["cells"])
    return {of["grade_id"]: "".join(source) for of, source in cells if of.get("solution") or of.get("task")}


@dataclass(frozen=True)
class _Row:
    """A student's row in the gradebook."""

    points: Mapping[str, float | None]
    waiting: tuple[str, ...]
    penalty: float
    handed_in: str


@dataclass(frozen=True)
class _Gradebook:
    """A lab's scores in the gradebook."""

    rows: Mapping[str, _Row]
    max_scores: Mapping[str, float]

    @classmethod
    def read(cls, course: Course, lab: str) -> _Gradebook:
        """Read the scores, and change nothing.

        Raises:
            CourseError: If there is no gradebook, or it cannot be read.
        """
        url = make_url(course.db_url)
        if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_file():
            raise CourseError(
                f"There is no gradebook {url.database}, though there are graded notebooks. Put it back, or grade again:"
                f" coursekit grade {lab} --course {course.folder} --regrade"
            )
        engine = create_engine(url)
        try:
            with engine.connect() as connection:
                of_lab = select(Assignment.id).where(Assignment.name == lab).scalar_subquery()
                most = func.coalesce(_GRADE_CELLS.c.max_score, _TASK_CELLS.c.max_score)
                cells = connection.execute(
                    select(BaseCell.name, most.label("most"))
                    .join(NotebookRow, NotebookRow.id == BaseCell.notebook_id)
                    .outerjoin(_GRADE_CELLS, _GRADE_CELLS.c.id == BaseCell.id)
                    .outerjoin(_TASK_CELLS, _TASK_CELLS.c.id == BaseCell.id)
                    .where(NotebookRow.assignment_id == of_lab, BaseCell.type.in_(("GradeCell", "TaskCell")))
                ).all()
                scores = connection.execute(
                    select(
                        SubmittedAssignment.student_id,
                        SubmittedAssignment.timestamp,
                        SubmittedNotebook.late_submission_penalty.label("penalty"),
                        BaseCell.name,
                        Grade.auto_score,
                        Grade.manual_score,
                        Grade.extra_credit,
                        Grade.needs_manual_grade,
                    )
                    .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                    .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
                    .join(BaseCell, BaseCell.id == Grade.cell_id)
                    .where(SubmittedAssignment.assignment_id == of_lab)
                ).all()
        except SQLAlchemyError as error:
            cause = str(error).partition("\n")[0]
            raise CourseError(
                f"The gradebook {course.db_url} cannot be read: {cause}. If another program is writing to it, close"
                " that and run again."
            ) from error
        finally:
            engine.dispose()
        grouped: dict[str, list[Any]] = {}
        for score in scores:
            grouped.setdefault(score.student_id, []).append(score)
        return cls({student: _row(found) for student, found in grouped.items()}, {c.name: c.most for c in cells})


def _row(grades: list[Any]) -> _Row:
    points: dict[str, float | None] = {}
    for grade in grades:
        score = grade.auto_score if grade.manual_score is None else grade.manual_score
        points[grade.name] = None if score is None else score + (grade.extra_credit or 0.0)
    waiting = tuple(grade.name for grade in grades if grade.needs_manual_grade)
    when = grades[0].timestamp
    return _Row(points, waiting, grades[0].penalty or 0.0, f"{when:%Y-%m-%d %H:%M}" if when else "")


def _items(released: Mapping[str, Any], max_scores: Mapping[str, float]) -> tuple[Item, ...]:
    items = []
    for cell in released["cells"]:
        nbgrader = cell["metadata"].get("nbgrader", {})
        name = nbgrader.get("grade_id")
        if name in max_scores and (nbgrader.get("grade") or nbgrader.get("task")):
            slug = exercise_of(cell)
            items.append(Item(slug or name, float(max_scores[name]), slug is None))
    return tuple(items)


def _member(
    course: Course,
    lab: str,
    student: str,
    submission: Submission | None,
    entry: _Entry | None,
    book: _Gradebook,
) -> Member:
    digest, cause = "", ""
    status = "ungraded"
    if submission is not None:
        try:
            digest = read_submission(submission).digest
        except SubmissionError as error:
            cause = str(error)
            status = error.status if error.status == "missing" else status
    if entry is None:
        return Member(student, status, cause)
    row = book.rows.get(student, _Row({}, (), 0.0, ""))
    feedback = course.directory.format_path(course.directory.feedback_directory, student, lab)
    pages = {
        "feedback": Path(feedback) / f"{lab}.html",
        "notebook": course.autograded(student, lab) / f"{lab}.ipynb",
    }
    return Member(
        student=student,
        status=entry.record.status,
        message=entry.record.message,
        record=entry.record,
        points={name.removeprefix("check_"): points for name, points in row.points.items()},
        penalty=row.penalty,
        waiting=row.waiting,
        answers=entry.answers,
        tried=entry.tried,
        mended=entry.mended,
        outdated=submission is not None and digest != entry.digest,
        handed_in=row.handed_in,
        pages={kind: path for kind, path in pages.items() if path.is_file()},
    )
