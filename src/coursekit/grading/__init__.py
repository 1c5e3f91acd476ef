"""Grading: a course folder, its submissions, the gradebook, and the engine that fills it.

An ``nbgrader_config.py`` needs :func:`configure`; the command line needs :func:`grade`. The names are imported when
they are first used, because they need nbgrader, which comes with the ``grade`` extra.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from coursekit.errors import CourseError

if TYPE_CHECKING:
    from coursekit.grading.configuration import configure
    from coursekit.grading.course import Course
    from coursekit.grading.engine import Grading, grade
    from coursekit.grading.record import CheckRecord, ExerciseRecord, Record

__all__ = ["CheckRecord", "Course", "ExerciseRecord", "Grading", "Record", "configure", "grade"]

_MODULES = {
    "CheckRecord": "record",
    "Course": "course",
    "ExerciseRecord": "record",
    "Grading": "engine",
    "Record": "record",
    "configure": "configuration",
    "grade": "engine",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package == "coursekit":
            raise
        raise CourseError(
            f"Grading needs the package {package!r}, which is not installed here. It comes with the grade extra:"
            " pip install 'coursekit[grade]'."
        ) from error
