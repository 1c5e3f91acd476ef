"""Writing what is built."""

from __future__ import annotations

from pathlib import Path

from coursekit import files
from coursekit.errors import CourseError

__all__ = ["replace_file"]


def replace_file(path: Path, data: bytes) -> None:
    """Write a file in one step, and the folders above it where there are none.

    Raises:
        CourseError: The system refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.replace_file(path, data)
    except OSError as error:
        raise CourseError(f"Cannot write {path}: {error.strerror}.") from error
