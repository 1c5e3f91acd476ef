"""Who is who: what a learning management system calls somebody, and what the course does."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

__all__ = ["Person", "Upload", "course_id", "normalised"]

#: nbgrader's gradebook has room for 128 characters, a file system for 255 bytes.
_MAX_ID_BYTES = 120
_NOT_IN_IDS = re.compile(r"[^\w.@+-]+")


@dataclass(frozen=True)
class Upload:
    """What the name of a file in a download says of it.

    Attributes:
        number: What the system calls the student by.
        name: The student's name, as far as the system gives it.
        file: The file's name, as the student gave it.
        late: Whether the system marks it as late.
        file_number: The system's number of the file, higher for newer ones; 0 where there is none.
    """

    number: str
    name: str
    file: str
    late: bool = False
    file_number: int = 0


@dataclass(frozen=True)
class Person:
    """A row of a system's table of grades.

    Attributes:
        row: The row's index in the table.
        number: What the system calls the person by: Canvas's ID, Moodle's participant number.
        name: The person's name.
        ids: What else tells the person from others, what a course would use first: logins, e-mail addresses.
        points: What the system says can be had at most; None where it does not say.
        closed: Why the grade in this row is not to be changed; empty where it may be.
        late: Whether the system marks the submission as late.
        handed_in: When the submission was handed in, in UTC; None where the table does not say.
    """

    row: int
    number: str
    name: str
    ids: tuple[str, ...] = ()
    points: float | None = None
    closed: str = ""
    late: bool = False
    handed_in: datetime | None = None


def course_id(text: str) -> str:
    """Make an id that is a folder's name everywhere, and needs no quotes in a shell.

    Letters and digits of any script and ``. _ - @ +`` stay; anything else between them becomes one hyphen. Text that
    has nothing of these gives an empty id.
    """
    text = _NOT_IN_IDS.sub("-", unicodedata.normalize("NFC", text)).strip("-.")
    return text.encode("utf-8")[:_MAX_ID_BYTES].decode("utf-8", "ignore")


def normalised(text: str) -> str:
    """Return what is equal for two writings of one id: case, spaces around it and the form of its accents aside."""
    return unicodedata.normalize("NFC", text).strip().casefold()
