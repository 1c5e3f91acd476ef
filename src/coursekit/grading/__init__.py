"""Grading: a course folder, its submissions, the gradebook, and the engine that fills it.

An ``nbgrader_config.py`` needs :func:`configure`; the command line needs :func:`grade`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit.grading.configuration import configure
    from coursekit.grading.course import Course
    from coursekit.grading.engine import Grading, grade
    from coursekit.grading.record import CheckRecord, ExerciseRecord, Record

__all__ = ["CheckRecord", "Course", "ExerciseRecord", "Grading", "Record", "configure", "grade"]

_MODULES = {
    "configure": "configuration",
    "Course": "course",
    "Grading": "engine",
    "grade": "engine",
    "CheckRecord": "record",
    "ExerciseRecord": "record",
    "Record": "record",
}


def __getattr__(name: str) -> Any:
    """Import the module that holds a public name when the name is first used: nbgrader is slow to import."""
    import importlib

    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
