"""The page that shows an instructor how a class did in a lab.

It stands on what grading has written: the records in the graded notebooks, and the gradebook. Nothing is run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coursekit.errors import CourseError

if TYPE_CHECKING:
    from coursekit.report.page import write_report

__all__ = ["write_report"]


def __getattr__(name: str) -> Any:
    if name != "write_report":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from coursekit.report.page import write_report
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package == "coursekit":
            raise
        raise CourseError(
            f"A report needs the package {package!r}, which is not installed here. It comes with the grade extra:"
            " pip install 'coursekit[grade]'."
        ) from error
    return write_report
