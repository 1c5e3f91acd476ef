"""``coursekit export``: a lab's grades for Canvas, Moodle or Gradescope."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from coursekit.errors import LmsError, UnknownNameError
from coursekit.grading import Course
from coursekit.grading.export import looks_like_formula, neutral
from coursekit.grading.grades import LabGrade, LabGrades, read_grades
from coursekit.grading.stored import stored_record
from coursekit.grading.students import read_names
from coursekit.lms import canvas, moodle
from coursekit.lms.gradescope import write_results
from coursekit.lms.groups import shared_by_hand
from coursekit.lms.origin import Origin, read_origin
from coursekit.lms.people import Person, course_id, normalised
from coursekit.lms.roster import about_table
from coursekit.lms.sheet import Sheet, read_number
from coursekit.text import printable

__all__ = ["SYSTEMS", "TARGETS", "Export", "export_grades", "match_rows", "names_listed", "system_of"]

SYSTEMS: Mapping[str, ModuleType] = {"canvas": canvas, "moodle": moodle}
TARGETS = (*SYSTEMS, "gradescope")
_DECIMAL_COMMA = re.compile(r"-?\d+,\d{1,2}")
#: How many students are named in one note.
_N_NAMED = 10


@dataclass(frozen=True)
class Export:
    """The outcome of an export.

    Attributes:
        written: How many grades or pages were written.
        place: The file, or for Gradescope the folder.
        notes: Whose grades were not written, and what else an instructor should know.
        what: What was written, such as ``"grade"``.
    """

    written: int
    place: Path
    notes: tuple[str, ...]
    what: str = "grade"


def export_grades(
    lab: str, *, to: str, output: Path, course: Path = Path("autograde"), template: Path | None = None
) -> Export:
    """Write a lab's grades for a learning management system.

    Grades are those of nbgrader's gradebook: automatic and given by hand, less what is taken off for being late. If
    the template has other points than the lab, grades are scaled, to two decimals. In a template only the lab's grades
    change, and students' names that a spreadsheet would take for formulas, if the system does not need them to find
    the rows; everything else stays as it was.

    Args:
        lab: The lab's stem.
        to: ``"canvas"``, ``"moodle"`` or ``"gradescope"``.
        output: The CSV file to write, or for Gradescope the folder for ``STUDENT/results.json``.
        course: The course folder: the one with ``nbgrader_config.py``.
        template: The table to fill in: Canvas's gradebook or Moodle's grading worksheet, as CSV. Without one, a
            new table is made.

    Raises:
        CourseError: If the course or its gradebook cannot be used, or nobody has been graded.
        LmsError: If the template cannot be used, or the output cannot be written.
        UnknownNameError: If there is no such lab or system.
    """
    if to not in TARGETS:
        raise UnknownNameError("system", to, TARGETS)
    folder = Course(course)
    folder.require_lab(lab)
    grades = read_grades(folder, lab)
    everybody = (*(grade.student for grade in grades.students), *grades.absent)
    origins = {student: read_origin(folder.submitted / student / lab) for student in everybody}
    shared, members = shared_by_hand(grades.students, origins)
    grades = replace(grades, students=tuple(shared))
    notes = _about(folder, lab, grades)
    if members:
        notes.append(f"scored by hand for another member of the group: {names_listed(members)}")
    if to == "gradescope":
        if template is not None:
            raise LmsError("Gradescope takes no --template: it gets a results.json for each student. Leave it out.")
        n, problems = write_results(folder, lab, grades, output)
        return Export(n, output, (*notes, *problems))
    if template is None:
        n, more = _make(SYSTEMS[to], lab, grades, origins, output)
    else:
        n, more = _fill(to, lab, grades, origins, template, output)
    return Export(n, output, (*notes, *more))


def _about(course: Course, lab: str, grades: LabGrades) -> list[str]:
    """Say who got no grade, or none that says all, by name."""
    names = read_names(course)
    called = {
        s: f"{names[s]} ({s})" if s in names else s for s in (*(g.student for g in grades.students), *grades.absent)
    }
    notes = []
    unfinished = [called[grade.student] for grade in grades.students if grade.open]
    records = {grade.student: stored_record(course.autograded(grade.student, lab), lab) for grade in grades.students}
    unread = [called[s] for s, record in records.items() if record is not None and record.status == "malformed"]
    if unread:
        notes.append(f"0 points, because what was handed in cannot be graded: {names_listed(unread)}")
    if unfinished:
        n = len(unfinished)
        notes.append(
            f"{n} still have something to be graded by hand; it counts as 0 so far: {names_listed(unfinished)}"
        )
    if grades.absent:
        notes.append(f"no grade, because nothing was handed in: {names_listed([called[s] for s in grades.absent])}")
    return notes


def _make(
    system: ModuleType, lab: str, grades: LabGrades, origins: Mapping[str, Origin | None], output: Path
) -> tuple[int, list[str]]:
    """Write a new table; return how many grades are in it, and notes."""
    rows, unknown = [], []
    for grade in grades.students:
        origin = origins[grade.student]
        ours = origin if origin is not None and origin.lms == system.NAME else None
        number, name = (ours.number, grade.name or ours.name) if ours else ("", grade.name)
        rows.append((grade.student, number, name, _text(grade.score)))
        if not number:
            unknown.append(grade.student)
    for student in grades.absent:
        origin = origins[student]
        if origin is not None and origin.lms == system.NAME and origin.number:
            rows.append((student, origin.number, origin.name, ""))
    header, cells = system.new_table(lab, rows, grades.max_score)
    sheet = Sheet(output, header, [[neutral(printable(text)) for text in row] for row in cells])
    sheet.write(output)
    what = {"canvas": "Canvas has to find them by the login", "moodle": "Moodle cannot find them"}[system.NAME]
    n = len(grades.students)
    return n, [f"of unknown number, so that {what}; give a --template: {names_listed(unknown)}"] if unknown else []


def _fill(
    to: str,
    lab: str,
    grades: LabGrades,
    origins: Mapping[str, Origin | None],
    template: Path,
    output: Path,
) -> tuple[int, list[str]]:
    """Fill in a template; return how many grades were written, and notes."""
    if output.exists() and output.samefile(template):
        raise LmsError(f"--output {output} is the template itself, which would be overwritten. Name another file.")
    sheet = Sheet.read(template)
    if system_of(sheet) != to:
        raise LmsError(f"{template} comes from {system_of(sheet).title()}, and --to is {to}.")
    system = SYSTEMS[to]
    column = system.grade_column(sheet, lab)
    notes = [*about_table(sheet), *system.about_column(sheet, column)]
    people: list[Person] = system.people(sheet, column)
    rows, lost = match_rows(grades.students, origins, to, people)
    if not rows and not _any_known(grades.students, origins, people):
        raise LmsError(
            f"{template} has none of the {len(grades.students)} students who have a grade. Is it from the same"
            f" {'assignment' if to == 'moodle' else 'course'}? Nothing was written."
        )
    same = _rows_of_each(people)
    written, changed, closed, above = 0, [], [], []
    comma = any(_DECIMAL_COMMA.fullmatch(cell.strip()) for row in sheet.rows for cell in row)
    for grade in grades.students:
        person = rows.get(grade.student)
        if person is None:
            continue
        there = sheet.cell(person.row, column)
        before = read_number(there)
        score = _scaled(grade.score, grades.max_score, person.points)
        if person.closed:
            closed.append(f"{grade.student} ({person.closed})")
            continue
        if there not in ("", "-") and (before is None or abs(before - score) >= 0.005):
            was = f"{before:g}" if before is not None else there[:20]
            changed.append(f"{grade.student} ({was} before, {_text(score)} now)")
        if person.points and score > person.points + 0.005:
            above.append(grade.student)
        text = _text(score)
        for row in same[person.row]:
            sheet.put(row, column, text.replace(".", ",") if comma else text)
        written += 1
    absent = {normalised(student) for student in grades.absent}
    done = {row for person in rows.values() for row in same[person.row]}
    alone = [p for p in people if p.row not in done and not p.invented and not p.closed and not _ids_of(p) & absent]
    formulas = _neutralise_names(sheet, people, system.name_columns(sheet), column)
    sheet.write(output)
    points = next((person.points for person in people if person.points), None)
    if points is not None and abs(points - grades.max_score) >= 0.005:
        notes.append(f"scaled from the lab's {grades.max_score:g} points to the template's {points:g}")
    notes += [
        f"{what}: {names_listed(who)}"
        for what, who in (
            ("not in the template, or not for certain", lost),
            ("left as they are", closed),
            ("had another grade in the template", changed),
            ("more than the maximum" + (", which Moodle passes over" if to == "moodle" else ""), above),
            ("look like formulas, and were left because the system reads them again", formulas),
            ("in the template, without a grade", [p.name or p.number for p in alone]),
        )
        if who
    ]
    return written, notes


def _any_known(students: Sequence[LabGrade], origins: Mapping[str, Origin | None], people: Sequence[Person]) -> bool:
    """Tell whether a student stands in a table at all, be it not for certain."""
    told = {normalised(grade.student) for grade in students}
    told |= {normalised(origin.number) for grade in students if (origin := origins[grade.student]) is not None}
    return any(_ids_of(person) & told for person in people)


def _key(person: Person) -> tuple[object, ...]:
    """Return what is the same in all rows of one person, such as one row for each section."""
    return (person.number, person.name, person.ids) if person.number or person.ids else (person.row,)


def _rows_of_each(people: Sequence[Person]) -> dict[int, list[int]]:
    """Return, for each row, all rows of the same person."""
    rows: dict[tuple[object, ...], list[int]] = {}
    for person in people:
        rows.setdefault(_key(person), []).append(person.row)
    return {person.row: rows[_key(person)] for person in people}


def _ids_of(person: Person) -> set[str]:
    told = {person.number, *person.ids, *map(course_id, person.ids)}
    return {normalised(text) for text in told if text}


def match_rows(
    students: Sequence[LabGrade], origins: Mapping[str, Origin | None], to: str, people: Sequence[Person]
) -> tuple[dict[str, Person], list[str]]:
    """Find each student's row by the course's id for them, which may be a login or the system's own number.

    If that is another student's login, or nobody's, the system's number that came with the download decides. It never
    overrules an id, because students who hand in folders could forge the origin.

    Returns:
        The rows by student, and who has none, more than one, or one that another student has too.
    """
    by_number: dict[str, list[Person]] = {}
    by_id: dict[str, list[Person]] = {}
    for person in {_key(person): person for person in reversed(people)}.values():
        by_number.setdefault(normalised(person.number), []).append(person)
        for known in {normalised(text) for told in person.ids for text in (told, course_id(told))}:
            by_id.setdefault(known, []).append(person)
    rows: dict[str, Person] = {}
    for grade in students:
        origin = origins[grade.student]
        told = by_number.get(normalised(origin.number), []) if origin is not None and origin.lms == to else []
        own = {
            p.row: p for p in (*by_id.get(normalised(grade.student), []), *by_number.get(normalised(grade.student), []))
        }
        agreed = [person for person in told if person.row in own]
        found = agreed or list(own.values()) or told
        if len(found) == 1:
            rows[grade.student] = found[0]
    claims: dict[int, list[str]] = {}
    for student, person in rows.items():
        claims.setdefault(person.row, []).append(student)
    rows = {student: person for student, person in rows.items() if len(claims[person.row]) == 1}
    return rows, [grade.student for grade in students if grade.student not in rows]


def _neutralise_names(sheet: Sheet, people: Sequence[Person], columns: Collection[int], grades: int) -> list[str]:
    """Neutralise names where the system finds a row by its number; return the other cells that look like formulas."""
    numbered = {person.row for person in people if person.number}
    left = []
    for i, row in enumerate(sheet.rows):
        for j, text in enumerate(row):
            # Canvas writes ="=1+1" for a name that begins like a formula: spreadsheets take that for a text.
            if j == grades or (text[:2] == '="' and text[-1] == '"' and '"' not in text[2:-1]):
                continue
            if j in columns and i in numbered:
                sheet.put(i, j, neutral(text, delimiter=sheet.delimiter))
            elif looks_like_formula(text) and text.strip() != "-":
                left.append(f"{sheet.header[j] if j < len(sheet.header) else j + 1} in line {i + 2}")
    return left


def _scaled(score: float, max_score: float, points: float | None) -> float:
    """Scale a score to other points, to the two decimals that these systems show."""
    return round(score * points / max_score if points and max_score else score, 2)


def system_of(sheet: Sheet) -> str:
    """Tell which system a table of grades comes from.

    Raises:
        LmsError: If it comes from neither.
    """
    for name, system in SYSTEMS.items():
        if system.is_table(sheet):
            return name
    lost = canvas.lost_columns(sheet)
    of_canvas = f" As Canvas's gradebook it lacks {' and '.join(map(repr, lost))}." if lost else ""
    raise LmsError(
        f"{sheet.file} is neither Canvas's gradebook (columns Student, ID, …, Section) nor Moodle's grading worksheet"
        f" (columns Identifier, …, Grade, in any language): it has {', '.join(map(repr, sheet.header[:8]))}.{of_canvas}"
        " Export it again."
    )


def _text(score: float) -> str:
    return f"{score:.2f}".rstrip("0").rstrip(".")


def names_listed(names: Sequence[str]) -> str:
    """Write names as a note has them; of many, the first."""
    more = f" and {len(names) - _N_NAMED} more" if len(names) > _N_NAMED else ""
    return ", ".join(names[:_N_NAMED]) + more
