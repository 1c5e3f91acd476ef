"""Where a collected notebook came from: kept beside it, so that its grade can be sent back."""

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
    """Where a collected notebook came from.

    Attributes:
        lms: ``"canvas"`` or ``"moodle"``.
        number: Its id for the student.
        name: The student's name, as it gave it.
        file: The file's name in the download.
        late: Whether it was marked as late.
        order: Higher for what was handed in later: Canvas's number of the file, the time when Moodle's was packed.
        sha256: The digest of the notebook.
        handed_in: When it was handed in, as timestamp.txt has it; empty where that is not known.
        replaces: The digest of the notebook that it replaced; empty if there was none.
    """

    lms: str
    number: str
    name: str
    file: str
    late: bool
    order: int
    sha256: str
    handed_in: str = ""
    replaces: str = ""

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
        origin = Origin(**data)
        typed = all(type(getattr(origin, field.name)).__name__ == field.type for field in fields(Origin))
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return origin if typed else None
