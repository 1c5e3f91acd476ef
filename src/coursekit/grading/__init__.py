"""Grading: a course folder, its submissions, the gradebook, and the engine that fills it.

An ``nbgrader_config.py`` needs :func:`configure`; the command line needs :func:`grade`. The names are imported when
they are first used, because they need nbgrader, which comes with the ``grade`` extra.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.extras import on_first_use

if TYPE_CHECKING:
    from coursekit.grading.configuration import configure
    from coursekit.grading.course import Course
    from coursekit.grading.engine import GradedClass, grade
    from coursekit.grading.record import CheckRecord, ExerciseRecord, Record

__all__ = ["CheckRecord", "Course", "ExerciseRecord", "GradedClass", "Record", "configure", "grade"]

_MODULES = {
    "CheckRecord": "record",
    "Course": "course",
    "ExerciseRecord": "record",
    "GradedClass": "engine",
    "Record": "record",
    "configure": "configuration",
    "grade": "engine",
}

__getattr__ = on_first_use(__name__, _MODULES, purpose="Grading")
