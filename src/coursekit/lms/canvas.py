"""Canvas: how it names the files of a download and of feedback, and its gradebook as CSV.

What Canvas itself writes and reads is documented by its source, https://github.com/instructure/canvas-lms:
``lib/content_zipper.rb`` (names of files), ``lib/gradebook_exporter.rb`` and ``lib/gradebook_importer.rb`` (CSV),
``app/models/abstract_assignment.rb`` (``infer_comment_context_from_filename``: names of feedback).

A file is named ``garcialopezana_LATE_4711_90210_01_softmax-1.ipynb``: the sortable name without spaces and in lower
case, ``LATE`` where it is, the user's id, the file's id, and the file's own name. Where names are hidden,
``anon_Ab3dE`` stands for the first and the third. A resubmission has the same name with ``-1``, and a higher file id.
The times in the zip are those of packing, not of handing in. A group's file bears the group's name, which may end in a
number (``team_2_4713_90212_01_softmax.ipynb``), and the id of the member who represents it.

Feedback is taken back by the first two numbers between underscores in a file's name, the user's id and the file's,
so that the name before them must have none. In a group assignment all members get what its representative gets.

The gradebook's columns are Student (or LastName and FirstName), ID, SIS User ID, SIS Login ID, Section, then one for
each assignment, ``01_softmax (5678)``, then read-only totals. A row "Points Possible" comes before the students', and
before that perhaps one that says "Manual Posting". Canvas finds a student by ID, and only without one by SIS ids or
name.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import PurePosixPath

from coursekit.errors import LmsError
from coursekit.lms.origin import Origin
from coursekit.lms.people import Person, Upload, bare, is_named, plain_id
from coursekit.lms.sheet import Sheet, read_number

__all__ = [
    "NAME",
    "NAME_COLUMNS",
    "RECOGNISED_BY",
    "about_column",
    "feedback_name",
    "grade_column",
    "is_table",
    "lost_columns",
    "name_columns",
    "new_table",
    "people",
    "read_names",
]

NAME = "canvas"
RECOGNISED_BY = "garciaana_4711_90210_01_softmax.ipynb"
#: Columns that Canvas does not need to find a student when there is an ID.
NAME_COLUMNS = ("Student", "LastName", "FirstName")

_NUMBER = re.compile(r"\d{1,20}", re.ASCII)
_ANONYMOUS = re.compile(r"[^\W_]{1,20}")
#: What stands in place of a file for a text that was typed, and for an address.
_ENTRIES = ("text.html", "link.html")
_ASSIGNMENT = re.compile(r"(?P<title>.*?)\s*\((?P<id>\d+)\)")
_POINTS = "Points Possible"
#: The student that Canvas adds when a teacher looks at a course as students see it.
_TRIAL = "Student, Test"


def read_names(paths: Iterable[PurePosixPath], lab: str, known: Collection[str] = ()) -> dict[PurePosixPath, Upload]:
    """Read the names of a download's files; those that Canvas does not name so are left out.

    Where a name can be read in more than one way, that one counts whose user is known, whose file bears the lab's
    name, whose file's number is as long as those of the others, and in which the student's name is the shortest.

    Args:
        paths: The files.
        lab: The lab's stem.
        known: Ids of users of the course.
    """
    ways = {path: list(_ways(path.name)) for path in paths}
    plain = [len(str(found[0].file_number)) for found in ways.values() if len(found) == 1 and found[0].file_number]
    usual = statistics.median(plain) if plain else 0

    def likely(upload: Upload) -> tuple[bool, bool, float]:
        odd = abs(len(str(upload.file_number)) - usual) if usual and upload.file_number else 0
        return upload.number in known, is_named(upload.file, lab), -odd

    return {path: max(found, key=likely) for path, found in ways.items() if found}


def _ways(name: str) -> Iterator[Upload]:
    """Yield the ways in which a file's name can be read, that with the shortest name of a student first."""
    parts = name.split("_")
    for i in range(len(parts) - 1):
        anonymous = parts[i] == "anon" and i + 2 < len(parts) and _ANONYMOUS.fullmatch(parts[i + 1])
        n = 2 if anonymous else 1
        rest = parts[i + n :]
        if not anonymous and not _NUMBER.fullmatch(parts[i]):
            continue
        late = i > 0 and parts[i - 1] == "LATE"
        student = "_".join(parts[: i - late])
        number = "_".join(parts[i : i + n])
        if len(rest) > 1 and _NUMBER.fullmatch(rest[0]):
            yield Upload(number, student, "_".join(rest[1:]), late=late, file_number=int(rest[0]))
        elif len(rest) == 1 and rest[0] in _ENTRIES:
            yield Upload(number, student, rest[0], late=late)


def feedback_name(origin: Origin, lab: str) -> str:
    """Return the name by which Canvas takes a page of feedback back; empty where nothing was handed in as a file."""
    # Without a file's number Canvas knows no file that the page could go with: nothing, a text or a link came.
    if not origin.file or origin.file in _ENTRIES or not _NUMBER.fullmatch(origin.sender):
        return ""
    late = "LATE_" if origin.late else ""
    return f"{bare(origin.name) or 'student'}_{late}{origin.sender}_{origin.order}_{lab}.html"


def is_table(sheet: Sheet) -> bool:
    """Tell whether a table is Canvas's gradebook."""
    return sheet.column("Student", "LastName") is not None and None not in (sheet.column("ID"), sheet.column("Section"))


def lost_columns(sheet: Sheet) -> list[str]:
    """Return which columns a table lacks that looks like Canvas's gradebook, and is not."""
    told = [sheet.column("Student", "LastName"), sheet.column("ID"), sheet.column("Section")]
    sure = sum(i is not None for i in (*told, sheet.column("SIS Login ID"), sheet.column("SIS User ID")))
    needed = ("Student", "ID", "Section")
    return [n for n, i in zip(needed, told, strict=True) if i is None] if sure > 1 and told[0] is not None else []


def name_columns(sheet: Sheet) -> set[int]:
    """Return the columns that Canvas does not need to find a student when there is an ID."""
    return {i for name in NAME_COLUMNS if (i := sheet.column(name)) is not None}


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
            known = tuple(filter(None, (plain_id(sheet.cell(row, i)) for i in ids)))
            number = plain_id(sheet.cell(row, sheet.column("ID")))
            invented = name == _TRIAL and not sheet.cell(row, sheet.column("SIS User ID"))
            found.append(Person(row, number, name, known, points, closed, invented=invented))
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
        by_number = re.compile(rf"\blab[\s#._-]*0*{int(number[0])}\b", re.IGNORECASE)
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


def about_column(sheet: Sheet, column: int) -> list[str]:
    """Say what is odd about the column of grades, and mend ids that a spreadsheet program took for numbers.

    Raises:
        LmsError: If ids were rounded, so that Canvas would give grades to nobody, or to others.
    """
    number = sheet.column("ID")
    if rounded := sheet.rounded([number]):
        raise LmsError(
            f"{sheet.file} has {rounded[0]!r} as an ID, a number that a spreadsheet program has rounded, and Canvas"
            " goes by it. Export the gradebook again, and do not save it in such a program. Nothing was written."
        )
    names = [sheet.column(name) for name in NAME_COLUMNS if sheet.column(name) is not None]
    notes = []
    for row in range(len(sheet.rows)):
        points = sheet.cell(row, column)
        if _POINTS in sheet.cell(row, names[0]) and not read_number(points):
            what = f"says {points!r} of the points of" if points else "does not say how many points are in"
            notes.append(f"the template {what} {sheet.header[column]!r}, so the grades are the lab's own points")
        told = sheet.cell(row, number)
        if number is not None and plain_id(told) != told:
            sheet.put(row, number, plain_id(told))
    return notes


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
