"""Canvas: how it names the files of a download, and its gradebook as CSV.

What Canvas itself writes and reads is documented by its source, https://github.com/instructure/canvas-lms:
``lib/content_zipper.rb`` (names of files), ``lib/gradebook_exporter.rb`` and ``lib/gradebook_importer.rb`` (CSV).

A file is named ``garcialopezana_LATE_4711_90210_01_softmax-1.ipynb``: the sortable name without spaces and in lower
case, ``LATE`` where it is, the user's id, the file's id, and the file's own name. Where names are hidden,
``anon_Ab3dE`` stands for the first and the third. A resubmission has the same name with ``-1``, and a higher file id.
The times in the zip are those of packing, not of handing in.

The gradebook's columns are Student (or LastName and FirstName), ID, SIS User ID, SIS Login ID, Section, then one for
each assignment, ``01_softmax (5678)``, then read-only totals. A row "Points Possible" comes before the students', and
before that perhaps one that says "Manual Posting". Canvas finds a student by ID, and only without one by SIS ids or
name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from coursekit.errors import LmsError
from coursekit.lms.people import Person, Upload
from coursekit.lms.sheet import Sheet, read_number

__all__ = ["NAME", "NAME_COLUMNS", "RECOGNISED_BY", "grade_column", "is_table", "new_table", "parse_upload", "people"]

NAME = "canvas"
RECOGNISED_BY = "garciaana_4711_90210_01_softmax.ipynb"
#: Columns that Canvas does not need to find a student when there is an ID.
NAME_COLUMNS = ("Student", "LastName", "FirstName")

_UPLOAD = re.compile(
    r"(?:(?P<name>.*?)_)??(?P<late>LATE_)?(?P<number>\d{1,20}|anon_[^\W_]{1,20})_(?P<file_number>\d{1,20})_(?P<file>.+)",
    re.DOTALL,
)
_ENTRY = re.compile(
    r"(?:(?P<name>.*?)_)??(?P<late>LATE_)?(?P<number>\d{1,20}|anon_[^\W_]{1,20})_(?P<file>(?:text|link)\.html)",
    re.DOTALL,
)
_ASSIGNMENT = re.compile(r"(?P<title>.*?)\s*\((?P<id>\d+)\)")
_POINTS = "Points Possible"


def parse_upload(path: PurePosixPath) -> Upload | None:
    """Read a file's name as Canvas writes it; None if it is not of that form."""
    found = _UPLOAD.fullmatch(path.name) or _ENTRY.fullmatch(path.name)
    if found is None:
        return None
    of_file = found.groupdict().get("file_number")
    return Upload(
        found["number"],
        found["name"] or "",
        found["file"],
        late=bool(found["late"]),
        file_number=int(of_file) if of_file else 0,
    )


def is_table(sheet: Sheet) -> bool:
    """Tell whether a table is Canvas's gradebook."""
    return sheet.column("Student", "LastName") is not None and None not in (sheet.column("ID"), sheet.column("Section"))


def people(sheet: Sheet, column: int | None = None) -> list[Person]:
    """List the students of a gradebook.

    Args:
        sheet: The gradebook.
        column: The assignment's column, for its points and what is excused.
    """
    names = [sheet.column(name) for name in NAME_COLUMNS if sheet.column(name) is not None]
    ids = [sheet.column("SIS Login ID"), sheet.column("SIS User ID")]
    points = None
    found = []
    for row in range(len(sheet.rows)):
        if _POINTS in sheet.cell(row, names[0]):
            points = read_number(sheet.cell(row, column))
        elif any(sheet.cell(row, i) for i in names):
            grade = sheet.cell(row, column)
            closed = {"EX": "excused", "N/A": "not assigned to them"}.get(grade.upper(), "")
            name = ", ".join(filter(None, (sheet.cell(row, i) for i in names)))
            known = tuple(filter(None, (sheet.cell(row, i) for i in ids)))
            found.append(Person(row, sheet.cell(row, sheet.column("ID")), name, known, points, closed))
    return found


def grade_column(sheet: Sheet, lab: str) -> int:
    """Find a lab's column: its title is the lab's stem, or contains it, or contains "lab" and the lab's number.

    Raises:
        LmsError: If there is no such column, or more than one.
    """
    parsed = {i: _ASSIGNMENT.fullmatch(name) for i, name in enumerate(sheet.header)}
    titles = {i: match["title"] for i, match in parsed.items() if match is not None}
    number = re.match(r"\d+", lab)
    rules: list[Callable[[str], bool]] = [
        lambda title: title.casefold() == lab.casefold(),
        lambda title: lab.casefold() in title.casefold(),
    ]
    if number:
        by_number = re.compile(rf"\blab\s*0*{int(number[0])}\b", re.IGNORECASE)
        rules.append(lambda title: bool(by_number.search(title)))
    for rule in rules:
        found = [i for i, title in titles.items() if rule(title)]
        if len(found) == 1:
            return found[0]
        if found:
            break
    listing = ", ".join(repr(sheet.header[i]) for i in titles) or "none"
    what = "more than one column" if found else "no column"
    raise LmsError(
        f"{sheet.file} has {what} for {lab}. Its assignments: {listing}. Write the lab's name before the number in"
        f" brackets, such as '{lab} (5678)', and run again: Canvas goes by the number."
    )


def new_table(
    lab: str, students: list[tuple[str, str, str, str]], max_score: float
) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of a gradebook that Canvas can read.

    Args:
        lab: The lab's stem, which becomes the assignment's title.
        students: For each, the course's id, Canvas's ID (or an empty text), the name and the grade.
        max_score: The highest possible score.
    """
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", lab]
    rows = [[f"    {_POINTS}", "", "", "", "", f"{max_score:g}"]]
    rows += [
        [name or student, number, "", "" if number else student, "", grade] for student, number, name, grade in students
    ]
    return header, rows
