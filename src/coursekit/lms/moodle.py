"""Moodle: how it names the files of a download and of feedback, and its grading worksheet as CSV.

What Moodle itself writes and reads is documented by its source, https://github.com/moodle/moodle, in ``mod/assign``:
``classes/downloader.php`` (names of files), ``feedback/file/importziplib.php`` (names of feedback),
``gradingtable.php`` and ``feedback/offline/importgradeslib.php`` (the worksheet).

A file is at ``Ana García_1234567_assignsubmission_file_/01_softmax.ipynb``, in newer versions without the last
underscore, and where the download is not in folders, ``Ana García_1234567_assignsubmission_file_01_softmax.ipynb``. The
number is the participant's **in this assignment**: the next has another. Where marking is blind, all are named
"Participant". Where groups hand in, there is the group's name and its own number, and for those who are in none
"Default group" without one. The times in the zip say when it was packed, or when the file was stored.

Feedback is taken back from a zip whose folders are named in the same way, by the number of a participant.

The worksheet's columns are Identifier ("Participant 1234567"), Full name, what identifies users (Email address),
Status, Group where groups hand in, Grade, Maximum Grade, Grade can be changed, Last modified (submission), Last
modified (grade) and Feedback comments, some of them optional. Moodle finds a student by Identifier alone. Titles, words
and dates are in the language of the person who downloads it, so that a column is known by its place and what stands in
it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from coursekit.errors import LmsError
from coursekit.lms.origin import Origin
from coursekit.lms.people import Person, Upload
from coursekit.lms.sheet import Sheet, read_number
from coursekit.lms.times import read_time

__all__ = [
    "NAME",
    "RECOGNISED_BY",
    "about_column",
    "feedback_name",
    "grade_column",
    "is_table",
    "name_columns",
    "new_table",
    "people",
    "read_names",
]

NAME = "moodle"
RECOGNISED_BY = "Ana García_1234567_assignsubmission_file_/01_softmax.ipynb"

_FOLDER = re.compile(r"(?P<name>.*)_(?P<number>\d{1,20})_assignsubmission_[a-z]+_?", re.DOTALL)
_GROUP_FOLDER = re.compile(r"(?P<name>[^_]+)(?P<number>)_assignsubmission_[a-z]+_?")
_FLAT = re.compile(r"(?P<name>.*?)_(?P<number>\d{1,20})_assignsubmission_[a-z]+_(?P<file>.+)", re.DOTALL)
_GROUP_FLAT = re.compile(r"(?P<name>[^_]+)(?P<number>)_assignsubmission_[a-z]+_(?P<file>.+)", re.DOTALL)
_IDENTIFIER = re.compile(r"(?P<word>\D+)(?P<number>\d{1,20})")
#: What Moodle's languages say of what came late, and for "No".
_LATE = re.compile(
    r"\blate\b|verspätet|zu spät|retard|tarde|atras|ritardo|laat|försenad|forsinket|myöhässä|opóźni|spóźni|"
    r"pozdě|késve|запізн|поздан|опозд|gecik|geç\b|遅|迟|遲|逾期|늦|지각|متأخر|באיחור",
    re.IGNORECASE,
)
_NO = {"no", "nein", "non", "não", "nee", "nej", "nei", "ei", "nie", "ne", "nem", "нет", "ні", "hayır", "όχι"}
_NO |= {"いいえ", "否", "아니오", "아니요", "لا", "לא", "nu", "nu.", "không"}


@dataclass(frozen=True)
class _Columns:
    """Where a worksheet's columns are; None for one that it has not."""

    identifier: int
    grade: int
    name: int | None = None
    ids: tuple[int, ...] = ()
    status: int | None = None
    points: int | None = None
    open: int | None = None
    submitted: int | None = None
    modified: int | None = None


def read_names(paths: Iterable[PurePosixPath], lab: str, known: Collection[str] = ()) -> dict[PurePosixPath, Upload]:
    """Read the paths of a download's files and empty folders; those that Moodle does not name so are left out.

    Args:
        paths: The files and folders.
        lab: The lab's stem; Moodle's names can be read in one way only.
        known: Ids of participants, likewise.
    """
    found = {path: _upload(path) for path in paths}
    return {path: upload for path, upload in found.items() if upload is not None}


def _upload(path: PurePosixPath) -> Upload | None:
    for i, part in enumerate(path.parts):
        file = "/".join(path.parts[i + 1 :])
        if found := _FOLDER.fullmatch(part) or _GROUP_FOLDER.fullmatch(part):
            return Upload(found["number"], found["name"], file)
    if found := _FLAT.fullmatch(path.name) or _GROUP_FLAT.fullmatch(path.name):
        return Upload(found["number"], found["name"], found["file"])
    return None


def feedback_name(origin: Origin, lab: str) -> str:
    """Return the path by which Moodle takes a page of feedback back; empty where no participant's number is known."""
    if not origin.number.isdigit():
        return ""
    name = re.sub(r"[_/\\\0-\x1f]+", " ", origin.name).strip(" .~") or "Participant"
    return f"{name[:60]}_{origin.number}_assignsubmission_file_/{lab}.html"


def is_table(sheet: Sheet) -> bool:
    """Tell whether a table is a grading worksheet, in whatever language."""
    return _columns(sheet) is not None


def name_columns(sheet: Sheet) -> set[int]:
    """Return the columns that Moodle does not need to find a student."""
    columns = _columns(sheet)
    return {columns.name} if columns is not None and columns.name is not None else set()


def people(sheet: Sheet, column: int | None = None) -> list[Person]:
    """List the students of a worksheet.

    Args:
        sheet: The worksheet.
        column: The column of grades; it is always the same.
    """
    columns = _columns(sheet)
    found: list[Person] = []
    if columns is None:
        return found
    for row in range(len(sheet.rows)):
        number = re.search(r"\d+$", sheet.cell(row, columns.identifier))
        if number is None:
            continue
        found.append(
            Person(
                row,
                number[0],
                sheet.cell(row, columns.name),
                tuple(filter(None, (sheet.cell(row, i) for i in columns.ids))),
                points=read_number(sheet.cell(row, columns.points)),
                closed="locked in Moodle" if sheet.cell(row, columns.open).casefold() in _NO else "",
                late=bool(_LATE.search(sheet.cell(row, columns.status))),
                handed_in=read_time(sheet.cell(row, columns.submitted)),
            )
        )
    return found


def grade_column(sheet: Sheet, lab: str) -> int:
    """Find the column of grades: a worksheet is one assignment's.

    Raises:
        LmsError: If it does not have the columns that Moodle reads.
    """
    columns = _columns(sheet)
    if columns is None or columns.modified is None:
        raise LmsError(
            f"{sheet.file} is not a grading worksheet for {lab}: it needs the columns Identifier, Grade and Last"
            f" modified (grade), in any language, and has {', '.join(sheet.header)}. Download it again from the"
            " assignment's page of submissions: Download grading worksheet."
        )
    return columns.grade


def about_column(sheet: Sheet, column: int) -> list[str]:
    """Say what is odd about the column of grades: nothing.

    Raises:
        LmsError: If the assignment has no points.
    """
    scale = sheet.column("Scale")
    if scale is not None and sheet.column("Maximum Grade") is None and sheet.rows:
        raise LmsError(
            f"{sheet.file} is of an assignment that is graded by a scale, {sheet.cell(0, scale)[:40]!r}, and not by"
            " points. Set the assignment's grade type to points, and download the worksheet again. Nothing was written."
        )
    return []


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


def _columns(sheet: Sheet) -> _Columns | None:
    """Find the columns of a worksheet, by their English titles or else by place and content; None if it is none."""
    named = sheet.column
    identifier, grade = named("Identifier"), named("Grade")
    if identifier is not None and grade is not None:
        ids = (named(title) for title in ("Username", "ID number", "Email address"))
        return _Columns(
            identifier,
            grade,
            name=named("Full name"),
            ids=tuple(i for i in ids if i is not None),
            status=named("Status"),
            points=named("Maximum Grade"),
            open=named("Grade can be changed"),
            submitted=named("Last modified (submission)"),
            modified=named("Last modified (grade)"),
        )
    return _columns_by_content(sheet)


def _columns_by_content(sheet: Sheet) -> _Columns | None:
    rows = [row for row in range(len(sheet.rows)) if any(cell.strip() for cell in sheet.rows[row])]
    cells = [[sheet.cell(row, i) for row in rows] for i in range(len(sheet.header))]
    points = next((i for i in range(2, len(cells)) if _is_constant_number(cells[i])), None)
    if not rows or points is None or points < 3 or not _is_identifier(cells[0]):
        return None
    grade = points - 1
    inner = range(2, grade)
    unique = [i for i in inner if all(cells[i]) and len(set(cells[i])) == len(rows) and not any(map(_spaced, cells[i]))]
    ids = sorted(unique, key=lambda i: all("@" in cell for cell in cells[i]))
    times = [i for i in range(points + 1, len(cells)) if all(map(_is_time_or_none, cells[i]))]
    others = [i for i in inner if i not in ids]
    # Where marking is blind there is no name: the status stands in its place.
    named = grade > 2
    others = others if named else [1]
    return _Columns(
        0,
        grade,
        name=1 if named else None,
        ids=tuple(ids),
        status=others[0] if others else None,
        points=points,
        open=points + 1 if times and times[0] > points + 1 else None,
        submitted=times[0] if len(times) > 1 else None,
        modified=times[1] if len(times) > 1 else times[0] if times else None,
    )


def _is_identifier(cells: list[str]) -> bool:
    """Tell whether cells are a word that is the same in all, and a number."""
    found = [_IDENTIFIER.fullmatch(cell) for cell in cells]
    return all(found) and len({match["word"] for match in found if match is not None}) == 1


def _is_constant_number(cells: list[str]) -> bool:
    numbers = {read_number(cell) for cell in cells}
    return len(numbers) == 1 and (numbers.pop() or 0) > 0


def _spaced(cell: str) -> bool:
    return any(map(str.isspace, cell))


def _is_time_or_none(cell: str) -> bool:
    return cell == "-" or (len(cell) > 8 and re.search(r"\d{1,2}[:.]\d\d", cell) is not None)
