"""Writing files so that none is ever half written."""

from __future__ import annotations

import os
from pathlib import Path

from coursekit.errors import CourseError

__all__ = ["replace_file"]


def replace_file(path: Path, data: bytes) -> None:
    """Write a file in one step, and the folders above it where there are none.

    Raises:
        CourseError: The system refuses.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_bytes(data)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise CourseError(f"Cannot write {path}: {error.strerror}.") from error
