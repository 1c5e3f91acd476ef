"""What a course's ``nbgrader_config.py`` sets, so that nbgrader's own commands grade as ``coursekit grade`` does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["CELL_TIMEOUT_S", "COURSE_ID", "QUIET", "SUBMISSION_TIMEOUT_S", "configure"]

#: What nbgrader's exchange knows the course by.
COURSE_ID = "coursekit"
#: Seconds that one cell may run while a submission is graded.
CELL_TIMEOUT_S = 60
#: Seconds after which no further cell of a submission is begun.
SUBMISSION_TIMEOUT_S = 600
#: Arguments for a kernel that should log errors only: it warns of every start on a local port.
QUIET = ("--IPKernelApp.log_level=40",)

_EXECUTION = "coursekit.grading.execution.ExecuteSubmission"


def configure(c: Any, config_file: str | Path) -> None:
    """Set up nbgrader for a course.

    The course's folder is the one that holds the configuration file, wherever it is copied to; hidden checks are
    found in its folder ``hidden``. A file may change any setting after this call.

    Args:
        c: The object that ``get_config()`` returns in an ``nbgrader_config.py``.
        config_file: The path of that file: ``__file__``.
    """
    from coursekit.authoring import configure as configure_release

    folder = Path(config_file).resolve().parent
    configure_release(c)
    c.CourseDirectory.course_id = COURSE_ID
    c.CourseDirectory.root = str(folder)
    c.Execute.timeout = CELL_TIMEOUT_S
    c.Execute.extra_arguments = list(QUIET)
    c.ExecuteSubmission.hidden = str(folder / "hidden")
    c.OverwriteCells.add_missing_cells = True
    c.Autograde.autograde_preprocessors = _steps_with_our_execution()


def _steps_with_our_execution() -> list[str]:
    """Return nbgrader's own list of steps, by their names, with its execution replaced by ours."""
    from nbgrader.converters import Autograde
    from nbgrader.preprocessors import Execute

    steps: list[type] = Autograde.autograde_preprocessors.default()
    # Names, not classes: formgrader writes its configuration out as JSON.
    return [_EXECUTION if step is Execute else f"{step.__module__}.{step.__qualname__}" for step in steps]
