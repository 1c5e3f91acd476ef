"""What a course's ``nbgrader_config.py`` sets, so that nbgrader's own commands grade as ``coursekit grade`` does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["COURSE_ID", "QUIET", "configure"]

#: The course's name in nbgrader's exchange.
COURSE_ID = "coursekit"
#: For a kernel that should log errors only.
QUIET = "--IPKernelApp.log_level=40"

_REBUILD = "coursekit.grading.preprocessors.RebuildSubmission"
_EXECUTE = "coursekit.grading.preprocessors.ExecuteSubmission"
_PAGE = "coursekit.feedback.exporter.FeedbackExporter"
_CLEANING = "coursekit.grading.cleaning.CleanSubmission"
_EXPORT = "coursekit.grading.export.SpreadsheetExport"


def configure(c: Any, config_file: str | Path) -> None:
    """Set up nbgrader for a course.

    The course's folder is the one that holds the configuration file, wherever it is copied to; hidden checks are
    found in its folder ``hidden``. A file may change any setting after this call.

    Args:
        c: The object that ``get_config()`` returns in an ``nbgrader_config.py``.
        config_file: The path of that file: ``__file__``.
    """
    from coursekit.authoring import configure as configure_release
    from coursekit.grading.autograding import take_over
    from coursekit.grading.cleaning import FILTERS
    from coursekit.grading.intake import follow_no_links

    follow_no_links()
    folder = Path(config_file).resolve().parent
    configure_release(c)
    take_over()
    c.CourseDirectory.course_id = COURSE_ID
    c.CourseDirectory.root = str(folder)
    c.GradingStep.course = str(folder)
    # For `nbgrader validate`, which runs kernels: they warn of every start on a local port.
    c.Execute.extra_arguments = [QUIET]
    c.Autograde.sanitize_preprocessors = [_REBUILD, "nbgrader.preprocessors.CheckCellMetadata"]
    c.Autograde.autograde_preprocessors = _preprocessors_with_our_execution()
    c.ExportApp.plugin_class = _EXPORT
    # The page that students get.
    c.FeedbackExporter.course = str(folder)
    c.GenerateFeedback.exporter_class = _PAGE
    c.GenerateFeedback.preprocessors = []
    # Formgrader's page for grading by hand, which shows students' work to others.
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.filters = dict(FILTERS)
    c.HTMLExporter.preprocessors = [_CLEANING]


def _preprocessors_with_our_execution() -> list[str]:
    """Return nbgrader's own list of preprocessors, by their names, with its execution replaced by ours."""
    from nbgrader.converters import Autograde
    from nbgrader.preprocessors import Execute

    preprocessors: list[type] = Autograde.autograde_preprocessors.default()
    # Names, not classes: formgrader writes its configuration out as JSON.
    return [_EXECUTE if p is Execute else f"{p.__module__}.{p.__qualname__}" for p in preprocessors]
