"""``coursekit feedback``: the pages of a whole class, on all cores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import nbformat.v4

from coursekit.errors import CourseError, UnknownNameError
from coursekit.feedback.page import render, render_broken
from coursekit.files import replace_file
from coursekit.grading.course import Course
from coursekit.grading.grades import LabGrade, read_grades
from coursekit.grading.pool import n_cores, process_pool
from coursekit.grading.submission import read_short_text
from coursekit.text import printable

__all__ = ["Written", "write_feedback"]

#: Pages for each process: to start one takes about as long as to make these.
_WORTH = 100
#: Pages that a process makes before it asks for more.
_CHUNK = 8
#: What nbgrader hands feedback out by, beside the page.
_NOTES = ("timestamp.txt", "submission_secret.txt")


@dataclass(frozen=True)
class Written:
    """What came of writing pages.

    Attributes:
        pages: How many were written.
        place: Where they are, with STUDENT for a student's id.
        broken: Students whose graded notebook cannot be read: their page has the points alone, and says so.
        without: Students with a grade and no graded notebook, and so without a page.
        absent: Students who handed in nothing.
    """

    pages: int
    place: Path
    broken: tuple[str, ...]
    without: tuple[str, ...]
    absent: tuple[str, ...]

    def text(self) -> str:
        """Say how many pages were written and where, and who has none or half a one."""
        n = f"{self.pages:,} page{'' if self.pages == 1 else 's'}"
        lines = [f"{n} written: {printable(str(self.place))}"]
        for who, what in (
            (self.broken, "the graded notebook cannot be read, so the page has the points alone; grade again"),
            (self.without, "no page, because there is no graded notebook; grade again"),
            (self.absent, "no page, because nothing was handed in"),
        ):
            if who:
                lines.append(f"note: {what}: {printable('; '.join(who))}")
        return "\n".join(lines)


@dataclass(frozen=True)
class _Job:
    grade: LabGrade
    lab: str
    max_score: float
    notebook: Path
    page: Path
    shared: bool


def write_feedback(
    lab: str,
    *,
    course: Path = Path("autograde"),
    student: str | None = None,
    jobs: int | None = None,
) -> Written:
    """Write a page of feedback for each student of a lab; pages of an earlier run are written anew.

    Args:
        lab: The lab's stem.
        course: The course folder: the one with ``nbgrader_config.py``.
        student: The only student to write a page for; all unless given.
        jobs: How many processes to make pages in at most; as many as there are cores unless given. Small classes take
            one, which is done before others have started.

    Raises:
        CourseError: If nobody has been graded, the gradebook cannot be read, or a page cannot be written.
        UnknownNameError: If there is no such lab or student.
    """
    if jobs is not None and jobs < 1:
        raise CourseError(f"--jobs must be at least 1; got {jobs}.")
    folder = Course(course)
    folder.require_lab(lab)
    grades = read_grades(folder, lab)
    known = [grade.student for grade in grades.students]
    if student is not None and student not in known:
        raise UnknownNameError("student", student, known)
    chosen = [grade for grade in grades.students if student in (None, grade.student)]
    work = [_job(folder, lab, grade, grades.max_score) for grade in chosen if _has_notebook(folder, lab, grade.student)]
    if not work:
        raise CourseError(
            f"There is no graded notebook of {lab} in {str(folder.folder)!r}. Grade first:"
            f" coursekit grade {lab} --course {folder.folder}"
        )
    readable = list(_written(work, jobs or n_cores()))
    broken = [_named(job.grade) for job, could in zip(work, readable, strict=True) if not could]
    paged = {job.grade.student for job in work}
    without = [_named(grade) for grade in chosen if grade.student not in paged]
    place = folder.feedback("STUDENT", lab) / f"{lab}.html"
    return Written(len(work), place, tuple(broken), tuple(without), grades.absent if student is None else ())


def _named(grade: LabGrade) -> str:
    return f"{grade.name} ({grade.student})" if grade.name else grade.student


def _has_notebook(course: Course, lab: str, student: str) -> bool:
    # An id that is no name of a folder could lead out of the course.
    return Path(student).name == student and (course.autograded(student, lab) / f"{lab}.ipynb").is_file()


def _job(course: Course, lab: str, grade: LabGrade, max_score: float) -> _Job:
    notebook = course.autograded(grade.student, lab) / f"{lab}.ipynb"
    page = course.feedback(grade.student, lab) / f"{lab}.html"
    return _Job(grade, lab, max_score, notebook, page, bool(course.directory.groupshared))


def _written(work: Sequence[_Job], n_processes: int) -> Iterator[bool]:
    """Write pages, and tell of each whether its notebook could be read."""
    n_worth = min(n_processes, len(work) // _WORTH)
    if n_worth < 2:
        yield from map(_write_page, work)
        return
    try:
        with process_pool(n_worth) as pool:
            yield from pool.map(_write_page, work, chunksize=_CHUNK)
    except BrokenProcessPool as error:
        raise CourseError(
            "A process that made pages of feedback was ended, perhaps for want of memory. The pages that were written"
            " are whole: run again, with --jobs 1 if it happens twice."
        ) from error


def _write_page(job: _Job) -> bool:
    """Write a page; tell whether the notebook could be read.

    Raises:
        CourseError: If it cannot be written.
    """
    try:
        # Not nbformat.read, which checks every cell against the format for longer than all else takes.
        notebook = nbformat.v4.reads(job.notebook.read_text(encoding="utf-8"))
        page, readable = render(notebook, job.grade, lab=job.lab, max_score=job.max_score), True
    except Exception:
        # A file that was damaged can be so in any way; the others' pages must not wait for it.
        page, readable = render_broken(job.grade, lab=job.lab, max_score=job.max_score), False
    try:
        _put(job, page)
    except OSError as error:
        raise CourseError(
            f"The page {job.page} cannot be written: {error.strerror}. Make room, or give yourself the right to, and"
            " run again."
        ) from error
    return readable


def _put(job: _Job, page: str) -> None:
    """Put a page into its folder, with the notes that nbgrader hands it out by: for its owner's eyes alone."""
    folder = job.page.parent
    for place in (folder.parent.parent, folder.parent, folder):
        if place.is_symlink() and place != folder.parent.parent:
            place.unlink()
        if not place.exists():
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            place.chmod(0o2770 if job.shared else 0o700)
    mode = 0o660 if job.shared else 0o600
    for name in _NOTES:
        words = read_short_text(job.notebook.with_name(name))
        if words:
            replace_file(folder / name, words.encode(), mode=mode)
    # The folder keeps others out. The copy that nbgrader puts into the exchange has the mode of the page, and its
    # student has to be able to read that.
    replace_file(job.page, page.encode("utf-8", "replace"), mode=0o664 if job.shared else 0o644)
