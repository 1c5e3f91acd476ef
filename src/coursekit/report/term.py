"""The page about a term: everybody's points in several labs, and who may be losing touch."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import numpy as np

from coursekit.errors import CourseError
from coursekit.grading.course import Course
from coursekit.grading.grades import LabGrade, read_grades
from coursekit.grading.students import read_names
from coursekit.report.page import fill_in, heat_of, write_page
from coursekit.report.plots import lab_boxes

__all__ = ["LabOfTerm", "StudentOfTerm", "read_term", "write_term_report"]

#: So many labs in a row with nothing handed in are worth a look.
_ABSENT = 2
#: A lab this far below a student's own mean before is worth a look, as a share of its points.
_FALL = 0.3


@dataclass(frozen=True)
class LabOfTerm:
    """How a lab went.

    Attributes:
        name: The lab's stem.
        max_score: The highest possible score.
        shares: The points of those who handed it in, each as a share of the highest possible score, in rising order.
        n_open: How many of them wait for points that a person gives.
        page: The lab's own report, if it was written; None otherwise.
    """

    name: str
    max_score: float
    shares: tuple[float, ...]
    n_open: int
    page: Path | None

    def quantile(self, part: float) -> float:
        """The share that this part of the class does not exceed; nan of nobody."""
        return float(np.quantile(self.shares, part)) if self.shares else float("nan")


@dataclass(frozen=True)
class StudentOfTerm:
    """What a student did in the labs.

    Attributes:
        student: The student's id.
        name: Their name; empty where the gradebook has none.
        scores: Points in each lab, in the order of the labs; None where nothing was handed in.
        penalty: What was taken off for being late, in all labs together.
        concern: Why they may need a word; empty if nothing says so.
    """

    student: str
    name: str
    scores: tuple[float | None, ...]
    penalty: float
    concern: str

    @property
    def total(self) -> float:
        """The points of all labs together."""
        return sum(score or 0.0 for score in self.scores)

    @property
    def n_handed_in(self) -> int:
        """How many labs they handed in."""
        return sum(score is not None for score in self.scores)


def write_term_report(labs: Sequence[str], *, course: Path = Path("autograde"), output: Path | None = None) -> Path:
    """Write the page about several labs.

    Args:
        labs: The labs' stems, in the order in which they were handed out.
        course: The course folder: the one with ``nbgrader_config.py``.
        output: The file to write; ``reports/term.html`` in the course folder unless given. It can be read by its owner
            alone, or by the course's group where the course is shared.

    Returns:
        The file.

    Raises:
        CourseError: If a lab is named twice, nobody has been graded in one, the gradebook cannot be read, or the file
            cannot be written or is no report.
        UnknownNameError: If there is no such lab.
    """
    folder = Course(course)
    file = (output or folder.folder / "reports" / "term.html").absolute()
    of_term, students = read_term(labs, folder)
    page = fill_in(
        "term.html.jinja",
        labs=of_term,
        students=students,
        look=[student for student in students if student.concern],
        max_total=sum(lab.max_score for lab in of_term),
        n_open=sum(lab.n_open for lab in of_term),
        boxes=lab_boxes([(lab.name, lab.shares) for lab in of_term], len(students)),
        links={lab.name: _link(lab.page, file.parent) for lab in of_term if lab.page is not None},
        heat=heat_of,
        absent=_ABSENT,
        fall=_FALL,
    )
    write_page(page, file, folder)
    return file


def read_term(labs: Sequence[str], course: Course) -> tuple[list[LabOfTerm], list[StudentOfTerm]]:
    """Read how a class did in several labs.

    Args:
        labs: The labs' stems, in the order in which they were handed out.
        course: The course.

    Returns:
        The labs, and everybody whom the gradebook knows, in the order of their names.

    Raises:
        CourseError: If a lab is named twice, nobody has been graded in one, or the gradebook cannot be read.
        UnknownNameError: If there is no such lab.
    """
    twice = sorted({lab for lab in labs if labs.count(lab) > 1})
    if twice:
        raise CourseError(f"{', '.join(twice)} was named more than once. Name each lab once, in the order of the term.")
    for lab in labs:
        course.require_lab(lab)
    names = read_names(course)
    of_term, grades, ids = [], list[Mapping[str, LabGrade]](), set[str]()
    for lab in labs:
        found = read_grades(course, lab)
        shares = sorted(grade.score / (found.max_score or 1.0) for grade in found.students)
        page = course.folder / "reports" / f"{lab}.html"
        n_open = sum(grade.open for grade in found.students)
        of_term.append(LabOfTerm(lab, found.max_score, tuple(shares), n_open, page if page.is_file() else None))
        grades.append({grade.student: grade for grade in found.students})
        ids |= {*grades[-1], *found.absent}
    students = [_student(student, names.get(student, ""), grades, of_term) for student in ids]
    return of_term, sorted(students, key=lambda student: (student.name or student.student, student.student))


def _student(
    student: str, name: str, grades: Sequence[Mapping[str, LabGrade]], labs: Sequence[LabOfTerm]
) -> StudentOfTerm:
    found = [of_lab.get(student) for of_lab in grades]
    scores = tuple(grade.score if grade else None for grade in found)
    penalty = sum(grade.penalty for grade in found if grade)
    return StudentOfTerm(student, name, scores, penalty, _concern(scores, labs))


def _concern(scores: Sequence[float | None], labs: Sequence[LabOfTerm]) -> str:
    """Say why somebody may need a word; say nothing if nothing tells."""
    n_absent = next((i for i, score in enumerate(reversed(scores)) if score is not None), len(scores))
    if n_absent == len(scores):
        return "has handed in nothing"
    if n_absent >= _ABSENT:
        return f"has handed in nothing since {labs[len(scores) - n_absent - 1].name}"
    shares = [
        (lab.name, score / (lab.max_score or 1.0)) for lab, score in zip(labs, scores, strict=True) if score is not None
    ]
    (last, now), before = shares[-1], [share for _, share in shares[:-1]]
    usual = sum(before) / len(before) if before else 0.0
    if usual - now >= _FALL - 1e-9:
        return f"has {100 * now:.0f} % in {last}, and had {100 * usual:.0f} % on average before"
    return ""


def _link(page: Path, beside: Path) -> str:
    return quote(Path(os.path.relpath(page, beside)).as_posix())
