"""nbconvert's exporter for ``nbgrader generate_feedback``: it writes the page that ``coursekit feedback`` writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import List, Unicode

from coursekit.feedback.page import render
from coursekit.grading.course import Course
from coursekit.grading.grades import read_grades

__all__ = ["FeedbackExporter"]


class FeedbackExporter(Exporter):  # type: ignore[misc] # nbconvert has no types
    """Makes a student's page of a graded notebook and the gradebook."""

    output_mimetype = "text/html"
    # The page does all that has to be done.
    default_preprocessors = List([])

    course = Unicode(help="The course folder, with nbgrader_config.py.").tag(config=True)

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """Return the page, and the resources as nbconvert's writer needs them.

        Args:
            nb: The graded notebook.
            resources: Whose it is, as nbgrader tells it.
            **kw: What nbconvert's exporters take besides.
        """
        _, resources = super().from_notebook_node(nb, resources, **kw)
        lab, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
        grades = read_grades(Course(Path(self.course)), lab, student=student)
        (grade,) = grades.students
        return render(nb, grade, lab=lab, max_score=grades.max_score), resources
