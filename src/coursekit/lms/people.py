"""Who is who: ids in a learning management system, and in the course."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

__all__ = ["Person", "Upload", "bare", "course_id", "is_named", "normalised", "plain_id"]

#: nbgrader's gradebook has room for 128 characters, a file system for 255 bytes.
_MAX_ID_BYTES = 120
#: Words in whatever language, such as Drive's "Copy of" and "Kopie von" or Windows's " - Copy", and numbers.
_ADDED_BEFORE = r"(?:(?:[^\W\d_]+ ){1,3})?"
_ADDED_BEHIND = r"(?: [-–] [^\W\d_]{2,20}| copy| kopie)?(?:[ _-]*\(?\d+\)?)?"
_NOT_IN_IDS = re.compile(r"[^\w.@+-]+")


@dataclass(frozen=True)
class Upload:
    """What a file's path in a download says.

    Attributes:
        number: The system's id for the student or the group, or what a pattern calls the student.
        name: The name of the student or the group, as far as the system gives it.
        file: The file's path within what was handed in; empty for a folder that holds nothing.
        late: Whether the system marks it as late.
        file_number: The system's number of the file, higher for newer ones; 0 where there is none.
        handed_in: When it was handed in, in UTC; None where the path does not say.
        numbers: Digits that stand before the name, and are not known to be the student's alone.
    """

    number: str
    name: str
    file: str
    late: bool = False
    file_number: int = 0
    handed_in: datetime | None = None
    numbers: str = ""

    @property
    def key(self) -> str:
        """What tells this student or group from all others in the download."""
        return self.number or self.name


@dataclass(frozen=True)
class Person:
    """A row of a table of people, such as a system's table of grades.

    Attributes:
        row: The row's index in the table.
        number: The system's id for the person: Canvas's ID, Moodle's participant number.
        name: The person's name.
        ids: The person's other ids, the one that a course would use first: logins, e-mail addresses.
        points: The highest possible score by the system's account; None if it does not say.
        closed: Why the grade in this row is not to be changed; empty where it may be.
        late: Whether the system marks the submission as late.
        handed_in: When the submission was handed in, in UTC; None where the table does not say.
        group: The group that the person belongs to; empty where the table does not say.
        invented: Whether it is nobody, such as the student that Canvas invents for a teacher's trials.
    """

    row: int
    number: str
    name: str
    ids: tuple[str, ...] = ()
    points: float | None = None
    closed: str = ""
    late: bool = False
    handed_in: datetime | None = None
    group: str = ""
    invented: bool = False

    @property
    def course_id(self) -> str:
        """What the course calls the person; empty where no id is known."""
        return next(filter(None, map(course_id, self.ids)), "")


def course_id(text: str) -> str:
    """Make an id that can be a folder's name on every system, and needs no quotes in a shell.

    Letters and digits of any script and ``. _ - @ +`` stay; anything else between them becomes one hyphen. A text
    without any of these gives an empty id.
    """
    text = _NOT_IN_IDS.sub("-", unicodedata.normalize("NFC", text)).strip("-.")
    return text.encode("utf-8")[:_MAX_ID_BYTES].decode("utf-8", "ignore")


def plain_id(text: str) -> str:
    """Return an id without what spreadsheet programs, and people who mind them, have put around it.

    A decimal point and zeros where the id was taken for a number; ``#``, ``'`` or ``="…"`` so that it is not.
    """
    text = re.sub(r'^="([^"]*)"$', r"\1", text.strip()).lstrip("#'")
    return re.sub(r"^(\d+)[.,]0+$", r"\1", text)


def normalised(text: str) -> str:
    """Return an id in the form in which ids are compared: lower case, composed accents (NFC), no spaces around it."""
    return unicodedata.normalize("NFC", text).strip().casefold()


def bare(name: str) -> str:
    """Return a name in the form in which names are compared: letters and digits alone, without accents, lower case.

    Canvas names files so, but for the accents, https://github.com/instructure/canvas-lms (``lib/content_zipper.rb``).
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", name).casefold()))


def is_named(file: str, lab: str) -> bool:
    """Tell whether a file bears a lab's name, whatever a system has added to it, such as -1, (1) or "Copy of"."""
    stem = PurePosixPath(file).name.partition(".ipynb")[0]
    return re.fullmatch(rf"{_ADDED_BEFORE}{re.escape(lab)}{_ADDED_BEHIND}", stem, re.IGNORECASE) is not None
