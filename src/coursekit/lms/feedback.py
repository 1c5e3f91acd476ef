"""``coursekit export --feedback``: the pages of feedback as a zip that Canvas or Moodle takes back.

Canvas takes it on the assignment's page under "Upload submissions", by the numbers in the names that its download gave
the files (:mod:`coursekit.lms.canvas`); Moodle under "Upload multiple feedback files in a zip", by the numbers of
participants in the names of folders (:mod:`coursekit.lms.moodle`).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from coursekit.errors import CourseError, LmsError
from coursekit.grading import Course
from coursekit.grading.grades import LabGrades, read_grades
from coursekit.grading.students import read_names
from coursekit.lms.exporting import SYSTEMS, Export, match_rows, names_listed, system_of
from coursekit.lms.origin import Origin, read_origin
from coursekit.lms.sheet import Sheet

__all__ = ["export_feedback"]

_HOW = {
    "canvas": "Canvas takes feedback only to a file that was handed in and collected from its download",
    "moodle": "their numbers in Moodle are not known; give the grading worksheet as --template",
}


@dataclass(frozen=True)
class _Page:
    """A student's page of feedback.

    Attributes:
        student: The course's id for them.
        file: The page.
        name: The name by which the system takes it; empty if it does not.
        group: The name of the group that handed in; empty if it was the student alone.
    """

    student: str
    file: Path
    name: str
    group: str


def export_feedback(
    lab: str, *, to: str, output: Path, course: Path = Path("autograde"), template: Path | None = None
) -> Export:
    """Write a zip with each student's page of feedback, named as the system asks for.

    Args:
        lab: The lab's stem.
        to: ``"canvas"`` or ``"moodle"``.
        output: The zip to write.
        course: The course folder: the one with ``nbgrader_config.py``.
        template: Canvas's gradebook or Moodle's grading worksheet, for students whose numbers no download has told.

    Raises:
        CourseError: If the course or its gradebook cannot be used, or there are no pages.
        LmsError: If the system takes no feedback, the template cannot be used, or the zip cannot be written.
        UnknownNameError: If there is no such lab.
    """
    if to not in SYSTEMS:
        raise LmsError(f"--feedback is for {' and '.join(SYSTEMS)}; {to} shows what results.json says.")
    folder = Course(course)
    folder.require_lab(lab)
    grades = read_grades(folder, lab)
    origins = _origins(folder, lab, to, grades, template)
    students = [grade.student for grade in grades.students]
    pages = list(_pages(folder, lab, SYSTEMS[to], students, origins))
    if not pages:
        raise CourseError(
            f"There are no pages of feedback to {lab}. Make them first:"
            f" coursekit feedback {lab} --course {folder.folder}"
        )
    taken, notes = _chosen(pages)
    _write(output, taken)
    names = read_names(folder)
    paged = {page.student for page in pages}
    without = [student for student in students if student not in paged]
    nowhere = [page.student for page in pages if not page.name]
    for what, who in (
        (f"no page, so run `coursekit feedback {lab}` first", without),
        (_HOW[to], nowhere),
        ("no page, because nothing was handed in", list(grades.absent)),
    ):
        if who:
            notes.append(f"{what}: {names_listed([f'{names[s]} ({s})' if s in names else s for s in who])}")
    return Export(len(taken), output, tuple(notes), "page")


def _origins(course: Course, lab: str, to: str, grades: LabGrades, template: Path | None) -> dict[str, Origin]:
    """Return where each student's work came from, with the number that a template gives them."""
    found = {g.student: read_origin(course.submitted / g.student / lab) for g in grades.students}
    origins = {student: origin for student, origin in found.items() if origin is not None and origin.lms == to}
    if template is None:
        return origins
    sheet = Sheet.read(template)
    if system_of(sheet) != to:
        raise LmsError(f"{template} comes from {system_of(sheet).title()}, and --to is {to}.")
    rows, _ = match_rows(grades.students, found, to, SYSTEMS[to].people(sheet))
    unknown = Origin(to, "", "", "", late=False, order=0, sha256="")
    for student, person in rows.items():
        origin = origins.get(student, unknown)
        origins[student] = replace(origin, number=person.number, name=person.name or origin.name)
    return origins


def _pages(
    course: Course, lab: str, system: ModuleType, students: list[str], origins: Mapping[str, Origin]
) -> Iterator[_Page]:
    for student in students:
        file = course.feedback(student, lab) / f"{lab}.html"
        if file.is_file() and not any(place.is_symlink() for place in (file, file.parent, file.parent.parent)):
            origin = origins.get(student)
            name = system.feedback_name(origin, lab) if origin is not None else ""
            yield _Page(student, file, name, origin.group if origin is not None else "")


def _chosen(pages: list[_Page]) -> tuple[dict[str, Path], list[str]]:
    """Return the pages by their names in the zip; of a group that takes one page for all, the first member's."""
    claims: dict[str, list[_Page]] = {}
    for page in pages:
        if page.name:
            claims.setdefault(page.name, []).append(page)
    taken, notes = {}, []
    for name, claimed in claims.items():
        groups = {page.group for page in claimed}
        if len(claimed) == 1 or (len(groups) == 1 and groups != {""}):
            taken[name] = claimed[0].file
        else:
            # Who hands in folders could bring an origin of their own.
            notes.append(f"left out, because they claim one place: {', '.join(page.student for page in claimed)}")
    return taken, notes


def _write(output: Path, pages: Mapping[str, Path]) -> None:
    aside = output.with_name(f".{output.name}.unfinished")
    try:
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, file in sorted(pages.items()):
                packed.write(file, name)
        aside.replace(output)
    except OSError as error:
        raise LmsError(f"{output} cannot be written: {error.strerror}. Name another file with --output.") from error
    finally:
        aside.unlink(missing_ok=True)
