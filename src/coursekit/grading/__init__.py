"""Grading: a course folder, its submissions, the gradebook, and the engine that fills it.

An ``nbgrader_config.py`` needs :func:`configure`; the command line needs :func:`grade`. The names are imported when
they are first used, because they need nbgrader, which comes with the ``grade`` extra.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.extras import on_first_use

if TYPE_CHECKING:
    from coursekit.grading.configuration import configure as configure
    from coursekit.grading.course import Course as Course
    from coursekit.grading.engine import GradedClass as GradedClass
    from coursekit.grading.engine import grade as grade
    from coursekit.grading.record import CheckRecord as CheckRecord
    from coursekit.grading.record import ExerciseRecord as ExerciseRecord
    from coursekit.grading.record import Record as Record

__getattr__, __all__ = on_first_use(
    __name__,
    {
        "configuration": "configure",
        "course": "Course",
        "engine": "GradedClass grade",
        "record": "CheckRecord ExerciseRecord Record",
    },
    purpose="Grading",
)
