"""What nbgrader's own commands take along of a submission: two small files beside its notebook, and never by a link.

nbgrader copies whatever lies beside a notebook into ``autograded/`` and from there into ``feedback/``, which students
get back; it follows links, waits for pipes, and has no setting for either. So three of its functions are replaced.
What ``coursekit grade`` leaves in ``autograded/`` and what nbgrader leaves there is the same.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory

from coursekit.grading.submission import parse_time, read_short_text

__all__ = ["follow_no_links"]

#: What nbgrader itself needs beside a notebook: it compares times, and hands feedback back by the secret.
_NOTES = ("timestamp.txt", "submission_secret.txt")
#: The student that stands for the instructor's own files.
_NOBODY = "."
_copy_own_files = BaseConverter.init_assignment


def follow_no_links() -> None:
    """Have nbgrader's commands take from a submission what can be trusted to be a file, and nothing else."""
    BaseConverter.init_assignment = _copy_notes
    CourseDirectory.get_existing_timestamp = _existing_timestamp
    NbGraderAPI.get_submitted_timestamp = _submitted_timestamp


def _copy_notes(converter: Any, assignment_id: str, student_id: str) -> None:
    """Copy the notes beside a submission; beside the instructor's own notebooks, all files, as nbgrader does."""
    if student_id == _NOBODY:
        _copy_own_files(converter, assignment_id, student_id)
        return
    source = Path(converter._format_source(assignment_id, student_id))
    dest = Path(converter._format_dest(assignment_id, student_id))
    dest.mkdir(parents=True, exist_ok=True)
    linked = source.is_symlink() or source.parent.is_symlink()
    for name in _NOTES:
        # Behind a link is another student's secret.
        text = "" if linked and name != _NOTES[0] else read_short_text(source / name)
        (dest / name).unlink(missing_ok=True)
        if text:
            (dest / name).write_text(text, encoding="utf-8")


def _existing_timestamp(directory: Any, dest_path: str) -> datetime | None:
    """Read when a submission was handed in; None where nothing says so that can be read."""
    text = read_short_text(Path(dest_path) / _NOTES[0])
    try:
        return parse_time(text) if text else None
    except ValueError:
        directory.log.warning(
            "%s is no time, and was passed over.",
            str(Path(dest_path) / _NOTES[0]).encode("ascii", "backslashreplace").decode(),
        )
        return None


def _submitted_timestamp(api: Any, assignment_id: str, student_id: str) -> datetime | None:
    """Read when a submission was handed in, for formgrader."""
    directory = api.coursedir
    return _existing_timestamp(
        directory, directory.format_path(directory.submitted_directory, student_id, assignment_id)
    )
