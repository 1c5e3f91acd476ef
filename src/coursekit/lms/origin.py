"""Where what was collected came from: kept beside it, so that grade and feedback can be sent back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from coursekit.files import replace_file
from coursekit.grading.submission import read_short_text

__all__ = ["FILE", "Origin", "read_origin"]

#: The name of the file; it stands beside the notebook and nbgrader's timestamp.txt.
FILE = "lms.json"
#: A student who hands in folders could bring any file of that name.
MAX_BYTES = 10_000


@dataclass(frozen=True)
class Origin:
    """Where what a student handed in came from.

    Attributes:
        lms: The system's name, such as ``"canvas"``.
        number: Its id for the student.
        name: The student's name, as it gave it.
        file: The name in the download of the file that was taken for the notebook, or of the first one; empty if
            there was none.
        late: Whether it was marked as late.
        order: Higher for what was handed in later: Canvas's number of the file, or when a file was last changed.
        sha256: The digest of what was handed in; empty if that is nothing.
        handed_in: When it was handed in, as timestamp.txt has it; empty where that is not known.
        group: The name of the group that handed it in; empty if it was the student alone.
        sender: The system's id for whoever handed it in: for a group, its representative or the group itself.
    """

    lms: str
    number: str
    name: str
    file: str
    late: bool
    order: int
    sha256: str
    handed_in: str = ""
    group: str = ""
    sender: str = ""

    def write(self, folder: Path) -> None:
        """Write the origin into a submission's folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"
        replace_file(folder / FILE, text.encode("utf-8", "surrogatepass"))

    def is_older_than(self, other: Origin) -> bool:
        """Tell whether this was handed in before another of the same student."""
        if self.handed_in and other.handed_in:
            return datetime.fromisoformat(self.handed_in[:26]) < datetime.fromisoformat(other.handed_in[:26])
        return self.order < other.order


def read_origin(folder: Path) -> Origin | None:
    """Read the origin in a submission's folder; None if there is none that can be used."""
    try:
        data = json.loads(read_short_text(folder / FILE, MAX_BYTES))
        known = {field.name for field in fields(Origin)}
        origin = Origin(**{name: value for name, value in data.items() if name in known})
        typed = all(type(getattr(origin, field.name)).__name__ == field.type for field in fields(Origin))
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return origin if typed else None
