"""A class and its work in a lab, read from the graded notebooks, the submissions and the gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.cells import exercise_of, grade_id, has_points, is_answer, item_of, solution_sources
from coursekit.errors import CourseError
from coursekit.grading.course import Course
from coursekit.grading.grades import LabGrade, read_grades
from coursekit.grading.record import Record
from coursekit.grading.stored import read_stored
from coursekit.grading.students import read_names
from coursekit.grading.submission import Submission, SubmissionError, find_submissions, read_submission

__all__ = ["Classroom", "Item", "Member", "read_classroom"]

#: The ids of the cells in which grading tells a student what it mended, and which cells stopped.
_NOTES_CELL = "grading-notes"
_STOPS_CELL = "grading-stops"


@dataclass(frozen=True)
class Item:
    """Something that points are given for.

    Attributes:
        name: An exercise's slug, or the grade_id of an answer that is graded by hand.
        max_score: The highest possible score.
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
        name: Their name, as the gradebook has it; empty where it has none.
        status: As in :class:`~coursekit.grading.record.Record`, or ``ungraded``.
        message: What grading said to the instructor.
        record: What grading said of the submission; None if it has not been graded.
        points: Points by item, as the gradebook has them; None for an answer that has no score yet.
        penalty: Points that are taken off for being late.
        waiting: The items that formgrader lists as waiting for a person.
        answers: The text of the code cells that were changed, by slug.
        tried: The grade_ids of all cells for answers that were changed, those in words included.
        mended: Whether the notebook had to be mended before it could be graded.
        stopped: Whether a cell of it stopped or was ended while it was graded.
        outdated: Whether something else has been handed in since it was graded.
        handed_in: When, in UTC; empty if nothing says so.
        pages: Where to look at the work: the feedback page and the graded notebook, as far as there are any.
    """

    student: str
    status: str
    message: str = ""
    name: str = ""
    record: Record | None = None
    points: Mapping[str, float | None] | None = None
    penalty: float = 0.0
    waiting: tuple[str, ...] = ()
    answers: Mapping[str, str] | None = None
    tried: frozenset[str] = frozenset()
    mended: bool = False
    stopped: bool = False
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
        """The highest possible score of the lab."""
        return sum(item.max_score for item in self.items)


def read_classroom(lab: str, *, course: Course) -> Classroom:
    """Read a class's work in a lab.

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
        folders = (path.name for path in graded.iterdir() if not path.name.startswith("."))
        students |= {name: None for name in folders if name not in students}
    before = _answer_cells(released)
    works = {student: _work(course.autograded(student, lab), lab, before) for student in students}
    if not any(works.values()):
        raise CourseError(
            f"No submission to {lab} has been graded in {str(course.folder)!r}. Grade them first:"
            f" coursekit grade {lab} --course {course.folder}"
        )
    grades = read_grades(course, lab)
    of = {grade.student: grade for grade in grades.students}
    names = read_names(course)
    members = [
        _member(course, lab, student, submission, works[student], of.get(student), names.get(student, ""))
        for student, submission in sorted(students.items())
        if submission is not None or works[student] is not None
    ]
    return Classroom(lab, _items(released, grades.max_scores), tuple(members), solution_sources(released), tuple(notes))


@dataclass(frozen=True)
class _Work:
    """What a graded notebook says of a student's work."""

    record: Record
    digest: str
    answers: Mapping[str, str]
    tried: frozenset[str]
    mended: bool
    stopped: bool


def _work(folder: Path, lab: str, released: Mapping[str, str]) -> _Work | None:
    """Read a graded notebook; None if there is none that ``coursekit grade`` wrote."""
    stored = read_stored(folder, lab)
    if stored is None:
        return None
    try:
        told = {cell.get("id") for cell in stored.notebook["cells"]}
        texts = _answer_cells(stored.notebook)
        tried = frozenset(name for name, text in texts.items() if text.strip() != released.get(name, "").strip())
        answers = {slug: text for slug, text in solution_sources(stored.notebook).items() if slug in tried}
    except (KeyError, TypeError, AttributeError):
        return None
    return _Work(stored.record, stored.digest, answers, tried, _NOTES_CELL in told, _STOPS_CELL in told)


def _answer_cells(notebook: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of the cells for answers, in code or in words, by their grade_id."""
    return {grade_id(cell): "".join(cell["source"]) for cell in notebook["cells"] if is_answer(cell)}


def _items(released: Mapping[str, Any], max_scores: Mapping[str, float]) -> tuple[Item, ...]:
    items = []
    for cell in released["cells"]:
        name = grade_id(cell)
        if name in max_scores and has_points(cell):
            slug = exercise_of(cell)
            items.append(Item(slug or name, float(max_scores[name]), slug is None))
    return tuple(items)


def _member(
    course: Course,
    lab: str,
    student: str,
    submission: Submission | None,
    work: _Work | None,
    grade: LabGrade | None,
    name: str,
) -> Member:
    digest, cause = "", ""
    status = "ungraded"
    if submission is not None:
        try:
            digest = read_submission(submission).digest
        except SubmissionError as error:
            cause = str(error)
            status = error.status if error.status == "missing" else status
    if work is None:
        return Member(student, status, cause, name)
    grade = grade or LabGrade(student, "", score=0.0, penalty=0.0, open=False)
    feedback = course.directory.format_path(course.directory.feedback_directory, student, lab)
    pages = {
        "feedback": Path(feedback) / f"{lab}.html",
        "notebook": course.autograded(student, lab) / f"{lab}.ipynb",
    }
    return Member(
        student=student,
        name=name,
        status=work.record.status,
        message=work.record.message,
        record=work.record,
        points={item_of(cell.cell): cell.score for cell in grade.cells},
        penalty=grade.penalty,
        waiting=tuple(cell.cell for cell in grade.cells if cell.waiting),
        answers=work.answers,
        tried=work.tried,
        mended=work.mended,
        stopped=work.stopped,
        outdated=submission is not None and digest != work.digest,
        handed_in=f"{grade.handed_in:%Y-%m-%d %H:%M}" if grade.handed_in else "",
        pages={kind: path for kind, path in pages.items() if path.is_file()},
    )
