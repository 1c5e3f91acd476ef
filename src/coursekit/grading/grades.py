"""What nbgrader's gradebook says of a lab: the only part that reads it. It changes nothing."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import ColumnElement, Connection, create_engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SAWarning, SQLAlchemyError
from sqlalchemy.orm import Session

from coursekit.errors import CourseError
from coursekit.grading.course import Course

__all__ = ["NO_RESPONSE", "CellGrade", "LabGrade", "LabGrades", "auto_scores", "read_grades"]

#: What nbgrader says of an answer that is as it was released.
NO_RESPONSE = "No response."


@dataclass(frozen=True)
class CellGrade:
    """What one cell earned.

    Attributes:
        cell: Its grade_id.
        score: Points given; None where a person has yet to give them.
        max_score: The highest possible score.
        by_hand: Whether a person has given them.
        comment: What the grader says of it.
        waiting: Whether formgrader lists it as waiting for a person.
    """

    cell: str
    score: float | None
    max_score: float
    by_hand: bool = False
    comment: str = ""
    waiting: bool = False


@dataclass(frozen=True)
class LabGrade:
    """One student's grade, as nbgrader computes it: by checks and by hand, less what is taken off for being late.

    Attributes:
        student: The course's id for them.
        name: "Last, First", as the gradebook has it; empty where it has none.
        score: Points, the penalty taken off; not below 0.
        penalty: What is taken off for being late.
        open: Whether there is something left to be graded by hand.
        cells: What each cell earned.
        handed_in: When the work was handed in, in UTC; None if nothing says so.
        comments: What the grader says of each cell that has a comment of a person's, by its grade_id.
        unanswered: The grade_ids of the cells for answers that are as they were released.
    """

    student: str
    name: str
    score: float
    penalty: float
    open: bool
    cells: tuple[CellGrade, ...] = ()
    handed_in: datetime | None = None
    comments: Mapping[str, str] = field(default_factory=dict)
    unanswered: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LabGrades:
    """A lab's grades.

    Attributes:
        max_score: The highest possible score.
        students: The grades of those who have handed in, by id.
        absent: The ids of the others.
        max_scores: The highest possible score of each cell, by its grade_id.
    """

    max_score: float
    students: tuple[LabGrade, ...]
    absent: tuple[str, ...]
    max_scores: Mapping[str, float]


def read_grades(course: Course, lab: str, *, student: str | None = None) -> LabGrades:
    """Read a lab's grades from a course's gradebook.

    Args:
        course: The course.
        lab: The lab's stem.
        student: The only student whose grades to read; all unless given.

    Raises:
        CourseError: If there is no gradebook, it cannot be read, or nobody has been graded.
    """
    url = make_url(course.db_url)
    missing = url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file()
    why = f"there is no gradebook {url.database}" if missing else ""
    if not missing:
        try:
            with warnings.catch_warnings():
                # nbgrader's own use of its database.
                warnings.simplefilter("ignore", SAWarning)
                found = _read(course.db_url, lab, student)
        except SQLAlchemyError as error:
            cause = str(error).partition("\n")[0]
            raise CourseError(
                f"The gradebook {course.db_url} cannot be read: {cause}. If another program is writing to it, close"
                " that and run again."
            ) from error
        if found.students:
            return found
        why = f"the gradebook {course.db_url} has no submission to it"
    raise CourseError(
        f"Nobody has been graded in {lab}: {why}. Run `coursekit grade {lab} --course {course.folder}` first."
    )


def auto_scores(connection: Connection, lab: str) -> dict[str, dict[str, float | None]]:
    """Return all automatic scores of a lab, by student and cell."""
    scores: dict[str, dict[str, float | None]] = {}
    rows = connection.execute(
        select(SubmittedAssignment.student_id, BaseCell.name, Grade.auto_score)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == lab)
    )
    for student, cell, score in rows:
        scores.setdefault(student, {})[cell] = score
    return scores


def _read(db_url: str, lab: str, only: str | None) -> LabGrades:
    engine = create_engine(db_url)
    try:
        with Session(engine) as session:
            max_score = session.execute(select(Assignment.max_score).where(Assignment.name == lab)).scalar()
            names = {
                student: ", ".join(filter(None, (last, first)))
                for student, last, first in session.execute(select(Student.id, Student.last_name, Student.first_name))
            }
            max_scores = _max_scores(session, lab)
            cells = _cells(session, lab, only)
            comments, unanswered = _comments(session, lab, only)
            rows = session.execute(
                select(
                    SubmittedAssignment.student_id,
                    SubmittedAssignment.score,
                    SubmittedAssignment.late_submission_penalty,
                    SubmittedAssignment.needs_manual_grade,
                    SubmittedAssignment.timestamp,
                )
                .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
                .where(Assignment.name == lab, *_only(only))
                .order_by(SubmittedAssignment.student_id)
            ).all()
    finally:
        engine.dispose()
    grades = tuple(
        LabGrade(
            student,
            names[student],
            max(0.0, (score or 0.0) - (penalty or 0.0)),
            penalty or 0.0,
            bool(unfinished),
            tuple(cells.get(student, ())),
            handed_in,
            comments.get(student, {}),
            frozenset(unanswered.get(student, ())),
        )
        for student, score, penalty, unfinished, handed_in in rows
    )
    absent = tuple(sorted(set(names) - {grade.student for grade in grades}))
    return LabGrades(float(max_score or 0.0), grades, absent, max_scores)


def _max_scores(session: Session, lab: str) -> dict[str, float]:
    """Return the highest possible score of each cell, by its grade_id."""
    found: dict[str, float] = {}
    for kind in (GradeCell, TaskCell):
        rows = session.execute(
            select(kind.name, kind.max_score)
            .join(Notebook, Notebook.id == kind.notebook_id)
            .join(Assignment, Assignment.id == Notebook.assignment_id)
            .where(Assignment.name == lab)
        )
        found |= {name: float(max_score) for name, max_score in rows}
    return found


def _only(student: str | None) -> list[ColumnElement[bool]]:
    return [] if student is None else [SubmittedAssignment.student_id == student]


def _comments(session: Session, lab: str, only: str | None) -> tuple[dict[str, dict[str, str]], dict[str, set[str]]]:
    """Return persons' comments, and which cells were left as released, by student and cell."""
    comments: dict[str, dict[str, str]] = {}
    unanswered: dict[str, set[str]] = {}
    rows = session.execute(
        select(SubmittedAssignment.student_id, BaseCell.name, Comment.manual_comment, Comment.auto_comment)
        .join(SubmittedNotebook, SubmittedNotebook.id == Comment.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(BaseCell, BaseCell.id == Comment.cell_id)
        .where(Assignment.name == lab, *_only(only))
    )
    for student, cell, by_person, automatic in rows:
        if by_person:
            comments.setdefault(student, {})[cell] = by_person
        if automatic == NO_RESPONSE:
            unanswered.setdefault(student, set()).add(cell)
    return comments, unanswered


def _cells(session: Session, lab: str, only: str | None) -> dict[str, list[CellGrade]]:
    """Return what cells earned, by student."""
    comments = {
        (notebook, cell): by_person or automatic
        for notebook, cell, by_person, automatic in session.execute(
            select(Comment.notebook_id, BaseCell.name, Comment.manual_comment, Comment.auto_comment).join(
                BaseCell, BaseCell.id == Comment.cell_id
            )
        )
    }
    found: dict[str, list[CellGrade]] = {}
    for kind in (GradeCell, TaskCell):
        rows = session.execute(
            select(
                SubmittedAssignment.student_id,
                Grade.notebook_id,
                kind.name,
                kind.max_score,
                Grade.manual_score,
                Grade.auto_score,
                Grade.extra_credit,
                Grade.needs_manual_grade,
            )
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .join(kind, kind.id == Grade.cell_id)
            .where(Assignment.name == lab, *_only(only))
            .order_by(kind.name)
        )
        for student, notebook, name, max_score, manual, automatic, extra, waiting in rows:
            score = automatic if manual is None else manual
            score = score + (extra or 0.0) if score is not None else extra
            comment = comments.get((notebook, name)) or ""
            by_hand = manual is not None or bool(extra)
            cell = CellGrade(name, score, max_score, by_hand, comment, bool(waiting))
            found.setdefault(student, []).append(cell)
    return found
