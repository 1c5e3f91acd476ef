"""Moodle: how it names the files of a download, and its grading worksheet as CSV.

What Moodle itself writes and reads is documented by its source, https://github.com/moodle/moodle, in ``mod/assign``:
``classes/downloader.php`` (names of files), ``gradingtable.php`` and ``feedback/offline/`` (the worksheet).

A file is at ``Ana García_1234567_assignsubmission_file_/01_softmax.ipynb``, in newer versions without the last
underscore, and where the download is not in folders, ``Ana García_1234567_assignsubmission_file_01_softmax.ipynb``. The
number is the participant's **in this assignment**: the next has another. Where marking is blind, all are named
"Participant". The times in the zip say when it was packed, or when the file was stored.

The worksheet's columns are Identifier ("Participant 1234567"), Full name, Email address, Status, Grade, Maximum Grade,
Grade can be changed, Last modified (submission), Last modified (grade) and Feedback comments, some of them optional.
Moodle finds a student by Identifier alone. Its times are in the time zone, and its titles in the language, of the
person who downloads it; here, titles are read in English.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import PurePosixPath

from coursekit.errors import LmsError
from coursekit.lms.people import Person, Upload
from coursekit.lms.sheet import Sheet, read_number

__all__ = ["NAME", "NAME_COLUMNS", "RECOGNISED_BY", "grade_column", "is_table", "new_table", "parse_upload", "people"]

NAME = "moodle"
RECOGNISED_BY = "Ana García_1234567_assignsubmission_file_/01_softmax.ipynb"
#: Columns that Moodle does not need to find a student.
NAME_COLUMNS = ("Full name",)

_FOLDER = re.compile(r"(?P<name>.*)_(?P<number>\d{1,20})_assignsubmission_[a-z]+_?", re.DOTALL)
_FLAT = re.compile(r"(?P<name>.*?)_(?P<number>\d{1,20})_assignsubmission_[a-z]+_(?P<file>.+)", re.DOTALL)


def parse_upload(path: PurePosixPath) -> Upload | None:
    """Read a file's path as Moodle writes it; None if it is not of that form."""
    for i, part in enumerate(path.parts[:-1]):
        if found := _FOLDER.fullmatch(part):
            return Upload(found["number"], found["name"], "/".join(path.parts[i + 1 :]))
    if found := _FLAT.fullmatch(path.name):
        return Upload(found["number"], found["name"], found["file"])
    return None


def is_table(sheet: Sheet) -> bool:
    """Tell whether a table is a grading worksheet."""
    return sheet.column("Identifier") is not None and sheet.column("Grade") is not None


def people(sheet: Sheet, column: int | None = None) -> list[Person]:
    """List the students of a worksheet.

    Args:
        sheet: The worksheet.
        column: The column of grades; it is always the same.
    """
    identifier, name, status = (sheet.column(title) for title in ("Identifier", "Full name", "Status"))
    ids = [sheet.column(title) for title in ("Username", "ID number", "Email address")]
    points, open_ = sheet.column("Maximum Grade"), sheet.column("Grade can be changed")
    modified = sheet.column("Last modified (submission)")
    found = []
    for row in range(len(sheet.rows)):
        number = re.search(r"\d+$", sheet.cell(row, identifier))
        if number is None:
            continue
        found.append(
            Person(
                row,
                number[0],
                sheet.cell(row, name),
                tuple(filter(None, (sheet.cell(row, i) for i in ids))),
                points=read_number(sheet.cell(row, points)),
                closed="locked in Moodle" if sheet.cell(row, open_).casefold() == "no" else "",
                late=bool(re.search(r"\blate\b", sheet.cell(row, status), re.IGNORECASE)),
                handed_in=_time(sheet.cell(row, modified)),
            )
        )
    return found


def grade_column(sheet: Sheet, lab: str) -> int:
    """Find the column of grades: a worksheet is one assignment's.

    Raises:
        LmsError: If it does not have the columns that Moodle reads.
    """
    column = sheet.column("Grade")
    if column is None or None in (sheet.column("Identifier"), sheet.column("Last modified (grade)")):
        raise LmsError(
            f"{sheet.file} is not a grading worksheet for {lab}: it needs the columns Identifier, Grade and Last"
            f" modified (grade), and has {', '.join(sheet.header)}."
        )
    return column


def new_table(
    lab: str, students: list[tuple[str, str, str, str]], max_score: float
) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of a worksheet that Moodle can read.

    Args:
        lab: The lab's stem; a worksheet does not name it.
        students: For each, the course's id, the participant's number, the name and the grade.
        max_score: The highest possible score.
    """
    header = ["Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)"]
    rows = [
        [f"Participant {number}" if number else "", name or student, grade, f"{max_score:g}", ""]
        for student, number, name, grade in students
    ]
    return header, rows


def _time(text: str) -> datetime | None:
    """Read a time such as "Friday, 30 January 2026, 11:59 PM", of this computer's time zone, as UTC."""
    from dateutil import parser

    try:
        return parser.parse(text).astimezone(UTC).replace(tzinfo=None) if text not in ("", "-") else None
    except (ValueError, OverflowError):
        return None
