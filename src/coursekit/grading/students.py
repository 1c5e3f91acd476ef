"""Students' names in nbgrader's gradebook, from where tables, pages and formgrader have them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Student
from sqlalchemy import bindparam, create_engine, insert, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SAWarning, SQLAlchemyError

from coursekit.errors import CourseError
from coursekit.grading.course import Course
from coursekit.grading.gradebook import open_gradebook, patient

__all__ = ["Entered", "enter_students", "read_names"]

_STUDENTS = Student.__table__


@dataclass(frozen=True)
class Entered:
    """What the gradebook is to know of a student.

    Attributes:
        student: The course's id for them.
        name: Their name, "Last, First" or whole; empty where it is not known.
        email: Their e-mail address; empty where it is not known.
    """

    student: str
    name: str = ""
    email: str = ""


def enter_students(course: Course, students: Iterable[Entered]) -> None:
    """Enter students whose names are known into the gradebook, which is made if there is none.

    Raises:
        CourseError: If the gradebook cannot be written to.
    """
    rows = [row for row in students if row.name]
    if not rows:
        return
    try:
        with warnings.catch_warnings():
            # nbgrader's own use of its database.
            warnings.simplefilter("ignore", SAWarning)
            gradebook = open_gradebook(course)
            try:
                with patient(gradebook.engine).begin() as connection:
                    known = set(connection.execute(select(_STUDENTS.c.id)).scalars())
                    new = [{"id": row.student} for row in rows if row.student not in known]
                    if new:
                        connection.execute(insert(_STUDENTS), new)
                    change = update(_STUDENTS).where(_STUDENTS.c.id == bindparam("student"))
                    names: dict[str, Any] = {"last_name": bindparam("last"), "first_name": bindparam("first")}
                    connection.execute(change.values(names), list(map(_name_row, rows)))
                    mailed = [{"student": row.student, "address": row.email} for row in rows if row.email]
                    if mailed:
                        connection.execute(change.values(email=bindparam("address")), mailed)
            finally:
                gradebook.close()
    except (OSError, SQLAlchemyError) as error:
        cause = str(error).partition("\n")[0]
        raise CourseError(
            f"Students' names cannot be entered into the gradebook {course.db_url}: {cause}. What was collected is"
            " kept. If another program is writing to the gradebook, close that and run again."
        ) from error


def read_names(course: Course) -> Mapping[str, str]:
    """Return the names that the gradebook knows, by student; none if there is no gradebook that can be read."""
    url = make_url(course.db_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return {}
    engine = create_engine(course.db_url)
    try:
        with engine.connect() as connection:
            rows = connection.execute(select(_STUDENTS.c.id, _STUDENTS.c.last_name, _STUDENTS.c.first_name)).all()
    except SQLAlchemyError:
        return {}
    finally:
        engine.dispose()
    named = {student: ", ".join(filter(None, (last, first))) for student, last, first in rows}
    return {student: name for student, name in named.items() if name}


def _name_row(row: Entered) -> dict[str, str]:
    """Return a name in nbgrader's two parts; one that is not in two is the last name."""
    last, _, first = row.name.partition(", ")
    return {"student": row.student, "last": last.strip(), "first": first.strip()}
