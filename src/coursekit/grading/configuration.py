"""What a course's ``nbgrader_config.py`` sets, so that nbgrader's own commands grade as ``coursekit grade`` does."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from coursekit.checking.lab import HIDDEN_VARIABLE

__all__ = ["CELL_TIMEOUT_S", "configure"]

#: Seconds that one cell may run while a submission is graded.
CELL_TIMEOUT_S = 60


def configure(c: Any, config_file: str | Path) -> None:
    """Set up nbgrader for a course.

    The course's folder is the one that holds the configuration file, wherever it is copied to; hidden checks are
    found in its folder ``hidden``. A file may change any setting after this call.

    Args:
        c: The object that ``get_config()`` returns in an ``nbgrader_config.py``.
        config_file: The path of that file: ``__file__``.
    """
    from coursekit.authoring import configure as configure_release
    from coursekit.grading.execution import Execute

    folder = Path(config_file).resolve().parent
    os.environ[HIDDEN_VARIABLE] = str(folder / "hidden")
    configure_release(c)
    c.CourseDirectory.course_id = "coursekit"
    c.CourseDirectory.root = str(folder)
    c.Execute.timeout = CELL_TIMEOUT_S
    c.OverwriteCells.add_missing_cells = True
    c.Autograde.autograde_preprocessors = _with_our_execution(Execute)


def _with_our_execution(execute: type) -> list[type]:
    """Return nbgrader's own list of steps with its execution replaced by ours."""
    from nbgrader.converters.autograde import Autograde
    from nbgrader.preprocessors import Execute as NbgraderExecute

    steps: list[type] = Autograde.autograde_preprocessors.default()
    return [execute if step is NbgraderExecute else step for step in steps]
